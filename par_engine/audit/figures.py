"""Figures side by side: every number, outcome, rank and group of two lists of units, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

NUMBERS = ("points", "max", "attainable", "index")
COUNTED = (*NUMBERS, "outcome", "rank", "group")
_HEAD = ("name", "ranked", "why")
_TOTAL = ("outcome", "points", "max", "attainable", "stated", "index", "rank", "group")
_FIGURE = ("outcome", "points", "max", "attainable", "stated", "within")
_LISTS = ("missing", "pending", "not_applicable")


class Difference(NamedTuple):
    """One place where two reports differ. `unit` is the unit's name, or its id where the id is what differs.

    `key` is "" where a whole unit or figure stands on one side only.
    """

    at: tuple[str | int, ...]
    unit: str
    code: str
    key: str
    reported: Any
    again: Any


class Compared(NamedTuple):
    """All differences, and how many figures are the same."""

    differences: tuple[Difference, ...]
    same: int


def compared(reported: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]]) -> Compared:
    """Hold the units of a report against the same units computed once more, matched by their ids."""
    mine: dict[str, Mapping[str, Any]] = {}
    found: list[Difference] = []
    for i, unit in enumerate(reported):
        if unit["unit"] in mine:
            found.append(Difference(("units", i, "unit"), unit["unit"], "", "twice", unit["unit"], None))
        mine.setdefault(unit["unit"], {**unit, "": i})
    theirs = {unit["unit"]: unit for unit in again}
    same = 0
    for id, unit in mine.items():
        at = ("units", unit[""])
        if id not in theirs:
            found.append(Difference((*at, "unit"), id, "", "", id, None))
            continue
        for pair in _pairs(at, unit, theirs[id]):
            if not _same(pair):
                found.append(pair)
            elif pair.key in COUNTED and pair.reported is not None:
                same += 1
    found += [Difference(("units",), id, "", "", None, id) for id in theirs if id not in mine]
    return Compared(tuple(found), same)


def _pairs(at: tuple[str | int, ...], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Difference]:
    unit = mine["name"]
    for key in (*_HEAD, *_TOTAL, *_LISTS):
        yield Difference((*at, key), unit, "", key, mine.get(key), theirs.get(key))
    for part in ("streams", "items"):
        for code in dict.fromkeys((*mine[part], *theirs[part])):
            one, other = mine[part].get(code), theirs[part].get(code)
            here, name = (*at, part, code), code if part == "items" else f"stream:{code}"
            if one is None or other is None:
                yield Difference(here, unit, name, "", one and code, other and code)
                continue
            for key in _FIGURE:
                yield Difference((*here, key), unit, name, key, one.get(key), other.get(key))


def _same(pair: Difference) -> bool:
    one, other = pair.reported, pair.again
    if one == other or pair.key not in NUMBERS or one is None or other is None:
        return bool(one == other)
    return Fraction(one) == Fraction(other)
