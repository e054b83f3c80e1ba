"""An assignment to start from, and as the workbook that an officer fills in: general, agencies, who hands in what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from par_engine.agencies.reading import AGENCIES, AGENCY_HEADS, FACT_HEADS, FACTS, GENERAL, GENERAL_KEYS, slug
from par_engine.api import Methodology
from par_engine.base.dates import day as day_from
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.i18n.catalogue import entries


def draft(methodology: Methodology, unit: str = "") -> dict[str, Any]:
    """An agencies-1 document to start from: the owners that the methodology names, each with its facts."""
    document = methodology.document
    owners = list(dict.fromkeys(fact.owner for fact in document.facts.values() if fact.owner))
    facts: dict[str, Any] = {}
    for name, fact in document.facts.items():
        who = [fact.owner] if fact.owner and fact.survey is None else []  # ballots come from the survey
        facts[name] = {"from": who} | ({"by": fact.roll_up} if fact.roll_up else {})
    return {
        "methodology": methodology.id,
        "unit": unit,
        "kinds": [{"id": "co-quan", "title": AGENCIES}],
        "agencies": [{"id": slug(owner), "name": document.owner(owner, "vi"), "kind": "co-quan"} for owner in owners],
        "facts": facts,
    }


def workbook(document: Mapping[str, Any], methodology: Methodology) -> bytes:
    """An agencies-1 document as XLSX."""
    kinds = {kind["id"]: kind["title"] for kind in document["kinds"]}
    names = {agency["id"]: agency["name"] for agency in document["agencies"]} | kinds
    asked: dict[str, list[str]] = {}
    for item in methodology.document.items:
        for name in item.rule.facts() if item.rule is not None else ():
            asked.setdefault(name, []).append(item.code)
    agencies = [
        [a["id"], a["name"], kinds[a["kind"]], "; ".join(a.get("aliases", ())), a.get("unranked", "")]
        for a in document["agencies"]
    ]
    words, ways, types = (entries(f"agencies.{name}", "vi") for name in ("draft", "ways", "types"))
    rows = []
    facts = methodology.document.facts
    for name in [*asked, *(name for name in facts if name not in asked)]:  # in the order of the items
        fact, share = facts[name], document["facts"].get(name, {})
        unit = fact.unit.vi if fact.unit else types[fact.type]
        who = "; ".join(names.get(x, x) for x in share.get("from", ()))
        way = ways[share["by"]] if share.get("by") else ""
        rows.append([name, ", ".join(asked.get(name, ())), fact.title.vi, unit, who, way])
    general = [[GENERAL_KEYS[key], str(document.get(key) or "")] for key in GENERAL_KEYS]
    if due := day_from(general[-1][1]):
        general[-1][1] = f"{due:%d/%m/%Y}"
    general[-1].append(words["due"])
    notes = [words["from"], words["by"]]
    heads = [words[key] for key in ("key", "value", "remark")]
    asking = [FACT_HEADS["fact"], words["item"], words["fact"], words["unit"], FACT_HEADS["from"], FACT_HEADS["by"]]
    return xlsx(
        [
            Sheet(GENERAL, heads, [[*row, ""][:3] for row in general], [20, 60, 44]),
            Sheet(AGENCIES, list(AGENCY_HEADS.values()), agencies, [20, 50, 30, 40, 40]),
            Sheet(FACTS, asking, rows, [18, 10, 60, 14, 50, 20], notes, lists={5: list(ways.values())}),
        ],
        "workbook",
    )
