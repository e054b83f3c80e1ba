"""Older reports beside an assessment: what every figure was in each of them, and where two do not compare, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from par_engine.api import Methodology
from par_engine.base.decimals import round_to
from par_engine.base.decimals import text as text_of
from par_engine.base.problems import fail
from par_engine.base.types import Text
from par_engine.comparison.installed import as_reported, between, followed
from par_engine.comparison.methodologies import matched
from par_engine.comparison.moves import Move
from par_engine.comparison.reports import Comparison, compare
from par_engine.comparison.succession import carry
from par_engine.i18n.catalogue import LANGS, text
from par_engine.methodology.model import TOTAL, Document
from par_engine.results.assessment import Assessment
from par_engine.results.report import report as report_of
from par_engine.results.report_reading import read_for_comparing

_SELF = ("self", "self-assessment")
_UNNAMED = "table"  # of a table that names no stage


@dataclass(frozen=True)
class _Period:
    """One report, and its methodology when that is installed as it was."""

    report: Mapping[str, Any]
    document: Document | None


def compared(paths: Sequence[Path], assessment: Assessment, methodology: Methodology) -> Mapping[str, Any]:
    """All that a page says of older reports, the oldest first (see `publish.past.Previous`)."""
    old = [read_for_comparing(path) for path in paths]
    seen: dict[tuple[str, str, str], str] = {}
    for path, report in zip(paths, old, strict=True):
        key = (report["methodology"]["id"], report["evidence"]["stage"], report["evidence"]["sha256"])
        if key in seen:
            fail("previous", path.name, seen=seen[key])
        seen[key] = path.name
    installed = [as_reported(report["methodology"]) for report in old]
    periods = [_Period(r, None if m is None else m.document) for r, m in zip(old, installed, strict=True)]
    now = _Period(report_of(assessment), methodology.document)
    for path, old_, new in zip(paths, periods, [*periods[1:], now], strict=True):
        if new.report["methodology"]["id"] in followed(old_.document):
            older, newer = (one.report["methodology"]["id"] for one in (new, old_))
            fail("previous.order", path.name, newer=newer, older=older)
    steps = [_compare(a, b) for a, b in zip(periods, [*periods[1:], now], strict=True)]
    direct = [_compare(period, now) for period in periods[:-1]] + steps[-1:]
    told = _History(periods, now, steps, assessment)
    here = {unit.id for unit in assessment.units}
    for path, (units, _) in zip(paths, told.units, strict=True):
        if not here & set(units):
            fail("previous.no-unit", path.name)
    return {
        "periods": [
            {**period.report["methodology"], "stage": period.report["evidence"]["stage"], "only": _only(period, found)}
            for period, found in zip(periods, direct, strict=True)
        ],
        "moves": [_told(move, list(_between(periods[-1], now))) for move in steps[-1].moves],
        "history": told.all(),
    }


def _compare(old: _Period, new: _Period) -> Comparison:
    if old.document is None or new.document is None:
        return compare(old.report, new.report)
    documents = (old.document, new.document)
    return compare(old.report, new.report, documents, between=between(documents))


def _between(old: _Period, new: _Period) -> Iterator[Text]:
    """Why no figure of one period compares with one of the next."""
    if old.document is None or new.document is None:
        yield _reason("not-installed")
    stages = [period.report["evidence"]["stage"] for period in (old, new)]
    if _UNNAMED in stages:
        yield _reason("no-stage")
    elif (stages[0] in _SELF) != (stages[1] in _SELF):
        yield _reason("stages")


def _reason(name: str) -> Text:
    vi, en = (text("comparison.history", name, lang) for lang in LANGS)
    return Text(vi=vi, en=en)


def _told(move: Move, reasons: Sequence[Text]) -> dict[str, Any]:
    """A move, without a change where the two figures do not compare."""
    every = [*reasons, *(reason for reason in move.reasons if reason not in reasons)]
    told = {**move.as_dict(), "not_comparable": [reason.model_dump() for reason in every]}
    return {**told, "change": None} if every else told


def _only(period: _Period, found: Comparison) -> list[str]:
    """The names of the units that stand in the older report and went into none of the newer one."""
    names = {unit["unit"]: unit["name"] for unit in period.report["units"]}
    return [names[id] for id in found.gone]


class _History:
    """The shares of the maximum in every period, unit by unit, and what stands between one period and the next."""

    def __init__(
        self, periods: Sequence[_Period], now: _Period, steps: Sequence[Comparison], assessment: Assessment
    ) -> None:
        self.periods, self.now, self.settings = [*periods, now], now, assessment.scheme.document.settings
        self.reasons = [{(move.unit, move.code): move.reasons for move in step.moves} for step in steps]
        self.units = [self._units(period) for period in periods]
        self.codes = [self._older(period) for period in periods]

    def _units(self, period: _Period) -> tuple[Mapping[str, Any], Mapping[str, tuple[str, ...]]]:
        """The older figures of the units of now, and the older units that went into each."""
        units = {unit["unit"]: unit for unit in period.report["units"]}
        same = period.report["methodology"]["id"] == self.now.report["methodology"]["id"]
        if same or period.document is None or self.now.document is None:
            return units, {}
        before, carried = carry(period.report, self.now.report, self.now.document)
        return before, {one.unit: one.older for one in carried}

    def _older(self, period: _Period) -> Mapping[str, str]:
        """The older code of every item of now."""
        if period.document is None or self.now.document is None:
            return {code: code for code in self.now.report["units"][0]["items"]} if self.now.report["units"] else {}
        return {after.code: before.code for before, after in matched(period.document, self.now.document)[0]}

    def all(self) -> dict[str, Any]:
        """By unit and code: `shares`, one for each period and now, and `breaks`, the reasons from each to the next."""
        assert self.now.document is not None
        fields = [item.code for item in self.now.document.items if item.parent is None]
        codes = [TOTAL, *fields, *(f"stream:{stream.id}" for stream in self.now.document.streams)]
        out = {}
        for unit in self.now.report["units"]:
            found = {code: self._of(unit, code) for code in codes}
            out[unit["unit"]] = {code: one for code, one in found.items() if any(one["shares"][:-1])}
        return out

    def _of(self, unit: Mapping[str, Any], code: str) -> dict[str, Any]:
        shares = [
            self._share(before.get(unit["unit"]), self._there(k, code)) for k, (before, _) in enumerate(self.units)
        ]
        shares.append(self._share(unit, code))
        return {
            "shares": shares,
            "breaks": [
                [reason.model_dump() for reason in self._breaks(k, unit["unit"], code)] for k in range(len(self.units))
            ],
        }

    def _there(self, k: int, code: str) -> str | None:
        """The code of a figure of now in an older period; the last one is now."""
        if k == len(self.codes) or code == TOTAL or code.startswith("stream:"):
            return code
        return self.codes[k].get(code)

    def _share(self, unit: Mapping[str, Any] | None, code: str | None) -> str | None:
        if unit is None or code is None:
            return None
        place = unit if code == TOTAL else unit["streams" if code.startswith("stream:") else "items"]
        figure = unit if code == TOTAL else place.get(code.removeprefix("stream:"))
        if figure is None or figure["points"] is None or not figure["attainable"]:
            return None
        of = Fraction(figure["attainable"])
        if not of:
            return None
        digits = self.settings.index_decimals
        return text_of(round_to(100 * Fraction(figure["points"]) / of, digits, self.settings.rounding), digits)

    def _breaks(self, k: int, unit: str, code: str) -> Iterator[Text]:
        """Why a figure of one period does not compare with that of the next."""
        yield from _between(self.periods[k], self.periods[k + 1])
        there = self._there(k + 1, code)
        older = (unit,) if k + 1 == len(self.units) else self.units[k + 1][1].get(unit, (unit,))
        found = [self.reasons[k][one, there] for one in older if there is not None and (one, there) in self.reasons[k]]
        yield from dict.fromkeys(reason for reasons in found for reason in reasons)
