"""Word documents as bytes that are the same on every run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from par_engine.extras import needs
from par_engine.packages import EPOCH, stable
from par_engine.sheets import safe


def new_document() -> Any:
    """A Word document on A4 in the usual type."""
    try:
        import docx
    except ImportError:
        needs("docx", "survey")
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
