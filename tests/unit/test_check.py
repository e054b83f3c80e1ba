"""The static proof: each fault of the corpus is found at its place, and nothing else; sound schemes have none."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

import par_engine as par
from par_engine.authoring.proof import prove
from par_engine.authoring.reachability import Span, measures
from par_engine.authoring.sources import find
from par_engine.methodology.scheme import Scheme, parse

CORPUS = Path(__file__).parents[1] / "corpus"
CHECK = CORPUS / "check"
EXPECTED = json.loads((CHECK / "expected.json").read_text())
SOUND = json.loads((CHECK / "sound.json").read_text())
INVALID = json.loads((CORPUS / "methodology-1" / "invalid" / "expected.json").read_text())


def read(name: str) -> Scheme:
    return find(str(CHECK / f"{name}.json"))[0].scheme


def test_every_file_is_expected_and_every_fault_is_a_file() -> None:
    assert {path.stem for path in CHECK.glob("*.json")} == {*EXPECTED, "expected", "sound"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_fault_is_found_and_no_other(name: str) -> None:
    problems = prove(read(name), {"corpus"}).problems
    assert [(p.code, p.pointer) for p in problems] == [(EXPECTED[name]["code"], EXPECTED[name]["pointer"])]
    assert all(p.what and p.hint and p.what_vi and p.hint_vi for p in problems)


@pytest.mark.parametrize("name", [name for name, fault in INVALID.items() if fault["caught_by"] == "model"])
def test_broken_laws_are_found_when_it_is_loaded(name: str) -> None:
    with pytest.raises(par.ParError) as caught:
        find(str(CORPUS / "methodology-1" / "invalid" / f"{name}.json"))
    assert INVALID[name]["pointer"] in {problem.pointer for problem in caught.value.problems}


def test_a_sound_scheme_has_no_fault_and_every_claim() -> None:
    proof = prove(read("sound"), set())
    assert proof.problems == ()
    assert [(claim.code, claim.how, claim.count) for claim in proof.claims] == [
        ("sums", "proved", 3),
        ("reachable", "proved", 10),
        ("bands", "proved", 1),
        ("monotone", "proved", 1),
        ("division", "proved", 1),
        ("sourced", "proved", 14),
        ("rule-text", "proved", 10),
    ]


def test_a_refuted_claim_is_not_made() -> None:
    codes = {claim.code for claim in prove(read("points-rise-and-fall")).claims}
    assert "monotone" not in codes and "bands" in codes


def test_a_peak_on_purpose_is_said_in_the_rule() -> None:
    document = json.loads((CHECK / "points-rise-and-fall.json").read_text())
    document["items"][1]["rule"]["monotone"] = False
    assert prove(parse(document)).problems == ()


def own(function: Any) -> Scheme:
    rule = {"name": "corpus.f", "facts": ["p", "w"]}
    item = tiny.leaf("1", "1", rule, sources=["s"])
    document = tiny.document([item], {"p": tiny.COUNT, "w": tiny.COUNT}, "1", levels=[{"id": "l", "title": tiny.T}])
    for node in (document["total"], *document["streams"]):
        node["sources"] = ["s"]
    return parse(document | {"sources": {"s": {"title": tiny.T}}}, "doc", {"corpus.f": function})


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda p, w, maximum: maximum * p / w, "ZeroDivisionError"),
        (lambda p, w, maximum: p, "outside 0 to 1"),
        (lambda p, w, maximum: maximum - p, "outside 0 to 1"),
        (lambda p, w, maximum: 0.5, "returned float"),
    ],
)
def test_an_own_rule_is_tried_where_it_may_break(function: Any, says: str) -> None:
    (problem,) = prove(own(function)).problems
    assert (problem.code, problem.pointer) == ("own-rule", "/items/0/rule")
    assert says in problem.what


def test_an_own_rule_that_holds_is_said_to_be_sampled() -> None:
    proof = prove(own(lambda p, w, maximum: maximum * p / (p + w + 1)))
    assert proof.problems == ()
    (claim,) = [claim for claim in proof.claims if claim.how == "sampled"]
    assert (claim.code, claim.count) == ("own-rule", 1)
    assert "25 inputs tried" in claim.text.en


ranges = st.tuples(st.integers(0, 6), st.integers(0, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))
ends = st.fractions(min_value=-1, max_value=3, max_denominator=6) | st.none()


def brute(kind: str, part: tuple[int, int], whole: tuple[int, int], *, refuse: bool) -> Iterator[Fraction]:
    for w in range(max(whole[0], 1), whole[1] + 1):
        for p in range(part[0], part[1] + 1):
            if not (refuse and p > w):
                yield Fraction(p, w) if kind == "share" else Fraction(p - w, w)


@given(ranges, ranges, ends, ends, st.tuples(st.booleans(), st.booleans()), st.sampled_from(["share", "change"]))
def test_reach_agrees_with_trying_everything(
    part: Any, whole: Any, low: Any, high: Any, closed: Any, kind: str
) -> None:
    names = {"share": ("part", "whole"), "change": ("now", "before")}[kind]
    rule: dict[str, Any] = {"name": "bands", "measure": dict(zip(names, ("p", "w"), strict=True)), "whole_zero": "zero"}
    rule |= {"over": "refuse"} if kind == "share" else {}
    rule |= {"bands": [{"points": "1"}]}
    facts = {
        name: {"type": "count", "min": str(least), "max": str(most)}
        for name, (least, most) in (("p", part), ("w", whole))
    }
    scheme = parse(tiny.document([tiny.leaf("1", "1", rule)], facts, "1"))
    found = any(
        (low is None or x > low or (closed[0] and x == low)) and (high is None or x < high or (closed[1] and x == high))
        for x in brute(kind, part, whole, refuse=kind == "share")
    )
    assert measures(scheme.leaves[0], Span(low, high, closed)) is found


@given(ends, ends, st.tuples(st.booleans(), st.booleans()))
def test_reach_of_unbounded_facts_is_the_whole_half_line(low: Any, high: Any, closed: Any) -> None:
    rule = {"name": "bands", "measure": {"part": "p", "whole": "w"}, "whole_zero": "zero", "over": "allow"}
    rule |= {"bands": [{"points": "1"}]}  # type: ignore[dict-item]
    scheme = parse(tiny.document([tiny.leaf("1", "1", rule)], {"p": tiny.COUNT, "w": tiny.COUNT}, "1"))
    least = max(low, Fraction(0)) if low is not None else Fraction(0)
    point = high is not None and least == high
    reachable = high is None or least < high or (point and closed[1] and (closed[0] or least != low))
    answer = measures(scheme.leaves[0], Span(low, high, closed))
    assert answer in ({True} if reachable else {False, None})
