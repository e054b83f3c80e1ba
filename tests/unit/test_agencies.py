"""Agencies: what they hand in rolls up as declared; what is missing or contradictory is named, and never zero."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

import par_engine as par
from par_engine.agencies.assignment import assignment
from par_engine.agencies.forms import for_agencies
from par_engine.agencies.gathering import gather
from par_engine.agencies.model import Assignment
from par_engine.agencies.rollup import RolledUp, roll_up
from par_engine.agencies.scorecards import card, leagues
from par_engine.base.problems import DocumentError, EvidenceError

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
FACTS_OWNED = {name: {"title": tiny.T, **fact} for name, fact in FACTS.items()}
FACTS_OWNED["tick"] |= {"owner": "home"}
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
    """All that is open or wrong, but for facts that the test asks nobody for."""
    return [problem.text("vi") for problem in result.problems if problem.code != "unassigned"]


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
        "note": "Gộp số liệu của 3 cơ quan. 2 số liệu chưa phân công, thuộc mục 2, 4.",
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
        assert said(found) == []
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
        "Huyện Nam: chưa gửi số liệu nào — 2 số liệu còn chờ",
        "evidence mục 1: Huyện Bắc: chưa có “chữ” — đề nghị bổ sung",
    ]
    assert found.document["note"].startswith("Gộp số liệu của 2 cơ quan. Chưa gửi: Huyện Nam. Còn thiếu 2 số liệu.")
    assert found.document["units"][0]["facts"] == {"tick": False}


def test_same_must_be_the_same() -> None:
    both = {"state": {"from": ["home", "law"], "by": "same"}}
    agree = rolled(assigned(both), sent("home", {"state": "good"}), sent("law", {"state": "good"}))
    assert agree.document["units"][0]["facts"] == {"state": "good"}
    differ = rolled(assigned(both), sent("home", {"state": "good"}), sent("law", {"state": "bad"}))
    assert said(differ) == ["mục 4: chữ: Sở Nội vụ: chữ; Sở Tư pháp: chữ — hỏi lại các cơ quan"]
    assert differ.contradictory


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
    assert "evidence mục 1: Huyện Bắc: chưa có “chữ” (chờ quyết toán) — đề nghị bổ sung" in said(found)


NONE = {"outcome": "not_applicable", "why": "không có"}
WAITS = {"outcome": "pending", "why": "chờ quyết toán"}


def test_what_is_declared_counts_and_the_facts_beside_it_do_not() -> None:
    """An agency's leaf goes in whole or stays out whole: a part without its whole would raise the unit's points."""
    both = sent("south", {"z.part": 3, "z.whole": 4})
    found = rolled(assigned(), sent("north", {"z.part": 2}, outcomes={"1": NONE}), both)
    assert found.document["units"][0]["facts"] == {"z.part": 3, "z.whole": 4}
    text = "evidence mục 1: Huyện Bắc: mục 1 được ghi là không áp dụng, nhưng vẫn có “chữ”"
    assert f"{text} — bỏ phần sai; kết quả dùng phần đã ghi" in said(found)
    waiting = rolled(assigned(), sent("north", {"z.part": 2, "z.whole": 2}, outcomes={"1": WAITS}), both)
    unit = waiting.document["units"][0]
    assert unit == {
        "unit": "Một",
        "facts": {},
        "outcomes": {"1": {"outcome": "pending", "why": "Huyện Bắc: chờ quyết toán"}},
    }
    assert any("chờ kết quả, nhưng vẫn có “chữ”, “chữ”" in text for text in said(waiting))


def test_pending_is_said_before_missing() -> None:
    missing = {"outcome": "missing", "why": "thất lạc"}
    found = rolled(assigned(), sent("north", {}, outcomes={"1": missing}), sent("south", {}, outcomes={"1": WAITS}))
    why = "Huyện Bắc: thất lạc; Huyện Nam: chờ quyết toán"
    assert found.document["units"][0]["outcomes"] == {"1": {"outcome": "pending", "why": why}}


def test_a_leaf_that_some_leave_out_by_half_is_named() -> None:
    found = rolled(
        assigned({"z.part": {"from": ["north"]}, "z.whole": {"from": ["south"]}}),
        sent("north", {}, outcomes={"1": NONE}),
        sent("south", {"z.whole": 5}),
    )
    assert said(found) == ["mục 1: Huyện Bắc bỏ “chữ”, nơi khác vẫn báo — đề nghị bổ sung"]


def test_facts_that_nobody_is_asked_for_are_named() -> None:
    found = rolled(assigned({"tick": {"from": ["home"]}, "state": {"from": []}}), sent("home", {"tick": True}))
    text = "agencies: 4 số liệu chưa phân công, thuộc mục 1, 2, 4 — hãy phân công, hoặc bổ sung sau khi gộp"
    assert [problem.text("vi") for problem in found.problems] == [text]


def test_the_whole_may_contradict_what_no_agency_does() -> None:
    document = DOCUMENT | {"items": [DOCUMENT["items"][0] | {"rule": RATIO | {"over": "refuse", "whole_zero": "zero"}},
                                     *DOCUMENT["items"][1:]]}  # fmt: skip
    refusing = par.from_document(document)
    raw = {"methodology": "tiny", "unit": "Một", "kinds": [{"id": "k", "title": "K"}]}
    raw |= {"agencies": [{"id": "north", "name": "Bắc", "kind": "k"}, {"id": "south", "name": "Nam", "kind": "k"}]}
    raw |= {
        "facts": {"z.part": {"from": ["north"]}, "z.whole": {"from": ["south"]}, "tick": {"from": ["k"], "by": "all"}}
    }
    found = assignment(raw, refusing)
    result = roll_up(found, gather(found, [sent("north", {"z.part": 6}), sent("south", {"z.whole": 5})]))
    assert result.contradictory
    assert [(p.code, p.pointer) for p in result.problems if p.severity == "error"] == [("conflict", "item 1")]
    assert "(Bắc)" in next(p.what_vi for p in result.problems if p.code == "conflict")
    assert sum(p.code == "gap" for p in result.problems) == 2  # what is open is said beside it


def test_an_owner_is_an_agency_and_never_a_kind() -> None:
    owned = par.from_document(DOCUMENT | {"facts": FACTS_OWNED})
    base = {"methodology": "tiny", "unit": "Một", "kinds": [{"id": "home", "title": "Sở"}]}
    of_kind = assignment(base | {"agencies": [{"id": "law", "name": "Sở Tư pháp", "kind": "home"}]}, owned)
    assert of_kind.shares == {}
    kinds = {"kinds": [{"id": "k", "title": "Sở"}]}
    by_name = assignment(base | kinds | {"agencies": [{"id": "x", "name": "HOME", "kind": "k"}]}, owned)
    assert by_name.shares == {"tick": ("x",)}


def test_the_assignment_decides_over_the_methodology() -> None:
    found = rolled(
        assigned({"z.part": {"from": ["district"], "by": "most"}}),
        sent("north", {"z.part": 3}),
        sent("south", {"z.part": 4}),
    )
    assert found.document["units"][0]["facts"] == {"z.part": 4}


def test_a_part_may_be_nothing_where_the_whole_may_not() -> None:
    facts = FACTS | {"z.whole": FACTS["z.whole"] | {"min": "1"}}
    methodology = par.from_document(DOCUMENT | {"facts": {n: {"title": tiny.T, **f} for n, f in facts.items()}})
    raw = {"methodology": "tiny", "unit": "Một", "kinds": [{"id": "k", "title": "K"}]}
    raw |= {"agencies": [{"id": "north", "name": "Bắc", "kind": "k"}, {"id": "south", "name": "Nam", "kind": "k"}]}
    raw |= {"facts": {"z.part": {"from": ["k"]}, "z.whole": {"from": ["k"]}}}
    found = assignment(raw, methodology)
    returns = gather(found, [sent("north", {"z.part": 0, "z.whole": 0}), sent("south", {"z.part": 1, "z.whole": 2})])
    assert roll_up(found, returns).document["units"][0]["facts"] == {"z.part": 1, "z.whole": 2}
    (league,) = leagues(found, returns)
    assert [unit.attainable for unit in league.assessment.units] == [0, 4]


def test_a_folder_is_read_without_what_programs_leave_and_the_rest_is_named(tmp_path: Path) -> None:
    for name in ("~$a.json", ".b.json", "Thumbs.db", "bao-cao.xls"):
        (tmp_path / name).write_text("?")
    (tmp_path / "cu").mkdir()
    (tmp_path / "north.json").write_text(json.dumps(sent("north", {"z.part": 1, "z.whole": 1})))
    found = gather(assigned(), [str(tmp_path)])
    assert found.files == {"north": "north.json"}
    assert [p.text("vi") for p in found.problems] == [
        f"{tmp_path.name}/{name}: tệp này không được đọc — hãy lưu dạng .xlsx ngay trong thư mục này"
        for name in ("bao-cao.xls", "cu")
    ]


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder, agency in (("a", "north"), ("b", "nowhere")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.json").write_text(json.dumps(sent(agency, {})))
    with pytest.raises(EvidenceError) as caught:
        gather(assigned(), [tmp_path / "a", tmp_path / "b"])
    text = (
        'b/x.json /units/0/unit: không có đơn vị "nowhere" — các cơ quan: Sở Nội vụ, Sở Tư pháp, Huyện Bắc, Huyện Nam'
    )
    assert [p.text("vi") for p in caught.value.problems] == [text]


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
    assert found.document["note"].endswith("chưa phân công, thuộc mục 2, 4. Huyện Bắc: số tạm tính")


@pytest.mark.parametrize(
    ("documents", "text"),
    [
        ([sent("north", {}), sent("north", {})], "evidence: Huyện Bắc có cả trong tệp evidence — chỉ giữ lại tệp đúng"),
        (
            [sent("north", {"tick": True})],
            "evidence: Huyện Bắc không được giao báo cáo “chữ” (mục 3) — số liệu này giao cho Sở Nội vụ",
        ),
        (
            [sent("north", {}, outcomes={"3": {"outcome": "pending", "why": "chờ"}})],
            "evidence: Huyện Bắc không được giao số liệu nào của mục 3 — bỏ phần khai “chờ kết quả” ở mục này",
        ),
        (
            [sent("north", {}, stated={"items": {"total": "3"}})],
            "evidence /units/0/stated/items/total: Huyện Bắc ghi sẵn điểm của total — cơ quan chỉ gửi số liệu gốc",
        ),
    ],
)
def test_files_that_do_not_fit(documents: list[dict[str, Any]], text: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        gather(assigned(), documents)
    assert [problem.text("vi") for problem in caught.value.problems] == [text]


def test_the_files_of_another_stage_are_the_odd_ones(tmp_path: Path) -> None:
    def written(name: str, stage: str) -> Path:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(sent(name, {}) | {"stage": stage}), encoding="utf-8")
        return path

    def told(**stages: str) -> list[str]:
        with pytest.raises(EvidenceError) as caught:
            gather(assigned(), [written(name, stage) for name, stage in stages.items()])
        return [problem.text("vi") for problem in caught.value.problems]

    hint = "sửa giai đoạn ở trang đầu của tệp, hoặc gộp từng giai đoạn"
    assert told(home="appraisal", law="self-assessment", north="self-assessment", south="self-assessment") == [
        f"home.json: tệp này ghi giai đoạn “thẩm định”, còn 3 tệp khác là “tự đánh giá” — {hint}"
    ]
    assert told(north="self-assessment", south="thử") == [
        f"north.json: tệp này ghi giai đoạn “tự đánh giá”, còn tệp khác là “thử” — {hint}",
        f"south.json: tệp này ghi giai đoạn “thử”, còn tệp khác là “tự đánh giá” — {hint}",
    ]


def test_a_file_with_errors_is_looked_at_whole_and_what_is_not_read_is_said_beside_them(tmp_path: Path) -> None:
    inbox = tmp_path / "den"
    (inbox / "cu").mkdir(parents=True)
    (inbox / "north.xls").write_bytes(b"x")
    (inbox / "home.json").write_text(json.dumps(sent("home", {"z.part": 1, "tick": "có thể"})), encoding="utf-8")
    (inbox / "south.json").write_text(json.dumps(sent("south", {"z.part": 1})), encoding="utf-8")
    (inbox / "law.json").write_text(json.dumps(sent("law", {}) | {"stage": "appraisal"}), encoding="utf-8")
    (tmp_path / "trong").mkdir()
    with pytest.raises(EvidenceError) as caught:
        gather(assigned(), [inbox, tmp_path / "trong"])
    assert [problem.text("vi") for problem in caught.value.problems] == [
        "den/cu: tệp này không được đọc — hãy lưu dạng .xlsx ngay trong thư mục này",
        "den/north.xls: tệp này không được đọc — hãy lưu dạng .xlsx ngay trong thư mục này",
        "home.json: Sở Nội vụ không được giao báo cáo “chữ” (mục 1) — số liệu này giao cho Huyện Bắc, Huyện Nam",
        'home.json /units/0/facts/tick: "có thể" không phải là có hoặc không — ghi có hoặc không',
        "law.json: tệp này ghi giai đoạn “thẩm định”, còn 2 tệp khác là “tự đánh giá”"
        " — sửa giai đoạn ở trang đầu của tệp, hoặc gộp từng giai đoạn",
        "trong: thư mục không có tệp số liệu nào — hãy để tệp của các cơ quan vào đó",
    ]


def test_everything_that_is_wrong_with_an_assignment_is_said_at_once() -> None:
    raw: dict[str, Any] = {
        "methodology": "tiny",
        "unit": "Một",
        "due": "31/13/2000",
        "kinds": [{"id": "so", "title": "Sở"}],
        "agencies": [
            {"id": "A b", "name": "Sở Nội vụ", "kind": "so"},
            {"id": "b", "kind": "so"},
            {"id": "c", "name": "Sở Tư pháp", "kind": "Sờ"},
        ],
        "facts": {"tick": {"from": ["Sở Y tế"]}, "nix": {"from": []}, "money": {"from": ["so"], "by": "mean"}},
        "more": 1,
    }
    with pytest.raises(DocumentError) as caught:
        assignment(raw, METHODOLOGY)
    assert [problem.pointer for problem in caught.value.problems] == [
        "/agencies/0/id",
        "/agencies/1/name",
        "/agencies/2/kind",
        "/due",
        "/facts/money/by",
        "/facts/nix",
        "/facts/tick/from/0",
        "/more",
    ]


def test_an_agency_is_spelt_as_the_methodology_spells_it() -> None:
    document = DOCUMENT | {"owners": {"money": {"vi": "Sở Tài chính", "en": "Finance"}}}
    document["facts"] = DOCUMENT["facts"] | {"money": DOCUMENT["facts"]["money"] | {"owner": "money"}}
    raw = {"methodology": "tiny", "unit": "Một", "kinds": [{"id": "k", "title": "K"}], "facts": {}}
    raw["agencies"] = [
        {"id": "a", "name": "sở  tài chính", "kind": "k"},
        {"id": "b", "name": "sở  Lạ", "kind": "k"},
    ]
    assert [agency.name for agency in assignment(raw, par.from_document(document)).agencies] == [
        "Sở Tài chính",
        "Sở Lạ",
    ]


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
