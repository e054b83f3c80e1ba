"""bands: a measure falls in one band, which gives fixed points or points that rise along it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from par_engine.exact import LIMIT, Exact, Reals, Rounding, common, round_ratio
from par_engine.nodes import Fact, FactId, Lang, Node, Text, Value, say
from par_engine.rules.base import (
    Cells,
    Codes,
    CoreRule,
    Fault,
    Leaf,
    Points,
    Scratch,
    fact_fault,
    row,
    tile,
    too_large,
    within,
)
from par_engine.rules.ratio import WhenZero, Zeros, part_over_whole, when_zero, zero_words


class Measure(Node):
    """What is measured: a fact, the share part / whole, or the change (now - before) / before."""

    fact: FactId | None = None
    part: FactId | None = None
    whole: FactId | None = None
    now: FactId | None = None
    before: FactId | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = {name for name in ("fact", "part", "whole", "now", "before") if getattr(self, name) is not None}
        if given not in ({"fact"}, {"part", "whole"}, {"now", "before"}):
            raise ValueError("give either fact, or part and whole, or now and before")
        return self

    @property
    def kind(self) -> Literal["fact", "share", "change"]:
        """Which of the three it is."""
        return "fact" if self.fact is not None else "share" if self.part is not None else "change"

    def facts(self) -> tuple[str, ...]:
        """The facts it reads: the measure, or numerator and denominator."""
        return tuple(name for name in (self.fact, self.part, self.whole, self.now, self.before) if name is not None)


class Band(Node):
    """One band: `from` ≥, `above` >, `below` <, `to` ≤; fixed `points`, or rising to `points_to` at its upper end."""

    from_: Annotated[Exact | None, Field(alias="from")] = None
    above: Exact | None = None
    below: Exact | None = None
    to: Exact | None = None
    points: Exact
    points_to: Exact | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise ValueError("give from or above, not both")
        if self.below is not None and self.to is not None:
            raise ValueError("give below or to, not both")
        if self.points_to is not None and (self.lower is None or self.upper is None):
            raise ValueError("points_to needs a lower and an upper bound")
        return self

    @property
    def lower(self) -> Fraction | None:
        """The lower bound, or None."""
        return self.above if self.from_ is None else self.from_

    @property
    def upper(self) -> Fraction | None:
        """The upper bound, or None."""
        return self.to if self.below is None else self.below

    def line(self) -> tuple[Fraction, Fraction]:
        """Points as slope × measure + constant."""
        if self.points_to is None or self.lower is None or self.upper is None:
            return Fraction(0), self.points
        slope = (self.points_to - self.points) / (self.upper - self.lower)
        return slope, self.points - slope * self.lower

    def holds(self, x: Fraction) -> bool:
        """Whether `x` lies at or above its lower bound."""
        return (self.from_ is None or x >= self.from_) and (self.above is None or x > self.above)


class Bands(CoreRule):
    """The points of the band in which the measure lies."""

    name: Literal["bands"]
    measure: Measure
    whole_zero: WhenZero | None = None
    over: Literal["allow", "refuse"] | None = None
    bands: Annotated[list[Band], Field(min_length=1, max_length=200)]
    monotone: Literal[False] | None = None  # said where points rise and fall again on purpose

    @model_validator(mode="after")
    def _declared(self) -> Self:
        if (self.whole_zero is None) != (self.measure.kind == "fact"):
            raise ValueError("whole_zero goes with part/whole and now/before, always and only")
        if (self.over is None) != (self.measure.kind != "share"):
            raise ValueError("over goes with part/whole, always and only")
        return self

    def facts(self) -> tuple[str, ...]:
        return self.measure.facts()

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        for name in self.facts():
            yield from fact_fault(facts, name, ("count", "decimal"), "/measure")
        for name in self.facts() if self.measure.kind != "fact" else ():
            least = facts[name].min if name in facts else None
            if least is not None and least < 0:
                yield "/measure", f'fact "{name}" can be negative', "shares and changes need amounts of 0 or more"
        least, most = self._range(facts)
        first, last = self.bands[0], self.bands[-1]
        if first.lower is not None and (least is None or not first.holds(least)):
            what, hint = "the first band has a lower bound", "every measure must fall in a band: leave it open below"
            yield "/bands/0", what, hint
        if last.upper is not None and (most is None or most > last.upper or (most == last.upper and last.to is None)):
            what, hint = "the last band has an upper bound", "every measure must fall in a band: leave it open above"
            yield f"/bands/{len(self.bands) - 1}", what, hint
        for i, band in enumerate(self.bands):
            yield from within("points", band.points, maximum, decimals, f"/bands/{i}/points")
            if band.points_to is not None:
                yield from within("points_to", band.points_to, maximum, decimals, f"/bands/{i}/points_to")
            if band.lower is not None and band.upper is not None and band.lower >= band.upper:
                yield f"/bands/{i}", "the lower bound is not below the upper bound", "write bands in ascending order"
        for i, (low, high) in enumerate(zip(self.bands, self.bands[1:], strict=False), start=1):
            end, start = low.upper, high.lower
            if end is None or start is None:
                yield f"/bands/{i}", "two neighbouring bands have an open end between them", "give both bounds"
            elif end < start or (end == start and low.below is not None and high.above is not None):
                yield f"/bands/{i}", f"there is a gap before {say(start, 'en')}", "bands must meet"
            elif end > start or (low.to is not None and high.from_ is not None):
                yield (
                    f"/bands/{i}",
                    f"the band overlaps the one before it at {say(start, 'en')}",
                    "bands must not overlap",
                )

    def _range(self, facts: Mapping[str, Fact]) -> tuple[Fraction | None, Fraction | None]:
        """The least and the greatest measure that the facts' declarations admit, as far as they are known."""
        if self.measure.kind == "share":
            return Fraction(0), Fraction(1) if self.over == "refuse" else None
        if self.measure.kind == "change":
            return Fraction(-1), None
        fact = facts.get(self.facts()[0])
        if fact is None:
            return None, None
        return (fact.min if fact.min is not None else Fraction(0)), fact.max

    def refuse(self, values: Sequence[Value], maximum: Fraction) -> Text | None:
        if self.over != "refuse":
            return None
        part, whole = values
        assert isinstance(part, Fraction) and isinstance(whole, Fraction)
        return part_over_whole(str(self.measure.part), str(self.measure.whole)) if part > whole else None

    def _measure(self, values: Sequence[Value]) -> Fraction | None:
        numbers = [value for value in values if isinstance(value, Fraction)]
        if self.measure.kind == "fact":
            return numbers[0]
        num, den = numbers
        if den == 0:
            return None
        return num / den if self.measure.kind == "share" else (num - den) / den

    def score(self, values: Sequence[Value], maximum: Fraction) -> Points:
        x = self._measure(values)
        if x is None:
            assert self.whole_zero is not None
            return when_zero(self.whole_zero, maximum)
        slope, constant = next(band for band in reversed(self.bands) if band.holds(x)).line()
        return slope * x + constant

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        titles = [facts[name].title.get(lang) for name in self.facts()]
        percent = self.measure.kind != "fact"
        change = "(%s − %s) / %s" if self.measure.kind == "change" else "%s / %s"
        head = (
            (change % (*titles, titles[-1]) if self.measure.kind == "change" else change % tuple(titles))
            if percent
            else titles[0]
        )
        signs = {"vi": ("từ", "trên", "dưới", "đến"), "en": ("from", "above", "below", "to")}[lang]
        parts = []
        for band in self.bands:
            bounds = [
                f"{sign} {say(x * 100, lang)} %" if percent else f"{sign} {say(x, lang)}"
                for sign, x in zip(signs, (band.from_, band.above, band.below, band.to), strict=True)
                if x is not None
            ]
            rise = f" → {say(band.points_to, lang)}" if band.points_to is not None else ""
            span = " ".join(bounds) or ("mọi giá trị" if lang == "vi" else "any value")
            parts.append(f"{span}: {say(band.points, lang)}{rise}")
        zero = f"; {zero_words(self.whole_zero, lang)}" if self.whole_zero else ""
        return f"{head} — {'; '.join(parts)}{zero}"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        x = self._measure(values)
        if x is None:
            assert self.whole_zero is not None
            return zero_words(self.whole_zero, lang)
        band = next(band for band in reversed(self.bands) if band.holds(x))
        shown = say(x, lang) if self.measure.kind == "fact" else f"{say(x * 100, lang)} %"
        if band.points_to is None or band.lower is None or band.upper is None:
            return f"{shown} → {say(band.points, lang)}"
        low, high = say(band.lower, lang), say(band.upper, lang)
        rise = say(band.points_to - band.points, lang)
        return f"{shown}; {say(band.points, lang)} + {rise} × ({say(x, lang)} − {low}) / ({high} − {low})"


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
