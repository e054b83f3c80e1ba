"""tally: points for each unit counted, up to the maximum."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Number, Reals, Rounding, round_ratio
from par_engine.base.types import Fact, FactId, Value, bracketed, declared, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, CoreRule, Fault, Leaf, Scratch, fact_fault, rate, row, tile, too_large


class Tally(CoreRule):
    """min(max, each × count)."""

    name: Literal["tally"]
    fact: FactId
    each: Number

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from fact_fault(facts, self.fact, ("count",), "/fact")
        yield from rate("each", self.each, maximum, "/each")
        if self.each == 0:
            yield "/each", "each is 0, so the leaf can never score", "give the points of one unit"

    def score(self, values: Sequence[Value], maximum: Fraction) -> Fraction:
        count = values[0]
        assert isinstance(count, Fraction)
        return min(maximum, self.each * count)

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        each, top, title = declared(self.each, lang), say(maximum, lang), facts[self.fact].title.get(lang)
        if lang == "vi":
            return f"{title}: mỗi đơn vị đếm được {each} điểm, tối đa {top}"
        return f"{title}: {each} for each one counted, at most {top}"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        count = values[0]
        assert isinstance(count, Fraction)
        return f"min({say(maximum, lang)}; {bracketed(self.each, lang)} × {say(count, lang)})"


class Kernel:
    """One product and one minimum; rounded where a rate is finer than points are."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.columns = (tuple(leaf.columns[0][0] for leaf in leaves),)
        self.mode: Rounding = mode
        each = [leaf.rule.each * 10**leaf.decimals for leaf in leaves if isinstance(leaf.rule, Tally)]
        self.whole = all(x.denominator == 1 for x in each)
        self.each = tile([x.numerator * (1 if self.whole else 2) for x in each])
        self.over = row([x.denominator for x in each])
        self.top = tile([leaf.top for leaf in leaves])

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        return too_large(inputs[0] * self.each[0])

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        rows = len(points)
        earned = scratch.copy(0, inputs[0])
        earned *= self.each[:rows]
        if not self.whole:
            earned = round_ratio(earned, self.over, self.mode)
        np.minimum(earned, self.top[:rows], out=points)
