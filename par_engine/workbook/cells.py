"""Cells of an Excel file as they were typed; formulas, errors, dates and texts are refused where a number belongs."""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from par_engine.base.extras import needs
from par_engine.base.problems import fail, quote
from par_engine.evidence.value_parsing import NO, YES, Refused
from par_engine.files.ooxml import literal, unescaped
from par_engine.files.xlsx_reading import quiet, readable
from par_engine.workbook.layout import letters

MAX_ROWS = 20_000
MAX_COLUMNS = 200
_LONG = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_STRICT = b"http://purl.oclc.org/ooxml/"
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]', re.DOTALL)
"""What a number format shows as it is, or leaves room for."""
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""\b(r|min|max|hidden)=["']([^"']*)["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+[0-9]+:[A-Z]+[0-9]+)["']""")


@dataclass(frozen=True)
class Cell:
    """A cell's value, type (openpyxl's letter) and place (`Lĩnh vực 1!E12`); if it shows a percent, is struck."""

    value: Any
    sheet: str
    row: int
    column: int
    kind: str = "n"
    percent: bool = False
    struck: bool = False

    @property
    def at(self) -> str:
        """Sheet and cell."""
        return f"{self.sheet}!{letters(self.column)}{self.row + 1}"

    @property
    def empty(self) -> bool:
        """Whether nothing is typed in it."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True)
class Merged:
    """Cells that were made one, counted from 0, both ends included; only the first of them holds a value."""

    range: str
    rows: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """One sheet as rows of cells, what is merged on it, and what is out of sight: itself, rows, columns (from 0)."""

    rows: list[list[Cell]]
    merged: tuple[Merged, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def grid(data: bytes, label: str) -> dict[str, Grid]:
    """All sheets by name. Raises DocumentError for what is no workbook or has too many rows."""
    try:
        import openpyxl
    except ImportError:
        needs(label, "workbook")
    with readable(label, "damaged"), quiet():
        _refuse_strict(data, label)
        data = literal(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            sheets: list[Any] = list(book.worksheets)
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                return {sheet.title: _grid(sheet, parts.read(sheet._worksheet_path), label) for sheet in sheets}
        finally:
            book.close()


def _refuse_strict(data: bytes, label: str) -> None:
    """Refuse the form that Excel calls Strict: openpyxl finds no sheet in it, and nobody would know why."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if any(_STRICT in parts.read(name) for name in parts.namelist() if name.lower().endswith("workbook.xml")):
            fail("strict.refuse-strict", label)


def _grid(sheet: Any, part: bytes, label: str) -> Grid:
    last, rows, columns = 0, set(), set()
    for match in _ROW.finditer(part):
        said = dict(_ATTRIBUTE.findall(match[1]))
        last = int(said.get(b"r", last + 1))
        if said.get(b"hidden") in (b"1", b"true"):
            rows.add(last - 1)
    for match in _COLUMN.finditer(part):
        said = dict(_ATTRIBUTE.findall(match[1]))
        if said.get(b"hidden") in (b"1", b"true"):
            columns |= set(range(int(said[b"min"]) - 1, min(int(said[b"max"]), MAX_COLUMNS)))
    hidden = sheet.sheet_state != "visible"
    return Grid(_rows(sheet, label), _merged(part), hidden, frozenset(rows), frozenset(columns))


def _merged(part: bytes) -> tuple[Merged, ...]:
    from openpyxl.utils.cell import range_boundaries

    found = []
    for text in dict.fromkeys(match.decode("ascii") for match in _MERGED.findall(part)):
        left, top, right, bottom = (int(x or 1) - 1 for x in range_boundaries(text))
        found.append(Merged(text, (top, bottom), (left, right)))
    return tuple(found)


def _rows(sheet: Any, label: str) -> list[list[Cell]]:
    sheet.reset_dimensions()
    out: list[list[Cell]] = []
    for r, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS)):
        if r >= MAX_ROWS:
            fail("too-large.rows-2", label, sheet.title, max_rows=MAX_ROWS)
        last = max((c for c, cell in enumerate(cells) if cell.value is not None), default=-1)
        out.append([_cell(sheet.title, r, c, cell) for c, cell in enumerate(cells[: last + 1])])
    return out


def _cell(sheet: str, row: int, column: int, cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell(None, sheet, row, column)
    if cell.data_type == "f" and not isinstance(value, str):  # openpyxl's objects for formulas of several cells
        value = getattr(value, "text", None) or f"=TABLE({value.r1 or ''},{value.r2 or ''})"
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", unescaped(value))
    percent = "%" in _LITERAL.sub("", str(getattr(cell, "number_format", "") or ""))
    return Cell(value, sheet, row, column, str(cell.data_type), percent, bool(cell.font and cell.font.strike))


def refused_cell(cell: Cell) -> None:
    """Raise for what is no evidence: a formula, an error value, and what somebody has struck out."""
    if cell.struck and not cell.empty:
        shown = quote(str(cell.value))
        hint, hint_vi = "clear the cell, or take the line away", "xóa nội dung ô, hoặc bỏ gạch ngang"
        raise Refused("struck", f"{shown} is struck out", hint, f"{shown} bị gạch ngang", hint_vi)
    if cell.kind == "f":
        shown = quote(str(cell.value))
        hint, hint_vi = "paste its value (Paste Special → Values)", "dán giá trị (Dán đặc biệt → Giá trị)"
        raise Refused("formula", f"{shown} is a formula", hint, f"{shown} là công thức", hint_vi)
    if cell.kind == "e":
        shown = quote(str(cell.value))
        raise Refused("error-value", f"{shown} is an error", "type the value", f"{shown} là lỗi", "nhập giá trị")


def _moment(value: datetime.date | datetime.time | datetime.timedelta, form: str) -> str:
    """A day, a time or both, as people read them."""
    if isinstance(value, datetime.datetime):
        clock = "" if value.time() == datetime.time() else f" {value.time().isoformat('minutes')}"
        return value.strftime(form) + clock
    return value.strftime(form) if isinstance(value, datetime.date) else str(value)


def number_of(cell: Cell) -> int | Decimal | str | bool:
    """A typed number with the 15 digits that Excel keeps and shows; a text only where it has more digits than that."""
    value = cell.value
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        shown, shown_vi = (quote(_moment(value, form)) for form in ("%Y-%m-%d", "%d/%m/%Y"))
        hint, hint_vi = "format the cell as a number and type it again", "định dạng lại ô là số rồi nhập lại"
        raise Refused("date", f"{shown} is a date, not a number", hint, f"{shown_vi} là ngày, không phải số", hint_vi)
    if isinstance(value, str):
        digits = value.strip()
        if _LONG.fullmatch(digits) and len(digits.strip("-").replace(".", "").strip("0")) > 15:
            return digits
        hint, hint_vi = "type it as a number, without blanks or units", "nhập dạng số, không kèm chữ hay khoảng trắng"
        what, vi = f"{quote(value)} is a text, not a number", f"{quote(value)} là chữ, không phải số"
        raise Refused("text-number", what, hint, vi, hint_vi)
    if cell.percent:
        shown = format(Decimal(format(value, ".15g")) * 100, "f")
        shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
        shown_vi = shown.replace(".", ",")
        what, vi = f"the cell shows {shown} %, its value is {value}", f"ô đang ở dạng phần trăm ({shown_vi} %)"
        hint, hint_vi = (
            f"format it as a number and type {shown}",
            f"định dạng lại là số rồi nhập {shown_vi}",
        )
        raise Refused("percent-format", what, hint, vi, hint_vi)
    if isinstance(value, float):
        exact = Decimal(format(value, ".15g"))
        return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**18 else exact
    return value  # type: ignore[no-any-return]


def day_of(cell: Cell) -> str:
    """A day as year-month-day, whatever its format; a number is none, for nobody sees which day it stands for."""
    refused_cell(cell)
    if isinstance(cell.value, datetime.datetime):
        return cell.value.date().isoformat()
    if isinstance(cell.value, (bool, int, float, datetime.time, datetime.timedelta)):
        shown = quote(text_of(cell))
        hint, hint_vi = "type it as 31/12/2000", "nhập ngày/tháng/năm, ví dụ 31/12/2000"
        raise Refused("date", f"{shown} is no day", hint, f"{shown} không phải là ngày", hint_vi)
    return text_of(cell)


def yes_no(cell: Cell) -> bool | str:
    """What answers yes or no, as evidence takes it; Excel's own TRUE and FALSE, and the numbers 1 and 0, too."""
    refused_cell(cell)
    if isinstance(cell.value, bool):
        return cell.value
    word = choice(cell)
    if word.casefold() in YES | NO:
        return word
    what, vi = f"{quote(word)} is neither yes nor no", f"{quote(word)} không phải là có hoặc không"
    raise Refused("not-a-boolean", what, 'choose "có" (yes) or "không" (no)', vi, "chọn có hoặc không")


def choice(cell: Cell) -> str:
    """What was chosen, as a text."""
    return " ".join(text_of(cell).split())


def text_of(cell: Cell) -> str:
    """A text, or a number or date as one writes it."""
    refused_cell(cell)
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f")
    return str(value).strip()
