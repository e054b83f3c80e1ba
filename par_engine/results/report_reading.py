"""Reports read back: a report-1 document from a file, checked in every place."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from par_engine import schemas
from par_engine.base.problems import DocumentError, own_problem, pointer, problem, quote
from par_engine.base.types import Text, say
from par_engine.files import kinds
from par_engine.files.documents import parse_json, read_bytes
from par_engine.files.kinds import kind_of, wrong_kind

_MOST = 20
_HOW = Text(
    vi='lập bằng "par score SỐ-LIỆU -m ID -o BÁO-CÁO.json" rồi dùng tệp ấy',
    en="write it with `par score EVIDENCE -m ID -o REPORT.json` and take that file",
)
_DIGITS = str.maketrans("23456789", "11111111")  # a decimal text is well formed or not whichever of them it has
_WHY = {
    "required": "thiếu một khóa bắt buộc",
    "additionalProperties": "có khóa không thuộc mẫu",
    "type": "giá trị không đúng kiểu",
    "anyOf": "giá trị không đúng kiểu",
    "enum": "giá trị không có trong danh sách cho phép",
    "const": "giá trị khác giá trị bắt buộc",
    "pattern": "cách viết không đúng",
}


def read_report(path: Path) -> dict[str, Any]:
    """A report-1 document. Raises DocumentError for a file of another kind, else with every place where it is none."""
    data = read_bytes(path)
    kind = kind_of(data)
    if kind not in (None, kinds.REPORT, kinds.JSON):
        wrong_kind(path.name, kind, kinds.REPORT, _HOW)
    return checked(parse_json(data, path.name), path.name)


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
        hint = "compare what `par score --format json` wrote"
        vi = "dùng tệp do `par score --format json` ghi"
        errors = sorted(validator.iter_errors(report), key=lambda error: list(map(str, error.path)))
        raise DocumentError(
            own_problem(
                label,
                pointer(*error.absolute_path),
                "report",
                error.message[:200],
                hint,
                "error",
                f"không đúng mẫu báo cáo: {_WHY.get(str(error.validator), error.message[:200])}",
                vi,
            )
            for error in errors[:_MOST]
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
    return Text(
        vi=f"số điểm có thể đạt đổi từ {say(before, 'vi')} thành {say(after, 'vi')}",
        en=f"what is attainable changed from {say(before, 'en')} to {say(after, 'en')}",
    )
