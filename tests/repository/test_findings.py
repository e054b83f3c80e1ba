"""Findings are alike: said in three lines, pinned, run apart from the engine, and listed."""

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_a_finding_says_what_was_seen_and_fails_when_that_changes(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash" and os.access(path, os.X_OK)
    assert [line.partition(":")[0] for line in lines[1:4]] == ["# expected", "# happens", "# engine"]
    code = [line for line in lines if not line.startswith("#")]
    assert "set -euo pipefail" in code
    text = "\n".join(code)
    assert "mktemp -d" in text and "trap " in text
    for packages in re.findall(r"pip[\"']? install([^\n|]*)", text):
        named = [word for word in packages.split() if re.match(r"[A-Za-z]", word) and "/" not in word]
        assert all("==" in word or word in ("2",) for word in named if not word.startswith("2>")), packages
    assert not re.search(r"\bpar_engine\b|\bpar [a-z]", text), "a finding runs without the engine"


def test_the_list_names_each_with_its_own_words() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \[`([^`]+)`\]", page, re.MULTILINE) == [path.name for path in SCRIPTS]
    for path in SCRIPTS:
        for line in path.read_text(encoding="utf-8").splitlines()[1:4]:
            assert line.partition(": ")[2].rstrip(".") in page, path.name
