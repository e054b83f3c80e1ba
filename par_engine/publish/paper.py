"""Paper of administrative documents: fonts, margins, page numbers, lines, and tables whose heads are repeated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from par_engine.extras import needs
from par_engine.packages import EPOCH, stable

_FONT = "Times New Roman"
_WORDS = ("{{ r.documents }}", "{{ total_note }}")  # cells that hold sentences


class Paper:
    """An A4 document under way."""

    def __init__(self) -> None:
        try:
            import docx
            from docx.shared import Cm, Pt
        except ImportError:
            needs("docx", "report")

        self.doc: Any = docx.Document()
        self.cm, self.pt = Cm, Pt
        style = self.doc.styles["Normal"]
        style.font.name, style.font.size = _FONT, Pt(14)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:eastAsia", "w:cs", "w:ascii", "w:hAnsi"):
            fonts.set(_qn(key), _FONT)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.space_before = Pt(0)
        section = self.doc.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        self.margins(section)
        section.different_first_page_header_footer = True
        self.page_number(section.header.paragraphs[0])
        properties = self.doc.core_properties
        properties.author, properties.title, properties.revision = "par-engine", "Báo cáo tự đánh giá, chấm điểm", 1
        properties.comments = ""
        properties.created = properties.modified = EPOCH

    def bytes(self) -> bytes:
        """The finished document, the same bytes on every run."""
        out = io.BytesIO()
        self.doc.save(out)
        return stable(out.getvalue())

    def margins(self, section: Any) -> None:
        """Top and bottom 20 mm, left 30 mm, right 20 mm."""
        section.top_margin = section.bottom_margin = self.cm(2)
        section.left_margin, section.right_margin = self.cm(3), self.cm(2)
        section.header_distance = self.cm(1)

    def page_number(self, paragraph: Any) -> None:
        """The number of the page, in the middle."""
        self.centre(paragraph)
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = paragraph.add_run()
            run.font.size = self.pt(13)
            if text is None:
                mark = element("w:fldChar")
                mark.set(_qn("w:fldCharType"), kind or "")
            else:
                mark = element("w:instrText")
                mark.text = text
            run._r.append(mark)

    def centre(self, paragraph: Any) -> Any:
        """The paragraph, centred."""
        paragraph.alignment = 1
        return paragraph

    def line(self, paragraph: Any, text: str, size: float = 14, *, bold: bool = False, italic: bool = False) -> Any:
        """The paragraph with one more run of text."""
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, self.pt(size)
        return paragraph

    def rule(self, paragraph: Any, indent: float) -> None:
        """A line beneath a paragraph, shorter than it: a border of an empty paragraph with indents."""
        borders = element("w:pBdr")
        top = element("w:top")
        for key, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "000000")):
            top.set(_qn(key), value)
        borders.append(top)
        paragraph._p.get_or_add_pPr().append(borders)  # Word wants it before spacing and indents
        paragraph.paragraph_format.space_after = self.pt(0)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = self.cm(indent)
        paragraph.paragraph_format.space_before = self.pt(3)
        paragraph.paragraph_format.line_spacing = self.pt(3)

    def tight(self, paragraph: Any) -> None:
        """No space after the paragraph."""
        paragraph.paragraph_format.space_after = self.pt(0)

    def text(self, text: str, *, bold: bool = False, italic: bool = False) -> Any:
        """A paragraph of the body."""
        paragraph = self.line(self.doc.add_paragraph(), text, 14, bold=bold, italic=italic)
        paragraph.alignment = 3
        paragraph.paragraph_format.first_line_indent = self.cm(1.27)
        paragraph.paragraph_format.line_spacing = 1.15
        if bold:
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.space_before = self.pt(6)
        return paragraph

    def table(self, heads: Sequence[str], widths: Sequence[float], size: float) -> Any:
        """A table whose head stands on each of its pages."""
        table = self.doc.add_table(rows=0, cols=len(heads))
        table.style = "Table Grid"
        table.autofit = False
        self.widths(table, widths)
        row = self.row(table, heads, widths, size, bold=True, head=True)
        row._tr.get_or_add_trPr().append(element("w:tblHeader"))
        return table

    def widths(self, table: Any, widths: Sequence[float]) -> None:
        """The grid of a table: Word goes by its cells, LibreOffice by its grid."""
        for column, width in zip(table.columns, widths, strict=True):
            column.width = self.cm(width)

    def loop(
        self,
        table: Any,
        what: str,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        size: float,
        *,
        bold: Sequence[bool],
        test: str = "",
        left: bool = False,
    ) -> None:
        """Rows of a loop; of two rows, the first is for those that pass the test."""
        tags = [f"{{%tr if {test} %}}", "{%tr else %}"] if test else [""]
        self.tag(table, f"{{%tr for {what} %}}")
        for tag, cells, heavy in zip(tags, rows, bold, strict=True):
            if tag:
                self.tag(table, tag)
            self.row(table, cells, widths, size, bold=heavy, left=left)
        if test:
            self.tag(table, "{%tr endif %}")
        self.tag(table, "{%tr endfor %}")

    def tag(self, table: Any, tag: str) -> None:
        """A row that holds a mark of the template and vanishes with it."""
        table.add_row().cells[0].paragraphs[0].add_run(tag)

    def row(
        self,
        table: Any,
        cells: Sequence[str],
        widths: Sequence[float],
        size: float,
        *,
        bold: bool = False,
        head: bool = False,
        left: bool = False,
    ) -> Any:
        row = table.add_row()
        for j, text in enumerate(cells):
            cell = row.cells[j]
            cell.width = self.cm(widths[j])
            cell.vertical_alignment = 1
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = self.pt(2)
            paragraph.alignment = 1 if head or j == 0 or (j > 1 and not (left or cells[j] in _WORDS)) else 0
            self.line(paragraph, text, size, bold=bold)
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        return row


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(name)
    return found


def element(name: str) -> Any:
    """A new element of the XML beneath a document."""
    from docx.oxml import OxmlElement

    return OxmlElement(name)
