"""The manual's example of a year that extends an installed one."""

import json
from fractions import Fraction
from pathlib import Path

import par_engine as par

PAGE = (Path(__file__).parents[2] / "methodology" / "writing.md").read_text(encoding="utf-8")
DOCUMENT = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])
TOWN = Path(__file__).parents[2] / "examples" / "example-town.json"


def test_the_example_of_the_manual_loads_and_keeps_the_older_ones_own_rules() -> None:
    older = par.load("example-town")
    assert DOCUMENT["extends"]["fingerprint"] == older.fingerprint
    newer = par.from_document(DOCUMENT)
    codes = [item.code for item in older.document.items]
    assert [item.code for item in newer.document.items] == [code for code in codes if code != "B"]
    evidence = json.loads(TOWN.read_text(encoding="utf-8")) | {"methodology": "2031-town"}
    for unit in evidence["units"]:
        unit["facts"].pop("b.idea", None)
    before, after = older.assess(TOWN).unit("ben-tre-nho"), newer.assess(evidence).unit("ben-tre-nho")
    assert before.item("1.3").points == Fraction(3, 4) and after.item("1.3").points == Fraction(1, 2)
    assert before.item("3.2") == after.item("3.2")


def test_its_fingerprint_is_that_of_the_whole_document() -> None:
    newer = par.from_document(DOCUMENT)
    whole = newer.document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert "extends" not in whole
    assert par.from_document(whole, dict(newer.scheme.functions)).fingerprint == newer.fingerprint
