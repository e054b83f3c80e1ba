"""Comparison of two reports: parts that add up exactly, and every reason why two numbers do not compare."""

import copy
import json
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

import par_engine as par
from par_engine.base.decimals import plain
from par_engine.comparison.cross_scoring import bridge
from par_engine.comparison.moves import exact_text
from par_engine.comparison.reports import Comparison, compare
from par_engine.results.report import to_json
from par_engine.results.report_reading import read_report

FACTS: dict[str, Any] = {"n": tiny.COUNT, "m": tiny.COUNT, "x": tiny.BOOLEAN}


def scheme(id: str = "old", each: str = "0.5", top: str = "3", other: str = "1", **more: Any) -> par.Methodology:
    """Two tallies and a tick under two fields."""
    items = [
        {"code": "1", "title": {"vi": "Một", "en": "One"}, "max": plain(F(top) + F(other)), **tiny.BASE},
        tiny.leaf("1.1", top, {"name": "tally", "fact": "n", "each": each}, parent="1"),
        tiny.leaf("1.2", other, {"name": "tally", "fact": "m", "each": "0.25"}, parent="1"),
        tiny.leaf("2", "1", {"name": "checklist", "points": {"x": "1"}}),
    ]
    for item in items[1:]:
        item["title"] = {"vi": f"Mục {item['code']}", "en": f"Item {item['code']}"}
    whole = plain(F(top) + F(other) + 1)
    return par.from_document(tiny.document(items, FACTS, whole) | {"id": id} | more)


def assess(methodology: par.Methodology, **units: dict[str, Any]) -> par.Assessment:
    listed = [{"unit": unit, **(facts if "facts" in facts else {"facts": facts})} for unit, facts in units.items()]
    return methodology.assess({"methodology": methodology.id, "stage": "s", "units": listed})


def between(old: par.Assessment, new: par.Assessment, *, link: bool = False, blind: bool = False) -> Comparison:
    documents = None if blind else (old.scheme.document, new.scheme.document)
    methodology = par.Methodology(old.scheme, old.origin)
    return compare(old.report(), new.report(), documents, bridge(methodology, new) if link else None)


def parts(found: Comparison, code: str, unit: str = "u") -> dict[str, F]:
    (move,) = [move for move in found.of(code) if move.unit == unit]
    assert sum(move.parts.values(), F(0)) == move.change
    return dict(move.parts)


A = {"n": 2, "m": 3, "x": True}
B = {"n": 5, "m": 1, "x": False}


def test_one_methodology_two_evidences() -> None:
    found = between(assess(scheme(), u=A), assess(scheme(), u=B))
    assert parts(found, "1.1") == {"evidence": F(3, 2)}
    assert parts(found, "1") == {"evidence": F(1)}
    assert parts(found, "total") == {}
    assert {move.reasons for move in found.moves} == {()}


def test_one_evidence_two_versions_of_a_methodology() -> None:
    found = between(assess(scheme(), u=A), assess(scheme(each="0.75"), u=A))
    assert parts(found, "1.1") == {"rules": F(1, 2)}
    assert parts(found, "total") == {"rules": F(1, 2)}
    assert parts(between(assess(scheme(), u=A), assess(scheme(each="0.75"), u=A), blind=True), "1.1") == {
        "rules": F(1, 2)
    }


def test_both_changed_and_the_bridge_tells_them_apart() -> None:
    old, new = assess(scheme(), u=A), assess(scheme("new", each="0.75", top="6"), u=B)
    # 2 × 0.5 = 1 of 3; by the old rule the new evidence has 2.5; by the new one 3.75 of 6, which is 1.875 of 3
    assert parts(between(old, new), "1.1") == {"unseparated": F(7, 8), "maxima": F(15, 8)}
    told = between(old, new, link=True)
    assert parts(told, "1.1") == {"evidence": F(3, 2), "rules": F(-5, 8), "maxima": F(15, 8)}
    # the rest has the same rules: 0.75 → 0.25, 1 → 0
    assert parts(told, "total") == {"rules": F(-5, 8), "maxima": F(15, 8)}  # evidence: 1.5 - 0.5 - 1
    # a leaf whose rule stayed as it was needs no bridge
    assert parts(between(old, new), "1.2") == {"evidence": F(-1, 2)}
    (move,) = told.of("1.1")
    assert [reason.en for reason in move.reasons] == ["the maximum changed from 3 to 6"]
    shown = move.as_dict()
    assert (shown["old"], shown["new"], shown["change"], shown["parts"]) == ("1", "3.75", None, {})
    assert [reason.vi for reason in move.reasons] == ["điểm tối đa đổi từ 3 thành 6"]


def test_items_that_come_and_go() -> None:
    old = assess(scheme(), u=A)
    document = copy.deepcopy(
        tiny.document([tiny.leaf("9", "2", {"name": "tally", "fact": "n", "each": "1"})], FACTS, "2")
    )
    document["items"][0]["title"] = {"vi": "Mới", "en": "New"}
    document["facts"] = {"n": document["facts"]["n"]}
    new = assess(par.from_document(document | {"id": "new"}), u={"n": 1})
    found = between(old, new)
    assert parts(found, "9") == {"rules": F(1)} and parts(found, "1.1") == {"rules": F(-1)}
    assert sum(parts(found, "total").values()) == 1 - F("2.75")
    reasons = {move.code: [reason.en for reason in move.reasons] for move in found.moves}
    assert reasons["9"] == ["the older methodology has no such item"]
    assert reasons["2"] == ["the newer methodology has no such item"]


def test_stated_totals_are_taken_as_one_figure() -> None:
    old = assess(scheme(), u={"facts": {}, "stated": {"items": {"total": "2"}}})
    new = assess(scheme("new", each="0.75"), u=A)
    found = between(old, new)
    assert parts(found, "total") == {"unseparated": F("3.25") - 2}
    (move,) = found.of("1.1")
    assert (move.change, move.parts) == (None, {})  # an unknown number is never taken for 0
    assert [reason.en for reason in move.reasons] == ["in the older report it has no number"]


def test_what_does_not_apply_counts_nothing_and_hides_nothing() -> None:
    exempt = {"facts": {"n": 2, "m": 3}, "outcomes": {"2": {"outcome": "not_applicable", "why": "so"}}}
    base = scheme().document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    base["items"][3]["may_not_apply"] = True
    old, new = par.from_document(base), par.from_document(base | {"id": "new"})
    both = between(assess(old, u=exempt), assess(new, u=exempt | {"facts": {"n": 4, "m": 3}}), link=True)
    assert parts(both, "total") == {"evidence": F(1)}
    (move,) = both.of("2")
    assert (move.change, move.old, move.reasons) == (0, None, ())
    found = between(assess(old, u=A), assess(new, u=exempt), link=True)
    assert [reason.en for move in found.of("total") for reason in move.reasons] == [
        "what is attainable changed from 5 to 4"
    ]
    (move,) = found.of("2")
    assert (move.change, [reason.en for reason in move.reasons]) == (-1, ["in the newer report it does not apply"])
    assert sum(parts(found, "total").values()) == -1


def test_points_out_of_different_attainable_maxima_do_not_compare() -> None:
    items = [
        {"code": "1", "title": tiny.T, "max": "4", **tiny.BASE},
        tiny.leaf("1.1", "3", {"name": "tally", "fact": "n", "each": "1"}, parent="1"),
        tiny.leaf("1.2", "1", {"name": "tally", "fact": "m", "each": "1"}, "survey", parent="1"),
        tiny.leaf("2", "1", {"name": "checklist", "points": {"x": "1"}}),
    ]
    waiting = par.from_document(tiny.document(items, FACTS, "5"))
    found = between(assess(waiting, u={"n": 2, "x": True}), assess(waiting, u={"n": 3, "m": 1, "x": True}))
    said = {move.code: [(reason.vi, reason.en) for reason in move.reasons] for move in found.moves}
    assert said == {
        "total": [("số điểm có thể đạt đổi từ 4 thành 5", "what is attainable changed from 4 to 5")],
        "stream:s": [],
        "stream:survey": [("trong báo cáo cũ không có điểm", "in the older report it has no number")],
        "1": [("số điểm có thể đạt đổi từ 3 thành 4", "what is attainable changed from 3 to 4")],
        "1.1": [],
        "1.2": [("trong báo cáo cũ không có điểm", "in the older report it has no number")],
        "2": [],
    }
    # a maximum that changed is said once, and what is attainable besides it
    larger = copy.deepcopy(items)
    larger[0]["max"], larger[1]["max"] = "5", "4"
    newer = par.from_document(tiny.document(larger, FACTS, "6"))
    old, new = {"n": 2, "m": 0, "x": True}, {"n": 3, "x": True}
    (move,) = between(assess(waiting, u=old), assess(newer, u=old)).of("1")
    assert [reason.en for reason in move.reasons] == ["the maximum changed from 4 to 5"]
    (move,) = between(assess(waiting, u=new), assess(newer, u=old)).of("1")
    assert [reason.en for reason in move.reasons] == [
        "the maximum changed from 4 to 5",
        "what is attainable changed from 3 to 5",
    ]


def test_streams_are_told_apart_like_items() -> None:
    old, new = assess(scheme(), u=A), assess(scheme("new", each="0.75"), u=B)
    # evidence 1.5 - 0.5 - 1 = 0; rules: 5 × 0.75 is capped at 3, the older rule gives 2.5
    assert parts(between(old, new, link=True), "stream:s") == {"rules": F(1, 2)}


def test_declared_breaks_and_merged_units() -> None:
    why = {"vi": "đổi cách đo", "en": "another way to measure"}
    unit = {"id": "u", "name": "U", "ranked": True, "formerly": ["u", "v"]}
    new = scheme("new", breaks=[{"since": "old", "items": ["1.2"], "why": why, "sources": []}], units=[unit])
    found = between(assess(scheme(), u=A), assess(new, u=A))
    merged = "the unit was merged from u, v"
    said = {move.code: [reason.en for reason in move.reasons] for move in found.moves}
    assert said == {
        "total": [why["en"], merged],
        "stream:s": [why["en"], merged],
        "1": [why["en"], merged],
        "1.1": [merged],
        "1.2": [why["en"], merged],
        "2": [merged],
    }
    other = scheme("new", breaks=[{"since": "older", "why": why, "sources": []}])
    assert {move.reasons for move in between(assess(scheme(), u=A), assess(other, u=A)).moves} == {()}
    whole = scheme("new", breaks=[{"since": "old", "why": why, "sources": []}])
    assert all(move.reasons for move in between(assess(scheme(), u=A), assess(whole, u=A)).moves)


def test_merged_and_renamed_units_are_carried_and_said() -> None:
    units = [
        {"id": "u", "name": "U", "ranked": True, "formerly": ["u", "v", "w"]},
        {"id": "x", "name": "X", "ranked": True, "formerly": ["y"]},
    ]
    old = assess(scheme(), u={"n": 1, "m": 0, "x": False}, v={"n": 2, "m": 0, "x": False}, w=B, y=A)
    new = assess(scheme("new", units=units), u=A, x=B)
    found = between(old, new)
    assert [(c.unit, c.older, c.merged) for c in found.carried] == [("u", ("u", "v", "w"), True), ("x", ("y",), False)]
    assert (found.gone, found.come) == ((), ())
    (move,) = [move for move in found.of("1.1") if move.unit == "u"]
    assert (move.old, move.new) == ((F("0.5") + 1 + F("2.5")) / 3, F(1))
    assert [reason.en for reason in move.reasons] == ["older: plain mean of u, v, w, merged"]
    assert move.as_dict()["old"] == "4/3"
    (renamed,) = [move for move in found.of("1.1") if move.unit == "x"]
    assert (renamed.old, renamed.new, renamed.reasons) == (F(1), F("2.5"), ())
    assert parts(found, "1.1", "u") == {"evidence": F(1) - F(4, 3)}
    mean = found.mean()
    assert mean is not None
    after, before = ([F(str(u.points)) for u in side.units] for side in (new, old))
    assert sum(mean.values()) == sum(after) / 2 - sum(before) / 4
    missing = between(assess(scheme(), u=A, v=A), assess(scheme("new", units=units[:1]), u=A))
    assert missing.carried == ()
    assert {reason.en for move in missing.moves for reason in move.reasons} == {"the unit was merged from u, v, w"}


def test_the_mean_tells_what_units_that_came_and_went_have_done() -> None:
    found = between(assess(scheme(), u=A, v=B), assess(scheme(), u=B, w={"n": 0, "m": 0, "x": False}))
    assert (found.gone, found.come) == (("v",), ("w",))
    mean = found.mean()
    assert mean is not None
    assert {part: x for part, x in mean.items() if x} == {"units": F(0 + F("2.75"), 2) - F(F("2.75") + F("2.75"), 2)}


def test_no_mean_without_numbers() -> None:
    blocked = scheme(settings=tiny.SETTINGS | {"missing": "block"})
    assert between(assess(blocked, u={}), assess(blocked, u=A)).mean() is None


counts = st.fixed_dictionaries({"n": st.integers(0, 9), "m": st.integers(0, 9), "x": st.booleans()})
pointed = st.integers(1, 12).map(lambda quarters: plain(F(quarters, 4)))


@given(
    st.lists(counts, min_size=1, max_size=3), st.lists(counts, min_size=1, max_size=3), pointed, pointed, st.booleans()
)
def test_the_parts_always_add_up_to_the_change(before: Any, after: Any, each: str, top: str, link: bool) -> None:
    each = min(each, top, key=F)
    new = scheme("new", each=each, top=top)
    units = [{f"u{i}": facts for i, facts in enumerate(side)} for side in (before, after)]
    old_result, new_result = assess(scheme(), **units[0]), assess(new, **units[1])
    found = between(old_result, new_result, link=link)
    for move in found.moves:
        assert move.change is not None and sum(move.parts.values(), F(0)) == move.change
        if link and move.code in ("1.1", "1.2", "2"):
            assert "unseparated" not in move.parts
    for unit in new_result.units:
        if unit.id in {u.id for u in old_result.units}:
            (total,) = [move for move in found.of("total") if move.unit == unit.id]
            assert total.change == F(unit.points or 0) - F(old_result.unit(unit.id).points or 0)
    mean = found.mean()
    assert mean is not None
    means = [sum((F(u.points or 0) for u in r.units), F(0)) / len(r.units) for r in (old_result, new_result)]
    assert sum(mean.values()) == means[1] - means[0]


@given(counts, counts, pointed)
def test_the_bridge_is_the_older_rule_on_the_newer_evidence(before: Any, after: Any, each: str) -> None:
    each = min(each, "3", key=F)
    new = assess(scheme("new", each=each), u=after)
    link = bridge(scheme(), new)
    by_old = assess(scheme(), u=after)
    assert link == {("u", code): F(by_old.unit("u").item(code).points or 0) for code in ("1.1", "1.2", "2")}


def test_the_bridge_leaves_out_what_does_not_correspond_or_is_refused() -> None:
    narrow = json.loads(scheme().document.model_dump_json(by_alias=True, exclude_unset=True))
    narrow["facts"]["n"]["max"] = "3"
    narrow["facts"]["m"] |= {"type": "decimal", "decimals": 1}
    narrow["items"][2]["rule"] = {"name": "bands", "measure": {"fact": "m"}, "bands": [{"points": "1"}]}
    found = bridge(par.from_document(narrow), assess(scheme("new"), u=B, v=A))
    assert sorted(found) == [("u", "2"), ("v", "1.1"), ("v", "2")]


def test_parts_as_text() -> None:
    assert (exact_text(F(1, 4)), exact_text(F(1, 3)), exact_text(F(-5, 8))) == ("0.25", "1/3", "-0.625")


def test_reading_a_report(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    report = assess(scheme(), u=A).report()
    path.write_bytes(to_json(report))
    assert read_report(path) == report
    path.write_text(json.dumps({**report, "engine": 3, "units": []}))
    with pytest.raises(par.DocumentError, match=r"r\.json /engine: 3 is not of type 'string'"):
        read_report(path)
    for text in ("[]", "{}", "{", "null", '{"a": NaN}'):
        path.write_text(text)
        with pytest.raises(par.DocumentError):
            read_report(path)
