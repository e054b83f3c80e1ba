"""All that a page shows, as one JSON value: the scheme once, then the figures, facts and arithmetic of every unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version
from typing import Any, cast

from par_engine.base.collation import sort_key
from par_engine.base.decimals import plain, short
from par_engine.base.names import bare
from par_engine.base.problems import Problem
from par_engine.base.types import Fact, Text, declared, say
from par_engine.methodology.model import TOTAL, Item, Total
from par_engine.publish import past
from par_engine.publish.facts import Pool, Sentences, packed
from par_engine.publish.figures import nodes, unit_figures
from par_engine.results.assessment import Assessment, UnitResult, printed
from par_engine.results.explain import explain, values
from par_engine.results.headlines import headlines

BASES = ("official", "derived", "reconstructed")


def page_data(
    assessment: Assessment,
    earlier: Sequence[Assessment],
    previous: past.Previous | None,
    waiting: Collection[str],
) -> dict[str, Any]:
    """The data of a page; `earlier` are assessments at earlier stages, `previous` older reports compared."""
    scheme, document = assessment.scheme, assessment.scheme.document
    keys = nodes(assessment)
    sentences, reasons = Sentences(), Pool()
    ranking = assessment.league()
    by_name = {unit.id: i for i, unit in enumerate(sorted(ranking, key=lambda u: (sort_key(u.name), u.id)))}
    changes = past.by_unit(previous["moves"]) if previous else {}
    before = [(one, {unit.id: unit for unit in one.units}) for one in earlier]
    units = []
    for unit in ranking:
        entry = _unit(assessment, unit, by_name[unit.id], keys, sentences)
        if before:
            entry["e"] = [
                unit_figures(one, there[unit.id], keys) if unit.id in there else None for one, there in before
            ]
        if unit.id in waiting:
            entry["wait"] = True
        if unit.id in changes:
            entry["y"] = past.changes(changes[unit.id], keys, reasons, assessment)
        if previous is not None and unit.id in previous["history"]:
            entry["h"] = past.history(previous["history"][unit.id], keys, reasons)
        units.append(entry)
    sources = list(document.sources)
    here, listed = assessment.field
    found = headlines(assessment)
    return {
        "id": document.id,
        "title": _text(document.title),
        "version": [version("par-engine"), assessment.origin.distribution, assessment.origin.version],
        "fingerprint": scheme.fingerprint,
        "evidence": [_evidence(x) for x in (assessment, *earlier)],
        "previous": [] if previous is None else [past.period(each) for each in previous["periods"]],
        "basis": {name: short(points) for name, points in scheme.points_by_basis.items()},
        "field": [here, listed],
        "max": plain(document.total.max),
        "median": str(found.median or ""),
        "open": len(found.open),
        "digits": document.settings.leaf_decimals,
        "printed": document.settings.points_decimals,
        "rounding": document.settings.rounding,
        "missing": document.settings.missing,
        "levels": [_text(level.title) for level in document.levels],
        "groups": [[group.id, _text(group.title), plain(group.from_)] for group in document.groups],
        "sources": [_source(document.sources[name]) for name in sources],
        "rulings": {name: _text(text) for name, text in document.rulings.items()},
        "facts": [_fact(document.surveys, fact) for fact in document.facts.values()],
        "nodes": [_node(assessment, key, sources) for key in keys],
        "problems": [_problem(problem) for problem in assessment.problems],
        "units": units,
        "sentences": sentences.values,
        "reasons": reasons.values,
    }


def _text(text: Text) -> list[str]:
    return [text.vi, text.en]


def _evidence(assessment: Assessment) -> dict[str, Any]:
    evidence = assessment.evidence
    return {"label": evidence.label, "stage": evidence.stage, "sha256": evidence.sha256, "note": evidence.note}


def _source(source: Any) -> dict[str, Any]:
    return {
        "t": _text(source.title),
        **({"d": source.date} if source.date else {}),
        **({"u": source.url} if source.url else {}),
    }


def _problem(problem: Problem) -> list[str]:
    return [problem.text("vi"), problem.text("en")]


def _fact(surveys: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    out: dict[str, Any] = {"t": _text(fact.title)}
    if fact.unit is not None:
        out["u"] = _text(fact.unit)
    if fact.options is not None:
        out["o"] = [_text(option.title) for option in fact.options]
    if fact.survey is not None:
        survey = surveys[fact.survey]
        out["g"] = [_text(group.title) for group in survey.groups]
        out["o"] = [_text(answer.title) for answer in survey.options]
    return out


def _node(assessment: Assessment, key: str, sources: Sequence[str]) -> dict[str, Any]:
    scheme, document = assessment.scheme, assessment.scheme.document
    stream = next((s for s in document.streams if f"stream:{s.id}" == key), None)
    node: Any = stream or scheme.node(key)
    out: dict[str, Any] = {
        "c": key.removeprefix("stream:"),
        "t": _text(node.title),
        "m": scheme.scaled(node.max),
        "b": BASES.index(node.basis),
        "src": [sources.index(name) for name in node.sources],
    }
    if node.rulings:
        out["r"] = list(node.rulings)
    if stream is not None:
        return {**out, "k": "stream"}
    out["k"] = "leaf" if isinstance(node, Item) and node.rule is not None else "inner"
    if isinstance(node, Item):
        order = nodes(assessment)
        out["p"] = order.index(node.parent or TOTAL)
        if node.role:
            out["role"] = node.role
        if node.rule is not None:
            out |= _leaf(assessment, node)
    return out | _inner(assessment, key, node)


def _leaf(assessment: Assessment, item: Item) -> dict[str, Any]:
    document = assessment.scheme.document
    rule = item.rule
    assert rule is not None
    facts = {name: document.facts[name] for name in rule.facts()}
    order = list(document.facts)
    return {
        "w": [rule.words("vi", facts, item.max), rule.words("en", facts, item.max)],
        "rt": _text(item.rule_text) if item.rule_text else None,
        "rn": rule.name,
        "f": [order.index(name) for name in facts],
        "st": [stream.id for stream in document.streams].index(cast(str, item.stream)),
    }


def _inner(assessment: Assessment, key: str, node: Total) -> dict[str, Any]:
    out: dict[str, Any] = {}
    inner = assessment.scheme.inner_by_code.get(key)
    if inner is not None and inner.aggregate == "weighted_mean":
        out["mean"] = True
    if node.gates:
        out["gate"] = [
            [
                gate.item,
                [declared(gate.below, "vi"), declared(gate.below, "en")],
                [say(gate.cap, "vi"), say(gate.cap, "en")],
            ]
            for gate in node.gates
        ]
    if node.cap is not None:
        out["cap"] = None if isinstance(node.cap, str) else plain(node.cap)
    return out


def _unit(
    assessment: Assessment, unit: UnitResult, name_order: int, keys: Sequence[str], sentences: Sentences
) -> dict[str, Any]:
    scheme = assessment.scheme
    digits = scheme.document.settings.points_decimals
    out: dict[str, Any] = {
        "id": unit.id,
        "n": unit.name,
        "q": bare(unit.name),
        "by": name_order,
        "rank": unit.rank,
        "index": None if unit.index is None else str(unit.index),
        "group": unit.group,
        "pts": printed(unit.points, digits, assessment),
        "att": printed(unit.attainable, digits, assessment),
        **unit_figures(assessment, unit, keys),
    }
    if unit.why is not None:
        out["why"] = _text(unit.why)
    if unit.awaits and unit.index is not None:
        out["sofar"] = True
    facts: dict[str, Any] = {}
    arithmetic: dict[str, Any] = {}
    said: dict[str, Any] = {}
    papers: dict[str, Any] = {}
    given = assessment.evidence.documents.get(unit.id, {})
    explained = assessment.evidence.explanations.get(unit.id, {})
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    for i, key in enumerate(keys):
        if key in given:
            papers[str(i)] = [dict(paper) for paper in given[key]]
        item = scheme.items.get(key)
        if item is None or item.rule is None:
            continue
        found = values(assessment, unit.row, item)
        facts |= {str(order[name]): packed(value, fact) for name, fact, value in found if value is not None}
        if all(value is None for _, _, value in found) and not _declared(assessment, unit.row, key):
            continue
        data = explain(assessment, unit.id, key).data
        if "arithmetic" in data:
            arithmetic[str(i)] = sentences.pack(data["arithmetic"]["vi"], data["arithmetic"]["en"])
        if "why" in data:
            said[str(i)] = data["why"]
    out |= {"f": facts, "x": arithmetic}
    told = {str(keys.index(key)): text for key, text in explained.items()}
    return out | {key: one for key, one in (("w", said), ("d", papers), ("z", told)) if one}


def _declared(assessment: Assessment, row: int, code: str) -> bool:
    """Whether evidence declares what became of a leaf."""
    return any(d.row == row and code in assessment.scheme.under(d.code) for d in assessment.evidence.declared)
