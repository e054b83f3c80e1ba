"""`par page`, `par report`, `par book`: an assessment as a page, a report, a workbook, and on paper."""

from __future__ import annotations

from pathlib import Path

from par_engine.api import Methodology
from par_engine.base.extras import need
from par_engine.base.problems import fail
from par_engine.cli.options import Id, Input, Lang, Output, Previous, Stage, Stages
from par_engine.cli.output import say
from par_engine.cli.progress import busy
from par_engine.cli.score import contradictions, first_line
from par_engine.cli.stages import read_stages
from par_engine.comparison.history import compared
from par_engine.files.atomic import written_whole


def page_command(
    evidence: Stages,
    methodology: Id,
    output: Output,
    previous: Previous = None,
    stage: Stage = None,
    input_format: Input = None,
    lang: Lang = "vi",
) -> int:
    """Write the page; 1 when the evidence contradicts itself, with the page still written."""
    previous = previous or []
    from par_engine.publish.page import page

    if output.suffix.lower() not in (".html", ".htm"):
        fail("kind.page", output.name)
    with busy(lang) as doing:
        given = read_stages(methodology, evidence, stage, doing, input_format)
        doing("writing")
        older = compared(previous, given.last, given.methodology) if previous else None
        data = page(given.last, given.earlier, older, lang, given.waiting)
    write(output, data)
    say_basis(given.methodology, lang)
    return contradictions(given.last, lang)


def book_command(
    evidence: Stages,
    methodology: Id,
    output: Output,
    previous: Previous = None,
    stage: Stage = None,
    input_format: Input = None,
    lang: Lang = "vi",
) -> int:
    """Write the workbook, or the league table as PDF; 1 when the evidence contradicts itself, with the file written."""
    previous = previous or []
    kind = output.suffix.lower()
    if kind not in (".xlsx", ".pdf"):
        fail("kind.book", output.name)
    if kind == ".pdf" and previous:
        fail("kind.league", "--previous")
    extra(output.name, *(("pdf", "typst") if kind == ".pdf" else ("report", "xlsxwriter")))
    with busy(lang) as doing:
        given = read_stages(methodology, evidence, stage, doing, input_format)
        doing("writing")
        if kind == ".pdf":
            from par_engine.publish.paged import league_pdf

            data = league_pdf(given.all, lang, given.waiting)
        else:
            from par_engine.publish.book import book

            older = compared(previous, given.last, given.methodology) if previous else None
            data = book(given.all, lang, older, given.waiting)
    write(output, data)
    say_basis(given.methodology, lang)
    return contradictions(given.last, lang)


def extra(label: str, name: str, *modules: str) -> None:
    """Refuse, naming the extra to install, when one of its modules is not there."""
    need(label, name, modules)


def write(output: Path, data: bytes) -> None:
    """Write a whole file and say so."""
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    said(output, data)


def said(output: Path, data: bytes) -> None:
    """Say that a file is there."""
    say(f"{output}: {-(-len(data) // 1024)} KB")


def say_basis(methodology: Methodology, lang: Lang) -> None:
    """Say how many points rest on reconstructed numbers."""
    say(first_line(methodology, lang))
