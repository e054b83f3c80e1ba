"""The one file of a round: an SQLite database that only takes further entries, each whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TypeVar

from par_engine.base.problems import ParError, fail, fail_own, quote
from par_engine.files.documents import sha256
from par_engine.i18n.catalogue import Said
from par_engine.i18n.foreign_messages import said_vi
from par_engine.round.beside import (
    ALONE,
    BROKEN,
    address,
    network,
    no_journal,
    part_of,
    signature,
    sweep,
    unclaimed,
    with_log,
)
from par_engine.round.entries import Entry, check

KIND = 0x50415249
FORMAT = 2
_KINDS = {
    1: "'init', 'submit', 'appraise', 'explain', 'final'",
    2: "'init', 'submit', 'appraise', 'explain', 'survey', 'done', 'final'",
}
"""The kinds of entries that files of each format take."""
MAX_FILE = 64 * 2**20
"""The largest file that is taken into a round: 64 MiB."""
_OLDEST = (3, 38, 0)  # strict tables and JSON functions
_HEX = "length({0}) = 64 AND {0} NOT GLOB '*[^0-9a-f]*'"


def schema(form: int = FORMAT) -> tuple[str, ...]:
    """The statements that make the tables of a format, and their guards."""
    return (
        f"""CREATE TABLE entry (
  number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
  hash TEXT NOT NULL UNIQUE CHECK ({_HEX.format("hash")}),
  body TEXT NOT NULL CHECK (
    json_valid(body) AND json_extract(body, '$.number') = number AND length(json_extract(body, '$.by')) > 0
    AND json_extract(body, '$.what') IN ({_KINDS[form]})
    AND (json_extract(body, '$.what') = 'init') = (number = 1)
  )
) STRICT""",
        f"""CREATE TABLE file (
  sha256 TEXT NOT NULL PRIMARY KEY CHECK ({_HEX.format("sha256")}),
  bytes BLOB NOT NULL CHECK (length(bytes) <= {MAX_FILE})
) STRICT""",
        """CREATE TRIGGER entry_follows BEFORE INSERT ON entry BEGIN
  SELECT RAISE(ABORT, 'an entry follows the last one')
  WHERE NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entry)
    OR json_extract(NEW.body, '$.previous') IS NOT
       coalesce((SELECT hash FROM entry ORDER BY number DESC LIMIT 1), printf('%064d', 0))
    OR EXISTS (SELECT 1 FROM entry WHERE hash = NEW.hash);
END""",
        """CREATE TRIGGER file_new BEFORE INSERT ON file BEGIN
  SELECT RAISE(ABORT, 'a file is stored once') WHERE EXISTS (SELECT 1 FROM file WHERE sha256 = NEW.sha256);
END""",
        *(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} BEGIN"
            f" SELECT RAISE(ABORT, 'nothing is changed or removed'); END"
            for table in ("entry", "file")
            for verb in ("UPDATE", "DELETE")
        ),
    )


_REMOTE = ("SQLITE_PROTOCOL", "SQLITE_NOLFS", "SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_SHMOPEN", "SQLITE_IOERR_SHMLOCK",
           "SQLITE_IOERR_LOCK", "SQLITE_IOERR_RDLOCK")  # fmt: skip
"""What SQLite says where a file system has no locks or no shared memory, as drives of other machines."""


def refuse(error: Exception, label: str) -> NoReturn:
    """What SQLite says, as a problem of ours."""
    name = str(getattr(error, "sqlite_errorname", "") or "")
    if name.startswith("SQLITE_BUSY"):
        what, what_vi = (
            "another program is writing to it; nothing was recorded",
            "đang có chương trình khác ghi; chưa ghi gì",
        )
        fail("busy.refuse", label)
    if name.startswith(_REMOTE):
        what, what_vi = (
            "the place of the file cannot lock it as a disk does",
            "nơi lưu tệp không khóa được như đĩa của máy",
        )
        network(label, what, what_vi)
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
        fail("disk.refuse", label)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        fail("read-only", label)
    if name == "SQLITE_NOTADB":
        _not_a_round(label, "the file is no database", "tệp không phải là cơ sở dữ liệu")
    text = quote(str(error), 200)
    fail("damaged.refuse", label, text=text)


def _not_a_round(label: str, what: str, what_vi: str) -> NoReturn:
    fail_own(label, "not-a-round", what, "par round init makes one", what_vi, "tạo bằng par round init")


T = TypeVar("T")
_TRIES, _PAUSE = 600, 0.05


class Store:
    """An open round file; close it, or use it in a `with`."""

    def __init__(self, path: Path, *, write: bool, any_schema: bool) -> None:
        self.path, self.label, self.write, self.any_schema = path, path.name, write, any_schema
        self.held = ExitStack()
        self._open()

    def _open(self) -> None:
        self.seen = signature(self.path)
        try:
            if self.write:
                self.held.enter_context(ALONE)
            self.connection = _connect(self.path, self.held, write=self.write)
            self.held.callback(self.connection.close)
            self.form = _form(self.connection, self.label, any_schema=self.any_schema)
        except BaseException:
            self.held.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.held.close()

    def steady(self, read: Callable[[], T], bad: Callable[[T], bool] = lambda _: False) -> T:
        """What `read` finds. Readers hold nobody off: what was written under them is read again, from the beginning."""
        for _ in range(_TRIES):
            try:
                found = read()
                if not bad(found) or not self._moved():
                    return found
            except ParError:
                if not self._moved():
                    raise
            time.sleep(_PAUSE)
            self.held.close()
            self.held = ExitStack()
            self._open()
        return read()

    def _moved(self) -> bool:
        return not self.write and signature(self.path) != self.seen

    def rows(self) -> Iterator[tuple[int, str, bytes]]:
        """Number, hash and body of all entries, as they are stored."""
        with told(self.label):
            for number, noted, body in self.connection.execute(
                "SELECT number, CAST(hash AS BLOB), CAST(body AS BLOB) FROM entry ORDER BY number"
            ):
                yield number, bytes(noted).decode(errors="replace"), bytes(body)

    def entries(self) -> tuple[Entry, ...]:
        """All entries. Raises ParError when the chain is broken."""
        return self.steady(self._entries)

    def _entries(self) -> tuple[Entry, ...]:
        entries, problems = check(self.label, self.rows())
        if problems:
            first = problems[0]
            fail("changed.entries", self.label, pointer=first.pointer, what=Said(first.what_vi, first.what))
        return tuple(entries)

    def file(self, name: str) -> bytes:
        """The bytes of a stored file by their SHA-256, which is checked."""
        return self.steady(lambda: self._file(name))

    def _file(self, name: str) -> bytes:
        with told(self.label):
            row = self.connection.execute("SELECT bytes FROM file WHERE sha256 = ?", (name,)).fetchone()
        if row is None or sha256(row[0]) != name:
            fail("changed.file", self.label, name=name[:12])
        return bytes(row[0])

    def append(self, next_: Callable[[tuple[Entry, ...]], tuple[Entry, Sequence[bytes]]]) -> Entry:
        """Write the entry and files that `next_` makes of all earlier entries, while nobody else can write."""
        with told(self.label):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                made, files = next_(self.entries())
                _insert(self.connection, made, files)
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    with suppress(sqlite3.Error):  # the first error is the one to tell; closing rolls back too
                        self.connection.execute("ROLLBACK")
                raise
        with suppress(sqlite3.Error):  # the entry is safe in the log already; from here on it is in the database too
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return made


@contextmanager
def told(label: str) -> Iterator[None]:
    """Errors of SQLite become problems."""
    try:
        yield
    except BROKEN as error:
        refuse(error, label)


def _insert(connection: sqlite3.Connection, made: Entry, files: Sequence[bytes]) -> None:
    for name, data in {sha256(data): data for data in files}.items():
        if connection.execute("SELECT 1 FROM file WHERE sha256 = ?", (name,)).fetchone() is None:
            connection.execute("INSERT INTO file (sha256, bytes) VALUES (?, ?)", (name, data))
    row = (made.number, made.hash, made.body.decode())
    connection.execute("INSERT INTO entry (number, hash, body) VALUES (?, ?, ?)", row)


def create(path: Path, first: Entry, files: Sequence[bytes]) -> None:
    """A new round file with its first entry; it appears whole, and never in the place of another file."""
    label = path.name
    if sqlite3.sqlite_version_info < _OLDEST:
        need, here = ".".join(map(str, _OLDEST)), sqlite3.sqlite_version
        fail("old-sqlite", label, here=here, need=need)
    address(path, label)
    if path.exists():
        _exists(label)
    unclaimed(path)
    sweep(path)
    temporary = part_of(path)
    try:
        with told(label):
            connection = sqlite3.connect(temporary, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(f"PRAGMA application_id = {KIND}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
                for statement in schema():
                    connection.execute(statement)
                _insert(connection, first, files)
                connection.execute("COMMIT")
                connection.execute("PRAGMA journal_mode = WAL")
            finally:
                connection.close()
        try:
            _place(temporary, path)
        except FileExistsError:
            _exists(label)
        except OSError as error:
            reason = error.strerror or "cannot be written"
            vi, hint_vi = f"không ghi được ({said_vi(reason)})", "kiểm tra thư mục"
            fail_own(label, "unwritable", reason, "check the folder", vi, hint_vi)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{temporary}{ending}").unlink()


def _exists(label: str) -> NoReturn:
    fail("exists.exists", label)


def _place(temporary: Path, path: Path) -> None:
    if os.name == "nt":
        temporary.rename(path)  # refuses to replace
        return
    try:
        os.link(temporary, path)  # fails when somebody else was first, as a rename would not
    except FileExistsError:
        raise
    except OSError:  # file systems without links
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        try:
            temporary.replace(path)
        except OSError:
            path.unlink()
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_store(path: Path, *, write: bool = False, any_schema: bool = False) -> Store:
    """Open a round file. Raises ParError for anything that is not one, is of a later format, or has others' parts.

    Who only reads changes no byte, neither of the file nor of what lies beside it.
    """
    label = path.name
    address(path, label)
    try:
        with ALONE, path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        vi, hint_vi = f"không đọc được ({said_vi(reason)})", "kiểm tra lại đường dẫn"
        fail_own(label, "unreadable", reason, "check the path", vi, hint_vi)
    if head != b"SQLite format 3\x00":
        _not_a_round(label, "the file is no database", "tệp không phải là cơ sở dữ liệu")
    if write:
        sweep(path)
    for _ in range(_TRIES):
        seen = signature(path)
        try:
            return Store(path, write=write, any_schema=any_schema)
        except ParError:
            if write or signature(path) == seen:
                raise
        time.sleep(_PAUSE)
    return Store(path, write=write, any_schema=any_schema)


def _form(connection: sqlite3.Connection, label: str, *, any_schema: bool) -> int:
    """The format of the file, whose guards must be those of that format."""
    with told(label):
        kind = connection.execute("PRAGMA application_id").fetchone()[0]
        form = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if kind != KIND:
            _not_a_round(label, "the database is not one of a round", "cơ sở dữ liệu không phải của một kỳ đánh giá")
        if form > FORMAT or form < 1:
            fail("newer-format", label, form=form, format=FORMAT)
        if not any_schema and schema_of(connection) != expected_schema(form):
            fail("changed.form", label)
    return form


def _connect(path: Path, held: ExitStack, *, write: bool) -> sqlite3.Connection:
    label = path.name
    no_journal(path)
    with told(label):
        if write:
            with with_log(path, whole=True):
                pass
            connection = _opened(path.absolute(), "?mode=rw", "synchronous = FULL", "cell_size_check = ON")
            try:  # another program may have changed the mode, in which a kill would leave a journal
                mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            except BaseException:
                connection.close()
                raise
            if mode != "wal":
                connection.close()
                network(label, "the file takes no log", "không lập được tệp ghi tạm (-wal) cho tệp này")
            return connection
        copy = held.enter_context(with_log(path, whole=False))
        # without a log, everything is in the file: `immutable` takes no lock and makes no file
        found = path.absolute() if copy is None else copy
        return _opened(found, "?mode=ro&immutable=1" if copy is None else "?mode=rw", "query_only = ON")


def _opened(path: Path, mode: str, *pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path.as_uri() + mode, uri=True, isolation_level=None, timeout=30)
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def schema_of(connection: sqlite3.Connection) -> Mapping[str, str]:
    """The definitions of all tables and triggers by name."""
    return {
        quote(f"{kind} {name} {table}", 200): str(sql)
        for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    }


def expected_schema(form: int = FORMAT) -> Mapping[str, str]:
    """The definitions as `create` writes them."""
    connection = sqlite3.connect(":memory:")
    try:
        for statement in schema(form):
            connection.execute(statement)
        return schema_of(connection)
    finally:
        connection.close()
