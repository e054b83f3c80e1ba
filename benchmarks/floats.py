"""The other lane: float arrays written by hand for the synthetic scheme alone. As fast as it gets, and not exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from synthetic import LEAVES, Columns

Reals = npt.NDArray[np.float64]
CHUNK = 1024
BY_KIND = {kind: [leaf for leaf in LEAVES if leaf.kind == kind] for kind in ("share", "yes", "level", "fault", "mean")}
ORDER = [leaf for leaves in BY_KIND.values() for leaf in leaves]
TOP = {kind: np.array([leaf.top / 100 for leaf in leaves]) for kind, leaves in BY_KIND.items()}
TABLE = np.array([[points / 100 for points in leaf.levels] for leaf in BY_KIND["level"]]).ravel()
START = np.arange(len(BY_KIND["level"])) * 4
FIELDS = np.array([[float(leaf.field == field) for field in range(1, 9)] for leaf in ORDER])


def bind(facts: Columns) -> tuple[npt.NDArray[Any], ...]:
    """One contiguous array a kind."""

    def block(kind: str, suffix: str, dtype: str) -> npt.NDArray[Any]:
        return np.stack([facts[leaf.code + suffix] for leaf in BY_KIND[kind]], axis=1).astype(dtype)

    means = block("mean", "", "f8") / 100
    return (
        block("share", ".a", "f8"),
        block("share", ".b", "f8"),
        block("yes", "", "?"),
        block("level", "", "i1"),
        block("fault", "", "f8"),
        means,
    )


def score(bound: tuple[npt.NDArray[Any], ...]) -> Reals:
    """100 points, 8 printed fields and the printed total of every unit."""
    rows = len(bound[0])
    out = np.empty((rows, 109))
    quarter = TOP["mean"] / 4
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, rows, CHUNK):
            part, whole, yes, level, faults, mean = (array[start : start + CHUNK] for array in bound)
            view = out[start : start + CHUNK]
            share = part / whole
            points = np.minimum(share, 1)
            points *= TOP["share"]
            points *= (share >= 0.8) & (whole > 0)
            view[:, :40] = points
            np.multiply(yes, TOP["yes"], out=view[:, 40:55])
            view[:, 55:70] = TABLE[level + START]
            left = faults * -0.25
            left += TOP["fault"]
            np.maximum(left, 0, out=view[:, 70:85])
            rise = mean - 1
            rise *= quarter
            view[:, 85:100] = rise
            fields = view[:, :100] @ FIELDS
            view[:, 108] = np.round(fields.sum(axis=1), 2)
            np.round(fields, 2, out=view[:, 100:108])
    return out
