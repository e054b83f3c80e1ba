"""What the commands of `par round` do and print."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine import plugins
from par_engine.api import Methodology, load
from par_engine.base.dates import day as day_from
from par_engine.base.problems import ParError, Problem, fail, nearest, problem, quote
from par_engine.cli.options import (
    At,
    By,
    EvidenceFile,
    Id,
    Json,
    Lang,
    OutputIfAny,
    Override,
    Papers,
    RoundFile,
    Stage,
    Units,
    Why,
)
from par_engine.cli.output import complain, headings, print_json, say, table
from par_engine.cli.progress import busy
from par_engine.cli.score import contradictions, deliver, first_line, league_table
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import text
from par_engine.methodology.model import Action
from par_engine.round.bundle import export
from par_engine.round.days import ZONE, day_of, no_day, now, say_day, say_due, say_moment
from par_engine.round.entries import WHATS, Entry
from par_engine.round.figures import standing
from par_engine.round.locks import ACTIONS, locks
from par_engine.round.plan import STATES, standings
from par_engine.round.recompute import recompute
from par_engine.round.round import Round, check_fingerprint, open_round, opening, state_at
from par_engine.round.state import STAGES, State
from par_engine.round.store import open_store
from par_engine.round.unit_reports import gaps
from par_engine.round.verify import verify

_SHOWN = 30


class Form(enum.StrEnum):
    """The forms of a score."""

    table = "table"
    json = "json"
    csv = "csv"


def opened(file: Path) -> Round:
    """The round of a file, with the installed methodology that it was opened with."""
    with open_store(file) as store:
        first = opening(store)
    return Round(file, load(first["methodology"]))


def receipt(entry: Entry, lang: Lang, remarks: Sequence[Problem] = ()) -> None:
    """Say that an entry is safe, with the hash by which to find it again, and what there is to say beside it."""
    if remarks:
        complain(remarks, lang)
    what = WHATS[entry.what][lang != "vi"]
    say(text("cli.round-actions", "receipt", lang, number=entry.number, what=what, hash=entry.hash))


def init_command(
    file: RoundFile,
    id: Id,
    by: By,
    why: Why = "",
    units: Units = None,
    own: Annotated[list[str] | None, typer.Option("--lock", metavar="ACTION=DAY")] = None,
    lang: Lang = "vi",
) -> None:
    """Open a round, and say which days lock what in it."""
    units = units or []
    own = own or []
    days: dict[Action, date] = {}
    problems: list[Problem] = []
    for given in own:
        name, _, day = given.partition("=")
        action = next((a for a in ACTIONS if a == name.strip()), None)
        if action is None or action in days:
            problems.append(problem("lock", "--lock", given=quote(given), near=nearest(name, ACTIONS)))
        elif (found := day_from(day)) is None:
            problems.append(no_day(day, "--lock"))
        else:
            days[action] = found
    if problems:
        raise ParError(problems)
    methodology = load(id)
    entry = open_round(file, methodology, by, why, units=units, own_locks=days)
    receipt(entry, lang)
    for lock in locks(methodology.document, entry.content):
        last = say_day(lock.last, lang)
        said = lock.said(methodology.document, lang)
        what = WHATS[lock.action][lang != "vi"]
        say(text("cli.round-actions", "lock", lang, what=what, last=last, left=said))


def history_command(
    file: RoundFile,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """List the entries."""
    with open_store(file) as store:
        entries = store.entries()
    if json:
        print_json([entry.as_dict() for entry in entries])
        return
    vi = lang == "vi"
    named = _names(entries[0].content["methodology"]) if vi else {}
    heads = headings("cli.round-actions.history", lang)
    rows = []
    for entry in entries:
        content, why = entry.content, entry.why
        if entry.override is not None:
            why = text("cli.round-actions", "late", lang, why=why, reason=entry.override["reason"]).strip()
        if entry.what == "init":
            about = named.get("", content["methodology"])
        elif entry.what == "done":
            signed = [*(("", task) for task in content["tasks"]), *(("− ", task) for task in content["undone"])]
            about = ", ".join(sign + named.get(f"task:{task}", task) for sign, task in signed)
        else:
            units = [named.get(f"unit:{id}", id) for id in content["units"]]
            about = f"{_some(units)}: {quote(content['file']['name'], 100)}"
        papers = len(content.get("papers", ()))
        about += f" (+{papers})" if papers else ""
        rows.append(
            [
                str(entry.number),
                say_moment(entry.at, lang),
                entry.by,
                WHATS[entry.what][not vi],
                about,
                why,
                entry.hash[:16],
            ]
        )
    table(heads, rows, ["right", *["left"] * 6])  # type: ignore[list-item]


def _names(methodology: str) -> dict[str, str]:
    """What the ids in entries are called; none where the methodology is not installed, for the history needs none."""
    try:
        document = load(methodology).document
    except ParError:
        return {}
    tasks = document.plan.tasks if document.plan is not None else ()
    return {
        "": document.title.vi,
        **{f"unit:{unit.id}": unit.name for unit in document.units},
        **{f"task:{task.id}": task.title.vi for task in tasks},
    }


def _some(units: Sequence[str]) -> str:
    return ", ".join(units[:3]) + (f", … ({len(units)})" if len(units) > 3 else "")


def status_command(
    file: RoundFile,
    at: At = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Where the round stands."""
    with busy(lang) as doing:
        doing("reading", file.name)
        with open_store(file) as store:
            state = state_at(store, at)
        methodology = load(state.opening["methodology"])
        check_fingerprint(file.name, state.opening, methodology)
        doing("scoring")
        found = _status(methodology, state)
    if json:
        print_json(found)
        return
    vi = lang == "vi"
    head = state.entries[-1]
    say(f"{methodology.document.title.get(lang)} ({methodology.id})")
    say(text("cli.round-actions", "last-entry", lang, number=head.number, at=say_moment(head.at, lang), hash=head.hash))
    counts = ", ".join(f"{STAGES[s][not vi]}: {n}" for s, n in found["stages"].items() if n)
    waits = found["not_submitted"]
    say(text("cli.round-actions", "stages", lang, counts=counts or "—", waiting=len(waits)))
    if found["units"]:
        heads = headings("cli.round-actions.units", lang)
        rows = [
            [
                unit["name"],
                STAGES[unit["stage"]][not vi],
                f"{say_moment(unit['submitted']['at'], lang)} (#{unit['submitted']['entry']})",
                unit["submitted"]["by"],
                *(str(n) for n in (len(unit["missing"]), len(unit["pending"]), unit["appraised"], unit["explained"])),
            ]
            for unit in found["units"]
        ]
        say()
        table(heads, rows, ["left"] * 4 + ["right"] * 4)  # type: ignore[arg-type]
        for unit in found["units"]:
            if unit["missing"]:
                codes = ", ".join(unit["missing"][:_SHOWN]) + (" …" if len(unit["missing"]) > _SHOWN else "")
                say(text("cli.round-actions", "missing", lang, name=unit["name"], codes=codes))
    if waits:
        say()
        say(
            text(
                "cli.round-actions",
                "not-submitted",
                lang,
                units=", ".join(waits[:_SHOWN]),
                more=" …" if len(waits) > _SHOWN else "",
            )
        )
    say()
    if not found["locks"]:
        say(text("cli.round-actions", "no-locks", lang))
    for lock in found["locks"]:
        what = WHATS[lock["action"]][not vi]
        left = lock["days_left"]
        said = (
            (text("cli.round-actions", "days-left", lang, left=left))
            if left >= 0
            else text("cli.round-actions", "locked", lang)
        )
        by = lock["said"][lang]
        say(
            text(
                "cli.round-actions",
                "lock-left",
                lang,
                what=what,
                last_day=say_day(lock["last_day"], lang),
                by=by,
                said=said,
            )
        )
    if methodology.document.plan is not None:
        say()
        say(text("cli.round-actions", "plan", lang))
        for task in standings(methodology.document.plan, date.fromisoformat(found["today"]), list(state.done)):
            name, left = task.task.title.get(lang), task.left
            said = (
                (text("cli.round-actions", "days-left", lang, left=left))
                if left >= 0
                else text("cli.round-actions", "past", lang)
            )
            said = STATES["done"][not vi] if task.state == "done" else said
            say(f"  {say_due(task.task, lang)}: {name} ({said})")


def _status(methodology: Methodology, state: State) -> dict[str, Any]:
    today, plan = day_of(now()), methodology.document.plan
    names = {unit.id: unit.name for unit in methodology.document.units}
    stands = standing(methodology, state) if state.units else None
    units: list[Mapping[str, Any]] = []
    for unit in state.ordered(list(names)):
        assert stands is not None
        entry = unit.submitted
        units.append(
            {
                "unit": unit.unit,
                "name": names.get(unit.unit, unit.unit),
                "stage": unit.stage,
                "submitted": {"entry": entry.number, "at": entry.at, "by": entry.by},
                **gaps(stands, unit.unit),
                "appraised": len(unit.points),
                "explained": len(unit.explained),
            }
        )
    expected = state.opening["units"] or list(names)
    return {
        "methodology": methodology.id,
        "fingerprint": methodology.fingerprint,
        "entries": len(state.entries),
        "head": state.entries[-1].hash,
        "today": today.isoformat(),
        "zone": ZONE,
        "stages": {stage: sum(unit["stage"] == stage for unit in units) for stage in STAGES},
        "units": units,
        "not_submitted": [names.get(id, id) for id in expected if state.unit(id) is None],
        "plan": [task.as_dict() for task in standings(plan, today, list(state.done))] if plan is not None else [],
        "locks": [
            {
                "action": lock.action,
                "by": lock.by,
                "said": {"vi": lock.said(methodology.document, "vi"), "en": lock.said(methodology.document, "en")},
                "last_day": lock.last.isoformat(),
                "days_left": (lock.last - today).days,
            }
            for lock in locks(methodology.document, state.opening)
        ],
    }


def score_command(
    file: RoundFile,
    at: At = None,
    own: Annotated[bool, typer.Option("--self")] = False,
    format: Annotated[Form, typer.Option("--format")] = Form.table,
    output: OutputIfAny = None,
    lang: Lang = "vi",
) -> int:
    """The points as they stand."""
    round_ = opened(file)
    with busy(lang) as doing:
        doing("scoring", file.name)
        assessment = round_.score(at, own=own)
    if format == "table":
        if output is not None:
            fail("table-to-file", "--output")
        say(first_line(round_.methodology, lang))
        league_table(assessment, lang, quiet=False)
    else:
        data = plugins.renderers()[format](assessment)
        deliver(data, output)
    return contradictions(assessment, lang)


def verify_command(
    file: RoundFile,
    receipts: Annotated[list[str] | None, typer.Option("--receipt", metavar="HASH")] = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Say all that is wrong with a round file; 1 when something is."""
    receipts = receipts or []
    with busy(lang) as doing:
        doing("checking", file.name)
        found = verify(file, receipts)
    bad = any(problem.severity == "error" for problem in found.problems)
    head = found.entries[-1].hash if found.entries else None
    if json:
        problems = [problem.as_dict() for problem in found.problems]
        print_json({"entries": len(found.entries), "files": found.files, "head": head, "problems": problems})
        return int(bad)
    if found.problems:
        complain(found.problems, lang)
    if not bad:
        count, files = len(found.entries), found.files
        say(text("cli.round-actions", "whole", lang, count=count, files=files, head=head))
    return int(bad)


def export_command(
    file: RoundFile,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="BUNDLE.zip")],
    lang: Lang = "vi",
) -> None:
    """Write the bundle."""
    with busy(lang) as doing:
        doing("writing", output.name)
        data = export(file, opened(file).methodology)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    say(text("cli.round-actions", "written", lang, path=output, size=len(data)))


def recompute_command(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE.zip")],
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Compute a bundle again; 1 when anything differs."""
    with busy(lang) as doing:
        doing("scoring", bundle.name)
        found = recompute(bundle)
    problems, count = found.problems, len(found.state.entries)
    head = found.state.entries[-1].hash
    if json:
        print_json(
            {
                "methodology": found.methodology.id,
                "entries": count,
                "head": head,
                "same_bytes": found.same_bytes,
                "problems": [problem.as_dict() for problem in problems],
            }
        )
    elif problems:
        complain(problems, lang)
    else:
        units = len(found.state.units)
        other = "" if found.same_bytes else (text("cli.round-actions", "other-version", lang))
        say(text("cli.round-actions", "recomputed", lang, other=other, units=units, count=count, head=head))
    return 1 if problems else 0


def round_submit_command(
    file: RoundFile,
    evidence: EvidenceFile,
    by: By,
    why: Why,
    papers: Papers = None,
    stage: Stage = None,
    override: Override = None,
    lang: Lang = "vi",
) -> None:
    """Hand in a self-assessment."""
    from par_engine.cli.progress import busy

    with busy(lang) as doing:
        doing("reading", evidence.name)
        round_ = opened(file)
        entry = round_.submit(evidence, by, why, papers or [], stage=stage, override=override)
    receipt(entry, lang, round_.remarks)


def round_appraise_command(
    file: RoundFile,
    appraisal: Annotated[Path, typer.Argument(metavar="APPRAISAL")],
    by: By,
    why: Why = "",
    final: Annotated[bool, typer.Option("--final")] = False,
    override: Override = None,
    lang: Lang = "vi",
) -> None:
    """Enter the points of an appraisal."""
    from par_engine.cli.progress import busy

    with busy(lang) as doing:
        doing("reading", appraisal.name)
        round_ = opened(file)
        entry = round_.appraise(appraisal, by, why, final=final, override=override)
    receipt(entry, lang, round_.remarks)


def round_explain_command(
    file: RoundFile,
    explanations: Annotated[Path, typer.Argument(metavar="FILE")],
    by: By,
    why: Why = "",
    override: Override = None,
    lang: Lang = "vi",
) -> None:
    """Hand in explanations and requested points."""
    from par_engine.cli.progress import busy

    with busy(lang) as doing:
        doing("reading", explanations.name)
        round_ = opened(file)
        entry = round_.explain(explanations, by, why, override=override)
    receipt(entry, lang, round_.remarks)


def round_done_command(
    file: RoundFile,
    tasks: Annotated[list[str], typer.Argument(metavar="TASK")],
    by: By,
    why: Why = "",
    undo: Annotated[bool, typer.Option("--undo")] = False,
    lang: Lang = "vi",
) -> None:
    """Tasks of the plan that are done."""
    receipt(opened(file).done(tasks, by, why, undo=undo), lang)
