"""Paper of administrative documents (Decree 30): letterhead, margins, page numbers, tables, signature.

All that a unit or an agency sends is written on it. Texts are taken as they are: a template's marks too.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from par_engine.base.extras import needs
from par_engine.files.letterhead import MOTTO, Letterhead, addressed
from par_engine.files.ooxml import EPOCH, stable
from par_engine.files.xlsx_writing import safe

_FONT = "Times New Roman"
_WORDS = ("{{ r.documents }}", "{{ total_note }}")  # cells that hold sentences


class Paper:
    """An A4 document under way; `extra` is the extra of the engine that brings python-docx."""

    def __init__(self, title: str, extra: str) -> None:
        try:
            import docx
        except ImportError:
            needs(title, extra)
        from docx.shared import Cm, Pt

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
        properties.author, properties.title, properties.revision = "par-engine", safe(title)[:250], 1
        properties.comments = ""
        properties.created = properties.modified = EPOCH

    def bytes(self) -> bytes:
        """The finished document, the same bytes on every run."""
        out = io.BytesIO()
        self.doc.save(out)
        return stable(out.getvalue())

    def head(self, head: Letterhead) -> None:
        """Issuer and number on the left, the nation's name and motto, place and day on the right, rules below both."""
        table = self.doc.add_table(rows=2, cols=2)
        table.autofit = False
        left, right = table.rows[0].cells
        self.widths(table, (6.0, 10.0))
        first = left.paragraphs[0]
        if head.parent:
            self.tight(self.line(self.centre(first), head.parent, 12))
            first = left.add_paragraph()
        self.tight(self.line(self.centre(first), head.issuer, 12, bold=True))
        self.rule(left.add_paragraph(), 2)
        self.tight(self.line(self.centre(right.paragraphs[0]), MOTTO[0], 12, bold=True))
        self.tight(self.line(self.centre(right.add_paragraph()), MOTTO[1], 13, bold=True))
        self.rule(right.add_paragraph(), 2.3)
        left, right = table.rows[1].cells
        self.line(self.centre(left.paragraphs[0]), f"Số: {head.number}", 13)
        self.line(self.centre(right.paragraphs[0]), f"{head.place}, {head.day}", 14, italic=True)

    def title(self, kind: str, subject: str) -> None:
        """What the document is and what it is about, with a rule below."""
        title = self.line(self.centre(self.doc.add_paragraph()), kind, 14, bold=True)
        title.paragraph_format.space_before = self.pt(12)
        self.tight(title)
        self.tight(self.line(self.centre(self.doc.add_paragraph()), subject, 14, bold=True))
        self.rule(self.doc.add_paragraph(), 5.8)

    def addressed(self, receivers: Sequence[str]) -> None:
        """To whom it goes: one in the line, several below it."""
        line = self.line(self.centre(self.doc.add_paragraph()), addressed(receivers), 14)
        line.paragraph_format.space_before = self.pt(8)
        if len(receivers) > 1:
            self.tight(line)
            for i, text in enumerate(receivers):
                last = i == len(receivers) - 1
                one = self.line(self.doc.add_paragraph(), f"- {text}{'.' if last else ';'}", 14)
                one.paragraph_format.left_indent = self.cm(5.5)
                if not last:
                    self.tight(one)

    def end(self, recipients: Sequence[str], signer_title: Sequence[str], signer: str) -> None:
        """Who gets it, line by line, and who signs, with room for signature and seal; it is not broken over pages."""
        table = self.doc.add_table(rows=1, cols=2)
        table.autofit = False
        left, right = table.rows[0].cells
        self.widths(table, (8, 8))
        self.tight(self.line(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True))
        for text in recipients:
            self.tight(self.line(left.add_paragraph(), text, 11))
        for i, text in enumerate(signer_title):
            paragraph = right.paragraphs[0] if i == 0 else right.add_paragraph()
            self.tight(self.line(self.centre(paragraph), text, 14, bold=True))
        for _ in range(4):
            self.tight(self.centre(right.add_paragraph()))
        self.line(self.centre(right.add_paragraph()), signer, 14, bold=True)
        table.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))

    def close(self) -> None:
        """A last paragraph, without height: LibreOffice dissolves a table that ends a document when it writes .doc."""
        last = self.doc.add_paragraph()
        self.tight(last)
        last.paragraph_format.line_spacing = self.pt(1)

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
        run = paragraph.add_run(safe(text))
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
