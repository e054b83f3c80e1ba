"""The README's test command: all cores, unless the user says how many."""

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("start", Path(__file__).parents[2] / "start.py")
assert SPEC is not None and SPEC.loader is not None
start = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(start)
ALL = ["-n", "auto", "--dist", "worksteal"]


@pytest.mark.parametrize("words", [[], ["-q"], ["--no-header", "tests/unit"], ["-k", "numbers"]])
def test_it_uses_all_cores(words: list[str]) -> None:
    assert start.spread(words) == ALL


@pytest.mark.parametrize("words", [["-n", "0"], ["-n2"], ["--numprocesses=1"], ["--pdb"], ["-p", "no:xdist"]])
def test_the_user_goes_before(words: list[str]) -> None:
    assert start.spread(words) == []
