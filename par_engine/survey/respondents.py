"""Respondents checked against the survey's groups, the plan's numbers and its deadline."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from par_engine.api import Methodology
from par_engine.base.extras import needs
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Problem, Severity, nearest, problem, quote
from par_engine.base.types import Group
from par_engine.i18n.catalogue import Term
from par_engine.methodology.citing import committee_of, full_name_of
from par_engine.methodology.model import Task
from par_engine.survey.consistency import unplanned
from par_engine.survey.duplicate_people import name_key, same_people
from par_engine.survey.lists import People, Person
from par_engine.survey.offices import spelt
from par_engine.survey.phones import Misread, phone
from par_engine.survey.plans import Planned, Plans, group_words, named
from par_engine.survey.questions import Questions, slug

TASK = "respondents-list"
"""The id by which a plan declares the task of handing in the list of respondents."""


@dataclass(frozen=True)
class Checked:
    """A list with its problems, and how many people of which group and agency are on it."""

    methodology: Methodology
    people: People
    group_of: Mapping[int, str]
    """The group of each row that has one, by the row's position in the list."""
    problems: tuple[Problem, ...]
    groups: tuple[Group, ...]
    agencies: Mapping[tuple[str, str], int]
    """How many by group and agency, under the first spelling of the agency's name."""
    task: Task | None
    today: datetime.date
    planned: Mapping[str, Planned]
    """The planned numbers of the groups that have one."""
    unit: str | None
    """The unit whose list it is, as a sentence has its name, where it is known."""
    committee: str
    """Its people's committee; "" where it has none, or nobody says whose list it is."""
    offices: Mapping[str, str]
    """The agencies as they are handed on, by how they were typed."""
    phones: Mapping[str, str]
    """The telephone numbers as they are handed on, by how they were typed."""

    @property
    def faulty(self) -> bool:
        """Whether the list has errors; being late is none of the list's."""
        return any(p.severity == "error" and p.code != "late" for p in self.problems)

    def handed(self, person: Person, column: str) -> str:
        """A cell as it is handed on."""
        cell = person.cells[column]
        return {"agency": self.offices, "phone": self.phones}.get(column, {}).get(cell, cell)

    def count(self, group: str) -> int:
        """How many people of a group."""
        return sum(found == group for found in self.group_of.values())

    @property
    def late(self) -> bool | None:
        """Whether the deadline has passed; None where there is none, or only about a day."""
        return None if self.task is None else is_late(self.task, self.today)


def is_late(task: Task, today: datetime.date) -> bool | None:
    """`before` a day means that this day itself is too late."""
    if task.due_is == "about":
        return None
    due = datetime.date.fromisoformat(task.due)
    return today >= due if task.due_is == "before" else today > due


def task_of(methodology: Methodology, id: str | None) -> Task | None:
    """The task named, or the one that declares itself by its id; None where a plan has no such task."""
    tasks = {task.id: task for task in (methodology.document.plan.tasks if methodology.document.plan else ())}
    if id is None or id in tasks:
        return tasks.get(id or TASK)
    raise DocumentError([problem("unknown-task", "--task", id=quote(id), tasks=tasks, near=nearest(id, tasks))])


def survey_of(questions: Questions, id: str | None) -> str:
    """The survey named, or the only one."""
    if id is None and len(questions.surveys) == 1:
        return next(iter(questions.surveys))
    if id in questions.surveys and id is not None:
        return id
    raise DocumentError([problem("survey", "--survey", surveys=questions.surveys)])


def check(
    methodology: Methodology,
    people: People,
    survey: str,
    task: Task | None,
    today: datetime.date,
    plans: Plans | None = None,
    unit: str | None = None,
) -> Checked:
    """Everything that is wrong with a list, named by sheet and cell and never by what stands there.

    The numbers that are planned are those of `plans` for `unit`, or else the methodology's own.
    """
    plans = plans or Plans(methodology, {})
    groups = tuple(methodology.document.surveys[survey].groups)
    planned = {g.id: number for g in groups if (number := plans.of(survey, g.id, unit)) is not None}
    words = group_words(groups)
    problems = list(people.problems)

    def note(person: Person, column: str, entry: str, severity: Severity = "error", /, **values: Any) -> None:
        problems.append(problem(entry, people.label, person.at(column), severity, **values))

    group_of: dict[int, str] = {}
    agencies: Counter[tuple[str, str]] = Counter()
    offices = spelt(person.cells["agency"] for person in people.rows if person.cells["agency"])
    spelling: dict[str, tuple[str, Person]] = {}
    unknown: set[str] = set()
    twice = any(p.code == "column-twice" for p in problems)  # nobody knows what the other column has
    for i, person in enumerate(people.rows):
        cells = person.cells
        for column in ("group", "name", "position", "agency"):
            if not cells[column]:
                note(person, column, "empty.person", column=Term("survey.roles", column))
        if cells["name"] and not any(c in cells["name"].strip() for c in " .\u00a0"):
            note(person, "name", "one-word", "warning", name=quote(cells["name"]))
        group = words.get(slug(cells["group"]))
        if group is not None:
            group_of[i] = group
        elif cells["group"] and person.at("group") not in unknown:  # a heading is above many
            unknown.add(person.at("group"))
            note(person, "group", "unknown-group.person", known="; ".join(g.title.vi for g in groups))
        if cells["agency"]:
            shown, first = spelling.setdefault(name_key(cells["agency"]), (cells["agency"], person))
            if fold(shown) != fold(cells["agency"]):
                note(person, "agency", "spelling", "warning", place=first.at("agency"))
            elif cells["agency"] == cells["agency"].lower() != offices[cells["agency"]]:
                note(person, "agency", "capitals", "warning")
            if group is not None:
                plain = fold(cells["agency"]).isascii()
                agencies[group, offices[shown if plain else cells["agency"]]] += 1
        if not cells["phone"] and not cells["email"] and not twice:
            note(person, "phone", "no-contact", "warning")
    contacts, phones = _contacts(people)
    problems += contacts
    problems += same_people(people)
    document = methodology.document
    name = None if unit is None else {u.id: u.name for u in document.units}.get(unit, unit)
    if unit is not None and name is not None and plans.silent(unit):
        problems.append(unplanned(name))
    whole_name = None if unit is None or name is None else full_name_of(document, unit, name)
    counted: list[Problem] = []
    for one in groups:
        here = sum(found == one.id for found in group_of.values())
        wanted, own = planned.get(one.id), one.planned
        if wanted is not None and own is not None and own != wanted.number:
            values = {"group": named(one), "number": wanted.number, "own": own}
            counted.append(problem("planned-twice", people.label, "", "warning", **values))
        if wanted is not None and here != wanted.number:
            values = {"group": named(one), "here": here, "planned": wanted.words}
            counted.append(problem("planned", people.label, "", "warning", **values))
        elif here == 0:
            counted.append(problem("planned.nobody", people.label, "", "warning", group=named(one)))
    if task is not None and is_late(task, today):
        entry = "late.list-before" if task.due_is == "before" else "late.list"
        due = datetime.date.fromisoformat(task.due)
        problems.append(problem(entry, people.label, task=task.title, due=due, today=today))
    rest = DocumentError(problems).problems
    of_file = sum(not p.pointer for p in rest)
    counted.sort(key=lambda p: p.code)  # those of one code in the order of the survey's groups
    ordered = (*rest[:of_file], *counted, *rest[of_file:])
    by_agency = dict(sorted(agencies.items()))
    return Checked(
        methodology, people, group_of, ordered, groups, by_agency, task, today, planned, whole_name,
        committee_of(document, unit or ""), offices, phones,
    )  # fmt: skip


def _contacts(people: People) -> tuple[list[Problem], dict[str, str]]:
    """What is wrong with e-mail addresses and telephone numbers, and the numbers as they are handed on."""
    try:
        from email_validator import EmailNotValidError, validate_email
    except ImportError:
        needs(people.label, "survey")
    problems = []
    phones: dict[str, str] = {}
    seen: dict[tuple[str, str], Person] = {}

    def note(person: Person, entry: str, severity: Severity = "error", /, **values: Any) -> None:
        at = person.at("email" if "email" in entry else "phone")
        problems.append(problem(entry, people.label, at, severity, **values))

    for person in people.rows:
        email, typed = person.cells["email"], person.cells["phone"]
        if email:
            try:
                valid = validate_email(email, check_deliverability=False).normalized.casefold()
            except EmailNotValidError:
                note(person, "email")
            else:
                first = seen.setdefault(("email", valid), person)
                if first is not person:
                    note(person, "duplicate-email", place=first.at("email"))
        if typed:
            number = phone(typed, people.label)
            if isinstance(number, Misread):
                note(person, number.entry)
                continue
            phones[typed] = number.written
            first = seen.setdefault(("phone", number.same), person)
            if first is not person:
                note(person, "duplicate-phone", "warning" if number.shared else "error", place=first.at("phone"))
    return problems, phones


def by_group_and_agency(checked: Checked) -> Sequence[tuple[Group, Sequence[tuple[str, int]]]]:
    """The agencies of each group with their numbers, in the survey's order."""
    return [
        (group, [(agency, n) for (id, agency), n in checked.agencies.items() if id == group.id])
        for group in checked.groups
    ]
