"""ratio: points in proportion to part / whole, with a floor below which there are none."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Number, Reals, Rounding, common, round_ratio
from par_engine.base.types import (
    MISSING,
    NOT_APPLICABLE,
    Fact,
    FactId,
    Outcome,
    Text,
    Value,
    bracketed,
    declared_share,
    equals,
    say,
)
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import (
    Cells,
    Codes,
    CoreRule,
    Fault,
    Leaf,
    Points,
    Scratch,
    extremes,
    fact_fault,
    row,
    tile,
    too_large,
)

WhenZero = Literal["zero", "full", "not_applicable", "missing"]
_POINTS = np.dtype(np.int32)
_ZERO = {
    "zero": {"vi": "0 điểm", "en": "0 points"},
    "full": {"vi": "điểm tối đa", "en": "the maximum"},
    "not_applicable": {"vi": "không áp dụng", "en": "not applicable"},
    "missing": {"vi": "coi như thiếu số liệu", "en": "counts as missing"},
}


def when_zero(choice: WhenZero, maximum: Fraction) -> Points:
    """What a division by zero is worth, as the methodology declares it."""
    if choice in ("zero", "full"):
        return maximum if choice == "full" else Fraction(0)
    return Outcome.NOT_APPLICABLE if choice == "not_applicable" else Outcome.MISSING


def zero_words(choice: WhenZero, lang: Lang) -> str:
    """How a sentence says what a zero whole is worth."""
    return f"{'mẫu số bằng 0' if lang == 'vi' else 'when the whole is 0'}: {_ZERO[choice][lang]}"


def part_over_whole(part: str, whole: str) -> Text:
    """Why a part greater than its whole is refused."""
    return Text(vi=f"{part} lớn hơn {whole}", en=f"{part} is greater than {whole}")


class Zeros:
    """The leaves of a block by what a zero whole is worth."""

    def __init__(self, choices: Sequence[WhenZero], tops: Sequence[int]) -> None:
        self.worth = row([top if choice == "full" else 0 for choice, top in zip(choices, tops, strict=True)])
        codes = {"zero": 0, "full": 0, "missing": MISSING, "not_applicable": NOT_APPLICABLE}
        self.codes = np.array([codes[choice] for choice in choices], dtype=np.uint8)
        self.plain = not (self.worth.any() or self.codes.any())

    def apply(self, zero: npt.NDArray[np.bool_], points: Reals, status: Codes) -> None:
        """Overwrite the cells where the whole is zero."""
        if zero.any():
            np.copyto(points, self.worth, where=zero)
            np.copyto(status, self.codes, where=zero & (status == 0) & (self.codes != 0))


class Ratio(CoreRule):
    """0 below `floor`, the maximum from `full_at`, in between max × (part / whole) / full_at."""

    name: Literal["ratio"]
    part: FactId
    whole: FactId
    floor: Number
    full_at: Number
    over: Literal["cap", "refuse"]
    whole_zero: WhenZero

    def facts(self) -> tuple[str, ...]:
        return (self.part, self.whole)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        for place in ("part", "whole"):
            name = getattr(self, place)
            yield from fact_fault(facts, name, ("count", "decimal"), f"/{place}")
            least = facts[name].min if name in facts else None
            if least is not None and least < 0:
                yield f"/{place}", f'fact "{name}" can be negative', "a share needs amounts of 0 or more"
        if self.full_at <= 0:
            yield "/full_at", "full_at must be above 0", "1 means: the maximum when all is done"
        if not 0 <= self.floor <= self.full_at:
            yield "/floor", "floor must lie between 0 and full_at", "below the floor there are no points"

    def refuse(self, values: Sequence[Value], maximum: Fraction) -> Text | None:
        part, whole = values
        assert isinstance(part, Fraction) and isinstance(whole, Fraction)
        return part_over_whole(self.part, self.whole) if self.over == "refuse" and part > whole else None

    def score(self, values: Sequence[Value], maximum: Fraction) -> Points:
        part, whole = values
        assert isinstance(part, Fraction) and isinstance(whole, Fraction)
        if whole == 0:
            return when_zero(self.whole_zero, maximum)
        share = part / whole
        if share < self.floor:
            return Fraction(0)
        return min(maximum, maximum * share / self.full_at)

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        part, whole = (facts[name].title.get(lang) for name in self.facts())
        floor, full = declared_share(self.floor, lang), declared_share(self.full_at, lang)
        divisor = full if full.endswith("%") else f"({full})"
        formula = f"{say(maximum, lang)} × ({part} / {whole})" + (f" / {divisor}" if self.full_at != 1 else "")
        if lang == "vi":
            below = f"dưới {floor}: 0; " if self.floor else ""
            words = f"từ {full} trở lên: điểm tối đa; {below}còn lại: {formula}"
        else:
            below = f"below {floor}: 0; " if self.floor else ""
            words = f"{full} or more: the maximum; {below}in between: {formula}"
        return f"{words}; {zero_words(self.whole_zero, lang)}"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        part, whole = values
        assert isinstance(part, Fraction) and isinstance(whole, Fraction)
        if whole == 0:
            return zero_words(self.whole_zero, lang)
        share = part / whole
        line = f"{say(part, lang)} / {say(whole, lang)} {equals(share * 100, lang)} %"
        if share < self.floor:
            return line + f" < {declared_share(self.floor, lang)} → 0"
        if share >= self.full_at:
            return line + f" ≥ {declared_share(self.full_at, lang)} → {say(maximum, lang)}"
        divide = f" / {bracketed(self.full_at, lang)}" if self.full_at != 1 else ""
        return f"{line}; {say(maximum, lang)} × {say(part, lang)} / {say(whole, lang)}{divide}"


class Kernel:
    """points = a × part / (b × whole) with whole a, b per leaf, floored and capped before the one rounding."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.mode: Rounding = mode
        self.columns = tuple(tuple(leaf.columns[i][0] for leaf in leaves) for i in (0, 1))
        numbers: list[list[int]] = []
        choices: list[WhenZero] = []
        for leaf in leaves:
            rule = leaf.rule
            assert isinstance(rule, Ratio)
            shift = Fraction(10 ** leaf.facts[1].scale, 10 ** leaf.facts[0].scale)
            (a, at_floor), b = common([leaf.top * shift / rule.full_at, leaf.top * rule.floor / rule.full_at])
            numbers.append([2 * a, 2 * at_floor, 2 * leaf.top * b, b])
            choices.append(rule.whole_zero)
        self.a2, self.floor2, self.cap2, self.b = (tile(column) for column in zip(*numbers, strict=True))
        self.zeros = Zeros(choices, [leaf.top for leaf in leaves])
        # the usual case, the maximum at 100 % and no scales to change: capping is a minimum of the facts themselves
        self.direct = bool((self.cap2 == self.a2).all() and (self.b == 1).all())

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        part, whole = inputs
        if self._heavy(extremes(part), extremes(whole)) is None:
            return None
        return self._heavy(part, whole)

    def _heavy(self, part: Cells, whole: Cells) -> npt.NDArray[np.bool_] | None:
        return too_large(part * self.a2[0], whole * self.cap2[0], whole * self.b[0])

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        rows, (part, whole) = len(points), inputs
        zero = None if self.zeros.plain else whole == 0
        if self.direct:  # in the narrow whole numbers themselves, as far as that goes
            kind = np.result_type(part, whole)
            num = scratch.copy(0, np.minimum(part, whole, out=scratch.cells(0, part.shape, kind)))
            den = scratch.copy(1, np.maximum(whole, 1, out=scratch.cells(0, part.shape, kind)))
        else:
            num, den = scratch.copy(0, part), scratch.copy(1, whole)
        bound = scratch.reals(2, num.shape)
        num *= self.a2[:rows]
        enough = np.greater_equal(num, np.multiply(den, self.floor2[:rows], out=bound))
        if not self.direct:
            np.minimum(num, np.multiply(den, self.cap2[:rows], out=bound), out=num)
            den *= self.b[:rows]
            np.maximum(den, 1, out=den)
        round_ratio(num, den, self.mode)  # 0 / 1 = 0: where the whole is zero, the cap has made the part zero
        whole_points = scratch.cells(1, num.shape, _POINTS)
        np.copyto(whole_points, num, casting="unsafe")  # whole numbers up to the maximum
        np.copyto(points, np.multiply(whole_points, enough, out=whole_points))
        if zero is not None:
            self.zeros.apply(zero, points, status)
