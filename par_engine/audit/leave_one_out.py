"""Parts left out: points and attainable points of all units without a field, a stream or some leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints
from par_engine.base.types import MISSING, NOT_APPLICABLE, PENDING, SCORED, Text
from par_engine.methodology.model import TOTAL
from par_engine.results.assessment import Assessment
from par_engine.scoring.aggregate import aggregate, layout, stream_key
from par_engine.scoring.rank import rank

Flags = npt.NDArray[np.bool_]
Kind = Literal["field", "stream", "basis"]


class Part(NamedTuple):
    """What is left out: `code` names an item or a stream, `leaves` are the leaves that it consists of."""

    kind: Kind
    code: str
    title: Text
    leaves: tuple[str, ...]


class Totals(NamedTuple):
    """Scaled points and attainable points of all units; where `known` is false there are none."""

    points: Ints
    attainable: Ints
    known: Flags


def parts(before: Assessment) -> Iterator[Part]:
    """The fields and the streams: all that count in the total and are not the whole of it."""
    scheme = before.scheme
    fields = [item for item in scheme.document.items if item.parent is None and item.role != "check"]
    streams = scheme.document.streams
    for item in fields if len(fields) > 1 else ():
        yield Part("field", item.code, item.title, scheme.under(item.code))
    for stream in streams if len(streams) > 1 else ():
        yield Part("stream", stream.id, stream.title, tuple(scheme.stream_leaves[stream.id]))


def reconstructed(before: Assessment) -> Part:
    """The leaves that count in the total and whose numbers are reconstructed."""
    scheme = before.scheme
    leaves = [code for code in scheme.under(TOTAL) if scheme.items[code].basis == "reconstructed"]
    title = Text(vi="Mục dựng lại", en="Reconstructed items")
    return Part("basis", "reconstructed", title, tuple(code for code in leaves if not _checked(before, code)))


def without(before: Assessment, part: Part) -> Totals:
    """The totals without a part, as if it did not apply to anybody; unknown where it cannot be taken apart."""
    return _subtracted(before, part) if before.scheme.plain else _aggregated(before, part)


def places(before: Assessment, totals: Totals, among: Flags) -> Ints:
    """The places of units by these totals, by the methodology's own rules; 0 where there is none."""
    settings = before.scheme.document.settings
    ready = among & totals.known & (totals.attainable > 0)
    standing = rank(totals.points, totals.attainable, ready, ready, (), settings)
    return np.maximum(standing.rank, 0)


def _checked(before: Assessment, code: str) -> bool:
    at: str | None = code
    while at is not None:
        item = before.scheme.items[at]
        if item.role == "check":
            return True
        at = item.parent
    return False


def _subtracted(before: Assessment, part: Part) -> Totals:
    """In plain sums: the total less the part, which may be known only as a stated whole."""
    scheme, sums, scored = before.scheme, before.sums, before.scored
    total = sums.codes[TOTAL]
    key = stream_key(part.code) if part.kind == "stream" else part.code
    if key in sums.codes:
        j = sums.codes[key]
        points, attainable, known = sums.points[:, j], sums.attainable[:, j], sums.known[:, j]
    else:
        columns = [scheme.position[code] for code in part.leaves]
        codes, lay = scored.outcomes[:, columns], layout(scheme)
        counted = (codes == SCORED) | ((codes == MISSING) & lay.keeps[columns])
        tops = np.array([scheme.leaves[j].top for j in columns], dtype=np.int64)
        points = sums.leaf_points[:, columns].astype(np.int64).sum(axis=1)
        attainable = (counted * tops).sum(axis=1)
        known = np.ones(len(points), dtype=bool)
        if sums.covered is not None:  # inside a stated whole, and not known apart
            known = ~(sums.covered[:, columns] & ((codes == MISSING) | (codes == PENDING))).any(axis=1)
    return Totals(sums.points[:, total] - points, sums.attainable[:, total] - attainable, sums.known[:, total] & known)


def _aggregated(before: Assessment, part: Part) -> Totals:
    """Where totals are more than sums: aggregated anew, the part declared not applicable."""
    scheme = before.scheme
    points, outcomes = before.scored.points.copy(), before.scored.outcomes.copy()
    columns = [scheme.position[code] for code in part.leaves]
    points[:, columns], outcomes[:, columns] = 0, NOT_APPLICABLE
    totals = totals_of(before, points, outcomes)
    stated = np.zeros(len(points), dtype=bool)
    stated[[entry.row for entry in before.evidence.stated]] = True
    return totals._replace(known=totals.known & ~stated)


def totals_of(before: Assessment, points: npt.NDArray[np.int32], outcomes: npt.NDArray[np.uint8]) -> Totals:
    """The totals of other leaf points and outcomes, stated points as they are."""
    scheme = before.scheme
    inner = (points.astype(np.float64) @ layout(scheme).members).astype(np.int64)
    sums = aggregate(scheme, before.evidence, before.scored._replace(points=points, outcomes=outcomes, sums=inner))
    total = sums.codes[TOTAL]
    return Totals(sums.points[:, total], sums.attainable[:, total], sums.known[:, total] & ~sums.awaiting)
