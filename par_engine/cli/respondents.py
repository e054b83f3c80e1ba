"""`par respondents`: check, hand in and draw; names of people never reach the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.api import load
from par_engine.base.dates import day_of, now
from par_engine.base.problems import Problem, fail, problem, quote
from par_engine.cli.options import (
    Id,
    Json,
    Lang,
    NewFolder,
    Output,
    PeopleFile,
    PlanFile,
    SurveyId,
    TaskId,
    Today,
    Unit,
)
from par_engine.cli.output import complain, headings, print_json, say, table
from par_engine.cli.survey_tally import sizes
from par_engine.files.atomic import write_together, written_whole
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.i18n.catalogue import entries, text
from par_engine.round.days import read_day, say_day, say_due
from par_engine.survey.draw import draw, short_of_replacements
from par_engine.survey.heads import HEADS
from par_engine.survey.lists import Table, read_people
from par_engine.survey.plans import group_words, one_unit, read_plans
from par_engine.survey.questions import Questions, letter
from par_engine.survey.respondent_export import hand_in, issuer, subject
from par_engine.survey.respondents import Checked, by_group_and_agency, check, survey_of, task_of


@dataclass(frozen=True)
class List:
    """What the commands are told about a list."""

    path: Path
    survey: str | None
    task: str | None
    today: str | None
    plan: Path | None
    unit: str | None


def checked(given: List, id: str) -> Checked:
    """Read and check a list."""
    methodology = load(id)
    plans = read_plans(methodology, given.plan)
    unit = one_unit(plans, methodology, given.unit)
    day = day_of(now()) if given.today is None else read_day(given.today, "--today")
    chosen = survey_of(Questions(methodology), given.survey)
    people = read_people(given.path, group_words(methodology.document.surveys[chosen].groups))
    return check(methodology, people, chosen, task_of(methodology, given.task), day, plans, unit)


def check_command(
    people: PeopleFile,
    methodology: Id,
    plan: PlanFile = None,
    unit: Unit = None,
    survey: SurveyId = None,
    task: TaskId = None,
    today: Today = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Show counts and problems; 1 when there is an error."""
    given = List(people, survey, task, today, plan, unit)
    found = checked(given, methodology)
    if json:
        print_json(
            {
                "people": len(found.people.rows),
                "tables": [
                    {
                        "sheet": read.sheet or None,
                        "columns": [{"header": head, "taken_for": role or None} for head, role in read.columns],
                        "rows_set_aside": [{"row": n, "as": kind} for n, kind in read.aside],
                    }
                    for read in found.people.tables
                ],
                "groups": [
                    {
                        "group": group.id,
                        "people": found.count(group.id),
                        "planned": found.planned[group.id].as_dict() if group.id in found.planned else None,
                        "agencies": None
                        if found.faulty
                        else [{"agency": agency, "people": n} for agency, n in agencies],
                    }
                    for group, agencies in by_group_and_agency(found)
                ],
                "task": None if found.task is None else found.task.id,
                "due": None if found.task is None else found.task.due,
                "late": found.late,
                "problems": [problem.as_dict() for problem in found.problems],
            }
        )
    else:
        _show(found, lang)
        if found.problems:
            complain(found.problems, lang)
    return 1 if any(p.severity == "error" for p in found.problems) else 0


def _read(found: Checked, lang: Lang) -> None:
    """What each sheet's columns were read as, and what was not read."""
    words = entries("survey.columns", lang)
    for read in found.people.tables:
        where = (
            text("cli.respondents", "sheet", lang, sheet=quote(read.sheet))
            if read.sheet
            else (text("cli.respondents", "file", lang))
        )
        say(text("cli.respondents", "columns", lang, where=where))
        for j, (head, role) in enumerate(read.columns):
            if role:
                say(f"  {quote(head) if head else letter(j)} → {words[role]}")
        unread = [quote(head) for head, role in read.columns if head and not role]
        if unread:
            say(text("cli.respondents", "unread", lang, columns=", ".join(unread)))
        say_aside(read, lang)
    say()


def say_aside(read: Table, lang: Lang) -> None:
    """Rows that are no people, by what they are."""
    for kind, what in entries("cli.respondents.aside", lang).items():
        places = [str(n) for n, is_ in read.aside if is_ == kind]
        if places:
            more = " …" if len(places) > _SHOWN else ""
            rows = ", ".join(places[:_SHOWN])
            say(text("cli.respondents", "aside-rows", lang, what=what, rows=rows, rest=more))


_SHOWN = 10


def _show(found: Checked, lang: Lang) -> None:
    _read(found, lang)
    rows = []
    for group, agencies in by_group_and_agency(found):
        planned = found.planned[group.id].said(lang) if group.id in found.planned else "—"
        rows.append([group.title.get(lang), str(found.count(group.id)), planned])
        if not found.faulty:  # a cell too few, and a telephone number stands where agencies do
            rows += [[f"  {agency}", str(n), ""] for agency, n in agencies]
    if astray := len(found.people.rows) - sum(found.count(group.id) for group in found.groups):
        rows.append([text("cli.respondents", "unknown-group", lang), str(astray), ""])
    known = [found.planned[group.id].number for group in found.groups if group.id in found.planned]
    whole = str(sum(known)) if known and len(known) == len(found.groups) else ""
    rows.append([text("cli.respondents", "all", lang), str(len(found.people.rows)), whole])
    heads = headings("cli.respondents.groups", lang)
    table(heads, rows, ["left", "right", "right"])
    if found.faulty:
        say(text("cli.respondents", "faulty", lang))
    say()
    _say_due(found, lang)


def _say_due(found: Checked, lang: Lang) -> None:
    """The deadline, and how the day that was asked for stands to it."""
    task = found.task
    if task is None:
        say(text("cli.respondents", "no-due", lang))
        return
    state = {True: "late", False: "on-time", None: "approximate"}[found.late]
    say(text("cli.respondents", "due", lang, day=say_due(task, lang), task=task.title.get(lang)))
    say(
        text(
            "cli.respondents", "as-of", lang, day=say_day(found.today, lang), state=text("cli.respondents", state, lang)
        )
    )


def export_command(
    people: PeopleFile,
    methodology: Id,
    output: NewFolder,
    plan: PlanFile = None,
    unit: Unit = None,
    survey: SurveyId = None,
    task: TaskId = None,
    today: Today = None,
    lang: Lang = "vi",
) -> int:
    """Write the list and the summary together; 1 when it is late already."""
    given = List(people, survey, task, today, plan, unit)
    found = checked(given, methodology)
    files = hand_in(found)
    write_together(output, files)
    for name in files:
        say(text("cli.respondents", "written", lang, path=output / name))
    if said := (*found.problems, *_nobodys(found)):
        complain(said, lang)
    return 1 if found.late else 0


def _nobodys(found: Checked) -> list[Problem]:
    """The warning of a paper with dots where its unit's name should stand."""
    if found.unit is not None:
        return []
    return [problem("nobodys", "--unit", "", "warning")]


def draw_command(
    frame: PeopleFile,
    methodology: Id,
    seed: Annotated[str, typer.Option("--seed", metavar="N")],
    output: Output,
    replacements: Annotated[int, typer.Option("--replacements", metavar="K", min=0)] = 0,
    size: Annotated[list[str] | None, typer.Option("--size", metavar="GROUP=N")] = None,
    plan: PlanFile = None,
    unit: Unit = None,
    survey: SurveyId = None,
    task: TaskId = None,
    today: Today = None,
    lang: Lang = "vi",
) -> int:
    """Draw and write the sample as a workbook with its recipe; 1 when it is late by the day or task that was asked for.

    Without one the deadline is not asked: that of the list may have passed long before anybody draws from it.
    """
    given = List(frame, survey, task, today, plan, unit)
    size = size or []
    if output.suffix.lower() != ".xlsx":
        fail("list-kind.sample", output.name)
    found = checked(given, methodology)
    drawn = draw(found, seed, sizes(size, "--size", group_words(found.groups)), replacements)
    paper = entries("paper.sample", "vi")
    titles = {group.id: group.title.vi for group in found.groups}
    rows: list[list[Any]] = [
        [
            titles[d.group],
            paper["replacement" if d.replacement else "drawn"],
            d.order,
            *(found.handed(d.person, c) for c in HEADS if c != "group"),
            d.person.at("group"),
            d.hash,
        ]
        for d in drawn
    ]
    heads = [
        *(paper[key] for key in ("group", "sample", "order")),
        *(h for c, h in HEADS.items() if c != "group"),
        paper["cell"],
        "SHA-256",
    ]
    ids = ", ".join(f"{group.title.vi} = {group.id}" for group in found.groups)
    recipe: list[list[Any]] = [[paper["seed"], seed], [paper["ids"], ids]]
    recipe += [[paper[key], paper[f"{key}-text"]] for key in ("key", "hash", "choice")]
    titles_above = [*issuer(found), paper["title"], subject(found)]
    widths = [34, 12, 8, 28, 28, 36, 16, 30, 16, 70]
    data = xlsx(
        [
            Sheet(paper["sample"], heads, rows, widths, titles_above),
            Sheet(paper["choice"], [paper["item"], paper["content"]], recipe, [24, 90]),
        ],
        "survey",
    )
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    counts = [
        [g.title.get(lang)] + [str(sum(d.group == g.id and d.replacement is r for d in drawn)) for r in (False, True)]
        for g in found.groups
    ]
    heads = headings("cli.respondents.drawn", lang)
    table(heads, counts, ["left", "right", "right"])
    say(text("cli.respondents", "written", lang, path=output))
    asked = given.today is not None or given.task is not None
    if asked:
        _say_due(found, lang)
    late = [problem for problem in found.problems if asked and problem.code == "late"]
    fewer = short_of_replacements(found, drawn, replacements)
    if said := [*late, *fewer, *_nobodys(found)]:
        complain(said, lang)
    return 1 if late else 0
