"""Levels of one measure as a scale: ranges that meet without gap or overlap."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from par_engine.annex.clauses import Clause, Formula, Range, Rising, content
from par_engine.annex.readings import Doubt, Measure, Reading, Step
from par_engine.annex.words import (
    BAD,
    BEYOND,
    DIVISIBLE,
    EMPTY,
    FALL,
    GROW,
    GROWTH,
    HARD,
    LATE,
    NO,
    NOT_MORE,
    REST,
    SURVEY,
    TARGET,
    spoken,
)
from par_engine.base.decimals import is_decimal
from par_engine.base.types import declared

_CONDITION = "có|không|chưa|được|đạt|đúng|đã|phải|đủ|đầy đủ|hoàn thành|thực hiện|ban hành|bảo đảm|đảm bảo|kịp thời"
_AND = r"(?:,|\+|\bvà|\bđồng thời|\bkèm(?: theo)?|\bvới điều kiện|\bcùng với)"
_IF = r"\b(?:nếu|khi|mà|trong đó|nhưng|do|cộng với|thêm|liên tục|tại|hoàn thành trước|trước ngày|sau ngày)"
_BOUND = r"(?:dưới|trên|từ|đến|cận|không (?:vượt )?quá|(?:nhỏ|thấp|cao|lớn|ít|nhiều) hơn)\b"
_JOINED = (
    re.compile(r"\b((?:trước|sau|trong)\s+(?:(?:ngày|tháng|quý)\s+)?(?:\d|[ivx]+\b).*)$"),
    re.compile(rf"(?:trở lên|trở xuống|%|\d)\s*(?:\(|(?:{_AND}|{_IF})\s)\s*(?!{_BOUND})([^\W\d].*)$"),
    re.compile(rf"\w\s*(?:{_AND}|{_IF})\s+(?:đồng thời\s+)?(?!{_BOUND})((?:{_CONDITION})\b.*)$"),
    re.compile(
        rf"^(?!trừ )(.*[^\W\d].*?)\s*(?:{_AND}|\bthì)\s+"
        r"(?:(?:hoàn thành|đạt|có|tỷ lệ)\s+)*(?:từ|trên|≥|>|\d[\d.,]*\s*%)"
    ),
)
_SUMS = re.compile(r"(?:^|[\s\d)%(\]])[-–—−+±](?:[\s\d(%\[]|$)|\b(?:hiệu|chênh lệch|cộng|trừ)\b", re.IGNORECASE)
_FAR = 200
_NEVER = {"tổ", "chức", "triển", "khai", "thêm", "tăng", "lần"}
"""Words of a level of no points beside counts that say, with a denial, that it was never done."""
MAY_CHOOSE = -1
"""The line of a doubt that leaves open to take the clauses as options word for word."""


def read_steps(clauses: Sequence[Clause], maximum: Fraction, letters: Mapping[str, str]) -> Reading | Doubt:
    """Ranges of one measure that meet without gap or overlap."""
    ranged = measured(clauses)
    choose = Doubt(MAY_CHOOSE, "không rõ các mức đo cái gì", "it is not clear what the levels measure")
    if not ranged:
        return choose
    if any(c.range.unit == "share" and (_far(c.range.low) or _far(c.range.high)) for c in ranged if c.range):
        return Doubt(None, "tỷ lệ vượt xa 100%", "a share far above 100 %")
    units = {c.range.unit for c in ranged if c.range is not None}
    if len(units) > 1 or not homogeneous(ranged):
        mixed = "các mức không nói về cùng một số đo", "the levels do not speak of one measure"
        return Doubt(MAY_CHOOSE, *mixed)
    share = units == {"share"}
    senses = [_sense(c) for c in clauses]
    beyond = share and any("vượt" in s for s in senses)
    falls = any("giảm" in s and c.range is not None for s, c in zip(senses, clauses, strict=True))
    if share and falls and not any("tăng" in s for s in senses):
        return choose  # a part of the whole, or less than the year before?
    formulas = any(isinstance(c.award, Formula) for c in clauses)
    if formulas and any(spoken(BAD, c.words) for c in ranged if isinstance(c.award, Formula)):
        return Doubt(None, "công thức cho điểm theo điều xấu", "a formula that rewards what is bad")
    spans: list[tuple[Range, Clause]] = []
    rest: Clause | None = None
    for c, sense in zip(clauses, senses, strict=True):
        span = c.range or _worded(c, senses, share, ranged)
        if span is None:
            words = " ".join(w for w in content(c.label))
            if (words in REST or _denies(c, ranged)) and rest is None:
                rest = c
                continue
            return Doubt(MAY_CHOOSE, f"“{c.label}” không phải là một khoảng", f"“{c.label}” is no range")
        if "vượt" in sense and share and c.range is not None:
            span = replace(span, low=_plus(span.low), high=_plus(span.high))
            if span.low is None:
                span = replace(span, low=Fraction(100), low_closed="đạt" in c.words)
        if "giảm" in sense and "không" not in c.words and c.range is not None and any("tăng" in s for s in senses):
            return choose
        if (
            "tăng" in sense and share and span.low is None and c.range is not None and "không" not in c.words
        ):  # "tăng dưới 10%" is still growth
            span = replace(span, low=Fraction(0), low_closed="bằng" in c.words)
        spans.append((span, c))
    growing = share and any("tăng" in s for s in senses)
    if beyond and growing:
        return choose
    if growing and not all(
        "tăng" in s or c.range is None or (c.range.low is None and set(c.words) <= EMPTY)
        for s, c in zip(senses, clauses, strict=True)
    ):
        return choose
    measure: Measure = "change" if growing else "share" if share else "number"
    return _meet(spans, rest, measure, maximum, letters)


def _sense(c: Clause) -> set[str]:
    """Whether a level speaks of growth, of a fall, or of going beyond a target."""
    words = list(content(c.label))
    found = {w for w in words if w in GROW | FALL}
    if any(w == "vượt" and (words[i + 1 : i + 2] or ["từ"])[0] in TARGET for i, w in enumerate(words)):
        found |= BEYOND
    return found


def _far(x: Fraction | None) -> bool:
    return x is not None and x > _FAR


def _plus(x: Fraction | None) -> Fraction | None:
    return None if x is None else x + 100


def _worded(c: Clause, senses: Sequence[set[str]], share: bool, ranged: Sequence[Clause]) -> Range | None:
    """A range that is said in words: `không có` beside counts, `giảm` beside growth."""
    words = content(c.label)
    unit: Literal["share", "number"] = "share" if share else "number"
    if share and any("vượt" in s for s in senses):
        if words[0] == "không" and words[1:2] in (("đạt",), ("hoàn",)):
            return Range(None, False, Fraction(100), False, unit)
        if words[0] in ("đạt", "hoàn", "bằng") and not {"không", "hoặc"} & set(words):
            return Range(Fraction(100), True, Fraction(100), True, unit)
    if share and any("tăng" in s for s in senses):
        compared = re.sub(r"so với |(cùng kỳ )?năm (trước|\d{4})( liền kề)?", "", " ".join(words)).strip()
        if compared in NOT_MORE:
            return Range(None, False, Fraction(0), True, unit)
        if compared in ("giảm", "thấp hơn"):
            return Range(None, False, Fraction(0), False, unit)
        if compared in ("bằng", "không đổi", "giữ nguyên"):
            return Range(Fraction(0), True, Fraction(0), True, unit)
    if not share and words and words[0] in NO:
        named = set().union(*(set(r.words) for r in ranged)) | EMPTY | {"không", "chưa", "có", "nào"}
        begins = words[1:2] in (("có",), ("phát",), ("xảy",), ("để",))
        shared = begins and not set(words) & (HARD | LATE) and set(words) & (named - EMPTY - set(NO) - {"nào"})
        never = c.award == 0 and set(words) <= named | _NEVER
        if set(words) <= named or shared or never:
            return Range(Fraction(0), True, Fraction(0), True, unit)
    if share and words[:2] == ("không", "có") and c.award != 0:
        none = set(words[2:])
        if none and none <= set().union(*(set(r.words) for r in ranged)):
            return Range(Fraction(0), True, Fraction(0), True, unit)
    return None


def _denies(c: Clause, ranged: Sequence[Clause]) -> bool:
    """`không hoàn thành kế hoạch` and the like, beside ranges that say what is completed."""
    words = content(c.label)
    return (
        len(words) > 1
        and words[0] == "không"
        and words[1] in ("đạt",)
        and set(words[1:]) <= EMPTY | set(ranged[0].words)
    )


def _meet(
    spans: Sequence[tuple[Range, Clause]],
    rest: Clause | None,
    measure: Measure,
    maximum: Fraction,
    letters: Mapping[str, str],
) -> Reading | Doubt:
    """Put the ranges in order and see that each begins where the one before it ends."""

    def bad(vi: str, en: str) -> Doubt:
        return Doubt(None, vi, en)

    whole = Fraction(100) if measure != "number" else Fraction(1)
    bounds = [x for r, _ in spans for x in (r.low, r.high) if x is not None]
    divisible = any(DIVISIBLE & set(c.words) for _, c in spans)
    counts = measure == "number" and not divisible and all(x.denominator == 1 for x in bounds)
    flat = [(_half_open(r) if counts and not isinstance(c.award, Rising) else r, c) for r, c in spans]
    top_exact = max((r.low for r, _ in flat if r.low is not None), default=None)
    ordered: list[tuple[Range, Clause]] = []
    for r, c in flat:
        if measure == "share" and r.low == r.high == 0:
            ordered.append((r, c))
            continue
        point = r.low is not None and r.low == r.high and r.low_closed and r.high_closed  # "Đạt 100%"
        if point and any(x.low == r.low and not x.low_closed for x, _ in flat):
            ordered.append((r, c))
            continue
        if point and r.low is not None:
            if r.low != top_exact or isinstance(c.award, (Formula, Rising)):
                return bad("một mức chỉ nói đúng một điểm của thang", "a level holds at one point of the scale only")
            if measure == "share" and r.low > 100:
                return bad("mức trên 100%", "a level above 100%")
            if measure != "share" or (r.low != 100 and len(flat) > 1 and not any(x.high == r.low for x, _ in flat)):
                return bad("một mức chỉ nói đúng một điểm của thang", "a level holds at one point of the scale only")
            r = replace(r, high=None, high_closed=False)
        ordered.append((r, c))
    ordered = _from_none(ordered, measure)
    ordered.sort(key=lambda rc: (rc[0].low is not None, rc[0].low or 0, not rc[0].low_closed))
    first = ordered[0][0]
    zero = Fraction(0)
    bottom = first.low is None or (measure != "change" and first.low == 0 and first.low_closed)
    if rest is not None and bottom:
        return bad("mức “còn lại” không còn chỗ", "nothing is left for the remaining level")
    if not bottom and rest is None and ordered[0][1].award == 0 and ordered[-1][1].award != 0:
        ordered[0] = replace(first, low=None, low_closed=False), ordered[0][1]  # less than what gives nothing
        bottom = True
    if not bottom:
        if rest is None:
            vi = "không nói dưới mức thấp nhất thì mấy điểm: nếu là 0, thêm dòng “Còn lại: 0”"
            en = "nothing is said below the lowest level: if it is 0, add the line “Còn lại: 0”"
            return Doubt(None, vi, en, "Còn lại: 0")
        lowest = rest.award
        if not isinstance(lowest, Fraction):
            return bad("mức “còn lại” không có điểm", "the remaining level has no points")
        below = Range(None, False, first.low, not first.low_closed, first.unit)
        ordered.insert(0, (below, Clause("", below, (), lowest)))
    for (left, _), (right, _) in pairwise(ordered):
        if left.high is None or right.low is None or right.low < left.high:
            return bad("các mức chồng lên nhau", "levels overlap")
        if right.low > left.high or not (left.high_closed or right.low_closed):
            return bad("giữa các mức có khoảng trống", "there is a gap between levels")
        if left.high_closed and right.low_closed:
            both = left.high if is_decimal(left.high) else left.high / 100
            return bad(f"hai mức cùng nhận {declared(both, 'vi')}", f"two levels hold at {declared(both, 'en')}")
    last = ordered[-1][0]
    high = None
    if last.high is not None:
        if measure == "share" and last.high == 100 and last.high_closed:
            if isinstance(ordered[-1][1].award, (Formula, Rising)):
                high = Fraction(1)
        elif isinstance(ordered[-1][1].award, Rising) and last.high_closed:
            high = last.high / whole
        else:
            return bad("thang không có mức trên cùng", "the scale has no upper level")
    steps: list[Step] = []
    for r, c in ordered:
        low = r.low / whole if r.low is not None else None
        upper = r.high / whole if r.high is not None else None
        award = c.award
        if isinstance(award, Fraction):
            step = Step(low, r.low_closed, award, award)
        elif isinstance(award, Rising):
            step = Step(low, r.low_closed, award.first, award.last)
        else:
            if not isinstance(award, Formula) or measure != "share" or not is_rate(award, maximum, letters):
                return bad("không hiểu công thức", "the formula is not understood")
            if _of_another(c, award):
                return bad("không hiểu công thức", "the formula is not understood")
            low = low if low is not None else zero
            if upper is None:
                upper = high = award.whole / 100
            points = [maximum * x * 100 / award.whole for x in (low, upper)]
            if points[1] > maximum:
                return bad("công thức cho quá điểm tối đa", "the formula exceeds the maximum")
            step = Step(None if low == 0 and r.low is None else low, r.low_closed, *points)
        steps.append(step)
    if max(max(s.first, s.last) for s in steps) != maximum:
        return bad("mức cao nhất khác điểm tối đa", "the highest level is not the maximum")
    values = [p for s in steps for p in (s.first, s.last)]
    if values not in (sorted(values), sorted(values, reverse=True)):
        return bad("điểm lên rồi xuống", "points rise and fall again")
    if measure == "share" and any(s.low is not None and s.low > 1 for s in steps):
        over: str | None = "allow"
    else:
        over = None
    if high == 1 and measure == "share":
        high = None
        steps = _full_above(steps, maximum)
    things = "điểm" if measure == "number" and divisible else ""
    return Reading("steps", measure, _merged(steps), high, over=over, things=things)


def _from_none(ordered: list[tuple[Range, Clause]], measure: Measure) -> list[tuple[Range, Clause]]:
    """Where a level says that there is nothing (`không có hồ sơ trễ hạn`), `dưới 3%` begins above nothing."""
    if measure != "share" or not any(r.low == r.high == 0 for r, _ in ordered):
        return ordered
    zero = Fraction(0)
    return [
        (replace(r, low=None, low_closed=False), c)
        if r.low == r.high == 0
        else (replace(r, low=zero, low_closed=False), c)
        if r.low is None
        else (r, c)
        for r, c in ordered
    ]


def _full_above(steps: list[Step], maximum: Fraction) -> list[Step]:
    """A formula up to 100 % gives the maximum from there on."""
    last = steps[-1]
    return steps if last.last != maximum else [*steps, Step(Fraction(1), True, maximum, maximum)]


def _half_open(r: Range) -> Range:
    """A range of whole numbers as from ≤ n < below."""
    low = None if r.low is None else r.low if r.low_closed else r.low + 1
    high = None if r.high is None else r.high + 1 if r.high_closed else r.high
    return Range(low, low is not None, high, False, r.unit)


def _merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    out: list[Step] = []
    for step in steps:
        if out and out[-1].first == out[-1].last == step.first == step.last:
            continue
        out.append(step)
    return tuple(out)


def _of_another(c: Clause, found: Formula) -> bool:
    """Whether a range and its formula each name what the other does not."""
    one, two = set(c.words) - EMPTY, set(content(found.words[0])) - EMPTY
    return len(found.words[0]) > 1 and bool(one - two and two - one)


def is_rate(found: Formula, maximum: Fraction, letters: Mapping[str, str]) -> bool:
    """Whether a formula is a rate of something good, a part over its whole, times the maximum.

    What `letters` mean is said beside the formula, or not at all.
    """
    if (found.top is not None and found.top != maximum) or not 0 < found.whole <= _FAR or not found.words:
        return False
    if any(spoken(SURVEY, content(words)) or _SUMS.search(words) for words in found.words):
        return False
    if len(found.words) == 1:
        words = content(found.words[0])
        rate = not words or words[0] in ("tỷ", "tỉ") or "%" in found.words[0]
        changes = "tăng" in words or ("giảm" in words and found.whole == 100)
        return rate and not changes and not spoken(BAD, words)
    named = found.words
    if all(len(word) == 1 for word in named):
        if set(letters) != set(named):
            return False  # letters that nobody explains, or that stand in no formula
        named = tuple(letters.get(word, "") for word in named)
    part, whole = (content(words) for words in named)
    if spoken(BAD, part) - spoken(BAD, whole) or "tổng" not in whole or "điểm" in part:
        return False
    if not set(part) & set(whole) - {"số", "tổng", "các"}:
        return False
    if "tổng" in part:
        return set(part) > set(whole)
    return bool(part) and not set(whole) - {"tổng"} > set(part)


def homogeneous(clauses: Sequence[Clause]) -> bool:
    """Whether the words beside the ranges name one measure."""
    grow = any("tăng" in c.words for c in clauses)
    said = EMPTY | GROW | FALL | BEYOND | (GROWTH if grow else set())
    sets = [set(_measure_words(c)) - said for c in clauses]
    largest = max(sets, key=len)
    bad = [spoken(BAD, _measure_words(c)) - (said if grow else set()) for c in clauses]
    most = bad[sets.index(largest)]
    for found, words in zip(bad, sets, strict=True):
        if words and found != most and (found or _denied_of(clauses[sets.index(largest)]) & words):
            return False
    for joined in (words for c in clauses for words in _conditions(c.label)):
        if not all(joined - said <= words for words in sets):
            return False  # a second condition that other levels do not have
    elided = not sets[0] and len(sets) > 2 and all(words == sets[1] for words in sets[1:])
    if not elided and any(words - sets[0] for words in sets[1:]):
        return False  # what the first level leaves out, a later one alone does not add
    for words in sets:
        if HARD & (largest ^ words) or (words and LATE & (largest ^ words)):
            return False
        if words and (not words & largest or (words - largest and largest - words)):
            return False
    return True


def _conditions(label: str) -> list[set[str]]:
    """The words of what a level asks for besides its range; an exception in brackets is none."""
    text = re.sub(r"\(trừ [^()]*\)", "", label.lower())
    found = (sign.search(text) for sign in _JOINED)
    return [set(content(one[1])) - {"trở", "lên"} for one in found if one is not None]


def _denied_of(c: Clause) -> set[str]:
    """The words that a level denies: one beside it that says them without the denial is of another measure."""
    return {word for no, word in pairwise(_measure_words(c)) if no in NO}


def _measure_words(c: Clause) -> list[str]:
    """The words beside a range without the year that it is compared with."""
    text = " ".join(c.words)
    return re.sub(r"so với (cùng kỳ )?(năm )?(trước|\d{4})( liền kề)?|liền kề", " ", text).split()


def measured(clauses: Sequence[Clause]) -> list[Clause]:
    return [c for c in clauses if c.range is not None]
