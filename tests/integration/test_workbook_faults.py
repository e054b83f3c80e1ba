"""A workbook with many mistakes: each is said with its cell, all at once, in the order of the sheets."""

import datetime
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)

import openpyxl
import sheets
import tiny
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

import par_engine as par
from par_engine.files.ooxml import stable
from par_engine.workbook.template import template

SHARE = {"name": "ratio", "floor": "0", "full_at": "1", "over": "refuse", "whole_zero": "zero"}
SURVEY = {
    "title": {"vi": "Phiếu hỏi", "en": "votes"},
    "combine": "weighted",
    "options": [{"id": id, "title": tiny.T, "share": share} for id, share in (("yes", "1"), ("no", "0"))],
    "groups": [{"id": "all", "title": tiny.T, "weight": "1"}],
    **tiny.BASE,
}
FIELD = {"title": tiny.T, **tiny.BASE}
DOCUMENT = tiny.document(
    [
        {"code": "1", "max": "4", **FIELD},
        tiny.leaf("1.1", "1", SHARE | {"part": "done", "whole": "planned"}, parent="1"),
        tiny.leaf("1.2", "1", {"name": "choice", "fact": "state", "points": {"good": "1", "bad": "0"}}, parent="1"),
        tiny.leaf("1.3", "1", {"name": "checklist", "points": {"tick": "1"}}, parent="1", may_not_apply=True),
        tiny.leaf("1.4", "1", SHARE | {"part": "right", "whole": "all"}, parent="1"),
        {"code": "2", "max": "3", **FIELD},
        tiny.leaf("2.1", "1", {"name": "tally", "fact": "seen", "each": "0.5"}, parent="2"),
        tiny.leaf("2.2", "1", {"name": "given", "fact": "marks"}, parent="2"),
        tiny.leaf("2.3", "1", {"name": "survey", "fact": "votes"}, "survey", parent="2"),
    ],
    {
        "done": tiny.COUNT | {"title": {"vi": "Việc đã làm", "en": "done"}},
        "planned": tiny.COUNT | {"title": {"vi": "Việc kế hoạch", "en": "planned"}},
        "state": {
            "type": "option",
            "options": [{"id": id, "title": {"vi": vi, "en": id}} for id, vi in (("good", "Tốt"), ("bad", "Kém"))],
        },
        "tick": tiny.BOOLEAN,
        "right": {"type": "decimal", "decimals": 1},
        "all": {"type": "decimal", "decimals": 1, "max": "50"},
        "seen": tiny.COUNT,
        "marks": {"type": "decimal", "decimals": 2},
        "votes": {"type": "ballots", "survey": "q"},
    },
    "7",
    surveys={"q": SURVEY},
    units=[{"id": "ha-noi", "name": "Hà Nội", "ranked": True}, {"id": "ha-nam", "name": "Hà Nam", "ranked": True}],
    settings={"units": "listed"},
)
METHODOLOGY = par.from_document(DOCUMENT)
MARKED = {
    ("cover:unit", "answer"): "Ha Noi",
    ("cover:stage", "answer"): None,
    ("item:total", "stated"): 8,
    ("fact:1.1:done", "input"): 9,
    ("fact:1.1:planned", "input"): 8,
    ("fact:1.1:done", "date"): "32/13/2000",
    ("fact:1.1:done", "number"): "12/KH",
    ("fact:1.1:planned", "date"): "hôm qua",
    ("fact:1.1:planned", "number"): "13/KH",
    ("fact:1.2:state", "input"): "Tàm tạm",
    ("fact:1.2:state", "date"): 36892,
    ("fact:1.2:state", "number"): "14/KH",
    ("item:1.2", "outcome"): "không áp dụng",
    ("item:1.2", "why"): "không có",
    ("item:1.3", "outcome"): "quên",
    ("fact:1.3:tick", "input"): "maybe",
    ("fact:1.3:tick", "paper"): "Kế hoạch",
    ("fact:1.4:right", "input"): 2.25,
    ("fact:1.4:all", "input"): 51.5,
    ("fact:2.1:seen", "input"): "=1+1",
    ("fact:2.2:marks", "input"): 1.5,
    ("fact:2.2:marks", "outcome"): "thiếu số liệu",
    ("ballots:2.3:votes:all", "option:yes"): 1.5,
    ("ballots:2.3:votes:all", "option:no"): "12 phiếu",
}
SAID = [
    'Hướng dẫn!C5: không có đơn vị "Ha Noi" — có phải là "Hà Nội"?',
    "Hướng dẫn!C6: chưa ghi giai đoạn — ghi ở trang đầu",
    "Tổng hợp!H6: 8 ngoài khoảng 0 đến điểm tối đa 7 — kiểm tra lại số liệu",
    "chữ 1!G6: “Việc đã làm” lớn hơn “Việc kế hoạch” — mục 1.1 không chấp nhận",
    'chữ 1!N6: "32/13/2000" không phải là ngày — ghi ngày/tháng/năm, năm đủ bốn chữ số',
    'chữ 1!N7: "hôm qua" không phải là ngày — ghi ngày/tháng/năm, năm đủ bốn chữ số',
    "chữ 1!K8: mục 1.2 luôn áp dụng — hãy cung cấp số liệu",
    'chữ 1!G9: "Tàm tạm" không có trong danh sách của “chữ” — chọn một: Tốt; Kém',
    'chữ 1!N9: "36892" không phải là ngày — nhập ngày/tháng/năm, ví dụ 31/12/2000',
    'chữ 1!K10: "quên" không có trong danh sách — chọn một: không áp dụng; chờ kết quả; thiếu số liệu',
    'chữ 1!G11: "maybe" không phải là có hoặc không — chọn có hoặc không',
    'chữ 1!M11: tài liệu chưa ghi số, ký hiệu — ví dụ "12/KH-UBND"',
    'chữ 1!G13: "2,25": “chữ” có quá 1 chữ số thập phân — làm tròn theo quy định của nguồn số liệu',
    'chữ 1!G14: "51,5" ngoài phạm vi cho phép của “chữ”: từ 0,0 đến 50,0 — kiểm tra lại số liệu và đơn vị tính',
    'chữ 2!G6: "=1+1" là công thức — dán giá trị (Dán đặc biệt → Giá trị)',
    "chữ 2!G8: “chữ” ngoài khoảng 0 đến điểm tối đa 1 — mục 2.2 không chấp nhận",
    "chữ 2!K8: ô này không thuộc số liệu nào của biểu — chuyển về đúng dòng của số liệu",
    'Phiếu hỏi!D5: "1,5" không phải là số phiếu — ghi số nguyên từ 0 trở lên',
    'Phiếu hỏi!E5: "12 phiếu" là chữ, không phải số — nhập dạng số, không kèm chữ hay khoảng trắng',
]


def made(**more: Any) -> bytes:
    return template(METHODOLOGY, unit="Hà Nội", stated=True, **more)


def problems(data: bytes, folder: Path, lang: str = "vi") -> list[str]:
    path = folder / "so-lieu.xlsx"
    path.write_bytes(data)
    with pytest.raises(par.ParError) as caught:
        METHODOLOGY.read(path)
    return [problem.text(lang).removeprefix("so-lieu.xlsx ") for problem in caught.value.problems]


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    opened = openpyxl.load_workbook(io.BytesIO(data))
    change(opened)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def put(cells: Mapping[str, Any], sheet: int = 2) -> Callable[[Any], None]:
    def change(opened: Any) -> None:
        for at, value in cells.items():
            opened.worksheets[sheet][at].value = value

    return change


def test_nineteen_mistakes_are_said_in_one_run_in_the_order_of_the_sheets(tmp_path: Path) -> None:
    assert problems(sheets.edited(made(), MARKED), tmp_path) == SAID


def test_a_workbook_of_another_methodology_is_told_so_alone(tmp_path: Path) -> None:
    other = par.from_document(DOCUMENT | {"id": "other"})
    data = sheets.edited(template(other, unit="Hà Nội", stated=True), MARKED)
    assert problems(data, tmp_path) == [
        'so-lieu.xlsx: số liệu này thuộc bộ tiêu chí "other", không phải tiny — chọn đúng bộ tiêu chí'
    ]


def test_one_cell_has_one_problem_and_what_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    change = {
        ("item:1.3", "outcome"): "không áp dụng",
        ("item:1.3", "why"): "=A1",
        ("fact:1.1:done", "number"): "#N/A",
        ("fact:1.1:done", "date"): "31/12/2000",
        ("cover:unit", "answer"): "=A1",
    }
    assert problems(sheets.edited(made(), change), tmp_path) == [
        'Hướng dẫn!C5: "=A1" là công thức — dán giá trị (Dán đặc biệt → Giá trị)',
        'chữ 1!M6: "#N/A" là lỗi — nhập giá trị',
        'chữ 1!L10: "=A1" là công thức — dán giá trị (Dán đặc biệt → Giá trị)',
    ]


def test_a_sheet_without_a_column_is_still_read(tmp_path: Path) -> None:
    def spoil(opened: Any) -> None:
        opened.worksheets[2]["G6"].value = "x"
        opened.worksheets[2].delete_cols(12)

    assert problems(changed(made(), spoil), tmp_path) == [
        "chữ 1: thiếu cột: Lý do, giải trình — lấy biểu mới bằng par template",
        'chữ 1!G6: "x" là chữ, không phải số — nhập dạng số, không kèm chữ hay khoảng trắng',
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/12/2000", "2000-12-31"),
        ("1-2-2000", "2000-02-01"),
        ("1.2.2000", "2000-02-01"),
        ("2000-02-29", "2000-02-29"),
        (datetime.datetime(2000, 2, 1, 10, 30), "2000-02-01"),
    ],
)
def test_days_of_documents_are_days_however_they_are_typed(typed: Any, day: str, tmp_path: Path) -> None:
    change = {("fact:1.1:done", "number"): "1/KH", ("fact:1.1:done", "date"): typed}
    path = tmp_path / "so-lieu.xlsx"
    path.write_bytes(sheets.edited(made(), change))
    evidence = METHODOLOGY.read(path)
    assert evidence.documents["ha-noi"]["1.1"] == [{"number": "1/KH", "date": day}]
    again = openpyxl.load_workbook(io.BytesIO(template(METHODOLOGY, evidence=evidence)))
    assert again.worksheets[2]["N5"].value == f"{day[8:]}/{day[5:7]}/{day[:4]}"


@pytest.mark.parametrize("typed", ["1/2/00", "29/02/2001", "tháng 2/2000", "2000", 2000, True, datetime.time(1, 2)])
def test_what_is_no_day_is_refused_at_its_cell(typed: Any, tmp_path: Path) -> None:
    change = {("fact:1.1:done", "number"): "1/KH", ("fact:1.1:done", "date"): typed}
    (text,) = problems(sheets.edited(made(), change), tmp_path)
    assert text.startswith("chữ 1!N6: ")
    assert "không phải là ngày" in text


def test_days_of_documents_are_held_to_the_calendar_in_every_form_of_evidence(tmp_path: Path) -> None:
    def papers(day: str) -> dict[str, Any]:
        entry = {"facts": {}, "documents": {"1.1": [{"number": "1", "date": day}]}}
        return tiny.evidence(**{"ha-noi": entry})

    assert METHODOLOGY.read(papers("1/2/2000")).documents["ha-noi"]["1.1"][0]["date"] == "2000-02-01"
    with pytest.raises(par.EvidenceError) as caught:
        METHODOLOGY.read(papers("hôm qua"))
    (problem,) = caught.value.problems
    assert problem.text() == (
        'evidence /units/0/documents/1.1/0/date: "hôm qua" is no day — write DD/MM/YYYY or YYYY-MM-DD'
    )
    path = tmp_path / "a.csv"
    path.write_text("unit,document:1.1:1:number,document:1.1:1:date\nha-noi,1,32/13/2000\n", encoding="utf-8")
    with pytest.raises(par.EvidenceError, match=r"line 2, column document:1.1:1:date: .* is no day"):
        METHODOLOGY.read(path)


def test_formulas_of_several_cells_are_shown_by_their_text(tmp_path: Path) -> None:
    spoil = put(
        {
            "G6": ArrayFormula("G6:G7", "=SUM(A1:A2*B1:B2)"),
            "G13": DataTableFormula("G13:G14", r1="A1", dt2D=False),
        }
    )
    value = "dán giá trị (Dán đặc biệt → Giá trị)"
    assert problems(changed(made(), spoil), tmp_path) == [
        f'chữ 1!G6: "=SUM(A1:A2*B1:B2)" là công thức — {value}',
        f'chữ 1!G13: "=TABLE(A1,)" là công thức — {value}',
    ]


@pytest.mark.parametrize("form", ['0.0"%"', "0.0\\%", '#,##0.0" %";-0.0" %"', "0.0_%", "[$%-42A]0.0"])
def test_a_percent_sign_that_only_stands_there_does_not_scale(form: str, tmp_path: Path) -> None:
    def mark(opened: Any) -> None:
        cell = opened.worksheets[2]["G14"]
        cell.value, cell.number_format = 8.5, form

    path = tmp_path / "so-lieu.xlsx"
    path.write_bytes(changed(made(), mark))
    evidence = METHODOLOGY.read(path)
    assert evidence.values[0, METHODOLOGY.scheme.columns["all"].start] == 85


@pytest.mark.parametrize("form", ["0%", '0.0"a"%', "[Red]0%;-0%"])
def test_a_percent_sign_that_scales_is_refused(form: str, tmp_path: Path) -> None:
    def mark(opened: Any) -> None:
        cell = opened.worksheets[2]["G14"]
        cell.value, cell.number_format = 0.085, form

    assert problems(changed(made(), mark), tmp_path) == [
        "chữ 1!G14: ô đang ở dạng phần trăm (8,5 %) — định dạng lại là số rồi nhập 8,5"
    ]


def test_a_value_that_is_struck_out_is_asked_about(tmp_path: Path) -> None:
    def strike(opened: Any) -> None:
        opened.worksheets[2]["G6"].value = 8
        opened.worksheets[2]["G6"].font = Font(strike=True)

    assert problems(changed(made(), strike), tmp_path) == [
        'chữ 1!G6: "8" bị gạch ngang — xóa nội dung ô, hoặc bỏ gạch ngang'
    ]


def test_what_is_out_of_sight_counts_and_is_said(tmp_path: Path) -> None:
    def hide(opened: Any) -> None:
        first, second = opened.worksheets[2], opened.worksheets[3]
        first["G6"].value, first["G7"].value = 3, 4
        first.row_dimensions[6].hidden = True
        first.row_dimensions[9].hidden = True  # nothing is typed there
        first.column_dimensions["G"].hidden = True
        second["G6"].value = 1
        second.sheet_state = "hidden"

    path = tmp_path / "so-lieu.xlsx"
    path.write_bytes(changed(made(), hide))
    assert METHODOLOGY.read(path).present[0].sum() == 3
    assert [problem.text("vi") for problem in METHODOLOGY.assess(path).problems] == [
        "so-lieu.xlsx chữ 1: các cột đang bị ẩn: G; số liệu nhập ở đó vẫn được tính — bỏ ẩn, bỏ lọc rồi kiểm tra lại",
        "so-lieu.xlsx chữ 1: các dòng đang bị ẩn hoặc bị lọc: 6; số liệu nhập ở đó vẫn được tính"
        " — bỏ ẩn, bỏ lọc rồi kiểm tra lại",
        "so-lieu.xlsx chữ 2: trang này đang bị ẩn; số liệu nhập ở đó vẫn được tính — bỏ ẩn, bỏ lọc rồi kiểm tra lại",
    ]


def test_a_strict_workbook_is_refused_by_its_name(tmp_path: Path) -> None:
    old = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    new = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    data = stable(made(), lambda name, part: part.replace(old, new) if name.endswith(".xml") else part)
    assert problems(data, tmp_path) == [
        "so-lieu.xlsx: tệp được lưu ở dạng Strict Open XML — lưu lại ở dạng Sổ làm việc Excel (Excel Workbook, .xlsx),"
        " không chọn dạng Strict"
    ]


def test_signs_that_office_programs_escape_are_read(tmp_path: Path) -> None:
    data = sheets.edited(made(), {("item:1.3", "outcome"): "thiếu số liệu", ("item:1.3", "why"): "chưa_x000D_\nxong"})
    path = tmp_path / "so-lieu.xlsx"
    path.write_bytes(data)
    (declared,) = METHODOLOGY.read(path).declared
    assert declared.why == "chưa\r\nxong"


def test_an_explanation_of_what_is_not_there_goes_from_the_workbook_to_the_report(tmp_path: Path) -> None:
    from par_engine.evidence.canonical import document
    from par_engine.publish.details import Details
    from par_engine.publish.report import context
    from par_engine.publish.selfscore import SelfScore

    change = {
        ("fact:1.1:done", "input"): 1,
        ("fact:1.1:planned", "input"): 2,
        ("item:1.1", "why"): "Văn bản đang chờ ký",
        ("item:1.2", "why"): "Chưa có số liệu quý 4",
        ("item:2", "why"): "Lĩnh vực này báo cáo sau",
    }
    path = tmp_path / "so-lieu.xlsx"
    path.write_bytes(sheets.edited(made(), change))
    evidence = METHODOLOGY.read(path)
    texts = {"1.1": "Văn bản đang chờ ký", "1.2": "Chưa có số liệu quý 4", "2": "Lĩnh vực này báo cáo sau"}
    assert evidence.explanations == {"ha-noi": texts}
    assert [problem.text("vi") for problem in METHODOLOGY.assess(path).problems] == [
        "so-lieu.xlsx chữ 1!L8: mục 1.2 có giải trình nhưng chưa có số liệu: được tính là thiếu số liệu"
        " — nếu không áp dụng, hãy chọn ở cột “Trường hợp khác”"
    ]
    kept = tmp_path / "so-lieu.json"
    kept.write_bytes(document(METHODOLOGY.scheme, evidence))
    again = METHODOLOGY.read(kept)
    assert again.explanations == evidence.explanations
    (tmp_path / "hai.xlsx").write_bytes(template(METHODOLOGY, evidence=again))
    assert METHODOLOGY.read(tmp_path / "hai.xlsx").explanations == evidence.explanations
    gaps = context(SelfScore(METHODOLOGY.assess(evidence), "ha-noi"), Details())["gaps"]
    said = {gap["code"]: gap["text"] for gap in gaps}
    assert (said["1.1"], said["1.2"], said["2.1"]) == (texts["1.1"], texts["1.2"], texts["2"])


@pytest.mark.parametrize(
    ("explanations", "text"),
    [
        ({"1.9": "x"}, 'evidence /units/0/explanations/1.9: there is no item "1.9"'),
        ({"1.1": " "}, "evidence /units/0/explanations/1.1: an explanation is a text — write a sentence"),
        ([], "evidence /units/0/explanations: [] is not an object"),
    ],
)
def test_explanations_are_texts_by_item(explanations: Any, text: str) -> None:
    with pytest.raises(par.EvidenceError) as caught:
        METHODOLOGY.read(tiny.evidence(**{"ha-noi": {"facts": {}, "explanations": explanations}}))
    assert str(caught.value).startswith(text)


def test_explanations_stand_in_tables_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("unit,explanation:1.1\nha-noi,chờ ký\nha-nam,\n", encoding="utf-8")
    assert METHODOLOGY.read(path).explanations == {"ha-noi": {"1.1": "chờ ký"}}
    path.write_text("unit,explanation:9\nha-noi,chờ ký\n", encoding="utf-8")
    with pytest.raises(par.EvidenceError, match=r'line 2, column explanation:9: there is no item "9"'):
        METHODOLOGY.read(path)
