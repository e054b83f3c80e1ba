"""The template of the report in the form of Vietnamese administrative documents, made as any other document."""

from __future__ import annotations

from functools import cache

from par_engine.files.docx_writing import Paper
from par_engine.files.letterhead import Letterhead

_HEADS = (
    "Mã",
    "Lĩnh vực, tiêu chí, tiêu chí thành phần",
    "Điểm tối đa",
    "Điểm tự chấm",
    "Tài liệu kiểm chứng (số, ngày, trang)",
)
_WIDTHS = (1.6, 9.6, 1.9, 2.1, 9.5)
_GAP_HEADS = ("Mã", "Tiêu chí", "Còn thiếu", "Giải trình")
_GAP_WIDTHS = (1.5, 5.2, 4.3, 5.0)
_FIELD_HEADS = ("Mã", "Lĩnh vực", "Điểm tối đa", "Trong đó tự chấm", "Điểm tự chấm")
_FIELD_WIDTHS = (1.3, 7.7, 2.2, 2.4, 2.4)


@cache
def template() -> bytes:
    """The default template, the same bytes on every run: built once for all reports of a process."""
    return _Writer().bytes()


class _Writer(Paper):
    """Writes the template from head to annex."""

    def __init__(self) -> None:
        super().__init__("Báo cáo tự đánh giá, chấm điểm", "report")
        self.head(Letterhead("{{ parent }}", "{{ agency_upper }}", "{{ number }}", "{{ place }}", "{{ day }}"))
        self._body()
        recipients = ("{%p for r in recipients %}", "- {{ r }}", "{%p endfor %}")
        self.end(recipients, ("{%p for t in signer_title %}", "{{ t }}", "{%p endfor %}"), "{{ signer }}")
        self._annex()
        self.close()

    def _body(self) -> None:
        self.title("BÁO CÁO", "{{ subject }}")
        self.addressed(("{{ receiver }}",))
        self.text("{{ first_line }}", italic=True)
        self.text("{{ opening }}")
        self.text("I. TỔNG HỢP ĐIỂM TỰ ĐÁNH GIÁ", bold=True)
        self.text("{{ summary }}")
        cells = ("{{ f.code }}", "{{ f.title }}", "{{ f.max }}", "{{ f.own }}", "{{ f.points }}")
        table = self.table(_FIELD_HEADS, _FIELD_WIDTHS, 13)
        self.loop(table, "f in fields", (cells,), _FIELD_WIDTHS, 13, bold=(False,))
        self.row(table, ("", "Tổng cộng", "{{ max }}", "{{ own_max }}", "{{ points }}"), _FIELD_WIDTHS, 13, bold=True)
        note = self.text("{{ survey_note }}")
        note.paragraph_format.space_before = self.pt(6)
        self.text("II. GIẢI TRÌNH CÁC TIÊU CHÍ CHƯA CÓ HOẶC CHƯA ĐỦ TÀI LIỆU KIỂM CHỨNG", bold=True)
        self.text("{{ gap_note }}")
        self.text("{%p if gaps %}")
        table = self.table(_GAP_HEADS, _GAP_WIDTHS, 12)
        gaps = ("{{ g.code }}", "{{ g.title }}", "{{ g.what }}", "{{ g.text }}")
        self.loop(table, "g in gaps", (gaps,), _GAP_WIDTHS, 12, bold=(False,), left=True)
        self.text("{%p endif %}")
        self.text("III. KHÓ KHĂN, VƯỚNG MẮC VÀ ĐỀ XUẤT, KIẾN NGHỊ", bold=True)
        for name, list_ in (("1. Khó khăn, vướng mắc", "difficulties"), ("2. Đề xuất, kiến nghị", "proposals")):
            self.text(name, bold=True)
            self.text(f"{{%p for text in {list_} %}}")
            self.text("- {{ text }}")
            self.text("{%p endfor %}")
        self.text("{{ closing }}").paragraph_format.keep_with_next = True  # no signature alone on a page

    def _annex(self) -> None:
        from docx.enum.section import WD_ORIENT, WD_SECTION

        section = self.doc.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = self.cm(29.7), self.cm(21)
        self.margins(section)
        section.different_first_page_header_footer = False
        self.tight(self.line(self.centre(self.doc.add_paragraph()), "Phụ lục", 14, bold=True))
        self.tight(self.line(self.centre(self.doc.add_paragraph()), "BẢNG TỔNG HỢP ĐIỂM TỰ ĐÁNH GIÁ", 14, bold=True))
        attached = "(Kèm theo Báo cáo số {{ number }} {{ day }} của {{ agency }})"
        self.tight(self.line(self.centre(self.doc.add_paragraph()), attached, 14, italic=True))
        self.rule(self.doc.add_paragraph(), 9)
        self.line(self.doc.add_paragraph(), "{{ mark_note }}", 12, italic=True)
        table = self.table(_HEADS, _WIDTHS, 12)
        cells = ("{{ r.code }}", "{{ r.title }}", "{{ r.max }}", "{{ r.points }}", "{{ r.documents }}")
        self.loop(table, "r in rows", (cells, cells), _WIDTHS, 12, bold=(True, False), test="r.bold")
        self.row(table, ("", "Tổng cộng", "{{ max }}", "{{ points }}", "{{ total_note }}"), _WIDTHS, 12, bold=True)
