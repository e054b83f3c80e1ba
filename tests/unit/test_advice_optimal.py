"""Advice against trying every value of every fact through the engine: targets by index and by place, and their ties."""

from fractions import Fraction as F
from itertools import product
from typing import Any

import tiny
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.advice.improve import improve

MOST = 4
"""The largest value of a count: with it every value of every fact can be tried."""
WHOLE = 4
SMALL = {"type": "count", "max": str(MOST)}
POINTS = ["0", "0.3", "0.5", "0.75", "1"]


@st.composite
def schemes(draw: st.DrawFn) -> dict[str, Any]:
    """Three to five leaves over four facts, some of them shared; bands may fall again, a ratio has a floor and a cap."""
    facts: dict[str, Any] = {"a": SMALL, "b": SMALL, "c": tiny.BOOLEAN, "d": SMALL, "w": SMALL}
    some = st.sampled_from("abd")

    def leaf(code: str) -> dict[str, Any]:
        kind = draw(st.sampled_from(["tally", "deduction", "ratio", "bands", "share", "choice", "checklist"]))
        top = "1"
        rule: dict[str, Any]
        if kind == "tally":
            rule = {"name": "tally", "fact": draw(some), "each": draw(st.sampled_from(["0.2", "0.3", "1"]))}
        elif kind == "deduction":
            rule = {
                "name": "deduction",
                "fact": draw(some),
                "step": draw(st.sampled_from(["0.2", "0.4"])),
                "floor": "0",
            }
        elif kind == "ratio":
            rule = {"name": "ratio", "part": draw(some), "whole": "w", "floor": draw(st.sampled_from(["0", "0.5"]))}
            rule |= {"full_at": draw(st.sampled_from(["0.75", "1"])), "over": "cap", "whole_zero": "zero"}
        elif kind == "choice":
            rule = {"name": "choice", "fact": "c", "points": {"true": draw(st.sampled_from(POINTS)), "false": "0.3"}}
        elif kind == "checklist":
            rule = {"name": "checklist", "points": {"c": "1"}}
        else:
            points = [draw(st.sampled_from(POINTS)) for _ in range(4)]
            cuts = ["1", "2", "3"] if kind == "bands" else ["0.25", "0.5", "0.75"]
            bands = [{"below": cuts[0]}, {"from": cuts[0], "below": cuts[1]}, {"from": cuts[1], "below": cuts[2]}, {"from": cuts[2]}]  # fmt: skip
            rule = {
                "name": "bands",
                "bands": [b | {"points": p} for b, p in zip(bands, points, strict=True)],
                "monotone": False,
            }
            rule |= {"measure": {"fact": draw(some)} if kind == "bands" else {"part": draw(some), "whole": "w"}}
            if kind == "share":
                rule |= {"over": "allow", "whole_zero": "zero"}
        return tiny.leaf(code, top, rule)

    count = draw(st.integers(2, 5))
    items = [leaf(f"i{i}") for i in range(count)]
    used = {name for item in items for name in par_facts(item["rule"])}
    rules = {
        "rank_on": draw(st.sampled_from(["exact", "printed"])),
        "ties": draw(st.sampled_from(["standard", "modified", "dense"])),
        "index_decimals": draw(st.sampled_from([0, 2])),
    }
    return tiny.document(items, {k: v for k, v in facts.items() if k in used}, str(count), settings=rules)


def par_facts(rule: dict[str, Any]) -> set[str]:
    named = {rule.get(key) for key in ("fact", "part", "whole")} | set((rule.get("measure") or {}).values())
    return {name for name in named if name} | (set(rule["points"]) if rule["name"] == "checklist" else set())


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_other_facts_reach_the_target_with_less_effort(data: st.DataObject) -> None:
    document = data.draw(schemes())
    methodology = par.from_document(document)
    names = list(document["facts"])

    def drawn() -> dict[str, Any]:
        value = {n: st.booleans() if n == "c" else st.integers(0, MOST) for n in names}
        return {n: WHOLE if n == "w" else data.draw(value[n]) for n in names}

    units = {f"u{i}": drawn() for i in range(data.draw(st.integers(1, 4)))}
    efforts = {n: data.draw(st.sampled_from([F(0), F(1), F(1, 3), F(5, 2)])) for n in names}
    before = methodology.assess(tiny.evidence(**units))
    place = data.draw(st.integers(1, len(units)))
    index = F(data.draw(st.integers(0, 100)))
    by_place = len(units) > 1 and data.draw(st.booleans())
    target: dict[str, Any] = {"place": place} if by_place else {"index": index}
    advice = improve(methodology, before, "u0", **target, efforts=efforts)

    spans = [[WHOLE] if n == "w" else [False, True] if n == "c" else range(MOST + 1) for n in names]
    tried = [dict(zip(names, values, strict=True)) for values in product(*spans)]
    everyone = methodology.assess(tiny.evidence(*tried))

    def effort(facts: dict[str, Any]) -> F:
        now = units["u0"]
        return sum((efforts[n] * (abs(facts[n] - now[n]) if n != "c" else facts[n] != now[n]) for n in names), F(0))

    def reaches(points: F) -> bool:
        if not by_place:
            return 100 * points / F(document["total"]["max"]) >= index
        others = methodology.assess(
            tiny.evidence(**{"u0": given[points], **{u: f for u, f in units.items() if u != "u0"}})
        )
        return (others.unit("u0").rank or 99) <= place

    given = {F(unit.points or 0): facts for unit, facts in zip(everyone.units, tried, strict=True)}
    good = {points for points in given if reaches(points)}
    ways = [f for unit, f in zip(everyone.units, tried, strict=True) if F(unit.points or 0) in good]
    event(f"reachable: {bool(ways)}")
    if not ways:
        assert advice.chosen is None
        return
    assert advice.chosen is not None and advice.after is not None
    after = advice.after.unit("u0")
    assert (
        ((after.rank or 99) <= place)
        if by_place
        else (F(after.points or 0) * 100 >= index * F(document["total"]["max"]))
    )
    assert sum((o.effort for o in advice.chosen), F(0)) == min(effort(f) for f in ways)
