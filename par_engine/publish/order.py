"""One order of units for page, paper and workbook: by place, and where places are equal by their Vietnamese names."""

from __future__ import annotations

from par_engine.collation import sort_key
from par_engine.headlines import headlines
from par_engine.result import Assessment, UnitResult


def league(assessment: Assessment) -> tuple[UnitResult, ...]:
    """The units by rank, those without one last and by index, equals by name."""
    index = assessment.standing.index
    return tuple(
        sorted(
            assessment.units,
            key=lambda u: (u.rank is None, u.rank or 0, -int(index[u.row]), sort_key(u.name), u.id),
        )
    )


def ends(assessment: Assessment) -> tuple[tuple[UnitResult, ...], tuple[UnitResult, ...]]:
    """The units in the first place and those in the last; none where all that have a place share one."""
    placed = [unit for unit in league(assessment) if unit.rank is not None]
    if not placed or placed[0].rank == placed[-1].rank:
        return (), ()
    first, last = placed[0].rank, placed[-1].rank
    return tuple(u for u in placed if u.rank == first), tuple(u for u in placed if u.rank == last)


def apart(assessment: Assessment) -> tuple[UnitResult, ...]:
    """The units that headlines do not count: outside the ranking, or without a place yet."""
    found = headlines(assessment)
    return tuple(unit for unit in league(assessment) if unit in (*found.unranked, *found.open))
