"""banding: how the leaves of the rule `bands` are scored together, as steps and lines of whole numbers."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import LIMIT, Reals, Rounding, common, round_ratio
from par_engine.rules.bands import Band, Bands
from par_engine.rules.base import Cells, Codes, Leaf, Scratch, row, tile, too_large
from par_engine.rules.ratio import Zeros


class Kernel:
    """Counts the lower bounds that a measure has passed, looks up that band's line, and rounds once."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.mode: Rounding = mode
        rules = [leaf.rule for leaf in leaves if isinstance(leaf.rule, Bands)]
        self.kind = rules[0].measure.kind
        self.columns = tuple(tuple(leaf.columns[i][0] for leaf in leaves) for i in range(len(leaves[0].columns)))
        self.tops = [leaf.top for leaf in leaves]
        lists = [_steps(leaf) for leaf in leaves]
        most = max(len(steps) for steps in lists)
        # a bound that is never passed fills the shorter lists: 0 × num - 1 × den >= 1 is false for den >= 1
        bounds = [[(s[0], s[1], s[2]) for s in steps[1:]] + [(0, 1, 1)] * (most - len(steps)) for steps in lists]
        self.bounds = [tuple(row([b[j][i] for b in bounds]) for i in range(3)) for j in range(most - 1)]
        lines = [[step[3:] for step in steps] + [steps[-1][3:]] * (most - len(steps)) for steps in lists]
        self.slope2, self.constant2, self.q = (
            row([line[i] for leaf_lines in lines for line in leaf_lines]) for i in range(3)
        )
        self.offsets = np.arange(len(leaves)) * most
        self.single = most == 1
        self.fixed = not self.slope2.any()
        if self.single and not self.fixed:
            self.tiled = [tile([line[i] for leaf_lines in lines for line in leaf_lines]) for i in (0, 1)]
        if self.fixed:
            self.table = self.constant2 / self.q / 2
        shifts = [Fraction(10 ** leaf.facts[-1].scale, 10 ** leaf.facts[0].scale) for leaf in leaves]
        self.up, self.down = row([s.numerator for s in shifts]), row([s.denominator for s in shifts])
        self.zeros = None
        if self.kind != "fact":
            self.zeros = Zeros([rule.whole_zero for rule in rules if rule.whole_zero is not None], self.tops)

    def _terms(self, inputs: Sequence[Cells]) -> tuple[Reals, Reals | float]:
        if self.kind == "fact":
            return inputs[0].astype(np.float64), 1.0
        num, den = inputs[0] * self.up, inputs[1] * self.down
        if self.kind == "change":
            num -= den
        return num, den

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        num, den = self._terms(inputs)
        shape = num.shape
        slope, constant, q = (self._widest(part) for part in (self.slope2, self.constant2, self.q))
        top = np.broadcast_to(den * (constant + 4 * q + row([4 * top for top in self.tops]) * q), shape)
        bounds = [np.broadcast_to(np.abs(num) * b[0] + den * np.abs(b[1]), shape) for b in self.bounds]
        sides = [inputs[0] * self.up, np.broadcast_to(inputs[-1] * self.down, shape)]
        return too_large(np.abs(num) * slope, top, *bounds, *sides)

    def _widest(self, part: Reals) -> Reals:
        widest: Reals = np.abs(part.reshape(len(self.tops), -1)).max(axis=1)
        return widest

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        if self.single and self.kind == "fact" and not self.fixed:
            rows = len(points)
            num = scratch.copy(0, inputs[0])
            num *= self.tiled[0][:rows]
            num += self.tiled[1][:rows]
            points[:] = round_ratio(num, self.q, self.mode)
            return
        num, den = self._terms(inputs)
        zero = None
        if self.zeros is not None:
            zero = np.equal(den, 0)
            den = np.maximum(den, 1)
        slope, constant, q = self.slope2, self.constant2, self.q
        if not self.single:
            band = np.broadcast_to(self.offsets, num.shape).copy()
            for up, bound, strict in self.bounds:
                band += num * up - den * bound >= strict
            if self.fixed:
                np.take(self.table, band, out=points, mode="clip")
            else:
                slope, constant, q = slope[band], constant[band], q[band]
        elif self.fixed:
            points[:] = self.table
        if not self.fixed:
            num *= slope
            num += constant * den
            points[:] = round_ratio(num, q * den, self.mode)
        if zero is not None and self.zeros is not None:
            self.zeros.apply(zero, points, status)


def _steps(leaf: Leaf) -> list[tuple[int, ...]]:
    """Per band (up, bound, strict, 2 × slope, 2 × constant, q) for `num × up - den × bound >= strict` and its line.

    Bands that a fact's declared range cannot reach are left out, so that the usual scale needs no comparison at all.
    """
    rule, fact = leaf.rule, leaf.facts[0]
    assert isinstance(rule, Bands)
    scaled = Fraction(10**fact.scale if rule.measure.kind == "fact" else 1)
    least = fact.min if fact.min is not None else Fraction(0)
    most = fact.max
    steps: list[tuple[int, ...]] = []
    for i, band in enumerate(rule.bands):
        slope, constant = (x * 10**leaf.decimals for x in band.line())
        (a, c), q = common([slope / scaled, constant])
        bound = (band.lower if band.lower is not None else Fraction(0)) * scaled
        step = (bound.denominator, bound.numerator, int(band.above is not None), 2 * a, 2 * c, q)
        if rule.measure.kind == "fact":
            above = rule.bands[i + 1] if i + 1 < len(rule.bands) else None
            if above is not None and above.holds(least):
                continue
            if steps and most is not None and (not band.holds(most) or _only_touches(rule.bands[i - 1], band, most)):
                break
            strict = band.above is not None
            whole = math.floor(bound) + 1 if strict else math.ceil(bound)
            step = (1, min(max(whole, -LIMIT + 1), LIMIT - 1), 0, 2 * a, 2 * c, q)
        steps.append(step)
    return steps


def _only_touches(low: Band, high: Band, most: Fraction) -> bool:
    """Whether a fact's largest value is the one point it shares with `high`, and `low` gives the same points there."""
    slope, constant = low.line()
    at, own = high.line()
    return high.lower == most and slope * most + constant == at * most + own
