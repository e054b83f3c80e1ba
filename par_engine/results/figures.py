"""Figures: the number of one item or stream of one unit, looked up in the arrays and never computed twice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from par_engine.base.decimals import decimal
from par_engine.base.types import MISSING, OUTCOMES, PENDING, SCORED, Outcome, Text
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme
from par_engine.scoring.aggregate import Sums, stream_key
from par_engine.scoring.score import LeafPoints

_GAPS = (MISSING, PENDING)


class Figure(NamedTuple):
    """Points, maximum and outcome of one item or stream of one unit.

    `points` and `attainable` carry the leaf precision. They are None where there is no number: not scored and nothing
    attainable, or inside figures that are stated as wholes. `within` names these (`stream:` before a stream); a leaf
    that is all of one has its points.
    """

    code: str
    title: Text
    outcome: Outcome
    points: Decimal | None
    attainable: Decimal | None
    max: Decimal
    stated: bool = False
    within: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Figures:
    """All figures of an assessment, by row and code."""

    scheme: Scheme
    scored: LeafPoints
    sums: Sums

    def at(self, row: int, code: str) -> Figure:
        """The figure of an item by its code, or of a stream by `stream:` and its id."""
        digits = self.scheme.document.settings.leaf_decimals
        position = self.scheme.position.get(code)
        stated = (row, code) in self.sums.stated
        within: tuple[str, ...] = ()
        attainable: int | None
        if position is not None:
            number = int(self.sums.leaf_outcomes[row, position])
            outcome, points = OUTCOMES[number], int(self.sums.leaf_points[row, position])
            title, top = self.scheme.items[code].title, self.scheme.leaves[position].top
            if self._hidden(row, position):
                shown = (row, position) in self.sums.alone
                outcome, attainable, within = Outcome.SCORED, top if shown else None, (self._whole(row, code),)
            else:
                shown = number == SCORED or (outcome is Outcome.MISSING and self._zero(code))
                attainable = top if shown else 0
        else:
            j = self.sums.codes[code]
            outcome, points = OUTCOMES[int(self.sums.outcomes[row, j])], int(self.sums.points[row, j])
            shown = bool(self.sums.known[row, j])
            attainable = int(self.sums.attainable[row, j]) if shown else None
            if not shown and code != TOTAL and self.sums.covered is not None:
                within = self._wholes(row, code)
            shown = shown and (attainable or 0) > 0
            title, top = self._titles[code]
        return Figure(
            code.removeprefix("stream:"),
            title,
            outcome,
            decimal(points, digits) if shown else None,
            None if attainable is None else decimal(attainable, digits),
            decimal(top, digits),
            stated and outcome is not Outcome.NOT_APPLICABLE,
            within,
        )

    def column(self, code: str) -> list[int | None]:
        """The points of an inner item, or of a stream by `stream:` and its id: scaled, one number a unit.

        None where `at` has no points.
        """
        j = self.sums.codes[code]
        shown = self.sums.known[:, j] & (self.sums.attainable[:, j] > 0)
        return [
            points if is_shown else None
            for points, is_shown in zip(self.sums.points[:, j].tolist(), shown.tolist(), strict=True)
        ]

    def _hidden(self, row: int, position: int) -> bool:
        """Whether a leaf has no facts to score because a stated figure stands for it."""
        covered = self.sums.covered
        return covered is not None and bool(covered[row, position]) and self.sums.leaf_outcomes[row, position] in _GAPS

    def _whole(self, row: int, code: str) -> str:
        """The stated figure that stands for a leaf: what it is all of, or the nearest item, else stream, else total."""
        scheme, at = self.scheme, self.scheme.items[code].parent
        if (alone := self.sums.alone.get((row, scheme.position[code]))) is not None:
            return alone
        while at is not None:
            if (row, at) in self.sums.stated:
                return at
            at = scheme.items[at].parent
        stream = stream_key(scheme.items[code].stream or "")
        return stream if (row, stream) in self.sums.stated else TOTAL

    def _wholes(self, row: int, code: str) -> tuple[str, ...]:
        """The stated figures that the unknown parts of an item or stream are inside of."""
        scheme = self.scheme
        stream = code.removeprefix("stream:")
        leaves = scheme.under(code) if stream == code else scheme.stream_leaves[stream]
        hidden = (leaf for leaf in leaves if self._hidden(row, scheme.position[leaf]))
        return tuple(dict.fromkeys(self._whole(row, leaf) for leaf in hidden))

    def _zero(self, code: str) -> bool:
        return (self.scheme.items[code].missing or self.scheme.document.settings.missing) == "zero"

    @cached_property
    def _titles(self) -> dict[str, tuple[Text, int]]:
        """Title and scaled maximum of every stream and inner item."""
        scheme = self.scheme
        out = {stream_key(s.id): (s.title, scheme.scaled(s.max)) for s in scheme.document.streams}
        return out | {inner.code: (inner.item.title, scheme.scaled(inner.item.max)) for inner in scheme.inner}
