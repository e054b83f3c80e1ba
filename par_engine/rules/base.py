"""What every rule is: parameters, a scalar definition in exact numbers, words, and a kernel that scores a block."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import LIMIT, Reals, scale
from par_engine.base.types import Fact, Node, Outcome, Survey, Text, Value, declared
from par_engine.i18n.catalogue import Lang

Cells = npt.NDArray[Any]  # whole numbers of any width: (units, columns)
Codes = npt.NDArray[np.uint8]
Fault = tuple[str, str, str]  # place below the rule, what is wrong, hint
Points = Fraction | Outcome


class Rule(Node, ABC):
    """The scoring rule of one leaf. Subclasses add parameters; none keeps state."""

    name: str

    @abstractmethod
    def facts(self) -> tuple[str, ...]:
        """The facts it asks for, in the order in which `score` takes their values."""

    @abstractmethod
    def check(self, facts: Mapping[str, Fact], maximum: Fraction, decimals: int) -> Iterator[Fault]:
        """Faults in the parameters, seen together with the facts they name and the leaf's maximum."""

    def refuse(self, values: Sequence[Value], maximum: Fraction) -> Text | None:
        """Why this rule cannot accept values that are each valid alone; None when it can."""
        return None

    @abstractmethod
    def words(self, lang: Lang, facts: Mapping[str, Fact], maximum: Fraction) -> str:
        """The rule with its parameters as a sentence."""

    @abstractmethod
    def arithmetic(self, lang: Lang, values: Sequence[Value], maximum: Fraction) -> str:
        """The computation for these values as one line."""


class CoreRule(Rule):
    """A rule of the closed vocabulary: it carries its own definition."""

    @abstractmethod
    def score(self, values: Sequence[Value], maximum: Fraction) -> Points:
        """The definition of the rule: exact points, not yet rounded, or the outcome when there are none."""


@dataclass(frozen=True, eq=False, repr=False)
class Leaf:
    """A leaf as kernels need it: its rule, its maximum, and its facts in the order of the rule."""

    code: str
    rule: Rule
    maximum: Fraction
    decimals: int
    facts: tuple[Fact, ...]
    surveys: tuple[Survey | None, ...]
    columns: tuple[range, ...]

    @cached_property
    def top(self) -> int:
        """The maximum in scaled points."""
        return scale(self.maximum, self.decimals)


class Kernel(Protocol):
    """Scores all leaves of one rule together: blocks of units × leaves."""

    @property
    def columns(self) -> Sequence[Sequence[int]]:
        """The evidence columns of each input block."""
        ...

    def heavy(self, inputs: Sequence[Cells]) -> npt.NDArray[np.bool_] | None:
        """Cells (units × leaves) whose arithmetic would leave the exact range of doubles; None when there is none."""
        ...

    def score(self, inputs: Sequence[Cells], points: Reals, status: Codes, scratch: Scratch) -> None:
        """Write scaled points; cells without points get their outcome code in `status` and 0 points."""
        ...


CHUNK = 1024
"""Units that are scored at a time: few enough that a block stays in the processor's cache."""


def tile(numbers: Sequence[int]) -> Reals:
    """Parameters of a block repeated for each unit of a chunk: equal shapes multiply twice as fast as a row does."""
    tiled: Reals = np.tile(row(numbers), (CHUNK, 1))
    return tiled


class Scratch:
    """Room for the intermediate numbers of one scoring run; fresh arrays for each block would cost more than sums."""

    def __init__(self) -> None:
        self._flat: dict[int, Reals] = {}
        self._cells: dict[tuple[int, np.dtype[Any]], Cells] = {}

    def reals(self, slot: int, shape: tuple[int, ...]) -> Reals:
        """The array of a slot; it holds whatever was left there."""
        size = math.prod(shape)
        flat = self._flat.get(slot)
        if flat is None or flat.size < size:
            flat = self._flat[slot] = np.empty(size)
        return flat[:size].reshape(shape)

    def cells(self, slot: int, shape: tuple[int, ...], kind: np.dtype[Any]) -> Cells:
        """The same for whole numbers of some width."""
        size = math.prod(shape)
        flat = self._cells.get((slot, kind))
        if flat is None or flat.size < size:
            flat = self._cells[slot, kind] = np.empty(size, dtype=kind)
        return flat[:size].reshape(shape)

    def copy(self, slot: int, cells: Cells) -> Reals:
        """The same whole numbers as doubles."""
        out = self.reals(slot, cells.shape)
        np.copyto(out, cells)
        return out


def row(numbers: Sequence[int]) -> Reals:
    """Parameters of a block as a row of whole doubles; ValueError when one is too large to be exact."""
    if any(abs(x) >= LIMIT for x in numbers):
        raise ValueError("a parameter is too large for exact block arithmetic")
    return np.array(numbers, dtype=np.float64)


def fact_fault(facts: Mapping[str, Fact], name: str, types: Sequence[str], place: str) -> Iterator[Fault]:
    """The fault of naming a fact of a type that the rule cannot read."""
    fact = facts.get(name)
    if fact is not None and fact.type not in types:
        yield place, f'fact "{name}" is of type {fact.type}', f"this rule reads facts of type {' or '.join(types)}"


def within(name: str, x: Fraction, maximum: Fraction, decimals: int, place: str) -> Iterator[Fault]:
    """The faults of a number of points: outside 0..max, or finer than leaves are scored."""
    yield from rate(name, x, maximum, place)
    if 0 <= x <= maximum and 10**decimals % x.denominator:
        yield place, f"{name} has more decimals than leaf_decimals ({decimals})", "use fewer decimals"


def rate(name: str, x: Fraction, maximum: Fraction, place: str) -> Iterator[Fault]:
    """The fault of points for each thing counted outside 0..max; they may be finer than leaves, which are rounded."""
    if not 0 <= x <= maximum:
        what = f"{name} is {declared(x, 'en')}, outside 0 to the maximum {declared(maximum, 'en')}"
        yield place, what, "correct one of the two"


def extremes(cells: Cells) -> Cells:
    """The least and the greatest of each column: what is linear in a fact is largest at one of them."""
    return np.stack([cells.min(axis=0), cells.max(axis=0)]) if len(cells) > 2 else cells


def too_large(*terms: Cells | Reals) -> npt.NDArray[np.bool_] | None:
    """Where any term reaches the limit of exact doubles; None when none does."""
    out: npt.NDArray[np.bool_] | None = None
    for term in terms:
        if np.abs(term).max(initial=0) >= LIMIT / 8:
            mask = np.abs(term) >= LIMIT / 8
            out = mask if out is None else out | mask
    return out
