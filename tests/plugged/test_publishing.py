"""`par page`, `par report` and `par book` at the command line: what they say, refuse and leave behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOWN = "examples/example-town.json"


def run(*words: str, code: int = 0, before: str = "") -> tuple[str, str]:
    program = [sys.executable, "-c", f"{before}from par_engine.cli.main import run; run()", *words]
    env = {**os.environ, "PAR_LANG": "vi"}
    done = subprocess.run(program, capture_output=True, env=env, cwd=ROOT, check=False, encoding="utf-8")
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def test_a_page_is_written_whole_and_says_what_is_reconstructed(tmp_path: Path) -> None:
    out = tmp_path / "trang.html"
    said = run("page", "examples/ministries-2023.csv", "-m", "2023-ministry", "-o", str(out))[0].splitlines()
    assert said[0].startswith(f"{out}: ")
    assert said[1] == "2023-ministry: 0 trên 100 điểm dựa vào số dựng lại, không chính thức."
    assert [path.name for path in tmp_path.iterdir()] == ["trang.html"]
    assert '<html lang="vi">' in out.read_text(encoding="utf-8")
    run("page", "examples/ministries-2023.csv", "-m", "2023-ministry", "-o", str(out), "--lang", "en")
    assert '<html lang="en">' in out.read_text(encoding="utf-8")


def test_evidence_that_contradicts_itself_is_published_and_said(tmp_path: Path) -> None:
    out = tmp_path / "trang.html"
    words = ["page", "examples/provinces-2023.csv", "-m", "2023-province", "-o", str(out)]
    assert "hoa-binh: total ghi 86,89" in run(*words, code=1)[1]
    assert out.exists()


def test_stages_are_two_and_have_names(tmp_path: Path) -> None:
    out, other = tmp_path / "trang.html", tmp_path / "self.json"
    words = ["page", "-m", "example-town", "-o", str(out)]
    assert (
        "✗ EVIDENCE: 3 tệp số liệu là quá nhiều — ghi giai đoạn trước, rồi giai đoạn sau"
        in run(*words, TOWN, TOWN, TOWN, code=1)[1]
    )
    said = run(*words, TOWN, TOWN, code=1)[1]
    assert "✗ example-town.json: hai tệp cùng một giai đoạn — bảng ghi giai đoạn bằng dòng # stage: TÊN" in said
    assert not out.exists()
    content = json.loads((ROOT / TOWN).read_text(encoding="utf-8"))
    other.write_text(json.dumps({**content, "stage": "self"}), encoding="utf-8")
    run(*words, str(other), TOWN)
    assert '"stage":"self"' in out.read_text(encoding="utf-8")


def test_what_is_no_report_is_refused_as_the_previous_one(tmp_path: Path) -> None:
    words = ["page", TOWN, "-m", "example-town", "-o", str(tmp_path / "x.html"), "--previous", TOWN]
    assert "example-town.json" in run(*words, code=1)[1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "module"), [("report", "docxtpl"), ("book", "xlsxwriter")])
def test_a_missing_extra_is_named(command: str, module: str, tmp_path: Path) -> None:
    out = tmp_path / ("x.docx" if command == "report" else "x.xlsx")
    words = [command, TOWN, "-m", "example-town", "-o", str(out)]
    said = run(*words, code=1, before=f"import sys; sys.modules[{module!r}] = None; ")[1]
    assert f'✗ {out.name}: cần cài thêm phần report — pip install "par-engine[report]"' in said
    assert not out.exists()


@pytest.mark.parametrize("command", ["report", "book"])
def test_another_kind_of_file_is_refused(command: str, tmp_path: Path) -> None:
    said = run(command, TOWN, "-m", "example-town", "-o", str(tmp_path / "x.pdf"), code=1)[1]
    assert f"✗ x.pdf: {'báo cáo là tệp .docx' if command == 'report' else 'bảng điểm là tệp .xlsx'}" in said
