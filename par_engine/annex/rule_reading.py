"""From the lines beneath a criterion to a rule: what they say, what they leave unsaid, and what stays open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

from par_engine.annex.clauses import (
    LONGEST,
    Clause,
    Each,
    Formula,
    Less,
    Part,
    Range,
    Rising,
    clause,
    content,
    each,
    formula,
    number,
    unmarked,
)
from par_engine.annex.guards import HIGHEST, REMEDIES, against, amiss, aside, blamed, doubtful, guard, less
from par_engine.annex.phrases import all_off
from par_engine.annex.readings import Doubt, Reading, Step
from par_engine.annex.scale import MAY_CHOOSE, homogeneous, is_rate, measured, read_steps
from par_engine.annex.sentences import is_head, split
from par_engine.annex.words import (
    BAD,
    HEADS,
    NO,
    NOTHING,
    ONE,
    OVER,
    SUM,
    SURVEY,
    exclusive,
    lower_level,
    spoken,
    survey,
)

_LETTER = re.compile(r"^([a-z])\s*(?:là|:)\s*(.+)$", re.IGNORECASE)
_AT_MOST = re.compile(r"^(?:điểm )?tối đa (?:là |không quá )?([\d,.]+)(?: điểm)?$")
_MEASURE = re.compile(
    r"^tính tỷ lệ (?:%|phần trăm)?\s*(?:giữa |của )?[^\d:;]+? (?:so với|trên|với) tổng số [^\d:;.]+"
    r"(?:\.?\s*nếu (?:tỷ lệ )?(?:này )?đạt)?\s*:?$",
    re.IGNORECASE,
)
_MOST_THINGS = re.compile(r"^(?:tính )?(?:tối đa|không quá)\s+(\d{1,3})\s+([^\W\d][^\d%]*)$", re.IGNORECASE)
_DENIES = re.compile(
    r"[^:,;]\s+(?:thì\s+)?(?:không (?:được )?(?:tính|chấm|cho|có) điểm|(?:chấm|tính|được) 0 điểm)$", re.IGNORECASE
)
_FLOOR = re.compile(
    r"^(?:(?:tổng )?điểm (?:còn lại )?)?(?:không (?:dưới|thấp hơn|nhỏ hơn|âm)(?: ([\d,.]+)(?: điểm)?)?"
    r"|trừ (?:đến|tới) (?:khi )?hết(?: điểm)?|(?:trừ tối đa|tối đa trừ|trừ không quá) ([\d,.]+)(?: điểm)?)$"
)
_MORE = re.compile(r"^người thẩm định cho điểm từ (0) đến ([\d,.]+)$")


def read_rule(lines: Sequence[str], maximum: Fraction) -> Reading | Doubt:
    """The rule that the lines beneath an item with this maximum say.

    >>> from fractions import Fraction as F
    >>> read_rule(["Mỗi trường hợp trừ 0,25 điểm, không dưới 0"], F(1)).step
    Fraction(1, 4)
    >>> read_rule(["Tùy mức độ hoàn thành"], F(1)).line
    0
    """
    said = split(lines)
    kept = tuple(text for _, text in said if aside(text))
    measures = [text for _, text in said if _MEASURE.match(text)]
    parts = [(at, text) for at, text in said if text not in kept and text not in measures]
    if not parts:
        return Doubt(None, "không có câu quy tắc nào", "there is no rule sentence")
    found = _read(parts, maximum)
    if measures and isinstance(found, Reading):
        found = _of_measure(found, measures)
    if isinstance(found, Doubt):
        return replace(found, vi=unmarked(found.vi), en=unmarked(found.en))
    return replace(found, aside=tuple(map(unmarked, kept))) if kept else found


def _of_measure(read: Reading, measures: Sequence[str]) -> Reading | Doubt:
    """A reading beneath a sentence that says which rate is meant: it must be one, and not run against its words."""
    words = {word for text in measures for word in content(text)}
    part = content(re.split(r"\b(?:so với|trên|với) tổng số\b", measures[0].lower())[0])
    if read.kind == "steps" and read.steps[-1].last > read.steps[0].first and not spoken(REMEDIES, part):
        bad = sorted(spoken(BAD, part))
        if bad:
            return Doubt(None, f"điểm ngược chiều với “{bad[0]}”?", f"the points run against “{bad[0]}”?")
    if len(measures) > 1 or read.kind != "steps" or read.measure != "share" or words & {"tăng", "giảm"}:
        return Doubt(
            None, "câu nói cách tính tỷ lệ không hợp với các mức", "the rate that is said does not go with the levels"
        )
    fault = against(measures, read.steps[0].first, read.steps[-1].last)
    return Doubt(None, f"điểm ngược chiều với “{fault}”?", f"the points run against “{fault}”?") if fault else read


def _read(parts: Sequence[tuple[int, str]], maximum: Fraction) -> Reading | Doubt:
    """The rule that sentences say when what changes no points is set aside."""
    long = next((at for at, text in parts if len(text) > LONGEST), None)
    if long is not None:
        return Doubt(long, "câu quá dài", "the sentence is too long")
    whole = _whole_line(parts, maximum)
    if whole is not None:
        return whole
    if len(parts) == 2:
        (one_at, one_text), (at, text) = parts
        parts = [(one_at, all_off(one_text, text)), (at, all_off(text, one_text))]
    read: list[tuple[int, str, Clause | Each]] = []
    state: dict[str, str] = {}
    heads: set[str] = set()
    plain: list[tuple[int, str]] = []
    for at, text in parts:
        doubt = _one(at, text, read, state, heads, plain)
        if doubt is not None:
            return doubt
    most = state.pop("most", None)
    if most is not None and number(most) != maximum:
        return Doubt(None, "mức tối đa khác điểm tối đa của mục", "the most is not the item's maximum")
    _whole_of_zero(read, state, maximum)
    alone = state.pop("formula", None)
    letters = {key: state.pop(key) for key in list(state) if len(key) == 1}
    floor_line = _floor_line(alone, read) if alone is not None and not (plain or heads) else None
    if floor_line is not None:
        read, alone = floor_line, None
    if alone is not None:
        if read or plain or heads:
            return Doubt(None, "công thức đứng cạnh các câu khác", "a formula beside other sentences")
        return _by_formula(alone, letters, state, maximum)
    if letters and not any(isinstance(c, Clause) and isinstance(c.award, Formula) for _, _, c in read):
        return Doubt(None, "giải thích chữ mà không có công thức", "letters without a formula")
    clauses = [(at, text, c) for at, text, c in read if isinstance(c, Clause)]
    eaches = [(at, text, e) for at, text, e in read if isinstance(e, Each)]
    floor = state.pop("floor", None)
    if floor is not None and not any(e.sign == -1 for _, _, e in eaches):
        return Doubt(None, "câu về mức trừ không đi với câu trừ nào", "a limit of deductions without a deduction")
    if eaches:
        plain = _without_most(plain, eaches[0][2], maximum) if len(eaches) == 1 else plain
        if floor is not None:
            lowest = number(floor.lstrip("-")) or Fraction(0)
            lowest = maximum - lowest if floor.startswith("-") else lowest
            if any(e.floor is not None or e.most is not None for _, _, e in eaches):
                return Doubt(None, "hai câu nói khác nhau", "two sentences that say different things")
            eaches = [(at, text, replace(e, floor=lowest)) for at, text, e in eaches]
        return _each(eaches, clauses, plain, maximum)
    if plain:
        at, text = plain[0]
        return Doubt(at, f"không hiểu “{text}”", f"not understood: “{text}”")
    tail = _denying_tail(clauses)
    if tail is not None:
        at, text = tail
        return Doubt(at, f"điều kiện bên cạnh các mức: “{text}”", f"a condition beside the levels: “{text}”")
    found = _clauses([c for _, _, c in clauses], heads, maximum, letters)
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


def _denying_tail(clauses: Sequence[tuple[int, str, Clause]]) -> tuple[int, str] | None:
    """A sentence that takes the points away under a condition, after a level of no points: it is no further level."""
    zero = False
    for at, text, c in clauses:
        if zero and c.range is None and _DENIES.search(text):
            return at, text
        zero = zero or c.award == 0
    return None


def _floor_line(
    alone: str, read: Sequence[tuple[int, str, Clause | Each]]
) -> list[tuple[int, str, Clause | Each]] | None:
    """A formula, and on a line of its own the rate below which it gives nothing, as two levels."""
    if len(read) != 1:
        return None
    at, text, one = read[0]
    if not isinstance(one, Clause):
        return None
    found, span = formula(alone), one.range
    if found is None or span is None or one.award != 0 or span.unit != "share" or span.low is not None:
        return None
    above = Range(span.high, not span.high_closed, Fraction(100), True, "share")
    return [(at, alone, Clause("", above, (), found)), (at, text, one)]


def _by_formula(text: str, letters: dict[str, str], state: dict[str, str], maximum: Fraction) -> Reading | Doubt:
    """A formula that is the whole rule: the rate times the maximum."""
    found = formula(text)
    assert found is not None
    if not is_rate(found, maximum, letters) or found.whole != 100:
        return Doubt(None, "không hiểu công thức", "the formula is not understood")
    steps = (Step(None, False, Fraction(0), maximum), Step(Fraction(1), True, maximum, maximum))
    unsaid = frozenset({"whole_zero", "over"} - state.keys())
    return Reading("steps", "share", steps, whole_zero=state.get("whole_zero"), over=state.get("over"), unsaid=unsaid)


def _whole_of_zero(read: list[tuple[int, str, Clause | Each]], state: dict[str, str], maximum: Fraction) -> None:
    """`Không phát sinh: 1` beside shares or a formula: a whole of zero gives the maximum."""
    nothing = [i for i, (_, _, c) in enumerate(read) if isinstance(c, Clause) and " ".join(content(c.label)) in NOTHING]
    shares = any(isinstance(c, Clause) and c.range is not None and c.range.unit == "share" for _, _, c in read)
    if len(nothing) == 1 and "whole_zero" not in state and (shares or "formula" in state):
        one = read[nothing[0]][2]
        if isinstance(one, Clause) and one.award == maximum:
            state["whole_zero"] = "full"
            del read[nothing[0]]


def reads(text: str) -> bool:
    """Whether a text has at least one line that awards points or is another known form of a rule."""
    return any(
        clause(part) is not None or each(part) is not None or formula(part) is not None or _special(part)
        for _, part in split([text])
    )


def _special(text: str) -> bool:
    lower = " ".join(text.lower().split())
    return lower.startswith((*SURVEY, *ONE, *SUM, "người thẩm định cho điểm", "quy tắc riêng"))


def _whole_line(parts: Sequence[tuple[int, str]], maximum: Fraction) -> Reading | None:
    """The rules that one sentence alone makes."""
    if len(parts) != 1:
        return None
    lower = " ".join(parts[0][1].lower().split())
    if survey(re.sub(r" năm \d{4}\b", "", lower)) and clause(parts[0][1]) is None:
        return Reading("survey")
    given = _MORE.match(lower)
    if given and number(given[2]) == maximum:
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
        return _note(at, state, "over", OVER[words])
    if words in HIGHEST:
        heads.add("choice")
        return None
    stops = guard(text)
    if stops is not None:
        return Doubt(at, f"{stops[0]}: “{text}”", f"{stops[1]}: “{text}”")
    lowest = _FLOOR.match(lower)
    if lowest is not None:
        return _note(at, state, "floor", f"-{lowest[2]}" if lowest[2] else lowest[1] or "0")
    loses = less(text)
    if loses is not None:
        read.append((at, text, replace(loses[0], award=Less(loses[1]))))
        return None
    for phrase, name in ((ONE, "choice"), (SUM, "checklist")):
        if is_head(lower, phrase):
            heads.add(name)
            return None
    if is_head(lower, HEADS):
        return None
    letter = _LETTER.match(text)
    if letter is not None and clause(text) is None:
        return _note(at, state, letter[1].lower(), letter[2].lower())
    most = _AT_MOST.match(lower)
    if most is not None:
        return _note(at, state, "most", most[1])
    alone, one = formula(text), clause(text)
    if alone is not None and (one is None or re.search(r"(?:^|\s)(?:[x×*]|nhân(?: với)?)$", one.label)):
        if "formula" in state:
            return Doubt(at, "hai công thức", "two formulas")
        state["formula"] = text
        return None
    found = each(text) if not heads else None
    if found is not None:
        read.append((at, text, found))
        return None
    if one is None:
        plain.append((at, text))
        return None
    if " ".join(content(one.label)) in NOTHING:
        if isinstance(one.award, (Formula, Rising)):
            return Doubt(at, f"không hiểu “{text}”", f"not understood: “{text}”")
        named = {"top": "full", "not_applicable": "not_applicable", "missing": "missing"}
        value = named.get(str(one.award)) or ("zero" if one.award == 0 else "full?")
        if value != "full?":
            return _note(at, state, "whole_zero", value)
        read.append((at, text, one))
        return None
    if one.award in ("not_applicable", "missing"):
        return Doubt(at, f"không hiểu “{text}”", f"not understood: “{text}”")
    read.append((at, text, one))
    return None


def _note(at: int, state: dict[str, str], key: str, value: str) -> Doubt | None:
    """Keep what a sentence says, unless another has said something else."""
    if state.setdefault(key, value) != value:
        return Doubt(at, "hai câu nói khác nhau", "two sentences that say different things")
    return None


def _without_most(plain: list[tuple[int, str]], one: Each, maximum: Fraction) -> list[tuple[int, str]]:
    """Sentences without one that says of how many things the maximum is reached, as it is."""
    if len(plain) != 1 or (found := _MOST_THINGS.match(plain[0][1])) is None or one.sign != 1:
        return plain
    things = set(content(found[2]))
    return [] if things <= set(content(one.words)) and int(found[1]) * one.step == maximum else plain


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
        if one.step * len(labels) == maximum and all(i >= at for i, _ in plain):
            return Reading("checklist", labels=labels)
        return Doubt(at, "số nội dung × điểm khác điểm tối đa", "contents × points are not the maximum")
    if plain:
        return Doubt(plain[0][0], f"không hiểu “{plain[0][1]}”", f"not understood: “{plain[0][1]}”")
    rest = [c for _, _, c in clauses]
    for i, said, c in clauses:
        award = maximum if c.award == "top" else c.award
        no = c.range is None and c.label.lower().startswith(NO)
        fits = award == (maximum if one.sign == -1 else 0) and c.range is None and (no or one.sign == -1)
        if one.sign == -1 and award == 0 and c.range is not None and c.range.unit == "number":
            fits = c.range.high is None and c.range.low is not None and c.range.low * one.step >= maximum
        if not fits or len(rest) > 2 or any(w in ("mỗi", "cứ") for w in c.words):
            return Doubt(i, f"“{said}” không hợp với câu “mỗi …”", f"“{said}” does not go with “for each …”")
    if one.step <= 0 or one.step > maximum:
        return Doubt(at, "bước điểm không hợp với điểm tối đa", "the step does not go with the maximum")
    if one.sign == 1:
        if spoken(BAD, content(one.words)):
            return Doubt(at, f"cộng điểm cho “{one.words}”", f"points for “{one.words}”")
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


def _clauses(
    clauses: Sequence[Clause], heads: set[str], maximum: Fraction, letters: Mapping[str, str]
) -> Reading | Doubt:
    """Clauses that award points: steps of one measure, a list that sums up, or one of several."""
    lost = [c for c in clauses if isinstance(c.award, Less)]
    if lost and (len(lost) > 1 or not any(c.award in ("top", maximum) for c in clauses)):
        return Doubt(None, "nhiều câu trừ điểm, hay trừ vào đâu?", "several deductions, or from what?")
    losing = {c.label for c in lost}
    clauses = [replace(c, award=maximum - c.award.points) if isinstance(c.award, Less) else c for c in clauses]
    awards = [
        maximum if c.award == "top" else maximum * c.award.share if isinstance(c.award, Part) else c.award
        for c in clauses
    ]
    clauses = [replace(c, award=award) for c, award in zip(clauses, awards, strict=True)]
    if any(isinstance(a, Fraction) and (a < 0 or a > maximum) for a in awards):
        return Doubt(None, "có mức điểm lớn hơn điểm tối đa", "an award exceeds the maximum")
    fixed = [a for a in awards if isinstance(a, Fraction)]
    positive = [a for a in fixed if a > 0]
    only_fixed = len(fixed) == len(awards)
    labels = tuple((c.label, c.award) for c in clauses if isinstance(c.award, Fraction))
    best = max(positive, default=Fraction(0))
    said = [c for c in clauses if c.range is None and c.label not in losing]
    fault = next((c.label for c in said if c.award == best and blamed(c.label)), None)
    if fault is None:
        fault = amiss([(c.label, c.award) for c in said if isinstance(c.award, Fraction)])
        if fault is not None:
            return Doubt(None, f"cho điểm cho “{fault}”?", f"points for “{fault}”?")
    if fault is not None and best:
        return Doubt(None, f"cho điểm cao nhất cho “{fault}”?", f"the most points for “{fault}”?")
    if "choice" in heads and only_fixed and max(fixed) == maximum:
        return Reading("choice", labels=labels) if _distinct(labels) else _twice()
    zeros = [c for c in clauses if c.award == 0]
    sums = only_fixed and sum(positive) == maximum and len(positive) > 1
    if "checklist" in heads or sums:
        if not only_fixed or sum(positive) != maximum:
            return Doubt(None, "tổng điểm các nội dung khác điểm tối đa", "the contents do not sum to the maximum")
        if not _distinct(labels):
            return _twice()
        fault = next((label for label, points in labels if points > 0 and blamed(label)), None)
        if fault is not None:
            return Doubt(None, f"cho điểm cho “{fault}”?", f"points for “{fault}”?")
        if "checklist" not in heads and _opposed([pair for pair in labels if pair[1] > 0]):
            return Doubt(None, "không rõ cộng điểm hay chọn một mức", "contents to sum, or one of several levels?")
        if zeros and (len(zeros) > 1 or not zeros[0].label.lower().startswith(NO)):
            return Doubt(None, "vừa cộng điểm vừa có mức 0", "contents that sum up beside a level of 0")
        if "checklist" not in heads and _one_measure(clauses):
            return Doubt(None, "không rõ cộng điểm hay chọn một mức", "contents to sum, or one of several levels?")
        return Reading("checklist", labels=tuple(pair for pair in labels if pair[1] > 0))
    scale = read_steps(clauses, maximum, letters)
    if isinstance(scale, Reading):
        ends = scale.steps[0].first, scale.steps[-1].last
        fault = against([c.label for c in clauses if c.range is not None], *ends)
        if fault:
            return Doubt(None, f"điểm ngược chiều với “{fault}”?", f"the points run against “{fault}”?")
        return scale
    suspect = next((c for c in clauses if c.range is None and _suspect(c)), None)
    if suspect is not None:
        return Doubt(None, f"không hiểu “{suspect.label}”", f"not understood: “{suspect.label}”")
    if isinstance(scale, Doubt) and not (only_fixed and scale.line == MAY_CHOOSE):
        return replace(scale, line=None)
    if not only_fixed:
        return Doubt(None, "công thức không đi với điều kiện nào rõ", "a formula without a clear range")
    if not fixed or max(fixed) != maximum:
        return Doubt(None, "mức cao nhất khác điểm tối đa", "the highest level is not the maximum")
    if len(clauses) == 1:
        if doubtful(clauses[0].label):
            return Doubt(None, f"cho điểm cho “{clauses[0].label}”?", f"points for “{clauses[0].label}”?")
        return Reading("checklist", labels=labels)
    if any(c.range is None and "%" in c.label for c in clauses) and measured(clauses):
        return Doubt(None, "một mức có tỷ lệ mà không hiểu được", "a level has a rate that is not understood")
    if _apart([c.range for c in clauses if c.range is not None]):
        return Doubt(None, "các khoảng không ghép được thành một thang", "the ranges do not make one scale")
    if not _distinct(labels):
        return _twice()
    return Reading("choice", labels=labels)


_CUT = frozenset(
    ("đa", "quá", "dưới", "trừ", "thêm", "cộng", "nhân", "với", "chia", "bằng", "còn", "bớt", "thưởng", "phạt")
)


def _suspect(c: Clause) -> bool:
    """Whether the words of a level speak of points themselves, so that they are more than a level."""
    words = content(c.label)
    if re.search(r"(?:^|\s)[x×*/+]$", c.label):
        return True
    if c.award == 0 and words[-2:] in (("vượt", "quá"), ("có", "thêm"), ("tăng", "thêm")):
        return False
    return bool({"mỗi", "điểm", "cứ"} & set(words)) or words[-1] in _CUT


def _apart(ranges: Sequence[Range]) -> bool:
    """Whether several ranges lie apart from one another, so that a scale was meant and not words to choose from."""
    low, high = Fraction(-(10**40)), Fraction(10**40)
    if len({r.low for r in ranges if r.high is None}) > 1 or len({r.high for r in ranges if r.low is None}) > 1:
        return True  # two scales in one
    spans = sorted((low if r.low is None else r.low, high if r.high is None else r.high) for r in ranges)
    return len(spans) > 1 and all(a[1] <= b[0] and a != b for a, b in pairwise(spans))


def _opposed(labels: Sequence[tuple[str, Fraction]]) -> bool:
    """Whether two of the contents may exclude one another, such as before and after a day, or one is a lower level."""
    said = [(content(label), points) for label, points in labels]
    return any(lower_level(words) for words, _ in said) or any(
        exclusive(a, b, alike=more == less) for (a, more), (b, less) in combinations(said, 2)
    )


def _twice() -> Doubt:
    return Doubt(None, "hai mức có cùng lời", "two levels have the same words")


def _distinct(labels: Sequence[tuple[str, Fraction]]) -> bool:
    return len({content(label) for label, _ in labels}) == len(labels)


def _one_measure(clauses: Sequence[Clause]) -> bool:
    ranged = measured(clauses)
    return len(ranged) == len(clauses) > 1 and homogeneous(ranged) and len({c.range for c in ranged}) == len(ranged)
