"""Respondents: what is wrong with a list, by cell and without names; the deadline; handing in; a draw that can be repeated."""

import datetime
import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

for module in ("docx", "email_validator", "openpyxl", "phonenumbers", "xlsxwriter"):
    pytest.importorskip(module)

import docx
import openpyxl
import tiny

import par_engine as par
from par_engine.files.atomic import write_together
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.methodology.model import Task
from par_engine.survey import duplicate_people
from par_engine.survey.draw import draw, row_hash, row_key
from par_engine.survey.heads import HEADS
from par_engine.survey.lists import People, Person, read_people
from par_engine.survey.respondent_export import hand_in
from par_engine.survey.respondents import Checked, check, is_late, task_of

SURVEY = {
    "title": tiny.T,
    "combine": "weighted",
    "options": [{"id": "A", "title": tiny.T, "share": "1"}, {"id": "B", "title": tiny.T, "share": "0"}],
    "groups": [
        {"id": "leaders", "title": {"vi": "Lãnh đạo", "en": "Leaders"}, "weight": "1", "planned": 2},
        {"id": "citizens", "title": {"vi": "Người dân", "en": "Citizens"}, "weight": "1"},
    ],
    **tiny.BASE,
}
TASK = {"id": "respondents-list", "title": tiny.T, "who": tiny.T, "due": "2030-10-20", "due_is": "before", **tiny.BASE}
PLAN = {"title": tiny.T, "decision": "1/QĐ", "date": "2030-01-01", "tasks": [TASK]}
M = par.from_document(
    tiny.document(
        [tiny.leaf("1", "1", {"name": "survey", "fact": "q"}, "survey")],
        {"q": {"type": "ballots", "survey": "s"}},
        "1",
        surveys={"s": SURVEY},
        plan=PLAN,
    )
)
GOOD = [
    ["leaders", "Nguyễn Văn An", "Giám đốc", "Sở Y tế", "0912345678", "an@example.vn"],
    ["Lãnh đạo", "Trần Thị Bình", "Phó Giám đốc", "Sở Tư pháp", "0912345679", "binh@example.vn"],
    ["Người dân", "Lê Văn Cường", "Nông dân", "Xã Một", "", "cuong@example.vn"],
]


def book(path: Path, rows: list[list[str]], heads: list[str] | None = None) -> Path:
    path.write_bytes(xlsx([Sheet("Danh sách", heads or list(HEADS.values()), rows, [20] * 7, ["Tiêu đề"])], "survey"))
    return path


def checked(
    tmp_path: Path, rows: list[list[str]], today: str = "2030-10-19", heads: list[str] | None = None
) -> Checked:
    people = read_people(book(tmp_path / "l.xlsx", rows, heads))
    return check(M, people, "s", task_of(M, None), datetime.date.fromisoformat(today))


def test_a_good_list(tmp_path: Path) -> None:
    found = checked(tmp_path, GOOD)
    assert [p.text() for p in found.problems] == []
    assert (found.count("leaders"), found.count("citizens"), found.late) == (2, 1, False)


@pytest.mark.parametrize(
    ("is_", "day", "late"),
    [("before", 19, False), ("before", 20, True), ("on_or_before", 20, False), ("on_or_before", 21, True), ("about", 30, None)],
)  # fmt: skip
def test_before_a_day_is_not_on_it(is_: Any, day: int, late: bool | None) -> None:
    task = Task.model_validate({**TASK, "due_is": is_})
    assert is_late(task, datetime.date(2030, 10, day)) is late


def test_late_and_which_task(tmp_path: Path) -> None:
    found = checked(tmp_path, GOOD, "2030-10-20")
    assert [p.text() for p in found.problems] == [
        f"l.xlsx: late: “{tiny.T['en']}” is due before 2030-10-20, today is 2030-10-20"
    ]
    with pytest.raises(
        par.DocumentError, match='the plan has no task "respondent-list" — did you mean "respondents-list"'
    ):
        task_of(M, "respondent-list")


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        (["?", "A B", "c", "d", "", "x@example.vn"], ["A7: this is no group of the survey — Lãnh đạo; Người dân"]),
        (["citizens", "", "", "", "", "x@example.vn"], ["B7: name is empty — fill it in", "C7: position is empty — fill it in", "D7: agency is empty — fill it in"]),
        (["citizens", "A B", "c", "d", "912", ""], ["E7: this is no telephone number — keep the zero in front: store it as text"]),
        (["citizens", "A B", "c", "d", "", "a@b"], ["F7: this is no e-mail address — check it"]),
        (["citizens", "A B", "c", "d", "", ""], ["E7: neither phone nor e-mail — give one of them"]),
        (["citizens", "A B", "c", "d", "+84 912 345 678", ""], ["E7: the same number as Danh sách!E4 — is it the same person?"]),
        (["citizens", "A B", "c", "d", "", "AN@EXAMPLE.VN"], ["F7: the same e-mail as Danh sách!F4 — each needs an own one"]),
        (["citizens", "NGUYỄN VĂN AN", "c", "Sở  Y tế", "", "x@example.vn"], ["B7: the same person as in Danh sách!B4 — keep one row"]),
        (["citizens", "Ông Nguyễn Văn An", "c", "Sở Y Tế", "", "x@example.vn"], ["B7: the same person as in Danh sách!B4 — keep one row"]),
        (["citizens", "Nguyen Van An", "c", "So Y te", "", "x@example.vn"], ["B7: the same person as in Danh sách!B4 — keep one row", "D7: the agency is spelt otherwise in Danh sách!D4 — spell it in one way"]),
        (["citizens", "Nguyễn Văn Ân", "c", "Sở Y tế", "", "x@example.vn"], ["B7: perhaps the same person as in Danh sách!B4: only accents differ — keep one row"]),
    ],
)  # fmt: skip
def test_every_fault_at_its_cell(tmp_path: Path, row: list[str], texts: list[str]) -> None:
    found = checked(tmp_path, [*GOOD, row])
    assert [p.text() for p in found.problems] == [f"l.xlsx Danh sách!{text}" for text in texts]
    # what people are called stays in the list
    shown = " ".join(p.text() + p.text("vi") for p in found.problems)
    assert not re.search(r"Nguy|An\b|912 ?345|example", shown)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "Hòa"),
        ("Thuý", "Thúy"),
        ("Lý", "Lí"),
        ("Hòa", "Ho\u0300a"),
        ("TS. Hòa", "Hoà"),
        ("Ðặng", "Đặng"),
        ("ðặng", "ĐẶNG"),
        ("Hò\u200ba", "Hòa"),
        ("\ufeffHòa", "Hòa"),
    ],
)
def test_spellings_of_one_name(tmp_path: Path, one: str, other: str) -> None:
    rows = [["citizens", f"{name} Bình", "c", "d", "", f"x{i}@example.vn"] for i, name in enumerate((one, other))]
    codes = [(p.code, p.severity) for p in checked(tmp_path, rows).problems if p.code == "duplicate"]
    assert codes == [("duplicate", "error")]


def test_the_plan_counts(tmp_path: Path) -> None:
    assert [p.text("vi") for p in checked(tmp_path, GOOD[:1]).problems] == [
        "l.xlsx: nhóm Lãnh đạo có 1 người, kế hoạch 2",
        "l.xlsx: nhóm Người dân chưa có ai",
    ]


def test_csv_and_missing_columns(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("nhóm;họ tên;chức vụ;cơ quan;sđt;email\nleaders;A B;c;d;;a@example.vn\n", encoding="utf-8")
    assert read_people(path).rows[0].at("email") == "F2"
    with pytest.raises(par.DocumentError) as caught:
        read_people(book(tmp_path / "m.xlsx", GOOD, [*list(HEADS.values())[:-1], "?"]))
    assert (
        caught.value.problems[0].text()
        == "m.xlsx: no sheet has all columns; missing: Email — head the columns so, in one row"
    )
    (tmp_path / "n.xlsx").write_bytes(b"no workbook")
    with pytest.raises(par.DocumentError, match="the file is damaged, or no office file"):
        read_people(tmp_path / "n.xlsx")


def test_a_formula_is_not_read(tmp_path: Path) -> None:
    path = book(tmp_path / "l.xlsx", GOOD)
    work = openpyxl.load_workbook(path)
    work.active["B4"] = '=HYPERLINK("x")'  # type: ignore[index]
    work.save(path)
    assert [p.text() for p in read_people(path).problems] == [
        "l.xlsx Danh sách!B4: there is a formula — paste its value"
    ]


def test_handing_in(tmp_path: Path) -> None:
    rows = [*GOOD, ["citizens", "=1+1", "@x", "+y", "", "d@example.vn"]]
    files = hand_in(checked(tmp_path, rows))
    assert files == hand_in(checked(tmp_path, rows)), "the same bytes"
    sheet = openpyxl.load_workbook(io.BytesIO(files["danh-sach-gui-bo.xlsx"])).active
    assert sheet is not None
    body = [[c.value for c in row] for row in sheet.iter_rows(min_row=6)]
    assert body[0] == ["STT", *HEADS.values()]
    assert [row[2] for row in body[1:]] == ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "=1+1"]
    assert {c.data_type for row in sheet.iter_rows(min_row=7, min_col=2) for c in row if c.value} == {"s"}
    texts = [p.text for p in docx.Document(io.BytesIO(files["tong-hop-bao-cao.docx"])).paragraphs]
    assert "Thời hạn gửi: trước ngày 20/10/2030." in texts
    for name in ("tong-hop-bao-cao.docx", "tong-hop-bao-cao.xlsx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            content = b"".join(archive.read(part) for part in archive.namelist()).decode("utf-8", "replace")
        assert not re.search(r"example\.vn|Nguyễn|Bình|Cường|Giám đốc|0912", content), name
    with pytest.raises(par.DocumentError, match="B7: the same person"):
        hand_in(checked(tmp_path, [*GOOD, GOOD[0]]))


def test_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_together(tmp_path / "out", {"a": b"1", "b": b"2"})
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a", "b"]
    with pytest.raises(par.DocumentError, match="the folder is there already and not empty"):
        write_together(tmp_path / "out", {"a": b"2"})
    real = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "b":
            raise OSError(28, "No space left on device")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(par.DocumentError, match="No space left"):
        write_together(tmp_path / "new", {"a": b"1", "b": b"2"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def frame(n: int) -> list[list[str]]:
    return [["leaders", f"Người {i}", "c", "d", "", f"x{i}@example.vn"] for i in range(n)]


def test_anyone_can_draw_the_sample_again(tmp_path: Path) -> None:
    drawn = draw(checked(tmp_path, frame(30)), "42", {"citizens": 0}, 3)
    by_hand = sorted(
        (hashlib.sha256(f"42\nleaders\nngười {i}|c|d".encode()).hexdigest(), f"Người {i}") for i in range(30)
    )[:5]
    assert [(d.hash, d.person.cells["name"]) for d in drawn] == by_hand
    assert [d.replacement for d in drawn] == [False, False, True, True, True]
    again = draw(checked(tmp_path, frame(30)[::-1]), "42", {"citizens": 0}, 3)
    assert [d.hash for d in again] == [d.hash for d in drawn], "the order of rows does not matter"
    assert [d.hash for d in draw(checked(tmp_path, frame(30)), "43", {"citizens": 0}, 3)] != [d.hash for d in drawn]


def test_frames_that_cannot_be_drawn_from(tmp_path: Path) -> None:
    with pytest.raises(par.DocumentError) as caught:
        draw(checked(tmp_path, frame(1)), "1", {}, 0)
    assert [p.text() for p in caught.value.problems] == [
        "--size: group citizens has no planned size — --plan FILE, or --size citizens=N",
        "l.xlsx: group leaders has 1 rows, 2 are to be drawn — a larger frame",
    ]
    with pytest.raises(par.DocumentError) as caught:
        draw(checked(tmp_path, frame(2)), "1", {"citizens": 0, "Lanh dao tinh": 1, "x": 1}, 0)
    assert [p.text("vi") for p in caught.value.problems] == [
        '--size: không có nhóm "Lanh dao tinh" — có phải là "Lãnh đạo"?',
        '--size: không có nhóm "x" — Lãnh đạo; Người dân',
    ]
    heads = [*HEADS.values(), "Mã"]
    rows = [[*row, "7"] for row in frame(3)]
    with pytest.raises(par.DocumentError) as caught:
        draw(checked(tmp_path, rows, heads=heads), "1", {"citizens": 0}, 0)
    assert [p.text() for p in caught.value.problems] == [
        "l.xlsx Danh sách!G5: the same key as Danh sách!G4 — each row needs its own",
        "l.xlsx Danh sách!G6: the same key as Danh sách!G4 — each row needs its own",
    ]


def test_every_row_is_as_likely(tmp_path: Path) -> None:
    people = checked(tmp_path, frame(10)).people.rows
    keys = [row_key(person) for person in people]
    taken = [min(keys, key=lambda k, s=str(seed): row_hash(s, "leaders", k)) for seed in range(2000)]  # type: ignore[misc]
    assert all(130 < taken.count(key) < 270 for key in keys)


def test_a_stray_quote_swallows_no_people(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    rows = [f"leaders,A B{i},c,d,,a{i}@example.vn" for i in range(9)]
    rows[3] = rows[3].replace(",a3", ',"a3')
    path.write_text("nhóm,họ tên,chức vụ,cơ quan,sđt,email\n" + "\n".join(rows), encoding="utf-8")
    with pytest.raises(par.DocumentError, match=r"l\.csv row 5: not a CSV file: unexpected end of data"):
        read_people(path)


def test_any_error_of_a_row_stops_a_draw(tmp_path: Path) -> None:
    rows = frame(9)
    rows[2][5] = "no address"
    with pytest.raises(par.DocumentError, match="F6: this is no e-mail address"):
        draw(checked(tmp_path, rows), "1", {"citizens": 0}, 0)
    assert draw(checked(tmp_path, frame(9), "2030-10-25"), "1", {"citizens": 0}, 0), "a late list can be drawn from"


def test_no_sheet_is_left_out_in_silence(tmp_path: Path) -> None:
    heads = list(HEADS.values())
    other = [*heads[:4], "Số ĐT liên hệ", heads[5]]
    sheets = [
        Sheet("Sở", heads, GOOD, [20] * 6),
        Sheet("Huyện", other, GOOD, [20] * 6),
        Sheet("Ghi chú", ["x"], [["y"]], [9]),
        Sheet("Sheet3", [], [], []),
    ]
    (tmp_path / "l.xlsx").write_bytes(xlsx(sheets, "survey"))
    people = read_people(tmp_path / "l.xlsx")
    assert len(people.rows) == 3
    assert [(p.severity, p.text("vi")) for p in people.problems] == [
        ("error", "l.xlsx Huyện: thiếu cột: Điện thoại — đặt tên các cột như vậy, trên một dòng"),
        ("warning", "l.xlsx Ghi chú: không đọc trang tính này: không có các cột"),
    ]
    with pytest.raises(par.DocumentError, match=r"l\.xlsx Huyện: missing columns: Điện thoại"):
        hand_in(check(M, people, "s", None, datetime.date(2030, 1, 1)))


def duplicates(tmp_path: Path, *names: str) -> list[tuple[str, str]]:
    rows = [["citizens", name, "c", "d", "", f"x{i}@example.vn"] for i, name in enumerate(names)]
    return [(p.severity, p.what) for p in checked(tmp_path, rows).problems if p.code == "duplicate"]


def test_names_in_other_letters_are_not_one(tmp_path: Path) -> None:
    assert duplicates(tmp_path, "ສົມສັກ", "ບຸນມີ", "王", "李", "...", "—") == []
    assert duplicates(tmp_path, "ກີ", "ກຸ") == [], "vowels are marks there"
    assert [level for level, _ in duplicates(tmp_path, "ສົມສັກ", "ສົມສັກ")] == ["error"]


def test_which_row_is_the_first_of_a_name(tmp_path: Path) -> None:
    assert duplicates(tmp_path, "Lê An", "Lê Ân", "Lê Ân", "Le An", "Lẽ An") == [
        ("warning", "perhaps the same person as in Danh sách!B4: only accents differ"),
        ("error", "the same person as in Danh sách!B5"),
        ("error", "the same person as in Danh sách!B4"),
        ("error", "the same person as in Danh sách!B7"),
    ]


def test_equal_names_take_no_quadratic_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counted(name: str) -> Any:
        nonlocal asked
        asked += 1
        return real(name)

    real = duplicate_people.tones
    monkeypatch.setattr(duplicate_people, "tones", counted)
    cells = {"name": "Lê An", "agency": "d"}
    rows = tuple(Person("S", n, cells, {"name": 1}) for n in range(20_000))
    assert len(duplicate_people.same_people(People("l", rows, ()))) == 19_999
    assert asked == 20_000


def test_control_characters_are_not_handed_in(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("nhóm,họ tên,chức vụ,cơ quan,sđt,email\nleaders,A\x07 B,c,d,,a@example.vn\n", encoding="utf-8")
    assert [p.text("vi") for p in read_people(path).problems] == ["l.csv B2: có ký tự điều khiển — hãy gõ lại ô này"]


def test_a_shared_mobile_is_an_error_and_an_office_line_a_question(tmp_path: Path) -> None:
    rows = [["citizens", f"A {c}", "c", "d", phone, f"{c}@example.vn"] for c, phone in zip("vwxy", ("0912345678", "0912 345 678", "024 3938 0000", "02439380000"), strict=True)]  # fmt: skip
    found = [(p.severity, p.pointer) for p in checked(tmp_path, rows).problems if p.code == "duplicate-phone"]
    assert found == [("error", "Danh sách!E5"), ("warning", "Danh sách!E7")]


@pytest.mark.parametrize(("unit", "name"), [(None, "…………"), ("Tỉnh Một", "Tỉnh Một")])
@pytest.mark.parametrize("late", [False, True])
def test_the_letter_names_its_unit_and_says_when_it_is_late(
    tmp_path: Path, unit: str | None, name: str, late: bool
) -> None:
    people = read_people(book(tmp_path / "l.xlsx", GOOD))
    day = datetime.date(2030, 10, 20 if late else 19)
    letter = docx.Document(io.BytesIO(hand_in(check(M, people, "s", task_of(M, None), day, None, unit))["tong-hop-bao-cao.docx"]))  # fmt: skip
    assert letter.tables[0].rows[0].cells[0].text.split("\n")[:2] == ["ỦY BAN NHÂN DÂN", name.upper()]
    texts = [p.text for p in letter.paragraphs]
    assert f"Kính gửi: Ủy ban nhân dân {name}" in texts
    end = " Danh sách được gửi sau thời hạn này." if late else ""
    assert f"Thời hạn gửi: trước ngày 20/10/2030.{end}" in texts


def test_a_folder_is_private_until_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []
    real = Path.write_bytes

    def watched(path: Path, data: bytes) -> int:
        modes.append(path.parent.stat().st_mode & 0o777)
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", watched)
    write_together(tmp_path / "out", {"a": b"1"})
    (tmp_path / "usual").mkdir()
    assert modes == [0o700]
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode
