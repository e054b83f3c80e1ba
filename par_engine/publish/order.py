"""Who stands at the ends of a league, and who stands beside it, for page, paper and workbook."""

from __future__ import annotations

from par_engine.results.assessment import Assessment, UnitResult
from par_engine.results.headlines import headlines


def ends(assessment: Assessment) -> tuple[tuple[UnitResult, ...], tuple[UnitResult, ...]]:
    """The units in the first place and those in the last; none where all that have a place share one."""
    placed = [unit for unit in assessment.league() if unit.rank is not None]
    if not placed or placed[0].rank == placed[-1].rank:
        return (), ()
    first, last = placed[0].rank, placed[-1].rank
    return tuple(u for u in placed if u.rank == first), tuple(u for u in placed if u.rank == last)


def apart(assessment: Assessment) -> tuple[UnitResult, ...]:
    """The units that headlines do not count: outside the ranking, or without a place yet."""
    found = headlines(assessment)
    rows = {unit.row for unit in (*found.unranked, *found.open)}
    return tuple(unit for unit in assessment.league() if unit.row in rows)
