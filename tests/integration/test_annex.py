"""Annexes end to end: export and import of every methodology, layouts as they are published, hostile files."""

import contextlib
import copy
import io
import json
import random
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

for module in ("lark", "openpyxl", "docx"):
    pytest.importorskip(module)

import annexes
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import run

import par_engine as par
from par_engine.annex import writing
from par_engine.annex.draft import Draft, draft
from par_engine.annex.layout import Open
from par_engine.annex.rules import as_reading, same
from par_engine.annex.tables import read_annex
from par_engine.methodology.model import Document

ROOT = Path(__file__).parents[2]
IDS = sorted(listing.id for listing in par.installed())


def written(document: Document, kind: str, folder: Path) -> Path:
    path = folder / f"annex.{kind}"
    path.write_bytes(getattr(writing, kind)(document))
    return path


def without_sources(document: dict[str, Any]) -> dict[str, Any]:
    out = copy.deepcopy(document)
    out.pop("sources")
    for item in out["items"]:
        for key in ("sources", "place"):
            item.pop(key, None)
    return out


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("id", IDS)
def test_what_is_exported_is_imported_unchanged(id: str, kind: str, tmp_path: Path) -> None:
    base = par.load(id).document
    found = draft(read_annex(written(base, kind, tmp_path)), base)
    assert isinstance(found, Draft)
    assert found.questions == ()
    assert (found.understood, found.leaves) == (2 * (sum(i.rule is not None for i in base.items),))
    before = base.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert without_sources(found.document) == without_sources(before)


def stripped(base: Document) -> Document:
    """The same frame with one leaf only, so that nothing can be kept from it."""
    data = base.model_dump(mode="json", by_alias=True, exclude_unset=True)
    item = next(i for i in data["items"] if "rule" in i)
    data["items"] = [{**item, "code": "zz.old", "title": {"vi": "không còn", "en": "gone"}}]
    data["items"][0].pop("parent", None)
    return Document.model_construct(
        **{**base.__dict__, "items": [type(base.items[0]).model_validate(data["items"][0])]}
    )


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("id", IDS)
def test_the_annex_alone_says_every_core_rule(id: str, kind: str, tmp_path: Path) -> None:
    base = par.load(id).document
    found = draft(read_annex(written(base, kind, tmp_path)), stripped(base))
    assert isinstance(found, Draft)
    made = {item["code"]: item for item in found.document["items"]}
    assert list(made) == [item.code for item in base.items]
    own = 0
    for item in base.items:
        assert F(made[item.code]["max"]) == item.max
        if item.rule is None:
            continue
        assert made[item.code]["stream"] == item.stream
        known = as_reading(item.rule, base.facts, item.max)
        if known is None:
            own += 1
            assert made[item.code]["to_do"]
            continue
        assert "to_do" not in made[item.code], (item.code, made[item.code]["rule_text"])
        doc = {**found.document, "items": [{k: v for k, v in made[item.code].items() if k != "parent"}]}
        again = type(item).model_validate(doc["items"][0])
        facts = {k: type(next(iter(base.facts.values()))).model_validate(v) for k, v in found.document["facts"].items()}
        assert again.rule is not None
        read = as_reading(again.rule, facts, item.max)
        boolean = item.rule.name == "choice" and base.facts[item.rule.facts()[0]].type == "boolean"
        assert read is not None
        assert same(read, known, boolean=boolean), item.code
    assert own == sum("." in item.rule.name for item in base.items if item.rule)


def test_scores_after_the_round_trip_are_the_same(tmp_path: Path) -> None:
    methodology = par.load("2021-province")
    document = methodology.document
    found = draft(read_annex(written(document, "docx", tmp_path)), document)
    assert isinstance(found, Draft)
    again = par.from_document(found.document)
    rng = random.Random(7)
    facts = [{name: value for item in document.items for name, value in _facts(item, document, rng)} for _ in range(25)]
    units = [{"unit": document.units[n].id, "facts": one} for n, one in enumerate(facts)]
    evidence = {"methodology": "2021-province", "stage": "s", "units": units}
    one, two = methodology.assess(evidence), again.assess(evidence)
    assert [(u.id, u.points, u.index, u.rank) for u in one.units] == [
        (u.id, u.points, u.index, u.rank) for u in two.units
    ]
    assert len({u.points for u in one.units}) > 20


def _facts(item: Any, document: Document, rng: random.Random) -> list[tuple[str, Any]]:
    if item.rule is None or rng.random() < 0.1:
        return []
    out: list[tuple[str, Any]] = []
    for n, name in enumerate(item.rule.facts()):
        fact = document.facts[name]
        if fact.type == "boolean":
            out.append((name, rng.random() < 0.7))
        elif fact.type == "option":
            out.append((name, rng.choice(fact.options or []).id))
        elif fact.type == "count":
            out.append((name, rng.randrange(90) + 100 * n))
        elif fact.type == "decimal":
            out.append(
                (name, str(rng.randrange(0, 1 + int(100 * (fact.max or 1)), 5) / 100 + (0 if fact.max else 9 * n)))
            )
    return out


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_files_are_the_same_bytes_on_every_run(kind: str) -> None:
    document = par.load("example-town").document
    assert getattr(writing, kind)(document) == getattr(writing, kind)(document)


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    import openpyxl

    data = par.load("example-town").document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["items"][0]["title"]["vi"] = '=HYPERLINK("http://x","y")'
    data["title"]["vi"] = "+1+cmd|' /C calc'!A0"
    path = written(Document.model_validate(data), "xlsx", tmp_path)
    cells = [c for row in openpyxl.load_workbook(path).active.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells if c.column != 3} == {"s"}
    assert {c.data_type for c in cells if c.column == 3 and c.row > 4} == {"n"}
    assert any(c.value == '=HYPERLINK("http://x","y")' for c in cells)


BASE = "example-town"


def imported(path: Path, base: str = "2021-province") -> Draft:
    found = draft(read_annex(path), par.load(base).document)
    assert isinstance(found, Draft), found
    return found


ROWS = [
    ["1", "CÔNG TÁC CHỈ ĐẠO", "2,5", "", ""],
    ["1.1", "Kế hoạch CCHC", "1,5", "", ""],
    ["1.1.1", "Ban hành kế hoạch", "0,5", "Thẩm định", ""],
    ["", "Ban hành kịp thời: 0,5", "", "", ""],
    ["", "Không ban hành: 0", "", "", ""],
    ["1.1.2", "Mức độ hoàn thành\nHoàn thành 100% kế hoạch: 1; dưới 100% kế hoạch: 0", "1", "Thẩm định", ""],
    ["1.2", "Chế độ báo cáo\ntheo quy định", "1", "Thẩm định", "x"],
    ["", "Mỗi báo cáo trễ hạn trừ 0,25 điểm", "", "", ""],
    ["", "Tổng điểm", "2,5", "", ""],
]
WANT = [
    ("1", None, "5/2", None),
    ("1.1", "1", "3/2", None),
    ("1.1.1", "1.1", "1/2", "choice"),
    ("1.1.2", "1.1", "1", "bands"),
    ("1.2", "1", "1", "deduction"),
]


def outline(found: Draft) -> list[tuple[str, str | None, str, str | None]]:
    return [
        (i["code"], i.get("parent"), str(F(i["max"])), i.get("rule", {}).get("name")) for i in found.document["items"]
    ]


def roman(rows: list[list[str]], codes: dict[str, str]) -> list[list[str]]:
    return [[codes.get(row[0], row[0]), *row[1:]] for row in rows]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("plain", [annexes.HEAD, *ROWS]),
        (
            "roman, numbering restarts",
            [annexes.HEAD, *roman(ROWS, {"1": "I", "1.1": "1", "1.1.1": "1.1", "1.1.2": "1.2", "1.2": "2"})],
        ),
        ("roman, full codes", [annexes.HEAD, *roman(ROWS, {"1": "I"})]),
        (
            "two rows of header, numbers of columns",
            [annexes.HEAD, ["", "", "", "Tự đánh giá", "Thẩm định"], ["(1)", "(2)", "(3)", "(4)", "(5)"], *ROWS],
        ),
        ("title above the table", [["PHỤ LỤC"], ["Bộ tiêu chí"], annexes.HEAD, *ROWS]),
        ("header again on the next page", [annexes.HEAD, *ROWS[:4], annexes.HEAD, *ROWS[4:]]),
        ("decomposed letters", [[unicodedata.normalize("NFD", c) for c in row] for row in [annexes.HEAD, *ROWS]]),
        (
            "points of rule lines in their own column",
            [
                annexes.HEAD,
                *ROWS[:3],
                ["", "Ban hành kịp thời", "0,5", "", ""],
                ["", "Không ban hành", "0", "", ""],
                *ROWS[5:],
            ],
        ),
        ("row again after the page break", [annexes.HEAD, *ROWS[:4], ["1.1.1", "", "", "", ""], *ROWS[4:]]),
    ],
)
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_layouts(kind: str, name: str, rows: Any, tmp_path: Path) -> None:
    path = getattr(annexes, kind)(tmp_path / f"a.{kind}", rows)
    found = imported(path)
    assert outline(found) == WANT, name
    assert [i["title"]["vi"] for i in found.document["items"]][-1] == "Chế độ báo cáo theo quy định"
    assert found.questions == ()


def test_a_table_for_each_page(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    assert outline(imported(annexes.docx(tmp_path / "a.docx", [annexes.HEAD, *rows[:4]], rows[4:]))) == WANT


def test_numbers_that_excel_made(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tiêu chí", "Điểm tối đa"],
        [1, "Một", 1],
        [1.1, "Hai", 0.75],
        [None, "Có: 0,75; không: 0", None],
        [1.2, "Ba", 0.25],
        [None, "Có: 0,25; không: 0", None],
    ]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", rows))
    assert outline(found) == [("1", None, "1", None), ("1.1", "1", "3/4", "choice"), ("1.2", "1", "1/4", "choice")]


def test_where_each_row_is_from(tmp_path: Path) -> None:
    path = annexes.docx(tmp_path / "876.docx", [annexes.HEAD, *ROWS])
    base = par.load("2021-province").document
    found = draft(read_annex(path), base, "876/QĐ-BNV")
    assert isinstance(found, Draft)
    leaf = found.document["items"][2]
    assert (leaf["basis"], leaf["sources"], leaf["place"]) == (
        "official",
        ["annex-876-qd-bnv"],
        "876.docx, bảng 1, dòng 4, cột 2",
    )
    source = found.document["sources"]["annex-876-qd-bnv"]
    assert source["sha256"] == read_annex(path).sha256
    assert source["title"]["vi"] == "Phụ lục 876/QĐ-BNV"
    assert imported(path).document["items"][2]["basis"] == "reconstructed"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({3: ["", "Tùy mức độ: chấm", "", "", ""]}, "1.1.1", "không nói rõ được mấy điểm: “Tùy mức độ: chấm”"),
        ({5: ["1.1.2", "Mức", "một", "Thẩm định", ""]}, "1.1.2", "điểm tối đa “một” không phải là số"),
        ({1: ["1.1", "Kế hoạch", "1,75", "", ""]}, "1.1", "ghi 1,75 điểm, các mục con cộng lại 1,5"),
        ({2: ["1.1.1", "Ban hành", "0,5", "Bốc thăm", ""]}, "1.1.1", "không rõ nguồn điểm “Bốc thăm”"),
        ({5: ["1.1.1", "Khác", "1", "Thẩm định", ""]}, "1.1.1", "mã 1.1.1 có hai lần"),
        ({8: ["", "Tổng điểm", "3", "", ""]}, "", "tổng ghi 3, các mục cộng lại 2,5"),
        ({6: ["??", "Chế độ", "1", "", ""]}, "1.1.2", "“??” không phải là số thứ tự"),
    ],
)
def test_what_is_not_understood_is_asked_with_its_cell(change: Any, code: str, said: str, tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    for at, row in change.items():
        rows[at] = row
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", [annexes.HEAD, *rows]))
    asked = [(q.code, q.vi) for q in found.questions]
    assert any(c == code and said in vi for c, vi in asked), asked
    assert all(re.match(r"Sheet!|a\.xlsx", q.at) for q in found.questions)
    marked = [i for i in found.document["items"] if i.get("to_do")]
    assert all(i["basis"] != "official" for i in marked)


def test_no_table(tmp_path: Path) -> None:
    found = draft(read_annex(annexes.xlsx(tmp_path / "a.xlsx", [["a", "b"], [1, 2]])), par.load(BASE).document)
    assert isinstance(found, Open)


def repacked(path: Path, part: str, change: Callable[[str], str]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    path.write_bytes(_zip(parts))
    return path


ROW = r"(<w:tr>(?:(?!</w:tr>).)*?Chế độ báo cáo.*?</w:tr>)"
CELL = r"(<w:tc>(?:(?!</w:tc>).)*?Chế độ báo cáo.*?</w:tc>)"
CONTROL = r"<w:sdt><w:sdtContent>\1</w:sdtContent></w:sdt>"
TRACKED = (
    r'<w:del w:id="1" w:author="a"><w:r><w:delText>3</w:delText></w:r></w:del><w:ins w:id="2" w:author="a">\1</w:ins>'
)


@pytest.mark.parametrize(
    ("name", "what", "by"),
    [
        ("row in a content control", ROW, CONTROL),
        ("cell in a content control", CELL, CONTROL),
        ("table in a content control", "(<w:tbl>.*</w:tbl>)", CONTROL),
        ("tracked changes", "(<w:r><w:t[^>]*>2,5</w:t></w:r>)", TRACKED),
    ],
)
def test_what_word_wraps_is_read(name: str, what: str, by: str, tmp_path: Path) -> None:
    path = annexes.docx(tmp_path / "a.docx", [annexes.HEAD, *ROWS])

    def change(text: str) -> str:
        out = re.sub(what, by, text, flags=re.DOTALL)
        assert out != text, name
        return out

    found = imported(repacked(path, "word/document.xml", change))
    assert outline(found) == WANT
    assert found.questions == ()


def test_rule_lines_merged_over_number_and_title(tmp_path: Path) -> None:
    rows = [[row[1], "", *row[2:]] if row[0] == "" and row[1][:4] != "Tổng" else row for row in ROWS]
    found = imported(annexes.xlsx(tmp_path / "a.xlsx", [annexes.HEAD, *rows]))
    assert outline(found) == WANT
    assert found.questions == ()


def test_a_number_that_word_makes_is_read_as_it_is_shown(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(rows=0, cols=5)
    for row in [annexes.HEAD, *ROWS]:
        for i, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            if (i, text) == (0, "1.2"):
                cell.paragraphs[0].style = "List Number"
            else:
                cell.text = text
    document.save(str(tmp_path / "a.docx"))
    found = imported(tmp_path / "a.docx")
    assert outline(found) == WANT[:-1]
    assert [(q.at, q.vi) for q in found.questions if "dòng 8" in q.at] == [("bảng 1, dòng 8, cột 1", "mã 1 có hai lần")]


def test_a_format_on_the_last_row_of_the_sheet(tmp_path: Path) -> None:
    path = annexes.xlsx(tmp_path / "a.xlsx", [annexes.HEAD, *ROWS])
    last = '<row r="60000"><c r="A60000"/></row></sheetData>'
    part = "xl/worksheets/sheet1.xml"
    assert outline(imported(repacked(path, part, lambda text: text.replace("</sheetData>", last)))) == WANT


@pytest.mark.parametrize(
    ("kind", "part", "old", "new", "code"),
    [
        (
            "docx",
            "word/document.xml",
            "</w:tbl>",
            "<w:tr><w:tc><w:p/></w:tc></w:tr>" * 20_001 + "</w:tbl>",
            "too-large",
        ),
        (
            "xlsx",
            "xl/worksheets/sheet1.xml",
            "</sheetData>",
            "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(20, 20_100)) + "</sheetData>",
            "too-large",
        ),
        ("xlsx", "xl/worksheets/sheet1.xml", "<worksheet", f"<!--{' ' * 200_000}--><!DOCTYPE a><worksheet", "hostile"),
        ("docx", "word/document.xml", "<w:document", f"<!--{' ' * 200_000}--><!DOCTYPE a><w:document", "hostile"),
    ],
)
def test_hostile_parts(kind: str, part: str, old: str, new: str, code: str, tmp_path: Path) -> None:
    path = getattr(annexes, kind)(tmp_path / f"a.{kind}", [annexes.HEAD, *ROWS])
    with pytest.raises(par.ParError) as caught:
        read_annex(repacked(path, part, lambda text: text.replace(old, new, 1)))
    assert [p.code for p in caught.value.problems] == [code]


def test_macros_are_refused_in_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_zip({"[Content_Types].xml": b"<Types/>", "xl/vbaProject.bin": b"x"}))
    with pytest.raises(par.ParError) as caught:
        read_annex(path)
    assert [(p.code, p.what) for p in caught.value.problems] == [("macro", "the file has macros")]


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty", b"", "annex"),
        ("text", b"STT;Ti\xc3\xaau ch\xc3\xad", "annex"),
        ("encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        ("an empty package", _zip({"a.txt": b"x"}), "annex"),
        ("a bomb", _zip({"xl/worksheets/sheet1.xml": bytes(210 * 2**20)}), "too-large"),
        (
            "entities",
            _zip({"word/document.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "hostile",
        ),
        (
            "broken xml",
            _zip({"[Content_Types].xml": b"<Types", "xl/workbook.xml": b"<", "word/document.xml": b"<"}),
            "annex",
        ),
    ],
)
def test_hostile_files(kind: str, name: str, data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    with pytest.raises(par.ParError) as caught:
        read_annex(path)
    assert [p.code for p in caught.value.problems] == [code], name


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_damaged_files_are_refused_or_read(kind: str, tmp_path: Path) -> None:
    good = getattr(writing, kind)(par.load(BASE).document)
    rng = random.Random(3)
    path = tmp_path / f"a.{kind}"
    base = par.load(BASE).document
    for _ in range(60):
        data = bytearray(good)
        for _ in range(rng.choice([1, 5, 50])):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(bytes(data[: rng.choice([len(data), rng.randrange(len(data))])]))
        with contextlib.suppress(par.ParError):  # anything else is a fault of ours
            draft(read_annex(path), base)


@pytest.mark.source
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.data())
def test_random_methodologies_survive_the_round_trip(tmp_path: Path, data: st.DataObject) -> None:
    document = Document.model_validate(data.draw(strategies.methodologies()))
    found = draft(read_annex(written(document, data.draw(st.sampled_from(["docx", "xlsx"])), tmp_path)), document)
    assert isinstance(found, Draft)
    before = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert found.questions == ()
    assert without_sources(found.document)["items"] == without_sources(before)["items"]


def _without_notes(path: Path) -> None:
    import docx

    document = docx.Document(str(path))
    for row in document.tables[0].rows[1:]:
        row.cells[-1].paragraphs[0].text = ""
    document.save(str(path))


def test_another_name_at_a_code_is_another_item(tmp_path: Path) -> None:
    base = par.load("2022-province").document
    rows = [list(line.cells) for line in writing.rows(base)]
    for row in rows:
        row[1] = {"8.1": "Chỉ số năng lực cạnh tranh PCI", "1.1.1": "Số cuộc thi thể thao"}.get(row[0], row[1])
    found = draft(read_annex(annexes.docx(tmp_path / "a.docx", [annexes.HEAD, *rows])), base)
    assert isinstance(found, Draft)
    items = {item["code"]: item for item in found.document["items"]}
    assert items["8.1"]["basis"] == "reconstructed"
    assert items["8.1"]["rule"]["measure"] == {"fact": "8.1.number"}
    assert found.document["facts"]["1.1.1.state"]["title"]["vi"] == "Số cuộc thi thể thao"
    assert items["1.1.2"]["rule"] == base.model_dump(mode="json", by_alias=True, exclude_unset=True)["items"][3]["rule"]


def test_lines_that_stay_keep_their_facts_when_others_come(tmp_path: Path) -> None:
    base = par.load("2025-province").document
    rows: list[list[str]] = []
    for line in writing.rows(base):
        cells = list(line.cells)
        if cells[1] == "Tất cả UBND cấp xã công khai: 0,5":
            rows.append(["", "Tất cả UBND cấp xã công khai: 0,25", "", "", ""])
            cells[1] = "Tất cả đơn vị sự nghiệp công khai: 0,25"
        elif cells[1].casefold() == "không kịp thời: 0,25":
            rows.append(["", "Không kịp thời: 0,3", "", "", ""])
            cells[1] = "Ban hành sau quý I: 0,25"
        rows.append(cells)
    found = draft(read_annex(annexes.docx(tmp_path / "a.docx", [annexes.HEAD, *rows])), base)
    assert isinstance(found, Draft)
    items = {item["code"]: item for item in found.document["items"]}
    facts = list(items["3.2.3"]["rule"]["points"])
    assert facts[:2] == ["3.2.3.province", "3.2.3.commune"]
    assert facts[2] not in base.facts
    assert found.document["facts"]["3.2.3.commune"]["owner"] == "vp-ubnd"
    assert list(items["1.1.1"]["rule"]["points"]) == ["on_time", "late", "ban-hanh-sau-quy-i", "none"]


def test_command_line(tmp_path: Path) -> None:
    annex, folder = tmp_path / "annex.docx", tmp_path / "par-2031"
    out, _ = run("export", "2021-province", "-o", str(annex))
    assert out.endswith("annex.docx: 153 mục, 112 mục có quy tắc\n")
    out, _ = run("import", str(annex), "-m", "2031-province", "--from", "2021-province", "-o", str(folder))
    assert "Các cột: số thứ tự = “STT”" in out
    assert "Không có thay đổi." in out
    assert "153 mục; hiểu 112/112 quy tắc; 0 câu hỏi còn mở" in out
    claim = ["--official-document", "12/QĐ-BNV", "--json"]
    words = ["import", str(annex), "-m", "2031-province", "-o", str(folder)]
    # the table itself says of its rows that they are not official: nobody can make them so by saying so
    seen = json.loads(run(*words, *claim, "--dry-run", code=1)[0])
    assert (seen["understood"], len(seen["questions"])) == (112, 152)
    assert seen["questions"][0]["vi"].startswith("cột ghi chú nói “số suy ra”")
    _without_notes(annex)
    seen = json.loads(run(*words, *claim)[0])
    assert (seen["leaves"], seen["understood"], seen["questions"]) == (112, 112, [])
    data = folder / "src/par_2031/province"
    items = json.loads((data / "items.json").read_text("utf-8"))["items"]
    sums = json.loads((data / "methodology.json").read_text("utf-8"))
    assert {i["basis"] for i in items} == {"official"}
    assert {node["basis"] for node in (sums["total"], *sums["streams"])} == {"official"}
    # a copy that nobody vouches for changes neither basis nor place
    copy_ = tmp_path / "copy.docx"
    copy_.write_bytes(annex.read_bytes())
    run("import", str(copy_), *words[2:])
    assert json.loads((data / "items.json").read_text("utf-8"))["items"] == items
    for number in ("", "…", "x" * 200):
        _, err = run(*words, "--official-document", number, code=1)
        assert err.startswith("✗ --official-document: đây không phải số hiệu văn bản")
    before = {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    run("import", str(annex), "-m", "2031-province", "-o", str(folder), "--dry-run")
    _, err = run("import", str(annex), "-m", "other-one", "-o", str(folder), code=1)
    assert "2031-province" in err
    _, err = run("import", str(annex), "-m", "2040-village", "-o", str(tmp_path / "x"), code=1)
    assert "--from" in err
    assert {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()} == before
    assert not (tmp_path / "x").exists()


def test_open_questions_exit_with_1(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[3] = ["", "Tùy mức độ: chấm", "", "", ""]
    path = annexes.xlsx(tmp_path / "a.xlsx", [annexes.HEAD, *rows])
    out, err = run(
        "import", str(path), "-m", "2031-province", "--from", "2021-province", "-o", str(tmp_path / "p"), code=1
    )
    assert err == ""
    assert "Sheet!B5" in out, out
    assert "4/5" not in out
    assert "hiểu 2/3 quy tắc; 1 câu hỏi còn mở" in out


def town(change: Callable[[list[list[str]]], list[list[str]]], folder: Path, lang: str = "vi") -> list[str]:
    """What par import says of the annex of the example when its rows are changed."""
    rows = change([list(line.cells) for line in writing.rows(par.load("example-town").document)])
    path = annexes.xlsx(folder / "g.xlsx", [annexes.HEAD, *rows])
    words = ("import", str(path), "-m", "2031-town", "--from", "example-town", "-o", str(folder / "p"))
    out, err = run(*words, "--lang", lang, code=1)
    assert out == "" and not (folder / "p").exists()
    return [line.removeprefix("✗ ") for line in err.splitlines()[:-1]]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "vi",
            [
                'g.xlsx /total/gates/0/item: điều kiện của tổng điểm căn cứ vào mục "C", không có mục này — chọn mục khác, hoặc bỏ điều kiện',
                "g.xlsx: điều kiện của tổng điểm căn cứ vào mục C “Báo cáo năm”, phụ lục không còn nó",
            ],
        ),
        (
            "en",
            [
                'g.xlsx /total/gates/0/item: the gate of total asks for item "C", which is not there — name another item, or remove the gate',
                "g.xlsx: the gate of the total asks for item C “Annual report”, which the annex does not have any more",
            ],
        ),
    ],
)
def test_a_gate_on_a_row_that_is_gone(lang: str, said: list[str], tmp_path: Path) -> None:
    gone = ("C", "Đã nộp báo cáo năm: 1")
    found = town(lambda rows: [row for row in rows if row[0] != gone[0] and row[1] != gone[1]], tmp_path, lang)
    assert sorted(line for line in found if lang == "vi" or "gate" in line) == sorted(said)


def test_a_gate_of_an_item_on_a_row_that_is_gone(tmp_path: Path) -> None:
    content = par.load("example-town").document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    item = next(item for item in content["items"] if item["code"] == "2")
    item["gates"] = [{"item": "1.1", "below": "0.5", "cap": "2"}]
    base = Document.model_validate(content)
    lines = [list(line.cells) for line in writing.rows(base)]
    codes = [row[0] for row in lines]
    rows = lines[: codes.index("1.1")] + lines[codes.index("1.2") :]
    found = draft(read_annex(annexes.xlsx(tmp_path / "a.xlsx", [annexes.HEAD, *rows])), base)
    assert isinstance(found, Draft)
    (asked,) = [question for question in found.questions if "gate" in question.en]
    assert (asked.at, asked.code) == ("Sheet!B11", "2")
    assert asked.vi == "điều kiện của mục này căn cứ vào mục 1.1 “Kế hoạch năm”, phụ lục không còn nó"
    assert asked.en == "its gate asks for item 1.1 “Annual plan”, which the annex does not have any more"


def test_what_an_annex_breaks_is_said_in_vietnamese(tmp_path: Path) -> None:
    def change(rows: list[list[str]]) -> list[list[str]]:
        return [[*row[:2], {"2.2": "2,25", "3": "0"}.get(row[0], row[2]), *row[3:]] for row in rows]

    found = town(change, tmp_path)
    assert "g.xlsx Sheet!B15 (2): các mục con của mục 2 cộng lại 4,25, điểm tối đa ghi 4 — sửa cho bằng nhau" in found
    assert "g.xlsx Sheet!B27 (3): điểm tối đa phải lớn hơn 0 — chỉ mục điều kiện mới không có điểm" in found


def test_the_core_needs_no_office_library() -> None:
    code = "import sys, par_engine, par_engine.cli.main; print(sorted(m for m in sys.modules if m in ('lark', 'docx', 'openpyxl')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
