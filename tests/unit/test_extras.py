"""What every hint about an extra says, in every way in which the engine can be installed."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from program import without

from par_engine.base import extras
from par_engine.base.extras import Installation
from par_engine.base.problems import DocumentError
from par_engine.i18n.catalogue import LANGS

ROOT = Path(__file__).parents[2]
WHEEL = {"url": "file:///tmp/m%E1%BB%9Bi%20v%E1%BB%81/par_engine-0.1.0-py3-none-any.whl", "archive_info": {}}


@pytest.mark.parametrize(
    ("here", "told"),
    [
        (Installation("0.1.0", {}, "pip install", None), 'pip install "par-engine[pdf,survey]"'),
        (Installation("0.1.0", {}, "uv pip install", None), 'uv pip install "par-engine[pdf,survey]"'),
        (
            Installation("0.1.0", WHEEL, "pip install", None),
            'pip install "/tmp/mới về/par_engine-0.1.0-py3-none-any.whl[pdf,survey]"',
        ),
        (
            Installation("0.1.0", {"url": "file:///src/par", "dir_info": {}}, "pip install", None),
            'pip install "/src/par[pdf,survey]"',
        ),
        (
            Installation("0.1.0", {"url": "file:///src/par", "dir_info": {"editable": True}}, "pip install", None),
            'pip install -e "/src/par[pdf,survey]"',
        ),
        (
            Installation("1", {"url": "https://example.org/par.whl", "archive_info": {}}, "pip install", None),
            'pip install "par-engine[pdf,survey] @ https://example.org/par.whl"',
        ),
        (
            Installation(
                "1",
                {"url": "https://example.org/par", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
                "pip install",
                None,
            ),
            'pip install "par-engine[pdf,survey] @ git+https://example.org/par@abc"',
        ),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
def test_the_command_is_of_the_way_in_which_it_was_installed(here: Installation, told: str) -> None:
    assert extras.command("pdf", "survey", here=here) == told


def test_a_checkout_names_its_own_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Installation("0.1.0", {"url": "file:///src", "dir_info": {"editable": True}}, "uv pip install", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert extras.hint("workbook", here=here) == ("python3 start.py setup workbook", "")
    assert extras.install("par-2031", here) == "python3 start.py setup par-2031"
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    assert extras.command("pdf", here=here) == f"python3 {tmp_path / 'start.py'} setup pdf"
    assert extras.install("my year", here) == f'python3 {tmp_path / "start.py"} setup "my year"'


def test_without_an_index_the_wheel_is_named_too() -> None:
    here = Installation("0.1.0", {}, "pip install", None)
    vi, en = map(extras.hint("round", here=here).get, LANGS)
    assert en == (
        'pip install "par-engine[round]"; from its file: pip install "par_engine-0.1.0-py3-none-any.whl[round]"'
    )
    assert vi.startswith('pip install "par-engine[round]"; từ tệp cài đặt: pip install "par_engine-0.1.0-')
    assert extras.install("par-2031", here) == "pip install -e par-2031"


def test_it_is_one_sentence() -> None:
    with pytest.raises(DocumentError) as error:
        extras.need("a.xlsx", "workbook", ["json", "no_such_library_here"])
    (problem,) = error.value.problems
    vi, en = map(extras.hint("workbook").get, LANGS)
    assert problem.text("en") == f"a.xlsx: this needs the extra `workbook` — {en}"
    assert problem.text("vi") == f"a.xlsx: cần cài thêm phần workbook — {vi}"


@pytest.mark.parametrize(
    ("module", "extra", "label", "words"),
    [
        ("xlsxwriter", "workbook", "par template", ("template", "example-town", "-o", "{}/a.xlsx")),
        ("openpyxl", "workbook", "a.xlsx", ("score", "{}/a.xlsx", "-m", "example-town")),
        ("xlsxwriter", "round", "--output", ("plan", "example-town", "-o", "{}/a.xlsx")),
        ("typst", "pdf", "a.pdf", ("book", "examples/example-town.json", "-m", "example-town", "-o", "{}/a.pdf")),
        ("docx", "report", "a.docx", ("report", "examples/example-town.json", "-m", "example-town", "-o", "{}/a.docx")),
        ("lark", "annex", "a.docx", ("export", "example-town", "-o", "{}/a.docx")),
        ("pytest", "test", "par test", ("test", "plugins/par-example/tests/cases")),
        ("pyarrow", "parquet", "a.parquet", ("score", "{}/a.parquet", "-m", "example-town")),
    ],
)
def test_commands_say_it(tmp_path: Path, module: str, extra: str, label: str, words: tuple[str, ...]) -> None:
    pytest.importorskip("par_example")
    if "{}/a.parquet" in words or words[0] == "score":
        with zipfile.ZipFile(tmp_path / words[1].rpartition("/")[2], "w") as archive:
            archive.writestr("a.txt", "a")
    words = tuple(word.replace("{}", str(tmp_path)) for word in words)
    vi = without(module, *words, code=1)[1]
    assert vi.splitlines()[0] == f"✗ {label}: cần cài thêm phần {extra} — {hint(extra)[1]}"


def hint(extra: str) -> tuple[str, str]:
    here = Path.cwd()
    try:
        os.chdir(ROOT)
        vi, en = map(extras.hint(extra).get, LANGS)
        return en, vi
    finally:
        os.chdir(here)


def test_frames_say_it() -> None:
    pytest.importorskip("par_example")
    code = (
        "import sys; sys.modules['pandas'] = None; import par_engine as par\n"
        "try: par.load('example-town').assess('examples/example-town.json').to_frame()\n"
        "except par.ParError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == f"to_frame: this needs the extra `pandas` — {hint('pandas')[0]}\n"


def test_only_this_module_words_it_and_every_extra_is_declared() -> None:
    home = ROOT / "par_engine"
    if not home.is_dir():
        pytest.skip("runs from the source")
    declared = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    )
    named, worded = set(), []
    for path in sorted(home.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.name != "extras.py" and re.search(r"par-engine\[|pip install -e", text):
            worded.append(path.name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "needs",
                "need",
                "xlsx",
                "opened",
                "extra",
            ):
                named |= {a.value for a in node.args[1:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    assert worded == []
    assert (
        named <= declared and {"annex", "pandas", "parquet", "report", "round", "survey", "test", "workbook"} <= named
    )
