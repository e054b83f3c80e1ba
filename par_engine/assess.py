"""The map of the program: evidence in, assessment out, one stage after the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from par_engine.base.decimals import freeze
from par_engine.base.problems import Problem, pointer, problem
from par_engine.base.terms import outcome_words
from par_engine.base.types import NOT_APPLICABLE, SCORED, Amount, Named
from par_engine.evidence.model import Evidence
from par_engine.i18n.catalogue import Term
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme
from par_engine.results.assessment import Assessment, Origin
from par_engine.scoring.aggregate import Sums, aggregate, layout
from par_engine.scoring.bind import bind
from par_engine.scoring.rank import Standing, rank
from par_engine.scoring.score import LeafPoints, score


def assess(scheme: Scheme, evidence: Evidence, origin: Origin | None = None) -> Assessment:
    """bind → score → aggregate → rank."""
    bound = bind(scheme, evidence)
    scored = score(scheme, bound, layout(scheme).members)
    sums = aggregate(scheme, evidence, scored)
    standing = stand(scheme, evidence.units, sums)
    freeze(scored.points, scored.outcomes, scored.sums, standing.index, standing.rank, standing.group)
    freeze(sums.points, sums.attainable, sums.outcomes, sums.known, sums.awaiting, sums.leaf_points, sums.leaf_outcomes)
    return Assessment(
        scheme,
        origin or Origin(),
        evidence,
        bound,
        scored,
        sums,
        standing,
        cautions(scheme, evidence, scored, sums),
    )


def cautions(scheme: Scheme, evidence: Evidence, scored: LeafPoints, sums: Sums) -> tuple[Problem, ...]:
    """What somebody should look at although there is a result."""
    found = [*evidence.remarks, *_conflicts(scheme, evidence, sums), *_denied(scheme, evidence)]
    found += [*_taken_along(scheme, evidence, scored, sums), *_edition(scheme, evidence)]
    return tuple(sorted(found, key=lambda problem: problem.order))


def stand(scheme: Scheme, units: tuple[str, ...], sums: Sums) -> Standing:
    """Index, rank and group of the units by their totals."""
    total = sums.codes[TOTAL]
    out = {unit.id for unit in scheme.document.units if not unit.ranked}
    ranked = np.array([unit not in out for unit in units], dtype=bool) if out else np.ones(len(units), dtype=bool)
    doc = scheme.document
    known = sums.known[:, total]
    settled = known & ~sums.awaiting
    points, attainable = sums.points[:, total], sums.attainable[:, total]
    return rank(points, attainable, known, ranked & settled, doc.groups, doc.settings, settled)


def _conflicts(scheme: Scheme, evidence: Evidence, sums: Sums) -> list[Problem]:
    out = []
    digits = scheme.document.settings.leaf_decimals
    for conflict in sums.conflicts:
        unit = evidence.units[conflict.row]
        stream = conflict.key.startswith("stream:")
        key = conflict.key.removeprefix("stream:")
        at = next(
            (s.at for s in evidence.stated if (s.row, s.key, s.is_stream) == (conflict.row, key, stream)),
            pointer("units", conflict.row, "stated"),
        )
        stated, low, high = (
            Amount(Fraction(x, 10**digits)) for x in (conflict.stated, conflict.lowest, conflict.highest)
        )
        parts = low if low == high else Term("number", "span", (("low", low), ("high", high)))
        out.append(
            problem(
                "stated-differs",
                evidence.label,
                at,
                "warning",
                unit=Named(unit, scheme.name_of(unit)),
                key=Named(key, scheme.said(conflict.key)),
                stated=stated,
                parts=parts,
            )
        )
    return sorted(out, key=lambda problem: problem.order)


def _denied(scheme: Scheme, evidence: Evidence) -> Iterator[Problem]:
    """Leaves whose facts are all there although the evidence declares an outcome instead."""
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    for declared in evidence.declared:
        for code in scheme.under(declared.code):
            names = scheme.leaves[scheme.position[code]].rule.facts()
            if all(evidence.present[declared.row, order[name]] for name in names):
                unit = evidence.units[declared.row]
                yield problem(
                    "facts-ignored.denied",
                    evidence.label,
                    pointer("units", declared.row, "outcomes", declared.code),
                    "warning",
                    unit=Named(unit, scheme.name_of(unit)),
                    code=Named(code, scheme.said(code)),
                    outcome=Named(declared.outcome.value, f"“{outcome_words(declared.outcome, 'vi')}”"),
                )


def _taken_along(scheme: Scheme, evidence: Evidence, scored: LeafPoints, sums: Sums) -> Iterator[Problem]:
    """Bonuses and penalties that would count, of items that do not apply."""
    if sums.leaf_outcomes is scored.outcomes:
        return
    away = (sums.leaf_outcomes == NOT_APPLICABLE) & (scored.outcomes == SCORED) & (scored.points > 0)
    for row, position in np.argwhere(away).tolist():
        leaf = scheme.leaves[position]
        at = pointer("units", row, "facts", leaf.rule.facts()[0])
        unit, whole = evidence.units[row], _beside_what(scheme, leaf.code)
        yield problem(
            "facts-ignored.taken-along",
            evidence.label,
            at,
            "warning",
            unit=Named(unit, scheme.name_of(unit)),
            code=Named(leaf.code, scheme.said(leaf.code)),
            whole=Named(whole, scheme.said(whole)),
        )


def _beside_what(scheme: Scheme, code: str) -> str:
    """The item whose bonus or penalty a leaf is, or is part of."""
    item = scheme.items[code]
    while item.role is None and item.parent is not None:
        item = scheme.items[item.parent]
    return item.parent or TOTAL


def _edition(scheme: Scheme, evidence: Evidence) -> Iterator[Problem]:
    """Evidence on a form that was made from another edition of the methodology."""
    if evidence.edition and evidence.edition != scheme.fingerprint:
        yield problem(
            "edition.edition",
            evidence.label,
            "",
            "warning",
            id=scheme.document.id,
            edition=evidence.edition[:12],
            fingerprint=scheme.fingerprint[:12],
        )
