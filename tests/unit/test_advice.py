"""Advice: the cheapest way against trying all, options against the engine, and targets that only just hold."""

from fractions import Fraction as F
from itertools import product
from typing import Any

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.advice.changes import facts_of, with_facts
from par_engine.advice.improve import improve
from par_engine.advice.knapsack import cheapest
from par_engine.advice.options import Option, options

FACTS: dict[str, Any] = {
    "n": tiny.COUNT,
    "part": tiny.COUNT,
    "whole": tiny.COUNT,
    "a": tiny.BOOLEAN,
    "b": tiny.BOOLEAN,
    "cases": tiny.COUNT,
    "p": {"type": "decimal", "decimals": 2, "max": "2"},
}
RATIO = {
    "name": "ratio",
    "part": "part",
    "whole": "whole",
    "floor": "0.8",
    "full_at": "1",
    "over": "refuse",
    "whole_zero": "missing",
}
M = par.from_document(
    tiny.document(
        [
            tiny.leaf("1", "2", {"name": "tally", "fact": "n", "each": "0.5"}),
            tiny.leaf("2", "3", RATIO),
            tiny.leaf("3", "2", {"name": "checklist", "points": {"a": "0.5", "b": "1.5"}}),
            tiny.leaf("4", "1", {"name": "deduction", "fact": "cases", "step": "0.25", "floor": "0"}),
            tiny.leaf("5", "2", {"name": "given", "fact": "p"}),
        ],
        FACTS,
        "10",
    )
)
POOR = {"n": 1, "part": 70, "whole": 100, "a": False, "b": False, "cases": 3, "p": "1"}


EFFORTS = {"n": F(1), "part": F(1, 10), "a": F(9), "b": F(2), "cases": F(5)}


def assess(**units: Any) -> par.Assessment:
    return M.assess(tiny.evidence(**units) | {"methodology": M.id, "stage": "s"})


chosen = st.builds(
    lambda gain, effort: Option("x", {}, gain, F(effort, 4)),
    st.integers(1, 40).map(lambda g: g * 25),
    st.integers(0, 20),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(chosen, max_size=3), max_size=5), st.integers(0, 4000))
def test_the_optimum_is_that_of_trying_all(choices: list[list[Option]], need: int) -> None:
    every = [[o for o in pick if o is not None] for pick in product(*([None, *leaf] for leaf in choices))]
    good = [pick for pick in every if sum(o.gain for o in pick) >= need]
    found = cheapest(choices, need)
    if not good:
        assert found is None
        return
    assert found is not None
    assert sum(o.gain for o in found) >= need
    assert sum(o.effort for o in found) == min(sum((o.effort for o in pick), F(0)) for pick in good)


def test_effort_decides_before_the_number_of_changes_and_that_decides_ties() -> None:
    many = [[Option(str(i), {}, 1, F(effort))] for i, effort in enumerate((1, 1, 0))]
    one = [Option("one", {}, 3, F(3))]
    assert [o.leaf for o in cheapest([*many, one], 3) or ()] == [
        "0",
        "1",
        "2",
    ]  # 2 is less than 3, though of more changes
    one = [Option("one", {}, 3, F(2))]
    assert [o.leaf for o in cheapest([*many, one], 3) or ()] == ["one"]


def test_efforts_too_large_for_64_bits_stay_exact() -> None:
    big = F(10**30, 7)
    found = cheapest([[Option("x", {}, 10, big)], [Option("y", {}, 10, big - F(1, 10**9))]], 10)
    assert found is not None
    assert [o.leaf for o in found] == ["y"]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 6),
    st.integers(0, 30),
    st.integers(1, 30),
    st.booleans(),
    st.booleans(),
    st.integers(0, 6),
)
def test_every_option_gains_what_the_engine_says(n: int, part: int, whole: int, a: bool, b: bool, cases: int) -> None:
    facts = {"n": n, "part": min(part, whole), "whole": whole, "a": a, "b": b, "cases": cases, "p": "1"}
    before = assess(u=facts)
    here = facts_of(before, 0)
    for leaf in M.scheme.leaves:
        for option in options(M.scheme, [leaf], {name: here[name] for name in leaf.rule.facts()}, {}):
            after = with_facts(
                M, before, 0, {k: v if isinstance(v, bool) else int(v) for k, (_, v) in option.changes.items()}
            )  # type: ignore[call-overload]
            moved = F(after.at(0).item(leaf.code).points or 0) - F(before.at(0).item(leaf.code).points or 0)
            assert moved == F(option.gain, 10**4) > 0


def test_the_target_is_reached_and_the_cheapest_way_is_taken() -> None:
    before = assess(u=POOR)
    # 0.5 + 0 + 0 + 0.25 + 1 = 1.75 of 10
    advice = improve(M, before, "u", index=F(35), efforts=EFFORTS)
    assert advice.need == F("1.75")
    assert advice.chosen is not None
    assert advice.after is not None
    # the part to 80 gives 2.4 for an effort of 1; three more counted would take 3, the tick 2 and gives only 1.5
    assert [(o.leaf, o.gain, o.effort) for o in advice.chosen] == [("2", 24000, F(1))]
    assert F(advice.after.unit("u").index or 0) >= 35
    assert advice.before.unit("u").item("5").points == advice.after.unit("u").item("5").points


def test_efforts_of_a_part_of_a_leaf_are_refused_and_never_nothing() -> None:
    partial = {name: effort for name, effort in EFFORTS.items() if name != "a"}
    with pytest.raises(par.ParError) as caught:
        improve(M, assess(u=POOR), "u", index=F(35), efforts=partial)
    text = "--effort: chưa khai công sức cho a — các số liệu khác của cùng mục đã có"
    assert [problem.text("vi") for problem in caught.value.problems] == [text]


def test_one_unit_alone_has_no_place_to_reach() -> None:
    with pytest.raises(par.ParError) as caught:
        improve(M, assess(u=POOR), "u", place=1)
    assert "không có thứ hạng để so" in caught.value.problems[0].text("vi")


def test_what_nobody_can_move_is_out_of_reach() -> None:
    advice = improve(M, assess(u=POOR), "u", index=F(95))
    assert (advice.chosen, advice.after) == (None, None)
    assert {loss.leaf: loss.movable for loss in advice.losses}["5"] == 0


def test_a_place_is_reached_by_the_index_of_who_has_it() -> None:
    rich = POOR | {"part": 100, "b": True}
    advice = improve(M, assess(u=POOR, v=rich, w=POOR | {"b": True}), "u", place=2)
    assert advice.after is not None
    assert advice.before.unit("u").rank == 3
    assert (advice.after.unit("u").rank or 9) <= 2
    assert advice.need == F("1.5")


def test_other_units_and_stated_points_stay() -> None:
    before = assess(u=POOR, v={"facts": POOR, "stated": {"items": {"total": "2.75"}}})
    after = with_facts(M, before, 0, {"n": "4"})
    assert after.unit("v").points == before.unit("v").points == F("2.75")
    assert after.unit("u").item("1").points == 2
    assert before.unit("u").item("1").points == F("0.5")


def test_what_evidence_cannot_say_is_refused() -> None:
    with pytest.raises(par.EvidenceError) as caught:
        with_facts(M, assess(u=POOR), 0, {"part": 101})
    assert "part" in caught.value.problems[0].text("en")
    with pytest.raises(par.ParError) as unknown:
        improve(M, assess(u=POOR), "u", index=F(50), efforts={"x": F(1)})
    assert unknown.value.problems[0].code == "unknown-fact"
    with pytest.raises(par.ParError) as partial:
        improve(M, assess(u={"facts": {}, "stated": {"items": {"total": "5"}}}), "u", index=F(50))
    assert partial.value.problems[0].text("en").endswith("name the points to win instead (--gain)")


def test_facts_that_answer_surveys_too_stay() -> None:
    items = [
        tiny.leaf("1", "2", {"name": "tally", "fact": "n", "each": "0.5"}),
        tiny.leaf("2", "4", {"name": "deduction", "fact": "n", "step": "1", "floor": "0"}, "survey"),
        tiny.leaf("3", "1", {"name": "checklist", "points": {"a": "1"}}),
    ]
    methodology = par.from_document(tiny.document(items, {"n": tiny.COUNT, "a": tiny.BOOLEAN}, "7"))
    before = methodology.assess(tiny.evidence({"n": 1, "a": False}))
    found = improve(methodology, before, "u0", gain=F(1, 2))
    assert found.chosen is not None
    assert [dict(option.changes) for option in found.chosen] == [{"a": (False, True)}]
    assert {loss.leaf: loss.movable for loss in found.losses} == {"1": 0, "2": 0, "3": 1}
    assert improve(methodology, before, "u0", gain=F(3, 2)).chosen is None
