"""The words of workbook and paper, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from par_engine.base.decimals import short
from par_engine.base.terms import stage_words
from par_engine.i18n.catalogue import Lang
from par_engine.results.assessment import Assessment, UnitResult

Pairs = Mapping[str, tuple[str, str]]
_WORDS: Pairs = {
    "only": (
        "Chỉ có {} trên {} đơn vị được xếp hạng: đây chưa phải thứ hạng chính thức.",
        "Only {} of {} ranked units are here: these are not the places in the full league.",
    ),
    "waiting": (
        "{} trên {} đơn vị chưa có kết quả {} (dấu *), đứng theo điểm đã có: thứ hạng chưa so được.",
        "{} of {} units have no {} figures yet (the mark *) and stand by those that they have: places do not compare.",
    ),
    "contradicts": (
        "Số liệu có {} chỗ mâu thuẫn, có thể đổi thứ hạng: {}",
        "Contradictions in the evidence, which may change the ranking ({}): {}",
    ),
    "summary": ("Tóm tắt", "Summary"),
    "fields": ("Lĩnh vực", "Fields"),
    "fields:title": ("Điểm theo lĩnh vực", "Points by field"),
    "items": ("Mục", "Items"),
    "items:title": ("Điểm của mọi mục", "Points of all items"),
    "within": ("(ghi chung)", "(in a whole)"),
    "within:what": (
        "(ghi chung): không có số riêng, nằm trong một điểm đã ghi cho cả phần",
        "(in a whole): no number of its own, part of points stated for a whole",
    ),
    "league": ("Xếp hạng", "League"),
    "league:title": ("Bảng xếp hạng", "League table"),
    "groups": ("Nhóm", "Groups"),
    "groups:title": ("Nhóm theo chỉ số", "Groups by index"),
    "stages": ("Giai đoạn", "Stages"),
    "stages:title": (
        "Mục khác nhau giữa các giai đoạn; dấu ≠: không tính trên cùng số điểm tối đa",
        "Items that differ between the stages; the mark ≠: not out of the same maximum",
    ),
    "years": ("Các kỳ", "Years"),
    "years:title": (
        "Phần trăm điểm tối đa qua các kỳ; dấu ≠: không so sánh được",
        "Shares of the maximum over the years; the mark ≠: does not compare",
    ),
    "moved": ("Thay đổi", "Change"),
    "lost": ("Điểm mất", "Lost points"),
    "lost:title": ("Điểm mất, mục mất nhiều nhất đứng trước", "Lost points, the largest losses first"),
    "method": ("Phương pháp", "Method"),
    "method:title": ("Phương pháp và nguồn", "Method and sources"),
    "journal": ("Nhật ký", "Journal"),
    "journal:title": (
        "Mâu thuẫn, mục thiếu, mục ghi sẵn, tài liệu",
        "Contradictions, gaps, stated figures, documents",
    ),
    "methodology": ("Bộ tiêu chí", "Methodology"),
    "stage": ("Giai đoạn", "Stage"),
    "count": ("Số đơn vị", "Units"),
    "highest": ("Chỉ số cao nhất", "Highest index"),
    "lowest": ("Chỉ số thấp nhất", "Lowest index"),
    "mean": ("Chỉ số bình quân (số in)", "Mean index (as printed)"),
    "caution": ("Lưu ý", "Caution"),
    "problems": ("Điểm mâu thuẫn trong số liệu", "Contradictions in the evidence"),
    "see": ("xem trang {}", "see the sheet {}"),
    "reading": ("Cách đọc", "How to read"),
    "sums": ("Ô tổng là công thức", "Sums are formulas"),
    "change": (
        "Sửa điểm ở trang {} thì tổng, chỉ số, hạng tự tính lại; bản gốc là của phần mềm.",
        "Change points in the sheet {}, and sums, index and rank follow; what was written is the engine's.",
    ),
    "unit": ("Đơn vị", "Unit"),
    "total": ("Tổng", "Total"),
    "code": ("Mã", "Code"),
    "item": ("Mục", "Item"),
    "max": ("Tối đa", "Maximum"),
    "stream": ("Nguồn điểm", "Stream"),
    "basis": ("Căn cứ", "Basis"),
    "rank": ("Hạng", "Rank"),
    "index": ("Chỉ số", "Index"),
    "group": ("Nhóm", "Group"),
    "points": ("Điểm", "Points"),
    "attainable": ("Có thể đạt", "Attainable"),
    "outcome": ("Kết quả", "Outcome"),
    "from": ("Từ", "From"),
    "scored": ("Đơn vị có điểm", "Units with points"),
    "sum lost": ("Tổng điểm mất", "Points lost"),
    "share": ("Đạt bình quân", "Mean share"),
    "difference": ("Chênh lệch", "Difference"),
    "none differs": ("Không mục nào khác nhau.", "No item differs."),
    "software": ("Phần mềm", "Software"),
    "package": ("Gói", "Package"),
    "fingerprint": ("Dấu vân tay", "Fingerprint"),
    "evidence": ("Số liệu", "Evidence"),
    "max by basis": ("Điểm tối đa theo căn cứ", "Maximum points by basis"),
    "source": ("Văn bản, tài liệu", "Source"),
    "ruling": ("Diễn giải", "Ruling"),
    "matter": ("Việc", "Matter"),
    "content": ("Nội dung", "Content"),
    "contradiction": ("mâu thuẫn", "contradiction"),
    "stated": ("điểm ghi sẵn", "stated points"),
    "document": ("tài liệu", "document"),
    "starred": ("Dấu ⚠: số dựng lại, không chính thức.", "The mark ⚠: reconstructed, not official."),
    "apart": (
        "Chỉ số của giai đoạn trước tính trên số điểm có thể đạt của giai đoạn ấy (chưa gồm điều tra chẳng hạn): "
        "không trừ cho nhau được.",
        "An index of an earlier stage is of what was attainable then (without surveys, say): no differences.",
    ),
    "so far": ("trên {} điểm", "of {} points"),
    "so far:what": (
        "Chỉ số “trên … điểm” là tạm tính trên số điểm đã có thể đạt, còn chờ kết quả: chưa xếp hạng, chưa xếp nhóm.",
        "An index “of … points” is so far, of what was attainable, with results awaited: no place and no group yet.",
    ),
    "placed": ("Số đơn vị có hạng", "Units with a place"),
    "apart from": ("Không tính: không xếp hạng, chưa có hạng", "Not counted: not ranked, or no place yet"),
    "all even": ("Chỉ số của mọi đơn vị có hạng", "Index of all units with a place"),
}


def marked(name: str, waiting: bool) -> str:
    """The name of a unit, with a mark when it has not come to the last stage."""
    return f"{name} *" if waiting else name


class Words:
    """Words in one language, by their keys."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, key: str, *values: object) -> str:
        """The words of a key with values in their places."""
        return _WORDS[key][self.lang != "vi"].format(*values)

    def number(self, text: str) -> str:
        """A number with the decimal mark of the language."""
        return text.replace(".", ",") if self.lang == "vi" else text


def waiting_words(assessment: Assessment, waiting: Collection[str], lang: Lang) -> str:
    """How many units have not come to the stage of an assessment; "" when all have."""
    count = sum(unit.id in waiting for unit in assessment.units)
    stage = stage_words(assessment.evidence.stage, lang)
    return Words(lang)("waiting", count, len(assessment.units), stage) if count else ""


def so_far_words(unit: UnitResult, lang: Lang) -> str:
    """What an index is out of while a part is awaited; "" for one that stands."""
    if not unit.awaits or unit.index is None:
        return ""
    words = Words(lang)
    return words("so far", words.number(short(Fraction(unit.attainable or 0))))
