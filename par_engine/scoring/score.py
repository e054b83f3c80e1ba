"""Score: bound evidence to points, block by block, some units at a time so that the work stays in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints, Reals, round_to
from par_engine.base.types import OUTCOMES, Outcome
from par_engine.methodology.scheme import Scheme
from par_engine.rules.base import CHUNK, Codes, CoreRule, Scratch
from par_engine.rules.own import values_of
from par_engine.scoring.bind import Bound

_SMALL = 1_000_000
"""Multiplications up to which the usual library of matrix products skips its preparations, which take twice as long."""


class LeafPoints(NamedTuple):
    """Scaled points (32 bits) and outcome codes, units × leaves in the scheme's leaf order, and the inner sums.

    A cell without points holds 0; its outcome says why. `sums` has one column for each row of the chosen sum matrix.
    """

    points: npt.NDArray[np.int32]
    outcomes: Codes
    sums: Ints


def score(scheme: Scheme, bound: Bound, matrix: Reals) -> LeafPoints:
    """Points and outcomes of every leaf; `matrix` (leaves × k) names the sums that are taken along the way."""
    rows, leaves = bound.status.shape
    points = np.empty((rows, leaves), dtype=np.int32)
    # untouched zeros cost no memory: where all facts are there, most of them stay so
    outcomes = bound.status.copy() if bound.status.any() else np.zeros(bound.status.shape, dtype=np.uint8)
    sums = np.empty((rows, matrix.shape[1]), dtype=np.int64)
    step = max(1, _SMALL // max(1, matrix.size))
    scratch = Scratch()
    buffer = np.empty((min(rows, CHUNK), leaves))
    heavy: dict[int, list[tuple[int, int]]] = {}
    for row, leaf in bound.heavy:
        heavy.setdefault(row // CHUNK, []).append((row, leaf))
    for start in range(0, rows, CHUNK):
        stop = min(start + CHUNK, rows)
        work, codes = buffer[: stop - start], outcomes[start:stop]
        for (block, kernel), arrays in zip(scheme.blocks, bound.inputs, strict=True):
            kernel.score([array[start:stop] for array in arrays], work[:, block], codes[:, block], scratch)
        for row, leaf in heavy.get(start // CHUNK, ()):
            _one(scheme, bound, row, leaf, work[row - start], codes[row - start])
        if codes.any():
            work[codes != 0] = 0
        points[start:stop] = work
        for first in range(0, stop - start, step):
            # whole numbers far below 2**53: the matrix product adds them exactly, in whatever order
            sums[start + first : min(start + first + step, stop)] = work[first : first + step] @ matrix
    return LeafPoints(points, outcomes, sums)


def _one(scheme: Scheme, bound: Bound, row: int, position: int, points: Reals, codes: Codes) -> None:
    """Score one cell in whole numbers of any size."""
    if bound.status[row, position]:
        return
    leaf = scheme.leaves[position]
    assert isinstance(leaf.rule, CoreRule)
    answer = leaf.rule.score(values_of(leaf, cells_of(scheme, bound, row, position)), leaf.maximum)
    if isinstance(answer, Outcome):
        codes[position], points[position] = OUTCOMES.index(answer), 0
    else:
        codes[position] = 0
        points[position] = round_to(answer, leaf.decimals, scheme.document.settings.rounding)


def cells_of(scheme: Scheme, bound: Bound, row: int, position: int) -> list[int]:
    """The integer cells of one leaf of one unit, in the order of the rule's facts."""
    for (block, _), arrays in zip(scheme.blocks, bound.inputs, strict=True):
        if block.start <= position < block.stop:
            leaves = scheme.leaves[block]
            within = position - block.start
            if len(arrays) > 1:  # one array for each fact of the rule
                return [int(array[row, within]) for array in arrays]
            widths = [sum(len(columns) for columns in leaf.columns) for leaf in leaves]
            start = sum(widths[:within])
            return [int(cell) for cell in arrays[0][row, start : start + widths[within]]]
    raise IndexError(position)
