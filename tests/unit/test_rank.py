"""Ranks and groups from exact fractions."""

from fractions import Fraction as F

import numpy as np
import oracle
import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

from par_engine.methodology.model import IndexGroup, Settings
from par_engine.scoring.rank import rank

GROUPS = [
    {"id": "A", "title": tiny.T, "from": "90"},
    {"id": "B", "title": tiny.T, "from": "33.3"},
    {"id": "C", "title": tiny.T, "from": "0"},
]
PAIRS = st.tuples(st.integers(0, 100), st.sampled_from([100, 99, 3, 7])) | st.tuples(
    st.integers(8998, 9002), st.just(10000)
)


@given(
    st.lists(PAIRS.map(lambda p: (min(p), max(p[1], 1))), min_size=1, max_size=30),
    st.sampled_from(["standard", "modified", "dense"]),
    st.sampled_from(["exact", "printed"]),
    st.sampled_from(["exact", "printed"]),
    st.sampled_from(["half_up", "half_even", "half_down", "down", "up"]),
    st.integers(0, 3),
)
def test_ranks_agree_with_the_oracle(
    pairs: list[tuple[int, int]], ties: str, rank_on: str, group_on: str, mode: str, digits: int
) -> None:
    raw = tiny.SETTINGS | {
        "ties": ties,
        "rank_on": rank_on,
        "group_on": group_on,
        "rounding": mode,
        "index_decimals": digits,
    }
    want = oracle.standings({"settings": raw, "groups": GROUPS}, [(F(p), F(a)) for p, a in pairs])
    points, attainable = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    everyone = np.ones(len(pairs), dtype=bool)
    got = rank(
        points,
        attainable,
        everyone,
        everyone,
        [IndexGroup.model_validate(g) for g in GROUPS],
        Settings.model_validate(raw),
    )
    ids = [g["id"] for g in GROUPS]
    assert [
        (F(int(i), 10**digits), int(r), ids[int(g)]) for i, r, g in zip(got.index, got.rank, got.group, strict=True)
    ] == want


def test_a_sum_of_decimals_is_no_better_than_its_equal() -> None:
    # as floats, 0.1 + 0.2 would rank above 0.3
    points, attainable = np.array([3000, 1000 + 2000]), np.array([10000, 10000])
    everyone = np.ones(2, dtype=bool)
    got = rank(points, attainable, everyone, everyone, [], Settings.model_validate(tiny.SETTINGS))
    assert got.rank.tolist() == [1, 1]


@pytest.mark.parametrize("huge", [2**61, 2**62])
def test_huge_numbers_do_not_wrap(huge: int) -> None:
    points, attainable = np.array([huge, huge - 1]), np.array([huge, huge])
    everyone = np.ones(2, dtype=bool)
    groups = [IndexGroup.model_validate(g) for g in GROUPS]
    got = rank(points, attainable, everyone, everyone, groups, Settings.model_validate(tiny.SETTINGS))
    assert (got.rank.tolist(), got.index.tolist(), got.group.tolist()) == ([1, 2], [10000, 10000], [0, 0])
