"""The figures of a round in some state: by the evidence alone, and with the points that the appraisal gave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from par_engine.aggregate import aggregate, layout
from par_engine.api import Methodology
from par_engine.assess import stand
from par_engine.documents import fail
from par_engine.exact import freeze
from par_engine.nodes import SCORED
from par_engine.result import Assessment
from par_engine.round.state import State, source
from par_engine.score import LeafPoints


def listed(methodology: Methodology) -> list[str]:
    """The ids of the methodology's units, in its order."""
    return [unit.id for unit in methodology.document.units]


def by_evidence(methodology: Methodology, state: State) -> Assessment:
    """The assessment of what the units handed in themselves."""
    if not state.units:
        what, hint = "no unit has handed in anything yet", "par round submit"
        fail("round", "nothing-yet", what, hint, "chưa có đơn vị nào nộp", hint)
    return methodology.assess(state.evidence(listed(methodology)))


def by_stage(methodology: Methodology, state: State) -> tuple[tuple[Assessment, ...], frozenset[str]]:
    """The figures stage by stage, the last of all units, and the units that have not reached that last stage.

    Stages are the evidence, the appraisal, its end, as far as any unit has come; one between holds only the units that
    have reached it, since the others have no figures there.
    """
    own = by_evidence(methodology, state)
    appraised = {key: replace(unit, final={}) for key, unit in state.units.items() if unit.appraised}
    final = any(unit.final for unit in state.units.values())
    if not appraised and not final:
        return (own,), frozenset()
    between = (standing(methodology, replace(state, units=appraised)),) if appraised and final else ()
    waiting = (unit.unit for unit in state.units.values() if not (unit.final if final else unit.appraised))
    return (own, *between, standing(methodology, state, own)), frozenset(waiting)


def standing(methodology: Methodology, state: State, self_assessed: Assessment | None = None) -> Assessment:
    """The assessment as it stands: what an appraisal gives replaces what the evidence gave; all else stays."""
    base = self_assessed if self_assessed is not None else by_evidence(methodology, state)
    given = [unit for unit in state.units.values() if unit.points]
    if not given:
        return base
    scheme, scored = base.scheme, base.scored
    points, outcomes = scored.points.copy(), scored.outcomes.copy()
    rows = {unit: row for row, unit in enumerate(base.evidence.units)}
    for unit in given:
        for item, stated in unit.points.items():
            at = (rows[unit.unit], scheme.position[item])
            points[at], outcomes[at] = scheme.scaled(stated.points), SCORED
    # whole numbers far below 2**53: the product adds them exactly
    sums = (points.astype(np.float64) @ layout(scheme).members).astype(np.int64)
    stage = "final" if any(unit.final for unit in given) else "appraisal"
    evidence = replace(base.evidence, stage=stage, source=source(state, listed(methodology)))
    leaf_points = LeafPoints(points, outcomes, sums)
    totals = aggregate(scheme, evidence, leaf_points)
    places = stand(scheme, evidence.units, totals)
    freeze(points, outcomes, sums, places.index, places.rank, places.group)
    return replace(base, evidence=evidence, scored=leaf_points, sums=totals, standing=places)
