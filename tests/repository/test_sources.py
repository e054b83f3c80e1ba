"""Methodologies under work, found by the folder of their plugin and by the folder of their data."""

import subprocess
import sys
from pathlib import Path

import pytest

import par_engine as par
from par_engine.authoring.sources import find

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_source_folder_gives_what_is_installed_from_it(plugin: str) -> None:
    found = find(str(ROOT / "plugins" / plugin))
    assert [(m.id, m.fingerprint, m.distribution) for m in found] == [
        (listing.id, par.load(listing.id).fingerprint, plugin)
        for listing in par.installed()
        if listing.distribution == plugin
    ]


def test_importing_from_a_source_folder_leaves_no_trace() -> None:
    before = list(sys.path), {name: module for name, module in sys.modules.items() if name.startswith("par_example")}
    assert find(str(ROOT / "plugins" / "par-example"))
    assert before == (list(sys.path), {n: m for n, m in sys.modules.items() if n.startswith("par_example")})


def test_a_folder_of_data() -> None:
    (found,) = find(str(ROOT / "plugins/par-2021/src/par_2021/province"))
    assert found.fingerprint == par.load("2021-province").fingerprint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[project", "TOMLDecodeError"),
        ("[project]\nname = 'x'\n", "KeyError"),
        (
            "[project]\nname = 'x'\n[project.entry-points.'par_engine.methodologies']\nx = 'no_such_module'\n",
            "cannot be",
        ),
    ],
)
def test_a_folder_that_is_no_plugin(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(par.ParError, match=says):
        find(str(tmp_path))


def test_check_of_a_source_folder_says_what_was_sampled() -> None:
    command = [sys.executable, "-c", "from par_engine.cli.main import run; run()", "check", "plugins/par-example"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8").stdout
    assert "  thử mẫu: quy tắc riêng nằm trong khoảng 0 đến tối đa, đã thử 25 bộ số liệu (1)\n" in out
    assert out.endswith("Không thấy lỗi nào.\n")


def test_diff_of_source_folders() -> None:
    command = [sys.executable, "-c", "from par_engine.cli.main import run; run()", "diff", "--lang", "en"]
    one = subprocess.run(
        [*command, "example-town", "plugins/par-example"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert (one.returncode, one.stdout) == (0, "No changes.\n")
    two = subprocess.run(
        [*command, "example-town", "plugins/par-2021"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert two.returncode == 1
    assert "plugins/par-2021 has several methodologies — name one: 2021-ministry, 2021-province" in two.stderr
