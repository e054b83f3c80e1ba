"""An assignment from JSON, or from the workbook that an officer filled in, with the cell of every entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from par_engine.base.dates import day as day_from
from par_engine.base.names import bare, fold
from par_engine.base.problems import DocumentError, Problem, fail, pointer, problem, quote
from par_engine.files.documents import MAX_SCHEME, parse_json, read_bytes
from par_engine.files.kinds import called
from par_engine.files.xlsx_reading import fault, opened
from par_engine.files.xlsx_reading import rows as rows_of
from par_engine.files.xlsx_reading import text as seen
from par_engine.i18n.catalogue import entries

GENERAL, AGENCIES, FACTS = "Chung", "Cơ quan", "Phân công"
GENERAL_KEYS = {"methodology": "Bộ tiêu chí", "unit": "Đơn vị", "due": "Hạn gửi"}
AGENCY_HEADS = {
    "id": "Mã",
    "name": "Tên cơ quan",
    "kind": "Loại",
    "aliases": "Tên khác",
    "unranked": "Không xếp hạng vì",
}
FACT_HEADS = {"fact": "Mã số liệu", "from": "Cơ quan báo cáo", "by": "Cách gộp"}
_MOST, _WIDTH = 20_000, 26


@dataclass(frozen=True)
class _Cell:
    text: str
    at: str


def read(path: Path) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """An agencies-1 document from JSON or XLSX, the cells of its pointers, and what is wrong with these.

    Raises DocumentError for other files, and for a workbook that lacks its sheets or their heads.
    """
    label, kind = path.name, path.suffix.lower()
    data = read_bytes(path, MAX_SCHEME if kind == ".json" else None)
    if kind == ".json":
        document = parse_json(data, label)
        if not isinstance(document, dict):
            fail("form", label)
        return document, {}, []
    if kind != ".xlsx":
        fail("unknown-format", label, kind=called(kind))
    problems: list[Problem] = []
    sheets = _cells(data, label, problems)
    lacking: list[Problem] = []
    general = _named(sheets, GENERAL, label, lacking)
    agencies = _table(label, _named(sheets, AGENCIES, label, lacking), AGENCY_HEADS, AGENCIES, lacking)
    facts = _table(label, _named(sheets, FACTS, label, lacking), FACT_HEADS, FACTS, lacking)
    if lacking:
        raise DocumentError(lacking)
    document, places = {}, {}
    for key, cell in _general(general or []).items():
        document[key], places[pointer(key)] = cell.text, cell.at
    if "due" in document:
        document["due"] = _day(document["due"])
    _agencies(agencies, document, places)
    _facts(label, facts, document, places, problems)
    return document, places, problems


def _agencies(rows: list[dict[str, _Cell]], document: dict[str, Any], places: dict[str, str]) -> None:
    kinds: dict[str, dict[str, str]] = {}
    document["kinds"], document["agencies"] = [], []
    for i, row in enumerate(rows):
        agency: dict[str, Any] = {key: row[key].text for key in ("name", "kind") if row[key].text}
        code = row["id"].text or row["name"].text
        agency["id"] = slug(code)[:80].rstrip("-") if code else f"dong-{i + 1}"  # that the name is missing is said
        if row["kind"].text and fold(row["kind"].text) not in kinds:
            at = pointer("kinds", len(kinds))
            kind = {"id": f"loai-{len(kinds) + 1}-{slug(row['kind'].text)}"[:80].rstrip("-"), "title": row["kind"].text}
            kinds[fold(row["kind"].text)] = kind
            document["kinds"].append(kind)
            places[at] = row["kind"].at
        if row["aliases"].text:
            agency["aliases"] = _split(row["aliases"].text)
        if row["unranked"].text:
            agency["unranked"] = row["unranked"].text
        document["agencies"].append(agency)
        places[pointer("agencies", i)] = next(iter(row.values())).at
        places |= {pointer("agencies", i, key): cell.at for key, cell in row.items()}


def _facts(
    label: str, rows: list[dict[str, _Cell]], document: dict[str, Any], places: dict[str, str], out: list[Problem]
) -> None:
    document["facts"] = {}
    words = entries("agencies.ways", "vi")
    ways = {fold(word): way for way, word in words.items()} | {way: way for way in words}
    for row in rows:
        if not row["fact"].text:
            out.append(problem("no-fact", label, row["fact"].at))
            continue
        name = row["fact"].text
        if name in document["facts"]:
            out.append(problem("duplicate-fact", label, row["fact"].at, name=quote(name)))
            continue
        places[pointer("facts", name)] = row["fact"].at
        share: dict[str, Any] = {"from": _split(row["from"].text)}
        places |= {pointer("facts", name, key): row[key].at for key in ("from", "by")}
        if row["by"].text:
            way = ways.get(fold(row["by"].text))
            if way is None:
                out.append(problem("way", label, row["by"].at, word=quote(row["by"].text), known=words.values()))
                continue
            share["by"] = way
        document["facts"][name] = share


def _general(rows: list[list[_Cell]]) -> dict[str, _Cell]:
    titles = {fold(title): key for key, title in GENERAL_KEYS.items()}
    out = {}
    for row in rows:
        key = titles.get(fold(row[0].text)) if row else None
        if key is not None and len(row) > 1 and row[1].text:
            out[key] = row[1]
    return out


def _named(
    sheets: Mapping[str, list[list[_Cell]]], name: str, label: str, lacking: list[Problem]
) -> list[list[_Cell]] | None:
    found = next((rows for title, rows in sheets.items() if fold(title) == fold(name)), None)
    if found is None:
        lacking.append(problem("no-sheet", label, name=name))
    return found


def _table(
    label: str, rows: list[list[_Cell]] | None, heads: Mapping[str, str], sheet: str, lacking: list[Problem]
) -> list[dict[str, _Cell]]:
    """The rows under the heads, wherever these stand; empty cells are left out, empty rows too."""
    if rows is None:
        return []
    wanted = {fold(title): key for key, title in heads.items()}
    found = [{j: wanted[fold(cell.text)] for j, cell in enumerate(row) if fold(cell.text) in wanted} for row in rows]
    head = next((i for i, columns in enumerate(found) if len(columns) == len(wanted)), None)
    if head is None:
        lacking.append(problem("no-heads", label, sheet, heads=heads.values()))
        return []
    columns = found[head].items()
    body = [{key: row[j] for j, key in columns} for row in rows[head + 1 :]]
    return [entry for entry in body if any(cell.text for cell in entry.values())]


def _cells(data: bytes, label: str, problems: list[Problem]) -> dict[str, list[list[_Cell]]]:
    """All sheets as rows of texts; formulas and errors are problems with their place."""
    out: dict[str, list[list[_Cell]]] = {}
    with opened(data, label, "workbook") as book:
        for sheet in book.worksheets:
            out[sheet.title] = []
            for n, cells in enumerate(rows_of(sheet, label, _WIDTH), 1):
                if n > _MOST:
                    fail("too-large", label, sheet.title, most=_MOST)
                line = []
                for j, cell in enumerate(cells):
                    at = f"{sheet.title}!{chr(ord('A') + j)}{n}"
                    if cell.value is not None and (wrong := fault(cell, label, at)) is not None:
                        problems.append(wrong)
                    line.append(_Cell(_lines(seen(cell)), at))
                out[sheet.title].append(line)
    return out


def _lines(value: str) -> str:
    return "\n".join(" ".join(line.split()) for line in value.strip().split("\n"))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def _day(text: str) -> str:
    """A day as officers write it, 31/12/2000, in the form of documents; anything else as it is."""
    found = day_from(text)
    return text if found is None else found.isoformat()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", bare(text)).strip("-") or "x"
