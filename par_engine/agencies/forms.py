"""The methodology of agencies: the unit's own, with agencies for units and leaves that may not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from par_engine.agencies.assignment import Agency, Assignment
from par_engine.api import Methodology, from_document
from par_engine.evidence import Declared, Evidence
from par_engine.nodes import Outcome
from par_engine.scheme import Scheme

SUFFIX = "-agencies"


def for_agencies(assignment: Assignment, agencies: Sequence[Agency] | None = None) -> Methodology:
    """The methodology of some agencies, all of them by default; its facts and columns are those of the unit's own.

    It has an id of its own: what it says of agencies is no figure of the unit's official methodology. Every leaf may
    be declared not applicable; and where an empty whole counts as missing for the unit, the leaf does not apply.
    """
    base = assignment.methodology
    # not the canonical bytes: their keys are sorted, and the columns would no longer be the unit's
    document = base.document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for key in ("supersedes", "breaks", "plan"):
        document.pop(key, None)
    title = document["title"]
    document["id"] = base.id + SUFFIX
    document["title"] = {"vi": f"Các cơ quan, theo {title['vi']}"[:2000], "en": f"Agencies, by {title['en']}"[:2000]}
    document["settings"]["units"] = "listed"
    document["units"] = [_unit(agency) for agency in (assignment.agencies if agencies is None else agencies)]
    for item in document["items"]:
        if "rule" in item:
            item["may_not_apply"] = True
            if item["rule"].get("whole_zero") == "missing":  # of a unit nobody believes it; an agency may have none
                item["rule"]["whole_zero"] = "not_applicable"
    for name, way in assignment.ways.items():
        fact = base.document.facts[name]
        if way == "sum" and fact.min is not None and fact.min > 0:  # a part may be nothing where the whole may not
            document["facts"][name]["min"] = "0"
    return from_document(document, base.scheme.functions)


def _unit(agency: Agency) -> dict[str, Any]:
    out: dict[str, Any] = {"id": agency.id, "name": agency.name, "aliases": agency.aliases}
    if agency.unranked is None:
        return {**out, "ranked": True}
    return {**out, "ranked": False, "why": {"vi": agency.unranked, "en": agency.unranked}}


def applies(assignment: Assignment, scheme: Scheme, agency: str) -> dict[str, str]:
    """By leaf, why it does not apply to an agency; "" for those that do: the leaves of which it has all facts."""
    mine = assignment.facts_of(agency)
    out = {}
    for leaf in scheme.leaves:
        names = leaf.rule.facts()
        others = [name for name in names if name not in mine]
        if not others:
            out[leaf.code] = ""
        elif len(others) == len(names):
            out[leaf.code] = "không thuộc phần báo cáo của cơ quan này"
        else:
            who = [assignment.by_id[a].name for name in others for a in assignment.shares.get(name, ())]
            shown = ", ".join(list(dict.fromkeys(who))[:3]) or "chưa phân công"
            out[leaf.code] = f"cần cả số liệu của cơ quan khác ({shown})"
    return out


def narrowed(assignment: Assignment, scheme: Scheme, evidence: Evidence, rows: Sequence[int]) -> Evidence:
    """Some rows of the agencies' evidence, with the leaves that do not apply to each agency declared so."""
    declared: list[Declared] = []
    for new, row in enumerate(rows):
        reasons = applies(assignment, scheme, evidence.units[row])
        own = [d for d in evidence.declared if d.row == row and not reasons.get(d.code)]
        declared += [replace(d, row=new) for d in own]
        declared += [Declared(new, code, Outcome.NOT_APPLICABLE, why) for code, why in reasons.items() if why]
    keep = [evidence.units[row] for row in rows]
    return Evidence(
        evidence.label,
        evidence.stage,
        tuple(keep),
        evidence.values[list(rows)],
        evidence.present[list(rows)],
        tuple(declared),
        documents={unit: evidence.documents[unit] for unit in keep if unit in evidence.documents},
        note=evidence.note,
    )
