"""What the entries of a round come to: of each unit the evidence, the points, the explanations and the stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from par_engine.base import terms
from par_engine.base.names import fold
from par_engine.files.documents import canonical, parse_json
from par_engine.round.entries import Entry

STAGES: Mapping[str, tuple[str, str]] = {
    stage: terms.STAGES[stage] for stage in ("self-assessment", "appraisal", "explanation", "final")
}


@dataclass(frozen=True)
class Points:
    """Points that an appraisal gave, why, and in which entry."""

    points: Fraction
    reason: str
    entry: int


@dataclass(frozen=True)
class Explained:
    """What a unit said about an item, and the points it asks for."""

    text: str
    requested: Fraction | None
    entry: int


@dataclass
class UnitState:
    """One unit that has handed in evidence."""

    unit: str
    evidence: Mapping[str, Any]
    submitted: Entry
    appraised: dict[str, Points] = field(default_factory=dict)
    explained: dict[str, Explained] = field(default_factory=dict)
    final: dict[str, Points] = field(default_factory=dict)
    ballots: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each question that a survey answered, the ballots by group."""
    surveyed: dict[str, int] = field(default_factory=dict)
    """The entry that answered a question last."""

    @property
    def stage(self) -> str:
        """How far the unit has come."""
        if self.final:
            return "final"
        if self.explained:
            return "explanation"
        return "appraisal" if self.appraised else "self-assessment"

    @property
    def with_ballots(self) -> Mapping[str, Any]:
        """What was handed in, with what surveys found put in."""
        if not self.ballots:
            return self.evidence
        return {**self.evidence, "facts": {**self.evidence.get("facts", {}), **self.ballots}}

    @property
    def points(self) -> Mapping[str, Points]:
        """The points that stand by appraisal."""
        return {**self.appraised, **self.final}


@dataclass
class State:
    """A round after some of its entries; units by their folded names."""

    entries: Sequence[Entry]
    stage: str | None = None
    note: str = ""
    units: dict[str, UnitState] = field(default_factory=dict)
    done: dict[str, Entry] = field(default_factory=dict)
    """The tasks of the plan that are done, and the entry that says so."""

    @property
    def opening(self) -> Mapping[str, Any]:
        """What the round was opened with."""
        return self.entries[0].content

    def unit(self, name: str) -> UnitState | None:
        """A unit by its id; None when it has not handed in."""
        return self.units.get(fold(name))

    def ordered(self, listed: Sequence[str]) -> list[UnitState]:
        """The units in the methodology's order, others after them by name."""
        place = {fold(id): i for i, id in enumerate(listed)}
        return [self.units[key] for key in sorted(self.units, key=lambda k: (place.get(k, len(place)), k))]

    @property
    def surveyed(self) -> bool:
        """Whether a survey has been entered for any unit."""
        return any(unit.ballots for unit in self.units.values())

    def evidence(self, listed: Sequence[str], *, survey: bool = False) -> Mapping[str, Any]:
        """The evidence of all units together, as an evidence-1 document; `survey` with what surveys found."""
        head = {"methodology": self.opening["methodology"], "stage": self.stage}
        units = [unit.evidence if not survey else unit.with_ballots for unit in self.ordered(listed)]
        return {**head, "units": units}


def replay(entries: Sequence[Entry], file: Callable[[str], bytes]) -> State:
    """The state after all of `entries`; `file` gives what they name."""
    state = State(entries)
    for entry in entries[1:]:
        if entry.what == "done":
            state.done.update((task, entry) for task in entry.content["tasks"])
            for task in entry.content["undone"]:
                state.done.pop(task, None)
            continue
        content = parse_json(file(entry.content["document"]), f"entry {entry.number}")
        if entry.what == "submit":
            state.stage = content["stage"]
            for unit in content["units"]:
                before = state.units.get(fold(unit["unit"]))
                now = state.units[fold(unit["unit"])] = UnitState(unit["unit"], unit, entry)
                if before is not None:  # a survey is not the unit's own: it stays when the unit hands in again
                    now.ballots, now.surveyed = before.ballots, before.surveyed
        elif entry.what == "survey":
            for found in content["units"]:
                unit = state.units[fold(found["unit"])]
                for name, groups in found.get("facts", {}).items():
                    filled = {group: counts for group, counts in groups.items() if any(counts.values())}
                    unit.ballots[name] = {**unit.ballots.get(name, {}), **filled}
                    unit.surveyed[name] = entry.number
        elif entry.what == "explain":
            for row in content["explanations"]:
                said = Explained(row["text"], _points(row), entry.number)
                state.units[fold(row["unit"])].explained[row["item"]] = said
        else:
            for row in content["points"]:
                points = _points(row)
                assert points is not None
                unit = state.units[fold(row["unit"])]
                given = unit.final if entry.what == "final" else unit.appraised
                given[row["item"]] = Points(points, row["text"], entry.number)
    return state


def _points(row: Mapping[str, Any]) -> Fraction | None:
    return None if row["points"] is None else Fraction(row["points"])


def source(state: State, listed: Sequence[str]) -> bytes:
    """The bytes that stand for all that figures rest on: the evidence, and the points of appraisals."""
    given = [
        [unit.unit, item, str(points.points)]
        for unit in state.ordered(listed)
        for item, points in sorted(unit.points.items())
    ]
    return canonical({"evidence": state.evidence(listed, survey=True), "points": given})
