"""Succession: older figures of units that were merged or renamed since, to stand beside the newer ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from par_engine.base.types import Text
from par_engine.methodology.model import Document

Report = Mapping[str, Any]


@dataclass(frozen=True)
class Carried:
    """One newer unit and the older ones that it comes from, by id and by name.

    With one it is the same body under a new name; with several its older figures are their plain mean, each figure
    only where all of them have a number.
    """

    unit: str
    older: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def merged(self) -> bool:
        """Whether several units became one."""
        return len(self.older) > 1

    def words(self) -> Text:
        """What was done, as it stands beside the numbers."""
        names = ", ".join(self.names)
        if self.merged:
            return Text(
                vi=f"số cũ là bình quân cộng của {names} (đã hợp nhất)", en=f"older: plain mean of {names}, merged"
            )
        return Text(vi=f"trước đây là {names}", en=f"formerly {names}")


def carry(old: Report, new: Report, newer: Document) -> tuple[dict[str, dict[str, Any]], tuple[Carried, ...]]:
    """The older report's units as the newer methodology names them, and what was done to which.

    A unit is carried only when the newer report has it and the older one has all that went into it; points of a mean
    are fractions. Units that went into another stand for themselves no more.
    """
    before = {unit["unit"]: unit for unit in old["units"]}
    here = {unit["unit"] for unit in new["units"]}
    out, carried = dict(before), []
    for unit in newer.units:
        parts = [before[id] for id in unit.formerly if id in before]
        if not unit.formerly or unit.id not in here or len(parts) != len(unit.formerly):
            continue
        carried.append(Carried(unit.id, tuple(unit.formerly), tuple(part["name"] for part in parts)))
    for one in carried:
        for id in one.older:
            out.pop(id, None)
    for one in carried:
        parts = [before[id] for id in one.older]
        out[one.unit] = _mean(one.unit, parts) if one.merged else {**parts[0], "unit": one.unit}
    return out, tuple(carried)


def _mean(id: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A unit whose figures are the plain means of those of its parts; it has no place and no group."""
    first = parts[0]
    out = {**first, "unit": id, "rank": None, "group": None, **_figure(parts)}
    for key in ("streams", "items"):
        out[key] = {code: _figure([part[key][code] for part in parts]) for code in first[key]}
    return out


def _figure(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    outcomes = {figure["outcome"] for figure in figures}
    means: dict[str, Any] = {}
    for key in ("points", "attainable"):
        numbers = [figure[key] for figure in figures if figure[key] is not None]
        whole = len(numbers) == len(figures)
        means[key] = sum(map(Fraction, numbers), Fraction(0)) / len(figures) if whole else None
    return {"outcome": outcomes.pop() if len(outcomes) == 1 else "missing", "max": figures[0]["max"], **means}
