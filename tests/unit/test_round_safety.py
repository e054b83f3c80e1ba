"""The file of a round under a kill, a full disk, several writers and changed bytes; and the bundle without the file."""

import random
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from rounds import EARLY, child, errors, evidence, methodology, opened, whole, write

import par_engine as par
from par_engine.results.report import to_json
from par_engine.round.bundle import export
from par_engine.round.recompute import recompute
from par_engine.round.round import Round, open_round
from par_engine.round.store import FORMAT, KIND, open_store
from par_engine.round.verify import Verdict, verify

TESTS = Path(__file__).parents[1]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


# --- what the database itself refuses


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE entry SET body = body", "nothing is changed or removed"),
        ("UPDATE entry SET hash = hash WHERE number = 2", "nothing is changed or removed"),
        ("DELETE FROM entry WHERE number = 5", "nothing is changed or removed"),
        ("UPDATE file SET bytes = x'00'", "nothing is changed or removed"),
        ("DELETE FROM file", "nothing is changed or removed"),
        ("REPLACE INTO entry SELECT * FROM entry WHERE number = 5", "an entry follows the last one"),
        ("INSERT INTO entry SELECT 7, '{0}', body FROM entry WHERE number = 5", "an entry follows the last one"),
        (
            "INSERT INTO entry SELECT 6, '{0}', json_set(body, '$.number', 6) FROM entry WHERE number = 5",
            "an entry follows the last one",
        ),
        (
            "REPLACE INTO entry SELECT 6, hash, json_set(body, '$.number', 6, '$.previous', hash) FROM entry WHERE number = 5",
            "an entry follows the last one",
        ),
        ("REPLACE INTO file SELECT sha256, x'00' FROM file", "a file is stored once"),
        ("INSERT INTO file VALUES ('abc', x'00')", "CHECK constraint failed: length(sha256) = 64"),
        ("INSERT INTO file VALUES ('{0}', 'text')", "cannot store TEXT value in BLOB column"),
        (
            "INSERT INTO entry SELECT 6, '{0}', json_set(body, '$.number', 6, '$.previous', hash, '$.by', '')"
            " FROM entry WHERE number = 5",
            "CHECK constraint failed",
        ),
        (
            "INSERT INTO entry SELECT 6, '{0}', json_set(body, '$.number', 6, '$.previous', hash, '$.what', 'init')"
            " FROM entry WHERE number = 5",
            "CHECK constraint failed",
        ),
    ],
)
def test_the_database_guards_itself(tmp_path: Path, statement: str, says: str) -> None:
    path = whole(tmp_path).path
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=says.replace("(", r"\(").replace(")", r"\)")):
        connection.execute(statement.format("a" * 64))
    connection.close()
    assert errors(verify(path)) == []


def test_a_round_is_one_file_in_safe_modes(tmp_path: Path) -> None:
    path = whole(tmp_path).path
    assert sorted(p.name for p in tmp_path.glob("round*")) == ["round.db"]
    with open_store(path, write=True) as store:
        ask = [store.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        assert ask == ["wal", 2]
        assert store.connection.execute("PRAGMA table_list('entry')").fetchone()[-1] == 1  # strict


# --- changed bytes


def unguarded(path: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Change rows behind the guards, and put the guards back."""
    connection = sqlite3.connect(path)
    guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid").fetchall()
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement, values in statements:
        connection.execute(statement, values)
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()


def content(path: Path) -> list[tuple[Any, ...]]:
    """Every value of every table, and every guard."""
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    try:
        return [
            *connection.execute("SELECT number, hash, body FROM entry ORDER BY number"),
            *connection.execute("SELECT sha256, bytes FROM file ORDER BY sha256"),
            *connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"),
        ]
    finally:
        connection.close()


CELLS = [
    ("entry", "number", "hash"),
    ("entry", "number", "body"),
    ("file", "sha256", "sha256"),
    ("file", "sha256", "bytes"),
]


@pytest.mark.parametrize(("table", "key", "column"), CELLS, ids=["entry-hash", "entry-body", "file-name", "file-bytes"])
def test_a_changed_byte_in_any_cell_is_found(tmp_path: Path, table: str, key: str, column: str) -> None:
    path = whole(tmp_path).path
    whole_file = path.read_bytes()
    connection = sqlite3.connect(path)
    kind = "BLOB" if column == "bytes" else "TEXT"
    cells = connection.execute(f"SELECT {key}, CAST({column} AS BLOB) FROM {table}").fetchall()  # noqa: S608
    connection.close()
    draw = random.Random(7)
    assert len(cells) >= 5
    for name, value in cells:
        for place in {0, len(value) - 1, *(draw.randrange(len(value)) for _ in range(12))}:
            path.write_bytes(whole_file)
            changed = bytearray(value)
            changed[place] ^= 1 << draw.randrange(7)
            statement = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE {key} = ?"  # noqa: S608
            unguarded(path, (statement, (bytes(changed), name)))
            assert errors(verify(path)), (table, column, name, place)


def test_every_bit_of_an_entry_counts(tmp_path: Path) -> None:
    path = whole(tmp_path).path
    (body,) = [entry.body for entry in verify(path).entries if entry.number == 4]
    from par_engine.round.entries import check

    rows = [(entry.number, entry.hash, entry.body) for entry in verify(path).entries]
    assert check("x", rows)[1] == []
    for place in range(len(body)):
        for bit in range(8):
            changed = body[:place] + bytes([body[place] ^ 1 << bit]) + body[place + 1 :]
            assert check("x", [*rows[:3], (4, rows[3][1], changed), *rows[4:]])[1]


@pytest.mark.parametrize(
    ("statement", "values", "says"),
    [
        ("DELETE FROM entry WHERE number = 3", (), "entry 3 is missing"),
        ("UPDATE entry SET number = 30 WHERE number = 5", (), "says it is entry 5"),
        ("INSERT INTO file VALUES (?, ?)", ("b" * 64, b"x"), "its bytes do not give its SHA-256"),
        ("INSERT INTO file VALUES ('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', ?)", (b"abc",), "no entry names it"),
        ("DELETE FROM file WHERE rowid = 4", (), "it, but it is not stored"),
        ("DELETE FROM entry", (), "there are no entries"),
    ],
)  # fmt: skip
def test_rows_that_are_gone_or_new_are_found(tmp_path: Path, statement: str, values: Any, says: str) -> None:
    path = whole(tmp_path).path
    unguarded(path, (statement, values))
    assert any(says in text for text in errors(verify(path)))
    if "entry" in statement:
        with pytest.raises(par.ParError, match="par round verify lists all"):
            Round(path, methodology())


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER entry_update",
        "CREATE TABLE more (x)",
        "CREATE TRIGGER more AFTER INSERT ON entry BEGIN SELECT 1; END",
        "CREATE INDEX i ON entry (hash)",
    ],
)
def test_changed_guards_are_found_and_nothing_is_written_past_them(tmp_path: Path, statement: str) -> None:
    round_ = whole(tmp_path)
    connection = sqlite3.connect(round_.path)
    connection.execute(statement)
    connection.close()
    (text,) = errors(verify(round_.path))
    assert "is not as it was made" in text
    with pytest.raises(par.ParError, match="the guards of its tables are changed"):
        round_.submit(tmp_path / "e.json", "An", "x")


def test_a_cut_end_is_whole_in_itself_and_found_by_a_receipt(tmp_path: Path) -> None:
    path = whole(tmp_path).path
    last = verify(path).entries[-1]
    assert errors(verify(path, [last.hash, last.hash[:16].upper()])) == []
    unguarded(
        path,
        ("DELETE FROM entry WHERE number = 5", ()),
        ("DELETE FROM file WHERE sha256 IN (?, ?)", (last.content["document"], last.content["file"]["sha256"])),
    )
    assert errors(verify(path)) == []
    (text,) = errors(verify(path, [last.hash]))
    assert text.startswith('round.db: no entry has the hash "')
    assert last.hash[:50] in text


def test_flipped_bits_anywhere_in_the_file_are_found_or_change_nothing(tmp_path: Path) -> None:
    path = whole(tmp_path).path
    good, before = path.read_bytes(), content(path)
    draw = random.Random(11)
    found = harmless = 0
    for _ in range(250):
        changed = bytearray(good)
        changed[draw.randrange(len(good))] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        if errors(verify(path)):
            found += 1
        else:
            harmless += 1
            assert content(path) == before
        for more in tmp_path.glob("round.db-*"):
            more.unlink()
    assert found > 20 and harmless > 20


def test_a_file_that_is_cut_off_is_found(tmp_path: Path) -> None:
    path = whole(tmp_path).path
    good = path.read_bytes()
    for size in [0, 1, 16, 100, 4096, 10000, *range(4096, len(good), 8192), len(good) - 1]:
        path.write_bytes(good[:size])
        assert errors(verify(path)), size


# --- not a round


def made(path: Path, kind: int, version: int) -> Path:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {kind}")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    return path


def test_files_that_are_no_round(tmp_path: Path) -> None:
    text = write(tmp_path, "t.db", "not a database, although it is long enough to be looked at")
    cases = {
        text: "t.db: the file is no database — par round init makes one",
        write(tmp_path, "empty.db", ""): "empty.db: the file is no database — par round init makes one",
        made(tmp_path / "o.db", 7, 1): "o.db: the database is not one of a round — par round init makes one",
        made(tmp_path / "n.db", KIND, FORMAT + 1): "n.db: its format is 3, this par-engine knows 2 — install a newer par-engine",
        made(tmp_path / "g.db", KIND, FORMAT): "g.db: the guards of its tables are changed — par round verify lists all",
        tmp_path / "none.db": "none.db: No such file or directory — check the path",
        tmp_path: f"{tmp_path.name}: Is a directory — check the path",
    }  # fmt: skip
    for path, says in cases.items():
        with pytest.raises(par.ParError) as caught:
            Round(path, methodology())
        assert [problem.text() for problem in caught.value.problems] == [says]
        assert errors(verify(path))


@posix
def test_a_folder_that_cannot_be_written() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        cannot_be_written(Path(folder))


def cannot_be_written(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    program = (
        "import os, sys\n"
        "from rounds import methodology, EARLY\nfrom par_engine.round.round import Round, open_round\n"
        "from par_engine.round.verify import verify\nfrom pathlib import Path\nimport par_engine as par\n"
        "path = Path(sys.argv[1]); m = methodology()\n"
        "from par_engine.round.store import create\nfrom par_engine.i18n.catalogue import tables\n"
        "tables('en')\n"
        "m.read('e.json'); Round(path, m).score(); first = verify(path).entries[0]  # imports come while they can\n"
        "os.chmod(path, 0o444); os.chmod(path.parent, 0o555)\n"
        "if os.geteuid() == 0:\n"
        "    os.setgid(65534); os.setuid(65534)\n"
        "os.chdir(path.parent)\n"
        "print(len(verify(path).problems), Round(path, m).score().units[0].points)\n"
        "for act in (lambda: Round(path, m, clock=lambda: EARLY).submit(Path('e.json'), 'An', 'x'), lambda: create(Path('new.db'), first, [])):\n"
        "    try: act()\n"
        "    except par.ParError as error: print(error)\n"
    )
    process = child("-c", program, str(round_.path), cwd=tmp_path)
    out, err = process.communicate(timeout=600)
    tmp_path.chmod(0o755)
    assert err == ""
    assert out.splitlines() == [
        "0 5.0000",
        "round.db: the file or its folder cannot be written — check the permissions of both",
        "new.db: the file or its folder cannot be written — check the permissions of both",
    ]
    assert sorted(p.name for p in tmp_path.glob("*.db*")) == ["round.db"]


# --- a kill, a full disk, several writers


@posix
def test_a_kill_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "round.db"
    open_round(path, methodology(), "An", clock=lambda: EARLY)
    draw = random.Random(3)
    confirmed: list[str] = []
    for i in range(25):
        process = child(str(TESTS / "rounds.py"), str(path), f"w{i}", "1000")
        assert process.stdout is not None and process.stderr is not None
        first = process.stdout.readline()
        time.sleep(draw.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        rest, err = process.communicate()
        assert err == ""
        confirmed += [
            line.split()[1]
            for line in [first, *rest.splitlines()]
            if line.endswith("\n") or len(line.split()[-1]) == 64
        ]
        verdict = verify(path)
        assert errors(verdict) == []
        assert [hash_ for hash_ in confirmed if hash_ not in {entry.hash for entry in verdict.entries}] == []
    assert len(confirmed) >= 25
    unconfirmed = len(verify(path).entries) - 1 - len(confirmed)
    assert 0 <= unconfirmed <= 25


def test_a_log_left_by_a_kill_belongs_to_the_round(tmp_path: Path) -> None:
    """A path with accents and blanks; a log that is taken over, changed, cut, or gone."""
    folder = tmp_path / "Sở Nội vụ – đợt 1"
    folder.mkdir()
    path, log = folder / "vòng chấm điểm.db", folder / "vòng chấm điểm.db-wal"
    open_round(path, methodology(), "An", clock=lambda: EARLY)
    round_ = Round(path, methodology(), clock=lambda: EARLY)
    reader = sqlite3.connect(path)  # while somebody reads, the log stays: what lies there is what a kill leaves behind
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entry").fetchone()
    paper = write(folder, "e.json", evidence("alpha"))
    marks = [round_.submit(paper, "Ngân", f"lần {i}").hash for i in range(3)]
    kept = {name: (folder / name).read_bytes() for name in (path.name, log.name)}
    reader.close()
    draw = random.Random(17)

    def seen(wal: bytes | None) -> Verdict:
        for more in folder.glob(f"{path.name}*"):
            more.unlink()
        path.write_bytes(kept[path.name])
        if wal is not None:
            log.write_bytes(wal)
        return verify(path, marks)

    whole_ = seen(kept[log.name])
    assert errors(whole_) == []
    order = [entry.hash for entry in whole_.entries]
    spoiled = [None, *(kept[log.name][: draw.randrange(len(kept[log.name]))] for _ in range(10))]
    for _ in range(30):
        changed = bytearray(kept[log.name])
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
        spoiled.append(bytes(changed))
    short = 0
    for wal in spoiled:
        verdict = seen(wal)
        found = [entry.hash for entry in verdict.entries]
        if errors(verdict):  # what is gone is found by what was noted of it
            short += 1
        else:
            assert set(marks) <= set(found)
        assert found == order[: len(found)]  # never another entry, only fewer
    assert short > 10


@posix
def test_what_was_confirmed_is_in_the_file_whatever_becomes_of_its_log(tmp_path: Path) -> None:
    """Somebody has the round open, so that its log stays behind; the log is then lost, and nothing else."""
    round_ = opened(tmp_path)
    reader = sqlite3.connect(round_.path)
    reader.execute("SELECT count(*) FROM entry").fetchone()
    try:
        entry = round_.submit(write(tmp_path, "e.json", evidence("alpha")), "An", "first")
        log = Path(f"{round_.path}-wal")
        assert log.stat().st_size > 0
        copy = tmp_path / "copy"
        copy.mkdir()
        (copy / round_.path.name).write_bytes(round_.path.read_bytes())
    finally:
        reader.close()
    found = verify(copy / round_.path.name, [entry.hash])
    assert errors(found) == []
    assert found.entries[-1].hash == entry.hash


def test_a_killed_init_leaves_no_half_round(tmp_path: Path) -> None:
    draw = random.Random(5)
    program = "import sys; from pathlib import Path; from rounds import methodology\nfrom par_engine.round.round import open_round\nm = methodology(); print('ready', flush=True)\nfor i in range(1000): open_round(Path(sys.argv[1]) / f'{i}.db', m, 'An'); print(i, flush=True)\n"
    process = child("-c", program, str(tmp_path))
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    time.sleep(0.05 + draw.random() * 0.2)
    process.send_signal(signal.SIGKILL)
    said = process.communicate()[0].split()
    there = sorted(tmp_path.glob("*.db"))
    assert len(said) <= len(there) <= len(said) + 1
    assert all(errors(verify(path)) == [] for path in there)


@posix
def test_a_full_disk_is_told_and_leaves_the_round_as_it_was(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    size, head = round_.path.stat().st_size, verify(round_.path).entries[-1].hash
    paper = tmp_path / "big.txt"
    paper.write_bytes(random.Random(1).randbytes(300_000))
    write(tmp_path, "beta.json", evidence("beta"))
    program = (
        "import resource, sys\nfrom pathlib import Path\nfrom rounds import methodology, EARLY\nimport par_engine as par\n"
        "from par_engine.round.round import Round, open_round\n"
        "folder, most = Path(sys.argv[1]), int(sys.argv[2]); m = methodology(); r = Round(folder / 'round.db', m, clock=lambda: EARLY)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
        "for act in (lambda: r.submit(folder / 'beta.json', 'An', 'x', [folder / 'big.txt']), lambda: open_round(folder / 'new.db', m, 'An')):\n"
        "    try: print(act().number)\n"
        "    except par.ParError as error: print(error)\n"
    )
    seen = set()
    for most in (4096, 20_000, 60_000, 120_000, 250_000, size + 200_000):
        process = child("-c", program, str(tmp_path), str(most))
        out, err = process.communicate(timeout=600)
        assert err == ""
        first, second = out.splitlines()
        assert (
            first
            == "round.db: the disk is full or cannot be written; nothing was recorded — make room on the disk and try again"
        )
        seen.add(second.replace("new.db: ", "").partition(";")[0])
        if (tmp_path / "new.db").exists():
            assert errors(verify(tmp_path / "new.db")) == []
            (tmp_path / "new.db").unlink()
        verdict = verify(round_.path)
        assert errors(verdict) == [] and verdict.entries[-1].hash == head
        assert not list(tmp_path.glob(".*.part*"))
    assert seen == {"the disk is full or cannot be written", "1"}
    assert round_.submit(tmp_path / "beta.json", "An", "x", [paper]).number == 6


def test_several_writers_at_once_all_succeed_and_the_chain_never_forks(tmp_path: Path) -> None:
    path = tmp_path / "round.db"
    open_round(path, methodology(), "An", clock=lambda: EARLY)
    processes = [child(str(TESTS / "rounds.py"), str(path), f"w{i}", "8") for i in range(4)]
    said = [line.split() for process in processes for line in process.communicate(timeout=600)[0].splitlines()]
    assert [process.returncode for process in processes] == [0] * 4
    verdict = verify(path)
    assert errors(verdict) == []
    assert sorted((int(n), mark) for n, mark in said) == [(e.number, e.hash) for e in verdict.entries[1:]]
    assert len(verdict.entries) == 33
    assert {entry.by for entry in verdict.entries[1:]} == {"w0", "w1", "w2", "w3"}


def test_a_writer_that_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = whole(tmp_path)
    other = sqlite3.connect(round_.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *words, **named: connect(*words, **{**named, "timeout": 0.05}))
    with pytest.raises(
        par.ParError, match=r"^round\.db: another program is writing to it; nothing was recorded — try again$"
    ):
        round_.submit(write(tmp_path, "b.json", evidence("beta")), "An", "x")
    assert round_.score().units  # readers are not kept out
    other.close()


# --- the bundle


@pytest.fixture
def bundle(tmp_path: Path) -> tuple[Path, Round]:
    round_ = whole(tmp_path)
    path = tmp_path / "bundle.zip"
    path.write_bytes(export(round_.path, round_.methodology))
    return path, round_


def test_a_bundle_is_the_same_bytes_and_gives_the_same_figures(bundle: tuple[Path, Round], tmp_path: Path) -> None:
    path, round_ = bundle
    assert export(round_.path, round_.methodology) == path.read_bytes()
    stands = to_json(round_.score().report())
    round_.path.unlink()
    found = recompute(path)
    assert (found.problems, found.same_bytes) == ((), True)
    from par_engine.round.bundle import scores

    again = scores(found.methodology, found.state)
    assert again["scores/standing.json"] == stands
    assert again["scores/self-assessment.json"] != stands
    assert found.methodology.fingerprint == round_.methodology.fingerprint


def test_a_bundle_of_a_round_without_evidence(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    path = tmp_path / "b.zip"
    path.write_bytes(export(round_.path, round_.methodology))
    assert recompute(path).problems == ()


def test_any_changed_byte_of_a_bundle_is_found(bundle: tuple[Path, Round], tmp_path: Path) -> None:
    path, _ = bundle
    good = path.read_bytes()
    draw = random.Random(13)
    bad = tmp_path / "bad.zip"
    for _ in range(150):
        changed = bytearray(good)
        changed[draw.randrange(len(good))] ^= 1 << draw.randrange(8)
        bad.write_bytes(changed)
        try:
            problems = recompute(bad).problems
        except par.ParError as error:
            problems = error.problems
        assert problems


def test_files_that_are_no_bundle(tmp_path: Path) -> None:
    import zipfile

    other = tmp_path / "z.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a", "b")
    for path, says in {
        write(tmp_path, "t.zip", "text"): "t.zip: not a whole zip file",
        other: "z.zip: the zip file is no bundle of a round — par round export writes one",
        tmp_path / "none.zip": "none.zip: No such file or directory — check the path",
    }.items():
        with pytest.raises(par.ParError) as caught:
            recompute(path)
        assert str(caught.value).startswith(says)


def test_forged_figures_of_a_bundle_are_found(bundle: tuple[Path, Round], tmp_path: Path) -> None:
    import zipfile

    from par_engine.round.bundle import packed

    path, _ = bundle
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    forged = tmp_path / "forged.zip"
    for name, old, new, says in (
        ("scores/standing.json", b'"5.0000"', b'"9.0000"', ["forged.zip scores/standing.json: its figures are others — ask for the bundle again"]),
        ("scores/standing.json", b'"engine": "', b'"engine": "9', []),
        ("README.md", b"par-engine", b"par-Engine", ["forged.zip README.md: is not as it was written — ask for the bundle again"]),
    ):  # fmt: skip
        forged.write_bytes(packed({**parts, name: parts[name].replace(old, new)}))
        found = recompute(forged)
        assert [problem.text() for problem in found.problems] == says
        assert found.same_bytes is (name == "README.md")


def test_a_normal_form_that_does_not_follow_from_its_file_is_found(tmp_path: Path) -> None:
    from par_engine.files.documents import canonical, sha256
    from par_engine.round.entries import make

    round_ = whole(tmp_path)
    bundle_ = tmp_path / "b.zip"
    better = canonical(evidence("beta", done=4))
    original = (tmp_path / "e.json").read_bytes()
    file = {"name": "e.json", "sha256": sha256(original), "size": len(original)}
    named = {"file": file, "document": sha256(better), "stage": "self-assessment", "units": ["beta"], "papers": []}
    with open_store(round_.path, write=True) as store:
        store.append(lambda earlier: (make(earlier, "submit", ("2030-01-31T17:00:00Z", "X", "x"), named), [better]))
    assert errors(verify(round_.path)) == []  # whole in itself
    bundle_.write_bytes(export(round_.path, round_.methodology))
    (problem,) = recompute(bundle_).problems
    assert problem.text() == ("b.zip entry 6: e.json does not say what its normal form says — ask for the bundle again")


def test_a_clock_that_goes_back_is_said(tmp_path: Path) -> None:
    round_ = whole(tmp_path)
    before = Round(round_.path, round_.methodology, clock=lambda: EARLY.replace(year=2029))
    before.submit(write(tmp_path, "b.json", evidence("beta")), "An", "x")
    (problem,) = verify(round_.path).problems
    assert problem.text("vi") == (
        "round.db /entry/6: ghi lúc 31/01/2029 23:59, trước bản ghi 5 (31/01/2030 23:59) — đồng hồ máy đã sai"
    )
    assert (problem.severity, problem.text()) == (
        "warning",
        "round.db /entry/6: is dated 2029-01-31T16:59:59Z, before entry 5 (2030-01-31T16:59:59Z) — a clock was wrong",
    )
