"""The template of the report in the form of Vietnamese administrative documents, made as any other document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from par_engine.publish.stable import EPOCH, stable

_FONT = "Times New Roman"
_HEADS = (
    "Mã",
    "Lĩnh vực, tiêu chí, tiêu chí thành phần",
    "Điểm tối đa",
    "Điểm tự chấm",
    "Tài liệu kiểm chứng (số, ngày, trang)",
)
_WORDS = ("{{ r.documents }}", "{{ total_note }}")  # cells that hold sentences
_WIDTHS = (1.6, 9.6, 1.9, 2.1, 9.5)
_GAP_HEADS = ("Mã", "Tiêu chí", "Còn thiếu", "Giải trình")
_GAP_WIDTHS = (1.5, 5.2, 4.3, 5.0)
_FIELD_HEADS = ("Mã", "Lĩnh vực", "Điểm tối đa", "Trong đó tự chấm", "Điểm tự chấm")
_FIELD_WIDTHS = (1.3, 7.7, 2.2, 2.4, 2.4)


def template() -> bytes:
    """The default template, the same bytes on every run."""
    return _Writer().bytes()


class _Writer:
    """Writes the template from head to annex."""

    def __init__(self) -> None:
        import docx
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
        self._margins(section)
        section.different_first_page_header_footer = True
        self._page_number(section.header.paragraphs[0])
        self._head()
        self._body()
        self._end()
        self._annex()
        properties = self.doc.core_properties
        properties.author, properties.title, properties.revision = "par-engine", "Báo cáo tự đánh giá, chấm điểm", 1
        properties.comments = ""
        properties.created = properties.modified = EPOCH

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.doc.save(out)
        return stable(out.getvalue())

    def _margins(self, section: Any) -> None:
        section.top_margin = section.bottom_margin = self.cm(2)
        section.left_margin, section.right_margin = self.cm(3), self.cm(2)
        section.header_distance = self.cm(1)

    def _page_number(self, paragraph: Any) -> None:
        self._centre(paragraph)
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = paragraph.add_run()
            run.font.size = self.pt(13)
            if text is None:
                mark = _element("w:fldChar")
                mark.set(_qn("w:fldCharType"), kind or "")
            else:
                mark = _element("w:instrText")
                mark.text = text
            run._r.append(mark)

    def _centre(self, paragraph: Any) -> Any:
        paragraph.alignment = 1
        return paragraph

    def _line(self, paragraph: Any, text: str, size: float = 14, *, bold: bool = False, italic: bool = False) -> Any:
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, self.pt(size)
        return paragraph

    def _rule(self, paragraph: Any, indent: float) -> None:
        """A line beneath a paragraph, shorter than it: a border of an empty paragraph with indents."""
        paragraph.paragraph_format.space_after = self.pt(0)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = self.cm(indent)
        paragraph.paragraph_format.space_before = self.pt(3)
        paragraph.paragraph_format.line_spacing = self.pt(3)
        borders = _element("w:pBdr")
        top = _element("w:top")
        for key, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "000000")):
            top.set(_qn(key), value)
        borders.append(top)
        paragraph._p.get_or_add_pPr().append(borders)

    def _head(self) -> None:
        table = self.doc.add_table(rows=2, cols=2)
        table.autofit = False
        left, right = table.rows[0].cells
        self._widths(table, (6.0, 10.0))
        self._tight(self._line(self._centre(left.paragraphs[0]), "{{ parent }}", 12))
        self._tight(self._line(self._centre(left.add_paragraph()), "{{ agency_upper }}", 12, bold=True))
        self._rule(left.add_paragraph(), 2)
        motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        self._tight(self._line(self._centre(right.paragraphs[0]), motto, 12, bold=True))
        self._tight(self._line(self._centre(right.add_paragraph()), "Độc lập - Tự do - Hạnh phúc", 13, bold=True))
        self._rule(right.add_paragraph(), 2.3)
        left, right = table.rows[1].cells
        self._line(self._centre(left.paragraphs[0]), "Số: {{ number }}", 13)
        self._line(self._centre(right.paragraphs[0]), "{{ place }}, {{ day }}", 14, italic=True)

    def _tight(self, paragraph: Any) -> None:
        paragraph.paragraph_format.space_after = self.pt(0)

    def _text(self, text: str, *, bold: bool = False, italic: bool = False) -> Any:
        paragraph = self._line(self.doc.add_paragraph(), text, 14, bold=bold, italic=italic)
        paragraph.alignment = 3
        paragraph.paragraph_format.first_line_indent = self.cm(1.27)
        paragraph.paragraph_format.line_spacing = 1.15
        if bold:
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def _body(self) -> None:
        title = self._line(self._centre(self.doc.add_paragraph()), "BÁO CÁO", 14, bold=True)
        title.paragraph_format.space_before = self.pt(12)
        self._tight(title)
        self._tight(self._line(self._centre(self.doc.add_paragraph()), "{{ subject }}", 14, bold=True))
        self._rule(self.doc.add_paragraph(), 5.8)
        self._text("{{ first_line }}", italic=True).paragraph_format.space_before = self.pt(8)
        self._text("{{ opening }}")
        self._text("I. TỔNG HỢP ĐIỂM TỰ ĐÁNH GIÁ", bold=True)
        self._text("{{ summary }}")
        cells = ("{{ f.code }}", "{{ f.title }}", "{{ f.max }}", "{{ f.own }}", "{{ f.points }}")
        table = self._table(_FIELD_HEADS, _FIELD_WIDTHS, 13)
        self._loop(table, "f in fields", (cells,), _FIELD_WIDTHS, 13, bold=(False,))
        self._row(table, ("", "Tổng cộng", "{{ max }}", "{{ own_max }}", "{{ points }}"), _FIELD_WIDTHS, 13, bold=True)
        note = self._text("{{ survey_note }}")
        note.paragraph_format.space_before = self.pt(6)
        self._text("II. GIẢI TRÌNH CÁC TIÊU CHÍ CHƯA CÓ HOẶC CHƯA ĐỦ TÀI LIỆU KIỂM CHỨNG", bold=True)
        self._text("{{ gap_note }}")
        self._text("{%p if gaps %}")
        table = self._table(_GAP_HEADS, _GAP_WIDTHS, 12)
        gaps = ("{{ g.code }}", "{{ g.title }}", "{{ g.what }}", "{{ g.text }}")
        self._loop(table, "g in gaps", (gaps,), _GAP_WIDTHS, 12, bold=(False,), left=True)
        self._text("{%p endif %}")
        self._text("III. KHÓ KHĂN, VƯỚNG MẮC VÀ ĐỀ XUẤT, KIẾN NGHỊ", bold=True)
        for name, list_ in (("1. Khó khăn, vướng mắc", "difficulties"), ("2. Đề xuất, kiến nghị", "proposals")):
            self._text(name, bold=True)
            self._text(f"{{%p for text in {list_} %}}")
            self._text("- {{ text }}")
            self._text("{%p endfor %}")
        self._text("{{ closing }}")

    def _end(self) -> None:
        table = self.doc.add_table(rows=1, cols=2)
        table.autofit = False
        left, right = table.rows[0].cells
        self._widths(table, (8, 8))
        self._tight(self._line(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True))
        for text in ("{%p for r in recipients %}", "- {{ r }}", "{%p endfor %}"):
            self._tight(self._line(left.add_paragraph(), text, 11))
        self._tight(self._line(self._centre(right.paragraphs[0]), "{%p for t in signer_title %}", 14))
        self._tight(self._line(self._centre(right.add_paragraph()), "{{ t }}", 14, bold=True))
        self._tight(self._line(self._centre(right.add_paragraph()), "{%p endfor %}", 14))
        for _ in range(4):
            self._tight(self._centre(right.add_paragraph()))
        self._line(self._centre(right.add_paragraph()), "{{ signer }}", 14, bold=True)
        table.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))

    def _annex(self) -> None:
        from docx.enum.section import WD_ORIENT, WD_SECTION

        section = self.doc.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = self.cm(29.7), self.cm(21)
        self._margins(section)
        section.different_first_page_header_footer = False
        self._tight(self._line(self._centre(self.doc.add_paragraph()), "Phụ lục", 14, bold=True))
        self._tight(self._line(self._centre(self.doc.add_paragraph()), "BẢNG TỔNG HỢP ĐIỂM TỰ ĐÁNH GIÁ", 14, bold=True))
        attached = "(Kèm theo Báo cáo số {{ number }} {{ day }} của {{ agency }})"
        self._tight(self._line(self._centre(self.doc.add_paragraph()), attached, 14, italic=True))
        self._rule(self.doc.add_paragraph(), 9)
        self._line(self.doc.add_paragraph(), "{{ mark_note }}", 12, italic=True)
        table = self._table(_HEADS, _WIDTHS, 12)
        cells = ("{{ r.code }}", "{{ r.title }}", "{{ r.max }}", "{{ r.points }}", "{{ r.documents }}")
        self._loop(table, "r in rows", (cells, cells), _WIDTHS, 12, bold=(True, False), test="r.bold")
        self._row(table, ("", "Tổng cộng", "{{ max }}", "{{ points }}", "{{ total_note }}"), _WIDTHS, 12, bold=True)

    def _table(self, heads: Sequence[str], widths: Sequence[float], size: float) -> Any:
        table = self.doc.add_table(rows=0, cols=len(heads))
        table.style = "Table Grid"
        table.autofit = False
        self._widths(table, widths)
        row = self._row(table, heads, widths, size, bold=True, head=True)
        row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        return table

    def _widths(self, table: Any, widths: Sequence[float]) -> None:
        """The grid of a table: Word goes by its cells, LibreOffice by its grid."""
        for column, width in zip(table.columns, widths, strict=True):
            column.width = self.cm(width)

    def _loop(
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
        self._tag(table, f"{{%tr for {what} %}}", len(widths))
        for tag, cells, heavy in zip(tags, rows, bold, strict=True):
            if tag:
                self._tag(table, tag, len(widths))
            self._row(table, cells, widths, size, bold=heavy, left=left)
        if test:
            self._tag(table, "{%tr endif %}", len(widths))
        self._tag(table, "{%tr endfor %}", len(widths))

    def _tag(self, table: Any, tag: str, width: int) -> None:
        table.add_row().cells[0].paragraphs[0].add_run(tag)

    def _row(
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
            self._line(paragraph, text, size, bold=bold)
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        return row


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(name)
    return found


def _element(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(name)
