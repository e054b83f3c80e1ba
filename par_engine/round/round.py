"""A round on its file: open it, hand in, appraise, explain; every act is one entry, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import EvidenceError, ParError, Problem, fail, problem, quote
from par_engine.evidence import canonical
from par_engine.evidence.builder import no_unit
from par_engine.files.documents import sha256
from par_engine.methodology.model import Action
from par_engine.results.assessment import Assessment
from par_engine.round.days import Clock, day_of, now, stamp
from par_engine.round.entries import Entry, What, make
from par_engine.round.figures import by_evidence, by_stage, standing
from par_engine.round.handed import Handed, Step, handed_in
from par_engine.round.locks import late, locks
from par_engine.round.plan import plan_of, unknown_tasks
from par_engine.round.state import State, replay
from par_engine.round.store import Store, create, open_store
from par_engine.round.submissions import Kind, Looked, Row, check_size, document, look, readable, taken
from par_engine.round.transitions import may_appraise, may_explain, may_submit, may_survey, reasons, replaced

P = ParamSpec("P")
R = TypeVar("R")


def _whole_text(act: Callable[P, R]) -> Callable[P, R]:
    """Half characters, which JSON and file names can smuggle in, are a problem of the input."""

    @wraps(act)
    def inner(*words: P.args, **named: P.kwargs) -> R:
        try:
            return act(*words, **named)
        except UnicodeEncodeError as error:
            fail("encoding.inner", "round", object=quote(error.object))

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
    known, problems = methodology.scheme.unit_index, _who(by, why)
    if methodology.document.settings.units == "listed":
        problems += [no_unit(methodology.scheme, unit) for unit in units if fold(unit) not in known]
    if problems:
        raise ParError(problems)
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
    entry = make((), "init", (stamp(clock()), by.strip(), why.strip()), content)
    create(path, entry, [methodology.canonical])
    return entry


def _who(by: str, why: str) -> list[Problem]:
    problems = []
    if not by.strip() or len(by) > 200 or not readable(by) or "\n" in by or "\t" in by:
        problems.append(problem("who", "--by", by=quote(by)))
    if not readable(why):
        problems.append(problem("control-characters", "--why"))
    if len(why) > 10_000:
        problems.append(problem("too-long", "--why"))
    return problems


@dataclass
class Act:
    """What goes into an entry, what is wrong with it already, and what its state may forbid."""

    content: Mapping[str, Any]
    files: Sequence[bytes]
    problems: list[Problem]
    allowed: Callable[[State], Iterable[Problem]]


class Round:
    """A round file with its methodology. Each call opens the file anew, so that several programs may use it.

    `remarks` are what the last act has to say beside its entry: warnings.
    """

    def __init__(self, path: Path, methodology: Methodology, clock: Clock = now) -> None:
        self.path, self.methodology, self.clock = path, methodology, clock
        self.remarks: tuple[Problem, ...] = ()
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
        """Self-assessment: evidence of one unit or more, and files that go with it. `stage` is that of a table."""
        problems = _why(why)
        found = self._handed(evidence, "submit", stage, problems)
        named = _papers(papers, problems)
        content, files = self._evidence(evidence.name, found, named)

        def allowed(state: State) -> Iterable[Problem]:
            return may_submit(self.methodology, state, found.label, found.units)

        entry = self._enter("submit", by, why, Act(content, files, problems, allowed), override)
        self.remarks = _edition(self.methodology, found)
        return entry

    @_whole_text
    def survey(
        self, evidence: Path, by: str, why: str, papers: Sequence[Path] = (), *, ballots: Path | None = None
    ) -> Entry:
        """What a survey found: evidence of ballots alone, from `par survey tally`, until the appraisal is final.

        The last one stands, question by question and group by group. `ballots` is the file that was counted: its name
        and SHA-256 are noted, and the file itself, which may name people, stays outside.
        """
        problems = _why(why)
        found = self._handed(evidence, "survey", None, problems)
        named = _papers(papers, problems)
        content, files = self._evidence(evidence.name, found, named)
        content["ballots"] = _file(ballots.name, taken(ballots)) if ballots is not None else None
        hidden: list[Problem] = []

        def allowed(state: State) -> Iterable[Problem]:
            if self._form < 2:
                yield problem("older-format", self.path.name)
            if found.evidence is not None:
                yield from may_survey(self.methodology, state, found.evidence)
                hidden.extend(replaced(self.methodology, state, found.evidence))

        entry = self._enter("survey", by, why, Act(content, files, problems, allowed), None)
        self.remarks = (*_edition(self.methodology, found), *hidden)
        return entry

    @_whole_text
    def appraise(
        self, file: Path, by: str, why: str = "", *, final: bool = False, override: str | None = None
    ) -> Entry:
        """The assessor's points. Items without a row stand as they were."""
        what: What = "final" if final else "appraise"
        found, data = self._looked(file, "points", what)

        def allowed(state: State) -> Iterable[Problem]:
            yield from may_appraise(self.methodology, state, file.name, found.placed, final=final)
            yield from reasons(self.methodology, state, file.name, found.rows)

        return self._rows(what, by, why, file.name, data, "points", found, allowed, override)

    @_whole_text
    def explain(self, file: Path, by: str, why: str = "", *, override: str | None = None) -> Entry:
        """What units say about the points that an appraisal gave, and what they ask for."""
        found, data = self._looked(file, "explanations", "explain")

        def allowed(state: State) -> Iterable[Problem]:
            return may_explain(self.methodology, state, file.name, found.placed)

        return self._rows("explain", by, why, file.name, data, "explanations", found, allowed, override)

    @_whole_text
    def done(self, tasks: Sequence[str], by: str, why: str = "", *, undo: bool = False) -> Entry:
        """Tasks of the plan that are done; `undo` takes that back."""
        problems = unknown_tasks(plan_of(self.methodology.document), tasks, "TASK")
        if not tasks:
            problems.append(problem("no-task", "TASK"))
        named = list(dict.fromkeys(tasks))
        content = {"tasks": [] if undo else named, "undone": named if undo else []}

        def allowed(state: State) -> Iterable[Problem]:
            if self._form < 2:
                yield problem("older-format.allowed", self.path.name)
            for task in () if problems else named:
                if undo and task not in state.done:
                    yield problem("not-done", "--undo", task=task)
                elif not undo and task in state.done:
                    entry = state.done[task]
                    yield problem("done", "TASK", task=task, number=entry.number)

        return self._enter("done", by, why, Act(content, (), problems, allowed), None)

    def _handed(self, path: Path, step: Step, stage: str | None, problems: list[Problem]) -> Handed:
        try:
            check_size(path.name, path.stat().st_size if path.exists() else 0)
            found = handed_in(self.methodology, path, step, stage)
        except ParError as error:
            found = Handed(path.name, problems=list(error.problems))
        problems += found.problems
        return found

    def _evidence(
        self, name: str, found: Handed, papers: Mapping[str, bytes]
    ) -> tuple[dict[str, Any], Sequence[bytes]]:
        read = found.evidence
        if read is None:
            return {}, ()
        original, form = read.source or b"", canonical.document(self.methodology.scheme, read)
        content = {
            "file": _file(name, original),
            "document": sha256(form),
            "stage": read.stage,
            "units": list(read.units),
            "papers": [_file(paper, data) for paper, data in papers.items()],
        }
        return content, [original, form, *papers.values()]

    def _looked(self, file: Path, kind: Kind, step: What) -> tuple[Looked, bytes]:
        data = b""
        try:
            data = taken(file)
            return look(self.methodology, data, file.name, kind, step), data
        except ParError as error:
            return Looked([], [], list(error.problems)), data

    def _rows(
        self,
        what: What,
        by: str,
        why: str,
        name: str,
        data: bytes,
        kind: Kind,
        found: Looked,
        allowed: Callable[[State], Iterable[Problem]],
        override: str | None,
    ) -> Entry:
        rows = found.rows
        form = document(self.methodology, kind, rows)
        content = {"file": _file(name, data), "document": sha256(form), "units": _units(rows), "rows": len(rows)}
        entry = self._enter(what, by, why, Act(content, [data, form], list(found.problems), allowed), override)
        self.remarks = tuple(
            problem("unread", name, "", "warning", title=quote(title))
            for title in found.unread
        )  # fmt: skip
        return entry

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

    def _enter(self, what: What, by: str, why: str, act: Act, override: str | None) -> Entry:
        """Enter an act, or say at once all that is against it."""
        self.remarks = ()
        problems = [*_who(by, why), *act.problems]
        if not readable(override or ""):
            problems.append(problem("control-characters", "--override"))
        doc = self.methodology.document
        with open_store(self.path, write=True) as store:
            self._form = store.form

            def next_(earlier: tuple[Entry, ...]) -> tuple[Entry, Sequence[bytes]]:
                check_fingerprint(self.path.name, earlier[0].content, self.methodology)
                moment = self.clock()  # read under the lock: it cannot be waited past a deadline
                today = day_of(moment)
                passed = [one for one in locks(doc, self.opening) if one.action == what and today > one.last]
                noted, against = late(self.path.name, doc, passed, today, override)
                found = [*problems, *against, *act.allowed(replay(earlier, store.file))]
                if found:
                    raise EvidenceError(found)
                return make(earlier, what, (stamp(moment), by.strip(), why.strip()), act.content, noted), act.files

            return store.append(next_)


def opening(store: Store) -> Mapping[str, Any]:
    """What a round was opened with."""
    return store.entries()[0].content


def state_at(store: Store, at: int | None = None) -> State:
    """The state of a round after one of its entries."""
    entries = store.entries()
    if at is not None and not 1 <= at <= len(entries):
        fail("unknown-entry", "--at", at=at, entries=len(entries))
    return replay(entries[:at], store.file)


def check_fingerprint(label: str, opening: Mapping[str, Any], methodology: Methodology) -> None:
    """Refuse a methodology that is not the one the round was opened with."""
    if (opening["methodology"], opening["fingerprint"]) != (methodology.id, methodology.fingerprint):
        was, now_ = (f"{id} {mark[:12]}" for id, mark in (
            (opening["methodology"], opening["fingerprint"]), (methodology.id, methodology.fingerprint)
        ))  # fmt: skip
        by = (
            f"{opening['distribution']}=={opening['version']}" if opening["distribution"] else "the methodology of then"
        )
        fail("fingerprint", label, was=was, now_=now_, by=by)


def _why(why: str) -> list[Problem]:
    if why.strip():
        return []
    return [problem("why", "--why")]


def _papers(papers: Sequence[Path], problems: list[Problem]) -> dict[str, bytes]:
    out: dict[str, bytes] = {}
    for paper in papers:
        if paper.name in out:
            problems.append(problem("same-name", "--document"))
        try:
            out[paper.name] = taken(paper)
        except ParError as error:
            problems += error.problems
    return out


def _edition(methodology: Methodology, found: Handed) -> tuple[Problem, ...]:
    """Evidence on a form of another edition is read by its keys, as for a score, and said."""
    edition = found.evidence.edition if found.evidence is not None else ""
    if not edition or edition == methodology.fingerprint:
        return ()
    return (problem("edition.edition-2", found.label, "", "warning", id=methodology.id, edition=edition[:12]),)


def _file(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "sha256": sha256(data), "size": len(data)}


def _units(rows: Sequence[Row]) -> list[str]:
    return sorted({row.unit for row in rows})
