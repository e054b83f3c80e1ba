"""Changes: the same evidence with some facts of one unit set anew, checked like any evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from par_engine.api import Methodology
from par_engine.base.types import Value
from par_engine.methodology.boundary_cases import write
from par_engine.results.assessment import Assessment
from par_engine.results.explain import values


def facts_of(assessment: Assessment, row: int) -> dict[str, Value]:
    """The facts that one unit has handed in, by id."""
    found: dict[str, Value] = {}
    for leaf in assessment.scheme.leaves:
        item = assessment.scheme.items[leaf.code]
        found |= {name: value for name, _, value in values(assessment, row, item) if value is not None}
    return found


def with_facts(methodology: Methodology, before: Assessment, row: int, facts: Mapping[str, Any]) -> Assessment:
    """The assessment in which these facts of one unit have these values, in any form that evidence may have.

    All other units, stated points and declared outcomes stay as they are. Raises EvidenceError for what evidence
    cannot say, and where a part would exceed its whole.
    """
    unit = before.evidence.units[row]
    written = {name: write(value) for name, value in facts_of(before, row).items()} | dict(facts)
    entry = {"unit": unit, "facts": written}
    document = {"methodology": methodology.id, "stage": before.evidence.stage, "units": [entry]}
    one = methodology.read(document)
    cells, present = before.evidence.values.copy(), before.evidence.present.copy()
    cells[row], present[row] = one.values[0], one.present[0]
    return methodology.assess(replace(before.evidence, values=cells, present=present, source=None))
