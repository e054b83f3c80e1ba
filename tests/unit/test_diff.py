"""What changed between two methodologies: one kind of change at a time, and nothing for equal ones."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.comparison.methodologies import diff

FIELDS: tuple[Any, ...] = ("title", "old", "new")


def titled(code: str, top: str, title: str, **more: Any) -> dict[str, Any]:
    rule = {"name": "tally", "fact": "n", "each": "0.5"}
    return tiny.leaf(code, top, rule, **more) | {"title": {"vi": title, "en": title}}


ITEMS = [titled("1", "1", "Một"), titled("2", "2", "Hai"), titled("3", "3", "Ba")]
OLD = tiny.document(ITEMS, {"n": tiny.COUNT}, "6", units=[{"id": "a", "name": "A", "ranked": True}])

WORDS = "tally: chữ: mỗi đơn vị đếm được 0,5 điểm, tối đa 1"


def changes(change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str, str, str]]:
    new = copy.deepcopy(OLD)
    change(new)
    found = diff(par.from_document(OLD).document, par.from_document(new).document)
    return [(c.kind, c.code, c.old, c.new) for c in found]


def swap(new: dict[str, Any]) -> None:
    for key in ("title", "max"):
        new["items"][0][key], new["items"][1][key] = new["items"][1][key], new["items"][0][key]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d.update(title={"vi": "khác", "en": "other"}), []),
        (lambda d: d["items"][0]["title"].update(vi="MỘT"), []),
        (lambda d: d["items"][0]["title"].update(vi="Khác"), [("renamed", "1", "Một", "Khác")]),
        (lambda d: d["items"][0].update(code="1a"), [("moved", "1a", "1", "1a")]),
        (swap, [("moved", "1", "2", "1"), ("moved", "2", "1", "2")]),
        (
            lambda d: (d["items"][0].update(max="2"), d["items"][1].update(max="1")),
            [("reweighted", "1", "1", "2"), ("reweighted", "2", "2", "1")],
        ),
        (
            lambda d: d["items"][0]["rule"].update(each="0.25"),
            [("rule", "1", WORDS, WORDS.replace("0,5", "0,25"))],
        ),
        (lambda d: d["items"][0].update(may_not_apply=True), [("rule", "1", WORDS, WORDS + "; có thể không áp dụng")]),
        (
            lambda d: (d["items"].pop(0), d["items"][0].update(max="3")),
            [("removed", "1", "1", ""), ("reweighted", "2", "2", "3")],
        ),
        (
            lambda d: (d["items"][2].update(max="2"), d["items"].append(titled("4", "1", "Bốn"))),
            [("added", "4", "", "1"), ("reweighted", "3", "3", "2")],
        ),
        (lambda d: d["settings"].update(ties="dense"), [("setting", "settings.ties", "standard", "dense")]),
        (lambda d: d["units"].append({"id": "b", "name": "B", "ranked": True}), [("setting", "units", "", "b")]),
        (lambda d: d["facts"]["n"].update(max="9"), [("setting", "facts", "n", "n")]),
        (lambda d: d["groups"].pop(0), [("setting", "groups", "A", "")]),
    ],
)
def test_one_change(change: Callable[[dict[str, Any]], object], expected: list[tuple[str, str, str, str]]) -> None:
    assert changes(change) == expected


def test_added_and_removed_mirror_each_other() -> None:
    new = copy.deepcopy(OLD)
    new["items"][0] |= titled("9", "1", "Mới")
    one, two = par.from_document(OLD).document, par.from_document(new).document
    there = {(c.kind, c.title) for c in diff(one, two)}
    back = {(c.kind, c.title) for c in diff(two, one)}
    assert (there, back) == ({("added", "Mới"), ("removed", "Một")}, {("added", "Một"), ("removed", "Mới")})


def test_a_weight_a_basis_and_both_languages() -> None:
    base = copy.deepcopy(OLD)
    base["settings"]["aggregate"] = "weighted_mean"
    for item in base["items"]:
        item["weight"] = "10"
    new = copy.deepcopy(base)
    new["items"][0]["weight"] = "15"
    new["items"][1]["title"]["en"] = "Two"
    new["items"][1]["title"]["vi"] = "Hai mới"
    base["items"][2]["basis"] = "derived"
    found = diff(par.from_document(base).document, par.from_document(new).document)
    shown = {lang: [(c.kind, c.code, *(c.said(f, lang) for f in FIELDS)) for c in found] for lang in ("vi", "en")}
    assert ("reweighted", "1", "Một", "trọng số 10", "trọng số 15") in shown["vi"]
    assert ("reweighted", "1", "Một", "weight 10", "weight 15") in shown["en"]
    assert ("renamed", "2", "Two", "Hai", "Two") in shown["en"]
    assert new["items"][2]["basis"] == "official"
    assert [row[:3] for row in shown["vi"] if row[0] == "basis"] == [("basis", "3", "1 con số")]
    assert shown["vi"][-1][4] == "số chính thức"
    assert shown["en"][-1][4] == "official"


def test_numbers_have_a_decimal_comma_in_vietnamese() -> None:
    new = copy.deepcopy(OLD)
    new["items"][0]["max"], new["items"][1]["max"] = "0.5", "2.5"
    found = diff(par.from_document(OLD).document, par.from_document(new).document)
    assert [(c.said("new", "vi"), c.said("new", "en")) for c in found] == [("0,5", "0.5"), ("2,5", "2.5")]


def test_long_rules_are_cut_where_they_differ() -> None:
    from par_engine.cli.diff import _cut_both

    head = "bands: " + "một câu rất dài nói về việc được đo " * 4
    old, new = _cut_both(f"{head}— dưới 20 %: 0; từ 20 %: 0,5", f"{head}— dưới 20 %: 0; từ 20 %: 0,25")
    assert old != new
    assert old.startswith("…") and old.endswith("0,5") and new.endswith("0,25")
    assert max(len(old), len(new)) <= 80
    assert _cut_both("a", "b") == ("a", "b")
