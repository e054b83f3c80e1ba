"""What the shown cells hold before any program computes them: the engine's figures for what is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from par_engine.assess import assess
from par_engine.base.types import Outcome
from par_engine.evidence.from_document import validate
from par_engine.methodology.model import TOTAL, Total
from par_engine.results.assessment import Assessment, Figure
from par_engine.workbook import words
from par_engine.workbook.layout import Plan
from par_engine.workbook.leaf_formulas import Made
from par_engine.workbook.prefill import Filled, labels

Result = Mapping[str, str | float]


def results(plan: Plan, filled: Filled, made: Mapping[str, Made]) -> Mapping[str, Result]:
    """Points and words by the keys of rows, and the index at `index`, as the formulas give them."""
    scheme = plan.scheme
    found = assess(scheme, validate(scheme, _document(plan, filled)))
    unsure: dict[str, bool] = {}
    unknown: dict[str, bool] = {}
    parts: dict[str, bool] = {}
    out: dict[str, Result] = {}
    for code in scheme.order:
        key, figure = f"item:{code}", found.figure(0, code)
        if key not in plan.at:
            unsure[code], unknown[code] = True, False
        elif code in scheme.position:
            unsure[code] = _unsure(plan, filled, code, made[key]) or _gated(scheme.items[code], unsure)
            unknown[code] = bool(figure.within) and figure.points is None
            out[key] = _leaf(plan, code, figure, made[key], unsure=unsure[code])
        else:
            inner = scheme.inner_by_code[code]
            items = [child for child in inner.children if scheme.items[child].role != "check"]
            if any(f"item:{child}" not in plan.at for child in items):
                unsure[code], unknown[code] = True, False
                out[key] = {"points": "", "result": words.OTHERS}
                continue
            stated = key in filled.stated
            parts[code] = made[key].never or _gated(inner.item, unsure) or any(unsure[child] for child in items)
            unsure[code] = not stated and parts[code]
            unknown[code] = not stated and any(unknown[child] for child in items)
            if code != TOTAL:
                out[key] = _sum(found, code, figure, unsure=unsure[code], uncompared=stated and parts[code])
    if not plan.owner:
        out |= _whole(plan, filled, found, unsure, unknown, parts[TOTAL])
    return out


def _whole(
    plan: Plan,
    filled: Filled,
    found: Assessment,
    unsure: Mapping[str, bool],
    unknown: Mapping[str, bool],
    parts: bool,
) -> Iterator[tuple[str, Result]]:
    """The total, the streams and the index."""
    scheme = plan.scheme
    streams = {}
    for stream in scheme.document.streams:
        key, leaves = f"stream:{stream.id}", scheme.stream_leaves[stream.id]
        open_ = key not in filled.stated
        shaky = any(unsure[c] for c in leaves)
        streams[key] = (open_ and shaky, open_ and any(unknown[c] for c in leaves))
        yield key, _sum(found, key, found.figure(0, key), unsure=streams[key][0], uncompared=not open_ and shaky)
    away = unsure[TOTAL]
    if plan.stated and scheme.plain and unknown[TOTAL] and not any(gap for _, gap in streams.values()):
        away = any(x for x, _ in streams.values())
    uncompared = parts and f"item:{TOTAL}" in filled.stated
    if plan.stated and scheme.plain and not unknown[TOTAL]:
        # the streams give a total too, where points are stated in them or for one of their leaves
        columns = {scheme.position[code] for leaves in scheme.stream_leaves.values() for code in leaves}
        met = bool(filled.stated.keys() & streams.keys()) or any(column in columns for _, column in found.sums.alone)
        uncompared |= met and any(x for x, _ in streams.values())
    yield f"item:{TOTAL}", _sum(found, TOTAL, found.figure(0, TOTAL), unsure=away, uncompared=uncompared)
    index = found.at(0).index
    yield "index", {"points": "?" if away else "" if index is None else float(index)}


def _document(plan: Plan, filled: Filled) -> dict[str, Any]:
    """What is filled in as evidence of one unit."""
    scheme = plan.scheme
    facts: dict[str, Any] = {}
    for key, value in filled.values.items():
        kind, _, name, *cell = key.split(":")
        fact = scheme.document.facts[name]
        if kind == "ballots":
            facts.setdefault(name, {}).setdefault(cell[0], {})[cell[1]] = _digits(value)
        elif fact.type == "boolean":
            facts[name] = value == words.YES
        elif fact.type == "option":
            facts[name] = next(id for id, label in labels(fact).items() if label == value)
        else:
            facts[name] = _digits(value)
    stated = {
        f"{kind}s": {key.partition(":")[2]: _digits(v) for key, v in filled.stated.items() if key.startswith(kind)}
        for kind in ("item", "stream")
    }
    units = scheme.document.units
    outcomes = {code: {"outcome": outcome, "why": why} for code, (outcome, why) in filled.declared.items()}
    unit = {"unit": units[0].id if units else "1", "facts": facts, "outcomes": outcomes, "stated": stated}
    return {"methodology": scheme.document.id, "stage": filled.stage or "-", "units": [unit]}


def _digits(value: str | float) -> str:
    return value if isinstance(value, str) else format(Decimal(format(value, ".15g")), "f")


def _unsure(plan: Plan, filled: Filled, code: str, made: Made) -> bool:
    """Whether a leaf's formula says `?`."""
    scheme = plan.scheme
    above: str | None = code
    while above is not None:
        if above in filled.declared:
            return False
        above = scheme.items[above].parent
    typed = plan.facts_of(scheme.items[code])
    if None in typed:
        return True
    there = [_given(filled, key) for key in typed if key is not None]
    if not all(value is not None for value in there):
        return False
    rule = scheme.items[code].rule
    assert rule is not None
    kinds = [scheme.document.facts[name].type for name in rule.facts()]
    long = any(isinstance(v, str) and kind in ("count", "decimal") for v, kind in zip(there, kinds, strict=True))
    return made.never or long


def _given(filled: Filled, key: str) -> str | float | None:
    """What is filled in for a fact; for ballots anything in its first cell's question."""
    if key.startswith("fact:"):
        return filled.values.get(key)
    question = key.rpartition(":")[0] + ":"
    return next((value for name, value in filled.values.items() if name.startswith(question)), None)


def _gated(item: Total, unsure: Mapping[str, bool]) -> bool:
    return any(unsure.get(gate.item, True) for gate in item.gates)


def _leaf(plan: Plan, code: str, figure: Figure, made: Made, *, unsure: bool) -> Result:
    if unsure:
        return {"points": "?", "result": made.note or words.ELSEWHERE}
    points = "" if figure.points is None else float(figure.points)
    policy = plan.scheme.items[code].missing or plan.scheme.document.settings.missing
    said = {
        Outcome.MISSING: words.LOST[policy],
        Outcome.PENDING: words.AWAITED,
        Outcome.NOT_APPLICABLE: words.NOT_APPLICABLE,
    }
    return {"points": points, "result": said.get(figure.outcome, words.WITHIN if figure.within else "")}


def _sum(found: Assessment, key: str, figure: Figure, *, unsure: bool, uncompared: bool) -> Result:
    apart = not uncompared and any(conflict.key == key for conflict in found.sums.conflicts)
    if unsure:
        return {"points": "?", "result": words.ABOVE}
    said = {
        Outcome.MISSING: words.SOME_MISSING,
        Outcome.PENDING: words.SOME_AWAITED,
        Outcome.NOT_APPLICABLE: words.NOT_APPLICABLE,
    }
    points = "" if figure.points is None else float(figure.points)
    within = words.WITHIN if figure.within else ""
    return {
        "points": points,
        "result": words.DIFFERS if apart else words.UNCOMPARED if uncompared else said.get(figure.outcome, within),
    }
