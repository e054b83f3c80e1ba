"""Bind: evidence laid out as the blocks that kernels score, with a status beside each leaf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.types import MISSING, NOT_APPLICABLE, OUTCOMES, PENDING
from par_engine.evidence.model import Evidence
from par_engine.methodology.scheme import Scheme
from par_engine.rules.base import Cells, Codes


class Bound(NamedTuple):
    """Evidence ready to score: per block its input arrays (units × columns), per leaf a status (units × leaves).

    A status is 0 where the facts are there, else the code of the outcome. `heavy` lists the cells whose numbers are so
    large that they are scored one by one in whole numbers of any size.
    """

    rows: int
    inputs: tuple[tuple[Cells, ...], ...]
    status: Codes
    heavy: tuple[tuple[int, int], ...] = ()


def bind(scheme: Scheme, evidence: Evidence) -> Bound:
    """Lay out validated evidence for scoring."""
    status = _status(scheme, evidence)
    values = evidence.values
    inputs = tuple(
        tuple(_narrow(values[:, list(columns)]) for columns in kernel.columns) for _, kernel in scheme.blocks
    )
    heavy: list[tuple[int, int]] = []
    for (block, kernel), arrays in zip(scheme.blocks, inputs, strict=True):
        mask = kernel.heavy(arrays)
        if mask is not None:
            heavy += [(int(row), block.start + int(leaf)) for row, leaf in np.argwhere(mask)]
    return Bound(len(values), inputs, status, tuple(heavy))


def _narrow(cells: Cells) -> Cells:
    """The same numbers row by row, in 32 or 8 bits where they fit: less memory to move. One unit is not worth it."""
    if len(cells) < 64 or not cells.size:
        return cells
    low, high = int(cells.min()), int(cells.max())
    if low >= -128 and high < 128:
        return cells.astype(np.int8, order="C")
    if low >= -(2**31) and high < 2**31:
        return cells.astype(np.int32, order="C")
    return np.ascontiguousarray(cells)


def _presence(scheme: Scheme) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Codes]:
    cached: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Codes] | None = scheme.__dict__.get("_presence")
    if cached is None:
        order = {name: i for i, name in enumerate(scheme.document.facts)}
        names = [leaf.rule.facts() for leaf in scheme.leaves]
        starts = np.cumsum([0, *(len(n) for n in names)])[:-1]
        awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
        absent = [PENDING if scheme.items[leaf.code].stream in awaited else MISSING for leaf in scheme.leaves]
        cached = (
            np.array([order[name] for group in names for name in group], dtype=np.intp),
            starts.astype(np.intp),
            np.array(absent, dtype=np.uint8),
        )
        scheme.__dict__["_presence"] = cached
    return cached


def _status(scheme: Scheme, evidence: Evidence) -> Codes:
    facts, starts, absent = _presence(scheme)
    if evidence.present.all():
        status = np.zeros((len(evidence.units), len(scheme.leaves)), dtype=np.uint8)
    else:
        complete = np.logical_and.reduceat(evidence.present[:, facts], starts, axis=1)
        status = np.where(complete, np.uint8(0), absent)
    position: Mapping[str, int] = scheme.position
    # not_applicable is said of a whole branch last, so that it wins over what is said of a part
    for declared in sorted(evidence.declared, key=lambda d: (OUTCOMES.index(d.outcome) == NOT_APPLICABLE, d.code)):
        for code in scheme.under(declared.code):
            status[declared.row, position[code]] = OUTCOMES.index(declared.outcome)
    status.flags.writeable = False
    return status
