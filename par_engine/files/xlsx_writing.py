"""Plain tables as a workbook: text stays text, and the bytes are the same on every run."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from par_engine.base.extras import needs
from par_engine.files.ooxml import EPOCH, escaped, stable
from par_engine.files.row_heights import row_height

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Cell = str | int | float | Decimal | None
"""A Decimal is a number that shows as many decimals as it has, a float one that shows two."""
_CENTS = Decimal("0.00")
_MOST = 32_767  # characters of a cell
_SIZE, _INDENT = 12, 1  # points of the letters, and blanks before a text, so that it does not touch a number beside it


_CHART_WIDTH, _CHART_ROW, _CHART_REST, _ROW = 900, 30, 120, 20  # pixels


@dataclass(frozen=True)
class Chart:
    """Horizontal bars of columns of a sheet, by the names in another; `errors` is a column of half lengths."""

    title: str
    names: int
    values: Sequence[int]
    colours: Sequence[str]
    first: int
    rows: int
    """Which rows of the sheet's body."""
    named: int = -1
    """The row of the body that names the columns, where it is not the header."""
    errors: int | None = None
    most: int | None = None
    """Where the axis ends."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: titles above, a header, rows, and the width of each column."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    titles: Sequence[str] = ()
    bold: frozenset[int] = field(default_factory=frozenset)
    """The rows that are totals."""
    lists: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """What may be chosen in a column: words, or a reference (`=Groups!$A$2:$A$5`) where words hold commas."""
    texts: frozenset[int] = field(default_factory=frozenset)
    """The columns whose cells are text whatever is typed there, so that a number keeps its zeros."""
    charts: Sequence[Chart] = ()
    filtered: bool = False
    """Whether the heads have filters."""


def safe(text: str) -> str:
    """Text that XML can hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def opened() -> tuple[Any, io.BytesIO]:
    """A new workbook and where its bytes go. Raises ImportError when XlsxWriter is not installed.

    It writes all workbooks: what another writer makes depends on whether a third package, lxml, is installed beside it.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"author": "par-engine", "created": EPOCH})
    return book, out


def styles(book: Any) -> Callable[..., Any]:
    """What makes the formats of a workbook from their traits, each once."""
    made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(**traits: Any) -> Any:
        key = tuple(sorted(traits.items()))
        if key not in made:
            made[key] = book.add_format({"font_name": "Times New Roman", "valign": "top", **traits})
        return made[key]

    return style


def high(
    page: Any, row: int, cells: Iterable[tuple[str, float]], size: float, *, bold: bool = False, indent: int = 0
) -> None:
    """Make a row as high as its texts need in columns of these widths."""
    if (height := row_height(cells, size, bold=bold, indent=indent)) is not None:
        page.set_row(row, height)


def wide(page: Any, head: int, widths: Sequence[float]) -> None:
    """The widths of the columns, the head of a table (its row) kept in sight and on each page, A4, one page wide."""
    for j, width in enumerate(widths):
        page.set_column(j, j, width)
    page.freeze_panes(head + 1, 0)
    page.repeat_rows(head)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def xlsx(sheets: Sequence[Sheet], extra: str, *, plain: bool = False) -> bytes:
    """A workbook; text stays text, whatever it begins with. `plain` is for forms that programs read.

    Raises ParError when XlsxWriter is not installed; `extra` is the extra of the engine that has it.
    """
    try:
        book, out = opened()
    except ImportError:
        needs("xlsx", extra)
    look = {"font_name": "Times New Roman", "font_size": _SIZE, "valign": "top", "text_wrap": True}
    title = book.add_format({**look, "bold": True, "align": "center"})
    head = book.add_format({**look, "bold": True, "border": 1, "align": "center", "bg_color": "#E8EEF5"})
    number, totalled = book.add_format({**look, "border": 1}), book.add_format({**look, "border": 1, "bold": True})
    worded = {**look, "border": 1, "align": "left", "indent": _INDENT}
    text, total = book.add_format(worded), book.add_format({**worded, "bold": True})
    as_text = book.add_format({**worded, "num_format": "@"})
    made: dict[tuple[int, bool], Any] = {}
    taken: set[str] = set()

    def decimals(cell: Decimal, bold: bool) -> Any:
        digits = max(0, -int(cell.as_tuple().exponent))
        if (digits, bold) not in made:
            shown = "0" + "." * (digits > 0) + "0" * digits
            made[digits, bold] = book.add_format({**look, "border": 1, "bold": bold, "num_format": shown})
        return made[digits, bold]

    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.name, taken))
        top = 0
        for line in sheet.titles:
            page.merge_range(top, 0, top, max(1, len(sheet.heads) - 1), escaped(safe(line)[:_MOST]), title)
            high(page, top, [(line, sum(sheet.widths) or 1)], _SIZE, bold=True)
            top += 1
        top += 1 if sheet.titles else 0
        for j, width in enumerate(sheet.widths):
            page.set_column(j, j, width)
        for j, word in enumerate(sheet.heads):
            page.write_string(top, j, escaped(safe(word)), None if plain else head)
        if not plain:
            high(page, top, zip(sheet.heads, sheet.widths, strict=False), _SIZE, bold=True)
        for i, row in enumerate(sheet.rows):
            if not plain:
                texts = ((c, w) for c, w in zip(row, sheet.widths, strict=False) if isinstance(c, str))
                high(page, top + 1 + i, texts, _SIZE, bold=i in sheet.bold, indent=_INDENT)
            for j, cell in enumerate(row):
                words = cell is None or isinstance(cell, str)
                kinds = (total, as_text, text) if words or j in sheet.texts else (totalled, as_text, number)
                style = None if plain else kinds[0 if i in sheet.bold else 1 if j in sheet.texts else 2]
                if cell is None:
                    page.write_blank(top + 1 + i, j, None, style)
                elif isinstance(cell, str):
                    page.write_string(top + 1 + i, j, escaped(safe(cell)), style)
                elif isinstance(cell, Decimal):
                    page.write_number(top + 1 + i, j, float(cell), decimals(cell, i in sheet.bold))
                elif isinstance(cell, float) and not plain:
                    page.write_number(top + 1 + i, j, cell, decimals(_CENTS, i in sheet.bold))
                else:
                    page.write_number(top + 1 + i, j, cell, style)
        for j, choices in sheet.lists.items():
            rule = {"validate": "list", "source": choices if isinstance(choices, str) else list(choices)}
            page.data_validation(top + 1, j, top + max(1, len(sheet.rows)), j, rule)
        _draw(book, page, sheet, top)
        if not plain:
            page.freeze_panes(top + 1, 0)
            if sheet.filtered:
                page.autofilter(top, 0, top + max(1, len(sheet.rows)), len(sheet.heads) - 1)
            page.repeat_rows(top)
            page.set_paper(9)
            page.set_landscape()
            page.fit_to_pages(1, 0)
    book.close()
    return stable(out.getvalue())


def _draw(book: Any, page: Any, sheet: Sheet, top: int) -> None:
    """The charts of a sheet to the right of its columns, one beneath the other."""
    at = 1
    for chart in sheet.charts:
        stacked = len(chart.values) > 1
        drawn = book.add_chart({"type": "bar", **({"subtype": "percent_stacked"} if stacked else {})})
        first, last = top + 1 + chart.first, top + chart.first + chart.rows
        for column, colour in zip(chart.values, chart.colours, strict=False):
            series = {
                "name": [page.get_name(), top + 1 + chart.named, column],
                "categories": [page.get_name(), first, chart.names, last, chart.names],
                "values": [page.get_name(), first, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
            }
            if chart.errors is not None:
                letter_ = chr(ord("A") + chart.errors)
                cells = f"='{page.get_name()}'!${letter_}${first + 1}:${letter_}${last + 1}"
                series["y_error_bars"] = {"type": "custom", "plus_values": cells, "minus_values": cells}
            drawn.add_series(series)
        drawn.set_title({"name": safe(chart.title), "name_font": {"size": 12}})
        drawn.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        drawn.set_x_axis({"min": 0, **({"max": chart.most} if chart.most else {}), "num_font": {"size": 9}})
        drawn.set_legend({"position": "bottom"} if stacked else {"none": True})
        height = _CHART_REST + _CHART_ROW * chart.rows
        drawn.set_size({"width": _CHART_WIDTH, "height": height})
        page.insert_chart(at, len(sheet.heads) + 1, drawn)
        at += height // _ROW + 1


def _name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have: 31 units of UTF-16 at the most, none of what references are made of, once."""
    base = " ".join(re.sub(r"[\[\]:*?/\\']", " ", safe(wanted)).split()) or "Sheet"
    count, name = 1, ""
    while not name or name.casefold() in taken:
        mark = "" if count == 1 else f" {count}"
        room = 2 * (31 - len(mark))
        name = base.encode("utf-16-le")[:room].decode("utf-16-le", "ignore").rstrip() + mark
        count += 1
    taken.add(name.casefold())
    return name
