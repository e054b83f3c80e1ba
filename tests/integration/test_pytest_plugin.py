"""Cases as pytest runs them: collected from folders named cases, failing in sentences, held to a coverage."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

GOOD = {
    "name": "đúng hạn",
    "item": "1.1",
    "facts": {"1.1.plan": "on_time"},
    "expect": {"points": "1"},
    "confirmed": True,
}
HEAD = {"$schema": "urn:par-engine:schema:case-1", "methodology": "example-town"}


def pytest_on(tmp_path: Path, *cases: Any, options: tuple[str, ...] = (), code: int, head: Any = HEAD) -> str:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "c.json").write_text(json.dumps(head | {"cases": list(cases)}), encoding="utf-8")
    (folder / "other.json").write_text("[]")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path), *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_a_case_that_holds(tmp_path: Path) -> None:
    assert "1 passed" in pytest_on(tmp_path, GOOD, code=0)


def test_a_failure_reads_like_a_sentence(tmp_path: Path) -> None:
    wrong = GOOD | {"name": "muộn", "expect": {"points": "0.25"}, "facts": {"1.1.plan": "late"}, "confirmed": False}
    out = pytest_on(tmp_path, GOOD, wrong, code=1)
    says = "example-town 1.1, muộn: with 1.1.plan = late it should be 0.25 points, but it is 0.5 points and scored."
    assert says in out
    assert "nobody has confirmed this case yet" in out
    assert "với 1.1.plan = late phải là 0,25 điểm, nhưng là 0,5 điểm, " in out
    assert "chưa ai xác nhận trường hợp này" in out
    assert "Traceback" not in out and "1 failed, 1 passed" in out


def test_coverage_and_its_threshold(tmp_path: Path) -> None:
    out = pytest_on(tmp_path, GOOD, options=("--par-coverage", "--par-coverage-under=50"), code=1)
    assert "example-town: 1 of 68 places touched (1.5 %), 1 by confirmed cases" in out
    assert "  1.1: issued late" in out


def test_a_broken_file_and_an_unknown_methodology_are_problems_not_tracebacks(tmp_path: Path) -> None:
    out = pytest_on(tmp_path, GOOD | {"expect": {}}, code=2)
    assert "c.json /cases/0/expect: expect points, an outcome or both; or refused alone" in out
    assert "Traceback" not in out


def test_an_unknown_methodology(tmp_path: Path) -> None:
    out = pytest_on(tmp_path, GOOD, head=HEAD | {"methodology": "example-tow"}, code=1)
    assert 'no methodology "example-tow" is installed' in out
    assert "Traceback" not in out


SUITE = """
from pathlib import Path
from par_engine.testing import MethodologySuite

class TestTown(MethodologySuite):
    methodology = "example-town"
    cases = Path(__file__).parent / "cases"
"""


def test_the_suite_fails_where_cases_are_wrong_or_too_few(tmp_path: Path) -> None:
    (tmp_path / "test_town.py").write_text(SUITE)
    wrong = GOOD | {"expect": {"points": "0.9"}}
    out = pytest_on(tmp_path, wrong, code=1)
    failed = {line.split("::")[-1].split(" ")[0] for line in out.splitlines() if line.startswith("FAILED")}
    assert failed >= {
        "test_cases_hold",
        "test_cases_touch_the_rules",
        "test_every_leaf_can_reach_its_maximum",
        "test_the_fingerprint_is_pinned",
        "test_the_rulings_page_says_what_the_data_say",
    }
    assert "1.1, đúng hạn: 1 points and scored" in out
    assert "6 failed, 3 passed" in out
