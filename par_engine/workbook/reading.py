"""A workbook back to evidence: cells are found by hidden keys, wherever rows, columns and sheets have moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from par_engine.documents import fail
from par_engine.errors import EvidenceError, Problem
from par_engine.facts import Refused
from par_engine.names import fold
from par_engine.packages import inspect
from par_engine.tables import Table
from par_engine.workbook import words
from par_engine.workbook.cells import Cell, choice, grid, number_of, refused_cell, text_of
from par_engine.workbook.words import CHOSEN, MARK

_TYPED = ("input", "stated", "outcome", "why")


@dataclass
class _Known:
    """What the hidden sheet says."""

    single: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    ballots: dict[str, list[str]] = field(default_factory=dict)
    options: dict[tuple[str, str], str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)


class _Reading:
    """The evidence found so far, with the place of each column, and every problem."""

    def __init__(self, label: str, known: _Known) -> None:
        self.label, self.known = label, known
        self.columns: dict[str, list[Any]] = {}
        self.places: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.cover: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        self.papers: dict[str, int] = {}
        self.first = ""

    def note(self, at: str, code: str, what: str, hint: str, vi: str, hint_vi: str) -> None:
        self.problems.append(Problem(self.label, at, code, what, hint, "error", vi, hint_vi))

    def put(self, header: str, value: Any, at: str) -> None:
        self.columns[header] = [value]
        self.places[header] = at

    def text(self, cell: Cell) -> str:
        """The text of a cell; a formula or an error is a problem."""
        try:
            return text_of(cell)
        except Refused as refused:
            self.refuse(cell.at, refused)
            return ""

    def refuse(self, at: str, refused: Refused) -> None:
        self.problems.append(Problem(self.label, at, *refused.texts))  # type: ignore[arg-type]


def read(data: bytes, label: str) -> Table:
    """The evidence of a workbook as a table of one unit. Raises ParError with all problems, each with its cell."""
    inspect(data, label)
    sheets = grid(data, label)
    known = _known(sheets, label)
    found = _Reading(label, known)
    for name, rows in sheets.items():
        if name != _meta_sheet(sheets):
            _sheet(found, name, rows)
    for key in known.rows:
        if key not in found.seen:
            what, vi = f"the row of {key.split(':', 2)[2]} is gone", f"thiếu dòng của số liệu {key.split(':', 2)[2]}"
            hint, hint_vi = "take it from a new workbook", "lấy lại dòng này từ biểu mới (par template, par split)"
            found.note("", "row-gone", what, hint, vi, hint_vi)
    if found.problems:
        raise EvidenceError(found.problems)
    unit, stage = found.cover.get("unit", ""), found.cover.get("stage", "")
    for key, given, (what, vi) in (
        ("unit", unit, ("the unit is not named", "chưa ghi tên đơn vị")),
        ("stage", stage, ("the stage is empty", "chưa ghi giai đoạn")),
    ):
        if not given:
            hint, hint_vi = "fill it in on the first sheet", "ghi ở trang đầu"
            found.note(found.places.get(key, ""), key, what, hint, vi, hint_vi)
    if found.problems:
        raise EvidenceError(found.problems)
    found.columns["unit"] = [unit]
    labels = {fold(title): id for id, title in words.STAGES.items()} | known.stages
    places = dict(found.places)
    return Table(
        found.columns,
        1,
        lambda _, header: places.get(header, ""),
        labels.get(fold(stage), stage),
        methodology=known.single.get("methodology", ""),
        fingerprint=known.single.get("fingerprint", ""),
        note=found.cover.get("note", ""),
    )


def _meta_sheet(sheets: Mapping[str, list[list[Cell]]]) -> str | None:
    for name, rows in sheets.items():
        if (
            rows
            and len(rows[0]) > 1
            and (rows[0][0].value, str(rows[0][1].value)[:13]) == ("format", words.FORMAT[:13])
        ):
            return name
    return None


def _known(sheets: Mapping[str, list[list[Cell]]], label: str) -> _Known:
    name = _meta_sheet(sheets)
    if name is None:
        what, vi = (
            "this workbook was not made by par template or par split",
            "tệp này không phải biểu của par template, par split",
        )
        hint = "fill in one made by `par template ID -o FILE.xlsx`, or save the sheet as CSV UTF-8"
        hint_vi = "nhập vào biểu do `par template ID -o TỆP.xlsx` tạo, hoặc lưu trang tính dạng CSV UTF-8"
        fail(label, "not-a-template", what, hint, vi, hint_vi)
    out = _Known()
    for row in sheets[name]:
        kind, key, id, shown = (str(c.value or "") for c in [*row, *[Cell("", "", 0, 0)] * 4][:4])
        if kind == "row":
            out.rows.append(key)
            if id:
                out.ballots[key] = id.split(",")
        elif kind == "fact":
            out.types[key] = id
        elif kind == "option":
            fact, _, value = id.partition(":")
            out.options[fact, fold(shown)] = value
        elif kind == "stage":
            out.stages[fold(shown)] = id
        else:
            out.single[kind] = key
    if out.single["format"] != words.FORMAT:
        what, vi = f"the workbook is of another version: {out.single['format']}", "biểu thuộc phiên bản khác"
        fail(label, "format", what, "take a new template", vi, "tạo biểu mới bằng par template")
    return out


def _sheet(found: _Reading, name: str, rows: list[list[Cell]]) -> None:
    """Read one sheet; sheets without hidden column names are the officer's own and are left alone."""
    start, columns = _columns(rows)
    if start is None:
        return
    if "answer" in columns:  # the first sheet
        columns["input"] = columns.pop("answer")
        rows = [row for row in rows if any(str(cell.value).startswith(("cover:", MARK)) for cell in row)]
        start = 0
    elif gone := [column for column in _wanted(found, rows, columns) if column not in columns]:
        titles = {column: title for column, title, _ in words.COLUMNS}
        listed = ", ".join(titles.get(column, column.removeprefix(CHOSEN)) for column in gone)
        what, vi = f"columns are gone: {listed}", f"thiếu cột: {listed}"
        found.note(name, "column-gone", what, "take a new template", vi, "lấy biểu mới bằng par template")
        return
    code = ""
    for row in rows[start + 1 :]:
        if not row:
            continue
        cells = {n: row[i] if i < len(row) else Cell(None, name, row[0].row, i) for n, i in columns.items()}
        key = str(cells["key"].value or "") if "key" in cells else ""
        if key == words.HEAD:
            continue
        if key and key in found.seen:
            what, vi = f"the row of {key} stands twice, first at {found.seen[key]}", f"dòng của {key} xuất hiện hai lần"
            hint, hint_vi = "remove the copy", f"xóa dòng sao chép; dòng đầu ở {found.seen[key]}"
            found.note(cells["key"].at, "duplicate-row", what, hint, vi, hint_vi)
            continue
        if key:
            found.seen[key] = cells["key"].at
        kind, _, rest = key.partition(":")
        if kind == "cover":
            if "input" in cells:
                found.cover[rest] = found.text(cells["input"])
                found.places[rest] = cells["input"].at
            continue
        if kind in ("item", "fact", "ballots", "again", "paper"):
            code = rest.split(":")[0]
        _row(found, kind, rest, code, cells)


def _wanted(found: _Reading, rows: list[list[Cell]], columns: Mapping[str, int]) -> list[str]:
    """The columns that a sheet must have: those of the survey whose ballots it takes, or those of facts."""
    keys = {str(row[columns["key"]].value) for row in rows if len(row) > columns["key"]}
    options = dict.fromkeys(o for key in keys for o in found.known.ballots.get(key, ()))
    if options:  # the sheet of a survey
        return [f"{CHOSEN}{option}" for option in options]
    return [*_TYPED, *words.DOCUMENT]


def _columns(rows: list[list[Cell]]) -> tuple[int | None, dict[str, int]]:
    for r, row in enumerate(rows[:200]):
        names = {
            str(cell.value).removeprefix(MARK): i for i, cell in enumerate(row) if str(cell.value).startswith(MARK)
        }
        if "key" in names:
            return r, names
    return None, {}


def _row(found: _Reading, kind: str, rest: str, code: str, cells: Mapping[str, Cell]) -> None:
    known = {
        "item": ("stated", "outcome", "why") if found.known.single.get("stated") else ("outcome", "why"),
        "stream": ("stated",) if found.known.single.get("stated") else (),
        "fact": ("input",),
        "again": ("input",),
    }.get(kind, ())
    for name, cell in cells.items():
        typed = name in _TYPED or (name.startswith(CHOSEN) and kind != "ballots")
        if typed and name not in known and not cell.empty:
            what, vi = "this cell belongs to no fact of the template", "ô này không thuộc số liệu nào của biểu"
            hint, hint_vi = "move it to its row", "chuyển về đúng dòng của số liệu"
            found.note(cell.at, "stray", what, hint, vi, hint_vi)
    if kind in ("item", "stream") and "stated" in known and "stated" in cells and not cells["stated"].empty:
        _stated(found, f"{'points' if kind == 'item' else 'stream'}:{rest}", cells["stated"])
    if kind == "item":
        _declared(found, rest, cells)
    elif kind == "fact" and "input" in cells and not cells["input"].empty:
        _value(found, rest.split(":")[1], cells["input"])
    elif kind == "ballots":
        fact, group = rest.split(":")[1:3]
        for name, cell in cells.items():
            if name.startswith(CHOSEN) and not cell.empty:
                _value(found, fact, cell, f"{fact}:{group}:{name.removeprefix(CHOSEN)}")
    if code:
        _paper(found, code, cells)


def _declared(found: _Reading, code: str, cells: Mapping[str, Cell]) -> None:
    outcome = found.text(cells["outcome"]) if "outcome" in cells else ""
    why = found.text(cells["why"]) if "why" in cells else ""
    if outcome:
        ids = {fold(text): id for id, text in words.OUTCOMES.items()}
        found.put(f"outcome:{code}", ids.get(fold(outcome), outcome), cells["outcome"].at)
        found.put(f"why:{code}", why, cells["why"].at if "why" in cells else cells["outcome"].at)
    elif why:
        what, vi = "a reason without an outcome", "có lý do nhưng chưa chọn trường hợp"
        hint, hint_vi = "choose the outcome beside it", "chọn ở cột “Trường hợp khác”"
        found.note(cells["why"].at, "no-outcome", what, hint, vi, hint_vi)


def _stated(found: _Reading, header: str, cell: Cell) -> None:
    try:
        refused_cell(cell)
        found.put(header, number_of(cell), cell.at)
    except Refused as refused:
        found.refuse(cell.at, refused)


def _value(found: _Reading, fact: str, cell: Cell, header: str = "") -> None:
    found.places.setdefault(fact, cell.at)
    try:
        refused_cell(cell)
        value: Any
        if found.known.types.get(fact) in ("count", "decimal", "ballots"):
            value = number_of(cell)
        elif found.known.types.get(fact) == "option":
            value = choice(cell)
            value = found.known.options.get((fact, fold(value)), value)
        else:
            value = cell.value if isinstance(cell.value, bool) else choice(cell)
        found.put(header or fact, value, cell.at)
    except Refused as refused:
        found.refuse(cell.at, refused)


def _paper(found: _Reading, code: str, cells: Mapping[str, Cell]) -> None:
    paper = {name: cells[name] for name in words.DOCUMENT if name in cells and not cells[name].empty}
    if not paper:
        return
    n = found.papers[code] = found.papers.get(code, 0) + 1
    if "number" not in paper and "number" in cells:
        what, vi = "a document without its number", "tài liệu chưa ghi số, ký hiệu"
        found.note(cells["number"].at, "no-number", what, 'such as "12/KH-UBND"', vi, 'ví dụ "12/KH-UBND"')
    for name, cell in paper.items():
        found.put(f"document:{code}:{n}:{words.DOCUMENT[name]}", found.text(cell), cell.at)
