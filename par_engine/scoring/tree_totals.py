"""Settle: the tree item by item, for what plain sums cannot do: stated points, caps, gates, bonuses, means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints, common, round_to
from par_engine.base.types import MISSING, NOT_APPLICABLE, PENDING, SCORED
from par_engine.evidence.model import Stated
from par_engine.methodology.model import TOTAL, Item, Total
from par_engine.methodology.scheme import Inner, Scheme
from par_engine.rules.base import Codes
from par_engine.scoring.score import LeafPoints

Flags = npt.NDArray[np.bool_]


class Conflict(NamedTuple):
    """Stated points that cannot be what their parts add up to; all numbers scaled."""

    row: int
    key: str
    stated: int
    lowest: int
    highest: int


class _Node(NamedTuple):
    """One item of all rows at once. `room` is what its unknown parts could still add, `parts` counts stated figures."""

    points: Ints
    attainable: Ints
    room: Ints
    shut: Ints  # the maxima of leaves that do not apply
    unknown: Flags
    missing: Flags
    pending: Flags
    blocked: Flags
    absent: Flags
    parts: Ints


class Settled(NamedTuple):
    """The settled rows, columns as in the layout's codes.

    `leaves` has the points of leaves that a gate may have cut or a stated figure gives, `alone` the stated figure of
    each row and leaf that is the only leaf of it.
    """

    points: Ints
    attainable: Ints
    outcomes: Codes
    known: Flags
    awaiting: Flags
    leaves: Mapping[int, Ints]
    alone: Mapping[tuple[int, int], str]
    conflicts: tuple[Conflict, ...]


def settle(
    scheme: Scheme,
    codes: Mapping[str, int],
    rows: npt.NDArray[np.intp],
    stated: Sequence[Stated],
    scored: LeafPoints,
    keeps: Flags,
    blocks: Flags,
    covered: Flags,
) -> Settled:
    """Compute the given rows; `covered` (units × leaves) is filled with the leaves that stated figures stand for."""
    where = {int(row): i for i, row in enumerate(rows)}
    figures: dict[str, dict[int, int]] = {}
    for entry in stated:
        key = f"stream:{entry.key}" if entry.is_stream else entry.key
        figures.setdefault(key, {})[where[entry.row]] = entry.points
        for leaf in _leaves_of(scheme, entry):
            covered[entry.row, scheme.position[leaf]] = True
    given = _alone(scheme, stated)
    alone: dict[tuple[int, int], str] = {}
    conflicts: list[Conflict] = []
    nodes: dict[str, _Node] = {}
    leaves: dict[int, Ints] = {}
    for code in scheme.order:
        inner = scheme.inner_by_code.get(code)
        if inner is None:
            j = scheme.position[code]
            points, outcomes = scored.points[rows, j].astype(np.int64), scored.outcomes[rows, j].copy()
            parts = np.zeros(len(rows), dtype=np.int64)
            for row, (key, figure) in given.get(j, {}).items():
                i = where[row]
                if outcomes[i] in (MISSING, PENDING):
                    points[i], outcomes[i], parts[i], alone[row, j] = figure, SCORED, 1, key
            node = _leaf(points, outcomes, scheme.leaves[j].top, covered[rows, j], keeps[j], blocks[j], parts)
            nodes[code] = _limit(scheme, scheme.items[code], node, nodes)
            if scheme.items[code].gates or parts.any():
                leaves[j] = nodes[code].points
        else:
            node = _limit(scheme, inner.item, _combine(scheme, inner, nodes), nodes)
            # a bonus counts beside parts that count
            node = node._replace(points=np.where((node.attainable > 0) | node.unknown, node.points, 0))
            nodes[code] = _state(scheme, code, inner.item.max, node, figures, rows, conflicts)
    streams = []
    if scheme.plain:
        for stream in scheme.document.streams:
            key = f"stream:{stream.id}"
            node = _sum([nodes[code] for code in scheme.stream_leaves[stream.id]])
            nodes[key] = _state(scheme, key, stream.max, node, figures, rows, conflicts)
            streams.append(nodes[key])
        nodes[TOTAL] = _meet(scheme, nodes[TOTAL], _sum(streams), figures.get(TOTAL, {}), rows, conflicts)
    return _collect(scheme, codes, nodes, rows, leaves, alone, tuple(dict.fromkeys(conflicts)))


def set_aside(scheme: Scheme, scored: LeafPoints) -> LeafPoints:
    """The same where bonuses and penalties of items that do not apply are not applicable with them."""
    away = scored.outcomes == NOT_APPLICABLE
    if not away.any():
        return scored
    points, outcomes = scored.points, scored.outcomes
    for normal, beside in _beside(scheme):
        gone = away[:, normal].all(axis=1)
        if gone.any():
            if outcomes is scored.outcomes:
                points, outcomes = points.copy(), outcomes.copy()
            at = np.ix_(gone, beside)
            points[at], outcomes[at] = 0, NOT_APPLICABLE
    return scored._replace(points=points, outcomes=outcomes)


def _beside(scheme: Scheme) -> Sequence[tuple[list[int], list[int]]]:
    """Of items with bonuses or penalties: the columns of all their normal leaves, and of those beside them."""
    cached: list[tuple[list[int], list[int]]] | None = scheme.__dict__.get("_beside")
    if cached is None:

        def leaves(code: str, roles: tuple[str | None, ...]) -> list[int]:
            inner = scheme.inner_by_code.get(code)
            if inner is None:
                return [scheme.position[code]]
            kept = (child for child in inner.children if scheme.items[child].role in roles)
            return [leaf for child in kept for leaf in leaves(child, roles)]

        cached = [
            (normal, [j for j in leaves(inner.code, (None, "bonus", "penalty")) if j not in normal])
            for inner in scheme.inner
            for normal in [leaves(inner.code, (None,))]
        ]
        cached = [pair for pair in cached if pair[1]]
        scheme.__dict__["_beside"] = cached
    return cached


def _leaves_of(scheme: Scheme, entry: Stated) -> Sequence[str]:
    if entry.is_stream:
        return scheme.stream_leaves[entry.key]
    return scheme.under(entry.key)


def alone_in(scheme: Scheme, leaf: str) -> list[str]:
    """The figures of which a leaf is all, the nearest first: items, a stream as `stream:` and its id, the total.

    Their stated points are the leaf's: no cap, gate, role or mean between the two makes others of them.
    """
    out: list[str] = []
    at: str | None = leaf
    while at is not None and scheme.under(at) == (leaf,) and _passes(scheme, at):
        out.append(at)
        at = scheme.items[at].parent
    if scheme.plain:
        stream = scheme.items[leaf].stream or ""
        out += [f"stream:{stream}"] if tuple(scheme.stream_leaves.get(stream, ())) == (leaf,) else []
        out += [TOTAL] if scheme.under(TOTAL) == (leaf,) else []
    return out[1:] if out[:1] == [leaf] else []


def _alone(scheme: Scheme, stated: Sequence[Stated]) -> Mapping[int, Mapping[int, tuple[str, int]]]:
    """By leaf and row the nearest stated figure of which a leaf is all: its key and points."""
    ranked: dict[tuple[str, bool], tuple[int, int] | None] = {}  # of a stated figure: how near, and the leaf's column
    found: list[tuple[int, int, int, str, int]] = []
    for entry in stated:
        key = f"stream:{entry.key}" if entry.is_stream else entry.key
        if (entry.key, entry.is_stream) not in ranked:
            leaves = _leaves_of(scheme, entry)
            keys = alone_in(scheme, leaves[0]) if len(leaves) == 1 else []
            at = (keys.index(key), scheme.position[leaves[0]]) if key in keys else None
            ranked[entry.key, entry.is_stream] = at
        if (at := ranked[entry.key, entry.is_stream]) is not None:
            found.append((at[0], entry.row, at[1], key, entry.points))
    out: dict[int, dict[int, tuple[str, int]]] = {}
    for _, row, position, key, points in sorted(found):
        out.setdefault(position, {}).setdefault(row, (key, points))
    return out


def _passes(scheme: Scheme, code: str) -> bool:
    """Whether the points of an item are those of its one part, and go into its parent's as they are."""
    item, inner = scheme.items[code], scheme.inner_by_code.get(code)
    return not (item.gates or item.cap is not None or item.role) and (inner is None or inner.aggregate == "sum")


def _leaf(
    points: Ints, codes: Codes, top: int, covered: Flags, keeps: np.bool_, blocks: np.bool_, parts: Ints
) -> _Node:
    gap = (codes == MISSING) | (codes == PENDING)
    unknown = gap & covered
    missing = (codes == MISSING) & ~covered
    open_ = (codes == 0) | (missing & bool(keeps))
    absent = codes == NOT_APPLICABLE
    return _Node(
        points,
        open_ * np.int64(top),
        unknown * np.int64(top),
        absent * np.int64(top),
        unknown,
        missing,
        (codes == PENDING) & ~covered,
        missing & bool(blocks),
        absent,
        parts,
    )


def _sum(nodes: Sequence[_Node], signs: Sequence[int] = ()) -> _Node:
    """The sum of nodes; bonuses and penalties (a sign of 2 and -1) add points but nothing attainable."""
    signs = signs or [1] * len(nodes)
    normal = [node for node, sign in zip(nodes, signs, strict=True) if sign == 1]
    points = sum((node.points * (-1 if sign < 0 else 1) for node, sign in zip(nodes, signs, strict=True)), np.int64(0))
    return _Node(
        np.asarray(points),
        np.sum([node.attainable for node in normal], axis=0),
        np.sum([node.room for node in nodes], axis=0),
        np.sum([node.shut for node in normal], axis=0),
        np.any([node.unknown for node in nodes], axis=0),
        np.any([node.missing for node in nodes], axis=0),
        np.any([node.pending for node in nodes], axis=0),
        np.any([node.blocked for node in nodes], axis=0),
        np.all([node.absent for node in normal], axis=0),
        np.sum([node.parts for node in nodes], axis=0),
    )


def _combine(scheme: Scheme, inner: Inner, nodes: Mapping[str, _Node]) -> _Node:
    items = [scheme.items[code] for code in inner.children if scheme.items[code].role != "check"]
    signs = [{"bonus": 2, "penalty": -1}.get(item.role or "", 1) for item in items]
    node = _sum([nodes[item.code] for item in items], signs)
    if inner.aggregate == "sum":
        return node
    normal = [item for item in items if item.role is None]
    extra = _sum([nodes[item.code] for item in items], signs).points - sum(nodes[item.code].points for item in normal)
    points, counted = _mean(scheme, inner.item, normal, nodes)
    top = np.int64(scheme.scaled(inner.item.max))
    return node._replace(
        points=points + extra, attainable=counted * top, room=node.unknown * top, shut=node.absent * top
    )


def _mean(scheme: Scheme, item: Total, items: Sequence[Item], nodes: Mapping[str, _Node]) -> tuple[Ints, Flags]:
    """max × Σ weight × points / attainable ÷ Σ weight, over the children of which anything is attainable."""
    attainable = np.stack([nodes[child.code].attainable for child in items], axis=1)
    points = np.stack([nodes[child.code].points for child in items], axis=1)
    weights = [child.weight or Fraction(0) for child in items]
    settings = scheme.document.settings
    pairs, back = np.unique(np.concatenate([points, attainable], axis=1), axis=0, return_inverse=True)
    n = len(items)
    out = np.zeros(len(pairs), dtype=np.int64)
    # the sum of weights over one denominator, so that equal inputs are computed once and in small numbers
    numerators, _ = common(weights)
    for i, row in enumerate(pairs.tolist()):
        counted = [(w, p, a) for w, p, a in zip(numerators, row[:n], row[n:], strict=True) if a > 0]
        if counted:
            mean = sum((Fraction(w * p, a) for w, p, a in counted), Fraction(0)) / sum(w for w, _, _ in counted)
            out[i] = round_to(mean * item.max, settings.leaf_decimals, settings.rounding)
    counted_at_all: Flags = np.asarray((attainable > 0).any(axis=1))
    return out[back.ravel()], counted_at_all


def _limit(scheme: Scheme, item: Total, node: _Node, nodes: Mapping[str, _Node]) -> _Node:
    """Not below 0, not above the cap, and not above what a failed gate leaves."""
    points = np.maximum(node.points, 0)
    if item.cap == "attainable":
        points = np.minimum(points, node.attainable)
    elif isinstance(item.cap, Fraction):
        points = np.minimum(points, scheme.scaled(item.cap))
    for gate in item.gates:
        source = nodes[gate.item]
        settled = (source.attainable > 0) & ~source.unknown & ~source.pending
        fails = settled & (source.points < scheme.least(gate.below))
        points = np.where(fails, np.minimum(points, scheme.scaled(gate.cap)), points)
    return node._replace(points=points)


def _state(
    scheme: Scheme,
    key: str,
    maximum: Fraction,
    node: _Node,
    figures: Mapping[str, Mapping[int, int]],
    rows: npt.NDArray[np.intp],
    conflicts: list[Conflict],
) -> _Node:
    """Put the stated figure in the place of its parts, and hold it against what is known of them."""
    given = figures.get(key)
    if not given:
        return node
    for i, figure in sorted(given.items()):
        low, high = int(node.points[i]), int(node.points[i] + node.room[i])
        _compare(scheme, int(rows[i]), key, figure, low, high, int(node.parts[i]) + 1, conflicts)
    at = np.array([i for i in sorted(given) if not node.absent[i]], dtype=np.intp)  # what does not apply counts nothing
    value = np.array([given[i] for i in at.tolist()], dtype=np.int64)
    points, attainable, parts = node.points.copy(), node.attainable.copy(), node.parts.copy()
    room = node.room.copy()
    gone = np.zeros(len(points), dtype=bool)
    gone[at] = True
    points[at], room[at], parts[at] = value, 0, 1
    attainable[at] = scheme.scaled(maximum) - node.shut[at]
    return _Node(
        points,
        attainable,
        room,
        node.shut,
        node.unknown & ~gone,
        node.missing & ~gone,
        node.pending & ~gone,
        node.blocked & ~gone,
        node.absent & ~gone,
        parts,
    )


def _compare(
    scheme: Scheme, row: int, key: str, figure: int, low: int, high: int, parts: int, conflicts: list[Conflict]
) -> None:
    settings = scheme.document.settings
    unit = 10 ** (settings.leaf_decimals - settings.stated_decimals)
    if 2 * max(low - figure, figure - high) > parts * unit:
        conflicts.append(Conflict(row, key, figure, low, high))


def _meet(
    scheme: Scheme,
    tree: _Node,
    streams: _Node,
    stated: Mapping[int, int],
    rows: npt.NDArray[np.intp],
    conflicts: list[Conflict],
) -> _Node:
    """The total: from the tree where it is known, else from the streams; where both are, they are compared."""
    for i in np.flatnonzero(streams.parts).tolist():
        if not tree.unknown[i]:
            parts = int(streams.parts[i]) + (1 if i in stated else int(tree.parts[i]))
            low, high = int(streams.points[i]), int(streams.points[i] + streams.room[i])
            _compare(scheme, int(rows[i]), TOTAL, int(tree.points[i]), low, high, parts, conflicts)
    take = tree.unknown & ~streams.unknown
    pairs = [(getattr(tree, name), getattr(streams, name)) for name in _Node._fields]
    return _Node(*(np.where(take, other, own) for own, other in pairs))


def _collect(
    scheme: Scheme,
    codes: Mapping[str, int],
    nodes: Mapping[str, _Node],
    rows: npt.NDArray[np.intp],
    leaves: Mapping[int, Ints],
    alone: Mapping[tuple[int, int], str],
    conflicts: tuple[Conflict, ...],
) -> Settled:
    shape = (len(rows), len(codes))
    points, attainable = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    outcomes, known = np.zeros(shape, dtype=np.uint8), np.ones(shape, dtype=bool)
    for code, j in codes.items():
        node = nodes.get(code)
        if node is None:  # a stream of a scheme that is more than sums: the leaves as they are
            stream = code.removeprefix("stream:")
            node = _sum([nodes[code] for code in scheme.stream_leaves[stream]])
        points[:, j], attainable[:, j] = node.points, node.attainable
        outcomes[node.pending, j] = PENDING
        # what is inside a stated whole is not missing; but a total that no stated figure gives is
        outcomes[node.missing | node.unknown if code == TOTAL else node.missing, j] = MISSING
        outcomes[node.absent, j] = NOT_APPLICABLE
        known[:, j] = ~(node.unknown | node.blocked)
    points[~known] = 0
    return Settled(points, attainable, outcomes, known, nodes[TOTAL].pending.copy(), leaves, alone, conflicts)
