"""Rule coverage: the places where rules turn that no case touches, and the cases that would touch them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from par_engine.base.decimals import plain
from par_engine.methodology.boundary_cases import Probe, probes
from par_engine.methodology.scheme import Scheme
from par_engine.testing.cases import SCHEMA, Case, Expect, Ran, run


@dataclass(frozen=True)
class Coverage:
    """All probes of a methodology, those that some case touches, and those that a confirmed one does."""

    places: tuple[Probe, ...]
    touched: frozenset[int]
    confirmed: frozenset[int]

    @property
    def untouched(self) -> tuple[Probe, ...]:
        """The probes that no case touches, in document order."""
        return tuple(probe for i, probe in enumerate(self.places) if i not in self.touched)

    @property
    def percent(self) -> Fraction:
        """The share of places touched, 0 to 100."""
        return Fraction(100 * len(self.touched), len(self.places))


def cover(scheme: Scheme, ran: Iterable[Ran]) -> Coverage:
    """Which places the cases touch: edges exactly or within a step, options, outcomes and refusals."""
    order = {code: i for i, code in enumerate(scheme.items)}
    leaves = sorted(scheme.leaves, key=lambda leaf: order[leaf.code])
    places = tuple(probe for leaf in leaves for probe in probes(scheme, leaf))
    by_leaf: dict[str, list[int]] = {}
    for i, probe in enumerate(places):
        by_leaf.setdefault(probe.leaf, []).append(i)
    touched: set[int] = set()
    confirmed: set[int] = set()
    for one in ran:
        for i in by_leaf.get(one.case.item, ()):
            if places[i].hit(one.values, one.became):
                touched.add(i)
                if one.case.confirmed:
                    confirmed.add(i)
    return Coverage(places, frozenset(touched), frozenset(confirmed))


def suggest(scheme: Scheme, ran: Iterable[Ran]) -> list[Case]:
    """Cases for every untouched place, with what the engine gives today; none of them is confirmed."""
    missing = cover(scheme, ran).untouched
    cases = [_case(scheme, probe, Expect(refused=True)) for probe in missing]
    out = []
    names: set[str] = {one.case.name for one in ran}
    for case, one in zip(cases, run(scheme, cases), strict=True):
        expect = Expect(refused=True) if one.refused else Expect(points=one.points, outcome=one.outcome)
        name, n = case.name, 2
        while name in names:
            name, n = f"{case.name} ({n})", n + 1
        names.add(name)
        out.append(case.model_copy(update={"expect": expect, "name": name}))
    return out


def _case(scheme: Scheme, probe: Probe, expect: Expect) -> Case:
    item = scheme.items[probe.leaf]
    return Case(
        name=f"{item.code} {item.title.vi}: {probe.place.vi}"[:300],
        item=item.code,
        facts=dict(probe.facts),
        outcomes={code: dict(entry) for code, entry in probe.outcomes.items()},
        expect=expect,
        why=item.rule_text,
        confirmed=False,
    )


def write_cases(methodology: str, cases: Sequence[Case], schema: str = SCHEMA) -> bytes:
    """A case-1 document, one line a case, so that a person confirms and reviews it line by line."""
    lines = ",\n".join(f"    {json.dumps(_plain(case), ensure_ascii=False)}" for case in cases)
    head = f'{{\n  "$schema": {json.dumps(schema)},\n  "methodology": {json.dumps(methodology)},\n  "cases": [\n'
    return f"{head}{lines}\n  ]\n}}\n".encode()


def _plain(case: Case) -> dict[str, object]:
    expect: dict[str, object] = {}
    if case.expect.refused:
        expect["refused"] = True
    if case.expect.points is not None:
        expect["points"] = plain(case.expect.points)
    if case.expect.outcome is not None:
        expect["outcome"] = case.expect.outcome.value
    out: dict[str, object] = {"name": case.name, "item": case.item, "facts": case.facts}
    if case.outcomes:
        out["outcomes"] = case.outcomes
    out["expect"] = expect
    if case.why is not None:
        out["why"] = case.why.model_dump()
    return out | {"confirmed": case.confirmed}
