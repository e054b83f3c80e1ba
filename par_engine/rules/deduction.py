"""deduction: the maximum less a step for each fault counted, down to a floor."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Exact, Number, Reals, Rounding, round_ratio, scale
from par_engine.base.types import Fact, FactId, Value, bracketed, declared, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import (
    Cells,
    Codes,
    CoreRule,
    Fault,
    Leaf,
    Scratch,
    fact_fault,
    rate,
    row,
    tile,
    too_large,
    within,
)


class Deduction(CoreRule):
    """max(floor, max − step × count)."""

    name: Literal["deduction"]
    fact: FactId
    step: Number
    floor: Exact

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from fact_fault(facts, self.fact, ("count",), "/fact")
        yield from rate("step", self.step, maximum, "/step")
        yield from within("floor", self.floor, maximum, decimals, "/floor")
        if self.step == 0:
            yield "/step", "step is 0, so nothing is ever deducted", "give the points that one fault costs"

    def score(self, values: Sequence[Value], maximum: Fraction) -> Fraction:
        count = values[0]
        assert isinstance(count, Fraction)
        return max(self.floor, maximum - self.step * count)

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        step, floor, title = declared(self.step, lang), say(self.floor, lang), facts[self.fact].title.get(lang)
        if lang == "vi":
            return f"{say(maximum, lang)} điểm, mỗi trường hợp ({title}) trừ {step}, không dưới {floor}"
        return f"{say(maximum, lang)} less {step} for each ({title}), not below {floor}"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        count = values[0]
        assert isinstance(count, Fraction)
        step, floor = bracketed(self.step, lang), say(self.floor, lang)
        return f"max({floor}; {say(maximum, lang)} − {step} × {say(count, lang)})"


class Kernel:
    """One product, one difference, one maximum; rounded where a step is finer than points are."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.columns = (tuple(leaf.columns[0][0] for leaf in leaves),)
        self.mode: Rounding = mode
        rules = [(leaf.rule, leaf.decimals) for leaf in leaves if isinstance(leaf.rule, Deduction)]
        steps = [rule.step * 10**digits for rule, digits in rules]
        over = [x.denominator for x in steps]
        self.whole = all(x == 1 for x in over)
        twice = 1 if self.whole else 2
        self.step = tile([-twice * x.numerator for x in steps])
        self.floor = tile([twice * scale(rule.floor, n) * x for (rule, n), x in zip(rules, over, strict=True)])
        self.top = tile([twice * leaf.top * x for leaf, x in zip(leaves, over, strict=True)])
        self.over = row(over)

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        return too_large(inputs[0] * self.step[0])

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        rows = len(points)
        left = scratch.copy(0, inputs[0])
        left *= self.step[:rows]
        left += self.top[:rows]
        if self.whole:
            np.maximum(left, self.floor[:rows], out=points)
        else:
            points[:] = round_ratio(np.maximum(left, self.floor[:rows], out=left), self.over, self.mode)
