"""Counts of ballots as evidence, as points by the engine, and as one document of results."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import EvidenceError, Problem, fail, pointer, problem
from par_engine.base.terms import basis_words
from par_engine.base.types import Basis, Outcome, Text
from par_engine.files.documents import canonical
from par_engine.i18n.catalogue import LANGS, Lang
from par_engine.methodology.model import Item
from par_engine.results.assessment import Assessment
from par_engine.survey.consistency import doubts, frame_errors
from par_engine.survey.counting import Counts
from par_engine.survey.estimates import Estimate, combined, strata, written
from par_engine.survey.plans import Plans
from par_engine.survey.questions import Question
from par_engine.survey.rejection_reasons import reason_said

STAGE = "survey"
"""The stage of evidence that is made of ballots alone."""


def by_group(counts: Counts, unit: int, question: Question) -> list[list[int]]:
    """Ballots of one question of one unit by the groups and options of its survey."""
    asked = [q.fact for q in counts.questions.all if q.fact in counts.layout.questions]
    if question.fact not in asked:
        return [[0] * len(question.survey.options) for _ in question.survey.groups]
    table = counts.answers[asked.index(question.fact)][unit]
    place = {id: i for i, id in enumerate(counts.questions.groups)}
    return [table[place[group.id]].tolist() for group in question.survey.groups]


def facts(counts: Counts, unit: int) -> dict[str, dict[str, dict[str, int]]]:
    """The facts of one unit: a group without ballots is left out, so that the engine knows it as awaited."""
    out: dict[str, dict[str, dict[str, int]]] = {}
    for question in counts.questions.all:
        options = [option.id for option in question.survey.options]
        rows = zip(question.survey.groups, by_group(counts, unit, question), strict=True)
        groups = {group.id: dict(zip(options, row, strict=True)) for group, row in rows if any(row)}
        if groups:
            out[question.fact] = groups
    return out


def evidence(counts: Counts) -> dict[str, Any]:
    """An evidence-1 document of the counts alone."""
    return {
        "$schema": "urn:par-engine:schema:evidence-1",
        "methodology": counts.questions.methodology.id,
        "stage": STAGE,
        "units": [{"unit": id, "facts": facts(counts, i)} for i, id in enumerate(counts.units)],
    }


def merged(counts: Counts, document: Any, label: str) -> dict[str, Any]:
    """An evidence document with the ballots put in. Refused where it has ballots of the same question already."""
    if not isinstance(document, Mapping) or not isinstance(document.get("units"), list):
        fail("form.merged", label)
    out = copy.deepcopy(dict(document))
    index = counts.questions.methodology.scheme.unit_index
    place: dict[str, int] = {}
    for i, entry in enumerate(out["units"]):
        if isinstance(entry, dict) and isinstance(entry.get("unit"), str):
            place[index.get(fold(entry["unit"]), fold(entry["unit"]))] = i
    problems = []
    for row, id in enumerate(counts.units):
        at = place.get(id, place.get(fold(id)))
        new = facts(counts, row)
        if at is None:
            out["units"].append({"unit": id, "facts": new})
            continue
        old = out["units"][at].setdefault("facts", {})
        if not isinstance(old, dict):
            continue  # the engine says so when it reads the document
        for name in sorted(old.keys() & new.keys()):
            if _filled(old[name]) and canonical(_filled(old[name])) != canonical(_filled(new[name])):
                where = pointer("units", at, "facts", name) if label.endswith(".json") else f"{id}, {name}"
                problems.append(problem("has-ballots", label, where))
        old.update(new)
    if problems:
        raise EvidenceError(problems)
    return out


def _filled(ballots: Any) -> Any:
    """Ballots without what says nothing: options and groups of none."""
    if not isinstance(ballots, Mapping):
        return ballots
    filled = {key: _filled(value) for key, value in ballots.items()}
    return {key: value for key, value in filled.items() if value not in (0, None, {})}


@dataclass(frozen=True)
class Row:
    """One question of one unit: its estimates, and the points of each leaf that scores it."""

    question: Question
    counts: list[list[int]]
    groups: list[Estimate]
    whole: Estimate
    leaves: list[tuple[str, Outcome, Decimal | None, Decimal]]

    @property
    def awaited(self) -> list[str]:
        """The groups that count and have no ballot yet."""
        pairs = list(zip(self.question.survey.groups, self.groups, strict=True))
        if self.question.survey.combine == "pooled":
            return [] if self.whole.ballots else [g.id for g, _ in pairs]
        return [g.id for g, e in pairs if g.weight > 0 and e.ballots == 0]


@dataclass(frozen=True)
class Response:
    """Valid ballots of a group, how many were planned, and how those numbers are known."""

    survey: str
    group: str
    ballots: int
    planned: int | None
    bases: list[Basis]

    @property
    def rate(self) -> Fraction | None:
        """Ballots of those planned."""
        return Fraction(self.ballots, self.planned) if self.planned else None

    def as_dict(self) -> dict[str, Any]:
        """The response as a JSON object."""
        head = {"survey": self.survey, "group": self.group, "ballots": self.ballots}
        return {**head, "planned": self.planned, "planned_basis": self.bases, "rate": written(self.rate)}

    def said(self, lang: Lang) -> str:
        """The planned number, with its basis where it is not official."""
        known = [basis_words(basis, lang) for basis in self.bases if basis != "official"]
        return "—" if self.planned is None else f"{self.planned}" + (f" ({'; '.join(known)})" if known else "")


@dataclass(frozen=True)
class Tally:
    """All that a run says: counts, the assessment of them, the frame sizes that were given, and warnings."""

    counts: Counts
    assessment: Assessment
    frames: Mapping[str, int]
    plans: Plans
    problems: tuple[Problem, ...] = ()

    def rows(self, unit: int) -> list[Row]:
        """The questions of one unit, in the methodology's order."""
        out = []
        row = self.assessment.unit(self.counts.units[unit]).row
        for question in self.counts.questions.all:
            table = by_group(self.counts, unit, question)
            groups = strata(question.survey, table, self.frames)
            leaves = []
            for code in question.leaves:
                figure = self.assessment.figure(row, code)
                leaves.append((code, figure.outcome, figure.points, figure.max))
            out.append(Row(question, table, groups, combined(question.survey, groups), leaves))
        return out

    def responses(self, unit: int | None = None) -> list[Response]:
        """Valid ballots by survey and group, of one unit or of all that have ballots, and what is planned."""
        out = []
        groups = {id: i for i, id in enumerate(self.counts.questions.groups)}
        units = range(len(self.counts.units)) if unit is None else [unit]
        for id, survey in self.counts.questions.surveys.items():
            for group in survey.groups:
                n = sum(int(self.counts.ballots[id][i, groups[group.id]]) for i in units)
                planned = [self.plans.of(id, group.id, self.counts.units[i]) for i in units]
                known = [p for p in planned if p is not None]
                whole = len(known) == len(planned)
                bases = sorted({p.basis for p in known}) if whole else []
                out.append(Response(id, group.id, n, sum(p.number for p in known) if whole else None, bases))
        return out

    def document(self) -> dict[str, Any]:
        """The results as JSON values, the same on every run."""
        counts = self.counts
        return {
            "methodology": {
                "id": self.assessment.scheme.document.id,
                "fingerprint": self.assessment.scheme.fingerprint,
            },
            "surveys": [{"survey": id, "basis": survey.basis} for id, survey in counts.questions.surveys.items()],
            "sheet": counts.sheet or None,
            "sheets_not_read": list(counts.unread),
            "columns": [{"header": h, "taken_for": role or None} for h, role in counts.layout.taken()],
            "ballots": {
                "read": counts.count.read,
                "valid": counts.count.valid,
                "duplicates_looked_for": counts.layout.token is not None,
                "invalid": {reason: n for reason, n in counts.count.invalid.items() if n},
                "answers": {
                    "asked": counts.count.asked,
                    "counted": counts.count.counted,
                    "left_out": counts.count.blank,
                    "not_counted": {reason: n for reason, n in counts.count.answers.items() if n},
                },
                "header_rows": list(counts.headers),
                "places": {
                    reason: [{"row": row, **({"question": at} if at else {})} for row, at in places]
                    for reason, places in sorted(counts.count.places.items())
                },
            },
            "responses": [response.as_dict() for response in self.responses()],
            "problems": [problem.as_dict() for problem in self.problems],
            "frames": dict(sorted(self.frames.items())),
            "units": [
                {
                    "unit": id,
                    "responses": [response.as_dict() for response in self.responses(i)],
                    "questions": [_as_json(row, self.assessment.scheme.items) for row in self.rows(i)],
                }
                for i, id in enumerate(counts.units)
            ],
        }


def _as_json(row: Row, items: Mapping[str, Item]) -> dict[str, Any]:
    survey = row.question.survey
    return {
        "fact": row.question.fact,
        "ballots": row.whole.ballots,
        "mean": written(row.whole.mean),
        "standard_error": written(row.whole.error),
        "awaited": row.awaited,
        "groups": [
            {
                "group": group.id,
                "counts": dict(zip((o.id for o in survey.options), counts, strict=True)),
                "mean": written(e.mean),
                "standard_error": written(e.error),
            }
            for group, counts, e in zip(survey.groups, row.counts, row.groups, strict=True)
        ],
        "items": [
            {
                "item": code,
                "outcome": outcome.value,
                "points": None if points is None else str(points),
                "max": str(top),
                "basis": items[code].basis,
            }
            for code, outcome, points, top in row.leaves
        ],
    }


def tally(
    counts: Counts,
    frames: Mapping[str, int],
    methodology: Methodology,
    plans: Plans | None = None,
    only: str | None = None,
) -> Tally:
    """Assess the evidence made of the counts; the engine's own rule gives every point. `only` is what `doubts` says."""
    if not counts.units:
        lost = [(reason, n) for reason, n in counts.count.invalid.items() if n]
        if not lost:
            raise EvidenceError([problem("no-ballots.none", "ballots")])
        reasons = {lang: "; ".join(reason_said(counts.count, *one, lang) for one in lost) for lang in LANGS}
        raise EvidenceError([problem("no-ballots.valid", "ballots", reasons=Text(vi=reasons["vi"], en=reasons["en"]))])
    frame_errors(counts, frames)
    plans = plans or Plans(methodology, {})
    return Tally(
        counts,
        methodology.assess(evidence(counts)),
        frames,
        plans,
        (*counts.problems, *doubts(counts, frames, plans, only)),
    )
