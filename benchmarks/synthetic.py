"""A synthetic scheme of 100 leaves and 140 facts: the same for the engine, for hand-written floats and for fractions.

Forty shares, fifteen yes/no questions, fifteen levels of four, fifteen deductions, fifteen means from 1 to 5;
8 fields; maxima from 0.5 to 1.5 that sum to 100. Leaf points carry 4 decimals, printed figures 2, both half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

TEXT = {"vi": "tổng hợp", "en": "synthetic"}
BASE: dict[str, Any] = {"basis": "official", "sources": []}
LEVELS = ("none", "basic", "good", "full")
_KINDS = ["share"] * 40 + ["yes"] * 15 + ["level"] * 15 + ["fault"] * 15 + ["mean"] * 15
_MAXIMA = (50, 75, 100, 125, 150)  # hundredths


@dataclass(frozen=True)
class Leaf:
    """One leaf: its kind, its field and its maximum in hundredths."""

    code: str
    kind: str
    field: int
    top: int

    @property
    def levels(self) -> tuple[int, int, int, int]:
        """Hundredths of a point for each level: thirds of the maximum, rounded half up."""
        third = (2 * self.top + 3) // 6
        return (0, third, min(2 * third, self.top), self.top)


LEAVES = tuple(Leaf(f"c{k + 1:03d}", _KINDS[(k * 37) % 100], k % 8 + 1, _MAXIMA[k % 5]) for k in range(100))


def _cents(n: int) -> str:
    return f"{n // 100}.{n % 100:02d}"


def document() -> dict[str, Any]:
    """The scheme as an ordinary methodology document."""
    facts: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    for field in range(1, 9):
        leaves = [leaf for leaf in LEAVES if leaf.field == field]
        items.append({"code": str(field), "title": TEXT, "max": _cents(sum(leaf.top for leaf in leaves)), **BASE})
        for leaf in leaves:
            code, top = leaf.code, _cents(leaf.top)
            rule: dict[str, Any]
            if leaf.kind == "share":
                facts |= {f"{code}.a": {"type": "count", "title": TEXT}, f"{code}.b": {"type": "count", "title": TEXT}}
                ends = {"floor": "0.8", "full_at": "1", "over": "cap", "whole_zero": "zero"}
                rule = {"name": "ratio", "part": f"{code}.a", "whole": f"{code}.b", **ends}
            elif leaf.kind == "yes":
                facts[code] = {"type": "boolean", "title": TEXT}
                rule = {"name": "checklist", "points": {code: top}}
            elif leaf.kind == "level":
                facts[code] = {"type": "option", "title": TEXT, "options": [{"id": i, "title": TEXT} for i in LEVELS]}
                rule = {
                    "name": "choice",
                    "fact": code,
                    "points": dict(zip(LEVELS, map(_cents, leaf.levels), strict=True)),
                }
            elif leaf.kind == "fault":
                facts[code] = {"type": "count", "title": TEXT}
                rule = {"name": "deduction", "fact": code, "step": "0.25", "floor": "0"}
            else:
                facts[code] = {"type": "decimal", "decimals": 2, "min": "1", "max": "5", "title": TEXT}
                line = {"from": "1", "below": "5", "points": "0", "points_to": top}
                ends_of_scale = [{"below": "1", "points": "0"}, line, {"from": "5", "points": top}]
                rule = {"name": "bands", "measure": {"fact": code}, "bands": ends_of_scale}
            leaf_of = {"parent": str(field), "stream": "all", "rule": rule, "rule_text": TEXT}
            items.append({"code": code, "title": TEXT, "max": top, **leaf_of, **BASE})
    settings = {"missing": "zero", "leaf_decimals": 4, "points_decimals": 2, "index_decimals": 2, "stated_decimals": 2}
    ways = {"rounding": "half_up", "rank_on": "exact", "group_on": "exact", "ties": "standard", "aggregate": "sum"}
    return {
        "id": "synthetic",
        "title": TEXT,
        "settings": settings | ways | {"units": "open"},
        "levels": [{"id": "field", "title": TEXT}, {"id": "leaf", "title": TEXT}],
        "streams": [{"id": "all", "title": TEXT, "max": "100", "awaited": False, **BASE}],
        "groups": [],
        "sources": {},
        "rulings": {},
        "units": [],
        "surveys": {},
        "facts": facts,
        "total": {"title": TEXT, "max": "100", **BASE},
        "items": items,
    }


Columns = dict[str, npt.NDArray[Any]]


def columns(units: int, seed: int = 7) -> Columns:
    """Random facts: integers, booleans, level numbers, hundredths of a mean."""
    rng = np.random.default_rng(seed)
    out: Columns = {}
    for leaf in LEAVES:
        if leaf.kind == "share":
            whole = rng.integers(50, 500, units)
            part = np.rint(whole * rng.uniform(0.6, 1.2, units)).astype(np.int64)
            whole[rng.random(units) < 0.01] = 0
            out[f"{leaf.code}.a"], out[f"{leaf.code}.b"] = part, whole
        elif leaf.kind == "yes":
            out[leaf.code] = rng.random(units) < 0.7
        elif leaf.kind == "level":
            out[leaf.code] = rng.integers(0, 4, units).astype(np.int8)
        elif leaf.kind == "fault":
            out[leaf.code] = rng.poisson(1.5, units)
        else:
            out[leaf.code] = rng.integers(100, 501, units)
    return out


def adversarial(units: int) -> Columns:
    """Ties at half a unit of the fourth decimal, amounts of 15 digits, zero denominators, thresholds off by one."""
    rng = np.random.default_rng(11)
    out = columns(units, seed=12)
    for leaf in LEAVES:
        if leaf.kind != "share":
            continue
        kind = rng.integers(0, 4, units)
        whole = np.where(kind == 0, 20_000 * rng.integers(1, 50, units), rng.integers(10**14, 10**15, units) // 5 * 5)
        edge = whole // 5 * 4 + rng.integers(-1, 2, units)
        tie = whole * (2 * rng.integers(8_000, 10_000, units) + 1) // 20_000
        part = np.select([kind == 0, kind == 1], [tie, edge], rng.integers(0, 10**15, units))
        whole[kind == 3] = 0
        out[f"{leaf.code}.a"], out[f"{leaf.code}.b"] = np.abs(part), whole
    return out


def reference(facts: Columns, row: int) -> tuple[list[int], list[int], int]:
    """Points in ten-thousandths, printed fields and printed total in hundredths; in fractions."""
    points, fields = [], [0] * 9
    for leaf in LEAVES:
        top = Fraction(leaf.top, 100)
        if leaf.kind == "share":
            a, b = int(facts[f"{leaf.code}.a"][row]), int(facts[f"{leaf.code}.b"][row])
            share = Fraction(a, b) if b else Fraction(0)
            exact = top * min(share, Fraction(1)) if share >= Fraction(4, 5) else Fraction(0)
        elif leaf.kind == "yes":
            exact = top * int(facts[leaf.code][row])
        elif leaf.kind == "level":
            exact = Fraction(leaf.levels[int(facts[leaf.code][row])], 100)
        elif leaf.kind == "fault":
            exact = max(Fraction(0), top - Fraction(int(facts[leaf.code][row]), 4))
        else:
            exact = top * (Fraction(int(facts[leaf.code][row]), 100) - 1) / 4
        points.append((2 * exact.numerator * 10**4 + exact.denominator) // (2 * exact.denominator))
        fields[leaf.field] += points[-1]
    return points, [(field + 50) // 100 for field in fields[1:]], (sum(fields) + 50) // 100
