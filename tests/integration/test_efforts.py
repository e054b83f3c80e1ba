"""The blank form of effort: written for one unit, filled in by an officer, read with every problem at its cell."""

from pathlib import Path
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)
pytest.importorskip("par_2021")

import openpyxl
from program import ended

EVIDENCE = Path(__file__).parents[2] / "examples" / "dien-bien-2021" / "evidence.json"
ID = "2021-province"
FIRST = 6
"""The row of the heads of the form."""


def form(folder: Path) -> Path:
    path = folder / "cong-suc.xlsx"
    done = ended("improve", EVIDENCE, "-m", ID, "--effort-form", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Đã ghi: {path}\n", "")
    return path


def improved(path: Path, *more: str) -> Any:
    return ended("improve", EVIDENCE, "-m", ID, "--gain", "0,5", "--effort", path, *more)


def test_the_form_lists_what_may_change_and_is_read_as_it_was_filled_in(tmp_path: Path) -> None:
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Công sức"]
    rows = list(sheet.iter_rows(min_row=FIRST, values_only=True))
    assert rows[0] == ("Mã số liệu", "Mục", "Số liệu", "Đơn vị tính", "Hiện có", "Công sức")
    assert len(rows) > 3
    assert all(row[5] is None for row in rows[1:])
    assert "mỗi mục tính 1" in improved(path).stdout  # a form that is left blank declares nothing
    for i in range(len(rows) - 1):
        sheet.cell(FIRST + 1 + i, 6).value = 2.5 if i % 2 else "1,5"
    book.save(path)
    csv = tmp_path / "cong-suc.csv"
    lines = [f"{row[0]},{2.5 if i % 2 else 1.5}" for i, row in enumerate(rows[1:])]
    csv.write_text("fact,effort\n" + "\n".join(lines) + "\n", encoding="utf-8")
    by_form, by_table = improved(path), improved(csv)
    assert by_form.returncode == 0
    assert by_form.stdout == by_table.stdout
    assert "mỗi mục tính 1" not in by_form.stdout


def test_everything_that_is_wrong_with_a_form_is_said_at_its_cell(tmp_path: Path) -> None:
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Công sức"]
    names = [sheet.cell(FIRST + 1 + i, 1).value for i in range(3)]
    sheet["F7"], sheet["F8"], sheet["F9"] = "nhiều", -1, "=1+1"
    sheet["A10"], sheet["F10"] = names[0], 1
    sheet["A11"], sheet["F11"] = "lạ", 1
    book.save(path)
    done = improved(path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        '✗ cong-suc.xlsx Công sức!F7: "nhiều" không phải là số — ghi số, ví dụ 12 hoặc 12,5',
        '✗ cong-suc.xlsx Công sức!F8: "-1" là số âm — ghi số từ 0 trở lên',
        "✗ cong-suc.xlsx Công sức!F9: ô này chứa công thức — hãy dán giá trị",
        '✗ cong-suc.xlsx Công sức!A11: không có số liệu "lạ" — dùng mã số liệu, như trong biểu của --effort-form',
        "4 vấn đề",
    ]


def test_what_is_no_form(tmp_path: Path) -> None:
    path = form(tmp_path)
    again = ended("improve", EVIDENCE, "-m", ID, "--effort-form", path)
    assert "đã có tệp này" in again.stderr
    other = ended("improve", EVIDENCE, "-m", ID, "--effort-form", tmp_path / "a.csv")
    assert other.stderr.startswith("✗ a.csv: biểu là tệp .xlsx — đặt tên tệp có đuôi .xlsx")
    book = openpyxl.Workbook()
    book.save(tmp_path / "b.xlsx")
    assert "không có trang nào có hai cột “Mã số liệu”, “Công sức”" in improved(tmp_path / "b.xlsx").stderr
