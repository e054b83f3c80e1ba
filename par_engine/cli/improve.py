"""`par improve` and `par what-if`: which other facts would move a unit, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from par_engine.advice.changes import with_facts
from par_engine.advice.efforts import form as effort_form
from par_engine.advice.efforts import read as read_efforts
from par_engine.advice.improve import Advice, improve
from par_engine.advice.knapsack import METHOD
from par_engine.advice.options import Option
from par_engine.api import Methodology, load
from par_engine.base.decimals import plain
from par_engine.base.problems import EvidenceError, Problem, did_you_mean, did_you_mean_vi, fail, fail_own, quote
from par_engine.base.types import say as words
from par_engine.base.types import say_value
from par_engine.cli import evidence_input
from par_engine.cli.output import comma, print_json, say, table
from par_engine.cli.progress import busy
from par_engine.evidence.value_parsing import Refused, number
from par_engine.files.atomic import unused, written_whole
from par_engine.i18n.catalogue import Lang, Said
from par_engine.methodology.boundary_cases import write
from par_engine.results.assessment import Assessment, UnitResult, printed

_SHOWN = 15


def what_if_command(
    evidence: Path,
    id: str,
    unit: str | None,
    sets: Sequence[str],
    *,
    input_format: str | None,
    json: bool,
    lang: Lang,
) -> int:
    """Set some facts of one unit and show index, place and group before and after."""
    methodology = load(id)
    before = evidence_input.assess(methodology, evidence, None, lang, input_format)
    row = _row(before, unit)
    pairs = [_setting(methodology, text) for text in sets]
    facts = dict(pairs)
    for name in {name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1}:
        _refuse("twice", f"{name} is set twice", "set it once", f"{name} được đặt hai lần", "chỉ đặt một lần")
    if not facts:
        _refuse(
            "nothing", "no fact is set", "name one: --set FACT=VALUE", "chưa đặt số liệu nào", "ví dụ --set MÃ=GIÁ TRỊ"
        )
    try:
        after = with_facts(methodology, before, row, facts)
    except EvidenceError as error:
        raise EvidenceError(map(_as_set, error.problems)) from error
    pair = before.at(row), after.at(row)
    moved = [f.code for f in pair[0].items if pair[1].item(f.code).points != f.points]
    if json:
        print_json({"unit": pair[0].id, "before": _standing(pair[0]), "after": _standing(pair[1]), "items": moved})
        return 0
    _stand(before, after, row, lang)
    rows = [
        [code, pair[0].item(code).title.get(lang), *(comma(p.item(code).points, lang) or "—" for p in pair)]
        for code in moved
    ]
    if rows:
        heads = ["Mã", "Mục", "Trước", "Sau"] if lang == "vi" else ["code", "item", "before", "after"]
        table(heads, rows, ["left", "left", "right", "right"])
    return 0


def improve_command(
    evidence: Path,
    id: str,
    unit: str | None,
    target: str | None,
    place: int | None,
    gain: str | None,
    efforts: Path | None,
    *,
    form: Path | None = None,
    input_format: str | None,
    json: bool,
    lang: Lang,
) -> int:
    """Say where points are lost and the cheapest way to the target; 1 when facts alone cannot reach it."""
    if form is not None:
        return _effort_form(evidence, id, unit, form, input_format, lang)
    if sum(x is not None for x in (target, place, gain)) != 1 or (place is not None and place < 1):
        hint, hint_vi = "--target 90, --rank 20 or --gain 1.5", "--target 90, --rank 20 hoặc --gain 1,5"
        _refuse("target", "one target is needed", hint, "cần đúng một mục tiêu", hint_vi)
    methodology = load(id)
    _within_reach(methodology, target, gain)
    declared = read_efforts(efforts, methodology.document.facts) if efforts is not None else {}
    with busy(lang) as doing:
        before = evidence_input.assessed(methodology, evidence, None, doing, input_format)
        doing("searching")
        advice = improve(
            methodology,
            before,
            before.at(_row(before, unit)).id,
            index=_number(target) if target is not None else None,
            place=place,
            gain=_number(gain) if gain is not None else None,
            efforts=declared,
        )
    if json:
        print_json(_data(advice))
    else:
        _tell(methodology, advice, declared=bool(declared), lang=lang)
    return 0 if advice.chosen is not None else 1


def _within_reach(methodology: Methodology, target: str | None, gain: str | None) -> None:
    """Refuse a target that no evidence reaches."""
    document = methodology.document
    bonus = sum((Fraction(item.max) for item in document.items if item.role == "bonus"), Fraction(0))
    top = Fraction(document.total.max)
    for option, text, most in (("--target", target, 100 * (top + bonus) / top), ("--gain", gain, top + bonus)):
        if text is not None and _number(text) > most:
            fail("beyond", option, text=quote(text), most=Said(words(most, "vi"), words(most, "en")))


def _effort_form(evidence: Path, id: str, unit: str | None, form: Path, input_format: str | None, lang: Lang) -> int:
    """Write the blank form of effort for one unit."""
    if form.suffix.lower() != ".xlsx":
        fail("unknown-format.effort-form", form.name)
    unused(form)
    before = evidence_input.assess(load(id), evidence, None, lang, input_format)
    data = effort_form(before, _row(before, unit))
    with written_whole(form) as temporary:
        temporary.write_bytes(data)
    say(f"Đã ghi: {form}" if lang == "vi" else f"Written: {form}")
    return 0


def _tell(methodology: Methodology, advice: Advice, *, declared: bool, lang: Lang) -> None:
    vi, items, before = lang == "vi", methodology.scheme.items, advice.before
    row = next(i for i, id in enumerate(before.evidence.units) if id == advice.unit)
    say("Nơi mất điểm:" if vi else "Where points are lost:")
    rows = [
        [
            loss.leaf,
            items[loss.leaf].title.get(lang),
            words(loss.lost, lang),
            words(loss.movable, lang) if loss.movable else "—",
        ]
        for loss in advice.losses[:_SHOWN]
    ]
    heads = ["Mã", "Mục", "Mất", "Lấy lại được"] if vi else ["code", "item", "lost", "can win back"]
    table(heads, rows, ["left", "left", "right", "right"])
    if len(advice.losses) > _SHOWN:
        more = len(advice.losses) - _SHOWN
        say(f"… và {more} mục nữa" if vi else f"… and {more} more")
    say()
    say(f"Còn thiếu {words(advice.need, lang)} điểm." if vi else f"{words(advice.need, lang)} points are missing.")
    if advice.chosen is None:
        movable = sum((loss.movable for loss in advice.losses), Fraction(0))
        say(
            f"Số liệu tự thay đổi được chỉ lấy lại tối đa {words(movable, lang)} điểm: không đạt được mục tiêu."
            if vi
            else f"Facts can win back {words(movable, lang)} points at most: the target is out of reach."
        )
        return
    if advice.chosen:
        heads = ["Mã", "Cần đổi", "Thêm điểm", "Công sức"] if vi else ["code", "what to change", "gain", "effort"]
        scale = 10**methodology.document.settings.leaf_decimals
        rows = [
            [o.leaf, _change(methodology, o, lang), words(Fraction(o.gain, scale), lang), words(o.effort, lang)]
            for o in advice.chosen
        ]
        table(heads, rows, ["left", "left", "right", "right"])
        how = METHOD[not vi]
        flat = (
            ""
            if declared
            else ("; chưa khai công sức nên mỗi mục tính 1" if vi else "; no effort declared: each item counts 1")
        )
        say(f"Ít công sức nhất theo {how}{flat}." if vi else f"Least effort by {how}{flat}.")
        say()
    assert advice.after is not None
    _stand(before, advice.after, row, lang)


def _change(methodology: Methodology, option: Option, lang: Lang) -> str:
    facts = methodology.document.facts
    parts = [
        f"{facts[name].title.get(lang)}: {say_value(old, facts[name], lang)} → {say_value(new, facts[name], lang)}"
        for name, (old, new) in option.changes.items()
    ]
    return "; ".join(parts)


def _stand(before: Assessment, after: Assessment, row: int, lang: Lang) -> None:
    vi = lang == "vi"
    heads = ["", "Chỉ số", "Hạng", "Nhóm", "Điểm"] if vi else ["", "index", "rank", "group", "points"]
    rows = []
    for name, one in ((("Trước", "before")[not vi], before), (("Sau", "after")[not vi], after)):
        unit = one.at(row)
        digits = one.scheme.document.settings.index_decimals
        title = next((g.title.get(lang) for g in one.scheme.document.groups if g.id == unit.group), "—")
        index = comma(unit.index, lang) if unit.index is not None else "—"
        rows.append([name, index, str(unit.rank or "—"), title, comma(printed(unit.points, digits, one), lang) or "—"])
    table(heads, rows, ["left", "right", "right", "left", "right"])


def _standing(unit: UnitResult) -> dict[str, Any]:
    text = {"index": unit.index, "points": unit.points}
    return {key: None if x is None else str(x) for key, x in text.items()} | {"rank": unit.rank, "group": unit.group}


def _data(advice: Advice) -> dict[str, Any]:
    row = next(i for i, id in enumerate(advice.before.evidence.units) if id == advice.unit)
    scale = 10**advice.before.scheme.document.settings.leaf_decimals
    chosen = advice.chosen and [
        {
            "item": o.leaf,
            "gain": plain(Fraction(o.gain, scale)),
            "effort": words(o.effort, "en"),
            "facts": {name: {"from": write(old), "to": write(new)} for name, (old, new) in o.changes.items()},
        }
        for o in advice.chosen
    ]
    return {
        "unit": advice.unit,
        "need": words(advice.need, "en"),
        "method": METHOD[1],
        "lost": [
            {"item": x.leaf, "outcome": x.outcome.value, "points": plain(x.lost), "movable": plain(x.movable)}
            for x in advice.losses
        ],
        "changes": None if advice.chosen is None else list(chosen or ()),
        "before": _standing(advice.before.at(row)),
        "after": None if advice.after is None else _standing(advice.after.at(row)),
    }


def _row(assessment: Assessment, unit: str | None) -> int:
    units = assessment.evidence.units
    if unit is None:
        if len(units) == 1:
            return 0
        _refuse(
            "unit", "the evidence has several units", "name one: --unit", "số liệu có nhiều đơn vị", "chọn bằng --unit"
        )
    return units.index(assessment.unit(unit).id)


def _as_set(problem: Problem) -> Problem:
    """A problem of the evidence that was made of `--set`, where the user wrote it."""
    fact = problem.pointer.removeprefix("/units/0/facts/")
    return problem if fact == problem.pointer else replace(problem, document="--set", pointer=fact)


def _setting(methodology: Methodology, text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name.strip() not in methodology.document.facts:
        hint = did_you_mean(name.strip(), methodology.document.facts) or "FACT=VALUE"
        _refuse(
            "set",
            f"{quote(text)} sets no known fact",
            hint,
            f"{quote(text)} không đặt số liệu nào",
            did_you_mean_vi(hint) or "ghi MÃ-SỐ-LIỆU=GIÁ-TRỊ, xem par show ID MỤC",
        )
    return name.strip(), value.strip()


def _number(text: str) -> Fraction:
    try:
        found = number(text, percent=True)
    except Refused as refused:
        code, what, hint, _, vi, hint_vi = refused.texts
        fail_own("par", code, what, hint, vi, hint_vi)
    if found < 0:
        _refuse(
            "number", f"{quote(text)} is negative", "give 0 or more", f"{quote(text)} là số âm", "ghi số từ 0 trở lên"
        )
    return found


def _refuse(code: str, what: str, hint: str, vi: str, hint_vi: str) -> NoReturn:
    fail_own("par", code, what, hint, vi, hint_vi)
