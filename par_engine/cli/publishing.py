"""`par page`, `par report`, `par book`: an assessment as a page, a report, a workbook, and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from par_engine.api import Methodology
from par_engine.base.extras import need
from par_engine.base.problems import fail, fail_own
from par_engine.cli.history import compared
from par_engine.cli.output import say
from par_engine.cli.progress import busy
from par_engine.cli.score import contradictions, first_line
from par_engine.cli.stages import read_stages
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import Lang


def page_command(
    evidence: list[Path],
    id: str,
    output: Path,
    previous: Sequence[Path],
    *,
    stage: str | None,
    input_format: str | None = None,
    lang: Lang,
) -> int:
    """Write the page; 1 when the evidence contradicts itself, with the page still written."""
    from par_engine.publish.page import page

    if output.suffix.lower() not in (".html", ".htm"):
        hint, hint_vi = "name it .html; par book -o x.pdf makes a PDF", "đặt tên .html; par book -o x.pdf tạo bản PDF"
        _kind(output, "a page is an .html file", hint, "trang là tệp .html", hint_vi)
    with busy(lang) as doing:
        given = read_stages(id, evidence, stage, doing, input_format)
        doing("writing")
        older = compared(previous, given.last, given.methodology) if previous else None
        data = page(given.last, given.earlier, older, lang, given.waiting)
    write(output, data)
    say_basis(given.methodology, lang)
    return contradictions(given.last, lang)


def book_command(
    evidence: list[Path],
    id: str,
    output: Path,
    previous: Sequence[Path] = (),
    *,
    stage: str | None,
    input_format: str | None = None,
    lang: Lang,
) -> int:
    """Write the workbook, or the league table as PDF; 1 when the evidence contradicts itself, with the file written."""
    kind = output.suffix.lower()
    if kind not in (".xlsx", ".pdf"):
        hint, hint_vi = "name it .xlsx, or .pdf for the league table", "đặt tên .xlsx, hoặc .pdf để có bảng xếp hạng"
        _kind(output, "a workbook is an .xlsx file", hint, "bảng điểm là tệp .xlsx", hint_vi)
    if kind == ".pdf" and previous:
        hint, hint_vi = "leave it out, or write .xlsx", "bỏ đi, hoặc ghi tệp .xlsx"
        fail("kind.book-command", "--previous")
    extra(output.name, *(("pdf", "typst") if kind == ".pdf" else ("report", "xlsxwriter")))
    with busy(lang) as doing:
        given = read_stages(id, evidence, stage, doing, input_format)
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


def _kind(output: Path, what: str, hint: str, what_vi: str, hint_vi: str) -> NoReturn:
    fail_own(output.name, "kind", what, hint, what_vi, hint_vi)


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
