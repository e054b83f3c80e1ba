"""Extends: what is taken over, what is changed, and that an edit of the older one cannot move the newer one."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import tiny
from jsonschema import Draft202012Validator

import par_engine as par
from par_engine import schemas
from par_engine.files.documents import canonical, sha256
from par_engine.methodology.extends import resolve
from par_engine.methodology.scheme import parse

FULL = json.loads((Path(__file__).parents[1] / "corpus/methodology-1/valid/full.json").read_text(encoding="utf-8"))


def older(**more: Any) -> dict[str, Any]:
    items = [
        tiny.leaf("1", "1", {"name": "tally", "fact": "n", "each": "0.5"}, rulings=["R1"]),
        tiny.leaf("2", "1", {"name": "checklist", "points": {"x": "1"}}),
    ]
    document = tiny.document(items, {"n": tiny.COUNT, "x": tiny.BOOLEAN}, "2", rulings={"R1": tiny.T})
    return document | {"id": "old"} | more


def newer(base: dict[str, Any], **extends: Any) -> dict[str, Any]:
    return {"id": "new", "title": tiny.T, "extends": {"id": "old", "fingerprint": parse(base).fingerprint, **extends}}


def whole(document: dict[str, Any], *bases: dict[str, Any]) -> dict[str, Any]:
    known = {base["id"]: (base, {}) for base in bases}
    return dict(resolve((document, {}), "new", known.__getitem__)[0])


def refused(document: dict[str, Any], *bases: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(par.MethodologyError) as caught:
        whole(document, *bases)
    return [(problem.pointer, problem.what) for problem in caught.value.problems]


def test_without_extends_nothing_happens() -> None:
    assert whole(older()) == older()


def test_all_that_is_not_said_is_the_older_one() -> None:
    base = older()
    out = whole(newer(base), base)
    assert out == base | {"id": "new", "title": tiny.T}
    parse(out)


def test_items_are_changed_added_and_taken_away_and_their_facts_go_with_them() -> None:
    base = older()
    added = tiny.leaf("3", "1", {"name": "tally", "fact": "m", "each": "1"})
    document = newer(
        base,
        change={"1": None, "2": {"max": "2", "rule": {"points": {"x": "1.5", "y": "0.5"}}, "title": {"en": "more"}}},
        add=[{"after": "2", "item": added}],
    )
    document["facts"] = {name: {"title": tiny.T, **fact} for name, fact in {"y": tiny.BOOLEAN, "m": tiny.COUNT}.items()}
    document["total"] = base["total"] | {"max": "3"}
    document["streams"] = [base["streams"][0] | {"max": "3"}]
    out = whole(document, base)
    scheme = parse(out)
    assert [(item.code, item.max) for item in scheme.document.items] == [("2", 2), ("3", 1)]
    assert scheme.document.items[0].title.en == "more" and scheme.document.items[0].title.vi == tiny.T["vi"]
    assert list(scheme.document.facts) == ["x", "y", "m"]
    assert scheme.document.rulings == {}


def test_a_chain_and_its_rules() -> None:
    rule = {"name": "old.f", "facts": ["n"]}
    base = older(items=[tiny.leaf("1", "2", rule)], facts={"n": {"title": tiny.T, **tiny.COUNT}}, rulings={})

    def f(n: Any, *, maximum: Any) -> Any:
        return maximum / (1 + n)

    middle = {"id": "mid", "extends": {"id": "old", "fingerprint": parse(base, "", {"old.f": f}).fingerprint}}
    ready = parse(base | {"id": "mid"}, "", {"old.f": f})
    last = {"id": "new", "extends": {"id": "mid", "fingerprint": ready.fingerprint}}
    known: dict[str, Any] = {"old": (base, {"old.f": f}), "mid": (middle, {})}
    document, functions = resolve((last, {}), "new", known.__getitem__)
    assert document == base | {"id": "new"}
    assert functions == {"old.f": f}


def test_resolving_changes_neither_document() -> None:
    base = older()
    document = newer(base, change={"1": {"title": {"en": "x"}}})
    before = copy.deepcopy((base, document))
    whole(document, base)
    assert (base, document) == before


def test_an_edit_of_the_older_one_is_noticed() -> None:
    base = older()
    document = newer(base)
    base["items"][0]["rule"]["each"] = "0.25"
    ((place, what),) = refused(document, base)
    assert place == "/extends/fingerprint"
    assert (
        what
        == f"old has the fingerprint {parse(base).fingerprint}, not the pinned {document['extends']['fingerprint']}"
    )


def test_differences_that_have_nothing_to_change() -> None:
    base = older()
    document = newer(base, change={"9": None, "1": {}}, add=[{"after": "8", "item": {}}])
    assert refused(document, base) == [
        ("/extends/add/0/after", 'old has no item "8"'),
        ("/extends/change/9", 'old has no item "9"'),
    ]


@pytest.mark.parametrize(
    ("extends", "place"),
    [
        (7, "/extends"),
        ({"id": "old"}, "/extends/fingerprint"),
        ({"id": "old", "fingerprint": "x"}, "/extends/fingerprint"),
        ({"id": "old", "fingerprint": "0" * 64, "patch": {}}, "/extends/patch"),
        ({"id": "old", "fingerprint": "0" * 64, "change": {"1": 3}}, "/extends/change/1"),
        ({"id": "new", "fingerprint": "0" * 64}, "/extends/id"),
    ],
)
def test_malformed(extends: Any, place: str) -> None:
    assert refused({"id": "new", "extends": extends}, older())[0][0] == place


@pytest.mark.parametrize("broken", [{"items": 7}, {"items": [7]}, {"items": [{}]}, {"items": [{"code": 1}]}])
def test_an_older_one_that_is_no_methodology(broken: dict[str, Any]) -> None:
    base = older() | broken
    pin = sha256(canonical(base))
    document = {"id": "new", "extends": {"id": "old", "fingerprint": pin}}
    assert refused(document, base) == [("/extends/id", "old is itself not a methodology")]


@pytest.mark.parametrize("key", ["facts", "sources", "rulings", "surveys"])
def test_parts_of_the_wrong_kind_are_left_to_the_parser(key: str) -> None:
    base = older()
    with pytest.raises(par.MethodologyError) as caught:
        parse(whole(newer(base) | {key: 7}, base))
    assert [problem.pointer for problem in caught.value.problems] == [f"/{key}"]


def test_a_circle() -> None:
    one = {"id": "one", "extends": {"id": "two", "fingerprint": "0" * 64}}
    two = {"id": "two", "extends": {"id": "one", "fingerprint": "0" * 64}}
    assert refused(one, one, two) == [("/extends/id", "one extends itself")]


def test_an_older_one_that_is_not_installed() -> None:
    with pytest.raises(par.PluginError, match='no methodology "nowhere" is installed'):
        par.from_document({"id": "new", "extends": {"id": "nowhere", "fingerprint": "0" * 64}})


def test_the_part_schema_knows_it() -> None:
    base = older()
    validator: Draft202012Validator = schemas.validator("methodology-part-1")
    leaf = tiny.leaf("3", "1", {"name": "tally", "fact": "n", "each": "1"})
    assert not list(validator.iter_errors(newer(base, change={"1": None}, add=[{"after": "1", "item": leaf}])))
    assert list(validator.iter_errors(newer(base, add=[{"after": "1", "item": {"code": 3}}])))
