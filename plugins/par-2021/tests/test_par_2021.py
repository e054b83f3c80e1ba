"""The 2021 scheme: its counts and sums, its honesty about what is reconstructed, and the worked example."""

import json
from collections import Counter
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import pytest

import par_engine as par

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[2] / "examples" / "dien-bien-2021" / "evidence.json"
M = par.load("2021-province")


def test_counts_and_sums() -> None:
    depth = Counter(code.count(".") for code in M.scheme.items)
    assert (depth[0], depth[1], depth[2]) == (8, 43, 102)
    assert len(M.scheme.leaves) == 112, "102 components and 10 criteria without components"
    streams = {s.id: s.max for s in M.document.streams}
    assert streams["appraisal"] + streams["statistics"] == Fraction(133, 2)
    assert (streams["leaders"], streams["sipas"]) == (Fraction(47, 2), 10)
    assert M.document.total.max == 100
    assert [M.scheme.items[str(i)].max for i in range(1, 9)] == [
        Fraction(x) for x in ("8.5", "10", "14", "10.5", "14", "12", "15", "16")
    ]


def test_reconstructed_rows_do_not_look_official() -> None:
    assert M.basis() == {"official": 10, "derived": Fraction(3, 4), "reconstructed": Fraction("89.25")}
    for code, item in M.scheme.items.items():
        if item.basis == "reconstructed":
            assert "R5" in item.rulings, code


def test_units_facts_and_plan() -> None:
    assert len(M.document.units) == 63
    assert all(fact.owner for fact in M.document.facts.values())
    due = {task.id: (task.due, task.due_is) for task in M.document.plan.tasks} if M.document.plan else {}
    assert due["respondents-list"] == due["respondents-report"] == ("2021-10-20", "before")


def test_ministry() -> None:
    ministry = par.load("2021-ministry").document
    fields = [item for item in ministry.items if item.parent is None]
    assert [item.max for item in fields] == [Fraction(x) for x in ("9", "16.5", "17", "12.5", "16", "12.5", "16.5")]
    assert {item.basis for item in fields} == {"official"}
    assert {s.id: s.max for s in ministry.streams} == {"appraisal": Fraction("63.5"), "survey": Fraction("36.5")}
    assert (sum(u.ranked for u in ministry.units), len(ministry.units)) == (17, 19)


def test_the_example_is_complete_and_says_that_it_is_made_up() -> None:
    evidence = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert evidence["note"].startswith("MINH HỌA")
    unit = M.assess(EXAMPLE).unit("Điện Biên")
    assert unit.outcome is par.Outcome.SCORED
    assert unit.attainable == 100
    assert evidence["units"][0]["facts"].keys() == M.document.facts.keys()


def test_the_example_by_hand() -> None:
    """Each leaf worked out here, straight from the sentence of its rule."""
    facts = json.loads(EXAMPLE.read_text(encoding="utf-8"))["units"][0]["facts"]
    result = M.assess(EXAMPLE).unit("Điện Biên")

    def share(code: str) -> D:
        return D(str(facts[f"{code}.part"])) / D(str(facts[f"{code}.whole"]))

    def cents(x: D) -> D:
        return (x * 10000 + D("0.5")).to_integral_value("ROUND_FLOOR") / 10000

    expected: dict[str, D] = {}
    plan = share("1.1.2")
    expected["1.1.2"] = D(0) if plan < D("0.8") else cents(min(plan, D(1)))
    expected["1.5"] = D(min(2, facts["1.5.ideas"]))
    on_time = share("3.4.1")
    expected["3.4.1"] = D(0) if on_time < D("0.95") else cents(min(on_time, D(1)))
    expected["5.5.2"] = max(D(0), D("0.5") - D("0.25") * facts["5.5.2.cases"])
    invested = share("6.1.1")
    expected["6.1.1"] = D(0) if invested < D("0.7") else min(D("1.5"), cents(D("1.5") * invested / D("0.95")))
    expected["8.1"] = D(facts["8.1.sipas"]) / 10
    growth = D(facts["8.3.1.now"]) / facts["8.3.1.before"] - 1
    expected["8.3.1"] = D(1) if growth >= D("0.3") else D("0.5") if growth >= 0 else D(0)
    ballots = facts["2.4.1.ballots"]
    groups = [(g["A"] + D("0.6") * g["B"] + D("0.2") * g["C"]) / sum(g.values()) for g in ballots.values()]
    expected["2.4.1"] = cents(sum(groups, D(0)) / 4)
    expected["1.2"] = D("0.125") * sum(facts[f"1.2.{r}"] for r in ("quarter_1", "half_year", "quarter_3", "year"))
    assert {code: result.item(code).points for code in expected} == expected


@pytest.mark.parametrize(
    ("code", "facts", "points"),
    [
        ("1.1.2", {"1.1.2.part": 79, "1.1.2.whole": 100}, "0"),
        ("1.1.2", {"1.1.2.part": 80, "1.1.2.whole": 100}, "0.8"),
        ("1.3.1", {"1.3.1.part": 19, "1.3.1.whole": 100}, "0"),
        ("1.3.1", {"1.3.1.part": 20, "1.3.1.whole": 100}, "0.5"),
        ("1.3.1", {"1.3.1.part": 30, "1.3.1.whole": 100}, "1"),
        ("1.3.2", {"1.3.2.part": 0, "1.3.2.whole": 0}, "1"),
        ("3.4.1", {"3.4.1.part": 9499, "3.4.1.whole": 10000}, "0"),
        ("3.4.1", {"3.4.1.part": 9500, "3.4.1.whole": 10000}, "0.95"),
        ("4.1.3", {"4.1.3.part": 5, "4.1.3.whole": 100}, "0.25"),
        ("7.2.3", {"7.2.3.part": 40, "7.2.3.whole": 100}, "1"),
        ("7.2.3", {"7.2.3.part": 20, "7.2.3.whole": 100}, "0.5"),
        ("7.2.3", {"7.2.3.part": 9, "7.2.3.whole": 100}, "0"),
        ("8.1", {"8.1.sipas": "91.17"}, "9.117"),
        ("8.4", {"8.4.part": "105", "8.4.whole": "100"}, "1"),
        ("8.4", {"8.4.part": "104.999", "8.4.whole": "100"}, "0.5"),
        ("8.4", {"8.4.part": "99.999", "8.4.whole": "100"}, "0"),
    ],
)
def test_thresholds(code: str, facts: dict[str, object], points: str) -> None:
    evidence = {"methodology": "2021-province", "stage": "s", "units": [{"unit": "dien-bien", "facts": facts}]}
    assert M.assess(evidence).unit("dien-bien").item(code).points == D(points)


def test_published_sipas_of_ha_tinh_is_its_printed_points() -> None:
    evidence = {
        "methodology": "2021-province",
        "stage": "s",
        "units": [{"unit": "Hà Tĩnh", "facts": {"8.1.sipas": "91.17"}}],
    }
    assert round(M.assess(evidence).unit("Hà Tĩnh").item("8.1").points or D(0), 2) == D("9.12")
