"""Evidence from pipes, and the sign of life on a terminal while one waits for it."""

import os
import pty
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "example-town.json"
PAR = [sys.executable, "-c", "from par_engine.cli.main import run; run()"]
TABLE = ROOT / "examples" / "ministries-2023.csv"


def par(*words: str, data: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run([*PAR, *words], input=data, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("place", ["-", "/dev/stdin"])
@pytest.mark.parametrize(
    "words",
    [["score"], ["validate"], ["explain", "-u", "ashford"], ["what-if", "-u", "ashford", "--set", "1.2.open=1"]],
)
def test_a_pipe_gives_what_its_file_gives(place: str, words: list[str]) -> None:
    command, *rest = words
    piped = par(command, place, "-m", "example-town", *rest, data=FILE.read_bytes())
    assert piped == par(command, str(FILE), "-m", "example-town", *rest)


def test_a_table_through_a_pipe() -> None:
    piped = par("score", "-", "-m", "2023-ministry", data=TABLE.read_bytes())
    assert piped[:2] == par("score", str(TABLE), "-m", "2023-ministry")[:2]
    assert par("score", "-", "-m", "2023-ministry", "--input-format", "csv", data=TABLE.read_bytes()) == piped


def test_a_page_from_a_pipe(tmp_path: Path) -> None:
    code, _, _ = par("page", "-", "-m", "example-town", "-o", str(tmp_path / "p.html"), data=FILE.read_bytes())
    assert code == 0
    assert (tmp_path / "p.html").stat().st_size > 10_000


def test_what_a_pipe_does_not_say() -> None:
    code, out, err = par("score", "-", "-m", "example-town", "--lang", "en")
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == (
        "✗ stdin: neither an ending nor the content says what this is — name the format: .csv, .json, .parquet, .xlsx"
    )
    code, _, err = par("score", "-", "-m", "example-town", "--lang", "en", data=b'{"units": 1')
    assert err.splitlines()[0].startswith("✗ stdin line 1, column 12: not valid JSON")


def on_terminal(until: bytes) -> tuple[str, str]:
    """What a pipe that waits for a text makes of the terminal that is standard error, and of standard output."""
    ours, theirs = pty.openpty()
    words = [*PAR, "score", "-", "-m", "example-town", "--lang", "en"]
    with (
        ThreadPoolExecutor() as pool,
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs) as running,
    ):
        os.close(theirs)
        waited = threading.Event()
        # at the same time: a terminal that nobody reads holds its program up
        seen = pool.submit(shown, ours, until, waited)
        waited.wait(60)
        printed, _ = running.communicate(FILE.read_bytes(), timeout=120)
        return seen.result(timeout=120).decode(), printed.decode()


def shown(terminal: int, until: bytes, waited: threading.Event) -> bytes:
    """All that a terminal shows until its last program ends; says when the text has come."""
    seen = b""
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        while True:
            try:
                part = screen.read(65536)
            except OSError:  # how Linux says that nobody is left
                return seen
            if not part:
                return seen
            seen += part
            if until in seen:
                waited.set()


def test_a_long_wait_shows_a_bar_on_the_terminal_and_nothing_in_the_result() -> None:
    seen, printed = on_terminal(b"reading and checking")
    assert "reading and checking" in seen
    assert printed == par("score", str(FILE), "-m", "example-town", "--lang", "en")[1]


def test_a_short_run_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from par_engine.cli import progress

    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "PATIENCE", 60.0)
    with progress.busy("vi") as doing:
        doing("reading", "[bold]x")
        doing("scoring")


@pytest.mark.parametrize("stop_early", [True, False])
def test_the_bar_comes_and_goes_with_its_block(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stop_early: bool
) -> None:
    from par_engine.cli import progress

    bar = progress._Bar("vi")
    bar.doing("reading", "[bold]x")
    if stop_early:
        bar.stop()
    bar.show()
    bar.doing("scoring")
    bar.stop()
    assert bar._progress is None if stop_early else bar._progress is not None
