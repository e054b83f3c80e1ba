"""Other words for what the grammar knows: each sentence of a closed list is put into the words of the manual's forms.

Nothing is decided here: what comes out goes through the same guards and the same grammar as what was written.
"""

from __future__ import annotations

import re

from par_engine.annex.clauses import clause, content, each, formula, fractions
from par_engine.annex.words import BAD, EMPTY, NO, spoken
from par_engine.base.names import fold

_N = r"\d+(?:[.,]\d+)?"
_ONE = r"(?:01|1|một)"
_THEN = r"(?:\s*[:,=]\s*|\s+)(?:thì\s+)?"
_FIRST = re.compile(
    rf"^(?:(?:được|đạt|chấm)\s+)?(?P<award>{_N}\s*(?:điểm|đ)|điểm tối đa|\d+\s*%\s*(?:số\s+)?điểm(?: tối đa)?)"
    r"\s*(?::|nếu|khi|đối với trường hợp|cho trường hợp)\s+(?P<label>[^\W\d].*)$",
    re.IGNORECASE,
)
_LAST = re.compile(r"^(?P<label>.+?)\s*[:,]\s*(?P<award>[^:;,]*điểm)$", re.IGNORECASE)
_PART = re.compile(
    r"(?P<sep>\s*:\s*(?:(?:được|đạt|chấm|tính|bằng)\s+(?:tính\s+|chấm\s+)?)?|\s+(?:thì\s+)?(?:được|đạt)\s+(?:tính\s+)?)"
    r"(?:(?P<percent>\d+(?:[.,]\d+)?)\s*%|(?P<half>1/2|½|một nửa|nửa))\s*(?:số\s+)?điểm(?:\s+(?:tối đa|chuẩn))?"
    r"(?:\s+của\s+(?:tiêu chí|mục|nội dung)(?:\s+này)?)?$",
    re.IGNORECASE,
)
_BEFORE_PART = re.compile(r"\b(?:không|chưa|trừ|giảm|mất|bị|bớt|phạt)\s*$", re.IGNORECASE)
_SCORE = re.compile(
    r"^(?:(?:được\s+)?(?:tính\s+theo\s+)?công\s+thức(?:\s+sau)?\s*:\s*)?(?:số\s+)?điểm"
    r"(?:\s+(?:số|đạt được|đánh giá|đạt|được tính|của tiêu chí|tiêu chí))*\s*(?:=|bằng|là)\s*"
    r"(?P<right>.*?(?:[x×*]|nhân).*)$",
    re.IGNORECASE,
)
_RATE_FIRST = re.compile(
    rf"^(?P<top>{_N}|điểm tối đa)\s*(?:điểm\s*)?(?:[x×*]|nhân(?:\s+với)?)\s*(?P<rate>[^x×*]+)$", re.IGNORECASE
)
_BY_RATE = re.compile(
    r"^(?P<label>.*\d\s*%.*?)\s*:\s*(?:được\s+)?tính theo\s+(?P<rate>tỷ lệ\s.*nhân.*)$", re.IGNORECASE
)
_ONE_OFF = re.compile(
    rf"^(?:(?P<fault>chậm|muộn|trễ|sai|quá hạn|vắng)\s+)?{_ONE}\s+(?P<thing>[^\d:;,]+?)\s*[:,]?\s+(?:thì\s+)?(?:bị\s+)?"
    rf"trừ\s+(?P<points>{_N}\s*(?:điểm|đ)\b.*)$",
    re.IGNORECASE,
)
_OFF_ONE = re.compile(
    rf"^trừ\s+(?P<points>{_N}\s*(?:điểm|đ))\s+(?:cho|đối với|với)\s+{_ONE}\s+(?P<thing>[^\d:;,]+)$", re.IGNORECASE
)
_OFF_PER = re.compile(
    rf"^(?P<fault>[^\d:;,%]+?)\s*[:,]?\s+(?:thì\s+)?(?:bị\s+)?trừ\s+(?P<points>{_N}\s*(?:điểm|đ))\s*/\s*(?:{_ONE}\s+)?(?P<thing>[^\d:;,/%]+)$",
    re.IGNORECASE,
)
_SIGNED_EACH = re.compile(
    rf"^(?P<each>(?:cứ\s+)?(?:mỗi|một)\s+[^:;\d]+|cứ\s+[^:;\d]+?)\s*:\s*[-–—−]\s?(?P<points>{_N})\s*(?:điểm|đ)?$",
    re.IGNORECASE,
)
_SIGNED_PER = re.compile(
    rf"^[-–—−](?P<points>{_N}\s*(?:điểm|đ)?)\s*/\s*(?:{_ONE}\s+)?(?P<thing>[^\d:;,/%]+)$", re.IGNORECASE
)
_VERB_EACH = re.compile(r"^(?:tổ chức|thực hiện|có|xây dựng)\s+(?=mỗi\s)", re.IGNORECASE)
_RANK = re.compile(r"^(?:mức|trường hợp)\s+\d{1,2}\s*[:.)–-]\s*(?=\D)", re.IGNORECASE)
_SPENT = re.compile(
    rf"[,;]?\s*(?:và\s+)?(?:trừ\s+)?(?:cho\s+)?(?:(?:đến|tới)\s+)?(?:khi\s+)?hết\s+(?:số\s+)?(?P<points>{_N})\s*(?:điểm|đ)(?:\s+thì\s+thôi)?$",
    re.IGNORECASE,
)
_NOT_OFF = re.compile(r"không\s+(?:được\s+)?trừ\s+(?:vượt\s+)?quá\s+(?=\d)", re.IGNORECASE)
_OF_ALL = re.compile(r"\((của tổng số [^()\d]+)\)", re.IGNORECASE)
_MET = re.compile(r"(\d\s*%\s+(?:số\s+|các\s+)*chỉ tiêu\s+)đạt\s+(?:và|hoặc)\s+vượt(?=\s*:)", re.IGNORECASE)
_ALL_OFF = re.compile(
    r"\s*[:,]?\s*(?:thì\s+)?(?:bị\s+)?(?:trừ|mất)\s+(?:toàn bộ|hết)(?:\s+số)?\s+điểm"
    r"(?:\s+của\s+(?:tiêu chí|mục|nội dung)(?:\s+này)?)?$",
    re.IGNORECASE,
)


def plain_signs(text: str) -> str:
    """A line without marks that change nothing, a plus before points, brackets round a per cent; fractions marked."""
    text = fractions(text)
    text = re.sub(r"([:=(]\s*)\+\s*(?=\d)", r"\1", text)
    text = _MET.sub(r"\1đạt", _OF_ALL.sub(r"\1", text))
    text = re.sub(r"(\b[a-z] là [^;]+?),\s+(?=[a-z] là\s)", r"\1; ", text)
    if re.search(r"[x×*/]", text):
        text = re.sub(r"([x×*]\s*\d+(?:[.,]\d+)?)\s*/\s*100\s*%", r"\1", text)
        text = re.sub(r"/\s*[\[(]\s*(\d+\s*%)\s*[\])]", r"/\1", text)
        text = re.sub(r"\s*\(\s*%\s*\)", " %", text)
    return text


def signed(line: str) -> str | None:
    """`-0,5 điểm/01 trường hợp`, where the dash is a minus and no bullet, as a deduction for each."""
    found = _SIGNED_PER.match(line)
    return None if found is None else f"Mỗi {found['thing'].strip()} trừ {_points(found['points'])}"


def phrased(text: str) -> str:
    """A sentence in the words of the manual's forms; itself when it is in no other words that are known.

    >>> phrased("0,5 điểm nếu ban hành chậm"), phrased("01 hồ sơ chậm trừ 0,25 điểm")
    ('ban hành chậm: 0,5 điểm', 'Mỗi hồ sơ chậm trừ 0,25 điểm')
    """
    text = _half(text)
    ranked = _RANK.sub("", text)
    if ranked != text and clause(ranked) is not None:
        text = ranked
    text = _NOT_OFF.sub("trừ tối đa ", text)
    spent = _SPENT.search(text)
    if spent is not None and spent.start():
        text = f"{text[: spent.start()]}, trừ tối đa {spent['points']} điểm"
    return _score(_off(_first(_VERB_EACH.sub("", text))))


def all_off(text: str, other: str) -> str:
    """`Có vi phạm: trừ toàn bộ số điểm` as a level of 0: only beside the one level that denies the same.

    >>> all_off("Vi phạm: trừ hết điểm", "Không vi phạm: 2 điểm")
    'Vi phạm: 0 điểm'
    """
    beside, turned = clause(other), _ALL_OFF.sub(": 0 điểm", text)
    if turned == text or re.search(r"\d", text) or beside is None or beside.range is not None:
        return text
    denied, said = content(beside.label), set(content(turned.partition(":")[0])) - EMPTY - {"để", "xảy", "ra"}
    return turned if denied[:1] and denied[0] in NO and said and said <= set(denied) else text


def _half(text: str) -> str:
    """Parts of the points: `50% số điểm`, `một nửa số điểm`."""
    found = _PART.search(text)
    if found is None or not found.start() or _BEFORE_PART.search(text[: found.start()]):
        return text
    return f"{text[: found.start()]}: {found['percent'] or '50'}% số điểm tối đa"


def _first(text: str) -> str:
    """The award before what it is for."""
    found = _FIRST.match(text)
    if found is None or clause(text) is not None or each(text) is not None:
        return text
    award = _half(f"a: {found['award']}")[3:]
    turned = f"{found['label'].strip()}: {award}"
    return turned if clause(turned) is not None else text


def _off(text: str) -> str:
    """A deduction for each thing that does not say `mỗi`, or that is a number with a minus."""
    for form in (_ONE_OFF, _OFF_ONE, _OFF_PER):
        found = form.match(text)
        if found is None or each(text) is not None or re.search(r"\b(?:mỗi|cứ|từng)\b", fold(text)):
            continue
        thing = found["thing"].strip()
        fault = (found.groupdict().get("fault") or "").strip().lower()
        if form is _OFF_PER:
            thing = fault if set(content(thing)) <= set(content(fault)) else f"{thing} {fault}"
        elif fault:
            thing = f"{thing} {fault}"
        return f"Mỗi {thing} trừ {found['points']}"
    found = _SIGNED_EACH.match(text)
    if found is not None and spoken(BAD, content(found["each"])):
        return f"{found['each'].strip()} trừ {_points(found['points'])}"
    return text


def _points(text: str) -> str:
    return f"{text.rstrip('điểmĐ ').strip()} điểm"


def _score(text: str) -> str:
    """A formula that begins with the points that it gives, has its top first, or is said in words."""
    by_rate = _BY_RATE.match(text)
    if by_rate is not None:
        return f"{by_rate['label']}: {by_rate['rate']}"
    found = _SCORE.match(text)
    if found is None:
        return text
    right = re.sub(r"\{", "(", re.sub(r"\}", ")", found["right"])).strip()
    right = re.sub(r"\(\s*\(([^()]*)\)\s*/\s*\(([^()]*)\)\s*\)", r"(\1/\2)", right)
    right = re.sub(r"\s*÷\s*|\s+:\s+(?=[^\W\d])", " / ", right)
    turned = _RATE_FIRST.match(right)
    if turned is not None and not re.search(r"\d", turned["rate"]):
        right = f"{turned['rate'].strip()} x {turned['top']}"
    return right if formula(right) is not None else text
