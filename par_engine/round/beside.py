"""What may lie beside a round file: looked at in copies, before SQLite itself can take it for a part of the file."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from par_engine.base.problems import Problem, fail, fail_own, own_problem, problem, quote
from par_engine.files.documents import sha256
from par_engine.i18n.foreign_messages import Foreign
from par_engine.round.entries import check, files_of

JOURNAL, LOG, INDEX = "-journal", "-wal", "-shm"
BROKEN = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises about a damaged file; its own messages may quote bytes that are no text."""
ALONE = threading.RLock()
"""Held while a program's own descriptor is on the file, and while a connection writes: when any descriptor of a
process is closed, POSIX drops all locks that the process has on that file, those of SQLite too."""
_TRIES, _PAUSE = 600, 0.05
_SURE = 4  # looks at a log that did not move, before it is refused
_OLD = 3600.0  # seconds after which what a program left behind is nobody's
_MARK = "par-round-"
_COPY = re.compile(r"par-round-(?P<process>[0-9]+)-[a-z0-9_]{8}", re.ASCII)
_PART = r"\.{}\.(?:(?P<process>[0-9]+)-)?[0-9a-f]{{16}}\.part(?:-journal|-wal|-shm)?"

Signature = tuple[tuple[int, int, int] | None, ...]


def beside(path: Path, ending: str) -> Path:
    """The file that SQLite would take for a part of `path`: it follows links before it makes the name."""
    return Path(f"{os.path.realpath(path)}{ending}")


def address(path: Path, label: str) -> str:
    """The file as a URI. Raises ParError for one on another machine, where SQLite's locks hold nobody off."""
    uri = path.absolute().as_uri()
    if not uri.startswith("file:///"):
        host = uri.removeprefix("file://").partition("/")[0]
        what, vi = f"the file is on a network path ({quote(host)})", f"tệp nằm trên đường dẫn mạng ({quote(host)})"
        network(label, what, vi)
    return uri


def network(label: str, what: str, vi: str) -> None:
    """Say what to do with a round that is not on a disk of this machine; it is not damaged."""
    hint = "copy it to a disk of this machine and work there (round.md)"
    fail_own(label, "network", what, hint, vi, "chép tệp vào đĩa của máy này rồi làm ở đó (round.md)")


def signature(path: Path) -> Signature:
    """What changes when a program writes to the file or its log."""
    found: list[tuple[int, int, int] | None] = []
    for one in (path, beside(path, LOG)):
        try:
            stat = one.stat()
        except OSError:
            found.append(None)
        else:
            found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def unclaimed(path: Path) -> None:
    """Refuse to make a file where another's log or journal would become a part of it."""
    for ending in (LOG, INDEX, JOURNAL):
        other = beside(path, ending)
        if os.path.lexists(other):
            fail("leftover", path.name, name=other.name)


def no_journal(path: Path) -> None:
    """Refuse a rollback journal: rounds never have one, and SQLite would write its pages over the file."""
    journal = beside(path, JOURNAL)
    if journal.exists() and journal.stat().st_size > 0:
        name = journal.name
        fail("foreign-journal", path.name, name=name)


@contextmanager
def with_log(path: Path, *, whole: bool) -> Iterator[Path | None]:
    """A copy of the file and its log in which SQLite may do what it does; None when there is no log.

    Raises ParError when the log is not of this file: when an entry that the file holds would be lost, or the file
    could not be read any more. `whole` refuses a file that is damaged even so.
    """
    label, log = path.name, beside(path, LOG)
    _sweep(Path(tempfile.gettempdir()), _COPY)
    for attempt in range(_TRIES):
        seen = signature(path)
        if seen[1] is None or seen[1][1] == 0:
            yield None
            return
        folder = Path(tempfile.mkdtemp(prefix=f"{_MARK}{os.getpid()}-"))
        try:
            copy = folder / "round.db"
            try:
                with ALONE:
                    shutil.copyfile(path, copy)
                    shutil.copyfile(log, beside(copy, LOG))
            except FileNotFoundError:
                continue  # whoever had it open has put the log into the file and gone
            except OSError as error:
                _no_copy(label, error)
            alone = held(copy, "?mode=ro&immutable=1")
            both = held(copy, "?mode=rw")
            problem = _against(label, log.name, alone, both, whole=whole)
            if problem is None:
                yield copy
                return
            if attempt >= _SURE and signature(path) == seen:
                fail_own(*problem)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        time.sleep(_PAUSE)
    fail("busy", label)


Held = tuple[dict[int, str], list[Problem]]


def held(path: Path, mode: str) -> Held:
    """The entries of a database that can be read and are what their hashes say, and what is wrong with it."""
    found: dict[int, str] = {}
    faults: list[Problem] = []
    try:
        connection = sqlite3.connect(path.absolute().as_uri() + mode, uri=True, isolation_level=None)
    except BROKEN as error:
        return found, [_damaged(path, quote(str(error)))]
    try:
        rows = []
        for number, noted, body in connection.execute(
            "SELECT number, CAST(hash AS BLOB), CAST(body AS BLOB) FROM entry ORDER BY number"
        ):
            rows.append((number, bytes(noted).decode(errors="replace"), bytes(body)))
            if sha256(rows[-1][2]) == rows[-1][1]:
                found[number] = rows[-1][1]
        entries, faults = check(path.name, rows)
        for (text,) in connection.execute("PRAGMA integrity_check(1)"):
            faults += [] if text == "ok" else [_damaged(path, str(text))]
        stored = {str(name) for (name,) in connection.execute("SELECT sha256 FROM file")}
        faults += [_missing(path, name) for _, name in files_of(entries) if name not in stored]
    except (*BROKEN, KeyError, TypeError, AttributeError) as error:
        faults.append(_damaged(path, quote(str(error))))
    finally:
        connection.close()
    return found, faults


def _damaged(path: Path, said: str) -> Problem:
    return own_problem(path.name, "", "damaged", said, "", "error", f"tệp bị hỏng: {said}")


def _missing(path: Path, name: str) -> Problem:
    return problem("file-missing", path.name, name=name)


Said = tuple[str, str, str, str, str, str]


def _against(label: str, log: str, alone: Held, both: Held, *, whole: bool) -> Said | None:
    """Why a log is not of its file. A file in the middle of taking its log over holds some entries of it already."""
    hint = f"move {log} away, but keep it; then par round verify; nothing was changed"
    hint_vi = f"dời {log} sang chỗ khác (đừng xóa), rồi chạy par round verify; chưa có gì bị thay đổi"
    what, vi = f"{log} is not of this file", f"{log} không phải của tệp này"
    for number, mark in sorted(alone[0].items()):
        if both[0].get(number) != mark:
            other = number in both[0]
            what += f": the file has {'another entry' if other else 'an entry'} {number}"
            vi += f": tệp có bản ghi {number} {'khác' if other else 'mà trong đó không có'}"
            return label, "foreign-log", what, hint, vi, hint_vi
    if both[1] and not alone[1]:
        what, vi = f"{what}: with it, the file could not be read", f"{vi}: ghép vào thì không đọc được nữa"
        return label, "foreign-log", what, hint, vi, hint_vi
    if both[1] and whole:
        what, vi = "the file is damaged", "tệp bị hỏng"
        return label, "damaged", what, "par round verify says what can still be read", vi, "xem par round verify"
    return None


def _no_copy(label: str, error: OSError) -> None:
    reason = error.strerror or "cannot be copied"
    fail("disk", label, reason=Foreign(reason))


def part_of(path: Path) -> Path:
    """A new name beside a file, by which a later run can tell whether anybody still works on it."""
    return path.parent / f".{path.name[:100]}.{os.getpid()}-{os.urandom(8).hex()}.part"


def sweep(path: Path) -> None:
    """Take away what killed programs left of their work on a file: nothing else that stands beside it."""
    _sweep(path.parent, re.compile(_PART.format(re.escape(path.name[:100])), re.ASCII))


def _sweep(folder: Path, form: re.Pattern[str]) -> None:
    with suppress(OSError):
        for left in list(folder.iterdir()):
            found = form.fullmatch(left.name)
            with suppress(OSError):
                if found is None or not _is_nobodys(left, found["process"]):
                    continue
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink()


def _is_nobodys(left: Path, process: str | None) -> bool:
    if hasattr(os, "getuid") and left.lstat().st_uid != os.getuid():
        return False
    if process is not None and sys.platform != "win32":  # there, signal 0 is no question but Ctrl-C
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            return False
    return time.time() - left.lstat().st_mtime > _OLD
