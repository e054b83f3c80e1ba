"""Stated points: they stand for their parts; what cannot be reconciled is reported, never chosen in silence."""

from decimal import Decimal as D
from typing import Any

import pytest
import tiny

import par_engine as par


def given(code: str, top: str, stream: str, parent: str) -> dict[str, Any]:
    return tiny.leaf(code, top, {"name": "given", "fact": code}, stream, parent=parent)


ITEMS = [
    {"code": "1", "title": tiny.T, "max": "60", **tiny.BASE},
    given("1.a", "40", "office", "1"),
    given("1.b", "20", "survey", "1"),
    {"code": "2", "title": tiny.T, "max": "40", **tiny.BASE},
    given("2.a", "30", "office", "2"),
    given("2.b", "10", "survey", "2"),
]
FACTS = {code: {"type": "decimal", "decimals": 4} for code in ("1.a", "1.b", "2.a", "2.b")}
M = par.from_document(tiny.document(ITEMS, FACTS, "100", settings={"missing": "block"}))


def assess(
    facts: dict[str, str] | None = None, items: dict[str, str] | None = None, streams: dict[str, str] | None = None
) -> tuple[par.UnitResult, list[str]]:
    stated = {key: value for key, value in (("items", items), ("streams", streams)) if value}
    result = M.assess(tiny.evidence({"facts": facts or {}, "stated": stated}))
    return result.units[0], [p.pointer for p in result.problems]


def test_a_total_alone_is_enough() -> None:
    unit, problems = assess(items={"total": "87.33"})
    assert (unit.points, unit.attainable, unit.index, unit.rank, unit.group, problems) == (
        D("87.33"),
        D(100),
        D("87.33"),
        1,
        "B",
        [],
    )
    assert unit.outcome is par.Outcome.SCORED
    assert (unit.item("1").points, unit.item("1.a").points, unit.stream("office").points) == (None, None, None)
    assert unit.leaves_with(par.Outcome.MISSING) == []


def test_streams_make_the_total_when_the_tree_is_unknown() -> None:
    unit, problems = assess(streams={"office": "60.65", "survey": "26.38"})
    assert (unit.points, unit.stream("survey").points, unit.item("2").points, problems) == (
        D("87.03"),
        D("26.38"),
        None,
        [],
    )


def test_fields_make_the_total() -> None:
    unit, problems = assess(items={"1": "50", "2": "30.5"})
    assert (unit.points, unit.stream("office").points, problems) == (D("80.5"), None, [])


def test_a_stated_stream_and_a_pending_one_give_an_index_so_far_and_no_rank() -> None:
    unit, _ = assess(streams={"office": "56"})
    assert (unit.points, unit.attainable, unit.index, unit.rank, unit.outcome.value) == (
        D(56),
        D(70),
        D("80.00"),
        None,
        "pending",
    )


def test_what_is_missing_blocks() -> None:
    unit, _ = assess(items={"1": "50"})
    assert (unit.points, unit.index, unit.rank, unit.outcome.value) == (None, None, None, "missing")
    assert unit.leaves_with(par.Outcome.MISSING) == ["2.a"]


def test_facts_and_stated_parts_add_up() -> None:
    unit, problems = assess({"2.a": "30", "2.b": "9.1234"}, items={"1": "50"})
    assert (unit.points, problems) == (D("89.1234"), [])


@pytest.mark.parametrize(
    ("total", "conflict"),
    # two rounded parts and a rounded total may differ by 0.015, so 0.01 passes and 0.02 does not
    [("87.03", False), ("87.04", False), ("87.02", False), ("87.05", True), ("87.01", True), ("86.03", True)],
)
def test_the_tolerance_is_what_rounding_explains(total: str, conflict: bool) -> None:
    unit, problems = assess(items={"total": total}, streams={"office": "60.65", "survey": "26.38"})
    assert unit.points == D(total)
    assert problems == (["/units/0/stated/items/total"] if conflict else [])


def test_exact_parts_leave_half_a_unit() -> None:
    facts = {"1.a": "30", "1.b": "10", "2.a": "20", "2.b": "5.005"}
    assert assess(facts, items={"2": "25.01"})[1] == []
    assert assess(facts, items={"2": "25.00"})[1] == []
    assert assess(facts, items={"2": "25.02"})[1] == ["/units/0/stated/items/2"]


def test_known_parts_bound_a_stated_whole() -> None:
    assert assess({"1.a": "35"}, items={"1": "34.99"})[1] == ["/units/0/stated/items/1"]
    assert assess({"1.a": "35"}, items={"1": "35"})[1] == []
    assert assess({"1.a": "35"}, items={"1": "55"})[1] == []
    assert assess({"1.a": "35"}, items={"1": "55.01"})[1] == ["/units/0/stated/items/1"]


def test_tree_and_streams_that_disagree_are_reported() -> None:
    unit, problems = assess(items={"1": "50", "2": "30"}, streams={"office": "60", "survey": "25"})
    assert (unit.points, problems) == (D(80), ["/units/0/stated"])


def test_the_report_says_what_differs() -> None:
    result = M.assess(
        tiny.evidence({"stated": {"items": {"total": "86.89"}, "streams": {"office": "61.36", "survey": "26.53"}}})
    )
    (problem,) = result.problems
    assert problem.severity == "warning"
    assert problem.what == "u0: total is stated as 86.89, its parts give 87.89"
    assert result.report()["problems"][0]["what_vi"] == "u0: total ghi 86,89, các phần cộng lại là 87,89"


def test_stated_rows_do_not_touch_their_neighbours() -> None:
    facts = {"1.a": "40", "1.b": "20", "2.a": "30", "2.b": "10"}
    result = M.assess(tiny.evidence({"facts": facts}, {"stated": {"items": {"total": "50"}}}, {"facts": facts}))
    assert [unit.points for unit in result.units] == [D(100), D(50), D(100)]
    assert [unit.rank for unit in result.units] == [1, 3, 1]


WITHIN = [
    ({"items": {"total": "87.33"}}, {"1": "total", "1.a": "total", "2.b": "total", "stream:office": "total"}),
    ({"items": {"1": "50", "2": "30.5"}}, {"1.a": "1", "1.b": "1", "2.a": "2", "stream:survey": "1 2"}),
    (
        {"streams": {"office": "60.65", "survey": "26.38"}},
        {"1": "stream:office stream:survey", "1.a": "stream:office", "2.b": "stream:survey"},
    ),
    ({"items": {"1": "50", "total": "80"}}, {"1.a": "1", "2.a": "total", "2": "total"}),
    ({"items": {"2": "30"}, "streams": {"office": "60"}}, {"1.a": "stream:office", "2.a": "2", "2.b": "2"}),
]


@pytest.mark.parametrize(("stated", "within"), WITHIN)
def test_what_a_stated_figure_stands_for_is_not_missing_but_within_it(
    stated: dict[str, Any], within: dict[str, str]
) -> None:
    result = M.assess(tiny.evidence({"stated": stated}))
    unit, entry = result.units[0], result.report()["units"][0]
    for key, wholes in within.items():
        stream = key.startswith("stream:")
        figure = unit.stream(key.removeprefix("stream:")) if stream else unit.item(key)
        assert " ".join(figure.within) == wholes
        assert figure.points is None
        reported = entry["streams" if stream else "items"][figure.code]
        assert reported["within"] == wholes.split()
        assert reported["outcome"] == figure.outcome.value
        data = result.explain("u0", key).data
        assert (data["outcome"], data["within"]) == (figure.outcome.value, wholes.split())
        if figure.outcome is par.Outcome.SCORED:
            assert "inside the stated points of" in result.explain("u0", key).en
    gaps = [unit.item(code).outcome.value for code in ("1.a", "1.b", "2.a", "2.b")]
    assert len(entry["missing"]) == gaps.count("missing")
    assert len(entry["pending"]) == gaps.count("pending")


def test_a_part_with_facts_is_not_hidden_by_its_whole() -> None:
    unit, _ = assess({"1.a": "35"}, items={"1": "50"})
    assert (unit.item("1.a").points, unit.item("1.a").within) == (D(35), ())
    assert unit.item("1.b").within == ("1",)


def test_what_no_stated_figure_holds_stays_missing() -> None:
    unit, _ = assess(items={"1": "50"})
    assert (unit.item("2.a").outcome.value, unit.item("2.a").within) == ("missing", ())
    assert (unit.item("2").outcome.value, unit.total.outcome.value, unit.total.within) == ("missing", "missing", ())
