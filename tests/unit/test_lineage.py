"""Lineage: counts against the one before, and no dead ends or circles."""

import csv
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.comparison.lineage import HEAD, lineage


def one(id: str, before: str | None = None, each: str = "1") -> par.Methodology:
    document = tiny.document(
        [tiny.leaf("1", "1", {"name": "tally", "fact": "n", "each": each})], {"n": tiny.COUNT}, "1"
    )
    more: dict[str, Any] = {"id": id} | ({"supersedes": before} if before else {})
    return par.from_document(document | more)


def test_one_line_each_by_id() -> None:
    text = lineage([one("c", "b", "0.5"), one("a"), one("b", "a")])
    rows = list(csv.DictReader(text.splitlines()))
    assert tuple(rows[0]) == HEAD
    assert [(row["id"], row["supersedes"], row["items"], row["kept"], row["rule"]) for row in rows] == [
        ("a", "", "1", "", ""),
        ("b", "a", "1", "1", "0"),
        ("c", "b", "1", "1", "1"),
    ]


def test_dead_ends_and_circles() -> None:
    with pytest.raises(par.MethodologyError) as caught:
        lineage([one("a", "gone"), one("b", "c"), one("c", "b")])
    assert [(problem.document, problem.what) for problem in caught.value.problems] == [
        ("a", 'it supersedes "gone", which is not there'),
        ("b", "b → c → b is a circle"),
        ("c", "c → b → c is a circle"),
    ]
