"""Corpora of rule texts written without the grammar at hand, and attacks on it: nothing is misread, most is understood."""

import json
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lark")

from annexes import shown

from par_engine.annex.readings import Doubt, Reading
from par_engine.annex.rule_reading import read_rule

FOLDER = Path(__file__).parents[1] / "corpus" / "annex"
VARIANTS = [
    [part.strip() for part in line.split(" | ")]
    for line in (FOLDER / "variants.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
INDEPENDENT: list[dict[str, Any]] = json.loads((FOLDER / "independent.json").read_text("utf-8"))


def test_variants() -> None:
    misread, understood, sayable = [], 0, 0
    for top, lines, expected in VARIANTS:
        got = shown(read_rule([line.strip() for line in lines.split("¶")], F(top.replace(",", "."))))
        sayable += expected != "?"
        understood += got == expected != "?"
        if got not in (expected, "?"):
            misread.append((lines, expected, got))
    assert misread == []
    assert len(VARIANTS) >= 160
    assert understood / sayable >= 0.95


def test_independent() -> None:
    misread, understood, sayable = [], 0, 0
    for entry in INDEPENDENT:
        top = F(entry["max"])
        read, rule = read_rule(entry["lines"], top), entry["rule"]
        sayable += rule is not None
        if isinstance(read, Doubt):
            continue
        if rule is not None and agrees(read, rule, top):
            understood += 1
        else:
            misread.append((entry["lines"], rule, shown(read)))
    assert misread == []
    assert len(INDEPENDENT) == 200
    assert understood / sayable >= 0.9


def _forms() -> list[list[str]]:
    page = (Path(__file__).parents[2] / "methodology" / "annex.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in page.splitlines() if line[:2] == "| "]
    assert rows[0] == ["Form", "Maximum", "Lines", "Read as"]
    return rows[1:]


@pytest.mark.parametrize(("form", "top", "lines", "expected"), _forms(), ids=[row[0] for row in _forms()])
def test_the_forms_of_the_manual(form: str, top: str, lines: str, expected: str) -> None:
    read = read_rule([line.strip() for line in lines.split("¶")], F(top.replace(",", ".")))
    assert shown(read) == expected, form


def agrees(read: Reading, rule: dict[str, Any], top: F) -> bool:
    """Whether a reading gives the points of the expected rule, wherever they are asked for."""
    name = rule["name"]
    if name == "bands":
        # a part beyond its target is the change against it, plus one
        shift = 1 if (rule["measure"], read.measure) == ("change", "share") else 0
        measure = {"count": "number", "change": "share" if shift else "change"}.get(rule["measure"], rule["measure"])
        if read.kind != "steps" or read.measure != measure:
            return False
        return all(at(read, x + shift) == expected(rule, x) for x in samples(rule, read))
    if name == "ratio":
        floor, full = F(rule["floor"]), F(rule["full_at"])
        tried = {*(F(n, 200) for n in range(200)), floor, full}
        want = {x: F(0) if x < floor else top * min(F(1), x / full) for x in tried}
        return read.kind == "steps" and read.measure == "share" and all(at(read, x) == y for x, y in want.items())
    if name in ("choice", "checklist"):
        pairs = rule["options"] if name == "choice" else rule["ticks"]
        return read.kind == name and [p for _, p in read.labels] == [F(points) for _, points in pairs]
    if name == "deduction":
        return read.kind == name and (read.step, read.floor) == (F(rule["step"]), F(rule.get("floor", "0")))
    if name == "tally":
        return read.kind == name and read.step == F(rule["each"])
    return read.kind == name


def samples(rule: dict[str, Any], read: Reading) -> list[F]:
    ends = {F(band[key]) for band in rule["bands"] for key in ("from", "above", "below", "to") if key in band}
    if read.measure == "number":
        return [F(n) for n in range(int(max(ends)) + 3)]
    tried = {e + d for e in ends for d in (F(-1, 100), F(-1, 10**6), F(0), F(1, 10**6), F(1, 100))}
    return sorted(x for x in tried if rule["measure"] == "change" or 0 <= x <= 1)


def at(read: Reading, x: F) -> F:
    """The points of a reading's steps at a measure."""
    i = max(n for n, s in enumerate(read.steps) if n == 0 or s.low is None or x > s.low or (s.closed and x == s.low))
    step = read.steps[i]
    if step.first == step.last:
        return step.first
    low = step.low or F(0)
    high = read.steps[i + 1].low if i + 1 < len(read.steps) else read.high
    assert high is not None
    return step.first + (step.last - step.first) * (x - low) / (high - low)


def expected(rule: dict[str, Any], x: F) -> F:
    for band in rule["bands"]:
        low, high = band.get("from", band.get("above")), band.get("to", band.get("below"))
        above = low is None or x > F(low) or ("from" in band and x == F(low))
        below = high is None or x < F(high) or ("to" in band and x == F(high))
        if above and below:
            first = F(band["points"])
            if "points_to" not in band:
                return first
            return first + (F(band["points_to"]) - first) * (x - F(low or 0)) / (F(high) - F(low or 0))
    raise AssertionError((rule, x))
