"""Between a reading and a rule: a rule as its lines would read, and a reading as rule and facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from par_engine.annex.readings import Reading, Step
from par_engine.base.decimals import plain, written
from par_engine.base.names import bare, fold
from par_engine.base.types import Fact
from par_engine.methodology.model import AnyRule
from par_engine.rules.bands import Bands
from par_engine.rules.checklist import Checklist
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.given import Given
from par_engine.rules.ratio import Ratio
from par_engine.rules.survey import SurveyRule
from par_engine.rules.tally import Tally

ASSUMED = {"whole_zero": "missing", "over": "refuse"}
"""What is taken for a rule that does not say it: the values that give no points to anybody."""
_YES_NO = {"true": "có", "false": "không"}
_MOST_DECIMALS = 9


class InexactError(ValueError):
    """The points of a reading have no finite decimals."""


@dataclass(frozen=True)
class Named:
    """A text in both languages, as documents have it."""

    vi: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"vi": self.vi, "en": self.en}


def as_reading(rule: AnyRule, facts: Mapping[str, Fact], maximum: Fraction) -> Reading | None:
    """The reading that an annex would have to give for this rule; None for a rule of a plugin's own."""
    if isinstance(rule, Ratio):
        steps = [Step(rule.full_at, True, maximum, maximum)]
        if rule.floor < rule.full_at:
            steps.insert(0, Step(rule.floor, True, maximum * rule.floor / rule.full_at, maximum))
        if rule.floor > 0:
            steps.insert(0, Step(None, False, Fraction(0), Fraction(0)))
        return Reading("steps", "share", tuple(steps), whole_zero=rule.whole_zero, over=rule.over)
    if isinstance(rule, Bands):
        bands = sorted(rule.bands, key=lambda b: (b.lower is not None, b.lower or 0))
        steps = [
            Step(b.lower, b.from_ is not None, b.points, b.points if b.points_to is None else b.points_to)
            for b in bands
        ]
        kind = rule.measure.kind
        return Reading(
            "steps",
            "number" if kind == "fact" else kind,
            tuple(steps),
            bands[-1].upper,
            whole_zero=rule.whole_zero,
            over=rule.over,
        )
    if isinstance(rule, Choice):
        titles = {o.id: o.title.vi for o in facts[rule.fact].options or ()}
        return Reading("choice", labels=tuple((titles.get(k, _YES_NO.get(k, k)), v) for k, v in rule.points.items()))
    if isinstance(rule, Checklist):
        return Reading("checklist", labels=tuple((facts[k].title.vi, v) for k, v in rule.points.items()))
    if isinstance(rule, Tally):
        return Reading("tally", step=rule.each, things=_thing(facts[rule.fact]))
    if isinstance(rule, Deduction):
        return Reading("deduction", step=rule.step, floor=rule.floor, things=_thing(facts[rule.fact]))
    if isinstance(rule, SurveyRule):
        return Reading("survey")
    if isinstance(rule, Given):
        return Reading("given")
    return None


def _thing(fact: Fact) -> str:
    return (fact.unit or fact.title).vi


def same(read: Reading, known: Reading, *, boolean: bool = False) -> bool:
    """Whether two readings give the same points for the same facts, as far as `read` says.

    What `read` leaves unsaid is taken from `known`. For a yes or no, labels need not agree.
    """
    if read.kind != known.kind or (read.step, read.floor) != (known.step, known.floor):
        return False
    if read.kind == "steps":
        if read.measure != known.measure or not _alike(read, known):
            return False
        return all(key in read.unsaid or getattr(read, key) == getattr(known, key) for key in ("whole_zero", "over"))
    if boolean and len(read.labels) == len(known.labels):
        return sorted(p for _, p in read.labels) == sorted(p for _, p in known.labels)
    return {(_label(k), v) for k, v in read.labels} == {(_label(k), v) for k, v in known.labels}


def _label(text: str) -> str:
    return fold(re.sub(r"[\s.;,:]+$", "", text))


def _alike(a: Reading, b: Reading) -> bool:
    return _shape(a) == _shape(b)


def _shape(read: Reading) -> tuple[Any, ...]:
    """Steps so that equal functions look equal: joined where the points do not change, open where nothing is below."""
    steps: list[Step] = []
    for step in read.steps:
        if steps and steps[-1].first == steps[-1].last == step.first == step.last:
            continue
        steps.append(step)
    first = steps[0]
    if read.measure != "change" and first.low == 0 and first.closed:
        steps[0] = Step(None, False, first.first, first.last)
    last = steps[-1]
    high = read.high if last.first != last.last else None
    return (
        read.measure,
        tuple((s.low, s.closed if s.low is not None else False, s.first, s.last) for s in steps),
        high,
    )


def as_rule(
    read: Reading, code: str, title: Named, maximum: Fraction, survey: str | None, known: Mapping[str, Named]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The rule and its facts for the item `code`; `known` has the English of Vietnamese labels.

    Raises InexactError when a formula's points have no finite decimals.
    """
    base = re.sub(r"[^a-z0-9_.-]", "-", code.lower())

    def text(vi: str) -> dict[str, str]:
        return known.get(fold(vi), Named(vi, vi)).as_dict()

    def about(vi: str, en: str) -> dict[str, str]:
        return {"vi": f"{vi}: {title.vi}"[:2000], "en": f"{en}: {title.en}"[:2000]}

    if read.kind == "choice":
        ids = list(_slugs(label for label, _ in read.labels))
        options = [{"id": id, "title": text(label)} for id, (label, _) in zip(ids, read.labels, strict=True)]
        fact = f"{base}.state"
        points = {id: _points(p) for id, (_, p) in zip(ids, read.labels, strict=True)}
        return {"name": "choice", "fact": fact, "points": points}, {
            fact: {"type": "option", "title": title.as_dict(), "options": options}
        }
    if read.kind == "checklist":
        ids = [f"{base}.{id}"[:80].rstrip(".-") for id in _slugs(label for label, _ in read.labels)]
        facts = {id: {"type": "boolean", "title": text(label)} for id, (label, _) in zip(ids, read.labels, strict=True)}
        points = {id: _points(p) for id, (_, p) in zip(ids, read.labels, strict=True)}
        return {"name": "checklist", "points": points}, facts
    if read.kind == "tally":
        fact = f"{base}.count"
        rule = {"name": "tally", "fact": fact, "each": _points(read.step or Fraction(0))}
        return rule, {fact: {"type": "count", "title": text(read.things.capitalize() or title.vi)}}
    if read.kind == "deduction":
        fact = f"{base}.cases"
        rule = {
            "name": "deduction",
            "fact": fact,
            "step": _points(read.step or Fraction(0)),
            "floor": _points(read.floor or Fraction(0)),
        }
        return rule, {fact: {"type": "count", "title": text(read.things.capitalize() or title.vi)}}
    if read.kind == "survey":
        fact = f"{base}.ballots"
        return {"name": "survey", "fact": fact}, {
            fact: {"type": "ballots", "title": about("Phiếu", "Ballots"), "survey": survey}
        }
    if read.kind == "given":
        return given(base, title, maximum)
    return _measured(read, base, title, maximum, about)


def given(base: str, title: Named, maximum: Fraction) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Points as an assessor states them."""
    fact = f"{base}.points"
    return {"name": "given", "fact": fact}, {
        fact: {
            "type": "decimal",
            "title": {"vi": f"Điểm do người thẩm định cho: {title.vi}", "en": f"Points as stated: {title.en}"},
            "decimals": 2,
            "max": plain(maximum),
            "unit": {"vi": "điểm", "en": "points"},
        }
    }


def _measured(
    read: Reading, base: str, title: Named, maximum: Fraction, about: Any
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    zero = {"whole_zero": read.whole_zero or ASSUMED["whole_zero"]}
    if read.measure == "share":
        part, whole = f"{base}.part", f"{base}.whole"
        facts: dict[str, dict[str, Any]] = {
            part: {"type": "count", "title": about("Số đạt", "Part")},
            whole: {"type": "count", "title": about("Tổng số", "Whole")},
        }
        shape = _shape(read)[1]
        flat = [s for s in shape if not (s[2] == s[3] == 0 and s[0] is None)]
        if len(flat) == 2 and _is_ratio(flat, maximum) and read.over != "allow":
            floor = flat[0][0] or Fraction(0)
            rule = {
                "name": "ratio",
                "part": part,
                "whole": whole,
                "floor": written(floor),
                "full_at": written(flat[1][0]),
            }
            return {**rule, "over": read.over or ASSUMED["over"], **zero}, facts
        over = {"cap": "refuse"}.get(read.over or "", read.over or ASSUMED["over"])
        measure = {"part": part, "whole": whole}
        return {"name": "bands", "measure": measure, **zero, "over": over, "bands": _bands(read)}, facts
    if read.measure == "change":
        now, before = f"{base}.now", f"{base}.before"
        facts = {
            now: {"type": "decimal", "title": about("Năm nay", "This year"), "decimals": 2, "min": "0"},
            before: {"type": "decimal", "title": about("Năm trước", "The year before"), "decimals": 2, "min": "0"},
        }
        return {"name": "bands", "measure": {"now": now, "before": before}, **zero, "bands": _bands(read)}, facts
    fact = f"{base}.number"
    whole_numbers = all(x is None or x.denominator == 1 for x in (*(s.low for s in read.steps), read.high))
    rising = any(s.first != s.last for s in read.steps)
    made: dict[str, Any] = {"type": "count", "title": title.as_dict()}
    if rising or not whole_numbers or read.things:
        made = {"type": "decimal", "title": title.as_dict(), "decimals": 2, "min": "0"}
    if read.high is not None:
        made["max"] = plain(read.high)
    return {"name": "bands", "measure": {"fact": fact}, "bands": _bands(read)}, {fact: made}


def _is_ratio(flat: list[Any], maximum: Fraction) -> bool:
    (low, closed, first, last), (full, full_closed, top, same_top) = flat
    floor = low or Fraction(0)
    rises = full and first == maximum * floor / full and last == top == same_top == maximum
    return bool(rises and full_closed and (closed or low is None))


def _bands(read: Reading) -> list[dict[str, str]]:
    out: list[dict[str, str]] = []
    steps = read.steps
    for i, step in enumerate(steps):
        band: dict[str, str] = {}
        rises = step.first != step.last
        if step.low is not None and not (i == 0 and step.low == 0 and not rises and read.measure == "number"):
            band["from" if step.closed else "above"] = written(step.low)
        elif rises:
            band["from"] = "0"
        following = steps[i + 1] if i + 1 < len(steps) else None
        if following is not None and following.low is not None:
            band["below" if following.closed else "to"] = written(following.low)
        elif following is None and read.high is not None:
            band["to"] = written(read.high)
        band["points"] = _points(step.first)
        if rises:
            band["points_to"] = _points(step.last)
        out.append(band)
    return out


def _points(x: Fraction) -> str:
    if 10**_MOST_DECIMALS % x.denominator:
        raise InexactError(f"{x} has no {_MOST_DECIMALS} decimals")
    return plain(x)


def _slugs(labels: Iterator[str] | Any) -> Iterator[str]:
    """Short ids from texts, different from one another."""
    seen: set[str] = set()
    for label in labels:
        slug = re.sub(r"[^a-z0-9]+", "-", bare(label)).strip("-")[:40].strip("-") or "muc"
        name, n = slug, 2
        while name in seen:
            name, n = f"{slug}-{n}", n + 1
        seen.add(name)
        yield name
