"""Files of ballots: the shapes in which Kobo, ODK Central and LimeSurvey export, workbooks, and what is hostile in them."""

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)

import openpyxl
import tiny
import xlsxwriter

import par_engine as par
from par_engine.survey.ballots import read_ballots
from par_engine.survey.counting import Counts
from par_engine.survey.questions import Questions, forms
from par_engine.survey.tally import evidence


def word(vi: str, en: str = "") -> dict[str, str]:
    return {"vi": vi, "en": en or vi}


SURVEY = {
    "title": word("Khảo sát"),
    "combine": "weighted",
    "options": [
        {"id": "A", "title": word("Rất tốt, kịp thời", "Very good"), "share": "1"},
        {"id": "B", "title": word("Kém", "Poor"), "share": "0"},
    ],
    "groups": [
        {"id": "leaders", "title": word("Lãnh đạo sở/ngành", "Leaders"), "weight": "1"},
        {"id": "citizens", "title": word("Người dân", "Citizens"), "weight": "1"},
    ],
    **tiny.BASE,
}
ONE, TWO = "Tính kịp thời/đầy đủ", "Tính hợp lý"
M = par.from_document(
    tiny.document(
        [
            tiny.leaf("2.4.1", "2", {"name": "survey", "fact": "2.4.1.ballots"}, "survey", title=word(ONE)),
            tiny.leaf("2.4.2", "3", {"name": "survey", "fact": "2.4.2.ballots"}, "survey", title=word(TWO)),
        ],
        {name: {"type": "ballots", "survey": "s", "title": word(f"Khảo sát {name}")} for name in ("2.4.1.ballots", "2.4.2.ballots")},
        "5",
        surveys={"s": SURVEY},
        units=[{"id": "one", "name": "Tỉnh Một", "ranked": True}],
        settings={"units": "listed"},
    )
)  # fmt: skip
WANT = {
    "2.4.1.ballots": {"leaders": {"A": 1, "B": 0}, "citizens": {"A": 0, "B": 1}},
    "2.4.2.ballots": {"leaders": {"A": 0, "B": 1}, "citizens": {"A": 0, "B": 1}},
}
KOBO_XML = (
    '"start";"g_info/unit";"g_info/group";"g_info/token";"g_q/g_in/q_2_4_1_ballots";"g_q/q_2_4_2_ballots";"__version__";'
    '"_id";"_uuid";"_submission_time";"_validation_status";"_notes";"_status";"_submitted_by";"_tags";"_index"\n'
    '"x";"one";"leaders";"t1";"A";"B";"v";"7";"aa";"x";"";"";"submitted_via_web";"";"";"1"\n'
    '"x";"one";"leaders";"t2";"A";"A";"v";"8";"bb";"x";"validation_status_not_approved";"";"";"";"";"2"\n'
    '"x";"one";"citizens";"t3";"B";"B";"v";"9";"cc";"x";"validation_status_approved";"";"";"";"";"3"\n'
)
KOBO_LABELS = (
    f'"Thông tin, chung/Đơn vị được đánh giá";"Thông tin, chung/Nhóm đối tượng";"Mã phiếu";"Hỏi, đáp/{ONE}";"Hỏi, đáp/{TWO}";"_uuid"\n'
    '"Tỉnh Một";"Lãnh đạo sở/ngành";"t1";"Rất tốt, kịp thời";"Kém";"aa"\n'
    '"Tỉnh Một";"Người dân";"t2";"Kém";"Kém";"bb"\n'
)
ODK = (
    "SubmissionDate,start,g_info-unit,g_info-group,g_q-g_in-q_2_4_1_ballots,g_q-q_2_4_2_ballots,meta-instanceID,KEY,SubmitterID,"
    "SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,DeviceID,Edits,FormVersion\n"
    "x,y,one,leaders,A,B,uuid:1,uuid:1,5,n,0,0,,approved,,0,1\n"
    "x,y,one,leaders,A,A,uuid:2,uuid:2,5,n,0,0,,rejected,,0,1\n"
    "x,y,one,citizens,B,B,uuid:3,uuid:3,5,n,0,0,,hasIssues,,0,1\n"
)
LIME_CODES = (
    '\ufeff"id";"submitdate";"lastpage";"startlanguage";"seed";"token";"unit";"group";"q241ballots";"q242"\n'
    '"1";"1980-01-01 00:00:00";"3";"vi";"123";"t1";"one";"leaders";"A";"B"\n'
    '"2";"";"1";"vi";"124";"t2";"one";"leaders";"A";""\n'
    '"3";"1980-01-01 00:00:00";"3";"vi";"125";"t3";"one";"citizens";"B";"B"\n'
)
LIME_TEXTS = (
    '"id. Response ID","submitdate. Date submitted","token. Access code","unit. Đơn vị, tỉnh","group. Nhóm nào?",'
    f'"q241. {ONE}","q242. {TWO}"\n'
    '"1","2030-01-01","t1","Tỉnh Một","Lãnh đạo sở/ngành","Rất tốt, kịp thời","Kém"\n'
    '"2","2030-01-01","t2","Tỉnh Một","Người dân","Kém","Kém"\n'
)
LIME_FULL = (
    f"Response ID\tDate submitted\tAccess code\tĐơn vị\tNhóm\t{ONE}\t{TWO}\n"
    "1\t2030-01-01\tt1\tTỈNH MỘT\tleaders\tVery good\tPoor\n2\t2030-01-01\tt2\tone\tcitizens\tB\tPoor\n"
)
EXCEL = "sep=;\nunit;group;2.4.1;2.4.2\none;leaders;A;B\n;;;\none;citizens;B;B\n;;;\n"
SHAPES: dict[str, tuple[str, dict[str, int]]] = {
    "kobo-xml": (KOBO_XML, {"rejected": 1}),
    "kobo-labels": (KOBO_LABELS, {}),
    "odk": (ODK, {"rejected": 1}),
    "lime-codes": (LIME_CODES, {"unfinished": 1}),
    "lime-texts": (LIME_TEXTS, {}),
    "lime-full": (LIME_FULL, {}),
    "excel": (EXCEL, {}),
}


def lost(counts: Counts) -> dict[str, int]:
    return {reason: n for reason, n in counts.count.invalid.items() if n}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_exports_as_tools_write_them(tmp_path: Path, shape: str, encoding: str) -> None:
    text, gone = SHAPES[shape]
    (tmp_path / "b.csv").write_text(text.removeprefix("\ufeff") if encoding == "utf-16" else text, encoding=encoding)
    counts = read_ballots(Questions(M), tmp_path / "b.csv")
    assert evidence(counts)["units"] == [{"unit": "one", "facts": WANT}]
    assert lost(counts) == gone


def test_headers_the_surest_first() -> None:
    assert forms("g/h/q_1") == ["g/h/q_1", "g_h_q_1", "h/q_1", "h_q_1", "q_1"]
    assert forms("g-h-q_1")[2:] == ["h-q_1", "h_q_1", "q_1"]
    assert forms("Kinh tế - xã hội") == ["kinh tế-xã hội", "kinh_te_xa_hoi"], "a dash in a text parts nothing"


Sheets = dict[str, Sequence[Sequence[Any]]]


def book(path: Path, sheets: Sheets) -> Path:
    work = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = work.add_worksheet(name)
        for i, row in enumerate(rows):
            page.write_row(i, 0, row)
    work.close()
    return path


HEAD = ["unit", "group", "token", "2.4.1", "2.4.2"]
ROWS = [["one", "leaders", "t1", "A", "B"], ["one", "citizens", "t2", "B", "B"]]


def test_the_sheet_with_the_questions_is_read(tmp_path: Path) -> None:
    repeat = [[*HEAD, "_index", "_parent_table_name", "_parent_index"], [*ROWS[0], 1, "x", 1]]
    sheets: Sheets = {"Ghi chú": [["2.4.1"]], "lặp": repeat, "Phiếu": [["BẢNG PHIẾU"], [], HEAD, ROWS[0], [], ROWS[1]]}
    counts = read_ballots(Questions(M), book(tmp_path / "b.xlsx", sheets))
    assert evidence(counts)["units"] == [{"unit": "one", "facts": WANT}]
    assert (counts.sheet, counts.unread, counts.count.read) == ("Phiếu", ("Ghi chú", "lặp"), 2)
    again = [[*HEAD], ROWS[0], ROWS[0]]
    counts = read_ballots(Questions(M), book(tmp_path / "c.xlsx", {"a": again}))
    assert counts.count.places == {"token": [(3, "")]}


def test_two_sheets_with_the_questions_must_be_told_apart(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"Sở": [HEAD, ROWS[0]], "Huyện": [HEAD, ROWS[1]]})
    with pytest.raises(par.DocumentError) as caught:
        read_ballots(Questions(M), path)
    (problem,) = caught.value.problems
    assert problem.text() == (
        'b.xlsx: several sheets have the questions: "Sở", "Huyện" — name one with --sheet, or put all ballots on one'
    )
    assert read_ballots(Questions(M), path, sheet="Huyện").count.valid == 1
    with pytest.raises(par.DocumentError, match='there is no sheet "Huyen" — did you mean "Huyện"'):
        read_ballots(Questions(M), path, sheet="Huyen")
    (tmp_path / "b.csv").write_text("group,2.4.1\n")
    with pytest.raises(par.DocumentError, match="--sheet: only a workbook has sheets"):
        read_ballots(Questions(M), tmp_path / "b.csv", sheet="x")


def test_formulas_and_errors_are_refused_by_cell_and_never_repeated(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"p": [[*HEAD, "Ghi chú"], *ROWS]})
    work = openpyxl.load_workbook(path)
    sheet = work["p"]
    sheet["D2"], sheet["E3"], sheet["F2"] = '=HYPERLINK("http://x","A")', "#N/A", "=1+1"
    work.save(path)
    with pytest.raises(par.DocumentError) as caught:
        read_ballots(Questions(M), path)
    assert [p.text() for p in caught.value.problems] == [
        "b.xlsx p!D2: there is a formula — paste its value",
        "b.xlsx p!E3: there is an error value — type the value",
    ], "the note is nobody's business"


def test_text_that_looks_like_a_formula_numbers_and_dates_are_texts(tmp_path: Path) -> None:
    rows = [
        [*HEAD, "submitdate"],
        ["one", "leaders", 1, "A", "B", datetime.datetime(2030, 1, 2)],
        ["one", "citizens", 1.5, "B", "B", datetime.datetime(2030, 1, 2, 3, 4)],
        ["one", "citizens", True, "'=1+1", "A", None],
    ]
    counts = read_ballots(Questions(M), book(tmp_path / "b.xlsx", {"p": rows}))
    assert evidence(counts)["units"] == [{"unit": "one", "facts": WANT}]
    assert lost(counts) == {"unfinished": 1}


def test_a_missing_column_is_named_at_its_header(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"p": [["Phiếu"], ["unit", "2.4.1"], ["one", "A"]]})
    with pytest.raises(par.DocumentError) as caught:
        read_ballots(Questions(M), path)
    assert [p.text("vi") for p in caught.value.problems] == [
        'b.xlsx p!2: không có cột nhóm đối tượng — đặt tên cột là "group"'
    ]


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def far_row(parts: dict[str, bytes]) -> dict[str, bytes]:
    name = "xl/worksheets/sheet1.xml"
    return {**parts, name: parts[name].replace(b'<row r="3"', b'<row r="99999999999"')}


ATTACKS: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str]] = {
    "encrypted": (lambda parts: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "the file is encrypted or of an old format"),
    "no-zip": (lambda parts: b"PK\x03\x04 nothing", "the file is damaged, or no office file"),
    "bomb": (lambda parts: packed({**parts, "xl/x.xml": b"0" * (201 * 2**20)}), "it unpacks to"),
    "macros": (lambda parts: packed({**parts, "xl/vbaProject.bin": b"x"}), "the file carries macros"),
    "entities": (
        lambda parts: packed(
            {**parts, "xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + parts["xl/workbook.xml"]}
        ),
        "declares entities",
    ),
    "no-sheet": (
        lambda parts: packed({k: v for k, v in parts.items() if "worksheets" not in k}),
        "the file cannot be read|the file has no header",
    ),
    "cut": (
        lambda parts: packed({**parts, "xl/worksheets/sheet1.xml": parts["xl/worksheets/sheet1.xml"][:-200]}),
        "the file cannot be read",
    ),
    "far-row": (lambda parts: packed(far_row(parts)), "more rows than a workbook can have"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_workbooks(tmp_path: Path, attack: str) -> None:
    make, message = ATTACKS[attack]
    path = tmp_path / "b.xlsx"
    data = make(parts_of(book(path, {"p": [HEAD, *ROWS]})))
    path.write_bytes(data)
    with pytest.raises(par.DocumentError, match=message):
        read_ballots(Questions(M), path)


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("b.xls", b"x", "b.xls: .xls files are not read — save it as .xlsx or CSV UTF-8"),
        ("b.csv", b"PK\x03\x04", "b.csv: this is a workbook, not CSV — name it .xlsx"),
        ("b.csv", b"unit,group,2.4.1\none,leaders,\xff\n", "b.csv: the file is not UTF-8 text — save it as CSV UTF-8"),
        ("b.csv", b"", "b.csv: the file has no header — name the columns"),
    ],
)
def test_other_files(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(par.DocumentError) as caught:
        read_ballots(Questions(M), tmp_path / name)
    assert [p.text() for p in caught.value.problems] == [text]


def test_progress_is_told_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("par_engine.survey.ballots._CHUNK", 2)
    (tmp_path / "b.csv").write_text("unit,group,2.4.1\n" + "one,leaders,A\n" * 5)
    for path in (tmp_path / "b.csv", book(tmp_path / "b.xlsx", {"p": [HEAD, *ROWS * 3]})):
        told: list[float] = []
        read_ballots(Questions(M), path, progress=told.append)
        assert told == sorted(told)
        assert len(told) == 3
        assert told[-1] == 1


def strange(path: Path, heads: Sequence[str], row: Sequence[str]) -> Path:
    """A workbook with what openpyxl warns of: a telephone number as a date, a validation of a later Excel."""
    out = xlsxwriter.Workbook(path)
    sheet = out.add_worksheet("S")
    sheet.write_row(0, 0, heads)
    sheet.write_row(1, 0, row)
    sheet.write_number(1, len(row), 91234567890, out.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.data_validation(0, 0, 0, 0, {"validate": "list", "source": ["a"]})
    out.close()
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
            new.writestr(name, data.replace(b"</worksheet>", extension) if "sheet1" in name else data)
    return path


def test_nothing_of_a_cell_reaches_the_warnings(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    from par_engine.annex.tables import read_annex
    from par_engine.survey.heads import HEADS
    from par_engine.survey.lists import read_people
    from par_engine.workbook.cells import grid

    path = strange(tmp_path / "b.xlsx", ["unit", "group", "2.4.1", "x"], ["one", "leaders", "A"])
    with pytest.warns(UserWarning, match="91234567890"):
        openpyxl.load_workbook(path)
    recwarn.clear()
    assert read_ballots(Questions(M), path).count.valid == 1
    assert grid(path.read_bytes(), "b")["S"].rows[1][3].kind == "e"
    assert len(read_annex(path).tables) == 1
    heads = [*(h for h in HEADS.values() if h != "Điện thoại"), "Điện thoại"]
    people = read_people(strange(tmp_path / "p.xlsx", heads, ["leaders", "A B", "c", "d", "a@example.vn"]))
    assert [p.text() for p in people.problems] == ["p.xlsx S!F2: there is an error value — type the value"]
    assert [str(w.message) for w in recwarn.list] == []
