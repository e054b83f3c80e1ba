"""The parts of an assignment: kinds and agencies, and who hands in which facts in which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field

from par_engine.api import Methodology
from par_engine.base.problems import Problem, problem
from par_engine.base.types import Date, FactId, Line, Node, RollUp, Slug, Text, Whole
from par_engine.i18n.catalogue import text

_CODES = 12


class Kind(Node):
    """Agencies that are ranked among one another."""

    id: Slug
    title: Line


class Agency(Node):
    """One agency; `unranked` says why it takes no place among those of its kind."""

    id: Slug
    name: Line
    kind: Line
    aliases: list[Line] = []
    unranked: Line | None = None


class Share(Node):
    """Who hands in a fact: agencies and kinds, by id or name, or nobody; `by` is how several values make it up."""

    from_: Annotated[list[Line], Field(alias="from")]
    by: RollUp | None = None


class Document(Whole):
    """An agencies-1 document."""

    methodology: Slug
    unit: Line
    due: Date | None = None
    kinds: Annotated[list[Kind], Field(min_length=1)]
    agencies: Annotated[list[Agency], Field(min_length=1)]
    facts: dict[FactId, Share] = {}


@dataclass(frozen=True)
class Assignment:
    """A checked assignment: `shares` has the agencies of each fact in their order, `ways` how several are rolled up."""

    methodology: Methodology
    unit: str
    due: str
    kinds: tuple[Kind, ...]
    agencies: tuple[Agency, ...]
    shares: Mapping[str, tuple[str, ...]]
    ways: Mapping[str, RollUp]

    @cached_property
    def by_id(self) -> Mapping[str, Agency]:
        """The agencies by their ids."""
        return {agency.id: agency for agency in self.agencies}

    @property
    def unassigned(self) -> tuple[str, ...]:
        """The facts that no agency hands in."""
        return tuple(name for name in self.methodology.document.facts if name not in self.shares)

    @property
    def nobodys(self) -> tuple[Problem, ...]:
        """What to say of facts that nobody is asked for, but for ballots, which come from the survey."""
        facts = self.methodology.document.facts
        names = [name for name in self.unassigned if facts[name].survey is None]
        if not names:
            return ()
        codes = list(dict.fromkeys(code for name in names for code in self.codes(name)))
        entry, shown = ("unassigned", codes) if codes else ("unassigned.unused", names)
        which = Text(vi=_some(shown), en=_some(names))
        return (problem(entry, "agencies", "", "warning", count=len(names), which=which),)

    @cached_property
    def _codes(self) -> Mapping[str, list[str]]:
        out: dict[str, list[str]] = {name: [] for name in self.methodology.document.facts}
        for leaf in self.methodology.scheme.leaves:
            for name in leaf.rule.facts():
                out[name].append(leaf.code)
        return out

    def codes(self, fact: str) -> Sequence[str]:
        """The leaves that ask for a fact."""
        return self._codes[fact]

    def titled(self, fact: str) -> Text:
        """A fact as officers know it: its title, and the items that ask for it; in English its id."""
        codes, title = self.codes(fact), f"“{self.methodology.document.facts[fact].title.vi}”"
        return Text(vi=text("agencies.words", "titled", "vi", title=title, codes=codes) if codes else title, en=fact)

    def facts_of(self, agency: str) -> frozenset[str]:
        """The facts that one agency hands in."""
        return frozenset(name for name, owners in self.shares.items() if agency in owners)

    def of_kind(self, kind: Kind) -> tuple[Agency, ...]:
        """The agencies of a kind, in their order."""
        return tuple(agency for agency in self.agencies if agency.kind == kind.id)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_CODES]) + " …" * (len(names) > _CODES)
