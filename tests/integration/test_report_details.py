"""The details of a report: the form that is saved, filled in by an officer and read back, with every fault at its cell."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest

openpyxl = pytest.importorskip("openpyxl")
docx = pytest.importorskip("docx")
pytest.importorskip("docxtpl")

import par_engine as par
from par_engine.cli.report import report_command
from par_engine.publish.details import read_details

EXAMPLES = Path(__file__).parents[2] / "examples"
TOWN = EXAMPLES / "example-town.json"
CODES = ["1.1", "1.2"]


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "form.xlsx"
    report_command(TOWN, "example-town", tmp_path / "a.docx", ["ashford"], save_details_form=path, lang="vi")
    return path


def filled(path: Path, said: dict[str, Any], why: dict[str, str] | None = None) -> Path:
    book = openpyxl.load_workbook(path)
    left = {key: list(value) if isinstance(value, list) else [value] for key, value in said.items()}
    for row in book["Nội dung"].iter_rows(min_row=4):
        if left.get(row[0].value):
            row[1].value = left[row[0].value].pop(0)
    for code, text in (why or {}).items():
        book["Giải trình"].append([code, "", "", text])
    book.save(path)
    return path


def said(path: Path, lang: str = "vi") -> list[str]:
    with pytest.raises(par.ParError) as caught:
        read_details(path, CODES)
    return [problem.text(lang) for problem in caught.value.problems]


def test_a_form_is_saved_filled_in_and_read_back(blank: Path, tmp_path: Path) -> None:
    words = {
        "Cơ quan ban hành": "Sở Nội vụ", "Ngày ban hành": datetime.date(2031, 1, 5), "Kính gửi": "Bộ Nội vụ",
        "Nơi nhận": ["Bộ Nội vụ", "Lưu: VT"], "Khó khăn, vướng mắc": ["Thiếu người."],
    }  # fmt: skip
    details = read_details(filled(blank, words, {"1.1": "Đang làm."}), CODES).of("any")
    assert (details.agency, details.date, details.receiver) == ("Sở Nội vụ", "2031-01-05", "Bộ Nội vụ")
    assert (details.recipients, details.difficulties) == (["Bộ Nội vụ", "Lưu: VT"], ["Thiếu người."])
    assert details.explanations == {"1.1": "Đang làm."}
    out = tmp_path / "b.docx"
    form = filled(blank, {"Ngày ban hành": "05/01/2031"})
    book = openpyxl.load_workbook(form)
    book["Giải trình"].delete_rows(book["Giải trình"].max_row)
    book.save(form)
    report_command(TOWN, "example-town", out, ["ashford"], details=form, lang="vi")
    head = docx.Document(io.BytesIO(out.read_bytes())).tables[0]
    assert head.cell(1, 1).text == "……, ngày 05 tháng 01 năm 2031" and "SỞ NỘI VỤ" in head.cell(0, 0).text


def test_an_empty_form_says_nothing(blank: Path) -> None:
    assert read_details(blank, CODES).of("any") == read_details.__globals__["Details"]()


def test_every_fault_of_a_form_stands_at_its_cell(blank: Path) -> None:
    filled(blank, {"Ngày ban hành": "32/13/2031", "Người ký": "=1+1"}, {"9.9": "x"})
    book = openpyxl.load_workbook(blank)
    sheet = book["Nội dung"]
    sheet.append(["Ngừi ký", "A"])
    sheet.append(["Địa danh", "B"])
    sheet.append(["Địa danh", "C"])
    book["Giải trình"].append([1.1, "", "", "x"])
    book.create_sheet("Khác")
    book.save(blank)
    last = sheet.max_row
    found = said(blank)
    assert sorted(found) == sorted([
        'form.xlsx Nội dung!B9: "32/13/2031" không phải ngày — ghi ngày/tháng/năm, năm đủ bốn chữ số',
        "form.xlsx Nội dung!B15: ô này chứa công thức — hãy dán giá trị",
        f'form.xlsx Nội dung!A{last - 2}: không có mục "Ngừi ký" — có phải là "Người ký"?',
        f'form.xlsx Nội dung!B{last}: "Địa danh" có hai lần — chỉ giữ lại một',
        f'form.xlsx Giải trình!A{book["Giải trình"].max_row - 1}: không có mục "9.9"',
        f"form.xlsx Giải trình!A{book['Giải trình'].max_row}: mã 1.1 là số: 1.1 và 1.10 sẽ thành một — ghi mã dạng chữ",
        "form.xlsx Khác: trang này không được đọc — các trang là Nội dung, Giải trình",
    ])  # fmt: skip


def test_another_workbook_is_no_form(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    assert said(path) == [
        "x.xlsx: đây không phải biểu mẫu nội dung báo cáo — tạo biểu mẫu: --save-details-form",
        "x.xlsx Sheet: trang này không được đọc — các trang là Nội dung, Giải trình",
    ]


def test_faults_of_json_are_said_in_vietnamese(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    content = {
        "agencey": "x", "zzz": 1, "number": 5, "date": "hôm qua", "proposals": "x", "explanations": ["x"], "units": {"a": {}},
    }  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")
    known = "parent, agency, place, number, date, receiver, signer, signer_title, recipients, difficulties, proposals, explanations"
    assert said(path) == [
        'd.json /agencey: không có mục "agencey" — có phải là "agency"?',
        'd.json /date: "hôm qua" không phải ngày — ghi ngày/tháng/năm, năm đủ bốn chữ số',
        'd.json /explanations: giải trình không phải văn bản theo mục — ghi {"MÃ": "…"}',
        "d.json /number: number không phải văn bản — ghi trong nháy kép",
        'd.json /proposals: proposals không phải danh sách văn bản — ghi ["…", "…"]',
        'd.json /units/a: không lập báo cáo của "a"',
        f'd.json /zzz: không có mục "zzz" — các mục: {known}',
    ]


def test_the_form_is_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(par.ParError) as caught:
        path = tmp_path / "form.csv"
        report_command(TOWN, "example-town", tmp_path / "a.docx", ["ashford"], save_details_form=path, lang="vi")
    assert [p.text("vi") for p in caught.value.problems] == ["form.csv: biểu mẫu nội dung là tệp .xlsx — đặt tên .xlsx"]
    assert not list(tmp_path.iterdir())
