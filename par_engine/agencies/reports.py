"""What the agencies' figures look like in Excel: who sent what, the places, and a scorecard for each agency."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from par_engine.agencies.contributions import shown
from par_engine.agencies.rollup import RolledUp
from par_engine.agencies.scorecards import Entry, League, basis, card
from par_engine.base.decimals import plain, short
from par_engine.base.terms import word
from par_engine.base.types import Fact, Outcome, Value
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.i18n.catalogue import Lang, entries, text
from par_engine.results.assessment import Assessment, UnitResult, printed

_NONE = "—"
PLACES = "Xep hang.xlsx"
"""No id has a capital or a blank: no scorecard takes this name."""
_WIDTHS = [14, 56, 34, 24, 16, 16, 16, 44]


def detail(rolled: RolledUp) -> bytes:
    """Each fact with what every agency said of it, and each agency with what it owes."""
    document = rolled.assignment.methodology.document
    rows: list[list[Cell]] = []
    bold: set[int] = set()
    words, ways, lines, states = (
        entries(table, "vi") for table in ("agencies.detail", "agencies.ways", "agencies.lines", "agencies.parts")
    )
    for line in rolled.lines:
        fact = document.facts[line.fact]
        way = ways[line.way] if line.way and len(line.parts) > 1 else ""
        bold.add(len(rows))
        why = "" if line.why is None else line.why.get("vi")
        head: list[Cell] = [line.fact, fact.title.vi]
        rows.append([*head, words["whole"], "", way, _value(line.value, fact), lines[line.state], why])
        for part in line.parts:
            file = rolled.returns.files.get(part.agency.id, "")
            value = _value(part.value, fact)
            rows.append([*head, part.agency.name, file, "", value, states[part.state], part.why])
    agencies: list[list[Cell]] = []
    for agency in rolled.assignment.agencies:
        parts = [part for line in rolled.lines for part in line.parts if part.agency.id == agency.id]
        if parts:
            counts = [sum(part.state == state for part in parts) for state in states]
            agencies.append([agency.name, rolled.returns.files.get(agency.id, words["silent"]), len(parts), *counts])
    heads, of = _heads("agencies.facts_heads"), _heads("agencies.files_heads")
    titles = [words["title"], document.title.vi, rolled.note]
    return xlsx(
        [
            Sheet(words["agencies"], of, agencies, [44, 30, 12, 10, 12, 10, 12], titles),
            Sheet(words["facts"], heads, rows, _WIDTHS, titles[:2], frozenset(bold), filtered=True),
        ],
        "workbook",
    )


def _heads(table: str) -> list[str]:
    return list(entries(table, "vi").values())


def _value(value: Value | None, fact: Fact) -> Cell:
    """A value that Excel can add up where it is a number."""
    if isinstance(value, Fraction) and not isinstance(value, bool):
        return Decimal(plain(value)) if fact.decimals else int(value)
    return shown(value, fact, "vi")


def scorecard_files(leagues: Sequence[League]) -> dict[str, bytes]:
    """The places in one workbook, and one workbook for each agency that sent something, named by its id."""
    out = {PLACES: xlsx([_league(league, i) for i, league in enumerate(leagues)], "workbook")}
    for league in leagues:
        for unit in league.assessment.units:
            out[f"{unit.id}.xlsx"] = xlsx(_card(league, unit), "workbook")
    return out


def league_rows(league: League, lang: Lang = "vi") -> list[list[Cell]]:
    """Rank, agency, index, points, attainable and how much is missing; last those that sent nothing."""
    assessment = league.assessment
    rows: list[list[Cell]] = []
    for unit in assessment.league():
        missing = len(unit.leaves_with(Outcome.MISSING)) + len(unit.leaves_with(Outcome.PENDING))
        figures = [figure(assessment, x) for x in (unit.points, unit.attainable)]
        index = _NONE if unit.index is None else unit.index
        rows.append([unit.rank or _NONE, unit.name, index, *figures, missing])
    silent = text("agencies.scorecard", "silent", lang)
    return rows + [[_NONE, agency.name, silent, *[_NONE] * 3] for agency in league.silent]


def card_rows(assessment: Assessment, unit: UnitResult, lang: Lang = "vi") -> list[tuple[Entry, list[Cell]]]:
    """The items of a scorecard with their cells: code, title, points, attainable, lost, outcome and why."""
    out: list[tuple[Entry, list[Cell]]] = []
    for entry in card(assessment, unit, lang):
        said = "" if entry.outcome is Outcome.SCORED else word(entry.outcome.value, lang)
        said = f"{said}: {entry.why}" if entry.why else said
        figures = [figure(assessment, x) for x in (entry.points, entry.attainable, entry.lost)]
        out.append((entry, [entry.code, "  " * entry.depth + entry.title, *figures, said]))
    return out


def figure(assessment: Assessment, points: Decimal | None) -> Cell:
    """A figure as it is printed."""
    shown = printed(points, assessment.scheme.document.settings.points_decimals, assessment)
    return Decimal(shown) if shown else _NONE


def basis_line(assessment: Assessment, unit: UnitResult | None = None, lang: Lang = "vi") -> str:
    """How far the figures of all agencies, or of one, are from official ones."""
    scheme = assessment.scheme
    rebuilt, whole = scheme.points_by_basis["reconstructed"], scheme.document.total.max
    if unit is not None:
        rebuilt, whole = basis(assessment, unit)
    points, top = (_comma(short(x)) if lang == "vi" else short(x) for x in (rebuilt, whole))
    return text("agencies.scorecard", "basis" if unit is None else "basis-of-one", lang, points=points, top=top)


def _comma(figure: object) -> str:
    return str(figure).replace(".", ",")


def _league(league: League, place: int) -> Sheet:
    document = league.assessment.scheme.document
    heads, title = (
        _heads("agencies.league_heads"),
        text("agencies.scorecard", "league", "vi", kind=league.kind.title.upper()),
    )
    titles = [title, document.title.vi, basis_line(league.assessment)]
    return Sheet(f"{place + 1} {league.kind.title}", heads, league_rows(league), [8, 54, 12, 12, 12, 14], titles)


def _card(league: League, unit: UnitResult) -> list[Sheet]:
    """What applies, and on a sheet of its own what does not, and why."""
    assessment = league.assessment
    rows = card_rows(assessment, unit)
    points, attainable = (_comma(figure(assessment, x)) for x in (unit.points, unit.attainable))
    here, _ = assessment.field
    place = text("agencies.scorecard", "place" if unit.rank else "no-place", "vi", rank=unit.rank, ranked=here)
    index = _NONE if unit.index is None else f"{_comma(unit.index)} %"
    titles = [
        text("agencies.scorecard", "title", "vi", name=unit.name),
        assessment.scheme.document.title.vi,
        text(
            "agencies.scorecard",
            "figures",
            "vi",
            kind=league.kind.title,
            place=place,
            index=index,
            points=points,
            attainable=attainable,
        ),
        basis_line(assessment, unit),
    ]
    mine = [(entry, cells) for entry, cells in rows if entry.outcome is not Outcome.NOT_APPLICABLE]
    bold = frozenset(i for i, (entry, _) in enumerate(mine) if not entry.leaf)
    heads, sheet = _heads("agencies.card_heads"), text("agencies.scorecard", "sheet", "vi")
    return [
        Sheet(sheet, heads, [cells for _, cells in mine], [10, 80, 10, 10, 10, 40], titles, bold),
        _others(assessment, unit, [entry for entry, _ in rows]),
    ]


def _others(assessment: Assessment, unit: UnitResult, entries: Sequence[Entry]) -> Sheet:
    """What does not apply, by reason and field: a line for each leaf would fill three pages with the same words."""
    items = assessment.scheme.items
    found: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        if entry.leaf and entry.outcome is Outcome.NOT_APPLICABLE:
            top = items[entry.code]
            while top.parent is not None:
                top = items[top.parent]
            found.setdefault((entry.why, f"{top.code}. {top.title.vi}"), []).append(entry.code)
    order = list(dict.fromkeys(why for why, _ in found))
    rows: list[list[Cell]] = [
        [why, field, len(codes), ", ".join(codes)]
        for (why, field), codes in sorted(found.items(), key=lambda one: order.index(one[0][0]))
    ]
    heads, words = _heads("agencies.exempt_heads"), ("agencies.scorecard", "exempt-title")
    titles = [text(*words, "vi", name=unit.name)]
    return Sheet(text("agencies.scorecard", "exempt", "vi"), heads, rows, [50, 50, 8, 60], titles)
