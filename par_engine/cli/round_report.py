"""`par round report`: of each unit what it gave itself, what it was given, and where points were lost."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import typer

from par_engine.base.decimals import plain
from par_engine.base.problems import fail
from par_engine.base.types import Outcome
from par_engine.cli.options import At, Json, Lang, OutputIfAny, RoundFile, Unit
from par_engine.cli.output import comma, headings, print_json, say, table
from par_engine.cli.progress import busy
from par_engine.cli.round_actions import opened
from par_engine.cli.score import first_line
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import text
from par_engine.round.state import STAGES
from par_engine.round.unit_reports import ItemReport, UnitReport, unit_reports

_MOST = 20


def report_command(
    file: RoundFile,
    unit: Unit = None,
    at: At = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    output: OutputIfAny = None,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Print the reports of one unit or of all, or write them as a workbook."""
    if output is not None and output.suffix.lower() != ".xlsx":
        fail("unknown-format.round-report", output.name)
    round_ = opened(file)
    with busy(lang) as doing:
        doing("scoring")
        reports = unit_reports(round_.methodology, round_.state(at), unit)
    if output is not None:
        from par_engine.round.stages import xlsx

        title = first_line(round_.methodology, lang)
        with busy(lang) as doing:
            doing("writing", output.name)
            data = xlsx(reports, title, lang)
        with written_whole(output) as temporary:
            temporary.write_bytes(data)
        say(text("cli.round-report", "written", lang, path=output, units=len(reports)))
        return
    if json:
        print_json([report.as_dict() for report in reports])
        return
    say(first_line(round_.methodology, lang))
    for report in reports:
        say()
        _print(report, everything=everything, lang=lang)


def _print(report: UnitReport, *, everything: bool, lang: Lang) -> None:
    vi = lang == "vi"

    def n(x: Fraction | None) -> str:
        return "—" if x is None else comma(plain(x), lang)

    say(f"{report.name} — {STAGES[report.stage][not vi]}")
    for words, result in (
        (text("cli.round-report", "own", lang), report.own),
        (text("cli.round-report", "stands", lang), report.stands),
    ):
        points = f"{comma(result.points, lang) or '—'} / {comma(result.attainable, lang) or '—'}"
        say(
            text("cli.round-report", "points", lang, words=words, points=points, index=comma(result.index, lang) or "—")
        )
    shown = [item for item in report.items if everything or item.spoken_of]
    if shown:
        heads = headings("cli.round-report.items", lang)
        rows = [
            [
                item.code,
                item.title[lang],
                *(n(x) for x in (item.max, item.own, item.appraised, item.requested, item.stands)),
                n(item.difference) if item.difference is not None else "",
                n(item.lost),
                _said(item, lang),
            ]
            for item in shown
        ]
        say()
        table(heads, rows, ["left", "left", *["right"] * 7, "left"])  # type: ignore[list-item]
    waits = sum(item.outcome is Outcome.PENDING for item in report.items)
    if waits:
        say(text("cli.round-report", "pending", lang, items=waits))
    if report.by_size:
        say()
        say(text("cli.round-report", "losses", lang))
        for item in report.by_size[:_MOST]:
            say(f"  {n(item.lost)}  {item.code} {item.title[lang]}")
        if len(report.by_size) > _MOST:
            more = len(report.by_size) - _MOST
            say(text("cli.round-report", "more-items", lang, more=more))
        say()
        say(text("cli.round-report", "by-owner", lang))
        body = [
            [report.called(owner, lang), n(lost), str(len(codes)), _codes(codes)]
            for owner, lost, codes in report.by_owner
        ]
        heads = headings("cli.round-report.owners", lang)
        table(heads, body, ["left", "right", "right", "left"])


def _codes(codes: list[str]) -> str:
    return ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")


def _said(item: ItemReport, lang: Lang) -> str:
    parts = (
        (text("cli.round-report", "appraisal", lang), item.reason),
        (text("cli.round-report", "explanation", lang), item.explanation),
        (text("cli.round-report", "final", lang), item.final_reason),
    )
    return "; ".join(f"{head}: {' '.join(text.split())}" for head, text in parts if text)
