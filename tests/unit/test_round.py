"""A round on its file: what goes in, in which order, by when, and what comes out of it at any entry."""

import copy
import io
import json
from datetime import date
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import EARLY, LATE, evidence, methodology, opened, scheme, write

import par_engine as par
from par_engine.base.decimals import plain
from par_engine.evidence import canonical
from par_engine.results.report import to_json
from par_engine.round import store, submissions
from par_engine.round.bundle import export
from par_engine.round.entries import START
from par_engine.round.locks import locks
from par_engine.round.recompute import recompute
from par_engine.round.round import Round, open_round
from par_engine.round.store import open_store
from par_engine.round.unit_reports import unit_reports


def refused(call: Any, *words: Any, **named: Any) -> list[str]:
    with pytest.raises(par.ParError) as caught:
        call(*words, **named)
    assert all(p.what_vi and p.what_vi != p.what for p in caught.value.problems)
    return [problem.text() for problem in caught.value.problems]


def points(*rows: tuple[str, str, Any, str]) -> dict[str, Any]:
    keys = ("unit", "item", "points", "reason")
    return {"methodology": "tiny", "points": [dict(zip(keys, row, strict=True)) for row in rows]}


def said(*rows: tuple[str, str, str, Any]) -> dict[str, Any]:
    keys = ("unit", "item", "text", "requested")
    return {"methodology": "tiny", "explanations": [dict(zip(keys, row, strict=True)) for row in rows]}


def submitted(folder: Path, *units: str) -> Round:
    round_ = opened(folder)
    round_.submit(write(folder, "e.json", evidence(*(units or ("alpha", "beta")))), "An", "first")
    return round_


def whole(folder: Path) -> Round:
    """A round through all its stages for alpha, and handed in for beta."""
    round_ = submitted(folder)
    round_.appraise(
        write(folder, "a.json", points(("alpha", "1.1", "2", "two plans"), ("alpha", "2", "1", "thin"))), "Binh"
    )
    round_.explain(write(folder, "x.json", said(("alpha", "1.1", "see 12/BC, page 3", "3"))), "An")
    round_.appraise(write(folder, "f.json", points(("alpha", "1.1", "2.5", "one was late"))), "Binh", final=True)
    return round_


def totals(assessment: par.Assessment) -> dict[str, str]:
    return {unit.id: str(unit.points) for unit in assessment.units}


# --- the stages


def test_a_round_from_beginning_to_end(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    state = round_.state()
    assert [entry.what for entry in state.entries] == ["init", "submit", "appraise", "explain", "final"]
    assert [entry.by for entry in state.entries] == ["An", "An", "Binh", "An", "Binh"]
    assert {entry.at for entry in state.entries} == {"2030-01-31T16:59:59Z"}
    assert {unit.unit: unit.stage for unit in state.units.values()} == {"alpha": "final", "beta": "self-assessment"}
    assert totals(round_.score(own=True)) == {"alpha": "5.5000", "beta": "5.5000"}
    assert [totals(round_.score(n))["alpha"] for n in (2, 3, 4, 5)] == ["5.5000", "4.0000", "4.0000", "4.5000"]
    assert totals(round_.score())["beta"] == "5.5000"


def test_each_entry_has_the_hash_of_the_one_before(tmp_path: Path) -> None:
    entries = whole(tmp_path).state().entries
    assert [entry.previous for entry in entries] == [START, *(entry.hash for entry in entries[:-1])]
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]


def test_any_earlier_state_gives_the_same_bytes_again(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    seen = {2: to_json(round_.score().report())}
    round_.appraise(write(tmp_path, "a.json", points(("alpha", "1.1", "2", "why"))), "Binh")
    seen[3] = to_json(round_.score().report())
    round_.submit(write(tmp_path, "b.json", evidence("beta", done=1)), "Chi", "corrected")
    seen[4] = to_json(round_.score().report())
    assert {n: to_json(round_.score(n).report()) for n in seen} == seen
    assert len(set(seen.values())) == 3


def test_evidence_alone_scores_as_it_does_outside(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    outside, inside = (methodology().assess(tmp_path / "e.json").report(), round_.score().report())
    assert outside["units"] == inside["units"]


def test_a_unit_may_hand_in_again_until_it_is_appraised(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    again = write(tmp_path, "again.json", evidence("alpha", done=4))
    round_.submit(again, "An", "counted again")
    assert totals(round_.score()) == {"alpha": "6.5000", "beta": "5.5000"}
    round_.appraise(write(tmp_path, "a.json", points(("alpha", "1.2", "0", "not made"))), "Binh")
    assert refused(round_.submit, again, "An", "once more") == [
        "again.json: alpha has been appraised since entry 4 — hand in an explanation"
    ]


def test_the_order_of_the_stages(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    a, x = (
        write(tmp_path, "a.json", points(("alpha", "1.2", "0", "why"))),
        write(tmp_path, "x.json", said(("alpha", "1.2", "so", None))),
    )
    assert refused(round_.appraise, a, "B") == [
        "a.json /points/0: alpha has not handed in anything yet — par round submit"
    ]
    assert refused(round_.explain, x, "B") == [
        "x.json /explanations/0: alpha has not handed in anything yet — par round submit"
    ]
    assert refused(round_.score) == ["round: no unit has handed in anything yet — par round submit"]
    round_.submit(write(tmp_path, "e.json", evidence("alpha")), "An", "first")
    assert refused(round_.explain, x, "B") == [
        "x.json /explanations/0: alpha has not been appraised yet — hand in new evidence instead"
    ]
    assert refused(round_.appraise, a, "B", final=True) == [
        "a.json /points/0: alpha has no first appraisal — leave --final out"
    ]
    round_.appraise(a, "B")
    round_.appraise(a, "B", final=True)
    assert refused(round_.explain, x, "B") == [
        "x.json /explanations/0: the appraisal of alpha is final — see par round report"
    ]
    assert refused(round_.appraise, a, "B") == [
        "a.json /points/0: the appraisal of alpha is final — correct it with --final"
    ]


def test_points_that_differ_need_a_reason_and_others_do_not(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    silent = write(tmp_path, "a.csv", "unit,item,points\nalpha,1.1,3\nalpha,1.2,0.5\nalpha,3,1\n")
    assert refused(round_.appraise, silent, "B") == [
        "a.csv line 3: 1.2 of alpha goes from 1.0000 to 0.5 without a reason — say why",
        "a.csv line 4: 3 of alpha goes from no points to 1 without a reason — say why",
    ]
    assert len(round_.state().entries) == 2


def test_an_appraisal_may_give_the_points_that_a_survey_waits_for(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    round_.appraise(write(tmp_path, "a.csv", "Đơn vị;Mục;Điểm;Lý do\nAlpha;3;1,5;survey\n"), "Binh")
    alpha, beta = round_.score().units
    assert (str(alpha.points), alpha.outcome.value, alpha.rank) == ("7.0000", "scored", 1)
    assert (beta.outcome.value, beta.rank) == ("pending", None)


def test_points_inside_a_stated_sum_are_refused(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    document = evidence("alpha")
    document["units"][0] = {"unit": "alpha", "facts": {"opinion": "1"}, "stated": {"items": {"1": "4"}}}
    round_.submit(write(tmp_path, "e.json", document), "An", "first")
    a = write(tmp_path, "a.json", points(("alpha", "1.1", "1", "why"), ("alpha", "2", "2", "why")))
    assert refused(round_.appraise, a, "B") == [
        "a.json /points/0: 1.1 is inside 1, which is stated as a whole — hand in evidence without 1"
    ]


def test_only_units_of_the_round_hand_in(tmp_path: Path) -> None:
    round_ = opened(tmp_path, units=["Beta"])
    assert refused(round_.submit, write(tmp_path, "e.json", evidence("alpha", "beta")), "An", "first") == [
        "e.json: alpha does not take part in this round — see par round status"
    ]
    assert refused(opened, tmp_path / "..", units=["gamma"]) == [
        '--unit: there is no unit "gamma" — par show tiny --units lists them'
    ]


def vietnamese(call: Any, *words: Any, **named: Any) -> list[str]:
    with pytest.raises(par.ParError) as caught:
        call(*words, **named)
    return [problem.text("vi") for problem in caught.value.problems]


@pytest.mark.parametrize(
    "stage", ["self-assessment", "Self_Assessment", "SELF", "Tự đánh giá", "tự chấm điểm", "", None]
)
def test_the_step_decides_the_stage(tmp_path: Path, stage: str | None) -> None:
    """Evidence that names no stage, or that of the step in either language, is taken at that of the step."""
    round_ = opened(tmp_path)
    document = evidence("alpha")
    del document["stage"]
    document |= {} if stage is None else {"stage": stage}
    entry = round_.submit(write(tmp_path, "e.json", document), "An", "first")
    assert entry.content["stage"] == round_.state().stage == "self-assessment"
    table = write(tmp_path, "b.csv", "# giai đoạn: tự đánh giá\nunit,done,all,made,opinion\nbeta,1,4,x,1\n")
    round_.submit(table, "An", "beta")
    round_.submit(write(tmp_path, "c.csv", table.read_text().partition("\n")[2]), "An", "no stage")
    assert totals(round_.score()) == {"alpha": "5.5000", "beta": "3.0000"}


@pytest.mark.parametrize(
    ("stage", "en", "vi"),
    [
        (
            "illustrative",
            'e.json /stage: the stage is "illustrative"; here goes a self-assessment'
            ' — if it is one, write "stage": "self-assessment" in the file',
            'e.json /stage: số liệu ghi giai đoạn "illustrative" (minh họa); ở bước này cần số liệu tự đánh giá'
            ' — nếu đúng là số liệu tự đánh giá thì ghi "stage": "self-assessment" trong tệp',
        ),
        (
            "Minh Họa",
            'e.json /stage: the stage is "Minh Họa"; here goes a self-assessment'
            ' — if it is one, write "stage": "self-assessment" in the file',
            'e.json /stage: số liệu ghi giai đoạn "Minh Họa" (minh họa); ở bước này cần số liệu tự đánh giá'
            ' — nếu đúng là số liệu tự đánh giá thì ghi "stage": "self-assessment" trong tệp',
        ),
        (
            "survey",
            'e.json /stage: the stage is "survey"; here goes a self-assessment — par round survey takes it',
            'e.json /stage: số liệu ghi giai đoạn "survey" (điều tra xã hội học); ở bước này cần số liệu tự đánh giá'
            " — nộp bằng lệnh par round survey",
        ),
        (
            "FINAL",
            'e.json /stage: the stage is "FINAL"; here goes a self-assessment — points of an appraisal: par round appraise',
            'e.json /stage: số liệu ghi giai đoạn "FINAL" (thẩm định xong); ở bước này cần số liệu tự đánh giá'
            " — điểm thẩm định ghi bằng lệnh par round appraise",
        ),
        (
            "run",
            'e.json /stage: the stage is "run"; here goes a self-assessment'
            ' — if it is one, write "stage": "self-assessment" in the file',
            'e.json /stage: số liệu ghi giai đoạn "run"; ở bước này cần số liệu tự đánh giá'
            ' — nếu đúng là số liệu tự đánh giá thì ghi "stage": "self-assessment" trong tệp',
        ),
    ],
)
def test_another_stage_is_refused_and_locks_nothing(tmp_path: Path, stage: str, en: str, vi: str) -> None:
    round_ = opened(tmp_path)
    paper = write(tmp_path, "e.json", evidence("alpha", stage=stage))
    assert refused(round_.submit, paper, "An", "first") == [en]
    assert vietnamese(round_.submit, paper, "An", "first") == [vi]
    assert len(round_.state().entries) == 1
    round_.submit(write(tmp_path, "r.json", evidence("alpha")), "An", "the real one")


def test_a_table_of_another_stage_is_refused_unless_its_stage_is_named(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    table = write(tmp_path, "b.csv", "# stage: illustrative\nunit,done,all,made,opinion\nbeta,1,4,x,1\n")
    assert refused(round_.submit, table, "An", "beta") == [
        'b.csv: the stage is "illustrative"; here goes a self-assessment'
        " — if it is one, write the line # stage: self-assessment"
    ]
    assert refused(round_.submit, table, "An", "beta", stage="appraisal") == [
        '--stage: the stage is "appraisal"; here goes a self-assessment — leave --stage out'
    ]
    round_.submit(table, "An", "beta", stage="self-assessment")
    assert totals(round_.score()) == {"beta": "3.0000"}


def test_evidence_of_another_methodology_is_told_alone(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    for other, hint in (
        ("small-2031", "nộp vào đúng kỳ của bộ tiêu chí ấy"),
        ("tiny-agencies", "số liệu của cơ quan thì gộp bằng par merge rồi nộp"),
    ):
        paper = write(tmp_path, "e.json", evidence("gamma", stage="illustrative") | {"methodology": other})
        assert vietnamese(round_.submit, paper, "An", "x") == [
            f'e.json /methodology: số liệu này thuộc bộ tiêu chí "{other}", không phải tiny — {hint}'
        ]


def test_a_round_that_an_earlier_version_locked_takes_the_real_evidence(tmp_path: Path) -> None:
    """Its first entry is of stage "illustrative", as those of the first version could be."""
    from par_engine.files.documents import sha256
    from par_engine.round.entries import make

    round_ = opened(tmp_path)
    paper = write(tmp_path, "e.json", evidence("alpha", stage="illustrative")).read_bytes()
    form = canonical.document(round_.methodology.scheme, round_.methodology.read(tmp_path / "e.json"))
    named = {"file": {"name": "e.json", "sha256": sha256(paper), "size": len(paper)}, "document": sha256(form),
             "stage": "illustrative", "units": ["alpha"], "papers": []}  # fmt: skip
    with open_store(round_.path, write=True) as opened_:
        opened_.append(
            lambda earlier: (make(earlier, "submit", ("2030-01-01T00:00:00Z", "An", "x"), named), [paper, form])
        )
    round_.submit(write(tmp_path, "r.json", evidence("alpha", done=4)), "An", "the real one")
    assert (totals(round_.score()), round_.state().stage) == ({"alpha": "6.5000"}, "self-assessment")
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(export(round_.path, round_.methodology))
    assert recompute(bundle).problems == ()


# --- everything that is wrong, at once


def test_an_appraisal_says_all_at_once_in_the_order_of_its_rows(tmp_path: Path) -> None:
    round_ = opened(tmp_path, units=["alpha"])
    round_.submit(write(tmp_path, "e.json", evidence("alpha")), "An", "first")
    sheet = (
        "unit,item,points,reason\nalpha,1.1,x,\nbeta,1.1,1,why\nalpha,1.2,0.5,\nalpha,9,1,\nalpha,1.1,2,\nalpha,2,9,\n"
    )
    assert refused(round_.appraise, write(tmp_path, "a.csv", sheet), " ") == [
        '--by: " " says nobody — a name in one line',
        'a.csv line 2, column points: "x" is not a number — write a plain number such as 12 or 12.5',
        "a.csv line 3: beta does not take part in this round — see par round status",
        "a.csv line 4: 1.2 of alpha goes from 1.0000 to 0.5 without a reason — say why",
        'a.csv line 5, column item: there is no item "9"',
        "a.csv line 6: 1.1 of alpha stands twice, first at line 2 — keep one",
        'a.csv line 7, column points: "9" is outside 0 to the maximum 3 of 2 — check the points',
    ]
    assert len(round_.state().entries) == 2


def test_evidence_says_all_at_once(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    round_.appraise(write(tmp_path, "a.json", points(("alpha", "1.2", "0", "why"))), "B")
    late = Round(round_.path, round_.methodology, clock=lambda: LATE)
    paper = write(tmp_path, "e.json", evidence("alpha", "gamma", done=5, stage="run"))
    assert refused(late.submit, paper, "An", "", [tmp_path / "none.pdf"]) == [
        "--why: a reason is required — say what this is",
        "e.json: alpha has been appraised since entry 3 — hand in an explanation",
        'e.json /stage: the stage is "run"; here goes a self-assessment — if it is one, write "stage": "self-assessment" in the file',
        "e.json /units/0/facts/done: done is greater than all — leaf 1.1 refuses that",
        "e.json /units/1/facts/done: done is greater than all — leaf 1.1 refuses that",
        'e.json /units/1/unit: there is no unit "gamma" — par show tiny --units lists them',
        "none.pdf: No such file or directory — check the path",
        "round.db: the last day was 2030-01-31 (plan:hand-in), today is 2030-02-01"
        " — --override REASON records a late entry with its reason",
    ]


# --- deadlines


def test_late_entries_are_refused_unless_they_say_why(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    late = Round(round_.path, round_.methodology, clock=lambda: LATE)
    e = write(tmp_path, "e.json", evidence("alpha"))
    assert refused(late.submit, e, "An", "first") == [
        "round.db: the last day was 2030-01-31 (plan:hand-in), today is 2030-02-01"
        " — --override REASON records a late entry with its reason"
    ]
    assert refused(late.submit, e, "An", "first", override="  ")
    assert refused(round_.submit, e, "An", "first", override="in case") == [
        "--override: nothing is late, so there is nothing to override — leave --override out"
    ]
    entry = late.submit(e, "An", "first", override="the flood")
    assert entry.override == {"reason": "the flood", "locks": [["plan:hand-in", "2030-01-31"]]}
    assert round_.state().entries[1].override == entry.override


def test_each_action_has_its_own_last_day(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    a, x = (
        write(tmp_path, "a.json", points(("alpha", "1.2", "0", "why"))),
        write(tmp_path, "x.json", said(("alpha", "1.2", "so", None))),
    )
    april = Round(round_.path, round_.methodology, clock=lambda: LATE.replace(month=4, day=1))
    april.appraise(a, "B")  # the plan has no last day for that
    assert refused(april.explain, x, "An")[0].startswith(
        "round.db: the last day was 2030-04-01 (plan:say), today is 2030-04-02"
    )
    assert april.explain(x, "An", override="ill").override == {"reason": "ill", "locks": [["plan:say", "2030-04-01"]]}
    assert april.appraise(a, "B", final=True).override is None


def test_control_characters_are_refused(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    a = write(tmp_path, "a.json", points(("alpha", "1.2", "0", "\x1b[2J")))
    assert refused(round_.appraise, a, "B") == [
        'a.json /points/0/reason: "\\x1b[2J" has control characters — write plain text'
    ]
    e = tmp_path / "e.json"
    assert refused(round_.submit, e, "B", "\x07") == ["--why: the reason has control characters — write plain text"]
    assert refused(round_.submit, e, "B", "x", override="\x07") == [
        "--override: the reason has control characters — write plain text",
        "--override: nothing is late, so there is nothing to override — leave --override out",
    ]
    assert round_.submit(e, "B", "two\nlines").why == "two\nlines"


def test_half_characters_are_refused(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    e = write(tmp_path, "e.json", json.dumps(evidence("alpha") | {"note": "\ud800"}, ensure_ascii=True))
    assert refused(round_.submit, e, "An", "x") == [
        "e.json: \\ud800 is half of a character — write the whole character"
    ]
    e = write(tmp_path, "e.json", json.dumps(evidence("alpha")))
    assert refused(round_.submit, e, "An\ud800", "x") == ['--by: "An\\ud800" says nobody — a name in one line']
    assert len(round_.state().entries) == 1


def test_a_round_may_have_days_of_its_own(tmp_path: Path) -> None:
    round_ = opened(tmp_path, own_locks={"submit": date(2030, 1, 30), "final": date(2030, 5, 1)})
    found = locks(round_.methodology.document, round_.opening)
    assert [(lock.action, lock.by, lock.last.isoformat()) for lock in found] == [
        ("submit", "round", "2030-01-30"),
        ("submit", "plan:hand-in", "2030-01-31"),
        ("explain", "plan:say", "2030-04-01"),
        ("final", "round", "2030-05-01"),
    ]
    (text,) = refused(round_.submit, write(tmp_path, "e.json", evidence("alpha")), "An", "first")
    assert text.startswith("round.db: the last day was 2030-01-30 (round), today is 2030-01-31")


# --- what is handed in


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("gamma", "1.1", "1", "")], '/points/0/unit: there is no unit "gamma" — par show tiny --units lists them'),
        ([("alpha", "9", "1", "")], '/points/0/item: there is no item "9"'),
        ([("alpha", "1", "1", "")], "/points/0/item: 1 is a sum: its points come from its parts — name a leaf, such as 1.1, 1.2"),
        ([("alpha", "1.1", 1e30, "")], '/points/0/points: "1E+30" is outside 0 to the maximum 4 of 1.1 — check the points'),
        ([("alpha", "1.1", "1e30", "")], '/points/0/points: "1e30" is not a number'),
        ([("alpha", "1.1", "-1", "")], '/points/0/points: "-1" is outside 0 to the maximum 4 of 1.1 — check the points'),
        ([("alpha", "1.1", "4.0001", "")], '/points/0/points: "4.0001" is outside 0 to the maximum 4 of 1.1 — check the points'),
        ([("alpha", "1.1", "1.00001", "")], '/points/0/points: "1.00001" has more than 4 decimals — round the points'),
        ([("alpha", "1.1", None, "")], "/points/0/points: points are required — 0 is written 0"),
        ([("alpha", "1.1", True, "")], "/points/0/points: True is not a number"),
        ([("alpha", "1.1", "NaN", "")], '/points/0/points: "NaN" is not a number'),
        ([("alpha", "1.1", "1", 7)], "/points/0/reason: reason is a text — say it in a sentence"),
        ([("alpha", "1.1", "1", "x" * 10001)], "/points/0/reason: the text has 10001 characters — at most 10000; add a document"),
        ([("alpha", "1.1", "1", "a"), ("Alpha", "1.1", "1", "b")], "/points/1: 1.1 of alpha stands twice, first at /points/0 — keep one"),
    ],
)  # fmt: skip
def test_rows_that_are_refused(tmp_path: Path, rows: Any, says: str) -> None:
    round_ = submitted(tmp_path)
    (text,) = refused(round_.appraise, write(tmp_path, "a.json", points(*rows)), "B")
    assert text.startswith(f"a.json {says}")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.json", "[1]", 'a.json: the document has no list of points — {"methodology": "tiny", "points": [{"unit": …, "item": …}]}'),
        ("a.json", '{"methodology": "tiny", "points": []}', "a.json: there are no rows — one row an item"),
        ("a.json", '{"methodology": "tiny", "points": [1]}', "a.json /points/0: a row is an object"),
        ("a.json", '{"methodology": "tinny", "points": [{"unit":"alpha","item":"2","points":1}]}', 'a.json /methodology: it is for "tinny", not for tiny — take the right one'),
        ("a.json", '{"methodology": "tiny", "points": [{"unit":"alpha","item":"2","points":NaN}]}', "a.json: NaN is not a number"),
        ("a.json", '{"methodology": "tiny", "points": [{"unit":"alpha","item":"2","point":1, "points":1.5}]}', 'a.json /points/0/point: "point" does not belong here — did you mean "points"?'),
        ("a.json", '{"a": 1', "a.json line 1, column 8: not valid JSON"),
        ("a.json", "\xff", "a.json line 1, column 1: not valid JSON"),
        ("a.csv", "unit,item,points,why\nalpha,2,1,x\n", 'a.csv header: "why" does not belong here — known are unit, item, points, reason'),
        ("a.csv", "unit,item\nalpha,2\n", "a.csv header: column points stands 0 times — the columns are unit, item, points, reason"),
        ("a.csv", "unit,item,points,reason\nalpha,2,12.000,x\n", 'a.csv line 2, column points: "12.000" can be read as 12000 or as 12.000'),
        ("a.csv", "unit,item,points,reason\n", "a.csv: there are no rows — one row an item"),
        ("a.csv", "", "a.csv: the file is empty"),
        ("none.csv", None, "none.csv: No such file or directory — check the path"),
    ],
)  # fmt: skip
def test_files_that_are_refused(tmp_path: Path, name: str, text: str | None, says: str) -> None:
    round_ = submitted(tmp_path)
    path = tmp_path / name if text is None else write(tmp_path, name, text)
    (found,) = refused(round_.appraise, path, "B")
    assert found.startswith(says)
    assert len(round_.state().entries) == 2


def test_an_explanation_says_something(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    assert refused(round_.explain, write(tmp_path, "x.json", said(("alpha", "1.1", " ", "5"))), "An") == [
        "x.json /explanations/0: alpha has not been appraised yet — hand in new evidence instead",
        'x.json /explanations/0/requested: "5" is outside 0 to the maximum 4 of 1.1 — check the points',
        "x.json /explanations/0/text: text is a text — say it in a sentence",
    ]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(submissions.MAX_FILE + 1)
    says = ["big.json: the file has 67,108,865 bytes — at most 64 MiB go into a round"]
    assert refused(round_.submit, big, "An", "x") == says
    assert refused(round_.appraise, big, "An") == says
    assert refused(round_.submit, tmp_path / "e.json", "An", "x", [big]) == says


def test_who_and_why_are_said(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    e = tmp_path / "e.json"
    assert refused(round_.submit, e, " ", "x") == ['--by: " " says nobody — a name in one line']
    assert refused(round_.submit, e, "a\nb", "x") == ['--by: "a\\nb" says nobody — a name in one line']
    assert refused(round_.submit, e, "An", " ") == ["--why: a reason is required — say what this is"]
    assert refused(round_.submit, e, "An", "x", [e, tmp_path / ".." / tmp_path.name / "e.json"]) == [
        "--document: two documents have one name — give them different names"
    ]
    assert len(round_.state().entries) == 2


def test_wrong_evidence_is_refused_as_outside(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    e = write(tmp_path, "w.json", evidence("alpha", done=5))
    with pytest.raises(par.EvidenceError) as inside:
        round_.submit(e, "An", "x")
    with pytest.raises(par.EvidenceError) as outside:
        methodology().read(e)
    assert inside.value.problems == outside.value.problems


def test_documents_are_kept_byte_by_byte(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    paper = tmp_path / "12-BC.pdf"
    paper.write_bytes(bytes(range(256)) * 50)
    entry = round_.submit(write(tmp_path, "e.json", evidence("alpha")), "An", "x", [paper])
    (kept,) = entry.content["papers"]
    assert (kept["name"], kept["size"]) == ("12-BC.pdf", 12800)
    with open_store(round_.path) as file:
        assert file.file(kept["sha256"]) == paper.read_bytes()
        assert file.file(entry.content["file"]["sha256"]) == (tmp_path / "e.json").read_bytes()


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "done": st.integers(0, 9),
        "all": st.integers(9, 20),
        "made": st.booleans(),
        "opinion": st.integers(0, 300).map(lambda n: f"{n / 100:.2f}"),
        "asked": st.booleans(),
    },
)


@settings(deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=2), st.booleans())
def test_the_normal_form_says_the_same(facts: list[dict[str, Any]], stated: bool) -> None:
    ready = methodology()
    units: list[dict[str, Any]] = [{"unit": u, "facts": f} for u, f in zip(("alpha", "beta"), facts, strict=False)]
    units[0]["outcomes"] = {"2": {"outcome": "missing", "why": "lost"}} if "opinion" not in facts[0] else {}
    units[0]["documents"] = {"1": [{"number": "12/BC", "page": "3"}]}
    if stated:
        units[0]["stated"] = {"items": {"1": "4.25"}, "streams": {"survey": "1"}}
    read = ready.read({"methodology": "tiny", "stage": "s", "units": units})
    form = canonical.document(ready.scheme, read)
    again = ready.read(json.loads(form))
    assert canonical.document(ready.scheme, again) == form
    assert ready.assess(again).report()["units"] == ready.assess(read).report()["units"]
    assert (again.documents, again.stage) == (read.documents, read.stage)
    assert [(d.row, d.code, d.outcome, d.why) for d in again.declared] == [
        (d.row, d.code, d.outcome, d.why) for d in read.declared
    ]


def test_the_normal_form_of_every_kind_of_fact() -> None:
    corpus = Path(__file__).parents[1] / "corpus"
    ready = par.from_document(json.loads((corpus / "methodology-1" / "valid" / "full.json").read_text()))
    for path in sorted((corpus / "evidence-1" / "valid").glob("*.json")):
        read = ready.read(path)
        again = ready.read(json.loads(canonical.document(ready.scheme, read)))
        assert (again.values == read.values).all() and (again.present == read.present).all(), path
        assert again.documents == read.documents


# --- reports


def test_the_report_of_a_unit(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    alpha, beta = unit_reports(round_.methodology, round_.state())
    rows = {item.code: item for item in alpha.items}
    one = rows["1.1"]
    shown = {k: v for k, v in one.as_dict().items() if k != "title"}
    assert shown == {
        "item": "1.1", "owner": "agency-a + agency-b", "outcome": "scored", "max": "4", "own": "3", "appraised": "2",
        "requested": "3", "final": "2.5", "stands": "2.5", "difference": "-0.5", "lost": "1.5", "reason": "two plans",
        "explanation": "see 12/BC, page 3", "final_reason": "one was late",
    }  # fmt: skip
    assert (rows["3"].outcome.value, rows["3"].lost) == ("pending", None)
    assert [(item.code, plain(item.lost or 0)) for item in alpha.by_size] == [("2", "2"), ("1.1", "1.5")]
    assert [(owner, plain(lost), codes) for owner, lost, codes in alpha.by_owner] == [
        ("", "2", ["2"]),
        ("agency-a + agency-b", "1.5", ["1.1"]),
    ]
    assert alpha.as_dict()["stands"]["points"] == "4.5000"
    assert beta.stage == "self-assessment"
    assert [report.unit for report in unit_reports(round_.methodology, round_.state(), "Beta")] == ["beta"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_reports_as_a_workbook(tmp_path: Path, lang: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from par_engine.round.stages import xlsx

    round_ = whole(tmp_path)
    reports = unit_reports(round_.methodology, round_.state())
    data = xlsx(reports, "=1+1", lang)  # type: ignore[arg-type]
    assert data == xlsx(reports, "=1+1", lang)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(io.BytesIO(data))
    totals, items, size, owner = ([[c.value for c in row] for row in sheet.iter_rows()] for sheet in book.worksheets)
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert [row[2:5] for row in totals[2:]] == [[5.5, 4.5, -1], [5.5, 5.5, 0]]
    row = next(row for row in items if row[1] == "1.1")
    assert row[3:] == [
        "agency-a + agency-b",
        4,
        3,
        2,
        3,
        2.5,
        2.5,
        -0.5,
        1.5,
        "two plans",
        "see 12/BC, page 3",
        "one was late",
    ]
    assert [row[1] for row in size[2:]] == [item.code for report in reports for item in report.by_size]
    none = "không ghi cơ quan" if lang == "vi" else "no owner"
    assert owner[2][1:] == [none, 2, 1, "2"]
    assert len(items) == 2 + sum(len(report.items) for report in reports)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_lost_points_and_points_are_what_was_attainable(data: st.DataObject) -> None:
    from par_engine.round.figures import standing
    from par_engine.round.state import Points, State, UnitState

    facts = data.draw(FACTS)
    ready = methodology()
    entry: Any = None
    form = json.loads(
        canonical.document(ready.scheme, ready.read(evidence("alpha") | {"units": [{"unit": "alpha", "facts": facts}]}))
    )
    unit = UnitState("alpha", form["units"][0], entry)
    tops = {"1.1": 40000, "1.2": 10000, "2": 30000, "3": 20000}
    for item in data.draw(st.sets(st.sampled_from(sorted(tops)))):
        scaled = data.draw(st.integers(0, tops[item]))
        unit.appraised[item] = Points(par_fraction(scaled), "", 3)
    state = State([entry], "s", "", {"alpha": unit})
    first = type("E", (), {"content": {"methodology": "tiny", "units": [], "locks": {}}})()
    state.entries = [first]  # type: ignore[list-item]
    (report,) = unit_reports(ready, state)
    stands = standing(ready, state).units[0]
    if stands.points is not None:
        waiting = sum(item.max for item in report.items if item.outcome.value == "pending")
        lost = sum((item.lost or 0) for item in report.items)
        assert par_fraction(stands.points) + lost == par_fraction(stands.attainable or 0)
        assert waiting in (0, 2)
    for item, given_ in unit.appraised.items():
        assert par_fraction(stands.item(item).points or 0) == given_.points


def par_fraction(x: Any) -> Any:
    from fractions import Fraction

    return Fraction(x, 10**4) if isinstance(x, int) and x else Fraction(x)


# --- the file


def test_a_round_file_is_never_overwritten(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    before = round_.path.read_bytes()
    assert refused(opened, tmp_path) == ["round.db: the file is there already — name a new one"]
    assert round_.path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["round.db"]


def test_an_init_that_loses_the_race_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = opened(tmp_path)
    before = round_.path.read_bytes()
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert refused(opened, tmp_path) == ["round.db: the file is there already — name a new one"]
    assert round_.path.read_bytes() == before


def test_another_methodology_is_refused(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    other = copy.deepcopy(scheme())
    other["title"]["en"] = "other"
    ready = par.from_document(other)
    was, here = (m.fingerprint[:12] for m in (round_.methodology, ready))
    says = [
        f"round.db: the round was opened with tiny {was}, this is tiny {here}"
        " — install the methodology of then, or open a new round"
    ]
    assert refused(Round, round_.path, ready) == says
    round_.methodology = ready
    assert refused(round_.submit, tmp_path / "e.json", "An", "x") == says


def test_an_entry_that_is_not_there(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    for n in (0, 3, -1):
        assert refused(round_.score, n) == [f"--at: there is no entry {n} — entries are 1 to 2"]


def test_a_clock_that_moves_is_only_data_of_the_entries(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    bytes_ = []
    for folder, moment in ((tmp_path / "a", EARLY), (tmp_path / "b", EARLY.replace(year=2029))):
        round_ = opened(folder, moment)
        round_.submit(write(folder, "e.json", evidence("alpha")), "An", "x")
        bytes_.append(to_json(round_.score().report()))
    assert bytes_[0] == bytes_[1]


def test_the_default_clock_is_the_machine(tmp_path: Path) -> None:
    entry = open_round(tmp_path / "r.db", methodology(), "An")
    assert entry.at.endswith("Z") and len(entry.at) == 20
    assert store.MAX_FILE == 64 * 2**20


def test_what_waits_and_what_is_beside_the_maximum_is_no_loss(tmp_path: Path) -> None:
    """A survey that is not in is not lost yet, and nobody loses a bonus that was not won."""
    bonus = tiny.leaf("B", "1", {"name": "checklist", "points": {"idea": "1"}}, role="bonus")
    plain_ = scheme()
    ready = par.from_document(
        plain_
        | {"total": plain_["total"] | {"cap": "10"}}
        | {"items": [*plain_["items"], bonus], "facts": plain_["facts"] | {"idea": {"title": tiny.T, **tiny.BOOLEAN}}}
    )
    path = tmp_path / "round.db"
    open_round(path, ready, "An", clock=lambda: EARLY)
    round_ = Round(path, ready, clock=lambda: EARLY)
    round_.submit(write(tmp_path, "e.json", evidence("alpha", idea=False)), "An", "first")
    (report,) = unit_reports(ready, round_.state())
    assert {item.code: item.lost for item in report.items} == {"1.1": 1, "1.2": 0, "2": F("1.5"), "3": None, "B": None}
    assert [item.code for item in report.by_size] == ["2", "1.1"]


def test_other_files_than_those_that_are_read(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    round_.submit(write(tmp_path, "e.json", evidence("alpha")), "An", "first")
    assert vietnamese(round_.appraise, write(tmp_path, "a.ods", "PK"), "Bình") == [
        "a.ods: không đọc tệp .ods ở đây, chỉ đọc tệp XLSX, CSV hoặc JSON — hãy lưu trang tính dạng .xlsx hoặc CSV UTF-8"
    ]
    assert vietnamese(round_.appraise, tmp_path / "e.json", "Bình") == [
        "e.json: tài liệu không có danh sách points — đây là số liệu: nộp bằng par round submit"
    ]
    assert vietnamese(round_.explain, write(tmp_path, "p.json", points(("alpha", "2", "1", ""))), "Bình") == [
        "p.json: tài liệu không có danh sách explanations — đây là điểm thẩm định: ghi bằng par round appraise"
    ]
