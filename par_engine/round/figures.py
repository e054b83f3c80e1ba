"""The figures of a round in some state: by the evidence alone, and with the points that the appraisal gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from par_engine.api import Methodology
from par_engine.assess import cautions, stand
from par_engine.base.decimals import freeze
from par_engine.base.problems import fail
from par_engine.base.types import SCORED
from par_engine.methodology.scheme import Scheme
from par_engine.results.assessment import Assessment
from par_engine.round.state import Points, State, UnitState, source
from par_engine.scoring.aggregate import aggregate, layout
from par_engine.scoring.score import LeafPoints


def listed(methodology: Methodology) -> list[str]:
    """The ids of the methodology's units, in its order."""
    return [unit.id for unit in methodology.document.units]


def by_evidence(methodology: Methodology, state: State) -> Assessment:
    """The assessment of what the units handed in themselves."""
    if not state.units:
        fail("nothing-yet", "round")
    return methodology.assess(state.evidence(listed(methodology)))


def by_survey(methodology: Methodology, state: State, own: Assessment) -> Assessment:
    """The same with what surveys found."""
    if not state.surveyed:
        return own
    read = methodology.read(state.evidence(listed(methodology), survey=True))
    return methodology.assess(replace(read, stage="survey", source=source(state, listed(methodology))))


def counting(scheme: Scheme, unit: UnitState) -> Mapping[str, Points]:
    """The points of an appraisal that count: the last word on a leaf stands, and that may be a survey's."""
    if not unit.surveyed:
        return unit.points
    out = {}
    for item, given in unit.points.items():
        answered = (unit.surveyed.get(fact, 0) for fact in scheme.leaves[scheme.position[item]].rule.facts())
        if max(answered, default=0) < given.entry:
            out[item] = given
    return out


def by_stage(methodology: Methodology, state: State) -> tuple[tuple[Assessment, ...], frozenset[str]]:
    """The figures stage by stage, the last of all units, and the units that have not reached that last stage.

    Stages are the evidence, the appraisal, its end, as far as any unit has come; one between holds only the units that
    have reached it, since the others have no figures there.
    """
    own = by_evidence(methodology, state)
    if state.surveyed and not any(unit.points for unit in state.units.values()):
        behind = (unit.unit for unit in state.units.values() if not unit.ballots)
        return (own, by_survey(methodology, state, own)), frozenset(behind)
    appraised = {key: replace(unit, final={}) for key, unit in state.units.items() if unit.appraised}
    final = any(unit.final for unit in state.units.values())
    if not appraised and not final:
        return (own,), frozenset()
    between = (standing(methodology, replace(state, units=appraised)),) if appraised and final else ()
    waiting = (unit.unit for unit in state.units.values() if not (unit.final if final else unit.appraised))
    return (own, *between, standing(methodology, state, own)), frozenset(waiting)


def standing(methodology: Methodology, state: State, self_assessed: Assessment | None = None) -> Assessment:
    """The assessment as it stands: what an appraisal gives replaces what the evidence gave; all else stays."""
    own = self_assessed if self_assessed is not None else by_evidence(methodology, state)
    base = by_survey(methodology, state, own)
    given = [unit for unit in state.units.values() if unit.points]
    if not given:
        return base
    scheme, scored = base.scheme, base.scored
    points, outcomes = scored.points.copy(), scored.outcomes.copy()
    rows = {unit: row for row, unit in enumerate(base.evidence.units)}
    for unit in given:
        for item, stated in counting(scheme, unit).items():
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
    problems = cautions(scheme, evidence, leaf_points, totals)
    return replace(base, evidence=evidence, scored=leaf_points, sums=totals, standing=places, problems=problems)
