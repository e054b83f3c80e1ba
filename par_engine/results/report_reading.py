"""Reports read back: a report-1 document from a file, checked in every place."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from par_engine import schemas
from par_engine.base.problems import DocumentError, fail, pointer, problem, quote
from par_engine.base.types import Amount, Text
from par_engine.files import kinds
from par_engine.files.documents import parse_json, read_bytes
from par_engine.files.kinds import kind_of, wrong_kind
from par_engine.i18n.catalogue import Lang, Term, entries, text

MAX_REPORT = 32 * 2**20
"""A report is held as a whole, often beside another: 32 MiB are 20,000 units of a small scheme."""
_MOST = 20
_HOW = Term("file-kinds", "take-report")
_DIGITS = str.maketrans("23456789", "11111111")  # a decimal text is well formed or not whichever of them it has


class _Fault(NamedTuple):
    """What the schema finds, as a value in a text: its own words in English, its kind in Vietnamese."""

    kind: str
    said: str

    def get(self, lang: Lang) -> str:
        return self.said if lang == "en" else entries("report.faults", lang).get(self.kind, self.said)


def read_report(path: Path) -> dict[str, Any]:
    """A report-1 document. Raises DocumentError for another kind of file, for more than 32 MiB, and with all places."""
    data, label = read_bytes(path), path.name
    if len(data) > MAX_REPORT:
        fail("too-large.report", label, size=len(data), most=MAX_REPORT // 2**20)
    kind = kind_of(data)
    if kind not in (None, kinds.REPORT, kinds.JSON):
        wrong_kind(label, kind, kinds.REPORT, _HOW)
    return checked(parse_json(data, label), label)


def read_for_comparing(path: Path) -> dict[str, Any]:
    """The same, each unit once: of one that stands twice nobody knows which of its figures to compare."""
    report = read_report(path)
    first: dict[str, int] = {}
    problems = []
    for i, unit in enumerate(report["units"]):
        if first.setdefault(unit["unit"], i) != i:
            place = pointer("units", first[unit["unit"]], "unit")
            at = pointer("units", i, "unit")
            problems.append(problem("duplicate-unit", path.name, at, unit=quote(unit["unit"]), place=place))
    if problems:
        raise DocumentError(problems)
    return report


def checked(report: Any, label: str = "report") -> dict[str, Any]:
    """The same of a document in memory."""
    validator = schemas.validator("report-1")
    if not validator.is_valid(_lean(report)):
        errors = sorted(validator.iter_errors(report), key=lambda error: list(map(str, error.path)))
        raise DocumentError(
            problem("report", label, pointer(*e.absolute_path), what=_Fault(str(e.validator), e.message[:200]))
            for e in errors[:_MOST]
        )
    ready: dict[str, Any] = report
    return ready


def _lean(report: Any) -> Any:
    """The report with one figure of each shape: of the thousands few differ, and the schema takes its time on each."""
    if not isinstance(report, dict) or not isinstance(report.get("units"), list):
        return report
    seen: set[str] = set()
    units = []
    for unit in report["units"]:
        lean = unit
        if isinstance(unit, Mapping):
            lean = dict(unit)
            for part in ("streams", "items"):
                if isinstance(unit.get(part), dict):
                    lean[part] = {code: figure for code, figure in unit[part].items() if _new(_shape(figure), seen)}
        units.append(lean)
    return {**report, "units": units}


def _shape(figure: Any) -> str:
    shape = repr(figure)
    return shape if "within" in shape else shape.translate(_DIGITS)


def _new(key: str, seen: set[str]) -> bool:
    fresh = key not in seen
    seen.add(key)
    return fresh


def other_measure(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Text | None:
    """Why the points of one figure in two reports do not compare: they are out of different attainable maxima.

    None where both have points out of the same, where one has none, and where only the maximum itself changed.
    """
    if any(figure[key] is None for figure in (older, newer) for key in ("points", "attainable")):
        return None
    before, after = (Fraction(figure["attainable"]) for figure in (older, newer))
    whole = all(Fraction(figure["attainable"]) == Fraction(figure["max"]) for figure in (older, newer))
    if before == after or whole:
        return None
    values = {"before": Amount(before), "after": Amount(after)}
    return Text(vi=text("comparing", "attainable", "vi", **values), en=text("comparing", "attainable", "en", **values))
