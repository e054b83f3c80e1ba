"""Improve: where a unit loses points, and the cheapest set of changes that brings it to an index or a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from par_engine.advice.changes import with_facts
from par_engine.advice.knapsack import cheapest
from par_engine.advice.options import Efforts, Option, options
from par_engine.api import Methodology
from par_engine.assess import stand
from par_engine.base.problems import fail
from par_engine.base.types import Outcome, Value
from par_engine.methodology.boundary_cases import write
from par_engine.methodology.model import TOTAL
from par_engine.results.assessment import Assessment
from par_engine.results.explain import values
from par_engine.rules.base import CoreRule, Leaf


@dataclass(frozen=True)
class Loss:
    """Points that one leaf has lost; `movable` is the most that other facts would win back."""

    leaf: str
    outcome: Outcome
    lost: Fraction
    movable: Fraction


@dataclass(frozen=True)
class Advice:
    """What to change, cheapest gain first, and the assessments before and after; `chosen` is None when nothing reaches
    the target.

    `need` is what is missing in points, exactly. After is the engine's own assessment of the changed facts.
    """

    unit: str
    need: Fraction
    losses: tuple[Loss, ...]
    chosen: tuple[Option, ...] | None
    before: Assessment
    after: Assessment | None


def improve(
    methodology: Methodology,
    before: Assessment,
    unit: str,
    *,
    index: Fraction | None = None,
    place: int | None = None,
    gain: Fraction | None = None,
    efforts: Efforts | None = None,
) -> Advice:
    """The cheapest changes of one unit's facts that reach an index (in percent), a place among the assessed units, or
    so many points more: one of the three.

    All else stays as it is, the other units too. Only for schemes whose totals are plain sums; raises ParError for
    others, for an index or place of a unit that has no index yet, and for an unknown fact in `efforts`.
    """
    scheme = before.scheme
    row = next(i for i, id in enumerate(before.evidence.units) if id == before.unit(unit).id)
    found = before.at(row)
    _checked(methodology, before, row, efforts or {}, total=gain is None)
    if place is not None and before.field[0] < 2:
        fail("alone", "--rank")
    if gain is None:
        assert found.points is not None and found.attainable is not None
        wanted = (
            _points_of_place(before, row, place)
            if place is not None
            else (index or 0) * Fraction(found.attainable) / 100
        )
        gain = wanted - Fraction(found.points)
    need = max(Fraction(0), gain)
    scale = 10**scheme.document.settings.leaf_decimals
    live, fixed, now = _movable(before, row)
    choices: list[list[Option]] = []
    most: dict[str, Fraction] = {}
    unknown: set[str] = set()
    for leaves in _sharing(live):
        mine = {name: now[name] for leaf in leaves for name in leaf.rule.facts()}
        choices.append(options(scheme, leaves, mine, efforts or {}, fixed, unknown))
        best = Fraction(max((o.gain for o in choices[-1]), default=0), scale)
        most |= {leaf.code: best for leaf in leaves}
    if unknown:
        names = ", ".join(name for name in scheme.document.facts if name in unknown)
        fail("no-effort", "--effort", names=names)
    losses = []
    for leaf in scheme.leaves:
        figure = found.item(leaf.code)
        hidden = figure.within and figure.points is None  # inside a stated whole: nobody knows what it lost
        if figure.outcome in (Outcome.NOT_APPLICABLE, Outcome.PENDING) or leaf.code in scheme.outside or hidden:
            continue
        lost = Fraction(figure.max) - Fraction(figure.points or 0)
        if lost:
            losses.append(Loss(leaf.code, figure.outcome, lost, min(lost, most.get(leaf.code, Fraction(0)))))
    picked = cheapest(choices, _up(need * scale))
    after = None
    if picked is not None:
        changes: dict[str, Any] = {name: write(new) for o in picked for name, (_, new) in o.changes.items()}
        after = with_facts(methodology, before, row, changes)
        picked.sort(key=lambda o: (o.effort / o.gain, -o.gain, o.leaf))
    order = sorted(losses, key=lambda loss: (-loss.lost, loss.leaf))
    return Advice(found.id, need, tuple(order), None if picked is None else tuple(picked), before, after)


def _up(x: Fraction) -> int:
    return -(-x.numerator // x.denominator)


def _movable(before: Assessment, row: int) -> tuple[list[Leaf], frozenset[str], dict[str, Value]]:
    """The leaves that facts of the unit move, the facts that must stay, and the facts as they are.

    Nothing moves a leaf inside points that are stated as a whole, one that is declared, or one whose facts are not all
    there. Others answer surveys, and what a plugin's own rule makes of other facts is not looked at: its facts stay.
    """
    scheme, evidence = before.scheme, before.evidence
    awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
    still = {leaf for d in evidence.declared if d.row == row for leaf in scheme.under(d.code)}
    for entry in evidence.stated:
        if entry.row == row:
            still |= set(scheme.stream_leaves[entry.key] if entry.is_stream else scheme.under(entry.key))
    live: list[Leaf] = []
    fixed: set[str] = set()
    now: dict[str, Value] = {}
    for leaf in scheme.leaves:
        item = scheme.items[leaf.code]
        known = {name: value for name, _, value in values(before, row, item) if value is not None}
        if leaf.code in still or leaf.code in scheme.outside or len(known) < len(set(leaf.rule.facts())):
            continue
        if isinstance(leaf.rule, CoreRule) and item.stream not in awaited:
            live.append(leaf)
            now |= known
        else:
            fixed |= set(known)
    return live, frozenset(fixed), now


def movable(before: Assessment, row: int) -> dict[str, Value]:
    """The facts of a unit that advice may change, as they are."""
    live, fixed, now = _movable(before, row)
    mine = {name for leaf in live for name in leaf.rule.facts()}
    return {name: value for name, value in now.items() if name in mine - fixed}


def _sharing(leaves: Sequence[Leaf]) -> list[list[Leaf]]:
    """Leaves in groups that have no fact in common."""
    groups: list[tuple[set[str], list[Leaf]]] = []
    for leaf in leaves:
        names, mine = set(leaf.rule.facts()), [leaf]
        for group in [group for group in groups if group[0] & names]:
            groups.remove(group)
            names |= group[0]
            mine = [*group[1], *mine]
        groups.append((names, mine))
    return [group for _, group in groups]


def _points_of_place(before: Assessment, row: int, place: int) -> Fraction:
    """The fewest points with which the unit has the place, all others as they are, by the methodology's own rules."""
    scheme, sums = before.scheme, before.sums
    total = sums.codes[TOTAL]

    def reached(scaled: int) -> bool:
        points = sums.points.copy()
        points[row, total] = scaled
        rank = int(stand(scheme, before.evidence.units, sums._replace(points=points)).rank[row])
        return 0 <= rank <= place

    low, high = 0, int(sums.attainable[row, total]) + 1
    while low < high:  # more points never make a place worse
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle + 1, high)
    return Fraction(low, 10**scheme.document.settings.leaf_decimals)


def _checked(
    methodology: Methodology, before: Assessment, row: int, efforts: Mapping[str, Fraction], *, total: bool
) -> None:
    scheme, unit = before.scheme, before.at(row)
    facts = scheme.document.facts
    if not scheme.plain:
        fail("not-a-sum", methodology.id)
    if (total and (unit.points is None or not unit.attainable)) or unit.total.stated:
        fail("no-total", before.evidence.label, id=unit.id)
    for name in efforts:
        if name not in facts:
            fail("unknown-fact", methodology.id, name=name)
