"""Which columns of an annex hold what, and its rows as entries: code, title, maximum, rule lines, notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from par_engine.annex.grid import Annex, Cell, Row
from par_engine.annex.reading import reads
from par_engine.names import fold


@dataclass(frozen=True)
class Open:
    """An open question: the cell, the item it belongs to, and what could not be understood."""

    at: str
    code: str
    vi: str
    en: str


@dataclass
class Entry:
    """One item of the annex as its rows say it."""

    code: str
    parent: str | None
    title: str
    max: Fraction | None
    assessed: str
    at: str
    lines: list[Cell] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Columns:
    """The places of the columns, -1 for one that is not there, and the headers that were taken for them."""

    number: int
    title: int
    max: int
    assessed: int = -1
    rules: int = -1
    note: int = -1
    taken: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scheme:
    """An annex as entries in document order, with its stated total, and what stayed open."""

    columns: Columns
    entries: tuple[Entry, ...]
    total: Fraction | None
    questions: tuple[Open, ...]


ROLES = ("number", "title", "max", "assessed", "rules", "note")
_NUMBER = {"stt", "tt", "số tt", "số thứ tự", "mã", "mã số", "ký hiệu", "no", "no."}
_ROMAN = re.compile(r"^(?=[IVX])X{0,3}(IX|IV|V?I{0,3})$")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*$")
_POINTS = re.compile(r"^\(?\s*(\d{1,4}(?:[.,]\d{1,6})?)\s*(điểm|đ)?\s*\)?$", re.IGNORECASE)
_DASHES = {"-", "–", "—", "+", "*", "•"}
_TOTAL = ("tổng cộng", "tổng điểm", "tổng số", "tổng", "cộng")


def read_layout(annex: Annex, known: Collection[str]) -> Scheme | Open:
    """The entries of all tables under one header; Open when no table has the header of an annex.

    `known` are codes that are certain to be codes, whatever they look like.
    """
    columns: Columns | None = None
    entries: list[Entry] = []
    state = _State(entries, set(known))
    for table in annex.tables:
        found = _header(table)
        if found is None and (columns is None or not table or len(table[0]) <= max(columns.title, columns.max)):
            continue
        start = 0
        if found is not None:
            start, columns = found
        assert columns is not None
        for row in table[start:]:
            state.take(row, columns)
    if columns is None:
        vi = "không bảng nào có cột “điểm tối đa” và cột tiêu chí"
        return Open(annex.name, "", vi, "no table has columns for criteria and maximum points")
    state.finish()
    return Scheme(columns, tuple(entries), state.total, tuple(state.questions))


def _role(text: str) -> str | None:
    name = fold(text).strip(" .:*()")
    if name in _NUMBER:
        return "number"
    if "điểm tối đa" in name or name in ("điểm", "điểm chuẩn", "thang điểm", "max"):
        return "max"
    if name.startswith(("ghi chú", "chú thích", "chú giải")):
        return "note"
    if name.startswith(("cách tính", "cách chấm", "quy tắc", "cách cho điểm", "thang đánh giá", "nội dung chấm")):
        return "rules"
    methods = ("cách đánh giá", "phương pháp", "phương thức", "hình thức", "cách thức", "nguồn điểm")
    if name.startswith(methods):
        return "assessed"
    if "tiêu chí" in name or "lĩnh vực" in name or name.startswith("nội dung"):
        return "title"
    return None


def _header(table: Sequence[Row]) -> tuple[int, Columns] | None:
    """The first row after the header, and the columns it names; a header may have two rows."""
    for i, row in enumerate(table[:15]):
        roles: dict[str, int] = {}
        for j, cell in enumerate(row):
            role = _role(cell.text)
            if role is not None and role not in roles and len(cell.text) < 120:
                roles[role] = j
        if not {"title", "max"} <= roles.keys():
            continue
        if "number" not in roles:
            roles["number"] = roles["title"] - 1 if roles["title"] > 0 else -1
        taken = tuple((role, " ".join(row[roles[role]].text.split())) for role in ROLES if roles.get(role, -1) >= 0)
        start = i + 1
        while start < len(table) and start <= i + 3 and _below_header(table[start], roles):
            start += 1
        return start, Columns(**{role: roles.get(role, -1) for role in ROLES}, taken=taken)
    return None


def _below_header(row: Row, roles: dict[str, int]) -> bool:
    """A second header row: nothing under number, title and maximum; or the numbers of the columns."""
    texts = [cell.text.strip("() ") for cell in row if cell.text]
    if len(texts) > 2 and texts == [str(i) for i in range(1, len(texts) + 1)]:
        return True
    return not any(_at(row, roles[role]).text for role in ("number", "title", "max") if roles[role] >= 0)


def _at(row: Row, column: int) -> Cell:
    return row[column] if 0 <= column < len(row) else Cell("", row[0].at if row else "")


class _State:
    """What has been read so far."""

    def __init__(self, entries: list[Entry], known: set[str]) -> None:
        self.entries = entries
        self.known = known
        self.questions: list[Open] = []
        self.total: Fraction | None = None
        self.roman = ""  # the field, when fields are numbered I, II, III
        self.restarts = False  # whether numbers begin again below each of them
        self.lost = False  # whether the item that the rows belong to could not be told
        self.by: dict[str, Entry] = {}

    def ask(self, cell: Cell, vi: str, en: str) -> None:
        code = self.entries[-1].code if self.entries else ""
        self.questions.append(Open(cell.at, code, vi, en))

    def take(self, row: Row, columns: Columns) -> None:
        """One row: an item, lines of the item before, a total, or a question."""
        number, title, points = (_at(row, c) for c in (columns.number, columns.title, columns.max))
        label = number.text.strip().rstrip(".)").strip()
        if _role(title.text) == "title" and _role(points.text) == "max":
            return  # the header again, on a new page
        first = fold(title.text or label)
        if first.startswith(_TOTAL) and (not label or fold(label).startswith(_TOTAL)):
            value = _points(points.text)
            if value is not None:
                self.total = value
                return
        if label and not title.text and (reads(number.text) or len(label) > 40):
            number, title, label = replace(number, text=""), number, ""  # a line merged over both columns
            cells = list(row)
            cells[columns.title], cells[columns.number] = title, number
            row = tuple(cells)
        bullet = not label or label in _DASHES or re.fullmatch(r"[a-zđ]", label) is not None
        if bullet and label not in self.known:
            self._below(row, columns, label)
            return
        code = self._code(label)
        if code is None:
            self.ask(number, f"“{label}” không phải là số thứ tự", f"“{label}” is no number of an item")
            self.lost = True
            return
        self._entry(code, row, columns)

    def _entry(self, code: str, row: Row, columns: Columns) -> None:
        title, points = _at(row, columns.title), _at(row, columns.max)
        self.lost = False
        if code in self.by:
            if not title.text or fold(title.text) == fold(self._find(code).title):
                self._continued(row, columns)  # the row again on the next page
                return
            self.lost = True
            self.ask(_at(row, columns.number), f"mã {code} có hai lần", f"the code {code} stands twice")
            return
        maximum = _points(points.text)
        name, rules = _title(title)
        entry = Entry(code, self._parent(code), name, maximum, _at(row, columns.assessed).text, title.at)
        self.entries.append(entry)
        self.by[code] = entry
        if maximum is None:
            self.ask(points, f"điểm tối đa “{points.text}” không phải là số", f"“{points.text}” is no maximum")
        if not name:
            self.ask(title, "không có tên", "there is no title")
        entry.lines += rules
        self._continued(row, columns, own=False)

    def _find(self, code: str) -> Entry:
        return self.by[code]

    def _continued(self, row: Row, columns: Columns, *, own: bool = True) -> None:
        entry = self.entries[-1]
        rules, note = _at(row, columns.rules), _at(row, columns.note)
        if own and _at(row, columns.assessed).text and not entry.assessed:
            entry.assessed = _at(row, columns.assessed).text
        entry.lines += [Cell(text, rules.at) for text in rules.text.splitlines()]
        entry.note = "\n".join(text for text in (entry.note, note.text) if text)

    def _below(self, row: Row, columns: Columns, label: str) -> None:
        """A row without a number: rule lines, the rest of a title, or an item that has only a dash."""
        title, points = _at(row, columns.title), _at(row, columns.max)
        if self.lost:
            return  # beneath a row that is asked about: it must not become a rule of the item before
        if not title.text:
            if points.text or _at(row, columns.rules).text:
                if self.entries and not points.text:
                    self._continued(row, columns)
                    return
                self.ask(points, f"“{points.text}” đứng một mình", f"“{points.text}” stands alone")
            return
        if not self.entries:
            return  # words above the first item
        entry = self.entries[-1]
        value = _points(points.text)
        if label and value is not None and not reads(f"{title.text}: {points.text}") and not entry.lines:
            self.ask(title, "mục không có số", "an item without a number")
            return
        if value is not None and not reads(title.text):
            entry.lines.append(Cell(f"{title.text}: {points.text}", title.at))
            return
        if points.text and value is None:
            self.ask(points, f"“{points.text}” không phải là số điểm", f"“{points.text}” is no number of points")
        if not entry.lines and not label and title.text[:1].islower() and not reads(title.text):
            entry.title = f"{entry.title} {' '.join(title.text.split())}"
            return
        entry.lines += [Cell(text, title.at) for text in title.text.splitlines()]
        self._continued(row, columns)

    def _code(self, label: str) -> str | None:
        """The full code of a number, whichever way the annex numbers its levels."""
        if label in self.known and not (self.roman and label[:1].isdigit()):
            return label
        if _ROMAN.match(label) and (label == "I" or self.roman):
            self.roman = str(_roman(label))
            return self.roman
        if not _CODE.match(label) or len(label) > 40:
            return None
        label = ".".join(str(int(part)) if part.isdigit() else part for part in label.split("."))
        if not self.roman:
            return label
        parts = label.split(".")
        if len(parts) == 1:
            self.restarts = True
            return f"{self.roman}.{label}"
        return label if parts[0] == self.roman and not self.restarts else f"{self.roman}.{label}"

    def _parent(self, code: str) -> str | None:
        parts = code.split(".")
        return next((above for n in range(len(parts) - 1, 0, -1) if (above := ".".join(parts[:n])) in self.by), None)

    def finish(self) -> None:
        """What can be said only when all rows are there."""
        parents = {entry.parent for entry in self.entries}
        for entry in self.entries:
            if "." in entry.code and entry.parent is None and entry.code not in self.known:
                above = entry.code.rpartition(".")[0]
                self.questions.append(Open(entry.at, entry.code, f"không có mục {above}", f"there is no item {above}"))
            if entry.code in parents and entry.lines:
                text = " / ".join(line.text for line in entry.lines)[:200]
                vi, en = f"lời dưới mục có mục con: “{text}”", f"words beneath an item with children: “{text}”"
                self.questions.append(Open(entry.lines[0].at, entry.code, vi, en))
                entry.lines = []


def _title(cell: Cell) -> tuple[str, list[Cell]]:
    """The title of an item, and the rule lines that stand in the same cell."""
    lines = cell.text.splitlines()
    start = next((i for i, line in enumerate(lines) if i > 0 and (reads(line) or line[:1] in "-–+•")), len(lines))
    return " ".join(lines[:start]), [Cell(line, cell.at) for line in lines[start:]]


def _points(text: str) -> Fraction | None:
    match = _POINTS.match(" ".join(text.split()))
    return Fraction(match[1].replace(",", ".")) if match else None


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
