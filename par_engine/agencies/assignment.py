"""An assignment: the agencies of one unit, and which facts each of them hands in, checked against a methodology."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, ValidationError

from par_engine.api import Methodology
from par_engine.errors import DocumentError, Problem, did_you_mean, pointer, quote
from par_engine.names import fold
from par_engine.nodes import Date, Fact, FactId, Line, Node, RollUp, Slug
from par_engine.scheme import problems

WAYS: Mapping[RollUp, str] = {
    "sum": "cộng",
    "all": "tất cả đều có",
    "any": "ít nhất một nơi có",
    "least": "số nhỏ nhất",
    "most": "số lớn nhất",
    "same": "phải giống nhau",
}
"""What officers call the ways of rolling up."""
_DATE = ("not a date", "such as 2000-12-31", "không phải ngày", "ví dụ 2000-12-31")


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


class Document(Node):
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

    def facts_of(self, agency: str) -> frozenset[str]:
        """The facts that one agency hands in."""
        return frozenset(name for name, owners in self.shares.items() if agency in owners)

    def of_kind(self, kind: Kind) -> tuple[Agency, ...]:
        """The agencies of a kind, in their order."""
        return tuple(agency for agency in self.agencies if agency.kind == kind.id)


def assignment(
    document: Mapping[str, Any],
    methodology: Methodology,
    label: str = "agencies",
    places: Mapping[str, str] | None = None,
) -> Assignment:
    """Check an agencies-1 document. A fact that it leaves out is its `owner`'s, where that is one of the agencies.

    `places` are the cells that pointers stand for. Raises DocumentError with all problems.
    """
    try:
        model = Document.model_validate({key: value for key, value in document.items() if key != "$schema"})
    except ValidationError as error:
        raise DocumentError(_placed(problems(error, label), places or {})) from None
    checked = _Check(model, methodology, label)
    found = checked.assignment()
    if checked.problems:
        raise DocumentError(_placed(checked.problems, places or {}))
    return found


def _placed(found: list[Problem], places: Mapping[str, str]) -> list[Problem]:
    """The problems with the cells in which they stand, where the document came from cells."""
    out = []
    for problem in found:
        at = problem.pointer
        while at and at not in places:
            at = at.rpartition("/")[0]
        out.append(replace(problem, pointer=places[at]) if at in places else problem)
    return sorted(out)


class _Check:
    def __init__(self, document: Document, methodology: Methodology, label: str) -> None:
        self.document, self.methodology, self.label = document, methodology, label
        self.problems: list[Problem] = []
        self.ids: dict[str, tuple[str, ...]] = {}
        """What a name in `from` stands for: the ids of one agency, or of all of a kind."""

    def note(self, at: str, code: str, what: str, hint: str, vi: str, hint_vi: str = "") -> None:
        self.problems.append(Problem(self.label, at, code, what, hint, "error", vi, hint_vi))

    def assignment(self) -> Assignment:
        document = self.document
        if document.methodology != self.methodology.id:
            what, vi = f"this is for {document.methodology}", f"bản phân công này của {document.methodology}"
            self.note("/methodology", "methodology", what, f"not for {self.methodology.id}", vi)
        if document.due is not None:
            try:
                datetime.date.fromisoformat(document.due)
            except ValueError:
                self.note("/due", "date", quote(document.due) + " is " + _DATE[0], *_DATE[1:])
        agencies = self._agencies()
        shares, ways = self._facts()
        return Assignment(
            self.methodology,
            self._unit(),
            document.due or "",
            tuple(document.kinds),
            agencies,
            shares,
            ways,
        )

    def _unit(self) -> str:
        scheme, name = self.methodology.scheme, self.document.unit
        found = scheme.unit_index.get(fold(name))
        if found is None and scheme.document.settings.units == "listed":
            hint = did_you_mean(name, [unit.name for unit in scheme.document.units])
            what, vi = f"there is no unit {quote(name)}", f"không có đơn vị {quote(name)}"
            show = f"par show {self.methodology.id} --units"
            self.note("/unit", "unknown-unit", what, hint or show, vi, "" if hint else show)
        return found or name

    def _agencies(self) -> tuple[Agency, ...]:
        """The agencies with their kinds as ids; every id and name stands for one thing."""
        taken: dict[str, str] = {}
        kinds: dict[str, Kind] = {}

        def take(name: str, at: str) -> None:
            key = fold(name)
            if key in taken and not at.startswith(taken[key] + "/"):
                what, vi = f"{quote(name)} stands at {taken[key]} too", f"{quote(name)} xuất hiện hai lần"
                self.note(at, "duplicate-name", what, "name each thing once", vi, "mỗi tên chỉ dùng một lần")
            taken.setdefault(key, at.rpartition("/")[0])

        for i, kind in enumerate(self.document.kinds):
            for key in ("id", "title"):
                take(getattr(kind, key), pointer("kinds", i, key))
                kinds.setdefault(fold(getattr(kind, key)), kind)
        members: dict[str, list[str]] = {kind.id: [] for kind in self.document.kinds}
        out = []
        for i, agency in enumerate(self.document.agencies):
            take(agency.id, pointer("agencies", i, "id"))
            take(agency.name, pointer("agencies", i, "name"))
            for j, alias in enumerate(agency.aliases):
                take(alias, pointer("agencies", i, "aliases", j))
            found = kinds.get(fold(agency.kind))
            if found is None:
                titles = [kind.title for kind in self.document.kinds]
                what, vi = f"there is no kind {quote(agency.kind)}", f"không có loại cơ quan {quote(agency.kind)}"
                near, known = did_you_mean(agency.kind, titles), "; ".join(titles)
                at = pointer("agencies", i, "kind")
                self.note(at, "unknown-kind", what, near or f"one of {known}", vi, "" if near else known)
                continue
            members[found.id].append(agency.id)
            out.append(agency.model_copy(update={"kind": found.id}))
            self.ids |= {fold(name): (agency.id,) for name in (agency.id, agency.name, *agency.aliases)}
        for kind in self.document.kinds:
            self.ids |= {fold(name): tuple(members[kind.id]) for name in (kind.id, kind.title)}
        return tuple(out)

    def _facts(self) -> tuple[dict[str, tuple[str, ...]], dict[str, RollUp]]:
        facts = self.methodology.document.facts
        shares: dict[str, tuple[str, ...]] = {}
        ways: dict[str, RollUp] = {}
        for name in self.document.facts:
            if name not in facts:
                what, vi = f"there is no fact {quote(name)}", f"không có số liệu {quote(name)}"
                near = did_you_mean(name, facts)
                self.note(pointer("facts", name), "unknown-fact", what, near, vi)
        for name, fact in facts.items():
            share = self.document.facts.get(name)
            if share is None:
                owners = self.ids.get(fold(fact.owner), ()) if fact.owner else ()
                if len(owners) == 1:
                    shares[name] = owners
                continue
            found = self._owners(name, share)
            if found:
                shares[name] = found
                way = share.by or fact.roll_up
                if way is not None and (len(found) > 1 or share.by is not None):
                    ways[name] = way
                self._way(name, fact, share, way, len(found))
        order = {agency.id: i for i, agency in enumerate(self.document.agencies)}
        return {name: tuple(sorted(ids, key=order.__getitem__)) for name, ids in shares.items()}, ways

    def _owners(self, fact: str, share: Share) -> tuple[str, ...]:
        out: dict[str, None] = {}
        for i, name in enumerate(share.from_):
            ids = self.ids.get(fold(name))
            at = pointer("facts", fact, "from", i)
            if ids is None:
                known = [x for a in self.document.agencies for x in (a.id, a.name)]
                known += [x for k in self.document.kinds for x in (k.id, k.title)]
                near = did_you_mean(name, known)
                what, vi = f"there is no agency or kind {quote(name)}", f"không có cơ quan hay loại {quote(name)}"
                self.note(at, "unknown-agency", what, near or "list it", vi, "" if near else "thêm vào danh sách")
            elif not ids:
                what, vi = f"no agency is of the kind {quote(name)}", f"không có cơ quan nào thuộc loại {quote(name)}"
                self.note(at, "empty-kind", what, "list its agencies", vi, "thêm cơ quan thuộc loại này")
            out |= dict.fromkeys(ids or ())
        return tuple(out)

    def _way(self, name: str, fact: Fact, share: Share, way: RollUp | None, count: int) -> None:
        known, known_vi = ", ".join(fact.roll_ups), "; ".join(f"{WAYS[way]} ({way})" for way in fact.roll_ups)
        at = pointer("facts", name, "by")
        if way is None and count > 1:
            what = f"{count} agencies hand in {name}, and nothing says how they make it up"
            vi = f"{name} do {count} cơ quan báo cáo nhưng chưa ghi cách gộp"
            self.note(
                at,
                "no-way",
                what,
                f"by one of {known}" if known else "name one agency",
                vi,
                known_vi or "chỉ một cơ quan",
            )
        elif share.by is not None and share.by not in fact.roll_ups:
            what, vi = f"a fact of type {fact.type} cannot be rolled up as {share.by}", f"{name} không gộp được như vậy"
            self.note(at, "way", what, f"by one of {known}" if known else "leave it out", vi, known_vi or "để trống")
