"""Tables of a Word or Excel file as rows of text, each cell with its place; hostile files are refused."""

from __future__ import annotations

import datetime
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from par_engine.documents import fail, read_bytes, sha256
from par_engine.foreign import quiet, readable
from par_engine.packages import bounded

AUTOMATIC = "số tự động"
"""What stands for a number that Word makes itself: nobody can read it from the text."""
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 20_000
_DTD = (b"<!DOCTYPE", b"<\0!\0D\0O\0C\0T", b"\0<\0!\0D\0O\0C\0T", b"<!ENTITY")


@dataclass(frozen=True)
class Cell:
    """The text of a cell, NFC, and where it is: `Sheet1!B7` or `table 2, row 3, column 2`."""

    text: str
    at: str


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Annex:
    """A document's tables in order; merged cells have their text in the first of their places."""

    name: str
    sha256: str
    tables: tuple[tuple[Row, ...], ...]


def read_annex(path: Path) -> Annex:
    """The tables of a `.docx` or `.xlsx` file; DocumentError when it is none, too large, encrypted or hostile."""
    data = read_bytes(path)
    label, kind = path.name, path.suffix.lower()
    if kind not in (".docx", ".xlsx"):
        hint, hint_vi = "save it as .docx or .xlsx", "hãy lưu thành .docx hoặc .xlsx"
        what, vi = f"{kind or 'a file without ending'} is not read", f"không đọc {kind or 'tệp không có đuôi'}"
        fail(label, "annex-kind", what, hint, vi, hint_vi)
    if data[:4] == b"\xd0\xcf\x11\xe0":
        what, vi = "the file is encrypted or of an old format", "tệp bị khóa mật khẩu hoặc là định dạng cũ"
        hint, hint_vi = "save it again as .docx or .xlsx, without a password", "hãy lưu lại, không đặt mật khẩu"
        fail(label, "encrypted", what, hint, vi, hint_vi)
    _inspect(data, label)
    with readable(label, "annex"), quiet():  # the generators are read to their ends within
        tables = tuple(_sheets(data, label) if kind == ".xlsx" else _tables(data, label))
    return Annex(label, sha256(data), tables)


def _inspect(data: bytes, label: str) -> None:
    """Refuse what unpacks to too much, and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            bounded(parts, label)
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                hint, hint_vi = "save it as .docx or .xlsx", "hãy lưu thành .docx hoặc .xlsx"
                fail(label, "macro", "the file has macros", hint, "tệp có macro", hint_vi)
            for part in parts:
                if "media/" not in part.filename:
                    with archive.open(part) as file:
                        content = file.read(part.file_size + 1)
                    if any(mark in content for mark in _DTD):
                        what, vi = f"{part.filename} declares entities", f"{part.filename} khai báo thực thể XML"
                        fail(label, "hostile", what, "save it again in an office program", vi, "hãy lưu lại tệp")
                    if content.count(b"<w:tr>") + content.count(b"<w:tr ") > MAX_ROWS:
                        _too_many(label)  # before a tree of them fills the memory
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        what, vi = "the file is damaged, or no .docx or .xlsx", "tệp hỏng, hoặc không phải .docx, .xlsx"
        fail(label, "annex", what, "open it and save it again", vi, "hãy mở ra và lưu lại")


def _clean(value: str) -> str:
    text = unicodedata.normalize("NFC", value).replace("\r", "\n").replace("\u00a0", " ").replace("\v", "\n")
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())[:MAX_CELL]


def _too_many(label: str) -> None:
    what, vi = f"more than {MAX_ROWS:,} rows", f"có hơn {MAX_ROWS:,} dòng"
    fail(label, "too-large", what, "an annex has some hundred", vi, "phụ lục chỉ có vài trăm dòng")


def _sheets(data: bytes, label: str) -> Iterator[tuple[Row, ...]]:
    try:
        import openpyxl
    except ImportError:
        _missing(label)
    from openpyxl.utils import get_column_letter

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            rows: list[Row] = []
            for r, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
                if all(c.value is None for c in cells):
                    continue  # a format on the last row of a sheet makes a million of them
                if len(rows) >= MAX_ROWS:
                    _too_many(label)
                row = tuple(Cell(_value(c), f"{sheet.title}!{get_column_letter(i)}{r}") for i, c in enumerate(cells, 1))
                if any(cell.text for cell in row):
                    rows.append(row)
            yield tuple(rows)
    finally:
        book.close()


def _value(cell: Any) -> str:
    """What the cell shows: a number with the decimals of its format, so that 1.10 stays a code."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, (int, float)):
        shown = str(cell.number_format or "")
        if "%" in shown:
            return f"{float(value) * 100:g}%"
        decimals = shown.split(".")[1].count("0") if shown.replace("0", "").replace("#", "") == "." else None
        return f"{value:.{decimals}f}" if decimals else f"{value:.12g}"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return _clean(str(value))


def _tables(data: bytes, label: str) -> Iterator[tuple[Row, ...]]:
    try:
        import docx
    except ImportError:
        _missing(label)
    count = 0
    document = docx.Document(io.BytesIO(data))
    for t, table in enumerate(_inside(document.element.body, "tbl"), start=1):
        rows: list[Row] = []
        for r, tr in enumerate(_inside(table, "tr"), start=1):
            count += 1
            if count > MAX_ROWS:
                _too_many(label)
            cells: list[str] = [""] * min(tr.grid_before, MAX_COLUMNS)
            for tc in _inside(tr, "tc"):
                if len(cells) >= MAX_COLUMNS:
                    break
                text = "" if tc.vMerge == "continue" else _clean(_text(tc))
                if not text and not cells and tc.vMerge != "continue" and _numbered(tc, document):
                    text = AUTOMATIC
                cells += [text, *([""] * (min(tc.grid_span, MAX_COLUMNS) - 1))]
            place = f"bảng {t}, dòng {r}, cột"
            row = tuple(Cell(text, f"{place} {i}") for i, text in enumerate(cells, 1))
            if any(cell.text for cell in row):
                rows.append(row)
        yield tuple(rows)


_WRAPS = ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
_HIDDEN = ("del", "moveFrom", "pPr", "rPr", "tcPr", "tblPr", "instrText", "Fallback")


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """The parts of a body, table or row, also within content controls and accepted changes."""
    for child in parent:
        if _tag(child) == name:
            yield child
        elif _tag(child) in _WRAPS:
            yield from _inside(child, name)


def _text(element: Any) -> str:
    """What a cell shows: text put in under tracking too, text struck out not; a table within as its rows."""
    out: list[str] = []
    for child in element:
        tag = _tag(child)
        if tag == "t":
            out.append(child.text or "")
        elif tag in ("br", "cr"):
            out.append("\n")
        elif tag == "tab":
            out.append(" ")
        elif tag == "noBreakHyphen":
            out.append("-")
        elif tag == "tr":
            out.append(": ".join(_clean(_text(tc)) for tc in _inside(child, "tc")) + "\n")
        elif tag == "den":  # of a fraction in an equation
            out.append("/" + _text(child))
        elif tag not in _HIDDEN:
            out.append(_text(child) + ("\n" if tag == "p" else ""))
    return "".join(out)


def _numbered(tc: Any, document: Any) -> bool:
    """Whether Word itself numbers an empty cell, so that the number is in no text."""
    for p in _inside(tc, "p"):
        style = document.styles.element.get_by_id(p.style) if p.style else None
        if any(e is not None and e.pPr is not None and e.pPr.numPr is not None for e in (p, style)):
            return True
    return False


def _missing(label: str) -> None:
    hint = 'pip install "par-engine[annex]"'
    fail(label, "extra", "annexes need the extra `annex`", hint, "cần cài thêm phần annex", hint)
