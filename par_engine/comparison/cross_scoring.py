"""Bridge: newer evidence scored by the older rules, where both ask for the same facts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from par_engine.api import Methodology
from par_engine.base.problems import EvidenceError
from par_engine.base.types import Fact
from par_engine.comparison.methodologies import matched
from par_engine.methodology.boundary_cases import write
from par_engine.results.assessment import Assessment
from par_engine.results.explain import values


def bridge(old: Methodology, newer: Assessment) -> dict[tuple[str, str], Fraction]:
    """Points by unit and older leaf: what the newer evidence earns by the older methodology's rule.

    Only for leaves that correspond and ask for facts of the same ids and forms, and units that both methodologies know;
    what the older one refuses is left out.
    """
    new = newer.scheme.document
    pairs = [(a, b) for a, b in matched(old.document, new)[0] if a.rule is not None and b.rule is not None]
    same = [(a, b) for a, b in pairs if a.rule and all(_same(old, newer, name) for name in a.rule.facts())]
    known = set(old.scheme.unit_index.values()) if old.document.units else None
    entries: list[dict[str, Any]] = []
    for row, unit in enumerate(newer.units):
        facts: dict[str, Any] = {}
        for _, after in same:
            facts |= {name: write(value) for name, _, value in values(newer, row, after) if value is not None}
        wanted = {name for before, _ in same if before.rule for name in before.rule.facts()}
        if known is None or unit.id in known:
            entries.append({"unit": unit.id, "facts": {name: v for name, v in facts.items() if name in wanted}})
    while entries:
        try:
            result = old.assess({"methodology": old.id, "stage": "bridge", "units": entries})
        except EvidenceError as error:
            entries = _without(entries, error)
            continue
        return {
            (unit.id, before.code): Fraction(figure.points)
            for unit in result.units
            for before, _ in same
            if (figure := unit.item(before.code)).outcome == "scored" and figure.points is not None
        }
    return {}


def _same(old: Methodology, newer: Assessment, name: str) -> bool:
    before, after = old.document.facts.get(name), newer.scheme.document.facts.get(name)
    if before is None or after is None or _form(before) != _form(after):
        return False
    surveys = (old.document.surveys, newer.scheme.document.surveys)
    designs = [
        None if fact.survey is None else s[fact.survey] for fact, s in zip((before, after), surveys, strict=True)
    ]
    asked = [None if d is None else ([o.id for o in d.options], [g.id for g in d.groups]) for d in designs]
    return asked[0] == asked[1]


def _form(fact: Fact) -> tuple[Any, ...]:
    return fact.type, fact.decimals, [option.id for option in fact.options or ()]


def _without(entries: list[dict[str, Any]], error: EvidenceError) -> list[dict[str, Any]]:
    """The entries without the facts that were refused; without whole units where no fact is named."""
    places = {tuple(problem.pointer.split("/")[2:]) for problem in error.problems}
    out = []
    for i, entry in enumerate(entries):
        bad = {place[2] for place in places if place[0] == str(i) and place[1:2] == ("facts",) and len(place) > 2}
        whole = any(place[0] == str(i) and not (place[1:2] == ("facts",) and len(place) > 2) for place in places)
        if not whole:
            out.append({**entry, "facts": {name: v for name, v in entry["facts"].items() if name not in bad}})
    if out == entries:
        raise error
    return out
