"""An assignment from JSON, or from the workbook that an officer filled in, with the cell of every entry."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from par_engine.agencies.assignment import WAYS
from par_engine.documents import fail, parse_json, read_bytes
from par_engine.errors import DocumentError, Problem, pointer, quote
from par_engine.names import bare, fold
from par_engine.packages import inspect

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
_MOST = 20_000


@dataclass(frozen=True)
class _Cell:
    text: str
    at: str


def read(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """An agencies-1 document from JSON or XLSX, and the cells of its pointers. Raises DocumentError for other files."""
    label, data = path.name, read_bytes(path)
    kind = path.suffix.lower()
    if kind == ".json":
        document = parse_json(data, label)
        if not isinstance(document, dict):
            fail(
                label, "form", "this is no agencies-1 document", "write {...}", "không phải bản phân công", "ghi {...}"
            )
        return document, {}
    if kind != ".xlsx":
        hint, vi = "an assignment is .json or .xlsx", "không đọc loại tệp này"
        fail(
            label, "unknown-format", f"{kind or 'a file without ending'} is not read", hint, vi, "cần .xlsx hoặc .json"
        )
    inspect(data, label)
    problems: list[Problem] = []
    sheets = _cells(data, label, problems)
    document, places = {}, {}
    for key, cell in _general(label, _named(sheets, GENERAL, label)).items():
        document[key], places[pointer(key)] = cell.text, cell.at
    _agencies(_table(label, _named(sheets, AGENCIES, label), AGENCY_HEADS), document, places)
    _facts(label, _table(label, _named(sheets, FACTS, label), FACT_HEADS), document, places, problems)
    if problems:
        raise DocumentError(sorted(problems))
    return document, places


def _agencies(rows: list[dict[str, _Cell]], document: dict[str, Any], places: dict[str, str]) -> None:
    kinds: dict[str, dict[str, str]] = {}
    document["kinds"], document["agencies"] = [], []
    for i, row in enumerate(rows):
        agency: dict[str, Any] = {key: row[key].text for key in ("id", "name", "kind") if row[key].text}
        if row["kind"].text and fold(row["kind"].text) not in kinds:
            at = pointer("kinds", len(kinds))
            kind = {"id": f"loai-{slug(row['kind'].text)}"[:80], "title": row["kind"].text}
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
    ways = {fold(word): way for way, word in WAYS.items()} | {way: way for way in WAYS}
    for row in rows:
        if not row["fact"].text:
            at = row["fact"].at
            what, vi = "the row names no fact", "dòng này không có mã số liệu"
            out.append(Problem(label, at, "no-fact", what, "remove it", "error", vi, "hãy xóa dòng này"))
            continue
        name = row["fact"].text
        if name in document["facts"]:
            what, vi = f"{quote(name)} stands twice", f"{quote(name)} xuất hiện hai lần"
            out.append(Problem(label, row["fact"].at, "duplicate-fact", what, "keep one", "error", vi, "chỉ giữ một"))
            continue
        places[pointer("facts", name)] = row["fact"].at
        share: dict[str, Any] = {"from": _split(row["from"].text)}
        places |= {pointer("facts", name, key): row[key].at for key in ("from", "by")}
        if row["by"].text:
            way = ways.get(fold(row["by"].text))
            if way is None:
                what, vi = f"{quote(row['by'].text)} is no way", f"{quote(row['by'].text)} không phải cách gộp"
                known = list(WAYS.values())
                hint = f"one of {', '.join(known)}"
                out.append(Problem(label, row["by"].at, "way", what, hint, "error", vi, ", ".join(known)))
                continue
            share["by"] = way
        document["facts"][name] = share


def _general(label: str, rows: list[list[_Cell]]) -> dict[str, _Cell]:
    titles = {fold(title): key for key, title in GENERAL_KEYS.items()}
    out = {}
    for row in rows:
        key = titles.get(fold(row[0].text)) if row else None
        if key is not None and len(row) > 1 and row[1].text:
            out[key] = row[1]
    return out


def _named(sheets: Mapping[str, list[list[_Cell]]], name: str, label: str) -> list[list[_Cell]]:
    found = next((rows for title, rows in sheets.items() if fold(title) == fold(name)), None)
    if found is None:
        what, vi = f'there is no sheet "{name}"', f"thiếu trang tính “{name}”"
        fail(label, "no-sheet", what, "start from par assign", vi, "hãy lập từ lệnh par assign")
    return found


def _table(label: str, rows: list[list[_Cell]], heads: Mapping[str, str]) -> list[dict[str, _Cell]]:
    """The rows under the heads, wherever these stand; empty cells are left out, empty rows too."""
    wanted = {fold(title): key for key, title in heads.items()}
    found = [{j: wanted[fold(cell.text)] for j, cell in enumerate(row) if fold(cell.text) in wanted} for row in rows]
    head = next((i for i, columns in enumerate(found) if len(columns) == len(wanted)), None)
    if head is None:
        names = ", ".join(heads.values())
        what, vi = f"no row has all heads: {names}", f"không có dòng tiêu đề đủ các cột: {names}"
        fail(label, "no-heads", what, "start from par assign", vi, "hãy lập từ lệnh par assign")
    columns = found[head].items()
    body = [{key: row[j] for j, key in columns} for row in rows[head + 1 :]]
    return [entry for entry in body if any(cell.text for cell in entry.values())]


def _cells(data: bytes, label: str, problems: list[Problem]) -> dict[str, list[list[_Cell]]]:
    try:
        import openpyxl
    except ImportError:
        hint = 'pip install "par-engine[workbook]"'
        fail(label, "needs-extra", "workbooks need the extra `workbook`", hint, "cần cài thêm phần workbook", hint)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError) as error:
        what, vi = f"the workbook cannot be read ({type(error).__name__})", "không đọc được tệp"
        fail(label, "damaged", what, "open it and save it again", vi, "hãy mở ra và lưu lại")
    out: dict[str, list[list[_Cell]]] = {}
    for sheet in book.worksheets:
        if sheet.max_row > _MOST:
            hint, hint_vi = "remove the rows below", "xóa các dòng thừa"
            fail(label, "too-large", f"more than {_MOST:,} rows", hint, "có quá nhiều dòng", hint_vi, sheet.title)
        rows = []
        for row in sheet.iter_rows():
            cells = []
            for cell in row:
                at = f"{sheet.title}!{cell.coordinate}"
                if cell.data_type in ("f", "e"):
                    what, vi = f"{quote(str(cell.value))} is a formula or an error", "ô này là công thức hoặc lỗi"
                    problems.append(Problem(label, at, "formula", what, "paste its value", "error", vi, "dán giá trị"))
                cells.append(_Cell(_text(cell.value), at))
            rows.append(cells)
        out[sheet.title] = rows
    return out


def _text(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", bare(text)).strip("-") or "x"
