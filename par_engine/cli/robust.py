"""`par robust`: how firm the places are, as a table for people and as data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from par_engine.api import load
from par_engine.audit.robust import NOTE, Firmness, Gap, Range, Robustness, Shift, robust
from par_engine.base.decimals import round_to, short
from par_engine.base.types import say as number
from par_engine.cli import evidence_input
from par_engine.cli.output import Justify, comma, print_json, say, table
from par_engine.cli.score import contradictions
from par_engine.i18n.catalogue import Lang

_MARKS = {"points": "", "unprinted": "*", "rounding": "~", "tie": "="}
_LEGEND = {
    "unprinted": (
        "* chỉ phần lẻ không in ra mới phân biệt được hai đơn vị",
        "* only digits that are not printed tell the two apart",
    ),
    "rounding": ("~ hai đơn vị bằng nhau chỉ do làm tròn", "~ only rounding makes the two equal"),
    "tie": ("= hai đơn vị bằng nhau: quy tắc đồng hạng quyết định", "= the two are equal: the tie rule decides"),
}


def robust_command(evidence: Path, id: str, unit: str | None, stage: str | None, *, json: bool, lang: Lang) -> int:
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
        say(
            "Số liệu có chưa đến hai đơn vị được xếp hạng: không có thứ hạng để so. Hãy đưa số liệu mọi đơn vị."
            if lang == "vi"
            else "There are not two ranked units: no places to compare. Give the evidence of all units."
        )
    elif only is None:
        _league(found, lang)
        _shifts(found, lang)
    else:
        _one(found, only, lang)
    _rest(found, [unit for unit in found.units if only in (None, unit.unit)], lang)
    return contradictions(assessment, lang)


def _league(found: Robustness, lang: Lang) -> None:
    vi = lang == "vi"
    some = any(unit.unknown for unit in found.units)
    columns: list[tuple[str, str, Justify, list[str]]] = [
        ("Hạng", "rank", "right", [str(u.rank or "—") for u in found.units]),
        ("Đơn vị", "unit", "left", [u.name for u in found.units]),
        ("Chỉ số", "index", "right", [_index(found, u, lang) for u in found.units]),
        ("Kém trên", "to above", "right", [_gap(u.above, lang) for u in found.units]),
        ("Bỏ 1 phần", "one part out", "right", [_span(u.span) for u in found.units]),
        ("Đổi nhất khi bỏ", "most moved by", "left", [_moved(found, u, lang) for u in found.units]),
    ]
    if some:
        columns.append(("Đủ số liệu", "all known", "right", [_span(u.open) for u in found.units]))
    if found.basis is not None:
        bare = [str(u.plain or "—") for u in found.units]
        columns.append(("Bỏ dựng lại", "no reconstructed", "right", bare))
    rows = zip(*(cells for _, _, _, cells in columns), strict=True)
    table([vn if vi else en for vn, en, _, _ in columns], rows, [side for _, _, side, _ in columns])
    say()
    say(
        "Kém trên: điểm kém đơn vị liền trên. Bỏ 1 phần: hạng tốt nhất–xấu nhất khi bỏ một lĩnh vực hay nguồn điểm.\n"
        "Đổi nhất khi bỏ: lĩnh vực (mã) hay nguồn điểm mà bỏ đi thì hạng đổi nhiều nhất → hạng khi đó."
        if vi
        else "to above: points to the unit above. one part out: best–worst rank without one field or stream.\n"
        "most moved by: the field (code) or stream without which the rank changes most → that rank."
    )


def _shifts(found: Robustness, lang: Lang) -> None:
    if not found.shifts:
        return
    vi = lang == "vi"
    heads = (
        ["Bỏ phần", "", "Bình quân đổi (bậc)", "Nhiều nhất", "Số đơn vị đổi hạng"]
        if vi
        else ["left out", "", "mean shift of rank", "largest", "units that move"]
    )
    rows = [
        [_part(shift, lang), _title(shift, lang), _mean(shift, lang), str(shift.most), str(shift.moved)]
        for shift in found.shifts
    ]
    say()
    table(heads, rows, ["left", "left", "right", "right", "right"])


def _one(found: Robustness, id: str, lang: Lang) -> None:
    vi = lang == "vi"
    unit = next((u for u in found.units if u.unit == id), None)
    if unit is None:
        say("Đơn vị này không tham gia xếp hạng." if vi else "This unit takes no part in the ranking.")
        return
    names = {u.unit: u.name for u in found.units}
    index = _index(found, unit, lang)
    say(f"{unit.name}: {'hạng' if vi else 'rank'} {unit.rank or '—'}, {'chỉ số' if vi else 'index'} {index}")
    for gap, words in ((unit.above, ("kém", "behind")), (unit.below, ("hơn", "ahead of"))):
        if gap is not None:
            points = "điểm" if vi else "points"
            name = names[gap.unit]
            say(
                f"  {words[0]} {name} {_gap(gap, lang)} {points}"
                if vi
                else f"  {_gap(gap, lang)} {points} {words[1]} {name}"
            )
    if unit.left_out:
        say()
        shifts = {shift.key: shift for shift in found.shifts}
        rows = [
            [_part(shifts[key], lang), _title(shifts[key], lang), str(place)] for key, place in unit.left_out.items()
        ]
        table(["Bỏ phần", "", "Hạng"] if vi else ["left out", "", "rank"], rows, ["left", "left", "right"])
    lines = []
    if unit.open is not None and unit.open.best != unit.open.worst:
        lines.append(
            f"Khi đủ số liệu: hạng {_span(unit.open)} (đơn vị này còn {unit.unknown} mục chưa có số liệu)."
            if vi
            else f"Once all is known: rank {_span(unit.open)} ({unit.unknown} items of this unit are still unknown)."
        )
    if unit.resting:
        points = number(unit.resting, lang)
        bare = ("bỏ đi thì hạng {}", "rank {} without")[not vi].format(unit.plain)
        lines.append(
            (f"{points} điểm của đơn vị dựa vào mục dựng lại" if vi else f"{points} points rest on reconstructed items")
            + ("." if unit.plain is None else f"; {bare}.")
        )
    if lines:
        say()
        say("\n".join(lines))


def _rest(found: Robustness, shown: Sequence[Firmness], lang: Lang) -> None:
    """What the tables cannot say: what marks mean, what is unknown, what cannot be left out, what is reconstructed."""
    vi = lang == "vi"
    say()
    seen = {gap.decides for unit in shown for gap in (unit.above, unit.below) if gap is not None}
    for mark, words in _LEGEND.items():
        if mark in seen:
            say(words[not vi])
    here, listed = found.assessment.field
    if 0 < here < listed:
        say(
            f"Chỉ có {here} trên {listed} đơn vị được xếp hạng ở đây."
            if vi
            else f"Only {here} of {listed} ranked units are here."
        )
    gaps = [unit.unknown for unit in found.units if unit.unknown]
    if gaps:
        say(
            f"{len(gaps)} đơn vị còn {sum(gaps)} mục chưa có số liệu; “Đủ số liệu” là hạng tốt nhất–xấu nhất."
            if vi
            else f"{len(gaps)} units have {sum(gaps)} unknown items; “all known” is the best–worst place."
        )
    if not found.bounded and found.assessment.scheme.document.settings.ties == "dense":
        say(
            "Không tính được hạng tốt nhất – xấu nhất: theo cách xếp này, đơn vị khác đồng hạng cũng làm đổi hạng."
            if vi
            else "Best and worst places cannot be told: by this tie rule others that come to tie move a place too."
        )
    elif not found.bounded:
        say(
            "Không tính được hạng tốt nhất – xấu nhất: có mục chưa biết vừa có thể nâng vừa có thể hạ tổng điểm."
            if vi
            else "Best and worst places cannot be told: an unknown item may raise a total or lower it."
        )
    if found.apart:
        codes = ", ".join(part.code for part in found.apart)
        say(
            f"Không bỏ riêng được, vì không phải đơn vị nào cũng có điểm tách riêng: {codes}."
            if vi
            else f"Cannot be left out, not every unit has points apart from them: {codes}."
        )
    say(_basis(found, lang))


def _basis(found: Robustness, lang: Lang) -> str:
    vi = lang == "vi"
    scheme = found.assessment.scheme
    whole, all_ = scheme.points_by_basis["reconstructed"], scheme.document.total.max
    points, of = comma(short(whole), lang), comma(short(all_), lang)
    if not whole:
        return "Không có điểm nào dựa vào mục dựng lại." if vi else "No points rest on reconstructed items."
    words = ("trên {} điểm dựa vào mục dựng lại, không chính thức", "of {} points rest on reconstructed items")[not vi]
    first = f"{points} {words.format(of)}"
    if whole == all_:
        return f"{first}: mọi thứ hạng đều dựa vào đó." if vi else f"{first}: every place rests on them."
    shift = found.basis
    if shift is None:
        return f"{first}; không tách riêng được." if vi else f"{first}; they cannot be taken apart."
    placed = sum(unit.rank is not None for unit in found.units)
    if placed < 2:
        return f"{first}."
    mean = _mean(shift, lang)
    return (
        f"{first}. Bỏ đi, {shift.moved} trên {placed} đơn vị đổi hạng: bình quân {mean} bậc, nhiều nhất {shift.most}."
        if vi
        else f"{first}. Without them {shift.moved} of {placed} units move: by {mean} on average, at most {shift.most}."
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
