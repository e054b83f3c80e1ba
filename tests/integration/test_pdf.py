"""PDF of the league table and of reports: the figures read back, the form, the same bytes, and what goes wrong."""

import json
import re
import shlex
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

for module in ("typst", "docxtpl"):
    pytest.importorskip(module)

import sixty

import par_engine as par
from par_engine.cli.publishing import book_command
from par_engine.publish import office
from par_engine.publish.details import Details
from par_engine.publish.paged import league_pdf, steady
from par_engine.publish.report import report
from par_engine.publish.selfscore import SelfScore
from par_engine.results.assessment import printed

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT / "examples/dien-bien-2021/evidence.json"
reader = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
writer = pytest.mark.skipif(office.office() is None, reason="needs LibreOffice")


def text(data: bytes, folder: Path) -> str:
    path = folder / "read.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, encoding="utf-8")
    return done.stdout


@pytest.fixture(scope="module")
def stages() -> list[par.Assessment]:
    methodology = par.load("2021-province")
    drawn = (("self-assessment", 2), ("appraisal", 1))
    return [methodology.assess(sixty.evidence(methodology, stage, seed)) for stage, seed in drawn]


@reader
def test_the_league_on_paper_holds_the_engine_s_figures(stages: list[par.Assessment], tmp_path: Path) -> None:
    before, last = stages
    shown = text(league_pdf(stages), tmp_path)
    pages = [page for page in shown.split("\f") if page.strip()]
    assert (
        "Chỉ số cải cách hành chính năm 2021 của các tỉnh, thành phố trực thuộc trung ương: 89,25 trên 100 điểm dựa vào số dựng lại, không chính thức."
        in " ".join(pages[0].split())
    )
    tables = [page for page in pages if re.search(r"Hạng +Đơn vị +Chỉ số, tự đánh giá +Chỉ số +Nhóm", page)]
    assert len(tables) >= 2  # the head stands on each of its pages
    fields = [item.code for item in last.scheme.document.items if item.parent is None]
    for unit in last.league():
        first = before.unit(unit.id).index
        rank, name = str(unit.rank or "—"), re.escape(unit.name)
        line = re.search(rf"^ *{rank} +{name} +(.*)$", shown, re.MULTILINE)
        assert line is not None, unit.name
        said = re.sub(r" \(trên [0-9,]+ điểm\)( +—)?", "", line[1])  # an index so far, in no group
        numbers = re.findall(r"\d+,\d\d|—(?= )", said + " ")
        digits = last.scheme.document.settings.points_decimals
        points = [unit.points, unit.attainable, *(unit.item(code).points for code in fields)]
        wanted = [*(str(x) for x in (first, unit.index)), *(printed(x, digits, last) for x in points)]
        assert numbers == ["—" if x in (None, "None") else x.replace(".", ",") for x in wanted], unit.name
    assert all(re.search(rf"\b{k} ?/ ?{len(pages)}\b", page) for k, page in enumerate(pages, 1))


@reader
def test_what_is_reconstructed_is_marked_in_the_head(stages: list[par.Assessment], tmp_path: Path) -> None:
    shown = text(league_pdf(stages), tmp_path)
    head = next(line for line in shown.splitlines() if re.search(r"Hạng +Đơn vị", line))
    document = stages[-1].scheme.document
    fields = [item for item in document.items if item.parent is None]
    marked = {code for code, _ in re.findall(r" (\d) ?(⚠)", head)}
    assert marked == {field.code for field in fields if field.basis == "reconstructed"} and 0 < len(marked) < 8
    assert "Dấu ⚠: số dựng lại, không chính thức." in shown


@reader
def test_a_name_turns_no_letters_around_on_paper(tmp_path: Path) -> None:
    methodology = par.load("leed-bdc-v4")
    content = {"methodology": methodology.id, "stage": "x", "units": [{"unit": "abc\u202edef"}]}
    assert "abcdef" in text(league_pdf([methodology.assess(content)]), tmp_path)


@reader
def test_paper_is_for_archives_and_screen_readers(stages: list[par.Assessment], tmp_path: Path) -> None:
    data = league_pdf(stages, "en")
    assert "Stage: appraisal" in text(data, tmp_path)
    found = subprocess.run(["pdfinfo", tmp_path / "read.pdf"], capture_output=True, check=True, encoding="utf-8").stdout
    assert re.search(r"Tagged: +yes", found) and re.search(r"JavaScript: +no", found)
    assert b"pdfaid:part" in data and b"pdfuaid:part" in data
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "read.pdf"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert {line.split()[-5] for line in fonts.splitlines()[2:]} == {"yes"}  # embedded


def test_the_league_on_paper_is_the_same_bytes(stages: list[par.Assessment]) -> None:
    assert league_pdf(stages) == league_pdf(stages)


@reader
def test_a_contradiction_is_said_on_paper(tmp_path: Path) -> None:
    methodology = par.load("2023-province")
    said = " ".join(text(league_pdf([methodology.assess(ROOT / "examples/provinces-2023.csv")]), tmp_path).split())
    assert "Số liệu có 1 chỗ mâu thuẫn, có thể đổi thứ hạng: provinces-2023.csv dòng 3, cột points:total: Hòa" in said
    assert "Hòa Bình: tổng điểm ghi 86,89, các phần cộng lại là 87,89" in said
    units = [
        {"unit": unit.id, "stated": {"items": {"total": "5", "1": "9"}}} for unit in methodology.document.units[:5]
    ]
    content = {"methodology": methodology.id, "stage": "x", "units": units}
    said = " ".join(text(league_pdf([methodology.assess(content)]), tmp_path).split())
    assert "Số liệu có 5 chỗ mâu thuẫn" in said and said.count("tổng điểm ghi 5") == 3 and "; …" in said


@reader
def test_indices_out_of_different_maxima_are_said_on_paper(tmp_path: Path) -> None:
    methodology = par.load("2021-province")
    content = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    last = methodology.assess({**content, "stage": "final"})
    said = "Chỉ số của giai đoạn trước tính trên số điểm có thể đạt của giai đoạn ấy"
    one = league_pdf([methodology.assess(sixty.without_surveys(content, methodology)), last])
    assert said in " ".join(text(one, tmp_path).split())
    same = league_pdf([methodology.assess({**content, "stage": "self-assessment"}), last])
    assert said not in " ".join(text(same, tmp_path).split())


HOSTILE = '#read("/etc/passwd") $x$ *a* @b <c> #panic() \\ "'


@reader
def test_text_from_outside_stays_text_on_paper(tmp_path: Path) -> None:
    methodology = par.load("leed-bdc-v4")
    content = {"methodology": methodology.id, "stage": HOSTILE, "note": HOSTILE, "units": [{"unit": HOSTILE}]}
    shown = " ".join(text(league_pdf([methodology.assess(content)]), tmp_path).split())
    assert shown.count('#read("/etc/passwd") $x$ *a* @b <c> #panic() \\ "') >= 2
    assert "root:" not in shown


def test_signs_that_the_fonts_lack_are_a_problem_of_the_input(tmp_path: Path) -> None:
    methodology = par.load("leed-bdc-v4")
    content = {"methodology": methodology.id, "stage": "x", "units": [{"unit": "\U0001f600 \u4e00"}]}
    path, out = tmp_path / "e.json", tmp_path / "x.pdf"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(par.ParError) as caught:
        book_command([path], methodology.id, out, stage=None, lang="vi")
    (problem,) = caught.value.problems
    assert problem.code == "pdf" and "không dàn trang được bảng xếp hạng" in problem.text("vi")
    assert not out.exists()


@pytest.fixture(scope="module")
def document() -> bytes:
    return report(SelfScore(par.load("2021-province").assess(EVIDENCE), "dien-bien"), Details())


@pytest.mark.source
@writer
@reader
def test_the_report_as_pdf_is_the_document_and_the_same_bytes(document: bytes, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:  # two at once: each has a profile of its own
        runs = [
            pool.submit(office.pdfs, {"a": document}, "x.pdf"),
            pool.submit(office.pdfs, {"b": document, "c": document}, "x.pdf"),
        ]
        (one,), (two, three) = (done.result().values() for done in runs)
    assert one == two == three
    shown = text(one, tmp_path)
    score = SelfScore(par.load("2021-province").assess(EVIDENCE), "dien-bien")
    assert f"Tổng điểm tự chấm: {score.number(score.unit.points)} trên 66,5 điểm" in " ".join(shown.split())
    assert sum("Điểm tự" in page for page in shown.split("\f")) > 5
    info = subprocess.run(
        ["pdfinfo", "-rawdates", tmp_path / "read.pdf"], capture_output=True, check=True, encoding="utf-8"
    )
    assert re.search(r"CreationDate: +D:20000101000000Z", info.stdout) and re.search(r"Tagged: +yes", info.stdout)


@writer
def test_one_command_writes_document_and_pdf(tmp_path: Path) -> None:
    from par_engine.cli.report import report_command

    report_command(EVIDENCE, "2021-province", tmp_path / "a.docx", pdf=True)
    report_command(EVIDENCE, "2021-province", tmp_path / "b.PDF")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.pdf", "b.PDF"]
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.PDF").read_bytes()


def test_without_libreoffice_the_hint_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "office", lambda: None)
    with pytest.raises(par.ParError) as caught:
        office.pdfs({"a": b""}, "bao-cao.pdf")
    assert [p.text("vi") for p in caught.value.problems] == [
        "bao-cao.pdf: bản PDF cần LibreOffice, máy chưa cài — cài LibreOffice, hoặc ghi tệp .docx"
    ]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sleep 600 & echo $! >pids; sleep 600", "took longer than 1 seconds"),
        ("echo $$ >pids; echo wrong >&2; exit 3", "LibreOffice made no PDF of a: wrong"),
        ("echo $$ >pids; exit 0", "LibreOffice made no PDF of a: it says nothing"),
    ],
)
def test_an_office_that_hangs_or_fails_is_ended_and_said(
    script: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\ncd {shlex.quote(str(tmp_path))}\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(office, "office", lambda: str(program))
    if "sleep" in script:
        monkeypatch.setattr(office, "_START", 1)
        monkeypatch.setattr(office, "_EACH", 0)
    with pytest.raises(par.ParError) as caught:
        office.pdfs({"a": b""}, "x.pdf")
    assert said in caught.value.problems[0].what
    pid = (tmp_path / "pids").read_text().strip()
    assert ended(pid)  # what an office has started ends with it


def ended(pid: str) -> bool:
    """Whether a process is gone, or soon is: the system takes a moment to end what was killed."""
    for _ in range(500):
        state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, check=False, encoding="utf-8")
        if not state.stdout.strip() or state.stdout.startswith("Z"):
            return True
        time.sleep(0.01)
    return False


def test_no_version_of_the_typesetter_is_in_the_bytes(stages: list[par.Assessment]) -> None:
    data = league_pdf(stages)
    assert len(re.findall(rb"Typst 0\.00\.0[)<]", data)) == 3 and not re.search(rb"Typst [0-9.]*[1-9]", data)
    (mark,) = set(re.findall(rb"/ID\[\([^)]*\)\(([^)]*)\)\]", data))
    # as another release would have made it: its own name, and an identity that hangs on that
    other = data.replace(b"Typst 0.00.0", b"Typst 0.15.9").replace(mark, b"B" * 22 + b"==")
    assert other != data and steady(other) == data


def fonts(*names: str) -> bytes:
    return b"%PDF-1.6\n" + b"".join(
        b"<</Type/FontDescriptor/FontName/" + name.encode() + b"/Flags 4>>" for name in names
    )


@pytest.mark.parametrize(
    ("names", "mixed"),
    [
        (("BAAAAA+TimesNewRomanPSMT", "CAAAAA+TimesNewRomanPSMT-Bold"), []),
        (("BAAAAA+LiberationSerif", "CAAAAA+LiberationSerif-Italic", "DAAAAA+OpenSymbol"), []),
        (("BAAAAA+LiberationSerif", "CAAAAA+DejaVuSerif-Bold"), ["DejaVuSerif", "LiberationSerif"]),
        ((), []),
    ],
)
def test_a_pdf_whose_letters_come_from_two_faces_is_noticed(names: tuple[str, ...], mixed: list[str]) -> None:
    """Debian's Liberation Serif 1.07 has no letter from U+1EA0 on: LibreOffice takes each from another face."""
    from par_engine.publish.template import template

    assert office.mixed_faces(fonts(*names), template()) == mixed


def test_the_warning_names_faces_and_package() -> None:
    from par_engine.cli.report import _faces

    assert _faces("a.pdf", ["DejaVuSerif", "LiberationSerif"]).text("vi") == (
        "a.pdf: bản PDF lẫn nhiều phông (DejaVuSerif, LiberationSerif): máy không có phông kiểu Times New Roman đủ chữ "
        "tiếng Việt — cài phông ấy (Debian: fonts-liberation2), nếu không nhiều trình đọc tìm chữ không ra"
    )
