"""`par assign`, `par split`, `par merge`, `par scorecard`: a unit's agencies from the assignment to their places."""

from __future__ import annotations

import json as jsons
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from par_engine.agencies.assignment import assignment
from par_engine.agencies.assignment_draft import draft, workbook
from par_engine.agencies.contributions import LineState
from par_engine.agencies.gathering import Returns, gather
from par_engine.agencies.model import Assignment
from par_engine.agencies.reading import read
from par_engine.agencies.reports import basis_line, card_rows, detail, figure, league_rows, scorecard_files
from par_engine.agencies.rollup import RolledUp, roll_up
from par_engine.agencies.scorecards import League, leagues
from par_engine.api import Methodology, load
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Problem, fail, nearest, problem, quote
from par_engine.base.terms import day_words
from par_engine.base.types import Outcome
from par_engine.cli.options import AgencyFiles, AssignmentFile, IdFirst, Json, Lang, Output, Stage, UnitNeeded, whole
from par_engine.cli.output import comma, complain, headings, print_json, say, table
from par_engine.cli.progress import busy
from par_engine.evidence.builder import no_unit
from par_engine.files.atomic import apart, check_new, unused, write_all, write_together, written_whole
from par_engine.files.xlsx_writing import Cell
from par_engine.i18n.catalogue import entries, text
from par_engine.results.report import report as report_of

_CODES = 12


def assign_command(
    id: IdFirst,
    output: Output,
    unit: UnitNeeded = "",
    lang: Lang = "vi",
) -> None:
    """Write an assignment to start from."""
    unused(output)
    methodology = load(id)
    document = draft(methodology, unit_named(methodology, unit))
    if output.suffix.lower() == ".json":
        data = jsons.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    elif output.suffix.lower() == ".xlsx":
        data = workbook(document, methodology)
    else:
        fail("unknown-format.assignment", output.name)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    count, facts = len(document["agencies"]), sum(bool(share["from"]) for share in document["facts"].values())
    rest = len(methodology.document.facts) - facts
    say(text("cli.agencies", "drafted", lang, path=output, agencies=count, facts=facts, rest=rest))


def assigned(path: Path) -> Assignment:
    """Read and check an assignment."""
    document, places, wrong = read(path)
    id = document.get("methodology")
    if not isinstance(id, str) or not id:
        at = places.get("/methodology", "/methodology")
        fail("methodology.none", path.name, at)
    return assignment(document, load(id), path.name, places, wrong)


def _gathered(found: Assignment, files: Sequence[Path], stage: str | None, lang: Lang) -> Returns:
    """What the agencies sent, with a sign of life: there may be hundreds of workbooks."""
    with busy(lang) as doing:
        doing("reading")
        return gather(found, files, stage)


def split_command(
    assignment: AssignmentFile,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER")],
    sent: Annotated[list[Path] | None, typer.Option("--from", metavar="FILES")] = None,
    stage: Stage = None,
    lang: Lang = "vi",
) -> int:
    """Write a workbook for each agency that is asked for something, all or none; 1 when documents have no row there."""
    sent = sent or []
    from par_engine.agencies.forms import for_agencies
    from par_engine.workbook.template import Asked, template

    check_new(output)
    found = assigned(assignment)
    returns = _gathered(found, sent, stage, lang) if sent else None
    for agency in found.agencies:
        if fold(agency.name) == agency.id:
            say(text("cli.agencies", "no-name", lang, name=assignment.name, id=agency.id), error=True)
    methodology = for_agencies(found) if returns is None else returns.methodology
    files: dict[str, bytes] = {}
    sent_back = text(
        "paper.agency-workbook", "due" if found.due else "no-due", "vi", day=day_words(found.due or "", "vi")
    )
    with busy(lang) as doing:
        for agency in found.agencies:
            facts = found.facts_of(agency.id)
            if not facts:
                continue
            doing("writing", f"{agency.id}.xlsx")
            asked = Asked(facts, found.methodology.fingerprint, sent_back)
            evidence = None
            if returns is not None and agency.id in returns.files:
                evidence = replace(returns.evidence, note=returns.notes.get(agency.id, ""))
            files[f"{agency.id}.xlsx"] = template(methodology, agency.name, agency.id, evidence, asked)
    if not files:
        fail("empty", assignment.name)
    write_together(output, files)
    idle = [agency.name for agency in found.agencies if not found.facts_of(agency.id)]
    rest = len(found.unassigned)
    say(text("cli.agencies", "split", lang, path=output, workbooks=len(files), rest=rest))
    if idle:
        say(text("cli.agencies", "idle", lang, agencies=", ".join(idle)))
    problems = [*found.nobodys, *(() if returns is None else (*returns.problems, *_without_row(found, returns)))]
    if problems:
        complain(problems, lang)
    return 1 if problems else 0


def _without_row(found: Assignment, returns: Returns) -> list[Problem]:
    """Documents that were sent for items of which the agency's workbook has no row."""
    out = []
    for id, papers in returns.evidence.documents.items():
        mine = found.facts_of(id)
        for code, listed in papers.items():
            rules = [found.methodology.scheme.items[leaf].rule for leaf in found.methodology.scheme.under(code)]
            if not any(name in mine for rule in rules if rule is not None for name in rule.facts()):
                count, name = len(listed), found.by_id[id].name
                out.append(problem("no-row", returns.files[id], code, "warning", name=name, count=count, code=code))
    return out


def unit_named(methodology: Methodology, name: str) -> str:
    """A unit as the methodology names it, "" for none; refuses one that it does not know."""
    scheme = methodology.scheme
    found = scheme.unit_index.get(fold(whole(name, "--unit")))
    if found is None and name and scheme.document.settings.units == "listed":
        raise DocumentError([no_unit(scheme, name)])
    return next((unit.name for unit in scheme.document.units if unit.id == found), " ".join(name.split()))


def merge_command(
    assignment: AssignmentFile,
    files: AgencyFiles,
    output: Output,
    more: Annotated[Path | None, typer.Option("--detail", metavar="PATH")] = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Merge and say what is missing; 1 when something is, and nothing is written when agencies contradict another."""
    if output.suffix.lower() not in (".json", ".xlsx"):
        fail("unknown-format.merged", output.name)
    if more is not None and more.suffix.lower() != ".xlsx":
        fail("unknown-format.detail", more.name)
    if output.suffix.lower() == ".xlsx":  # somebody may have filled it in
        unused(output)
    apart([output, *([more] if more else [])], [assignment, *files])
    found = assigned(assignment)
    rolled = roll_up(found, _gathered(found, files, stage, lang))
    problems, wrong = rolled.problems, rolled.contradictory
    written: dict[Path, bytes] = {}
    if more is not None:  # of what contradicts itself too: it is what one asks the agencies with
        written[more] = detail(rolled)
    if not wrong:
        written[output] = _evidence(rolled, output)
    write_all(written)
    if json:
        print_json(_merged(rolled, None if wrong else output))
        return 1 if problems else 0
    _say_merged(rolled, output, more, lang, wrong=wrong)
    if problems:
        complain(problems, lang)
    return 1 if problems else 0


def _evidence(rolled: RolledUp, output: Path) -> bytes:
    """What was merged, as a document or as the unit's own workbook, filled in."""
    if output.suffix.lower() == ".json":
        return jsons.dumps(rolled.document, ensure_ascii=False, indent=2).encode() + b"\n"
    from par_engine.workbook.template import template

    methodology = rolled.assignment.methodology
    return template(methodology, evidence=methodology.read(rolled.document))


def _merged(rolled: RolledUp, output: Path | None) -> dict[str, Any]:
    def count(state: str) -> list[str]:
        return [line.fact for line in rolled.lines if line.state == state]

    return {
        "written": None if output is None else str(output),
        "methodology": rolled.assignment.methodology.id,
        "unit": rolled.assignment.unit,
        "stage": rolled.returns.evidence.stage,
        "agencies": [
            {"agency": agency.id, "name": agency.name, "file": rolled.returns.files.get(agency.id)}
            for agency in rolled.assignment.agencies
            if rolled.assignment.facts_of(agency.id)
        ],
        **{state: count(state) for state in get_args(LineState)},
        "problems": [problem.as_dict() for problem in rolled.problems],
    }


def _say_merged(rolled: RolledUp, output: Path, more: Path | None, lang: Lang, *, wrong: bool) -> None:
    states = [line.state for line in rolled.lines]
    came, asked = len(rolled.returns.files), len(rolled.returns.files) + len(rolled.returns.silent)
    say(text("cli.agencies", "sent", lang, came=came, asked=asked))
    if rolled.returns.silent:
        names = "; ".join(agency.name for agency in rolled.returns.silent)
        say(text("cli.agencies", "silent", lang, agencies=names))
    gaps = Counter(part.agency.name for line in rolled.lines for part in line.parts if part.state == "gap")
    if gaps:  # problems of one kind are cut at twenty: nobody who owes something is hidden by that
        said = "; ".join(f"{name} ({count})" for name, count in gaps.items())
        say(text("cli.agencies", "gaps", lang, agencies=said))
    lines = entries("agencies.lines", lang)
    counts = ", ".join(f"{states.count(key)} {words}" for key, words in lines.items() if key in states)
    say(text("cli.agencies", "facts", lang, facts=len(states), counts=counts))
    if wrong:
        say(text("cli.agencies", "contradictory", lang))
    else:
        say(text("cli.agencies", "written", lang, path=output))
    if more is not None:
        say(text("cli.agencies", "detail", lang, path=more))


def scorecard_command(
    assignment: AssignmentFile,
    files: AgencyFiles,
    agency: Annotated[str | None, typer.Option("--agency", metavar="AGENCY")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FOLDER")] = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Show the places, or one scorecard; write all of them; 1 when an agency has sent nothing."""
    if output is not None:
        check_new(output)
    found = assigned(assignment)
    returns = _gathered(found, files, stage, lang)
    all_leagues = leagues(found, returns, lang)
    one = None if agency is None else _one(found, returns, agency)
    if output is not None:
        cards = scorecard_files(all_leagues)
        write_together(output, cards if one is None else {f"{one}.xlsx": cards[f"{one}.xlsx"]})
    if json:
        print_json(_scored(found, returns, all_leagues, one))
        return 1 if returns.silent or returns.problems else 0
    if one is not None:
        _card(all_leagues, one, lang)
    else:
        _places(all_leagues, lang)
    if output is not None:
        say()
        say(text("cli.agencies", "written", lang, path=output))
    if returns.problems:
        complain(returns.problems, lang)
    return 1 if returns.silent or returns.problems else 0


def _one(assignment: Assignment, returns: Returns, name: str) -> str:
    """The id of an agency that has sent something."""
    names = {fold(n): a.id for a in assignment.agencies for n in (a.id, a.name, *a.aliases)}
    id = names.get(fold(name))
    if id is None or id not in returns.files:
        near = () if id else nearest(name, [a.name for a in assignment.agencies])
        fail("unknown-agency.silent", "--agency", name=quote(name), sent=tuple(returns.files), near=near)
    return id


def _scored(found: Assignment, returns: Returns, all_leagues: Sequence[League], one: str | None) -> dict[str, Any]:
    base = found.methodology
    out = []
    for league in all_leagues:
        report = report_of(league.assessment)
        if one is not None:
            report["units"] = [unit for unit in report["units"] if unit["unit"] == one]
        if one is None or report["units"]:
            silent = [agency.id for agency in league.silent]
            out.append({"kind": league.kind.id, "title": league.kind.title, "silent": silent, "report": report})
    return {
        "methodology": {"id": base.id, "version": base.version, "fingerprint": base.fingerprint},
        "unit": found.unit,
        "leagues": out,
        "problems": [problem.as_dict() for problem in returns.problems],
    }


def _places(found: Sequence[League], lang: Lang) -> None:
    heads = headings("cli.agencies.places", lang)
    for i, league in enumerate(found):
        if i == 0:
            say(basis_line(league.assessment, None, lang))
        say()
        say(league.kind.title)
        rows = [[_shown(cell, lang) for cell in row] for row in league_rows(league, lang)]
        table(heads, rows, ["right", "left", "right", "right", "right", "right"])


def _card(found: Sequence[League], id: str, lang: Lang) -> None:
    league = next(league for league in found if id in league.assessment.evidence.units)
    unit = league.assessment.unit(id)
    here, _ = league.assessment.field
    say(f"{unit.name} ({league.kind.title})")
    say(basis_line(league.assessment, unit, lang))
    points, attainable = (_shown(figure(league.assessment, x), lang) for x in (unit.points, unit.attainable))
    index = comma(unit.index, lang) or "—"
    say(
        text(
            "cli.agencies",
            "place",
            lang,
            rank=unit.rank or "—",
            units=here,
            index=index,
            points=points,
            attainable=attainable,
        )
    )
    say()
    rows = card_rows(league.assessment, unit, lang)
    shown = [[_shown(x, lang) for x in cells] for e, cells in rows if e.outcome is not Outcome.NOT_APPLICABLE]
    heads = headings("cli.agencies.card", lang)
    table(heads, shown, ["left", "left", "right", "right", "right", "left"])
    out = [entry for entry, _ in rows if entry.leaf and entry.outcome is Outcome.NOT_APPLICABLE]
    reasons: dict[str, list[str]] = {}
    for entry in out:
        reasons.setdefault(entry.why, []).append(entry.code)
    say()
    for why, codes in reasons.items():
        more = " …" if len(codes) > _CODES else ""
        head = text("cli.agencies", "not-applicable", lang)
        say(f"{head} ({len(codes)}; {why}): {', '.join(codes[:_CODES])}{more}")


def _shown(cell: Cell, lang: Lang) -> str:
    return comma(cell, lang) if isinstance(cell, Decimal) else str(cell)
