"""Rank: index, place and group of every unit, from exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints, round_to
from par_engine.methodology.model import IndexGroup, Settings

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class Standing:
    """Index (printed, scaled by index_decimals), rank and group number of every unit; -1 where there is none."""

    index: Ints
    rank: Ints
    group: Ints


def printed_index(points: Ints, attainable: Ints, settings: Settings) -> Ints:
    """100 × points / attainable rounded to index_decimals, scaled; -1 where nothing is attainable."""
    out = np.full(len(points), -1, dtype=np.int64)
    ready = attainable > 0
    p, a = points[ready], attainable[ready]
    top = 200 * 10**settings.index_decimals
    if settings.rounding == "half_up" and (not len(p) or max(int(p.max()), int(a.max())) < 2**62 // top):
        out[ready] = (p * top + a) // (2 * a)
    else:
        pairs = zip(p.tolist(), a.tolist(), strict=True)
        out[ready] = [round_to(Fraction(100 * x, y), settings.index_decimals, settings.rounding) for x, y in pairs]
    return out


def rank(
    points: Ints,
    attainable: Ints,
    eligible: Flags,
    ranked: Flags,
    groups: Sequence[IndexGroup],
    settings: Settings,
    settled: Flags | None = None,
) -> Standing:
    """Standings over one item or the total. `eligible` units have an index, `ranked` ones a place too.

    `settled` ones (else all that are eligible) have a group: an index so far is in none.
    """
    index = printed_index(points, np.where(eligible, attainable, 0), settings)
    places = np.full(len(points), -1, dtype=np.int64)
    in_league = ranked & (index >= 0)
    if settings.rank_on == "printed":
        order = _dense(index[in_league])
    elif in_league.any() and (attainable[in_league] == attainable[in_league][0]).all():
        order = _dense(points[in_league])
    else:
        order = _dense_fractions(points[in_league], attainable[in_league])
    places[in_league] = _places(order, settings.ties)
    group = np.full(len(points), -1, dtype=np.int64)
    grouped = (index >= 0) if settled is None else (index >= 0) & settled
    for number in range(len(groups) - 1, -1, -1):
        group[grouped & _reaches(groups[number].from_, points, attainable, index, settings)] = number
    return Standing(index, places, group)


def _dense(keys: Ints) -> Ints:
    """The order of keys from the largest: equal keys have equal numbers, 0 is the best."""
    distinct, back = np.unique(-keys, return_inverse=True)
    del distinct
    return back.astype(np.int64)


def _dense_fractions(points: Ints, attainable: Ints) -> Ints:
    """The same for points / attainable, compared as fractions."""
    pairs, back = np.unique(np.stack([points, attainable], axis=1), axis=0, return_inverse=True)
    values = [Fraction(p, a) for p, a in pairs.tolist()]
    number = {value: i for i, value in enumerate(sorted(set(values), reverse=True))}
    return np.array([number[value] for value in values], dtype=np.int64)[back.ravel()]


def _places(order: Ints, ties: str) -> Ints:
    """1-based places from the dense order, by the tie rule."""
    if ties == "dense" or not len(order):
        return order + 1
    upto = np.cumsum(np.bincount(order))
    if ties == "modified":  # those who tie share the last of their places
        return upto[order]
    return np.concatenate([[0], upto[:-1]])[order] + 1


def _reaches(bound: Fraction, points: Ints, attainable: Ints, index: Ints, settings: Settings) -> Flags:
    if settings.group_on == "printed":
        at_least: Flags = index >= -((-bound.numerator * 10**settings.index_decimals) // bound.denominator)
        return at_least
    limit, top = bound.numerator, 100 * bound.denominator
    if len(points) and max(int(points.max()) * top, int(attainable.max()) * limit) >= 2**62:
        return np.array([p * top >= a * limit for p, a in zip(points.tolist(), attainable.tolist(), strict=True)])
    reaches: Flags = points * top >= attainable * limit
    return reaches
