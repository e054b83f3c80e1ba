"""Evidence from pipes, and the sign of life on a terminal while one waits for it."""

import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import program
import pytest

from par_engine.cli import agencies, progress, round_actions, round_report, template
from par_engine.cli.main import app
from par_engine.i18n.catalogue import entries

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "example-town.json"
PAR = [sys.executable, "-c", "from par_engine.cli.main import run; run()"]
TABLE = ROOT / "examples" / "ministries-2023.csv"


def par(*words: str, data: bytes = b"", cwd: Path | None = None) -> tuple[int, str, str]:
    """Within this process, its standard input as bytes."""
    done = program.ended(*words, data=data, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


def piped(*words: str, data: bytes) -> tuple[int, str, str]:
    """A process of its own at the end of a pipe."""
    env = {**os.environ, **program.setting("vi")}
    done = subprocess.run([*PAR, *words], input=data, capture_output=True, check=False, env=env)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("place", ["-", "/dev/stdin"])
@pytest.mark.parametrize(
    "words",
    [["score"], ["validate"], ["explain", "-u", "ashford"], ["what-if", "-u", "ashford", "--set", "1.2.open=1"]],
)
def test_a_pipe_gives_what_its_file_gives(place: str, words: list[str]) -> None:
    command, *rest = words
    found = piped(command, place, "-m", "example-town", *rest, data=FILE.read_bytes())
    assert found == par(command, str(FILE), "-m", "example-town", *rest)


def test_a_table_through_a_pipe() -> None:
    found = piped("score", "-", "-m", "2023-ministry", data=TABLE.read_bytes())
    assert found[:2] == par("score", str(TABLE), "-m", "2023-ministry")[:2]
    assert par("score", "-", "-m", "2023-ministry", "--input-format", "csv", data=TABLE.read_bytes()) == found


def test_a_page_from_a_pipe(tmp_path: Path) -> None:
    code, _, _ = par("page", "-", "-m", "example-town", "-o", str(tmp_path / "p.html"), data=FILE.read_bytes())
    assert code == 0
    assert (tmp_path / "p.html").stat().st_size > 10_000


PAGE, REPORT, BOOK = ["page", "-o", "out.html"], ["report", "-o", "out.docx"], ["book", "-o", "out.xlsx"]
WHAT_IF = ["what-if", "--set", "1.2.open=1"]
TOWN = b"# stage: self-assessment\nunit,1.1.plan,1.2.planned,1.2.open\nAshford,late,280,231\n"
PROVINCE = "unit,1.3.1.part,1.3.1.whole\nĐiện Biên,10,60\n".encode()


@pytest.mark.parametrize(
    ("words", "id", "data"),
    [(words, "example-town", TOWN) for words in (PAGE, REPORT, BOOK, WHAT_IF)]
    + [(["improve", "--gain", "0.1"], "2021-province", PROVINCE)],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_every_command_that_reads_evidence_takes_its_format(
    words: list[str], id: str, data: bytes, tmp_path: Path
) -> None:
    for module in ("docx", "docxtpl", "xlsxwriter"):
        pytest.importorskip(module)
    pytest.importorskip("par_2021")
    command, *rest = words
    rest += ["-m", id, "--lang", "en"]
    (tmp_path / "evidence.csv").write_bytes(data)
    code, whole, _ = par(command, "evidence.csv", *rest, cwd=tmp_path)
    assert code == 0
    code, out, _ = par(command, "-", *rest, "--input-format", "csv", data=data, cwd=tmp_path)
    assert (code, re.sub(r"\d+ KB", "", out)) == (0, re.sub(r"\d+ KB", "", whole))
    code, out, err = par(command, "-", *rest, "--input-format", "odt", data=data, cwd=tmp_path)
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == "✗ stdin: no reader for .odt — known are .csv, .json, .parquet, .xlsx"
    code, _, err = par(command, "evidence.csv", *rest, "--input-format", "json", cwd=tmp_path)
    assert (code, err.splitlines()[0][:42]) == (1, "✗ evidence.csv line 1, column 1: not valid")


@pytest.mark.parametrize("command", ["page", "report", "book"])
def test_a_round_has_no_format(command: str, tmp_path: Path) -> None:
    file = tmp_path / "a.round"
    file.write_bytes(b"SQLite format 3\0")
    out = {"page": "p.html", "report": "r.docx", "book": "b.xlsx"}[command]
    words = [command, str(file), "-m", "example-town", "-o", out, "--input-format", "csv"]
    code, _, err = par(*words, "--lang", "en", cwd=tmp_path)
    assert (code, err.splitlines()[0]) == (
        1,
        "✗ --input-format: a round is no evidence of any format — leave --input-format out",
    )
    assert "✗ --input-format: tệp của một kỳ không phải là tệp số liệu — bỏ --input-format" in par(*words)[2]


def test_standard_input_is_one_stage(tmp_path: Path) -> None:
    words = ["page", "-", "-", "-m", "example-town", "-o", "p.html"]
    code, _, err = par(*words, "--lang", "en", data=FILE.read_bytes(), cwd=tmp_path)
    assert code == 1
    assert err.splitlines()[0] == "✗ stdin: standard input gives one stage only — name files for the others"
    assert "✗ stdin: luồng vào chuẩn chỉ đọc được một giai đoạn — ghi tên tệp cho các giai đoạn khác" in par(*words)[2]


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
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "PATIENCE", 60.0)
    with progress.busy("vi") as doing:
        doing("reading", "[bold]x")
        doing("scoring")


@pytest.mark.parametrize("stop_early", [True, False])
def test_the_bar_comes_and_goes_with_its_block(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stop_early: bool
) -> None:
    bar = progress._Bar("vi")
    bar.doing("reading", "[bold]x")
    if stop_early:
        bar.stop()
    bar.show()
    bar.doing("scoring")
    bar.stop()
    assert bar._progress is None if stop_early else bar._progress is not None


class Watched:
    """Stands for `busy`: notes the stages, and that nothing is printed while the bar has the terminal."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.said: list[str] = []
        self.capsys = capsys

    @contextmanager
    def __call__(self, lang: str) -> Iterator[Callable[..., None]]:
        assert lang in ("vi", "en")
        self.capsys.readouterr()

        def doing(stage: str, name: str = "") -> None:
            assert stage in entries("cli.progress", "vi")
            self.said.append(f"{stage} {name}".strip())

        yield doing
        assert self.capsys.readouterr() == ("", "")


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Watched:
    busy = Watched(capsys)
    for module in (progress, template, agencies, round_actions, round_report):
        monkeypatch.setattr(module, "busy", busy)
    return busy


def said(watched: Watched, *words: object) -> list[str]:
    watched.said.clear()
    with pytest.raises(SystemExit) as ended:
        app(args=[str(word) for word in words], prog_name="par")
    assert not ended.value.code, words
    return list(watched.said)


def test_rounds_say_what_takes_its_time(watched: Watched, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    file, points, texts = tmp_path / "town.round", tmp_path / "points.csv", tmp_path / "texts.csv"
    points.write_text("unit,item,points,reason\nashford,1.1,0.5,late\n", encoding="utf-8")
    texts.write_text("unit,item,text,requested\nashford,1.1,it was in time,1\n", encoding="utf-8")
    by = ("--by", "A", "--why", "w")
    assert said(watched, "round", "init", file, "-m", "example-town", *by) == []
    assert said(watched, "round", "submit", file, FILE, *by) == ["reading example-town.json"]
    assert said(watched, "round", "appraise", file, points, *by) == ["reading points.csv"]
    assert said(watched, "round", "explain", file, texts, *by) == ["reading texts.csv"]
    assert said(watched, "round", "status", file) == ["reading town.round", "scoring"]
    assert said(watched, "round", "score", file) == ["scoring town.round"]
    assert said(watched, "round", "report", file, "-o", tmp_path / "r.xlsx") == ["scoring", "writing r.xlsx"]
    assert said(watched, "round", "verify", file) == ["checking town.round"]
    assert said(watched, "round", "export", file, "-o", tmp_path / "b.zip") == ["writing b.zip"]
    assert said(watched, "round", "recompute", tmp_path / "b.zip") == ["scoring b.zip"]


def test_workbooks_say_what_takes_its_time(watched: Watched, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("par_2021")
    home = ROOT / "examples" / "dien-bien-2021"
    book = tmp_path / "b.xlsx"
    found = said(watched, "template", "example-town", "-o", book, "--from", FILE, "-u", "Ashford")
    assert found == ["reading example-town.json", "writing b.xlsx"]
    found = said(watched, "split", home / "agencies.json", "-o", tmp_path / "bieu", "--from", home / "agencies")
    assert found[0] == "reading" and len(found) == 18
    assert set(found[1:]) == {f"writing {path.name}" for path in (tmp_path / "bieu").iterdir()}


def test_the_program_is_a_module_too() -> None:
    words = ["score", str(FILE), "-m", "example-town"]
    done = subprocess.run([sys.executable, "-m", "par_engine", *words], capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode()) == par(*words)[:2]
