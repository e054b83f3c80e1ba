"""Why ballots and answers do not count, in words and with the rows where they stand."""

from __future__ import annotations

from par_engine.i18n.catalogue import Lang
from par_engine.survey.counting import Count

REASONS = {
    "broken": ("sai số cột", "wrong number of cells"),
    "rejected": ("đã bị loại khi duyệt", "rejected in review"),
    "unfinished": ("chưa nộp", "not submitted"),
    "test": ("phiếu thử hoặc thư rác", "a preview, a test or spam"),
    "no-token": ("thiếu mã phiếu", "no token"),
    "not-issued": ("mã phiếu không do ta phát", "token not issued"),
    "unit": ("không rõ đơn vị", "unknown unit"),
    "other-unit": ("của đơn vị khác", "of another unit"),
    "group": ("không rõ nhóm", "unknown group"),
    "empty": ("không trả lời câu nào", "empty"),
    "answer": ("không có câu trả lời nào hợp lệ", "no known answer"),
    "token": ("trùng mã phiếu", "duplicate token"),
    "unknown": ("câu trả lời không có trong mẫu", "unknown answer"),
    "not-asked": ("câu không hỏi nhóm này", "question not for this group"),
}
"""Each reason in Vietnamese and English."""
_SHOWN = 5


def reason_said(count: Count, reason: str, number: int, lang: Lang) -> str:
    """A reason, how often it holds, and its first rows."""
    places = count.places.get(reason, [])
    rows = ", ".join(f"{row} ({at})" if at else str(row) for row, at in places[:_SHOWN])
    more = " …" if number > _SHOWN else ""
    return f"{REASONS[reason][lang != 'vi']}: {number} ({'dòng' if lang == 'vi' else 'row'} {rows}{more})"


def answers_said(count: Count, lang: Lang) -> str:
    """What became of the answers of valid ballots: three numbers that make up the first."""
    lost = sum(count.answers.values())
    if lang == "vi":
        return (
            f"{count.asked} câu trên phiếu hợp lệ: {count.counted} câu được tính, {count.blank} bỏ trống, "
            f"{lost} không tính (các câu khác của phiếu vẫn tính)"
        )
    return (
        f"{count.asked} answers on valid ballots: {count.counted} count, {count.blank} were left out, "
        f"{lost} do not count (the others of the ballot do)"
    )
