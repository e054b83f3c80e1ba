"""How many points rest on which basis, in sums and in means."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
import tiny

from par_engine.base.decimals import short
from par_engine.methodology.scheme import parse

VALID = sorted((Path(__file__).parents[1] / "corpus" / "methodology-1" / "valid").glob("*.json"))


def own(*values: object, maximum: Fraction) -> Fraction:
    return maximum


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_they_sum_to_the_total(path: Path) -> None:
    scheme = parse(json.loads(path.read_text(encoding="utf-8")), "doc", {"full.own": own})
    assert sum(scheme.points_by_basis.values()) == scheme.document.total.max


def test_in_a_weighted_mean_they_follow_the_weights() -> None:
    tick = {"name": "checklist", "points": {"x": "4"}}
    items = [
        tiny.leaf("1", "4", tick, weight="3"),
        tiny.leaf("2", "2", {"name": "checklist", "points": {"y": "2"}}, weight="1") | {"basis": "reconstructed"},
    ]
    settings = {"aggregate": "weighted_mean"}
    document = tiny.document(items, {"x": tiny.BOOLEAN, "y": tiny.BOOLEAN}, "10", settings=settings)
    by_basis = parse(document).points_by_basis
    assert by_basis == {"official": Fraction(15, 2), "derived": 0, "reconstructed": Fraction(5, 2)}


def test_a_number_without_a_finite_text_is_rounded_for_information() -> None:
    assert [short(Fraction(x, 3)) for x in (1, 2, 3)] == ["0.3333", "0.6667", "1"]
