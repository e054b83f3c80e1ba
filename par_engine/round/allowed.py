"""What may be entered in a round in which state; every reason against it is a problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from par_engine.api import Methodology
from par_engine.errors import Problem, quote
from par_engine.exact import plain, scale
from par_engine.names import fold
from par_engine.result import Assessment
from par_engine.round.figures import standing
from par_engine.round.papers import Row
from par_engine.round.state import State


def _problem(label: str, at: str, code: str, what: str, hint: str, what_vi: str, hint_vi: str) -> Problem:
    return Problem(label, at, code, what, hint, "error", what_vi, hint_vi)


def may_submit(state: State, label: str, units: Sequence[str], stage: str) -> Iterator[Problem]:
    """What forbids units to hand in evidence now."""
    if state.stage is not None and stage != state.stage:
        what, vi = f"the evidence is of stage {quote(stage)}", f"số liệu thuộc giai đoạn {quote(stage)}"
        hint = f"this round takes {quote(state.stage)}; --stage names that of a table"
        yield _problem(label, "/stage", "stage", what, hint, vi, f"kỳ này nhận {quote(state.stage)}")
    some = {fold(unit) for unit in state.opening["units"]}
    for unit in units:
        there = state.unit(unit)
        if some and fold(unit) not in some:
            yield _problem(
                label, "", "not-in-round", f"{unit} does not take part in this round", "see par round status",
                f"{unit} không tham gia kỳ này", "xem par round status",
            )  # fmt: skip
        if there is not None and there.points:
            first = min(points.entry for points in there.points.values())
            yield _problem(
                label, "", "closed", f"{unit} has been appraised since entry {first}", "hand in an explanation",
                f"{unit} đã được thẩm định từ bản ghi {first}", "nộp giải trình: par round explain",
            )  # fmt: skip


def may_appraise(state: State, label: str, rows: Sequence[Row], *, final: bool) -> Iterator[Problem]:
    """What forbids to give points now."""
    for row in rows:
        unit = state.unit(row.unit)
        if unit is None:
            yield _not_yet(label, row)
        elif final and not unit.appraised:
            what, vi = f"{row.unit} has no first appraisal", f"{row.unit} chưa được thẩm định lần đầu"
            yield _problem(label, row.at, "too-early", what, "leave --final out", vi, "bỏ --final")
        elif unit.final and not final:
            what, vi = f"the appraisal of {row.unit} is final", f"{row.unit} đã thẩm định xong"
            yield _problem(label, row.at, "closed", what, "correct it with --final", vi, "đính chính bằng --final")


def may_explain(state: State, label: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """What forbids to explain now."""
    for row in rows:
        unit = state.unit(row.unit)
        if unit is None:
            yield _not_yet(label, row)
        elif not unit.appraised:
            what, vi = f"{row.unit} has not been appraised yet", f"{row.unit} chưa được thẩm định"
            yield _problem(
                label, row.at, "too-early", what, "hand in new evidence instead", vi, "có thể nộp lại số liệu"
            )
        elif unit.final:
            what, vi = f"the appraisal of {row.unit} is final", f"{row.unit} đã thẩm định xong"
            yield _problem(label, row.at, "closed", what, "see par round report", vi, "xem par round report")


def _not_yet(label: str, row: Row) -> Problem:
    what, vi = f"{row.unit} has not handed in anything yet", f"{row.unit} chưa nộp tự đánh giá"
    return _problem(label, row.at, "nothing-yet", what, "par round submit", vi, "par round submit")


def reasons(methodology: Methodology, state: State, label: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """Points that differ from those that stand need a reason; points inside a stated sum would count for nothing."""
    stands = standing(methodology, state)
    scheme = methodology.scheme
    for row in rows:
        unit = stands.unit(row.unit)
        over = _over(methodology, stands, unit.row, row.item)
        if over is not None:
            what, vi = (
                f"{row.item} is inside {over}, which is stated as a whole",
                f"{row.item} nằm trong {over} đã ghi điểm cả mục",
            )
            yield _problem(
                label,
                row.at,
                "inside-stated",
                what,
                f"hand in evidence without {over}",
                vi,
                f"nộp số liệu không ghi điểm {over}",
            )
            continue
        points = unit.item(row.item).points
        assert row.points is not None
        digits = scheme.document.settings.leaf_decimals
        same = points is not None and scale(row.points, digits) == int(str(points).replace(".", ""))
        if not same and not row.text:
            was = "no points" if points is None else str(points)
            vi_was = "chưa có điểm" if points is None else str(points).replace(".", ",")
            what = f"{row.item} of {row.unit} goes from {was} to {plain(row.points)} without a reason"
            vi = f"{row.item} của {row.unit} từ {vi_was} thành {plain(row.points).replace('.', ',')} mà không có lý do"
            yield _problem(label, row.at, "reason", what, "say why", vi, "ghi lý do")


def _over(methodology: Methodology, assessment: Assessment, row: int, item: str) -> str | None:
    scheme = methodology.scheme
    for stated in assessment.evidence.stated:
        if stated.row == row:
            inside = scheme.stream_leaves[stated.key] if stated.is_stream else scheme.under(stated.key)
            if item in inside:
                return f"stream:{stated.key}" if stated.is_stream else stated.key
    return None
