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
from par_engine.base.problems import did_you_mean, did_you_mean_vi, quote
from par_engine.base.types import Fact, Option
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
    """Why a value cannot be the value of a fact: a code, and fact and hint in both languages.

    `near` is a word and the known ones that it may have been meant for: `texts` looks for them, `plain` does not.
    """

    def __init__(
        self, code: str, what: str, hint: str, what_vi: str, hint_vi: str, near: tuple[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(what)
        self.plain = (code, what, hint, "error", what_vi, hint_vi)
        self.near = near

    @property
    def texts(self) -> tuple[str, str, str, str, str, str]:
        """Code, fact, hint, severity, and both in Vietnamese, as a Problem has them."""
        code, what, hint, severity, what_vi, hint_vi = self.plain
        near = did_you_mean(*self.near) if self.near else ""
        return code, what, near or hint, severity, what_vi, did_you_mean_vi(near) or hint_vi


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
            raise Refused(
                "not-a-number",
                f"{value} is not a number",
                "leave the fact out when it is unknown",
                f"{value} không phải là số",
                "nếu chưa biết thì bỏ trống",
            )
        if abs(exact.adjusted()) > 40:
            raise _too_large(value)
        if kind is not Decimal and abs(exact) >= 2**53:  # a column of whole numbers with a gap comes as doubles
            raise Refused(
                "inexact-number",
                f"{value} is a double, which has lost digits beyond 2^53",
                "give it as text, as Decimal or as Int64",
                f"{value} là số thực dấu phẩy động, đã mất chữ số khi vượt 2^53",
                "đưa vào dạng chữ, Decimal hoặc Int64",
            )
        return Fraction(exact)
    if not isinstance(value, str):
        raise _no_number(value)
    return _from_text(value, percent)


def _from_text(value: str, percent: bool) -> Fraction:
    digits = value.strip()
    if digits.endswith("%"):
        if not percent:
            raise Refused(
                "percent-sign",
                f"{quote(value)} has a percent sign, but this fact is not a percentage",
                "write the plain number",
                f"{quote(value)} có dấu %, nhưng số liệu này không phải tỷ lệ phần trăm",
                "chỉ ghi con số",
            )
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
            raise Refused(
                "ambiguous-number",
                f"{quote(value)} can be read as {whole}{part} or as {whole}.{part}",
                f"write {whole}{part} or {whole}.{part}",
                f"{quote(value)} có thể hiểu là {whole}{part} hoặc {whole},{part}",
                f"ghi {whole}{part} hoặc {whole}.{part}",
            )
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
        raise Refused(
            "ambiguous-number",
            f"{quote(value)} can be read as {whole}{part} or as {whole}.{part}",
            f"write {whole}{part} or {whole}.{part}0",
            f"{quote(value)} có thể hiểu là {whole}{part} hoặc {whole},{part}",
            f"ghi {whole}{part} hoặc {whole},{part}0",
        )
    return value


def _no_number(value: Any) -> Refused:
    hint, hint_vi = "write a plain number such as 12 or 12.5", "ghi số, ví dụ 12 hoặc 12,5"
    if isinstance(value, str) and value[:1] in ("=", "@", "+", "-"):
        hint, hint_vi = "formulas are not evaluated: write the result", "không tính công thức: hãy ghi kết quả"
    if isinstance(value, str) and _SHORT.fullmatch(value.strip()):
        hint, hint_vi = "this form may hide digits: write all of them", "cách viết này có thể giấu chữ số: hãy ghi đủ"
    shown = quote(value)
    return Refused("not-a-number", f"{shown} is not a number", hint, f"{shown} không phải là số", hint_vi)


def _shown_vi(value: Any) -> str:
    """A value as it was typed; a number, which nobody typed with a point, with the comma of Vietnamese."""
    return quote(value) if isinstance(value, str) else quote(str(value).replace(".", ","))


def _too_large(value: Any) -> Refused:
    huge = isinstance(value, int) and value.bit_length() > 1000  # Python itself refuses to print the largest
    shown = f"{value.bit_length()} bits" if huge else quote(str(value), 24)
    hint, hint_vi = "check the unit of measure", "kiểm tra lại đơn vị tính"
    return Refused("number-size", f"{shown} is too large", hint, f"{shown} quá lớn", hint_vi)


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
            digits = self.fact.scale
            what, what_vi = (
                ("is a count, so it must be whole", "là số lượng nên phải là số nguyên")
                if self.fact.type == "count"
                else (f"has at most {digits} decimals", f"có quá {digits} chữ số thập phân")
            )
            shown = quote(str(value))
            raise Refused(
                "too-fine",
                f"{shown}: {self.name} {what}",
                "round it by the rule of its source",
                f"{_shown_vi(value)} {what_vi}",
                "làm tròn theo quy định của nguồn số liệu",
            )
        cell = exact.numerator
        if not self.least <= cell <= self.most:
            if abs(cell) > CELL_LIMIT:
                raise _too_large(value)
            low, high = (text(x, self.fact.scale) for x in (self.least, self.most))
            span = f"{low} to {high}" if self.fact.max is not None else f"{low} or more"
            span_vi = (f"từ {low} đến {high}" if self.fact.max is not None else f"từ {low} trở lên").replace(".", ",")
            shown = quote(str(value))
            raise Refused(
                "out-of-range",
                f"{shown} is outside the range of {self.name}: {span}",
                "check the figure and its unit",
                f"{_shown_vi(value)} ngoài phạm vi cho phép: {span_vi}",
                "kiểm tra lại số liệu và đơn vị tính",
            )
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
        raise Refused(
            "not-a-boolean",
            f"{quote(value)} is neither true nor false",
            "write true or false",
            f"{quote(value)} không phải là có hoặc không",
            "ghi có hoặc không",
        )

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
            "unknown-option",
            f"{quote(value)} is no option of {self.name}",
            f"the options are {ids}",
            f"{quote(value)} không có trong danh sách",
            f"chọn một: {titles}",
            (value, near) if isinstance(value, str) else None,
        )

    def _no_cell(self, value: Any) -> int:
        raise Refused(
            "ballots-form",
            f"{self.name} holds ballots",
            "give the counts per group and option",
            f"{self.name} là số phiếu khảo sát",
            "ghi số phiếu theo từng nhóm và từng phương án",
        )

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
            raise Refused(
                "ballots-count",
                f"{quote(str(value))} is no count of ballots",
                "write a whole number of 0 or more",
                f"{_shown_vi(value)} không phải là số phiếu",
                "ghi số nguyên từ 0 trở lên",
            )
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
