"""Tables of a Word or Excel file as rows of text, each cell with its place; hostile files are refused."""

from __future__ import annotations

import datetime
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from par_engine.documents import fail, read_bytes, sha256

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 20_000
_MAX_OPEN = 200 * 2**20
_MAX_PARTS = 5_000
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
        fail(label, "annex-kind", f"{kind or 'a file without ending'} is not read", hint, f"không đọc {kind}", hint_vi)
    if data[:4] == b"\xd0\xcf\x11\xe0":
        what, vi = "the file is encrypted or of an old format", "tệp bị khóa mật khẩu hoặc là định dạng cũ"
        hint, hint_vi = "save it again as .docx or .xlsx, without a password", "hãy lưu lại, không đặt mật khẩu"
        fail(label, "encrypted", what, hint, vi, hint_vi)
    _inspect(data, label)
    try:
        tables = tuple(_sheets(data, label) if kind == ".xlsx" else _tables(data, label))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, LookupError, SyntaxError, OSError) as error:
        if hasattr(error, "problems"):
            raise
        what = f"the file cannot be read: {type(error).__name__}: {str(error)[:200]}"
        fail(label, "annex", what, "open it and save it again", "không đọc được tệp", "hãy mở ra và lưu lại")
    except zipfile.BadZipFile:
        fail(label, "annex", "the file is cut off", "send it again", "tệp bị cắt cụt", "hãy gửi lại tệp")
    return Annex(label, sha256(data), tables)


def _inspect(data: bytes, label: str) -> None:
    """Refuse what unpacks to too much, and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if len(parts) > _MAX_PARTS or total > _MAX_OPEN:
                what, vi = f"it unpacks to {total:,} bytes in {len(parts)} parts", "tệp giải nén quá lớn"
                fail(label, "too-large", what, "this is no annex", vi, "đây không phải phụ lục")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        content = file.read(part.file_size + 1)
                    if any(mark in content[:100_000] for mark in _DTD):
                        what, vi = f"{part.filename} declares entities", f"{part.filename} khai báo thực thể XML"
                        fail(label, "hostile", what, "save it again in an office program", vi, "hãy lưu lại tệp")
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib_error()):
        what, vi = "the file is damaged, or no .docx or .xlsx", "tệp hỏng, hoặc không phải .docx, .xlsx"
        fail(label, "annex", what, "open it and save it again", vi, "hãy mở ra và lưu lại")


def zlib_error() -> type[Exception]:
    import zlib

    return zlib.error


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
                if r > MAX_ROWS:
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
    for t, table in enumerate(docx.Document(io.BytesIO(data)).tables, start=1):
        rows: list[Row] = []
        for r, tr in enumerate(table._tbl.tr_lst, start=1):
            count += 1
            if count > MAX_ROWS:
                _too_many(label)
            cells: list[str] = [""] * min(tr.grid_before, MAX_COLUMNS)
            for tc in tr.tc_lst:
                if len(cells) >= MAX_COLUMNS:
                    break
                text = "" if tc.vMerge == "continue" else _clean("\n".join(p.text for p in _paragraphs(tc, table)))
                cells += [text, *([""] * (min(tc.grid_span, MAX_COLUMNS) - 1))]
            place = f"bảng {t}, dòng {r}, cột"
            row = tuple(Cell(text, f"{place} {i}") for i, text in enumerate(cells, 1))
            if any(cell.text for cell in row):
                rows.append(row)
        yield tuple(rows)


def _paragraphs(tc: Any, table: Any) -> list[Any]:
    from docx.table import _Cell

    return list(_Cell(tc, table).paragraphs)


def _missing(label: str) -> None:
    hint = 'pip install "par-engine[annex]"'
    fail(label, "extra", "annexes need the extra `annex`", hint, "cần cài thêm phần annex", hint)
