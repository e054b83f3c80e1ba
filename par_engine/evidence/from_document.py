"""Entries: an evidence-1 document, unit by unit, validated against a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from par_engine.base.problems import pointer, quote
from par_engine.base.types import Named
from par_engine.evidence.builder import Gatherer
from par_engine.evidence.model import Documents, Evidence
from par_engine.evidence.value_parsing import MOST_BALLOTS, Reader, Refused
from par_engine.files.documents import canonical
from par_engine.files.kinds import EVIDENCE, METHODOLOGY, REPORT, kind_of_document, wrong_kind
from par_engine.i18n.catalogue import Term
from par_engine.methodology.scheme import Scheme

_HOW = Term("file-kinds", "take-evidence")
_TOP = ("$schema", "methodology", "stage", "note", "units")
_TEXTS = {str}
_UNIT = ("unit", "facts", "outcomes", "stated", "explanations", "documents")


def validate(scheme: Scheme, document: Any, label: str = "evidence", source: bytes | None = None) -> Evidence:
    """Check an evidence document against a scheme. Raises EvidenceError with every problem, each with its pointer."""
    gather = Gatherer(scheme, label)
    if not isinstance(document, Mapping):
        gather.add("form.evidence", "")
        gather.fail()
    if (kind := kind_of_document(document)) in (REPORT, METHODOLOGY):
        wrong_kind(label, kind, EVIDENCE, _HOW)
    wanted = document.get("methodology")
    if wanted != scheme.document.id:
        gather.add("methodology.evidence", "/methodology", methodology=quote(wanted), id=scheme.document.id)
        if isinstance(wanted, str):
            gather.fail()  # whatever else is said would be said by the wrong methodology
    _keys(gather, document, _TOP, ())
    stage = document.get("stage")
    if not isinstance(stage, str) or not stage:
        gather.add("form.stage", "/stage")
    note = document.get("note", "")
    if not isinstance(note, str):
        gather.add("form.note", "/note")
    entries = document.get("units")
    if not isinstance(entries, list) or not entries:
        gather.add("form.units", "/units")
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
            gather.add("form.unit", pointer("units", i))
            units.append("")
            continue
        _keys(gather, entry, _UNIT, ("units", i))
        unit = gather.unit(entry.get("unit"), pointer("units", i, "unit"))
        if unit is not None and seen.setdefault(unit, i) != i:
            named, place = Named(unit, scheme.name_of(unit)), pointer("units", seen[unit])
            gather.add("duplicate-unit", pointer("units", i, "unit"), unit=named, place=place)
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
        gather.add("text.half-character", "", text=quote(error.object))
        return b""
    except (TypeError, ValueError) as error:
        gather.add("form.no-json-value", "", reason=str(error)[:100])
        return b""


def _keys(gather: Gatherer, entry: Mapping[Any, Any], known: tuple[str, ...], at: tuple[str | int, ...]) -> None:
    for key in entry:
        if key not in known:
            near = gather.nearest(str(key), known)
            gather.add("unknown-key.evidence", pointer(*at, str(key)), key=quote(key), near=near)


def _object(gather: Gatherer, value: Any, *at: str | int) -> Mapping[str, Any]:
    if type(value) is dict and set(map(type, value)) <= _TEXTS:  # what JSON gives, quicker than the general question
        return value
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    gather.add("form.object", pointer(*at), value=quote(value))
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
            _no_cell(gather, "unknown-group.evidence", group, columns, (*at, group))
            continue
        plain = type(counts) is dict and options.keys() >= counts.keys()
        for option, count in (counts if plain else _object(gather, counts, *at, group)).items():
            column = options.get(option)
            if column is None:
                _no_cell(gather, "unknown-option.ballots", option, options, (*at, group, option))
            elif type(count) is int and 0 <= count <= MOST_BALLOTS:  # the common case, without a call
                cells[column] = count
            elif count is not None:
                try:
                    cells[column] = reader.ballot(count)
                except Refused as refused:
                    gather.refuse(pointer(*at, group, option), refused)
    return True  # an object says that there is a survey, also when nobody has been asked yet


def _no_cell(gather: Gatherer, entry: str, name: str, known: Mapping[str, Any], at: tuple[str | int, ...]) -> None:
    gather.add(entry, pointer(*at), name=quote(name), known=tuple(known), near=gather.nearest(name, known))


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
            near = gather.nearest(code, gather.scheme.items)
            gather.add("unknown-item.evidence", pointer(*at), key=quote(code), near=near)
        if not isinstance(papers, list):
            gather.add("form.documents", pointer(*at))
            continue
        out[code] = []
        for j, paper in enumerate(papers):
            fields = _object(gather, paper, *at, j)
            found = dict(fields)
            _keys(gather, fields, ("number", "date", "title", "page", "link"), (*at, j))
            if not isinstance(fields.get("number"), str) or not fields["number"]:
                gather.add("form.document-number", pointer(*at, j, "number"))
            for key, value in fields.items():
                if not isinstance(value, str):
                    gather.add("form.text", pointer(*at, j, key), key=key)
                elif key == "date":
                    found[key] = gather.day(value, pointer(*at, j, key))
            out[code].append(found)
    return out
