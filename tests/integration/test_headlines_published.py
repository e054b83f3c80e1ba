"""What page, paper and workbook say of all units: who is counted, who is highest, and in which order equals stand."""

import io
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")

import par_engine as par
from par_engine.cli import evidence_input
from par_engine.publish.book import book
from par_engine.publish.data import page_data
from par_engine.publish.order import apart, ends
from par_engine.publish.page import page
from par_engine.publish.paged import _data


def assessed(folder: Path, methodology: str, table: str) -> par.Assessment:
    path = folder / "table.csv"
    path.write_text(table, encoding="utf-8")
    return evidence_input.assessed(par.load(methodology), path, None, lambda *_: None)


@pytest.fixture
def ministries(tmp_path: Path) -> par.Assessment:
    """Two bodies that are not ranked stand above and below all that are."""
    rows = [
        "Thanh tra Chính phủ,65,30,95",
        "Tư pháp,61.86,28.10,89.95",
        "Nội vụ,60.65,26.38,87.04",
        "Ủy ban Dân tộc,40,10,50",
    ]
    return assessed(
        tmp_path, "2023-ministry", "unit,stream:appraisal,stream:survey,points:total\n" + "\n".join(rows) + "\n"
    )


@pytest.fixture
def waiting(tmp_path: Path) -> par.Assessment:
    """No survey yet; two units are equal."""
    rows = ["Kon Tum,54.95,4.36", "Đắk Lắk,54.95,4.36", "Hà Nam,50,4"]
    return assessed(tmp_path, "2023-province", "unit,stream:appraisal,stream:statistics\n" + "\n".join(rows) + "\n")


def sheet(data: bytes, name: str) -> list[list[Any]]:
    found = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[name]
    return [[cell for cell in row if cell is not None] for row in found.iter_rows(values_only=True)]


def test_headlines_count_the_units_that_have_a_place(ministries: par.Assessment) -> None:
    data = page_data(ministries, (), None, ())
    assert data["median"] == "88.50"  # of 89.95 and 87.04, half up
    assert [(u["n"], u["rank"]) for u in data["units"]] == [
        ("Bộ Tư pháp", 1), ("Bộ Nội vụ", 2), ("Thanh tra Chính phủ", None), ("Ủy ban Dân tộc", None),
    ]  # fmt: skip
    groups = _data([ministries], "vi", ())["tables"][1]["rows"]
    assert [[row[0], *row[2:]] for row in groups] == [
        ["Nhóm A", "0", "—"],
        ["Nhóm B", "2", "Bộ Tư pháp, Bộ Nội vụ"],
        ["Nhóm C", "0", "—"],
        ["Dưới 70 %", "0", "—"],
        ["Không tính: không xếp hạng, chưa có hạng", "2", "Thanh tra Chính phủ, Ủy ban Dân tộc"],
    ]
    made = book([ministries], "vi")
    summary = {row[0]: row[1:] for row in sheet(made, "Tóm tắt") if row}
    assert summary["Số đơn vị"] == [4] and summary["Số đơn vị có hạng"] == [2]
    assert summary["Không tính: không xếp hạng, chưa có hạng"] == [2, "Thanh tra Chính phủ, Ủy ban Dân tộc"]
    assert summary["Chỉ số cao nhất"] == [89.95, "Bộ Tư pháp"] and summary["Chỉ số thấp nhất"] == [87.04, "Bộ Nội vụ"]
    assert summary["Chỉ số bình quân (số in)"] == [pytest.approx(88.495)]
    assert [row[2] for row in sheet(made, "Nhóm")[4:8]] == [0, 2, 0, 0]
    assert sheet(made, "Nhóm")[8][1:] == [2, "Thanh tra Chính phủ, Ủy ban Dân tộc"]


def test_an_index_before_the_survey_says_out_of_what_and_is_in_no_group(waiting: par.Assessment) -> None:
    data = page_data(waiting, (), None, ())
    assert (
        {u["group"] for u in data["units"]} == {None}
        and all(u["sofar"] for u in data["units"])
        and data["median"] == ""
    )
    assert "<td>87,22 (trên 68 điểm)</td>" in page(waiting).decode()
    assert "<td>87.22 (of 68 points)</td>" in page(waiting, lang="en").decode()
    paper = _data([waiting], "vi", ())
    assert [row[:4] for row in paper["tables"][0]["rows"]] == [
        ["—", "Đắk Lắk", "87,22 (trên 68 điểm)", "—"],
        ["—", "Kon Tum", "87,22 (trên 68 điểm)", "—"],
        ["—", "Hà Nam", "79,41 (trên 68 điểm)", "—"],
    ]
    made = book([waiting], "vi")
    assert [row[-2] for row in sheet(made, "Xếp hạng")[4:]] == ["chờ kết quả điều tra: chỉ số trên 68 điểm"] * 3
    assert "Chỉ số cao nhất" not in {row[0] for row in sheet(made, "Tóm tắt") if row}


def tied() -> par.Assessment:
    content = {"methodology": "example-town", "stage": "self", "units": []}
    units = [{"unit": id, "facts": {}} for id in ("dong-xuan", "cau-moi", "ben-tre-nho")]
    return par.load("example-town").assess({**content, "units": units})


def test_equals_stand_by_their_vietnamese_names_everywhere(waiting: par.Assessment) -> None:
    assert [unit.name for unit in waiting.league()] == ["Đắk Lắk", "Kon Tum", "Hà Nam"]
    found = tied()
    wanted = ["Bến Tre Nhỏ", "Cầu Mới", "Đồng Xuân"]
    assert [unit.name for unit in found.league()] == wanted
    assert [u["n"] for u in page_data(found, (), None, ())["units"]] == wanted
    assert [row[1] for row in _data([found], "vi", ())["tables"][0]["rows"]] == wanted
    assert [row[1] for row in sheet(book([found], "vi"), "Xếp hạng")[4:]] == wanted


def test_nobody_is_highest_or_lowest_among_equals(ministries: par.Assessment) -> None:
    best, worst = ends(ministries)
    assert [u.name for u in best] == ["Bộ Tư pháp"] and [u.name for u in worst] == ["Bộ Nội vụ"]
    assert [u.name for u in apart(ministries)] == ["Thanh tra Chính phủ", "Ủy ban Dân tộc"]
    assert ends(tied()) == ((), ())
