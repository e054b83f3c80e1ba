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
    assert result.report()["problems"][0]["what_vi"] == "u0: tổng điểm ghi 86,89, các phần cộng lại là 87,89"


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


# 1 has two streams, of which "survey" has the leaf 1.b only; 2 has one leaf; 3 is a sum of one sum
NARROW = [
    {"code": "1", "title": tiny.T, "max": "60", **tiny.BASE},
    given("1.a", "40", "office", "1"),
    given("1.b", "20", "survey", "1"),
    {"code": "2", "title": tiny.T, "max": "30", **tiny.BASE},
    given("2.a", "30", "office", "2"),
    {"code": "3", "title": tiny.T, "max": "10", **tiny.BASE},
    {"code": "3.1", "title": tiny.T, "max": "10", "parent": "3", **tiny.BASE},
    given("3.1.a", "10", "other", "3.1"),
]


def narrow(
    facts: dict[str, str], stated: dict[str, dict[str, str]], items: list[dict[str, Any]] = NARROW
) -> tuple[par.UnitResult, list[str]]:
    names = [item["code"] for item in items if "rule" in item]
    document = tiny.document(items, {n: {"type": "decimal", "decimals": 4} for n in names}, "100")
    result = par.from_document(document).assess(tiny.evidence({"facts": facts, "stated": stated}))
    return result.units[0], [p.what for p in result.problems]


def test_a_leaf_that_is_all_of_a_stated_figure_has_its_points() -> None:
    unit, problems = narrow({"1.a": "33"}, {"streams": {"survey": "12.5"}, "items": {"2": "25.25", "3": "7"}})
    assert problems == []
    figures = {f.code: (f.outcome.value, f.points, f.attainable, f.within, f.stated) for f in unit.items}
    assert figures["1.b"] == ("scored", D("12.5"), D(20), ("stream:survey",), False)
    assert figures["2.a"] == ("scored", D("25.25"), D(30), ("2",), False)
    assert figures["3.1.a"] == ("scored", D(7), D(10), ("3",), False)
    # what is known of the leaves makes up what is above them
    assert figures["1"] == ("scored", D("45.5"), D(60), (), False)
    assert figures["3.1"] == ("scored", D(7), D(10), (), False)
    assert (unit.points, unit.index, unit.rank) == (D("77.75"), D("77.75"), 1)
    assert (unit.stream("office").points, unit.stream("other").points) == (D("58.25"), D(7))
    assert unit.leaves_with(par.Outcome.MISSING) == []


def test_the_nearest_stated_figure_gives_the_points() -> None:
    unit, problems = narrow({}, {"items": {"3": "7", "3.1": "7.01"}, "streams": {"other": "7.01"}})
    assert (unit.item("3.1.a").points, unit.item("3.1.a").within, problems) == (D("7.01"), ("3.1",), [])
    unit, problems = narrow({}, {"items": {"3.1": "7.01"}, "streams": {"other": "7.03"}})
    assert unit.item("3.1.a").points == D("7.01")
    assert "u0: other is stated as 7.03, its parts give 7.01" in problems
    # an item that holds more is nearer than the stream that holds this leaf only, and says less
    unit, _ = narrow({}, {"items": {"1": "40"}, "streams": {"survey": "12.5"}})
    assert (unit.item("1.b").points, unit.item("1.b").within) == (D("12.5"), ("stream:survey",))
    assert (unit.item("1.a").points, unit.item("1.a").within) == (None, ("1",))


def test_a_stated_total_and_parts_that_differ_are_said_once() -> None:
    stated = {"items": {"total": "60"}, "streams": {"office": "50", "survey": "12.5", "other": "7"}}
    items = [{**leaf, "parent": None} for leaf in (given("a", "50", "office", ""), given("b", "30", "survey", ""))]
    items.append({**given("c", "20", "other", ""), "parent": None})
    items = [{key: value for key, value in item.items() if key != "parent"} for item in items]
    unit, problems = narrow({}, stated, items)
    assert [f.points for f in unit.items] == [D(50), D("12.5"), D(7)]
    assert (unit.points, problems) == (D(60), ["u0: total is stated as 60, its parts give 69.5"])


@pytest.mark.parametrize(
    "changed",
    [
        {"cap": "25"},
        {"gates": [{"item": "1", "below": "50", "cap": "10"}]},
        {"aggregate": "weighted_mean"},
    ],
    ids=["cap", "gate", "mean"],
)
def test_a_figure_that_is_more_than_its_one_leaf_does_not_give_its_points(changed: dict[str, Any]) -> None:
    items = [{**item, **changed} if item["code"] == "2" else item for item in NARROW]
    if "aggregate" in changed:
        items = [{**item, "weight": "1"} if item["code"] == "2.a" else item for item in items]
    unit, _ = narrow({"1.a": "33"}, {"items": {"2": "20"}}, items)
    assert (unit.item("2").points, unit.item("2.a").points, unit.item("2.a").within) == (D(20), None, ("2",))


def test_facts_and_what_does_not_apply_are_stronger_than_a_stated_whole() -> None:
    unit, problems = narrow({"2.a": "20"}, {"items": {"2": "25"}})
    assert (unit.item("2.a").points, unit.item("2.a").within) == (D(20), ())
    assert problems == ["u0: 2 is stated as 25, its parts give 20"]


def extra(role: str = "bonus") -> par.Methodology:
    """One item of one part and a bonus or a penalty, beside another item."""
    items = [
        {"code": "1", "title": tiny.T, "max": "4", "cap": "6", **tiny.BASE},
        {**given("1.a", "4", "office", "1"), "may_not_apply": True},
        {**given("1.b", "10", "office", "1"), "role": role},
        {key: value for key, value in given("2", "6", "office", "").items() if key != "parent"},
    ]
    facts = {code: {"type": "decimal", "decimals": 2} for code in ("1.a", "1.b", "2")}
    return par.from_document(tiny.document(items, facts, "10", settings={"missing": "zero"}))


AWAY = {"1.a": {"outcome": "not_applicable", "why": "x"}}


def test_what_does_not_apply_takes_its_bonus_with_it_and_says_so() -> None:
    result = extra().assess(tiny.evidence({"facts": {"1.b": "5", "2": "3"}, "outcomes": AWAY}))
    unit = result.units[0]
    assert (unit.points, unit.attainable, unit.index) == (D(3), D(6), D("50.00"))
    assert [unit.item(code).outcome.value for code in ("1", "1.a", "1.b")] == ["not_applicable"] * 3
    (problem,) = result.problems
    assert problem.text() == (
        "evidence /units/0/facts/1.b: u0: 1.b is not counted, because 1 does not apply"
        " — is it true that no part of it applies?"
    )
    assert problem.text("vi") == (
        "evidence /units/0/facts/1.b: u0: không tính mục 1.b “chữ”, vì mục 1 “chữ” không áp dụng"
        " — xem có đúng là không phần nào của mục ấy áp dụng không"
    )
    told = result.explain("u0", "1.b")
    assert "Why: the item that this bonus or penalty belongs to does not apply" in told.en.splitlines()
    assert "Arithmetic" not in told.en


def test_a_penalty_of_what_does_not_apply_is_not_missing() -> None:
    result = extra("penalty").assess(tiny.evidence({"facts": {"2": "3"}, "outcomes": AWAY}))
    unit = result.units[0]
    assert (unit.item("1").outcome.value, unit.outcome.value) == ("not_applicable", "scored")
    assert (unit.leaves_with(par.Outcome.MISSING), result.problems) == ([], ())


def test_stated_points_of_what_does_not_apply_count_nothing_and_are_reported() -> None:
    result = extra().assess(tiny.evidence({"facts": {"2": "3"}, "outcomes": AWAY, "stated": {"items": {"1": "4"}}}))
    unit = result.units[0]
    assert (unit.points, unit.attainable, unit.item("1").outcome.value, unit.item("1").stated) == (
        D(3),
        D(6),
        "not_applicable",
        False,
    )
    assert [p.what for p in result.problems] == ["u0: 1 is stated as 4, its parts give 0"]


def test_explanations_of_a_leaf_that_is_all_of_a_stated_figure() -> None:
    unit, _ = narrow({"1.a": "33"}, {"streams": {"survey": "12.5"}})
    told = unit.assessment.explain("u0", "1.b")
    assert told.vi.splitlines()[0] == "u0 — 1.b chữ: 12,5 trên 20 điểm (là điểm đã ghi của chữ)"
    assert told.en.splitlines()[0] == "u0 — 1.b text: 12.5 of 20 points (the stated points of text)"
    assert (told.data["points"], told.data["within"]) == ("12.5000", ["stream:survey"])
    stream = unit.assessment.explain("u0", "stream:survey")
    assert "  1.b text: 12.5 / 20 (the stated points of text)" in stream.en.splitlines()
