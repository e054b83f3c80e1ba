"""Ballots from CSV, a chunk at a time, as small integer records; each token counts once, in bounded memory."""

from __future__ import annotations

import csv
import hashlib
import secrets
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from par_engine.documents import fail
from par_engine.errors import DocumentError, Problem, quote
from par_engine.names import fold
from par_engine.survey.questions import Layout, Questions, layout, slug

BLANK, UNKNOWN, NOT_ASKED = -1, -2, -3
REASONS = ("broken", "unfinished", "no-token", "not-issued", "unit", "other-unit", "group", "empty", "answer", "token")
"""Why a whole ballot does not count; the first that holds is the one that is counted."""
ANSWERS = ("unknown", "not-asked")
"""Why a single answer of a ballot does not count."""
_CHUNK = 20_000
_BUCKET = 32 * 2**20  # bytes of CSV behind one spill file, so that one file's records fit in memory with ease
_MOST_BUCKETS = 256
_PLACES = 20
_REMEMBERED = 100_000
_CELL = 1_000_000

Records = npt.NDArray[Any]


class _Memo(dict[str, int]):
    """Remembers what each text in a column means, so that equal cells are understood once."""

    loose = True  # names as survey tools write them: without accents, with underscores

    def __init__(self, words: dict[str, int], blank: int) -> None:
        super().__init__({"": blank})
        self.words, self.blank = words, blank

    def __missing__(self, cell: str) -> int:
        text = cell.strip()
        found = self.words.get(fold(text)) if text else self.blank
        if found is None:
            found = self.words.get(slug(text), UNKNOWN) if self.loose else UNKNOWN
        if len(self) < _REMEMBERED:
            self[cell] = found
        return found


class _Units(_Memo):
    """Units by name; where a methodology lists none, each new name is a new unit."""

    loose = False

    def __init__(self, questions: Questions) -> None:
        scheme = questions.methodology.scheme
        self.open = scheme.document.settings.units == "open"
        self.ids = [unit.id for unit in scheme.document.units]
        place = {id: i for i, id in enumerate(self.ids)}
        super().__init__({name: place[id] for name, id in scheme.unit_index.items()}, UNKNOWN)

    def __missing__(self, cell: str) -> int:
        found = super().__missing__(cell)
        if found == UNKNOWN and self.open and cell.strip():
            found = self.words.setdefault(fold(cell), len(self.ids))
            if found == len(self.ids):
                self.ids.append(unicodedata.normalize("NFC", " ".join(cell.split())))
            self[cell] = found
        return found


@dataclass
class Count:
    """What became of the ballots and their answers; `places` are rows of the sheet, the header being row 1."""

    read: int = 0
    valid: int = 0
    invalid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    answers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ANSWERS, 0))
    places: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def note(self, reason: str, rows: npt.NDArray[np.int64], column: str = "") -> None:
        """Remember the first places of a reason, never what stands there; `rows` ascend."""
        if len(rows):
            here = self.places.get(reason, []) + [(row, column) for row in rows[:_PLACES].tolist()]
            self.places[reason] = sorted(here)[:_PLACES]


@dataclass(frozen=True)
class Counts:
    """Ballots counted: `answers[question][unit, group, option]`, and ballots by survey, unit and group."""

    questions: Questions
    layout: Layout
    units: tuple[str, ...]
    answers: tuple[npt.NDArray[np.int64], ...]
    ballots: dict[str, npt.NDArray[np.int64]]
    count: Count


class _Reading:
    def __init__(self, questions: Questions, found: Layout, unit: str | None, issued: frozenset[bytes] | None) -> None:
        self.questions, self.layout, self.issued = questions, found, issued
        self.count = Count()
        self.units = _Units(questions)
        self.only = self.units[unit] if unit is not None else None
        groups = {id: i for i, id in enumerate(questions.groups)}
        self.groups = _Memo({word: groups[id] for word, id in questions.group_words.items()}, UNKNOWN)
        self.asked = [q for q in questions.all if q.fact in found.questions]
        self.answers = [_Memo(dict(questions.answer_words(q.survey)), BLANK) for q in self.asked]
        self.right = [
            np.array([any(g.id == id for g in q.survey.groups) for id in questions.groups]) for q in self.asked
        ]
        self.key = secrets.token_bytes(16)  # forgotten after the run: what is spilled cannot be led back to a token
        self.type = np.dtype(
            [
                ("a", "<u8"),
                ("b", "<u8"),
                ("row", "<i8"),
                ("unit", "<i4"),
                ("group", "<i4"),
                ("answer", "i1", len(self.asked)),
            ]
        )

    def records(self, rows: list[list[str]], first: int) -> Records:
        """The ballots of a chunk that count unless their token has been seen; `first` is the row of the first."""
        width, count = len(self.layout.header), self.count
        place = np.arange(first, first + len(rows), dtype=np.int64)
        lengths = set(map(len, rows))
        if lengths != {width}:
            empty = np.array([not any(row) for row in rows])
            broken = np.array([len(row) != width for row in rows]) & ~empty
            rows = [row for row, skip in zip(rows, (empty | broken).tolist(), strict=True) if not skip]
            count.read += int(broken.sum())
            self._drop("broken", place, broken)
            place = place[~(empty | broken)]
        count.read += len(rows)
        if not rows:
            return np.zeros(0, self.type)
        columns = list(zip(*rows, strict=True))
        out = np.zeros(len(rows), self.type)
        out["row"] = place
        alive = np.ones(len(rows), dtype=bool)

        def drop(reason: str, bad: npt.NDArray[np.bool_]) -> None:
            nonlocal alive
            self._drop(reason, place, bad & alive)
            alive &= ~bad

        found = self.layout
        if found.submitted is not None:
            drop("unfinished", np.array([not cell.strip() for cell in columns[found.submitted]]))
        if found.token is not None:
            tokens = [unicodedata.normalize("NFC", cell.strip()).encode() for cell in columns[found.token]]
            drop("no-token", np.array([not token for token in tokens]))
            if self.issued is not None:
                issued = self.issued
                drop("not-issued", np.array([hashlib.sha256(token).digest() not in issued for token in tokens]))
            blake, key = hashlib.blake2b, self.key
            digests = b"".join([blake(token, digest_size=16, key=key).digest() for token in tokens])
            pair = np.frombuffer(digests, dtype="<u8").reshape(-1, 2)
            out["a"], out["b"] = pair[:, 0], pair[:, 1]
        if found.unit is not None:
            out["unit"] = self._codes(self.units, columns[found.unit])
            drop("unit", out["unit"] < 0)
            if self.only is not None:
                drop("other-unit", out["unit"] != self.only)
        else:
            out["unit"] = self.only
        if found.group >= 0:
            out["group"] = self._codes(self.groups, columns[found.group])
        drop("group", out["group"] < 0)
        answers: npt.NDArray[np.int8] = out["answer"]
        for j, (question, memo) in enumerate(zip(self.asked, self.answers, strict=True)):
            cells = self._codes(memo, columns[found.questions[question.fact]])
            if len(self.questions.surveys) > 1:
                cells[(cells != BLANK) & ~self.right[j][out["group"]]] = NOT_ASKED
            answers[:, j] = cells
        drop("empty", (answers == BLANK).all(axis=1))
        drop("answer", answers.max(axis=1) < 0)
        return out[alive]

    def _codes(self, memo: _Memo, cells: Sequence[str]) -> npt.NDArray[np.int64]:
        return np.fromiter(map(memo.__getitem__, cells), np.int64, len(cells))

    def _drop(self, reason: str, place: npt.NDArray[np.int64], bad: npt.NDArray[np.bool_]) -> None:
        self.count.invalid[reason] += int(bad.sum())
        self.count.note(reason, place[bad])


def read_ballots(
    questions: Questions, path: Path, unit: str | None = None, issued: frozenset[bytes] | None = None
) -> Counts:
    """Count the ballots of a CSV file. Memory does not grow with their number: records wait for the check of their
    tokens in temporary files, split by the tokens' hash, and each such file is counted by itself.
    """
    label = path.name
    if unit is not None and fold(unit) not in questions.methodology.scheme.unit_index:
        scheme = questions.methodology.scheme
        if scheme.document.settings.units != "open":
            hint = f"par show {scheme.document.id} --units"
            what, vi = f"there is no unit {quote(unit)}", f"không có đơn vị {quote(unit)}"
            raise DocumentError([Problem("--unit", "", "unknown-unit", what, hint, "error", vi, hint)])
    csv.field_size_limit(_CELL)
    with ExitStack() as stack:
        file = stack.enter_context(_open(path))
        try:
            reader = csv.reader(file, delimiter=_delimiter(file))
            header = next(reader, None)
            if not header:
                fail(label, "no-header", "the file has no header", "name the columns", "tệp không có dòng tiêu đề", "")
            reading = _Reading(questions, layout(questions, header, label, needs_unit=unit is None), unit, issued)
            once = reading.layout.token is not None
            number = min(_MOST_BUCKETS, path.stat().st_size // _BUCKET + 1)
            spills = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(number)] if number > 1 else []
            held: list[Records] = []
            first = 2
            totals: _Totals | None = None
            while rows := list(islice(reader, _CHUNK)):
                records = reading.records(rows, first)
                first += len(rows)
                if not once:  # nothing to wait for
                    totals = totals or _Totals(reading)
                    totals.add(records)
                elif spills:
                    _spill(records, spills)
                else:
                    held.append(records)
        except UnicodeDecodeError:
            what, hint = "the file is not UTF-8 text", "save it as CSV UTF-8"
            fail(label, "encoding", what, hint, "tệp không phải chữ UTF-8", "hãy lưu dạng CSV UTF-8")
        except csv.Error as error:
            what, vi = f"not a CSV file: {error}", f"không phải tệp CSV: {error}"
            fail(label, "csv", what, "export it again", vi, "hãy xuất lại", f"row {reader.line_num}")
        totals = totals or _Totals(reading)
        for records in _gathered(held, spills, reading.type):
            totals.add(_once(records, reading.count))
        return totals.counts()


def _open(path: Path) -> IO[str]:
    try:
        with path.open("rb") as file:
            mark = file.read(2)
        return path.open(encoding="utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", newline="")
    except OSError as error:
        reason = error.strerror or "cannot be read"
        fail(path.name, "unreadable", reason, "check the path", f"không đọc được ({reason})", "kiểm tra lại đường dẫn")


def _delimiter(file: IO[str]) -> str:
    line = file.readline(_CELL)
    file.seek(0)
    return max(",;\t", key=line.count)


def _spill(records: Records, spills: Sequence[IO[bytes]]) -> None:
    bucket = (records["a"] % np.uint64(len(spills))).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    ends = np.cumsum(np.bincount(bucket, minlength=len(spills)))
    sorted_ = records[order]
    for spill, start, end in zip(spills, [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        spill.write(sorted_[start:end].tobytes())


def _gathered(held: list[Records], spills: Sequence[IO[bytes]], kind: np.dtype[Any]) -> Iterator[Records]:
    if held:
        yield np.concatenate(held)
    for spill in spills:
        spill.seek(0)
        yield np.frombuffer(spill.read(), dtype=kind)


def _once(records: Records, count: Count) -> Records:
    """The first ballot of each token, in the order in which they were handed in."""
    order = np.lexsort((records["row"], records["b"], records["a"]))
    a, b = records["a"][order], records["b"][order]
    again = np.zeros(len(records), dtype=bool)
    again[order[1:]] = (a[1:] == a[:-1]) & (b[1:] == b[:-1])
    count.invalid["token"] += int(again.sum())
    count.note("token", records["row"][again])
    return records[~again]


class _Totals:
    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.answers = [
            np.zeros((0, len(reading.questions.groups), len(q.survey.options)), np.int64) for q in reading.asked
        ]
        self.ballots = {id: np.zeros((0, len(reading.questions.groups)), np.int64) for id in reading.questions.surveys}

    def add(self, records: Records) -> None:
        reading, count = self.reading, self.reading.count
        units, groups = len(reading.units.ids), len(reading.questions.groups)
        cell = records["unit"].astype(np.int64) * groups + records["group"]
        surveys = {id: np.zeros(len(records), dtype=bool) for id in self.ballots}
        count.valid += len(records)
        for j, question in enumerate(reading.asked):
            column = records["answer"][:, j]
            options = len(question.survey.options)
            good = column >= 0
            for code, reason in ((UNKNOWN, "unknown"), (NOT_ASKED, "not-asked")):
                bad = column == code
                if bad.any():
                    count.answers[reason] += int(bad.sum())
                    count.note(reason, records["row"][bad], question.fact)
            flat = np.bincount(cell[good] * options + column[good], minlength=units * groups * options)
            self.answers[j] = _grown(self.answers[j], units) + flat.reshape(units, groups, options)
            surveys[question.survey_id] |= good
        for id, here in surveys.items():
            flat = np.bincount(cell[here], minlength=units * groups)
            self.ballots[id] = _grown(self.ballots[id], units) + flat.reshape(units, groups)

    def counts(self) -> Counts:
        """What has been counted, the units in the methodology's order, or by name where it lists none."""
        reading = self.reading
        ids = reading.units.ids
        order = sorted(range(len(ids)), key=lambda i: ids[i]) if reading.units.open else range(len(ids))
        tables = [_grown(t, len(ids)) for t in self.answers]
        ballots = {id: _grown(t, len(ids)) for id, t in self.ballots.items()}
        here = [i for i in order if any(t[i].any() for t in tables)]
        return Counts(
            reading.questions,
            reading.layout,
            tuple(ids[i] for i in here),
            tuple(t[here] for t in tables),
            {id: t[here] for id, t in ballots.items()},
            reading.count,
        )


def _grown(table: npt.NDArray[np.int64], units: int) -> npt.NDArray[np.int64]:
    more = units - len(table)
    return table if more <= 0 else np.concatenate([table, np.zeros((more, *table.shape[1:]), np.int64)])
