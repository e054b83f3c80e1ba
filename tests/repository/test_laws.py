"""Laws of the house that a reviewer would otherwise have to look for."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ('>>> bare("Điện Biên")', "'dien bien'")  # of the docstring that shows what loses its accents
ENGINE = sorted((ROOT / "par_engine").rglob("*.py"))


def tracked() -> list[Path]:
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in out.split("\0") if name]


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_year_never_touches_the_core(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("JSON Schema 2020-12", "").replace("draft/2020-12/schema", "")
    for what, pattern in {
        "a year": r"\b20(?:0[1-9]|[1-9]\d)\b",
        "an item code": r"\b\d+\.\d+\.\d+\b",
        "a decision": r"\b(?:1149|876|838|892|757|2948)\b",
        "a number of a scheme": r"\b(?:33\.5|66\.5|61\.5|23\.5|68\.5|31\.5|36\.5)\b",
        "a unit": r"(?i)\b(?:dien.bien|hà nội|ha.noi)\b",
    }.items():
        lines = [line for line in text.splitlines() if line.strip() not in EXAMPLES]
        found = [line for line in lines if re.search(pattern, line)]
        assert not found, f"{what}: {found}"


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_open_with_a_sentence_and_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(text))
    assert doc
    assert doc.splitlines()[0].rstrip().endswith((".", "?"))
    assert text.count("\n") <= 600


def test_nothing_unfinished_is_left_behind() -> None:
    marks = re.compile(r"TO" + r"DO|FIX" + r"ME|X" + r"XX|NotImplemented" + r"Error|except( Exception)?: *pass")
    for path in tracked():
        if path.suffix in (".py", ".md", ".toml", ".json", ".csv") and path.name != "uv.lock":
            assert not marks.search(path.read_text(encoding="utf-8")), path


def test_what_is_hinted_in_english_is_hinted_in_vietnamese() -> None:
    """Of texts that stand in the call itself; `did_you_mean` and names are the same words in both."""
    found = []
    for path in ENGINE:
        for call in (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)):
            at, own = {"Problem": (4, 7), "fail": (3, 5)}.get(ast.unparse(call.func), (99, 99))
            hint, hint_vi = (ast.unparse(call.args[i]) if len(call.args) > i else "''" for i in (at, own))
            named = any(word.arg == "hint_vi" for word in call.keywords)
            if hint != "''" and hint[0] in "f'\"" and hint_vi == "''" and not named:
                found.append(f"{path.relative_to(ROOT)}:{call.lineno}: {hint}")
    assert found == []


def test_plugins_import_only_the_front_door() -> None:
    for path in (ROOT / "plugins").glob("*/src/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("par_engine"):
                assert node.module == "par_engine", path


def test_the_version_of_every_plugin_says_which_figures_it_affects() -> None:
    import par_engine as par

    ours = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml"))
    for listing in par.installed():
        if listing.distribution in ours:
            changes = (ROOT / "plugins" / listing.distribution / "CHANGELOG.md").read_text(encoding="utf-8")
            entry = changes.partition(f"## {listing.version}")[2].partition("\n## ")[0]
            assert "Figures affected:" in entry


def test_every_plugin_holds_all_its_methodologies_to_the_suite() -> None:
    for path in (ROOT / "plugins").glob("*/pyproject.toml"):
        ids = re.findall(r'^([\w-]+) = "par_\w+"$', path.read_text(encoding="utf-8"), re.MULTILINE)
        suite = (path.parent / "tests" / "test_suite.py").read_text(encoding="utf-8")
        held = re.findall(r'\(MethodologySuite\):\n    methodology = "(.+)"', suite)
        assert ids and sorted(held) == sorted(ids), path
