"""The small parts that methodology documents are made of: texts, ids, outcomes, facts and survey designs."""

import unicodedata
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from par_engine.base.decimals import Exact, Number, is_decimal, plain, written
from par_engine.i18n.catalogue import Lang
from par_engine.i18n.foreign_messages import grouped

Basis = Literal["official", "derived", "reconstructed"]
RollUp = Literal["sum", "all", "any", "least", "most", "same"]
"""How the values of several agencies make up one fact of a unit."""
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
FactId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
RulingId = Annotated[str, StringConstraints(pattern=r"^R[1-9][0-9]*$", max_length=8)]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


Line = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_composed)]


class Outcome(StrEnum):
    """What became of an item. Never a number; the order of `OUTCOMES` gives the codes used in arrays."""

    SCORED = "scored"
    MISSING = "missing"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"


OUTCOMES = tuple(Outcome)
SCORED, MISSING, PENDING, NOT_APPLICABLE = range(4)


class Node(BaseModel):
    """A frozen part of a document that knows all its keys."""

    # a part is validated inside its whole: a validator of its own is built only when it is used alone
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Whole(Node):
    """A document, or what is validated like one: its validator is there from the start, for any number of threads."""

    model_config = ConfigDict(defer_build=False)


class Text(Node):
    """One text in Vietnamese and in English."""

    vi: Line
    en: Line

    def get(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.vi if lang == "vi" else self.en


class Option(Node):
    """One answer that an option fact can have."""

    id: Id
    title: Text


class Answer(Node):
    """One answer of a survey question; `share` is the part of the maximum it earns, 0 to 1."""

    id: Id
    title: Text
    share: Number


class Group(Node):
    """One group of survey respondents and its weight; `planned` where the scheme plans a number."""

    id: Id
    title: Text
    weight: Number
    planned: Annotated[int, Field(ge=0)] | None = None
    planned_basis: Basis | None = None
    planned_sources: list[Id] = []

    @model_validator(mode="after")
    def _of_a_number(self) -> Self:
        if self.planned is None and self.planned_basis is not None:
            raise ValueError("planned_basis says how a planned number is known; there is none")
        if self.planned_basis is None and self.planned_sources:
            raise ValueError("planned_sources go with planned_basis")
        return self


class Survey(Node):
    """A survey design: who is asked, what they can answer, how groups are combined."""

    title: Text
    combine: Literal["weighted", "pooled"]
    options: Annotated[list[Answer], Field(min_length=2, max_length=50)]
    groups: Annotated[list[Group], Field(min_length=1, max_length=50)]
    basis: Basis
    sources: list[Id]
    rulings: list[RulingId] = []


class Fact(Node):
    """The declaration of one fact: its type, range and how people call it.

    `question` is the sentence that a form asks for ballots, put so that the best answer says the best of a unit.
    """

    type: Literal["count", "decimal", "boolean", "option", "ballots"]
    title: Text
    unit: Text | None = None
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    min: Exact | None = None
    max: Exact | None = None
    options: list[Option] | None = None
    survey: Id | None = None
    question: Text | None = None
    owner: Id | None = None
    roll_up: RollUp | None = None
    help: Text | None = None

    @property
    def scale(self) -> int:
        """How many decimals the scaled integers of this fact's column carry."""
        return self.decimals or 0 if self.type == "decimal" else 0

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers that can be compared and divided."""
        return self.type in ("count", "decimal")

    @property
    def roll_ups(self) -> tuple[RollUp, ...]:
        """The ways in which values of this type can be rolled up."""
        if self.numeric:
            return ("sum", "least", "most", "same")
        return {"boolean": ("all", "any", "same"), "option": ("same",)}.get(self.type, ())  # type: ignore[return-value]


class Ballots(NamedTuple):
    """Ballots of one question: `counts[group][option]`, in the order of the survey's groups and options."""

    counts: tuple[tuple[int, ...], ...]
    survey: Survey


Value = Fraction | bool | str | Ballots
"""A fact's value as rules see it: numbers are exact, options are their ids."""


def decode(fact: Fact, cells: tuple[int, ...], survey: Survey | None) -> Value:
    """The value that the integer cells of a fact stand for."""
    if fact.type == "boolean":
        return bool(cells[0])
    if fact.type == "option":
        assert fact.options is not None
        return fact.options[cells[0]].id
    if survey is not None:
        width = len(survey.options)
        return Ballots(tuple(cells[i : i + width] for i in range(0, len(cells), width)), survey)
    return Fraction(cells[0], 10**fact.scale)


def say(x: Fraction, lang: Lang) -> str:
    """A number for people: the decimal comma in Vietnamese; a repeating fraction is rounded and marked with ≈."""
    try:
        text = plain(x) if x.denominator < 10**9 else ""
    except ValueError:
        text = ""
    if not text or len(text.partition(".")[2]) > 9:
        rounded = Fraction((x.numerator * 2 * 10**6 + x.denominator) // (2 * x.denominator), 10**6)
        text = "≈ " + plain(rounded)
    return text.replace(".", ",") if lang == "vi" else text


class Amount(NamedTuple):
    """A number as a value in a text, written as `say` does."""

    value: Fraction

    def get(self, lang: Lang) -> str:
        """The number in `lang`."""
        return say(self.value, lang)


class Digits(NamedTuple):
    """Digits as they stand, as a value in a text, with the decimal mark of the language."""

    text: str

    def get(self, lang: Lang) -> str:
        """The digits in `lang`."""
        return self.text.replace(".", ",") if lang == "vi" else self.text


class Named(NamedTuple):
    """What English texts call by its id, and Vietnamese ones by its name."""

    id: str
    name: str

    def get(self, lang: Lang) -> str:
        """What it is called in `lang`."""
        return self.name if lang == "vi" else self.id


def declared(x: Fraction, lang: Lang) -> str:
    """A number of a rule for people, as it is declared: never rounded.

    >>> declared(Fraction(2, 3), "vi"), declared(Fraction(1, 2), "vi")
    ('2/3', '0,5')
    """
    return written(x).replace(".", ",") if lang == "vi" else written(x)


def bracketed(x: Fraction, lang: Lang) -> str:
    """The same inside a formula, where a fraction stands in brackets."""
    return declared(x, lang) if is_decimal(x) else f"({declared(x, lang)})"


def declared_share(x: Fraction, lang: Lang) -> str:
    """A share of a rule for people: in per cent, or the fraction itself where no decimal writes it.

    >>> declared_share(Fraction(2, 3), "vi"), declared_share(Fraction(1, 2), "vi")
    ('2/3', '50 %')
    """
    return f"{declared(x * 100, lang)} %" if is_decimal(x * 100) else declared(x, lang)


def equals(x: Fraction, lang: Lang) -> str:
    """`= 0,5`, or `≈ 0,333333` for a number without a finite text."""
    shown = say(x, lang)
    return shown if shown.startswith("≈") else f"= {shown}"


def _parted(text: str, lang: Lang) -> str:
    """A number as Vietnamese groups it, from five digits on, so that a year stays one."""
    whole, sign, rest = text.partition(",")
    if lang != "vi" or not whole.isdecimal() or len(whole) < 5:
        return text
    return grouped(int(whole)) + sign + rest


def say_value(value: Value, fact: Fact, lang: Lang) -> str:
    """A fact's value for people, with its unit."""
    if isinstance(value, bool):
        return {("vi", True): "có", ("vi", False): "không", ("en", True): "yes", ("en", False): "no"}[lang, value]
    if isinstance(value, Fraction):
        return _parted(say(value, lang), lang) + (f" {fact.unit.get(lang)}" if fact.unit else "")
    if isinstance(value, Ballots):
        return "; ".join(
            f"{group.title.get(lang)}: "
            + ", ".join(f"{option.id} {count}" for option, count in zip(value.survey.options, row, strict=True))
            for group, row in zip(value.survey.groups, value.counts, strict=True)
        )
    return next((o.title.get(lang) for o in fact.options or () if o.id == value), value)
