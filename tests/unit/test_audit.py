"""Audits of reports: a true one closes and is had again, and no edit by hand goes unseen."""

import copy
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest
import strategies
import tiny
from edits import edited, edits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.audit.reproduce import Audit, audit
from par_engine.base.decimals import plain
from par_engine.base.problems import ParError, pointer
from par_engine.results.report import to_json
from par_engine.results.report_reading import checked

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
FACTS: dict[str, Any] = {"n": tiny.COUNT, "m": tiny.COUNT, "x": tiny.BOOLEAN}


def scheme(**more: Any) -> par.Methodology:
    items = [
        {"code": "1", "title": tiny.T, "max": "4", **tiny.BASE},
        tiny.leaf("1.1", "3", {"name": "tally", "fact": "n", "each": "0.5"}, parent="1"),
        tiny.leaf("1.2", "1", {"name": "tally", "fact": "m", "each": "0.25"}, "survey", parent="1"),
        tiny.leaf("2", "1", {"name": "checklist", "points": {"x": "1"}}),
    ]
    return par.from_document(tiny.document(items, FACTS, "5", **more))


EVIDENCE = tiny.evidence({"n": 4, "m": 2, "x": True}, {"n": 6, "m": 1, "x": False}, {"n": 1, "x": True})


def case(**more: Any) -> tuple[par.Methodology, dict[str, Any]]:
    methodology = scheme(**more)
    return methodology, methodology.assess(EVIDENCE).report()


def texts(found: Audit, lang: str = "en") -> list[str]:
    return [finding.problem.text(lang) for finding in found.findings]


def test_a_true_report_is_had_again() -> None:
    methodology, report = case()
    found = audit(report, EVIDENCE, methodology)
    assert (found.reproduced, found.closes, found.scored, found.findings) == (True, True, True, ())
    assert found.same == 89


def test_without_evidence_only_the_arithmetic_is_checked() -> None:
    methodology, report = case()
    found = audit(report, None, methodology)
    assert (found.reproduced, found.closes, found.scored, found.findings) == (False, True, False, ())
    assert found.assessment is None


def test_numbers_are_compared_as_numbers() -> None:
    methodology, report = case()
    report["units"][0] |= {"points": "3.5", "attainable": "5"}
    report["units"][0]["items"]["1.1"]["points"] = "2.00000000"
    assert audit(report, EVIDENCE, methodology).findings == ()


def test_a_changed_leaf_is_named_with_both_numbers_and_nothing_else_is_accused() -> None:
    methodology, report = case()
    report["units"][0]["items"]["1.1"]["points"] = "2.5000"
    found = audit(report, EVIDENCE, methodology)
    assert texts(found) == [
        'report /units/0/items/1.1/points: "u0", item "1.1": points 2.5000 in the report, 2.0000 scored again'
        " — the figure was changed, or comes from other evidence, rules or another version",
    ]
    assert texts(found, "vi")[0] == (
        'report /units/0/items/1.1/points: "u0", mục "1.1": điểm trong báo cáo là 2,5000, chấm lại là 2,0000'
        " — con số đã bị sửa, hoặc do số liệu, quy tắc hay phiên bản khác"
    )
    assert found.findings[0].as_dict()["reported"] == "2.5000"
    assert found.findings[0].as_dict()["again"] == "2.0000"
    assert not found.reproduced


def test_a_changed_rank_index_group_outcome() -> None:
    methodology, report = case()
    unit = report["units"][1]
    unit |= {"rank": 3, "index": "64.99", "group": "A"}
    report["units"][2]["pending"] = []
    found = texts(audit(report, None, methodology), "vi")
    assert [text.partition(" — ")[0] for text in found] == [
        'report /units/1/group: "u1": nhóm trong báo cáo là "A", tính từ các phần của báo cáo là "B"',
        'report /units/1/index: "u1": chỉ số trong báo cáo là 64,99, tính từ các phần của báo cáo là 65,00',
        'report /units/1/rank: "u1": hạng trong báo cáo là 3, tính từ các phần của báo cáo là 2',
        'report /units/2/pending: "u2": danh sách mục đang chờ trong báo cáo là không có mục nào, tính từ các phần của báo'
        ' cáo là "1.2"',
    ]


def test_units_and_items_on_one_side() -> None:
    methodology, report = case()
    report["units"][0]["unit"] = "other"
    report["units"].append(copy.deepcopy(report["units"][1]))
    del report["units"][1]["items"]["2"]
    found = [text.partition(" — ")[0] for text in texts(audit(report, EVIDENCE, methodology))]
    assert 'report /units/0/unit: "other" is only in the report' in found
    assert 'report /units: the report lacks "u0"' in found
    assert 'report /units/1/items/2: the report lacks "u1", item "2"' in found
    assert 'report /units/3/unit: "u1" stands twice' in found


def test_numbers_that_no_report_can_have() -> None:
    methodology, report = case()
    report["units"][0]["items"]["1.1"]["points"] = "3.5000"
    report["units"][1]["items"]["2"]["points"] = "-1.00001"
    report["units"][2]["points"] = "999999999999999999"
    found = [text.partition(" — ")[0] for text in texts(audit(report, None, methodology))]
    assert 'report /units/0/items/1.1/points: "u0", item "1.1": 3.5000 is outside 0 to 3.0000' in found
    assert 'report /units/1/items/2/points: "u1", item "2": -1.00001 has more than 4 decimals' in found
    assert any(text.startswith('report /units/2/points: "u2": 999999999999999999 is outside') for text in found)


def test_another_edition_and_another_file_are_said_and_scored_all_the_same() -> None:
    _, report = case()
    newer = scheme(settings={"index_decimals": 1})
    moved = {**EVIDENCE, "units": [*EVIDENCE["units"][:2], {"unit": "u2", "facts": {"n": 2, "x": True}}]}
    found = audit(report, moved, newer)
    assert found.scored
    codes = {finding.problem.code: finding.problem.severity for finding in found.findings}
    assert codes == {"edition": "warning", "other-evidence": "warning", "differs": "error"}
    places = [finding.problem.pointer for finding in found.findings]
    assert places[:2] == ["/evidence/sha256", "/methodology/fingerprint"]
    assert "/units/2/items/1.1/points" in places


def test_other_evidence_with_the_same_figures_is_a_remark() -> None:
    methodology, report = case()
    report["evidence"]["sha256"] = "0" * 64
    found = audit(report, EVIDENCE, methodology)
    assert found.reproduced
    assert [finding.problem.severity for finding in found.findings] == ["warning"]


def test_another_methodology_is_not_compared() -> None:
    methodology, report = case()
    report["methodology"]["id"] = "other"
    found = audit(report, EVIDENCE, methodology)
    assert texts(found) == [
        'report /evidence/methodology: methodology: "tiny" in the report, "other" here'
        " — name the one of the report with -m",
        'report /methodology/id: methodology: "other" in the report, "tiny" here — name the one of the report with -m',
    ]
    assert not found.closes


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    methodology, report = case()
    path = tmp_path / "r.json"
    path.write_bytes(to_json(report))
    assert audit(path, EVIDENCE, methodology).reproduced
    assert audit(str(path), EVIDENCE, methodology).reproduced
    (tmp_path / "broken.json").write_text('{"a": ', encoding="utf-8")
    for bad in (tmp_path / "broken.json", tmp_path / "none.json", tmp_path):
        assert audit(bad, EVIDENCE, methodology).findings[0].problem.severity == "error"
    for content in (
        {},
        {**report, "units": 3},
        {**report, "units": [3]},
        {**report, "more": 1},
        {**report, "engine": None},
    ):
        found = audit(content, EVIDENCE, methodology)
        assert {finding.problem.code for finding in found.findings} == {"report"}
        assert all(finding.problem.what_vi.startswith("không đúng mẫu báo cáo: ") for finding in found.findings)
    assert [finding.problem.code for finding in audit(report, EVIDENCE).findings] == ["unknown-methodology"]
    wrong = {**EVIDENCE, "units": [{"unit": "u0", "facts": {"none": 1}}]}
    found = audit(report, wrong, methodology)
    assert [finding.problem.code for finding in found.findings] == ["unknown-fact"]
    assert not found.scored and not found.closes


def test_a_figure_that_is_wrong_in_form_is_found_among_many_equal_ones() -> None:
    _, report = case()
    report["units"][2]["items"]["1.1"]["points"] = "01.5000"
    with pytest.raises(ParError) as caught:
        checked(report)
    assert [problem.pointer for problem in caught.value.problems] == ["/units/2/items/1.1/points"]


def test_a_table_takes_the_stage_of_the_report_with_a_remark(tmp_path: Path) -> None:
    methodology = scheme()
    path = tmp_path / "e.csv"
    path.write_text("unit,n,m,x\na,1,2,true\nb,2,2,false\n", encoding="utf-8")
    report = methodology.assess(path, "appraisal").report()
    assert audit(report, path, methodology, "appraisal").findings == ()
    found = audit(report, path, methodology)
    assert found.reproduced
    assert texts(found) == [
        'report /evidence/stage: stage: "appraisal" in the report, "table" here'
        " — a table that does not name its stage takes it by --stage"
    ]
    assert not audit(report, path, methodology, "final").closes


STATED = {
    "methodology": "tiny",
    "stage": "test",
    "units": [
        {"unit": "u0", "facts": {"n": 4}, "stated": {"items": {"1": "2.90", "total": "3.20"}}},
        {"unit": "u1", "facts": {"n": 6}, "stated": {"streams": {"survey": "0.50"}, "items": {"total": "1.00"}}},
    ],
}


def test_stated_points_close_and_contradictions_must_be_said() -> None:
    methodology = scheme()
    report = methodology.assess(STATED).report()
    assert [problem["code"] for problem in report["problems"]] == ["stated-differs"]
    assert audit(report, STATED, methodology).reproduced
    assert audit(report, None, methodology).closes
    silent = {**report, "problems": []}
    assert [text.partition(" — ")[0] for text in texts(audit(silent, None, methodology))] == [
        'report /units/1/points: "u1": 1.0000 is stated, its parts give 3.5000 – 4.5000, and the report does not say so'
    ]
    assert [finding.problem.pointer for finding in audit(silent, STATED, methodology).findings] == ["/problems"]
    fine = edited(report, ("units", 0, "points"), "3.2001")
    assert '"u0": 3.2001 has more than 2 decimals' in texts(audit(fine, None, methodology))[0]


def test_words_of_an_older_engine_are_a_remark() -> None:
    methodology = scheme()
    report = methodology.assess(STATED).report()
    report["problems"][0]["hint"] = "other words"
    assert not audit(report, STATED, methodology).closes
    report["engine"] = "0.0.1"
    found = audit(report, STATED, methodology)
    assert found.reproduced
    assert [finding.problem.code for finding in found.findings] == ["engine", "problems"]


def unseen(report: dict[str, Any], evidence: Any, methodology: par.Methodology) -> list[tuple[object, ...]]:
    """Edits that an audit does not find at their place."""
    out = []
    for at, value in edits(report):
        if at[-1] == "severity" or (at[0] == "methodology" and methodology.distribution is None and at[1] != "id"):
            continue  # there is one severity; nothing is installed that could name a distribution
        changed = edited(report, at, value)
        places = {finding.problem.pointer for finding in audit(changed, evidence, methodology).findings}
        # a list is one value; so is a text in two languages
        if not any(pointer(*at[:n]) in places for n in range(min(2, len(at)), len(at) + 1)):
            out.append(at)
    return out


def test_no_edit_goes_unseen() -> None:
    methodology, report = case()
    assert unseen(report, methodology.read(EVIDENCE), methodology) == []


def test_no_edit_of_a_report_with_stated_points_goes_unseen() -> None:
    methodology = scheme()
    report = methodology.assess(STATED).report()
    assert unseen(report, methodology.read(STATED), methodology) == []


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_reports_of_random_methodologies_close_and_their_edits_do_not(data: st.DataObject) -> None:
    doc = data.draw(strategies.methodologies())
    methodology = par.from_document(doc)
    evidence = methodology.read(data.draw(strategies.evidence(doc, data.draw(st.integers(1, 4)))))
    report = methodology.assess(evidence).report()
    assert audit(report, evidence, methodology).findings == ()
    assert audit(report, None, methodology).findings == ()
    places = [(at, value) for at, value in edits(report["units"], ("units",))]
    at, value = data.draw(st.sampled_from(places))
    found = audit(edited(report, at, value), evidence, methodology)
    assert any(pointer(*at[:n]) in {f.problem.pointer for f in found.findings} for n in range(3, len(at) + 1)), at


@given(st.integers(0, 10**8), st.integers(1, 10**4))
def test_the_index_is_the_rounded_quotient_of_the_totals(points: int, change: int) -> None:
    methodology, report = case()
    before = F(report["units"][0]["index"])
    moved = plain((before * 100 + change) / 100)
    assert not audit(edited(report, ("units", 0, "index"), moved), None, methodology).closes


def test_a_changed_total_is_one_place_and_without_evidence_what_hangs_on_it() -> None:
    methodology, report = case()
    report["units"][0]["points"] = "5.0000"
    assert [x.problem.pointer for x in audit(report, EVIDENCE, methodology).findings] == ["/units/0/points"]
    without = [x.problem.pointer for x in audit(report, None, methodology).findings]
    assert "/units/0/points" in without
    assert len(set(without)) == len(without)


def test_a_report_of_nobody_is_not_said_to_close() -> None:
    methodology, report = case()
    found = audit({**report, "units": []}, None, methodology)
    assert [x.problem.code for x in found.findings] == ["no-units"]
    assert not found.closes


def test_a_changed_title_is_seen_wherever_the_methodology_comes_from() -> None:
    methodology, report = case()
    report["methodology"]["title"] = {"vi": "khác", "en": "other"}
    assert [x.problem.pointer for x in audit(report, EVIDENCE, methodology).findings] == ["/methodology/title"]
