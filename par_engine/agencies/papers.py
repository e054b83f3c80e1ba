"""What the agencies' figures look like in Excel: who sent what, the places, and a scorecard for each agency."""

from __future__ import annotations

from collections.abc import Sequence

from par_engine.agencies.reading import WAYS
from par_engine.agencies.rollup import RolledUp, shown_value
from par_engine.agencies.scorecards import Entry, League, card
from par_engine.explain import word
from par_engine.nodes import Outcome
from par_engine.result import Assessment, UnitResult, printed
from par_engine.sheets import Cell, Sheet, xlsx

_STATES = {"given": "đã gửi", "exempt": "không áp dụng", "gap": "còn thiếu", "silent": "chưa gửi tệp"}
_LINES = {
    "whole": "đủ",
    "exempt": "không áp dụng",
    "gap": "còn thiếu",
    "conflict": "mâu thuẫn",
    "unassigned": "chưa phân công",
}


def detail(rolled: RolledUp) -> bytes:
    """Each fact with what every agency said of it, and each agency with what it owes."""
    document = rolled.assignment.methodology.document
    rows: list[list[Cell]] = []
    bold: set[int] = set()
    for line in rolled.lines:
        fact = document.facts[line.fact]
        way = WAYS[line.way] if line.way and len(line.parts) > 1 else ""
        bold.add(len(rows))
        why = "" if line.why is None else line.why.vi
        rows.append([line.fact, fact.title.vi, way, "", shown_value(line.value, fact, "vi"), _LINES[line.state], why])
        for part in line.parts:
            value = shown_value(part.value, fact, "vi")
            file = rolled.returns.files.get(part.agency.id, "")
            rows.append(["", file, "", part.agency.name, value, _STATES[part.state], part.why])
    agencies: list[list[Cell]] = []
    for agency in rolled.assignment.agencies:
        parts = [part for line in rolled.lines for part in line.parts if part.agency.id == agency.id]
        if parts:
            counts = [sum(part.state == state for part in parts) for state in ("given", "exempt", "gap", "silent")]
            agencies.append([agency.name, rolled.returns.files.get(agency.id, "chưa gửi"), len(parts), *counts])
    heads = ["Số liệu", "Tên, tệp", "Cách gộp", "Cơ quan", "Giá trị", "Tình trạng", "Ghi chú"]
    of = ["Cơ quan", "Tệp", "Số liệu được giao", "Đã gửi", "Không áp dụng", "Còn thiếu", "Chưa gửi tệp"]
    titles = ["GỘP SỐ LIỆU CÁC CƠ QUAN", document.title.vi, rolled.note]
    return xlsx(
        [
            Sheet("Cơ quan", of, agencies, [44, 30, 12, 10, 12, 10, 12], titles),
            Sheet("Số liệu", heads, rows, [16, 60, 18, 36, 16, 16, 50], titles, frozenset(bold)),
        ],
        "workbook",
    )


def scorecard_files(leagues: Sequence[League]) -> dict[str, bytes]:
    """The places in one workbook, and one workbook for each agency that sent something, named by its id."""
    out = {"xep-hang.xlsx": xlsx([_league(league, i) for i, league in enumerate(leagues)], "workbook")}
    for league in leagues:
        for unit in league.assessment.units:
            out[f"{unit.id}.xlsx"] = xlsx([_card(league, unit)], "workbook")
    return out


def league_rows(league: League) -> list[list[str]]:
    """Rank, agency, index, group, points, attainable and what is missing, as people read them."""
    assessment = league.assessment
    groups = {group.id: group.title.vi for group in assessment.scheme.document.groups}
    rows = []
    for unit in assessment.league():
        missing = len(unit.leaves_with(Outcome.MISSING)) + len(unit.leaves_with(Outcome.PENDING))
        rows.append(
            [
                str(unit.rank or "—"),
                unit.name,
                _comma(unit.index) or "—",
                groups.get(unit.group or "", "—"),
                number(assessment, unit.points),
                number(assessment, unit.attainable),
                str(missing),
            ]
        )
    return rows + [["—", agency.name, "chưa gửi", "—", "—", "—", "—"] for agency in league.silent]


def card_rows(assessment: Assessment, unit: UnitResult) -> list[tuple[Entry, list[str]]]:
    """The items of a scorecard with their cells: code, title, points, attainable, lost, outcome or why."""
    out = []
    for entry in card(assessment, unit):
        said = "" if entry.outcome is Outcome.SCORED else word(entry.outcome.value, "vi")
        said = f"{said}: {entry.why}" if entry.why else said
        cells = [number(assessment, x) for x in (entry.points, entry.attainable, entry.lost)]
        out.append((entry, [entry.code, "  " * entry.depth + entry.title, *cells, said]))
    return out


def number(assessment: Assessment, figure: object) -> str:
    """A figure as it is printed."""
    digits = assessment.scheme.document.settings.points_decimals
    return _comma(printed(figure, digits, assessment)) or "—"  # type: ignore[arg-type]


def _comma(figure: object) -> str:
    return "" if figure is None else str(figure).replace(".", ",")


def _league(league: League, place: int) -> Sheet:
    document = league.assessment.scheme.document
    heads = ["Hạng", "Cơ quan", "Chỉ số (%)", "Nhóm", "Điểm", "Có thể đạt", "Mục còn thiếu"]
    titles = [f"XẾP HẠNG: {league.kind.title.upper()}", document.title.vi, basis_line(league.assessment)]
    name = f"{place + 1} {league.kind.title}".translate({ord(c): " " for c in "[]:*?/\\'"})[:31]
    return Sheet(name, heads, league_rows(league), [8, 50, 12, 20, 10, 12, 14], titles)


def _card(league: League, unit: UnitResult) -> Sheet:
    assessment = league.assessment
    rows = card_rows(assessment, unit)
    total = [number(assessment, unit.points), number(assessment, unit.attainable)]
    here, _ = assessment.field
    place = f"hạng {unit.rank} trên {here}" if unit.rank else "chưa xếp hạng"
    titles = [
        f"PHIẾU ĐIỂM: {unit.name}",
        assessment.scheme.document.title.vi,
        f"{league.kind.title}: {place}; chỉ số {_comma(unit.index) or '—'} %; {total[0]} trên {total[1]} điểm có thể đạt",
        basis_line(assessment),
    ]
    heads = ["Mã", "Tiêu chí", "Điểm", "Có thể đạt", "Mất", "Kết quả"]
    bold = frozenset(i for i, (entry, _) in enumerate(rows) if not entry.leaf)
    return Sheet("Phiếu điểm", heads, [cells for _, cells in rows], [10, 70, 10, 12, 10, 50], titles, bold)


def basis_line(assessment: Assessment) -> str:
    """How far the figures are from official ones."""
    points = _comma(assessment.scheme.points_by_basis["reconstructed"])
    top = _comma(assessment.scheme.document.total.max)
    return f"Điểm nội bộ, không chính thức; {points} trên {top} điểm của bộ tiêu chí dựa vào số dựng lại."
