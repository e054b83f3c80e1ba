"""choice: the option that holds gives its points."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np

from par_engine.base.decimals import Exact, Reals, Rounding, scale
from par_engine.base.problems import did_you_mean
from par_engine.base.types import Fact, FactId, Value, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, CoreRule, Fault, Leaf, Scratch, fact_fault, row, within


def _ids(fact: Fact) -> list[str]:
    return ["false", "true"] if fact.type == "boolean" else [option.id for option in fact.options or ()]


def _id(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Choice(CoreRule):
    """points[option]; the fact is an option or a boolean."""

    name: Literal["choice"]
    fact: FactId
    points: dict[str, Exact]

    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from fact_fault(facts, self.fact, ("option", "boolean"), "/fact")
        fact = facts.get(self.fact)
        if fact is None or fact.type not in ("option", "boolean"):
            return
        ids = _ids(fact)
        for key, value in self.points.items():
            if key not in ids:
                yield f"/points/{key}", f'fact "{self.fact}" has no option "{key}"', did_you_mean(key, ids)
            yield from within(f'the points of "{key}"', value, maximum, decimals, f"/points/{key}")
        for key in ids:
            if key not in self.points:
                yield "/points", f'option "{key}" has no points', "every option needs its points, 0 included"

    def score(self, values: Sequence[Value], maximum: Fraction) -> Fraction:
        return self.points[_id(values[0])]

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        fact = facts[self.fact]
        titles = {option.id: option.title.get(lang) for option in fact.options or ()}
        yes = {"vi": {"true": "có", "false": "không"}, "en": {"true": "yes", "false": "no"}}[lang]
        return "; ".join(f"{titles.get(k, yes.get(k, k))}: {say(v, lang)}" for k, v in self.points.items())

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        return say(self.score(values, maximum), lang)


class Kernel:
    """One table of points for all leaves, looked up by option number."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding) -> None:
        self.columns = (tuple(leaf.columns[0][0] for leaf in leaves),)
        table: list[int] = []
        offsets: list[int] = []
        for leaf in leaves:
            assert isinstance(leaf.rule, Choice)
            offsets.append(len(table))
            table += [scale(leaf.rule.points[key], leaf.decimals) for key in _ids(leaf.facts[0])]
        self.table, self.offsets = row(table), np.array(offsets, dtype=np.intp)

    def heavy(self, inputs: Sequence[Cells]) -> None:
        return None

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        at = scratch.cells(0, inputs[0].shape, self.offsets.dtype)
        np.take(self.table, np.add(inputs[0], self.offsets, out=at), out=points, mode="clip")
