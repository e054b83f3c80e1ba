"""The laws of what stands beside the tree of a methodology: facts, groups, units, surveys, dates, breaks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

from par_engine.base.decimals import is_scaled
from par_engine.base.names import fold
from par_engine.base.problems import did_you_mean, pointer
from par_engine.methodology.model import Document

Found = tuple[str, ...]
"""A broken law: pointer, code, what is wrong, hint; what an annex can break has "error" and both in Vietnamese too."""


def facts(document: Document) -> Iterator[Found]:
    """Faults of facts: their form, range, owner and use."""
    used = {name for item in document.items if item.rule for name in item.rule.facts()}
    for name, fact in document.facts.items():
        place = pointer("facts", name)
        wants = {"decimal": "decimals", "option": "options", "ballots": "survey"}.get(fact.type)
        for key in ("decimals", "options", "survey"):
            if (getattr(fact, key) is not None) != (key == wants):
                what = f"a fact of type {fact.type} {'needs' if key == wants else 'cannot have'} {key}"
                yield (
                    place + ("" if key == wants else pointer(key)),
                    "fact-form",
                    what,
                    "see the fact types in the manual",
                )
        if fact.question is not None and fact.type != "ballots":
            what = f"a fact of type {fact.type} cannot have question"
            yield place + "/question", "fact-form", what, "see the fact types in the manual"
        if not fact.numeric and (fact.min is not None or fact.max is not None):
            yield place, "fact-form", f"a fact of type {fact.type} has no range", "remove min and max"
        least = fact.min if fact.min is not None else Fraction(0)
        if fact.type == "count" and least < 0:
            yield place + "/min", "fact-range", "a count cannot be negative", "use type decimal"
        if fact.max is not None and fact.max < least:
            yield place + "/max", "fact-range", "max is below min", "correct one of the two"
        if any(x is not None and not is_scaled(x, fact.scale) for x in (fact.min, fact.max)):
            yield place, "fact-range", "min or max has more decimals than the fact", "use fewer decimals"
        if fact.roll_up is not None and fact.roll_up not in fact.roll_ups:
            what = f"a fact of type {fact.type} cannot be rolled up as {fact.roll_up}"
            yield (
                place + "/roll_up",
                "fact-form",
                what,
                f"use {', '.join(fact.roll_ups)}" if fact.roll_ups else "remove it",
            )
        if fact.survey is not None and fact.survey not in document.surveys:
            hint = did_you_mean(fact.survey, document.surveys)
            yield place + "/survey", "unknown-survey", f'there is no survey "{fact.survey}"', hint
        ids = [option.id for option in fact.options or ()]
        if fact.type == "option" and (len(ids) < 2 or len(set(ids)) < len(ids)):
            yield place + "/options", "fact-form", "an option fact needs two or more different options", "see options"
        if document.owners and fact.owner is not None and fact.owner not in document.owners:
            hint = did_you_mean(fact.owner, document.owners) or "add it to owners"
            yield place + "/owner", "unknown-owner", f'there is no owner "{fact.owner}"', hint
        if name not in used:
            yield place, "unused-fact", f'no rule uses fact "{name}"', "remove it, or name it in a rule"


def groups(document: Document) -> Iterator[Found]:
    """Faults of the groups of the index."""
    yield from twice("groups", [group.id for group in document.groups], "id")
    bounds = [group.from_ for group in document.groups]
    if bounds != sorted(set(bounds), reverse=True):
        yield "/groups", "groups", "groups do not descend", "the best group comes first"
    if bounds and bounds[-1] != 0:
        yield (
            pointer("groups", len(bounds) - 1, "from"),
            "groups",
            "the last group does not begin at 0",
            "every index is in a group",
        )


def units(document: Document) -> Iterator[Found]:
    """Faults of units: names that stand twice, and former units."""
    if document.settings.units == "listed" and not document.units:
        yield "/units", "no-units", "no unit is listed", 'list the units, or set units to "open"'
    seen: dict[str, str] = {}
    first: dict[str, int] = {}
    for i, unit in enumerate(document.units):
        again = first.setdefault(unit.id, i) != i
        for name in dict.fromkeys(map(fold, (unit.id, unit.name, *unit.aliases))):
            if seen.setdefault(name, unit.id) != unit.id or (again and name == fold(unit.id)):
                yield (
                    pointer("units", i),
                    "duplicate-unit",
                    f'"{name}" names two units',
                    "ids, names and aliases are unique",
                )


def surveys(document: Document) -> Iterator[Found]:
    """Faults of survey designs."""
    for key, survey in document.surveys.items():
        place = pointer("surveys", key)
        for j, answer in enumerate(survey.options):
            if not 0 <= answer.share <= 1:
                yield (
                    place + pointer("options", j, "share"),
                    "share",
                    "a share lies between 0 and 1",
                    "1 is the maximum",
                )
        if any(group.weight < 0 for group in survey.groups) or not any(group.weight for group in survey.groups):
            yield place + "/groups", "weight", "weights must be 0 or more, one above 0", "see groups"
        for name, ids in (("options", [o.id for o in survey.options]), ("groups", [g.id for g in survey.groups])):
            yield from twice(place.lstrip("/") + "/" + name, ids, "id")


def dates(document: Document) -> Iterator[Found]:
    """Dates that no calendar has, and tasks that stand twice."""
    dates = [(pointer("sources", k, "date"), s.date) for k, s in document.sources.items() if s.date]
    if document.plan:
        if document.plan.date is not None:
            dates += [("/plan/date", document.plan.date)]
        dates += [(pointer("plan", "tasks", i, "due"), task.due) for i, task in enumerate(document.plan.tasks)]
        yield from twice("plan/tasks", [task.id for task in document.plan.tasks], "id")
    for place, text in dates:
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            yield place, "date", f"{text} is not a day of the calendar", "write YYYY-MM-DD"


def twice(place: str, ids: list[str], key: str) -> Iterator[Found]:
    """Ids that stand twice in a list."""
    seen: set[str] = set()
    for i, name in enumerate(ids):
        if name in seen:
            yield f"/{place}/{i}/{key}", "duplicate-id", f'"{name}" stands twice', "ids are unique"
        seen.add(name)


def breaks(document: Document) -> Iterator[Found]:
    """Faults of what does not compare with older years."""
    known = {"items": [item.code for item in document.items], "streams": [stream.id for stream in document.streams]}
    for i, broken in enumerate(document.breaks):
        for key, names in (("items", broken.items), ("streams", broken.streams)):
            for j, name in enumerate(names):
                if name not in known[key]:
                    hint = did_you_mean(name, known[key])
                    yield pointer("breaks", i, key, j), f"unknown-{key[:-1]}", f'there is no {key[:-1]} "{name}"', hint
