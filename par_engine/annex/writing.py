"""A methodology as an annex: the table of a decision in a Word or Excel file, the same bytes on every run."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from par_engine.annex.rule_writing import lines
from par_engine.base.decimals import plain
from par_engine.base.extras import need
from par_engine.files.ooxml import EPOCH, escaped, stable
from par_engine.files.xlsx_writing import opened, styles, wide
from par_engine.methodology.model import Document

HEADS = ("STT", "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Cách đánh giá", "Ghi chú")
_POINTS = 2  # the column of points
_WIDTHS = (9, 78, 11, 24, 30)
_BASIS = {
    "official": "Số chính thức",
    "derived": "Số suy ra từ số chính thức",
    "reconstructed": "Số dựng lại, không chính thức",
}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Line:
    """One row of the table: an item with its depth, or a rule line beneath it (depth -1)."""

    depth: int
    cells: tuple[str, str, str, str, str]


def rows(document: Document) -> Iterator[Line]:
    """The rows beneath the header, in the order of the tree; every number not official says so."""
    children: dict[str | None, list[Any]] = {}
    for item in document.items:
        children.setdefault(item.parent, []).append(item)
    streams = {stream.id: stream.title.vi for stream in document.streams}

    def below(code: str | None, depth: int) -> Iterator[Line]:
        for item in children.get(code, []):
            stream = streams[item.stream] if item.stream is not None else ""
            note = "" if item.basis == "official" else _BASIS[item.basis]
            if item.to_do:
                note = f"{note}; còn câu hỏi".strip("; ")
            yield Line(depth, (item.code, item.title.vi, _n(item.max), stream, note))
            if item.rule is not None:
                for text in lines(item, document.facts):
                    yield Line(-1, ("", text, "", "", ""))
            yield from below(item.code, depth + 1)

    yield from below(None, 0)
    yield Line(0, ("", document.total.title.vi if _is_total(document) else "Tổng điểm", _n(document.total.max), "", ""))


def _is_total(document: Document) -> bool:
    return document.total.title.vi.lower().startswith("tổng")


def _n(x: Fraction) -> str:
    return plain(x).replace(".", ",")


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def xlsx(document: Document) -> bytes:
    """The annex as a workbook; texts stay texts, whatever they begin with."""
    need("xlsx", "annex", ["xlsxwriter"])
    book, out = opened()
    sheet, style = book.add_worksheet("Phụ lục"), styles(book)

    def look(row: int, *, bold: bool = False, italic: bool = False, centre: bool = False, form: str = "@") -> Any:
        traits = {"font_size": 12, "bold": bold, "italic": italic, "text_wrap": True, "border": int(row > 2)}
        return style(**traits, align="center" if centre else "left", num_format=form)

    def put(row: int, column: int, text: str, form: Any) -> None:
        sheet.write_string(row, column, escaped(_safe(text)), form)  # never a formula, never a date

    for i, text in enumerate(("PHỤ LỤC", document.title.vi)):
        sheet.merge_range(i, 0, i, len(HEADS) - 1, "", look(i, bold=True, centre=True))
        put(i, 0, text, look(i, bold=True, centre=True))
    for j, head in enumerate(HEADS):
        put(3, j, head, look(3, bold=True, centre=True))
    for i, line in enumerate(rows(document), 4):
        for j, text in enumerate(line.cells):
            traits: dict[str, Any] = {
                "bold": 0 <= line.depth < 2,
                "italic": line.depth < 0,
                "centre": j in (0, _POINTS),
            }
            if not text:
                sheet.write_blank(i, j, None, look(i, **traits))
            elif j == _POINTS:
                sheet.write_number(i, j, Decimal(text.replace(",", ".")), look(i, **traits, form="General"))  # it sums
            else:
                put(i, j, text, look(i, **traits))
    wide(sheet, 3, _WIDTHS)
    book.close()
    return stable(out.getvalue())


def docx(document: Document) -> bytes:
    """The annex as a document with one table, its header repeated on each page."""
    need("docx", "annex", ["docx"])
    import docx as word
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    doc = word.Document()
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    style: Any = doc.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    for text in ("PHỤ LỤC", document.title.vi):
        paragraph = doc.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(_safe(text)).bold = True
    body = list(rows(document))
    table: Any = doc.add_table(rows=0, cols=len(HEADS))
    table.style = "Table Grid"
    table.autofit = False
    widths = [Cm(25.7 * width / sum(_WIDTHS)) for width in _WIDTHS]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # some programs follow the grid, not the cells

    def add(cells: Sequence[str], *, bold: bool, italic: bool = False) -> Any:
        row = table.add_row()
        for j, (cell, text) in enumerate(zip(row._tr.tc_lst, cells, strict=True)):
            cell.width = widths[j]
            paragraph = word.table._Cell(cell, table).paragraphs[0]
            if j in (0, 2):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(_safe(text))
            run.bold, run.italic = bold, italic
        return row

    head = add(HEADS, bold=True)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for line in body:
        row = add(line.cells, bold=0 <= line.depth < 2, italic=line.depth < 0)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    doc.add_paragraph()  # a table that ends the body is dissolved when a program saves it as .doc
    properties = doc.core_properties
    properties.author, properties.title = "par-engine", _safe(document.title.vi)[:250]
    properties.created = properties.modified = EPOCH
    properties.revision = 1
    out = io.BytesIO()
    doc.save(out)
    return stable(out.getvalue())
