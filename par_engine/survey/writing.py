"""Workbooks and documents as bytes that are the same on every run, and several files written all or none."""

from __future__ import annotations

import io
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from par_engine.documents import fail
from par_engine.packages import EPOCH, stable
from par_engine.survey.sheets import no_extra

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Cell = str | int | float | None
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
    charts: Sequence[Chart] = ()


def safe(text: str) -> str:
    """Text that XML can hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def xlsx(sheets: Sequence[Sheet], *, plain: bool = False) -> bytes:
    """A workbook; text stays text, whatever it begins with. `plain` is for forms that programs read."""
    try:
        import xlsxwriter
    except ImportError:
        no_extra("xlsx")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"author": "par-engine", "created": EPOCH})
    look = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
    title = book.add_format({**look, "bold": True, "align": "center", "text_wrap": False})
    head = book.add_format({**look, "bold": True, "border": 1, "align": "center", "bg_color": "#E8EEF5"})
    text, total = book.add_format({**look, "border": 1}), book.add_format({**look, "border": 1, "bold": True})
    decimal = book.add_format({**look, "border": 1, "num_format": "0.00"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        top = 0
        for line in sheet.titles:
            page.merge_range(top, 0, top, max(1, len(sheet.heads) - 1), safe(line), title)
            top += 1
        top += 1 if sheet.titles else 0
        for j, width in enumerate(sheet.widths):
            page.set_column(j, j, width)
        for j, word in enumerate(sheet.heads):
            page.write_string(top, j, safe(word), None if plain else head)
        for i, row in enumerate(sheet.rows):
            for j, cell in enumerate(row):
                style = None if plain else total if i in sheet.bold else text
                if cell is None:
                    page.write_blank(top + 1 + i, j, None, style)
                elif isinstance(cell, str):
                    page.write_string(top + 1 + i, j, safe(cell), style)
                elif isinstance(cell, float) and not plain:
                    page.write_number(top + 1 + i, j, cell, decimal)
                else:
                    page.write_number(top + 1 + i, j, cell, style)
        _draw(book, page, sheet, top)
        if not plain:
            page.freeze_panes(top + 1, 0)
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
                "name": [sheet.name, top + 1 + chart.named, column],
                "categories": [sheet.name, first, chart.names, last, chart.names],
                "values": [sheet.name, first, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
            }
            if chart.errors is not None:
                letter_ = chr(ord("A") + chart.errors)
                cells = f"='{sheet.name}'!${letter_}${first + 1}:${letter_}${last + 1}"
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


def new_document() -> Any:
    """A Word document on A4 in the usual type."""
    try:
        import docx
    except ImportError:
        no_extra("docx")
    from docx.shared import Cm, Pt

    doc = docx.Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style: Any = doc.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.paragraph_format.space_after = Pt(6)
    return doc


def paragraph(doc: Any, text: str, *, bold: bool = False, italic: bool = False, centre: bool = False) -> Any:
    """A paragraph of one run."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    out = doc.add_paragraph()
    run = out.add_run(safe(text))
    run.bold, run.italic = bold, italic
    if centre:
        out.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return out


def side_by_side(
    doc: Any,
    left: Sequence[tuple[str, bool]],
    right: Sequence[tuple[str, bool]],
    widths: Sequence[float],
    *,
    centre_left: bool = True,
) -> None:
    """Two columns of lines without borders, as letters begin and end; each line with whether it is bold."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    grid = doc.add_table(rows=1, cols=2)
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)
    for cell, lines, width, centre in zip(grid.rows[0].cells, (left, right), widths, (centre_left, True), strict=True):
        cell.width = Cm(width)
        for i, (words, bold) in enumerate(lines):
            line = cell.paragraphs[0] if i == 0 else cell.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            if centre:
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(safe(words))
            run.bold, run.font.size = bold, Pt(12)
    doc.add_paragraph().paragraph_format.space_after = Pt(0)


def table(
    doc: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], bold: frozenset[int]
) -> Any:
    """A bordered table, its header repeated on each page; widths in centimetres."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    out = doc.add_table(rows=0, cols=len(heads))
    out.style, out.autofit = "Table Grid", False
    for j, width in enumerate(widths):
        out.columns[j].width = Cm(width)
    for i, row in enumerate([heads, *rows]):
        added = out.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = added.cells
        for j, (cell, words) in enumerate(zip(cells, row, strict=True)):
            cell.width = Cm(widths[j])
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(0)
            run = line.add_run(safe(words))
            run.bold = i == 0 or i - 1 in bold
            if i == 0 or words in ("☐", "—") or words.isdigit():
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    out.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return out


def docx_bytes(doc: Any, title: str) -> bytes:
    """A document's bytes, without a clock."""
    properties = doc.core_properties
    properties.author, properties.title = "par-engine", safe(title)[:250]
    properties.created = properties.modified = EPOCH
    properties.revision = 1
    out = io.BytesIO()
    doc.save(out)
    return stable(out.getvalue())


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """All the files as a new folder, or none: they are written beside it, and the folder gets its name at the end."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what, vi = "the folder is there already and not empty", "thư mục đã có và không rỗng"
        fail(folder.name, "folder-exists", what, "name a new folder", vi, "hãy chọn thư mục mới")
    beside = folder.resolve().parent / f".{folder.name[:80]}.{secrets.token_hex(8)}.part"
    try:
        beside.mkdir()
        for name, data in files.items():
            (beside / name).write_bytes(data)
        if folder.exists():
            folder.rmdir()
        beside.replace(folder)
    except OSError as error:
        reason = error.strerror or "cannot be written"
        fail(folder.name, "unwritable", reason, "check the path", f"không ghi được ({reason})", "kiểm tra đường dẫn")
    finally:
        shutil.rmtree(beside, ignore_errors=True)
