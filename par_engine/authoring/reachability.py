"""Which measures and points the facts of a leaf can make at all: decided by witness or exhaustion, or left open."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from par_engine.base.types import Fact
from par_engine.methodology.boundary_cases import fits
from par_engine.rules.bands import Band, Bands
from par_engine.rules.base import Leaf
from par_engine.rules.boundaries import bounds
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.given import Given
from par_engine.rules.ratio import Ratio
from par_engine.rules.survey import SurveyRule
from par_engine.rules.tally import Tally

_EXHAUST = 5000  # so many values of a whole are tried one by one
_TRIED = 60


@dataclass(frozen=True)
class Span:
    """An interval of measures; None is an open end, `closed` says which ends belong to it."""

    low: Fraction | None = None
    high: Fraction | None = None
    closed: tuple[bool, bool] = (True, True)

    def __add__(self, x: Fraction) -> Span:
        low, high = (None if end is None else end + x for end in (self.low, self.high))
        return Span(low, high, self.closed)


def span_of(band: Band) -> Span:
    """The measures of a band."""
    return Span(band.lower, band.upper, (band.above is None, band.below is None))


def _grid(fact: Fact) -> Fraction:
    return Fraction(1, 10**fact.scale)


def _steps(
    span: Span, fact: Fact, factor: Fraction = Fraction(1), most: Fraction | None = None
) -> tuple[int, int | None]:
    """The first and last multiple of a fact's grid that is in range, at most `most`, and in `factor` × span."""
    grid, (least, top) = _grid(fact), bounds(fact)
    first = math.ceil(least / grid)
    lasts = [math.floor(x / grid) for x in (top, most) if x is not None]
    if span.low is not None:
        x = span.low * factor / grid
        first = max(first, math.ceil(x) + (not span.closed[0] and x.denominator == 1))
    if span.high is not None:
        x = span.high * factor / grid
        lasts.append(math.floor(x) - (not span.closed[1] and x.denominator == 1))
    return first, min(lasts) if lasts else None


def measures(leaf: Leaf, span: Span) -> bool | None:
    """Whether some facts of a ratio or bands leaf make a measure in the span; None when that stayed undecided."""
    rule = leaf.rule
    assert isinstance(rule, (Ratio, Bands))
    kind = "share" if isinstance(rule, Ratio) else rule.measure.kind
    if kind == "fact":
        first, last = _steps(span, leaf.facts[0])
        return last is None or first <= last
    return _shares(leaf, span if kind == "share" else span + Fraction(1), capped=rule.over == "refuse")


def _shares(leaf: Leaf, span: Span, *, capped: bool) -> bool | None:
    part, whole = leaf.facts
    grid, (least, most) = _grid(whole), bounds(whole)
    first = max(math.ceil(least / grid), 1)
    last = None if most is None else math.floor(most / grid)
    if last is not None and last < first:
        return False
    small = last is not None and last - first < _EXHAUST
    tried: Iterator[int] | range = range(first, (last or 0) + 1) if small else _likely(span, part, grid, first, last)
    for n in tried:
        whole_value = n * grid
        low, high = _steps(span, part, whole_value, whole_value if capped else None)
        if high is None or low <= high:
            return True
    least_part, most_part = bounds(part)
    low_share = Fraction(0) if last is None else least_part / (last * grid)
    high_share = None if most_part is None else most_part / (first * grid)
    if capped:
        high_share = Fraction(1) if high_share is None else min(high_share, Fraction(1))
    apart = (span.high is not None and (span.high < low_share or (span.high == low_share and not span.closed[1]))) or (
        span.low is not None
        and high_share is not None
        and (span.low > high_share or (span.low == high_share and not span.closed[0]))
    )
    return False if small or apart else None


def _likely(span: Span, part: Fact, grid: Fraction, first: int, last: int | None) -> Iterator[int]:
    """Wholes at which a witness is likely: the ends of the range, and multiples on which the span's ends are whole."""
    top = last if last is not None else first + 10**7
    ends = math.lcm(*(end.denominator for end in (span.low, span.high) if end is not None))
    for n in (*range(first, first + _TRIED), *range(max(first, top - _TRIED), top + 1)):
        yield n
    most = bounds(part)[1]
    for k in range(1, _TRIED):
        for base in (ends, 10 * ends, 1000 * ends):
            n = math.ceil(Fraction(first, base)) * base + (k - 1) * base
            if n <= top and (most is None or n * grid <= most * 1000):
                yield n


def maximum(leaf: Leaf) -> bool | None:
    """Whether some facts earn all points of a leaf of a core rule; None when that stayed undecided."""
    rule, top = leaf.rule, leaf.maximum
    if isinstance(rule, Choice):
        return max(rule.points.values()) == top
    if isinstance(rule, Ratio):
        return measures(leaf, Span(rule.full_at, None))
    if isinstance(rule, Bands):
        answers = [measures(leaf, span) for span in _tops(rule, top)]
        return True if True in answers else None if None in answers else False
    if isinstance(rule, Tally):
        most = bounds(leaf.facts[0])[1]
        return most is None or rule.each * math.floor(most) >= top
    if isinstance(rule, Deduction):
        return bounds(leaf.facts[0])[0] <= 0 or rule.floor == top
    if isinstance(rule, SurveyRule):
        survey = leaf.surveys[0]
        return survey is not None and max(answer.share for answer in survey.options) == 1
    return fits(leaf.facts[0], top) if isinstance(rule, Given) else True


def _tops(rule: Bands, top: Fraction) -> Iterator[Span]:
    """The measures at which bands give the maximum."""
    for band in rule.bands:
        if band.points_to is None or band.points_to == band.points:
            if band.points == top:
                yield span_of(band)
            continue
        if band.points == top and band.from_ is not None:
            yield Span(band.from_, band.from_)
        if band.points_to == top and band.to is not None:
            yield Span(band.to, band.to)
