"""What `start.py` does beside calling others: all cores for the tests, the checkout where type checkers look."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("start", Path(__file__).parents[2] / "start.py")
assert SPEC is not None and SPEC.loader is not None
start = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(start)
ALL = ["-n", "auto", "--dist", "worksteal"]


@pytest.mark.parametrize("words", [[], ["-q"], ["--no-header", "tests/alone"], ["-k", "numbers"]])
def test_it_uses_all_cores(words: list[str]) -> None:
    assert start.spread(words) == ALL


@pytest.mark.parametrize("words", [["-n", "0"], ["-n2"], ["--numprocesses=1"], ["--pdb"], ["-p", "no:xdist"]])
def test_the_user_goes_before(words: list[str]) -> None:
    assert start.spread(words) == []


def test_a_users_type_checker_sees_the_checkout(tmp_path: Path) -> None:
    """In an environment whose only link to the engine is what `start.py` writes, as an editable install has it."""
    home = tmp_path / "venv"
    site = home / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    site.mkdir(parents=True)
    start.show(home)
    assert (site / "par-engine-checkout.pth").read_text(encoding="utf-8").strip() == str(start.ROOT)
    user = tmp_path / "user.py"
    user.write_text('import par_engine as par\n\nid: int = par.load("x").id\n', encoding="utf-8")
    if not any((Path(sys.prefix) / "lib").glob("python*/site-packages/par-engine-checkout.pth")):
        pytest.skip("this environment was not made by start.py")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(user)],
        cwd=tmp_path, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert 'Incompatible types in assignment (expression has type "str"' in done.stdout, done.stdout
