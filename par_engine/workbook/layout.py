"""Where everything of a workbook stands: sheets and rows by key, and the references that formulas make to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from par_engine.base.names import fold
from par_engine.base.problems import did_you_mean, fail_own, quote
from par_engine.base.types import Fact
from par_engine.methodology.model import TOTAL, Document, Item
from par_engine.methodology.scheme import Scheme
from par_engine.workbook.words import AT, survey_at

FIRST = 3
"""The first row of items, from 0: above it are the hidden names of the columns, the title and the heads."""
SUMMARY = "Tổng hợp"
BELOW = 4
"""Rows from the total to the first stream: between them are the index, a gap and heads."""
TREE = "tree:total"
"""The hidden row of the total as its fields give it, before it is held against the streams."""
Kind = Literal["item", "fact", "asked", "ballots", "again", "paper"]


@dataclass(frozen=True)
class Row:
    """One row: an item, a fact of it, a question, a group's ballots, a fact typed elsewhere, or one more document."""

    kind: Kind
    key: str
    code: str
    depth: int
    fact: str = ""
    group: int = 0


@dataclass
class Sheet:
    """One sheet and its rows from top to bottom; `survey` is the one whose ballots it takes, or ""."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    survey: str = ""
    columns: Mapping[str, int] = field(default_factory=lambda: AT)


@dataclass(frozen=True)
class Plan:
    """All sheets; `at` finds the sheet and row of a key, `owner` is the agency it is for; `stated` ones take totals."""

    scheme: Scheme
    sheets: tuple[Sheet, ...]
    at: Mapping[str, tuple[str, int]]
    owner: str
    stated: bool = False

    def ref(self, key: str, column: str, sheet: str) -> str:
        """An absolute reference to a column of a key's row, as a formula on `sheet` writes it."""
        home, row = self.at[key]
        return on(home, f"${letters(self.columns(home)[column])}${row + 1}", sheet)

    def columns(self, sheet: str) -> Mapping[str, int]:
        """The columns of a sheet, from 0."""
        return next((s.columns for s in self.sheets if s.name == sheet and s.survey), AT)

    def facts_of(self, item: Item) -> list[str | None]:
        """The keys of the rows where an item's facts are typed, in the order of its rule; None for those elsewhere."""
        assert item.rule is not None
        return [self.typed.get(name) for name in item.rule.facts()]

    @property
    def typed(self) -> Mapping[str, str]:
        """The key of the row in which each fact is typed; of ballots the first."""
        return {name.split(":")[2]: name for name in reversed(list(self.at)) if name.startswith(("fact:", "ballots:"))}


def on(home: str, cells: str, sheet: str) -> str:
    """A reference to cells of one sheet as a formula on another writes it."""
    return cells if home == sheet else "'{}'!{}".format(home.replace("'", "''"), cells)


def letters(column: int) -> str:
    """The letters of a column, from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def owner_called(document: Document, name: str) -> str:
    """The id of an owner by what it is called; a name that is not known as it is."""
    found = (id for id, title in document.owners.items() if fold(name) in map(fold, (title.vi, title.en)))
    return next(found, name)


def plan(
    scheme: Scheme,
    owner: str = "",
    papers: Mapping[str, int] | None = None,
    mine: Collection[str] | None = None,
    *,
    stated: bool = False,
) -> Plan:
    """Lay out a workbook; with `owner` only the facts of one agency, which are `mine` where they are given.

    `papers` says how many documents items have. A `stated` one also takes points of items, streams and the total that
    stand for their parts; no agency has those.
    """
    document = scheme.document
    owners = sorted({fact.owner for fact in document.facts.values() if fact.owner})
    if mine is None:
        owner = owner_called(document, owner)
    if owner and mine is None and owner not in owners:
        what, vi = f"no fact is of the agency {quote(owner)}", f"không có số liệu nào của cơ quan {quote(owner)}"
        names = [document.owner(id, "vi") for id in owners]
        near = did_you_mean(owner, [*owners, *names])
        hint = near or f"agencies are {', '.join(owners) or 'not named'}"
        hint_vi = "" if near else f"các cơ quan: {', '.join(names)}" if names else "bộ tiêu chí không nêu cơ quan nào"
        fail_own("--agency", "unknown-agency", what, hint, vi, hint_vi)
    if mine is None:
        mine = {name for name, fact in document.facts.items() if not owner or fact.owner == owner}
    builder = _Builder(scheme, mine, papers or {})
    level = document.levels[0].title.vi
    sheets: list[Sheet] = []
    for item in scheme.children[TOTAL]:
        if not builder.wanted(item.code):
            continue
        if item.rule is not None:  # leaves without a branch share one sheet
            if not sheets or sheets[-1].title != document.title.vi:
                sheets.append(Sheet(_name(level, sheets), document.title.vi))
        else:
            sheets.append(Sheet(_name(f"{level} {item.code}", sheets), f"{item.code}. {item.title.vi}"))
        sheets[-1].rows += builder.rows(item, 0)
    loose = [name for name in document.facts if name in mine and name not in builder.placed]
    if loose:
        sheets.append(Sheet(_name("Số liệu khác", sheets), "Số liệu không dùng để chấm"))
        for name in loose:
            sheets[-1].rows += builder.fact_rows("", name, document.facts[name], 0)
        if not sheets[-1].rows:
            sheets.pop()
    for survey, rows in builder.asked.items():
        title = document.surveys[survey].title.vi
        at_ = survey_at([(option.id, "") for option in document.surveys[survey].options])
        sheets.append(Sheet(_name(title, sheets), title, rows, survey, at_))
    at = {row.key: (sheet.name, FIRST + i) for sheet in sheets for i, row in enumerate(sheet.rows)}
    if not owner:
        row = FIRST + len(scheme.children[TOTAL])
        at[f"item:{TOTAL}"] = (SUMMARY, row)
        for i, stream in enumerate(document.streams):
            at[f"stream:{stream.id}"] = (SUMMARY, row + BELOW + i)
        at[TREE] = (SUMMARY, row + BELOW + len(document.streams))
    return Plan(scheme, tuple(sheets), at, owner, stated and not owner)


class _Builder:
    def __init__(self, scheme: Scheme, mine: Collection[str], papers: Mapping[str, int]) -> None:
        self.scheme, self.mine, self.papers = scheme, mine, papers
        self.placed: set[str] = set()
        self.asked: dict[str, list[Row]] = {}

    def wanted(self, code: str) -> bool:
        """Whether any fact beneath an item is typed in this workbook."""
        rules = (self.scheme.items[leaf].rule for leaf in self.scheme.under(code))
        return any(name in self.mine for rule in rules if rule is not None for name in rule.facts())

    def rows(self, item: Item, depth: int) -> Iterator[Row]:
        """The rows of an item, its facts and everything beneath it."""
        own = [Row("item", f"item:{item.code}", item.code, depth)]
        for name in item.rule.facts() if item.rule is not None else ():
            if name in self.placed:
                if self.scheme.document.facts[name].survey is not None:
                    continue
                own.append(Row("again", f"again:{item.code}:{name}", item.code, depth + 1, name))
            elif name in self.mine:
                own += self.fact_rows(item.code, name, self.scheme.document.facts[name], depth + 1)
        more = self.papers.get(item.code, 0) - len(own)
        yield from own
        for i in range(more):
            yield Row("paper", f"paper:{item.code}:{i + 1}", item.code, depth + 1)
        for child in self.scheme.children.get(item.code, ()):
            if self.wanted(child.code):
                yield from self.rows(child, depth + 1)

    def fact_rows(self, code: str, name: str, fact: Fact, depth: int) -> list[Row]:
        """One row for a fact; the ballots of a question are laid out on the sheet of its survey."""
        self.placed.add(name)
        if fact.survey is None:
            return [Row("fact", f"fact:{code}:{name}", code, depth, name)]
        rows = self.asked.setdefault(fact.survey, [])
        rows.append(Row("asked", f"asked:{code}:{name}", code, 0, name))
        rows += (
            Row("ballots", f"ballots:{code}:{name}:{group.id}", code, 1, name, g)
            for g, group in enumerate(self.scheme.document.surveys[fact.survey].groups)
        )
        return []


def _name(wanted: str, sheets: list[Sheet]) -> str:
    """A name that Excel accepts and that no other sheet has."""
    taken = {sheet.name.casefold() for sheet in sheets} | {SUMMARY.casefold(), "par", "hướng dẫn"}
    base = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip("' ")[:31]
    name, count = base, 1
    while name.casefold() in taken:
        count += 1
        name = f"{base[:27]} {count}"
    return name
