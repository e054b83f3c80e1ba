"""A round on its file: open it, hand in, appraise, explain; every act is one entry, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from par_engine import normal
from par_engine.api import Methodology
from par_engine.documents import fail, sha256
from par_engine.errors import EvidenceError, ParError, Problem, did_you_mean, quote
from par_engine.model import Action, Document
from par_engine.names import fold
from par_engine.result import Assessment
from par_engine.round.allowed import may_appraise, may_explain, may_submit, reasons
from par_engine.round.chain import Entry, What, make
from par_engine.round.days import Clock, day_of, last_day, now, say_day, stamp
from par_engine.round.figures import by_evidence, by_stage, standing
from par_engine.round.papers import Row, check_size, document, read_rows, readable, taken
from par_engine.round.state import State, replay
from par_engine.round.store import Store, create, open_store

ACTIONS: tuple[Action, ...] = ("submit", "appraise", "explain", "final")


@dataclass(frozen=True)
class Lock:
    """A last day for an action, and who set it: a task of the plan, or the round itself."""

    action: Action
    by: str
    last: date


def locks(doc: Document, opening: Mapping[str, Any]) -> tuple[Lock, ...]:
    """All locks of a round, those of the plan and its own, by action and day."""
    tasks = doc.plan.tasks if doc.plan is not None else []
    found = [Lock(task.locks, f"plan:{task.id}", last_day(task)) for task in tasks if task.locks is not None]
    own: Mapping[Action, str] = opening["locks"]
    found += [Lock(action, "round", date.fromisoformat(day)) for action, day in own.items()]
    return tuple(sorted(found, key=lambda lock: (ACTIONS.index(lock.action), lock.last, lock.by)))


P = ParamSpec("P")
R = TypeVar("R")


def _whole_text(act: Callable[P, R]) -> Callable[P, R]:
    """Half characters, which JSON and file names can smuggle in, are a problem of the input."""

    @wraps(act)
    def inner(*words: P.args, **named: P.kwargs) -> R:
        try:
            return act(*words, **named)
        except UnicodeEncodeError as error:
            what, what_vi = (
                f"{quote(error.object)} is no whole text",
                f"{quote(error.object)} không phải chữ hoàn chỉnh",
            )
            fail("round", "encoding", what, "type it again", what_vi, "hãy gõ lại")

    return inner


@_whole_text
def open_round(
    path: Path,
    methodology: Methodology,
    by: str,
    why: str = "",
    *,
    units: Sequence[str] = (),
    own_locks: Mapping[Action, date] | None = None,
    clock: Clock = now,
) -> Entry:
    """A new round file. `units` take part (all by default); `own_locks` are last days besides those of the plan."""
    known = methodology.scheme.unit_index
    if methodology.document.settings.units == "listed":
        strange = [unit for unit in units if fold(unit) not in known]
        if strange:
            names = [unit.name for unit in methodology.document.units]
            raise ParError(
                Problem(
                    "--unit", "", "unknown-unit", f"there is no unit {quote(name)}", did_you_mean(name, names), "error",
                    f"không có đơn vị {quote(name)}",
                )
                for name in strange
            )  # fmt: skip
    content = {
        "methodology": methodology.id,
        "fingerprint": methodology.fingerprint,
        "document": methodology.fingerprint,
        "distribution": methodology.distribution,
        "version": methodology.version,
        "engine": version("par-engine"),
        "units": sorted({known.get(fold(unit), unit) for unit in units}),
        "locks": {action: day.isoformat() for action, day in sorted((own_locks or {}).items())},
    }
    entry = make((), "init", _who(clock, by, why), content)
    create(path, entry, [methodology.canonical])
    return entry


def _who(clock: Clock, by: str, why: str) -> tuple[str, str, str]:
    problems = []
    if not by.strip() or len(by) > 200 or not readable(by) or "\n" in by or "\t" in by:
        hint, vi = "a name in one line", "ghi họ tên trên một dòng"
        problems.append(Problem("--by", "", "who", f"{quote(by)} says nobody", hint, "error", "chưa ghi ai làm", vi))
    if not readable(why):
        hint, vi = "write plain text", "chỉ ghi chữ thường"
        what, what_vi = "the reason has control characters", "lý do có ký tự điều khiển"
        problems.append(Problem("--why", "", "control-characters", what, hint, "error", what_vi, vi))
    if len(why) > 10_000:
        hint, vi = "at most 10000 characters", "tối đa 10000 ký tự"
        problems.append(Problem("--why", "", "too-long", "the reason is too long", hint, "error", "lý do quá dài", vi))
    if problems:
        raise ParError(problems)
    return stamp(clock()), by.strip(), why.strip()


class Round:
    """A round file with its methodology. Each call opens the file anew, so that several programs may use it."""

    def __init__(self, path: Path, methodology: Methodology, clock: Clock = now) -> None:
        self.path, self.methodology, self.clock = path, methodology, clock
        with open_store(path) as store:
            self.opening = opening(store)
        check_fingerprint(path.name, self.opening, methodology)

    @_whole_text
    def submit(
        self,
        evidence: Path,
        by: str,
        why: str,
        papers: Sequence[Path] = (),
        *,
        stage: str | None = None,
        override: str | None = None,
    ) -> Entry:
        """Self-assessment: evidence of one unit or more, and files that go with it."""
        if not why.strip():
            fail("--why", "why", "a reason is required", "say what this is", "phải ghi lý do", "ví dụ: nộp lần đầu")
        check_size(evidence.name, evidence.stat().st_size if evidence.exists() else 0)
        read = self.methodology.read(evidence, stage)
        original, form = read.source or b"", normal.document(self.methodology.scheme, read)
        others = {paper.name: taken(paper) for paper in papers}
        if len(others) < len(papers):
            hint, vi = "give them different names", "đặt tên khác nhau"
            fail("--document", "same-name", "two documents have one name", hint, "hai tài liệu trùng tên", vi)
        content = {
            "file": _file(evidence.name, original),
            "document": sha256(form),
            "stage": read.stage,
            "units": list(read.units),
            "papers": [_file(name, data) for name, data in others.items()],
        }

        def allowed(state: State) -> list[Problem]:
            return list(may_submit(state, read.label, read.units, read.stage))

        return self._enter("submit", by, why, content, [original, form, *others.values()], allowed, override)

    @_whole_text
    def appraise(
        self, file: Path, by: str, why: str = "", *, final: bool = False, override: str | None = None
    ) -> Entry:
        """The assessor's points. Items without a row stand as they were."""
        data = taken(file)
        rows = read_rows(self.methodology, data, file.name, "points")
        form = document(self.methodology, "points", rows)
        content = {"file": _file(file.name, data), "document": sha256(form), "units": _units(rows), "rows": len(rows)}

        def allowed(state: State) -> list[Problem]:
            found = list(may_appraise(state, file.name, rows, final=final))
            return found or list(reasons(self.methodology, state, file.name, rows))

        return self._enter("final" if final else "appraise", by, why, content, [data, form], allowed, override)

    @_whole_text
    def explain(self, file: Path, by: str, why: str = "", *, override: str | None = None) -> Entry:
        """What units say about the points that an appraisal gave, and what they ask for."""
        data = taken(file)
        rows = read_rows(self.methodology, data, file.name, "explanations")
        form = document(self.methodology, "explanations", rows)
        content = {"file": _file(file.name, data), "document": sha256(form), "units": _units(rows), "rows": len(rows)}

        def allowed(state: State) -> list[Problem]:
            return list(may_explain(state, file.name, rows))

        return self._enter("explain", by, why, content, [data, form], allowed, override)

    def state(self, at: int | None = None) -> State:
        """The state after entry `at`, or after the last one."""
        with open_store(self.path) as store:
            return state_at(store, at)

    def score(self, at: int | None = None, *, own: bool = False) -> Assessment:
        """The assessment as it stood after entry `at`; `own` by the units' evidence alone."""
        state = self.state(at)
        return by_evidence(self.methodology, state) if own else standing(self.methodology, state)

    def stages(self, at: int | None = None) -> tuple[tuple[Assessment, ...], frozenset[str]]:
        """The assessments of all stages, the last of all units, and the units that have not reached that last one."""
        return by_stage(self.methodology, self.state(at))

    def _enter(
        self,
        what: What,
        by: str,
        why: str,
        content: Mapping[str, Any],
        files: Sequence[bytes],
        allowed: Callable[[State], list[Problem]],
        override: str | None,
    ) -> Entry:
        _who(self.clock, by, why)
        if not readable(override or ""):
            what_en, what_vi = "the reason has control characters", "lý do có ký tự điều khiển"
            fail("--override", "control-characters", what_en, "write plain text", what_vi, "chỉ ghi chữ thường")
        with open_store(self.path, write=True) as store:

            def next_(earlier: tuple[Entry, ...]) -> tuple[Entry, Sequence[bytes]]:
                check_fingerprint(self.path.name, earlier[0].content, self.methodology)
                moment = self.clock()  # read under the lock: it cannot be waited past a deadline
                late = self._late(what, day_of(moment), override)
                problems = allowed(replay(earlier, store.file))
                if problems:
                    raise EvidenceError(problems)
                return make(earlier, what, (stamp(moment), by.strip(), why.strip()), content, late), files

            return store.append(next_)

    def _late(self, what: str, today: date, override: str | None) -> Mapping[str, Any] | None:
        passed = [lock for lock in locks(self.methodology.document, self.opening) if lock.action == what]
        passed = [lock for lock in passed if today > lock.last]
        if passed and not (override or "").strip():
            day, by = passed[0].last, passed[0].by
            what_en = f"the last day was {day.isoformat()} ({by}), today is {today.isoformat()}"
            what_vi = f"hạn cuối là {say_day(day, 'vi')} ({by}), hôm nay là {say_day(today, 'vi')}"
            hint, vi = (
                "--override REASON records a late entry with its reason",
                "--override LÝ-DO để ghi nhận việc nộp muộn",
            )
            fail(self.path.name, "late", what_en, hint, what_vi, vi)
        if override is not None and not passed:
            what_en, what_vi = (
                "nothing is late, so there is nothing to override",
                "chưa quá hạn nên không cần --override",
            )
            fail("--override", "not-late", what_en, "leave --override out", what_vi, "bỏ --override")
        if not passed:
            return None
        return {"reason": (override or "").strip(), "locks": [[lock.by, lock.last.isoformat()] for lock in passed]}


def opening(store: Store) -> Mapping[str, Any]:
    """What a round was opened with."""
    return store.entries()[0].content


def state_at(store: Store, at: int | None = None) -> State:
    """The state of a round after one of its entries."""
    entries = store.entries()
    if at is not None and not 1 <= at <= len(entries):
        what, what_vi = f"there is no entry {at}", f"không có bản ghi {at}"
        fail(
            "--at",
            "unknown-entry",
            what,
            f"entries are 1 to {len(entries)}",
            what_vi,
            f"các bản ghi từ 1 đến {len(entries)}",
        )
    return replay(entries[:at], store.file)


def check_fingerprint(label: str, opening: Mapping[str, Any], methodology: Methodology) -> None:
    """Refuse a methodology that is not the one the round was opened with."""
    if (opening["methodology"], opening["fingerprint"]) != (methodology.id, methodology.fingerprint):
        was, now_ = (f"{id} {mark[:12]}" for id, mark in (
            (opening["methodology"], opening["fingerprint"]), (methodology.id, methodology.fingerprint)
        ))  # fmt: skip
        what, what_vi = f"the round was opened with {was}, this is {now_}", f"kỳ này mở với {was}, hiện là {now_}"
        by = (
            f"{opening['distribution']}=={opening['version']}" if opening["distribution"] else "the methodology of then"
        )
        fail(label, "fingerprint", what, f"install {by}, or open a new round", what_vi, f"cài {by}, hoặc mở kỳ mới")


def _file(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "sha256": sha256(data), "size": len(data)}


def _units(rows: Sequence[Row]) -> list[str]:
    return sorted({row.unit for row in rows})
