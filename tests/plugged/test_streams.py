"""Standard output and error that are closed, full, or gone: one sentence, no traceback, and files are written all the same."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAR = f"{sys.executable} -c 'from par_engine.cli.main import run; run()'"
TOWN = "examples/example-town.json -m example-town"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")


def shell(line: str, lang: str = "vi") -> tuple[int, str, str]:
    env = {**os.environ, "PAR_LANG": lang, "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        ["sh", "-c", line.replace("par ", f"{PAR} ", 1)], capture_output=True, env=env, cwd=ROOT, check=False
    )
    assert "Traceback" not in done.stderr.decode(), done.stderr.decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A full device of our own, where the system lets us make one."""
    path = tmp_path / "full"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        with path.open("wb"):
            pass
    except OSError:
        pytest.skip("devices cannot be made here")
    return path


@pytest.mark.parametrize(
    "words",
    [
        "list",
        "list --json",
        "show example-town",
        f"score {TOWN} -q --format csv",
        f"explain {TOWN} -u ashford",
        "--help",
    ],
)
def test_no_standard_output_is_one_sentence(words: str) -> None:
    assert shell(f"par {words} >&-") == (1, "", "✗ stdout: không có đầu ra chuẩn để in kết quả\n")


def test_the_same_in_english() -> None:
    assert shell("par list --fast >&-", "en") == (1, "", "✗ stdout: there is no standard output to print to\n")


def test_files_are_written_without_standard_output(tmp_path: Path) -> None:
    whole = tmp_path / "whole.json"
    assert shell(f"par score {TOWN} -q -o {whole}")[0] == 0
    for closed in (">&-", "<&- >&-", "<&- >&- 2>&-"):
        out = tmp_path / "out.json"
        assert shell(f"par score {TOWN} -o {out} {closed}")[0] == 0
        assert out.read_bytes() == whole.read_bytes()
        page = tmp_path / "page.html"
        assert shell(f"par page {TOWN} -o {page} {closed}")[0] == 0
        assert page.read_bytes().startswith(b"<!doctype html>")


def test_problems_are_said_without_standard_output() -> None:
    code, _, err = shell("par show nowhere >&-")
    assert code == 1 and err.startswith("✗ par: không có bộ tiêu chí")


def test_no_stream_at_all() -> None:
    assert shell("par list --fast <&- >&- 2>&-") == (1, "", "")


@pytest.mark.parametrize("words", ["list", "list --json", f"score {TOWN} -q --format json", "--help", "score --help"])
def test_a_full_device_is_one_sentence(full: Path, words: str) -> None:
    assert shell(f"par {words} >{full}") == (1, "", "✗ stdout: không in được kết quả (hết chỗ trên đĩa)\n")


def test_a_full_device_of_messages_changes_nothing(full: Path) -> None:
    code, out, _ = shell(f"par score {TOWN} --format csv 2>{full}")
    assert code == 0 and out.startswith("\ufeffrank,unit")
    assert shell(f"par show nowhere 2>{full}") == (1, "", "")


def test_a_reader_that_has_gone_is_no_fault() -> None:
    code, out, err = shell("par list --json | head -c 1")
    assert (code, out, err) == (0, "[", "")
