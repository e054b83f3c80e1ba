"""A plugin's own rule: a plain function of exact numbers, lifted over the distinct inputs of a block."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from fractions import Fraction
from typing import Annotated, NoReturn

import numpy as np
from pydantic import Field, StringConstraints

from par_engine.base.decimals import Number, Reals, Rounding, round_to
from par_engine.base.problems import PluginError, problem
from par_engine.base.types import OUTCOMES, Fact, FactId, Named, Outcome, Value, declared, decode, say
from par_engine.i18n.catalogue import Lang
from par_engine.rules.base import Cells, Codes, Fault, Leaf, Points, Rule, Scratch

_GUARD = threading.RLock()
Function = Callable[..., Fraction | Outcome]
"""`f(*values, maximum, **params) -> Fraction | Outcome`; values are Fraction, bool, option id or Ballots."""


class Own(Rule):
    """points = the function registered under this name by the methodology's plugin."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z_][a-z0-9_]*$")]
    fact_ids: Annotated[list[FactId], Field(alias="facts", min_length=1)]
    params: dict[str, Number] = {}

    def facts(self) -> tuple[str, ...]:
        return tuple(self.fact_ids)

    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        yield from ()

    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        params = ", ".join(f"{key} = {declared(value, lang)}" for key, value in self.params.items())
        titles = ", ".join(facts[name].title.get(lang) for name in self.facts())
        return f"{self.name}({titles}{'; ' + params if params else ''})"

    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        shown = [say(v, lang) if isinstance(v, Fraction) else str(v).lower() for v in values]
        return f"{self.name}({'; '.join(shown)})"

    def call(self, function: Function, values: Sequence[Value], maximum: Fraction) -> Points:
        """The function's answer, held to its contract: an outcome, or exact points between 0 and the maximum.

        Raises PluginError when the function fails or breaks the contract.
        """
        try:
            with _GUARD, redirect_stdout(sys.stderr):  # no program reads results there
                points = function(*values, maximum=maximum, **self.params)
        except (Exception, SystemExit) as error:  # noqa: BLE001  (a plugin's fault, reported with its rule and its input)
            self._refuse("own-rule.failed", values, error=f"{type(error).__name__}: {error}")
        if isinstance(points, Outcome):
            if points is Outcome.SCORED:
                self._refuse("own-rule.scored", values)
            return points
        if isinstance(points, bool) or not isinstance(points, (int, Fraction)):
            self._refuse("own-rule.kind", values, kind=type(points).__name__)
        if not 0 <= points <= maximum:
            self._refuse("own-rule.range", values, points=str(points), maximum=str(maximum))
        return Fraction(points)

    def _refuse(self, entry: str, values: Sequence[Value], /, **more: str) -> NoReturn:
        said = Named(self.arithmetic("en", values, Fraction(0)), self.arithmetic("vi", values, Fraction(0)))
        raise PluginError([problem(entry, self.name, arithmetic=said, **more)])


class Kernel:
    """Calls the function once for each distinct input."""

    def __init__(self, leaves: Sequence[Leaf], mode: Rounding, functions: Mapping[str, Function]) -> None:
        self.mode: Rounding = mode
        self.leaves = tuple(leaves)
        self.functions = functions
        self.columns = (tuple(c for leaf in leaves for columns in leaf.columns for c in columns),)

    def heavy(self, inputs: Sequence[Cells]) -> None:
        return None

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        start = 0
        for j, leaf in enumerate(self.leaves):
            assert isinstance(leaf.rule, Own)
            function = self.functions[leaf.rule.name]
            width = sum(len(columns) for columns in leaf.columns)
            ready = np.flatnonzero(status[:, j] == 0)
            distinct, where = np.unique(inputs[0][ready, start : start + width], axis=0, return_inverse=True)
            scores, codes = np.zeros(len(distinct)), np.zeros(len(distinct), dtype=np.uint8)
            for i, cells in enumerate(distinct.tolist()):
                answer = leaf.rule.call(function, values_of(leaf, cells), leaf.maximum)
                if isinstance(answer, Outcome):
                    codes[i] = OUTCOMES.index(answer)
                else:
                    scores[i] = round_to(answer, leaf.decimals, self.mode)
            points[:, j] = 0
            points[ready, j] = scores[where.ravel()]
            status[ready, j] = codes[where.ravel()]
            start += width


def values_of(leaf: Leaf, cells: Sequence[int]) -> list[Value]:
    """The values of a leaf's facts from their integer cells, side by side."""
    out: list[Value] = []
    start = 0
    for fact, columns, survey in zip(leaf.facts, leaf.columns, leaf.surveys, strict=True):
        out.append(decode(fact, tuple(cells[start : start + len(columns)]), survey))
        start += len(columns)
    return out
