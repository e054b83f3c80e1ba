"""Random small rules, all their facts tried: what the proof says is so, and the kernels give what the rules define."""

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction as F
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.authoring.reachability import maximum, measures, span_of
from par_engine.base.decimals import plain, round_to
from par_engine.base.types import Fact, Outcome, Value
from par_engine.methodology.scheme import Scheme, parse
from par_engine.results.assessment import Origin
from par_engine.rules.bands import Band, Bands
from par_engine.rules.base import CoreRule, Leaf

KINDS = ("ratio", "fact", "share", "change", "tally", "deduction", "given")


def quarters(draw: random.Random, least: int, most: int) -> str:
    return plain(F(draw.randint(least * 4, most * 4), 4))


def bands(draw: random.Random, top: str) -> list[dict[str, str]]:
    cuts: list[F | None] = [*sorted({F(draw.randint(-4, 12), 4) for _ in range(draw.randint(0, 3))}), None]
    out: list[dict[str, str]] = []
    before: tuple[F, bool] | None = None
    for cut in cuts:
        band = {"points": draw.choice([top, quarters(draw, 0, 1)])}
        if before is not None:
            band["from" if before[1] else "above"] = plain(before[0])
        if cut is not None and before is not None and draw.random() < 0.4:
            band["points_to"] = draw.choice([top, quarters(draw, 0, 1)])
        if cut is not None:
            before = (cut, draw.random() < 0.5)
            band["below" if before[1] else "to"] = plain(cut)
        out.append(band)
    return out


def rule(draw: random.Random, kind: str, top: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A rule, and facts with small ranges."""
    facts: dict[str, Any] = {}
    for name in "pw":
        least = draw.randint(0, 4)
        facts[name] = {"type": "count", "min": str(least), "max": str(least + draw.randint(0, 7))}
    one = {"p": facts["p"]}
    over = draw.choice(["cap", "refuse"])
    if kind == "ratio":
        shares = {"floor": quarters(draw, 0, 1), "full_at": quarters(draw, 0, 2)}
        return {"name": kind, "part": "p", "whole": "w", **shares, "over": over, "whole_zero": "zero"}, facts
    if kind == "tally":
        return {"name": kind, "fact": "p", "each": quarters(draw, 0, 1)}, one
    if kind == "deduction":
        return {"name": kind, "fact": "p", "step": quarters(draw, 0, 1), "floor": quarters(draw, 0, 1)}, one
    if kind == "given":
        decimals = draw.randint(0, 2)
        return {"name": kind, "fact": "p"}, {
            "p": {"type": "decimal", "decimals": decimals, "max": quarters(draw, 0, 3)}
        }
    found: dict[str, Any] = {"name": "bands", "bands": bands(draw, top)}
    if kind == "fact":
        return found | {"measure": {"fact": "p"}}, one
    zero = found | {"whole_zero": "zero"}
    if kind == "change":
        return zero | {"measure": {"now": "p", "before": "w"}}, facts
    return zero | {"measure": {"part": "p", "whole": "w"}, "over": over.replace("cap", "allow")}, facts


def schemes(seed: int, count: int) -> Iterator[Scheme]:
    draw = random.Random(seed)
    while count:
        kind, top = draw.choice(KINDS), quarters(draw, 1, 2)
        made, facts = rule(draw, kind, top)
        try:
            yield parse(tiny.document([tiny.leaf("1", top, made)], facts, top))
        except par.MethodologyError:
            continue
        count -= 1


def everything(leaf: Leaf) -> list[tuple[Value, ...]]:
    """All values that the facts admit and the rule accepts, divisions by zero apart."""

    def values(fact: Fact) -> list[F]:
        least, most = fact.min or F(0), fact.max
        assert most is not None
        return [least + F(n, 10**fact.scale) for n in range(int((most - least) * 10**fact.scale) + 1)]

    found = itertools.product(*(values(fact) for fact in leaf.facts))
    return [v for v in found if leaf.rule.refuse(v, leaf.maximum) is None and not (len(v) == 2 and v[1] == 0)]


def inside(band: Band, x: F) -> bool:
    low = band.lower is None or x > band.lower or (x == band.lower and band.above is None)
    return low and (band.upper is None or x < band.upper or (x == band.upper and band.below is None))


@pytest.mark.parametrize("seed", range(6))
def test_the_proof_is_what_trying_everything_shows(seed: int) -> None:
    for scheme in schemes(seed, 120):
        (leaf,) = scheme.leaves
        assert isinstance(leaf.rule, CoreRule)
        tried = everything(leaf)
        points = [leaf.rule.score(values, leaf.maximum) for values in tried]
        assert maximum(leaf) is (leaf.maximum in points), scheme.document.items[0]
        assert all(not isinstance(x, Outcome) and 0 <= x <= leaf.maximum for x in points)
        for band in leaf.rule.bands if isinstance(leaf.rule, Bands) else ():
            found = any(inside(band, leaf.rule._measure(values) or F(0)) for values in tried)
            assert measures(leaf, span_of(band)) is found, scheme.document.items[0]


@pytest.mark.parametrize("seed", range(6, 9))
def test_the_kernel_gives_what_the_rule_defines(seed: int) -> None:
    for scheme in schemes(seed, 60):
        (leaf,) = scheme.leaves
        assert isinstance(leaf.rule, CoreRule)
        tried = everything(leaf)
        if not tried:
            continue
        names = leaf.rule.facts()
        units = [dict(zip(names, (plain(x) for x in values if isinstance(x, F)), strict=True)) for values in tried]
        whole = {name for name, fact in zip(names, leaf.facts, strict=True) if fact.type == "count"}
        facts = [{name: int(x) if name in whole else x for name, x in unit.items()} for unit in units]
        methodology = par.Methodology(scheme, Origin())
        result = methodology.assess(tiny.evidence(*facts))
        for i, values in enumerate(tried):
            exact = leaf.rule.score(values, leaf.maximum)
            assert isinstance(exact, F)
            got = result.unit(f"u{i}").item("1").points
            assert got is not None and F(got) == F(round_to(exact, 4, "half_up"), 10**4), (
                scheme.document.items[0],
                values,
            )
