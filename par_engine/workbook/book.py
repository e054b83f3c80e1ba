"""An open workbook: its formats, its texts, its heads, protection and page, the same for every sheet."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from par_engine.base.extras import needs
from par_engine.base.problems import fail
from par_engine.files.ooxml import EPOCH, escaped
from par_engine.files.row_heights import row_height
from par_engine.workbook import words
from par_engine.workbook.aggregate_formulas import inner_row, stream_row, total_row
from par_engine.workbook.layout import FIRST, Plan, letters
from par_engine.workbook.leaf_formulas import Made, leaf_row
from par_engine.workbook.prefill import Filled
from par_engine.workbook.results import Result, results
from par_engine.workbook.words import AT, COLUMNS

SIZE = 11
"""Points of the letters."""
UNCOMPUTED, BLANK = "par:uncomputed", "par:blank"
"""Stand in the cells of formulas until the file is packed: for no result at all, and for the empty text."""


class Book:
    """The open workbook, its formats, and what is typed into it."""

    def __init__(self, plan: Plan, fingerprint: str, filled: Filled) -> None:
        try:
            import xlsxwriter
        except ImportError:
            needs("par template", "workbook")
        self.plan, self.fingerprint, self.filled = plan, fingerprint, filled
        self.out = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self.out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties(
            {"title": plan.scheme.document.title.vi[:250], "author": "par-engine", "created": EPOCH}
        )
        self.book.set_calc_mode("auto")
        self.lists: dict[str, str] = {}
        self.nth: dict[str, int] = {}
        seen: Counter[str] = Counter()
        for sheet in plan.sheets:
            for row in sheet.rows:
                self.nth[row.key] = seen[row.code]
                seen[row.code] += 1
        self.made = _made(plan)
        self.results: Mapping[str, Result] = results(plan, filled, self.made)
        self._formats: dict[tuple[Any, ...], Any] = {}

    def formula(
        self, out: Any, row: int, column: int, text: str, form: Any = None, shows: str | float | None = None
    ) -> None:
        """A formula, with what it shows before any program computes it; hidden ones hold no result."""
        value = UNCOMPUTED if shows is None else BLANK if shows == "" else shows
        out.write_formula(row, column, f"={text}", form, value)

    def format(self, **more: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            base = {"font_name": "Times New Roman", "font_size": SIZE, "valign": "top", "text_wrap": True}
            self._formats[key] = self.book.add_format(base | more)
        return self._formats[key]

    def cell(self, kind: str, depth: int = 9, **more: Any) -> Any:
        """The format of a cell of the table: an item by its depth, a fact, or a cell to type into."""
        shade = {0: {"bg_color": "#BDD7EE", "bold": True}, 1: {"bg_color": "#DDEBF7", "bold": True}}.get(depth, {})
        if kind == "input":
            shade = {"bg_color": "#FFF2CC", "locked": False}
        elif kind == "item" and depth > 1:
            shade = {"bg_color": "#F2F2F2"}
        elif kind == "points":
            shade = {"bg_color": "#F2F2F2", **shade, "bold": True, "align": "right"}
        elif kind == "result":
            shade = {"bg_color": "#F2F2F2", **shade, "bold": False, "align": "left", "indent": 1}
        return self.format(border=1, border_color="#A6A6A6", **{**shade, **more})


def _made(plan: Plan) -> Mapping[str, Made]:
    """The formulas of every row of an item, a stream and the total, by key."""
    out: dict[str, Made] = {}
    for sheet in plan.sheets:
        for row in sheet.rows:
            if row.kind == "item":
                leaf = plan.scheme.items[row.code].rule is not None
                out[row.key] = (leaf_row if leaf else inner_row)(plan, row.code, sheet.name)
    if not plan.owner:
        out |= total_row(plan)
        out |= {f"stream:{s.id}": stream_row(plan, i) for i, s in enumerate(plan.scheme.document.streams)}
    return out


def role_of(role: str | None) -> str:
    """What a role adds to a title."""
    return {"bonus": " (điểm thưởng)", "penalty": " (điểm trừ)", "check": " (điều kiện)"}.get(role or "", "")


def heads(
    book: Book,
    sheet: Any,
    title: str,
    columns: Sequence[tuple[str, str, int]] = COLUMNS,
    at: Mapping[str, int] = AT,
) -> None:
    """The hidden names of the columns, the title, and the heads of those that are shown."""
    for name, column in at.items():
        sheet.write_string(0, column, f"{words.MARK}{name}")
    sheet.set_row(0, None, None, {"hidden": True})
    # within the columns that are frozen and stand on every page, so that no long title is cut
    shown = {at[name]: width for name, _, width in columns}
    sheet.merge_range(1, 1, 1, 2, escaped(title), book.format(bold=True, font_size=14))
    sheet.set_row(1, row_height([(title, shown[1] + shown[2])], 14, bold=True) or 22)
    sheet.set_row(2, row_height(((text, width) for _, text, width in columns if width), SIZE, bold=True) or 20)
    for name, text, width in columns:
        hidden = name == "key" or (name == "stated" and not book.plan.stated)
        sheet.set_column(at[name], at[name], width or None, None, {"hidden": hidden})
        if text:
            sheet.write_string(2, at[name], text, head_format(book))
    sheet.write_string(2, at["key"], words.HEAD)
    sheet.set_column(len(columns), len(at) - 1, None, None, {"hidden": True})


def head_format(book: Book) -> Any:
    """The format of a head."""
    return book.format(bold=True, border=1, bg_color="#1F4E79", font_color="#FFFFFF", align="center", valign="vcenter")


def put(book: Book, out: Any, row: int, column: str, text: str, kind: str, *, depth: int = 9, **more: Any) -> None:
    """A text that stays a text, whatever it begins with."""
    form = book.cell(kind, depth, **more)
    if text:
        put_text(out, row, AT[column], text, form)
    else:
        out.write_blank(row, AT[column], None, form)


def put_text(out: Any, row: int, column: int, text: str, form: Any) -> None:
    """A text of any kind, or a blank cell; one longer than a cell holds is refused."""
    if not text:
        out.write_blank(row, column, None, form)
    elif out.write_string(row, column, escaped(text), form) != 0:
        at = f"{out.get_name()}!{letters(column)}{row + 1}"
        fail("too-long.put-text", "par template", at)


def height(out: Any, row: int, texts: Mapping[str, str], *, heavy: str = "", indent: int = 0) -> None:
    """Make a row as high as its texts need, by column; one may be in bold, and the title may stand further in."""
    found = (
        row_height(
            [(text, words.WIDTHS[column])],
            SIZE,
            bold=column == heavy,
            indent={"title": indent, "result": 1}.get(column, 0),
        )
        for column, text in texts.items()
    )
    if (most := max((points for points in found if points is not None), default=None)) is not None:
        out.set_row(row, most)


def finish(out: Any, last: int, rows: int, freeze: tuple[int, int] | None = (FIRST, 3)) -> None:
    """Protection, frozen heads and the page: A4 landscape, one page wide, heads on every page."""
    out.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True})
    if freeze:
        out.freeze_panes(*freeze)
        out.repeat_rows(2, 2)
    out.set_landscape()
    out.set_paper(9)
    out.fit_to_pages(1, 0)
    out.set_margins(0.4, 0.4, 0.6, 0.6)
    out.print_area(1, 1, rows, last)
    out.set_footer("&L&A&RTrang &P/&N")
    out.hide_gridlines(2)


def decimals(digits: int) -> str:
    """The number format of points; the mark asks for Vietnamese signs, a decimal comma, wherever a program heeds it."""
    return "[$-42A]0." + "0" * min(digits, 2) + "#" * (digits - 2) if digits else "0"


def comma(text: str) -> str:
    """A number as Vietnamese writes it."""
    return text.replace(".", ",")
