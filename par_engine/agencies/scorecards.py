"""Scorecards: every agency by the leaves that apply to it, and the agencies of a kind ranked among one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from par_engine.agencies.forms import for_agencies, narrowed
from par_engine.agencies.gathering import Returns
from par_engine.agencies.model import Agency, Assignment, Kind
from par_engine.base.types import Outcome
from par_engine.i18n.catalogue import Lang, text
from par_engine.results.assessment import Assessment, UnitResult


@dataclass(frozen=True)
class League:
    """The agencies of one kind; those that sent nothing have no figure and no place."""

    kind: Kind
    assessment: Assessment
    silent: tuple[Agency, ...]


@dataclass(frozen=True)
class Entry:
    """One item of an agency's scorecard. `lost` is attainable less points; `why` says why it does not apply."""

    code: str
    title: str
    depth: int
    leaf: bool
    outcome: Outcome
    points: Decimal | None
    attainable: Decimal | None
    max: Decimal
    why: str

    @property
    def lost(self) -> Decimal | None:
        """What more there was to have."""
        if self.points is None or self.attainable is None:
            return None
        return self.attainable - self.points


def leagues(assignment: Assignment, returns: Returns, lang: Lang = "vi") -> tuple[League, ...]:
    """One league for each kind of which an agency is asked for something."""
    evidence, out = returns.evidence, []
    for kind in assignment.kinds:
        agencies = [agency for agency in assignment.of_kind(kind) if assignment.facts_of(agency.id)]
        if not agencies:
            continue
        ids = {agency.id for agency in agencies}
        methodology = for_agencies(assignment, agencies)
        rows = [row for row, unit in enumerate(evidence.units) if unit in ids]
        own = narrowed(assignment, methodology.scheme, evidence, rows, lang)
        silent = tuple(agency for agency in returns.silent if agency.id in ids)
        out.append(League(kind, methodology.assess(own), silent))
    return tuple(out)


def card(assessment: Assessment, unit: UnitResult, lang: Lang) -> Iterator[Entry]:
    """The scorecard of an agency, item by item in document order."""
    scheme = assessment.scheme
    depth: dict[str, int] = {}
    nothing = text("agencies.scorecard", "nothing", lang)
    reasons = {code: d.why for d in assessment.evidence.declared if d.row == unit.row for code in scheme.under(d.code)}
    for item in scheme.document.items:
        depth[item.code] = depth[item.parent] + 1 if item.parent else 0
        figure = unit.item(item.code)
        said = item.rule is not None and figure.outcome is not Outcome.SCORED
        out = figure.outcome is Outcome.NOT_APPLICABLE
        yield Entry(
            item.code,
            item.title.get(lang),
            depth[item.code],
            item.rule is not None,
            figure.outcome,
            figure.points,
            figure.attainable,
            figure.max,
            reasons.get(item.code, nothing if out else "") if said else "",
        )


def basis(assessment: Assessment, unit: UnitResult) -> tuple[Fraction, Fraction]:
    """The maxima of the leaves that apply to an agency: of those that are reconstructed, and of all."""
    scheme = assessment.scheme
    mine = [
        item
        for item in scheme.document.items
        if item.rule is not None
        and item.code not in scheme.outside
        and unit.item(item.code).outcome is not Outcome.NOT_APPLICABLE
    ]
    rebuilt = (item.max for item in mine if item.basis == "reconstructed")
    return sum(rebuilt, Fraction(0)), sum((item.max for item in mine), Fraction(0))
