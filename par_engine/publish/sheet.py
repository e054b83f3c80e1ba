"""Sheets of a workbook: texts that stay texts, numbers, and formulas that carry the value they will compute."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from par_engine.base.extras import needs
from par_engine.files.ooxml import EPOCH, escaped, stable
from par_engine.files.row_heights import row_height
from par_engine.publish.texts import safe

Cell = str | int | Decimal | Fraction | None
_LONGEST = 32000  # a cell holds no more
_SIZE, _INDENT = 12, 1  # points of the letters, and blanks beside the border of a cell
_ON_ONE_PAGE = 16  # columns
_UPRIGHT = 140  # the width of all columns that an upright page holds in letters of 9 points or more
_HEAD = 24.0  # points


class Book:
    """A workbook under way; `bytes()` ends it. `locale` stands before number formats, for programs that heed it."""

    def __init__(self, title: str, locale: str = "") -> None:
        try:
            import xlsxwriter
        except ImportError:
            needs("xlsx", "report")

        self._out = io.BytesIO()
        off = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
        self._book: Any = xlsxwriter.Workbook(self._out, off)
        self._book.set_properties({"title": title, "author": "par-engine", "created": EPOCH})
        self._book.set_calc_mode("auto")
        self._formats: dict[str, Any] = {}
        self.locale = locale

    def bytes(self) -> bytes:
        """The finished workbook, the same bytes on every run."""
        self._book.close()
        return stable(self._out.getvalue())

    def sheet(self, name: str, lines: Sequence[str], widths: Sequence[float]) -> Sheet:
        """A new sheet that opens with some lines of text."""
        sheet = Sheet(self, self._book.add_worksheet(name), name, widths)
        for i, line in enumerate(lines):
            sheet.raw.set_row(i, 24 if i == 0 else 18)
            sheet.text(i, 0, line, "title" if i == 0 else "note")
        sheet.next = len(lines) + 1
        return sheet

    def format(self, *names: str) -> Any:
        """A format by the names of its traits."""
        key = "+".join(sorted(names))
        if key not in self._formats:
            traits: dict[str, Any] = {"font_name": "Times New Roman", "font_size": _SIZE, "valign": "vcenter"}
            for name in names:
                traits |= _TRAITS[name] if name in _TRAITS else {"num_format": self.locale + name.removeprefix("as:")}
            self._formats[key] = self._book.add_format(traits)
        return self._formats[key]


_TRAITS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#0F3A5F"},
    "note": {"italic": True, "font_color": "#5F3000"},
    "head": {
        "bold": True,
        "bg_color": "#0F3A5F",
        "font_color": "#FFFFFF",
        "border": 1,
        "text_wrap": True,
        "align": "center",
    },
    "cell": {"border": 1, "border_color": "#C9D4DE", "text_wrap": True},
    "bold": {"bold": True, "bg_color": "#EAF2F9"},
    "warn": {"font_color": "#8A4600", "italic": True},
    "inset": {"align": "left", "indent": _INDENT},
    "centre": {"align": "center"},
    "right": {"align": "right"},
}


class Sheet:
    """One sheet; `next` is the first free row."""

    def __init__(self, book: Book, raw: Any, name: str, widths: Sequence[float]) -> None:
        self.book, self.raw, self.name, self.next, self.widths = book, raw, name, 0, tuple(widths)
        for j, width in enumerate(widths):
            raw.set_column(j, j, width)
        raw.hide_gridlines(2)
        if sum(widths) > _UPRIGHT:
            raw.set_landscape()
        raw.set_paper(9)
        raw.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)  # inches
        if len(widths) <= _ON_ONE_PAGE:
            raw.fit_to_pages(1, 0)
        else:  # pages beside one another, the first two columns on each
            raw.set_print_scale(55)
            raw.repeat_columns(0, 1)
        raw.set_footer("&C&P / &N")

    def head(self, cells: Sequence[str], *, freeze: int = 2, filter_: bool = False, rows: int = 0) -> int:
        """The head of a table; it is repeated on every printed page. The number of its row."""
        row = self.next
        height = row_height(zip(cells, self.widths, strict=False), _SIZE, bold=True)
        self.raw.set_row(row, max(_HEAD, (height or 0) + 4))
        for j, text in enumerate(cells):
            self.text(row, j, text, "head")
        self.raw.freeze_panes(row + 1, freeze)
        self.raw.repeat_rows(row)
        if filter_ and rows:
            self.raw.autofilter(row, 0, row + rows, len(cells) - 1)
        self.next = row + 1
        return row

    def text(self, row: int, column: int, value: str, *traits: str) -> None:
        """A text, whatever it begins with; in a cell it keeps off the number beside it."""
        set_in = not traits or ("cell" in traits and not {"centre", "right"} & set(traits))
        traits = (*(traits or ("cell",)), *(("inset",) if set_in else ()))
        self.raw.write_string(row, column, escaped(safe(value)[:_LONGEST]), self.book.format(*traits))

    def put(self, row: int, column: int, value: Cell, *traits: str) -> None:
        """A value: text, number or nothing."""
        names = traits or ("cell",)
        if value is None:
            self.raw.write_blank(row, column, None, self.book.format(*names))
        elif isinstance(value, str):
            self.text(row, column, value, *names)
        else:
            plain = () if any(name.startswith("as:") for name in names) else ("as:General",)
            self.raw.write_number(row, column, float(value), self.book.format(*names, *plain))

    def formula(self, row: int, column: int, formula: str, value: Cell, *traits: str) -> None:
        """A formula with the engine's value, which is shown until a program computes it again."""
        shown = "" if value is None else value if isinstance(value, (str, int)) else float(value)
        self.raw.write_formula(row, column, formula, self.book.format(*(traits or ("cell",))), shown)

    def row(self, cells: Sequence[Cell], *traits: str) -> int:
        """A row of values in the next free line; its number."""
        row = self.next
        texts = ((value, width) for value, width in zip(cells, self.widths, strict=False) if isinstance(value, str))
        if (height := row_height(texts, _SIZE, bold="bold" in traits, indent=_INDENT)) is not None:
            self.raw.set_row(row, height)
        for j, value in enumerate(cells):
            self.put(row, j, value, *(traits or ("cell",)))
        self.next = row + 1
        return row


def at(row: int, column: int, *, sheet: str = "", fixed: bool = False) -> str:
    """The address of a cell: `at(0, 1)` is B1.

    >>> at(4, 27), at(0, 0, sheet="Mục", fixed=True)
    ('AB5', "'Mục'!$A$1")
    """
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    mark = "$" if fixed else ""
    place = f"'{sheet}'!" if sheet else ""
    return f"{place}{mark}{letters}{mark}{row + 1}"
