"""Compare two reports: what moved, how much of it came from what, and where one must not compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from par_engine.comparison.moves import PARTS, Bridge, Context, Move, Part
from par_engine.comparison.succession import Carried, carry
from par_engine.methodology.model import TOTAL, Document


@dataclass(frozen=True)
class Comparison:
    """All moves, by unit and then in the order of the newer report; and the units that stand in one report only.

    `carried` are the newer units whose older figures stand under other names in the older report.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    moves: tuple[Move, ...]
    gone: tuple[str, ...]
    come: tuple[str, ...]
    carried: tuple[Carried, ...] = ()

    def of(self, code: str) -> list[Move]:
        """The moves of one figure, for all units in both reports."""
        return [move for move in self.moves if move.code == code]

    def mean(self, code: str = TOTAL) -> Mapping[Part, Fraction] | None:
        """The parts of the change in the mean of a figure over all ranked units; None when one side has no number.

        `units` is what comes from units that stand in one report only: the rest is the mean over those in both.
        """
        both = [move for move in self.of(code) if move.change is not None]
        sides = [list(_ranked(report, code)) for report in (self.old, self.new)]
        older, newer = ({unit for unit, _ in side} for side in sides)
        older |= {one.unit for one in self.carried if older.issuperset(one.older)}
        ranked = older & newer
        both = [move for move in both if move.unit in ranked]
        if not both or not all(sides):
            return None
        old, new = (sum((x for _, x in side), Fraction(0)) / len(side) for side in sides)
        parts = {part: sum((m.parts.get(part, Fraction(0)) for m in both), Fraction(0)) / len(both) for part in PARTS}
        parts["units"] = new - old - sum(parts.values())
        return parts


def compare(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    documents: tuple[Document, Document] | None = None,
    bridge: Bridge | None = None,
    between: Sequence[str] = (),
) -> Comparison:
    """Compare two reports, the older one first.

    `documents` are their methodologies: with them items are matched by code and title, and declared breaks are said;
    without, items are matched by code. With a `bridge`, evidence and rules are told apart where both changed.
    `between` are ids of methodologies between the two: what does not compare with one does not with an older one.
    """
    before = {unit["unit"]: unit for unit in old["units"]}
    carried: tuple[Carried, ...] = ()
    if documents is not None and documents[0].id != documents[1].id:
        before, carried = carry(old, new, documents[1])
    context = Context(old, new, documents, bridge or {}, {one.unit: one for one in carried}, between)
    after = {unit["unit"]: unit for unit in new["units"]}
    moves = [move for id, unit in after.items() if id in before for move in context.moves(before[id], unit)]
    gone, come = (tuple(id for id in a if id not in b) for a, b in ((before, after), (after, before)))
    return Comparison(old, new, tuple(moves), gone, come, carried)


def _ranked(report: Mapping[str, Any], code: str) -> Iterator[tuple[str, Fraction]]:
    for unit in report["units"]:
        place = unit if code == TOTAL else unit["streams"] if code.startswith("stream:") else unit["items"]
        figure = place if code == TOTAL else place.get(code.removeprefix("stream:"))
        if unit["ranked"] and figure is not None and figure["points"] is not None:
            yield unit["unit"], Fraction(figure["points"])
