"""Rule sentences by another hand: 200 texts, each with the rule that a careful reader takes from it, or that one must ask."""

import json
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lark")

from par_engine.annex.reading import read_rule
from par_engine.annex.rules import same
from par_engine.annex.said import Doubt, Reading, Step

CORPUS = json.loads((Path(__file__).parents[1] / "corpus" / "annex" / "independent.json").read_text("utf-8"))
UNDERSTOOD = 0.90


def expected(rule: dict[str, Any], top: F) -> Reading:
    """The reading that the corpus' own notation of a rule stands for."""
    name = rule["name"]
    if name == "bands":
        measure = {"share": "share", "count": "number", "growth": "change", "change": "change"}[rule["measure"]]
        steps = []
        for band in rule["bands"]:
            low = band.get("from", band.get("above"))
            first = F(band["points"])
            last = F(band.get("points_to", band["points"]))
            steps.append(Step(None if low is None else F(low), "from" in band, first, last))
        end = rule["bands"][-1].get("to")
        return Reading("steps", measure, tuple(steps), None if end is None else F(end))  # type: ignore[arg-type]
    if name == "ratio":
        floor, full = F(rule["floor"]), F(rule["full_at"])
        steps = [Step(full, True, top, top)]
        if floor < full:
            steps.insert(0, Step(floor, True, top * floor / full, top))
        if floor > 0:
            steps.insert(0, Step(None, False, F(0), F(0)))
        return Reading("steps", "share", tuple(steps))
    if name in ("choice", "checklist"):
        pairs = rule["options"] if name == "choice" else rule["ticks"]
        return Reading(name, labels=tuple((label, F(points)) for label, points in pairs))
    if name == "tally":
        return Reading("tally", step=F(rule["each"]))
    if name == "deduction":
        return Reading("deduction", step=F(rule["step"]), floor=F(rule["floor"]))
    return Reading(name)


def verdict(entry: dict[str, Any]) -> str:
    top = F(entry["max"])
    read = read_rule(entry["lines"], top)
    if isinstance(read, Doubt):
        return "asked"
    if entry["rule"] is None:
        return "guessed"
    # what a text leaves unsaid is not part of these rules
    fair = Reading(**{**vars(read), "unsaid": read.unsaid | {"whole_zero", "over"}})
    wanted = expected(entry["rule"], top)
    if (read.measure, wanted.measure, read.over) == ("share", "change", "allow"):
        # going beyond a target by x is the same as reaching 1 + x of it
        steps = tuple(Step(None if s.low is None else s.low + 1, s.closed, s.first, s.last) for s in wanted.steps)
        wanted = Reading("steps", "share", steps)
    return "understood" if same(fair, wanted) else "misunderstood"


VERDICTS = [verdict(entry) for entry in CORPUS]


@pytest.mark.parametrize(("entry", "said"), list(zip(CORPUS, VERDICTS, strict=True)), ids=range(len(CORPUS)))
def test_nothing_is_misunderstood_and_nothing_guessed(entry: dict[str, Any], said: str) -> None:
    assert said in ("understood", "asked"), entry


def test_what_can_be_understood_is() -> None:
    sound = [said for entry, said in zip(CORPUS, VERDICTS, strict=True) if entry["rule"] is not None]
    assert len(sound) >= 150
    assert sound.count("understood") >= UNDERSTOOD * len(sound), [
        entry["lines"]
        for entry, said in zip(CORPUS, VERDICTS, strict=True)
        if entry["rule"] is not None and said == "asked"
    ]
