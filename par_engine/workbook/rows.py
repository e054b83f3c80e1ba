"""The rows of a workbook's sheets: what is typed in each, by hidden keys, and everything that is out of place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from par_engine.base.names import fold
from par_engine.base.problems import Problem, own_problem, quote
from par_engine.evidence.value_parsing import Refused
from par_engine.workbook import words
from par_engine.workbook.cells import Cell, Grid, choice, day_of, number_of, refused_cell, text_of, yes_no
from par_engine.workbook.layout import letters
from par_engine.workbook.words import CHOSEN, MARK

_UNREAD = "?"
TYPED = ("input", "stated", "outcome", "why")


@dataclass
class Known:
    """What the hidden sheet says."""

    single: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    """The sheets on which rows stood when the workbook was made, by key."""
    types: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """The titles of facts; "" in workbooks that do not hold them yet."""
    ballots: dict[str, list[str]] = field(default_factory=dict)
    options: dict[tuple[str, str], str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)


class Reading:
    """The evidence found so far, with the place of each column, and every problem."""

    def __init__(self, label: str, known: Known) -> None:
        self.label, self.known = label, known
        self.columns: dict[str, list[Any]] = {}
        self.places: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.cover: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        self.papers: dict[str, int] = {}
        self.unread: set[str] = set()
        self.remarks: list[Problem] = []
        self.refused: set[str] = set()
        """Cells whose form is wrong: what they were meant to hold is not asked for again."""

    def note(self, at: str, code: str, what: str, hint: str, vi: str, hint_vi: str) -> None:
        self.problems.append(own_problem(self.label, at, code, what, hint, "error", vi, hint_vi))

    def put(self, header: str, value: Any, at: str) -> None:
        self.columns[header] = [value]
        self.places[header] = at

    def text(self, cell: Cell, of: Callable[[Cell], str] = text_of) -> str:
        """The text of a cell; a formula or an error is a problem."""
        try:
            return of(cell)
        except Refused as refused:
            self.refuse(cell.at, refused)
            return ""

    def refuse(self, at: str, refused: Refused) -> None:
        self.refused.add(at)
        self.problems.append(own_problem(self.label, at, *refused.texts))  # type: ignore[arg-type]


def called(known: Known, key: str) -> tuple[str, str]:
    """What the row of a key is called, in English and Vietnamese."""
    kind, _, rest = key.partition(":")
    code, _, fact = rest.partition(":")
    if kind not in ("fact", "ballots", "again"):
        return f"the item {code}", f"mục {code}"
    name = fact.partition(":")[0] if kind == "ballots" else fact
    of = f" (mục {code})" if code else ""
    return name, f"số liệu “{known.titles.get(name) or name}”{of}"


def read_sheet(found: Reading, name: str, sheet: Grid) -> None:
    """Read one sheet; sheets without hidden column names are the officer's own and are left alone."""
    rows = sheet.rows
    start, columns = _columns(rows)
    if start is None:
        return
    if "key" not in columns:
        _column_gone(found, name, "khóa của các dòng", "the hidden keys of rows")
        return
    keys = [str(row[columns["key"]].value or "") for row in rows[start + 1 :] if len(row) > columns["key"]]
    keys = [key for key in keys if key and key != words.HEAD]
    if len(keys) > 1 and all(key in found.seen for key in keys):
        home = found.seen[keys[0]].rpartition("!")[0]
        what, vi = f'the sheet is a copy of "{home}"', f"trang này là bản sao của trang “{home}”"
        hint, hint_vi = "keep one of the two", "chỉ giữ lại một trang"
        found.note(name, "duplicate-sheet", what, hint, vi, hint_vi)
        return
    if "answer" in columns:  # the first sheet
        columns["input"] = columns.pop("answer")
        rows = [row for row in rows if any(str(cell.value).startswith(("cover:", MARK)) for cell in row)]
        start = 0
    elif gone := [column for column in _wanted(found, rows, columns) if column not in columns]:
        titles = {column: title for column, title, _ in words.COLUMNS}
        listed = ", ".join(titles.get(column, column.removeprefix(CHOSEN)) for column in gone)
        _column_gone(found, name, listed, listed)
    code, keyed = "", []
    typed: list[Cell] = []
    for row in rows[start + 1 :]:
        if not row:
            continue
        cells = {n: row[i] if i < len(row) else Cell(None, name, row[0].row, i) for n, i in columns.items()}
        key = str(cells["key"].value or "") if "key" in cells else ""
        if key == words.HEAD:
            continue
        if key and key in found.seen:
            title, title_vi = called(found.known, key)
            what = f"the row of {title} stands twice, first at {found.seen[key]}"
            vi = f"dòng của {title_vi} xuất hiện hai lần"
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
        typed += [cell for column, cell in cells.items() if _is_typed(column) and not cell.empty]
        if key:
            keyed.append(row[0].row)
    _merges(found, name, sheet, columns, keyed)
    _unseen(found, name, sheet, [cell for cell in typed if cell.kind != "f"])


def _column_gone(found: Reading, name: str, vi: str, en: str) -> None:
    hint, hint_vi = "take a new template", "lấy biểu mới bằng par template"
    found.note(name, "column-gone", f"columns are gone: {en}", hint, f"thiếu cột: {vi}", hint_vi)
    found.unread.add(name)


def _merges(found: Reading, name: str, sheet: Grid, columns: Mapping[str, int], keyed: list[int]) -> None:
    """Refuse merged cells where something is typed: all but the first of them have lost what they held."""
    typed = [i for column, i in columns.items() if column in TYPED or column.startswith(CHOSEN)]
    for merged in sheet.merged:
        (top, bottom), (left, right) = merged.rows, merged.columns
        first = bisect_left(keyed, top)
        if first < len(keyed) and keyed[first] <= bottom and any(left <= i <= right for i in typed):
            what, vi = "these cells are merged: one value of several", "các ô này bị gộp, chỉ còn một giá trị"
            hint, hint_vi = "unmerge them and fill in each", "bỏ gộp ô và nhập lại từng ô"
            found.note(f"{name}!{merged.range}", "merged", what, hint, vi, hint_vi)


def _is_typed(column: str) -> bool:
    return column in TYPED or column in words.DOCUMENT or column.startswith(CHOSEN)


def _unseen(found: Reading, name: str, sheet: Grid, typed: list[Cell]) -> None:
    """Say of what is out of sight and counts: a hidden sheet, rows that are hidden or filtered away, hidden columns."""
    hint, hint_vi = "show all and check", "bỏ ẩn, bỏ lọc rồi kiểm tra lại"

    def say(what: str, vi: str) -> None:
        what, vi = f"{what}, and what is typed there counts", f"{vi}; số liệu nhập ở đó vẫn được tính"
        found.remarks.append(own_problem(found.label, name, "hidden", what, hint, "warning", vi, hint_vi))

    if typed and sheet.hidden:
        say("the sheet is hidden", "trang này đang bị ẩn")
    if rows := sorted({cell.row + 1 for cell in typed} & {row + 1 for row in sheet.hidden_rows}):
        listed = ", ".join(map(str, rows[:12])) + (" …" if len(rows) > 12 else "")
        say(f"rows are hidden or filtered away: {listed}", f"các dòng đang bị ẩn hoặc bị lọc: {listed}")
    if columns := sorted({cell.column for cell in typed} & sheet.hidden_columns):
        listed = ", ".join(map(letters, columns))
        say(f"columns are hidden: {listed}", f"các cột đang bị ẩn: {listed}")


def _wanted(found: Reading, rows: list[list[Cell]], columns: Mapping[str, int]) -> list[str]:
    """The columns that a sheet must have: those of the survey whose ballots it takes, or those of facts."""
    keys = {str(row[columns["key"]].value) for row in rows if len(row) > columns["key"]}
    options = dict.fromkeys(o for key in keys for o in found.known.ballots.get(key, ()))
    if options:  # the sheet of a survey
        return [f"{CHOSEN}{option}" for option in options]
    return [*TYPED, *words.DOCUMENT]


def _columns(rows: list[list[Cell]]) -> tuple[int | None, dict[str, int]]:
    for r, row in enumerate(rows[:200]):
        names = {
            str(cell.value).removeprefix(MARK): i for i, cell in enumerate(row) if str(cell.value).startswith(MARK)
        }
        if "key" in names or len(names) > 5:
            return r, names
    return None, {}


def _row(found: Reading, kind: str, rest: str, code: str, cells: Mapping[str, Cell]) -> None:
    known = {
        "item": ("stated", "outcome", "why") if found.known.single.get("stated") else ("outcome", "why"),
        "stream": ("stated",) if found.known.single.get("stated") else (),
        "fact": ("input",),
        "again": ("input",),
    }.get(kind, ())
    for name, cell in cells.items():
        open_ = name in TYPED or (name.startswith(CHOSEN) and kind != "ballots")
        if open_ and name not in known and not cell.empty:
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


def _declared(found: Reading, code: str, cells: Mapping[str, Cell]) -> None:
    at = {name: cells[name].at for name in ("outcome", "why") if name in cells}
    outcome, why = (found.text(cells[name]) if name in cells else "" for name in ("outcome", "why"))
    if outcome:
        ids = {fold(text): id for id, text in words.OUTCOMES.items()} | {id: id for id in words.OUTCOMES}
        if fold(outcome) not in ids:
            listed = "; ".join(words.OUTCOMES.values())
            what, vi = f"{quote(outcome)} is not in the list", f"{quote(outcome)} không có trong danh sách"
            found.note(at["outcome"], "outcome", what, f"choose one: {listed}", vi, f"chọn một: {listed}")
            return
        found.put(f"outcome:{code}", ids[fold(outcome)], at["outcome"])
        if not why and at.get("why") not in found.refused:  # a reason that cannot be read is not asked for again
            what, vi = f"{outcome} needs a reason", f"“{outcome}” phải có lý do"
            found.note(at.get("why", at["outcome"]), "no-reason", what, "say why in a sentence", vi, "nêu rõ lý do")
        found.put(f"why:{code}", why or _UNREAD, at.get("why", at["outcome"]))
    elif why and at.get("outcome") not in found.refused:
        found.put(f"explanation:{code}", why, at["why"])


def _stated(found: Reading, header: str, cell: Cell) -> None:
    try:
        refused_cell(cell)
        found.put(header, number_of(cell), cell.at)
    except Refused as refused:
        found.refuse(cell.at, refused)


def _value(found: Reading, fact: str, cell: Cell, header: str = "") -> None:
    found.places.setdefault(fact, cell.at)
    try:
        refused_cell(cell)
        value: Any
        if found.known.types.get(fact) in ("count", "decimal", "ballots"):
            value = number_of(cell)
        elif found.known.types.get(fact) == "option":
            value = choice(cell)  # what is not in the workbook's own list is held against the methodology's
            value = found.known.options.get((fact, fold(value)), value)
        else:
            value = yes_no(cell)
        found.put(header or fact, value, cell.at)
    except Refused as refused:
        found.refuse(cell.at, refused)


def _paper(found: Reading, code: str, cells: Mapping[str, Cell]) -> None:
    paper = {name: cells[name] for name in words.DOCUMENT if name in cells and not cells[name].empty}
    if not paper:
        return
    n = found.papers[code] = found.papers.get(code, 0) + 1
    texts = {name: found.text(cell, day_of if name == "date" else text_of) for name, cell in paper.items()}
    if "number" not in paper and "number" in cells:
        what, vi = "a document without its number", "tài liệu chưa ghi số, ký hiệu"
        found.note(cells["number"].at, "no-number", what, 'such as "12/KH-UBND"', vi, 'ví dụ "12/KH-UBND"')
    for name, cell in paper.items():
        found.put(f"document:{code}:{n}:{words.DOCUMENT[name]}", texts[name], cell.at)
    if not texts.get("number"):  # said already: the parts are checked, and none of them is asked for again
        found.put(f"document:{code}:{n}:number", _UNREAD, cells["number"].at if "number" in cells else "")
