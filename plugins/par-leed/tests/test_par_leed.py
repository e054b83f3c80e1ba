"""Credits add up, a bonus stays under the cap, one prerequisite decides over all, levels begin where they should."""

import json
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

import par_engine as par

M = par.load("leed-bdc-v4")
EXAMPLE = json.loads((Path(__file__).parents[3] / "examples" / "leed.json").read_text(encoding="utf-8"))
PREREQUISITES = [item.code for item in M.document.items if item.role == "check"]


def best() -> dict[str, Any]:
    """Facts that earn every point."""
    facts: dict[str, Any] = {}
    for name, fact in M.document.facts.items():
        facts[name] = True if fact.type == "boolean" else 9 if fact.type == "count" else str(fact.max)
    return facts


def assess(facts: dict[str, Any]) -> par.UnitResult:
    units = [{"unit": "a building", "facts": facts}]
    return M.assess({"methodology": M.id, "stage": "review", "units": units}).unit("a building")


def test_the_example_by_hand() -> None:
    unit = M.assess(EXAMPLE).unit("office")
    # IP 1; LT 1 + 2 + 3 + 5 + 1; SS 1 + 2 + 1; WE 1 + 4 + 1; EA 3 + 10 + 1 + 1; MR 2 + 1 + 2; EQ 2 + 2 + 1 + 1 + 3 + 1
    by_hand = {"IP": 1, "LT": 12, "SS": 4, "WE": 6, "EA": 15, "MR": 5, "EQ": 10, "IN": 4, "RP": 2}
    assert {code: unit.item(code).points for code in by_hand} == {code: D(p) for code, p in by_hand.items()}
    assert (unit.points, unit.group) == (D(59), "silver")


def test_everything_earns_110() -> None:
    unit = assess(best())
    assert (unit.points, unit.index, unit.group) == (D(110), D(110), "platinum")
    assert unit.total.attainable == D(100)


@pytest.mark.parametrize("code", PREREQUISITES)
@pytest.mark.parametrize("value", [False, None])
def test_without_one_prerequisite_there_is_no_level(code: str, value: bool | None) -> None:
    facts = best() | {code.lower(): value}
    if value is None:
        del facts[code.lower()]
    unit = assess(facts)
    assert (unit.points, unit.group) == (D(39), "none")


@pytest.mark.parametrize(
    ("points", "level"),
    [(39, "none"), (40, "certified"), (50, "silver"), (59, "silver"), (60, "gold"), (80, "platinum")],
)
def test_levels_begin_at_their_points(points: int, level: str) -> None:
    units = [
        {"unit": "x", "stated": {"items": {"total": str(points)}}, "facts": {p.lower(): True for p in PREREQUISITES}}
    ]
    unit = M.assess({"methodology": M.id, "stage": "review", "units": units}).unit("x")
    assert (unit.points, unit.group) == (D(points), level)


@pytest.mark.parametrize(
    ("saved", "points"), [("5.9", 0), ("6", 1), ("28.9", 11), ("29", 12), ("49.9", 17), ("50", 18)]
)
def test_energy_saved_against_the_baseline(saved: str, points: int) -> None:
    assert assess({"ea.2": saved}).item("EA.2").points == D(points)
