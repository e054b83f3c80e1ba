"""What may be entered in a round in which state; every reason against it is a problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from par_engine.api import Methodology
from par_engine.base.decimals import plain, scale
from par_engine.base.names import fold
from par_engine.base.problems import Problem, own_problem, problem
from par_engine.evidence.model import Evidence
from par_engine.i18n.catalogue import Said
from par_engine.methodology.scheme import Scheme
from par_engine.round.figures import counting, standing
from par_engine.round.state import State, UnitState
from par_engine.round.submissions import Row


def _problem(label: str, at: str, code: str, what: str, hint: str, what_vi: str, hint_vi: str) -> Problem:
    return own_problem(label, at, code, what, hint, "error", what_vi, hint_vi)


def may_submit(methodology: Methodology, state: State, label: str, units: Sequence[str]) -> Iterator[Problem]:
    """What forbids units to hand in evidence now."""
    for unit in units:
        there = state.unit(unit)
        yield from _takes_part(methodology.scheme, state, label, "", unit)
        if there is not None and there.points:
            first = min(points.entry for points in there.points.values())
            what = f"{unit} has been appraised since entry {first}"
            vi = f"{methodology.scheme.name_of(unit)} đã được thẩm định từ bản ghi {first}"
            hint, hint_vi = "hand in an explanation", "nộp giải trình: par round explain"
            yield _problem(label, "", "closed", what, hint, vi, hint_vi)


def may_survey(methodology: Methodology, state: State, evidence: Evidence) -> Iterator[Problem]:
    """What forbids to enter what a survey found: nothing that would not count, and nothing twice."""
    label = evidence.label
    ready = []
    for unit in evidence.units:
        there = state.unit(unit)
        if problems := list(_takes_part(methodology.scheme, state, label, "", unit)):
            yield from problems
        elif there is None:
            yield _not_yet(methodology.scheme, label, "", unit)
        elif there.final:
            what, vi = f"the appraisal of {unit} is final", f"{methodology.scheme.name_of(unit)} đã thẩm định xong"
            yield _problem(label, "", "closed", what, "correct points with par round appraise --final", vi,
                           "đính chính điểm bằng par round appraise --final")  # fmt: skip
        else:
            ready.append(there)
    if ready:
        yield from _twice(methodology, label, evidence, ready)


def _twice(methodology: Methodology, label: str, evidence: Evidence, ready: Sequence[UnitState]) -> Iterator[Problem]:
    """Questions whose ballots or points a unit's own evidence gives already."""
    scheme = methodology.scheme
    rows = {fold(unit): row for row, unit in enumerate(evidence.units)}
    own = methodology.read({"methodology": methodology.id, "stage": "x", "units": [unit.evidence for unit in ready]})
    for place, unit in enumerate(ready):
        row = rows[fold(unit.unit)]
        for at, name in enumerate(scheme.document.facts):
            if not evidence.present[row, at]:
                continue
            columns = list(scheme.columns[name])
            if own.present[place, at] and (own.values[place, columns] != evidence.values[row, columns]).any():
                what, vi = (
                    f"{unit.unit} handed in other ballots of {name}",
                    f"{scheme.name_of(unit.unit)} đã tự nộp số phiếu khác của “{scheme.document.facts[name].title.vi}”",
                )
                yield _problem(
                    label,
                    "",
                    "has-ballots",
                    what,
                    "hand in evidence without them",
                    vi,
                    "nộp lại số liệu không có số phiếu",
                )
            for leaf in scheme.leaves:
                if name in leaf.rule.facts() and (over := _over(methodology, own, place, leaf.code)) is not None:
                    yield _inside(scheme, label, "", unit.unit, leaf.code, over)


def replaced(methodology: Methodology, state: State, evidence: Evidence) -> Iterator[Problem]:
    """Points of an appraisal that a survey takes the place of, to be told."""
    scheme = methodology.scheme
    facts = list(scheme.document.facts)
    for row, name in enumerate(evidence.units):
        unit = state.unit(name)
        here = {facts[i] for i in range(len(facts)) if evidence.present[row, i]}
        given = counting(scheme, unit) if unit is not None else {}
        items = [item for item in given if here & set(scheme.leaves[scheme.position[item]].rule.facts())]
        if items:
            codes = ", ".join(items[:12]) + (" …" if len(items) > 12 else "")
            yield problem(
                "replaced",
                evidence.label,
                "",
                "warning",
                items=len(items),
                unit=Said(scheme.name_of(name), name),
                codes=codes,
            )


def may_appraise(
    methodology: Methodology, state: State, label: str, rows: Sequence[Row], *, final: bool
) -> Iterator[Problem]:
    """What forbids to give points now."""
    for row in rows:
        unit = state.unit(row.unit)
        if problems := list(_takes_part(methodology.scheme, state, label, row.at, row.unit)):
            yield from problems
        elif unit is None:
            yield _not_yet(methodology.scheme, label, row.at, row.unit)
        elif final and not unit.appraised:
            what, vi = (
                f"{row.unit} has no first appraisal",
                f"{methodology.scheme.name_of(row.unit)} chưa được thẩm định lần đầu",
            )
            yield _problem(label, row.at, "too-early", what, "leave --final out", vi, "bỏ --final")
        elif unit.final and not final:
            what, vi = (
                f"the appraisal of {row.unit} is final",
                f"{methodology.scheme.name_of(row.unit)} đã thẩm định xong",
            )
            yield _problem(label, row.at, "closed", what, "correct it with --final", vi, "đính chính bằng --final")


def may_explain(methodology: Methodology, state: State, label: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """What forbids to explain now."""
    for row in rows:
        unit = state.unit(row.unit)
        if problems := list(_takes_part(methodology.scheme, state, label, row.at, row.unit)):
            yield from problems
        elif unit is None:
            yield _not_yet(methodology.scheme, label, row.at, row.unit)
        elif not unit.appraised:
            what, vi = (
                f"{row.unit} has not been appraised yet",
                f"{methodology.scheme.name_of(row.unit)} chưa được thẩm định",
            )
            yield _problem(
                label, row.at, "too-early", what, "hand in new evidence instead", vi, "có thể nộp lại số liệu"
            )
        elif unit.final:
            what, vi = (
                f"the appraisal of {row.unit} is final",
                f"{methodology.scheme.name_of(row.unit)} đã thẩm định xong",
            )
            yield _problem(label, row.at, "closed", what, "see par round report", vi, "xem par round report")


def _takes_part(scheme: Scheme, state: State, label: str, at: str, unit: str) -> Iterator[Problem]:
    some = {fold(one) for one in state.opening["units"]}
    if some and fold(unit) not in some:
        what, vi = f"{unit} does not take part in this round", f"{scheme.name_of(unit)} không tham gia kỳ này"
        yield _problem(label, at, "not-in-round", what, "see par round status", vi, "xem par round status")


def _not_yet(scheme: Scheme, label: str, at: str, unit: str) -> Problem:
    what, vi = f"{unit} has not handed in anything yet", f"{scheme.name_of(unit)} chưa nộp tự đánh giá"
    return _problem(label, at, "nothing-yet", what, "par round submit", vi, "nộp bằng par round submit")


def _inside(scheme: Scheme, label: str, at: str, unit: str, item: str, over: str) -> Problem:
    what = f"{item} is inside {over}, which is stated as a whole"
    vi = f"{scheme.said(item)} nằm trong {scheme.said(over)}, đã ghi điểm chung"
    hint, hint_vi = f"hand in evidence without {over}", f"nộp số liệu không ghi {scheme.said(over)}"
    if not at:
        what, vi = f"{unit}: {what}", f"{scheme.name_of(unit)}: {vi}"
    return _problem(label, at, "inside-stated", what, hint, vi, hint_vi)


def reasons(methodology: Methodology, state: State, label: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """Points that differ from those that stand need a reason; points inside a stated sum would count for nothing."""
    rows = [row for row in rows if state.unit(row.unit) is not None]
    if not rows:
        return
    stands = standing(methodology, state)
    scheme = methodology.scheme
    for row in rows:
        unit = stands.unit(row.unit)
        over = _over(methodology, stands.evidence, unit.row, row.item)
        if over is not None:
            yield _inside(scheme, label, row.at, row.unit, row.item, over)
            continue
        points = unit.item(row.item).points
        assert row.points is not None
        digits = scheme.document.settings.leaf_decimals
        same = points is not None and scale(row.points, digits) == int(str(points).replace(".", ""))
        if not same and not row.text:
            was = "no points" if points is None else str(points)
            vi_was = "chưa có điểm" if points is None else str(points).replace(".", ",")
            what = f"{row.item} of {row.unit} goes from {was} to {plain(row.points)} without a reason"
            goes = f"từ {vi_was} thành {plain(row.points).replace('.', ',')} mà không có lý do"
            vi = f"mục {row.item} của {scheme.name_of(row.unit)} {goes}"
            yield _problem(label, row.at, "reason", what, "say why", vi, "ghi lý do")


def _over(methodology: Methodology, evidence: Evidence, row: int, item: str) -> str | None:
    scheme = methodology.scheme
    for stated in evidence.stated:
        if stated.row == row:
            inside = scheme.stream_leaves[stated.key] if stated.is_stream else scheme.under(stated.key)
            if item in inside:
                return f"stream:{stated.key}" if stated.is_stream else stated.key
    return None
