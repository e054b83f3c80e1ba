"""Probes: the finite places where a rule can turn, each with facts that stand exactly there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from par_engine.base.decimals import plain
from par_engine.base.types import Ballots, Fact, Outcome, Survey, Text, Value, say
from par_engine.methodology.scheme import Scheme
from par_engine.rules import boundaries
from par_engine.rules.bands import Bands
from par_engine.rules.base import Leaf
from par_engine.rules.boundaries import Edge, Values, bounds, exactly, text
from par_engine.rules.checklist import Checklist
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.given import Given
from par_engine.rules.ratio import Ratio
from par_engine.rules.survey import SurveyRule
from par_engine.rules.tally import Tally


@dataclass(frozen=True)
class Probe:
    """One place that a test should look at: `facts` stand there, `hit` tells whether other facts do."""

    leaf: str
    place: Text
    facts: Mapping[str, Any]
    hit: Callable[[Values | None, str], bool]
    outcomes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: bool = False


def probes(scheme: Scheme, leaf: Leaf) -> list[Probe]:
    """All probes of a leaf: its outcomes, then the edges of its rule in ascending order.

    The second argument of `hit` is what became of the case: an outcome, or `refused`.
    """
    item = scheme.items[leaf.code]
    awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
    nothing = Outcome.PENDING if item.stream in awaited else Outcome.MISSING
    out = [Probe(leaf.code, text("không có số liệu", "no facts at all"), {}, _became(nothing.value))]
    if item.may_not_apply:
        why = {"outcome": "not_applicable", "why": "không áp dụng / does not apply"}
        place = text("không áp dụng", "not applicable")
        out.append(Probe(leaf.code, place, {}, _became("not_applicable"), {leaf.code: why}))
    names = leaf.rule.facts()
    for place, values, hit in _edges(leaf):
        if not all(fits(fact, value) for fact, value in zip(leaf.facts, values, strict=True)):
            continue
        facts = {name: write(value) for name, value in zip(names, values, strict=True)}
        why_not = leaf.rule.refuse(values, leaf.maximum)
        if why_not is None and hit(values):
            out.append(Probe(leaf.code, place, facts, _at(hit)))
        elif why_not is not None:
            out.append(Probe(leaf.code, place, facts, _became("refused"), refused=True))
    return out


def fits(fact: Fact, value: Value) -> bool:
    """Whether a fact's declaration admits a value."""
    if not isinstance(value, Fraction) or isinstance(value, bool):
        return True
    least, most = bounds(fact)
    return least <= value and (most is None or value <= most) and (value * 10**fact.scale).denominator == 1


def write(value: Value) -> Any:
    """A value as evidence writes it."""
    if isinstance(value, Ballots):
        return {
            group.id: {option.id: n for option, n in zip(value.survey.options, counts, strict=True) if n}
            for group, counts in zip(value.survey.groups, value.counts, strict=True)
            if any(counts)
        }
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else plain(value)
    return value


def _became(outcome: str) -> Callable[[Values | None, str], bool]:
    return lambda values, became: became == outcome


def _at(hit: Callable[[Values], bool]) -> Callable[[Values | None, str], bool]:
    return lambda values, became: values is not None and became != "refused" and hit(values)


def _edges(leaf: Leaf) -> Iterator[Edge]:
    rule = leaf.rule
    if isinstance(rule, Choice):
        yield from _choice(leaf)
    elif isinstance(rule, Checklist):
        yield from _checklist(leaf)
    elif isinstance(rule, Ratio):
        yield from boundaries.ratio(leaf, rule)
    elif isinstance(rule, Bands):
        yield from boundaries.bands(leaf, rule)
    elif isinstance(rule, Tally):
        yield from _counts(leaf, leaf.maximum / rule.each)
    elif isinstance(rule, Deduction):
        yield from _counts(leaf, (leaf.maximum - rule.floor) / rule.step)
    elif isinstance(rule, SurveyRule):
        yield from _survey(leaf)
    elif isinstance(rule, Given):
        yield from _given(leaf)
    else:
        yield from _own(leaf)


def _choice(leaf: Leaf) -> Iterator[Edge]:
    fact = leaf.facts[0]
    options: list[Value] = [True, False] if fact.type == "boolean" else [option.id for option in fact.options or ()]
    titles = {option.id: option.title for option in fact.options or ()}
    for option in options:
        title = titles.get(str(option)) or text("có" if option else "không", "yes" if option else "no")
        yield title, (option,), exactly(option)


def _checklist(leaf: Leaf) -> Iterator[Edge]:
    n = len(leaf.facts)
    for i, fact in enumerate(leaf.facts):
        values = tuple(j == i for j in range(n))
        yield text(f"chỉ có: {fact.title.vi}", f"only: {fact.title.en}"), values, exactly(*values)
    if n > 1:
        yield text("đủ mọi mục", "everything ticked"), (True,) * n, exactly(*(True,) * n)
    yield text("không mục nào", "nothing ticked"), (False,) * n, exactly(*(False,) * n)


def _counts(leaf: Leaf, limit: Fraction) -> Iterator[Edge]:
    last = Fraction(math.ceil(limit))  # the first count that changes nothing any more
    for count in sorted({Fraction(0), Fraction(1), last - 1, last, last + 1}):
        shown = say(count, "en")
        if count >= 0:
            yield text(f"{shown} lần", f"{shown} counted"), (count,), exactly(count)


def _given(leaf: Leaf) -> Iterator[Edge]:
    step = Fraction(1, 10 ** leaf.facts[0].scale)
    # one step above the maximum is refused; half of the maximum is neither edge
    half = Fraction(math.floor(leaf.maximum / 2 / step)) * step
    for points in sorted({Fraction(0), half, leaf.maximum, leaf.maximum + step}):
        yield text(f"{say(points, 'vi')} điểm", f"{say(points, 'en')} points"), (points,), exactly(points)


def _survey(leaf: Leaf) -> Iterator[Edge]:
    design = leaf.surveys[0]
    assert design is not None
    best = max(range(len(design.options)), key=lambda i: design.options[i].share)
    worst = min(range(len(design.options)), key=lambda i: design.options[i].share)

    def ballots(choices: Sequence[int | None]) -> Ballots:
        n = len(design.options)
        return Ballots(tuple(tuple(int(i == choice) for i in range(n)) for choice in choices), design)

    for i, option in enumerate(design.options):
        value = ballots([i] * len(design.groups))
        place = text(f"mọi phiếu: {option.title.vi}", f"all ballots: {option.title.en}")
        yield place, (value,), _only_option(i)
    if len(design.groups) > 1:
        for g, group in enumerate(design.groups):
            value = ballots([best if j == g else worst for j in range(len(design.groups))])
            place = text(f"chỉ nhóm tốt nhất: {group.title.vi}", f"only group at its best: {group.title.en}")
            yield place, (value,), exactly(value)
            if design.combine == "weighted" and group.weight > 0:
                value = ballots([None if j == g else best for j in range(len(design.groups))])
                place = text(f"nhóm chưa có phiếu: {group.title.vi}", f"a group without ballots: {group.title.en}")
                yield place, (value,), _without_group(g)
        uneven = _uneven(design, best, worst)
        yield text("số phiếu các nhóm khác nhau", "groups of different size"), (uneven,), _differ


def _uneven(design: Survey, best: int, worst: int) -> Ballots:
    """Groups of 1, 2, 3 … ballots for the best option and one for the worst: tells weighted from pooled."""
    n = len(design.options)
    rows = [[0] * n for _ in design.groups]
    for g, row in enumerate(rows):
        row[worst] += 1
        row[best] += g + 1
    return Ballots(tuple(tuple(row) for row in rows), design)


def _differ(values: Values) -> bool:
    ballots = values[0]
    return isinstance(ballots, Ballots) and len({sum(counts) for counts in ballots.counts}) > 1


def _only_option(i: int) -> Callable[[Values], bool]:
    def hit(values: Values) -> bool:
        ballots = values[0]
        return isinstance(ballots, Ballots) and all(sum(c) == c[i] > 0 for c in ballots.counts)

    return hit


def _without_group(g: int) -> Callable[[Values], bool]:
    def hit(values: Values) -> bool:
        ballots = values[0]
        return isinstance(ballots, Ballots) and not any(ballots.counts[g])

    return hit


def _own(leaf: Leaf) -> Iterator[Edge]:
    """No edges are known of a plugin's own rule: it is sampled at the ends of each fact and between them."""
    choices: list[list[Value]] = []
    for fact, survey in zip(leaf.facts, leaf.surveys, strict=True):
        if survey is not None:
            counts = tuple(tuple(range(1, len(survey.options) + 1)) for _ in survey.groups)
            choices.append([Ballots(counts, survey)])
        elif fact.type in ("boolean", "option"):
            choices.append([True, False] if fact.type == "boolean" else [o.id for o in fact.options or ()])
        else:
            least, most = bounds(fact)
            step = Fraction(1, 10**fact.scale)
            middle = [least + step, least + 1000] if most is None else [(least + most) // 2]
            choices.append(list(dict.fromkeys([least, *middle, *([most] if most is not None else [])])))
    width = max(len(choice) for choice in choices)
    seen: set[Values] = set()
    for shift in range(width):
        for i in range(width):
            values = tuple(c[(i + shift * j) % len(c)] for j, c in enumerate(choices))
            if values not in seen and len(seen) < 12:
                seen.add(values)
                shown = ", ".join(say(v, "en") if isinstance(v, Fraction) else "…" for v in values)
                yield text(f"thử tại {shown}", f"sampled at {shown}"), values, exactly(*values)
