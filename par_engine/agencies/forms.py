"""The methodology of agencies: the unit's own, with agencies for units and leaves that may not apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from par_engine.agencies.model import Agency, Assignment
from par_engine.api import Methodology, from_document
from par_engine.base.types import Outcome
from par_engine.evidence.model import Declared, Evidence
from par_engine.i18n.catalogue import LANGS, Lang, entries, text
from par_engine.methodology.model import Item
from par_engine.methodology.scheme import Scheme
from par_engine.rules.bands import Bands
from par_engine.rules.ratio import Ratio

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
    titles = {lang: text("agencies.scheme", "title", lang, of=document["title"][lang]) for lang in LANGS}
    document["id"] = base.id + SUFFIX
    document["title"] = {lang: title[:2000] for lang, title in titles.items()}
    document["settings"]["units"] = "listed"
    document["units"] = [_unit(agency) for agency in (assignment.agencies if agencies is None else agencies)]
    document["groups"] = []  # they are meant for units
    for name, way in assignment.ways.items():
        fact = base.document.facts[name]
        if way == "sum" and fact.min is not None and fact.min > 0:  # a part may be nothing where the whole may not
            document["facts"][name]["min"] = "0"
    for item in document["items"]:
        if "rule" in item:
            item["may_not_apply"] = True
            _empty_whole(base.scheme.items[item["code"]], item, base)
    return from_document(document, base.scheme.functions)


def _empty_whole(item: Item, entry: dict[str, Any], base: Methodology) -> None:
    """A leaf does not apply to an agency that has nothing of what is counted; of a unit nobody would believe it."""
    rule = item.rule
    if isinstance(rule, (Ratio, Bands)) and rule.whole_zero == "missing":
        entry["rule"]["whole_zero"] = "not_applicable"
        facts = {name: base.document.facts[name] for name in rule.facts()}
        changed = rule.model_copy(update={"whole_zero": "not_applicable"})
        entry["rule_text"] = {lang: changed.words(lang, facts, item.max)[:2000] for lang in LANGS}


def _unit(agency: Agency) -> dict[str, Any]:
    out: dict[str, Any] = {"id": agency.id, "name": agency.name, "aliases": agency.aliases}
    if agency.unranked is None:
        return {**out, "ranked": True}
    return {**out, "ranked": False, "why": {"vi": agency.unranked, "en": agency.unranked}}


def applies(assignment: Assignment, scheme: Scheme, agency: str, lang: Lang) -> dict[str, str]:
    """By leaf, why it does not apply to an agency; "" for those that do: the leaves of which it has all facts."""
    mine, words = assignment.facts_of(agency), entries("agencies.scheme", lang)
    out = {}
    for leaf in scheme.leaves:
        names = leaf.rule.facts()
        others = [name for name in names if name not in mine]
        if not others:
            out[leaf.code] = ""
        elif len(others) == len(names):
            out[leaf.code] = words["not-asked"]
        else:
            who = [assignment.by_id[a].name for name in others for a in assignment.shares.get(name, ())]
            shown = ", ".join(list(dict.fromkeys(who))[:3]) or words["nobody"]
            out[leaf.code] = f"{words['others']} ({shown})"
    return out


def narrowed(assignment: Assignment, scheme: Scheme, evidence: Evidence, rows: Sequence[int], lang: Lang) -> Evidence:
    """Some rows of the agencies' evidence, with the leaves that do not apply to each agency declared so."""
    declared: list[Declared] = []
    for new, row in enumerate(rows):
        reasons = applies(assignment, scheme, evidence.units[row], lang)
        own = [d for d in evidence.declared if d.row == row and not reasons.get(d.code)]
        declared += [d._replace(row=new) for d in own]
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
