"""Which columns of an annex hold what, and its rows as entries: code, title, maximum, rule lines, notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from par_engine.annex.headers import MAXIMA, TITLES, Columns, at, header, role_of
from par_engine.annex.rule_reading import reads
from par_engine.annex.tables import Annex, Cell, Row
from par_engine.base.decimals import plain
from par_engine.base.names import fold


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
    role: str = ""
    columned: set[str] = field(default_factory=set)  # lines whose points stand in the column of points


@dataclass(frozen=True)
class Scheme:
    """An annex as entries in document order, with its stated total, and what stayed open."""

    columns: Columns
    entries: tuple[Entry, ...]
    total: Fraction | None
    questions: tuple[Open, ...]


_ROMAN = re.compile(r"^(?=[IVX])X{0,3}(IX|IV|V?I{0,3})$")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*$")
_POINTS = re.compile(r"^\(?\s*\+?\s*(\d{1,4}(?:[.,]\d{1,6})?)\s*(điểm|đ)?\s*\)?$", re.IGNORECASE)
_MAXIMUM = re.compile(
    r"^\(?\s*(?:(?:tối đa|không quá|cao nhất|max)\s*:?\s*)?(?:(?:từ\s+)?0\s*(?:[-–—÷]|đến)\s*)?"
    r"(\d{1,4}(?:[.,]\d{1,6})?)\s*(?:điểm|đ)?\s*\)?\s*(?:\*{1,3}|\(\*{1,3}\)|\(\d\)|\[\d\])?$",
    re.IGNORECASE,
)
_DASHES = {"-", "–", "—", "+", "*", "•"}
_TOTAL = re.compile(
    r"^(tổng cộng|tổng điểm|tổng số điểm|tổng số(?= *$| *\()|tổng|cộng)"
    r"(?! *(số|hợp|kết|rà|thể|tác|đồng|quan|duyệt|cục|công|điểm của))\b"
)
_HEADING = re.compile(
    r"^(?:(?:phần|mục|lĩnh vực|PHẦN|MỤC|LĨNH VỰC|Phần|Mục|Lĩnh vực)\s+)?(?P<no>[IVX]+|[A-H]|\d{1,2})\s*[.):–-]\s*"
    r"(?P<title>[^\W\d].*?)"
    r"(?P<said>\s*[:(–-]\s*(?:tối đa\s*:?\s*)?(?P<points>\d+(?:[.,]\d+)?)\s*(?:điểm|đ)?\s*\)?)?$",
    re.DOTALL,
)
_SAID = re.compile(
    r"^(?P<title>[^\d:()]+?)\s*[:(–-]\s*(?:tối đa\s*:?\s*)?(?P<points>\d+(?:[.,]\d+)?)\s*(?:điểm|đ)\s*\)?$",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"^(?P<no>\d{1,2}(?:\.\d{1,2})+|[IVX]+(?:\.\d{1,2})+)\s*[.):]?\s+(?P<title>[^\W\d].*)$", re.DOTALL)
_ALONE = re.compile(r"^(?P<no>\d{1,2}|[IVX]+)\s*[.)]\s*(?P<title>[^\W\d].*)$", re.DOTALL)
_ALIKE = re.compile(r"^[0-9lIoO]*[lIoO][0-9lIoO]*$")
_ROLE = (
    ("penalty", re.compile(r"^(các |phần |nội dung |tiêu chí |mục )*(điểm (bị )?(trừ|phạt)|(trừ|phạt) điểm)\b")),
    ("bonus", re.compile(r"^(các |phần |nội dung |tiêu chí |mục )*(điểm (cộng|thưởng)|(cộng|thưởng) (thêm )?điểm)\b")),
)
_BITES = re.compile(
    r"\d\s*(điểm|đ)\b|\d\s*%|không (được )?(chấm|tính|cho|cộng|có điểm)|\b(trừ|mỗi|cứ|nếu|thì|mất|giảm)\b"
    r"|chỉ (được )?(chấm|tính|lấy|cộng)|không (dưới|quá|vượt)|tối đa|sau ngày|quá hạn|cao nhất"
)
_OURS = ("số chính thức", "số dựng lại", "số suy ra", "còn câu hỏi")


def read_layout(annex: Annex, known: Collection[str], choice: str | None = None) -> Scheme | Open:
    """The entries of all tables under one header; Open when no table has the header of an annex.

    `known` are codes that are certain to be codes, whatever they look like. `choice` names one of several annexes in
    the file, by its count from 1 or the name of its sheet.
    """
    parts = _annexes(annex)
    if not parts:
        vi = "không bảng nào có cột điểm tối đa ({}) và cột tiêu chí ({})".format(*_heads())
        en = "no table has columns for maximum points ({}) and criteria ({})".format(*_heads())
        return Open(annex.name, "", vi, en)
    part = parts[0]
    if choice is not None:
        names = [name for name, _ in parts]
        at = names.index(choice) if choice in names else int(choice) - 1 if choice.isdecimal() else -1
        if not 0 <= at < len(parts):
            said = ", ".join(_named(i, name) for i, (name, _) in enumerate(parts, 1))
            vi, en = f"không có bảng “{choice}”; tệp có: {said}", f"there is no table “{choice}”; the file has: {said}"
            return Open(annex.name, "", vi, en)
        part = parts[at]
    elif len(parts) > 1:
        said = ", ".join(_named(i, name) for i, (name, _) in enumerate(parts, 1))
        vi = f"tệp có {len(parts)} phụ lục ({said}): chọn một bằng --table"
        return Open(annex.name, "", vi, f"the file has {len(parts)} annexes ({said}): choose one with --table")
    entries: list[Entry] = []
    state = _State(entries, set(known))
    columns: Columns | None = None
    for start, found, table in part[1]:
        columns = columns or found
        for i, row in enumerate(table[start:], start + 1):
            state.coming = _first_number(table[i:], found)
            state.last = _first_label(table[i : i + 1], found) is not None
            state.take(row, found)
    assert columns is not None
    state.finish()
    return Scheme(columns, tuple(entries), state.total, tuple(state.questions))


def _heads() -> tuple[str, str]:
    return tuple(", ".join(word.capitalize() for word in words) for words in (MAXIMA, TITLES))  # type: ignore[return-value]


def _named(i: int, name: str) -> str:
    return f"{i}" if name == str(i) or name.isdecimal() else f"{i}: “{name}”"


_Part = tuple[str, list[tuple[int, Columns, tuple[Row, ...]]]]


def _annexes(annex: Annex) -> list[_Part]:
    """The tables of each annex in the file: one begins where a table with a header begins its numbers again."""
    parts: list[_Part] = []
    columns: Columns | None = None
    for i, table in enumerate(annex.tables):
        found = header(table)
        widest = max((len(row) for row in table), default=0)
        if found is None and (columns is None or widest <= max(columns.title, columns.max)):
            continue
        start = 0
        if found is not None:
            start, columns = found
        assert columns is not None
        name = annex.names[i] if i < len(annex.names) else str(i + 1)
        if found is not None and (not parts or _begins(table[start:], columns, parts[-1])):
            parts.append((name, []))
        parts[-1][1].append((start, columns, table))
    return parts


def _begins(rows: Sequence[Row], columns: Columns, before: _Part) -> bool:
    """Whether a table with a header of its own begins another annex: at the first number again."""
    first, other = _first(rows, columns), None
    for start, its, table in before[1]:
        other = other or _first(table[start:], its)
    return first is not None and other is not None and first[0] == other[0] and (len(rows) > 1 or first != other)


def _first(rows: Sequence[Row], columns: Columns) -> tuple[str, str, str] | None:
    """The first row that has a number: its number, title and points."""
    for row in rows:
        label = at(row, columns.number).text.strip().rstrip(".)").strip()
        if label and label not in _DASHES:
            return label.partition(" ")[0].rstrip("."), fold(at(row, columns.title).text), at(row, columns.max).text
    return None


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
        self.numbered = False  # whether a row has had its number in the column of numbers
        self.coming = ""  # the next number of an item beneath the row
        self.last = False  # whether the next row has a number, so that nothing more stands beneath this one
        self.by: dict[str, Entry] = {}

    def ask(self, cell: Cell, vi: str, en: str) -> None:
        code = self.entries[-1].code if self.entries else ""
        self.questions.append(Open(cell.at, code, vi, en))

    def take(self, row: Row, columns: Columns) -> None:
        """One row: an item, lines of the item before, a total, or a question."""
        number, title, points = (at(row, c) for c in (columns.number, columns.title, columns.max))
        label = number.text.strip().rstrip(".)").strip()
        if role_of(title.text) == "title" and role_of(points.text) == "max":
            return  # the header again, on a new page
        first = fold(title.text or label)
        if _TOTAL.match(first) and (not label or _TOTAL.match(fold(label))):
            value = _points(points.text)
            if value is not None:
                self.total = value
                return
        if self._heading(row, columns):
            return
        self._signed(row, columns)
        if label and not title.text and (reads(number.text) or len(label) > 40):
            number, title, label = replace(number, text=""), number, ""  # a line merged over both columns
            row = _with(row, {columns.title: title, columns.number: number})
        if (not label or label in _DASHES) and (found := self._inside(title, points)) is not None:
            label = found["no"]
            row = _with(row, {columns.title: replace(title, text=found["title"])})
        bullet = not label or label in _DASHES or re.fullmatch(r"[a-zđ]", label) is not None
        if bullet and label not in self.known:
            self._below(row, columns, label)
            return
        code = self._code(label)
        if code is None:
            alike = self._alike(label)
            hint, hint_en = (f": có phải là {alike}?", f": is it {alike}?") if alike else ("", "")
            vi = f"“{label}” không phải là số thứ tự{hint}"
            self.ask(number, vi, f"“{label}” is no number of an item{hint_en}")
            self.lost = True
            return
        self._entry(code, row, columns)

    def _heading(self, row: Row, columns: Columns) -> bool:
        """A field whose number stands in its title, or over the whole row: `II. THỦ TỤC (1 điểm)`."""
        number, title, points = (at(row, c) for c in (columns.number, columns.title, columns.max))
        merged = bool(number.text) and not title.text and columns.number >= 0
        cell = number if merged else title
        label = number.text.strip().rstrip(".)").strip()
        if not merged and label and label not in _DASHES:
            return False
        found = _HEADING.match(" ".join(cell.text.split()))
        if found is None or (merged and len(cell.text) > 300):
            return self._unnumbered(cell, points, label, row, columns)
        no, name, said = found["no"], found["title"].strip(" :.–-"), found["points"]
        upper = _upper(name)
        if no.isdigit() and not upper:
            return False  # an item, or a line that is counted
        if not upper and not (said and merged) and _points(points.text) is None and not (said and "(" in found["said"]):
            return False
        if points.text and said and _points(points.text) != _points(said):
            vi, en = f"“{points.text}” khác “{said}” trong tên", f"“{points.text}” is not “{said}” of the title"
            self.ask(points, vi, en)
        code = self._code(no) if no.isdigit() or _ROMAN.match(no) else None
        if code is None:
            self.roman = code = no  # A, B, …: numbers begin again below each
        blank = tuple(Cell("", other.at) for other in row)
        top = points if points.text else Cell(said or "", cell.at)
        self._entry(code, _with(blank, {columns.title: Cell(name, cell.at), columns.max: top}), columns)
        return True

    def _unnumbered(self, cell: Cell, points: Cell, label: str, row: Row, columns: Columns) -> bool:
        """A heading in capitals without a number: the first number beneath it says which field it is, or nobody can."""
        found = _SAID.match(" ".join(cell.text.split()))
        name, said = (found["title"], found["points"]) if found is not None else (cell.text, "")
        value = _points(points.text or said)
        if label in _DASHES or not _upper(name) or re.search(r"\d", name):
            return False
        field_, dot, _ = self.coming.partition(".")
        if dot and field_.isdigit() and str(int(field_)) not in self.by and not self.roman:
            top = points if points.text else Cell(said, cell.at)
            blank = tuple(Cell("", other.at) for other in row)
            self._entry(str(int(field_)), _with(blank, {columns.title: Cell(name, cell.at), columns.max: top}), columns)
            return True
        levels = self.entries[-1].lines if self.entries else []
        shouted = any(_upper(line.text.partition(":")[0]) for line in levels)  # levels in capitals: this may be one
        if not value or (reads(cell.text) and (found is None or shouted or (not levels and not self.last))):
            return False
        vi = f"đề mục “{cell.text[:80]}” không có số: ghi số (I, II, … hoặc 1, 2, …) trước tên"
        self.ask(cell, vi, f"the heading “{cell.text[:80]}” has no number: write one (I, II, … or 1, 2, …) before it")
        self.lost = True
        return True

    def _inside(self, title: Cell, points: Cell) -> re.Match[str] | None:
        """A number inside the title's cell: of several parts, or of one where no row has had a number of its own."""
        if _points(points.text) is None or not title.text or reads(title.text.splitlines()[0]):
            return None
        found = _INSIDE.match(title.text)
        return found or (_ALONE.match(title.text) if not self.numbered else None)

    def _signed(self, row: Row, columns: Columns) -> None:
        """Points to add or take off in a column of their own: no sentence says for what."""
        for place, head in columns.signed:
            cell = at(row, place)
            if cell.text and cell.text not in (*_DASHES, "0"):
                label = at(row, columns.number).text.strip().rstrip(".)").strip()
                code = self._code(label, look=True) if label and label not in _DASHES else None
                if code is None and self.entries:
                    code = self.entries[-1].code
                vi = f"cột “{head}” ghi “{cell.text[:80]}”: viết thành câu quy tắc ở cột tiêu chí"
                en = f"the column “{head}” has “{cell.text[:80]}”: write it as a sentence of the rule"
                self.questions.append(Open(cell.at, code or "", vi, en))

    def _entry(self, code: str, row: Row, columns: Columns) -> None:
        title, points = at(row, columns.title), at(row, columns.max)
        self.lost = False
        self.numbered = self.numbered or bool(at(row, columns.number).text)
        maximum = _maximum(points.text)
        if code in self.by:
            there = self.by[code]
            if not title.text or fold(title.text) == fold(there.title):
                if points.text and there.max is not None and maximum != there.max:
                    vi = f"mã {code} có hai lần, điểm tối đa khác nhau: {_n(there.max)} và “{points.text}”"
                    en = f"the code {code} stands twice, with two maxima: {_n(there.max)} and “{points.text}”"
                    self.questions.append(Open(points.at, code, vi, en))
                self._continued(row, columns, there)  # the row again on the next page
                return
            self.lost = True
            self.ask(at(row, columns.number), f"mã {code} có hai lần", f"the code {code} stands twice")
            return
        name, rules = _title(title)
        entry = Entry(code, self._parent(code), name, maximum, at(row, columns.assessed).text, title.at)
        above = self.by[entry.parent].role if entry.parent is not None else ""
        entry.role = above or next((role for role, said in _ROLE if said.match(fold(name))), "")
        self.entries.append(entry)
        self.by[code] = entry
        if maximum is None:
            self.ask(points, f"điểm tối đa “{points.text}” không phải là số", f"“{points.text}” is no maximum")
        if not name:
            self.ask(title, "không có tên", "there is no title")
        entry.lines += rules
        self._continued(row, columns, entry, own=False)

    def _continued(self, row: Row, columns: Columns, entry: Entry, *, own: bool = True) -> None:
        rules, note = at(row, columns.rules), at(row, columns.note)
        if own and at(row, columns.assessed).text and not entry.assessed:
            entry.assessed = at(row, columns.assessed).text
        entry.lines += [Cell(text, rules.at) for text in rules.text.splitlines()]
        entry.note = "\n".join(text for text in (entry.note, note.text) if text)
        said = fold(note.text)
        if note.text and not said.startswith(_OURS) and _BITES.search(said):
            vi = f"ghi chú nói về cách chấm: “{note.text[:120]}”: viết thành câu quy tắc ở cột tiêu chí"
            en = f"the note speaks of scoring: “{note.text[:120]}”: write it as a sentence of the rule"
            self.questions.append(Open(note.at, entry.code, vi, en))

    def _below(self, row: Row, columns: Columns, label: str) -> None:
        """A row without a number: rule lines, the rest of a title, or an item that has only a dash."""
        title, points = at(row, columns.title), at(row, columns.max)
        if self.lost:
            return  # beneath a row that is asked about: it must not become a rule of the item before
        if not title.text:
            if points.text or any(at(row, c).text for c in (columns.rules, columns.note) if c >= 0):
                if self.entries and not points.text:
                    self._continued(row, columns, self.entries[-1])
                    return
                self.ask(points, f"“{points.text}” đứng một mình", f"“{points.text}” stands alone")
            return
        value = _points(points.text)
        if not self.entries:
            if value is not None:
                self.ask(title, "mục không có số", "an item without a number")
            return  # words above the first item
        entry = self.entries[-1]
        if label and value is not None and not reads(f"{title.text}: {points.text}") and not entry.lines:
            self.ask(title, "mục không có số", "an item without a number")
            return
        if value is not None and not reads(title.text):
            if any(reads(line.text) and not _of_column(line.text, entry) for line in entry.lines):
                vi = "mục không có số, hay một mức của mục trên?"
                self.ask(title, vi, "an item without a number, or a level of the item above?")
                self.lost = True
                return
            line = f"{title.text}: {points.text}"
            entry.columned.add(line)
            entry.lines.append(Cell(line, title.at))
            return
        if points.text and value is None:
            self.ask(points, f"“{points.text}” không phải là số điểm", f"“{points.text}” is no number of points")
        if not entry.lines and not label and title.text[:1].islower() and not reads(title.text):
            entry.title = f"{entry.title} {' '.join(title.text.split())}"
            return
        entry.lines += [Cell(text, title.at) for text in title.text.splitlines()]
        self._continued(row, columns, entry)

    def _code(self, label: str, *, look: bool = False) -> str | None:
        """The full code of a number, whichever way the annex numbers its levels; `look` changes nothing."""
        if label in self.known and not (self.roman and label[:1].isdigit()):
            return label
        if _ROMAN.match(label) and (label == "I" or (self.roman and self.roman.isdigit())):
            if not look:
                self.roman = str(_roman(label))
            return str(_roman(label))
        if not _CODE.match(label) or len(label) > 40:
            return None
        parts = label.split(".")
        if len(parts) > 1 and _ROMAN.match(parts[0]):
            parts[0] = str(_roman(parts[0]))  # I.1
        if any(_ALIKE.match(part) and (len(parts) > 1 or len(part) > 1) for part in parts):
            return None  # a letter that looks like a figure
        parts = [str(int(part)) if part.isdigit() else part for part in parts]
        label = ".".join(parts)
        if not self.roman:
            return label
        if len(parts) == 1:
            self.restarts = self.restarts or not look
            return f"{self.roman}.{label}"
        return label if parts[0] == self.roman and not self.restarts else f"{self.roman}.{label}"

    def _alike(self, label: str) -> str:
        """The number that was meant where letters look like figures, "" when there is none."""
        if not re.search(r"\d", label) or not re.search(r"[lIoO]", label):
            return ""
        meant = label.translate(str.maketrans("lIoO", "1100"))
        return meant if re.fullmatch(r"\d+(\.\d+)*", meant) else ""

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


def _first_number(rows: Sequence[Row], columns: Columns) -> str:
    """The number of the next item, "" when a heading without one comes before it."""
    for row in rows:
        label, title = at(row, columns.number).text.strip().rstrip(".)").strip(), at(row, columns.title).text
        if _CODE.match(label) and label not in _DASHES and not re.fullmatch(r"[a-zđ]", label):
            return label
        if not label and _upper(title) and not reads(title):
            return ""
    return ""


def _first_label(rows: Sequence[Row], columns: Columns) -> str | None:
    """What stands in the column of numbers of the first row; None when that is nothing, "" when there is no row."""
    return (at(rows[0], columns.number).text or None) if rows else ""


def _title(cell: Cell) -> tuple[str, list[Cell]]:
    """The title of an item, and the rule lines that stand in the same cell."""
    lines = cell.text.splitlines()
    start = next((i for i, line in enumerate(lines) if i > 0 and (reads(line) or line[:1] in "-–+•")), len(lines))
    return " ".join(lines[:start]), [Cell(line, cell.at) for line in lines[start:]]


def _points(text: str) -> Fraction | None:
    match = _POINTS.match(" ".join(text.split()))
    return Fraction(match[1].replace(",", ".")) if match else None


def _maximum(text: str) -> Fraction | None:
    """A maximum as tables write it: `2`, `2 điểm`, `Tối đa 2 điểm`, `0-2`, `2*`."""
    match = _MAXIMUM.match(" ".join(text.split()))
    return Fraction(match[1].replace(",", ".")) if match else None


def _with(row: Row, cells: Mapping[int, Cell]) -> Row:
    """A row with other cells in some places, as long as it must be for them."""
    out = list(row)
    out += [Cell("", row[0].at)] * (max(cells) + 1 - len(out))
    for place, cell in cells.items():
        out[place] = cell
    return tuple(out)


def _of_column(line: str, entry: Entry) -> bool:
    return line in entry.columned


def _upper(text: str) -> bool:
    """Whether a text is written in capitals, as headings are."""
    return text.isupper() and len(re.findall(r"[^\W\d]+", text)) > 1


def _n(x: Fraction) -> str:
    return plain(x).replace(".", ",")


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
