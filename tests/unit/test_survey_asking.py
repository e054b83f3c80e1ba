"""Questionnaires, tokens and the report: what other tools accept, what a tally takes back, what nobody can link."""

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

for module in ("docx", "openpyxl", "xlsxwriter"):
    pytest.importorskip(module)

import docx
import openpyxl
import tiny

import par_engine as par
from par_engine.i18n.catalogue import Lang
from par_engine.survey.ballots import read_ballots
from par_engine.survey.forms import printed, xlsform
from par_engine.survey.questions import Questions, layout
from par_engine.survey.report import Report
from par_engine.survey.tally import tally
from par_engine.survey.tokens import ALPHABET, LENGTH, new_tokens, read_hashes, token_files


def word(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def survey(*groups: str, **more: Any) -> dict[str, Any]:
    options = [{"id": "A", "title": word("Tốt"), "share": "1"}, {"id": "B", "title": word("Kém"), "share": "0"}]
    listed = [{"id": g, "title": word(f"Nhóm {g}"), "weight": "1"} for g in groups]
    return {"title": word("Khảo sát"), "combine": "weighted", "options": options, "groups": listed, **tiny.BASE, **more}


def methodology(question: str = "Câu <b>một</b>") -> par.Methodology:
    items = [
        tiny.leaf("1.1", "2", {"name": "survey", "fact": "1.1.ballots"}, "survey", title=word(question)),
        tiny.leaf("1.2", "3", {"name": "survey", "fact": "1.2.ballots"}, "survey"),
    ]
    facts = {
        "1.1.ballots": {"type": "ballots", "survey": "s"},
        "1.2.ballots": {"type": "ballots", "survey": "other-s"},
    }
    units = [{"id": "u-one", "name": "Đơn vị <một>", "ranked": True}]
    surveys = {"s": survey("x", "y"), "other-s": survey("y")}
    return par.from_document(
        tiny.document(items, facts, "5", surveys=surveys, units=units, settings={"units": "listed"})
    )


def test_pyxform_accepts_the_form(tmp_path: Path) -> None:
    pytest.importorskip("pyxform")
    from pyxform.xls2xform import convert

    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsform(Questions(methodology()), None, None))
    done = convert(path)
    assert done.warnings == []
    assert re.findall(r'relevant="([^"]*)"', done.xform) == [" /data/group  = 'y'"] * 2, (
        "the direction and the question"
    )
    assert path.read_bytes() == xlsform(Questions(methodology()), None, None)


def test_what_the_form_asks_comes_back(tmp_path: Path) -> None:
    questions = Questions(methodology())
    sheet = openpyxl.load_workbook(io.BytesIO(xlsform(questions, None, None)))["survey"]
    names = [str(row[1].value) for row in sheet.iter_rows(min_row=2) if row[0].value != "note"]
    assert names == ["unit", "group", "token", "q_1_1_ballots", "q_1_2_ballots"]
    found = layout(questions, names, "export", needs_unit=True)
    assert found.questions == {"1.1.ballots": 3, "1.2.ballots": 4}
    (tmp_path / "b.csv").write_text(",".join(names) + "\nu-one,y,t1,A,B\n")
    counts = read_ballots(questions, tmp_path / "b.csv")
    assert (counts.units, counts.count.valid) == (("u-one",), 1)


def test_the_form_on_paper() -> None:
    data = printed(Questions(methodology()), "s")
    doc = docx.Document(io.BytesIO(data))
    assert [cell.text for cell in doc.tables[0].rows[1].cells] == ["1", "Câu <b>một</b>", "☐", "☐"]
    assert doc.tables[0].columns[0].width.cm == pytest.approx(1.3, abs=0.01), "STT stands on one line"
    assert "☐  Nhóm x" in [p.text for p in doc.paragraphs]
    assert data == printed(Questions(methodology()), "s")


def test_tokens_are_random_and_known_by_their_hashes(tmp_path: Path) -> None:
    tokens = new_tokens(500)
    assert len(set(tokens)) == 500
    assert all(re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", token) for token in tokens)
    assert set(tokens).isdisjoint(new_tokens(500))
    files = token_files(tokens)
    (tmp_path / "hashes.txt").write_bytes(files["hashes.txt"])
    assert read_hashes(tmp_path / "hashes.txt") == {hashlib.sha256(t.encode()).digest() for t in tokens}
    assert not any(token.encode() in files["hashes.txt"] for token in tokens)
    (tmp_path / "tokens.csv").write_bytes(files["tokens.csv"])
    with pytest.raises(par.DocumentError) as caught:
        read_hashes(tmp_path / "tokens.csv")
    assert caught.value.problems[0].text() == "tokens.csv: line 1 is no SHA-256 hash — give hashes.txt, not the tokens"


def test_the_report_is_one_page_without_markup_from_outside(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(
        "unit,group,1.1,1.2\nu-one,x,A,\nu-one,x,B,\nu-one,y,A,A\nu-one,y,B,\n", encoding="utf-8"
    )

    def pair() -> tuple[bytes, bytes]:
        m = methodology()
        report = Report(tally(read_ballots(Questions(m), tmp_path / "b.csv"), {}, m), "vi")
        return report.html(), report.xlsx()

    html, workbook = pair()
    assert (html, workbook) == pair()
    text = html.decode()
    assert "Câu &lt;b&gt;một&lt;/b&gt;" in text and "<b>" not in text and "<một>" not in text
    assert not re.search(r"<script|<link|<img|src=|href=|url\(", text)
    assert "default-src &#x27;none&#x27;; style-src &#x27;sha256-" in text and "style=" not in text
    assert text.count("<svg") == 1 + 1 + 2 * 2
    assert "Điểm: 1.1: 1,0000 / 2,0000" in text
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        charts = {
            name: archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")
        }
    assert len(charts) == 5, "spread and means of two surveys, and the ballots by group"
    assert sum("<c:errBars>" in chart for chart in charts.values()) == 2
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[5] == ["Đơn vị <một>", "1.1", "Câu <b>một</b>", 1, 2]
    assert [sheet.cell(6, column).number_format for column in (4, 5)] == ["0.0000", "0.0000"]


def test_every_output_says_how_it_is_known(tmp_path: Path) -> None:
    document = methodology().document.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    document["surveys"]["s"]["basis"] = "reconstructed"
    m = par.from_document(document)
    said = "Căn cứ: thiết kế khảo sát — số chính thức và số dựng lại, KHÔNG chính thức; thang điểm — số chính thức."
    questions = Questions(m)
    assert questions.basis_line("vi") == said
    assert questions.basis_line("en", "other-s") == "Basis: the survey's design — official; the points — official."
    paper = docx.Document(io.BytesIO(printed(questions, "s")))
    assert questions.basis_line("vi", "s") in [p.text for p in paper.paragraphs]
    (tmp_path / "b.csv").write_text("unit,group,1.1\nu-one,x,A\n", encoding="utf-8")
    found = tally(read_ballots(questions, tmp_path / "b.csv"), {}, m)
    assert found.document()["surveys"] == [
        {"survey": "s", "basis": "reconstructed"}, {"survey": "other-s", "basis": "official"},
    ]  # fmt: skip
    assert [q["items"][0]["basis"] for q in found.document()["units"][0]["questions"]] == ["official"] * 2
    report = Report(found, "vi")
    assert said in report.html().decode()
    source = f"{m.document.title.vi} ({m.id}, {m.fingerprint[:12]})"
    for sheet in openpyxl.load_workbook(io.BytesIO(report.xlsx())).worksheets:
        assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["Kết quả điều tra xã hội học", source, said]


def test_the_page_says_why_ballots_do_not_count(tmp_path: Path) -> None:
    text = "unit,group,1.1\nu-one,x,A\nu-one,?,A\nu-one,?,A\nu-one,x,\n"
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    m = methodology()
    report = Report(tally(read_ballots(Questions(m), tmp_path / "b.csv"), {}, m), "vi")
    page = report.html().decode()
    assert (
        "<tr><td>không rõ nhóm</td><td class=n>2</td></tr><tr><td>không trả lời câu nào</td><td class=n>1</td></tr>"
        in page
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_numbers_of_the_workbook_are_numbers(tmp_path: Path, lang: Lang) -> None:
    (tmp_path / "b.csv").write_text("unit,group,1.1\nu-one,x,A\nu-one,x,B\nu-one,x,B\n", encoding="utf-8")
    document = methodology().document.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    document["surveys"]["s"]["groups"][0]["planned"] = 9
    m = par.from_document(document)
    data = Report(tally(read_ballots(Questions(m), tmp_path / "b.csv"), {}, m), lang).xlsx()
    points, _, answers, groups, *_ = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    rows = {s.title: [[c.value for c in row] for row in s.iter_rows(min_row=5)] for s in (points, answers, groups)}
    for found in rows.values():
        assert len(set(found[0])) == len(found[0]), "no two columns are headed the same"
    assert rows[answers.title][1][1:2] + rows[answers.title][1][4:] == ["1.1", 3, "Tốt: 1; Kém: 2", 33.33, 33.33]
    assert answers["G6"].number_format == "0.00"
    official = {"vi": "số chính thức", "en": "official"}[lang]
    assert rows[groups.title][1][3:] == [3, 9, official, 33.33]
    assert rows[groups.title][2][3:] == [0, None, None, None]
    assert rows[points.title][1][3:] == [{"vi": "chờ phiếu (Nhóm y)", "en": "awaits ballots (Nhóm y)"}[lang], 2]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert ("1,96" in text, "1.96" in text) == (lang == "vi", lang == "en")
