"""Tables of a Word or Excel file as rows of text, each cell with its place; hostile files are refused."""

from __future__ import annotations

import datetime
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import iterparse

from par_engine.annex.numbering import numbers
from par_engine.annex.word import Texts, inside, signs, tag
from par_engine.base.extras import needs
from par_engine.base.problems import fail
from par_engine.files.documents import read_bytes, sha256
from par_engine.files.kinds import called
from par_engine.files.ooxml import bounded, literal, unescaped
from par_engine.files.xlsx_reading import quiet, readable

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 20_000
_STRICT = b"http://purl.oclc.org/ooxml/"
_DTD = (b"<!DOCTYPE", b"<\0!\0D\0O\0C\0T", b"\0<\0!\0D\0O\0C\0T", b"<!ENTITY")


@dataclass(frozen=True)
class Cell:
    """The text of a cell, NFC, and where it is: `Sheet1!B7` or `table 2, row 3, column 2`."""

    text: str
    at: str


Row = tuple[Cell, ...]
Kind = Literal["struck", "hidden", "deleted", "mark", "row", "sheet"]

_Piece = tuple[str, bool, bool]  # text, whether it is struck out, whether it is raised


@dataclass(frozen=True)
class Left:
    """Text that the file holds and does not show as valid: struck out, hidden, deleted, or the mark of a note."""

    at: str
    kind: Kind
    text: str


@dataclass(frozen=True)
class Annex:
    """A document's tables in order; merged cells have their text in the first of their places.

    `names` are those of the sheets, or "1", "2" for tables of a Word file; `left` is what is in no cell's text.
    """

    name: str
    sha256: str
    tables: tuple[tuple[Row, ...], ...]
    names: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


def read_annex(path: Path) -> Annex:
    """The tables of a `.docx` or `.xlsx` file; DocumentError when it is none, too large, encrypted or hostile."""
    data = read_bytes(path)
    label, kind = path.name, path.suffix.lower()
    if kind not in (".docx", ".xlsx"):
        if kind == ".pdf":
            fail("annex-kind", label)
        fail("annex-kind.read", label, kind=called(kind))
    if data[:4] == b"\xd0\xcf\x11\xe0":
        fail("encrypted.read-annex", label)
    _inspect(data, label)
    left: list[Left] = []
    with readable(label, "annex"), quiet():  # the generators are read to their ends within
        found = tuple(_sheets(data, label, left) if kind == ".xlsx" else _tables(data, label, left))
    return Annex(label, sha256(data), tuple(rows for _, rows in found), tuple(name for name, _ in found), tuple(left))


def _inspect(data: bytes, label: str) -> None:
    """Refuse what unpacks to too much, and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            bounded(parts, label)
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                fail("macro", label)
            for part in parts:
                if "media/" not in part.filename:
                    with archive.open(part) as file:
                        content = file.read(part.file_size + 1)
                    if _STRICT in content[:4000]:
                        _strict(label)
                    if any(mark in content for mark in _DTD):
                        fail("hostile", label, filename=part.filename)
                    if content.count(b"<w:tr>") + content.count(b"<w:tr ") > MAX_ROWS:
                        _too_many(label)  # before a tree of them fills the memory
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        fail("annex", label)


def _strict(label: str) -> None:
    """Refuse by name what no library here reads: its tables would come out empty."""
    word = label.lower().endswith(".docx")
    form = "Word Document (*.docx)" if word else "Excel Workbook (*.xlsx)"
    fail("strict", label, form=form)


def _clean(value: str) -> str:
    text = (
        signs(unicodedata.normalize("NFC", value))
        .replace("\u2011", "-")
        .replace("\u00ad", "")
        .replace("\r", "\n")
        .replace("\u00a0", " ")
        .replace("\v", "\n")
    )
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())[:MAX_CELL]


def _too_many(label: str) -> None:
    fail("too-large.too-many", label, max_rows=MAX_ROWS)


def _sheets(data: bytes, label: str, left: list[Left]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    try:
        import openpyxl
    except ImportError:
        _missing(label)
    from openpyxl.utils import get_column_letter

    book = openpyxl.load_workbook(
        io.BytesIO(literal(data)), read_only=True, data_only=True, keep_links=False, rich_text=True
    )
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                left.append(Left(sheet.title, "sheet", sheet.title))
                continue
            sheet.reset_dimensions()
            hidden, pieces = _looks(sheet)
            rows: list[Row] = []
            for r, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
                if all(c.value is None for c in cells):
                    continue  # a format on the last row of a sheet makes a million of them
                if len(rows) >= MAX_ROWS:
                    _too_many(label)
                places = [f"{sheet.title}!{get_column_letter(i)}{r}" for i in range(1, len(cells) + 1)]
                row = tuple(
                    Cell(_value(c, at, left, pieces.get((r, i))), at)
                    for i, (c, at) in enumerate(zip(cells, places, strict=True), 1)
                )
                while row and not row[-1].text:
                    row = row[:-1]
                if not row:
                    continue
                if r in hidden:
                    left.append(Left(row[0].at, "row", " | ".join(cell.text for cell in row if cell.text)))
                    continue
                rows.append(row)
            yield sheet.title, tuple(rows)
    finally:
        book.close()


def _looks(sheet: Any) -> tuple[set[int], dict[tuple[int, int], list[_Piece]]]:
    """What the library does not say of a sheet that it reads row by row: hidden rows, and texts in pieces within cells.

    Texts in pieces that stand in the shared strings it gives; those that stand in their cells it joins.
    """
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    hidden: set[int] = set()
    pieces: dict[tuple[int, int], list[_Piece]] = {}
    at = 0
    with sheet._get_source() as source:
        for _, row in iterparse(source):  # noqa: S314  (`_inspect` has refused what declares entities)
            if not row.tag.endswith("}row"):
                continue
            at = int(row.get("r") or at + 1)
            if row.get("hidden") in ("1", "true"):
                hidden.add(at)
            space = row.tag[:-3]
            for n, cell in enumerate(row, start=1):
                runs = cell.findall(f"{space}is/{space}r")
                if runs:
                    place = cell.get("r")
                    column = column_index_from_string(coordinate_from_string(place)[0]) if place else n
                    pieces[at, column] = [_piece(run, space) for run in runs]
            row.clear()
    return hidden, pieces


def _piece(run: Any, space: str) -> _Piece:
    struck, raised = run.find(f"{space}rPr/{space}strike"), run.find(f"{space}rPr/{space}vertAlign")
    return (
        "".join(t.text or "" for t in run.findall(f"{space}t")),
        struck is not None and struck.get("val", "1") not in ("0", "false"),
        raised is not None and raised.get("val") == "superscript",
    )


def _value(cell: Any, at: str, left: list[Left], within: list[_Piece] | None) -> str:
    """What the cell shows: a number with the decimals of its format, so that 1.10 stays a code."""
    value = cell.value
    if value is None:
        return ""
    if getattr(cell.font, "strike", False):
        text = _clean(unescaped(str(value)))
        if text:
            left.append(Left(at, "struck", text))
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, (int, float)):
        shown = str(cell.number_format or "")
        if "%" in shown:
            return f"{float(value) * 100:g}%"
        decimals = shown.split(".")[1].count("0") if shown.replace("0", "").replace("#", "") == "." else None
        return f"{value:.{decimals}f}" if decimals else format(Decimal(f"{value:.12g}"), "f")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if within is None and not isinstance(value, str):  # text in pieces, each with its own look
        within = [_of(piece) for piece in value]
    return _clean(unescaped(str(value) if within is None else _joined(within, at, left)))


def _of(piece: Any) -> _Piece:
    font = getattr(piece, "font", None)
    text = str(getattr(piece, "text", piece))
    return text, bool(font and font.strike), bool(font and font.vertAlign == "superscript")


def _joined(pieces: list[_Piece], at: str, left: list[Left]) -> str:
    """The text of pieces without what is struck out and without marks of notes."""
    out = ""
    for text, struck, raised in pieces:
        if struck:
            left.append(Left(at, "struck", _clean(unescaped(text))))
        elif raised and out.strip() and not _metres(out, text):
            left.append(Left(at, "mark", _clean(unescaped(text))))
        else:
            out += text
    return out


def _metres(before: str, text: str) -> bool:
    return before.endswith("m") and text.strip() in ("2", "3")


def _tables(data: bytes, label: str, left: list[Left]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    try:
        import docx
    except ImportError:
        _missing(label)
    count = 0
    document = docx.Document(io.BytesIO(data))
    texts = Texts(document, numbers(document))
    for t, table in enumerate(inside(document.element.body, "tbl"), start=1):
        rows: list[Row] = []
        for r, tr in enumerate(inside(table, "tr"), start=1):
            count += 1
            if count > MAX_ROWS:
                _too_many(label)
            place = f"bảng {t}, dòng {r}, cột"
            cells: list[str] = [""] * min(tr.grid_before, MAX_COLUMNS)
            found: list[Left] = []
            for tc in inside(tr, "tc"):
                if len(cells) >= MAX_COLUMNS:
                    break
                at = f"{place} {len(cells) + 1}"

                def say(kind: Any, text: str, at: str = at, found: list[Left] = found) -> None:
                    if shown := _clean(text):
                        found.append(Left(at, kind, shown))

                text = "" if tc.vMerge == "continue" else _clean(texts.of(tc, say))
                cells += [text, *([""] * (min(tc.grid_span, MAX_COLUMNS) - 1))]
            row = tuple(Cell(text, f"{place} {i}") for i, text in enumerate(cells, 1))
            if tr.trPr is not None and any(tag(mark) == "del" for mark in tr.trPr):
                said = [text for text in (*(cell.text for cell in row), *(part.text for part in found)) if text]
                left.append(Left(f"bảng {t}, dòng {r}", "deleted", " | ".join(said)))
                continue
            left += found
            if any(cell.text for cell in row):
                rows.append(row)
        yield str(t), tuple(rows)


def _missing(label: str) -> None:
    needs(label, "annex")
