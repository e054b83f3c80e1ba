"""What a table leaves out and the reader can offer or find: the lowest level, the number of a heading in capitals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

for module in ("lark", "openpyxl", "docx"):
    pytest.importorskip(module)

import annexes
from program import run

import par_engine as par
from par_engine.annex.draft import Draft, draft
from par_engine.annex.tables import read_annex

HEAD = ["STT", "Tiêu chí", "Điểm tối đa", "Cách đánh giá", "Ghi chú"]
PLAN = [
    ["1.1", "Kế hoạch", "2", "Thẩm định", ""],
    ["", "Kịp thời: 2", "", "", ""],
    ["", "Không ban hành: 0", "", "", ""],
]
CHECKS = [["2.1", "Kiểm tra", "1", "Thẩm định", ""], ["", "Có: 1", "", "", ""], ["", "Không có: 0", "", "", ""]]
UNSAID = [
    ["1", "CHỈ ĐẠO", "4", "", ""],
    ["1.1", "Kế hoạch", "2", "Thẩm định", ""],
    ["", "Từ 90% trở lên: 2", "", "", ""],
    ["", "Từ 70% đến dưới 90%: 1", "", "", ""],
    ["1.2", "Báo cáo", "2", "Thẩm định", ""],
    ["", "Có từ 3 báo cáo trở lên: 2", "", "", ""],
]
ASKED = "không nói dưới mức thấp nhất thì mấy điểm: nếu là 0, thêm dòng “Còn lại: 0”"


def imported(path: Path, official: str | None = None, *, rest_zero: bool = False) -> Draft:
    found = draft(read_annex(path), par.load("2021-province").document, official, rest_zero=rest_zero)
    assert isinstance(found, Draft), found
    return found


def outline(found: Draft) -> list[tuple[str, str | None, str]]:
    return [(i["code"], i.get("parent"), i["max"]) for i in found.document["items"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["", "CÔNG TÁC CHỈ ĐẠO", "2", "", ""], ["", "THỦ TỤC HÀNH CHÍNH", "1", "", ""]),
        (["CÔNG TÁC CHỈ ĐẠO", "", "2", "", ""], ["THỦ TỤC HÀNH CHÍNH", "", "1", "", ""]),
        (["", "CÔNG TÁC CHỈ ĐẠO (2 điểm)", "", "", ""], ["", "THỦ TỤC HÀNH CHÍNH: tối đa 1 điểm", "", "", ""]),
        (["", "CÔNG TÁC CHỈ ĐẠO: 2 điểm", "", "", ""], ["", "THỦ TỤC HÀNH CHÍNH: 1 điểm", "", "", ""]),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_heading_in_capitals_is_the_field_of_the_number_beneath_it(
    kind: str, first: list[str], second: list[str], tmp_path: Path
) -> None:
    write = annexes.xlsx if kind == "xlsx" else annexes.docx
    found = imported(write(tmp_path / f"a.{kind}", [HEAD, first, *PLAN, second, *CHECKS]))
    assert outline(found) == [("1", None, "2"), ("1.1", "1", "2"), ("2", None, "1"), ("2.1", "2", "1")]
    assert found.questions == ()
    assert found.understood == 2


@pytest.mark.parametrize("said", [["CẢI CÁCH THỦ TỤC", "2"], ["CẢI CÁCH THỦ TỤC: 2 điểm", ""]])
def test_a_heading_whose_number_nobody_can_tell_is_asked_and_no_level(said: list[str], tmp_path: Path) -> None:
    again = [["1.2", "Báo cáo", "2", "Thẩm định", ""], *PLAN[1:]]
    rows = [HEAD, ["1", "CHỈ ĐẠO", "4", "", ""], *PLAN, ["", *said, "", ""], *again]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows), "12/QĐ-BNV")
    assert [(q.at, q.code, q.vi) for q in found.questions] == [
        ("Sheet!B6", "1.1", f"đề mục “{said[0]}” không có số: ghi số (I, II, … hoặc 1, 2, …) trước tên")
    ]
    rules = [item["rule"]["points"].values() for item in found.document["items"] if "rule" in item]
    assert [list(points) for points in rules] == [["2", "0"], ["2", "0"]]
    assert [item["basis"] for item in found.document["items"]] == ["official", "reconstructed", "official"]


def test_levels_in_capitals_stay_levels(tmp_path: Path) -> None:
    levels = [["", "BAN HÀNH ĐÚNG HẠN: 2 điểm", "", "", ""], ["", "KHÔNG BAN HÀNH: 0 điểm", "", "", ""]]
    rows = [HEAD, ["1", "CHỈ ĐẠO", "2", "", ""], PLAN[0], *levels, ["2", "THỦ TỤC", "1", "", ""], *CHECKS]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert found.questions == ()
    assert list(found.document["items"][1]["rule"]["points"].values()) == ["2", "0"]


def test_points_with_a_plus_in_the_column_of_points(tmp_path: Path) -> None:
    rows = [HEAD, ["1", "CHỈ ĐẠO", "2", "", ""], PLAN[0]]
    rows += [["", "Kịp thời", "+2", "", ""], ["", "Không ban hành", "0", "", ""]]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert found.questions == ()
    assert list(found.document["items"][1]["rule"]["points"].values()) == ["2", "0"]
    rows[3][2] = "-2"
    found = imported(annexes.xlsx(tmp_path / "b.xlsx", rows))
    assert "“-2” không phải là số điểm" in [q.vi for q in found.questions]
    assert found.understood == 0


def test_a_lowest_level_that_is_not_said_is_asked_once_with_what_would_close_it(tmp_path: Path) -> None:
    path = annexes.xlsx(tmp_path / "a.xlsx", [HEAD, *UNSAID])
    found = imported(path, "12/QĐ-BNV")
    assert [(q.at, q.code, q.vi) for q in found.questions] == [("Sheet!B3", "1.1", ASKED), ("Sheet!B6", "1.2", ASKED)]
    assert {item["basis"] for item in found.document["items"] if "rule" in item} == {"reconstructed"}
    to = ("-m", "2031-province", "--from", "2021-province", "-o", str(tmp_path / "p"))
    out, _ = run("import", str(path), *to, code=1)
    assert f"Sheet!B3 và 1 ô nữa  1.1, 1.2  {ASKED}" in out
    assert "1 câu hỏi còn mở (ở 2 ô)" in out


def test_whoever_imports_may_answer_with_0_and_such_rows_are_never_official(tmp_path: Path) -> None:
    path = annexes.xlsx(tmp_path / "a.xlsx", [HEAD, *UNSAID])
    found = imported(path, "12/QĐ-BNV", rest_zero=True)
    field, plan, reports = found.document["items"]
    assert found.questions == ()
    assert [item["basis"] for item in (field, plan, reports)] == ["official", "reconstructed", "reconstructed"]
    assert found.document["total"]["basis"] == "reconstructed"
    assert plan["rule"]["bands"] == [
        {"below": "0.7", "points": "0"},
        {"from": "0.7", "below": "0.9", "points": "1"},
        {"from": "0.9", "points": "2"},
    ]
    assert reports["rule"]["bands"] == [{"below": "3", "points": "0"}, {"from": "3", "points": "2"}]
    said = [found.document["rulings"][id]["vi"] for id in plan["rulings"]]
    assert "Phụ lục không nói dưới mức thấp nhất thì mấy điểm: người nhập chọn 0." in said
    to = ("-m", "2031-province", "--from", "2021-province", "-o", str(tmp_path / "p"), "--rest-zero")
    out, _ = run("import", str(path), *to, "--official-document", "12/QĐ-BNV")
    assert "Phụ lục không nói, dưới mức thấp nhất: người nhập chọn 0, dòng ấy không là chính thức (2)" in out
    again = imported(annexes.xlsx(tmp_path / "b.xlsx", [HEAD, *UNSAID, ["", "Còn lại: 0", "", "", ""]]), "12/QĐ-BNV")
    assert [item["basis"] for item in again.document["items"]] == ["official", "reconstructed", "official"]


def test_an_answer_does_not_become_official_when_the_same_annex_comes_again(tmp_path: Path) -> None:
    path = annexes.xlsx(tmp_path / "a.xlsx", [HEAD, *UNSAID])
    to = ("-m", "2031-province", "-o", str(tmp_path / "p"), "--official-document", "12/QĐ-BNV", "--rest-zero")
    run("import", str(path), *to, "--from", "2021-province")
    run("import", str(path), *to)
    items = json.loads(next((tmp_path / "p").rglob("items.json")).read_text("utf-8"))
    found = items["items"] if isinstance(items, dict) else items
    assert [item["basis"] for item in found] == ["official", "reconstructed", "reconstructed"]
