"""Evidence: what units hand in, validated against a scheme and held as integer columns with a presence beside each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from par_engine.documents import canonical, sha256
from par_engine.errors import EvidenceError, Problem, did_you_mean, pointer, quote
from par_engine.exact import Ints
from par_engine.facts import Reader, Refused, number, readers
from par_engine.model import TOTAL
from par_engine.names import bare, fold
from par_engine.nodes import Outcome, Text
from par_engine.rules.bands import Bands
from par_engine.rules.base import Leaf
from par_engine.rules.given import Given
from par_engine.rules.own import values_of
from par_engine.rules.ratio import Ratio
from par_engine.scheme import Scheme

PATIENCE = 1000
"""Problems after which nobody reads suggestions any more, and looking for them would only take time."""
Documents = Mapping[str, list[Mapping[str, str]]]


@dataclass(frozen=True)
class Declared:
    """What evidence declares about an item instead of facts: an outcome and why."""

    row: int
    code: str
    outcome: Outcome
    why: str


@dataclass(frozen=True)
class Stated:
    """Points that evidence states for an item or a stream, scaled like all points; `at` is their place."""

    row: int
    key: str
    points: int
    is_stream: bool = False
    at: str = ""


@dataclass(frozen=True)
class Evidence:
    """Validated evidence of some units at one stage.

    `values` has one row a unit and the scheme's integer columns; `present` one column a fact, in the scheme's order.
    """

    label: str
    stage: str
    units: tuple[str, ...]
    values: Ints
    present: npt.NDArray[np.bool_]
    declared: tuple[Declared, ...] = ()
    stated: tuple[Stated, ...] = ()
    documents: Mapping[str, Documents] = field(default_factory=dict)
    source: bytes | None = None
    note: str = ""
    edition: str = ""
    """The fingerprint of the methodology that the form was made from; "" when it does not say."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, or of the canonical form of the evidence when it did not come from a file."""
        data = self.source
        if data is None:
            head = canonical({"stage": self.stage, "units": self.units})
            tail = (
                [[s.row, s.key, s.points] for s in self.stated],
                [[d.row, d.code, d.outcome.value] for d in self.declared],
            )
            data = head + self.values.astype("<i8").tobytes() + self.present.tobytes() + canonical(tail)
        return sha256(data)


class Gatherer:
    """Collects rows and problems while evidence is read, and makes the Evidence when there is no problem."""

    def __init__(self, scheme: Scheme, label: str) -> None:
        self.scheme, self.label = scheme, label
        self.problems: list[Problem] = []
        self.readers = readers(scheme)
        self.declared: list[Declared] = []
        self.stated: list[Stated] = []
        self.spelling: dict[str, str] = {}

    def refuse(self, at: str, refused: Refused) -> None:
        """Note a refused value at its place."""
        self.problems.append(Problem(self.label, at, *refused.texts))  # type: ignore[arg-type]

    def note(self, at: str, code: str, what: str, hint: str, what_vi: str, hint_vi: str) -> None:
        """Note a problem at its place."""
        self.problems.append(Problem(self.label, at, code, what, hint, "error", what_vi, hint_vi))

    def unit(self, name: Any, at: str) -> str | None:
        """The id of a unit by id, name or alias; None and a problem when there is none."""
        if not isinstance(name, str) or not name.strip():
            self.note(
                at,
                "unit",
                f"{quote(name)} is no unit name",
                "name the unit",
                f"{quote(name)} không phải tên đơn vị",
                "ghi tên đơn vị",
            )
            return None
        found = self.scheme.unit_index.get(fold(name))
        if found is not None:
            return found
        if self.scheme.document.settings.units == "open":
            return self.spelling.setdefault(fold(name), unicodedata.normalize("NFC", " ".join(name.split())))
        units = self.scheme.document.units
        hint = ""
        if len(self.problems) < PATIENCE:
            by_bare = {bare(n): n for unit in units for n in (unit.name, unit.id)}
            near = by_bare.get(bare(name))
            hint = f'did you mean "{near}"?' if near else did_you_mean(name, [unit.name for unit in units])
        hint = hint or f"par show {self.scheme.document.id} --units lists them"
        hint_vi = "" if "did you mean" in hint else f"xem par show {self.scheme.document.id} --units"
        what, what_vi = f"there is no unit {quote(name)}", f"không có đơn vị {quote(name)}"
        self.note(at, "unknown-unit", what, hint, what_vi, hint_vi)
        return None

    def reader(self, name: str, at: str) -> Reader | None:
        """The reader of a fact; None and a problem when there is no such fact."""
        reader = self.readers.get(name)
        if reader is None:
            near = did_you_mean(name, self.readers)
            hint = near or f"par schema evidence -m {self.scheme.document.id} lists the facts"
            hint_vi = "" if near else f"xem par schema evidence -m {self.scheme.document.id}"
            what, what_vi = f"there is no fact {quote(name)}", f"không có số liệu {quote(name)}"
            self.note(at, "unknown-fact", what, hint, what_vi, hint_vi)
        return reader

    def state(self, row: int, key: str, value: Any, at: str, *, is_stream: bool) -> None:
        """Take stated points of an item or stream."""
        doc, kind = self.scheme.document, "stream" if is_stream else "item"
        tops = {stream.id: stream.max for stream in doc.streams} if is_stream else {TOTAL: doc.total.max}
        if not is_stream:
            tops.update((code, item.max) for code, item in self.scheme.items.items() if item.rule is None)
        if key not in tops:
            leaf = not is_stream and key in self.scheme.items
            what = f"{key} is a leaf: its points come from its facts" if leaf else f"there is no {kind} {quote(key)}"
            what_vi = (
                f"{key} là mục chấm từ số liệu"
                if leaf
                else f"không có {'nguồn điểm' if is_stream else 'mục'} {quote(key)}"
            )
            self.note(at, f"unknown-{kind}", what, did_you_mean(key, tops), what_vi, "")
            return
        if is_stream and not self.scheme.plain:
            self.note(
                at,
                "stream-stated",
                "stream points cannot be stated here: the total is not a plain sum",
                "state items",
                "không thể ghi điểm theo nguồn: tổng điểm không phải là phép cộng đơn thuần",
                "ghi điểm theo mục",
            )
            return
        try:
            points = number(value)
        except Refused as refused:
            self.refuse(at, refused)
            return
        digits = doc.settings.stated_decimals
        if (points * 10**digits).denominator != 1:
            what = f"{quote(str(value))} has more than {digits} decimals, which stated points carry"
            what_vi = f"{quote(str(value))} có quá {digits} chữ số thập phân"
            self.note(at, "too-fine", what, "state the printed points", what_vi, "ghi điểm như đã công bố")
        elif not 0 <= points <= tops[key]:
            top = float(tops[key])
            what, what_vi = (
                f"{value} is outside 0 to the maximum {top:g}",
                f"{value} ngoài khoảng 0 đến điểm tối đa {top:g}",
            )
            self.note(at, "out-of-range", what, "check the figure", what_vi, "kiểm tra lại số liệu")
        else:
            self.stated.append(Stated(row, key, self.scheme.scaled(points), is_stream, at))

    def declare(self, row: int, code: str, outcome: Any, why: Any, at: str) -> None:
        """Take a declared outcome of an item."""
        item = self.scheme.items.get(code)
        allowed = ("not_applicable", "pending", "missing")
        if item is None:
            what, what_vi = f"there is no item {quote(code)}", f"không có mục {quote(code)}"
            self.note(at, "unknown-item", what, did_you_mean(code, self.scheme.items), what_vi, "")
        elif outcome not in allowed:
            near = did_you_mean(str(outcome), allowed) or f"one of {', '.join(allowed)}"
            self.note(
                at,
                "outcome",
                f"{quote(outcome)} is no outcome to declare",
                near,
                f"{quote(outcome)} không phải là kết quả hợp lệ",
                near,
            )
        elif outcome == "not_applicable" and not item.may_not_apply:
            what, what_vi = f"item {code} always applies", f"mục {code} luôn áp dụng"
            hint, hint_vi = "give its facts", "hãy cung cấp số liệu"
            self.note(at, "always-applies", what, hint, what_vi, hint_vi)
        elif not isinstance(why, str) or not why.strip():
            hint, hint_vi = "say why in a sentence", "nêu rõ lý do"
            self.note(at, "no-reason", f"{outcome} needs a reason", hint, f"{outcome} phải có lý do", hint_vi)
        else:
            self.declared.append(Declared(row, code, Outcome(outcome), why.strip()))

    def finish(
        self,
        units: list[str],
        values: Ints,
        present: npt.NDArray[np.bool_],
        place: Callable[[int, str], str],
        **rest: Any,
    ) -> Evidence:
        """Check what only whole rows show, then make the Evidence or raise every problem."""
        for row, leaf, why in refused_together(self.scheme, values, present):
            at = place(row, leaf.rule.facts()[0])
            hint, hint_vi = f"leaf {leaf.code} refuses that", f"mục {leaf.code} không chấp nhận"
            self.note(at, "refused", why.en, hint, why.vi, hint_vi)
        if self.problems:
            raise EvidenceError(self.problems)
        values.flags.writeable = False
        present.flags.writeable = False
        return Evidence(
            self.label,
            units=tuple(units),
            values=values,
            present=present,
            declared=tuple(self.declared),
            stated=tuple(self.stated),
            **rest,
        )


def refused_together(scheme: Scheme, values: Ints, present: npt.NDArray[np.bool_]) -> Iterable[tuple[int, Leaf, Text]]:
    """Rows whose values a rule refuses although each is valid alone, with the leaf and the reason."""
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    for leaf in _guarded(scheme):
        names = leaf.rule.facts()
        cells = [values[:, columns[0]] for columns in leaf.columns]
        if isinstance(leaf.rule, Given):
            suspect = (cells[0] < 0) | (cells[0] > int(leaf.maximum * 10 ** leaf.facts[0].scale))
        else:
            left, right = cells
            if leaf.facts[0].scale != leaf.facts[1].scale:  # whole numbers of Python: scaling could leave 64 bits
                left = left.astype(object) * 10 ** leaf.facts[1].scale
                right = right.astype(object) * 10 ** leaf.facts[0].scale
            suspect = left > right
        if suspect.any():
            complete = present[:, [order[name] for name in names]].all(axis=1)
            for row in np.flatnonzero(suspect.astype(bool) & complete).tolist():
                flat = [int(cell[row]) for cell in (values[:, columns[0]] for columns in leaf.columns)]
                why = leaf.rule.refuse(values_of(leaf, flat), leaf.maximum)
                if why:
                    yield row, leaf, why


def _guarded(scheme: Scheme) -> list[Leaf]:
    guarded: list[Leaf] | None = scheme.__dict__.get("_guarded")
    if guarded is None:
        guarded = [
            leaf
            for leaf in scheme.leaves
            if isinstance(leaf.rule, Given) or (isinstance(leaf.rule, (Ratio, Bands)) and leaf.rule.over == "refuse")
        ]
        scheme.__dict__["_guarded"] = guarded
    return guarded


_TOP = ("$schema", "methodology", "stage", "note", "units")
_UNIT = ("unit", "facts", "outcomes", "stated", "documents")


def validate(scheme: Scheme, document: Any, label: str = "evidence", source: bytes | None = None) -> Evidence:
    """Check an evidence document against a scheme. Raises EvidenceError with every problem, each with its pointer."""
    gather = Gatherer(scheme, label)
    if not isinstance(document, Mapping):
        _form(
            gather,
            "",
            "an evidence document is an object",
            "see par schema evidence",
            "tệp số liệu phải là một đối tượng JSON",
            "xem par schema evidence",
        )
        raise EvidenceError(gather.problems)
    _keys(gather, document, _TOP, ())
    wanted = document.get("methodology")
    if wanted != scheme.document.id:
        what = f"the evidence is for {quote(wanted)}, not for {scheme.document.id}"
        what_vi = f"số liệu này thuộc bộ tiêu chí {quote(wanted)}, không phải {scheme.document.id}"
        gather.note(
            "/methodology", "methodology", what, "score it with its own methodology", what_vi, "chọn đúng bộ tiêu chí"
        )
    stage = document.get("stage")
    if not isinstance(stage, str) or not stage:
        hint, hint_vi = 'such as "self-assessment" or "appraisal"', 'ví dụ "self-assessment" hoặc "appraisal"'
        _form(gather, "/stage", "stage is required", hint, "phải ghi giai đoạn (stage)", hint_vi)
    note = document.get("note", "")
    if not isinstance(note, str):
        _form(gather, "/note", "a note is a text", "quote it", "ghi chú phải là chữ", "đặt trong dấu nháy kép")
    entries = document.get("units")
    if not isinstance(entries, list) or not entries:
        _form(
            gather,
            "/units",
            "units is a list of one unit or more",
            "see par schema evidence",
            "units phải là danh sách có ít nhất một đơn vị",
            "xem par schema evidence",
        )
        raise EvidenceError(gather.problems)
    width = sum(len(columns) for columns in scheme.columns.values())
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    units: list[str] = []
    rows: list[list[int]] = []
    here: list[list[bool]] = []
    documents: dict[str, Documents] = {}
    seen: dict[str, int] = {}
    for i, entry in enumerate(entries):
        cells, found = [0] * width, [False] * len(order)
        rows.append(cells)
        here.append(found)
        if not isinstance(entry, Mapping):
            hint = '{"unit": "...", "facts": {...}}'
            _form(
                gather,
                pointer("units", i),
                "a unit is an object",
                f"such as {hint}",
                "mỗi đơn vị phải là một đối tượng",
                f"ví dụ {hint}",
            )
            units.append("")
            continue
        _keys(gather, entry, _UNIT, ("units", i))
        unit = gather.unit(entry.get("unit"), pointer("units", i, "unit"))
        if unit is not None and seen.setdefault(unit, i) != i:
            what, what_vi = (
                f"unit {unit} stands twice, first at /units/{seen[unit]}",
                f"đơn vị {unit} xuất hiện hai lần",
            )
            gather.note(pointer("units", i, "unit"), "duplicate-unit", what, "keep one", what_vi, "chỉ giữ lại một")
        units.append(unit or "")
        _facts(gather, entry.get("facts", {}), i, cells, found, order)
        _outcomes(gather, entry.get("outcomes", {}), i)
        _stated(gather, entry.get("stated", {}), i)
        papers = _documents(gather, entry.get("documents", {}), i)
        if papers and unit:
            documents[unit] = papers
    values = np.array(rows, dtype=np.int64).reshape(len(rows), width)
    present = np.array(here, dtype=bool).reshape(len(rows), len(order))
    return gather.finish(
        units,
        values,
        present,
        lambda row, fact: pointer("units", row, "facts", fact),
        stage=stage,
        documents=documents,
        source=source if source is not None or gather.problems else canonical(document),
        note=note,
    )


def _form(gather: Gatherer, at: str, what: str, hint: str, what_vi: str, hint_vi: str) -> None:
    gather.note(at, "form", what, hint, what_vi, hint_vi)


def _keys(gather: Gatherer, entry: Mapping[Any, Any], known: tuple[str, ...], at: tuple[str | int, ...]) -> None:
    for key in entry:
        if key not in known:
            what, what_vi = f"{quote(key)} is not a key that belongs here", f"khóa {quote(key)} không thuộc về chỗ này"
            near = did_you_mean(str(key), known)
            gather.note(pointer(*at, str(key)), "unknown-key", what, near, what_vi, near)


def _object(gather: Gatherer, value: Any, *at: str | int) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    what, what_vi = f"{quote(value)} is not an object", f"{quote(value)} không phải là đối tượng"
    _form(gather, pointer(*at), what, "write {...}", what_vi, "ghi {...}")
    return {}


def _facts(gather: Gatherer, facts: Any, i: int, cells: list[int], found: list[bool], order: Mapping[str, int]) -> None:
    for name, value in _object(gather, facts, "units", i, "facts").items():
        reader = gather.readers.get(name)
        if reader is None:
            gather.reader(name, pointer("units", i, "facts", name))
            continue
        if value is None:
            continue  # null says the same as leaving the fact out
        try:
            if reader.fact.survey is None:
                cells[reader.start] = reader.read(value)
                found[order[name]] = True
            else:
                found[order[name]] = _ballots(gather, reader, value, cells, ("units", i, "facts", name))
        except Refused as refused:
            gather.refuse(pointer("units", i, "facts", name), refused)


def _ballots(gather: Gatherer, reader: Reader, value: Any, cells: list[int], at: tuple[str | int, ...]) -> bool:
    if not isinstance(value, Mapping):
        reader.read(value)
    any_cell = False
    for group, counts in _object(gather, value, *at).items():
        for option, count in _object(gather, counts, *at, group).items():
            column = reader.ballot_columns.get((group, option))
            if column is None:
                groups = dict.fromkeys(g for g, _ in reader.ballot_columns)
                known = [o for g, o in reader.ballot_columns if g == group] if group in groups else list(groups)
                wrong, kind = (option, "option") if group in groups else (group, "group")
                hint = did_you_mean(wrong, known) or f"one of {', '.join(known)}"
                what, what_vi = f"the survey has no {kind} {quote(wrong)}", f"khảo sát không có {quote(wrong)}"
                gather.note(
                    pointer(*at, group, *([option] if kind == "option" else [])),
                    f"unknown-{kind}",
                    what,
                    hint,
                    what_vi,
                    hint,
                )
                continue
            if count is None:
                continue
            try:
                cells[column] = reader.ballot(count)
                any_cell = True
            except Refused as refused:
                gather.refuse(pointer(*at, group, option), refused)
    return any_cell


def _outcomes(gather: Gatherer, outcomes: Any, i: int) -> None:
    if not outcomes and isinstance(outcomes, Mapping):
        return
    for code, entry in _object(gather, outcomes, "units", i, "outcomes").items():
        at = ("units", i, "outcomes", code)
        fields = _object(gather, entry, *at)
        _keys(gather, fields, ("outcome", "why"), at)
        if fields:
            gather.declare(i, code, fields.get("outcome"), fields.get("why"), pointer(*at))


def _stated(gather: Gatherer, stated: Any, i: int) -> None:
    if not stated and isinstance(stated, Mapping):
        return
    parts = _object(gather, stated, "units", i, "stated")
    _keys(gather, parts, ("items", "streams"), ("units", i, "stated"))
    for part in ("items", "streams"):
        for key, value in _object(gather, parts.get(part, {}), "units", i, "stated", part).items():
            gather.state(i, key, value, pointer("units", i, "stated", part, key), is_stream=part == "streams")


def _documents(gather: Gatherer, documents: Any, i: int) -> Documents:
    if not documents and isinstance(documents, Mapping):
        return {}
    out: dict[str, list[Mapping[str, str]]] = {}
    for code, papers in _object(gather, documents, "units", i, "documents").items():
        at = ("units", i, "documents", code)
        if code not in gather.scheme.items:
            what, what_vi = f"there is no item {quote(code)}", f"không có mục {quote(code)}"
            gather.note(pointer(*at), "unknown-item", what, did_you_mean(code, gather.scheme.items), what_vi, "")
        if not isinstance(papers, list):
            what, what_vi = "documents of an item are a list", "tài liệu của một mục phải là danh sách"
            _form(gather, pointer(*at), what, "write [...]", what_vi, "ghi [...]")
            continue
        for j, paper in enumerate(papers):
            fields = _object(gather, paper, *at, j)
            _keys(gather, fields, ("number", "date", "title", "page", "link"), (*at, j))
            if not isinstance(fields.get("number"), str) or not fields["number"]:
                place = pointer(*at, j, "number")
                vi = ("tài liệu phải có số, ký hiệu", 'ví dụ "12/KH-UBND"')
                _form(gather, place, "a document has a number", 'such as "12/KH-UBND"', *vi)
            for key, value in fields.items():
                if not isinstance(value, str):
                    vi = (f"{key} phải là chữ", "đặt trong dấu nháy kép")
                    _form(gather, pointer(*at, j, key), f"{key} is a text", "quote it", *vi)
        out[code] = [dict(paper) for paper in papers if isinstance(paper, Mapping)]
    return out
