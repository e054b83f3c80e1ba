"""deduction: the maximum less a step for each fault counted, down to a floor."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Exact, Reals, Rounding, scale
from par_engine.base.types import Fact, FactId, Value, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, CoreRule, Fault, Leaf, Scratch, fact_fault, tile, too_large, within


class Deduction(CoreRule):
    """max(floor, max − step × count)."""

    name: Literal["deduction"]
    fact: FactId
    step: Exact
    floor: Exact

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from fact_fault(facts, self.fact, ("count",), "/fact")
        yield from within("step", self.step, maximum, decimals, "/step")
        yield from within("floor", self.floor, maximum, decimals, "/floor")
        if self.step == 0:
            yield "/step", "step is 0, so nothing is ever deducted", "give the points that one fault costs"

    def score(self, values: Sequence[Value], maximum: Fraction) -> Fraction:
        count = values[0]
        assert isinstance(count, Fraction)
        return max(self.floor, maximum - self.step * count)

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        step, floor, title = say(self.step, lang), say(self.floor, lang), facts[self.fact].title.get(lang)
        if lang == "vi":
            return f"{say(maximum, lang)} điểm, mỗi trường hợp ({title}) trừ {step}, không dưới {floor}"
        return f"{say(maximum, lang)} less {step} for each ({title}), not below {floor}"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        count = values[0]
        assert isinstance(count, Fraction)
        step, floor = say(self.step, lang), say(self.floor, lang)
        return f"max({floor}; {say(maximum, lang)} − {step} × {say(count, lang)})"


class Kernel:
    """One product, one difference, one maximum."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.columns = (tuple(leaf.columns[0][0] for leaf in leaves),)
        rules = [(leaf.rule, leaf.decimals) for leaf in leaves]
        self.step = tile([-scale(rule.step, digits) for rule, digits in rules if isinstance(rule, Deduction)])
        self.floor = tile([scale(rule.floor, digits) for rule, digits in rules if isinstance(rule, Deduction)])
        self.top = tile([leaf.top for leaf in leaves])

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        return too_large(inputs[0] * self.step[0])

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        rows = len(points)
        left = scratch.copy(0, inputs[0])
        left *= self.step[:rows]
        left += self.top[:rows]
        np.maximum(left, self.floor[:rows], out=points)
