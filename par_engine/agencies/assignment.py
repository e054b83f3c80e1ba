"""An agencies-1 document checked against a methodology: all that is wrong, or who hands in what."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from par_engine.agencies.mending import mended
from par_engine.agencies.model import Agency, Assignment, Document, Kind, Share
from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Own, Problem, nearest, pointer, problem, quote
from par_engine.base.types import Fact, RollUp, Text
from par_engine.evidence.builder import no_unit
from par_engine.i18n.catalogue import Term, entries, text
from par_engine.methodology.scheme import problems

_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


def assignment(
    document: Mapping[str, Any],
    methodology: Methodology,
    label: str = "agencies",
    places: Mapping[str, str] | None = None,
    earlier: Sequence[Problem] = (),
) -> Assignment:
    """Check an agencies-1 document. A fact that it leaves out is its `owner`'s, where that is one of the agencies.

    `places` are the cells that pointers stand for, `earlier` what is wrong with them. Raises DocumentError with all
    problems: what is wrong in form and what does not fit together, of one place the first.
    """
    cells = places or {}
    content = {key: value for key, value in document.items() if key != "$schema"}
    found: list[Problem] = []
    try:
        model: Document | None = Document.model_validate(content)
    except ValidationError as error:
        found = [_said(problem) for problem in problems(error, label)]
        model = mended(content, error, methodology.id)
    placed = [*earlier, *_placed(found, cells)]
    if model is None:
        raise DocumentError(_sheets(placed, cells))
    checked = _Check(model, methodology, label)
    out = checked.assignment()
    # what stands in for a part that is wrong is not judged itself
    gone = {problem.pointer for problem in found} & {"/kinds", "/agencies"}
    more = [p for p in checked.problems if not (gone and p.code in ("unknown-kind", "unknown-agency", "empty-kind"))]
    taken = {problem.pointer for problem in placed}
    placed += [problem for problem in _placed(more, cells) if problem.pointer not in taken]
    if placed:
        raise DocumentError(_sheets(placed, cells))
    return out


def _sheets(found: Sequence[Problem], places: Mapping[str, str]) -> list[Problem]:
    """The problems in the order of the sheets, where the document came from cells."""
    order: dict[str, int] = {}
    for at in places.values():
        order.setdefault(at.rpartition("!")[0], len(order))
    return sorted(found, key=lambda problem: order.get(problem.pointer.rpartition("!")[0], -1))


def _said(problem: Problem) -> Problem:
    """A fault of form in the words of officers."""
    key, ways = problem.pointer.rpartition("/")[2], "; ".join(entries("agencies.ways", "vi"))
    said, hints = entries("agencies.faults", "vi"), entries("agencies.fault_hints", "vi")
    code = problem.code if problem.code in said else "other"
    named = entries("agencies.keys", "vi").get(key, key)
    what = text("agencies.faults", code, "vi", key=key, named=named)
    hint = ways if code == "literal-error" else hints.get(f"{code} {key}", hints.get(code, ""))
    hint_en = problem.hint.replace("there are no defaults", "fill it in")
    return replace(problem, texts=Own(problem.what, hint_en, what, hint))


def _placed(found: Iterable[Problem], places: Mapping[str, str]) -> list[Problem]:
    """The problems with the cells in which they stand, where the document came from cells."""
    out = []
    for fault in found:
        at = fault.pointer
        while at and at not in places:
            at = at.rpartition("/")[0]
        out.append(replace(fault, pointer=places[at]) if at in places else fault)
    return out


def known_as(methodology: Methodology, name: str) -> str:
    """An agency as the methodology spells it, where it knows it; else with single blanks and a capital in front."""
    spelt = " ".join(name.split())
    known = {fold(title): title for title in (methodology.document.owner(x, "vi") for x in methodology.document.owners)}
    return known.get(fold(spelt), spelt[:1].upper() + spelt[1:])


class _Check:
    def __init__(self, document: Document, methodology: Methodology, label: str) -> None:
        self.document, self.methodology, self.label = document, methodology, label
        self.problems: list[Problem] = []
        self.ids: dict[str, tuple[str, ...]] = {}
        """What a name in `from` stands for: the ids of one agency, or of all of a kind."""
        self.agencies: dict[str, str] = {}
        """The agencies by their names."""

    def note(self, entry: str, at: str, /, **values: Any) -> None:
        self.problems.append(problem(entry, self.label, at, **values))

    def assignment(self) -> Assignment:
        document = self.document
        if document.methodology != self.methodology.id:
            given, wanted = document.methodology, self.methodology.id
            self.note("methodology.assignment", "/methodology", given=given, wanted=wanted)
        if document.due is not None:
            try:
                datetime.date.fromisoformat(document.due)
            except ValueError:
                self.note("date.due", "/due", day=quote(document.due))
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
            self.problems.append(no_unit(scheme, name, self.label, "/unit"))
        return found or name

    def _agencies(self) -> tuple[Agency, ...]:
        """The agencies with their kinds as ids; every id and name stands for one thing."""
        taken: dict[str, str] = {}
        kinds: dict[str, Kind] = {}

        def take(name: str, at: str) -> None:
            key = fold(name)
            if not any(c.isprintable() and not c.isspace() for c in name) or not name.isprintable():
                self.note("name.letters", at, name=quote(name))
            if key in taken and not at.startswith(taken[key] + "/"):
                self.note("duplicate-name", at, name=quote(name), place=taken[key])
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
            self.agencies |= dict.fromkeys(map(fold, (agency.id, agency.name, *agency.aliases)), agency.id)
            if _RESERVED.fullmatch(agency.id):
                self.note("reserved", pointer("agencies", i, "id"), id=agency.id)
            found = kinds.get(fold(agency.kind))
            if found is None:
                titles = [kind.title for kind in self.document.kinds]
                at, near = pointer("agencies", i, "kind"), nearest(agency.kind, titles)
                self.note("unknown-kind", at, kind=quote(agency.kind), known="; ".join(titles), near=near)
                continue
            members[found.id].append(agency.id)
            out.append(agency.model_copy(update={"kind": found.id, "name": known_as(self.methodology, agency.name)}))
        self.ids |= {name: (id,) for name, id in self.agencies.items()}
        for kind in self.document.kinds:
            self.ids |= {fold(name): tuple(members[kind.id]) for name in (kind.id, kind.title)}
        return tuple(out)

    def _facts(self) -> tuple[dict[str, tuple[str, ...]], dict[str, RollUp]]:
        facts = self.methodology.document.facts
        shares: dict[str, tuple[str, ...]] = {}
        ways: dict[str, RollUp] = {}
        for name in self.document.facts:
            if name not in facts:
                at, near = pointer("facts", name), nearest(name, facts)
                self.note("unknown-fact.assignment", at, fact=quote(name), near=near)
        for name, fact in facts.items():
            share = self.document.facts.get(name)
            if share is None:
                owner = self.agencies.get(fold(fact.owner)) if fact.owner else None
                if owner is not None:
                    shares[name] = (owner,)
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
                near = () if "," in name else nearest(name, known)
                self.note("unknown-agency", at, name=quote(name), near=near)
            elif not ids:
                self.note("empty-kind", at, kind=quote(name))
            out |= dict.fromkeys(ids or ())
        return tuple(out)

    def _way(self, name: str, fact: Fact, share: Share, way: RollUp | None, count: int) -> None:
        at, known = pointer("facts", name, "by"), ", ".join(fact.roll_ups)
        words = entries("agencies.ways", "vi")
        ways = "; ".join(f"{words[way]} ({way})" for way in fact.roll_ups)
        if way is None and count > 1:
            entry = "no-way" if known else "no-way.alone"
        elif share.by is not None and share.by not in fact.roll_ups:
            entry = "way.type" if known else "way.needless"
        else:
            return
        said = {"type": Term("agencies.types", fact.type), "way": Term("agencies.ways", share.by or "")}
        self.note(entry, at, fact=name, count=count, ways=Text(vi=ways or "-", en=known or "-"), **said)
