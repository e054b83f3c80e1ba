"""Workbooks: what goes in comes out, wherever cells have moved; what cannot be read is said with its cell."""

import datetime
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)

import openpyxl
import sheets
import strategies
import tiny
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import run

import par_engine as par
from par_engine.files.ooxml import escaped, stable
from par_engine.workbook.cells import grid
from par_engine.workbook.reading import read
from par_engine.workbook.template import template

ROOT = Path(__file__).parents[2]
TITLE = {"vi": "chữ", "en": "text"}
DOCUMENT = tiny.document(
    [
        {"code": "1", "title": TITLE, "max": "3", **tiny.BASE},
        tiny.leaf(
            "1.1",
            "1",
            {"name": "ratio", "part": "done", "whole": "planned", "floor": "0", "full_at": "1"}
            | {"over": "cap", "whole_zero": "zero"},
            parent="1",
            may_not_apply=True,
        ),
        tiny.leaf("1.2", "1", {"name": "choice", "fact": "state", "points": {"good": "1", "bad": "0"}}, parent="1"),
        tiny.leaf("1.3", "1", {"name": "checklist", "points": {"tick": "1"}}, parent="1"),
    ],
    {
        "done": tiny.COUNT | {"owner": "a"},
        "planned": {"type": "decimal", "decimals": 2, "owner": "b"},
        "state": {
            "type": "option",
            "options": [
                {"id": "good", "title": {"vi": "Tốt", "en": "good"}},
                {"id": "bad", "title": {"vi": "=Kém?*", "en": "bad"}},
            ],
        },
        "tick": tiny.BOOLEAN,
    },
    "3",
)
METHODOLOGY = par.from_document(DOCUMENT)
FACTS = {"done": 3, "planned": "4.25", "state": "bad", "tick": True}


def book(facts: dict[str, Any] | None = None, **more: Any) -> bytes:
    evidence = METHODOLOGY.read(tiny.evidence({"facts": FACTS if facts is None else facts, **more}))
    return template(METHODOLOGY, evidence=evidence)


def saved(data: bytes, folder: Path, name: str = "so-lieu.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def problems(data: bytes, folder: Path, lang: str = "vi") -> list[str]:
    with pytest.raises(par.ParError) as caught:
        METHODOLOGY.read(saved(data, folder))
    return [problem.text(lang) for problem in caught.value.problems]


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    opened = openpyxl.load_workbook(io.BytesIO(data))
    change(opened)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def same(one: Any, other: Any) -> None:
    assert (one.units, one.stage, one.note) == (other.units, other.stage, other.note)
    assert (one.values == other.values).all()
    assert (one.present == other.present).all()
    assert set(one.declared) == set(other.declared)
    assert {(s.key, s.points, s.is_stream) for s in one.stated} == {
        (s.key, s.points, s.is_stream) for s in other.stated
    }
    assert one.documents == other.documents


@pytest.mark.parametrize(
    ("example", "id"),
    [
        ("example-town.json", "example-town"),
        ("leed.json", ""),
        ("openssf-scorecard.json", ""),
        ("dien-bien-2021/evidence.json", "2021-province"),
        ("ministries-2023.csv", "2023-ministry"),
    ],
)
def test_examples_come_back_with_nothing_lost(example: str, id: str, tmp_path: Path) -> None:
    path = ROOT / "examples" / example
    methodology = par.load(id or json.loads(path.read_text(encoding="utf-8"))["methodology"])
    evidence = methodology.read(path)
    for row, unit in enumerate(evidence.units):
        back = methodology.read(saved(template(methodology, unit=unit, evidence=evidence), tmp_path))
        assert back.units == (unit,)
        assert (back.values[0] == evidence.values[row]).all()
        assert (back.present[0] == evidence.present[row]).all()
        assert {(d.code, d.outcome, d.why) for d in back.declared} == {
            (d.code, d.outcome, d.why) for d in evidence.declared if d.row == row
        }
        assert back.documents.get(unit) == evidence.documents.get(unit)
        assert (back.stage, back.note) == (evidence.stage, evidence.note)


@given(st.data())
@pytest.mark.source
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_evidence_comes_back(data: st.DataObject) -> None:
    document = data.draw(strategies.methodologies())
    methodology = par.from_document(document)
    evidence = methodology.read(data.draw(strategies.evidence(document, 1)))
    label = "x.xlsx"
    from par_engine.evidence.from_table import validate_table

    made = template(methodology, evidence=evidence)
    assert made == template(methodology, evidence=evidence)
    same(validate_table(methodology.scheme, read(made, label), label), evidence)


@pytest.mark.parametrize("id", [listing.id for listing in par.installed()])
def test_an_empty_template_of_every_methodology_is_evidence_without_facts(id: str, tmp_path: Path) -> None:
    methodology = par.load(id)
    unit = methodology.document.units[0].name if methodology.document.units else "X"
    back = methodology.read(saved(template(methodology, unit=unit), tmp_path))
    assert not back.present.any()
    assert back.stage == "self-assessment"


def test_moved_rows_columns_and_renamed_sheets_are_found(tmp_path: Path) -> None:
    def move(opened: Any) -> None:
        sheet = opened["l0 1" if "l0 1" in opened.sheetnames else opened.sheetnames[2]]
        sheet.title = "Của tôi"
        sheet.insert_rows(5, 2)
        sheet.insert_cols(4, 3)
        sheet.insert_cols(1)
        opened.move_sheet(sheet, -2)
        opened.create_sheet("Nháp")["B2"] = "ghi chép riêng"

    data = book(documents={"1.1": [{"number": "12/KH"}]})
    same(METHODOLOGY.read(saved(changed(data, move), tmp_path)), METHODOLOGY.read(saved(data, tmp_path, "a.xlsx")))


def test_inserted_rows_hold_more_documents(tmp_path: Path) -> None:
    papers = [
        {"number": f"{i}/KH", "date": "2000-03-02", "title": "=t", "page": "7", "link": "http://x"} for i in range(5)
    ]
    data = book(documents={"1.1": papers})

    def insert(opened: Any) -> None:
        sheet = opened.worksheets[2]
        at = next(row[0].row for row in sheet.iter_rows() if row[0].value == "paper:1.1:2") + 1
        sheet.insert_rows(at)
        sheet.cell(at, 13).value = 99
        sheet.cell(at, 14).value = datetime.datetime(2021, 3, 4)

    back = METHODOLOGY.read(saved(changed(data, insert), tmp_path))
    assert back.documents["u0"]["1.1"] == [*papers, {"number": "99", "date": "2021-03-04"}]


FAULTS: list[tuple[str, Any, str]] = [
    ("fact:1.1:done", "=1+1", 'G6: "=1+1" là công thức — dán giá trị (Dán đặc biệt → Giá trị)'),
    (
        "fact:1.1:done",
        "=[other.xlsx]S!A1",
        'G6: "=[other.xlsx]S!A1" là công thức — dán giá trị (Dán đặc biệt → Giá trị)',
    ),
    ("fact:1.1:done", "#DIV/0!", 'G6: "#DIV/0!" là lỗi — nhập giá trị'),
    ("fact:1.1:done", "12 cái", 'G6: "12 cái" là chữ, không phải số — nhập dạng số, không kèm chữ hay khoảng trắng'),
    ("fact:1.1:done", "12", 'G6: "12" là chữ, không phải số — nhập dạng số, không kèm chữ hay khoảng trắng'),
    (
        "fact:1.1:done",
        datetime.datetime(2021, 3, 4),
        'G6: "04/03/2021" là ngày, không phải số — định dạng lại ô là số rồi nhập lại',
    ),
    (
        "fact:1.1:done",
        1.5,
        'G6: "1,5": “chữ” là số lượng nên phải là số nguyên — làm tròn theo quy định của nguồn số liệu',
    ),
    (
        "fact:1.1:done",
        -1,
        'G6: "-1" ngoài phạm vi cho phép của “chữ”: từ 0 trở lên — kiểm tra lại số liệu và đơn vị tính',
    ),
    (
        "fact:1.1:planned",
        0.125,
        'G7: "0,125": “chữ” có quá 2 chữ số thập phân — làm tròn theo quy định của nguồn số liệu',
    ),
    ("fact:1.2:state", "Tàm tạm", 'G9: "Tàm tạm" không có trong danh sách của “chữ” — chọn một: Tốt; =Kém?*'),
    ("fact:1.3:tick", "maybe", 'G11: "maybe" không phải là có hoặc không — chọn có hoặc không'),
]


@pytest.mark.parametrize(("key", "value", "text"), FAULTS)
def test_a_fault_is_said_with_its_sheet_and_cell(key: str, value: Any, text: str, tmp_path: Path) -> None:
    assert problems(sheets.edited(book(), {(key, "input"): value}), tmp_path) == [f"so-lieu.xlsx chữ 1!{text}"]


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    change = {("fact:1.1:done", "input"): "x", ("fact:1.1:planned", "input"): "=1"}
    assert problems(sheets.edited(book(), change), tmp_path, "en") == [
        'so-lieu.xlsx chữ 1!G6: "x" is a text, not a number — type it as a number, without blanks or units',
        'so-lieu.xlsx chữ 1!G7: "=1" is a formula — paste its value (Paste Special → Values)',
    ]


def test_a_percent_cell_is_refused_because_it_holds_a_hundredth(tmp_path: Path) -> None:
    def percent(opened: Any) -> None:
        cell = opened.worksheets[2]["G7"]
        cell.value, cell.number_format = 0.51, "0.00%"

    (text,) = problems(changed(book(), percent), tmp_path)
    assert text.endswith("G7: ô đang ở dạng phần trăm (51 %) — định dạng lại là số rồi nhập 51")


def test_gone_and_copied_rows_and_stray_inputs_are_said(tmp_path: Path) -> None:
    def spoil(opened: Any) -> None:
        sheet = opened.worksheets[2]
        sheet["A7"].value = "fact:1.1:done"
        sheet.insert_rows(9)
        sheet["G9"].value = 5

    assert problems(changed(book(), spoil), tmp_path) == [
        "so-lieu.xlsx chữ 1: thiếu dòng của số liệu “chữ” (mục 1.1) — lấy lại dòng này từ biểu mới (par template, par split)",
        "so-lieu.xlsx chữ 1!A7: dòng của số liệu “chữ” (mục 1.1) xuất hiện hai lần — xóa dòng sao chép; dòng đầu ở chữ 1!A6",
        "so-lieu.xlsx chữ 1!G9: ô này không thuộc số liệu nào của biểu — chuyển về đúng dòng của số liệu",
    ]


def keyed(sheet: Any) -> dict[str, int]:
    """The rows of a sheet by key."""
    return {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}


def sheet_faults() -> list[tuple[Callable[[Any], Any], list[str]]]:
    def cell(key: str, column: int, value: Any, form: str = "") -> Callable[[Any], None]:
        def put(opened: Any) -> None:
            sheet = opened.worksheets[2]
            sheet.cell(keyed(sheet)[key], column).value = value
            if form:
                sheet.cell(keyed(sheet)[key], column).number_format = form

        return put

    def merge(area: str) -> Callable[[Any], None]:
        return lambda opened: opened.worksheets[2].merge_cells(area)

    def column(number: int) -> Callable[[Any], None]:
        return lambda opened: opened.worksheets[2].delete_cols(number)

    text = "là chữ, không phải số — nhập dạng số, không kèm chữ hay khoảng trắng"
    dated = "là ngày, không phải số — định dạng lại ô là số rồi nhập lại"
    merged = "các ô này bị gộp, chỉ còn một giá trị — bỏ gộp ô và nhập lại từng ô"
    new = "lấy biểu mới bằng par template"
    return [
        (cell("fact:1.1:planned", 7, "1.234,5"), [f'chữ 1!G7: "1.234,5" {text}']),
        (cell("fact:1.1:done", 7, "１２"), [f'chữ 1!G6: "１２" {text}']),
        (cell("fact:1.1:done", 7, "12\u00a0"), [f'chữ 1!G6: "12\\xa0" {text}']),
        (cell("fact:1.1:done", 7, "9" * 32_000), [f'chữ 1!G6: "{"9" * 60}…" không phải là số — ghi số, ví dụ 12 hoặc 12,5']),
        (cell("fact:1.1:done", 7, 44228, "d-mmm"), [f'chữ 1!G6: "01/02/2021" {dated}']),
        (cell("fact:1.1:done", 7, datetime.time(1, 2)), [f'chữ 1!G6: "01:02:00" {dated}']),
        (merge("G6:G7"), [f"chữ 1!G6:G7: {merged}"]),
        (merge("C6:H6"), [f"chữ 1!C6:H6: {merged}"]),
        (column(7), [f"chữ 1: thiếu cột: Nhập số liệu — {new}"]),
        (column(13), [f"chữ 1: thiếu cột: Số, ký hiệu tài liệu — {new}"]),
        (column(1), [f"chữ 1: thiếu cột: khóa của các dòng — {new}"]),
        (lambda opened: opened.worksheets[2].delete_rows(1), ["so-lieu.xlsx: không còn dòng nào của trang “chữ 1” — lấy lại trang này từ biểu mới (par template, par split)"]),
        (lambda opened: opened.worksheets[2].delete_rows(5), ["chữ 1: thiếu dòng của mục 1.1 — lấy lại dòng này từ biểu mới (par template, par split)"]),
        (lambda opened: opened.remove(opened.worksheets[2]), ["so-lieu.xlsx: không còn dòng nào của trang “chữ 1” — lấy lại trang này từ biểu mới (par template, par split)"]),
        (lambda opened: opened.copy_worksheet(opened.worksheets[2]), ["chữ 1 Copy: trang này là bản sao của trang “chữ 1” — chỉ giữ lại một trang"]),
    ]  # fmt: skip


@pytest.mark.parametrize(("change", "texts"), sheet_faults())
def test_what_officers_do_to_sheets_is_said_with_its_place(change: Any, texts: list[str], tmp_path: Path) -> None:
    said = problems(changed(book(), change), tmp_path)
    assert len(said) == len(texts)
    for one, text in zip(said, texts, strict=True):
        assert one.removeprefix("so-lieu.xlsx ").startswith(text)


def test_hidden_and_filtered_rows_and_widened_columns_count(tmp_path: Path) -> None:
    def hide(opened: Any) -> None:
        sheet = opened.worksheets[2]
        sheet.row_dimensions[6].hidden = True
        sheet.auto_filter.ref = "B3:K12"
        sheet.auto_filter.add_filter_column(0, ["1.2"])
        sheet.column_dimensions["G"].hidden = True
        sheet.merge_cells("M5:N5")  # of a document: nothing is asked there twice
        sheet.delete_cols(3)

    data = book(documents={"1.1": [{"number": "12/KH"}]})
    same(METHODOLOGY.read(saved(changed(data, hide), tmp_path)), METHODOLOGY.read(saved(data, tmp_path, "a.xlsx")))


def test_many_merged_cells_do_not_hold_the_reader_up(tmp_path: Path) -> None:
    data = book()
    areas = b"".join(b'<mergeCell ref="A%d:GZ%d"/>' % (i, i) for i in range(2000, 60_000, 2))
    stuffed = stable(
        data,
        lambda name, part: (
            part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>")
            if name.endswith("sheet3.xml")
            else part
        ),
    )
    same(METHODOLOGY.read(saved(stuffed, tmp_path)), METHODOLOGY.read(saved(data, tmp_path, "a.xlsx")))


def test_stated_points_are_typed_where_they_stand_for_their_parts(tmp_path: Path) -> None:
    data = template(METHODOLOGY, unit="X", stated=True)
    change = {("item:1", "stated"): 2.5, ("stream:s", "stated"): 2.5, ("item:total", "stated"): 2.5}
    back = METHODOLOGY.read(saved(sheets.edited(data, change), tmp_path))
    assert {(s.key, s.is_stream): s.points for s in back.stated} == {
        ("1", False): 25000,
        ("s", True): 25000,
        ("total", False): 25000,
    }
    change = {
        ("item:1", "stated"): 3.5,
        ("stream:s", "stated"): "x",
        ("item:total", "stated"): 0.125,
        ("item:1.1", "stated"): 1,
    }
    assert problems(sheets.edited(data, change), tmp_path) == [
        'so-lieu.xlsx Tổng hợp!H5: "0,125" có quá 2 chữ số thập phân — ghi điểm như đã công bố',
        'so-lieu.xlsx Tổng hợp!H9: "x" là chữ, không phải số — nhập dạng số, không kèm chữ hay khoảng trắng',
        "so-lieu.xlsx chữ 1!H4: 3,5 ngoài khoảng 0 đến điểm tối đa 3 — kiểm tra lại số liệu",
        "so-lieu.xlsx chữ 1!H5: 1.1 là mục chấm từ số liệu",
    ]
    (text,) = problems(sheets.edited(template(METHODOLOGY, unit="X"), {("item:1", "stated"): 2}), tmp_path)
    assert text == "so-lieu.xlsx chữ 1!H4: ô này không thuộc số liệu nào của biểu — chuyển về đúng dòng của số liệu"
    stating = METHODOLOGY.read(tiny.evidence({"facts": {}, "stated": {"items": {"total": "2"}}}))
    with pytest.raises(par.ParError, match="the evidence states points of total"):
        template(METHODOLOGY, owner="b", evidence=stating)


def test_what_does_not_apply_is_declared_with_its_reason(tmp_path: Path) -> None:
    change = {("item:1.1", "outcome"): "không áp dụng", ("item:1.1", "why"): "không có"}
    data = sheets.edited(book({}), change)
    (declared,) = METHODOLOGY.read(saved(data, tmp_path)).declared
    assert (declared.code, declared.outcome.value, declared.why) == ("1.1", "not_applicable", "không có")
    (text,) = problems(sheets.edited(book({}), {("item:1.1", "outcome"): "không áp dụng"}), tmp_path)
    assert text == "so-lieu.xlsx chữ 1!L5: “không áp dụng” phải có lý do — nêu rõ lý do"
    change = {("item:1.2", "outcome"): "không áp dụng", ("item:1.2", "why"): "vì"}
    (text,) = problems(sheets.edited(book({}), change), tmp_path)
    assert text == "so-lieu.xlsx chữ 1!K8: mục 1.2 luôn áp dụng — hãy cung cấp số liệu"


def test_unit_and_stage_are_on_the_first_sheet(tmp_path: Path) -> None:
    def empty(opened: Any) -> None:
        opened.worksheets[0]["C6"].value = None

    assert problems(changed(template(METHODOLOGY), empty), tmp_path) == [
        "so-lieu.xlsx Hướng dẫn!C5: chưa ghi tên đơn vị — ghi ở trang đầu",
        "so-lieu.xlsx Hướng dẫn!C6: chưa ghi giai đoạn — ghi ở trang đầu",
    ]


def test_residues_of_arithmetic_are_what_excel_shows(tmp_path: Path) -> None:
    data = sheets.edited(book(), {("fact:1.1:planned", "input"): 0.1 + 0.2})
    assert METHODOLOGY.read(saved(data, tmp_path)).values[0, 1] == 30


def test_a_number_of_more_digits_than_excel_keeps_is_not_lost(tmp_path: Path) -> None:
    facts = FACTS | {"done": 123456789012345678}
    assert METHODOLOGY.read(saved(book(facts), tmp_path)).values[0, 0] == 123456789012345678


def test_an_agency_gets_its_own_facts_only(tmp_path: Path) -> None:
    found = read(template(METHODOLOGY, owner="b", unit="X"), "x.xlsx")
    assert set(found.columns) == {"unit"}
    data = sheets.edited(template(METHODOLOGY, owner="b", unit="X"), {("fact:1.1:planned", "input"): 7})
    back = METHODOLOGY.read(saved(data, tmp_path))
    assert back.present.tolist() == [[False, True, False, False]]
    with pytest.raises(par.DocumentError, match='no fact is of the agency "z"'):
        template(METHODOLOGY, owner="z")


def test_another_edition_is_a_warning_and_another_methodology_an_error(tmp_path: Path) -> None:
    other = par.from_document(DOCUMENT | {"title": {"vi": "khác", "en": "other"}})
    assessment = METHODOLOGY.assess(saved(template(other, unit="X"), tmp_path))
    (problem,) = assessment.problems
    assert (problem.code, problem.severity) == ("edition", "warning")
    town = par.load("example-town")
    with pytest.raises(par.EvidenceError, match='the evidence is for "example-town", not for tiny'):
        METHODOLOGY.read(saved(template(town, unit=town.document.units[0].name), tmp_path))


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def many_rows(opened: Any) -> None:
    opened.worksheets[2].cell(1_000_000, 1).value = "x"


HOSTILE: list[tuple[Callable[[], bytes], str]] = [
    (lambda: b"PK", "the file is damaged"),
    (lambda: book()[:5000], "the file is damaged"),
    (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "the file is encrypted or of an old format"),
    (lambda: with_part(book(), "xl/vbaProject.bin", b"x"), "the file carries macros"),
    (lambda: with_part(book(), "xl/media/a.bin", bytes(250 * 2**20)), "it unpacks to"),
    (lambda: with_part(book(), "xl/a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "declares entities"),
    (lambda: zipped(**{"a.txt": b"x"}), "the file cannot be read"),
    (lambda: changed(book(), many_rows), "more than 20,000 rows"),
    (lambda: changed(book(), lambda opened: opened.remove(opened["par"])), "was not made by par template or par split"),
]


@pytest.mark.parametrize(("make", "text"), HOSTILE)
def test_hostile_and_foreign_files_are_refused(make: Callable[[], bytes], text: str, tmp_path: Path) -> None:
    (found,) = problems(make(), tmp_path, "en")
    assert text in found


def test_texts_never_become_formulas_and_inputs_alone_are_open() -> None:
    opened = openpyxl.load_workbook(io.BytesIO(book(documents={"1.1": [{"number": "=HYPERLINK(1)"}]})))
    sheet = opened.worksheets[2]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "D4"
    columns = {str(cell.value).removeprefix("par:"): cell.column for cell in sheet[1]}
    open_ = {"input", "outcome", "why", "number", "date", "paper", "page", "link"}
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            name = next(n for n, c in columns.items() if c == cell.column)
            if not cell.protection.locked:
                assert name in open_
                assert cell.data_type != "f"
    assert sheet.cell(5, columns["number"]).value == "=HYPERLINK(1)"
    assert sheet.cell(5, columns["number"]).data_type == "s"


def test_the_commands(tmp_path: Path) -> None:
    path, source = tmp_path / "so-lieu.xlsx", "examples/dien-bien-2021/evidence.json"
    said, _ = run("template", "2021-province", "-o", str(path), "--from", source)
    assert said == f"Đã ghi {path}: 164 số liệu.\n"
    table, _ = run("score", str(path), "-m", "2021-province")
    assert table == run("score", source, "-m", "2021-province")[0]
    assert run("validate", str(path), "-m", "2021-province") == ("Không có lỗi.\n", "")
    words = ("-m", "2021-province", "-u", "Điện Biên", "-i", "1.1.2")
    assert run("explain", str(path), *words) == run("explain", source, *words)
    filled = path.read_bytes()
    _, error = run("template", "2021-province", "-o", str(path), code=1)
    assert error == f"✗ {path}: đã có tệp này — hãy đặt tên khác, để không mất số liệu đã điền\n1 vấn đề\n"
    assert path.read_bytes() == filled
    path.unlink()
    said, _ = run("template", "2021-province", "-o", str(path), "--agency", "tu-phap", "--unit", "Điện Biên")
    assert said == f"Đã ghi {path}: 11 số liệu.\n"
    _, error = run("template", "2021-province", "-o", str(tmp_path / "a.ods"), code=1)
    assert error == "✗ a.ods: biểu là tệp .xlsx — đặt tên tệp có đuôi .xlsx\n1 vấn đề\n"
    _, error = run("template", "2021-province", "-o", str(tmp_path / "b.xlsx"), "--unit", "Nowhere", code=1)
    assert not (tmp_path / "b.xlsx").exists()
    _, error = run(
        "template", "2023-province", "-o", str(tmp_path / "c.xlsx"), "--from", "examples/provinces-2023.csv", code=1
    )
    assert "chọn một bằng --unit" in error


@pytest.mark.parametrize(
    "title",
    [
        "_x0041_",
        "_x000D_",
        "_x005F_x0041_",
        "_x0041_x0042_",
        "x005F_",
        "a_x005f_b",
        "_x0041\x01",
        "a\rb",
        "_xFFFF_",
        "_x",
    ],
)
def test_what_looks_like_an_escape_comes_back_as_it_was(title: str, tmp_path: Path) -> None:
    papers = [{"number": title, "title": title}]
    data = book(documents={"1.1": papers}, outcomes={"1.1": {"outcome": "pending", "why": title}})
    back = METHODOLOGY.read(saved(data, tmp_path))
    assert back.documents["u0"]["1.1"] == papers
    assert back.declared[0].why == title


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["_", "x", "0041", "005F", "x005F_", "_x000D_", "\r", "\n", "\x01", "\uffff", "ê"]),
            st.characters(exclude_categories=["Cs"], exclude_characters="\ufdd0"),
        ),
        max_size=12,
    )
)
def test_cells_hold_any_text(parts: list[str]) -> None:
    text = "".join(parts)
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    made.add_worksheet().write_string(0, 0, escaped("|" + text + "|"))
    made.close()
    cell = grid(stable(out.getvalue()), "b.xlsx")["Sheet1"].rows[0][0]
    assert cell.value == unicodedata.normalize("NFC", "|" + text + "|")
