"""Findings: what an audit has found, each with its place, in words of both languages."""

from __future__ import annotations

from typing import Any, NamedTuple

from par_engine.audit.figures import NUMBERS, Difference
from par_engine.audit.internal_sums import Odd
from par_engine.base.problems import Problem, Severity, own_problem, pointer, quote
from par_engine.base.terms import word
from par_engine.i18n.catalogue import Lang

_WORDS = {
    "points": ("điểm", "points"),
    "max": ("điểm tối đa", "maximum"),
    "attainable": ("điểm có thể đạt", "attainable points"),
    "index": ("chỉ số", "index"),
    "rank": ("hạng", "rank"),
    "group": ("nhóm", "group"),
    "outcome": ("kết quả chấm", "outcome"),
    "stated": ("dấu điểm ghi sẵn", "mark of stated points"),
    "within": ("nơi điểm được tính gộp", "place where its points are counted"),
    "name": ("tên", "name"),
    "ranked": ("việc tham gia xếp hạng", "part in the ranking"),
    "why": ("lý do không xếp hạng", "reason for no rank"),
    "missing": ("danh sách mục thiếu số liệu", "list of missing items"),
    "pending": ("danh sách mục đang chờ", "list of pending items"),
    "not_applicable": ("danh sách mục không áp dụng", "list of items that do not apply"),
}


class Finding(NamedTuple):
    """One thing that an audit found; `reported` and `again` are the two values where a figure differs."""

    problem: Problem
    reported: Any = None
    again: Any = None

    @property
    def fails(self) -> bool:
        """Whether the audit fails by it; a remark explains other findings and fails nothing."""
        return self.problem.severity == "error"

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return {**self.problem.as_dict(), "reported": self.reported, "again": self.again}


def note(
    label: str, at: str, code: str, texts: tuple[str, str, str, str], severity: Severity = "error", **values: Any
) -> Finding:
    """A finding from its texts: what and hint in English, what and hint in Vietnamese."""
    what, hint, vi, hint_vi = texts
    return Finding(own_problem(label, at, code, what, hint, severity, vi, hint_vi), **values)


_WHY_SCORED = (
    "the figure was changed, or comes from other evidence, rules or another version",
    "con số đã bị sửa, hoặc do số liệu, quy tắc hay phiên bản khác",
)
_WHY_CLOSED = ("one of these figures was changed after scoring", "một trong các con số này đã bị sửa sau khi chấm")
_WHY_EDITION = (
    "a figure was changed, or the other edition adds up otherwise",
    "có con số bị sửa, hoặc bản kia của bộ tiêu chí cộng khác",
)


def of_difference(label: str, one: Difference, *, scored: bool, edition: bool = False) -> Finding:
    """Where a figure is another one when it is scored again, or when it is added up from the report's own parts.

    `edition` says that the report is by another edition of the methodology.
    """
    code = "differs" if scored else "not-closed"
    side = ("chấm lại", "scored again") if scored else ("tính từ các phần của báo cáo", "by the report's own parts")
    name, name_vi = _named(one.unit, one.code)
    if one.key == "twice":
        texts = (f"{name} stands twice", "keep one", f"{name_vi} xuất hiện hai lần", "chỉ giữ lại một")
        return note(label, pointer(*one.at), "twice", texts, reported=one.reported)
    if one.key == "":
        texts = (
            (f"{name} is only in the report", "check its id", f"{name_vi} chỉ có trong báo cáo", "kiểm tra lại mã")
            if one.again is None
            else (f"the report lacks {name}", "check its ids", f"báo cáo thiếu {name_vi}", "kiểm tra lại các mã")
        )
        return note(label, pointer(*one.at), "one-sided", texts, reported=one.reported, again=one.again)
    vi, en = _WORDS[one.key]
    hint, hint_vi = _WHY_SCORED if scored else _WHY_EDITION if edition else _WHY_CLOSED
    mine, other = (_shown(x, one.key, "en") for x in (one.reported, one.again))
    mine_vi, other_vi = (_shown(x, one.key, "vi") for x in (one.reported, one.again))
    texts = (
        f"{name}: {en} {mine} in the report, {other} {side[1]}",
        hint,
        f"{name_vi}: {vi} trong báo cáo là {mine_vi}, {side[0]} là {other_vi}",
        hint_vi,
    )
    return note(label, pointer(*one.at), code, texts, reported=one.reported, again=one.again)


def nothing(label: str) -> Finding:
    """A report without a unit: nothing in it can be wrong, or right."""
    en, vi = ("the report has no unit", "nothing to check"), ("báo cáo không có đơn vị nào", "không có gì để kiểm tra")
    return note(label, "/units", "no-units", (*en, *vi))


def of_odd(label: str, odd: Odd) -> Finding:
    """A number that no report by this methodology can have."""
    name, name_vi = _named(odd.unit, odd.code)
    value, limit = odd.value.replace(".", ","), odd.limit.replace(".", ",")
    texts = {
        "decimals": (
            f"{name}: {odd.value} has more than {odd.limit} decimals",
            "the methodology gives no finer points",
            f"{name_vi}: {value} có quá {limit} chữ số thập phân",
            "bộ tiêu chí không chấm lẻ đến thế",
        ),
        "range": (
            f"{name}: {odd.value} is outside 0 to {odd.limit}",
            "no points are less or more",
            f"{name_vi}: {value} ngoài khoảng 0 đến {limit}",
            "điểm không thể nằm ngoài khoảng này",
        ),
        "stated": (
            f"{name}: {odd.value} is stated, its parts give {odd.limit}, and the report does not say so",
            "more than rounding explains",
            f"{name_vi}: điểm ghi sẵn là {value}, các phần cộng lại là {limit}, mà báo cáo không nêu",
            "chênh lệch vượt quá sai số làm tròn",
        ),
    }[odd.why]
    return note(label, pointer(*odd.at), f"odd-{odd.why}", texts, reported=odd.value, again=None)


def _named(unit: str, code: str) -> tuple[str, str]:
    if not code:
        return quote(unit), quote(unit)
    part = code.removeprefix("stream:")
    kind = ("stream", "nguồn điểm") if part != code else ("item", "mục")
    return f"{quote(unit)}, {kind[0]} {quote(part)}", f"{quote(unit)}, {kind[1]} {quote(part)}"


def _shown(value: Any, key: str, lang: Lang) -> str:
    if value is None:
        return "—"
    if key == "outcome":
        return word(value, lang)
    if isinstance(value, bool):
        return {("vi", True): "có", ("vi", False): "không", ("en", True): "yes", ("en", False): "no"}[lang, value]
    if isinstance(value, dict):
        return quote(value.get(lang, ""))
    if isinstance(value, list):
        return quote(", ".join(value)) if value else ("không có mục nào" if lang == "vi" else "none")
    if key in NUMBERS and lang == "vi":
        return str(value).replace(".", ",")
    return str(value) if key in (*NUMBERS, "rank") else quote(value)
