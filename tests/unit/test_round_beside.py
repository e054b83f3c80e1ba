"""What lies beside a round file: its own log is taken over, another's log or journal is named, and nothing is written."""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from rounds import EARLY, child, errors, evidence, methodology, opened, whole, write

import par_engine as par
from par_engine.round.beside import part_of
from par_engine.round.bundle import export
from par_engine.round.round import Round, open_round
from par_engine.round.store import open_store
from par_engine.round.verify import verify

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, links and modes of POSIX")
KEEP = "dời round.db-wal sang chỗ khác (đừng xóa), rồi chạy par round verify; chưa có gì bị thay đổi"


def refused(call: Any, *words: Any, lang: str = "vi", **named: Any) -> list[str]:
    with pytest.raises(par.ParError) as caught:
        call(*words, **named)
    return [problem.text(lang) for problem in caught.value.problems]


def logged(folder: Path, *, more: int, checkpointed: bool = False) -> tuple[Round, bytes, list[str]]:
    """A round that a program was killed in: some entries are in its log only, or in both. The log, and all hashes."""
    round_ = opened(folder)
    reader = sqlite3.connect(round_.path, isolation_level=None)
    if not checkpointed:  # who reads an old state keeps the log from going into the file
        reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entry").fetchone()
    paper = write(folder, "e.json", evidence("alpha"))
    for i in range(more):
        round_.submit(paper, "An", f"lần {i}")
    kept = {name: Path(f"{round_.path}{name}").read_bytes() for name in ("", "-wal")}
    marks = [entry.hash for entry in round_.state().entries]
    reader.close()
    Path(f"{round_.path}-wal").unlink(missing_ok=True)
    Path(f"{round_.path}-shm").unlink(missing_ok=True)
    round_.path.write_bytes(kept[""])
    Path(f"{round_.path}-wal").write_bytes(kept["-wal"])
    return round_, kept["-wal"], marks


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file of a folder: its bytes, and when it was written."""
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.iterdir()
        if path.is_file()
    }


def everything_that_reads(round_: Round) -> None:
    path, ready = round_.path, round_.methodology
    Round(path, ready).score()
    Round(path, ready).stages()
    verify(path)
    export(path, ready)


def test_who_only_reads_writes_not_one_byte(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    before = snapshot(tmp_path)
    everything_that_reads(round_)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("checkpointed", [False, True])
def test_a_log_of_ones_own_is_read_where_it_lies_and_taken_over_by_the_next_writer(
    tmp_path: Path, checkpointed: bool
) -> None:
    round_, log, marks = logged(tmp_path, more=3, checkpointed=checkpointed)
    assert len(log) > 32
    before = snapshot(tmp_path)
    assert [entry.hash for entry in round_.state().entries] == marks
    everything_that_reads(round_)
    assert snapshot(tmp_path) == before
    entry = round_.submit(write(tmp_path, "n.json", evidence("beta")), "An", "next")
    assert entry.number == 5
    assert sorted(path.name for path in tmp_path.glob("round.db*")) == ["round.db"]
    assert [one.hash for one in verify(round_.path).entries] == [*marks, entry.hash]


def diverged(folder: Path) -> Round:
    """A synchronised folder: the file of one machine with four entries, the log of another that added one to two."""
    here, there = folder / "here", folder / "there"
    here.mkdir()
    there.mkdir()
    round_ = opened(here)
    paper = write(folder, "e.json", evidence("alpha"))
    round_.submit(paper, "An", "both")
    shutil.copy(round_.path, there)
    other = Round(there / "round.db", methodology(), clock=lambda: EARLY)
    reader = sqlite3.connect(other.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entry").fetchone()
    other.submit(paper, "Bình", "there only")
    log = Path(f"{other.path}-wal").read_bytes()
    reader.close()
    round_.submit(paper, "An", "here")
    round_.submit(paper, "An", "here too")
    Path(f"{round_.path}-wal").write_bytes(log)
    return round_


def test_a_log_of_another_machine_is_refused_and_left_alone(tmp_path: Path) -> None:
    round_ = diverged(tmp_path)
    folder, before = round_.path.parent, snapshot(round_.path.parent)
    says = f"round.db: round.db-wal không phải của tệp này: tệp có bản ghi 3 khác — {KEEP}"
    for call in (round_.state, round_.score, lambda: export(round_.path, round_.methodology)):
        assert refused(call) == [says]
    assert [problem.text("vi") for problem in verify(round_.path).problems] == [says]
    assert refused(round_.submit, tmp_path / "e.json", "An", "x") == [says]
    assert snapshot(folder) == before
    Path(f"{round_.path}-wal").rename(tmp_path / "aside")
    assert (errors(verify(round_.path)), len(round_.state().entries)) == ([], 4)


def test_a_log_with_fewer_entries_than_the_file_is_refused(tmp_path: Path) -> None:
    """An old log of the same machine, which a copying program brought back: it would take entries away."""
    round_, log, _ = logged(tmp_path, more=2)
    for name in ("n", "o"):
        round_.submit(write(tmp_path, f"{name}.json", evidence("beta")), "An", name)
    Path(f"{round_.path}-wal").write_bytes(log)
    before = round_.path.read_bytes()
    (says,) = refused(round_.state, lang="en")
    assert says.startswith("round.db: round.db-wal is not of this file: the file has an")
    assert round_.path.read_bytes() == before


def test_a_log_of_another_database_is_refused(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    other = sqlite3.connect(tmp_path / "other.db", isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE t (x)")
    other.execute("INSERT INTO t VALUES (zeroblob(9000))")
    Path(f"{round_.path}-wal").write_bytes(Path(f"{tmp_path / 'other.db'}-wal").read_bytes())
    other.close()
    before = snapshot(tmp_path)
    (says,) = refused(round_.submit, tmp_path / "e.json", "An", "x", lang="en")
    assert says.startswith("round.db: round.db-wal is not of this file")
    assert errors(verify(round_.path))
    assert snapshot(tmp_path) == before


def test_spoiled_logs_never_take_an_entry_from_the_file(tmp_path: Path) -> None:
    """Bits flipped and ends cut off in a log, the file before and in the middle of taking it over."""
    round_, log, marks = logged(tmp_path, more=3)
    path, beside = round_.path, Path(f"{round_.path}-wal")
    alone = path.read_bytes()
    size = 4096
    frames = {
        int.from_bytes(log[i : i + 4], "big"): log[i + 24 : i + 24 + size] for i in range(32, len(log), 24 + size)
    }
    draw = random.Random(5)
    for turn in range(40):
        half = bytearray(alone.ljust(max(frames) * size, b"\0"))
        for page in draw.sample(sorted(frames), draw.randrange(len(frames) + 1)):  # a killed checkpoint
            half[(page - 1) * size : page * size] = frames[page]
        spoiled = bytearray(log)
        if turn % 2:
            spoiled[draw.randrange(len(spoiled))] ^= 1 << draw.randrange(8)
        elif turn % 4:
            del spoiled[draw.randrange(len(spoiled)) :]
        path.write_bytes(half)
        beside.write_bytes(spoiled)
        verdict = verify(path, marks)
        found = [entry.hash for entry in verdict.entries]
        assert found == marks[: len(found)]
        if spoiled == log:
            assert errors(verdict) == [] and found == marks
        assert (path.read_bytes(), beside.read_bytes()) == (bytes(half), bytes(spoiled))


def hot_journal(folder: Path) -> bytes:
    """The rollback journal of a program that was killed while it wrote to another database."""
    other = sqlite3.connect(folder / "other.db", isolation_level=None)
    other.execute("CREATE TABLE t (x)")
    other.execute("PRAGMA cache_size = 1")
    other.execute("BEGIN")
    for _ in range(9):
        other.execute("INSERT INTO t VALUES (zeroblob(4000))")
    journal = Path(f"{folder / 'other.db'}-journal").read_bytes()
    other.close()
    assert journal[:8] == bytes.fromhex("d9d505f920a163d7")
    return journal


def test_a_journal_beside_a_round_is_never_played_back(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    Path(f"{round_.path}-journal").write_bytes(hot_journal(tmp_path))
    before = snapshot(tmp_path)
    says = "round.db: round.db-journal không phải của tệp này — " + KEEP.replace("-wal", "-journal")
    assert refused(round_.submit, tmp_path / "e.json", "An", "x") == refused(round_.score) == [says]
    assert [problem.text("vi") for problem in verify(round_.path).problems] == [says]
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_init_refuses_beside_leftovers(tmp_path: Path, ending: str) -> None:
    other = tmp_path / f"round.db{ending}"
    other.write_bytes(b"something")
    assert refused(opened, tmp_path) == [
        f"round.db: bên cạnh còn round.db{ending} của một tệp trước — dời tệp ấy sang chỗ khác, hoặc đặt tên khác"
    ]
    assert refused(opened, tmp_path, lang="en") == [
        f"round.db: beside it lies round.db{ending} of an earlier file — move it away, or take another name"
    ]
    assert [path.name for path in tmp_path.iterdir()] == [other.name]


@posix
def test_a_link_to_a_round_has_the_log_of_the_round(tmp_path: Path) -> None:
    """SQLite looks for the log beside the file itself, and so does who looks at it first."""
    round_ = diverged(tmp_path)
    link = tmp_path / "link.db"
    link.symlink_to(round_.path)
    assert refused(lambda: Round(link, methodology()))[0].startswith("link.db: round.db-wal không phải của tệp này")


def test_a_synchronised_copy_is_a_round_of_its_own(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    copy = tmp_path / "round (conflicted copy 2030-01-01) #1 100%.db"
    shutil.copy(round_.path, copy)
    other = Round(copy, methodology(), clock=lambda: EARLY)
    other.submit(write(tmp_path, "b.json", evidence("beta")), "An", "x")
    assert (len(other.state().entries), len(round_.state().entries)) == (6, 5)
    assert errors(verify(copy)) == []


class Share(type(Path())):  # type: ignore[misc]
    """A path as Windows gives it for \\\\may-chu\\chung."""

    def absolute(self) -> Any:
        return self

    def as_uri(self) -> str:
        return "file://may-chu/chung/round.db"


def test_a_round_on_another_machine_is_not_called_damaged(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    says = 'round.db: tệp nằm trên đường dẫn mạng ("may-chu") — chép tệp vào đĩa của máy này rồi làm ở đó (round.md)'
    for write_ in (False, True):
        assert refused(open_store, Share(str(round_.path)), write=write_) == [says]
    assert refused(open_round, Share(str(tmp_path / "round.db")), methodology(), "An") == [says]


@pytest.mark.parametrize("name", ["SQLITE_PROTOCOL", "SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_LOCK"])
def test_a_drive_without_locks_is_not_called_damaged_or_full(name: str) -> None:
    from par_engine.round.store import refuse

    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorname = name
    assert refused(refuse, error, "round.db", lang="en") == [
        "round.db: the place of the file cannot lock it as a disk does"
        " — copy it to a disk of this machine and work there (round.md)"
    ]


@posix
def test_a_log_in_a_folder_that_cannot_be_written() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        round_, _, _ = logged(Path(folder), more=2)
        program = (
            "import os, sys\nfrom pathlib import Path\nfrom rounds import methodology\n"
            "from par_engine.round.round import Round\nfrom par_engine.round.verify import verify\n"
            "path = Path(sys.argv[1]); Round(path, methodology()).score()\n"
            "for name in path.parent.iterdir(): os.chmod(name, 0o444)\nos.chmod(path.parent, 0o555)\n"
            "if os.geteuid() == 0:\n    os.setgid(65534); os.setuid(65534)\n"
            "print(len(verify(path).entries), len(verify(path).problems))\n"
        )
        process = child("-c", program, str(round_.path))
        out, err = process.communicate(timeout=600)
        Path(folder).chmod(0o755)
        assert (out, err) == ("3 0\n", "")


@posix
def test_what_killed_programs_left_goes_with_the_next(tmp_path: Path) -> None:
    gone = child("-c", "import os; print(os.getpid())")
    number = gone.communicate()[0].strip()
    left = [tmp_path / f".round.db.{number}-0123456789abcdef.part{ending}" for ending in ("", "-wal", "-journal")]
    old = tmp_path / ".round.db.0123456789abcdef.part"
    mine, other = part_of(tmp_path / "round.db"), tmp_path / f".other.db.{number}-0123456789abcdef.part"
    notes = [tmp_path / ".round.db.notes", tmp_path / f".round.db.{number}-notes.part"]
    for path in (*left, old, mine, other, *notes):
        path.write_bytes(b"x")
        os.utime(path, (1, 1) if path in (old, *notes) else None)
    opened(tmp_path)
    kept = [mine, other, *notes, tmp_path / "round.db"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in kept)


@posix
def test_copies_that_killed_programs_left_go_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = child("-c", "import os; print(os.getpid())").communicate()[0].strip()
    left, alive = tmp_path / f"par-round-{gone}-abcd_123", tmp_path / f"par-round-{os.getpid()}-abcd_123"
    for folder in (left, alive):
        folder.mkdir()
        (folder / "round.db").write_bytes(b"x")
    work = tmp_path / "work"
    work.mkdir()
    logged(work, more=1)[0].state()
    assert sorted(path.name for path in tmp_path.iterdir()) == [alive.name, "work"]


def test_another_program_that_changed_the_mode_of_the_file(tmp_path: Path) -> None:
    """With a rollback journal, a kill would leave one: the next writer goes back to the log."""
    round_ = whole(tmp_path)
    other = sqlite3.connect(round_.path)
    assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    other.close()
    round_.submit(write(tmp_path, "b.json", evidence("beta")), "An", "x")
    with open_store(round_.path, write=True) as store:
        assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (errors(verify(round_.path)), len(round_.state().entries)) == ([], 6)


@posix
def test_a_killed_writer_in_a_loop_with_readers_beside_it(tmp_path: Path) -> None:
    """Kills at any moment while another process reads all the time: nothing confirmed is lost, nobody is told of damage."""
    path = tmp_path / "round.db"
    open_round(path, methodology(), "An", clock=lambda: EARLY)
    program = (
        "import sys\nfrom pathlib import Path\nfrom rounds import methodology\nfrom par_engine.round.round import Round\n"
        "path, m = Path(sys.argv[1]), methodology()\nseen = 0\n"
        "while not path.with_suffix('.stop').exists():\n"
        "    n = len(Round(path, m).state().entries)\n    assert n >= seen, (n, seen)\n    seen = n\nprint('well', seen)\n"
    )
    reader = child("-c", program, str(path))
    draw = random.Random(23)
    confirmed: list[str] = []
    for i in range(8):
        process = child(str(Path(__file__).parents[1] / "rounds.py"), str(path), f"w{i}", "1000")
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(draw.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        said = [first, *process.communicate()[0].splitlines()]
        confirmed += [line.split()[1] for line in said if len(line.split()[-1]) == 64]
    path.with_suffix(".stop").touch()
    out, err = reader.communicate(timeout=600)
    assert (err, out.split()[0]) == ("", "well")
    verdict = verify(path, confirmed)
    assert errors(verdict) == []
    assert len(confirmed) >= 8
    assert not list(Path(tempfile.gettempdir()).glob(f"par-round-{os.getpid()}-*"))


def test_readers_and_a_writer_in_one_process(tmp_path: Path) -> None:
    """POSIX drops all locks of a process on a file when it closes any descriptor of it: readers wait for a writer."""
    round_ = opened(tmp_path)
    papers = [write(tmp_path, f"{i}.json", evidence("alpha", done=i % 5)) for i in range(12)]
    seen: list[int] = []

    def read() -> None:
        seen.extend(len(Round(round_.path, methodology()).state().entries) for _ in range(30))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    for paper in papers:
        round_.submit(paper, "An", "x")
    for thread in readers:
        thread.join()
    assert len(seen) == 60
    assert (errors(verify(round_.path)), len(round_.state().entries)) == ([], 13)
