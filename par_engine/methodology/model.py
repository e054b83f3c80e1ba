"""The methodology document as typed, frozen nodes: what one node alone must satisfy."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from par_engine.base.decimals import Exact, Number, Rounding
from par_engine.base.types import (
    Basis,
    Code,
    Date,
    Fact,
    FactId,
    Id,
    Line,
    Node,
    RulingId,
    Sha256,
    Slug,
    Survey,
    Text,
    Whole,
)
from par_engine.i18n.catalogue import Lang
from par_engine.rules.bands import Bands
from par_engine.rules.checklist import Checklist
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.given import Given
from par_engine.rules.own import Own
from par_engine.rules.ratio import Ratio
from par_engine.rules.survey import SurveyRule
from par_engine.rules.tally import Tally

RULE_NAMES = ("choice", "checklist", "ratio", "bands", "tally", "deduction", "survey", "given")
TOTAL = "total"
"""The code of the root of every tree."""

MissingPolicy = Literal["zero", "exclude", "block"]
Aggregate = Literal["sum", "weighted_mean"]


def _rule_tag(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, dict) else getattr(value, "name", None)
    if not isinstance(name, str):
        return None
    return name if name in RULE_NAMES else "own" if "." in name else None


AnyRule = Annotated[
    Annotated[Choice, Tag("choice")]
    | Annotated[Checklist, Tag("checklist")]
    | Annotated[Ratio, Tag("ratio")]
    | Annotated[Bands, Tag("bands")]
    | Annotated[Tally, Tag("tally")]
    | Annotated[Deduction, Tag("deduction")]
    | Annotated[SurveyRule, Tag("survey")]
    | Annotated[Given, Tag("given")]
    | Annotated[Own, Tag("own")],
    Discriminator(_rule_tag),
]


class Settings(Node):
    """What every methodology declares; nothing here has a default."""

    missing: MissingPolicy
    leaf_decimals: Annotated[int, Field(ge=0, le=6)]
    points_decimals: Annotated[int, Field(ge=0, le=6)]
    index_decimals: Annotated[int, Field(ge=0, le=6)]
    stated_decimals: Annotated[int, Field(ge=0, le=6)]
    rounding: Rounding
    rank_on: Literal["exact", "printed"]
    group_on: Literal["exact", "printed"]
    ties: Literal["standard", "modified", "dense"]
    aggregate: Aggregate
    units: Literal["listed", "open"]


class Level(Node):
    """What items of one depth are called."""

    id: Id
    title: Text


class Stream(Node):
    """Who measures; leaves of an `awaited` stream without facts are pending, not missing."""

    id: Id
    title: Text
    max: Exact
    awaited: bool
    basis: Basis
    sources: list[Id]
    rulings: list[RulingId] = []


class IndexGroup(Node):
    """A group of units by index, from a lower bound upward."""

    id: Id
    title: Text
    from_: Annotated[Exact, Field(alias="from")]


class Source(Node):
    """A document that numbers come from; `sha256` is of its file."""

    title: Text
    date: Date | None = None
    url: Line | None = None
    sha256: Sha256 | None = None
    note: Text | None = None


class Unit(Node):
    """A body that is assessed; `kind` is what stands before its name in a sentence, where the name does not say it."""

    id: Slug
    name: Line
    kind: Line | None = None
    aliases: list[Line] = []
    ranked: bool
    why: Text | None = None
    formerly: list[Slug] = []

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.ranked is (self.why is not None):
            raise ValueError("a unit that is not ranked says why; a ranked one does not")
        return self


class Gate(Node):
    """While `item` has fewer than `below` points, the item that has this gate gets at most `cap`."""

    item: Code
    below: Number
    cap: Exact


class Total(Node):
    """The root of the tree."""

    title: Text
    max: Exact
    aggregate: Aggregate | None = None
    cap: Exact | Literal["attainable"] | None = None
    gates: list[Gate] = []
    basis: Basis
    sources: list[Id]
    rulings: list[RulingId] = []


class Item(Total):
    """A node of the tree: with a rule it is a leaf, without one the aggregate of its children.

    `place` is where it stands in its source; `to_do` the open questions that its row leaves, in Vietnamese.
    """

    code: Code
    parent: Code | None = None
    stream: Id | None = None
    rule: AnyRule | None = None
    rule_text: Text | None = None
    role: Literal["bonus", "penalty", "check"] | None = None
    weight: Number | None = None
    missing: MissingPolicy | None = None
    may_not_apply: bool = False
    place: Line | None = None
    to_do: list[Line] = []

    @model_validator(mode="after")
    def _whole_leaf(self) -> Self:
        if len({self.stream is None, self.rule is None, self.rule_text is None}) > 1:
            raise ValueError("a leaf has stream, rule and rule_text; an item with children has none of them")
        if self.rule is None and self.missing is not None:
            raise ValueError("missing is declared on leaves only")
        if self.rule is not None and (self.aggregate is not None or self.cap is not None):
            raise ValueError("aggregate and cap are for items with children")
        if self.to_do and self.basis == "official":
            raise ValueError("an item with open questions (to_do) is not official")
        return self


class Break(Node):
    """Why figures do not compare with those of an older methodology; without items and streams it is about all."""

    since: Slug
    items: list[Code] = []
    streams: list[Id] = []
    why: Text
    sources: list[Id]


Action = Literal["submit", "appraise", "explain", "final"]
"""What can be entered in a round; see `par_engine.round`."""


class Task(Node):
    """One task of a round's plan; once its time is over, what it `locks` is only entered with a reason."""

    id: Id
    title: Text
    who: Text
    due: Date
    due_is: Literal["before", "on_or_before", "about"]
    basis: Basis
    sources: list[Id]
    note: Text | None = None
    locks: Action | None = None

    @model_validator(mode="after")
    def _locks_on_a_day(self) -> Self:
        if self.locks is not None and self.due_is == "about":
            raise ValueError("an approximate date locks nothing")
        return self


class Plan(Node):
    """The plan of a round; without decision and date where the document itself was not found.

    `issuer` is who signed the decision, as it is cited; `receiver` who gets the units' reports.
    """

    title: Text
    decision: Line | None = None
    date: Date | None = None
    issuer: Text | None = None
    receiver: Text | None = None
    tasks: list[Task]

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.decision is None) is not (self.date is None):
            raise ValueError("decision and date go together")
        if self.issuer is not None and self.decision is None:
            raise ValueError("an issuer is that of a decision; there is none")
        return self


class Document(Whole):
    """A whole methodology."""

    id: Slug
    title: Text
    supersedes: Slug | None = None
    breaks: list[Break] = []
    settings: Settings
    levels: Annotated[list[Level], Field(min_length=1)]
    streams: Annotated[list[Stream], Field(min_length=1)]
    groups: list[IndexGroup]
    sources: dict[Id, Source]
    rulings: dict[RulingId, Text]
    units: list[Unit]
    surveys: dict[Id, Survey]
    owners: dict[Id, Text] = {}
    facts: dict[FactId, Fact]
    total: Total
    items: Annotated[list[Item], Field(min_length=1)]
    plan: Plan | None = None

    def owner(self, id: str, lang: Lang) -> str:
        """What the owner of facts is called; its id where nothing says."""
        return self.owners[id].get(lang) if id in self.owners else id
