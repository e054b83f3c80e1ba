"""`par page`, `par report` and `par book` at the command line: what they say, refuse and leave behind."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from program import process, run, without

ROOT = Path(__file__).parents[2]
TOWN = "examples/example-town.json"


def test_a_page_is_written_whole_and_says_what_is_reconstructed(tmp_path: Path) -> None:
    out = tmp_path / "trang.html"
    said = run("page", "examples/ministries-2023.csv", "-m", "2023-ministry", "-o", str(out))[0].splitlines()
    assert said[0].startswith(f"{out}: ")
    assert (
        said[1]
        == "Chỉ số cải cách hành chính năm 2023 của các bộ, cơ quan ngang bộ (2023-ministry): 0 trên 100 điểm dựa vào số dựng lại, không chính thức."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["trang.html"]
    assert '<html lang="vi">' in out.read_text(encoding="utf-8")
    run("page", "examples/ministries-2023.csv", "-m", "2023-ministry", "-o", str(out), "--lang", "en")
    assert '<html lang="en">' in out.read_text(encoding="utf-8")


def test_evidence_that_contradicts_itself_is_published_and_said(tmp_path: Path) -> None:
    out = tmp_path / "trang.html"
    words = ["page", "examples/provinces-2023.csv", "-m", "2023-province", "-o", str(out)]
    assert "Hòa Bình: tổng điểm ghi 86,89" in run(*words, code=1)[1]
    assert out.exists()


def data(path: Path) -> Any:
    """The data in a page."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text.partition('id="data">')[2].partition("</script>")[0])


def test_stages_have_names_and_there_may_be_any_number(tmp_path: Path) -> None:
    out, other = tmp_path / "trang.html", tmp_path / "self.json"
    words = ["page", "-m", "example-town", "-o", str(out)]
    said = run(*words, TOWN, TOWN, code=1)[1]
    hint = "bảng ghi giai đoạn bằng dòng # stage: TÊN"
    assert f'✗ example-town.json: hai tệp cùng một giai đoạn, "tự đánh giá" — {hint}' in said
    assert not out.exists()
    content = json.loads((ROOT / TOWN).read_text(encoding="utf-8"))
    other.write_text(json.dumps({**content, "stage": "appraisal"}), encoding="utf-8")
    last = tmp_path / "final.json"
    last.write_text(json.dumps({**content, "stage": "final"}), encoding="utf-8")
    run(*words, TOWN, str(other), str(last))
    stages = [e["stage"] for e in data(out)["evidence"]]
    assert stages == ["final", "self-assessment", "appraisal"]  # the last one counts


def test_what_is_no_report_is_refused_as_the_previous_one(tmp_path: Path) -> None:
    words = ["page", TOWN, "-m", "example-town", "-o", str(tmp_path / "x.html"), "--previous", TOWN]
    assert "example-town.json" in run(*words, code=1)[1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "module", "name", "extra"),
    [
        ("report", "docxtpl", "x.docx", "report"),
        ("book", "xlsxwriter", "x.xlsx", "report"),
        ("book", "typst", "x.pdf", "pdf"),
    ],
)
def test_a_missing_extra_is_named(command: str, module: str, name: str, extra: str, tmp_path: Path) -> None:
    out = tmp_path / name
    words = [command, TOWN, "-m", "example-town", "-o", str(out)]
    said = without(module, *words, code=1)[1]
    assert f"✗ {name}: cần cài thêm phần {extra} — " in said and extra in said.partition("— ")[2]
    assert not out.exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("report", "báo cáo là tệp .docx — đặt tên .docx hoặc .pdf, hoặc ghi tên thư mục"),
        ("book", "bảng điểm là tệp .xlsx — đặt tên .xlsx, hoặc .pdf để có bảng xếp hạng"),
        ("page", "trang là tệp .html — đặt tên .html; par book -o x.pdf tạo bản PDF"),
    ],
)
def test_another_kind_of_file_is_refused(command: str, said: str, tmp_path: Path) -> None:
    assert f"✗ x.odt: {said}" in run(command, TOWN, "-m", "example-town", "-o", str(tmp_path / "x.odt"), code=1)[1]
    assert list(tmp_path.iterdir()) == []


ROUND = ("--by", "An")


@pytest.fixture(scope="module")
def round_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round in which one unit has come to its end, one to its appraisal, and the others have handed in."""
    folder = tmp_path_factory.mktemp("round")
    path, one, two = folder / "round.db", folder / "one.csv", folder / "two.csv"
    one.write_text("unit,item,points,reason\nAshford,1.2,1,x\nCầu Mới,1.2,1.5,x\n", encoding="utf-8")
    two.write_text("unit,item,points,reason\nAshford,1.2,1.25,y\n", encoding="utf-8")
    run("round", "init", str(path), "-m", "example-town", *ROUND)
    run("round", "submit", str(path), TOWN, "--why", "x", *ROUND)
    run("round", "appraise", str(path), str(one), *ROUND)
    run("round", "appraise", str(path), str(two), "--final", *ROUND)
    return path


def test_a_round_gives_all_its_stages_to_a_page(round_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "trang.html"
    run("page", str(round_file), "-m", "example-town", "-o", str(out))
    found = data(out)
    assert [e["stage"] for e in found["evidence"]] == ["final", "self-assessment", "appraisal"]
    assert {e["label"] for e in found["evidence"]} == {"round.db"}
    again = tmp_path / "again.html"
    process("page", str(round_file), "-m", "example-town", "-o", str(again))
    assert again.read_bytes() == out.read_bytes()
    place = [node["c"] for node in found["nodes"]].index("1.2")
    units = {unit["id"]: unit for unit in found["units"]}
    points = {id: [None if e is None else e["p"][place] for e in (*u["e"], u)] for id, u in units.items()}
    assert points["ashford"] == [20000, 10000, 12500]
    assert points["cau-moi"] == [19333, 15000, 15000] and units["cau-moi"]["wait"] is True
    assert points["dong-xuan"][1] is None and units["dong-xuan"]["wait"] is True
    assert "wait" not in units["ashford"]
    without = out.read_text(encoding="utf-8").partition("<noscript>")[2].partition("</noscript>")[0]
    assert f"<p>{WAITS}</p>" in without and "Cầu Mới *</th>" in without and "Ashford</th>" in without


def test_a_round_gives_its_stages_to_a_workbook(round_file: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "bang.xlsx"
    run("book", str(round_file), "-m", "example-town", "-o", str(out), "--lang", "en")
    sheet = openpyxl.load_workbook(out, data_only=True)["Stages"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("Unit", "Code", "Item", "Self-assessment", "Appraisal", "Final", "Difference")
    found = {(row[0], row[1] or None): row[3:] for row in rows[1:]}
    assert found["Ashford", "1.2"] == (2, 1, 1.25, -0.75)
    assert found["Đồng Xuân *", None][1] is None
    last = {unit: cells[2] for (unit, code), cells in found.items() if code is None}
    assert [unit for unit, total in last.items() if total is not None] == ["Ashford"]
    assert found["Cầu Mới *", "1.2"][1:3] == (1.5, None)
    assert openpyxl.load_workbook(out)["Stages"]["G5"].value == "=F5-D5"


WAITS = "4 trên 5 đơn vị chưa có kết quả thẩm định xong (dấu *), đứng theo điểm đã có: thứ hạng chưa so được."


def test_units_that_have_not_come_to_the_end_are_marked_in_a_workbook(round_file: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "bang.xlsx"
    run("book", str(round_file), "-m", "example-town", "-o", str(out))
    read = openpyxl.load_workbook(out, data_only=True)
    assert ("Lưu ý", WAITS) in [(row[0], row[2]) for row in read["Tóm tắt"].iter_rows(values_only=True)]
    assert all(sheet["A2"].value.endswith(f" {WAITS}") for sheet in read)
    names = [[read["Xếp hạng"].cell(5 + j, 2).value for j in range(5)]]
    names.append([read["Lĩnh vực"].cell(5 + j, 1).value for j in range(5)])
    names.append([read["Mục"].cell(4, 6 + j).value for j in range(5)])
    for found in names:
        assert sorted(name for name in found if not name.endswith(" *")) == ["Ashford"]
    in_groups = ", ".join(str(row[3]) for row in read["Nhóm"].iter_rows(min_row=5, values_only=True))
    assert "Cầu Mới *" in in_groups and "Ashford *" not in in_groups


def test_units_that_have_not_come_to_the_end_are_marked_on_paper(round_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    out = tmp_path / "bang.pdf"
    if not shutil.which("pdftotext"):
        pytest.skip("needs poppler")
    run("book", str(round_file), "-m", "example-town", "-o", str(out))
    words = ["pdftotext", "-layout", str(out), "-"]
    shown = subprocess.run(words, capture_output=True, check=True, encoding="utf-8").stdout
    assert WAITS in " ".join(shown.split())
    assert re.search(r"^ *\d +Cầu Mới \* ", shown, re.MULTILINE) and re.search(r"^ *\d +Ashford  ", shown, re.MULTILINE)


def test_the_report_of_a_round_is_the_self_assessment(round_file: Path, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    out = tmp_path / "bao-cao.docx"
    run("report", str(round_file), "-m", "example-town", "-o", str(out), "-u", "Ashford")
    rows = {row.cells[0].text: row.cells[3].text for row in docx.Document(str(out)).tables[-1].rows}
    assert rows["1.2"] == "2,00"


def test_what_does_not_go_with_a_round_is_said(round_file: Path, tmp_path: Path) -> None:
    words = ["page", str(round_file), "-o", str(tmp_path / "x.html"), "-m"]
    assert "✗ round.db: kỳ này là của example-town — -m example-town" in run(*words, "2021-province", code=1)[1]
    assert "✗ round.db: tệp của một kỳ đã có mọi giai đoạn" in run(*words, "example-town", TOWN, code=1)[1]
    assert "✗ --stage: tệp của một kỳ đã ghi giai đoạn" in run(*words, "example-town", "--stage", "x", code=1)[1]
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\0" + bytes(100))
    assert "✗ broken.db" in run("page", str(broken), *words[2:], "example-town", code=1)[1]
    assert [path.name for path in tmp_path.iterdir()] == ["broken.db"]


def test_a_folder_takes_one_report_a_unit(tmp_path: Path) -> None:
    pytest.importorskip("docxtpl")
    details = tmp_path / "details.json"
    own = {"ashford": {"signer": "Trần B", "explanations": {"1.1": "riêng"}}}
    details.write_text(json.dumps({"signer": "Lê A", "units": own}), encoding="utf-8")
    words = ["report", TOWN, "-m", "example-town", "--details", str(details)]
    run(*words, "-o", str(tmp_path / "all"))
    ids = ["ashford", "ben-tre-nho", "cau-moi", "dong-xuan", "kho-trung-tam"]
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [f"bao-cao-{id}.docx" for id in ids]
    docx = pytest.importorskip("docx")

    def signed(id: str) -> str:
        tables = docx.Document(str(tmp_path / "all" / f"bao-cao-{id}.docx")).tables
        return str(tables[-2].rows[0].cells[1].text)

    assert signed("ashford").endswith("Trần B") and signed("cau-moi").endswith("Lê A")
    run(*words, "-o", str(tmp_path / "two"), "-u", "Ashford", "-u", "cau-moi", "-u", "ashford", code=0)
    assert len(list((tmp_path / "two").iterdir())) == 2
    assert (
        "✗ --unit: 2 đơn vị không ghi chung một tệp"
        in run(*words, "-o", str(tmp_path / "x.docx"), "-u", "Ashford", "-u", "cau-moi", code=1)[1]
    )


def test_all_reports_are_written_or_none(tmp_path: Path) -> None:
    pytest.importorskip("docxtpl")
    out = tmp_path / "out"
    (out / "bao-cao-cau-moi.docx").mkdir(parents=True)
    said = run("report", TOWN, "-m", "example-town", "-o", str(out), code=1)[1]
    assert "bao-cao-cau-moi.docx: đã có thư mục trùng tên" in said
    assert [path.name for path in out.iterdir()] == ["bao-cao-cau-moi.docx"]
    said = run("report", TOWN, "-m", "example-town", "-o", str(tmp_path / "new"), "-u", "nobody", code=1)[1]
    assert 'không có đơn vị "nobody"' in said and not (tmp_path / "new").exists()
