"""The words by which rule sentences are told apart: phrases that say something, and words that say nothing."""

import re
from collections.abc import Collection, Sequence

SURVEY = (
    "điều tra xã hội học",
    "khảo sát",
    "phiếu điều tra",
    "xác định qua điều tra",
    "theo kết quả điều tra",
    "điều tra xhh",
)
ONE = ("chọn một trong các mức", "chọn một mức", "chỉ chọn một", "một trong các mức")
SUM = (
    "cộng điểm các nội dung",
    "tính điểm cộng dồn",
    "cộng dồn điểm",
    "cộng điểm từng nội dung",
    "tổng điểm các nội dung",
    "điểm cộng các nội dung",
)
HEAD_TAILS = frozenset(
    (
        *("như", "sau", "đây", "cụ", "thể", "là", "được", "tính", "theo", "các", "mức", "xác", "định", "điểm", "trong"),
        *("dưới", "nội", "dung", "cho", "và", "của", "tiêu", "chí", "thành", "phần"),
    )
)
"""What may follow a head without saying more than it does."""
HEADS = (
    *("cách tính điểm", "thang điểm", "cách chấm điểm", "điểm đánh giá", "tính điểm như sau", "trong đó"),
    *("phương pháp chấm điểm", "phương pháp tính điểm", "phương pháp đánh giá", "mức điểm", "cách cho điểm"),
)
REST = {
    "còn lại",
    "thấp hơn",
    "các trường hợp còn lại",
    "trường hợp khác",
    "mức còn lại",
    "không đạt",
    "dưới mức trên",
}
REST |= {"các trường hợp khác", "trường hợp còn lại", "dưới mức này", "không đạt mức trên", "không đạt các mức trên"}
NOTHING = {"không phát sinh", "mẫu số bằng không", "mẫu số bằng 0", "không có phát sinh"}
OVER = {"vượt 100 tính bằng 100": "cap", "vượt 100 không chấp nhận": "refuse", "vượt 100 được tính": "allow"}
NO = ("không", "chưa")

# Words that every clause may have or not without meaning something else; conditions that must be shared by all; and
# qualities that one clause must not have alone.
EMPTY = {
    "hoàn",
    "thành",
    "đạt",
    "thực",
    "hiện",
    "tỷ",
    "tỉ",
    "lệ",
    "có",
    "số",
    "được",
    "thì",
    "nếu",
    "kết",
    "quả",
    "của",
    "các",
    "những",
    "mức",
    "trong",
    "là",
    "so",
    "với",
    "tổng",
    "năm",
    "điểm",
    "từ",
    "trường",
    "hợp",
    "còn",
    "lại",
}
HARD = {"hoặc", "nhưng", "ngoài", "song"}
LATE = {"muộn", "chậm", "trễ"}
GROWTH = {"không", "hoặc", "kể", "cả", "bằng", "trước", "tốc", "độ"}
OPPOSED = (
    ("trước", "sau"),
    ("trong", "sau"),
    ("trong", "ngoài"),
    ("trên", "dưới"),
    ("đúng", "sai"),
    ("đủ", "thiếu"),
    ("nhiều", "ít"),
    ("nhanh", "chậm"),
    ("trước", "đúng"),
    ("sớm", "đúng"),
    ("thiện", "duy"),
    ("thiện", "giữ"),
    *((good, late) for good in ("đúng", "kịp", "sớm", "trước") for late in ("chậm", "muộn", "trễ", "quá", "sau")),
)
GROW, FALL, BEYOND = {"tăng"}, {"giảm"}, {"vượt"}
DIVISIBLE = {"điểm", "đồng", "ha", "km", "giờ", "tấn", "kg", "mét"}  # between 79 and 80 of them lies something
TARGET = {"chỉ", "kế", "dự", "mức", "từ", "dưới", "trên"}  # what follows "vượt" when it means beyond a target
NOT_MORE = {
    "không tăng",
    "không tăng hoặc giảm",
    "giảm hoặc không tăng",
    "bằng hoặc giảm",
    "bằng hoặc thấp hơn",
    "không cao hơn",
}

# What nobody should get points for: a level of it is a lower level, a rate of it is no rate to multiply by.
LESS = (
    "chậm",
    "trễ",
    "muộn",
    "quá hạn",
    "một phần",
    "thiếu",
    "sai",
    "chưa",
    "cơ bản",
    "phần lớn",
    "còn lại",
    "một số",
    "đang",
    "sơ sài",
    "kéo dài",
)
BAD = (
    *("không", "chưa", "bị", "chậm", "trễ", "muộn", "quá", "sai", "thiếu", "trả lại", "vi phạm", "lỗi", "trái"),
    *("từ chối", "hủy", "tồn", "nợ", "phạt", "yếu", "kém", "khiếu nại", "tố cáo", "kỷ luật", "tai nạn", "nghèo"),
    *("phải", "còn", "mất", "phản đối", "vướng mắc", "bổ sung", "làm lại", "rút", "thu hồi", "thất thoát", "lãng phí"),
    *(
        "bỏ",
        "dừng",
        "hoãn",
        "đình chỉ",
        "xấu",
        "ô nhiễm",
        "khắc phục",
        "vướng",
        "dôi dư",
        "phàn nàn",
        "nhắc nhở",
        "phê bình",
        "dư thừa",
        "vượt thẩm quyền",
    ),
)
GRADES = (
    *("xuất sắc", "rất tốt", "tốt", "giỏi", "khá", "trung bình", "yếu", "kém", "rất cao", "cao", "thấp", "toàn bộ"),
    *("tăng", "giảm", "giữ nguyên", "không đổi", "đầy đủ", "tương đối", "ổn định", "hơn", "bằng"),
    *("vượt", "ngang", "như", "lớn", "vừa", "nhỏ", "nhiều", "ít", "hoàn toàn", "phần nào", "thường xuyên"),
)
_FILLING = frozenset(["có", "đã", "được", "thì", "nếu", "là", "các", "những", "việc", "đạt", "xếp"])
_ORDER = re.compile(
    r"(?<!\S)(loại|mức độ|mức|hạng|bậc|nhóm|cấp độ|quý|tháng|ngày|tuần|lần|giải|thứ)"
    r" ([a-e]|\d+(?: \d+)*|[ivx]+|nhất|nhì|nhỉ|hai|ba|tư|bốn|năm|khuyến khích)(?!\S)"
)
_ASKED_BY = frozenset(
    (
        *("kết", "quả", "điểm", "số", "đánh", "giá", "được", "xác", "định", "tính", "chấm", "lấy", "qua", "thông"),
        *("theo", "bằng", "căn", "cứ", "dựa", "trên", "tiêu", "chí", "của", "từ"),
    )
)
_ASKED = ("lãnh đạo", "quản lý", "dân", "doanh nghiệp", "hài lòng", "công chức", "đại biểu", "cán bộ", "xã hội học")
_WHOM = frozenset(
    (
        *(
            "khảo",
            "sát",
            "điều",
            "tra",
            "xã",
            "hội",
            "học",
            "xhh",
            "phiếu",
            "ý",
            "kiến",
            "đo",
            "lường",
            "sự",
            "mức",
            "độ",
        ),
        *(
            "hài",
            "lòng",
            "của",
            "đối",
            "với",
            "người",
            "dân",
            "nhân",
            "cá",
            "tổ",
            "chức",
            "doanh",
            "nghiệp",
            "đại",
            "biểu",
        ),
        *(
            "hđnd",
            "ubnd",
            "đồng",
            "tỉnh",
            "thành",
            "phố",
            "huyện",
            "phường",
            "lãnh",
            "đạo",
            "quản",
            "lý",
            "cấp",
            "phòng",
        ),
        *(
            "sở",
            "ban",
            "ngành",
            "cán",
            "bộ",
            "công",
            "viên",
            "do",
            "nội",
            "vụ",
            "thực",
            "hiện",
            "tiến",
            "hành",
            "và",
            "các",
        ),
        *(
            "cơ",
            "quan",
            "đơn",
            "vị",
            "địa",
            "phương",
            "năm",
            "trên",
            "bàn",
            "hàng",
            "hằng",
            "mặt",
            "trận",
            "đoàn",
            "thể",
        ),
    )
)
_NOT_ASKED = (
    *("không", "chưa", "đã", "có", "tự", "tổ chức thực hiện", "hệ số", "nhân hệ", "nhân với", "nhân hai", "nhân ba"),
    *("nhân đôi", "x", "chia", "cộng", "trừ", "điểm", "báo cáo", "kế hoạch", "hoặc", "nếu", "trở lên", "kết quả"),
    *("thẩm định", "kết hợp", "miễn", "đạt", "hồ sơ", "xem xét", "quyết định"),
)


def survey(text: str) -> bool:
    """Whether a text says no more than that a survey gives the points: not that one was held, or how it counts.

    >>> survey("Khảo sát lãnh đạo, quản lý"), survey("Đã khảo sát lãnh đạo, quản lý")
    (True, False)
    """
    words = re.findall(r"\w+", text.lower())
    said = f" {' '.join(words)} "
    starts = [(at, phrase) for phrase in SURVEY if (at := said.find(f" {phrase} ")) >= 0]
    if not starts or re.search(r"[^\w\s,;:()/.-]|\d", text):
        return False
    at, phrase = min(starts)
    head, tail = said[:at].split(), said[at + len(phrase) + 1 :].split()
    if not set(head) <= _ASKED_BY or spoken(_NOT_ASKED, tail):
        return False
    named = tail[: tail.index("về")] if "về" in tail else tail
    if not set(named) <= _WHOM:
        return False
    return phrase != "khảo sát" or bool(head) or bool(spoken(_ASKED, tail))


def spoken(phrases: Sequence[str], words: Sequence[str]) -> set[str]:
    """Which of the phrases stand in the words, as words of their own."""
    text = f" {' '.join(words)} "
    return {phrase for phrase in phrases if f" {phrase} " in text}


def lower_level(words: Sequence[str]) -> bool:
    """Whether words speak of what was done late or in part, and so of a level and not of a content."""
    said = f" {' '.join(words)} "
    found = [said.index(f" {phrase} ") for phrase in LESS if f" {phrase} " in said]
    return " ".join(words) in REST or any(" không " not in said[: at + 1] for at in found)


def exclusive(a: Sequence[str], b: Sequence[str], *, alike: bool) -> bool:
    """Whether two labels that both give points (`alike`: equally many) may be levels of one thing."""
    one, two = (frozenset(words) - _FILLING for words in (a, b))
    if one <= two or two <= one or _denied(a, two) or _denied(b, one):
        return True
    if max(len(one), len(two)) == 1:
        return True
    near = _near(one, two) or min(len(one), len(two)) <= 2
    pairs = ((x, y) for pair in OPPOSED for x, y in (pair, pair[::-1]))
    if near and any(x in one - two and y in two - one for x, y in pairs):
        return True
    dates = all("trước ngày" in " ".join(words) for words in (a, b))
    return _graded(a, b) or ((dates or not alike) and (_ordered(a, b) or _replaced(a, b)))


def _replaced(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two labels begin alike and differ in a word or two, or in figures only."""
    one, two = ([word for word in words if word not in _FILLING] for words in (a, b))
    rest = set(one) ^ set(two)
    fewest, most = sorted((len(set(one) - set(two)), len(set(two) - set(one))))
    return one[:1] == two[:1] and ((fewest <= 1 and most <= 2) or all(word.isdigit() for word in rest))


def _near(a: Collection[str], b: Collection[str]) -> bool:
    """Whether two sets of words share half of the smaller one."""
    return 2 * len(set(a) & set(b)) >= min(len(a), len(b))


def _denied(words: Sequence[str], others: frozenset[str]) -> bool:
    """Whether the words deny what the others say."""
    at = next((i for i, word in enumerate(words) if word in NO), None)
    if at is None or others & set(NO):
        return False
    denied = frozenset(words[at + 1 :]) - _FILLING
    return not denied or _near(denied, others)


def _graded(a: Sequence[str], b: Sequence[str]) -> bool:
    one, two = spoken(GRADES, a), spoken(GRADES, b)
    if not one - two or not two - one:
        return False
    return _near(*(set(words) - _FILLING - set(" ".join(one | two).split()) - {"loại"} for words in (a, b)))


def _ordered(a: Sequence[str], b: Sequence[str]) -> bool:
    one, two = (dict(_ORDER.findall(" ".join(words))) for words in (a, b))
    if not any(one[noun] != two[noun] for noun in one.keys() & two.keys()):
        return False
    return _near(*({*_ORDER.sub("", " ".join(words)).split()} - _FILLING for words in (a, b)))
