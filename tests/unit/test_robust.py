"""How firm places are, against fractions: places without a part, and bounds by trying everything out."""

import copy
import itertools
from fractions import Fraction as F
from typing import Any

import oracle
import pytest
import strategies
import tiny
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.audit.robust import Robustness, robust

SLOW = [
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
    HealthCheck.filter_too_much,
]
Entry = dict[str, Any]
FACTS: dict[str, Any] = {"n": tiny.COUNT, "m": tiny.COUNT, "x": tiny.COUNT}


def scheme(basis: str = "official", **more: Any) -> par.Methodology:
    items = [
        {"code": "1", "title": tiny.T, "max": "60", **tiny.BASE},
        tiny.leaf("1.1", "40", {"name": "tally", "fact": "n", "each": "0.01"}, parent="1"),
        tiny.leaf("1.2", "20", {"name": "tally", "fact": "m", "each": "1"}, "survey", parent="1"),
        tiny.leaf("2", "40", {"name": "tally", "fact": "x", "each": "1"}) | {"basis": basis},
    ]
    return par.from_document(tiny.document(items, FACTS, "100", **more))


def look(methodology: par.Methodology, **units: Entry) -> Robustness:
    return robust(methodology.assess(tiny.evidence(**units)))


A = {"n": 1000, "m": 10, "x": 30}  # 50
B = {"n": 3000, "m": 10, "x": 9}  # 49
C = {"n": 0, "m": 20, "x": 20}  # 40


def test_gaps_and_places_without_a_part() -> None:
    found = look(scheme(), a=A, b=B, c=C)
    assert [(u.unit, u.rank) for u in found.units] == [("a", 1), ("b", 2), ("c", 3)]
    first, second, last = found.units
    assert first.above is None and first.below is not None
    assert (first.below.unit, first.below.points, first.below.decides) == ("b", F(1), "points")
    assert second.above is not None and second.above.points == F(1)
    assert last.below is None and last.above is not None and last.above.points == F(9)
    # without field 1: 30, 9, 20 of 40; without field 2: 20, 40, 20 of 60; without the survey: 40, 39, 20 of 80
    assert first.left_out == {"field:1": 1, "field:2": 2, "stream:s": 2, "stream:survey": 1}
    assert second.left_out == {"field:1": 3, "field:2": 1, "stream:s": 2, "stream:survey": 2}
    assert last.left_out == {"field:1": 2, "field:2": 2, "stream:s": 1, "stream:survey": 3}
    assert (second.span, second.mover) == ((1, 3), "field:1")
    assert (last.span, last.mover) == ((1, 3), "stream:s")
    means = {shift.key: (shift.mean, shift.most, shift.moved) for shift in found.shifts}
    assert means["field:1"] == (F(2, 3), 1, 2)
    assert means["stream:survey"] == (F(0), 0, 0)


@pytest.mark.parametrize(
    ("rank_on", "decides", "ranks"), [("exact", "unprinted", [1, 2, 3]), ("printed", "rounding", [1, 1, 3])]
)
def test_what_decides(rank_on: str, decides: str, ranks: list[int]) -> None:
    methodology = scheme(settings={"index_decimals": 1, "rank_on": rank_on})
    found = look(methodology, a=A, b=A | {"n": 999}, c=C)
    assert [u.rank for u in found.units] == ranks
    assert found.units[0].below is not None
    assert (found.units[0].below.points, found.units[0].below.decides) == (F(1, 100), decides)


def test_a_tie_is_decided_by_the_tie_rule_alone() -> None:
    found = look(scheme(), a=A, b=A)
    assert [(u.rank, (u.above or u.below)) for u in found.units] == [(1, ("b", 0, "tie")), (1, ("a", 0, "tie"))]


def test_what_is_unknown_spans_places_and_pending_units_have_a_span_too() -> None:
    found = look(scheme(), a=A, b=B, c={"n": 0, "x": 20})
    spans = {u.unit: (u.rank, u.unknown, u.open) for u in found.units}
    # c has 20 to 40 points, and waits for its survey
    assert spans == {"a": (1, 0, (1, 1)), "b": (2, 0, (2, 2)), "c": (None, 1, (3, 3))}
    found = look(scheme(), a=A, b=B, c={"m": 15, "x": 20})
    assert {u.unit: u.open for u in found.units} == {"a": (1, 2), "b": (2, 3), "c": (1, 3)}


def test_reconstructed_items_are_left_out_and_counted() -> None:
    found = look(scheme("reconstructed"), a=A, b=B, c=C)
    assert {u.unit: (u.resting, u.plain) for u in found.units} == {"a": (30, 2), "b": (9, 1), "c": (20, 2)}
    assert found.basis is not None
    assert (found.basis.mean, found.basis.most, found.basis.moved) == (F(1), 1, 3)
    assert look(scheme(), a=A, b=B).basis is None


def test_what_is_inside_a_stated_whole_is_not_left_out() -> None:
    stated = {"facts": {"m": 10, "x": 30}, "stated": {"items": {"1": "30"}}}
    found = look(scheme(), a=stated, b=B)
    assert [part.code for part in found.apart] == ["s"]
    assert found.units[0].left_out.keys() == {"field:1", "field:2", "stream:survey"}


def test_nothing_is_told_of_an_item_that_may_raise_or_lower_the_total() -> None:
    items = [
        tiny.leaf("1", "2", {"name": "tally", "fact": "n", "each": "1"}),
        tiny.leaf("2", "2", {"name": "tally", "fact": "m", "each": "1"}, role="penalty")
        | {"gates": [{"item": "1", "below": "1", "cap": "0"}]},
    ]
    methodology = par.from_document(tiny.document(items, {"n": tiny.COUNT, "m": tiny.COUNT}, "2"))
    found = look(methodology, a={"m": 2}, b={"n": 1, "m": 1})
    assert not found.bounded
    assert {u.open for u in found.units} == {None}
    assert {u.unit: u.unknown for u in found.units} == {"a": 1, "b": 0}
    assert look(methodology, a={"n": 2, "m": 2}, b={"n": 1, "m": 1}).bounded


def test_nothing_is_told_where_others_that_come_to_tie_move_a_place() -> None:
    items = [
        tiny.leaf(code, "3", {"name": "tally", "fact": fact, "each": "1"}) for code, fact in (("1", "n"), ("2", "m"))
    ]
    doc = tiny.document(items, {"n": tiny.COUNT, "m": tiny.COUNT}, "6")
    doc["settings"] = {**doc["settings"], "ties": "dense"}
    found = look(par.from_document(doc), a={}, b={"n": 3}, c={"n": 3, "m": 2})
    assert not found.bounded
    assert {(u.unit, u.open, u.unknown) for u in found.units} == {("a", None, 2), ("b", None, 1), ("c", None, 0)}
    assert look(par.from_document(doc), a={"n": 1, "m": 1}, b={"n": 3, "m": 0}).bounded


def test_the_gap_is_below_nothing_where_only_print_puts_a_unit_above() -> None:
    doc = tiny.document(
        [tiny.leaf("1", "1000", {"name": "tally", "fact": "n", "each": "1"})], {"n": tiny.COUNT}, "1000"
    )
    doc["settings"] = {**doc["settings"], "rank_on": "printed", "index_decimals": 0}
    found = look(par.from_document(doc), a={"n": 900}, b={"n": 901})
    assert [(u.unit, u.above and (u.above.points, u.above.decides)) for u in found.units] == [
        ("a", None),
        ("b", (-1, "rounding")),
    ]


def test_rows_are_flat_exact_and_all_alike() -> None:
    rows = look(scheme(), a=A, b=B, c={"n": 0, "x": 20}).rows()
    assert len({frozenset(row) for row in rows}) == 1
    assert rows[0] | {"unit": "a", "rank": 1, "below": "b", "below_points": "1", "without_field:2": 2} == rows[0]
    assert all(value is None or isinstance(value, (str, int)) for row in rows for value in row.values())


def test_one_unit_and_no_placed_unit() -> None:
    (only,) = look(scheme(), a=A).units
    assert (only.rank, only.above, only.below, only.open) == (1, None, None, (1, 1))
    waiting = look(scheme(), a={"n": 1}, b={"n": 2})
    assert [u.rank for u in waiting.units] == [None, None]
    assert waiting.shifts == ()
    assert [u.open for u in waiting.units] == [(1, 2), (1, 2)]


def totals(doc: dict[str, Any], entries: list[Entry]) -> list[tuple[F, F] | None]:
    out: list[tuple[F, F] | None] = []
    for entry in entries:
        _, points, attainable = oracle.unit(doc, entry)["total"]
        out.append(None if points is None or attainable is None else (points, attainable))
    return out


def ranks(doc: dict[str, Any], entries: list[Entry]) -> list[int]:
    """Places by the reference; 0 for none."""
    return [0 if place is None else place[1] for place in oracle.standings(doc, totals(doc, entries))]


def absent(entry: Entry, codes: list[str]) -> Entry:
    said = {code: {"outcome": "not_applicable", "why": "left out"} for code in codes}
    return {**entry, "outcomes": {**entry.get("outcomes", {}), **said}}


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_places_without_a_part_agree_with_the_reference(data: st.DataObject) -> None:
    doc = data.draw(strategies.methodologies())
    evidence = data.draw(strategies.evidence(doc, data.draw(st.integers(2, 5))))
    assessment = par.from_document(doc).assess(evidence)
    found = robust(assessment)
    placed = [e for e in evidence["units"] if assessment.unit(e["unit"]).rank is not None]
    assume(placed)
    mine = {u.unit: u for u in found.units}
    parts = {f"field:{i['code']}": [i["code"]] for i in doc["items"] if "parent" not in i and i.get("role") != "check"}
    parts = parts if len(parts) > 1 else {}
    if len(doc["streams"]) > 1:
        inside = {s["id"]: assessment.scheme.stream_leaves[s["id"]] for s in doc["streams"]}
        parts |= {f"stream:{s}": list(leaves) for s, leaves in inside.items()}
    apart = {(f"{part.kind}:{part.code}") for part in found.apart}
    for key, codes in parts.items():
        want = ranks(doc, [absent(entry, codes) for entry in placed])
        if key in apart:
            assert 0 in want
        else:
            assert [mine[e["unit"]].left_out[key] for e in placed] == want, key


def settled(doc: dict[str, Any], entry: Entry, values: dict[str, str]) -> tuple[dict[str, Any], Entry]:
    """The same unit with the points of some leaves given, in a scheme where they are given."""
    out, facts = copy.deepcopy(doc), dict(entry["facts"])
    for item in out["items"]:
        if item["code"] in values:
            name = f"given.{item['code']}"
            item["rule"] = {"name": "given", "fact": name}
            facts[name] = values[item["code"]]
    said = {c: d for c, d in entry.get("outcomes", {}).items() if d["outcome"] == "not_applicable"}
    return out, {**entry, "facts": facts, "outcomes": said}


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_bounds_are_the_extremes_of_all_that_may_come(data: st.DataObject) -> None:
    doc = data.draw(strategies.methodologies())
    entries = data.draw(strategies.evidence(doc, data.draw(st.integers(2, 4))))["units"]
    leaves = [i["code"] for i in doc["items"] if "rule" in i]
    for entry in entries:
        for code in data.draw(st.lists(st.sampled_from(leaves), max_size=2, unique=True)):
            entry.setdefault("outcomes", {}).setdefault(code, {"outcome": "missing", "why": "unknown"})
    tops = {i["code"]: i["max"] for i in doc["items"]}
    solved = [oracle.unit(doc, entry) for entry in entries]
    unknown = [[c for c in leaves if one[c][0] in ("missing", "pending")] for one in solved]
    assume(0 < sum(map(len, unknown)) <= 7)
    found = robust(par.from_document(doc).assess({"methodology": "random", "stage": "test", "units": entries}))
    assume(found.bounded)
    cases = []
    for entry, codes in zip(entries, unknown, strict=True):
        choices = itertools.product(*[("0", tops[code]) for code in codes])
        all_ = [settled(doc, entry, dict(zip(codes, values, strict=True))) for values in choices]
        cases.append([totals(scheme_, [one])[0] for scheme_, one in all_])
    places = [
        [0 if p is None else p[1] for p in oracle.standings(doc, list(combination))]
        for combination in itertools.product(*cases)
    ]
    mine = {u.unit: u.open for u in found.units}
    for i, entry in enumerate(entries):
        seen = [place[i] for place in places]
        want = None if 0 in seen else (min(seen), max(seen))
        assert mine[entry["unit"]] == want
