"""Options: for one leaf of one unit, every better state that its facts can be brought to, and what that takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import ceil, floor, prod

from par_engine.base.decimals import round_to
from par_engine.base.types import Outcome, Value
from par_engine.methodology.boundary_cases import fits
from par_engine.methodology.scheme import Scheme
from par_engine.rules.bands import Bands
from par_engine.rules.base import CoreRule, Leaf
from par_engine.rules.checklist import Checklist
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.ratio import Ratio
from par_engine.rules.tally import Tally

GRID = 24
"""Into how many equal steps the way from here to the best value is cut where points rise continuously."""
_MOST_TICKS = 8
MOST = 20_000
"""Combinations of the facts that several leaves share; beyond it only what each of the leaves would like is tried."""


@dataclass(frozen=True)
class Option:
    """One better state of a leaf: facts with their old and new values, the scaled points gained, and the effort."""

    leaf: str
    changes: Mapping[str, tuple[Value, Value]]
    gain: int
    effort: Fraction


Efforts = Mapping[str, Fraction]
"""Declared effort by fact: of one step of a number, or of changing an answer."""


def options(
    scheme: Scheme,
    leaves: Sequence[Leaf],
    now: Mapping[str, Value],
    efforts: Efforts,
    fixed: frozenset[str] = frozenset(),
    unknown: set[str] | None = None,
) -> list[Option]:
    """All options of leaves that share facts (mostly just one), none of which costs more for no more points.

    `now` has their facts, `fixed` those that must stay; `unknown` is filled with facts that have no declared effort
    although others of the leaves have. Empty for what facts cannot move: surveys, points that an
    assessor states, a plugin's own rule. A change by which a leaf would begin or cease to count is no option.
    """
    mode = scheme.document.settings.rounding

    def scaled(leaf: Leaf, facts: Mapping[str, Value]) -> int | Outcome | None:
        values = [facts[name] for name in leaf.rule.facts()]
        if not isinstance(leaf.rule, CoreRule) or leaf.rule.refuse(values, leaf.maximum) is not None:
            return None
        points = leaf.rule.score(values, leaf.maximum)
        return points if isinstance(points, Outcome) else round_to(points, leaf.decimals, mode)

    here = [scaled(leaf, now) for leaf in leaves]
    if None in here:
        return []
    kinds = {name: fact for leaf in leaves for name, fact in zip(leaf.rule.facts(), leaf.facts, strict=True)}
    found = []
    declared = any(name in efforts for name in now)
    for state in _joint(leaves, now, fixed):
        changes = {name: (now[name], value) for name, value in state.items() if value != now[name]}
        if not changes or not all(fits(kinds[name], new) for name, (_, new) in changes.items()):
            continue
        gain = 0
        for leaf, old in zip(leaves, here, strict=True):
            new = scaled(leaf, state)
            if isinstance(old, int) and isinstance(new, int):
                gain += new - old
            elif new is not old:
                gain = 0
                break
        if gain > 0:
            if declared and unknown is not None:
                unknown |= changes.keys() - efforts.keys()
            found.append(
                Option(
                    ", ".join(leaf.code for leaf in leaves), changes, gain, _effort(changes, efforts, declared=declared)
                )
            )
    return _undominated(found)


def _joint(leaves: Sequence[Leaf], now: Mapping[str, Value], fixed: frozenset[str]) -> Iterator[dict[str, Value]]:
    """States of the facts of some leaves: of one leaf its own; of several every combination of what each would like."""
    own = []
    for leaf in leaves:
        names = leaf.rule.facts()
        states = dict.fromkeys(_states(leaf, tuple(now[name] for name in names)))
        own += [dict(now) | dict(zip(names, state, strict=True)) for state in states]
    own = [state for state in own if all(state[name] == now[name] for name in fixed if name in now)]
    if len(leaves) > 1:
        wanted = {name: list(dict.fromkeys([now[name], *(state[name] for state in own)])) for name in now}
        if prod(len(values) for values in wanted.values()) <= MOST:
            yield from (dict(zip(wanted, values, strict=True)) for values in product(*wanted.values()))
            return
    yield from own


def _effort(changes: Mapping[str, tuple[Value, Value]], efforts: Efforts, *, declared: bool) -> Fraction:
    """Declared effort; leaves none of whose facts has any cost 1 as a whole."""
    if not declared:
        return Fraction(1)
    total = Fraction(0)
    for name, (old, new) in changes.items():
        number = isinstance(old, Fraction) and isinstance(new, Fraction)
        steps = abs(new - old) if number else Fraction(1)  # type: ignore[operator]
        total += efforts.get(name, Fraction(0)) * steps
    return total


def _undominated(found: Sequence[Option]) -> list[Option]:
    best: list[Option] = []
    for option in sorted(found, key=lambda o: (o.effort, -o.gain)):
        if not best or option.gain > best[-1].gain:
            best.append(option)
    return best


def _states(leaf: Leaf, now: tuple[Value, ...]) -> Iterator[tuple[Value, ...]]:
    rule = leaf.rule
    if isinstance(rule, Choice):
        fact = leaf.facts[0]
        yes_no: list[Value] = [True, False]
        yield from ((value,) for value in (yes_no if fact.type == "boolean" else [o.id for o in fact.options or ()]))
    elif isinstance(rule, Checklist):
        open_ = [i for i, ticked in enumerate(now) if not ticked]
        sizes = range(1, len(open_) + 1) if len(open_) <= _MOST_TICKS else (1, len(open_))
        for size in sizes:
            for chosen in combinations(open_, size):
                yield tuple(True if i in chosen else value for i, value in enumerate(now))
    elif isinstance(rule, Ratio):
        yield from _shares(now, [rule.floor, rule.full_at], leaf.facts[0].scale)
    elif isinstance(rule, Bands):
        edges = [x for band in rule.bands for x in (band.lower, band.upper) if x is not None]
        if rule.measure.kind == "share":
            yield from _shares(now, edges, leaf.facts[0].scale)
        elif rule.measure.kind == "change":
            yield from _shares(now, [1 + x for x in edges], leaf.facts[0].scale)
        else:
            yield from ((x,) for x in _amounts(now[0], edges, leaf.facts[0].scale))
    elif isinstance(rule, Tally):
        yield from ((x,) for x in _amounts(now[0], [leaf.maximum / rule.each], 0))
    elif isinstance(rule, Deduction):
        yield from ((x,) for x in _amounts(now[0], [Fraction(0)], 0))


def _shares(now: tuple[Value, ...], edges: Sequence[Fraction], decimals: int) -> Iterator[tuple[Value, ...]]:
    """Other numerators over the same denominator."""
    part, whole = now
    assert isinstance(part, Fraction) and isinstance(whole, Fraction)
    yield from ((x, whole) for x in _amounts(part, [edge * whole for edge in edges], decimals))


def _amounts(now: Value, edges: Sequence[Fraction], decimals: int) -> Iterator[Fraction]:
    """Amounts at and just beside the edges, and a grid from here to the farthest edge on either side."""
    assert isinstance(now, Fraction)
    one = 10**decimals
    wanted = {edge * one + beside for edge in edges for beside in (-1, 0, 1)}
    for end in {min(edges, default=now), max(edges, default=now)}:
        wanted |= {(now + (end - now) * i / GRID) * one for i in range(1, GRID + 1)}
    for n in sorted({n for x in wanted for n in (floor(x), ceil(x))}):
        if n >= 0 and n != now * one:
            yield Fraction(n, one)
