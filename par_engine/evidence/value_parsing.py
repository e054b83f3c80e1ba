"""One value from outside to one integer cell: every form that is accepted, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from numbers import Integral
from typing import Any

from par_engine.base.decimals import text
from par_engine.base.names import fold
from par_engine.base.problems import Problem, nearest, own_problem, problem, quote
from par_engine.base.types import Digits, Fact, Named, Option
from par_engine.i18n.catalogue import Term
from par_engine.methodology.scheme import Scheme

CELL_LIMIT = 10**18
"""Scaled values up to this size fit a 64-bit cell."""
MOST_BALLOTS = 10**9
"""Ballots that one cell can count."""
YES = {"true", "yes", "có", "x", "1", "1.0", "1,0"}
NO = {"false", "no", "không", "0", "0.0", "0,0"}
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?", re.ASCII)
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
# thousands beyond doubt: two groups or more, or groups of one kind before a decimal mark of the other
_DOTTED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+,[0-9]+)", re.ASCII)
_COMMAED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}|(?:,[0-9]{3})+\.[0-9]+)", re.ASCII)
# as programs write exact numbers; a spreadsheet shows the first digits of a number as 1.2E+05
_POWER = re.compile(r"[+-]?[0-9](?:\.[0-9]{1,20})?e[+-][0-9]{2}", re.ASCII)
_SHORT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+", re.ASCII)
_ONE_DOT = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3} ?%?", re.ASCII)


class Refused(Exception):  # noqa: N818  (it carries a problem to its place; users never see it)
    """Why a value cannot be the value of a fact, as an entry of the catalogue and what fills it in.

    `near` is a word and the known ones that it may have been meant for. `own` are hint, and fact and hint in
    Vietnamese, of one that says itself what is wrong.
    """

    def __init__(self, entry: str, *own: str, near: tuple[str, Sequence[str]] | None = None, **values: Any) -> None:
        super().__init__(entry)
        self.entry, self.own, self.near, self.values = entry, own, near, values

    def problem(self, document: str, at: str, *, look: bool = True) -> Problem:
        """It as the problem of a place; without `look`, nobody looks for the word that may have been meant."""
        if self.own:
            what, hint, what_vi, hint_vi = self.own
            return own_problem(document, at, self.entry, what, hint, "error", what_vi, hint_vi)
        near = nearest(*self.near) if self.near and look else ()
        return problem(self.entry, document, at, **self.values, near=near)

    @property
    def texts(self) -> tuple[str, str, str, str, str, str]:
        """Code, fact, hint, severity, and both in Vietnamese."""
        said = self.problem("", "")
        return said.code, said.what, said.hint, said.severity, said.what_vi, said.hint_vi


def number(value: Any, percent: bool = False) -> Fraction:
    """A number from JSON, Python or a table cell, exactly as its digits say.

    A float counts as the decimal that it prints as. In text, one decimal comma is accepted unless the number could
    also be read as thousands (`1,234`); a percent sign only where `percent` says that the fact is a percentage.
    """
    kind = type(value)
    if kind is int or (isinstance(value, Integral) and kind is not bool):
        value = int(value)
        if abs(value) >= 10**40:
            raise _too_large(value)
        return Fraction(value)
    if kind is Decimal or isinstance(value, float):
        try:
            exact = Decimal(repr(float(value))) if kind is not Decimal else value
        except (ValueError, OverflowError, InvalidOperation):
            raise _no_number(value) from None
        if not exact.is_finite():
            raise Refused("not-a-number.special", value=str(value))
        if abs(exact.adjusted()) > 40:
            raise _too_large(value)
        if kind is not Decimal and abs(exact) >= 2**53:  # a column of whole numbers with a gap comes as doubles
            raise Refused("inexact-number", value=str(value))
        return Fraction(exact)
    if not isinstance(value, str):
        raise _no_number(value)
    return _from_text(value, percent)


def _from_text(value: str, percent: bool) -> Fraction:
    digits = value.strip()
    if digits.endswith("%"):
        if not percent:
            raise Refused("percent-sign", value=quote(value))
        digits = digits[:-1].rstrip()
    if _SPACED.fullmatch(digits):
        digits = re.sub(r"[ \u00a0\u202f]", "", digits)
    elif _DOTTED.fullmatch(digits):
        digits = digits.replace(".", "")
    elif _COMMAED.fullmatch(digits):
        digits = digits.replace(",", "")
    if digits.count(",") == 1 and "." not in digits:
        whole, part = digits.split(",")
        if len(part) == 3 and whole.lstrip("+-") not in ("", "0"):
            raise Refused("ambiguous-number", value=quote(value), whole=whole, part=part)
        digits = f"{whole}.{part}"
    if not _NUMBER.fullmatch(digits) and not _POWER.fullmatch(digits):
        raise _no_number(value)
    return Fraction(digits)


def typed(value: Any) -> Any:
    """A table cell as it was typed; refuses `1.234`, which is a thousand to one reader and a fraction to another.

    In documents the point is always the decimal mark; in tables made by hand it is not.
    """
    if isinstance(value, str) and _ONE_DOT.fullmatch(value.strip()):
        whole, _, part = value.strip().rstrip("% ").partition(".")
        raise Refused("ambiguous-number.typed", value=quote(value), whole=whole, part=part)
    return value


def _no_number(value: Any) -> Refused:
    entry = "not-a-number.text"
    if isinstance(value, str) and value[:1] in ("=", "@", "+", "-"):
        entry = "not-a-number.formula"
    if isinstance(value, str) and _SHORT.fullmatch(value.strip()):
        entry = "not-a-number.shortened"
    return Refused(entry, value=quote(value))


def _typed(value: Any) -> str | Digits:
    """A value as it was typed; a number, which nobody typed with a point, with the mark of the language."""
    return quote(value) if isinstance(value, str) else Digits(quote(str(value)))


def _too_large(value: Any) -> Refused:
    huge = isinstance(value, int) and value.bit_length() > 1000  # Python itself refuses to print the largest
    shown = Term("number", "bits", (("n", value.bit_length()),)) if huge else quote(str(value), 24)
    return Refused("number-size.value", value=shown)


class Reader:
    """Turns the values of one fact into integer cells, as its declaration demands."""

    def __init__(self, name: str, fact: Fact, scheme: Scheme) -> None:
        self.name, self.fact, self.scheme = name, fact, scheme
        self.columns = scheme.columns[name]
        self.start = self.columns.start
        self.percent = fact.unit is not None and "%" in fact.unit.en
        power = int(10**fact.scale)
        least = fact.min if fact.min is not None else Fraction(0)
        self.power: int = power
        self.least = int(least * power)
        self.most = int(fact.max * power) if fact.max is not None else CELL_LIMIT
        self.options = _options(fact)
        reads: dict[str, Callable[[Any], int]] = {
            "count": self._scaled,
            "decimal": self._scaled,
            "boolean": self._boolean,
            "option": self._option,
        }
        self.is_ballots = fact.survey is not None
        self.read = reads.get(fact.type, self._no_cell)

    def _scaled(self, value: Any) -> int:
        # the common case first: a whole number in range
        if type(value) is int and self.least <= (cell := int(value * self.power)) <= self.most:
            return cell
        exact = number(value, self.percent) * self.power
        if exact.denominator != 1:
            entry = "too-fine.count" if self.fact.type == "count" else "too-fine.decimal"
            raise Refused(entry, value=_typed(value), fact=self.called, digits=self.fact.scale)
        cell = exact.numerator
        if not self.least <= cell <= self.most:
            if abs(cell) > CELL_LIMIT:
                raise _too_large(value)
            low, high = (Digits(text(x, self.fact.scale)) for x in (self.least, self.most))
            entry = "out-of-range.span" if self.fact.max is not None else "out-of-range.least"
            raise Refused(entry, value=_typed(value), fact=self.called, low=low, high=high)
        return cell

    def _boolean(self, value: Any) -> int:
        if value is True or value is False:
            return int(value)
        if isinstance(value, str):
            word = value.strip().casefold()
            if word in YES or word in NO:
                return int(word in YES)
        elif _one(value) and (value == 1 or value == 0):
            return int(value)
        raise Refused("not-a-boolean.value", value=quote(value))

    def _option(self, value: Any) -> int:
        if isinstance(value, str):
            found = self.options.get(value.strip(), self.options.get(fold(value)))
            if found is not None:
                return found
        options = self.fact.options or ()

        def named(option: Option, text: str) -> str:
            return text if fold(text) in self.options else f"{text} ({option.id})"

        ids, titles = ", ".join(o.id for o in options), "; ".join(named(o, o.title.vi) for o in options)
        near = [named(o, text) for o in options for text in (o.id, o.title.vi, o.title.en)]
        raise Refused(
            "unknown-option.fact",
            near=(value, near) if isinstance(value, str) else None,
            value=quote(value),
            fact=self.called,
            options=Named(ids, titles),
        )

    def _no_cell(self, value: Any) -> int:
        raise Refused("ballots-form", fact=self.called)

    @property
    def called(self) -> Named:
        """The fact as texts name it."""
        return Named(self.name, f"“{self.fact.title.vi}”")

    @cached_property
    def ballot_columns(self) -> Mapping[str, Mapping[str, int]]:
        """The column of each option of each group of a ballots fact."""
        if self.fact.survey is None:
            return {}
        design = self.scheme.document.surveys[self.fact.survey]
        columns = iter(self.columns)
        return {group.id: {option.id: next(columns) for option in design.options} for group in design.groups}

    def ballot(self, value: Any) -> int:
        """One count of ballots."""
        exact = number(value)
        if exact.denominator != 1 or not 0 <= exact <= MOST_BALLOTS:
            raise Refused("ballots-count", value=_typed(value))
        return exact.numerator


def _options(fact: Fact) -> Mapping[str, int]:
    """What may be said for each option: its id as it is, and its texts folded; a text that two options have says none.

    An id comes before a text. Workbooks put the id behind a text that stands twice.
    """
    texts: dict[str, set[int]] = {}
    for n, option in enumerate(fact.options or ()):
        for title in (option.title.vi, option.title.en):
            for said in (title, f"{title} ({option.id})"):
                texts.setdefault(fold(said), set()).add(n)
    ids = {option.id: n for n, option in enumerate(fact.options or ())}
    return {said: min(them) for said, them in texts.items() if len(them) == 1} | ids


def _one(value: Any) -> bool:
    """Whether a value is one number, of Python or numpy."""
    return isinstance(value, (int, float, Decimal)) or getattr(value, "shape", None) == ()


def readers(scheme: Scheme) -> Mapping[str, Reader]:
    """The readers of all facts of a scheme; made once for each scheme."""
    cached: Mapping[str, Reader] | None = scheme.__dict__.get("_readers")
    if cached is None:
        cached = {name: Reader(name, fact, scheme) for name, fact in scheme.document.facts.items()}
        scheme.__dict__["_readers"] = cached
    return cached
