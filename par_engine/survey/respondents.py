"""Respondents checked against the survey's groups, the plan's numbers and its deadline."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from par_engine.api import Methodology
from par_engine.base.extras import needs
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Problem, nearest, own_problem, problem, quote
from par_engine.base.terms import day_words
from par_engine.base.types import Group
from par_engine.i18n.catalogue import Said
from par_engine.methodology.citing import committee_of, full_name_of
from par_engine.methodology.model import Task
from par_engine.survey.consistency import unplanned
from par_engine.survey.duplicate_people import name_key, same_people
from par_engine.survey.heads import HEADS
from par_engine.survey.lists import People, Person
from par_engine.survey.offices import spelt
from par_engine.survey.phones import Misread, phone
from par_engine.survey.plans import Planned, Plans, group_words
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
    titles = "; ".join(g.title.vi for g in groups)
    problems = list(people.problems)

    def note(
        person: Person, column: str, code: str, en: str, vi: str, hint: str, hint_vi: str, warn: bool = False
    ) -> None:
        at, level = person.at(column), "warning" if warn else "error"
        problems.append(own_problem(people.label, at, code, en, hint, level, vi, hint_vi))  # type: ignore[arg-type]

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
                vi = f"chưa ghi {HEADS[column].lower()}"
                note(person, column, "empty", f"{column} is empty", vi, "fill it in", "ghi vào ô này")
        if cells["name"] and not any(c in cells["name"].strip() for c in " .\u00a0"):
            en, vi = f"{quote(cells['name'])} is one word", f"{quote(cells['name'])} chỉ có một chữ"
            hint_vi = "ghi đủ họ, đệm và tên"
            note(person, "name", "one-word", en, vi, "write the family name and the given name", hint_vi, True)
        group = words.get(slug(cells["group"]))
        if group is not None:
            group_of[i] = group
        elif cells["group"] and person.at("group") not in unknown:  # a heading is above many
            unknown.add(person.at("group"))
            en, vi = "this is no group of the survey", "không có nhóm này"
            note(person, "group", "unknown-group", en, vi, titles, titles)
        if cells["agency"]:
            shown, first = spelling.setdefault(name_key(cells["agency"]), (cells["agency"], person))
            if fold(shown) != fold(cells["agency"]):
                at = first.at("agency")
                en, vi = f"the agency is spelt otherwise in {at}", f"tên cơ quan viết khác ô {at}"
                note(person, "agency", "spelling", en, vi, "spell it in one way", "viết thống nhất một cách", True)
            elif cells["agency"] == cells["agency"].lower() != offices[cells["agency"]]:
                en, vi = "the agency has no capitals", "tên cơ quan không viết hoa"
                hint, hint_vi = (
                    "they are added where they are sure: look at them",
                    "đã viết hoa chữ chắc chắn, hãy xem lại",
                )
                note(person, "agency", "capitals", en, vi, hint, hint_vi, True)
            if group is not None:
                plain = fold(cells["agency"]).isascii()
                agencies[group, offices[shown if plain else cells["agency"]]] += 1
        if not cells["phone"] and not cells["email"] and not twice:
            en, vi = "neither phone nor e-mail", "không có điện thoại và email"
            note(person, "phone", "no-contact", en, vi, "give one of them", "ghi ít nhất một", True)
    contacts, phones = _contacts(people)
    problems += contacts
    problems += same_people(people)
    document = methodology.document
    name = None if unit is None else {u.id: u.name for u in document.units}.get(unit, unit)
    if unit is not None and name is not None and plans.silent(unit):
        problems.append(unplanned(name))
    whole_name = None if unit is None or name is None else full_name_of(document, unit, name)
    for one in groups:
        here = sum(found == one.id for found in group_of.values())
        wanted, own = planned.get(one.id), one.planned
        if wanted is not None and own is not None and own != wanted.number:
            en = f"group {one.id}: the plan says {wanted.number}, the methodology {own}"
            vi = f"nhóm {one.title.vi}: kế hoạch ghi {wanted.number}, bộ tiêu chí ghi {own}"
            problems.append(
                problem(
                    "planned-twice",
                    people.label,
                    "",
                    "warning",
                    group=Said(one.title.vi, one.id),
                    number=wanted.number,
                    own=own,
                )
            )
        if wanted is not None and here != wanted.number:
            en = f"group {one.id} has {here} people, {wanted.said('en')} are planned"
            vi = f"nhóm {one.title.vi} có {here} người, kế hoạch {wanted.said('vi')}"
            problems.append(
                problem(
                    "planned",
                    people.label,
                    "",
                    "warning",
                    group=Said(one.title.vi, one.id),
                    here=here,
                    planned=Said(wanted.said("vi"), wanted.said("en")),
                )
            )
        elif here == 0:
            en, vi = f"group {one.id} has nobody", f"nhóm {one.title.vi} chưa có ai"
            problems.append(problem("planned.check", people.label, "", "warning", group=Said(one.title.vi, one.id)))
    if task is not None and is_late(task, today):
        word, word_vi = ("before", "trước") if task.due_is == "before" else ("by", "chậm nhất")
        en = f"late: “{task.title.en}” is due {word} {task.due}, today is {today}"
        vi = f"quá hạn “{task.title.vi}”: phải gửi {word_vi} ngày {day_words(task.due, 'vi')}"
        vi += f", hôm nay là {day_words(today.isoformat(), 'vi')}"
        problems.append(own_problem(people.label, "", "late", en, "", "error", vi, ""))
    ordered = DocumentError(problems).problems
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

    def note(
        person: Person, column: str, code: str, en: str, vi: str, hint: str, hint_vi: str, warn: bool = False
    ) -> None:
        level = "warning" if warn else "error"
        problems.append(
            own_problem(people.label, person.at(column), code, en, hint, level, vi, hint_vi)  # type: ignore[arg-type]
        )

    for person in people.rows:
        email, typed = person.cells["email"], person.cells["phone"]
        if email:
            try:
                valid = validate_email(email, check_deliverability=False).normalized.casefold()
            except EmailNotValidError:
                en, vi = "this is no e-mail address", "email không đúng dạng"
                note(person, "email", "email", en, vi, "check it", "kiểm tra lại")
            else:
                first = seen.setdefault(("email", valid), person)
                if first is not person:
                    en, vi = f"the same e-mail as {first.at('email')}", f"trùng email với ô {first.at('email')}"
                    note(person, "email", "duplicate-email", en, vi, "each needs an own one", "mỗi người một email")
        if typed:
            number = phone(typed, people.label)
            if isinstance(number, Misread):
                note(person, "phone", "phone", number.what, number.what_vi, number.hint, number.hint_vi)
                continue
            phones[typed] = number.written
            first = seen.setdefault(("phone", number.same), person)
            if first is not person:
                en, vi = f"the same number as {first.at('phone')}", f"trùng số với ô {first.at('phone')}"
                hint, hint_vi = "is it the same person?", "có phải cùng một người?"
                note(person, "phone", "duplicate-phone", en, vi, hint, hint_vi, number.shared)
    return problems, phones


def by_group_and_agency(checked: Checked) -> Sequence[tuple[Group, Sequence[tuple[str, int]]]]:
    """The agencies of each group with their numbers, in the survey's order."""
    return [
        (group, [(agency, n) for (id, agency), n in checked.agencies.items() if id == group.id])
        for group in checked.groups
    ]
