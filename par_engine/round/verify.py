"""Look at every byte that counts in a round file: database, guards, chain and stored files; say all that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from par_engine.base.problems import ParError, Problem, own_problem, problem, quote
from par_engine.files.documents import sha256
from par_engine.i18n.catalogue import Said
from par_engine.round.beside import BROKEN
from par_engine.round.days import say_moment
from par_engine.round.entries import Entry, check, files_of
from par_engine.round.state import replay
from par_engine.round.store import Store, expected_schema, open_store, schema_of


@dataclass(frozen=True)
class Verdict:
    """What was found: the entries that can be read, how many files are stored, and every problem."""

    entries: tuple[Entry, ...]
    files: int
    problems: tuple[Problem, ...]


def verify(path: Path, receipts: Sequence[str] = ()) -> Verdict:
    """Check a round file. `receipts` are hashes of entries noted earlier: each must be in the chain.

    A chain that is cut at its end, or written anew as a whole, is whole in itself: only a receipt tells.
    """
    try:
        with open_store(path, any_schema=True) as store:
            return store.steady(lambda: _verdict(store, receipts), lambda found: bool(found.problems))
    except ParError as error:
        return Verdict((), 0, error.problems)


def _verdict(store: Store, receipts: Sequence[str]) -> Verdict:
    label = store.label
    problems = [*_database(store), *_guards(store)]
    entries: list[Entry] = []
    files = 0
    try:
        entries, broken = check(label, store.rows())
        problems += broken
        files, wrong = _files(store, entries)
        problems += wrong
        if not problems:
            replay(entries, store.file)
    except ParError as error:
        problems += error.problems
    except (*BROKEN, KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        what = f"the entries do not make sense together: {type(error).__name__}"
        problems.append(_bad(label, "", "entries", what, f"các bản ghi không khớp nhau: {type(error).__name__}"))
    hashes = {entry.hash for entry in entries}
    for receipt in receipts:
        if not any(mark.startswith(receipt.lower()) for mark in hashes) or len(receipt) < 12:
            what = f"no entry has the hash {quote(receipt)}"
            problems.append(_bad(label, "", "receipt", what, f"không có bản ghi nào mang mã {quote(receipt)}"))
    problems += _times(label, entries)
    return Verdict(tuple(entries), files, tuple(sorted(set(problems), key=lambda problem: problem.order)))


def _bad(label: str, at: str, code: str, what: str, what_vi: str) -> Problem:
    hint, vi = "take the last good copy or bundle", "dùng bản sao hoặc gói xuất gần nhất còn nguyên"
    return own_problem(label, at, code, what, hint, "error", what_vi, vi)


def _database(store: Store) -> list[Problem]:
    try:
        found = [row[0] for row in store.connection.execute("PRAGMA integrity_check(20)")]
    except BROKEN as error:
        found = [quote(str(error), 200)]
    return [
        _bad(store.label, "", "damaged", f"the database is damaged: {text}", f"cơ sở dữ liệu bị hỏng: {text}")
        for text in found
        if text != "ok"
    ]


def _guards(store: Store) -> list[Problem]:
    try:
        here, wanted = schema_of(store.connection), expected_schema(store.form)
    except BROKEN as error:
        return [
            _bad(
                store.label,
                "",
                "damaged",
                f"cannot be read: {quote(str(error))}",
                f"không đọc được: {quote(str(error))}",
            )
        ]
    return [
        _bad(store.label, "", "guard", f"{name} is not as it was made", f"{name} không còn như lúc tạo")
        for name in sorted(here.keys() | wanted.keys())
        if here.get(name) != wanted.get(name)
    ]


def _files(store: Store, entries: Sequence[Entry]) -> tuple[int, list[Problem]]:
    problems, here = [], set()
    rows = store.connection.execute("SELECT CAST(sha256 AS BLOB), CAST(bytes AS BLOB) FROM file ORDER BY rowid")
    try:
        for raw, data in rows:
            name = bytes(raw).decode(errors="replace")
            here.add(name)
            if sha256(data) != name:
                what, vi = "its bytes do not give its SHA-256", "nội dung không khớp mã SHA-256"
                problems.append(_bad(store.label, f"/file/{quote(name[:12])}", "file-hash", what, vi))
    except BROKEN as error:
        problems.append(
            _bad(
                store.label,
                "/file",
                "damaged",
                f"cannot be read: {quote(str(error))}",
                f"không đọc được: {quote(str(error))}",
            )
        )
    named: set[str] = set()
    for number, name in files_of(entries):
        named.add(name)
        if name not in here:
            what, vi = (
                f"entry {number} names it, but it is not stored",
                f"bản ghi {number} nhắc đến nhưng không được lưu",
            )
            problems.append(_bad(store.label, f"/file/{quote(name[:12])}", "file-missing", what, vi))
    for name in sorted(here - named):
        what, vi = "no entry names it", "không bản ghi nào nhắc đến"
        problems.append(_bad(store.label, f"/file/{quote(name[:12])}", "file-stray", what, vi))
    return len(here), problems


def _times(label: str, entries: Sequence[Entry]) -> list[Problem]:
    out = []
    for before, entry in pairwise(entries):
        if entry.at < before.at:
            now, then = (Said(say_moment(at, "vi"), at) for at in (entry.at, before.at))
            at = f"/entry/{entry.number}"
            out.append(problem("clock", label, at, "warning", now=now, number=before.number, earlier=then))
    return out
