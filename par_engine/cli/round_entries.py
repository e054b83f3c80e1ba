"""What `par round survey` and `par round form` do: ballots into a round, and blank forms out of it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from par_engine.base.problems import fail
from par_engine.cli.options import BallotsFile, By, IssuedTokens, Lang, Papers, RoundFile, SheetName, Unit, Units, Why
from par_engine.cli.output import say
from par_engine.cli.progress import busy
from par_engine.cli.round_actions import opened, receipt
from par_engine.files.atomic import unused, written_whole
from par_engine.i18n.catalogue import text
from par_engine.round.unit_reports import unit_reports


def survey_command(
    file: RoundFile,
    found: BallotsFile,
    by: By,
    why: Why,
    papers: Papers = None,
    unit: Unit = None,
    sheet: SheetName = None,
    tokens: IssuedTokens = None,
    lang: Lang = "vi",
) -> None:
    """Enter a tally, or count ballots and enter what they come to; the ballots themselves stay outside."""
    papers = papers or []
    round_ = opened(file)
    if found.suffix.lower() == ".json":
        for given, option in ((unit, "--unit"), (sheet, "--sheet"), (tokens, "--tokens")):
            if given is not None:
                fail("counted", option, option=option)
        with busy(lang) as doing:
            doing("reading", found.name)
            entry = round_.survey(found, by, why, papers)
        receipt(entry, lang, round_.remarks)
        return
    from par_engine.cli.survey_tally import Ballots, count
    from par_engine.survey.tally import evidence

    tally = count(Ballots(found, unit, sheet, [], tokens, None), round_.methodology)
    with tempfile.TemporaryDirectory() as folder:
        counted = Path(folder) / f"{found.stem}.tally.json"
        content = json.dumps(evidence(tally.counts), ensure_ascii=False, indent=2) + "\n"
        with written_whole(counted) as temporary:
            temporary.write_bytes(content.encode())
        entry = round_.survey(counted, by, why, papers, ballots=found)
    said = tally.counts.count
    say(text("cli.round-entries", "ballots", lang, ballots=said.read, valid=said.valid, invalid=said.read - said.valid))
    receipt(entry, lang, (*tally.problems, *round_.remarks))


def form_command(
    file: RoundFile,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FORM.xlsx")],
    explain: Annotated[bool, typer.Option("--explain")] = False,
    final: Annotated[bool, typer.Option("--final")] = False,
    units: Units = None,
    lang: Lang = "vi",
) -> None:
    """Write a blank form of a step with what stands now."""
    units = units or []
    if output.suffix.lower() != ".xlsx":
        fail("unknown-format.round-form", output.name)
    if explain and final:
        fail("step", "--final")
    unused(output)
    from par_engine.round.forms import form

    round_ = opened(file)
    with busy(lang) as doing:
        doing("scoring")
        state = round_.state()
        reports = unit_reports(round_.methodology, state)
        if units:
            wanted = {unit_reports(round_.methodology, state, unit)[0].unit for unit in units}
            reports = [report for report in reports if report.unit in wanted]
        step = "explain" if explain else "final" if final else "appraise"
        data = form(round_.methodology, reports, step, lang)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    rows = sum(len(report.items) for report in reports)
    say(text("cli.round-entries", "form", lang, path=output, units=len(reports), items=rows))
