"""Evidence in the one form in which it is kept and merged, whatever file it came from: an evidence-1 document."""

from __future__ import annotations

from typing import Any

from par_engine.base.decimals import text
from par_engine.base.types import Ballots, decode
from par_engine.evidence.model import Evidence
from par_engine.files.documents import canonical
from par_engine.methodology.scheme import Scheme


def document(scheme: Scheme, evidence: Evidence) -> bytes:
    """The canonical evidence-1 document that says the same as `evidence`."""
    head = {"methodology": scheme.document.id, "stage": evidence.stage, "note": evidence.note}
    return canonical({**head, "units": [_unit(scheme, evidence, row) for row in range(len(evidence.units))]})


def _unit(scheme: Scheme, evidence: Evidence, row: int) -> dict[str, Any]:
    doc = scheme.document
    unit = evidence.units[row]
    facts = {name: _value(scheme, name, evidence, row) for i, name in enumerate(doc.facts) if evidence.present[row, i]}
    out: dict[str, Any] = {"unit": unit, "facts": facts}
    declared = {d.code: {"outcome": d.outcome.value, "why": d.why} for d in evidence.declared if d.row == row}
    stated: dict[str, dict[str, str]] = {"items": {}, "streams": {}}
    for s in evidence.stated:
        if s.row == row:
            stated["streams" if s.is_stream else "items"][s.key] = text(s.points, doc.settings.leaf_decimals)
    papers = evidence.documents.get(unit, {})
    parts: dict[str, Any] = {
        "outcomes": declared,
        "stated": {k: v for k, v in stated.items() if v},
        "documents": dict(papers),
    }
    parts["explanations"] = dict(evidence.explanations.get(unit, {}))
    return {**out, **{key: part for key, part in parts.items() if part}}


def _value(scheme: Scheme, name: str, evidence: Evidence, row: int) -> Any:
    fact = scheme.document.facts[name]
    cells = tuple(int(evidence.values[row, column]) for column in scheme.columns[name])
    if fact.numeric:
        return cells[0] if fact.type == "count" else text(cells[0], fact.scale)
    value = decode(fact, cells, scheme.document.surveys[fact.survey] if fact.survey is not None else None)
    if isinstance(value, Ballots):
        options = [option.id for option in value.survey.options]
        return {
            group.id: dict(zip(options, counts, strict=True))
            for group, counts in zip(value.survey.groups, value.counts, strict=True)
        }
    return value
