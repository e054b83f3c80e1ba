"""An agencies-1 document checked against a methodology: all that is wrong, or who hands in what."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from par_engine.agencies.mending import mended
from par_engine.agencies.model import WAYS, Agency, Assignment, Document, Kind, Share
from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Own, Problem, did_you_mean, own_problem, pointer, quote
from par_engine.base.types import Fact, RollUp
from par_engine.evidence.builder import no_unit
from par_engine.methodology.scheme import problems

_KEYS = {"id": "Mã", "name": "Tên cơ quan", "kind": "Loại", "unit": "Đơn vị", "due": "Hạn gửi", "by": "Cách gộp"}
_FORMS = {"id": "chữ thường không dấu, số, gạch nối: so-noi-vu", "due": "ví dụ 31/12/2000"}
_SEVERAL = "thêm vào danh sách cơ quan; nhiều cơ quan cách nhau bằng dấu chấm phẩy"
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_DATE = ("not a date", "such as 2000-12-31", "không phải ngày", "ví dụ 31/12/2000")


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
    key = problem.pointer.rpartition("/")[2]
    texts = {
        "missing": (f"thiếu “{_KEYS.get(key, key)}”", "bắt buộc phải có"),
        "extra-forbidden": (f"“{key}” không thuộc về chỗ này", "kiểm tra cách viết"),
        "string-pattern-mismatch": (f"“{_KEYS.get(key, key)}” không đúng dạng", _FORMS.get(key, "")),
        "string-too-short": (f"“{_KEYS.get(key, key)}” để trống", "hãy điền"),
        "too-short": (f"“{key}” chưa có mục nào", "cần ít nhất một"),
        "literal-error": (f"“{_KEYS.get(key, key)}” không đúng", "; ".join(WAYS)),
    }
    what, hint = texts.get(problem.code, ("giá trị không đúng dạng", "xem schemas/agencies-1.json"))
    hint_en = problem.hint.replace("there are no defaults", "fill it in")
    return replace(problem, texts=Own(problem.what, hint_en, what, hint))


def _placed(found: Iterable[Problem], places: Mapping[str, str]) -> list[Problem]:
    """The problems with the cells in which they stand, where the document came from cells."""
    out = []
    for problem in found:
        at = problem.pointer
        while at and at not in places:
            at = at.rpartition("/")[0]
        out.append(replace(problem, pointer=places[at]) if at in places else problem)
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

    def note(self, at: str, code: str, what: str, hint: str, vi: str, hint_vi: str = "") -> None:
        self.problems.append(own_problem(self.label, at, code, what, hint, "error", vi, hint_vi))

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
            said = no_unit(scheme, name)
            self.note("/unit", said.code, said.what, said.hint, said.what_vi, said.hint_vi)
        return found or name

    def _agencies(self) -> tuple[Agency, ...]:
        """The agencies with their kinds as ids; every id and name stands for one thing."""
        taken: dict[str, str] = {}
        kinds: dict[str, Kind] = {}

        def take(name: str, at: str) -> None:
            key = fold(name)
            if not any(c.isprintable() and not c.isspace() for c in name) or not name.isprintable():
                what, vi = f"{quote(name)} is no name", f"{quote(name)} không phải là tên"
                self.note(at, "name", what, "write it in letters", vi, "hãy ghi bằng chữ")
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
            self.agencies |= dict.fromkeys(map(fold, (agency.id, agency.name, *agency.aliases)), agency.id)
            if _RESERVED.fullmatch(agency.id):
                what, vi = f"Windows keeps the name {agency.id} for itself", f"không đặt mã là “{agency.id}” được"
                self.note(pointer("agencies", i, "id"), "reserved", what, "choose another id", vi, "hãy chọn mã khác")
            found = kinds.get(fold(agency.kind))
            if found is None:
                titles = [kind.title for kind in self.document.kinds]
                what, vi = f"there is no kind {quote(agency.kind)}", f"không có loại cơ quan {quote(agency.kind)}"
                near, known = did_you_mean(agency.kind, titles), "; ".join(titles)
                at = pointer("agencies", i, "kind")
                self.note(at, "unknown-kind", what, near or f"one of {known}", vi, "" if near else known)
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
                what, vi = f"there is no fact {quote(name)}", f"không có số liệu {quote(name)}"
                near = did_you_mean(name, facts)
                self.note(pointer("facts", name), "unknown-fact", what, near, vi)
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
                near = did_you_mean(name, known)
                if "," in name:
                    near = ""
                what, vi = f"there is no agency or kind {quote(name)}", f"không có cơ quan hay loại {quote(name)}"
                self.note(
                    at,
                    "unknown-agency",
                    what,
                    near or "list it; several are separated by ;",
                    vi,
                    "" if near else _SEVERAL,
                )
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
