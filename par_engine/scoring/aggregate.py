"""Aggregate: leaf points to points, attainable and outcome of every inner item and every stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints, Reals
from par_engine.base.types import MISSING, NOT_APPLICABLE, PENDING
from par_engine.evidence.model import Evidence, Stated
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme
from par_engine.rules.base import Codes
from par_engine.scoring.score import LeafPoints
from par_engine.scoring.tree_totals import Conflict, set_aside, settle

CHUNK = 4096
Flags = npt.NDArray[np.bool_]


class Sums(NamedTuple):
    """Points and attainable of the inner items and streams of all units, scaled; columns as in `codes`.

    Where `known` is false there is no number: a part is stated elsewhere, or is missing where the methodology blocks.
    `awaiting` marks units of which a part is pending. `covered` marks leaves whose points are inside a stated figure.
    `leaf_points` and `leaf_outcomes` are those of the leaves after gates, and after what does not apply has taken its
    bonuses and penalties with it; `alone` names, by row and leaf, the stated figure that gives
    them where the leaf is all of it.
    """

    codes: Mapping[str, int]
    points: Ints
    attainable: Ints
    outcomes: Codes
    known: Flags
    awaiting: Flags
    leaf_points: npt.NDArray[np.int32]
    leaf_outcomes: Codes
    covered: Flags | None = None
    stated: frozenset[tuple[int, str]] = frozenset()
    alone: Mapping[tuple[int, int], str] = {}
    conflicts: tuple[Conflict, ...] = ()


def stream_key(stream: str) -> str:
    """The name of a stream among the codes of items: `stream:appraisal`."""
    return f"stream:{stream}"


class Layout(NamedTuple):
    """Which leaves make up which sum: one matrix for all inner items and streams of a scheme."""

    codes: Mapping[str, int]
    members: Reals  # leaves × sums, 1 where the leaf belongs
    sizes: Reals
    tops: Reals
    keeps: Flags  # leaves whose maximum stays attainable when they are missing
    blocks: Flags
    total: int


def layout(scheme: Scheme) -> Layout:
    """The layout of a scheme; made once."""
    cached: Layout | None = scheme.__dict__.get("_layout")
    if cached is not None:
        return cached
    doc = scheme.document
    codes = [inner.code for inner in scheme.inner] + [stream_key(stream.id) for stream in doc.streams]
    members = np.zeros((len(scheme.leaves), len(codes)))
    at = {code: j for j, code in enumerate(codes)}
    for inner in scheme.inner:
        members[[scheme.position[code] for code in scheme.under(inner.code)], at[inner.code]] = 1
    for stream, leaves in scheme.stream_leaves.items():
        members[[scheme.position[code] for code in leaves], at[stream_key(stream)]] = 1
    policies = [scheme.items[leaf.code].missing or doc.settings.missing for leaf in scheme.leaves]
    cached = Layout(
        at,
        members,
        members.sum(axis=0),
        np.array([leaf.top for leaf in scheme.leaves], dtype=np.float64),
        np.array([policy == "zero" for policy in policies]),
        np.array([policy == "block" for policy in policies]),
        at[TOTAL],
    )
    scheme.__dict__["_layout"] = cached
    return cached


def aggregate(scheme: Scheme, evidence: Evidence | None, scored: LeafPoints) -> Sums:
    """Totals of all units. Without `evidence` nothing is stated."""
    lay = layout(scheme)
    rows, width = scored.sums.shape
    full = (lay.tops @ lay.members).astype(np.int64)
    stated = evidence.stated if evidence is not None else ()
    simple = scheme.plain and not stated
    if simple and not scored.outcomes.any():
        # nothing is missing anywhere: one row stands for all
        same = [np.broadcast_to(row, (rows, width)) for row in (full, np.zeros(width, np.uint8), np.ones(width, bool))]
        waits = np.broadcast_to(np.False_, rows)
        return Sums(lay.codes, scored.sums, same[0], same[1], same[2], waits, scored.points, scored.outcomes)
    if not scheme.plain:
        scored = set_aside(scheme, scored)
    attainable = np.empty((rows, width), dtype=np.int64)
    outcomes = np.zeros((rows, width), dtype=np.uint8)
    known = np.ones((rows, width), dtype=bool)
    awaiting = np.zeros(rows, dtype=bool)
    for start in range(0, rows, CHUNK):
        part = slice(start, min(start + CHUNK, rows))
        codes = scored.outcomes[part]
        if codes.any():
            _with_gaps(lay, codes, attainable[part], outcomes[part], known[part], awaiting[part])
        else:
            attainable[part] = full
    sums = Sums(lay.codes, scored.sums, attainable, outcomes, known, awaiting, scored.points, scored.outcomes)
    return sums if simple else _settled(scheme, lay, stated, scored, sums)


def _with_gaps(lay: Layout, codes: Codes, attainable: Ints, outcomes: Codes, known: Flags, awaiting: Flags) -> None:
    missing, pending, absent = (codes == code for code in (MISSING, PENDING, NOT_APPLICABLE))
    open_ = (codes == 0) | (missing & lay.keeps)
    attainable[:] = (open_ * lay.tops) @ lay.members
    gaps, waits, out = (mask.astype(np.float64) @ lay.members for mask in (missing, pending, absent))
    outcomes[waits > 0] = PENDING
    outcomes[gaps > 0] = MISSING
    outcomes[out == lay.sizes] = NOT_APPLICABLE
    known &= ~(((missing & lay.blocks).astype(np.float64) @ lay.members) > 0)
    awaiting |= waits[:, lay.total] > 0


def _settled(scheme: Scheme, lay: Layout, stated: tuple[Stated, ...], scored: LeafPoints, sums: Sums) -> Sums:
    """The same with stated points, caps, gates, bonuses and means, on the rows that need them."""
    rows = np.arange(len(sums.points)) if not scheme.plain else np.array(sorted({s.row for s in stated}), dtype=np.intp)
    covered = np.zeros(scored.outcomes.shape, dtype=bool)
    settled = settle(scheme, lay.codes, rows, stated, scored, lay.keeps, lay.blocks, covered)
    for name in ("points", "attainable", "outcomes", "known", "awaiting"):
        getattr(sums, name)[rows] = getattr(settled, name)
    leaf_points = scored.points
    if settled.leaves:
        leaf_points = leaf_points.copy()
        for position, points in settled.leaves.items():
            leaf_points[rows, position] = points
    keys = frozenset((s.row, stream_key(s.key) if s.is_stream else s.key) for s in stated)
    return sums._replace(
        leaf_points=leaf_points,
        covered=covered if stated else None,
        stated=keys,
        alone=settled.alone,
        conflicts=settled.conflicts,
    )
