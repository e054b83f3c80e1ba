"""Entries: an evidence-1 document, unit by unit, validated against a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from par_engine.base.problems import pointer, quote
from par_engine.base.types import Text
from par_engine.evidence.builder import Gatherer
from par_engine.evidence.model import Documents, Evidence
from par_engine.evidence.value_parsing import MOST_BALLOTS, Reader, Refused
from par_engine.files.documents import canonical
from par_engine.files.kinds import EVIDENCE, METHODOLOGY, REPORT, kind_of_document, wrong_kind
from par_engine.methodology.scheme import Scheme

_HOW = Text(
    vi="chọn tệp đã dùng để chấm điểm; mẫu tệp: par schema evidence -m ID",
    en="take the file that was scored; `par schema evidence -m ID` prints its form",
)
_TOP = ("$schema", "methodology", "stage", "note", "units")
_TEXTS = {str}
_UNIT = ("unit", "facts", "outcomes", "stated", "explanations", "documents")


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
        gather.fail()
    if (kind := kind_of_document(document)) in (REPORT, METHODOLOGY):
        wrong_kind(label, kind, EVIDENCE, _HOW)
    wanted = document.get("methodology")
    if wanted != scheme.document.id:
        what = f"the evidence is for {quote(wanted)}, not for {scheme.document.id}"
        what_vi = f"số liệu này thuộc bộ tiêu chí {quote(wanted)}, không phải {scheme.document.id}"
        gather.note(
            "/methodology", "methodology", what, "score it with its own methodology", what_vi, "chọn đúng bộ tiêu chí"
        )
        if isinstance(wanted, str):
            gather.fail()  # whatever else is said would be said by the wrong methodology
    _keys(gather, document, _TOP, ())
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
        gather.fail()
    width = sum(len(columns) for columns in scheme.columns.values())
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    units: list[str] = []
    rows: list[list[int]] = []
    here: list[list[bool]] = []
    documents: dict[str, Documents] = {}
    explanations: dict[str, Mapping[str, str]] = {}
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
                f"đơn vị {gather.scheme.name_of(unit)} xuất hiện hai lần",
            )
            gather.note(pointer("units", i, "unit"), "duplicate-unit", what, "keep one", what_vi, "chỉ giữ lại một")
        units.append(unit or "")
        _facts(gather, entry.get("facts", {}), i, cells, found, order)
        _outcomes(gather, entry.get("outcomes", {}), i)
        _stated(gather, entry.get("stated", {}), i)
        papers = _documents(gather, entry.get("documents", {}), i)
        if papers and unit:
            documents[unit] = papers
        texts = _explanations(gather, entry.get("explanations", {}), i)
        if texts and unit:
            explanations[unit] = texts
    values = np.array(rows, dtype=np.int64).reshape(len(rows), width)
    present = np.array(here, dtype=bool).reshape(len(rows), len(order))
    return gather.finish(
        units,
        values,
        present,
        lambda row, fact: pointer("units", row, "facts", fact),
        stage=stage,
        documents=documents,
        explanations=explanations,
        source=source if source is not None or gather.problems else _bytes(gather, document),
        note=note,
    )


def _bytes(gather: Gatherer, document: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a document that came from Python, whose texts may be none."""
    try:
        return canonical(document)
    except UnicodeEncodeError as error:
        what, vi = f"a text holds half of a character: {quote(error.object)}", "có chữ bị hỏng (nửa ký tự)"
        gather.note("", "text", what, "repair the text", vi, "hãy sửa lại chữ ấy")
        return b""
    except (TypeError, ValueError) as error:
        what, vi = f"something in it is no JSON value: {str(error)[:100]}", "có giá trị không phải kiểu của JSON"
        gather.note("", "form", what, "texts, numbers, lists and objects", vi, "chỉ dùng chữ, số, danh sách, đối tượng")
        return b""


def _form(gather: Gatherer, at: str, what: str, hint: str, what_vi: str, hint_vi: str) -> None:
    gather.note(at, "form", what, hint, what_vi, hint_vi)


def _keys(gather: Gatherer, entry: Mapping[Any, Any], known: tuple[str, ...], at: tuple[str | int, ...]) -> None:
    for key in entry:
        if key not in known:
            what, what_vi = f"{quote(key)} is not a key that belongs here", f"khóa {quote(key)} không thuộc về chỗ này"
            near = gather.near(str(key), known)
            gather.note(pointer(*at, str(key)), "unknown-key", what, near, what_vi, near)


def _object(gather: Gatherer, value: Any, *at: str | int) -> Mapping[str, Any]:
    if type(value) is dict and set(map(type, value)) <= _TEXTS:  # what JSON gives, quicker than the general question
        return value
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    what, what_vi = f"{quote(value)} is not an object", f"{quote(value)} không phải là đối tượng"
    _form(gather, pointer(*at), what, "write {...}", what_vi, "ghi {...}")
    return {}


def _facts(gather: Gatherer, facts: Any, i: int, cells: list[int], found: list[bool], order: Mapping[str, int]) -> None:
    readers = gather.readers
    for name, value in _object(gather, facts, "units", i, "facts").items():
        reader = readers.get(name)
        if reader is None:
            gather.reader(name, pointer("units", i, "facts", name))
            continue
        if value is None:
            continue  # null says the same as leaving the fact out
        try:
            if not reader.is_ballots:
                cells[reader.start] = reader.read(value)
                found[order[name]] = True
            else:
                found[order[name]] = _ballots(gather, reader, value, cells, ("units", i, "facts", name))
        except Refused as refused:
            gather.refuse(pointer("units", i, "facts", name), refused)


def _ballots(gather: Gatherer, reader: Reader, value: Any, cells: list[int], at: tuple[str | int, ...]) -> bool:
    if not isinstance(value, Mapping):
        reader.read(value)
    columns = reader.ballot_columns
    for group, counts in _object(gather, value, *at).items():
        options = columns.get(group)
        if options is None:
            _no_cell(gather, "group", group, columns, (*at, group))
            continue
        plain = type(counts) is dict and options.keys() >= counts.keys()
        for option, count in (counts if plain else _object(gather, counts, *at, group)).items():
            column = options.get(option)
            if column is None:
                _no_cell(gather, "option", option, options, (*at, group, option))
            elif type(count) is int and 0 <= count <= MOST_BALLOTS:  # the common case, without a call
                cells[column] = count
            elif count is not None:
                try:
                    cells[column] = reader.ballot(count)
                except Refused as refused:
                    gather.refuse(pointer(*at, group, option), refused)
    return True  # an object says that there is a survey, also when nobody has been asked yet


def _no_cell(gather: Gatherer, kind: str, name: str, known: Mapping[str, Any], at: tuple[str | int, ...]) -> None:
    hint = gather.near(name, known) or f"one of {', '.join(known)}"
    what, what_vi = f"the survey has no {kind} {quote(name)}", f"khảo sát không có {quote(name)}"
    gather.note(pointer(*at), f"unknown-{kind}", what, hint, what_vi, hint)


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


def _explanations(gather: Gatherer, explanations: Any, i: int) -> dict[str, str]:
    out: dict[str, str] = {}
    for code, text in _object(gather, explanations, "units", i, "explanations").items():
        if gather.explains(code, text, pointer("units", i, "explanations", code)):
            out[code] = text.strip()
    return out


def _documents(gather: Gatherer, documents: Any, i: int) -> Documents:
    if not documents and isinstance(documents, Mapping):
        return {}
    out: dict[str, list[Mapping[str, str]]] = {}
    for code, papers in _object(gather, documents, "units", i, "documents").items():
        at = ("units", i, "documents", code)
        if code not in gather.scheme.items:
            what, what_vi = f"there is no item {quote(code)}", f"không có mục {quote(code)}"
            gather.note(pointer(*at), "unknown-item", what, gather.near(code, gather.scheme.items), what_vi, "")
        if not isinstance(papers, list):
            what, what_vi = "documents of an item are a list", "tài liệu của một mục phải là danh sách"
            _form(gather, pointer(*at), what, "write [...]", what_vi, "ghi [...]")
            continue
        out[code] = []
        for j, paper in enumerate(papers):
            fields = _object(gather, paper, *at, j)
            found = dict(fields)
            _keys(gather, fields, ("number", "date", "title", "page", "link"), (*at, j))
            if not isinstance(fields.get("number"), str) or not fields["number"]:
                place = pointer(*at, j, "number")
                vi = ("tài liệu phải có số, ký hiệu", 'ví dụ "12/KH-UBND"')
                _form(gather, place, "a document has a number", 'such as "12/KH-UBND"', *vi)
            for key, value in fields.items():
                if not isinstance(value, str):
                    vi = (f"{key} phải là chữ", "đặt trong dấu nháy kép")
                    _form(gather, pointer(*at, j, key), f"{key} is a text", "quote it", *vi)
                elif key == "date":
                    found[key] = gather.day(value, pointer(*at, j, key))
            out[code].append(found)
    return out
