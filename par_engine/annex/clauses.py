"""One line of a rule as data: its condition, its award, and what it leaves in words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from lark.load_grammar import Grammar, load_grammar

from par_engine.base.names import fold

Start = Literal["clause", "labelled", "alone", "deduct", "each"]
LONGEST = 1000
"""A sentence with more characters is no rule."""
_FIGURES = ("NUM", "PCT", "BARE")


@dataclass(frozen=True)
class Range:
    """Where a condition holds: bounds as written (80 for 80 %), each closed or not, of a share or a number."""

    low: Fraction | None
    low_closed: bool
    high: Fraction | None
    high_closed: bool
    unit: Literal["share", "number"]


@dataclass(frozen=True)
class Formula:
    """Points = maximum × rate / `whole`; `words` say what is divided by what, when it is said."""

    whole: Fraction
    top: Fraction | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rising:
    """Points that rise along the range."""

    first: Fraction
    last: Fraction


@dataclass(frozen=True)
class Part:
    """A share of the maximum."""

    share: Fraction


@dataclass(frozen=True)
class Less:
    """The maximum without so many points."""

    points: Fraction


Award = Fraction | Part | Less | Formula | Rising | Literal["top", "not_applicable", "missing"]


@dataclass(frozen=True)
class Clause:
    """A condition and what it gives; `range` is None when the condition is only words."""

    label: str
    range: Range | None
    words: tuple[str, ...]
    award: Award


@dataclass(frozen=True)
class Each:
    """Points for each thing (`sign` 1) or off for each (-1), with a bound on the sum when one is said."""

    sign: Literal[1, -1]
    step: Fraction
    words: str
    most: Fraction | None
    floor: Fraction | None


@cache
def _grammar() -> Grammar:
    text = files("par_engine.annex").joinpath("sentence.lark").read_text(encoding="utf-8")
    grammar: Grammar = load_grammar(text, "sentence.lark", [], False)[0]  # type: ignore[no-untyped-call]
    return grammar


@cache
def _parser(start: Start) -> Lark:
    """A parser for each start, since a word is a keyword only where a sentence of its kind has that keyword."""
    return Lark(_grammar(), start=start, parser="lalr", lexer="basic", propagate_positions=True)


def _parse(start: Start, text: str) -> Tree[Token] | None:
    if len(text) > LONGEST:
        return None
    try:
        tree = _parser(start).parse(text)
    except UnexpectedInput:
        return None
    figures = tree.scan_values(lambda t: isinstance(t, Token) and t.type in _FIGURES)
    return None if any(number(t) is None for t in figures) else tree


_NUMBER = re.compile(r"(âm\s+)?([0-9]+(?:[.,][0-9]+)*)\s*%?", re.IGNORECASE)
_SHARE = re.compile(
    r"(?P<before>\b(?:dưới|trên|quá|ít nhất|tối thiểu)\s+|[≥≤<>]\s*)?"
    r"(?<![\d/.,-])(?P<part>[1-9]\d?)\s*[/\N{FRACTION SLASH}]\s*(?P<whole>[1-9]\d?)(?![\d/-]|\s*/|[.,]\d)"
    r"(?P<after>(?=\s+(?:tổng\s+)?số\s+(?!điểm)|\s+tổng\s|\s+trở\s+(?:lên|xuống)"
    r"|\s+(?:đến|[-–])\s+(?:dưới|không\s+(?:vượt\s+)?quá)\s))?",
    re.IGNORECASE,
)
_STROKE = "\N{FRACTION SLASH}"
_VULGAR = re.compile("[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚]")
_SPLIT = re.compile(r"\d+|[^\W\d_]+")


def content(text: str) -> tuple[str, ...]:
    """The words of a text, folded, without signs."""
    return tuple(_SPLIT.findall(fold(text)))


def fractions(text: str) -> str:
    """A line with the fractions that can only be shares marked by a stroke of their own: a day of a month is none.

    >>> fractions("Từ 2/3 số xã trở lên: 1"), fractions("Nộp từ 1/3 đến 5/3: 1")
    ('Từ 2⁄3 số xã trở lên: 1', 'Nộp từ 1/3 đến 5/3: 1')
    """

    def marked(found: re.Match[str]) -> str:
        clear = found["before"] or found["after"] is not None
        stroke = _STROKE if clear and int(found["part"]) < int(found["whole"]) else "/"
        return f"{found['before'] or ''}{found['part']}{stroke}{found['whole']}"

    signs = _VULGAR.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text)
    return _SHARE.sub(marked, signs)


def marked(text: str) -> bool:
    """Whether a line has a fraction that was marked as a share."""
    return _STROKE in text


def unmarked(text: str) -> str:
    """A line as it was before its fractions were marked."""
    return text.replace(_STROKE, "/")


def number(text: str) -> Fraction | None:
    """A number as people write it: decimal comma or point, `âm` for minus; None when it is none.

    >>> number("0,50"), number("1,2,3")
    (Fraction(1, 2), None)
    """
    part, stroke, whole = text.partition(_STROKE)
    if stroke:
        return Fraction(int(part), int(whole)) * 100  # as a percentage
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > 30 or re.match(r"00+[.,]", found[2]):
        return None  # "00,5": a figure too many
    digits = found[2].replace(",", ".")
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", digits) and "," not in found[2]:
        digits = digits.replace(".", "")  # "1.000 hồ sơ" is a thousand, as Vietnamese writes it
    if digits.count(".") > 1:
        return None
    return -Fraction(digits) if found[1] else Fraction(digits)


@lru_cache(maxsize=4096)
def clause(text: str) -> Clause | None:
    """A condition with its award; None when the line is something else.

    >>> clause("Từ 80% - dưới 100% kế hoạch: 0,5").range
    Range(low=Fraction(80, 1), low_closed=True, high=Fraction(100, 1), high_closed=False, unit='share')
    """
    tree = _parse("clause", text)
    if tree is not None:
        cond, award = _trees(tree)
        words = tuple(w for t in cond.children if isinstance(t, Tree) and t.data == "words" for w in content(_own(t)))
        range_ = _range(cond)
        if range_ is not None:
            return Clause(_cut(text, cond), range_, words, _award(award))
    tree = _parse("labelled", text)
    if tree is None:
        return None
    label, award = _trees(tree)
    return Clause(_cut(text, label), None, content(_cut(text, label)), _award(award))


@lru_cache(maxsize=4096)
def formula(text: str) -> Formula | None:
    """A formula that stands on a line of its own."""
    tree = _parse("alone", text)
    found = None if tree is None else _award(list(tree.children))
    return found if isinstance(found, Formula) else None


@lru_cache(maxsize=4096)
def each(text: str) -> Each | None:
    """Points for each thing, or off for each.

    >>> each("Mỗi trường hợp trừ 0,25 điểm").step
    Fraction(1, 4)
    """
    text = text.rstrip(" :")
    if marked(text):
        return None  # "for each third of the communes"
    starts: tuple[tuple[Literal[1, -1], Start], ...] = ((-1, "deduct"), (1, "each"))
    for sign, start in starts:
        tree = _parse(start, text)
        if tree is None:
            continue
        numbers = [_figure(t) for t in tree.children if isinstance(t, Token) and t.type == "NUM"]
        words = " ".join(_own(t) for t in tree.children if isinstance(t, Tree) and t.data == "words")
        counted = [n for n in numbers[:-1] if "EACH" in _types(tree)] if len(numbers) == 2 else []
        if len(numbers) == 2 and not counted:
            counted = [numbers.pop()]
        if any(n != 1 for n in counted) or "%" in text or "phần trăm" in text.lower():
            return None  # "for each 2 cases", "for each 1 %": not one step for one thing
        tails = {t.data: _numbers(t) for t in tree.children if isinstance(t, Tree) and t.data in ("floor", "most")}
        floor = (tails["floor"] or [Fraction(0)])[0] if "floor" in tails else None
        return Each(sign, numbers[-1], words, tails["most"][0] if "most" in tails else None, floor)
    return None


def _types(tree: Tree[Token]) -> set[str]:
    return {t.type for t in tree.children if isinstance(t, Token)}


def _trees(tree: Tree[Token]) -> tuple[Tree[Token], list[Tree[Token] | Token]]:
    first, *rest = tree.children
    assert isinstance(first, Tree)
    return first, rest


def _cut(text: str, tree: Tree[Token]) -> str:
    return text[: tree.meta.end_pos].strip(" ,;:-–.")


def _subtrees(tree: Tree[Token], *names: str) -> list[Tree[Token]]:
    return [t for t in tree.children if isinstance(t, Tree) and t.data in names]


def _own(tree: Tree[Token]) -> str:
    return " ".join(str(t) for t in tree.scan_values(lambda _: True))


def _numbers(tree: Tree[Token]) -> list[Fraction]:
    return [_figure(t) for t in tree.scan_values(lambda t: isinstance(t, Token) and t.type in _FIGURES)]


def _figure(token: Token) -> Fraction:
    value = number(token)
    assert value is not None  # `_parse` has looked at every figure
    return value


_SHAPES: dict[str, tuple[bool | None, bool | None]] = {  # of each bound: closed, open, or none
    "at_least": (True, None),
    "at_most": (None, True),
    "over": (False, None),
    "under": (None, False),
    "between": (True, True),
    "up_to": (True, False),
    "over_between": (False, True),
    "over_up_to": (False, False),
    "exactly": (True, True),
}


def _range(cond: Tree[Token]) -> Range | None:
    bounds = [(str(t.data), _numbers(t)[0]) for t in _subtrees(cond, "share", "number")]
    shape = _SHAPES.get(str(cond.data))
    if shape is None:
        return None
    if len(bounds) == 2 and bounds[0][0] == "number" and bounds[1][0] == "share":
        bounds[0] = bounds[1][0], bounds[0][1]  # "từ 80 - 100%"
    if len({unit for unit, _ in bounds}) > 1:
        return None
    unit: Literal["share", "number"] = "share" if bounds[0][0] == "share" else "number"
    values = [value for _, value in bounds]
    low = values[0] if shape[0] is not None else None
    high = values[-1] if shape[1] is not None else None
    return Range(low, bool(shape[0]), high, bool(shape[1]), unit)


def _award(parts: list[Tree[Token] | Token]) -> Award:
    part = next(p for p in parts if not (isinstance(p, Token) and p.type == "RPAR"))
    if isinstance(part, Token):
        kinds: dict[str, Award] = {
            "TOP": "top",
            "NOPOINTS": Fraction(0),
            "NOT_APPLICABLE": "not_applicable",
            "NOT_KNOWN": "missing",
        }
        return kinds[part.type]
    numbers = _numbers(part)
    if part.data == "part_of_top":
        return Part(numbers[0] / 100)
    if part.data in ("points", "bare"):
        return numbers[0]
    if part.data == "rising":
        return Rising(numbers[0], numbers[1])
    tops = [n for t in part.find_data("top_number") for n in _numbers(t)]
    wholes = [n for t in part.children if isinstance(t, Tree) and t.data in ("share", "number") for n in _numbers(t)]
    rates = tuple(_own(t) for t in part.children if isinstance(t, Tree) and t.data == "rate")
    if part.data == "letters":
        over, under = str(part.children[0]).lower().split("/")
        rates = (over.strip(" (["), under.strip(" )]"))
    return Formula(wholes[0] if wholes else Fraction(100), tops[0] if tops else None, rates)
