"""checklist: every tick gives its points."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from par_engine.base.decimals import Exact, Reals, Rounding, scale
from par_engine.base.types import Fact, FactId, Value, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, CoreRule, Fault, Leaf, Scratch, fact_fault, within


class Checklist(CoreRule):
    """Σ points of the ticked facts; together they are the maximum."""

    name: Literal["checklist"]
    points: Annotated[dict[FactId, Exact], Field(min_length=1)]

    def facts(self) -> tuple[str, ...]:
        return tuple(self.points)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        for name, value in self.points.items():
            yield from fact_fault(facts, name, ("boolean",), f"/points/{name}")
            yield from within(f'the points of "{name}"', value, maximum, decimals, f"/points/{name}")
        total = sum(self.points.values(), Fraction(0))
        if total != maximum:
            yield (
                "/points",
                f"the ticks sum to {say(total, 'en')}, the maximum is {say(maximum, 'en')}",
                "make them equal",
            )

    def score(self, values: Sequence[Value], maximum: Fraction) -> Fraction:
        return sum((p for p, ticked in zip(self.points.values(), values, strict=True) if ticked), Fraction(0))

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        return "; ".join(f"{facts[name].title.get(lang)}: {say(p, lang)}" for name, p in self.points.items())

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        parts = [p if ticked else Fraction(0) for p, ticked in zip(self.points.values(), values, strict=True)]
        return " + ".join(say(p, lang) for p in parts)


class Kernel:
    """All ticks of all leaves in one block; a sum per leaf."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.columns = (tuple(column[0] for leaf in leaves for column in leaf.columns),)
        self.points = np.zeros((len(self.columns[0]), len(leaves)))
        tick = 0
        for j, leaf in enumerate(leaves):
            assert isinstance(leaf.rule, Checklist)
            for value in leaf.rule.points.values():
                self.points[tick, j] = scale(value, leaf.decimals)
                tick += 1
        # one tick a leaf is a plain product, cheaper than a matrix
        self.single = self.points.diagonal().copy() if tick == len(leaves) else None

    def heavy(self, inputs: Sequence[Cells]) -> None:
        return None

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        if self.single is not None:
            np.multiply(inputs[0], self.single, out=points)
        else:
            np.matmul(inputs[0].astype(np.float64), self.points, out=points)
