"""From the lines beneath a criterion to a rule: what they say, what they leave unsaid, and what stays open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from par_engine.annex.clauses import Clause, Each, Formula, Range, Rising, clause, content, each, formula
from par_engine.annex.words import (
    BEYOND,
    EMPTY,
    FALL,
    GROW,
    HARD,
    HEADS,
    NO,
    NOTHING,
    ONE,
    OVER,
    QUALITY,
    REST,
    SUM,
    SURVEY,
)

Kind = Literal["steps", "choice", "checklist", "tally", "deduction", "survey", "given"]
Measure = Literal["share", "change", "number"]


@dataclass(frozen=True)
class Step:
    """Points from `low` (or above it) up to the next step: fixed, or rising to `last` at the upper end."""

    low: Fraction | None
    closed: bool
    first: Fraction
    last: Fraction


@dataclass(frozen=True)
class Reading:
    """A rule as the lines say it, without names of facts.

    `steps` go from the lowest measure upward, shares as fractions of one; `high` is the end of the last, when it has
    one. `unsaid` names what the lines leave open and the engine must know: `below`, `whole_zero`, `over`, `floor`.
    """

    kind: Kind
    measure: Measure | None = None
    steps: tuple[Step, ...] = ()
    high: Fraction | None = None
    labels: tuple[tuple[str, Fraction], ...] = ()
    step: Fraction | None = None
    floor: Fraction | None = None
    whole_zero: str | None = None
    over: str | None = None
    things: str = ""
    unsaid: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Doubt:
    """Why no rule was read, and from which line (counted from 0; None for all of them together)."""

    line: int | None
    vi: str
    en: str


_BULLET = re.compile(r"^\s*([-–—+*•▪◦]|[a-zđ][.)]|\d+[.)](?=\s))\s*(?=\S)", re.IGNORECASE)
_PARTS = re.compile(r"\s*;\s*|(?<=[\d)mđa])\.\s+(?=[^\W\d])")
_MORE = re.compile(r"^người thẩm định cho điểm từ (0) đến ([\d,.]+)$")


def read_rule(lines: Sequence[str], maximum: Fraction) -> Reading | Doubt:
    """The rule that the lines beneath an item with this maximum say.

    >>> from fractions import Fraction as F
    >>> read_rule(["Mỗi trường hợp trừ 0,25 điểm, không dưới 0"], F(1)).step
    Fraction(1, 4)
    >>> read_rule(["Tùy mức độ hoàn thành"], F(1)).line
    0
    """
    parts = _split(lines)
    if not parts:
        return Doubt(None, "không có câu quy tắc nào", "there is no rule sentence")
    whole = _whole_line(parts, maximum)
    if whole is not None:
        return whole
    read: list[tuple[int, str, Clause | Each]] = []
    state: dict[str, str] = {}
    heads: set[str] = set()
    plain: list[tuple[int, str]] = []
    for at, text in parts:
        doubt = _one(at, text, read, state, heads, plain)
        if doubt is not None:
            return doubt
    clauses = [(at, text, c) for at, text, c in read if isinstance(c, Clause)]
    eaches = [(at, text, e) for at, text, e in read if isinstance(e, Each)]
    if eaches:
        return _each(eaches, clauses, plain, maximum)
    if plain:
        at, text = plain[0]
        return Doubt(at, f"không hiểu “{text}”", f"not understood: “{text}”")
    found = _clauses([c for _, _, c in clauses], heads, maximum)
    if isinstance(found, Doubt):
        return found
    if state and found.kind != "steps":
        return Doubt(None, "câu nói về mẫu số không hợp với quy tắc này", "the rule has no whole that could be zero")
    unsaid = set(found.unsaid)
    if found.measure in ("share", "change") and "whole_zero" not in state:
        unsaid.add("whole_zero")
    if found.measure == "share" and "over" not in state and found.over is None:
        unsaid.add("over")
    return replace(
        found,
        whole_zero=state.get("whole_zero"),
        over=state.get("over", found.over),
        unsaid=frozenset(unsaid),
    )


def reads(text: str) -> bool:
    """Whether a text has at least one line that awards points or is another known form of a rule."""
    return any(
        clause(part) is not None or each(part) is not None or formula(part) is not None or _special(part)
        for _, part in _split([text])
    )


def _special(text: str) -> bool:
    lower = " ".join(text.lower().split())
    return lower.startswith((*SURVEY, *ONE, *SUM, "người thẩm định cho điểm", "quy tắc riêng"))


def _split(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The sentences with the line that each stands on; a formula on a line of its own joins the one before it."""
    out: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        text = unicodedata.normalize("NFC", line).replace("\u00a0", " ").replace("…", "...").replace("“", '"')
        for piece in (" ".join(row.split()) for row in text.splitlines()):
            for part in _PARTS.split(piece):
                part = _BULLET.sub("", part).strip().rstrip(".;,").strip()
                if not part:
                    continue
                if out and formula(part) is not None and clause(part) is None and _awaits_formula(out[-1][1]):
                    out[-1] = (out[-1][0], f"{out[-1][1].rstrip(' :')}: {part}")
                else:
                    out.append((at, part))
    return out


def _awaits_formula(text: str) -> bool:
    lower = text.lower().rstrip(" :")
    return lower.endswith(("công thức", "công thức sau", "như sau", "theo tỷ lệ")) or text.rstrip().endswith(":")


def _whole_line(parts: Sequence[tuple[int, str]], maximum: Fraction) -> Reading | None:
    """The rules that one sentence alone makes."""
    if len(parts) != 1:
        return None
    lower = " ".join(parts[0][1].lower().split())
    if lower.startswith(SURVEY) and clause(parts[0][1]) is None:
        return Reading("survey")
    given = _MORE.match(lower)
    if given and Fraction(given[2].replace(",", ".")) == maximum:
        return Reading("given")
    return None


def _one(
    at: int,
    text: str,
    read: list[tuple[int, str, Clause | Each]],
    state: dict[str, str],
    heads: set[str],
    plain: list[tuple[int, str]],
) -> Doubt | None:
    """Sort one sentence into what it is."""
    lower = " ".join(text.lower().rstrip(" :").split())
    words = " ".join(content(text))
    if words in OVER:
        state["over"] = OVER[words]
        return None
    for phrase, name in ((ONE, "choice"), (SUM, "checklist")):
        if lower.startswith(phrase):
            heads.add(name)
            return None
    if lower.startswith(HEADS) and not re.search(r"\d", lower):
        return None
    found = each(text) if not heads else None
    if found is not None:
        read.append((at, text, found))
        return None
    one = clause(text)
    if one is None:
        plain.append((at, text))
        return None
    if " ".join(content(one.label)) in NOTHING:
        if isinstance(one.award, (Formula, Rising)):
            return Doubt(at, f"không hiểu “{text}”", f"not understood: “{text}”")
        named = {"top": "full", "not_applicable": "not_applicable", "missing": "missing"}
        value = named.get(str(one.award)) or ("zero" if one.award == 0 else "full?")
        state["whole_zero"] = value
        if value == "full?":
            read.append((at, text, one))
            del state["whole_zero"]
        return None
    if one.award in ("not_applicable", "missing"):
        return Doubt(at, f"không hiểu “{text}”", f"not understood: “{text}”")
    read.append((at, text, one))
    return None


def _each(
    eaches: Sequence[tuple[int, str, Each]],
    clauses: Sequence[tuple[int, str, Clause]],
    plain: Sequence[tuple[int, str]],
    maximum: Fraction,
) -> Reading | Doubt:
    """Points for, or off for, each thing; what stands beside it must say the same."""
    if len(eaches) > 1:
        if all(e.sign == 1 and e.most is None for _, _, e in eaches) and sum(e.step for _, _, e in eaches) == maximum:
            return Doubt(eaches[1][0], "nhiều câu “mỗi …”", "several sentences “for each …”")
        return Doubt(eaches[1][0], "nhiều câu “mỗi …”", "several sentences “for each …”")
    at, _text, one = eaches[0]
    if one.sign == 1 and plain and not clauses:
        labels = tuple((label, one.step) for _, label in plain)
        if one.step * len(labels) == maximum and all(i > at for i, _ in plain):
            return Reading("checklist", labels=labels)
        return Doubt(at, "số nội dung × điểm khác điểm tối đa", "contents × points are not the maximum")
    if plain:
        return Doubt(plain[0][0], f"không hiểu “{plain[0][1]}”", f"not understood: “{plain[0][1]}”")
    rest = [c for _, _, c in clauses]
    for i, said, c in clauses:
        no = c.range is None and c.label.lower().startswith(NO)
        want = maximum if one.sign == -1 else Fraction(0)
        if not no or (maximum if c.award == "top" else c.award) != want or len(rest) > 1:
            return Doubt(i, f"“{said}” không hợp với câu “mỗi …”", f"“{said}” does not go with “for each …”")
    if one.step <= 0 or one.step > maximum:
        return Doubt(at, "bước điểm không hợp với điểm tối đa", "the step does not go with the maximum")
    if one.sign == 1:
        if one.floor is not None or (one.most is not None and one.most != maximum):
            return Doubt(at, "mức tối đa khác điểm tối đa của mục", "the most is not the item's maximum")
        return Reading("tally", step=one.step, things=one.words)
    floor = one.floor
    if one.most is not None:
        floor = maximum - one.most
    if floor is not None and not 0 <= floor < maximum:
        return Doubt(at, "mức thấp nhất không hợp", "the lowest does not go with the maximum")
    unsaid = frozenset({"floor"} if floor is None else ())
    return Reading("deduction", step=one.step, floor=floor or Fraction(0), things=one.words, unsaid=unsaid)


def _clauses(clauses: Sequence[Clause], heads: set[str], maximum: Fraction) -> Reading | Doubt:
    """Clauses that award points: steps of one measure, a list that sums up, or one of several."""
    awards = [maximum if c.award == "top" else c.award for c in clauses]
    clauses = [replace(c, award=award) for c, award in zip(clauses, awards, strict=True)]
    if any(isinstance(a, Fraction) and (a < 0 or a > maximum) for a in awards):
        return Doubt(None, "có mức điểm lớn hơn điểm tối đa", "an award exceeds the maximum")
    fixed = [a for a in awards if isinstance(a, Fraction)]
    positive = [a for a in fixed if a > 0]
    only_fixed = len(fixed) == len(awards)
    labels = tuple((c.label, c.award) for c in clauses if isinstance(c.award, Fraction))
    if "choice" in heads and only_fixed and max(fixed) <= maximum:
        return Reading("choice", labels=labels) if _distinct(labels) else _twice()
    zeros = [c for c in clauses if c.award == 0]
    sums = only_fixed and sum(positive) == maximum and len(positive) > 1
    if "checklist" in heads or sums:
        if not only_fixed or sum(positive) != maximum:
            return Doubt(None, "tổng điểm các nội dung khác điểm tối đa", "the contents do not sum to the maximum")
        if not _distinct(labels):
            return _twice()
        if zeros and (len(zeros) > 1 or not zeros[0].label.lower().startswith(NO)):
            return Doubt(None, "vừa cộng điểm vừa có mức 0", "contents that sum up beside a level of 0")
        if "checklist" not in heads and _one_measure(clauses):
            return Doubt(None, "không rõ cộng điểm hay chọn một mức", "contents to sum, or levels of one measure?")
        return Reading("checklist", labels=tuple(pair for pair in labels if pair[1] > 0))
    measured = _steps(clauses, maximum)
    if isinstance(measured, Reading):
        return measured
    if isinstance(measured, Doubt) and not (only_fixed and measured.line == _MAY_CHOOSE):
        return replace(measured, line=None)
    if not only_fixed:
        return Doubt(None, "công thức không đi với điều kiện nào rõ", "a formula without a clear range")
    if not fixed or max(fixed) != maximum:
        return Doubt(None, "mức cao nhất khác điểm tối đa", "the highest level is not the maximum")
    if len(clauses) == 1:
        return Reading("checklist", labels=labels)
    if not _distinct(labels):
        return _twice()
    return Reading("choice", labels=labels)


_MAY_CHOOSE = -1
"""The line of a doubt that leaves open to take the clauses as options word for word."""


def _twice() -> Doubt:
    return Doubt(None, "hai mức có cùng lời", "two levels have the same words")


def _distinct(labels: Sequence[tuple[str, Fraction]]) -> bool:
    return len({content(label) for label, _ in labels}) == len(labels)


def _measured(clauses: Sequence[Clause]) -> list[Clause]:
    return [c for c in clauses if c.range is not None]


def _one_measure(clauses: Sequence[Clause]) -> bool:
    ranged = _measured(clauses)
    return len(ranged) == len(clauses) > 1 and _homogeneous(ranged) and len({c.range for c in ranged}) == len(ranged)


def _homogeneous(clauses: Sequence[Clause]) -> bool:
    """Whether the words beside the ranges name one measure."""
    sets = [set(c.words) - EMPTY - GROW - FALL - BEYOND for c in clauses]
    largest = max(sets, key=len)
    for words in sets:
        if not words <= largest or (HARD & (largest - words)):
            return False
        if words and QUALITY & (largest - words):
            return False
    return True


def _steps(clauses: Sequence[Clause], maximum: Fraction) -> Reading | Doubt:
    """Ranges of one measure that meet without gap or overlap."""
    ranged = _measured(clauses)
    choose = Doubt(_MAY_CHOOSE, "", "")
    if not ranged:
        return choose
    units = {c.range.unit for c in ranged if c.range is not None}
    if len(units) > 1 or not _homogeneous(ranged):
        mixed = "các mức không nói về cùng một số đo", "the levels do not speak of one measure"
        return Doubt(_MAY_CHOOSE, *mixed)
    share = units == {"share"}
    senses = [{w for w in c.words if w in GROW | FALL | BEYOND} for c in clauses]
    spans: list[tuple[Range, Clause]] = []
    rest: Clause | None = None
    for c, sense in zip(clauses, senses, strict=True):
        span = c.range or _worded(c, senses, share, ranged)
        if span is None:
            words = " ".join(w for w in content(c.label))
            if (words in REST or _denies(c, ranged)) and rest is None:
                rest = c
                continue
            return Doubt(_MAY_CHOOSE, f"“{c.label}” không phải là một khoảng", f"“{c.label}” is no range")
        if "vượt" in sense and share:
            if c.range is None:
                return choose
            span = replace(span, low=_plus(span.low), high=_plus(span.high))
            if span.low is None:
                span = replace(span, low=Fraction(100), low_closed=any("đạt" in c2.words for c2 in (c,)))
        if "giảm" in sense and c.range is not None and any("tăng" in s for s in senses):
            return choose
        if "tăng" in sense and share and span.low is None and c.range is not None:  # "tăng dưới 10%" is still growth
            span = replace(span, low=Fraction(0), low_closed="bằng" in c.words)
        spans.append((span, c))
    growing = share and any("tăng" in s for s in senses)
    if any("vượt" in s for s in senses) and growing:
        return choose
    if growing and not all(
        "tăng" in s or c.range is None or (c.range.low is None and set(c.words) <= EMPTY)
        for s, c in zip(senses, clauses, strict=True)
    ):
        return choose
    measure: Measure = "change" if growing else "share" if share else "number"
    return _meet(spans, rest, measure, maximum)


def _plus(x: Fraction | None) -> Fraction | None:
    return None if x is None else x + 100


def _worded(c: Clause, senses: Sequence[set[str]], share: bool, ranged: Sequence[Clause]) -> Range | None:
    """A range that is said in words: `không có` beside counts, `giảm` beside growth."""
    words = content(c.label)
    unit: Literal["share", "number"] = "share" if share else "number"
    if not share and words and words[0] in NO:
        named = set().union(*(set(r.words) for r in ranged)) | EMPTY | {"không", "chưa", "có", "nào"}
        if set(words) <= named:
            return Range(Fraction(0), True, Fraction(0), True, unit)
    if share and any("tăng" in s for s in senses) and words in (("giảm",), ("giảm", "so", "với", "năm", "trước")):
        return Range(None, False, Fraction(0), False, unit)
    if share and any("tăng" in s for s in senses) and words in (("không", "tăng"), ("không", "tăng", "hoặc", "giảm")):
        return Range(None, False, Fraction(0), True, unit)
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
    spans: Sequence[tuple[Range, Clause]], rest: Clause | None, measure: Measure, maximum: Fraction
) -> Reading | Doubt:
    """Put the ranges in order and see that each begins where the one before it ends."""

    def bad(vi: str, en: str) -> Doubt:
        return Doubt(None, vi, en)

    whole = Fraction(100) if measure != "number" else Fraction(1)
    counts = measure == "number" and all(x is None or x.denominator == 1 for r, _ in spans for x in (r.low, r.high))
    flat = [(_half_open(r) if counts and not isinstance(c.award, Rising) else r, c) for r, c in spans]
    top_exact = max((r.low for r, _ in flat if r.low is not None), default=None)
    ordered: list[tuple[Range, Clause]] = []
    for r, c in flat:
        if r.low is not None and r.low == r.high and r.low_closed and r.high_closed:  # "Đạt 100%"
            if r.low != top_exact or isinstance(c.award, (Formula, Rising)):
                return bad("một mức chỉ nói đúng một điểm của thang", "a level holds at one point of the scale only")
            if measure == "share" and r.low > 100:
                return bad("mức trên 100%", "a level above 100%")
            if measure != "share" or (r.low != 100 and len(flat) > 1 and not any(x.high == r.low for x, _ in flat)):
                return bad("một mức chỉ nói đúng một điểm của thang", "a level holds at one point of the scale only")
            r = replace(r, high=None, high_closed=False)
        ordered.append((r, c))
    ordered.sort(key=lambda rc: (rc[0].low is not None, rc[0].low or 0, not rc[0].low_closed))
    unsaid: set[str] = set()
    first = ordered[0][0]
    zero = Fraction(0)
    bottom = first.low is None or (measure != "change" and first.low == 0 and first.low_closed)
    if rest is not None and bottom:
        return bad("mức “còn lại” không còn chỗ", "nothing is left for the remaining level")
    if not bottom:
        lowest = rest.award if rest is not None else zero
        if not isinstance(lowest, Fraction):
            return bad("mức “còn lại” không có điểm", "the remaining level has no points")
        if rest is None:
            if measure == "number" and not counts:
                return bad("thang không bắt đầu từ đâu", "the scale has no lower end")
            unsaid.add("below")
        below = Range(None, False, first.low, not first.low_closed, first.unit)
        ordered.insert(0, (below, Clause("", below, (), lowest)))
    for (left, _), (right, _) in pairwise(ordered):
        if left.high is None or right.low is None or right.low < left.high:
            return bad("các mức chồng lên nhau", "levels overlap")
        if right.low > left.high or not (left.high_closed or right.low_closed):
            return bad("giữa các mức có khoảng trống", "there is a gap between levels")
        if left.high_closed and right.low_closed:
            return bad(f"hai mức cùng nhận {float(left.high):g}", f"two levels hold at {float(left.high):g}")
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
            if not isinstance(award, Formula) or measure != "share" or not _rate(award, maximum):
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
    return Reading("steps", measure, _merged(steps), high, over=over, unsaid=frozenset(unsaid))


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


def _rate(found: Formula, maximum: Fraction) -> bool:
    """Whether a formula is the rate that the ranges speak of, times the maximum."""
    if found.top is not None and found.top != maximum:
        return False
    first = content(found.words[0])[:1] if found.words else ()
    return len(found.words) != 1 or first in ((), ("tỷ",), ("tỉ",), ("số",), ("kết",), ("mức",))
