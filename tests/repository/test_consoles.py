"""Every console block of the README, the manual and the plugins' pages is run, and what it prints is compared."""

import contextlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import program
import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "methodology").glob("*.md")),
    *sorted((ROOT / "plugins").glob("*/README.md")),
    ROOT / "examples" / "README.md",
]
BY_THEMSELVES = {"writing.md"}
"""Pages whose commands another test runs in an environment of their own."""
DIEN_BIEN = "examples/dien-bien-2021/evidence.json"
MEANT = {
    "EVIDENCE": DIEN_BIEN,
    "OLD.json": "examples/reports/2021-province.json",
    "NEW.json": "examples/reports/2021-province.json",
    "REPORT.json": "examples/reports/2021-province.json",
    "WHO": "'Sở Nội vụ'",
}
"""What the words in capitals stand for here."""


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The commands of a page, each with what is printed below it."""
    for block in re.findall(r"^```console\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield re.sub(r"\s+# .*", "", line), output


ENDS = {
    # the published table contradicts itself in misprints, which examples/README.md names
    "par score examples/provinces-2023.csv -m 2023-province": 1,
    # what stands for the decision's annex here says of its rows that they are not official, which is asked about
    'par import PHU-LUC.docx -m 2022-province -o plugins/par-2022 --official-document "876/QĐ-BNV"': 1,
}
"""Codes other than 0."""


def run(line: str, cwd: Path) -> str:
    """What a line prints; lines that are not of `par` must name what there is."""
    words = shlex.split(line)
    if words[0] != "par":
        assert named(words), line
        return ""
    with contextlib.chdir(cwd), pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "ROOT", cwd)
        if words[1] == "test":  # pytest in pytest
            done = program.started([program.PAR, *words[1:]], "vi")
        else:
            done = program.ended(*words[1:], lang="vi")
    assert done.returncode == ENDS.get(line, 0), f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def named(words: list[str]) -> bool:
    """Whether what a line starts is there: a file of the project, or one of the words of `start.py`."""
    if words[:2] == ["python3", "start.py"]:
        return words[2] in ("score", "test", "setup")
    if words[:3] == ["uv", "run", "python"] or words[0] == "bash":
        return (ROOT / words[-1]).exists()
    return words[0] in ("pip", "pytest") or (words[0].startswith(".ci/") and (ROOT / words[0]).exists())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the pages name, and beside it the files that stand for those of the reader."""
    for name in ("examples", "plugins"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (tmp_path / "BALLOTS.csv").write_text(ballots(), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in PEOPLE.splitlines():
        book.active.append(row.split(","))
    book.save(tmp_path / "LIST.xlsx")
    return tmp_path


def ballots() -> str:
    """Ten ballots of every group of the survey."""
    import par_engine
    from par_engine.survey.questions import Questions

    methodology = par_engine.load("2021-province")
    names = [question.fact for question in Questions(methodology).all]
    groups = ["deputies", "departments", "divisions", "districts"]
    rows = [["Điện Biên", group, f"{group}-{i}", *("A" * len(names))] for group in groups for i in range(10)]
    return "\n".join(",".join(row) for row in [["Đơn vị", "Nhóm đối tượng", "Mã phiếu", *names], *rows]) + "\n"


PEOPLE = """Nhóm,Họ và tên,Chức vụ,Cơ quan,Điện thoại,Email
deputies,Nguyễn Văn Một,Đại biểu,HĐND tỉnh,0912345671,mot@example.vn
departments,Trần Thị Hai,Giám đốc,Sở Y tế,0912345672,hai@example.vn
divisions,Lê Văn Ba,Trưởng phòng,Sở Y tế,0912345673,ba@example.vn
districts,Phạm Thị Bốn,Chủ tịch,UBND huyện A,0912345674,bon@example.vn
"""


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in BY_THEMSELVES and [*blocks(page)]], ids=str
)
def test_the_commands_of_a_page_work_one_after_the_other(tree: Path, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if annexed := re.search(r"par import PHU-LUC.docx -m (\d+)-province", text):
        annex = tree / "plugins" / f"par-{annexed[1]}" / "annex" / "province.docx"
        if annex.exists():
            shutil.copy(annex, tree / "PHU-LUC.docx")
        else:
            run("par export 2023-province -o PHU-LUC.docx", tree)
    for line, printed in blocks(page):
        for word, meant in MEANT.items():
            line = re.sub(rf"(?<![\w./-]){re.escape(word)}(?![\w./-])", meant, line)
        same(run(line, tree), printed)


def same(out: str, printed: str) -> None:
    """What a page prints is what comes out, up to a line of `…`."""
    if printed:
        whole, _, _ = printed.partition("…")
        assert out == printed if whole == printed else out.startswith(whole.rstrip(" \n"))


def test_the_readme_opens_with_two_commands_and_the_league() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first = text.partition("```console\n")[2].partition("```")[0]
    assert first == "$ python3 start.py score\n$ python3 start.py test\n"
    league = text.partition("```text\n")[2].partition("```")[0]
    words = "score examples/ministries-2023.csv -m 2023-ministry"
    assert f'"par", "score", "{words.split()[1]}", "-m", "2023-ministry"' in (ROOT / "start.py").read_text("utf-8")
    same(program.run(*words.split())[0], league)


def test_python_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    with contextlib.chdir(ROOT):
        namespace: dict[str, object] = {}
        for line in code.splitlines():
            expression, _, comment = line.partition("  # ")
            if comment.startswith("Decimal("):
                assert repr(eval(expression, namespace)) == comment  # noqa: S307
            else:
                exec(line, namespace)  # noqa: S102


def test_start_names_every_extra_and_refuses_others() -> None:
    done = subprocess.run([sys.executable, "start.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "start.py setup [EXTRA… | all] [FOLDER…]" in done.stderr
    assert "extras: annex, pandas, parquet, pdf, report, round, survey, test, workbook" in done.stderr
    done = subprocess.run(
        [sys.executable, "start.py", "setup", "workbok", "nothing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        'start.py: no extra "workbok", did you mean "workbook"?\n'
        'start.py: no extra "nothing"\n'
        "start.py: extras are annex, pandas, parquet, pdf, report, round, survey, test, workbook, or all; "
        "a plugin is a folder with a pyproject.toml\n"
    )
