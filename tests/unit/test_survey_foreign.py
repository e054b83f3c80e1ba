"""What survey tools say beside the answers: states, second copies, second headers, and what nobody sees."""

from pathlib import Path

import pytest

pytest.importorskip("openpyxl")

import openpyxl
import tiny
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

import par_engine as par
from par_engine.files.xlsx_hidden import unseen
from par_engine.survey.ballots import read_ballots
from par_engine.survey.counting import Counts
from par_engine.survey.questions import Questions
from par_engine.survey.rejection_reasons import answers_said
from par_engine.survey.tally import tally


def word(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def methodology() -> par.Methodology:
    groups = [{"id": id, "title": word(t), "weight": "1"} for id, t in (("leaders", "Lãnh đạo"), ("citizens", "Dân"))]
    options = [{"id": id, "title": word(id), "share": share} for id, share in (("A", "1"), ("B", "0.6"), ("C", "0"))]
    survey = {"title": word("Khảo sát"), "combine": "weighted", "options": options, "groups": groups, **tiny.BASE}
    facts = {
        "q.one": {"type": "ballots", "survey": "s", "title": word("Câu một")},
        "q.two": {"type": "ballots", "survey": "s", "title": word("Câu hai")},
    }
    items = [
        tiny.leaf("1.1", "2", {"name": "survey", "fact": "q.one"}, "survey"),
        tiny.leaf("1.2", "3", {"name": "survey", "fact": "q.two"}, "survey"),
    ]
    return par.from_document(tiny.document(items, facts, "5", surveys={"s": survey}))


def read(tmp_path: Path, text: str) -> Counts:
    path = tmp_path / "b.csv"
    path.write_text(text, encoding="utf-8")
    return read_ballots(Questions(methodology()), path)


def lost(counts: Counts) -> dict[str, int]:
    return {reason: n for reason, n in counts.count.invalid.items() if n}


@pytest.mark.parametrize(
    ("head", "counts", "out", "reason"),
    [
        ("_validation_status", "validation_status_approved", "validation_status_not_approved", "rejected"),
        ("_validation_status/label", "On Hold", "Not Approved", "rejected"),
        ("_validation_status.label", "", "Not Approved", "rejected"),
        ("__validation_status.label", "Approved", "Not Approved", "rejected"),
        ("_validation_status", "{}", "{'uid': 'validation_status_not_approved', 'label': 'Not Approved'}", "rejected"),
        ("ReviewState", "hasIssues", "rejected", "rejected"),
        ("__system-reviewState", "edited", "rejected", "rejected"),
        ("__system/reviewState", "null", "Rejected", "rejected"),
        ("review_status", "NONE", "REJECTED", "rejected"),
        ("review_quality", "okay", "FAKE", "rejected"),
        ("submitdate", "1980-01-01 00:00:00", "NA", "unfinished"),
        ("submitdate. Date submitted", "2030-01-01", "{question_not_shown}", "unfinished"),
        ("submitdate", "01/02/2030", "N/A", "unfinished"),
        ("Completion time", "1/2/30 10:00:00", "", "unfinished"),
        ("Finished", "True", "False", "unfinished"),
        ("Finished", "1", "0", "unfinished"),
    ],
)
def test_states_of_tools(tmp_path: Path, head: str, counts: str, out: str, reason: str) -> None:
    found = read(tmp_path, f'unit;group;token;q.one;{head}\nu;leaders;1;A;{counts}\nu;citizens;2;A;"{out}"\n')
    assert (lost(found), found.count.valid) == ({reason: 1}, 1)
    assert dict(found.layout.taken())[head] != ""


def test_states_that_need_another_column(tmp_path: Path) -> None:
    heads = "StartDate,Status,Finished,ResponseId,unit,group,q.one\n"
    rows = "x,IP Address,True,R1,u,leaders,A\nx,Survey Preview,True,R2,u,citizens,A\nx,Spam,True,R3,u,citizens,A\n"
    assert lost(read(tmp_path, heads + rows)) == {"test": 2}
    assert dict(read(tmp_path, "status,unit,group,q.one\nmarried,u,leaders,A\n").layout.taken())["status"] == ""
    redcap = "record_id,redcap_event_name,unit,group,q.one,survey_timestamp,survey_complete\n"
    rows = "1,a,u,leaders,A,2030-01-01 10:00,2\n2,a,u,citizens,A,,0\n3,a,u,citizens,A,[not completed],\n"
    found = read(tmp_path, redcap + rows)
    assert (lost(found), found.count.valid) == ({"unfinished": 2}, 1)
    assert (
        dict(read(tmp_path, "unit,group,q.one,all_complete\nu,leaders,A,maybe\n").layout.taken())["all_complete"] == ""
    )


def test_an_unknown_word_in_a_column_of_states_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(par.DocumentError) as caught:
        read(
            tmp_path,
            "unit,group,q.one,ReviewState\nu,leaders,A,approved\nu,leaders,A,disapproved\nu,leaders,A,已拒绝\n",
        )
    assert [p.where for p in caught.value.problems] == ["b.csv D3", "b.csv D4"]
    assert caught.value.problems[0].text() == (
        'b.csv D3: this is no known state in column "ReviewState" — known are approved, cho_duyet, da_duyet, duyet, '
        "edited, has_issues, hasissues, khong_duyet, loai, not_approved, on_hold, pending, received, rejected, tu_choi, "
        "validation_status_approved, validation_status_not_approved, validation_status_on_hold"
    )
    assert "disapproved" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Response ID\tDate submitted\tĐơn vị\tNhóm\tCâu một\nid\tsubmitdate\tunit\tgroup\tqone\n"
         "1\t2030-01-01\tu\tleaders\tA\n2\t{question_not_shown}\tu\tleaders\tB\n", (2,)),
        ("ResponseId,Finished,unit,group,q.one\nResponse ID,Finished,Whose?,Who?,How?\n"
         '"{""ImportId"":""_recordId""}","{""ImportId"":""finished""}","{""ImportId"":""QID1""}",x,y\n'
         "R1,True,u,leaders,A\nR2,False,u,leaders,B\n", (2, 3)),
        ("Respondent ID,submitdate,unit,group,q.one\n,,Response,Response,Response\n"
         "1,2030-01-01,u,leaders,A\n2,,u,leaders,B\n", (2,)),
        ("Khảo sát\nĐợt 1, năm 2030\nunit,group,q.one,submitdate,token\nu,leaders,A,2030-01-01,1\nu,leaders,B,,2\n", ()),
    ],
)  # fmt: skip
def test_headers_that_are_not_the_first_row(tmp_path: Path, text: str, header: tuple[int, ...]) -> None:
    found = read(tmp_path, text)
    assert (found.headers, lost(found), found.count.read) == (header, {"unfinished": 1}, 2)
    last = len(text.splitlines())
    assert found.count.places["unfinished"] == [(last, "")]


@pytest.mark.parametrize(
    "heads",
    ["a/group,a/q.one,b/group,b/q.one", "group,q.one,group_001,q.one_001", "group,q.one,group,q.one.1"],
)
def test_versions_of_one_question_are_one_where_each_row_fills_one(tmp_path: Path, heads: str) -> None:
    found = read(tmp_path, f"unit,{heads}\nu,leaders,A,,\nu,NA,,citizens,B\n")
    assert [role for _, role in found.layout.taken()] == ["unit", "group", "q.one", "group", "q.one"]
    assert found.answers[0][0].tolist() == [[1, 0, 0], [0, 1, 0]]
    with pytest.raises(par.DocumentError) as caught:
        read(tmp_path, f"unit,{heads}\nu,leaders,A,,\nu,citizens,A,,B\n")
    first, second = heads.split(",")[1::2]
    assert [p.text() for p in caught.value.problems] == [
        f'b.csv C3: versions of one question are both filled: "{first}", "{second}" — leave one answer'
    ]


def test_ballots_and_answers_are_counted_apart_and_add_up(tmp_path: Path) -> None:
    text = "unit,group,token,q.one,q.two\nu,leaders,1,A,x\nu,leaders,2,A,\nu,leaders,2,B,B\nu,nobody,3,A,A\nu,citizens,4,C,B\n"
    count = read(tmp_path, text).count
    assert count.read == count.valid + sum(count.invalid.values()) == 5
    assert (count.asked, count.counted, count.blank, count.answers) == (6, 4, 1, {"unknown": 1, "not-asked": 0})
    assert count.asked == 2 * count.valid
    assert answers_said(count, "vi") == (
        "6 câu trên phiếu hợp lệ: 4 câu được tính, 1 bỏ trống, 1 không tính (các câu khác của phiếu vẫn tính)"
    )


def book(path: Path) -> Path:
    work = openpyxl.Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.title = 'A & "B"'
    for row in (["unit", "group", "q.one", "token"], ["u", "leaders", "A", "1"], ["u", "citizens", "B", "2"]):
        sheet.append(row)
    work.create_sheet("khác")["A1"] = "xem trang kia"
    work.save(path)
    return path


def test_what_nobody_sees_of_a_workbook(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx")
    work = openpyxl.load_workbook(path)
    sheet = work.worksheets[0]
    sheet.sheet_state = "veryHidden"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["D2"].comment = Comment("x", "y")
    work.active = 1
    work.save(path)
    look = unseen(path.read_bytes())['A & "B"']
    assert (look.hidden, look.rows, look.columns, look.notes) == (True, {2}, {2}, {(1, 3)})
    counts = read_ballots(Questions(methodology()), path)
    found = tally(counts, {}, methodology())
    assert [p.text() for p in found.problems if p.code.startswith("hidden")] == [
        'b.xlsx A & "B": the sheet that was read is hidden — show it and look at it',
        'b.xlsx A & "B": 1 hidden rows are read: 3 — show it and look at it',
        'b.xlsx A & "B"!C1: a hidden column is read — show it and look at it',
    ]


@pytest.mark.parametrize("part", [True, False])
def test_struck_out_ballots_are_refused(tmp_path: Path, part: bool) -> None:
    path = book(tmp_path / "b.xlsx")
    work = openpyxl.load_workbook(path)
    cell = work.worksheets[0]["C3"]
    if part:
        cell.value = CellRichText(TextBlock(InlineFont(strike=True), "A"), "B")
    else:
        cell.font = Font(strike=True)
    work.save(path)
    with pytest.raises(par.DocumentError) as caught:
        read_ballots(Questions(methodology()), path)
    assert [p.text("vi") for p in caught.value.problems] == [
        'b.xlsx A & "B"!C3: ô này có chữ bị gạch ngang — hãy xóa phần không còn đúng'
    ]
