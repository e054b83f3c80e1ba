"""`par score` and `par validate`: evidence in, league table and gaps out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from par_engine import plugins
from par_engine.api import Methodology, load
from par_engine.base.decimals import plain, short
from par_engine.base.problems import MethodologyError, ParError, fail, nearest, problem, quote
from par_engine.base.terms import caution, word
from par_engine.base.types import Outcome, Text
from par_engine.cli import evidence_input
from par_engine.cli.options import EvidenceFile, Id, Input, Json, Lang, OutputIfAny, Stage
from par_engine.cli.output import Justify, comma, complain, headings, print_json, raw, say, table
from par_engine.cli.progress import busy
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import text
from par_engine.results.assessment import Assessment, UnitResult, printed
from par_engine.results.headlines import headlines
from par_engine.scoring.aggregate import stream_key

_CODES = 12
_MADE_BY = {"xlsx": "par book", "pdf": "par book", "docx": "par report", "html": "par page"}
"""Endings of what other commands make of evidence."""


def score_command(
    evidence: EvidenceFile,
    id: Id,
    format: Annotated[str | None, typer.Option("--format", metavar="FORMAT")] = None,
    output: OutputIfAny = None,
    stage: Stage = None,
    input_format: Input = None,
    official: Annotated[bool, typer.Option("--official")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False,
    lang: Lang = "vi",
) -> int:
    """Score and print or write; 1 when the evidence contradicts itself, with the result still there."""
    methodology = load(id)
    if official:
        _refuse_reconstructed(methodology, lang)
    format, render = _format(format, output)
    data = b""
    with busy(lang) as doing:
        assessment = evidence_input.assessed(methodology, evidence, stage, doing, input_format)
        if render is not None:
            doing("writing")
            data = render(assessment)
    first = first_line(methodology, lang)
    if format == "table":
        say(first)
        league_table(assessment, lang, quiet=quiet)
    else:
        if not quiet:
            say(first, error=True)
        deliver(data, output)
    return contradictions(assessment, lang)


def _format(format: str | None, output: Path | None) -> tuple[str, Callable[[Assessment], bytes] | None]:
    """The format that is asked for, or else the one that the file's ending names, and what writes it."""
    known = plugins.renderers()
    ending = "" if output is None else output.suffix.lower().removeprefix(".")
    if format is None:
        if output is None:
            return "table", None
        if ending in known:
            return ending, known[ending]
        if ending in _MADE_BY:
            fail("unknown-format.made-by", "--output", name=quote(output.name), command=_MADE_BY[ending])
        fail("unknown-format.score", "--output", name=quote(output.name), known=tuple(known))
    if format == "table":
        if output is not None:
            fail("table-to-file.score", "--output")
        return format, None
    if format not in known:
        names = ("table", *known)
        unknown = problem(
            "unknown-format.named", "format", name=quote(format), known=names, near=nearest(format, names)
        )
        raise ParError([unknown, *known.broken])
    meant = format.partition("-")[0]
    if ending and ending != meant and (ending in known or ending in _MADE_BY):
        fail("format.ending", "--output", name=quote(str(output)), format=format, ending=meant)
    return format, known[format]


def deliver(data: bytes, output: Path | None) -> None:
    """What a renderer made: to the file, whole or not at all, or else to the screen."""
    if output is None:
        raw(data)
        return
    with written_whole(output) as temporary:
        temporary.write_bytes(data)


def contradictions(assessment: Assessment, lang: Lang, unit: str | None = None) -> int:
    """Print what the evidence contradicts itself in, about one unit or all; 1 when there is something."""
    about = None if unit is None else f"{assessment.unit(unit).id}: "
    problems = [p for p in assessment.problems if about is None or p.what.startswith(about)]
    if problems:
        complain(problems, lang)
    return 1 if problems else 0


def validate_command(
    evidence: EvidenceFile,
    id: Id,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Print all problems; 0 when there is none."""
    methodology = load(id)
    try:
        problems = evidence_input.assess(methodology, evidence, None, lang, input_format).problems
    except ParError as error:
        problems = error.problems
    if json:
        print_json([problem.as_dict() for problem in problems])
    elif problems:
        complain(problems, lang)
    else:
        say(text("cli.score", "no-problems", lang))
    return 1 if problems else 0


def first_line(methodology: Methodology, lang: Lang) -> str:
    """How many of the points rest on reconstructed numbers."""
    document = methodology.document
    name = f"{document.title.get(lang)} ({methodology.id})"
    return caution(name, methodology.basis()["reconstructed"], document.total.max, lang)


def _refuse_reconstructed(methodology: Methodology, lang: Lang) -> None:
    codes = [
        leaf for leaf in methodology.scheme.under("total") if methodology.scheme.items[leaf].basis == "reconstructed"
    ]
    if codes:
        points = comma(short(methodology.basis()["reconstructed"]), lang)
        told = Text(vi=_codes(codes, "vi"), en=_codes(codes, "en"))
        found = problem("reconstructed", "--official", points=points, id=methodology.id, codes=told)
        raise MethodologyError([found])


def _codes(codes: list[str] | tuple[str, ...], lang: Lang) -> str:
    shown = ", ".join(codes[:_CODES])
    more = len(codes) - _CODES
    return shown + (text("cli.score", "more-codes", lang, more=more) if more > 0 else "")


def league_table(assessment: Assessment, lang: Lang, *, quiet: bool) -> None:
    """League table, streams, fields and gaps of an assessment."""
    document = assessment.scheme.document
    digits = document.settings.points_decimals

    def number(x: Decimal | None) -> str:
        return comma(printed(x, digits, assessment), lang) or "—"

    def columns(codes: Sequence[str]) -> list[list[str]]:
        """A row a unit: its name, and its points of each item or stream."""
        parts = [[comma(figure, lang) or "—" for figure in assessment.printed(code)] for code in codes]
        return [[u.name, *(part[u.row] for part in parts)] for u in league]

    titles = {group.id: group.title.get(lang) for group in document.groups}
    league = assessment.league()
    heads = headings("cli.score.league", lang)
    rows = [
        [
            str(u.rank or "—"),
            u.name,
            (comma(u.index, lang) or "—") + "*" * (u.awaits and u.index is not None),
            titles.get(u.group or "", "—"),
            number(u.points),
            number(u.attainable),
        ]
        for u in league
    ]
    say()
    table(heads, rows, ["right", "left", "right", "left", "right", "right"])
    if any(u.awaits and u.index is not None for u in league):
        say()
        say(text("cli.score", "so-far", lang))
    here, listed = assessment.field
    if 0 < here < listed:
        say()
        say(text("cli.score", "partial", lang, here=here, listed=listed))
    if quiet:
        return
    unit = text("cli.score", "unit", lang)
    streams = document.streams
    if len(streams) > 1:
        say()
        say(text("cli.score", "streams", lang))
        right: list[Justify] = ["right"] * len(streams)
        body = columns([stream_key(s.id) for s in streams])
        table([unit, *(s.title.get(lang) for s in streams)], body, ["left", *right])
    fields = [item for item in document.items if item.parent is None]
    level = document.levels[0].title.get(lang).lower()
    body = columns([f.code for f in fields])
    if any(figure != "—" for row in body for figure in row[1:]):
        say()
        say(text("cli.score", "fields", lang, level=level))
        right = ["right"] * len(fields)
        table([unit, *(f.code for f in fields)], body, ["left", *right])
        for field in fields:
            say(f"  {field.code}: {field.title.get(lang)} ({comma(plain(field.max), lang)})")
    _gaps(league, lang)
    _groups(assessment, league, lang)


def _gaps(league: tuple[UnitResult, ...], lang: Lang) -> None:
    for outcome in (Outcome.MISSING, Outcome.PENDING, Outcome.NOT_APPLICABLE):
        lines = [(unit.name, list(unit.leaves_with(outcome))) for unit in league]
        lines = [(name, codes) for name, codes in lines if codes]
        if not lines:
            continue
        say()
        head = word(outcome.value, lang)
        say(f"{head[0].upper()}{head[1:]}:")
        for name, codes in lines[:20]:
            say(f"  {name} ({len(codes)}): {_codes(codes, lang)}")
        if len(lines) > 20:
            more = len(lines) - 20
            say(text("cli.score", "and-more-units", lang, more=more))
    unranked = [unit for unit in league if not unit.ranked and unit.why is not None]
    if unranked:
        say()
        for unit in unranked:
            why = unit.why.get(lang) if unit.why else ""
            say(text("cli.score", "not-ranked", lang, name=unit.name, why=why))


def _groups(assessment: Assessment, league: tuple[UnitResult, ...], lang: Lang) -> None:
    found = headlines(assessment)
    if not found.groups or not found.placed:
        return
    counts = ", ".join(f"{g.title.get(lang)}: {found.groups[g.id]}" for g in assessment.scheme.document.groups)
    say()
    if not found.unranked and not found.open:
        say(text("cli.score", "groups", lang, counts=counts))
        return
    placed, rest = len(found.placed), len(league) - len(found.placed)
    say(text("cli.score", "groups-of", lang, placed=placed, counts=counts, rest=rest))
