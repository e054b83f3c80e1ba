"""The engine's arrays against the independent oracle: every point, outcome, total, index, rank and group."""

from fractions import Fraction as F
from typing import Any

import oracle
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.results.assessment import printed

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def differences(doc: dict[str, Any], evidence: dict[str, Any]) -> list[str]:
    """Where engine and oracle disagree, in words."""
    result = par.from_document(doc).assess(evidence)
    out: list[str] = []
    totals: list[tuple[F, F] | None] = []
    for entry in evidence["units"]:
        unit, want = result.unit(entry["unit"]), oracle.unit(doc, entry)
        for code, (outcome, points, attainable) in want.items():
            figure = unit.item(code)
            got_points = F(0) if figure.points is None else F(figure.points)
            got_attainable = None if figure.attainable is None else F(figure.attainable)
            if points is None and figure.points is not None:
                out.append(f"{unit.id} {code}: {figure.points}, but it is blocked")
            if figure.outcome.value != outcome:
                out.append(f"{unit.id} {code}: {figure.outcome.value}, not {outcome}")
            if points is not None and (attainable or 0) > 0 and (got_points, got_attainable) != (points, attainable):
                out.append(f"{unit.id} {code}: {figure.points} of {figure.attainable}, not {points} of {attainable}")
        _, points, attainable = want["total"]
        totals.append(None if points is None else (points, attainable))
    for entry, place in zip(evidence["units"], oracle.standings(doc, totals), strict=True):
        unit = result.unit(entry["unit"])
        if place is None:
            out += [f"{unit.id}: index {unit.index}, but there is none"] if unit.index is not None else []
            continue
        index, _, group = place
        group = None if _waits(doc, entry) else group
        if unit.awaits != _waits(doc, entry):
            out.append(f"{unit.id}: awaits is {unit.awaits}")
        if (F(str(unit.index)), unit.group) != (index, group):
            out.append(f"{unit.id}: index {unit.index} {unit.group}, not {index} {group}")
    digits = result.scheme.document.settings.points_decimals
    for code in ("total", *result.scheme.items, *(f"stream:{s['id']}" for s in doc["streams"])):
        one_by_one = [printed(result.figure(u.row, code).points, digits, result) for u in result.units]
        if result.printed(code) != one_by_one:
            out.append(f"{code}: printed {result.printed(code)}, not {one_by_one}")
    league = [t for t, e in zip(totals, evidence["units"], strict=True) if not _waits(doc, e)]
    ranks = [p and p[1] for p in oracle.standings(doc, league)]
    got = [result.unit(e["unit"]).rank for e in evidence["units"] if not _waits(doc, e)]
    if ranks != got:
        out.append(f"ranks {got}, not {ranks}")
    return out


def _waits(doc: dict[str, Any], entry: dict[str, Any]) -> bool:
    roles = {i["code"]: i.get("role") for i in doc["items"]}
    parents = {i["code"]: i.get("parent") for i in doc["items"]}

    def counts(code: str | None) -> bool:
        return code is None or (roles[code] != "check" and counts(parents[code]))

    want = oracle.unit(doc, entry)
    return any(want[i["code"]][0] == "pending" and counts(i["code"]) for i in doc["items"] if "rule" in i)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_random_methodologies_agree(data: st.DataObject) -> None:
    doc = data.draw(strategies.methodologies())
    evidence = data.draw(strategies.evidence(doc, data.draw(st.integers(1, 4))))
    assert differences(doc, evidence) == []


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_the_nearest_stated_figure_gives_a_leaf_its_points(data: st.DataObject) -> None:
    doc = data.draw(strategies.methodologies())
    step = 10 ** min(doc["settings"]["leaf_decimals"], doc["settings"]["stated_decimals"])
    points = lambda top: strategies.plain(F(data.draw(st.integers(0, int(F(top) * step))), step))  # noqa: E731
    inner = {i["code"]: i["max"] for i in doc["items"] if "rule" not in i} | {"total": doc["total"]["max"]}
    m = par.from_document(doc)
    stated = {"items": {code: points(top) for code, top in inner.items() if data.draw(st.booleans())}}
    if m.scheme.plain:
        stated["streams"] = {s["id"]: points(s["max"]) for s in doc["streams"] if data.draw(st.booleans())}
    unit = m.assess({"methodology": "random", "stage": "test", "units": [{"unit": "u", "stated": stated}]}).unit("u")
    for leaf in (i["code"] for i in doc["items"] if "rule" in i):
        want, figure = oracle.nearest(doc, stated, leaf), unit.item(leaf)
        if want is not None:
            assert (figure.within, F(figure.points or 0)) == ((want[0],), want[1])
        else:
            assert figure.points is None or figure.outcome is par.Outcome.MISSING
    for code, shown in stated["items"].items():
        assert unit.item(code).points == F(shown)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_many_units_agree(data: st.DataObject) -> None:
    # more than one chunk, so that borders and narrow integers are met
    doc = data.draw(strategies.methodologies())
    few = data.draw(strategies.evidence(doc, 7))["units"]
    units = [{**few[i % len(few)], "unit": f"u{i}"} for i in range(1100)]
    evidence = {"methodology": "random", "stage": "test", "units": units}
    result = par.from_document(doc).assess(evidence)
    want = [oracle.unit(doc, entry) for entry in few]
    for i in (0, 1, 63, 64, 511, 512, 513, 1023, 1024, 1099):
        unit = result.unit(f"u{i}")
        outcome, points, attainable = want[i % len(few)]["total"]
        assert unit.outcome.value == outcome
        if points is not None and attainable:
            assert (F(unit.points or 0), F(unit.attainable or 0)) == (points, attainable)
