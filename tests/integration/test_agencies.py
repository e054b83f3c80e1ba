"""The agencies' commands on a made-up Điện Biên: what is split and sent back makes the province's evidence again."""

import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)
pytest.importorskip("par_2021")

import openpyxl
from program import ended, process, run

import par_engine as par
from par_engine.agencies.assignment import assignment
from par_engine.agencies.assignment_draft import draft, workbook
from par_engine.agencies.reading import read
from par_engine.base.problems import DocumentError
from par_engine.cli.agencies import assigned

HOME = Path(__file__).parents[2] / "examples" / "dien-bien-2021"
ASSIGNMENT, FILES = HOME / "agencies.json", HOME / "agencies"
METHODOLOGY = par.load("2021-province")


def whole() -> dict[str, Any]:
    unit: dict[str, Any] = json.loads((HOME / "evidence.json").read_text(encoding="utf-8"))["units"][0]
    unit["facts"] = {name: value for name, value in unit["facts"].items() if not isinstance(value, dict)}
    return unit


def test_what_agencies_send_makes_the_evidence_of_the_province(tmp_path: Path) -> None:
    done = ended("merge", ASSIGNMENT, FILES, "-o", tmp_path / "tinh.json", "--detail", tmp_path / "chi-tiet.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    assert "17 trên 17 cơ quan đã gửi." in done.stdout
    assert "164 số liệu: 142 đủ, 22 chưa phân công" in done.stdout
    merged = json.loads((tmp_path / "tinh.json").read_text(encoding="utf-8"))["units"][0]
    expected = whole()
    assert {name: str(value) for name, value in merged["facts"].items()} == {
        name: str(value) for name, value in expected["facts"].items()
    }
    assert merged["documents"] == expected["documents"]
    sheet = openpyxl.load_workbook(tmp_path / "chi-tiet.xlsx")["Cơ quan"]
    assert sheet.max_row == 4 + 1 + 17


def test_workbooks_go_out_filled_and_come_back_the_same(tmp_path: Path) -> None:
    done = ended("split", ASSIGNMENT, "-o", tmp_path / "bieu", "--from", FILES)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Đã ghi {tmp_path / 'bieu'}: 17 biểu; 22 số liệu chưa phân công.\n"
    book = openpyxl.load_workbook(tmp_path / "bieu" / "tua-chua.xlsx")
    cover = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "Xong thì lưu lại và gửi tệp này về trước hết ngày 15/12/2021." in cover
    assert "UBND huyện Tủa Chùa" in cover
    merged = [tmp_path / "a.json", tmp_path / "b.json"]
    assert ended("merge", ASSIGNMENT, FILES, "-o", merged[0]).returncode == 0
    assert ended("merge", ASSIGNMENT, tmp_path / "bieu", "-o", merged[1]).returncode == 0
    assert merged[0].read_bytes() == merged[1].read_bytes()


def test_documents_without_a_row_are_said(tmp_path: Path) -> None:
    inbox = tmp_path / "den"
    shutil.copytree(FILES, inbox)
    path = inbox / "nam-po.json"
    sent = json.loads(path.read_text(encoding="utf-8"))
    sent["units"][0]["documents"] = {"1.1.1": [{"number": "1/KH"}]}
    path.write_text(json.dumps(sent), encoding="utf-8")
    done = ended("split", ASSIGNMENT, "-o", tmp_path / "bieu", "--from", inbox)
    text = "! nam-po.json 1.1.1: UBND huyện Nậm Pồ: 1 tài liệu của mục 1.1.1 không có dòng trong biểu"
    assert done.stderr == f"{text} — cơ quan không báo cáo số liệu của mục này\n1 vấn đề\n"
    assert done.returncode == 1


def test_empty_workbooks_are_gaps_and_absent_ones_are_silent(tmp_path: Path) -> None:
    assert ended("split", ASSIGNMENT, "-o", tmp_path / "bieu").returncode == 0
    inbox = tmp_path / "den"
    shutil.copytree(FILES, inbox)
    (inbox / "tua-chua.json").unlink()
    (inbox / "nam-po.json").unlink()
    shutil.copy(tmp_path / "bieu" / "tua-chua.xlsx", inbox)
    book = openpyxl.load_workbook(inbox / "tua-chua.xlsx")
    book.worksheets[0].cell(6, 3).value = "illustrative"  # the stage of the other files
    book.save(inbox / "tua-chua.xlsx")
    done = ended("merge", ASSIGNMENT, inbox, "-o", tmp_path / "tinh.json", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert [a["agency"] for a in found["agencies"] if a["file"] is None] == ["nam-po"]
    assert len(found["gap"]) == 57
    codes = [problem["code"] for problem in found["problems"]]
    assert (codes.count("gap"), codes.count("silent")) == (57, 1)
    facts = json.loads((tmp_path / "tinh.json").read_text(encoding="utf-8"))["units"][0]["facts"]
    assert not set(found["gap"]) & set(facts)  # left out, not zero
    told = ended("merge", ASSIGNMENT, inbox, "-o", tmp_path / "tinh.json")
    assert "\nCòn thiếu số liệu: UBND huyện Tủa Chùa (57)\n" in told.stdout
    assert "! UBND huyện Nậm Pồ: chưa gửi số liệu nào — 57 số liệu còn chờ" in told.stderr
    board = ended("scorecard", ASSIGNMENT, inbox)
    assert board.returncode == 1
    assert re.search("—  UBND huyện Nậm Pồ +chưa gửi", board.stdout)


def test_contradictions_write_nothing(tmp_path: Path) -> None:
    inbox = tmp_path / "den"
    shutil.copytree(FILES, inbox)
    path = inbox / "nam-po.json"
    sent = json.loads(path.read_text(encoding="utf-8"))
    sent["units"][0]["facts"]["1.1.1.state"] = "on_time"
    path.write_text(json.dumps(sent), encoding="utf-8")
    done = ended("merge", ASSIGNMENT, inbox, "-o", tmp_path / "tinh.json")
    assert done.returncode == 1
    text = "nam-po.json: UBND huyện Nậm Pồ không được giao báo cáo “Tình trạng ban hành kế hoạch CCHC năm” (mục 1.1.1)"
    assert done.stderr == f"✗ {text} — số liệu này giao cho Sở Nội vụ\n1 vấn đề\n"
    assert not (tmp_path / "tinh.json").exists()


def test_scorecards(tmp_path: Path) -> None:
    done = ended("scorecard", ASSIGNMENT, FILES, "-o", tmp_path / "phieu")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search("   1  UBND huyện Tủa Chùa +90,91  20,00       22,00 +0\n", done.stdout)
    names = {path.name for path in (tmp_path / "phieu").iterdir()}
    assert len(names) == 18
    places = openpyxl.load_workbook(tmp_path / "phieu" / "Xep hang.xlsx")
    assert places.sheetnames == ["1 Sở, ban, ngành", "2 UBND cấp huyện"]
    assert [cell.value for cell in places.worksheets[1][6]][:3] == [1, "UBND huyện Tủa Chùa", 90.91]
    card = ended("scorecard", ASSIGNMENT, FILES, "--agency", "ubnd huyện tủa chùa")
    assert "Hạng 1 trên 10; chỉ số 90,91; 20,00 trên 22,00 điểm" in card.stdout
    assert "Không áp dụng (1; không phát sinh (mẫu số bằng 0)): 7.4.3" in card.stdout
    assert "Không áp dụng (83; không thuộc phần báo cáo của cơ quan này): 1.1.1, 1.1.2" in card.stdout


def small(tmp_path: Path, **changes: Any) -> tuple[Path, list[Path]]:
    """An assignment of two agencies, and their files."""
    document = json.loads(ASSIGNMENT.read_text(encoding="utf-8")) | {"kinds": [{"id": "so", "title": "Sở"}]} | changes
    document["agencies"] = [a | {"kind": "so"} for a in document["agencies"] if a["id"] in ("tu-phap", "kh-cn")]
    mine = {name: share for name, share in document["facts"].items() if name.startswith(("2.", "7.4"))}
    document["facts"] = {name: share | {"from": ["so"] if share["from"] else []} for name, share in mine.items()}
    path = tmp_path / "pc.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    files = []
    for agency in document["agencies"]:
        facts = assigned(path).facts_of(agency["id"])
        unit = {"unit": agency["id"], "facts": {n: v for n, v in whole()["facts"].items() if n in facts}}
        sent = {"methodology": "2021-province-agencies", "stage": "illustrative", "units": [unit]}
        files.append(tmp_path / f"{agency['id']}.json")
        files[-1].write_text(json.dumps(sent), encoding="utf-8")
    return path, files


def test_the_same_bytes_twice(tmp_path: Path) -> None:
    path, files = small(tmp_path)
    for make, folder in ((run, tmp_path / "a"), (process, tmp_path / "b")):
        folder.mkdir()
        make("assign", "2021-province", "-o", folder / "pc.xlsx")
        make("split", path, "-o", folder / "bieu", code=1)  # most facts are nobody's here
        make("scorecard", path, *files, "-o", folder / "phieu")
        make("merge", path, *files, "-o", folder / "t.json", "--detail", folder / "ct.xlsx", code=1)
    written = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.*"))
    assert len(written) == 1 + 2 + 3 + 2
    for file in written:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def book_of(document: dict[str, Any], path: Path) -> Path:
    path.write_bytes(workbook(document, METHODOLOGY))
    return path


def test_an_assignment_as_a_workbook_and_back(tmp_path: Path) -> None:
    document = json.loads(ASSIGNMENT.read_text(encoding="utf-8"))
    facts = METHODOLOGY.document.facts
    # as a workbook every fact has a row, so that what is nobody's is said
    document["facts"] = {name: document["facts"].get(name, {"from": [facts[name].owner]}) for name in facts}
    document["agencies"][0] |= {"aliases": ["SNV", "Nội vụ"], "unranked": "cơ quan chủ trì"}
    again, places, _ = read(book_of(document, tmp_path / "pc.xlsx"))
    first, second = assignment(document, METHODOLOGY), assignment(again, METHODOLOGY, "pc.xlsx", places)
    assert first.shares == second.shares
    assert first.ways == second.ways
    assert first.due == second.due
    assert [agency.model_dump(exclude={"kind"}) for agency in first.agencies] == [
        agency.model_dump(exclude={"kind"}) for agency in second.agencies
    ]
    assert [kind.title for kind in first.kinds] == [kind.title for kind in second.kinds]


def test_a_draft_needs_only_its_unit(tmp_path: Path) -> None:
    document, places, _ = read(book_of(draft(METHODOLOGY), tmp_path / "pc.xlsx"))
    with pytest.raises(DocumentError) as caught:
        assignment(document, METHODOLOGY, "pc.xlsx", places)
    assert [problem.pointer for problem in caught.value.problems] == ["/unit"]
    found = assignment(document | {"unit": "Điện Biên"}, METHODOLOGY)
    assert len(found.shares) == 142


def changed(tmp_path: Path, change: dict[str, dict[str, Any]]) -> Path:
    path = book_of(json.loads(ASSIGNMENT.read_text(encoding="utf-8")), tmp_path / "pc.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet, cells in change.items():
        for at, value in cells.items():
            book[sheet][at] = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"Cơ quan": {"C3": None}}, "pc.xlsx Cơ quan!C3: thiếu “Loại” — bắt buộc phải có"),
        (
            {"Phân công": {"E5": "Sở Y tế"}},
            'pc.xlsx Phân công!E5: không có cơ quan hay loại "Sở Y tế" — thêm vào danh sách cơ quan; nhiều cơ quan cách nhau bằng dấu chấm phẩy',
        ),
        (
            {"Phân công": {"F5": "trung bình"}},
            'pc.xlsx Phân công!F5: "trung bình" không phải cách gộp — '
            "cộng, tất cả đều có, ít nhất một nơi có, số nhỏ nhất, số lớn nhất, phải giống nhau",
        ),
        ({"Phân công": {"E5": "=A1"}}, "pc.xlsx Phân công!E5: ô này chứa công thức — hãy dán giá trị"),
        (
            {"Phân công": {"E5": "Sở Nội vụ; UBND cấp huyện"}},
            "pc.xlsx Phân công!F5: 1.1.1.state do 11 cơ quan báo cáo nhưng chưa ghi cách gộp — phải giống nhau (same)",
        ),
        (
            {"Phân công": {"A4": "Mã"}},
            "pc.xlsx Phân công: không có dòng tiêu đề đủ các cột: Mã số liệu, Cơ quan báo cáo, Cách gộp — hãy lập từ lệnh par assign",
        ),
        ({"Phân công": {"A6": "1.1.1.state"}}, 'pc.xlsx Phân công!A6: "1.1.1.state" xuất hiện hai lần — chỉ giữ một'),
        ({"Chung": {"B3": "Điện Bien"}}, 'pc.xlsx Chung!B3: không có đơn vị "Điện Bien" — có phải là "Điện Biên"?'),
        ({"Chung": {"B4": "31/12"}}, "pc.xlsx Chung!B4: “Hạn gửi” không đúng dạng — ví dụ 31/12/2000"),
    ],
)
def test_problems_name_their_cell(tmp_path: Path, change: dict[str, dict[str, Any]], text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        assigned(changed(tmp_path, change))
    assert [problem.text("vi") for problem in caught.value.problems] == [text]


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    path, files = small(tmp_path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["agencies"][0]["name"] = '=HYPERLINK("http://x","a")'
    document["kinds"][0]["title"] = "[x]:*?/\\' <b>"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert ended("scorecard", path, *files, "-o", tmp_path / "phieu").returncode == 0
    assert ended("merge", path, *files, "-o", tmp_path / "t.json", "--detail", tmp_path / "ct.xlsx").returncode == 1
    assert ended("split", path, "-o", tmp_path / "bieu").returncode == 1
    for file in (*(tmp_path / "phieu").iterdir(), tmp_path / "ct.xlsx"):
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
            sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet for sheet in sheets)
        openpyxl.load_workbook(file)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ("merge", ASSIGNMENT, FILES, "-o", "x.csv"),
            "x.csv: kết quả gộp là tệp .xlsx hoặc .json — đặt tên .xlsx hoặc .json",
        ),
        (("merge", ASSIGNMENT, "nowhere.json", "-o", "x.json"), "nowhere.json: không đọc được"),
        (("split", "nowhere.xlsx", "-o", "x"), "nowhere.xlsx: không đọc được"),
        (("assign", "2021-province", "-o", "x.txt"), "x.txt: bản phân công: .xlsx, .json — đặt tên .xlsx hoặc .json"),
        (("scorecard", ASSIGNMENT, FILES, "--agency", "Sở Y tế"), 'không có số liệu của cơ quan "Sở Y tế"'),
        (("scorecard", HOME / "evidence.json", FILES), "“units” không thuộc về chỗ này"),
    ],
)
def test_usage(tmp_path: Path, words: tuple[object, ...], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = ended(*words)
    assert done.returncode == 1
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "bieu").mkdir()
    (tmp_path / "bieu" / "a.txt").write_text("mine")
    done = ended("split", ASSIGNMENT, "-o", tmp_path / "bieu")
    assert done.returncode == 1
    assert "thư mục đã có và không rỗng" in done.stderr
    assert [path.name for path in (tmp_path / "bieu").iterdir()] == ["a.txt"]
    assert len(list(tmp_path.iterdir())) == 1


def test_what_agencies_contradict_is_written_for_asking_and_not_as_evidence(tmp_path: Path) -> None:
    document = json.loads(ASSIGNMENT.read_text(encoding="utf-8"))
    document["facts"]["1.1.1.state"] = {"from": ["noi-vu", "tu-phap"], "by": "same"}
    path, inbox = tmp_path / "pc.json", tmp_path / "den"
    path.write_text(json.dumps(document), encoding="utf-8")
    shutil.copytree(FILES, inbox)
    sent = json.loads((inbox / "tu-phap.json").read_text(encoding="utf-8"))
    sent["units"][0]["facts"]["1.1.1.state"] = "none"
    (inbox / "tu-phap.json").write_text(json.dumps(sent), encoding="utf-8")
    done = ended("merge", path, inbox, "-o", tmp_path / "tinh.json", "--detail", tmp_path / "ct.xlsx")
    assert done.returncode == 1
    assert "Số liệu mâu thuẫn: chưa ghi số liệu gộp." in done.stdout
    text = "Sở Nội vụ: Ban hành muộn hoặc thiếu nội dung; Sở Tư pháp: Không ban hành — hỏi lại các cơ quan"
    assert f"✗ mục 1.1.1: Tình trạng ban hành kế hoạch CCHC năm: {text}" in done.stderr
    assert not (tmp_path / "tinh.json").exists()
    assert (tmp_path / "ct.xlsx").exists()


def test_nothing_is_written_over_what_is_read_or_was_filled_in(tmp_path: Path) -> None:
    path, files = small(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    for words in (
        ("merge", path, *files, "-o", path),
        ("merge", path, *files, "-o", files[0]),
        ("merge", path, tmp_path, "-o", tmp_path / "t.json"),
        ("assign", "2021-province", "-o", path),
    ):
        done = ended(*words)
        assert done.returncode == 1
        assert "ghi đè" in done.stderr or "đã có tệp này" in done.stderr
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_an_older_edition_is_said_by_every_command(tmp_path: Path) -> None:
    path, files = small(tmp_path)
    ended("split", path, "-o", tmp_path / "bieu", "--from", *files[:1], "--from", files[1])
    book = openpyxl.load_workbook(tmp_path / "bieu" / "kh-cn.xlsx")
    for row in book["par"].iter_rows():
        if row[0].value == "fingerprint":
            row[1].value = "0" * 64
    book.save(tmp_path / "bieu" / "kh-cn.xlsx")
    for words in (
        ("merge", path, tmp_path / "bieu", "-o", tmp_path / "t.json"),
        ("scorecard", path, tmp_path / "bieu"),
        ("split", path, "-o", tmp_path / "lai", "--from", tmp_path / "bieu"),
    ):
        done = ended(*words)
        assert done.returncode == 1
        assert "biểu được lập theo bản khác của 2021-province (000000000000)" in done.stderr


def test_one_scorecard_alone(tmp_path: Path) -> None:
    path, files = small(tmp_path)
    done = ended("scorecard", path, *files, "--agency", "Sở Tư pháp", "--json", "-o", tmp_path / "phieu")
    (league,) = json.loads(done.stdout)["leagues"]
    assert [unit["unit"] for unit in league["report"]["units"]] == ["tu-phap"]
    assert [p.name for p in (tmp_path / "phieu").iterdir()] == ["tu-phap.xlsx"]
    assert json.loads(done.stdout)["methodology"]["fingerprint"] == METHODOLOGY.fingerprint


def test_escapes_from_outside_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path, files = small(tmp_path)
    sent = json.loads(files[0].read_text(encoding="utf-8"))
    sent["units"][0] |= {"facts": {}, "outcomes": {"2.1.2": {"outcome": "pending", "why": "\x1b[31mđỏ\x1b]0;x\x07"}}}
    files[0].write_text(json.dumps(sent), encoding="utf-8")
    done = ended("merge", path, *files, "-o", tmp_path / "t.json")
    assert "đỏ" in done.stderr
    assert not set(done.stderr + done.stdout) & {"\x1b", "\x07"}


def test_dates_and_ids_as_officers_write_them(tmp_path: Path) -> None:
    cells = {"Chung": {"B4": "15/12/2021"}, "Cơ quan": {"A2": "Nội vụ", "A3": None}}
    found = assigned(changed(tmp_path, cells))
    assert found.due == "2021-12-15"
    assert [agency.id for agency in found.agencies[:2]] == ["noi-vu", "van-phong-ubnd-tinh"]


def test_what_is_merged_is_the_workbook_of_the_province(tmp_path: Path) -> None:
    done = ended("merge", ASSIGNMENT, FILES, "-o", tmp_path / "tinh.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"Đã ghi: {tmp_path / 'tinh.xlsx'}\n")
    assert ended("merge", ASSIGNMENT, FILES, "-o", tmp_path / "tinh.json").returncode == 0
    book, document = (METHODOLOGY.read(tmp_path / f"tinh.{kind}") for kind in ("xlsx", "json"))
    assert (book.values == document.values).all()
    assert (book.present == document.present).all()
    assert (book.documents, book.note, book.stage) == (document.documents, document.note, document.stage)
    again = ended("merge", ASSIGNMENT, FILES, "-o", tmp_path / "tinh.xlsx")
    assert again.returncode == 1
    assert "đã có tệp này — hãy đặt tên khác, để không mất số liệu đã điền" in again.stderr


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("assign", "2021-province", "-o", "x.xlsx", "--unit", "Dien Bien"), "không có đơn vị \"Dien Bien\" — có phải là \"Điện Biên\"?"),
        (("template", "2021-province", "-o", "x.xlsx", "--unit", "Dien Bien"), "không có đơn vị \"Dien Bien\" — có phải là \"Điện Biên\"?"),
        (("assign", "2021-province", "-o", "x.xlsx", "--unit", "a\udcff"), "--unit: \"a\\udcff\" có chữ bị hỏng (nửa ký tự) — hãy gõ lại"),
        (("assign", "example-town", "-o", "x.json", "--unit", "a\udcff"), "--unit: \"a\\udcff\" có chữ bị hỏng (nửa ký tự) — hãy gõ lại"),
        (("template", "example-town", "-o", "x.xlsx", "--unit", "a\udcff"), "--unit: \"a\\udcff\" có chữ bị hỏng (nửa ký tự) — hãy gõ lại"),
        (("template", "2021-province", "-o", "x.xlsx", "--agency", "Sở Tài chinh"), "không có số liệu nào của cơ quan \"Sở Tài chinh\" — có phải là \"Sở Tài chính\""),
    ],
)  # fmt: skip
def test_units_and_agencies_that_are_not_known_are_suggested(tmp_path: Path, words: tuple[str, ...], text: str) -> None:
    done = ended(*(tmp_path / word if word.startswith("x.") else word for word in words))
    assert done.returncode == 1
    assert text in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_assignment_names_its_unit_as_the_methodology_does(tmp_path: Path) -> None:
    assert ended("assign", "2021-province", "-o", tmp_path / "pc.json", "--unit", "điện  biên").returncode == 0
    assert json.loads((tmp_path / "pc.json").read_text(encoding="utf-8"))["unit"] == "Điện Biên"
