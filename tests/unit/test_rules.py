"""Each rule at its edges: blocks of units against the oracle, and the sentences that explain them."""

import itertools
import random
from fractions import Fraction as F
from typing import Any

import oracle
import pytest
import tiny

import par_engine as par

MODES = ("half_up", "half_even", "half_down", "down", "up")


def check(
    rule: dict[str, Any], facts: dict[str, Any], rows: list[dict[str, Any]], top: str = "1.5", **more: Any
) -> None:
    """All rows as one block equal the oracle, in every rounding mode."""
    for mode in MODES:
        doc = tiny.document([tiny.leaf("x", top, rule)], facts, top, settings={"rounding": mode}, **more)
        result = par.from_document(doc).assess(tiny.evidence(*rows))
        item = doc["items"][0]
        for row, unit in zip(rows, result.units, strict=True):
            want = oracle.leaf(doc, item, row)
            figure = unit.item("x")
            if isinstance(want, F):
                assert figure.points is not None, (row, figure)
                assert F(figure.points) == oracle.rounded(want, 4, mode), (mode, row)
            else:
                assert figure.outcome.value == want, row


def ratios(floor: F, top: F) -> list[dict[str, int]]:
    """Shares at, just below and just above the floor, at ties of the fourth decimal, with amounts of up to 17 digits."""
    rng = random.Random(1)
    rows = [{"a": a, "b": b} for a, b in itertools.product((0, 1, 2, 7), repeat=2)]
    for size in (10, 10**3, 10**6, 10**10, 10**15, 10**17):
        for _ in range(40):
            whole = rng.randint(1, size) * floor.denominator * 20_000
            edge = whole * floor
            tie = whole * (2 * rng.randint(1, 15_000) + 1) / (2 * 10_000 * top)
            near = [edge, tie, F(whole), F(rng.randint(0, whole))]
            rows += [{"a": max(0, int(x) + d), "b": whole} for x in near for d in (-1, 0, 1)]
    return [row for row in rows if row["b"] < 10**18 and row["a"] < 10**18]


@pytest.mark.parametrize(
    ("floor", "full"),
    [
        *(("0.8", "1"), ("0", "1"), ("1", "1"), ("0.1", "0.4"), ("0.95", "0.95"), ("0", "1.2")),
        *(("2/3", "1"), ("1/3", "2/3"), ("1/999983", "7/6")),
    ],
)
@pytest.mark.parametrize("zero", ["zero", "full", "not_applicable", "missing"])
def test_ratio(floor: str, full: str, zero: str) -> None:
    rule = {
        "name": "ratio",
        "part": "a",
        "whole": "b",
        "floor": floor,
        "full_at": full,
        "over": "cap",
        "whole_zero": zero,
    }
    check(rule, {"a": tiny.COUNT, "b": tiny.COUNT}, ratios(F(floor), F("1.5")))


def test_ratio_of_decimals_of_different_scale() -> None:
    rule = {
        "name": "ratio",
        "part": "a",
        "whole": "b",
        "floor": "0.8",
        "full_at": "1",
        "over": "cap",
        "whole_zero": "zero",
    }
    facts = {"a": {"type": "decimal", "decimals": 3}, "b": {"type": "decimal", "decimals": 1}}
    rows = [
        {"a": a, "b": b}
        for a in ("0", "0.8", "0.799", "12.345", "999999999999.999")
        for b in ("0", "1", "12.3", "999999999999.9")
    ]
    check(rule, facts, rows)


BANDS = [
    {"below": "0.2", "points": "0"},
    {"from": "0.2", "to": "0.3", "points": "0.5"},
    {"above": "0.3", "below": "1", "points": "0.5", "points_to": "1.25"},
    {"from": "1", "points": "1.5"},
]

THIRDS = [
    {"below": "1/3", "points": "0"},
    {"from": "1/3", "to": "2/3", "points": "0.5"},
    {"above": "2/3", "below": "7/6", "points": "0.5", "points_to": "1.25"},
    {"from": "7/6", "points": "1.5"},
]


@pytest.mark.parametrize(
    "bands", [BANDS, [*BANDS[:2], {"above": "0.3", "points": "1.5"}], [{"points": "0.75"}], THIRDS]
)
@pytest.mark.parametrize("kind", ["fact", "share", "change"])
def test_bands(bands: list[dict[str, str]], kind: str) -> None:
    rule: dict[str, Any] = {"name": "bands", "bands": bands}
    facts: dict[str, Any] = {"a": tiny.COUNT, "b": tiny.COUNT}
    cuts = ("1/3", "2/3", "7/6") if bands is THIRDS else ("0.2", "0.3", "1", "0.65")
    rows: list[dict[str, Any]] = [r for at in cuts for r in ratios(F(at), F("1.5"))]
    if kind == "fact":
        rule["measure"] = {"fact": "a"}
        facts = {"a": {"type": "decimal", "decimals": 5}}
        rows = [
            {"a": f"{n}.{d:05d}"}
            for n in (0, 1, 10**6)
            for d in (0, 19999, 20000, 20001, 30000, 30001, 33333, 33334, 65432, 66666, 66667, 99999)
        ]
    elif kind == "share":
        rule |= {"measure": {"part": "a", "whole": "b"}, "over": "allow", "whole_zero": "missing"}
    else:
        rule |= {"measure": {"now": "a", "before": "b"}, "whole_zero": "full"}
        rows += [{"a": r["a"] + r["b"], "b": r["b"]} for r in rows if r["a"] + r["b"] < 10**18]
    check(rule, facts, rows)


def test_bands_leave_out_what_a_fact_cannot_reach() -> None:
    rule = {
        "name": "bands",
        "measure": {"fact": "a"},
        "bands": [
            {"below": "1", "points": "0"},
            {"from": "1", "below": "5", "points": "0", "points_to": "1.5"},
            {"from": "5", "points": "1.5"},
        ],
    }
    facts = {"a": {"type": "decimal", "decimals": 2, "min": "1", "max": "5"}}
    check(rule, facts, [{"a": f"{n / 100:.2f}"} for n in range(100, 501)])


def test_choice_and_checklist() -> None:
    option = {"type": "option", "options": [{"id": i, "title": tiny.T} for i in ("none", "some", "all")]}
    check(
        {"name": "choice", "fact": "a", "points": {"none": "0", "some": "0.75", "all": "1.5"}},
        {"a": option},
        [{"a": x} for x in ("none", "some", "all")],
    )
    check(
        {"name": "choice", "fact": "a", "points": {"true": "1.5", "false": "0.1"}},
        {"a": tiny.BOOLEAN},
        [{"a": True}, {"a": False}],
    )
    ticks = {"a": "0.25", "b": "0.25", "c": "1"}
    rows = [dict(zip("abc", bits, strict=True)) for bits in itertools.product((True, False), repeat=3)]
    check({"name": "checklist", "points": ticks}, dict.fromkeys("abc", tiny.BOOLEAN), rows)


def test_tally_and_deduction() -> None:
    rows = [{"a": n} for n in (0, 1, 2, 3, 4, 5, 6, 7, 100, 10**9, 10**18)]
    check({"name": "tally", "fact": "a", "each": "0.25"}, {"a": tiny.COUNT}, rows)
    check({"name": "deduction", "fact": "a", "step": "0.25", "floor": "0.1"}, {"a": tiny.COUNT}, rows)


@pytest.mark.parametrize("rate", ["1/3", "2/7", "1/15000", "0.00005", "1/999983"])
def test_rates_finer_than_points_are_rounded_with_the_leaf(rate: str) -> None:
    ends = [int(F(points) / F(rate)) + d for points in ("1.5", "1.4", "0.0001") for d in (-1, 0, 1)]
    rows = [{"a": max(0, n)} for n in (*range(20), *ends, 15_001, 999_983, 10**9, 10**15, 10**18)]
    check({"name": "tally", "fact": "a", "each": rate}, {"a": tiny.COUNT}, rows)
    check({"name": "deduction", "fact": "a", "step": rate, "floor": "0.1"}, {"a": tiny.COUNT}, rows)


@pytest.mark.parametrize("decimals", [0, 2, 4, 7])
def test_given(decimals: int) -> None:
    facts = {"a": {"type": "decimal", "decimals": decimals}}
    rows = [{"a": "1"}, {"a": "0"}]
    if decimals:
        rows += [{"a": f"0.{n:0{decimals}d}"} for n in (1, 5, 10**decimals // 2, 10**decimals - 1)]
    check({"name": "given", "fact": "a"}, facts, rows)


@pytest.mark.parametrize("combine", ["weighted", "pooled"])
@pytest.mark.parametrize(("part", "weight"), [("0.6", "0.5"), ("2/3", "1/7")])
def test_survey(part: str, weight: str, combine: str) -> None:
    rng = random.Random(2)
    design = {
        "title": tiny.T,
        "combine": combine,
        "options": [
            {"id": o, "title": tiny.T, "share": s} for o, s in (("a", "1"), ("b", part), ("c", "0.2"), ("d", "0"))
        ],
        "groups": [
            {"id": g, "title": tiny.T, "weight": w} for g, w in (("g", "1"), ("h", weight), ("i", "0"), ("j", "3"))
        ],
        **tiny.BASE,
    }
    rows = []
    for size in (1, 3, 46, 10**4, 10**8):
        rows += [{"x.b": {g: {o: rng.randint(0, size) for o in "abcd"} for g in "ghij"}} for _ in range(30)]
    rows.append({"x.b": {g: dict.fromkeys("abcd", 0) for g in "ghij"}})
    check({"name": "survey", "fact": "x.b"}, {"x.b": {"type": "ballots", "survey": "q"}}, rows, surveys={"q": design})


def test_own_rule_is_called_once_for_each_distinct_input() -> None:
    calls: list[tuple[F, bool]] = []

    def rule(n: F, flag: bool, *, maximum: F, k: F) -> F | par.Outcome:
        calls.append((n, flag))
        return par.Outcome.NOT_APPLICABLE if not flag else min(maximum, n * k / 3)

    item = tiny.leaf("x", "1.5", {"name": "tiny.rule", "facts": ["a", "b"], "params": {"k": "0.5"}})
    doc = tiny.document([item], {"a": tiny.COUNT, "b": tiny.BOOLEAN}, "1.5")
    rows = [{"a": i % 5, "b": i % 2 == 0} for i in range(2000)]
    result = par.from_document(doc, {"tiny.rule": rule}).assess(tiny.evidence(*rows))
    assert str(result.units[4].item("x").points) == "0.6667"
    assert result.units[1].item("x").outcome is par.Outcome.NOT_APPLICABLE
    # 1,024 units at a time: ten distinct inputs in each of the two chunks
    assert len(calls) == 20


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (lambda a, *, maximum: 0.5, "returned float, not a Fraction: nothing else is exact"),
        (lambda a, *, maximum: None, "returned NoneType, not a Fraction: nothing else is exact"),
        (lambda a, *, maximum: F(2), "returned 2, outside 0 to 3/2"),
        (lambda a, *, maximum: F(-1), "returned -1, outside 0 to 3/2"),
        (lambda a, *, maximum: par.Outcome.SCORED, "returned the outcome scored instead of points"),
        (lambda a, *, maximum: a / 0, "failed: ZeroDivisionError: Fraction(1, 0)"),
    ],
)
def test_own_rule_is_held_to_its_contract(rule: Any, what: str) -> None:
    item = tiny.leaf("x", "1.5", {"name": "tiny.rule", "facts": ["a"]})
    methodology = par.from_document(tiny.document([item], {"a": tiny.COUNT}, "1.5"), {"tiny.rule": rule})
    with pytest.raises(par.PluginError) as caught:
        methodology.assess(tiny.evidence({"a": 1}))
    assert [p.text() for p in caught.value.problems] == [
        f"tiny.rule: tiny.rule(1) {what} — repair the rule of the plugin"
    ]


def test_what_an_own_rule_prints_is_no_result(capsys: pytest.CaptureFixture[str]) -> None:
    def loud(a: F, *, maximum: F) -> F:
        print("noise")  # noqa: T201
        return maximum

    item = tiny.leaf("x", "1.5", {"name": "tiny.rule", "facts": ["a"]})
    methodology = par.from_document(tiny.document([item], {"a": tiny.COUNT}, "1.5"), {"tiny.rule": loud})
    assert str(methodology.assess(tiny.evidence({"a": 1})).units[0].points) == "1.5000"
    assert capsys.readouterr() == ("", "noise\n")


def test_over_refuse_and_given_out_of_range_are_problems_with_their_place() -> None:
    ratio = {
        "name": "ratio",
        "part": "a",
        "whole": "b",
        "floor": "0",
        "full_at": "1",
        "over": "refuse",
        "whole_zero": "zero",
    }
    doc = tiny.document(
        [tiny.leaf("x", "1.5", ratio), tiny.leaf("y", "1", {"name": "given", "fact": "c"})],
        {"a": tiny.COUNT, "b": tiny.COUNT, "c": {"type": "decimal", "decimals": 1}},
        "2.5",
    )
    with pytest.raises(par.EvidenceError) as caught:
        par.from_document(doc).assess(tiny.evidence({"a": 3, "b": 3, "c": "1"}, {"a": 4, "b": 3, "c": "1.1"}))
    assert [(p.pointer, p.what) for p in caught.value.problems] == [
        ("/units/1/facts/a", "a is greater than b"),
        ("/units/1/facts/c", "c is outside 0 to the maximum 1"),
    ]
