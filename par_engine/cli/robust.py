"""`par robust`: how firm the places are, as a table for people and as data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from par_engine.api import load
from par_engine.audit.robust import NOTE, Firmness, Gap, Range, Robustness, Shift, robust
from par_engine.base.decimals import round_to, short
from par_engine.base.types import say as number
from par_engine.cli import evidence_input
from par_engine.cli.options import EvidenceFile, Id, Json, Lang, Stage, Unit
from par_engine.cli.output import Justify, comma, headings, print_json, say, table
from par_engine.cli.score import contradictions
from par_engine.i18n.catalogue import entries, text

_MARKS = {"points": "", "unprinted": "*", "rounding": "~", "tie": "="}


def robust_command(
    evidence: EvidenceFile,
    id: Id,
    unit: Unit = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Print how firm the places are; 1 when the evidence contradicts itself, with the result still there."""
    methodology = load(id)
    assessment = evidence_input.assess(methodology, evidence, stage, lang)
    only = None if unit is None else assessment.unit(unit).id
    found = robust(assessment)
    if json:
        data = found.as_dict()
        print_json({**data, "units": [row for row in data["units"] if only in (None, row["unit"])]})
        return 1 if assessment.problems else 0
    say(NOTE.get(lang))
    say()
    if len(found.units) < 2:
        say(text("cli.robust", "too-few", lang))
    elif only is None:
        _league(found, lang)
        _shifts(found, lang)
    else:
        _one(found, only, lang)
    _rest(found, [unit for unit in found.units if only in (None, unit.unit)], lang)
    return contradictions(assessment, lang)


def _league(found: Robustness, lang: Lang) -> None:
    columns: dict[str, tuple[Justify, list[str]]] = {
        "rank": ("right", [str(u.rank or "—") for u in found.units]),
        "unit": ("left", [u.name for u in found.units]),
        "index": ("right", [_index(found, u, lang) for u in found.units]),
        "above": ("right", [_gap(u.above, lang) for u in found.units]),
        "span": ("right", [_span(u.span) for u in found.units]),
        "mover": ("left", [_moved(found, u, lang) for u in found.units]),
    }
    if any(unit.unknown for unit in found.units):
        columns["open"] = ("right", [_span(u.open) for u in found.units])
    if found.basis is not None:
        columns["plain"] = ("right", [str(u.plain or "—") for u in found.units])
    rows = zip(*(cells for _, cells in columns.values()), strict=True)
    heads = entries("cli.robust.league", lang)
    table([heads[key] for key in columns], rows, [side for side, _ in columns.values()])
    say()
    say(text("cli.robust", "columns", lang))


def _shifts(found: Robustness, lang: Lang) -> None:
    if not found.shifts:
        return
    heads = headings("cli.robust.shifts", lang)
    rows = [
        [_part(shift, lang), _title(shift, lang), _mean(shift, lang), str(shift.most), str(shift.moved)]
        for shift in found.shifts
    ]
    say()
    table(heads, rows, ["left", "left", "right", "right", "right"])


def _one(found: Robustness, id: str, lang: Lang) -> None:
    unit = next((u for u in found.units if u.unit == id), None)
    if unit is None:
        say(text("cli.robust", "unranked", lang))
        return
    names = {u.unit: u.name for u in found.units}
    index = _index(found, unit, lang)
    say(text("cli.robust", "rank-index", lang, name=unit.name, rank=unit.rank or "—", index=index))
    for gap, key in ((unit.above, "behind"), (unit.below, "ahead")):
        if gap is not None:
            say(text("cli.robust", key, lang, points=_gap(gap, lang), name=names[gap.unit]))
    if unit.left_out:
        say()
        shifts = {shift.key: shift for shift in found.shifts}
        rows = [
            [_part(shifts[key], lang), _title(shifts[key], lang), str(place)] for key, place in unit.left_out.items()
        ]
        table(headings("cli.robust.left-out", lang), rows, ["left", "left", "right"])
    lines = []
    if unit.open is not None and unit.open.best != unit.open.worst:
        lines.append(text("cli.robust", "once-known", lang, ranks=_span(unit.open), unknown=unit.unknown))
    if unit.resting:
        points = number(unit.resting, lang)
        key = "resting" if unit.plain is None else "resting-with-rank"
        lines.append(text("cli.robust", key, lang, points=points, rank=unit.plain))
    if lines:
        say()
        say("\n".join(lines))


def _rest(found: Robustness, shown: Sequence[Firmness], lang: Lang) -> None:
    """What the tables cannot say: what marks mean, what is unknown, what cannot be left out, what is reconstructed."""
    say()
    seen = {gap.decides for unit in shown for gap in (unit.above, unit.below) if gap is not None}
    for mark, words in entries("cli.robust.legend", lang).items():
        if mark in seen:
            say(words)
    here, listed = found.assessment.field
    if 0 < here < listed:
        say(text("cli.robust", "partial", lang, here=here, listed=listed))
    gaps = [unit.unknown for unit in found.units if unit.unknown]
    if gaps:
        say(text("cli.robust", "unknown", lang, units=len(gaps), items=sum(gaps)))
    if not found.bounded and found.assessment.scheme.document.settings.ties == "dense":
        say(text("cli.robust", "unbounded-ties", lang))
    elif not found.bounded:
        say(text("cli.robust", "unbounded-items", lang))
    if found.apart:
        codes = ", ".join(part.code for part in found.apart)
        say(text("cli.robust", "inseparable", lang, codes=codes))
    say(_basis(found, lang))


def _basis(found: Robustness, lang: Lang) -> str:
    scheme = found.assessment.scheme
    whole, all_ = scheme.points_by_basis["reconstructed"], scheme.document.total.max
    points, of = comma(short(whole), lang), comma(short(all_), lang)
    if not whole:
        return text("cli.robust", "none-reconstructed", lang)
    first = text("cli.robust", "reconstructed", lang, points=points, of=of)
    if whole == all_:
        return text("cli.robust", "all-rest", lang, first=first)
    shift = found.basis
    if shift is None:
        return text("cli.robust", "inseparable-points", lang, first=first)
    placed = sum(unit.rank is not None for unit in found.units)
    if placed < 2:
        return f"{first}."
    mean = _mean(shift, lang)
    return text(
        "cli.robust", "without", lang, first=first, moved=shift.moved, placed=placed, mean=mean, largest=shift.most
    )


def _index(found: Robustness, unit: Firmness, lang: Lang) -> str:
    return comma(found.assessment.unit(unit.unit).index, lang) or "—"


def _gap(gap: Gap | None, lang: Lang) -> str:
    return "—" if gap is None else number(gap.points, lang) + _MARKS[gap.decides]


def _span(span: Range | None) -> str:
    return "—" if span is None else str(span.best) if span.best == span.worst else f"{span.best}–{span.worst}"


def _moved(found: Robustness, unit: Firmness, lang: Lang) -> str:
    if unit.mover is None:
        return "—"
    shift = next(one for one in found.shifts if one.key == unit.mover)
    return f"{_part(shift, lang)} → {unit.left_out[unit.mover]}"


def _part(shift: Shift, lang: Lang) -> str:
    """A stream by its title, a field by its code."""
    if shift.part.kind == "stream":
        return shift.part.title.get(lang)
    return shift.part.code


def _title(shift: Shift, lang: Lang) -> str:
    return "" if shift.part.kind == "stream" else shift.part.title.get(lang)


def _mean(shift: Shift, lang: Lang) -> str:
    rounded = Fraction(round_to(shift.mean, 2, "half_up"), 100)
    return ("" if rounded == shift.mean else "≈ ") + number(rounded, lang)
