"""The report of a unit: its own points, those of the appraisal and why, what it asks for, where points were lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from par_engine.api import Methodology
from par_engine.base.decimals import plain
from par_engine.base.types import Outcome
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.scheme import Scheme
from par_engine.results.assessment import Assessment, UnitResult
from par_engine.round.figures import by_evidence, standing
from par_engine.round.state import State, UnitState


@dataclass(frozen=True)
class ItemReport:
    """One leaf of one unit. None where there is no number; `lost` is what was attainable and not achieved."""

    code: str
    title: Mapping[str, str]
    owner: str
    max: Fraction
    outcome: Outcome
    own: Fraction | None
    appraised: Fraction | None
    reason: str
    explanation: str
    requested: Fraction | None
    final: Fraction | None
    final_reason: str
    stands: Fraction | None
    lost: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """The points that stand less those that the unit gave itself."""
        return None if self.own is None or self.stands is None else self.stands - self.own

    @property
    def spoken_of(self) -> bool:
        """Whether anybody said something about it, or points were lost."""
        return bool(self.lost or self.explanation or self.appraised is not None or self.final is not None)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        numbers = ("max", "own", "appraised", "requested", "final", "stands", "difference", "lost")
        words = {"item": self.code, "title": self.title, "owner": self.owner or None, "outcome": self.outcome.value}
        out: dict[str, Any] = {**words, **{name: _text(getattr(self, name)) for name in numbers}}
        return {**out, "reason": self.reason, "explanation": self.explanation, "final_reason": self.final_reason}


@dataclass(frozen=True)
class UnitReport:
    """All leaves of one unit, in document order, and its totals."""

    unit: str
    name: str
    stage: str
    own: UnitResult
    stands: UnitResult
    items: tuple[ItemReport, ...]

    @property
    def by_size(self) -> list[ItemReport]:
        """The leaves where points were lost, the largest loss first."""
        return sorted((item for item in self.items if item.lost), key=lambda item: -(item.lost or 0))

    @property
    def by_owner(self) -> list[tuple[str, Fraction, list[str]]]:
        """Lost points by the agency that owns the facts, the largest first; "" is for leaves that none owns."""
        lost: dict[str, Fraction] = {}
        codes: dict[str, list[str]] = {}
        for item in self.by_size:
            lost[item.owner] = lost.get(item.owner, Fraction(0)) + (item.lost or 0)
            codes.setdefault(item.owner, []).append(item.code)
        return sorted(((o, n, codes[o]) for o, n in lost.items()), key=lambda row: (-row[1], row[0]))

    def called(self, owner: str, lang: Lang) -> str:
        """What the owners of a leaf are called."""
        if not owner:
            return {"vi": "không ghi cơ quan", "en": "no owner"}[lang]
        document = self.own.assessment.scheme.document
        return " + ".join(document.owner(id, lang) for id in owner.split(" + "))

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "unit": self.unit,
            "name": self.name,
            "stage": self.stage,
            "own": _total(self.own),
            "stands": _total(self.stands),
            "items": [item.as_dict() for item in self.items],
            "lost_by_size": [{"item": item.code, "lost": _text(item.lost)} for item in self.by_size],
            "lost_by_owner": [
                {"owner": owner or None, "lost": plain(lost), "items": codes} for owner, lost, codes in self.by_owner
            ],
        }


def unit_reports(methodology: Methodology, state: State, unit: str | None = None) -> list[UnitReport]:
    """The reports of one unit or of all, in the methodology's order."""
    own = by_evidence(methodology, state)
    stands = standing(methodology, state, own)
    ids = [own.unit(unit).id] if unit is not None else list(own.evidence.units)
    out = []
    for id in ids:
        there = state.unit(id)
        assert there is not None
        rows = (own.unit(id), stands.unit(id))
        items = tuple(_item(methodology.scheme, there, code, *rows) for code in methodology.scheme.under("total"))
        out.append(UnitReport(id, rows[0].name, there.stage, *rows, items))
    return out


def _item(scheme: Scheme, unit: UnitState, code: str, own: UnitResult, stands: UnitResult) -> ItemReport:
    item, mine, now = scheme.items[code], own.item(code), stands.item(code)
    first, last, said = unit.appraised.get(code), unit.final.get(code), unit.explained.get(code)
    points, attainable = _number(now.points), _number(now.attainable)
    counts = now.outcome is not Outcome.PENDING and item.role not in ("bonus", "penalty", "check")
    lost = attainable - (points or 0) if counts and attainable else None
    return ItemReport(
        code,
        {"vi": item.title.vi, "en": item.title.en},
        owner_of(scheme, code),
        item.max,
        now.outcome,
        _number(mine.points),
        first.points if first is not None else None,
        first.reason if first is not None else "",
        said.text if said is not None else "",
        said.requested if said is not None else None,
        last.points if last is not None else None,
        last.reason if last is not None else "",
        points,
        lost,
    )


def owner_of(scheme: Scheme, code: str) -> str:
    """The agencies that own the facts of a leaf; "" when none does."""
    leaf = scheme.leaves[scheme.position[code]]
    return " + ".join(dict.fromkeys(fact.owner for fact in leaf.facts if fact.owner is not None))


def gaps(assessment: Assessment, unit: str) -> dict[str, list[str]]:
    """The leaves of a unit that are missing, and those that wait for a survey."""
    result = assessment.unit(unit)
    return {outcome.value: list(result.leaves_with(outcome)) for outcome in (Outcome.MISSING, Outcome.PENDING)}


def _number(x: Decimal | None) -> Fraction | None:
    return None if x is None else Fraction(x)


def _text(x: Fraction | None) -> str | None:
    return None if x is None else plain(x)


def _total(unit: UnitResult) -> dict[str, Any]:
    figures = {"points": unit.points, "attainable": unit.attainable, "index": unit.index}
    out: dict[str, Any] = {name: None if x is None else str(x) for name, x in figures.items()}
    return {**out, "rank": unit.rank, "group": unit.group, "outcome": unit.outcome.value}
