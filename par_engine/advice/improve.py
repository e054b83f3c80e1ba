"""Improve: where a unit loses points, and the cheapest set of changes that brings it to an index or a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from par_engine.advice.changes import with_facts
from par_engine.advice.optimum import cheapest
from par_engine.advice.options import Efforts, Option, options
from par_engine.api import Methodology
from par_engine.documents import fail
from par_engine.explain import values
from par_engine.nodes import Outcome
from par_engine.probes import write
from par_engine.result import Assessment


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
    if gain is None:
        assert found.points is not None and found.attainable is not None
        gain = _wanted(before, row, index, place) * Fraction(found.attainable) / 100 - Fraction(found.points)
    need = max(Fraction(0), gain)
    scale = 10**scheme.document.settings.leaf_decimals
    awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
    choices, losses = [], []
    for leaf in scheme.leaves:
        figure, item = found.item(leaf.code), scheme.items[leaf.code]
        if figure.outcome in (Outcome.NOT_APPLICABLE, Outcome.PENDING) or leaf.code in scheme.outside or figure.within:
            continue  # of a leaf inside a stated whole nobody knows what it lost
        now = [value for _, _, value in values(before, row, item)]
        known = [value for value in now if value is not None]
        mine = options(scheme, leaf, known, efforts or {}) if known and len(known) == len(now) else []
        if figure.stated or figure.points is None or item.stream in awaited:
            mine = []  # a stated whole stands for it, or others answer the questions: no fact of the unit's moves it
        movable = Fraction(max((o.gain for o in mine), default=0), scale)
        lost = Fraction(figure.max) - Fraction(figure.points or 0)
        if lost:
            losses.append(Loss(leaf.code, figure.outcome, lost, movable))
        choices.append(mine)
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


def _wanted(before: Assessment, row: int, index: Fraction | None, place: int | None) -> Fraction:
    """The index to reach, in percent, exactly: the one given, or that of the unit now at the place."""
    if index is not None:
        return index
    assert place is not None
    others = sorted(
        (
            100 * Fraction(u.points) / Fraction(u.attainable)
            for i, u in enumerate(before.units)
            if i != row and u.rank is not None and u.points is not None and u.attainable
        ),
        reverse=True,
    )
    # with at most place - 1 others strictly ahead, the place is reached
    return others[place - 1] if place <= len(others) else Fraction(0)


def _checked(
    methodology: Methodology, before: Assessment, row: int, efforts: Mapping[str, Fraction], *, total: bool
) -> None:
    scheme, unit = before.scheme, before.at(row)
    facts = scheme.document.facts
    if not scheme.plain:
        what, vi = "totals are not plain sums here", "tổng điểm không phải là phép cộng đơn thuần"
        hint, hint_vi = "try changes with par what-if", "thử từng thay đổi bằng par what-if"
        fail(methodology.id, "not-a-sum", what, hint, vi, hint_vi)
    if (total and (unit.points is None or not unit.attainable)) or unit.total.stated:
        what, vi = f"{unit.id} has no total of its own facts yet", f"{unit.id} chưa có tổng điểm từ số liệu"
        hint, hint_vi = "name the points to win instead (--gain)", "nêu số điểm cần tăng (--gain)"
        fail(before.evidence.label, "no-total", what, hint, vi, hint_vi)
    for name in efforts:
        if name not in facts:
            what, vi = f'effort of the unknown fact "{name}"', f'công sức của số liệu lạ "{name}"'
            fail(methodology.id, "unknown-fact", what, "use ids of facts", vi, "dùng mã số liệu")
