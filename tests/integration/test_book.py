"""The workbook: its formulas, computed again by LibreOffice, give the engine's figures; texts stay texts."""

import datetime
import io
import json
import re
import shutil
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)

import openpyxl
import sixty

import par_engine as par
from par_engine.comparison.history import compared
from par_engine.files.row_heights import line_height
from par_engine.publish.book import book

ITEMS, LEAGUE, FIELDS, LOST = "Mục", "Xếp hạng", "Lĩnh vực", "Điểm mất"

ROOT = Path(__file__).parents[2]
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
office = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")


def evidence(name: str) -> Any:
    methodology = par.load("2021-province")
    if name == "sixty":
        return methodology.assess(sixty.evidence(methodology, "appraisal", 1))
    id, path = {
        "ministries": ("2023-ministry", "ministries-2023.csv"),
        "provinces": ("2023-province", "provinces-2023.csv"),
        "town": ("example-town", "example-town.json"),
        "leed": ("leed-bdc-v4", "leed.json"),
    }[name]
    return par.load(id).assess(ROOT / "examples" / path)


def sheets(data: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def again(data: bytes, folder: Path) -> Any:
    """The workbook after LibreOffice has computed all formulas itself."""
    user = folder / "home" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    source, out = folder / "in.xlsx", folder / "out"
    source.write_bytes(data)
    words = [f"-env:UserInstallation={(folder / 'home').as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run(["soffice", *words, str(out), str(source)], capture_output=True, check=True, timeout=180)
    return openpyxl.load_workbook(out / "in.xlsx", data_only=True)


def near(cell: Any, figure: Any) -> bool:
    if figure is None or cell is None:
        return (cell or None) is None and figure is None
    return abs(Fraction(str(cell)) - Fraction(str(figure))) < Fraction(1, 10**7)


def holds(read: Any, assessment: par.Assessment) -> None:
    """Every figure of the workbook is the engine's."""
    ranking, items = assessment.league(), read[ITEMS]
    codes = ["total", *assessment.scheme.items]
    for j, unit in enumerate(ranking):
        for i, code in enumerate(codes):
            cell, points = items.cell(5 + i, 6 + j).value, unit.item(code).points
            assert isinstance(cell, str) or near(cell, points), (unit.id, code, cell, points)
            assert isinstance(cell, str) is (points is None and cell is not None)
        rank, name, index, _, points, attainable = (read[LEAGUE].cell(5 + j, c).value for c in range(1, 7))
        assert (rank, name) == (unit.rank or "—", unit.name)
        assert near(index, unit.index) and near(points, unit.points) and near(attainable, unit.attainable)
        group = read[LEAGUE].cell(5 + j, 4).value
        titles = {g.id: g.title.vi for g in assessment.scheme.document.groups}
        assert (group or "") == titles.get(unit.group or "", "")
    fields = [item for item in assessment.scheme.document.items if item.parent is None]
    for j, unit in enumerate(ranking):
        assert all(near(read[FIELDS].cell(5 + j, 2 + k).value, unit.item(f.code).points) for k, f in enumerate(fields))
    counts = {row[0]: row[2] for row in read["Nhóm"].iter_rows(min_row=5, values_only=True)}
    groups = assessment.scheme.document.groups
    placed = [unit for unit in ranking if unit.rank is not None]
    wanted = {g.title.vi: sum(u.group == g.id for u in placed) for g in groups}
    if len(placed) < len(ranking):
        wanted["Không tính: không xếp hạng, chưa có hạng"] = len(ranking) - len(placed)
    assert counts == wanted


@pytest.mark.parametrize("name", ["ministries", "provinces", "sixty", "town", "leed"])
def test_values_are_the_engine_s_before_anyone_computes(name: str) -> None:
    assessment = evidence(name)
    holds(sheets(book([assessment]), values=True), assessment)


@office
@pytest.mark.source
@pytest.mark.parametrize("name", ["ministries", "provinces", "sixty", "town", "leed"])
def test_formulas_computed_again_give_the_same(name: str, tmp_path: Path) -> None:
    assessment = evidence(name)
    data = book([assessment])
    read = again(data, tmp_path)
    holds(read, assessment)
    kept = sheets(data, values=True)[LOST]
    for row in kept.iter_rows(min_row=5):
        for cell in row[4:6]:
            assert near(round(read[LOST][cell.coordinate].value, 6), round(cell.value, 6)), cell.coordinate
    for sheet in read:
        for row in sheet.iter_rows(values_only=True):
            assert not [x for x in row if isinstance(x, str) and x.startswith(("#", "Err:"))]


@office
@pytest.mark.source
def test_a_changed_leaf_moves_everything_above_it(tmp_path: Path) -> None:
    assessment = evidence("sixty")
    changed = sheets(book([assessment]), values=False)
    items = changed[ITEMS]
    codes = ["total", *assessment.scheme.items]
    row, last = 5 + codes.index("1.1.1"), max(j for j, unit in enumerate(assessment.league()) if unit.rank is not None)
    before = items.cell(row, 6 + last).value
    items.cell(row, 6 + last).value = before + 60
    out = io.BytesIO()
    changed.save(out)
    read = again(out.getvalue(), tmp_path)
    unit = assessment.league()[last]
    total = Fraction(unit.points or 0) + 60
    assert near(read[ITEMS].cell(5, 6 + last).value, total)
    assert read[LEAGUE].cell(5 + last, 1).value == 1  # the last is the first now
    assert near(read[LEAGUE].cell(5 + last, 5).value, total)


@office
@pytest.mark.source
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
@pytest.mark.parametrize("name", ["ministries", "provinces"])
def test_the_printed_workbook_says_the_same_with_decimal_commas(name: str, tmp_path: Path) -> None:
    assessment = evidence(name)
    source = tmp_path / "bang.xlsx"
    source.write_bytes(book([assessment]))
    words = ["soffice", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*words, str(source)], cwd=tmp_path, capture_output=True, check=True, timeout=180)
    words = ["pdftotext", "-layout", str(tmp_path / "bang.pdf"), "-"]
    shown = subprocess.run(words, capture_output=True, check=True, encoding="utf-8").stdout
    digits = assessment.scheme.document.settings.leaf_decimals
    for unit in assessment.league():
        # a face without a letter gets it from another one, and readers see a blank there
        name = " ?".join(map(re.escape, unit.name.replace(" ", "")))
        line = re.search(rf"^ *{unit.rank} +{name} +(\S+) .*? (\d+,\d+) +(\d+,\d+) ", shown, re.MULTILINE)
        assert line is not None, unit.name
        assert [text.replace(",", ".") for text in line.groups()] == [
            str(unit.index),
            *(f"{x:.{digits}f}" for x in (unit.points, unit.attainable)),
        ]


def test_inner_items_and_the_league_are_formulas() -> None:
    read = sheets(book([evidence("sixty")]), values=False)
    cells = [cell.value for row in read[ITEMS].iter_rows(min_row=5) for cell in row[5:]]
    assert sum(isinstance(x, str) and x.startswith("=SUM(") for x in cells) == 63 * 42
    assert read[LEAGUE]["A5"].value.startswith("=RANK(") and read[LEAGUE]["C5"].value.startswith("=ROUND(100*")
    assert sum(isinstance(x, (int, float)) for x in cells) > 63 * 100


HOSTILE = '=HYPERLINK("http://x","y")'


def test_text_from_outside_stays_text() -> None:
    methodology = par.load("leed-bdc-v4")
    leaf = methodology.scheme.leaves[0].code
    units = [{"unit": HOSTILE, "documents": {leaf: [{"number": "=1+1", "link": "http://x", "title": "\x00@SUM(1)"}]}}]
    content = {"methodology": methodology.id, "stage": "=1+1", "note": "+1", "units": units}
    data = book([methodology.assess(content)])
    read = sheets(data, values=False)
    for sheet in read:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    assert cell.data_type == "s" or not any(x in cell.value for x in ("HYPERLINK", "1+1"))
                assert cell.hyperlink is None
    assert read[LEAGUE]["B5"].value == HOSTILE and read[LEAGUE]["B5"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if name.endswith(".rels") and b"http://x" in package.read(name)]


def test_the_workbook_speaks_english() -> None:
    read = sheets(book([evidence("town")], "en"), values=True)
    names = ["Summary", "Fields", "Items", "League", "Groups", "Lost points", "Method", "Journal"]
    assert read.sheetnames == names
    assert [cell.value for cell in read["League"][4]][:4] == ["Rank", "Unit", "Index", "Group"]
    words = {str(cell.value) for name in names for row in read[name].iter_rows() for cell in row if cell.value}
    own = evidence("town")
    said = {u.name for u in own.units} | {own.evidence.note}
    accents = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
    left = {word for word in words if accents.search(word.lower()) and not any(name in word for name in said)}
    assert all("Kế hoạch năm" in word or "Nhà di tích" in word for word in left), left  # words of the evidence


@office
@pytest.mark.source
def test_stages_stand_beside_one_another_and_their_difference_is_alive(tmp_path: Path) -> None:
    methodology = par.load("2021-province")
    drawn = (("self-assessment", 2), ("appraisal", 1), ("final", 3))
    stages = [methodology.assess(sixty.evidence(methodology, *each)) for each in drawn]
    data = book(stages)
    assert data == book(stages)
    read = again(data, tmp_path)
    sheet = read["Giai đoạn"]
    heads = [cell.value for cell in sheet[4]]
    assert heads == ["Đơn vị", "Mã", "Mục", "Tự đánh giá", "Thẩm định", "Thẩm định xong", "Chênh lệch"]
    ids = {unit.name: unit.id for unit in stages[-1].units}
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len({row[0] for row in rows}) == 63 and len(rows) > 63 * 50
    apart = 0
    for name, code, _, *points, difference in rows:
        wanted = [one.unit(ids[name]).item(code or "total").points for one in stages]
        assert all(near(x, y) for x, y in zip(points, wanted, strict=True)), (name, code)
        known = [f for f in (one.unit(ids[name]).item(code or "total") for one in stages) if f.points is not None]
        if len(known) > 1 and known[0].attainable != known[-1].attainable:
            assert difference.startswith("≠ "), (name, code)
            apart += 1
        else:
            change = Fraction(known[-1].points) - Fraction(known[0].points) if len(known) > 1 else None
            assert near(difference, change), (name, code)
    assert 0 < apart < len(rows) / 2


def test_points_out_of_different_maxima_have_no_difference() -> None:
    methodology = par.load("2021-province")
    content = json.loads((ROOT / "examples/dien-bien-2021/evidence.json").read_text(encoding="utf-8"))
    before = methodology.assess(sixty.without_surveys(content, methodology))
    data = book([before, methodology.assess({**content, "stage": "final"})])
    rows = {
        row[1] or "": row[3:] for row in sheets(data, values=True)["Giai đoạn"].iter_rows(min_row=5, values_only=True)
    }
    assert rows[""] == (55.1306, 82.1637, "≠ 66,5 → 100") and rows["5"][2] == "≠ 6 → 14"
    assert len(rows) == 7 and all(row[2].startswith("≠ ") for row in rows.values())


def test_years_have_a_change_only_where_they_compare(tmp_path: Path) -> None:
    paths = []
    for id, seed in (("2021-province", 1), ("2022-province", 2)):
        older = par.load(id)
        paths.append(tmp_path / f"{id}.json")
        report = older.assess(sixty.evidence(older, "appraisal", seed, 0)).report()
        paths[-1].write_text(json.dumps(report), encoding="utf-8")
    methodology = par.load("2023-province")
    last = methodology.assess(sixty.evidence(methodology, "final", 7, 0))
    told = compared(paths, last, methodology)
    data = book([last], "vi", told)
    read, kept = sheets(data, values=True)["Các kỳ"], sheets(data, values=False)["Các kỳ"]
    rows = {
        (row[0], row[1] or "total"): (row, i) for i, row in enumerate(read.iter_rows(min_row=5, values_only=True), 5)
    }
    reports = [json.loads(path.read_text(encoding="utf-8"))["units"] for path in paths]
    before = [next(unit for unit in units if unit["unit"] == "dien-bien") for units in reports]
    row, line = rows["Điện Biên", "total"]
    assert near(row[3], before[0]["index"]) and near(row[5], before[1]["index"])
    assert near(row[7], last.unit("dien-bien").index)
    assert row[4].startswith("≠ SIPAS đổi phương pháp")
    assert (
        near(row[6], Fraction(str(row[7])) - Fraction(str(row[5]))) and kept.cell(line, 7).value == f"=H{line}-F{line}"
    )
    row, line = rows["Điện Biên", "2"]
    assert isinstance(row[4], float) and isinstance(row[6], float)


def test_the_same_assessment_makes_the_same_bytes() -> None:
    assert book([evidence("sixty")]) == book([evidence("sixty")])
    read = sheets(book([evidence("ministries")]), values=True)
    title = "Chỉ số cải cách hành chính năm 2023 của các bộ, cơ quan ngang bộ"
    assert read.properties.created == datetime.datetime(2000, 1, 1)
    assert read.sheetnames == ["Tóm tắt", FIELDS, ITEMS, LEAGUE, "Nhóm", LOST, "Phương pháp", "Nhật ký"]
    assert all(sheet["A2"].value.startswith(f"{title}: 0 trên 100 điểm dựa vào số dựng lại") for sheet in read)


@pytest.mark.parametrize("name", ["ministries", "provinces", "sixty", "town", "leed"])
def test_losses_are_out_of_the_maxima_of_those_that_have_points(name: str) -> None:
    assessment = evidence(name)
    rows = {row[0]: row for row in sheets(book([assessment]), values=True)[LOST].iter_rows(min_row=5, values_only=True)}
    for code in assessment.scheme.under("total"):
        found = [unit.item(code) for unit in assessment.units]
        known = [(f.attainable, f.points) for f in found if f.points is not None]
        assert all(top == figure.max for top, _ in known for figure in found[:1])
        if known and found[0].max:
            lost = sum((Fraction(top or 0) - Fraction(points) for top, points in known), Fraction(0))
            assert rows[code][3] == len(known) and near(rows[code][4], lost), code
    assert len(rows) == sum(any(u.item(c).points is not None for u in assessment.units) for c in rows)


def test_what_is_inside_stated_points_is_said_in_as_many_letters_as_fit() -> None:
    read = sheets(book([evidence("provinces")]), values=True)[ITEMS]
    said = {cell.value for row in read.iter_rows(min_row=5) for cell in row[5:] if isinstance(cell.value, str)}
    assert "(ghi chung)" in said and max(map(len, said)) <= 20
    assert read["A1"].value.endswith("(ghi chung): không có số riêng, nằm trong một điểm đã ghi cho cả phần")
    assert "ghi chung" not in sheets(book([evidence("sixty")]), values=True)[ITEMS]["A1"].value


def test_rows_are_as_high_as_what_stands_among_the_numbers() -> None:
    read = sheets(book([evidence("sixty")]), values=True)[ITEMS]
    waiting = [
        row[0].row
        for row in read.iter_rows(min_row=5)
        if any(isinstance(cell.value, str) and len(cell.value) > 14 for cell in row[5:])
    ]
    assert waiting and all((read.row_dimensions[row].height or 0) >= 2 * line_height(12) for row in waiting)


def test_contradictions_stand_in_the_journal() -> None:
    read = sheets(book([evidence("provinces")]), values=True)
    said = [row[3] for row in read["Nhật ký"].iter_rows(min_row=5, values_only=True) if row[2] == "mâu thuẫn"]
    assert len(said) == 1 and "Hòa Bình: tổng điểm ghi 86,89, các phần cộng lại là 87,89" in said[0]
