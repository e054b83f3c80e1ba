"""CSV for spreadsheets: a league table (wide) and all figures (long), safe to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from par_engine.base.terms import outcome_words
from par_engine.results.assessment import Assessment, Figure, printed

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def wide(assessment: Assessment) -> bytes:
    """One row a unit in league order; points printed with points_decimals."""
    digits = assessment.scheme.document.settings.points_decimals
    streams = [stream.id for stream in assessment.scheme.document.streams]
    fields = [item.code for item in assessment.scheme.document.items if item.parent is None]
    head = ["rank", "unit", "name", "index", "group", "points", "attainable", "outcome"]
    rows: list[list[str]] = [[*head, *(f"stream:{s}" for s in streams), *(f"item:{code}" for code in fields)]]
    for unit in assessment.league():
        figures = [*(unit.stream(s) for s in streams), *(unit.item(code) for code in fields)]
        rows.append(
            [
                str(unit.rank or ""),
                _text(unit.id),
                _text(unit.name),
                str(unit.index if unit.index is not None else ""),
                unit.group or "",
                printed(unit.points, digits, assessment),
                printed(unit.attainable, digits, assessment),
                unit.outcome.value,
                *(printed(figure.points, digits, assessment) for figure in figures),
            ]
        )
    return _bytes(rows)


def excel(assessment: Assessment) -> bytes:
    """The league table for a Vietnamese Excel: semicolons, decimal commas, Vietnamese heads and titles."""
    document = assessment.scheme.document
    groups = {group.id: group.title.vi for group in document.groups}
    digits = document.settings.points_decimals
    fields = [item for item in document.items if item.parent is None]
    heads = ["Hạng", "Đơn vị", "Chỉ số", "Nhóm", "Điểm", "Có thể đạt", "Kết quả"]
    heads += [stream.title.vi for stream in document.streams]
    rows = [[_text(head) for head in [*heads, *(f"{item.code}. {item.title.vi}" for item in fields)]]]
    for unit in assessment.league():
        figures = [unit.total.points, unit.attainable]
        parts = [*(unit.stream(s.id) for s in document.streams), *(unit.item(item.code) for item in fields)]
        numbers = [printed(x, digits, assessment) for x in (*figures, *(part.points for part in parts))]
        comma = [number.replace(".", ",") for number in numbers]
        index = "" if unit.index is None else str(unit.index).replace(".", ",")
        place, said = str(unit.rank or ""), outcome_words(unit.outcome, "vi")
        rows.append([place, _text(unit.name), index, groups.get(unit.group or "", ""), *comma[:2], said, *comma[2:]])
    return _bytes(rows, ";")


def long(assessment: Assessment) -> bytes:
    """One row a unit and item or stream, at the full leaf precision."""
    scheme = assessment.scheme
    rows: list[list[str]] = [
        ["unit", "kind", "code", "title", "outcome", "points", "attainable", "max", "stated", "basis", "within"]
    ]
    streams = {stream.id: stream.basis for stream in scheme.document.streams}
    for unit in assessment.units:
        rows.append(_row(unit.id, "total", unit.total, scheme.document.total.basis))
        rows += [_row(unit.id, "stream", figure, streams[figure.code]) for figure in unit.streams]
        rows += [_row(unit.id, "item", figure, scheme.items[figure.code].basis) for figure in unit.items]
    return _bytes(rows)


def _row(unit: str, kind: str, figure: Figure, basis: str) -> list[str]:
    points, attainable = ("" if x is None else str(x) for x in (figure.points, figure.attainable))
    stated = "yes" if figure.stated else ""
    return [
        _text(unit),
        kind,
        figure.code,
        _text(figure.title.vi),
        figure.outcome.value,
        points,
        attainable,
        str(figure.max),
        stated,
        basis,
        " ".join(figure.within),
    ]


def _text(value: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + value if value.startswith(_FORMULA) else value


def _bytes(rows: Iterable[Sequence[str]], separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")  # without the mark, Excel reads Vietnamese letters wrong
