"""Exact numbers: decimal text and fractions, integers scaled by a power of ten, and the one place that rounds."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, PlainSerializer

Rounding = Literal["half_up", "half_even", "half_down", "down", "up"]
Ints = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]  # always whole numbers below LIMIT: there a double holds every integer exactly

LIMIT = 2**53
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?", re.ASCII)
_FRACTION = re.compile(r"-?[0-9]{1,9}/[0-9]{1,6}", re.ASCII)
_PLACES = 9

DECIMAL_FORM = 'write the number as a decimal text such as "1.5"'
NUMBER_FORM = 'write the number as a decimal text such as "1.5", or as a fraction such as "2/3"'
NO_DENOMINATOR = "the denominator of a fraction must be above 0"
ONE_WRITING = "a fraction is in lowest terms, and for what no decimal writes"


def parse(text: str) -> Fraction:
    """A decimal text (`"1.5"`, at most 18 digits before and 9 after the point) as an exact number.

    Raises ValueError for anything else: signs other than `-`, exponents, spaces, commas.
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"not a decimal text: {text!r}")
    return Fraction(text)


def _exact(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError(DECIMAL_FORM)
    return Fraction(value)


def _number(value: Any) -> Fraction:
    if isinstance(value, Fraction) or (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        return Fraction(value)
    if not isinstance(value, str) or not _FRACTION.fullmatch(value):
        raise ValueError(NUMBER_FORM)
    if not int(value.partition("/")[2]):
        raise ValueError(NO_DENOMINATOR)
    if written(Fraction(value)) != value:
        raise ValueError(ONE_WRITING)
    return Fraction(value)


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(lambda x: plain(x), return_type=str)]
"""A pydantic field that reads a decimal text and holds it as an exact number."""

Number = Annotated[Fraction, BeforeValidator(_number), PlainSerializer(lambda x: written(x), return_type=str)]
"""The same of a number that is compared or multiplied, so that it may be a fraction: `"2/3"`."""


def plain(x: Fraction) -> str:
    """The shortest decimal text of a number that has one.

    >>> plain(Fraction(3, 2)), plain(Fraction(2))
    ('1.5', '2')
    """
    scale, digits = 1, 0
    while scale % x.denominator:
        scale, digits = scale * 10, digits + 1
        if digits > 40:
            raise ValueError(f"{x} has no finite decimal text")
    return text(x.numerator * (scale // x.denominator), digits)


def is_decimal(x: Fraction) -> bool:
    """Whether documents write `x` as a decimal, which has at most nine places."""
    return is_scaled(x, _PLACES)


def written(x: Fraction) -> str:
    """The one text of a number of a rule: decimal, or a fraction in lowest terms where no decimal writes it.

    >>> written(Fraction(1, 2)), written(Fraction(4, 6))
    ('0.5', '2/3')
    """
    return plain(x) if is_decimal(x) else str(x)


def short(x: Fraction) -> str:
    """The decimal text of a number for information only: rounded to four decimals where it has no finite one.

    >>> short(Fraction(1, 8)), short(Fraction(2, 3))
    ('0.125', '0.6667')
    """
    try:
        return plain(x)
    except ValueError:
        return plain(Fraction(round_to(x, 4, "half_up"), 10**4))


def text(scaled: int, decimals: int) -> str:
    """A scaled integer as decimal text: `text(8703, 2)` is `"87.03"`."""
    sign, digits = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, part = divmod(digits, 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"


@lru_cache(2**14)  # a report asks for the same few hundred figures over and over
def decimal(scaled: int, decimals: int) -> Decimal:
    """A scaled integer as a Decimal with exactly `decimals` places."""
    return Decimal(text(scaled, decimals))


def is_scaled(x: Fraction, decimals: int) -> bool:
    """Whether `x` has at most `decimals` decimals."""
    return bool(10**decimals % x.denominator == 0)


def scale(x: Fraction, decimals: int) -> int:
    """`x × 10**decimals`, which must be whole."""
    scaled: Fraction = x * 10**decimals
    if scaled.denominator != 1:
        raise ValueError(f"{x} has more than {decimals} decimals")
    return scaled.numerator


def round_to(x: Fraction, decimals: int, mode: Rounding) -> int:
    """`x × 10**decimals` rounded to a whole number.

    >>> round_to(Fraction(12345, 1000), 2, "half_up")
    1235
    """
    return round_quotient(x.numerator * int(10**decimals), x.denominator, mode)


def round_quotient(num: int, den: int, mode: Rounding) -> int:
    """`num / den` rounded to a whole number; `den` is positive."""
    if num < 0:  # modes are about the size of the number, so that -0.5 mirrors 0.5
        return -round_quotient(-num, den, mode)
    if mode == "down":
        return num // den
    if mode == "up":
        return -(-num // den)
    if mode == "half_even":
        whole, rest = divmod(num, den)
        return whole + (2 * rest > den or (2 * rest == den and whole % 2 == 1))
    return (2 * num + den - (mode == "half_down")) // (2 * den)


def round_ratio(num2: Reals, den: Reals, mode: Rounding) -> Reals:
    """Round `num2 / (2 × den)` to whole numbers, in place of `num2`. Both are whole, num2 ≥ 0, den ≥ 1.

    `den` may be a row that stands for all units; an array of the shape of `num2` is used up.

    Exact as long as `num2 + 2 × den < 2**53`: for whole numbers a, b below that limit the quotient as a double never
    reaches the next whole number above a / b (the gap is 1/b, the spacing of doubles there is smaller), so its floor
    is the floor of a / b itself. No estimate decides anything.
    """
    if mode == "half_up":
        num2 += den
    elif mode == "half_down":
        num2 += den - 1
    elif mode == "up":
        num2 += 2 * den - 1
    elif mode == "half_even":
        twice = num2 + den
        np.floor(np.divide(twice, 2 * den, out=num2), out=num2)
        num2 -= (num2 * (2 * den) == twice) & (num2 % 2 == 1)
        return num2
    np.divide(num2, np.add(den, den, out=den if den.shape == num2.shape else None), out=num2)
    return np.floor(num2, out=num2)


def round_down_digits(values: Ints, digits: int, mode: Rounding) -> Ints:
    """Drop the last `digits` decimal digits of non-negative integers, rounding by `mode`."""
    if digits == 0:
        return values
    den = int(10**digits)
    if mode == "half_even":
        whole, rest = np.divmod(values, den)
        even: Ints = whole + ((2 * rest > den) | ((2 * rest == den) & (whole % 2 == 1)))
        return even
    add: int = {"half_up": den // 2, "half_down": den // 2 - 1, "down": 0, "up": den - 1}[mode]
    if values.max(initial=0) < LIMIT // 2:  # as in round_ratio: the floor of the double quotient is the exact one
        quotient = np.divide(values + add, den)
        return np.floor(quotient, out=quotient).astype(np.int64)
    dropped: Ints = (values + add) // den
    return dropped


def freeze(*arrays: npt.NDArray[Any]) -> None:
    """Make arrays read-only: results are values."""
    for array in arrays:
        array.flags.writeable = False


def common(numbers: list[Fraction]) -> tuple[list[int], int]:
    """Whole numerators of `numbers` over their least common denominator, and that denominator."""
    den = math.lcm(*(x.denominator for x in numbers))
    return [x.numerator * (den // x.denominator) for x in numbers], den
