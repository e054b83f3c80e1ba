"""`par compare`: two reports side by side, with what each change came from and where they do not compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from par_engine.api import Methodology, load
from par_engine.base.decimals import round_to
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, ParError, nearest, own_problem, problem, quote
from par_engine.base.types import say as number
from par_engine.cli.output import Justify, complain, print_json, say, table
from par_engine.comparison.moves import PARTS, Bridge, Move, Part, exact_text
from par_engine.comparison.reports import Comparison, compare
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import TOTAL, Document
from par_engine.results.report_reading import read_for_comparing

_PARTS = {
    "evidence": ("Số liệu", "evidence"),
    "rules": ("Quy tắc", "rules"),
    "maxima": ("Điểm tối đa", "maxima"),
    "units": ("Đơn vị", "units"),
    "unseparated": ("Chưa tách", "unseparated"),
}


def compare_command(old: Path, new: Path, evidence: Path | None, unit: str | None, *, json: bool, lang: Lang) -> int:
    """Print the comparison."""
    reports = read_for_comparing(old), read_for_comparing(new)
    known = [as_reported(report["methodology"]) for report in reports]
    first, second = known
    documents = (first.document, second.document) if first is not None and second is not None else None
    link: Bridge = {}
    if evidence is not None:
        link = _bridge(first, second, reports[1], evidence)
    found = compare(*reports, documents, link, between(documents))
    if json:
        print_json(_data(found))
        return 0
    if documents is None:
        complain([problem("not-installed", "par compare", "", "warning")], lang)
    if unit is not None:
        return _unit(found, unit, lang)
    _league(found, lang)
    return 0


def as_reported(methodology: Mapping[str, Any]) -> Methodology | None:
    """The installed methodology, when it is exactly the one of the report."""
    try:
        found = load(methodology["id"])
    except ParError:
        return None
    return found if found.fingerprint == methodology["fingerprint"] else None


def followed(document: Document | None) -> Iterator[str]:
    """The ids of the methodologies that a methodology follows, the nearest first, as far as they are installed."""
    while document is not None and document.supersedes is not None:
        yield document.supersedes
        try:
            document = load(document.supersedes).document
        except ParError:  # not installed: what it follows is not known
            return


def between(documents: tuple[Document, Document] | None) -> list[str]:
    """The ids of the methodologies between an older and a newer one; none when the newer does not follow the older."""
    if documents is None:
        return []
    older, ids = documents[0].id, list(followed(documents[1]))
    return ids[: ids.index(older)] if older in ids else []


def _bridge(old: Methodology | None, new: Methodology | None, report: Mapping[str, Any], evidence: Path) -> Bridge:
    from par_engine.comparison.cross_scoring import bridge

    if old is None or new is None:
        _refuse(evidence, "both methodologies must be installed as they were reported", "không cài đúng bộ tiêu chí")
    ready = new.read(evidence)
    if ready.sha256 != report["evidence"]["sha256"]:
        _refuse(evidence, "this is not the evidence of the newer report", "đây không phải số liệu của báo cáo mới")
    return bridge(old, new.assess(ready))


def _refuse(path: Path, what: str, vi: str) -> NoReturn:
    raise DocumentError(
        [own_problem(path.name, "", "other-evidence", what, "leave --evidence out", "error", vi, "bỏ --evidence")]
    )


def _league(found: Comparison, lang: Lang) -> None:
    vi = lang == "vi"
    moves = found.of(TOTAL)
    parts = _columns(moves)
    ranks = [{u["unit"]: u["rank"] for u in report["units"]} for report in (found.old, found.new)]
    for one in found.carried:  # a mean has no place
        ranks[0][one.unit] = None if one.merged else ranks[0].get(one.older[0])
    heads = ["Đơn vị", "Trước", "Sau", "Thay đổi"] if vi else ["unit", "before", "after", "change"]
    heads += [_PARTS[part][not vi] for part in parts] + (["Hạng", "Ghi chú"] if vi else ["rank", "note"])
    rows = []
    for move in sorted(moves, key=_by_change):
        before, after = (ranks[i].get(move.unit) for i in (0, 1))
        rank = "" if before is None and after is None else f"{before or '—'} → {after or '—'}"
        rows.append([move.name, *_numbers(move, parts, lang), rank, _why(move, lang)])
    side: list[Justify] = ["left", *(["right"] * (3 + len(parts))), "left", "left"]  # type: ignore[list-item]
    if rows:
        table(heads, rows, side)
    else:
        say("Không có đơn vị chung." if vi else "No unit is in both reports.")
    apart = sum(not move.compares for move in moves)
    mean = found.mean()
    if mean is not None and not apart:
        shown = "; ".join(f"{_PARTS[part][not vi]} {_signed(x, lang)}" for part, x in mean.items() if x)
        change = _signed(sum(mean.values(), Fraction(0)), lang)
        say(f"\n{'Bình quân' if vi else 'Mean'}: {change}" + (f" ({shown})" if shown else ""))
    if apart:
        say(
            f"\n{apart} trên {len(moves)} đơn vị không so sánh được (xem ghi chú), nên bình quân cũng không."
            if vi
            else f"\n{apart} of {len(moves)} units do not compare (see the notes), so neither does the mean."
        )
    for one in found.carried:
        name = next(unit["name"] for unit in found.new["units"] if unit["unit"] == one.unit)
        say(f"{name}: {one.words().get(lang)}")
    for ids, report, words in (
        (found.gone, found.old, ("Chỉ có trong báo cáo cũ", "Only in the older report")),
        (found.come, found.new, ("Chỉ có trong báo cáo mới", "Only in the newer report")),
    ):
        if ids:
            names = {unit["unit"]: unit["name"] for unit in report["units"]}
            say(f"{words[not vi]}: {', '.join(names[id] if vi else id for id in ids)}")


def _unit(found: Comparison, name: str, lang: Lang) -> int:
    wanted = {u["unit"] for u in found.new["units"] if fold(name) in (fold(u["unit"]), fold(u["name"]))}
    moves = [move for move in found.moves if move.unit in wanted and _tells(move)]
    if not moves:
        names = [unit["name"] for unit in found.new["units"]]
        raise DocumentError([problem("unknown-unit", "par compare", name=quote(name), near=nearest(name, names))])
    vi = lang == "vi"
    parts = _columns(moves)
    heads = ["Mã", "Mục", "Trước", "Sau", "Thay đổi"] if vi else ["code", "item", "before", "after", "change"]
    heads += [_PARTS[part][not vi] for part in parts] + ["Không so sánh được vì" if vi else "not comparable:"]
    rows = [
        [_code(move.code, lang), move.title.get(lang), *_numbers(move, parts, lang), _why(move, lang)] for move in moves
    ]
    side: list[Justify] = ["left", "left", *(["right"] * (3 + len(parts))), "left"]  # type: ignore[list-item]
    table(heads, rows, side)
    return 0


def _code(code: str, lang: Lang) -> str:
    """The code of an item; Vietnamese says in words what the total and the streams are instead of an id."""
    if lang == "vi" and (code == TOTAL or code.startswith("stream:")):
        return "Tổng" if code == TOTAL else "Nguồn điểm"
    return code


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
