"""How sharp are the committed cases? Change each number and choice of each rule, and see whether a case fails.

Run `python benchmarks/mutation.py [ID …]`. A change that loading refuses is counted apart: it never reaches a case.
"""

from __future__ import annotations

import copy
import itertools
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import par_engine as par
from par_engine.base.decimals import plain
from par_engine.methodology.cross_checks import check
from par_engine.methodology.model import Item
from par_engine.methodology.scheme import Scheme
from par_engine.testing import Case, read_cases, run

ROOT = Path(__file__).resolve().parents[1]
LEAST = 95
CHOICES = {
    "over": ("cap", "refuse", "allow"),
    "whole_zero": ("zero", "full", "not_applicable", "missing"),
}
BOUNDS = {"from": "below", "above": "to"}


def changes(scheme: Scheme, item: Item) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every changed rule of a leaf with its name."""
    assert item.rule is not None
    rule = item.rule.model_dump(mode="json", by_alias=True, exclude_none=True)
    fact = scheme.document.facts[item.rule.facts()[0]]
    share = not (rule["name"] == "bands" and "fact" in rule["measure"])
    step = Fraction(1, 100) if share else Fraction(1, 10**fact.scale)
    quantum = Fraction(1, 10**scheme.document.settings.leaf_decimals)

    def put(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
        out = copy.deepcopy(rule)
        node: Any = out
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = value
        return out

    for key in ("floor", "full_at", "each", "step"):
        if key in rule:
            by = step if rule["name"] == "ratio" else quantum
            for sign in (1, -1):
                yield f"{key} {'+' if sign > 0 else '-'}", put((key,), plain(Fraction(rule[key]) + sign * by))
    for key, choices in CHOICES.items():
        for choice in choices if key in rule else ():
            if choice != rule[key]:
                yield f"{key} = {choice}", put((key,), choice)
    for key, value in rule.get("params", {}).items():
        for sign in (1, -1):
            yield f"{key} {sign:+d}/10", put(("params", key), plain(Fraction(value) * (10 + sign) / 10))
    if isinstance(rule.get("points"), dict):
        yield from _points(rule, quantum, put)
    for i, band in enumerate(rule.get("bands", ())):
        yield from _band(rule, i, band, step, quantum, put)


def _points(rule: dict[str, Any], quantum: Fraction, put: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    points = rule["points"]
    for key, value in points.items():
        for sign in (1, -1):
            yield (
                f"points {key} {'+' if sign > 0 else '-'}",
                put(("points", key), plain(Fraction(value) + sign * quantum)),
            )
    keys = list(points)
    for a, b in itertools.pairwise(keys):
        if points[a] != points[b]:
            out = copy.deepcopy(rule)
            out["points"][a], out["points"][b] = points[b], points[a]
            yield f"points {a} <-> {b}", out


def _band(
    rule: dict[str, Any], i: int, band: dict[str, Any], step: Fraction, quantum: Fraction, put: Any
) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in ("points", "points_to"):
        for sign in (1, -1) if key in band else ():
            value = plain(Fraction(band[key]) + sign * quantum)
            yield f"bands {i} {key} {'+' if sign > 0 else '-'}", put(("bands", i, key), value)
    for low, high in BOUNDS.items():
        if i and low in band:
            for sign in (1, -1):
                out, value = copy.deepcopy(rule), plain(Fraction(band[low]) + sign * step)
                out["bands"][i][low] = out["bands"][i - 1][high] = value
                yield f"edge {i} {'+' if sign > 0 else '-'}", out
            other = "above" if low == "from" else "from"
            out = copy.deepcopy(rule)
            out["bands"][i][other] = out["bands"][i].pop(low)
            out["bands"][i - 1][BOUNDS[other]] = out["bands"][i - 1].pop(high)
            yield f"edge {i} on the other side", out


def mutant(scheme: Scheme, code: str, rule: dict[str, Any]) -> Scheme | None:
    """The scheme with one rule changed; None when loading would refuse it."""
    items = []
    for item in scheme.document.items:
        if item.code == code:
            raw = item.model_dump(mode="json", by_alias=True, exclude_unset=True)
            try:
                item = Item.model_validate(raw | {"rule": rule})
            except ValidationError:
                return None
        items.append(item)
    document = scheme.document.model_copy(update={"items": items})
    if check(document, "mutant", frozenset(scheme.functions)):
        return None
    return replace(scheme, document=document)


def measure(id: str, cases: list[Case]) -> tuple[int, int, int, list[str]]:
    """Mutants that reached the cases, those that a case caught, those refused by loading, and who survived."""
    scheme = par.load(id).scheme
    total = caught = refused = 0
    alive = []
    for item in scheme.document.items:
        if item.rule is None:
            continue
        mine = [case for case in cases if case.item == item.code]
        for name, rule in changes(scheme, item):
            changed = mutant(scheme, item.code, rule)
            if changed is None:
                refused += 1
                continue
            total += 1
            try:
                dead = any(not one.passed for one in run(changed, mine))
            except par.PluginError:
                dead = True
            caught += dead
            alive += [] if dead else [f"{item.code} {name}"]
    return total, caught, refused, alive


def main(words: list[str]) -> int:
    """Print the table; 1 when cases of any methodology catch less than they should."""
    cases: dict[str, list[Case]] = {}
    for path in sorted(ROOT.glob("plugins/*/tests/cases/*.json")):
        file = read_cases(path)
        cases.setdefault(file.methodology, []).extend(file.cases)
    low = False
    for id in words or sorted(cases):
        total, caught, refused, alive = measure(id, cases[id])
        if not total:
            print(f"{id}: its rules have no numbers of their own to change")
            continue
        percent = 100 * caught / total
        low |= percent < LEAST
        print(f"{id}: {caught} of {total} changes caught ({percent:.1f} %); {refused} more refused by loading")
        for line in alive[:20]:
            print(f"  survived: {line}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
