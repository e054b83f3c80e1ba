"""Records of ballots to counts in bounded memory: each token once, answers by unit, group and option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from par_engine.base.problems import Problem
from par_engine.survey.questions import Layout, Question, Questions

BLANK, UNKNOWN, NOT_ASKED = -1, -2, -3
REASONS = (
    "broken", "unfinished", "rejected", "test", "no-token", "not-issued", "unit", "other-unit", "group", "empty",
    "answer", "token",
)  # fmt: skip
"""Why a whole ballot does not count; the first that holds is the one that is counted."""
ANSWERS = ("unknown", "not-asked")
"""Why a single answer of a ballot does not count."""
_MOST_SPILLS = 256
_PLACES = 20
Records = npt.NDArray[Any]


@dataclass
class Count:
    """What became of the ballots and their answers; `places` are rows of the sheet, as a spreadsheet counts them."""

    read: int = 0
    valid: int = 0
    invalid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    answers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ANSWERS, 0))
    blank: int = 0
    counted: int = 0
    """Answers of valid ballots that were left out, and that count."""
    places: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """Questions times valid ballots: the answers that count, that were left out, and that do not count."""
        return self.counted + self.blank + sum(self.answers.values())

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
    sheet: str = ""
    unread: tuple[str, ...] = ()
    """The sheet that was read, and those that were not."""
    headers: tuple[int, ...] = ()
    """Rows beneath the header that are headers too, and no ballots."""
    problems: tuple[Problem, ...] = ()
    """Warnings of the file."""


class Waiting:
    """Records that wait for the check of their tokens: in memory, or split by the tokens' hash into temporary files,
    each small enough to be sorted by itself."""

    def __init__(self, stack: ExitStack, kind: np.dtype[Any], spills: int) -> None:
        self.kind = kind
        number = min(_MOST_SPILLS, spills) if spills > 1 else 0
        files = (TemporaryFile() for _ in range(number))  # noqa: SIM115  (the stack closes them)
        self.spills: list[IO[bytes]] = [stack.enter_context(file) for file in files]
        self.held: list[Records] = []

    def add(self, records: Records) -> None:
        """Keep some records."""
        if not self.spills:
            self.held.append(records)
            return
        bucket = (records["a"] % np.uint64(len(self.spills))).astype(np.int64)
        order = np.argsort(bucket, kind="stable")
        ends = np.cumsum(np.bincount(bucket, minlength=len(self.spills)))
        sorted_ = records[order]
        for spill, start, end in zip(self.spills, [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            spill.write(sorted_[start:end].tobytes())

    def once(self, count: Count) -> Iterator[Records]:
        """The first ballot of each token."""
        if self.held:
            yield _once(np.concatenate(self.held), count)
        for spill in self.spills:
            spill.seek(0)
            yield _once(np.frombuffer(spill.read(), dtype=self.kind), count)


def _once(records: Records, count: Count) -> Records:
    order = np.lexsort((records["row"], records["b"], records["a"]))
    a, b = records["a"][order], records["b"][order]
    again = np.zeros(len(records), dtype=bool)
    again[order[1:]] = (a[1:] == a[:-1]) & (b[1:] == b[:-1])
    count.invalid["token"] += int(again.sum())
    count.note("token", records["row"][again])
    return records[~again]


class Totals:
    """The sums; units may become more while ballots are added."""

    def __init__(self, questions: Questions, asked: Sequence[Question], count: Count) -> None:
        self.asked, self.count, self.groups = asked, count, len(questions.groups)
        self.answers = [np.zeros((0, self.groups, len(q.survey.options)), np.int64) for q in asked]
        self.ballots = {id: np.zeros((0, self.groups), np.int64) for id in questions.surveys}

    def add(self, records: Records, units: int) -> None:
        """Count valid ballots of so many units."""
        count = self.count
        cell = records["unit"].astype(np.int64) * self.groups + records["group"]
        surveys = {id: np.zeros(len(records), dtype=bool) for id in self.ballots}
        count.valid += len(records)
        for j, question in enumerate(self.asked):
            column = records["answer"][:, j]
            options = len(question.survey.options)
            good = column >= 0
            count.counted += int(good.sum())
            count.blank += int((column == BLANK).sum())
            for code, reason in ((UNKNOWN, "unknown"), (NOT_ASKED, "not-asked")):
                bad = column == code
                if bad.any():
                    count.answers[reason] += int(bad.sum())
                    count.note(reason, records["row"][bad], question.fact)
            flat = np.bincount(cell[good] * options + column[good], minlength=units * self.groups * options)
            self.answers[j] = _grown(self.answers[j], units) + flat.reshape(units, self.groups, options)
            surveys[question.survey_id] |= good
        for id, here in surveys.items():
            flat = np.bincount(cell[here], minlength=units * self.groups)
            self.ballots[id] = _grown(self.ballots[id], units) + flat.reshape(units, self.groups)

    def of(self, units: Sequence[str], order: Sequence[int]) -> tuple[tuple[str, ...], Any, Any]:
        """The units that have ballots, in that order, with their answers and ballots."""
        tables = [_grown(t, len(units)) for t in self.answers]
        here = [i for i in order if any(t[i].any() for t in tables)]
        ballots = {id: _grown(t, len(units))[here] for id, t in self.ballots.items()}
        return tuple(units[i] for i in here), tuple(t[here] for t in tables), ballots


def _grown(table: npt.NDArray[np.int64], units: int) -> npt.NDArray[np.int64]:
    more = units - len(table)
    return table if more <= 0 else np.concatenate([table, np.zeros((more, *table.shape[1:]), np.int64)])
