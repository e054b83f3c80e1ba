"""Lists of people from XLSX or CSV: rows by column, each cell with its place, and no cell quoted."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from par_engine.documents import fail, read_bytes, text_of
from par_engine.errors import Problem
from par_engine.foreign import HEADER_ROWS, fault, opened, rows, text
from par_engine.survey.questions import letter, slug
from par_engine.survey.sources import bad_csv, delimiter_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "group": ("nhom", "nhom_doi_tuong", "doi_tuong", "group"),
    "name": ("ho_va_ten", "ho_ten", "ten", "name", "full_name"),
    "position": ("chuc_vu", "chuc_danh", "position", "title"),
    "agency": ("co_quan", "don_vi", "co_quan_don_vi", "don_vi_cong_tac", "agency", "organisation", "organization"),
    "phone": ("dien_thoai", "so_dien_thoai", "sdt", "phone", "mobile"),
    "email": ("email", "e_mail", "thu_dien_tu", "dia_chi_email", "mail"),
    "key": ("ma", "ma_so", "key", "id"),
}
"""What each column may be headed, without accents; `key` is optional and only drawing uses it."""
HEADS = {
    "group": "Nhóm đối tượng",
    "name": "Họ và tên",
    "position": "Chức vụ",
    "agency": "Cơ quan, đơn vị",
    "phone": "Điện thoại",
    "email": "Email",
}
_NEARLY = 2
"""How many of the columns make a sheet a list that lacks the others."""
_MAX_ROWS = 200_000
_MAX_COLUMNS = 50


class Faults(dict[tuple[int, int], Problem]):
    """Cells that are formulas or errors, by row and column; they matter in the columns that are read."""


@dataclass(frozen=True)
class Person:
    """One row: the text of each column, composed and with single spaces, and where the row is."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def at(self, column: str) -> str:
        """The place of a cell: `Sheet1!B7`, or `B7` in a CSV file as a spreadsheet opens it."""
        cell = f"{letter(self.columns[column])}{self.row}"
        return f"{self.sheet}!{cell}" if self.sheet else cell


@dataclass(frozen=True)
class People:
    """A list as it was read, and what was wrong with its cells already."""

    label: str
    rows: tuple[Person, ...]
    problems: tuple[Problem, ...]


def read_people(path: Path) -> People:
    """Every sheet of a workbook that has the columns, or a CSV file. Raises DocumentError when none has."""
    label, kind = path.name or str(path), path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        hint, vi = "save it as .xlsx or .csv", "hãy lưu thành .xlsx hoặc .csv"
        fail(label, "list-kind", f"{kind or 'a file without ending'} is not read", hint, "không đọc loại tệp này", vi)
    data = read_bytes(path)
    problems: list[Problem] = []
    unread: list[Problem] = []
    people: list[Person] = []
    found = False
    near: set[str] = set(HEADS)
    for sheet, body, faults in tables(data, kind, label):
        here: set[str] = set(HEADS)  # the columns that this sheet lacks
        for i, row in enumerate(body[:HEADER_ROWS]):
            columns = _header(row)
            here = min(here, set(HEADS) - set(columns), key=lambda s: (len(s), sorted(s)))
            if not set(HEADS) - set(columns):
                found = True
                rows_here = list(_people(sheet, body, i, columns))
                people += rows_here
                problems += [p for person in rows_here for p in _control(label, person)]
                problems += [p for (n, j), p in faults.items() if n > i and j in columns.values()]
                break
        near = min(near, here, key=lambda s: (len(s), sorted(s)))
        if here and any(any(row) for row in body):
            unread.append(_unread(label, sheet, here))
    if not found:
        names = ", ".join(HEADS[c] for c in HEADS if c in near)
        what, hint = f"no sheet has all columns; missing: {names}", "head the columns so, in one row"
        fail(label, "no-column", what, hint, f"thiếu cột: {names}", "đặt tên các cột như vậy, trên một dòng")
    return People(label, tuple(people), (*problems, *unread))


def _control(label: str, person: Person) -> Iterator[Problem]:
    for column, cell in person.cells.items():
        if any(unicodedata.category(c) == "Cc" for c in cell):
            what, vi = "there is a control character", "có ký tự điều khiển"
            hint, hint_vi = "type it again", "hãy gõ lại ô này"
            yield Problem(label, person.at(column), "control", what, hint, "error", vi, hint_vi)


def _unread(label: str, sheet: str, missing: set[str]) -> Problem:
    """A sheet with something on it that is no list: an error where it is nearly one, whose people would be left out."""
    if len(missing) > len(HEADS) - _NEARLY:
        what, vi = "this sheet is not read: it has none of the columns", "không đọc trang tính này: không có các cột"
        return Problem(label, sheet, "not-read", what, "", "warning", vi, "")
    names = ", ".join(HEADS[c] for c in HEADS if c in missing)
    hint, hint_vi = "head the columns so, in one row", "đặt tên các cột như vậy, trên một dòng"
    return Problem(
        label, sheet, "no-column", f"missing columns: {names}", hint, "error", f"thiếu cột: {names}", hint_vi
    )


def tables(data: bytes, kind: str, label: str) -> Iterator[tuple[str, list[list[str]], Faults]]:
    """The sheets of a workbook, or the one table of a CSV file, whose sheet is ""."""
    if kind == ".csv":
        yield "", _csv(data, label), Faults()
    else:
        yield from _workbook(data, label)


def _people(sheet: str, body: Sequence[Sequence[str]], header: int, columns: Mapping[str, int]) -> Iterator[Person]:
    for n, row in enumerate(body[header + 1 :], header + 2):
        cells = {name: _clean(row[j]) if j < len(row) else "" for name, j in columns.items()}
        if any(cells.values()):
            yield Person(sheet, n, cells, columns)


def _header(row: Sequence[str]) -> dict[str, int]:
    words = [slug(cell) for cell in row]
    out: dict[str, int] = {}
    for name, known in COLUMNS.items():
        place = next((words.index(word) for word in known if word in words), None)
        if place is not None and place not in out.values():
            out[name] = place
    return out


def _clean(cell: str) -> str:
    """What one sees of a cell: no signs without width, and single spaces."""
    seen = "".join(c for c in unicodedata.normalize("NFC", cell) if unicodedata.category(c) != "Cf")
    return " ".join(seen.split())


def _csv(data: bytes, label: str) -> list[list[str]]:
    content = text_of(data, label)
    first = content.partition("\n")[0]
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter_of(first), strict=True)
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
                    fail(label, "too-large", "too many rows", "this is no list", "quá nhiều dòng", "", sheet.title)
                for j, cell in enumerate(cells):
                    problem = fault(cell, label, f"{sheet.title}!{letter(j)}{n + 1}")
                    if problem is not None:
                        faults[n, j] = problem
                body.append([text(cell) for cell in cells])
            yield sheet.title, body, faults
