"""The self-assessment report: its figures read back, its form, and templates that try to run something."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

for module in ("docx", "docxtpl"):
    pytest.importorskip(module)

import docx
from program import run

import par_engine as par
from par_engine.base.decimals import plain
from par_engine.files.letterhead import FILL
from par_engine.files.letterhead import written_day as day
from par_engine.publish.details import Details
from par_engine.publish.office import pdfs
from par_engine.publish.report import context, report
from par_engine.publish.selfscore import SURVEY, SelfScore
from par_engine.publish.template import template

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT / "examples/dien-bien-2021/evidence.json"
DETAILS = ROOT / "examples/dien-bien-2021/details.json"


@pytest.fixture(scope="module")
def score() -> SelfScore:
    return SelfScore(par.load("2021-province").assess(EVIDENCE), "dien-bien")


@pytest.fixture(scope="module")
def without_surveys() -> par.Assessment:
    """The same figures by another way: evidence from which the ballots were taken."""
    content = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    methodology = par.load("2021-province")
    awaited = {stream.id for stream in methodology.document.streams if stream.awaited}
    facts = {n for i in methodology.document.items if i.rule and i.stream in awaited for n in i.rule.facts()}
    for unit in content["units"]:
        unit["facts"] = {name: value for name, value in unit["facts"].items() if name not in facts}
    return methodology.assess(content)


def tables(data: bytes) -> list[list[list[str]]]:
    return [[[c.text for c in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables]


def text(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def test_every_item_stands_in_the_annex_with_the_engine_s_points(
    score: SelfScore, without_surveys: par.Assessment
) -> None:
    rows = tables(report(score, Details()))[-1]
    unit = without_surveys.unit("dien-bien")
    scheme = without_surveys.scheme
    assert rows[0] == ["Mã", "Lĩnh vực, tiêu chí, tiêu chí thành phần", "Điểm tối đa", "Điểm tự chấm", *rows[0][4:]]
    assert [row[0] for row in rows[1:-1]] == list(scheme.items)
    for code, title, top, points, papers in rows[1:-1]:
        item = scheme.items[code]
        assert title == item.title.vi
        assert top.replace(",", ".") == plain(item.max) + ("*" if item.basis == "reconstructed" else "")
        if points == "—":
            assert all(scheme.items[leaf].stream in ("leaders", "sipas") for leaf in scheme.under(code))
            assert (papers == SURVEY) == (item.rule is not None)
        else:
            assert points == score.number(unit.item(code).points)
    assert rows[-1][1:4] == ["Tổng cộng", "100", score.number(unit.points)]
    assert rows[3][4] == "01/VD-UBND, ngày 02/02/2021, Văn bản minh họa: Ban hành kế hoạch CCHC năm, trang 2"


@pytest.mark.source
@pytest.mark.skipif(
    not shutil.which("soffice") or not shutil.which("pdftotext"), reason="needs LibreOffice and poppler"
)
def test_the_printed_report_says_the_same(tmp_path: Path, without_surveys: par.Assessment, score: SelfScore) -> None:
    out = tmp_path / "bao-cao.docx"
    words = ["report", str(EVIDENCE), "-m", "2021-province", "-o", str(out), "--details", str(DETAILS)]
    assert "89,25 trên 100 điểm dựa vào số dựng lại" in run(*words)[0]
    convert = ["soffice", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*convert, str(out)], cwd=tmp_path, capture_output=True, check=True, timeout=180)
    pdf = tmp_path / "bao-cao.pdf"
    shown = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    unit = without_surveys.unit("dien-bien")
    found = dict(re.findall(r"^ {0,12}(\d(?:\.\d+){0,2}) .*? [\d,]+\*? +([\d,]+|—)(?: |$)", shown, re.MULTILINE))
    leaves = [code for code in without_surveys.scheme.items if code in found]
    assert len(leaves) > 100
    for code in leaves:
        points = unit.item(code).points
        assert found[code] == ("—" if points is None or found[code] == "—" else score.number(points)), code
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ngày 05 tháng 01 năm 2022"):
        assert said in shown
    pages = [page for page in shown.split("\f") if page.strip()]
    annex = pages[next(i for i, page in enumerate(pages) if re.search(r"^ *Phụ lục *$", page, re.MULTILINE)) :]
    assert len(annex) > 2  # 17 cm of a page hold forty lines of 12 points, of more than a hundred rows
    assert all("Tài liệu kiểm chứng" in page for page in annex)  # the head stands on each of its pages


def test_the_letters_are_those_of_official_documents(score: SelfScore) -> None:
    document = docx.Document(io.BytesIO(report(score, Details())))
    asked = {run.font.name for p in document.paragraphs for run in p.runs} - {None}
    assert asked <= {"Times New Roman"} and document.styles["Normal"].font.name == "Times New Roman"


def test_what_is_not_known_stays_to_be_filled_in(score: SelfScore) -> None:
    data = report(score, Details())
    head = tables(data)[0]
    assert f"Số: {FILL}/BC-{FILL}" in head[1][0]
    assert head[1][1] == f"{FILL}, ngày {FILL} tháng {FILL} năm {FILL}"
    assert FILL in head[0][0]
    assert day("2022-03-09") == "ngày 09 tháng 3 năm 2022"


def test_gaps_are_explained_and_words_of_the_agency_are_taken(score: SelfScore) -> None:
    gaps = {gap.code: gap.what for gap in score.gaps()}
    assert gaps["4.3.2"] == "chưa có tài liệu kiểm chứng"
    assert not set(gaps) & score.surveyed
    details = Details(
        explanations={"4.3.2": "Đang hoàn thiện."}, difficulties=["Thiếu người."], proposals=["Xin thêm."]
    )
    data = report(score, details)
    table = next(t for t in tables(data) if t[0][-1] == "Giải trình")
    assert {row[0]: row[2] for row in table[1:]} == gaps
    assert {row[0]: row[3] for row in table[1:]}["4.3.2"] == "Đang hoàn thiện."
    assert "- Thiếu người." in text(data) and "- Xin thêm." in text(data)


ROUNDED = " Tổng cộng từ điểm chưa làm tròn, có thể lệch chút ít so với tổng của các số đã in."


def test_columns_that_do_not_add_up_as_printed_say_why(score: SelfScore) -> None:
    said = context(score, Details())
    fields = [Decimal(f["points"].replace(",", ".")) for f in said["fields"] if f["points"] != "—"]
    assert sum(fields) != Decimal(said["points"].replace(",", "."))  # else this example shows nothing
    assert said["summary"].endswith(ROUNDED) and ROUNDED in said["mark_note"]
    shown = text(report(score, Details()))
    assert shown.count(ROUNDED.strip()) == 2


def test_points_that_are_not_rounded_need_no_such_word() -> None:
    content = par.load("2023-ministry").document.model_dump(mode="json", by_alias=True)
    settings = content["settings"]
    settings["points_decimals"] = settings["leaf_decimals"]
    methodology = par.from_document(content)
    evidence = {"methodology": methodology.id, "stage": "self", "units": [{"unit": "Bộ Tư pháp", "facts": {}}]}
    said = context(SelfScore(methodology.assess(evidence), "bo-tu-phap"), Details())
    assert ROUNDED not in said["summary"] + said["mark_note"]


@pytest.mark.source
@pytest.mark.skipif(not shutil.which("soffice") or not shutil.which("pdftotext"), reason="needs both")
def test_the_signature_does_not_stand_alone_on_a_page(score: SelfScore, tmp_path: Path) -> None:
    texts = [f"Dòng {i}." for i in range(60)]
    found = set()
    # sixty lines of 14 points are longer than a page, wherever it breaks; five are lower than the block of the signature
    lengths = range(0, 61, 5)
    reports = {str(n): report(score, Details(difficulties=texts[:n], proposals=["x"])) for n in lengths}
    for pdf in pdfs(reports, "a").values():
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf)
        shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, encoding="utf-8")
        (page,) = [page for page in shown.stdout.split("\f") if "Nơi nhận" in page]
        assert "Trên đây là báo cáo" in page
        found.add(shown.stdout.split("\f").index(page))
    assert len(found) > 1  # the break of the page went through it


def test_the_signature_is_kept_whole_and_with_the_last_sentence(score: SelfScore) -> None:
    """What the test above sees in a print, in the document itself: for any program, font and paper."""
    document = docx.Document(io.BytesIO(report(score, Details())))
    (closing,) = [p for p in document.paragraphs if p.text.startswith("Trên đây là báo cáo")]
    assert closing.paragraph_format.keep_with_next is True
    (signature,) = [table for table in document.tables if "Nơi nhận:" in table.cell(0, 0).text]
    assert closing._p.getnext() is signature._tbl  # nothing stands between them
    assert [len(row._tr.xpath("w:trPr/w:cantSplit")) for row in signature.rows] == [1]


def test_the_same_report_makes_the_same_bytes(score: SelfScore) -> None:
    assert report(score, Details()) == report(score, Details())
    assert template() == template()
    with zipfile.ZipFile(io.BytesIO(report(score, Details()))) as package:
        assert {info.date_time for info in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}


HOSTILE = "{{ 7*7 }} {% for x in rows %} </w:t><w:br/> & \x00\x0b =1+1"


def test_words_from_outside_stay_words(score: SelfScore) -> None:
    data = report(score, Details(agency=HOSTILE, difficulties=[HOSTILE], signer=HOSTILE))
    assert "{{ 7*7 }} {% for x in rows %} </w:t><w:br/> &  =1+1" in text(data)
    assert "49" not in text(data).replace("Có 49 tiêu chí", "")


def test_every_word_from_outside_stays_a_word() -> None:
    methodology = par.load("2021-province")
    papers = [dict.fromkeys(("number", "title", "page", "link"), HOSTILE)]
    declared = {"outcomes": {"1.1.2": {"outcome": "missing", "why": HOSTILE}}}
    unit = {"unit": "Điện Biên", "facts": {}, "documents": {"1.1.1": papers}, **declared}
    content = {"methodology": methodology.id, "stage": HOSTILE, "note": HOSTILE, "units": [unit]}
    said = Details(
        **dict.fromkeys(("parent", "agency", "place", "number", "signer"), HOSTILE),
        **{key: [HOSTILE] for key in ("signer_title", "recipients", "difficulties", "proposals")},
        explanations={"1.1.1": HOSTILE},
    )
    data = report(SelfScore(methodology.assess(content), "dien-bien"), said)
    cells = [cell for table in tables(data) for row in table for cell in row]
    assert sum("{{ 7*7 }} {% for x in rows %} </w:t><w:br/> &  =1+1" in cell for cell in cells) >= 6
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = package.read("word/document.xml")
        assert b"w:hyperlink" not in body and b"instrText" not in body and b"fldSimple" not in body
        assert not [n for n in package.namelist() if n.endswith(".rels") and b"External" in package.read(n)]


NONE = "is none that a template may hold"


def made(paragraph: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("{{ unit.__class__ }}", "asks a text for something"),
        ("{{ ''.__class__.__mro__ }}", NONE),
        ("{{ unit.upper() }}", NONE),
        ("{{ range(9) }}", NONE),
        ("{{ 10 ** 9 }}", NONE),
        ("{{ 'a' * 10000000000 }}", NONE),
        ("{{ unit | center(1000000000) }}", NONE),
        ("{{ nobody }}", "names a field that is not there"),
        ("{% include '/etc/passwd' %}", NONE),
        ("{% for r in rows %}", "has no {% endfor %} in its place"),
    ],
)
def test_code_in_a_template_is_refused_not_run(score: SelfScore, code: str, said: str) -> None:
    with pytest.raises(par.ParError) as caught:
        report(score, Details(), made(code), "mau.docx")
    (problem,) = caught.value.problems
    assert said in problem.what and problem.code == "template"


def test_another_template_is_filled(score: SelfScore) -> None:
    data = report(score, Details(), made("{{ unit }}: {{ points }}{% for f in fields %} {{ f.code }}{% endfor %}"))
    assert text(data) == f"Điện Biên: {score.number(score.unit.points)} 1 2 3 4 5 6 7 8"


def test_wrong_details_are_said_all_at_once(tmp_path: Path) -> None:
    bad: dict[str, Any] = {
        "agencey": "x",
        "number": 5,
        "date": "2022-13-01",
        "proposals": "x",
        "explanations": {"9.9": "x"},
    }
    path, out = tmp_path / "details.json", tmp_path / "out.docx"
    path.write_text(json.dumps(bad), encoding="utf-8")
    words = ["report", str(EVIDENCE), "-m", "2021-province", "-o", str(out), "--details", str(path), "--lang", "en"]
    said = run(*words, code=1)[1].splitlines()
    assert said[:5] == [
        '✗ details.json /agencey: there is no detail "agencey" — did you mean "agency"?',
        '✗ details.json /date: "2022-13-01" is no day — write DD/MM/YYYY or YYYY-MM-DD',
        '✗ details.json /explanations/9.9: there is no item "9.9" — did you mean "5.9"?',
        "✗ details.json /number: number is no text — write it in quotation marks",
        '✗ details.json /proposals: proposals is no list of texts — write ["…", "…"]',
    ]
    assert not out.exists()


def test_one_of_several_units_must_be_named(tmp_path: Path) -> None:
    words = ["report", "examples/provinces-2023.csv", "-m", "2023-province", "-o", str(tmp_path / "x.docx")]
    assert (
        "✗ --unit: 3 đơn vị không ghi chung một tệp — chọn một đơn vị, hoặc ghi tên thư mục: dak-lak, hoa-binh, kon-tum"
        in run(*words, code=1)[1]
    )
    run(*words, "-u", "Kon Tum")
    assert (tmp_path / "x.docx").exists()
