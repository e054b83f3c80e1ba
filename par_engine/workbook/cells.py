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

from par_engine.documents import fail
from par_engine.errors import quote
from par_engine.facts import Refused
from par_engine.foreign import quiet, readable
from par_engine.packages import literal, unescaped
from par_engine.workbook.plan import letters

MAX_ROWS = 20_000
MAX_COLUMNS = 200
_LONG = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+[0-9]+:[A-Z]+[0-9]+)["']""")


@dataclass(frozen=True)
class Cell:
    """A cell's value and type (openpyxl's letter), whether it shows a percent, and its place: `Lĩnh vực 1!E12`."""

    value: Any
    sheet: str
    row: int
    column: int
    kind: str = "n"
    percent: bool = False

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
    """One sheet as rows of cells, and what is merged on it."""

    rows: list[list[Cell]]
    merged: tuple[Merged, ...] = ()


def grid(data: bytes, label: str) -> dict[str, Grid]:
    """All sheets by name. Raises DocumentError for what is no workbook or has too many rows."""
    try:
        import openpyxl
    except ImportError:
        hint = 'pip install "par-engine[workbook]"'
        fail(label, "needs-extra", "workbooks need the extra `workbook`", hint, "cần cài thêm phần workbook", hint)
    with readable(label, "damaged"), quiet():
        data = literal(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            sheets: list[Any] = list(book.worksheets)
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                return {
                    sheet.title: Grid(_rows(sheet, label), _merged(parts.read(sheet._worksheet_path)))
                    for sheet in sheets
                }
        finally:
            book.close()


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
            what, vi = f"more than {MAX_ROWS:,} rows", f"có hơn {MAX_ROWS:,} dòng"
            hint, hint_vi = "remove the empty rows below", "xóa các dòng thừa ở cuối trang tính"
            fail(label, "too-large", what, hint, vi, hint_vi, sheet.title)
        last = max((c for c, cell in enumerate(cells) if cell.value is not None), default=-1)
        out.append([_cell(sheet.title, r, c, cell) for c, cell in enumerate(cells[: last + 1])])
    return out


def _cell(sheet: str, row: int, column: int, cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell(None, sheet, row, column)
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", unescaped(value))
    shown = str(getattr(cell, "number_format", "") or "")
    return Cell(value, sheet, row, column, str(cell.data_type), "%" in shown)


def refused_cell(cell: Cell) -> None:
    """Raise for a formula or an error value: what it shows was computed elsewhere and is not evidence."""
    if cell.kind == "f":
        shown = quote(str(cell.value))
        hint, hint_vi = "paste its value (Paste Special → Values)", "dán giá trị (Dán đặc biệt → Giá trị)"
        raise Refused("formula", f"{shown} is a formula", hint, f"{shown} là công thức", hint_vi)
    if cell.kind == "e":
        shown = quote(str(cell.value))
        raise Refused("error-value", f"{shown} is an error", "type the value", f"{shown} là lỗi", "nhập giá trị")


def number_of(cell: Cell) -> int | Decimal | str | bool:
    """A typed number with the 15 digits that Excel keeps and shows; a text only where it has more digits than that."""
    value = cell.value
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        shown = quote(value.isoformat() if not isinstance(value, datetime.timedelta) else str(value))
        hint, hint_vi = "format the cell as a number and type it again", "định dạng lại ô là số rồi nhập lại"
        raise Refused("date", f"{shown} is a date, not a number", hint, f"{shown} là ngày, không phải số", hint_vi)
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
        what, vi = f"the cell shows {shown} %, its value is {value}", f"ô đang ở dạng phần trăm ({shown} %)"
        hint, hint_vi = (
            f"format it as a number and type {shown}",
            f"định dạng lại là số rồi nhập {shown.replace('.', ',')}",
        )
        raise Refused("percent-format", what, hint, vi, hint_vi)
    if isinstance(value, float):
        exact = Decimal(format(value, ".15g"))
        return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**18 else exact
    return value  # type: ignore[no-any-return]


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
