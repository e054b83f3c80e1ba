"""Published figures, transcribed, against what a methodology makes of them; exceptions carry their reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from par_engine.api import Methodology, from_document, load
from par_engine.base.decimals import parse, plain, round_to
from par_engine.files.documents import read_bytes
from par_engine.methodology.model import TOTAL

COLUMNS = ("unit", "figure", "points", "index", "rank", "source", "note", "exception")


@dataclass(frozen=True)
class Published:
    """One printed figure of one unit: a total, an item or a stream, as points, as index in percent, or both.

    `exception` says why the print cannot be right (a misprint); empty for a figure that must reproduce.
    """

    unit: str
    figure: str
    points: str
    index: str
    rank: int | None
    source: str
    note: str
    exception: str


def read_published(path: Path) -> tuple[Published, ...]:
    """The rows of a table of published figures, a CSV file with the columns `COLUMNS`. Raises ValueError."""
    rows = csv.DictReader(io.StringIO(read_bytes(path).decode("utf-8")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{path.name}: the columns must be {', '.join(COLUMNS)}")
    return tuple(Published(**{**row, "rank": int(row["rank"]) if row["rank"] else None}) for row in rows)  # type: ignore[arg-type]


def differences(methodology: Methodology, rows: Sequence[Published]) -> Iterator[str]:
    """A sentence for every figure that does not reproduce to its last printed digit, and every wrong exception.

    Each figure is tried alone, then all figures of a unit together: what they contradict beyond rounding must be an
    exception. The order of the printed totals must be that of the printed ranks.
    """
    finer = _finer(methodology)
    for row in rows:
        said = _alone(finer, row) if row.points or row.index else None
        if said is not None:
            yield said
    by_unit: dict[str, list[Published]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
    for unit, mine in by_unit.items():
        yield from _together(methodology, unit, mine)
    yield from _order(rows)


def _finer(methodology: Methodology) -> Methodology:
    """The same methodology, in which stated points may carry the decimals of leaves: a printed index asks for them."""
    document = methodology.document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    document["settings"]["stated_decimals"] = document["settings"]["leaf_decimals"]
    return from_document(document, methodology.scheme.functions)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _printed(x: Fraction, like: str) -> bool:
    """Whether a number rounds to a printed text, half up at the text's own decimals."""
    digits = _decimals(like)
    return Fraction(round_to(x, digits, "half_up"), 10**digits) == parse(like)


def _candidates(row: Published, maximum: Fraction) -> Iterator[Fraction]:
    """Points that the prints may stand for: the points as printed, then what the index gives, at four decimals."""
    if row.points:
        yield parse(row.points)
    if row.index:
        yield Fraction(round_to(parse(row.index) * maximum / 100, 4, "half_up"), 10**4)


def _alone(methodology: Methodology, row: Published) -> str | None:
    maximum = _maximum(methodology, row.figure)
    if maximum is None:
        return f"{row.unit}: the scheme has no {row.figure}"
    for points in _candidates(row, maximum):
        figure = _figure(methodology, row.unit, {row.figure: plain(points)}, row.figure)
        got, index = figure
        if got is None or index is None:
            continue
        if (not row.points or _printed(got, row.points)) and (not row.index or _printed(index, row.index)):
            return None
    said = row.points or f"{row.index} %"
    return f"{row.unit}: {row.figure} is printed as {said} of {plain(maximum)}, which no points give"


def _maximum(methodology: Methodology, figure: str) -> Fraction | None:
    document = methodology.document
    if figure == TOTAL:
        return document.total.max
    if figure.startswith("stream:"):
        return next((s.max for s in document.streams if s.id == figure.removeprefix("stream:")), None)
    item = methodology.scheme.items.get(figure)
    return item.max if item is not None else None


def _evidence(methodology: Methodology, unit: str, stated: Mapping[str, str]) -> dict[str, object]:
    items = {key: value for key, value in stated.items() if not key.startswith("stream:")}
    streams = {key.removeprefix("stream:"): value for key, value in stated.items() if key.startswith("stream:")}
    entry = {"unit": unit, "stated": {"items": items, "streams": streams}}
    return {"methodology": methodology.id, "stage": "published", "units": [entry]}


def _figure(
    methodology: Methodology, unit: str, stated: Mapping[str, str], figure: str
) -> tuple[Fraction | None, Fraction | None]:
    """Exact points and index of one figure when these points are stated."""
    assessment = methodology.assess(_evidence(methodology, unit, stated))
    found = assessment.unit(unit)
    stream = figure.startswith("stream:")
    one = (
        found.stream(figure.removeprefix("stream:"))
        if stream
        else found.total
        if figure == TOTAL
        else found.item(figure)
    )
    if one.points is None or not one.attainable:
        return None, None
    points, attainable = Fraction(one.points), Fraction(one.attainable)
    return points, 100 * points / attainable


def _together(methodology: Methodology, unit: str, rows: Sequence[Published]) -> Iterator[str]:
    """All printed points of a unit at once: contradictions beyond rounding must be exceptions, and the reverse."""
    stated = {row.figure: row.points for row in rows if row.points}
    if len(stated) < 2:
        return
    problems = methodology.assess(_evidence(methodology, unit, stated)).problems
    named = any(row.exception for row in rows)
    if problems and not named:
        yield f"{unit}: {problems[0].what}, and no exception says why"
    if named and not problems and len(stated) > len(methodology.document.streams):
        yield f"{unit}: an exception is named, but the printed figures agree"


def _order(rows: Sequence[Published]) -> Iterator[str]:
    """Printed totals fall, or stay, as printed places rise; a row with an exception breaks it."""
    ranked = sorted(
        (row for row in rows if row.figure == TOTAL and row.points and row.rank is not None), key=lambda r: r.rank or 0
    )
    sound = [row for row in ranked if not row.exception]
    for before, after in pairwise(sound):
        if parse(before.points) < parse(after.points):
            first, second = (f"{row.unit} at place {row.rank} with {row.points}" for row in (before, after))
            yield f"{first} is printed before {second}"


class PublishedSuite:
    """Subclass it, name the methodology and its table of published figures; pytest runs what is inherited."""

    methodology: ClassVar[str]
    published: ClassVar[Path]

    def test_every_published_figure_reproduces_or_is_a_named_exception(self) -> None:
        """To the last printed digit, alone and together, and in the printed order."""
        rows = read_published(self.published)
        assert rows, f"no figure in {self.published}"
        assert not (found := list(differences(load(self.methodology), rows))), "\n".join(found)

    def test_every_row_names_its_source(self) -> None:
        """A figure without a source is not a published one."""
        assert [row.unit for row in read_published(self.published) if not row.source] == []
