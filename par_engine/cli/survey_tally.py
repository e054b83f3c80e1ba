"""`par survey tally`: what columns were taken for, what counts and why not, results, and the evidence made of them."""

from __future__ import annotations

import json as jsons
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.api import Methodology, load
from par_engine.base.problems import ParError, Problem, fail, problem, quote
from par_engine.base.types import Outcome
from par_engine.cli.options import (
    BallotsFile,
    Frame,
    Id,
    IssuedTokens,
    Json,
    Lang,
    NewFolder,
    OutputIfAny,
    PlanFile,
    SheetName,
    Stage,
    Unit,
)
from par_engine.cli.output import comma, complain, headings, print_json, say, table
from par_engine.cli.progress import shares
from par_engine.evidence import canonical
from par_engine.files.atomic import write_together, written_whole
from par_engine.files.documents import parse_json, read_bytes
from par_engine.i18n.catalogue import entries, text
from par_engine.survey.ballots import read_ballots
from par_engine.survey.plans import read_plans
from par_engine.survey.questions import Questions, letter, slug
from par_engine.survey.rejection_reasons import answers_said, reason_said
from par_engine.survey.tally import Tally, evidence, merged
from par_engine.survey.tally import tally as assess

_SHOWN = 5


@dataclass(frozen=True)
class Ballots:
    """What the commands are told about ballots."""

    path: Path
    unit: str | None
    sheet: str | None
    frame: Sequence[str]
    tokens: Path | None
    plan: Path | None


def count(ballots: Ballots, methodology: Methodology) -> Tally:
    """Read, count and assess."""
    questions = Questions(methodology)
    frames = sizes(ballots.frame, "--frame", questions.group_words)
    plans = read_plans(methodology, ballots.plan)
    issued = None
    if ballots.tokens is not None:
        from par_engine.survey.tokens import read_hashes

        issued = read_hashes(ballots.tokens)
    with shares(ballots.path.name) as tell:
        counts = read_ballots(questions, ballots.path, ballots.unit, issued, ballots.sheet, tell)
    return assess(counts, frames, methodology, plans, ballots.unit)


def into_evidence(methodology: Methodology, found: Tally, into: Path, stage: str | None) -> dict[str, Any]:
    """The evidence of a file with the ballots put in: JSON as it is written, any other form as what it says."""
    if into.suffix.lower() == ".json":
        content = parse_json(read_bytes(into), into.name)
    else:
        content = parse_json(canonical.document(methodology.scheme, methodology.read(into, stage)), into.name)
    return merged(found.counts, content, into.name)


def sizes(texts: Sequence[str], option: str, words: Mapping[str, str]) -> dict[str, int]:
    """GROUP=N, several times, by the ids of the groups; `words` are slugs of what a group is called, to its id."""
    out: dict[str, int] = {}
    problems = []
    for given in texts:
        said, _, number = given.rpartition("=")
        number, group = number.strip(), words.get(slug(said), said.strip())
        if not (group and number.isascii() and number.isdigit() and len(number) < 12):
            problems.append(problem("size", option, given=quote(given)))
        elif group in out:
            problems.append(problem("twice.size", option, said=quote(said)))
        else:
            out[group] = int(number)
    if problems:
        raise ParError(problems)
    return out


def tally_command(
    ballots: BallotsFile,
    id: Id,
    unit: Unit = None,
    output: OutputIfAny = None,
    into: Annotated[Path | None, typer.Option("--into", metavar="EVIDENCE")] = None,
    stage: Stage = None,
    plan: PlanFile = None,
    frame: Frame = None,
    tokens: IssuedTokens = None,
    sheet: SheetName = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Count, show, write the evidence; 1 when evidence that was merged contradicts itself."""
    given = Ballots(ballots, unit, sheet, frame or [], tokens, plan)
    methodology = load(id)
    if into is not None and output is None:
        fail("no-output", "--into")
    if output is not None and output.suffix.lower() != ".json":
        fail("evidence-kind", output.name)
    found = count(given, methodology)
    merged_problems: tuple[Problem, ...] = ()
    if output is not None:
        document: dict[str, Any] = evidence(found.counts)
        if into is not None:
            document = into_evidence(methodology, found, into, stage)
            merged_problems = methodology.assess(document, stage).problems
        with written_whole(output) as temporary:
            content = jsons.dumps(document, ensure_ascii=False, indent=2, default=_digits) + "\n"
            temporary.write_bytes(content.encode())
    if json:
        print_json(found.document())
    else:
        _show(found, lang)
        if output is not None:
            say()
            say(text("cli.survey-tally", "written" if into else "written-stage", lang, path=output))
    if said := (*found.problems, *merged_problems) if not json else merged_problems:
        complain(said, lang)
    return 1 if merged_problems else 0


def _digits(value: Any) -> str:
    """Decimals as text, which evidence takes for the same number."""
    assert isinstance(value, Decimal)
    return format(value, "f")


def _show(found: Tally, lang: Lang) -> None:
    counts, tallied = found.counts, found.counts.count
    say(counts.questions.basis_line(lang))
    if counts.sheet:
        others = ", ".join(map(quote, counts.unread))
        say(text("cli.survey-tally", "sheet", lang, sheet=quote(counts.sheet)))
        if others:
            say(text("cli.survey-tally", "unread", lang, sheets=others))
    say(text("cli.survey-tally", "columns", lang))
    for i, (head, role) in enumerate(counts.layout.taken()):
        if role:
            say(f"  {_named(i, head)} → {_role(found, role, lang)}")
    unused = [_named(i, head) for i, (head, role) in enumerate(counts.layout.taken()) if not role]
    if unused:
        say(text("cli.survey-tally", "unused", lang, columns=", ".join(unused)))
    if counts.headers:
        rows = ", ".join(map(str, counts.headers))
        say(text("cli.survey-tally", "header", lang, rows=rows))
    say()
    bad = tallied.read - tallied.valid
    say(text("cli.survey-tally", "ballots", lang, ballots=tallied.read, valid=tallied.valid, invalid=bad))
    for reason, number in tallied.invalid.items():
        if number:
            say(f"  {reason_said(tallied, reason, number, lang)}")
    say(answers_said(tallied, lang))
    for reason, number in tallied.answers.items():
        if number:
            say(f"  {reason_said(tallied, reason, number, lang)}")
    if counts.layout.token is None:
        say(f"  {text('cli.survey-tally', 'no-tokens', lang)}")
    say()
    _responses(found, None, lang)
    for i, unit in enumerate(counts.units[:_SHOWN]):
        say()
        say(found.assessment.unit(unit).name)
        if len(counts.units) > 1:
            _responses(found, i, lang)
        _results(found, i, lang)
    if len(counts.units) > _SHOWN:
        more_units = len(counts.units) - _SHOWN
        say()
        say(text("cli.survey-tally", "more-units", lang, more=more_units))


def _named(column: int, head: str) -> str:
    """A column by its head; by its letter where it has none."""
    return quote(head) if head.strip() else letter(column)


def _role(found: Tally, role: str, lang: Lang) -> str:
    """What a column was taken for, in words: a question by its code and title."""
    if role in (roles := entries("cli.survey-tally.roles", lang)):
        return roles[role]
    questions = found.counts.questions
    question = next(q for q in questions.all if q.fact == role)
    return f"{', '.join(question.leaves) or role} {questions.title(question).get(lang)}"


def _responses(found: Tally, unit: int | None, lang: Lang) -> None:
    rows = []
    for r in found.responses(unit):
        title = next(g.title.get(lang) for g in found.counts.questions.surveys[r.survey].groups if g.id == r.group)
        survey = found.counts.questions.surveys[r.survey].title.get(lang)
        rows.append([survey, title, str(r.ballots), r.said(lang), comma(percent(r.rate), lang)])
    heads = headings("cli.survey-tally.responses", lang)
    table(heads, rows, ["left", "left", "right", "right", "right"])


def _results(found: Tally, unit: int, lang: Lang) -> None:
    rows, waits = [], []
    for row in found.rows(unit):
        error = None if row.whole.error is None else Fraction(row.whole.error) * 100
        mean = percent(row.whole.mean)
        for code, outcome, points, top in row.leaves:
            rows.append(
                [
                    code,
                    found.counts.questions.title(row.question).get(lang),
                    str(row.whole.ballots),
                    comma(mean, lang),
                    comma(_short(error), lang),
                    comma(points, lang) if points is not None else "—",
                    comma(top, lang),
                ]
            )
            if outcome is not Outcome.SCORED:
                waits.append((code, row))
    heads = headings("cli.survey-tally.results", lang)
    table(heads, rows, ["left", "left", "right", "right", "right", "right", "right"])
    for code, row in waits:
        titles = {g.id: g.title.get(lang) for g in row.question.survey.groups}
        names = ", ".join(titles[g] for g in row.awaited)
        say(text("cli.survey-tally", "awaited", lang, code=code, groups=names))


def percent(share: Fraction | None) -> str:
    """A share as a percentage with two decimals."""
    return "—" if share is None else _short(share * 100)


def _short(x: Fraction | None) -> str:
    if x is None:
        return "—"
    scaled = (x.numerator * 200 + x.denominator) // (2 * x.denominator)
    return f"{scaled // 100}.{scaled % 100:02}"


def report_command(
    ballots: BallotsFile,
    methodology: Id,
    output: NewFolder,
    unit: Unit = None,
    plan: PlanFile = None,
    frame: Frame = None,
    tokens: IssuedTokens = None,
    sheet: SheetName = None,
    lang: Lang = "vi",
) -> int:
    """Write the page and the workbook together, as a new folder."""
    given = Ballots(ballots, unit, sheet, frame or [], tokens, plan)
    from par_engine.survey.report import Report

    found = count(given, load(methodology))
    report = Report(found, lang)
    files = {"survey.html": report.html(), "survey.xlsx": report.xlsx()}
    write_together(output, files)
    for name in files:
        say(text("cli.survey-tally", "written", lang, path=output / name))
    if found.problems:
        complain(found.problems, lang)
    return 0
