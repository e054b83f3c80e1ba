"""`par plan`: the tasks of a round on some day, on the screen, in a calendar or in a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.api import load
from par_engine.base.problems import fail
from par_engine.cli.options import IdFirst, Json, Lang, OutputIfAny, RoundFile, Today
from par_engine.cli.output import headings, print_json, say, table
from par_engine.cli.stages import is_round
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import text
from par_engine.round.days import ZONE, day_of, now, read_day, say_day, say_due, say_moment
from par_engine.round.entries import Entry
from par_engine.round.plan import STATES, Standing, plan_of, plan_task, standings


def plan_command(
    id: str,
    today: str | None,
    done: Sequence[str],
    output: Path | None,
    *,
    json: bool,
    lang: Lang,
    round_file: Path | None = None,
) -> int:
    """Print the plan, or write it."""
    kind = None if output is None else output.suffix.lower()
    if output is not None and kind not in (".ics", ".xlsx"):
        fail("plan-kind.written" if kind else "plan-kind.none", output.name, kind=kind)
    kept: Mapping[str, Entry] = {}
    if round_file is None and is_round(Path(id)):
        round_file = Path(id)
    if round_file is not None:
        from par_engine.cli.round_actions import opened

        round_ = opened(round_file)
        document, kept = round_.methodology.document, round_.state().done
    else:
        document = load(id).document
    plan = plan_of(document)
    day = read_day(today, "--today") if today is not None else day_of(now())
    found = standings(plan, day, [*kept, *done])
    if output is not None:
        from par_engine.round.calendar import ics
        from par_engine.round.sheet import xlsx

        data = (
            ics(document, plan, found, lang)
            if kind == ".ics"
            else xlsx(document, plan, found, say_day(day, lang), lang)
        )
        with written_whole(output) as temporary:
            temporary.write_bytes(data)
    if json:
        print_json(
            {
                "methodology": document.id,
                "decision": plan.decision,
                "today": day.isoformat(),
                "zone": ZONE,
                "tasks": [_task(standing, kept) for standing in found],
            }
        )
        return 0
    vi = lang == "vi"
    if output is not None:
        say(text("cli.plan", "written", lang, path=output, tasks=len(found)))
        return 0
    say(plan.title.get(lang) + (f" ({plan.decision})" if plan.decision else ""))
    given = "" if today is not None else text("cli.plan", "zone", lang)
    say(text("cli.plan", "today", lang, day=say_day(day, lang), given=given))
    say()
    heads = headings("cli.plan.tasks", lang)
    rows = []
    for standing in found:
        task = standing.task
        left = "" if standing.state == "done" else str(standing.left)
        mark = "" if task.basis == "official" else " *"
        rows.append(
            [
                STATES[standing.state][not vi],
                left,
                say_due(task, lang) + mark,
                task.id,
                task.title.get(lang),
                task.who.get(lang),
            ]
        )
    table(heads, rows, ["left", "right", "left", "left", "left", "left"])
    for done_task, entry in kept.items():
        name, when = plan_task(plan, done_task).title.get(lang), say_moment(entry.at, lang)
        say()
        say(f"✓ {name}: {entry.by}, {when} (#{entry.number})")
    if any(standing.task.basis != "official" for standing in found):
        say()
        say(text("cli.plan", "unofficial", lang))
    return 0


def _task(standing: Standing, kept: Mapping[str, Entry]) -> dict[str, Any]:
    entry = kept.get(standing.task.id)
    said = {} if entry is None else {"done": {"entry": entry.number, "at": entry.at, "by": entry.by}}
    return standing.as_dict() | said


def call_plan_command(
    id: IdFirst,
    today: Today = None,
    done: Annotated[list[str] | None, typer.Option("--done", metavar="TASK")] = None,
    output: OutputIfAny = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """The tasks of a round, and what is late."""
    return plan_command(id, today, done or [], output, json=json, lang=lang)


def round_plan_command(
    file: RoundFile,
    today: Today = None,
    output: OutputIfAny = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """The plan of the round, with the tasks that are done."""
    return plan_command("", today, [], output, json=json, lang=lang, round_file=file)
