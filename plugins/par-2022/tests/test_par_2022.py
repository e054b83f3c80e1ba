"""The scheme of 2022: its counts and sums, and that the annex beside it is what the importer makes the data of."""

import json
from collections import Counter
from fractions import Fraction as F
from pathlib import Path

import pytest

import par_engine as par

ANNEX = Path(__file__).parents[1] / "annex" / "province.docx"
M = par.load("2022-province")


def test_counts_and_sums() -> None:
    depth = Counter(code.count(".") for code in M.scheme.items)
    assert (depth[0], depth[1], depth[2]) == (8, 37, 88)
    assert len(M.scheme.leaves) == 94, "88 components and 6 criteria without components"
    assert [M.scheme.items[str(i)].max for i in range(1, 9)] == [
        F(x) for x in ("9.5", "10", "13", "10.5", "15", "12", "13.5", "16.5")
    ]
    assert {s.id: s.max for s in M.document.streams} == {
        "appraisal": F("61.5"),
        "statistics": F("6.5"),
        "leaders": F(22),
        "sipas": F(10),
    }


def test_reconstructed_rows_do_not_look_official() -> None:
    assert M.basis() == {"official": 10, "derived": 0, "reconstructed": 90}
    for code, item in M.scheme.items.items():
        if item.rule is not None and item.basis == "reconstructed":
            assert "R5" in item.rulings, code


def test_fields_of_ha_noi_leave_a_possible_first_field() -> None:
    """Printed shares of fields 2 to 8 and the printed total leave 8.92 of 9.5 for field 1, where 89.58 % is misprinted."""
    shares = ("94.33", "94.15", "94.05", "87.72", "91.34", "76.81", "88.63")
    points = [F(x) / 100 * M.scheme.items[str(i)].max for i, x in enumerate(shares, start=2)]
    first = F("89.58") - sum(points)
    assert F("8.9") < first < F("9.5")


@pytest.mark.skipif(not ANNEX.exists(), reason="the annex is beside the source, not in a wheel")
def test_the_annex_is_read_into_exactly_this() -> None:
    pytest.importorskip("lark")
    pytest.importorskip("docx")
    from par_engine.annex.draft import Draft, draft
    from par_engine.annex.tables import read_annex
    from par_engine.comparison.methodologies import diff

    found = draft(read_annex(ANNEX), M.document)
    assert isinstance(found, Draft)
    assert (found.questions, found.understood, found.leaves, found.assumed) == ((), 94, 94, {})
    assert diff(M.document, par.from_document(found.document).document) == []


@pytest.mark.skipif(not ANNEX.exists(), reason="the annex is beside the source, not in a wheel")
def test_from_another_year_the_annex_gives_the_same_maxima_and_streams() -> None:
    pytest.importorskip("lark")
    pytest.importorskip("docx")
    pytest.importorskip("par_2021")
    from par_engine.annex.draft import Draft, draft
    from par_engine.annex.rules import as_reading, same
    from par_engine.annex.tables import read_annex

    found = draft(read_annex(ANNEX), par.load("2021-province").document)
    assert isinstance(found, Draft)
    assert (found.questions, found.understood) == ((), 94)
    new = par.from_document(json.loads(json.dumps(found.document))).document
    assert [(i.code, i.max, i.stream) for i in new.items] == [(i.code, i.max, i.stream) for i in M.document.items]
    for mine, theirs in zip(M.document.items, new.items, strict=True):
        if mine.rule is not None and theirs.rule is not None:
            read = as_reading(theirs.rule, new.facts, theirs.max)
            known = as_reading(mine.rule, M.document.facts, mine.max)
            boolean = "boolean" in (M.document.facts[mine.rule.facts()[0]].type, new.facts[theirs.rule.facts()[0]].type)
            assert read is not None and known is not None
            assert same(read, known, boolean=boolean), mine.code
    assert {i.basis for i in new.items if i.rule and i.code != "8.1"} == {"reconstructed"}
