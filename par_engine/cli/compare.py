"""`par compare`: two reports side by side, with what each change came from and where they do not compare."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.base.decimals import round_to
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, nearest, problem, quote
from par_engine.base.types import say as number
from par_engine.cli.options import Json, Lang, Unit
from par_engine.cli.output import Justify, complain, headings, print_json, say, table
from par_engine.comparison.installed import compare_files
from par_engine.comparison.moves import PARTS, Move, Part, exact_text
from par_engine.comparison.reports import Comparison
from par_engine.i18n.catalogue import text
from par_engine.methodology.model import TOTAL


def compare_command(
    old: Annotated[Path, typer.Argument(metavar="REPORT1")],
    new: Annotated[Path, typer.Argument(metavar="REPORT2")],
    evidence: Annotated[Path | None, typer.Option("--evidence", metavar="PATH")] = None,
    unit: Unit = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Print the comparison."""
    found, documents = compare_files(old, new, evidence)
    if json:
        print_json(_data(found))
        return 0
    if not documents:
        complain([problem("not-installed", "par compare", "", "warning")], lang)
    if unit is not None:
        return _unit(found, unit, lang)
    _league(found, lang)
    return 0


def _league(found: Comparison, lang: Lang) -> None:
    moves = found.of(TOTAL)
    parts = _columns(moves)
    ranks = [{u["unit"]: u["rank"] for u in report["units"]} for report in (found.old, found.new)]
    for one in found.carried:  # a mean has no place
        ranks[0][one.unit] = None if one.merged else ranks[0].get(one.older[0])
    heads = headings("cli.compare.league", lang)
    heads += [text("cli.compare.parts", part, lang) for part in parts] + (headings("cli.compare.notes", lang))
    rows = []
    for move in sorted(moves, key=_by_change):
        before, after = (ranks[i].get(move.unit) for i in (0, 1))
        rank = "" if before is None and after is None else f"{before or '—'} → {after or '—'}"
        rows.append([move.name, *_numbers(move, parts, lang), rank, _why(move, lang)])
    side: list[Justify] = ["left", *(["right"] * (3 + len(parts))), "left", "left"]  # type: ignore[list-item]
    if rows:
        table(heads, rows, side)
    else:
        say(text("cli.compare", "no-unit", lang))
    apart = sum(not move.compares for move in moves)
    mean = found.mean()
    if mean is not None and not apart:
        shown = "; ".join(
            f"{text('cli.compare.parts', part, lang)} {_signed(x, lang)}" for part, x in mean.items() if x
        )
        change = _signed(sum(mean.values(), Fraction(0)), lang)
        say(text("cli.compare", "mean", lang, change=change) + (f" ({shown})" if shown else ""))
    if apart:
        say(text("cli.compare", "not-compared", lang, count=apart, units=len(moves)))
    for one in found.carried:
        name = next(unit["name"] for unit in found.new["units"] if unit["unit"] == one.unit)
        say(f"{name}: {one.words().get(lang)}")
    for ids, report, key in ((found.gone, found.old, "only-old"), (found.come, found.new, "only-new")):
        if ids:
            names = {unit["unit"]: unit["name"] for unit in report["units"]}
            said = ", ".join(names[id] if lang == "vi" else id for id in ids)
            say(text("cli.compare", key, lang, units=said))


def _unit(found: Comparison, name: str, lang: Lang) -> int:
    wanted = {u["unit"] for u in found.new["units"] if fold(name) in (fold(u["unit"]), fold(u["name"]))}
    moves = [move for move in found.moves if move.unit in wanted and _tells(move)]
    if not moves:
        names = [unit["name"] for unit in found.new["units"]]
        raise DocumentError([problem("unknown-unit", "par compare", name=quote(name), near=nearest(name, names))])
    parts = _columns(moves)
    heads = headings("cli.compare.items", lang)
    heads += [text("cli.compare.parts", part, lang) for part in parts] + [text("cli.compare", "not-comparable", lang)]
    rows = [
        [_code(move.code, lang), move.title.get(lang), *_numbers(move, parts, lang), _why(move, lang)] for move in moves
    ]
    side: list[Justify] = ["left", "left", *(["right"] * (3 + len(parts))), "left"]  # type: ignore[list-item]
    table(heads, rows, side)
    return 0


def _code(code: str, lang: Lang) -> str:
    """The code of an item; Vietnamese says in words what the total and the streams are instead of an id."""
    if code == TOTAL:
        return text("cli.compare", "total", lang)
    return text("cli.compare", "stream", lang) if lang == "vi" and code.startswith("stream:") else code


def _columns(moves: Sequence[Move]) -> list[Part]:
    """The parts that any change which is shown is made of."""
    return [part for part in PARTS if any(move.compares and move.parts.get(part) for move in moves)]


def _by_change(move: Move) -> tuple[bool, Fraction, str]:
    shown = move.change if move.compares else None
    return shown is None, -(shown or Fraction(0)), fold(move.name)


def _tells(move: Move) -> bool:
    """Whether a move says anything: a change, or a reason where at least one number is known."""
    return bool(move.change) or move.code == TOTAL or (bool(move.reasons) and (move.old, move.new) != (None, None))


def _numbers(move: Move, parts: list[Any], lang: Lang) -> list[str]:
    sides = ["—" if x is None else number(x, lang) for x in (move.old, move.new)]
    if not move.compares:
        return [*sides, *["—"] * (1 + len(parts))]
    return [*sides, _signed(move.change, lang), *(_signed(move.parts.get(part, Fraction(0)), lang) for part in parts)]


def _signed(x: Fraction | None, lang: Lang) -> str:
    """A change with its sign; at most four decimals, marked where there are more."""
    if x is None:
        return "—"
    rounded = Fraction(round_to(x, 4, "half_up"), 10**4)
    sign = "+" if x > 0 else "−" if x < 0 else ""
    return ("" if rounded == x else "≈ ") + sign + number(abs(rounded), lang)


def _why(move: Move, lang: Lang) -> str:
    return "; ".join(reason.get(lang).rstrip(".") for reason in move.reasons)


def _data(found: Comparison) -> dict[str, Any]:
    mean = found.mean() if all(move.compares for move in found.of(TOTAL)) else None
    sides = {
        side: {**report["methodology"], "evidence": report["evidence"]["sha256"]}
        for side, report in (("old", found.old), ("new", found.new))
    }
    return {
        **sides,
        "gone": list(found.gone),
        "come": list(found.come),
        "carried": [
            {"unit": one.unit, "from": list(one.older), "how": one.words().model_dump()} for one in found.carried
        ],
        "mean": None if mean is None else {part: exact_text(x) for part, x in mean.items()},
        "moves": [move.as_dict() for move in found.moves if _tells(move)],
    }
