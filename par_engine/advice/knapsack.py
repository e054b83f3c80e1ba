"""Optimum: of several options a leaf at most one each, so that the gain is reached with the least effort; exact."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

import numpy as np

from par_engine.advice.options import Option

METHOD = ("quy hoạch động chính xác", "exact dynamic programming")


def cheapest(choices: Sequence[Sequence[Option]], need: int) -> list[Option] | None:
    """The options, at most one of each sequence, whose gains reach `need` with the least effort; None if none do.

    A multiple-choice knapsack over whole numbers: gains are scaled points, efforts are brought to one denominator. Of
    two equally cheap selections the one with fewer changes is taken.
    """
    if need <= 0:
        return []
    every = [option for leaf in choices for option in leaf]
    if sum(max((o.gain for o in leaf), default=0) for leaf in choices) < need:
        return None
    step = gcd(need, *(o.gain for o in every))
    unit = lcm(*(o.effort.denominator for o in every))
    size = need // step
    # effort first, then the number of changes, in one whole number
    weight = len(choices) + 1
    costs = [[int(o.effort * unit) * weight + 1 for o in leaf] for leaf in choices]
    far = sum(max(c, default=0) for c in costs) + 1  # more than anything costs
    # rest[r]: the least cost of covering what is still needed, r, with the leaves from here on
    rest = np.full(size + 1, far, dtype=np.int64 if far < 2**62 else object)
    rest[0] = 0
    taken = np.full((len(choices), size + 1), -1, dtype=np.int16)
    for i in reversed(range(len(choices))):
        after = rest.copy()
        for j, (option, cost) in enumerate(zip(choices[i], costs[i], strict=True)):
            gain = min(option.gain // step, size)
            covered = np.concatenate([np.full(gain, rest[0], dtype=rest.dtype), rest[: size + 1 - gain]])
            better = (covered < far) & (covered + cost < after)
            after[better] = covered[better] + cost
            taken[i][better] = j
        rest = after
    found, left = [], size
    for i, leaf in enumerate(choices):
        j = int(taken[i][left])
        if j >= 0:
            found.append(leaf[j])
            left = max(0, left - leaf[j].gain // step)
    return found
