"""Audit: whether the figures of a report can be had again from its evidence, and follow from one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from par_engine.api import Methodology, load
from par_engine.audit import provenance
from par_engine.audit.figures import compared
from par_engine.audit.finding import Finding, nothing, of_difference, of_odd
from par_engine.audit.internal_sums import closed
from par_engine.base.problems import ParError
from par_engine.evidence.model import Evidence
from par_engine.results.assessment import Assessment
from par_engine.results.report_reading import checked, read_report

if TYPE_CHECKING:
    import pandas as pd

_UNNAMED = "table"
"""The stage of a table that names none."""


@dataclass(frozen=True)
class Audit:
    """What was found, by place. `same` counts the figures (numbers, outcomes, ranks, groups) that are as reported.

    `scored` says whether the evidence was scored again; without, only the arithmetic inside the report was checked.
    """

    findings: tuple[Finding, ...]
    same: int = 0
    scored: bool = False
    assessment: Assessment | None = None

    @property
    def closes(self) -> bool:
        """Whether nothing but remarks was found."""
        return not any(finding.fails for finding in self.findings)

    @property
    def reproduced(self) -> bool:
        """Whether the evidence was scored again and every figure is the same."""
        return self.scored and self.closes

    def as_dict(self) -> dict[str, Any]:
        """The audit as JSON values."""
        return {
            "reproduced": self.reproduced,
            "scored": self.scored,
            "same": self.same,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def audit(
    report: str | Path | Mapping[str, Any],
    evidence: str | Path | bytes | Mapping[str, Any] | pd.DataFrame | Evidence | None = None,
    methodology: Methodology | None = None,
    stage: str | None = None,
) -> Audit:
    """Audit a report-1 document, or a file of one.

    `evidence` is in any form that `Methodology.read` takes. Without it only the arithmetic inside the report is
    checked. `methodology` is the installed one that the report names, unless it is given. What a document has wrong
    is a finding like any other.
    """
    label = Path(report).name if isinstance(report, (str, Path)) else "report"
    try:
        content = read_report(Path(report)) if isinstance(report, (str, Path)) else checked(report)
        by = methodology or load(content["methodology"]["id"])
    except ParError as error:
        return Audit(tuple(Finding(problem) for problem in error.problems))
    found = [*provenance.origins(label, content, by)]
    if content["methodology"]["id"] != by.id:  # nothing else can be compared
        return Audit(_sorted(found))
    assessment = None
    if evidence is not None:
        try:
            ready = evidence if isinstance(evidence, Evidence) else by.read(evidence, stage)
            named = stage is not None or ready.stage != _UNNAMED
            if not named and ready.source is None:  # its SHA-256 is of the stage too
                ready = replace(ready, stage=content["evidence"]["stage"])
            assessment = by.assess(ready)
        except ParError as error:
            found += [Finding(problem) for problem in error.problems]
        else:
            found += provenance.evidence(label, content, assessment, named=named)
    if not content["units"]:
        found.append(nothing(label))
    if assessment is not None:  # held to that alone: a sum that does not close has one cause, and it is found here
        again = compared(content["units"], assessment.report()["units"])
        found += [of_difference(label, one, scored=True) for one in again.differences]
        return Audit(_sorted(found), again.same, True, assessment)
    edition = content["methodology"]["fingerprint"] != by.fingerprint
    inside = closed(by.scheme, content)
    sums = compared(content["units"], inside.units)
    late = [
        *(of_odd(label, one) for one in inside.odd),
        *(of_difference(label, x, scored=False, edition=edition) for x in sums.differences),
    ]
    first = {finding.problem.pointer: finding for finding in (*late[::-1], *found[::-1])}
    found += [finding for finding in late if first[finding.problem.pointer] is finding]
    return Audit(_sorted(found), sums.same)


def _sorted(found: list[Finding]) -> tuple[Finding, ...]:
    problems = ParError(finding.problem for finding in found).problems
    order = {problem: i for i, problem in enumerate(problems)}
    return tuple(sorted(found, key=lambda x: order[x.problem]))
