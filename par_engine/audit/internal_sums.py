"""Closing: a report computed again from its own leaves, to see whether its sums, indices and ranks follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from par_engine.assess import stand
from par_engine.base.decimals import text
from par_engine.base.types import MISSING, OUTCOMES, SCORED, Outcome
from par_engine.evidence.model import Evidence, Stated
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme
from par_engine.results.assessment import Assessment, Origin
from par_engine.results.report import report as report_of
from par_engine.scoring.aggregate import Sums, aggregate, layout
from par_engine.scoring.bind import bind
from par_engine.scoring.score import LeafPoints

_LARGE = 2**52


class Odd(NamedTuple):
    """A number that no report by this methodology can have, and why: too fine, or outside its range."""

    at: tuple[str | int, ...]
    unit: str
    code: str
    why: str
    value: str
    limit: str


class Closed(NamedTuple):
    """What the report's own leaves give, the numbers that were odd, and stated points that contradict their parts."""

    units: Sequence[Mapping[str, Any]]
    odd: tuple[Odd, ...]


def closed(scheme: Scheme, report: Mapping[str, Any]) -> Closed:
    """Sums from the leaves and stated figures of the report; index, rank and group from the totals that it prints."""
    rows = {unit["unit"]: i for i, unit in reversed(list(enumerate(report["units"])))}
    places = sorted(rows.values())
    units = [report["units"][i] for i in places]
    odd: list[Odd] = []
    points = np.zeros((len(units), len(scheme.leaves)), dtype=np.int32)
    outcomes = np.zeros(points.shape, dtype=np.uint8)
    stated: list[Stated] = []
    for row, (i, unit) in enumerate(zip(places, units, strict=True)):
        reader = _Reader(scheme, i, unit["name"], odd)
        for j, leaf in enumerate(scheme.leaves):
            figure = unit["items"].get(leaf.code)
            number = MISSING if figure is None or "within" in figure else OUTCOMES.index(Outcome(figure["outcome"]))
            outcomes[row, j] = number
            found = reader.scaled(("items", leaf.code), leaf.code, figure, leaf.top)
            points[row, j] = (found or 0) if number == SCORED else 0
        stated += reader.stated(row, unit)
    shape = (len(units), sum(len(columns) for columns in scheme.columns.values()))
    evidence = Evidence(
        "report",
        report["evidence"]["stage"],
        tuple(unit["unit"] for unit in units),
        np.zeros(shape, dtype=np.int64),
        np.zeros((len(units), len(scheme.document.facts)), dtype=np.bool_),
        stated=tuple(stated),
        source=b"",
    )
    inner = (points.astype(np.float64) @ layout(scheme).members).astype(np.int64)
    scored = LeafPoints(points, outcomes, inner)
    sums = aggregate(scheme, evidence, scored)
    odd += _contradictions(scheme, report, evidence, places, sums)
    standing = stand(scheme, evidence.units, _printed(scheme, units, places, sums, odd))
    bound = bind(scheme, evidence)
    again = report_of(Assessment(scheme, Origin(), evidence, bound, scored, sums, standing, ()))
    listed = {unit.id for unit in scheme.document.units} if scheme.document.settings.units == "listed" else set(rows)
    return Closed([unit for unit in again["units"] if unit["unit"] in listed], tuple(dict.fromkeys(odd)))


def _printed(
    scheme: Scheme, units: Sequence[Mapping[str, Any]], places: Sequence[int], sums: Sums, odd: list[Odd]
) -> Sums:
    """The sums with the totals as the report prints them: what index and rank must follow from."""
    total = sums.codes[TOTAL]
    points, attainable, known = sums.points.copy(), sums.attainable.copy(), sums.known.copy()
    for row, (i, unit) in enumerate(zip(places, units, strict=True)):
        reader = _Reader(scheme, i, unit["name"], odd)
        pair = [reader.scaled((), "", unit, None, key) for key in ("points", "attainable")]
        known[row, total] = None not in pair
        points[row, total], attainable[row, total] = pair[0] or 0, pair[1] or 0
    return sums._replace(points=points, attainable=attainable, known=known)


class _Reader(NamedTuple):
    """The numbers of one unit as scaled integers; what cannot be one is noted."""

    scheme: Scheme
    i: int
    unit: str
    odd: list[Odd]

    def scaled(
        self, at: tuple[str, ...], code: str, figure: Mapping[str, Any] | None, top: int | None, key: str = "points"
    ) -> int | None:
        """A number within 0 and `top`; what is outside is noted and brought to the nearer end."""
        if figure is None or figure[key] is None:
            return None
        digits = self.scheme.document.settings.leaf_decimals
        exact = Fraction(figure[key]) * 10**digits
        place: tuple[str | int, ...] = ("units", self.i, *at, key)
        if exact.denominator != 1:
            self.odd.append(Odd(place, self.unit, code, "decimals", figure[key], str(digits)))
        number, limit = int(exact), _LARGE if top is None else top
        if not 0 <= number <= limit:
            self.odd.append(Odd(place, self.unit, code, "range", figure[key], text(limit, digits)))
        return min(max(number, 0), limit)

    def stated(self, row: int, unit: Mapping[str, Any]) -> Iterator[Stated]:
        """The figures that the report says were stated, where figures can be stated."""
        scheme = self.scheme
        digits = scheme.document.settings.stated_decimals
        for part, key, figure, top in self._wholes(unit):
            if figure is None or not figure.get("stated"):
                continue
            at = (part, key) if part else ()
            code = f"stream:{key}" if part == "streams" else key if part else ""
            found = self.scaled(at, code, figure, scheme.scaled(top))
            if found is None:
                continue
            if (Fraction(figure["points"]) * 10**digits).denominator != 1:
                place = ("units", self.i, *at, "points")
                self.odd.append(Odd(place, self.unit, code, "decimals", figure["points"], str(digits)))
            yield Stated(row, key, found, is_stream=part == "streams")

    def _wholes(self, unit: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any] | None, Fraction]]:
        for inner in self.scheme.inner:
            if inner.code == TOTAL:
                yield "", TOTAL, unit, inner.item.max
            else:
                yield "items", inner.code, unit["items"].get(inner.code), inner.item.max
        for stream in self.scheme.document.streams if self.scheme.plain else ():
            yield "streams", stream.id, unit["streams"].get(stream.id), stream.max


def _contradictions(
    scheme: Scheme, report: Mapping[str, Any], evidence: Evidence, places: Sequence[int], sums: Sums
) -> Iterator[Odd]:
    """Stated points beyond what their parts can be, unless the report itself says so among its problems."""
    said = [problem["what"] for problem in report["problems"] if problem["code"] == "stated-differs"]
    digits = scheme.document.settings.leaf_decimals
    for conflict in sums.conflicts:
        unit, key = evidence.units[conflict.row], conflict.key
        name = key.removeprefix("stream:")
        if any(what.startswith(f"{unit}: {name} is stated as ") for what in said):
            continue
        part = "streams" if key.startswith("stream:") else "items"
        at = () if key == TOTAL else (part, name)
        low, high = text(conflict.lowest, digits), text(conflict.highest, digits)
        limit = low if low == high else f"{low} – {high}"
        code, value = "" if key == TOTAL else key, text(conflict.stated, digits)
        shown = report["units"][places[conflict.row]]["name"]
        yield Odd(("units", places[conflict.row], *at, "points"), shown, code, "stated", value, limit)
