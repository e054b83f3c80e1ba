"""The page on writing a year, command by command, in an environment of its own that has only the engine and the plugins."""

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "methodology" / "writing.md").read_text(encoding="utf-8")
COMMANDS = [line[2:] for line in PAGE.partition("```console\n")[2].partition("```")[0].splitlines()]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment that sees the installed engine, with launchers of its own."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False)
    (site,) = home.glob("lib/python*/site-packages")
    (site / "engine.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    for name, code in {
        "par": "from par_engine.cli.main import run; run()",
        "pytest": "import pytest, sys; sys.exit(pytest.main())",
        "pip": "import runpy; runpy.run_module('pip', run_name='__main__')",
    }.items():
        launcher = home / "bin" / name
        launcher.write_text(f"#!{home / 'bin' / 'python'}\n{code}\n")
        launcher.chmod(0o755)
    return home


def run(fresh: Path, command: str, cwd: Path) -> str:
    env = {**os.environ, "PATH": f"{fresh / 'bin'}:{os.environ['PATH']}", "PAR_LANG": "en"}
    # setuptools is here already: nothing is fetched
    env |= {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    env.pop("PYTHONPATH", None)
    done = subprocess.run(shlex.split(command), cwd=cwd, env=env, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def state() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted((ROOT / "par_engine").rglob("*.py"))}


@pytest.mark.skipif(sys.platform == "win32", reason="launchers are scripts")
def test_the_page_leads_to_a_passing_year(fresh: Path, tmp_path: Path) -> None:
    before = state()
    assert 5 <= len(COMMANDS) <= 10
    out = {command: run(fresh, command, tmp_path) for command in COMMANDS}
    year = re.findall(r"par new (\d+)", PAGE)[0]
    assert f"{year}-province" in out["par list"]
    assert re.search(rf"{year}-province +par-{year} 0\.1 +63 +133 +94 +100 +0 +0 +100 ", out["par list"]), out[
        "par list"
    ]
    assert "No fault found." in out[f"par check {year}-province"]
    assert " passed" in out[f"par test {year}-province"] and " passed" in out[f"pytest par-{year}"]
    assert state() == before


@pytest.mark.skipif(sys.platform == "win32", reason="launchers are scripts")
def test_the_template_and_two_at_once_install_and_pass(fresh: Path, tmp_path: Path) -> None:
    run(fresh, "par new 2032", tmp_path)
    run(fresh, "par new 2033 --from 2021-province --from 2021-ministry", tmp_path)
    run(fresh, "pip install -e par-2032 -e par-2033", tmp_path)
    rows = {row["id"]: row for row in json.loads(run(fresh, "par list --json", tmp_path))}
    for id, leaves in {"2032-town": 10, "2033-province": 112, "2033-ministry": 13}.items():
        assert rows[id]["leaves"] == leaves
        assert set(rows[id]["basis"].values()) == {"0", rows[id]["max"]}
        assert rows[id]["basis"]["reconstructed"] == rows[id]["max"]
        assert "No fault found." in run(fresh, f"par check {id}", tmp_path)
    assert " passed" in run(fresh, "pytest par-2032 par-2033 --par-coverage-under 100", tmp_path)
