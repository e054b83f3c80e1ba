"""What a page needs of facts and arithmetic, packed so that texts that repeat are written once."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from par_engine.base.decimals import plain
from par_engine.base.types import Ballots, Fact, Value, say

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


class Pool:
    """Values in the order in which they were first met, each once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}

    def add(self, value: Any) -> int:
        """The place of a value; equal values share one."""
        key = repr(value)
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


class Sentences(Pool):
    """Sentences in both languages, taken apart into what stays and the numbers that change.

    `[place, number, …]` stands for a sentence: the numbers, with a decimal point, go between the parts of both
    languages. Where the languages say different numbers, the sentence is kept whole.
    """

    def pack(self, vi: str, en: str) -> list[Any]:
        """A sentence as its place and its numbers."""
        numbers = _NUMBER.findall(en)
        if [number.replace(",", ".") for number in _NUMBER.findall(vi)] == numbers and not any(
            "," in n for n in numbers
        ):
            parts = [_NUMBER.split(vi), _NUMBER.split(en)]
            return [self.add(parts), *map(_short, numbers)]
        return [self.add([[vi], [en]])]


def _short(number: str) -> int | str:
    """A whole number as it is read back letter by letter; anything else stays text."""
    return int(number) if str(int(number.partition(".")[0])) == number and len(number) < 16 else number


def packed(value: Value | None, fact: Fact) -> Any:
    """A fact's value as JSON: null where there is none, an option as its place, ballots as rows of counts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Ballots):
        return [list(counts) for counts in value.counts]
    if isinstance(value, Fraction):
        return _short(say(value, "en")) if value >= 0 else plain(value)
    places = [option.id for option in fact.options or ()]
    return places.index(value)
