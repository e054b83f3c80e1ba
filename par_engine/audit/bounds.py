"""Bounds: the best and the worst place of each unit, whatever the leaves that nobody knows yet turn out to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from par_engine.audit.leave_one_out import Flags, Totals, places, totals_of
from par_engine.base.decimals import Ints
from par_engine.base.types import MISSING, PENDING, SCORED
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme
from par_engine.results.assessment import Assessment
from par_engine.scoring.rank import rank


class Bounds(NamedTuple):
    """Best and worst place (0 for none) and the number of unknown leaves, by row; `told` is False where no place is."""

    best: Ints
    worst: Ints
    unknown: Ints
    told: bool = True


def bounds(before: Assessment, ranked: Flags) -> Bounds:
    """Each unit at its best against all others at their worst, and the other way round.

    Not told where that is not the extreme: where more points of an unknown leaf may raise a total or lower it, and
    under the tie rule `dense`, by which others move a place by coming to tie.
    """
    scheme, scored = before.scheme, before.scored
    open_ = before.sums.leaf_outcomes  # a bonus of what does not apply is not unknown
    unknown = (open_ == MISSING) | (open_ == PENDING)
    if before.sums.covered is not None:
        unknown &= ~before.sums.covered
    signs = directions(scheme)
    counts = np.array([bool(signs[leaf.code]) for leaf in scheme.leaves])
    unknown &= counts
    count: Ints = unknown.sum(axis=1)
    if not unknown.any():
        found = places(before, totals_of(before, scored.points, scored.outcomes), ranked)
        return Bounds(found, found, count)
    mixed = np.array([len(signs[leaf.code]) > 1 for leaf in scheme.leaves])
    if (unknown & mixed).any() or scheme.document.settings.ties == "dense":
        return Bounds(np.zeros_like(count), np.zeros_like(count), count, told=False)
    rising = np.array([1 in signs[leaf.code] for leaf in scheme.leaves])
    tops = np.array([leaf.top for leaf in scheme.leaves], dtype=np.int32)
    outcomes = np.where(unknown, SCORED, scored.outcomes).astype(np.uint8)
    low, high = (
        totals_of(before, np.where(unknown, np.where(rising == up, tops, 0), scored.points).astype(np.int32), outcomes)
        for up in (False, True)
    )
    return Bounds(_each(before, high, low, ranked), _each(before, low, high, ranked), count)


def _each(before: Assessment, mine: Totals, others: Totals, ranked: Flags) -> Ints:
    """The place of every unit with one totals among the others with the other, by the tie rule."""
    settings = before.scheme.document.settings
    points, attainable, known = (np.concatenate(pair) for pair in zip(mine, others, strict=True))
    ready = np.tile(ranked, 2) & known & (attainable > 0)
    # one order of all totals of either kind: smaller is better, equal is equal
    dense = settings.model_copy(update={"ties": "dense"})
    own, other = np.split(rank(points, attainable, ready, ready, (), dense).rank, 2)
    league = np.sort(other[other > 0])
    itself = other > 0
    if settings.ties == "modified":
        ahead = np.searchsorted(league, own, "right") - (itself & (other <= own))
    else:
        ahead = np.searchsorted(league, own, "left") - (itself & (other < own))
    return np.where(own > 0, ahead + 1, 0)


def directions(scheme: Scheme) -> Mapping[str, frozenset[int]]:
    """By item: 1 where more of its points can raise the total, -1 where they can lower it; empty where neither."""
    gated: dict[str, list[str]] = {}
    for code in scheme.order:
        for gate in scheme.node(code).gates:
            gated.setdefault(gate.item, []).append(code)
    out: dict[str, frozenset[int]] = {TOTAL: frozenset((1,))}

    def of(code: str) -> frozenset[int]:
        if code not in out:
            item = scheme.items[code]
            role = {"penalty": -1, "check": 0}.get(item.role or "", 1)
            found = {role * sign for sign in of(item.parent or TOTAL)}
            found |= {sign for other in gated.get(code, ()) for sign in of(other)}
            out[code] = frozenset(found - {0})
        return out[code]

    for code in scheme.items:
        of(code)
    return out
