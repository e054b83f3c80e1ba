"""Means and their standard errors by a stratified design, in exact fractions until the one square root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction

from par_engine.base.types import Survey

DIGITS = 12
"""Decimals of shares and standard errors where they are written."""
_WORK = Context(prec=50, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Estimate:
    """A mean share of the maximum, 0 to 1, and the variance of its estimate; None where it cannot be known."""

    ballots: int
    mean: Fraction | None
    variance: Fraction | None

    @property
    def error(self) -> Decimal | None:
        """The standard error."""
        return None if self.variance is None else root(self.variance)


def stratum(counts: Sequence[int], shares: Sequence[Fraction], frame: int | None = None) -> Estimate:
    """One group: ȳ = Σ share × n / n and v = (1 − f) s² / n, with s² = Σ n (share − ȳ)² / (n − 1) and f = n / frame.

    Without a frame size f is 0: a planned number of ballots is the size of a sample, and says nothing of a frame.
    """
    n = sum(counts)
    if n == 0:
        return Estimate(0, None, None)
    mean = sum((c * s for c, s in zip(counts, shares, strict=True)), Fraction(0)) / n
    if frame is not None and n >= frame:
        return Estimate(n, mean, Fraction(0))
    if n == 1:
        return Estimate(n, mean, None)
    spread = sum((c * (s - mean) ** 2 for c, s in zip(counts, shares, strict=True)), Fraction(0)) / (n - 1)
    rest = 1 if frame is None else 1 - Fraction(n, frame)
    return Estimate(n, mean, rest * spread / n)


def strata(survey: Survey, counts: Sequence[Sequence[int]], frames: Mapping[str, int]) -> list[Estimate]:
    """The groups of a question in the order of the survey."""
    shares = [option.share for option in survey.options]
    return [stratum(row, shares, frames.get(g.id)) for g, row in zip(survey.groups, counts, strict=True)]


def combined(survey: Survey, groups: Sequence[Estimate]) -> Estimate:
    """All groups: ȳ = Σ W ȳ_g / Σ W and v = Σ W² v_g / (Σ W)².

    W is the group's weight; where ballots are pooled it is the group's number of ballots, which makes ȳ the plain mean.
    """
    n = sum(g.ballots for g in groups)
    pooled = survey.combine == "pooled"
    weights = [Fraction(e.ballots) if pooled else g.weight for g, e in zip(survey.groups, groups, strict=True)]
    parts = [(w, e) for w, e in zip(weights, groups, strict=True) if w > 0]
    whole = sum((w for w, _ in parts), Fraction(0))
    mean = variance = Fraction(0)
    known = True
    for w, e in parts:
        if e.mean is None:
            return Estimate(n, None, None)
        mean += w * e.mean / whole
        known = known and e.variance is not None
        variance += w * w * (e.variance or 0) / whole**2
    if not parts:
        return Estimate(n, None, None)
    return Estimate(n, mean, variance if known else None)


def root(x: Fraction) -> Decimal:
    """The square root, correct to far more digits than are written."""
    with localcontext(_WORK):
        return (Decimal(x.numerator) / Decimal(x.denominator)).sqrt()


def written(x: Fraction | Decimal | None) -> str | None:
    """A number as text with twelve decimals at most."""
    if x is None:
        return None
    with localcontext(_WORK):
        value = x if isinstance(x, Decimal) else Decimal(x.numerator) / Decimal(x.denominator)
        text = format(value.quantize(Decimal(1).scaleb(-DIGITS)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
