"""Headlines: what is said of all units together counts those that have a place; the others are said apart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from par_engine.base.decimals import decimal, round_to
from par_engine.results.assessment import Assessment, UnitResult


class Headlines(NamedTuple):
    """Highest, median and lowest index and the sizes of the groups, over the units that have a place.

    `placed` are those, in league order. `unranked` are bodies outside the ranking, `open` units that have no place yet
    or cannot have one: a part is pending, unknown or missing, or nothing is attainable.
    """

    placed: tuple[UnitResult, ...]
    unranked: tuple[UnitResult, ...]
    open: tuple[UnitResult, ...]
    median: Decimal | None
    groups: Mapping[str, int]

    @property
    def highest(self) -> UnitResult | None:
        """The first of the league."""
        return self.placed[0] if self.placed else None

    @property
    def lowest(self) -> UnitResult | None:
        """The last of the league."""
        return self.placed[-1] if self.placed else None


def headlines(assessment: Assessment) -> Headlines:
    """The headlines of an assessment."""
    league, settings = assessment.league(), assessment.scheme.document.settings
    placed = tuple(unit for unit in league if unit.rank is not None)
    groups = {group.id: sum(unit.group == group.id for unit in placed) for group in assessment.scheme.document.groups}
    indices = sorted(Fraction(unit.index) for unit in placed if unit.index is not None)
    median = None
    if indices:
        middle = (indices[(len(indices) - 1) // 2] + indices[len(indices) // 2]) / 2
        digits = settings.index_decimals
        median = decimal(round_to(middle, digits, settings.rounding), digits)
    return Headlines(
        placed,
        tuple(unit for unit in league if not unit.ranked),
        tuple(unit for unit in league if unit.ranked and unit.rank is None),
        median,
        groups,
    )
