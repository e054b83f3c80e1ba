"""The assessment: every figure of every unit, as immutable values that are looked up and never computed twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from par_engine.base.collation import sort_key
from par_engine.base.decimals import decimal, round_quotient, text
from par_engine.base.names import fold
from par_engine.base.problems import (
    EvidenceError,
    Problem,
    nearest,
    printable,
    problem,
    quote,
)
from par_engine.base.types import OUTCOMES, Outcome, Text
from par_engine.evidence.model import Evidence
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import TOTAL, Settings
from par_engine.methodology.scheme import Scheme
from par_engine.results.figures import Figure, Figures
from par_engine.scoring.aggregate import Sums, stream_key
from par_engine.scoring.bind import Bound
from par_engine.scoring.rank import Standing
from par_engine.scoring.score import LeafPoints


class Origin(NamedTuple):
    """Where a methodology was installed from; both None when it came from a dict or a folder."""

    distribution: str | None = None
    version: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Assessment:
    """The result of assessing evidence by a methodology."""

    scheme: Scheme
    origin: Origin
    evidence: Evidence
    bound: Bound
    scored: LeafPoints
    sums: Sums
    standing: Standing
    problems: tuple[Problem, ...]
    """What the evidence contradicts itself in, without making a result impossible."""

    def __repr__(self) -> str:
        count = len(self.evidence.units)
        return f"<Assessment {self.scheme.document.id}: {count} unit{'s' if count != 1 else ''}>"

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.evidence.units)}

    @cached_property
    def _folded(self) -> dict[str, int]:
        return {fold(unit): row for unit, row in self._rows.items()}

    @property
    def units(self) -> tuple[UnitResult, ...]:
        """The units in the order of the evidence."""
        return tuple(UnitResult(self, row) for row in range(len(self.evidence.units)))

    def at(self, row: int) -> UnitResult:
        """The unit of a row of the evidence."""
        return UnitResult(self, row)

    def unit(self, name: str) -> UnitResult:
        """One unit by id, name or alias. Raises EvidenceError when the evidence does not have it."""
        found = self.scheme.unit_index.get(fold(name), name)
        row = self._rows.get(found, self._folded.get(fold(name)))
        if row is None:
            raise EvidenceError(
                [
                    problem(
                        "unknown-unit.unit",
                        self.evidence.label,
                        "/units",
                        name=quote(name),
                        near=nearest(name, self._rows),
                    )
                ]
            )
        return UnitResult(self, row)

    @property
    def field(self) -> tuple[int, int]:
        """How many units the places are among, and how many the methodology ranks (the same when it lists none)."""
        here = int((self.standing.rank >= 0).sum())
        listed = sum(unit.ranked for unit in self.scheme.document.units)
        return here, max(here, listed)

    def league(self) -> tuple[UnitResult, ...]:
        """The units by rank, those without one last, equals in the Vietnamese order of their names."""

        def place(unit: UnitResult) -> tuple[bool, int, int]:
            return unit.rank is None, unit.rank or 0, -int(self.standing.index[unit.row])

        out: list[UnitResult] = []
        for _, alike in groupby(sorted(self.units, key=place), place):
            units = list(alike)
            out += units if len(units) == 1 else sorted(units, key=lambda unit: (sort_key(unit.name), unit.id))
        return tuple(out)

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self.scheme, self.scored, self.sums)

    def printed(self, code: str) -> list[str]:
        """The points of all units as printed, of an item or of a stream by `stream:` and its id; "" for none."""
        settings = self.scheme.document.settings
        if code in self.sums.codes:
            numbers = self._figures.column(code)
            return [_print(number, settings.points_decimals, settings) for number in numbers]
        figures = (self.figure(row, code) for row in range(len(self.evidence.units)))
        return [printed(figure.points, settings.points_decimals, self) for figure in figures]

    def figure(self, row: int, code: str) -> Figure:
        """The figure of an item by its code, or of a stream by `stream:` and its id."""
        return self._figures.at(row, code)


@dataclass(frozen=True)
class UnitResult:
    """One unit in an assessment."""

    assessment: Assessment
    row: int

    def __repr__(self) -> str:
        return f"<{printable(self.id)}: {self.points} of {self.attainable}, index {self.index}, rank {self.rank}>"

    @property
    def id(self) -> str:
        """The unit's id."""
        return self.assessment.evidence.units[self.row]

    @cached_property
    def _declared(self) -> tuple[str, bool, Text | None]:
        unit = next((u for u in self.assessment.scheme.document.units if u.id == self.id), None)
        return (unit.name, unit.ranked, unit.why) if unit else (self.id, True, None)

    @property
    def name(self) -> str:
        """The unit's name."""
        return self._declared[0]

    @property
    def ranked(self) -> bool:
        """Whether it takes part in the ranking."""
        return self._declared[1]

    @property
    def why(self) -> Text | None:
        """Why it is not ranked."""
        return self._declared[2]

    @cached_property
    def total(self) -> Figure:
        """The total."""
        return self.assessment.figure(self.row, TOTAL)

    @property
    def points(self) -> Decimal | None:
        """Points in all; None when they are not known."""
        return self.total.points

    @property
    def attainable(self) -> Decimal | None:
        """The most that counted for this unit."""
        return self.total.attainable

    @property
    def outcome(self) -> Outcome:
        """The outcome of the total."""
        return self.total.outcome

    @property
    def index(self) -> Decimal | None:
        """100 × points / attainable, as printed; an index so far while the unit `awaits` a part."""
        printed = int(self.assessment.standing.index[self.row])
        return None if printed < 0 else decimal(printed, self.assessment.scheme.document.settings.index_decimals)

    @property
    def rank(self) -> int | None:
        """The league place; None for bodies that are not ranked, and while a part is pending or unknown."""
        place = int(self.assessment.standing.rank[self.row])
        return None if place < 0 else place

    @property
    def awaits(self) -> bool:
        """Whether a part is pending: the index is out of what was attainable so far, and in no place and no group."""
        return bool(self.assessment.sums.awaiting[self.row])

    @property
    def group(self) -> str | None:
        """The group of the index; None while a part is pending or unknown."""
        number = int(self.assessment.standing.group[self.row])
        return None if number < 0 else self.assessment.scheme.document.groups[number].id

    def item(self, code: str) -> Figure:
        """The figure of an item, or of the total. Raises EvidenceError for an unknown code."""
        scheme = self.assessment.scheme
        if code != TOTAL and code not in scheme.items:
            raise EvidenceError(
                [
                    problem(
                        "unknown-item",
                        scheme.document.id,
                        "/items",
                        id=scheme.document.id,
                        code=quote(code),
                        near=nearest(code, scheme.items),
                    )
                ]
            )
        return self.assessment.figure(self.row, code)

    def stream(self, stream: str) -> Figure:
        """The figure of a stream. Raises EvidenceError for an unknown id."""
        scheme = self.assessment.scheme
        ids = [s.id for s in scheme.document.streams]
        if stream not in ids:
            raise EvidenceError(
                [
                    problem(
                        "unknown-stream",
                        scheme.document.id,
                        "/streams",
                        id=scheme.document.id,
                        stream=quote(stream),
                        near=nearest(stream, ids),
                    )
                ]
            )
        return self.assessment.figure(self.row, stream_key(stream))

    @property
    def items(self) -> Iterator[Figure]:
        """All items in document order."""
        return (self.assessment.figure(self.row, code) for code in self.assessment.scheme.items)

    @property
    def streams(self) -> Iterator[Figure]:
        """All streams in document order."""
        return (self.assessment.figure(self.row, stream_key(s.id)) for s in self.assessment.scheme.document.streams)

    def leaves_with(self, outcome: Outcome) -> Sequence[str]:
        """The leaves with an outcome, but for those that a stated figure stands for, in document order."""
        scheme, sums = self.assessment.scheme, self.assessment.sums
        number = OUTCOMES.index(outcome)
        here = sums.leaf_outcomes[self.row] == number
        if sums.covered is not None and outcome in (Outcome.MISSING, Outcome.PENDING):
            here &= ~sums.covered[self.row]
        if not here.any():
            return []
        return [code for code in scheme.under(TOTAL) if here[scheme.position[code]]]


def printed(figure: Decimal | None, decimals: int, assessment: Assessment) -> str:
    """A figure as it is printed: rounded by the methodology's mode; "" when there is none."""
    # not scaleb: that rounds by whatever context the host has set
    scaled = None if figure is None else int(str(figure).replace(".", ""))
    return _print(scaled, decimals, assessment.scheme.document.settings)


def _print(scaled: int | None, decimals: int, settings: Settings) -> str:
    if scaled is None:
        return ""
    return text(round_quotient(scaled, int(10 ** (settings.leaf_decimals - decimals)), settings.rounding), decimals)


__all__ = ["Assessment", "Figure", "Lang", "Origin", "UnitResult", "printed"]
