"""Lists as offices type them: heads, names in two columns, headings above people, spoilt text, telephones, blanks."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest

for module in ("docx", "email_validator", "openpyxl", "phonenumbers", "xlsxwriter"):
    pytest.importorskip(module)

import docx
import openpyxl
import tiny
from openpyxl.comments import Comment
from openpyxl.styles import Font

import par_engine as par
from par_engine.base.legacy_encodings import legacy
from par_engine.base.problems import problem
from par_engine.cli.survey_form import tokens_command
from par_engine.survey.blanks import blank_list, blank_plan
from par_engine.survey.forms import printed
from par_engine.survey.heads import HEADS
from par_engine.survey.lists import People, read_people
from par_engine.survey.offices import spelt
from par_engine.survey.phones import Misread, phone
from par_engine.survey.plans import group_words, read_plans
from par_engine.survey.questions import Questions
from par_engine.survey.respondent_export import hand_in
from par_engine.survey.respondents import Checked, check

GROUPS = [
    {"id": "leaders", "title": {"vi": "Lãnh đạo sở, ngành", "en": "Leaders"}, "weight": "1"},
    {"id": "citizens", "title": {"vi": "Người dân", "en": "Citizens"}, "weight": "1"},
]
OPTIONS = [
    {"id": "A", "title": {"vi": "Tốt", "en": "Good"}, "share": "1"},
    {"id": "B", "title": {"vi": "Kém", "en": "Poor"}, "share": "0"},
]
SURVEY = {"title": tiny.T, "combine": "weighted", "options": OPTIONS, "groups": GROUPS, **tiny.BASE}
ASKED = {"vi": "Việc ngăn ngừa nhũng nhiễu thế nào?", "en": "How well is abuse prevented?"}
UNITS = [{"id": "one", "name": "Một", "kind": "tỉnh", "ranked": True}]
PLAN = {
    "title": {"vi": "Kế hoạch điều tra", "en": "Plan"},
    "decision": "838/QĐ-BNV",
    "date": "2030-07-28",
    "issuer": {"vi": "Bộ trưởng Bộ Nội vụ", "en": "the Minister"},
    "receiver": {"vi": "Bộ Nội vụ", "en": "the Ministry"},
    "tasks": [],
}
M = par.from_document(
    tiny.document(
        [tiny.leaf("1", "1", {"name": "survey", "fact": "q"}, "survey", title={"vi": "Nhũng nhiễu", "en": "Abuse"})],
        {"q": {"type": "ballots", "survey": "s", "question": ASKED}},
        "1",
        surveys={"s": SURVEY},
        units=UNITS,
        settings={"units": "listed"},
        plan=PLAN,
    )
)
WORDS = group_words(M.document.surveys["s"].groups)
DAY = datetime.date(2030, 1, 1)
GOOD = ["Người dân", "Lê Văn Cường", "Nông dân", "Xã Một", "0912345678", "cuong@example.vn"]


def write(path: Path, rows: list[list[Any]]) -> Path:
    work = openpyxl.Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.title = "DS"
    for row in rows:
        sheet.append(row)
    work.save(path)
    return path


def people(tmp_path: Path, rows: list[list[Any]]) -> People:
    return read_people(write(tmp_path / "l.xlsx", rows), WORDS)


def checked(tmp_path: Path, rows: list[list[Any]], unit: str | None = "one") -> Checked:
    return check(M, people(tmp_path, rows), "s", None, DAY, None, unit)


def texts(problems: Any, *codes: str) -> list[str]:
    return [p.text().removeprefix("l.xlsx DS!") for p in problems if not codes or p.code in codes]


@pytest.mark.parametrize(
    "heads",
    [
        ["Đối tượng điều tra", "Họ và tên", "Chức danh", "Nơi công tác", "Điện thoại liên hệ", "Thư điện tử"],
        ["Nhóm đối tượng khảo sát", "Họ tên", "Chức vụ, chức danh", "Đơn vị công tác", "SĐT", "Địa chỉ email"],
        ["ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC", "HỌ VÀ TÊN", "CHỨC VỤ", "TÊN CƠ QUAN, ĐƠN VỊ", "SỐ ĐIỆN THOẠI", "E-MAIL"],
    ],
)
def test_heads_as_offices_write_them(tmp_path: Path, heads: list[str]) -> None:
    found = people(tmp_path, [["STT", *heads, "Ghi chú"], [1, *GOOD, "x"]])
    assert found.rows[0].cells == dict(zip(HEADS, GOOD, strict=True))
    assert dict(found.tables[0].columns) == dict(zip(["STT", *heads, "Ghi chú"], ["order", *HEADS, ""], strict=True))


HEAD = ["Nhóm đối tượng", "Họ và tên", "Chức vụ", "Cơ quan, đơn vị", "Điện thoại", "Email"]


def test_a_head_of_two_rows_and_the_numbers_of_columns(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH"],
        ["TT", "Nhóm", "Họ và tên", "Chức vụ", "Cơ quan", "Thông tin liên hệ", None],
        [None, None, None, None, None, "Điện thoại", "Email"],
        [1, 2, 3, 4, 5, 6, 7],
        [1, *GOOD],
        [None, None, "Tổng cộng: 1 người"],
    ]
    found = people(tmp_path, rows)
    assert [person.cells["email"] for person in found.rows] == ["cuong@example.vn"]
    assert found.tables[0].aside == ((4, "numbers"), (6, "total"))
    assert found.problems == ()


@pytest.mark.parametrize(
    ("heads", "family"),
    [(("Họ và đệm", "Tên"), "family"), (("Họ và tên đệm", "Tên"), "family"), (("Họ và tên", None), "family")],
)
def test_names_in_two_columns_are_joined(tmp_path: Path, heads: tuple[str, str | None], family: str) -> None:
    rows: list[list[Any]] = [["Nhóm", *heads, *HEAD[2:]]]
    rows += [["Người dân", "Lò Thị", "Thử", "Nông dân", "Xã Một", "", ""], ["Người dân", "Lê", "An", "x", "y", "", ""]]
    found = people(tmp_path, rows)
    assert [person.cells["name"] for person in found.rows] == ["Lò Thị Thử", "Lê An"]
    assert dict(found.tables[0].columns)[heads[0]] == family
    assert found.problems == ()


def test_given_names_alone_and_two_columns_for_one_thing_are_refused(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Nhóm", "Họ & lót", "Tên", *HEAD[2:], "SĐT"]]
    rows += [["Người dân", "Lò Thị", "Thử", "Nông dân", "Xã Một", "", "", "0912345678"]]
    assert texts(people(tmp_path, rows).problems) == [
        'H1: columns "Điện thoại" and "SĐT" may both be the phone — keep one, or head the other so that it is told apart'
    ]
    rows[0][1], rows[0][-1] = "Phần đầu", "Ghi chú"
    assert texts(people(tmp_path, rows).problems) == [
        'C1: column "Tên" holds given names only; not read: "Phần đầu", "Ghi chú" — head the other column "Họ và đệm"'
    ]
    rows[0] = [*rows[0][:-1], None]
    assert "H1: this column has no head and is not read — head it, or empty it" in texts(
        people(tmp_path, rows).problems
    )


def test_groups_and_agencies_as_rows_above_their_people(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["STT", "Họ và tên", "Chức danh", "Điện thoại", "Email"],
        ["I", "Lãnh đạo sở, ngành (02 người)"],
        ["1", "Sở Y tế"],
        [1, "Lò Văn An", "Giám đốc", "0912345671", ""],
        ["2", "Sở Tư pháp"],
        [2, "Lê Thị Ba", "Giám đốc", "0912345672", ""],
        ["II", "Người dân: 1 người"],
        ["1", "Xã Một"],
        [3, "Vừ A Dế", "Nông dân", "0912345673", ""],
        ["III", "Doanh nghiệp"],
        [4, "Giàng Thị Mỷ", "Giám đốc", "0912345674", ""],
    ]
    found = checked(tmp_path, rows)
    assert [(p.cells["group"], p.cells["agency"]) for p in found.people.rows[:3]] == [
        ("Lãnh đạo sở, ngành", "Sở Y tế"), ("Lãnh đạo sở, ngành", "Sở Tư pháp"), ("Người dân", "Xã Một"),
    ]  # fmt: skip
    assert texts(found.problems) == [
        "B10: this is no group of the survey — Lãnh đạo sở, ngành; Người dân",
        "A11: agency is empty — fill it in",
    ], "once, where it stands"
    assert found.people.rows[0].at("group") == "DS!B2"


def test_what_nobody_sees_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "l.xlsx", [HEAD, GOOD, ["Người dân", "Lê An", "x", "y", "0912345679", ""]])
    work = openpyxl.load_workbook(path)
    sheet = work.worksheets[0]
    sheet.row_dimensions[3].hidden = True
    sheet["B2"].comment = Comment("nghỉ hưu", "x")
    sheet["D2"].font = Font(strike=True)
    old = work.copy_worksheet(sheet)
    old.title, old.sheet_state = "Cũ", "hidden"
    work.save(path)
    found = read_people(path, WORDS).problems
    assert texts(p for p in found if " DS!" in p.where) == [
        "B2: the note at this cell is not read — put what matters into the list",
        "D2: text is struck out here — delete what no longer holds",
        "B3: this row is hidden or filtered out, and is read — show all rows and look at it",
    ]
    assert [(p.where, p.code) for p in found if p.code == "hidden-sheet"] == [("l.xlsx Cũ", "hidden-sheet")]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("TrÇn ThÞ VÝ Dô", "TCVN3"), ("Së T\u00ad ph¸p", "TCVN3"), ("Bé Néi vô", "TCVN3"), ("UBND huyÖn", "TCVN3"),
        ("Nguyeãn Vaên Maãu", "VNI"), ("TRAÀN THÒ HOA", "VNI"), ("Ñaëng", "VNI"), ("Sôû Tö phaùp", "VNI"),
        ("NguyêÞn Vãn Mâìu", "Windows-1258"), ("Sá»Ÿ TÆ° phÃ¡p", "UTF-8"), ("Äáº¡i biá»ƒu", "UTF-8"), ("LÃª", "UTF-8"),
        ("Nguy\ufffdn", "lost"), ("S? Tư pháp", "lost"), ("Nguy?n", "lost"), ("Nguy·ªÖn", "old encoding"),
    ],
)  # fmt: skip
def test_text_that_is_no_unicode_is_refused_at_its_cell(tmp_path: Path, cell: str, what: str) -> None:
    found = legacy(cell)
    assert found is not None and what in found.what
    row = [GOOD[0], "Lê An", "x", cell, *GOOD[4:]]
    problems = [p for p in people(tmp_path, [HEAD, row]).problems if p.code == "encoding"]
    assert texts(problems) == [f"D2: {found.what} — {found.hint}"]
    assert problems[0].severity == "error"


@pytest.mark.parametrize(
    "cell",
    ["Sở Tư pháp", "Lê Bé Ba", "Niê Thuật", "Y Ñuăn Byă", "H'Hen Niê", "François Müller", "José Peña", "Ðo", "Ỷ La",
     "Quách Thị Huyền", "Khuỷu", "Nguyễn Văn A (2)", "Văn phòng ĐĐBQH & HĐND", "Thuỵ", "Đắk Lắk", "Ban QLDA số 2", "山田"],
)  # fmt: skip
def test_names_of_any_language_are_left_alone(cell: str) -> None:
    assert legacy(cell) is None


@pytest.mark.parametrize(
    ("cell", "handed"),
    [
        ("912345670", "0912345670"), ("+84 912.345.678", "0912345678"), ("84912345678", "0912345678"),
        ("0215 3825 123", "02153825123"), ("(0215) 3825-123", "02153825123"), ("080 43162", "08043162"),
        ("080.443162", "080443162"), ("0215 3825123 máy lẻ 12", "02153825123 (máy lẻ 12)"),
        ("0215 3825123 ext 12", "02153825123 (máy lẻ 12)"), ("+8562055512345", "+8562055512345"),
    ],
)  # fmt: skip
def test_telephones_are_handed_on_as_they_were_recognised(cell: str, handed: str) -> None:
    found = phone(cell, "l")
    assert not isinstance(found, Misread) and found.written == handed


@pytest.mark.parametrize(
    ("cell", "what", "hint"),
    [
        ("0912345678 / 0987654321", "this is more than one telephone number", "leave one in the cell"),
        ("0912345678; 0987654321", "this is more than one telephone number", "leave one in the cell"),
        ("0912345678 0987654321", "this is more than one telephone number", "leave one in the cell"),
        ("O912345678", "there are letters in the telephone number", "leave digits only"),
        ("0912E345678", "there are letters in the telephone number", "leave digits only"),
        ("9.12E+08", "a spreadsheet has cut the number's digits", "type it again, as text"),
        ("0230 3825123", "this is no telephone number", "check its digits"),
        ("912", "this is no telephone number", "keep the zero in front: store it as text"),
        ("080", "this is no telephone number", "check its digits"),
    ],
)
def test_what_is_no_telephone_number_says_why(cell: str, what: str, hint: str) -> None:
    found = phone(cell, "l")
    assert isinstance(found, Misread)
    said = problem(found.entry, "l")
    assert (said.code, said.what, said.hint) == ("phone", what, hint)


def test_agencies_go_out_in_one_spelling() -> None:
    assert dict(spelt(["sở  tài chính", "Sở Tài chính", "SỞ TÀI CHÍNH", "Sở Tài chính", "sở y tế", "tổ dân phố"])) == {
        "sở  tài chính": "Sở Tài chính",
        "Sở Tài chính": "Sở Tài chính",
        "SỞ TÀI CHÍNH": "Sở Tài chính",
        "sở y tế": "Sở Y tế",
        "tổ dân phố": "tổ dân phố",
    }
    assert dict(spelt(["Xã Mường Lan", "Xã Mường Lăn"])) == {w: w for w in ("Xã Mường Lan", "Xã Mường Lăn")}


def test_the_papers_say_whose_list_it_is(tmp_path: Path) -> None:
    found = checked(tmp_path, [HEAD, [*GOOD[:3], "sở  tài chính", "912345678", ""]])
    files = hand_in(found)
    sheet = openpyxl.load_workbook(io.BytesIO(files["danh-sach-gui-bo.xlsx"])).active
    assert sheet is not None
    rows = [[c.value for c in row if c.value is not None] for row in sheet.iter_rows()]
    assert rows[:4] == [
        ["ỦY BAN NHÂN DÂN TỈNH MỘT"], ["SỞ NỘI VỤ"], ["DANH SÁCH ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC"], ["chữ của tỉnh Một"],
    ]  # fmt: skip
    assert rows[6] == [1, "Người dân", "Lê Văn Cường", "Nông dân", "Sở Tài chính", "0912345678", ""]
    letter = docx.Document(io.BytesIO(files["tong-hop-bao-cao.docx"]))
    head = letter.tables[0]
    assert head.rows[0].cells[0].text.split("\n")[:3] == ["ỦY BAN NHÂN DÂN", "TỈNH MỘT", "SỞ NỘI VỤ"]
    place = head.rows[1].cells[1].paragraphs[0]
    assert place.text == "……, ngày …… tháng …… năm ……" and all(run.italic for run in place.runs)
    assert head._tbl.xml.count("<w:pBdr>") == 2, "a rule beneath the issuer and beneath the motto"
    lines = [p.text for p in letter.paragraphs]
    assert "Thống kê danh sách đối tượng điều tra xã hội học\nxác định chữ của tỉnh Một" in lines
    assert "Kính gửi: Ủy ban nhân dân tỉnh Một" in lines
    cited = "Quyết định số 838/QĐ-BNV ngày 28 tháng 7 năm 2030 của Bộ trưởng Bộ Nội vụ"
    assert f"Căn cứ {cited} ban hành Kế hoạch điều tra;" in lines
    numbers = openpyxl.load_workbook(io.BytesIO(files["tong-hop-bao-cao.xlsx"])).active
    assert numbers is not None and numbers["A1"].value == "ỦY BAN NHÂN DÂN TỈNH MỘT"


def test_blank_workbooks_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(blank_list(M, "s", "one"))
    found = read_people(tmp_path / "b.xlsx", WORDS)
    assert [p.text() for p in found.problems] == ["b.xlsx: nobody is on the list — fill it in"]
    work = openpyxl.load_workbook(tmp_path / "b.xlsx")
    sheet = work.worksheets[0]
    assert sheet["A2"].value == "chữ của tỉnh Một"
    assert [c.value for c in work["Nhóm đối tượng"]["A"]] == ["Nhóm đối tượng", "Lãnh đạo sở, ngành", "Người dân"]
    assert sheet.data_validations.dataValidation[0].formula1 == "'Nhóm đối tượng'!$A$2:$A$3"
    assert sheet["F5"].number_format == "@", "a telephone number keeps its zero"
    for j, cell in enumerate(GOOD, 2):
        sheet.cell(5, j, cell)
    work.save(tmp_path / "b.xlsx")
    assert [p.cells for p in read_people(tmp_path / "b.xlsx", WORDS).rows] == [dict(zip(HEADS, GOOD, strict=True))]

    (tmp_path / "p.xlsx").write_bytes(blank_plan(M, None, "one"))
    with pytest.raises(par.DocumentError, match="no row has planned numbers — fill in number, basis and source"):
        read_plans(M, tmp_path / "p.xlsx")
    work = openpyxl.load_workbook(tmp_path / "p.xlsx")
    for column, value in zip("DEF", (46, "chính thức", "1/TB"), strict=True):
        work.worksheets[0][f"{column}5"] = value
    work.save(tmp_path / "p.xlsx")
    plans = read_plans(M, tmp_path / "p.xlsx")
    assert {key: planned.number for key, planned in plans.given.items()} == {("one", "s", "leaders"): 46}


def test_the_form_asks_so_that_the_best_answer_is_good() -> None:
    form = docx.Document(io.BytesIO(printed(Questions(M), None, "one", "Sở Nội vụ, 0215")))
    lines = [p.text for p in form.paragraphs]
    assert lines[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert "Với mọi câu: “Tốt” là đánh giá tốt nhất về đơn vị, “Kém” là đánh giá kém nhất." in lines
    assert "Đơn vị được đánh giá: tỉnh Một" in lines and "Mọi thắc mắc xin liên hệ: Sở Nội vụ, 0215" in lines
    assert form.tables[0].rows[1].cells[1].text == "Việc ngăn ngừa nhũng nhiễu thế nào?"
    assert any(line.startswith("Thực hiện Quyết định số 838/QĐ-BNV") and "kính mong Ông/Bà" in line for line in lines)


def test_only_ballots_are_asked_for_in_a_sentence() -> None:
    facts = {"n": {"type": "count", "question": ASKED}}
    with pytest.raises(par.MethodologyError, match="/facts/n/question: a fact of type count cannot have question"):
        par.from_document(tiny.document([tiny.leaf("1", "1", {"name": "given", "fact": "n"})], facts, "1"))


def test_tokens_are_for_their_owner_alone(tmp_path: Path) -> None:
    tokens_command(2, tmp_path / "t", "vi")
    assert [(tmp_path / "t" / name).stat().st_mode & 0o777 for name in ("tokens.csv", "hashes.txt")] == [0o600] * 2


def test_a_person_of_whom_only_the_name_is_there_is_no_agency(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["STT", "Họ và tên", "Chức danh", "Điện thoại", "Email"],
        ["I", "Lãnh đạo sở, ngành"],
        ["", "Sở Nội vụ"],
        [1, "Lò Văn An", "Giám đốc", "0912345671", ""],
        [2, "Lê Thị Cúc", "", "", ""],
        [3, "Vừ A Dế", "Phó Giám đốc", "0912345673", ""],
    ]
    found = checked(tmp_path, rows)
    assert [(p.cells["name"], p.cells["agency"]) for p in found.people.rows] == [
        ("Lò Văn An", "Sở Nội vụ"), ("Lê Thị Cúc", "Sở Nội vụ"), ("Vừ A Dế", "Sở Nội vụ"),
    ]  # fmt: skip
    assert texts(found.problems, "empty") == ["C5: position is empty — fill it in"]
