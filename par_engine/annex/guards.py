"""What a sentence must not be read as: signs, words that take away, points that are not said, and harmless tails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from par_engine.annex.clauses import Clause, clause, content, each, formula, marked, number
from par_engine.annex.words import BAD, NO, spoken
from par_engine.base.names import fold

_N = r"\d+(?:[.,]\d+)?"
_END = r"\s*(?:điểm|đ)?\s*\)?$"
_MINUS = re.compile(rf"(?:[:=(]\s*|(?<=\s)|^)[-–—−]\s?{_N}{_END}", re.IGNORECASE)
_DASH = re.compile(rf"(?<=[^\s:=(])\s[-–—]\s{_N}\s*(?:điểm|đ)$", re.IGNORECASE)
_LOSS = re.compile(
    rf"\b(?:mất|giảm|bớt|hạ|trừ|khấu trừ|bị)(?:\s+đi)?\s+"
    rf"(?:(?:điểm\s+)?{_N}{_END}|(?:toàn bộ|hết|một nửa|½|sạch)\b)"
    r"|\b(?:mất|trừ)\s+(?:hết\s+)?(?:số\s+)?điểm\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    rf"\bkhông\s+(?:được|có|tính|chấm|cho|cộng|đạt)(?:\s+(?:thêm|tính|chấm|hưởng|cộng))?\s+{_N}\s*(?:điểm|đ)\b",
    re.IGNORECASE,
)
_TAKEN = frozenset(("trừ", "mất", "giảm", "bớt", "phạt"))
_ON_TOP = re.compile(rf"\b(?:cộng|thưởng|cộng thêm|thưởng thêm|thêm)\s+{_N}{_END}", re.IGNORECASE)
_VAGUE = re.compile(r"(?<!\w)(?:tùy|tuỳ|trong khoảng|cao nhất|thấp nhất|cân nhắc|xem xét)(?!\w)", re.IGNORECASE)
_SPAN = re.compile(
    rf"(?:[:,(=]|chấm|cho|được|tính|đạt|điểm|^)\s*(?:từ\s+)?{_N}(?:\s*(?:điểm|đ))?\s*(?:đến|tới|[-–—÷])\s*"
    rf"(?:dưới\s+|cận\s+)?{_N}(?:\s*(?:điểm|đ))?\s*\)?$",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?:từ|trên|dưới|đạt|ít nhất|tối thiểu|quá|hơn|đến|đủ|có|[≥≤<>])\s*(?P<a>[1-9]\d?)\s*/\s*(?P<b>[1-9]\d?)(?![\d/-])"
    r"(?!\s*/)|(?P<sign>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚])|\b(?:hai phần ba|một phần ba|ba phần tư|một nửa)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:mỗi|cứ|từng)\b", re.IGNORECASE)
_LESS = re.compile(
    rf"^(?P<label>[^:]+?)\s*[,:]?\s*(?:thì\s+)?(?:bị\s+)?(?:mất|giảm|trừ)(?:\s+đi)?\s+(?P<points>{_N})\s*(?:điểm|đ)?$",
    re.IGNORECASE,
)
_BLAME = (
    *("vi phạm", "sai phạm", "chậm", "trễ", "muộn", "quá hạn", "sai", "thiếu", "lỗi", "bị", "kỷ luật", "nhắc nhở"),
    *("phê bình", "khiển trách", "cảnh cáo", "trả lại", "khiếu nại", "tố cáo", "tồn đọng", "kém", "yếu"),
    *("trái quy định", "để xảy ra", "khiếu kiện", "cháy nổ", "tai nạn", "mất mát", "thất thoát", "gian lận", "bỏ sót"),
    *("tồn tại", "hạn chế", "nợ đọng", "đình công", "lộ lọt", "ùn tắc", "bức xúc", "dư luận"),
    *("mất", "phạt", "hủy", "sai sót", "tham nhũng", "tiêu cực", "lãng phí"),
)
_SOFT = frozenset(
    ("chậm", "trễ", "muộn", "quá hạn", "thiếu", "sai", "lỗi", "kém", "yếu", "tồn tại", "hạn chế", "trả lại", "mất")
)
"""Faults that a table may well give fewer points than the most."""
_UNDONE = frozenset(("nộp", "gửi", "báo", "ban", "thực", "triển", "xây", "tổ", "lập", "tham", "công", "làm", "hoàn"))
_QUALITIES = frozenset(("đúng", "đủ", "đầy", "kịp", "hết", "tốt", "toàn", "nhưng", "thường", "chậm", "trễ", "sai"))
_GOOD = ("đúng hạn", "hài lòng", "hoàn thành", "đúng quy định", "đầy đủ", "kịp thời", "trước hạn", "được công khai")
REMEDIES = (
    *("xử lý", "khắc phục", "giải quyết", "kiến nghị", "thu hồi", "phát hiện", "giảm", "chấm dứt", "phòng", "chống"),
)
"""What is done against faults: with one of these words, more of it is better."""
_DENIABLE = (
    *_BLAME,
    *(word for word in BAD if word not in ("không", "chưa", "phải", "bổ sung", "khắc phục")),
    *("vượt", "phát sinh", "xảy ra", "đơn", "thư", "dưới", "trên", "hơn", "giảm", "tăng", "án", "oan", "dịch"),
    *("nguy hiểm", "nguy cơ", "rủi ro", "hại", "độc", "lỗ hổng", "trùng", "cấm", "chết", "bệnh", "cháy", "tội phạm"),
)
"""What may be denied for points: that it is not there is good, or says nothing of good and bad."""
_NOUNS = re.compile(r"\b(?:trang thiết bị|thiết bị|chuẩn bị|trang bị|không gian|không khí|hàng không)\b", re.IGNORECASE)
"""Words that hold a word of blame or a denial and mean none."""
_DUTIES = frozenset(
    (
        *("nộp", "gửi", "báo", "ban", "thực", "hoàn", "đạt", "triển", "đúng", "đủ", "đầy", "kịp", "xử", "giải", "tổ"),
        *("công", "khai", "kiểm", "xây", "tham", "cập", "bố", "đăng", "lập", "niêm"),
    )
)
_ASIDE = re.compile(
    r"^(?:\(?(?:nguồn\s+)?(?:số liệu|dữ liệu)\s+(?:được\s+)?(?:lấy|tổng hợp|trích|căn cứ|theo|từ|do)\b"
    r"|nguồn (?:số liệu|dữ liệu)\s*:|tài liệu kiểm chứng\s*:"
    r"|(?:căn cứ|dựa trên|theo) (?:kết quả )?theo dõi (?:của|trên|qua)\b|theo dõi (?:trên|qua) hệ thống\b"
    r"|(?:không|chưa) (?:tính|bao gồm|kể)(?: đến)? (?:các |những |số )?"
    r"(?:hồ sơ|trường hợp|đơn vị|văn bản|nhiệm vụ|báo cáo|cơ quan|thủ tục|tthc)\b|(?:ghi chú|lưu ý)\s*:)",
    re.IGNORECASE,
)
_BITING = re.compile(
    r"\d\s*(?:điểm|đ)\b|\d\s*%|\bđiểm\b|\b(?:trừ|mỗi|cứ|mất|giảm|nếu|thì)\b|tối đa|cao nhất"
    r"|không (?:được )?(?:chấm|cho|cộng)|chỉ (?:được )?(?:chấm|tính|lấy)|không (?:dưới|quá|vượt)"
)
HIGHEST = (
    *("chỉ tính mức điểm cao nhất", "chỉ tính điểm mức cao nhất", "chỉ tính mức cao nhất", "chỉ lấy mức cao nhất"),
    *("chỉ chấm mức cao nhất", "chỉ lấy mức điểm cao nhất", "chỉ chấm điểm mức cao nhất", "lấy mức điểm cao nhất"),
)
"""Heads by which only the highest level counts, so that one of several is chosen."""


def aside(text: str) -> bool:
    """Whether a sentence is one of the closed list that changes no points: where data are from, what is not counted.

    >>> aside("Số liệu lấy từ hệ thống báo cáo"), aside("Lưu ý: gửi chậm thì không chấm điểm")
    (True, False)
    """
    found = _ASIDE.match(text)
    return found is not None and not _BITING.search(fold(text)[found.end() :])


def less(text: str) -> tuple[Clause, Fraction] | None:
    """A level that loses points of the maximum, and how many: `Có vi phạm nhẹ: giảm 0,5 điểm`."""
    found = _LESS.match(text)
    if found is None or each(text) is not None or re.search(r"\b(?:mỗi|cứ|từng)\b", fold(found["label"])):
        return None
    points, level = number(found["points"]), clause(f"{found['label'].strip(' ,:;')}: 0")
    if points is None or points <= 0 or level is None or ("%" in found["label"] and level.range is None):
        return None
    return level, points


def guard(text: str) -> tuple[str, str] | None:
    """Why a sentence must not become an award, in both languages; None when nothing speaks against it.

    >>> guard("Bị nhắc nhở - 2 điểm")[1]
    'a minus before the points'
    >>> guard("Ban hành kịp thời - 2 điểm")
    """
    if fold(text).startswith("quy tắc riêng"):
        return "quy tắc riêng, không viết được bằng câu của phụ lục", "a rule that no sentence of an annex says"
    one = each(text)
    if one is not None and one.sign == 1 and (_MINUS.search(text) or _TAKEN & set(content(one.words))):
        return "dấu trừ hay lời trừ trước số điểm", "a minus or a word of losing before the points"
    if one is not None or "người thẩm định cho điểm" in fold(text):
        return None
    if _MINUS.search(text) and not (_DASH.search(text) and not _faulty(content(text))):
        return "dấu trừ trước số điểm", "a minus before the points"
    if _LOSS.search(text) and less(text) is None:
        return "câu nói về mất, giảm hay trừ điểm", "it speaks of losing points"
    if _DENIED.search(text):
        return "câu phủ nhận số điểm", "it denies the points"
    if _ON_TOP.search(text):
        return "câu cộng thêm điểm ngoài các mức", "it adds points beside the levels"
    if _VAGUE.search(text):
        return "không nói rõ được mấy điểm", "it does not say how many points"
    if _SPAN.search(text) and "tăng dần" not in text.lower() and formula(text) is None:
        return "số điểm là một khoảng", "the points are a range"
    found = _FRACTION.search(text)
    level = clause(text) if marked(text) else None
    unread = marked(text) and (level is None or level.range is None or _EACH.search(text) is not None)
    if unread or (found is not None and (found["a"] is None or int(found["a"]) < int(found["b"]))):
        return (
            "phân số hay ngày tháng? Hãy viết “từ 2/3 tổng số … trở lên”, “dưới 2/3”, hoặc viết bằng phần trăm",
            "a fraction or a day? Write “từ 2/3 tổng số … trở lên”, “dưới 2/3”, or a percentage",
        )
    return None


def _faulty(words: Sequence[str]) -> bool:
    return bool(spoken(_BLAME, words)) or bool(set(NO) & set(words))


def blamed(label: str) -> bool:
    """Whether a label names a fault, or denies a duty: nobody gets points for it.

    >>> blamed("Nộp chậm"), blamed("Không có vi phạm"), blamed("Không báo cáo")
    (True, False, True)
    """
    words = content(_NOUNS.sub("", label))
    faults = spoken(_BLAME, words)
    at = next((i for i, word in enumerate(words) if word in NO), None)
    if at is None:
        return bool(faults)
    if words[at + 1 : at + 2] and words[at + 1] in _DUTIES:
        return True
    return bool(spoken(_BLAME, words[:at])) or not spoken(_DENIABLE, words[at + 1 :])


def amiss(levels: Sequence[tuple[str, Fraction]]) -> str | None:
    """The first label that earns points for a duty that is not done, or for a fault that no other level speaks of.

    >>> from fractions import Fraction as F
    >>> amiss([("Có sáng kiến", F(1)), ("Vi phạm", F(1, 2)), ("Không có sáng kiến", F(0))])
    'Vi phạm'
    >>> amiss([("Không vi phạm", F(2)), ("Vi phạm đã khắc phục", F(1)), ("Vi phạm", F(0))])
    """
    said = [content(_NOUNS.sub("", label)) for label, _ in levels]
    for i, (label, points) in enumerate(levels):
        words = said[i]
        if points <= 0 or not words:
            continue
        if words[0] in NO:
            if words[1:2] and words[1] in _UNDONE and not _QUALITIES & set(words):
                return label
            continue
        hard = spoken(_BLAME, words) - _SOFT
        others = {fault for n, other in enumerate(said) if n != i for fault in spoken(_BLAME, other)}
        if hard and not hard & others and not set(NO) & set(words):
            return label
    return None


def against(labels: Sequence[str], first: Fraction, last: Fraction) -> str:
    """The words by which a scale rewards a fault, or less of what is good; "" when nothing speaks against it.

    `first` and `last` are the points at its lower and its upper end.
    """
    words = [word for label in labels for word in content(label)]
    if "giảm" in words or (last > first and spoken(REMEDIES, words)):
        return ""
    denied = next((i for i, word in enumerate(words) if word in NO), None)
    if last > first:
        if denied is None:
            return next(iter(sorted(spoken(_BLAME, words))), "")
        return " ".join(words[denied : denied + 2]) if words[denied + 1 : denied + 2] in (["đúng"], ["đủ"]) else ""
    good = spoken(_GOOD, words)
    return "" if denied is not None or spoken(_BLAME, words) else next(iter(sorted(good)), "")


def doubtful(label: str) -> bool:
    """Whether the only content of an item denies or blames."""
    return _faulty(content(label))
