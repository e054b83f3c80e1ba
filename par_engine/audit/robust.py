"""Robust: how firm the places are, by what decides them, what they hang on, and what is still unknown; exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import numpy as np

from par_engine.audit.bounds import bounds
from par_engine.audit.leave_one_out import Flags, Part, parts, places, reconstructed, without
from par_engine.base.decimals import Ints, plain
from par_engine.base.types import Text
from par_engine.methodology.model import TOTAL
from par_engine.results.assessment import Assessment, UnitResult

NOTE = Text(
    vi="Phân tích độ vững của thứ hạng: KHÔNG phải kết quả chính thức, chỉ cho biết thứ hạng dựa vào đâu.",
    en="How firm the places are: NOT official results, only what the places hang on.",
)

Decides = Literal["points", "unprinted", "rounding", "tie"]
"""What sets a unit apart from its neighbour: the printed index; digits of it that are not printed; nothing but the
rounding, which makes them equal; nothing at all: they are equal, and the tie rule speaks."""


class Gap(NamedTuple):
    """The neighbour in the league, how many points of this unit lie between, exactly, and what decides."""

    unit: str
    points: Fraction
    decides: Decides


class Range(NamedTuple):
    """A best and a worst place."""

    best: int
    worst: int


@dataclass(frozen=True)
class Firmness:
    """How firm the place of one unit is. What cannot be told is None.

    `left_out` has the place without each part, by the part's key (`field:1`, `stream:survey`); `mover` is the part
    that moves the unit most, the first of several. `open` spans the places while `unknown` leaves are missing or
    pending. `resting` are the unit's points on reconstructed leaves, `plain` is its place without those leaves.
    """

    unit: str
    name: str
    rank: int | None
    index: Fraction | None
    above: Gap | None
    below: Gap | None
    left_out: Mapping[str, int]
    span: Range | None
    mover: str | None
    open: Range | None
    unknown: int
    resting: Fraction | None
    plain: int | None

    def as_dict(self) -> dict[str, Any]:
        """One flat row, for JSON and for a table of data: JSON values only."""
        out: dict[str, Any] = {"unit": self.unit, "name": self.name, "rank": self.rank, "index": text(self.index)}
        for side, gap in (("above", self.above), ("below", self.below)):
            out |= {
                side: None if gap is None else gap.unit,
                f"{side}_points": None if gap is None else text(gap.points),
                f"{side}_decides": None if gap is None else gap.decides,
            }
        for name, span in (("left_out", self.span), ("open", self.open)):
            out |= {f"{name}_{end}": None if span is None else getattr(span, end) for end in Range._fields}
        out |= {"most_moved_by": self.mover, "unknown": self.unknown}
        out |= {"reconstructed_points": text(self.resting), "rank_without_reconstructed": self.plain}
        return out | {f"without_{key}": place for key, place in self.left_out.items()}


class Shift(NamedTuple):
    """How the places move without one part: mean and largest shift of rank, and how many units move at all."""

    key: str
    part: Part
    mean: Fraction
    most: int
    moved: int

    def as_dict(self) -> dict[str, Any]:
        """The shift as JSON values."""
        title = self.part.title.model_dump()
        return {"key": self.key, "title": title, "mean": text(self.mean), "most": self.most, "moved": self.moved}


@dataclass(frozen=True)
class Robustness:
    """The firmness of every unit that takes part in the ranking, in league order, and the shifts by part.

    `apart` are the parts that cannot be left out: not every placed unit has points without them.
    """

    assessment: Assessment
    units: tuple[Firmness, ...]
    shifts: tuple[Shift, ...]
    basis: Shift | None
    apart: tuple[Part, ...]
    bounded: bool
    """False where spans of unknown leaves cannot be told: one may raise a total or lower it, or ties are `dense`."""

    def rows(self) -> list[dict[str, Any]]:
        """One dict a unit, with the same keys: ready for `pandas.DataFrame`."""
        places = [f"without_{shift.key}" for shift in self.shifts]
        rows = [unit.as_dict() for unit in self.units]
        return [row | {key: row.get(key) for key in places} for row in rows]

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {
            "official": False,
            "note": NOTE.model_dump(),
            "methodology": self.assessment.scheme.document.id,
            "fingerprint": self.assessment.scheme.fingerprint,
            "evidence": self.assessment.evidence.sha256,
            "units": self.rows(),
            "left_out": [shift.as_dict() for shift in self.shifts],
            "reconstructed": None if self.basis is None else self.basis.as_dict(),
            "not_apart": [part.code for part in self.apart],
            "bounded": self.bounded,
            "problems": [problem.as_dict() for problem in self.assessment.problems],
        }


def robust(assessment: Assessment) -> Robustness:
    """How firm the places of an assessment are: what they would be if something were not there, or were there."""
    scheme = assessment.scheme
    placed: Flags = assessment.standing.rank >= 0
    out = {unit.id for unit in scheme.document.units if not unit.ranked}
    ranked = np.array([unit not in out for unit in assessment.evidence.units], dtype=bool)
    rank = np.maximum(assessment.standing.rank, 0)
    found = {key_of(part): (part, places(assessment, without(assessment, part), placed)) for part in parts(assessment)}
    apart = tuple(part for part, ranks in found.values() if not ranks[placed].all())
    found = {key: (part, ranks) for key, (part, ranks) in found.items() if ranks[placed].all() and placed.any()}
    base = reconstructed(assessment)
    bare = places(assessment, without(assessment, base), placed)
    if not bare[placed].all():
        bare[:] = 0
    spans = bounds(assessment, ranked)
    league = [unit for unit in assessment.league() if ranked[unit.row]]
    order = [unit for unit in league if unit.rank is not None]
    beside = {unit.row: (order[i - 1] if i else None, *order[i + 1 : i + 2]) for i, unit in enumerate(order)}
    units = []
    for unit in league:
        row = unit.row
        mine = {key: int(ranks[row]) for key, (_, ranks) in found.items() if ranks[row]}
        above, below = (*beside.get(row, ()), None, None)[:2]
        units.append(
            Firmness(
                unit.id,
                unit.name,
                unit.rank,
                None if unit.index is None else Fraction(unit.index),
                _gap(unit, above, 1),
                _gap(unit, below, -1),
                mine,
                Range(min(mine.values()), max(mine.values())) if mine else None,
                _mover(mine, int(rank[row])),
                Range(int(spans.best[row]), int(spans.worst[row])) if spans.best[row] else None,
                int(spans.unknown[row]),
                _resting(assessment, row, base),
                int(bare[row]) or None,
            )
        )
    shifts = tuple(_shift(key, part, ranks, rank, placed) for key, (part, ranks) in found.items())
    basis = _shift("reconstructed", base, bare, rank, placed) if base.leaves and bare.any() else None
    return Robustness(assessment, tuple(units), shifts, basis, apart, spans.told)


def key_of(part: Part) -> str:
    """The key of a part: its kind and code."""
    return f"{part.kind}:{part.code}"


def text(x: Fraction | None) -> str | None:
    """A number as decimal text, or as `1/3` where it has no finite one."""
    if x is None:
        return None
    try:
        return plain(x)
    except ValueError:
        return f"{x.numerator}/{x.denominator}"


def _gap(unit: UnitResult, other: UnitResult | None, side: int) -> Gap | None:
    """What lies between two neighbours, in points of this unit: the other's index at this unit's attainable points.

    Below 0 where the one that stands higher has less, which only ranks on printed figures make possible.
    """
    if other is None:
        return None
    sums, total = unit.assessment.sums, unit.assessment.sums.codes[TOTAL]
    p, a, q, b = (int(array[row, total]) for row in (unit.row, other.row) for array in (sums.points, sums.attainable))
    settings = unit.assessment.scheme.document.settings
    gap = side * (Fraction(q * a, b) - p) / 10**settings.leaf_decimals
    if p * b == q * a:
        return Gap(other.id, gap, "tie")
    if unit.index != other.index:
        return Gap(other.id, gap, "points")
    return Gap(other.id, gap, "unprinted" if settings.rank_on == "exact" else "rounding")


def _mover(left_out: Mapping[str, int], rank: int) -> str | None:
    """The part without which the place is farthest from what it is; None where none moves it."""
    far = {key: abs(place - rank) for key, place in left_out.items()}
    most = max(far.values(), default=0)
    return next((key for key, shift in far.items() if shift == most), None) if most else None


def _resting(assessment: Assessment, row: int, base: Part) -> Fraction | None:
    """The unit's points on the leaves of a part; None where they are not simply added, or inside a stated whole."""
    if not assessment.scheme.plain:
        return None
    figures = [assessment.figure(row, code) for code in base.leaves]
    if any(figure.within for figure in figures):
        return None
    return sum((Fraction(figure.points or 0) for figure in figures), Fraction(0))


def _shift(key: str, part: Part, ranks: Ints, rank: Ints, placed: Flags) -> Shift:
    far: Sequence[int] = np.abs(ranks - rank)[placed].tolist()
    return Shift(key, part, Fraction(sum(far), len(far)), max(far), sum(x > 0 for x in far))
