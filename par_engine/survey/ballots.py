"""Ballots from a file, a chunk at a time, as small integer records; each token counts once, in bounded memory."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Problem, fail, problem, quote
from par_engine.evidence.builder import no_unit
from par_engine.survey.counting import BLANK, NOT_ASKED, UNKNOWN, Count, Counts, Records, Totals, Waiting
from par_engine.survey.questions import Layout, Questions, layout, slug
from par_engine.survey.slugs import nothing
from par_engine.survey.sources import MOST_FAULTS, Source, open_source
from par_engine.survey.states import State

_CHUNK = 20_000
_BUCKET = 32 * 2**20  # bytes of input behind one spill file, so that one file's records fit in memory with ease
_REMEMBERED = 100_000
_HEADERS = 2
_IMPORT = '{"ImportId"'
_KINDS = frozenset({"response", "open_ended_response"})


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
            known = self.words.get(slug(text), UNKNOWN) if self.loose else UNKNOWN
            found = self.blank if known == UNKNOWN and nothing(text) else known
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
        if found == UNKNOWN and self.open and not nothing(cell):
            found = self.words.setdefault(fold(cell), len(self.ids))
            if found == len(self.ids):
                self.ids.append(unicodedata.normalize("NFC", " ".join(cell.split())))
            self[cell] = found
        return found


class _States(dict[str, str | None]):
    """Remembers what each text in a column of states means: why a ballot does not count, "", or None."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state

    def __missing__(self, cell: str) -> str | None:
        said = self.state.says(cell)
        if len(self) < _REMEMBERED:
            self[cell] = said
        return said


class _Reading:
    def __init__(
        self,
        source: Source,
        questions: Questions,
        found: Layout,
        unit: str | None,
        issued: frozenset[bytes] | None,
    ) -> None:
        self.source = source
        self.faults: list[Problem] = []
        self.states = [(i, _States(state)) for i, state in found.states]
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
                ("answer", "i1", (len(self.asked),)),  # of one question too: a bare 1 is no dimension to numpy 1
            ]
        )

    def records(self, rows: list[list[str]], first: int) -> Records:
        """The ballots of a chunk that count unless their token has been seen; `first` is the row of the first."""
        width, count = len(self.layout.header), self.count
        place = np.arange(first, first + len(rows), dtype=np.int64)
        filled = np.fromiter(map(any, rows), bool, len(rows))
        if set(map(len, rows)) != {width} or not filled.all():  # an empty row is no ballot
            broken = np.fromiter((len(row) != width for row in rows), bool, len(rows)) & filled
            rows = [row for row, keep in zip(rows, (filled & ~broken).tolist(), strict=True) if keep]
            count.read += int(broken.sum())
            self._drop("broken", place, broken)
            place = place[filled & ~broken]
        count.read += len(rows)
        if not rows:
            return np.zeros(0, self.type)
        columns: list[tuple[str, ...]] = list(zip(*rows, strict=True))
        out = np.zeros(len(rows), self.type)
        out["row"] = place
        alive = np.ones(len(rows), dtype=bool)

        def drop(reason: str, bad: npt.NDArray[np.bool_]) -> None:
            nonlocal alive
            self._drop(reason, place, bad & alive)
            alive &= ~bad

        found = self.layout
        for first_, copies in found.copies.items():
            columns[first_] = self._one(columns, (first_, *copies), place)
        for i, known in self.states:
            said = list(map(known.__getitem__, columns[i]))
            self._unknown(i, known.state, place, said)
            for reason in dict.fromkeys(known.state.lost.values()):
                drop(reason, np.array([word == reason for word in said]))
        if found.token is not None:
            texts = [unicodedata.normalize("NFC", cell.strip()) for cell in columns[found.token]]
            if self.issued is not None:  # ours are in lower case, and paper and telephones write capitals
                texts = [text.lower() for text in texts]
            tokens = [text.encode() for text in texts]
            drop("no-token", np.array([nothing(text) for text in texts]))
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

    def _one(
        self, columns: Sequence[tuple[str, ...]], places: tuple[int, ...], rows: npt.NDArray[np.int64]
    ) -> tuple[str, ...]:
        """The cells of several columns that are one; a row that fills more than one of them is a fault of the file."""
        out = []
        for row, cells in zip(rows.tolist(), zip(*(columns[i] for i in places), strict=True), strict=True):
            filled = [cell for cell in cells if not nothing(cell)]
            if len(filled) > 1 and len(self.faults) < MOST_FAULTS:
                heads = ", ".join(quote(self.layout.header[i]) for i in places)
                at = self.source.at(row, places[0])
                self.faults.append(problem("versions", self.source.label, at, heads=heads))
            out.append(filled[0] if filled else cells[0])
        return tuple(out)

    def _unknown(self, column: int, state: State, rows: npt.NDArray[np.int64], said: Sequence[str | None]) -> None:
        """A word that is in no set of words for this state: whether the ballot counts cannot be told."""
        for row, word in zip(rows.tolist(), said, strict=True):
            if word is None and len(self.faults) < MOST_FAULTS:
                head = quote(self.layout.header[column])
                at = self.source.at(row, column)
                self.faults.append(problem("state", self.source.label, at, head=head, known=state.known))

    def _codes(self, memo: _Memo, cells: Sequence[str]) -> npt.NDArray[np.int64]:
        return np.fromiter(map(memo.__getitem__, cells), np.int64, len(cells))

    def _drop(self, reason: str, place: npt.NDArray[np.int64], bad: npt.NDArray[np.bool_]) -> None:
        self.count.invalid[reason] += int(bad.sum())
        self.count.note(reason, place[bad])


def read_ballots(
    questions: Questions,
    path: Path,
    unit: str | None = None,
    issued: frozenset[bytes] | None = None,
    sheet: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Counts:
    """Count the ballots of a file, CSV or XLSX. Memory does not grow with their number. `progress` is told the share
    that has been read.
    """
    if unit is not None and fold(unit) not in questions.methodology.scheme.unit_index:
        scheme = questions.methodology.scheme
        if scheme.document.settings.units != "open":
            raise DocumentError([no_unit(scheme, unit)])
    with ExitStack() as stack:
        source = stack.enter_context(open_source(path, questions.answered, sheet))
        found = layout(questions, source.header, source.label, needs_unit=unit is None, place=source.place)
        if issued is not None and found.token is None:
            fail("no-token-column", source.label, source.place)
        reading = _Reading(source, questions, found, unit, issued)
        totals = Totals(questions, reading.asked, reading.count)
        waiting = Waiting(stack, reading.type, source.size // _BUCKET + 1)
        rows = source.rows(found.used)
        first, headers = source.first, 0
        while chunk := list(islice(rows, _CHUNK)):
            if first == source.first:
                headers = _headers(chunk, questions, found)
            skipped = headers if first == source.first else 0
            records = reading.records(chunk[skipped:], first + skipped)
            first += len(chunk)
            if found.token is not None:
                waiting.add(records)
            else:
                totals.add(records, len(reading.units.ids))
            if progress is not None:
                progress(source.read())
        for records in waiting.once(reading.count):
            totals.add(records, len(reading.units.ids))
        if reading.faults:
            raise DocumentError(reading.faults)
    ids = reading.units.ids
    order = sorted(range(len(ids)), key=lambda i: ids[i]) if reading.units.open else range(len(ids))
    under = tuple(range(source.first, source.first + headers))
    return Counts(
        questions,
        found,
        *totals.of(ids, order),
        reading.count,
        source.sheet,
        source.unread,
        under,
        source.doubts(found),
    )


def _headers(rows: Sequence[Sequence[str]], questions: Questions, found: Layout) -> int:
    """How many of the first rows are headers once more: codes (LimeSurvey), texts and ids (Qualtrics), kinds of answers
    (SurveyMonkey)."""
    said = 0
    for n, row in enumerate(rows[:_HEADERS], 1):
        cells = [cell.strip() for cell in row]
        filled = {slug(cell) for cell in cells if cell}
        ids = any(cell.startswith(_IMPORT) for cell in cells)
        if ids or found.repeats(questions, row) or (filled and filled <= _KINDS):
            said = n
    return said
