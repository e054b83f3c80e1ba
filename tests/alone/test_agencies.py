"""Agencies: what they hand in rolls up as declared; what is missing or contradictory is named, and never zero."""

from fractions import Fraction
from typing import Any

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

import par_engine as par
from par_engine.agencies.assignment import Assignment, assignment
from par_engine.agencies.forms import for_agencies
from par_engine.agencies.gathering import gather
from par_engine.agencies.rollup import RolledUp, roll_up
from par_engine.agencies.scorecards import card, leagues
from par_engine.errors import DocumentError, EvidenceError

RATIO = {"name": "ratio", "part": "z.part", "whole": "z.whole", "floor": "0", "full_at": "1", "over": "cap"}
BANDS = {
    "name": "bands",
    "measure": {"fact": "money"},
    "bands": [{"below": "0", "points": "0"}, {"from": "0", "points": "2"}],
}
CHOICE = {"name": "choice", "fact": "state", "points": {"good": "1", "bad": "0"}}
# "z.part" stands first: facts do not come in the order of the alphabet
FACTS: dict[str, Any] = {
    "z.part": tiny.COUNT | {"roll_up": "sum"},
    "z.whole": tiny.COUNT | {"roll_up": "sum"},
    "money": {"type": "decimal", "decimals": 2, "min": "-1000", "max": "1000"},
    "tick": tiny.BOOLEAN,
    "state": {"type": "option", "options": [{"id": "good", "title": tiny.T}, {"id": "bad", "title": tiny.T}]},
}
DOCUMENT = tiny.document(
    [
        tiny.leaf("1", "4", RATIO | {"whole_zero": "missing"}, may_not_apply=True),
        tiny.leaf("2", "2", BANDS),
        tiny.leaf("3", "2", {"name": "checklist", "points": {"tick": "2"}}),
        tiny.leaf("4", "1", CHOICE),
    ],
    FACTS,
    "9",
)
METHODOLOGY = par.from_document(DOCUMENT)
AGENCIES = ("home", "law", "north", "south")


def assigned(facts: dict[str, Any] | None = None, **more: Any) -> Assignment:
    return assignment(
        {
            "methodology": "tiny",
            "unit": "Một",
            "kinds": [{"id": "department", "title": "Sở"}, {"id": "district", "title": "Huyện"}],
            "agencies": [
                {"id": "home", "name": "Sở Nội vụ", "kind": "department"},
                {"id": "law", "name": "Sở Tư pháp", "kind": "department"},
                {"id": "north", "name": "Huyện Bắc", "kind": "district"},
                {"id": "south", "name": "Huyện Nam", "kind": "Huyện"},
            ],
            "facts": {"z.part": {"from": ["district"]}, "z.whole": {"from": ["Huyện"]}, "tick": {"from": ["Sở Nội vụ"]}}
            if facts is None
            else facts,
        }
        | more,
        METHODOLOGY,
    )


def sent(agency: str, facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "methodology": "tiny-agencies",
        "stage": "self-assessment",
        "units": [{"unit": agency, "facts": facts, **more}],
    }


def rolled(found: Assignment, *documents: dict[str, Any]) -> RolledUp:
    return roll_up(found, gather(found, documents))


def said(result: RolledUp) -> list[str]:
    return [problem.text("vi") for problem in result.problems]


def test_the_columns_are_those_of_the_unit() -> None:
    assert for_agencies(assigned()).scheme.columns == METHODOLOGY.scheme.columns
    assert list(for_agencies(assigned()).document.facts) == list(FACTS)


def test_sums_and_single_facts() -> None:
    found = rolled(
        assigned(),
        sent("north", {"z.part": 3, "z.whole": 5}),
        sent("south", {"z.part": 4, "z.whole": 5}),
        sent("home", {"tick": True}),
    )
    assert found.document == {
        "methodology": "tiny",
        "stage": "self-assessment",
        "note": "Gộp số liệu của 3 cơ quan.",
        "units": [{"unit": "Một", "facts": {"z.part": 7, "z.whole": 10, "tick": True}}],
    }
    assert said(found) == []
    assert METHODOLOGY.assess(found.document).units[0].item("1").points == 4 * 7 / Fraction(10)


NUMBERS = st.decimals(-200, 200, places=2)
WAYS: dict[str, tuple[Any, Any]] = {
    "sum": (NUMBERS, lambda values: sum(map(Fraction, values))),
    "least": (NUMBERS, lambda values: min(map(Fraction, values))),
    "most": (NUMBERS, lambda values: max(map(Fraction, values))),
    "all": (st.booleans(), lambda values: False not in values),
    "any": (st.booleans(), lambda values: True in values),
}


@given(st.data(), st.sampled_from(sorted(WAYS)))
def test_every_way_against_its_sentence(data: st.DataObject, way: str) -> None:
    """A fact of several agencies is what the way says when all have given it, and left out when one has not."""
    fact = "tick" if way in ("all", "any") else "money"
    who = data.draw(st.lists(st.sampled_from(AGENCIES), min_size=2, unique=True))
    values = {agency: data.draw(st.none() | WAYS[way][0]) for agency in who}
    came = data.draw(st.sets(st.sampled_from(who)))
    found = rolled(assigned({fact: {"from": who, "by": way}}), *(sent(a, {fact: values[a]}) for a in who if a in came))
    facts = found.document["units"][0]["facts"]
    if came == set(who) and None not in values.values():
        got = facts[fact] if isinstance(facts[fact], bool) else Fraction(facts[fact])
        assert got == WAYS[way][1](list(values.values()))
        assert found.problems == ()
    else:
        assert facts == {}
        named = " ".join(said(found))
        names = {agency.id: agency.name for agency in found.assignment.agencies}
        for agency in who:
            owes = agency not in came or values[agency] is None
            assert (names[agency] in named) is owes


def test_tables_of_several_agencies() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"unit": ["Huyện Bắc", "south"], "z.part": [3, 4], "z.whole": [5, 5]})
    found = roll_up(assigned(), gather(assigned(), [frame], stage="self-assessment"))
    assert found.document["units"][0]["facts"] == {"z.part": 7, "z.whole": 10}


def test_gaps_and_silent_agencies_are_named() -> None:
    found = rolled(assigned(), sent("north", {"z.part": 3}), sent("home", {"tick": False}))
    assert said(found) == [
        "evidence z.whole: Huyện Bắc: chưa có “chữ” — đề nghị bổ sung",
        "south: Huyện Nam chưa gửi số liệu nào — 2 số liệu còn chờ",
    ]
    assert found.document["note"] == "Gộp số liệu của 2 cơ quan. Chưa gửi: Huyện Nam. Còn thiếu 2 số liệu."
    assert found.document["units"][0]["facts"] == {"tick": False}


def test_same_must_be_the_same() -> None:
    both = {"state": {"from": ["home", "law"], "by": "same"}}
    agree = rolled(assigned(both), sent("home", {"state": "good"}), sent("law", {"state": "good"}))
    assert agree.document["units"][0]["facts"] == {"state": "good"}
    differ = rolled(assigned(both), sent("home", {"state": "good"}), sent("law", {"state": "bad"}))
    assert said(differ) == ["merge state: chữ: Sở Nội vụ: chữ; Sở Tư pháp: chữ — hỏi lại các cơ quan"]
    assert differ.problems[0].severity == "error"


def test_a_sum_out_of_range_is_a_contradiction() -> None:
    found = rolled(
        assigned({"money": {"from": ["home", "law"], "by": "sum"}}),
        sent("home", {"money": 600}),
        sent("law", {"money": 401}),
    )
    assert [line.state for line in found.lines if line.fact == "money"] == ["conflict"]
    assert "1001" in said(found)[0]


def test_what_does_not_apply_to_one_is_left_out_and_to_all_is_declared() -> None:
    none = {"1": {"outcome": "not_applicable", "why": "không có thủ tục"}}
    some = rolled(assigned(), sent("north", {}, outcomes=none), sent("south", {"z.part": 4, "z.whole": 5}))
    assert some.document["units"][0]["facts"] == {"z.part": 4, "z.whole": 5}
    every = rolled(assigned(), sent("north", {}, outcomes=none), sent("south", {}, outcomes=none))
    why = "Huyện Bắc: không có thủ tục; Huyện Nam: không có thủ tục"
    assert every.document["units"][0]["outcomes"] == {"1": {"outcome": "not_applicable", "why": why}}
    always = rolled(
        assigned(), sent("home", {}, outcomes={"3": {"outcome": "not_applicable", "why": "không"}})
    )  # leaf 3 applies to the unit whatever its agency says
    assert "outcomes" not in always.document["units"][0]
    assert any("với đơn vị thì luôn áp dụng" in text for text in said(always))


def test_reasons_travel() -> None:
    found = rolled(
        assigned(),
        sent("north", {}, outcomes={"1": {"outcome": "pending", "why": "chờ quyết toán"}}),
        sent("south", {"z.part": 4, "z.whole": 5}),
    )
    why = "Huyện Bắc: chờ quyết toán"
    assert found.document["units"][0]["outcomes"] == {"1": {"outcome": "pending", "why": why}}
    assert "evidence z.part: Huyện Bắc: chưa có “chữ” (chờ quyết toán) — đề nghị bổ sung" in said(found)


def test_documents_are_listed_once() -> None:
    paper, other = {"number": "1/KH", "date": "2031-01-01"}, {"number": "2/BC"}
    found = rolled(
        assigned(),
        sent("south", {"z.part": 1, "z.whole": 1}, documents={"1": [paper, other]}),
        sent("north", {"z.part": 1, "z.whole": 1}, documents={"1": [paper]}),
    )
    assert found.document["units"][0]["documents"] == {"1": [paper, other]}


def test_notes_are_kept_with_who_wrote_them() -> None:
    one = sent("north", {"z.part": 1, "z.whole": 1}) | {"note": "số tạm tính"}
    found = rolled(assigned(), one, sent("south", {"z.part": 1, "z.whole": 1}))
    assert found.document["note"].endswith("Chưa gửi: Sở Nội vụ. Còn thiếu 1 số liệu. Huyện Bắc: số tạm tính")


@pytest.mark.parametrize(
    ("documents", "text"),
    [
        ([sent("north", {}), sent("north", {})], "evidence: Huyện Bắc có cả trong tệp evidence — chỉ giữ lại tệp đúng"),
        (
            [sent("north", {"tick": True})],
            "evidence north tick: Huyện Bắc không được giao báo cáo tick — số liệu này giao cho Sở Nội vụ",
        ),
        (
            [sent("north", {}, stated={"items": {"total": "3"}})],
            "evidence /units/0/stated/items/total: Huyện Bắc ghi sẵn điểm của total — cơ quan chỉ gửi số liệu gốc",
        ),
        (
            [sent("north", {}), sent("south", {}) | {"stage": "appraisal"}],
            "evidence: các tệp khác giai đoạn: self-assessment, appraisal — gộp từng giai đoạn",
        ),
    ],
)
def test_files_that_do_not_fit(documents: list[dict[str, Any]], text: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        gather(assigned(), documents)
    assert [problem.text("vi") for problem in caught.value.problems] == [text]


def test_all_problems_of_all_files_at_once() -> None:
    with pytest.raises(EvidenceError) as caught:
        gather(assigned(), [sent("nowhere", {}), sent("north", {"zz": 1}), sent("south", {"z.part": -1})])
    assert {problem.code for problem in caught.value.problems} == {"unknown-unit", "unknown-fact", "out-of-range"}


def test_an_assignment_says_all_that_is_wrong() -> None:
    with pytest.raises(DocumentError) as caught:
        assigned({"z.part": {"from": ["Sở Y tế", "district"]}, "state": {"from": ["district"]}, "zz": {"from": []}})
    assert [(p.pointer, p.code) for p in caught.value.problems] == [
        ("/facts/state/by", "no-way"),
        ("/facts/z.part/from/0", "unknown-agency"),
        ("/facts/zz", "unknown-fact"),
    ]


def test_scorecards_shrink_to_what_applies_and_rank_within_a_kind() -> None:
    found = assigned()
    returns = gather(
        found,
        [
            sent("north", {"z.part": 3, "z.whole": 4}),
            sent("south", {"z.part": 0, "z.whole": 0}),
            sent("home", {"tick": True}),
        ],
    )
    departments, districts = leagues(found, returns)
    assert (departments.kind.id, [u.id for u in departments.assessment.units]) == ("department", ["home"])
    home = departments.assessment.unit("home")
    assert (home.points, home.attainable, home.index, home.rank) == (2, 2, 100, 1)
    north, south = districts.assessment.unit("north"), districts.assessment.unit("south")
    assert (north.points, north.attainable, north.index, north.rank) == (3, 4, 75, 1)
    assert (south.attainable, south.index, south.rank) == (0, None, None)  # it has none of what is asked for
    why = {entry.code: entry.why for entry in card(districts.assessment, north, "vi")}
    assert why == {"1": "", **dict.fromkeys(("2", "3", "4"), "không thuộc phần báo cáo của cơ quan này")}


def test_an_agency_with_a_part_of_a_leaf_is_not_scored_by_it() -> None:
    found = assigned({"z.part": {"from": ["north"]}, "z.whole": {"from": ["south"]}})
    returns = gather(found, [sent("north", {"z.part": 3})])
    (districts,) = leagues(found, returns)
    (entry, *_) = card(districts.assessment, districts.assessment.unit("north"), "vi")
    assert entry.why == "cần cả số liệu của cơ quan khác (Huyện Nam)"
    assert [agency.id for agency in districts.silent] == ["south"]


def test_silent_agencies_have_no_figure() -> None:
    found = assigned()
    _, districts = leagues(found, gather(found, [sent("north", {"z.part": 1, "z.whole": 1})]))
    assert [unit.id for unit in districts.assessment.units] == ["north"]
    assert [agency.name for agency in districts.silent] == ["Huyện Nam"]


def test_unranked_agencies_say_why() -> None:
    agencies = [
        {"id": "north", "name": "Huyện Bắc", "kind": "district", "unranked": "mới chia tách"},
        {"id": "south", "name": "Huyện Nam", "kind": "district"},
    ]
    found = assigned({"tick": {"from": ["district"], "by": "all"}}, agencies=agencies)
    (districts,) = leagues(found, gather(found, [sent("north", {"tick": True}), sent("south", {"tick": False})]))
    north = districts.assessment.unit("north")
    assert (north.index, north.rank, north.why and north.why.vi) == (100, None, "mới chia tách")
    assert districts.assessment.unit("south").rank == 1
