"""Edges: where shares, changes and scales turn, each with values that stand exactly there or just beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from par_engine.base.types import Fact, Text, Value, declared, declared_share
from par_engine.rules.bands import Bands
from par_engine.rules.base import Leaf
from par_engine.rules.ratio import Ratio

Values = tuple[Value, ...]
NEAR = Fraction(1, 100)
"""How near a share must come to an edge to count as just beside it: one percentage point."""
_WHOLE = 1000  # the whole that shares are probed with: fine enough for edges in per mille


Edge = tuple[Text, Values, Callable[[Values], bool]]
"""A place, values that stand there, and whether others do."""


def bounds(fact: Fact) -> tuple[Fraction, Fraction | None]:
    """The least and the greatest value of a numeric fact."""
    return (fact.min if fact.min is not None else Fraction(0)), fact.max


def text(vi: str, en: str) -> Text:
    """A text in both languages."""
    return Text(vi=vi, en=en)


def exactly(*values: Value) -> Callable[[Values], bool]:
    """The edge that only these values stand at."""
    return lambda other: other == values


def ratio(leaf: Leaf, rule: Ratio) -> Iterator[Edge]:
    """The edges of part over whole."""
    cuts = sorted({rule.floor, rule.full_at} - {Fraction(0)})
    between = (rule.floor + rule.full_at) / 2
    yield from _shares(leaf, "share", [(Fraction(0), "at"), *((x, side) for x in cuts for side in ("below", "at"))])
    yield from _shares(leaf, "share", [(between, "between")])
    yield from _shares(leaf, "share", [(max(Fraction(1), rule.full_at) + Fraction(1, 10), "over")])
    yield from _zero(leaf)


def bands(leaf: Leaf, rule: Bands) -> Iterator[Edge]:
    """The edges of the bands of a measure."""
    kind = rule.measure.kind
    wanted: list[tuple[Fraction, str]] = []
    for band in rule.bands:
        if band.lower is not None:
            wanted += [(band.lower, side) for side in ("below", "at", "above")]
        if band.points_to is not None and band.lower is not None and band.upper is not None:
            wanted.append(((band.lower + band.upper) / 2, "between"))
    if kind == "share":
        wanted.append((max((x for x, _ in wanted), default=Fraction(1)) + 1, "over"))
    elif rule.bands[-1].upper is not None:
        wanted += [(rule.bands[-1].upper, side) for side in ("below", "at")]
    elif rule.bands[-1].lower is not None:
        wanted.append((rule.bands[-1].lower * 2 + 1, "over"))
    if kind != "fact":
        yield from _shares(leaf, kind, wanted)
        yield from _zero(leaf)
        return
    step = Fraction(1, 10 ** leaf.facts[0].scale)
    for x, side in sorted(set(wanted), key=_in_order):
        for value, name in _beside(x, side, step):
            yield _side(value, name, declared(x, "vi"), declared(x, "en")), (value,), exactly(value)


def _beside(x: Fraction, side: str, step: Fraction) -> Iterator[tuple[Fraction, str]]:
    if side == "below":
        yield Fraction(math.ceil(x / step) - 1) * step, "below"
    elif side == "above":
        yield Fraction(math.floor(x / step) + 1) * step, "above"
    elif side != "at" or (x / step).denominator == 1:  # where no value stands there, only its neighbours are edges
        yield Fraction(math.floor(x / step)) * step, side


_SIDES = {
    "below": ("ngay dưới {}", "just below {}"),
    "at": ("đúng tại {}", "exactly at {}"),
    "between": ("khoảng giữa, {}", "in between, {}"),
    "above": ("ngay trên {}", "just above {}"),
    "over": ("vượt xa, {}", "far beyond, {}"),
}


def _in_order(wanted: tuple[Fraction, str]) -> tuple[Fraction, int]:
    return wanted[0], list(_SIDES).index(wanted[1])


def _side(value: Fraction, side: str, vi: str, en: str) -> Text:
    return text(_SIDES[side][0].format(vi), _SIDES[side][1].format(en))


def _share_of(kind: str, values: Values) -> Fraction | None:
    num, den = values
    assert isinstance(num, Fraction) and isinstance(den, Fraction)
    if den == 0:
        return None
    return num / den if kind == "share" else (num - den) / den


def _shares(leaf: Leaf, kind: str, wanted: Sequence[tuple[Fraction, str]]) -> Iterator[Edge]:
    for x, side in sorted(set(wanted), key=_in_order):
        found = _pair(leaf, kind, x, side)
        if found is not None:
            yield _side(x, side, declared_share(x, "vi"), declared_share(x, "en")), found, _near(kind, x, side)


def _pair(leaf: Leaf, kind: str, x: Fraction, side: str) -> Values | None:
    """Part and whole whose share lies at `x`, or one step of the part beside it; None when the facts cannot."""
    step = Fraction(1, 10 ** leaf.facts[0].scale)
    (least_part, most_part), (least, most) = bounds(leaf.facts[0]), bounds(leaf.facts[1])
    factor = x if kind == "share" else 1 + x
    if most_part is not None and factor > 0:
        most = most_part / factor if most is None else min(most, most_part / factor)
    grid = Fraction(factor.denominator)
    top = Fraction(_WHOLE) if most is None else min(Fraction(_WHOLE), most)
    whole = max(math.floor(top / grid) * grid, math.ceil(least / grid) * grid, grid)
    if most is not None and whole > most:
        whole = Fraction(math.floor(most)) if side in ("between", "over") else Fraction(0)
    if whole <= 0:
        return None
    part = Fraction(math.floor(factor * whole / step)) * step
    part += {"below": -step, "above": step}.get(side, Fraction(0))
    return (part, whole) if part >= least_part else None


def _near(kind: str, x: Fraction, side: str) -> Callable[[Values], bool]:
    def hit(values: Values) -> bool:
        share = _share_of(kind, values)
        if share is None:
            return False
        if side == "at":
            return share == x
        if side == "below":
            return x - NEAR <= share < x
        if side == "above":
            return x < share <= x + NEAR
        return share > 1 and abs(share - x) <= 1 if side == "over" else abs(share - x) <= 5 * NEAR

    return hit


def _zero(leaf: Leaf) -> Iterator[Edge]:
    zero = Fraction(0)

    def hit(values: Values) -> bool:
        return values[-1] == 0

    yield text("mẫu số bằng 0", "the whole is 0"), (zero, zero), hit
