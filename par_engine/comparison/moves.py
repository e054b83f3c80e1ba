"""Moves: one figure in two reports, its change in exact parts, and every reason why the two numbers do not compare."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, get_args

from par_engine.base.decimals import plain
from par_engine.base.types import Text, say
from par_engine.comparison.methodologies import matched
from par_engine.comparison.succession import Carried
from par_engine.methodology.model import TOTAL, Document, Item
from par_engine.methodology.scheme import Scheme
from par_engine.results.report_reading import other_measure

Part = Literal["evidence", "rules", "maxima", "units", "unseparated"]
_SIDES = (("cũ", "older"), ("mới", "newer"))
PARTS: tuple[Part, ...] = get_args(Part)
Bridge = Mapping[tuple[str, str], Fraction]
"""Points of (unit, older leaf) that the newer evidence earns under the older rules."""


@dataclass(frozen=True)
class Move:
    """One figure of one unit in both reports.

    `change` is the newer points less the older ones; an item that is not there or does not apply counts 0, and where a
    number is unknown there is no change. `parts` sum to it; both go into sums, and are shown only where `compares`.
    `code` is `total`, an item's code in the newer report (the older one's when it is gone), or `stream:ID`. With any
    `reasons` the two numbers do not compare, and each says why.
    """

    unit: str
    name: str
    code: str
    title: Text
    old: Fraction | None
    new: Fraction | None
    old_max: Fraction | None
    new_max: Fraction | None
    change: Fraction | None
    parts: Mapping[Part, Fraction]
    reasons: tuple[Text, ...]

    @property
    def compares(self) -> bool:
        """Whether the two numbers may be subtracted from one another before people."""
        return not self.reasons

    def as_dict(self) -> dict[str, Any]:
        """The move as JSON, numbers as decimal text, or as a fraction where they have none; no change of what differs
        in kind.
        """
        numbers = {"old": self.old, "new": self.new, "old_max": self.old_max, "new_max": self.new_max}
        return {
            "unit": self.unit,
            "code": self.code,
            "title": self.title.model_dump(),
            **{key: None if x is None else exact_text(x) for key, x in numbers.items()},
            "change": None if self.change is None or not self.compares else exact_text(self.change),
            "parts": {part: exact_text(x) for part, x in self.parts.items() if self.compares},
            "not_comparable": [reason.model_dump() for reason in self.reasons],
        }


class Context:
    """What is the same for all units: how items correspond, what both reports share, what breaks the comparison."""

    def __init__(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        documents: tuple[Document, Document] | None,
        bridge: Bridge,
        carried: Mapping[str, Carried],
        between: Sequence[str] = (),
    ) -> None:
        self.bridge, self.carried = bridge, carried
        self.same_scheme = old["methodology"]["fingerprint"] == new["methodology"]["fingerprint"]
        self.same_evidence = old["evidence"]["sha256"] == new["evidence"]["sha256"]
        self.across = old["methodology"]["id"] != new["methodology"]["id"]
        self.older: dict[str, str] = {}  # code of the newer item -> code of the older one
        self.titles: tuple[dict[str, Text], dict[str, Text]] = ({}, {})
        self.broken: dict[str, list[Text]] = {}
        self.formerly: dict[str, list[str]] = {}
        self.schemes: tuple[Scheme, Scheme] | None = None
        self.unchanged: set[str] = set()
        self.streams: dict[str, set[str]] = {}
        if documents is None:
            codes = {code for unit in new["units"][:1] for code in unit["items"]}
            self.older = {code: code for unit in old["units"][:1] for code in unit["items"] if code in codes}
            return
        pairs = matched(*documents)[0]
        self.older = {after.code: before.code for before, after in pairs}
        self.unchanged = {
            after.code for before, after in pairs if _scored(documents[0], before) == _scored(documents[1], after)
        }
        self.titles = _titles(documents[0]), _titles(documents[1])
        self.broken = _broken(documents[1], {documents[0].id, *between})
        self.formerly = {unit.id: unit.formerly for unit in documents[1].units if unit.formerly}
        self.schemes = Scheme(documents[0], ""), Scheme(documents[1], "")
        for scheme in self.schemes:
            for id, members in scheme.stream_leaves.items():
                for leaf in members:
                    self.streams.setdefault(leaf, set()).add(id)

    def moves(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Move]:
        """The moves of one unit: total, streams, items, then items that are gone."""
        leaves: dict[str, Move] = {}
        newer = set(self.older.values())
        inner_before, inner = (scheme.children for scheme in self.schemes) if self.schemes else ({}, {})
        for code, figure in new["items"].items():
            if code not in inner:
                older = self.older.get(code)
                leaves[code] = self._move(old, new, code, old["items"].get(older) if older else None, figure)
        gone = [
            self._move(old, new, code, figure, None)
            for code, figure in old["items"].items()
            if code not in newer and code not in inner_before
        ]
        yield self._inner(old, new, TOTAL, old, new, [*leaves.values(), *gone])
        for id, figure in new["streams"].items():
            mine = [leaf for leaf in (*leaves.values(), *gone) if id in self.streams.get(leaf.code, ())]
            yield self._inner(old, new, f"stream:{id}", old["streams"].get(id), figure, mine)
        for code, figure in new["items"].items():
            if code in leaves:
                yield leaves[code]
            else:
                older = self.older.get(code)
                under = [leaves[leaf] for leaf in self.schemes[1].under(code) if leaf in leaves] if self.schemes else []
                yield self._inner(old, new, code, old["items"].get(older) if older else None, figure, under)
        yield from gone

    def _inner(
        self, old: Mapping[str, Any], new: Mapping[str, Any], code: str, before: Any, after: Any, leaves: Sequence[Move]
    ) -> Move:
        """An inner item: the parts of its leaves, and what caps, gates and means make of them counted as rules.

        Where a leaf has no number of its own (it is inside a stated figure), the item is taken as one figure.
        """
        whole = self._move(old, new, code, before, after)
        one_cause = self.same_scheme or self.same_evidence or self.schemes is None
        unknown = whole.change is None or any(leaf.change is None for leaf in leaves)
        if one_cause or unknown or whole.old_max is None or whole.new_max is None or whole.change is None:
            return whole
        parts = {part: sum((leaf.parts.get(part, Fraction(0)) for leaf in leaves), Fraction(0)) for part in PARTS}
        parts["rules"] += whole.change - sum(parts.values())
        shown = {part: x for part, x in parts.items() if x}
        return replace(whole, parts=shown)

    def _move(self, old: Mapping[str, Any], new: Mapping[str, Any], code: str, before: Any, after: Any) -> Move:
        points = [None if f is None or f["points"] is None else Fraction(f["points"]) for f in (before, after)]
        tops = [None if f is None else Fraction(f["max"]) for f in (before, after)]
        bridged = self.bridge.get((new["unit"], self.older.get(code, code)))
        p1, p2 = (_counted(figure, x) for figure, x in zip((before, after), points, strict=True))
        change = p2 - p1 if p1 is not None and p2 is not None else None
        parts = self._parts(code, p1, tops[0], p2, tops[1], bridged) if p1 is not None and p2 is not None else {}
        return Move(
            new["unit"],
            new["name"],
            code,
            self.titles[after is not None].get(code) or Text(vi=code, en=code),
            points[0],
            points[1],
            tops[0],
            tops[1],
            change,
            {part: x for part, x in parts.items() if x},
            tuple(self._reasons(new["unit"], code, (before, after), tops)),
        )

    def _parts(
        self,
        code: str,
        p1: Fraction,
        m1: Fraction | None,
        p2: Fraction,
        m2: Fraction | None,
        bridged: Fraction | None,
    ) -> dict[Part, Fraction]:
        """Exact parts of p2 - p1: evidence and rules at the older maximum, then the change of the maximum."""
        if m1 is None or m2 is None:
            return {"rules": p2 - p1}
        scaled = p2 * m1 / m2 if m2 else p2
        maxima = p2 - scaled
        if self.same_scheme or code in self.unchanged:
            return {"evidence": scaled - p1, "maxima": maxima}
        if self.same_evidence:
            return {"rules": scaled - p1, "maxima": maxima}
        if bridged is not None:
            return {"evidence": bridged - p1, "rules": scaled - bridged, "maxima": maxima}
        return {"unseparated": scaled - p1, "maxima": maxima}

    def _reasons(self, unit: str, code: str, figures: Sequence[Any], tops: Sequence[Fraction | None]) -> Iterator[Text]:
        before, after = tops
        if before is None or after is None:
            vi, en = _SIDES[before is not None]
            yield Text(vi=f"bộ tiêu chí {vi} không có mục này", en=f"the {en} methodology has no such item")
        elif before != after:
            yield Text(
                vi=f"điểm tối đa đổi từ {say(before, 'vi')} thành {say(after, 'vi')}",
                en=f"the maximum changed from {say(before, 'en')} to {say(after, 'en')}",
            )
        if None not in figures and (why := other_measure(*figures)) is not None:
            yield why
        here = [figure is not None and figure["points"] is not None for figure in figures]
        for figure, mine, other, (vi, en) in zip(figures, here, here[::-1], _SIDES, strict=True):
            if figure is not None and not mine and other:
                absent = figure["outcome"] == "not_applicable"
                vi_why, en_why = ("không áp dụng", "does not apply") if absent else ("không có điểm", "has no number")
                yield Text(vi=f"trong báo cáo {vi} {vi_why}", en=f"in the {en} report it {en_why}")
        yield from self.broken.get(code, ())
        if unit in self.carried:
            yield from [self.carried[unit].words()] if self.carried[unit].merged else []
        elif unit in self.formerly and self.across:
            names = ", ".join(self.formerly[unit])
            yield Text(vi=f"đơn vị hợp nhất từ {names}", en=f"the unit was merged from {names}")


def _counted(figure: Any, points: Fraction | None) -> Fraction | None:
    """What a figure counts for in sums: 0 where it is not there or does not apply, None where it is unknown."""
    if figure is None or figure["outcome"] == "not_applicable":
        return points or Fraction(0)
    return points


def _scored(document: Document, item: Item) -> Any:
    """All that decides the points of a leaf, besides its facts' values."""
    names = item.rule.facts() if item.rule is not None else ()
    facts = [document.facts[name].model_dump(exclude={"title", "unit", "help", "owner", "roll_up"}) for name in names]
    surveys = [document.surveys[fact["survey"]] for fact in facts if fact["survey"]]
    designs = [survey.model_dump(include={"combine", "options", "groups"}) for survey in surveys]
    mode = document.settings.model_dump(include={"leaf_decimals", "rounding"})
    missing = item.missing or document.settings.missing
    return item.rule, item.max, item.gates, missing, facts, designs, mode


def _titles(document: Document) -> dict[str, Text]:
    out = {item.code: item.title for item in document.items} | {TOTAL: document.total.title}
    return out | {f"stream:{stream.id}": stream.title for stream in document.streams}


def _broken(document: Document, since: Collection[str]) -> dict[str, list[Text]]:
    """Why figures do not compare with those of older methodologies: said of a part, and of all that contains it."""
    parents = {item.code: item.parent for item in document.items}
    out: dict[str, list[Text]] = {}
    for broken in (entry for entry in document.breaks if entry.since in since):
        codes = {*broken.items, *(item.code for item in document.items if item.stream in broken.streams)}
        if not broken.items and not broken.streams:
            codes = set(parents)
        above = {TOTAL, *codes, *(f"stream:{id}" for id in broken.streams)}
        above |= {f"stream:{item.stream}" for item in document.items if item.code in codes and item.stream}
        for code in codes:
            parent = parents[code]
            while parent is not None:
                above.add(parent)
                parent = parents[parent]
        for code in above:
            out.setdefault(code, []).append(broken.why)
    return out


def exact_text(x: Fraction) -> str:
    """An exact part: decimal text, or a fraction where it has none."""
    try:
        return plain(x)
    except ValueError:
        return f"{x.numerator}/{x.denominator}"
