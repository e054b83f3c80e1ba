"""report-1: every figure of an assessment as decimal text, the same bytes on every run."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from par_engine.base.decimals import short
from par_engine.base.types import Outcome
from par_engine.results.assessment import Assessment, Figure, UnitResult

SCHEMA = "urn:par-engine:schema:report-1"


def report(assessment: Assessment) -> dict[str, Any]:
    """The report-1 document of an assessment."""
    return {**_head(assessment), "units": list(_units(assessment))}


def render_json(assessment: Assessment) -> bytes:
    """The same as JSON, a unit at a time: values of Python take ten times their text."""
    return to_json({**_head(assessment), "units": _units(assessment)})


def _head(assessment: Assessment) -> dict[str, Any]:
    scheme, origin, evidence = assessment.scheme, assessment.origin, assessment.evidence
    return {
        "$schema": SCHEMA,
        "engine": version("par-engine"),
        "methodology": {
            "id": scheme.document.id,
            "title": scheme.document.title.model_dump(),
            "distribution": origin.distribution,
            "version": origin.version,
            "fingerprint": scheme.fingerprint,
        },
        "evidence": {"sha256": evidence.sha256, "stage": evidence.stage, "methodology": scheme.document.id},
        "basis": {basis: short(points) for basis, points in scheme.points_by_basis.items()},
        "problems": [problem.as_dict() for problem in assessment.problems],
    }


def _units(assessment: Assessment) -> Iterator[dict[str, Any]]:
    for row in range(len(assessment.evidence.units)):
        yield _unit(assessment, assessment.at(row))


def _unit(assessment: Assessment, unit: UnitResult) -> dict[str, Any]:
    total = _figure(unit.total)
    out: dict[str, Any] = {"unit": unit.id, "name": unit.name, "ranked": unit.ranked}
    if unit.why is not None:
        out["why"] = unit.why.model_dump()
    out |= {
        **total,
        "index": None if unit.index is None else str(unit.index),
        "rank": unit.rank,
        "group": unit.group,
        "streams": {figure.code: _figure(figure) for figure in unit.streams},
        "items": {figure.code: _figure(figure) for figure in unit.items},
    }
    for outcome in (Outcome.MISSING, Outcome.PENDING, Outcome.NOT_APPLICABLE):
        out[outcome.value] = list(unit.leaves_with(outcome))
    return out


def _figure(figure: Figure) -> dict[str, Any]:
    out: dict[str, Any] = {
        "outcome": figure.outcome.value,
        "points": None if figure.points is None else str(figure.points),
        "max": str(figure.max),
        "attainable": None if figure.attainable is None else str(figure.attainable),
    }
    if figure.stated:
        out["stated"] = True
    if figure.within:
        out["within"] = list(figure.within)
    return out


def to_json(document: Mapping[str, Any]) -> bytes:
    """A report as JSON: one line a figure, so that two reports compare line by line."""
    head = {key: value for key, value in document.items() if key != "units"}
    lines = [f" {_line(key)}: {_line(value)}," for key, value in head.items()]
    out = io.BytesIO()
    out.write(("{\n" + "\n".join(lines) + '\n "units": [\n').encode())
    for i, unit in enumerate(document["units"]):
        fields = [
            f"  {_line(key)}: {_line(value) if key not in ('streams', 'items') else _rows(value)}"
            for key, value in unit.items()
        ]
        out.write(((",\n" if i else "") + " {\n" + ",\n".join(fields) + "\n }").encode())
    out.write(b"\n ]\n}\n")
    return out.getvalue()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rows(figures: Mapping[str, Any]) -> str:
    return "{\n" + ",\n".join(f"   {_line(code)}: {_line(figure)}" for code, figure in figures.items()) + "\n  }"
