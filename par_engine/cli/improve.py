"""`par improve` and `par what-if`: which other facts would move a unit, and by how much."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.advice.changes import with_facts
from par_engine.advice.efforts import form as effort_form
from par_engine.advice.efforts import read as read_efforts
from par_engine.advice.improve import Advice, improve
from par_engine.advice.knapsack import METHOD
from par_engine.advice.options import Option
from par_engine.api import Methodology, load
from par_engine.base.decimals import plain
from par_engine.base.problems import (
    EvidenceError,
    Problem,
    fail,
    fail_own,
    nearest,
    quote,
)
from par_engine.base.types import Amount, say_value
from par_engine.base.types import say as words
from par_engine.cli import evidence_input
from par_engine.cli.options import EvidenceFile, Id, Input, Json, Lang, Unit
from par_engine.cli.output import comma, headings, print_json, say, table
from par_engine.cli.progress import busy
from par_engine.evidence.value_parsing import Refused, number
from par_engine.files.atomic import unused, written_whole
from par_engine.i18n.catalogue import text
from par_engine.methodology.boundary_cases import write
from par_engine.results.assessment import Assessment, UnitResult, printed

_SHOWN = 15


def what_if_command(
    evidence: EvidenceFile,
    id: Id,
    unit: Unit = None,
    sets: Annotated[list[str] | None, typer.Option("--set", metavar="FACT=VALUE")] = None,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Set some facts of one unit and show index, place and group before and after."""
    sets = sets or []
    methodology = load(id)
    before = evidence_input.assess(methodology, evidence, None, lang, input_format)
    row = _row(before, unit)
    pairs = [_setting(methodology, setting) for setting in sets]
    facts = dict(pairs)
    for name in {name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1}:
        fail("twice.set", "par", name=name)
    if not facts:
        fail("nothing", "par")
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
        heads = headings("cli.improve.moved", lang)
        table(heads, rows, ["left", "left", "right", "right"])
    return 0


def improve_command(
    evidence: EvidenceFile,
    id: Id,
    unit: Unit = None,
    target: Annotated[str | None, typer.Option("--target", metavar="INDEX")] = None,
    rank: Annotated[int | None, typer.Option("--rank")] = None,
    gain: Annotated[str | None, typer.Option("--gain", metavar="POINTS")] = None,
    effort: Annotated[Path | None, typer.Option("--effort", metavar="PATH")] = None,
    effort_form: Annotated[Path | None, typer.Option("--effort-form", metavar="XLSX")] = None,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Say where points are lost and the cheapest way to the target; 1 when facts alone cannot reach it."""
    if effort_form is not None:
        return _effort_form(evidence, id, unit, effort_form, input_format, lang)
    if sum(x is not None for x in (target, rank, gain)) != 1 or (rank is not None and rank < 1):
        fail("target", "par")
    methodology = load(id)
    _within_reach(methodology, target, gain)
    declared = read_efforts(effort, methodology.document.facts) if effort is not None else {}
    with busy(lang) as doing:
        before = evidence_input.assessed(methodology, evidence, None, doing, input_format)
        doing("searching")
        advice = improve(
            methodology,
            before,
            before.at(_row(before, unit)).id,
            index=_number(target) if target is not None else None,
            place=rank,
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
    for name, wanted, most in (("target", target, 100 * (top + bonus) / top), ("gain", gain, top + bonus)):
        if wanted is not None and _number(wanted) > most:
            fail("beyond", f"--{name}", wanted=quote(wanted), most=Amount(most))


def _effort_form(evidence: Path, id: str, unit: str | None, form: Path, input_format: str | None, lang: Lang) -> int:
    """Write the blank form of effort for one unit."""
    if form.suffix.lower() != ".xlsx":
        fail("unknown-format.effort", form.name)
    unused(form)
    before = evidence_input.assess(load(id), evidence, None, lang, input_format)
    data = effort_form(before, _row(before, unit))
    with written_whole(form) as temporary:
        temporary.write_bytes(data)
    say(text("cli.improve", "written", lang, path=form))
    return 0


def _tell(methodology: Methodology, advice: Advice, *, declared: bool, lang: Lang) -> None:
    vi, items, before = lang == "vi", methodology.scheme.items, advice.before
    row = next(i for i, id in enumerate(before.evidence.units) if id == advice.unit)
    say(text("cli.improve", "lost-where", lang))
    rows = [
        [
            loss.leaf,
            items[loss.leaf].title.get(lang),
            words(loss.lost, lang),
            words(loss.movable, lang) if loss.movable else "—",
        ]
        for loss in advice.losses[:_SHOWN]
    ]
    heads = headings("cli.improve.losses", lang)
    table(heads, rows, ["left", "left", "right", "right"])
    if len(advice.losses) > _SHOWN:
        more = len(advice.losses) - _SHOWN
        say(text("cli.improve", "more", lang, more=more))
    say()
    say(text("cli.improve", "missing", lang, points=words(advice.need, lang)))
    if advice.chosen is None:
        movable = sum((loss.movable for loss in advice.losses), Fraction(0))
        say(text("cli.improve", "out-of-reach", lang, points=words(movable, lang)))
        return
    if advice.chosen:
        heads = headings("cli.improve.changes", lang)
        scale = 10**methodology.document.settings.leaf_decimals
        rows = [
            [o.leaf, _change(methodology, o, lang), words(Fraction(o.gain, scale), lang), words(o.effort, lang)]
            for o in advice.chosen
        ]
        table(heads, rows, ["left", "left", "right", "right"])
        how = METHOD[not vi]
        flat = "" if declared else (text("cli.improve", "no-effort", lang))
        say(text("cli.improve", "least-effort", lang, method=how, note=flat))
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
    heads = headings("cli.improve.standing", lang)
    rows = []
    for name, one in ((text("cli.improve", "before", lang), before), (text("cli.improve", "after", lang), after)):
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
        fail("unit.evidence", "par")
    return units.index(assessment.unit(unit).id)


def _as_set(problem: Problem) -> Problem:
    """A problem of the evidence that was made of `--set`, where the user wrote it."""
    fact = problem.pointer.removeprefix("/units/0/facts/")
    return problem if fact == problem.pointer else replace(problem, document="--set", pointer=fact)


def _setting(methodology: Methodology, setting: str) -> tuple[str, str]:
    name, sign, value = setting.partition("=")
    if not sign or name.strip() not in methodology.document.facts:
        near = nearest(name.strip(), methodology.document.facts)
        fail("set", "par", setting=quote(setting), near=near)
    return name.strip(), value.strip()


def _number(said: str) -> Fraction:
    try:
        found = number(said, percent=True)
    except Refused as refused:
        code, what, hint, _, vi, hint_vi = refused.texts
        fail_own("par", code, what, hint, vi, hint_vi)
    if found < 0:
        fail("number.negative", "par", number=quote(said))
    return found
