"""The one place where anything is rounded, near the edge of what doubles hold."""

from fractions import Fraction as F

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_engine.base import decimals as exact

MODES = ("half_up", "half_even", "half_down", "down", "up")


@given(st.sampled_from(MODES), st.integers(0, 2**50), st.integers(1, 2**50))
def test_round_ratio_is_exact_below_its_limit(mode: exact.Rounding, num: int, den: int) -> None:
    got = exact.round_ratio(np.array([2.0 * num]), np.array([float(den)]), mode)
    assert int(got[0]) == oracle.rounded(F(num, den), 0, mode)


@given(st.sampled_from(MODES), st.integers(0, 10**6), st.integers(1, 2**28), st.integers(-1, 1))
def test_round_ratio_at_ties(mode: exact.Rounding, whole: int, half: int, off: int) -> None:
    num, den = max(0, (2 * whole + 1) * half + off), 2 * half
    got = exact.round_ratio(np.array([2.0 * num]), np.array([float(den)]), mode)
    assert int(got[0]) == oracle.rounded(F(num, den), 0, mode)


@given(st.sampled_from(MODES), st.fractions(-(10**6), 10**6), st.integers(0, 6))
def test_round_to(mode: exact.Rounding, x: F, decimals: int) -> None:
    want = oracle.rounded(abs(x), decimals, mode) * (-1 if x < 0 else 1)
    assert F(exact.round_to(x, decimals, mode), 10**decimals) == want


@given(st.sampled_from(MODES), st.integers(0, 10**15) | st.integers(2**51, 2**62), st.integers(0, 6))
def test_round_down_digits(mode: exact.Rounding, value: int, digits: int) -> None:
    got = exact.round_down_digits(np.array([value]), digits, mode)
    assert int(got[0]) == oracle.rounded(F(value, 10**digits), 0, mode)


@given(st.integers(1 - 10**18, 10**18 - 1), st.integers(0, 9))
def test_text_and_parse_are_inverse(scaled: int, decimals: int) -> None:
    assert exact.parse(exact.text(scaled, decimals)) == F(scaled, 10**decimals)


@pytest.mark.parametrize(
    "text", ["", "1.", ".5", "+1", "1e3", "1,5", " 1", "01", "١", "1.0000000001", "1" * 19, "nan", "--1", "1\n"]
)
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal text"):
        exact.parse(text)
