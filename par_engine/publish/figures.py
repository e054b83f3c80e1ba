"""The figures of a page: every node of every unit as whole numbers, in the order of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from par_engine.base.types import OUTCOMES
from par_engine.methodology.model import TOTAL
from par_engine.results.assessment import Assessment, Figure, UnitResult

LETTERS = dict(zip(OUTCOMES, "smpn", strict=True))


def nodes(assessment: Assessment) -> tuple[str, ...]:
    """The keys of all figures: the total, the items in document order, the streams."""
    scheme = assessment.scheme
    return (TOTAL, *scheme.items, *(f"stream:{stream.id}" for stream in scheme.document.streams))


def unit_figures(assessment: Assessment, unit: UnitResult, keys: Sequence[str]) -> dict[str, Any]:
    """Points `p`, null where there is no number, and outcomes `o`.

    `a` holds what was attainable where that is not the maximum, `s` the figures that were stated.
    """
    found = [assessment.figure(unit.row, key) for key in keys]
    out: dict[str, Any] = {
        "p": [scaled(figure.points) for figure in found],
        "o": "".join(LETTERS[figure.outcome] for figure in found),
    }
    other = {str(i): scaled(f.attainable) for i, f in enumerate(found) if _other(f)}
    stated = [i for i, figure in enumerate(found) if figure.stated]
    if other:
        out["a"] = other
    if stated:
        out["s"] = stated
    return out


def _other(figure: Figure) -> bool:
    return figure.attainable != figure.max


def scaled(figure: Decimal | None) -> int | None:
    """A figure as a whole number: it carries the leaf precision, whatever the context of decimals is."""
    return None if figure is None else int(str(figure).replace(".", ""))
