"""survey: ballots per option, each option worth a share of the maximum, groups weighted or pooled."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Reals, Rounding, common, round_ratio
from par_engine.base.types import PENDING, Ballots, Fact, FactId, Outcome, Value, bracketed, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, CoreRule, Fault, Leaf, Points, Scratch, fact_fault, row, too_large


def _share(ballots: Ballots) -> Fraction | None:
    """The mean share over all ballots, 0 to 1; None while a group that counts has no ballot."""
    shares = [answer.share for answer in ballots.survey.options]
    totals = [sum(counts) for counts in ballots.counts]
    sums = [sum((n * s for n, s in zip(c, shares, strict=True)), Fraction(0)) for c in ballots.counts]
    if ballots.survey.combine == "pooled":
        return sum(sums, Fraction(0)) / sum(totals) if sum(totals) else None
    weights = [group.weight for group in ballots.survey.groups]
    if any(n == 0 and w > 0 for n, w in zip(totals, weights, strict=True)):
        return None
    return sum((w * s / n for w, s, n in zip(weights, sums, totals, strict=True) if w), Fraction(0)) / sum(weights)


class SurveyRule(CoreRule):
    """max × Σ weight × (Σ share × ballots / ballots of the group) / Σ weight."""

    name: Literal["survey"]
    fact: FactId

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from fact_fault(facts, self.fact, ("ballots",), "/fact")

    def score(self, values: Sequence[Value], maximum: Fraction) -> Points:
        ballots = values[0]
        assert isinstance(ballots, Ballots)
        share = _share(ballots)
        return Outcome.PENDING if share is None else maximum * share

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        top, title = say(maximum, lang), facts[self.fact].title.get(lang)
        if lang == "vi":
            return f"{title}: {top} × mức đánh giá bình quân của các phiếu (quy về 0–100 %)"
        return f"{title}: {top} × the mean of the ballots (as a share, 0–100 %)"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        ballots = values[0]
        assert isinstance(ballots, Ballots)
        share = _share(ballots)
        if share is None:
            return "chưa có phiếu của mọi nhóm" if lang == "vi" else "not all groups have ballots yet"
        pooled = ballots.survey.combine == "pooled"
        rows = [tuple(map(sum, zip(*ballots.counts, strict=True)))] if pooled else list(ballots.counts)
        weights = [Fraction(1)] if pooled else [group.weight for group in ballots.survey.groups]
        parts = []
        for counts, weight in zip(rows, weights, strict=True):
            earned = sum((n * o.share for n, o in zip(counts, ballots.survey.options, strict=True)), Fraction(0))
            times = f"{bracketed(weight, lang)} × " if weight != 1 else ""
            parts += [f"{times}{bracketed(earned, lang)}/{sum(counts)}"] if weight else []
        mean = parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
        divide = f" / {bracketed(sum(weights, Fraction(0)), lang)}" if sum(weights) != 1 else ""
        return f"{say(maximum, lang)} × {mean}{divide}"


class Kernel:
    """Adds the groups' fractions over a growing common denominator, so that only the last step rounds."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        survey = leaves[0].surveys[0]
        assert survey is not None
        self.mode: Rounding = mode
        self.columns = (tuple(c for leaf in leaves for c in leaf.columns[0]),)
        self.shape = (len(leaves), len(survey.groups), len(survey.options))
        shares, share_den = common([answer.share for answer in survey.options])
        self.shares = row(shares)
        self.pooled = survey.combine == "pooled"
        weights, _ = common([group.weight for group in survey.groups])
        self.weights = [1] if self.pooled else weights
        row(self.weights)  # many denominators make a common one that doubles cannot hold
        self.top2 = row([2 * leaf.top for leaf in leaves])
        self.q = float(share_den * sum(self.weights))

    def _fraction(self, cells: Cells) -> tuple[Reals, Reals, npt.NDArray[np.bool_]]:
        counts = cells.astype(np.float64).reshape(len(cells), *self.shape)
        if self.pooled:
            counts = counts.sum(axis=2, keepdims=True)
        ballots, earned = counts.sum(axis=3), counts @ self.shares
        num, den = np.zeros(ballots.shape[:2]), np.ones(ballots.shape[:2])
        empty = np.zeros(ballots.shape[:2], dtype=bool)
        for group, weight in enumerate(self.weights):
            if weight:
                n = ballots[:, :, group]
                num = num * n + weight * earned[:, :, group] * den
                den = den * n
                empty |= n == 0
        return num, den, empty

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        num, den, _ = self._fraction(inputs[0])
        return too_large(num * self.top2, den * (self.q * 4), den * (self.q * self.top2))

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        num, den, empty = self._fraction(inputs[0])
        num *= self.top2
        den *= self.q
        np.maximum(den, 1, out=den)
        points[:] = round_ratio(num, den, self.mode)
        if empty.any():
            points[empty] = 0
            status[empty & (status == 0)] = PENDING
