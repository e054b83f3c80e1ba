"""Tables as offices write them: what Word hides and makes, headings, penalties, signed columns, several annexes in one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

for module in ("lark", "openpyxl", "docx"):
    pytest.importorskip(module)

import annexes
from program import run

import par_engine as par
from par_engine.annex.draft import Draft, draft
from par_engine.annex.layout import Open
from par_engine.annex.tables import read_annex

HEAD = ["STT", "Tiêu chí", "Điểm tối đa", "Cách đánh giá", "Ghi chú"]
FIRST = [["1", "CHỈ ĐẠO", "2", "", ""], ["1.1", "Kế hoạch", "2", "Thẩm định", ""]]
LEVELS = [["", "Kịp thời: 2", "", "", ""], ["", "Không ban hành: 0", "", "", ""]]


def imported(path: Path, official: str | None = None, table: str | None = None) -> Draft:
    found = draft(read_annex(path), par.load("2021-province").document, official, table)
    assert isinstance(found, Draft), found
    return found


def outline(found: Draft) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return [
        (i["code"], i.get("parent"), i["max"], i.get("role"), i.get("rule", {}).get("name"))
        for i in found.document["items"]
    ]


def asked(found: Draft) -> list[tuple[str, str, str]]:
    return [(q.at, q.code, q.vi) for q in found.questions]


def word(path: Path, rows: list[list[str]], change: Callable[[Any], object]) -> Path:
    """A Word file of one table, changed by hand before it is saved."""
    import docx

    document = docx.Document()
    table = document.add_table(rows=0, cols=max(len(row) for row in rows))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text
    change(document)
    document.add_paragraph()
    document.save(str(path))
    return path


def element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_run(document: Any, row: int, column: int, text: str, mark: Any) -> None:
    run = document.tables[0].rows[row].cells[column].paragraphs[0].add_run(text)
    run._r.get_or_add_rPr().append(mark)


SHARES = [["", "Đạt từ 90% trở lên: 2", "", "", ""], ["", "Dưới 90%: 0", "", "", ""]]


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        (("w:strike", {}), "chữ gạch ngang, không đọc"),
        (("w:dstrike", {}), "chữ gạch ngang, không đọc"),
        (("w:vanish", {}), "chữ ẩn, không đọc"),
        (("w:vertAlign", {"val": "superscript"}), "dấu chú thích, không đọc"),
    ],
)
def test_what_is_not_shown_as_valid_is_left_out_and_said(mark: Any, kind: str, tmp_path: Path) -> None:
    name, attributes = mark
    path = word(
        tmp_path / "a.docx",
        [HEAD, *FIRST, ["", "Đạt từ 90", "", "", ""], ["", "Dưới 90%: 0", "", "", ""]],
        lambda d: (
            add_run(d, 3, 1, "5", element(name, **attributes)),
            d.tables[0].rows[3].cells[1].paragraphs[0].add_run("% trở lên: 2"),
        ),
    )
    found = imported(path)
    assert found.document["items"][1]["rule"]["bands"][1]["from"] == "0.9"
    assert [(a.at, a.code, a.vi) for a in found.aside] == [("bảng 1, dòng 4, cột 2", "1.1", f"{kind}: “5”")]
    assert asked(found) == []


def test_struck_by_a_style_and_not_struck_after_all(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        style = document.styles.add_style("Bo", 2)
        style.font.strike = True
        cell = document.tables[0].rows[4].cells[1]
        cell.paragraphs[0].clear()
        cell.paragraphs[0].add_run("Ban hành sau 30 ngày: 1", style="Bo")
        document.tables[0].rows[5].cells[1].paragraphs[0].runs[0].font.strike = False

    rows = [HEAD, *FIRST, LEVELS[0], ["", "?", "", "", ""], LEVELS[1]]
    found = imported(word(tmp_path / "a.docx", rows, change))
    assert list(found.document["items"][1]["rule"]["points"].values()) == ["2", "0"]
    assert [a.vi for a in found.aside] == ["chữ gạch ngang, không đọc: “Ban hành sau 30 ngày: 1”"]


def test_a_deleted_row_and_deleted_words(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        row = document.tables[0].rows[4]._tr
        row.get_or_add_trPr().append(element("w:del", id="9", author="a"))
        run = document.tables[0].rows[3].cells[1].paragraphs[0]._p.r_lst[0]
        gone = element("w:del", id="8", author="a")
        run.addprevious(gone)
        inner = element("w:r")
        text = element("w:delText")
        text.text = "Sớm hoặc "
        inner.append(text)
        gone.append(inner)

    rows = [HEAD, *FIRST, LEVELS[0], ["", "Muộn: 1", "", "", ""], LEVELS[1]]
    found = imported(word(tmp_path / "a.docx", rows, change))
    assert list(found.document["items"][1]["rule"]["points"].values()) == ["2", "0"]
    assert [a.vi for a in found.aside] == [
        "đã xóa (theo dõi thay đổi), không đọc: “Sớm hoặc”",
        "đã xóa (theo dõi thay đổi), không đọc: “Muộn: 1”",
    ]


def test_signs_of_the_symbol_font_hyphens_and_square_metres(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        for row, code, text in ((3, "F0B3", " 90%: 2"), (5, "F03C", " 80%: 0")):
            paragraph = document.tables[0].rows[row].cells[1].paragraphs[0]
            run = paragraph.add_run()
            run._r.append(element("w:sym", font="Symbol", char=code))
            paragraph.add_run(text)
        paragraph = document.tables[0].rows[4].cells[1].paragraphs[0]
        paragraph.add_run("Từ 80%")._r.append(element("w:noBreakHyphen"))
        paragraph.add_run("dưới 90%: 1")

    blank = [["", "", "", "", ""]] * 3
    found = imported(word(tmp_path / "a.docx", [HEAD, *FIRST, *blank], change))
    bands = found.document["items"][1]["rule"]["bands"]
    assert [(band.get("from"), band["points"]) for band in bands] == [(None, "0"), ("0.8", "1"), ("0.9", "2")]

    def raised(document: Any) -> None:
        add_run(document, 3, 1, "2", element("w:vertAlign", val="superscript"))
        document.tables[0].rows[3].cells[1].paragraphs[0].add_run(" sàn: 2")

    rows = [HEAD, *FIRST, ["", "Trụ sở có nhiều m", "", "", ""], ["", "Không có: 0", "", "", ""]]
    found = imported(word(tmp_path / "b.docx", rows, raised))
    assert next(iter(found.document["facts"]["1.1.state"]["options"]))["title"]["vi"] == "Trụ sở có nhiều m2 sàn"
    assert found.aside == ()


def numbered(document: Any, formats: list[tuple[str, str]]) -> None:
    """Two lists: of items, by levels, and of bullets."""
    root = document.part.numbering_part.element
    items = element("w:abstractNum", abstractNumId="90")
    for depth, (format, text) in enumerate(formats):
        level = element("w:lvl", ilvl=str(depth))
        level.append(element("w:start", val="1"))
        level.append(element("w:numFmt", val=format))
        level.append(element("w:lvlText", val=text))
        items.append(level)
    root.insert(0, items)
    made = element("w:num", numId="90")
    made.append(element("w:abstractNumId", val="90"))
    root.append(made)


def number(cell: Any, depth: int) -> None:
    properties = cell.paragraphs[0]._p.get_or_add_pPr()
    mark = element("w:numPr")
    mark.append(element("w:ilvl", val=str(depth)))
    mark.append(element("w:numId", val="90"))
    properties.append(mark)


@pytest.mark.parametrize("column", [0, 1])
def test_numbers_that_word_makes_are_read_as_they_are_shown(column: int, tmp_path: Path) -> None:
    depths = {"MỘT": 0, "Một một": 1, "Một hai": 1, "HAI": 0, "Hai một": 1}

    def change(document: Any) -> None:
        numbered(document, [("decimal", "%1."), ("decimal", "%1.%2")])
        for row in document.tables[0].rows:
            if (depth := depths.get(row.cells[1].text)) is not None:
                number(row.cells[column], depth)
            elif row.cells[1].text.startswith(("Có", "Không")):
                row.cells[1].paragraphs[0].style = "List Bullet"

    leaf = [["", "Có: 1", "", "", ""], ["", "Không: 0", "", "", ""]]
    rows = [HEAD, ["", "MỘT", "2", "", ""], ["", "Một một", "1", "Thẩm định", ""], *leaf]
    rows += [["", "Một hai", "1", "Thẩm định", ""], *leaf, ["", "HAI", "1", "", ""]]
    rows += [["", "Hai một", "1", "Thẩm định", ""], *leaf]
    found = imported(word(tmp_path / "a.docx", rows, change))
    assert [(code, top, rule) for code, _, top, _, rule in outline(found)] == [
        ("1", "2", None),
        ("1.1", "1", "choice"),
        ("1.2", "1", "choice"),
        ("2", "1", None),
        ("2.1", "1", "choice"),
    ]
    assert asked(found) == []


def test_roman_and_other_formats() -> None:
    from par_engine.annex.numbering import _written

    assert [_written(n, "upperRoman") for n in (1, 4, 9, 14)] == ["I", "IV", "IX", "XIV"]
    assert [_written(n, "lowerLetter") for n in (1, 26, 27)] == ["a", "z", "aa"]
    assert (_written(3, "decimalZero"), _written(3, "chicago")) == ("03", None)


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        (["I. CHỈ ĐẠO (2 điểm)", "", ""], ["II. THỦ TỤC (1 điểm)", "", ""], ["1", "1.1", "2", "2.2"]),
        (["", "I. Chỉ đạo (2 điểm)", ""], ["", "II. Thủ tục (1 điểm)", ""], ["1", "1.1", "2", "2.2"]),
        (["A. PHẦN CHUNG: 2 điểm", "", ""], ["B. PHẦN RIÊNG: 1 điểm", "", ""], ["A", "A.1", "B", "B.2"]),
        (["", "PHẦN I. CHỈ ĐẠO", "2"], ["", "PHẦN II. THỦ TỤC", "1"], ["1", "1.1", "2", "2.2"]),
    ],
)
def test_fields_whose_number_is_in_the_heading(
    first: list[str], second: list[str], codes: list[str], tmp_path: Path
) -> None:
    rows = [HEAD, first, ["1", "Kế hoạch", "2", "Thẩm định", ""], *LEVELS, second]
    rows += [["2", "Kiểm tra", "1", "Thẩm định", ""], ["", "Có: 1", "", "", ""], ["", "Không: 0", "", "", ""]]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert [(code, top) for code, _, top, _, _ in outline(found)] == list(zip(codes, ("2", "2", "1", "1"), strict=True))
    assert asked(found) == []


def test_a_field_without_any_number_is_asked_and_is_no_level_of_the_item_above(tmp_path: Path) -> None:
    rows = [HEAD, *FIRST, *LEVELS, ["", "THỦ TỤC HÀNH CHÍNH", "1", "", ""], ["", "Có: 1", "", "", ""]]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert [vi for _, _, vi in asked(found)] == [
        "đề mục “THỦ TỤC HÀNH CHÍNH” không có số: ghi số (I, II, … hoặc 1, 2, …) trước tên"
    ]
    assert list(found.document["items"][1]["rule"]["points"].values()) == ["2", "0"]
    rows[5][1] = "Thủ tục hành chính"
    found = imported(annexes.xlsx(tmp_path / "b.xlsx", rows))
    assert [vi for _, _, vi in asked(found)] == ["mục không có số, hay một mức của mục trên?"]


def test_penalties_and_bonuses(tmp_path: Path) -> None:
    rows = [HEAD, *FIRST, *LEVELS, ["2", "ĐIỂM TRỪ", "5", "", ""], ["2.1", "Bị kỷ luật", "5", "Thẩm định", ""]]
    rows += [["", "Mỗi trường hợp trừ 1 điểm", "", "", ""], ["3", "ĐIỂM THƯỞNG", "1", "", ""]]
    rows += [["3.1", "Sáng kiến", "1", "Thẩm định", ""], ["", "Mỗi sáng kiến được 0,5 điểm", "", "", ""]]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert outline(found)[2:] == [
        ("2", None, "5", "penalty", None),
        ("2.1", "2", "5", None, "tally"),
        ("3", None, "1", "bonus", None),
        ("3.1", "3", "1", None, "tally"),
    ]
    assert asked(found) == [("Sheet!B9", "3", "điểm thưởng có được vượt tổng điểm tối đa không? Tạm tính: không")]
    document = found.document
    facts = {"1.1.state": "kip-thoi", "2.1.count": 3, "3.1.count": 0}
    unit = document["units"][0]["id"]
    evidence = {"methodology": "2021-province", "stage": "s", "units": [{"unit": unit, "facts": facts}]}
    assert str(par.from_document(document).assess(evidence).unit(unit).points) == "0.0000"
    facts["2.1.count"] = 1
    assert str(par.from_document(document).assess(evidence).unit(unit).points) == "1.0000"
    rows[7][1] = "Có vi phạm: 5"
    found = imported(annexes.xlsx(tmp_path / "b.xlsx", rows))
    assert asked(found)[0][1] == "2.1"


@pytest.mark.parametrize(
    ("head", "below"),
    [
        (["STT", "Tiêu chí", "Điểm tối đa", "Điểm trừ", "Điểm thưởng", "Sở phụ trách", "Nguồn điểm"], None),
        (["STT", "Tiêu chí", "Điểm", "", "", "Sở phụ trách", "Nguồn điểm"], ["", "", "Chuẩn", "Trừ", "Thưởng", "", ""]),
    ],
)
def test_columns_of_points_to_add_or_take_off_are_asked(
    head: list[str], below: list[str] | None, tmp_path: Path
) -> None:
    rows = [head, *([below] if below else []), ["1", "CHỈ ĐẠO", "2", "", "", ""]]
    rows += [
        ["1.1", "Kế hoạch", "2", "-0,5 mỗi lần trễ", "", "SNV", "Thẩm định"],
        ["", "Kịp thời: 2; không: 0", "", "", "1", ""],
    ]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    off, on = (text for _, text in found.columns.signed)
    row = 4 if below else 3
    assert asked(found) == [
        (f"Sheet!D{row}", "1.1", f"cột “{off}” ghi “-0,5 mỗi lần trễ”: viết thành câu quy tắc ở cột tiêu chí"),
        (f"Sheet!E{row + 1}", "1.1", f"cột “{on}” ghi “1”: viết thành câu quy tắc ở cột tiêu chí"),
    ]
    assert found.columns.unread == ("Sở phụ trách",)
    assert found.document["items"][1]["to_do"]


def test_conditions_in_the_notes_are_asked(tmp_path: Path) -> None:
    rows = [HEAD, FIRST[0], [*FIRST[1][:4], "Gửi sau ngày 30/6 thì không chấm điểm"], *LEVELS]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows), "1/QĐ-BNV")
    (question,) = asked(found)
    assert question == (
        "Sheet!E3",
        "1.1",
        "ghi chú nói về cách chấm: “Gửi sau ngày 30/6 thì không chấm điểm”: viết thành câu quy tắc ở cột tiêu chí",
    )
    assert found.document["items"][1]["basis"] == "reconstructed"
    assert found.document["total"]["basis"] == "reconstructed"
    rows[2][4] = "Sở Nội vụ tổng hợp"
    assert asked(imported(annexes.xlsx(tmp_path / "b.xlsx", rows))) == []


@pytest.mark.parametrize("code", ["1.l", "1.I", "1.O", "1.1O"])
def test_a_letter_that_looks_like_a_figure_is_no_code(code: str, tmp_path: Path) -> None:
    rows = [HEAD, *FIRST, *LEVELS, [code, "Báo cáo", "2", "Thẩm định", ""], *LEVELS]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    meant = code.translate(str.maketrans("lIO", "110"))
    assert asked(found) == [("Sheet!A6", "1.1", f"“{code}” không phải là số thứ tự: có phải là {meant}?")]
    assert [code for code, *_ in outline(found)] == ["1", "1.1"]


@pytest.mark.parametrize(
    ("said", "top"),
    [("2", "2"), ("2 điểm", "2"), ("Tối đa 2 điểm", "2"), ("0-2", "2"), ("0 – 2", "2"), ("2*", "2"), ("2 (1)", "2")],
)
def test_maxima_as_they_are_written(said: str, top: str, tmp_path: Path) -> None:
    rows = [HEAD, FIRST[0], ["1.1", "Kế hoạch", said, "Thẩm định", ""], *LEVELS]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert (found.document["items"][1]["max"], asked(found)) == (top, [])


def test_roman_codes_with_figures(tmp_path: Path) -> None:
    rows = [HEAD, ["I", "CHỈ ĐẠO", "2", "", ""], ["I.1", "Kế hoạch", "2", "Thẩm định", ""], *LEVELS]
    assert [code for code, *_ in outline(imported(annexes.xlsx(tmp_path / "a.xlsx", rows)))] == ["1", "1.1"]


def test_the_same_row_with_another_maximum_is_asked(tmp_path: Path) -> None:
    rows = [HEAD, *FIRST, *LEVELS, ["1.1", "Kế hoạch", "3", "Thẩm định", ""]]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert asked(found) == [("Sheet!C6", "1.1", "mã 1.1 có hai lần, điểm tối đa khác nhau: 2 và “3”")]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_two_annexes_in_one_file_and_a_way_to_choose(kind: str, tmp_path: Path) -> None:
    one = [HEAD, *FIRST, *LEVELS]
    two = [HEAD, ["1", "THỂ CHẾ", "2", "", ""], ["1.1", "Rà soát", "2", "Thẩm định", ""], *LEVELS]
    path = tmp_path / f"a.{kind}"
    if kind == "docx":
        annexes.docx(path, one, two)
    else:
        import openpyxl

        book = openpyxl.Workbook()
        for name, rows in (("Bộ", one), ("Tỉnh", two)):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.remove(book.worksheets[0])
        book.save(path)
    named = "1, 2" if kind == "docx" else "1: “Bộ”, 2: “Tỉnh”"
    words = ("import", str(path), "-m", "2031-province", "--from", "2021-province", "-o", str(tmp_path / "p"))
    _, err = run(*words, code=1)
    assert err.startswith(f"✗ a.{kind}: tệp có 2 phụ lục ({named}): chọn một bằng --table")
    out, _ = run(*words, "--dry-run", "--json", "--table", "2" if kind == "docx" else "Tỉnh")
    assert json.loads(out)["understood"] == 1
    _, err = run(*words, "--table", "3", code=1)
    assert err.startswith(f"✗ a.{kind}: không có bảng “3”; tệp có: {named}")
    found = draft(read_annex(path), par.load("2021-province").document, None, "1")
    assert isinstance(found, Draft)
    assert found.document["items"][1]["title"]["vi"] == "Kế hoạch"


def test_hidden_rows_are_asked_hidden_sheets_and_struck_cells_said(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    path = annexes.xlsx(
        tmp_path / "a.xlsx", [HEAD, *FIRST, LEVELS[0], ["", "Muộn: 1", "", "", ""], LEVELS[1], ["", "?"]]
    )
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet["B5"].font = Font(strike=True)
    sheet["B7"] = CellRichText("Lưu ý: theo Điều 5", TextBlock(InlineFont(vertAlign="superscript"), "3"))
    sheet.row_dimensions[6].hidden = True
    book.create_sheet("Cũ").sheet_state = "hidden"
    book.save(path)
    found = imported(path)
    assert [(a.at, a.vi) for a in found.aside] == [
        ("Sheet!B5", "chữ gạch ngang, không đọc: “Muộn: 1”"),
        ("Sheet!B7", "dấu chú thích, không đọc: “3”"),
        ("Cũ", "trang tính ẩn, không đọc: “Cũ”"),
        ("Sheet!B7", "không đổi điểm: “Lưu ý: theo Điều 5”"),
    ]
    assert asked(found) == [("Sheet!A6", "1.1", "dòng bị ẩn: “Không ban hành: 0”: bỏ ẩn, hoặc xóa hẳn")]
    assert found.document["items"][1]["to_do"]


def test_escapes_of_office_programs_are_decoded(tmp_path: Path) -> None:
    path = annexes.xlsx(
        tmp_path / "a.xlsx", [HEAD, FIRST[0], ["1.1", "Kế_x000D_ hoạch _x0041_", "2", "Thẩm định", ""], *LEVELS]
    )
    with zipfile.ZipFile(path) as archive:
        assert any(b"_x000D_" in archive.read(name) for name in archive.namelist())
    assert imported(path).document["items"][1]["title"]["vi"] == "Kế hoạch A"


@pytest.mark.parametrize(("kind", "form"), [("docx", "Word Document (*.docx)"), ("xlsx", "Excel Workbook (*.xlsx)")])
def test_strict_open_xml_is_named(kind: str, form: str, tmp_path: Path) -> None:
    path = getattr(annexes, kind)(tmp_path / f"a.{kind}", [HEAD, *FIRST, *LEVELS])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, data in parts.items():
        data = data.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006", b"http://purl.oclc.org/ooxml/wordprocessingml"
        )
        parts[name] = data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006", b"http://purl.oclc.org/ooxml/spreadsheetml"
        )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(par.ParError) as caught:
        read_annex(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.what_vi) == ("strict", "tệp ở dạng Strict Open XML")
    assert problem.hint_vi == f"hãy lưu lại thành {form}, không chọn Strict Open XML"


def test_one_bad_rule_is_one_question_at_its_cell(tmp_path: Path) -> None:
    rows = [
        HEAD,
        FIRST[0],
        ["1.1", "Kế hoạch", "2", "Thẩm định", ""],
        ["", "Từ 80% trở lên: 2; dưới 80%: 0,00001", "", "", ""],
    ]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    ((at, code, vi),) = asked(found)
    assert (at, code) == ("Sheet!B3", "1.1")
    assert vi.startswith("quy tắc đọc được mà bộ máy không nhận: ")
    assert found.document["items"][1]["rule"]["name"] == "given"
    par.from_document(found.document)


def test_beyond_a_target_becomes_a_rule(tmp_path: Path) -> None:
    said = "Vượt chỉ tiêu từ 5% trở lên: 2; vượt chỉ tiêu dưới 5%: 1; đạt chỉ tiêu: 0,5; không đạt chỉ tiêu: 0"
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", [HEAD, *FIRST, ["", said, "", "", ""]]))
    assert asked(found) == []
    methodology = par.from_document(found.document)
    unit = found.document["units"][0]["id"]
    points = []
    for part in (99999, 100000, 100001, 105000):
        facts = {"1.1.part": part, "1.1.whole": 100000}
        evidence = {"methodology": "2021-province", "stage": "s", "units": [{"unit": unit, "facts": facts}]}
        points.append(str(methodology.assess(evidence).unit(unit).points))
    assert points == ["0.0000", "0.5000", "1.0000", "2.0000"]


@pytest.mark.parametrize("word_", ["Điều tra xã hội học", "Khảo sát"])
def test_general_words_for_the_way_of_assessment_stand_for_the_stream_that_is_known(word_: str, tmp_path: Path) -> None:
    from par_engine.annex import writing

    base = par.load("2021-province").document
    streams = {stream.title.vi for stream in base.streams if stream.awaited}
    rows = [
        [*line.cells[:3], word_ if line.cells[3] in streams and "SIPAS" not in line.cells[3] else line.cells[3]]
        for line in writing.rows(base)
    ]
    rows = [[*row[:3], "Tự đánh giá" if row[3] == "Thẩm định" else row[3]] for row in rows]
    found = draft(read_annex(annexes.xlsx(tmp_path / "a.xlsx", [list(writing.HEADS)[:4], *rows])), base)
    assert isinstance(found, Draft)
    assert [q for q in found.questions if "nguồn điểm" in q.vi] == []


def test_each_thing_is_said_once(tmp_path: Path) -> None:
    rows = [HEAD, ["1", "CHỈ ĐẠO", "6", "", ""]]
    for i in (1, 2, 3):
        rows += [[f"1.{i}", f"Việc {i}", "2", "Bốc thăm", ""], *LEVELS]
    path = annexes.xlsx(tmp_path / "a.xlsx", rows)
    out, _ = run(
        "import", str(path), "-m", "2031-province", "--from", "2021-province", "-o", str(tmp_path / "p"), code=1
    )
    assert "Sheet!B3 và 2 ô nữa  1.1, 1.2, 1.3  không rõ nguồn điểm “Bốc thăm”" in out
    assert "1 câu hỏi còn mở (ở 3 ô)" in out


def test_headers_in_other_words_and_the_list_that_the_message_quotes(tmp_path: Path) -> None:
    for title, top in (
        ("Tiêu chuẩn", "Khung điểm"),
        ("Nội dung", "Số điểm"),
        ("Nhiệm vụ", "Mức điểm"),
        ("Chỉ số", "Tối đa"),
    ):
        rows = [["TT", title, top, "Cách đánh giá"], *(row[:4] for row in (*FIRST, *LEVELS))]
        assert len(imported(annexes.xlsx(tmp_path / "a.xlsx", rows)).document["items"]) == 2, title
    found = draft(
        read_annex(annexes.xlsx(tmp_path / "b.xlsx", [["a", "b"], [1, 2]])), par.load("2021-province").document
    )
    assert isinstance(found, Open)
    assert found.vi == (
        "không bảng nào có cột điểm tối đa (Điểm tối đa, Điểm chuẩn, Thang điểm, Khung điểm, Số điểm, Mức điểm, Tối đa, Điểm) "
        "và cột tiêu chí (Tiêu chí, Lĩnh vực, Tiêu chuẩn, Nội dung, Chỉ số, Chỉ tiêu, Nhiệm vụ)"
    )


def test_a_pdf_is_told_of_the_blank(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(par.ParError) as caught:
        read_annex(path)
    assert caught.value.problems[0].text("vi") == (
        "a.pdf: không đọc chắc chắn được bảng trong PDF — "
        "xuất mẫu trống bằng par export MÃ -o mau.xlsx, chép bảng vào đó rồi nhập tệp ấy"
    )


def test_an_exported_document_ends_with_a_paragraph_and_a_workbook_has_numbers(tmp_path: Path) -> None:
    import docx
    import openpyxl

    from par_engine.annex import writing

    document = par.load("example-town").document
    (tmp_path / "a.docx").write_bytes(writing.docx(document))
    body = docx.Document(str(tmp_path / "a.docx")).element.body
    assert [child.tag.rpartition("}")[2] for child in body][-2:] == ["p", "sectPr"]
    (tmp_path / "a.xlsx").write_bytes(writing.xlsx(document))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    tops = [cell.value for cell in sheet["C"][4:] if cell.value is not None]
    assert {type(top) for top in tops} <= {int, float}
    assert tops[-1] == float(document.total.max)
