"""Lists of people from XLSX or CSV: rows by column, each cell with its place, and no cell quoted."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from par_engine.base.legacy_encodings import legacy
from par_engine.base.problems import Problem, fail, own_problem, problem
from par_engine.base.types import Text
from par_engine.files import kinds
from par_engine.files.documents import read_bytes, text_of
from par_engine.files.kinds import kind_of, wrong_kind
from par_engine.files.xlsx_hidden import Unseen, unseen
from par_engine.files.xlsx_reading import HEADER_ROWS, fault, opened, rows, text
from par_engine.survey.bodies import is_office
from par_engine.survey.heads import COLUMNS, HEADS, Columns, column_problems, columns_of
from par_engine.survey.questions import letter, slug
from par_engine.survey.sources import bad_csv, delimiter_of

_PEOPLE = Text(vi="danh sách đối tượng điều tra (XLSX, CSV)", en="a list of respondents (XLSX, CSV)")
_HOW = Text(
    vi='điền vào mẫu do "par respondents template -m ID -o DANH-SÁCH.xlsx" lập',
    en="fill in what `par respondents template -m ID -o LIST.xlsx` makes",
)
_NEARLY = 2
"""How many of the columns make a sheet a list that lacks the others."""
_NO_LIST = "đây không phải danh sách"
_MAX_ROWS = 200_000
_MAX_COLUMNS = 50
_ROMAN = re.compile(r"(?:[IVXL]+|[A-Z])[.)/]?")
_NUMBER = re.compile(r"\(?\d{1,4}[.)]?")
_BEFORE = re.compile(r"^(?:(?:[IVXLivxl]+|[A-Za-z]|\d{1,3}(?:\.\d{1,3})*)[.)/:]\s*|[-–+•*]\s*)")
_AFTER = re.compile(r"\s*[:(–-]?\s*\(?\d+\s*(?:người|đại biểu|phiếu|ng)?\)?\s*[.;]?$")
_TOTAL = re.compile(r"tong|tong_cong|tong_so|cong|tong_cong_so_nguoi|total|sum")
_ABOVE = ("group", "agency")
"""What may stand in a row of its own above the people that it holds for."""


class Faults(dict[tuple[int, int], Problem]):
    """Cells that are formulas or errors, by row and column; they matter in the columns that are read."""


@dataclass(frozen=True)
class Person:
    """One row: the text of each column, composed and with single spaces, and where the row is."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]
    above: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """The row and column of what stands in a row above the people instead of in their own."""

    def at(self, column: str) -> str:
        """The place of a cell: `Sheet1!B7`, or `B7` in a CSV file as a spreadsheet opens it."""
        row, place = self.above.get(column, (self.row, self.columns.get(column, 0)))
        cell = f"{letter(place)}{row}"
        return f"{self.sheet}!{cell}" if self.sheet else cell


@dataclass(frozen=True)
class Table:
    """A sheet that was read, or the table of a CSV file (""): its heads, what each was read as, and rows set aside."""

    sheet: str
    columns: tuple[tuple[str, str], ...]
    aside: tuple[tuple[int, str], ...] = ()
    """Rows that are no people: `total`, `numbers` of the columns, `heading` of a group."""


@dataclass(frozen=True)
class People:
    """A list as it was read, and what was wrong with its cells already."""

    label: str
    rows: tuple[Person, ...]
    problems: tuple[Problem, ...]
    tables: tuple[Table, ...] = ()


def read_people(path: Path, groups: Collection[str] = ()) -> People:
    """Every sheet of a workbook that has the columns, or a CSV file. Raises DocumentError when none has.

    `groups` are the words for groups, as slugs: they may stand in rows of their own above their people.
    """
    label, kind = path.name or str(path), path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        fail("list-kind", label, kind=kind or "a file without ending")
    data = read_bytes(path)
    is_ = kind_of(data)
    if is_ is not None and is_ not in (kinds.TABLE, kinds.EXCEL, kinds.ARCHIVE):
        wrong_kind(label, is_, _PEOPLE, _HOW)
    problems: list[Problem] = []
    unread: list[Problem] = []
    people: list[Person] = []
    found: list[Table] = []
    near: set[str] = set(HEADS)
    looks = None
    for sheet, body, faults in tables(data, kind, label):
        lacking, here = set(HEADS), None  # the columns that this sheet lacks
        for i in range(min(len(body), HEADER_ROWS)):
            columns = columns_of(body, i)
            missing = columns.lacking
            if missing and missing <= set(_ABOVE):
                missing = missing - _Rows(sheet, body, columns, groups).headed
            lacking = min(lacking, missing, key=lambda s: (len(s), sorted(s)))
            if not missing:
                here = _Rows(sheet, body, columns, groups)
                break
        if here is not None:
            people += here.people
            found.append(Table(sheet, tuple(here.columns.taken()), tuple(here.aside)))
            problems += column_problems(label, sheet, here.columns, body)
            problems += [p for person in here.people for p in _spoilt(label, person)]
            used = here.columns.places.values()
            problems += [p for (n, j), p in faults.items() if n > here.columns.last and j in used]
            if kind == ".xlsx":
                looks = unseen(data) if looks is None else looks
                problems += _not_seen(label, sheet, here, looks.get(sheet))
        near = min(near, lacking, key=lambda s: (len(s), sorted(s)))
        if lacking and not _only_groups(body, groups):
            unread.append(_unread(label, sheet, lacking))
    if not found:
        names = ", ".join(HEADS[c] for c in HEADS if c in near)
        fail("no-column", label, names=names)
    elif not people:
        problems.append(problem("nobody", label))
    return People(label, tuple(people), (*problems, *unread), tuple(found))


class _Rows:
    """The rows beneath a header: people, what stands above them for all of them, and what is neither."""

    def __init__(self, sheet: str, body: Sequence[Sequence[str]], columns: Columns, groups: Collection[str]) -> None:
        self.sheet, self.columns, self.groups = sheet, columns, groups
        self.people: list[Person] = []
        self.aside: list[tuple[int, str]] = []
        self.headed: set[str] = set()
        self.above: dict[str, tuple[str, tuple[int, int]]] = {}
        for n, line in enumerate(body[columns.last + 1 :], columns.last + 2):
            cells = {j: _clean(cell) for j, cell in enumerate(line) if _clean(cell)}
            read = {j: cell for j, cell in cells.items() if j in columns.places.values() or j < len(columns.heads)}
            if read and not self._set_aside(n, read):
                self._person(n, line)

    def _set_aside(self, n: int, cells: Mapping[int, str]) -> bool:
        """Whether a row is no person; a heading is remembered for those beneath it."""
        words = {j: cell for j, cell in cells.items() if not _NUMBER.fullmatch(cell) and not _ROMAN.fullmatch(cell)}
        if not words and len(cells) > 1 and not self.people:
            self.aside.append((n, "numbers"))
            return True
        if len(words) != 1:
            return False
        ((place, word),) = words.items()
        bare = _AFTER.sub("", _BEFORE.sub("", word))
        if _TOTAL.fullmatch(slug(bare)):
            self.aside.append((n, "total"))
            return True
        roman = any(_ROMAN.fullmatch(cell) for cell in cells.values())
        places = self.columns.places
        if slug(bare) in self.groups or slug(word) in self.groups:
            self._heading(n, "group", bare if slug(bare) in self.groups else word, place)
        elif "group" not in places and (roman or (len(cells) == 1 and not self.above)):
            self._heading(n, "group", bare, place)
        elif "agency" not in places and self.above and is_office(bare):
            self._heading(n, "agency", bare, place)
        else:
            return False
        return True

    def _heading(self, n: int, column: str, word: str, place: int) -> None:
        if column == "group":
            self.above.pop("agency", None)
        self.above[column] = word, (n, place)
        self.headed.add(column)
        self.aside.append((n, "heading"))

    def _person(self, n: int, line: Sequence[str]) -> None:
        places = self.columns.places
        cells = {name: _clean(line[j]) if j < len(line) else "" for name, j in places.items()}
        if "family" in cells:
            cells["name"] = " ".join(filter(None, (cells.pop("family"), cells["name"])))
        cells.pop("order", None)
        if not any(cells.values()):
            return
        above = {}
        for column in _ABOVE:
            if not cells.get(column):
                word, at = self.above.get(column, ("", (n, places.get(column, 0))))
                cells[column] = word
                if word:
                    above[column] = at
        self.people.append(Person(self.sheet, n, cells, places, above))


def _spoilt(label: str, person: Person) -> Iterator[Problem]:
    """Cells with control characters, or in an encoding that is not Unicode."""
    for column, cell in person.cells.items():
        if any(unicodedata.category(c) == "Cc" for c in cell):
            yield problem("control", label, person.at(column))
        if column in ("name", "position", "agency", "group") and (found := legacy(cell)) is not None:
            at = person.at(column)
            yield own_problem(label, at, "encoding", found.what, found.hint, "error", found.what_vi, found.hint_vi)


def _not_seen(label: str, sheet: str, here: _Rows, look: Unseen | None) -> Iterator[Problem]:
    """What would be handed in although nobody sees it in the list, or sees it struck out."""
    if look is None:
        return
    if look.hidden:
        yield problem("hidden-sheet", label, sheet)
    places = here.columns.places
    for person in here.people:
        if person.row - 1 in look.rows:
            yield problem("hidden-row", label, person.at("name"), "warning")
        for column, place in places.items():
            at = f"{sheet}!{letter(place)}{person.row}"
            if (person.row - 1, place) in look.struck:
                yield problem("struck", label, at)
            if (person.row - 1, place) in look.notes and column != "order":
                yield problem("note", label, at, "warning")
    for column, place in places.items():
        if place in look.columns and column != "order":
            at = f"{sheet}!{letter(place)}{here.columns.last + 1}"
            yield problem("hidden-column", label, at, "warning")


def _only_groups(body: Sequence[Sequence[str]], groups: Collection[str]) -> bool:
    """Whether a sheet has nothing but the names of groups to choose from, as the blank list has."""
    filled = {slug(cell) for row in body for cell in row} - {""}
    return filled <= {*groups, *COLUMNS["group"]}


def _unread(label: str, sheet: str, missing: set[str]) -> Problem:
    """A sheet with something on it that is no list: an error where it is nearly one, whose people would be left out."""
    if len(missing) > len(HEADS) - _NEARLY:
        return problem("not-read", label, sheet, "warning")
    names = ", ".join(HEADS[c] for c in HEADS if c in missing)
    return problem("no-column.unread", label, sheet, names=names)


def tables(data: bytes, kind: str, label: str) -> Iterator[tuple[str, list[list[str]], Faults]]:
    """The sheets of a workbook, or the one table of a CSV file, whose sheet is ""."""
    if kind == ".csv":
        yield "", _csv(data, label), Faults()
    else:
        yield from _workbook(data, label)


def _clean(cell: str) -> str:
    """What one sees of a cell: no signs without width, and single spaces; a soft hyphen stays, for it may be a letter
    of an old encoding."""
    seen = "".join(c for c in unicodedata.normalize("NFC", cell) if unicodedata.category(c) != "Cf" or c == "\u00ad")
    return " ".join(seen.split())


def _csv(data: bytes, label: str) -> list[list[str]]:
    content = text_of(data, label)
    named = content.partition("\n")[0].strip().casefold()
    told = named[4] if named.startswith("sep=") and len(named) == 5 else ""  # for Excel's eyes only
    delimiter = told or delimiter_of("\n".join(content.split("\n", HEADER_ROWS)[:HEADER_ROWS]))  # a title has none
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    out, begun = [], 0
    try:
        for row in reader:
            begun = reader.line_num
            out.append(row)
    except csv.Error as error:
        bad_csv(label, error, begun + 1)
    return out


def _workbook(data: bytes, label: str) -> Iterator[tuple[str, list[list[str]], Faults]]:
    with opened(data, label, "survey") as book:
        for sheet in book.worksheets:
            body: list[list[str]] = []
            faults = Faults()
            for n, cells in enumerate(rows(sheet, label, _MAX_COLUMNS)):
                if n >= _MAX_ROWS:
                    fail("too-large.workbook", label, sheet.title)
                for j, cell in enumerate(cells):
                    problem = fault(cell, label, f"{sheet.title}!{letter(j)}{n + 1}")
                    if problem is not None:
                        faults[n, j] = problem
                body.append([text(cell) for cell in cells])
            yield sheet.title, body, faults
