"""Cases and coverage: every rule's places are found, touched by their own facts, and failures are sentences."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.methodology.boundary_cases import probes
from par_engine.testing import cover, read_cases, run, suggest
from par_engine.testing.cases import Case
from par_engine.testing.coverage import write_cases

VALID = sorted((Path(__file__).parents[1] / "corpus" / "methodology-1" / "valid").glob("*.json"))
RATIO = {
    "name": "ratio",
    "part": "a",
    "whole": "b",
    "floor": "0.8",
    "full_at": "1",
    "over": "refuse",
    "whole_zero": "missing",
}
BANDS = {
    "name": "bands",
    "measure": {"fact": "rate"},
    "bands": [
        {"below": "50", "points": "0"},
        {"from": "50", "to": "80", "points": "0.25", "points_to": "0.75"},
        {"above": "80", "points": "1"},
    ],
}
FACTS = {"a": tiny.COUNT, "b": tiny.COUNT, "rate": {"type": "decimal", "decimals": 1, "max": "100"}}


def scheme(ratio: dict[str, Any] = RATIO, bands: dict[str, Any] = BANDS) -> Any:
    items = [tiny.leaf("1", "2", ratio), tiny.leaf("2", "1", bands, may_not_apply=True)]
    return par.from_document(tiny.document(items, FACTS, "3")).scheme


def case(**more: Any) -> Case:
    base = {"name": "n", "item": "1", "facts": {"a": 9, "b": 10}, "expect": {"points": "1.8"}, "confirmed": True}
    return Case.model_validate(base | more)


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_suggested_cases_touch_every_place_and_pass(path: Path, tmp_path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    try:
        found = par.from_document(document).scheme
    except par.MethodologyError:
        pytest.skip("needs rules of a plugin")
    cases = suggest(found, [])
    assert cases and not any(case.confirmed for case in cases)
    (tmp_path / "cases.json").write_bytes(write_cases(found.document.id, cases))
    again = read_cases(tmp_path / "cases.json")
    assert again.cases == cases
    ran = run(found, again.cases)
    assert all(one.passed for one in ran)
    coverage = cover(found, ran)
    assert (coverage.percent, coverage.untouched, coverage.confirmed) == (100, (), frozenset())
    assert suggest(found, ran) == []


def test_places_of_a_ratio_and_of_bands() -> None:
    found = {leaf.code: [(p.place.en, dict(p.facts)) for p in probes(scheme(), leaf)] for leaf in scheme().leaves}
    assert found["1"] == [
        ("no facts at all", {}),
        ("exactly at 0 %", {"a": 0, "b": 1000}),
        ("just below 80 %", {"a": 799, "b": 1000}),
        ("exactly at 80 %", {"a": 800, "b": 1000}),
        ("just below 100 %", {"a": 999, "b": 1000}),
        ("exactly at 100 %", {"a": 1000, "b": 1000}),
        ("in between, 90 %", {"a": 900, "b": 1000}),
        ("far beyond, 110 %", {"a": 1100, "b": 1000}),
        ("the whole is 0", {"a": 0, "b": 0}),
    ]
    assert [place for place, _ in found["2"]] == [
        "no facts at all",
        "not applicable",
        "just below 50",
        "exactly at 50",
        "just above 50",
        "in between, 65",
        "just below 80",
        "exactly at 80",
        "just above 80",
    ]


@pytest.mark.parametrize(
    ("changed", "fails"),
    [
        ({"floor": "0.801"}, "exactly at 80 %"),
        ({"floor": "0.799"}, "just below 80 %"),
        ({"full_at": "0.999"}, "just below 100 %"),
        ({"over": "cap"}, "far beyond, 110 %"),
        ({"whole_zero": "zero"}, "the whole is 0"),
        ({"whole_zero": "full"}, "the whole is 0"),
    ],
)
def test_a_changed_ratio_fails_at_the_place_that_changed(changed: dict[str, str], fails: str) -> None:
    cases = suggest(scheme(), [])
    places = {(p.leaf, p.place.vi): p.place.en for leaf in scheme().leaves for p in probes(scheme(), leaf)}
    failed = [one.case for one in run(scheme(RATIO | changed), cases) if not one.passed]
    assert fails in {places[one.item, one.name.split(": ", 1)[1]] for one in failed}


@pytest.mark.parametrize(
    ("band", "key", "value"),
    [(1, "points", "0.26"), (1, "points_to", "0.74"), (2, "points", "0.99"), (0, "points", "0.01")],
)
def test_a_changed_band_fails(band: int, key: str, value: str) -> None:
    changed = [entry | ({key: value} if i == band else {}) for i, entry in enumerate(BANDS["bands"])]
    ran = run(scheme(bands=BANDS | {"bands": changed}), suggest(scheme(), []))
    assert not all(one.passed for one in ran)


def test_what_comes_out_is_compared_and_said() -> None:
    ran = run(
        scheme(),
        [
            case(),
            case(expect={"points": "1.81"}),
            case(expect={"outcome": "missing"}),
            case(facts={"a": 11, "b": 10}),
            case(facts={"a": 11, "b": 10}, expect={"refused": True}),
            case(expect={"refused": True}),
            case(facts={"typo": 1}, expect={"refused": True}),
            case(item="total", facts={}, expect={"points": "0"}),
        ],
    )
    assert [one.passed for one in ran] == [True, False, False, False, True, False, True, True]
    assert ran[0].points == Fraction(9, 5)
    assert ran[1].words() == "1.8 points and scored"
    assert ran[3].words() == "refused: a is greater than b"


def test_cases_of_unknown_items_are_refused() -> None:
    with pytest.raises(par.DocumentError) as caught:
        run(scheme(), [case(), case(item="3")])
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/cases/1/item", "unknown-item")


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"name": "n"}, "/cases/1/name"),
        ({"name": "m", "expect": {}}, "/cases/1/expect"),
        ({"name": "m", "expect": {"refused": True, "points": "1"}}, "/cases/1/expect"),
        ({"name": "m", "expect": {"points": 1}}, "/cases/1/expect/points"),
        ({"name": "m", "confirmed": "yes"}, "/cases/1/confirmed"),
        ({"name": "m", "unit": "x"}, "/cases/1/unit"),
    ],
)
def test_bad_case_files(tmp_path: Path, change: dict[str, Any], at: str) -> None:
    one = {"name": "n", "item": "1", "facts": {}, "expect": {"points": "0"}, "confirmed": False}
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"methodology": "tiny", "cases": [one, one | change]}))
    with pytest.raises(par.DocumentError) as caught:
        read_cases(path)
    assert [problem.pointer for problem in caught.value.problems] == [at]
