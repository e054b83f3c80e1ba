"""given: the points that an assessor states, checked against the maximum."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Reals, Rounding, round_ratio
from par_engine.base.types import Fact, FactId, Text, Value, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, CoreRule, Fault, Leaf, Scratch, fact_fault, row, too_large


class Given(CoreRule):
    """The fact itself; values outside 0 to the maximum are refused."""

    name: Literal["given"]
    fact: FactId

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from fact_fault(facts, self.fact, ("decimal",), "/fact")

    def refuse(self, values: Sequence[Value], maximum: Fraction) -> Text | None:
        points = values[0]
        assert isinstance(points, Fraction)
        if 0 <= points <= maximum:
            return None
        return Text(
            vi=f"{self.fact} ngoài khoảng 0 đến điểm tối đa {say(maximum, 'vi')}",
            en=f"{self.fact} is outside 0 to the maximum {say(maximum, 'en')}",
        )

    def score(self, values: Sequence[Value], maximum: Fraction) -> Fraction:
        points = values[0]
        assert isinstance(points, Fraction)
        return points

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        top = say(maximum, lang)
        return (
            f"điểm do người thẩm định cho, từ 0 đến {top}"
            if lang == "vi"
            else f"points as the assessor states them, 0 to {top}"
        )

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        return say(self.score(values, maximum), lang)


class Kernel:
    """Changes the decimals of the fact into those of points."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.mode: Rounding = mode
        self.columns = (tuple(leaf.columns[0][0] for leaf in leaves),)
        shifts = [leaf.decimals - leaf.facts[0].scale for leaf in leaves]
        self.up = row([10 ** max(shift, 0) for shift in shifts])
        self.down = row([10 ** max(-shift, 0) for shift in shifts])

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        return too_large(inputs[0] * self.up * 4)

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        np.multiply(inputs[0], self.up, out=points)
        if (self.down != 1).any():
            points[:] = round_ratio(2 * points, np.broadcast_to(self.down, points.shape).copy(), self.mode)
