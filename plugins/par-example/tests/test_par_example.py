"""The example's totals, worked out by hand."""

import json
from decimal import Decimal as D
from pathlib import Path

import pytest

import par_engine as par

EVIDENCE = Path(__file__).parents[3] / "examples" / "example-town.json"
RESULT = par.load("example-town").assess(EVIDENCE)


@pytest.mark.parametrize(
    ("unit", "points"),
    [
        # days, days off, complaints; new books 0.12 of the stock is a tenth or more; five readings are capped at 2
        (
            "ashford",
            {"1.1": "1", "1.2": "2", "1.3": "1", "2.1": "1", "2.2": "2", "2.3": "1", "3.2": "0.6", "B": "0.25"},
        ),
        # 231 / 280 = 0.825 of 2; 45 / 900 = 0.05 is 3/8 of the way from 0.2 to 1; 4000 / (4000 + 2 × 2000) = 1/2
        (
            "ben-tre-nho",
            {
                "1.1": "0.5",
                "1.2": "1.65",
                "1.3": "0.75",
                "2.1": "0.5",
                "2.2": "1.5",
                "2.3": "0.5",
                "3.2": "0.5",
                "B": "0",
            },
        ),
        # 290 / 300 × 2; 20 / 1500 is below 2 %; 2500 / (2500 + 5000) = 1/3
        ("cau-moi", {"1.1": "1", "1.2": "1.9333", "1.3": "0.5", "2.1": "0", "2.2": "2", "3.2": "0.3333", "B": "0.5"}),
        # 120 / 250 is below one half; six complaints cost more than there is
        ("dong-xuan", {"1.1": "0", "1.2": "0", "1.3": "0", "2.1": "0", "2.2": "0", "2.3": "0", "3.2": "0.2", "B": "0"}),
    ],
)
def test_points_by_hand(unit: str, points: dict[str, str]) -> None:
    got = RESULT.unit(unit)
    assert {code: got.item(code).points for code in points} == {code: D(p) for code, p in points.items()}


def test_survey_by_hand() -> None:
    # Ashford: adults 40 + 15/2 of 60 twice, children 20 + 8/2 of 30 once: (2 × 47.5/60 + 24/30) / 3
    assert RESULT.unit("Ashford").item("3.1").points == D("0.7944")


def test_totals_places_and_groups() -> None:
    assert [(u.id, u.points, u.attainable, u.rank, u.group) for u in RESULT.league()] == [
        ("ashford", D("9.6444"), D(10), 1, "gold"),
        ("cau-moi", D("6.9533"), D(9), 2, "silver"),
        ("ben-tre-nho", D("6.5444"), D(10), 3, "silver"),
        ("dong-xuan", D("0.5556"), D(10), 4, "plain"),
        ("kho-trung-tam", D("6.9222"), D(10), None, "silver"),
    ]


def test_a_listed_building_is_exempt() -> None:
    figure = RESULT.unit("Cầu Mới").item("2.3")
    assert (figure.outcome, figure.points, figure.attainable) == (par.Outcome.NOT_APPLICABLE, None, D(0))


def test_without_a_report_the_total_is_cut() -> None:
    evidence = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    evidence["units"][0]["facts"]["c.report"] = False
    assert par.load("example-town").assess(evidence).unit("Ashford").points == D(5)


def test_the_bonus_cannot_pass_the_cap() -> None:
    evidence = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    evidence["units"][0]["facts"] |= {"b.idea": "0.5", "3.1.ballots": {"adults": {"good": 1}, "children": {"good": 1}}}
    unit = par.load("example-town").assess(evidence).unit("Ashford")
    assert (unit.points, unit.index) == (D(10), D("100.00"))
