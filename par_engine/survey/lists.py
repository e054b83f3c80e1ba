"""Lists of people from XLSX or CSV: rows by column, each cell with its place, and no cell quoted."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from par_engine.documents import fail, read_bytes, text_of
from par_engine.errors import DocumentError, Problem
from par_engine.survey.questions import letter, slug

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
_MAX_OPEN = 200 * 2**20
_MAX_ROWS = 200_000
_HEADER_ROWS = 15


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
    label, kind = path.name, path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        hint, vi = "save it as .xlsx or .csv", "hãy lưu thành .xlsx hoặc .csv"
        fail(label, "list-kind", f"{kind or 'a file without ending'} is not read", hint, "không đọc loại tệp này", vi)
    data = read_bytes(path)
    problems: list[Problem] = []
    if kind == ".csv":
        sheets: Iterator[tuple[str, list[list[str]]]] = iter([("", _csv(data, label))])
    else:
        sheets = _workbook(data, label, problems)
    people: list[Person] = []
    found = False
    near: set[str] = set(HEADS)
    for sheet, rows in sheets:
        for i, row in enumerate(rows[:_HEADER_ROWS]):
            columns = _header(row)
            near = min(near, set(HEADS) - set(columns), key=lambda s: (len(s), sorted(s)))
            if not set(HEADS) - set(columns):
                found = True
                people += _people(sheet, rows, i, columns)
                break
    if not found:
        names = ", ".join(HEADS[c] for c in HEADS if c in near)
        what, hint = f"no sheet has all columns; missing: {names}", "head the columns so, in one row"
        fail(label, "no-column", what, hint, f"thiếu cột: {names}", "đặt tên các cột như vậy, trên một dòng")
    return People(label, tuple(people), tuple(problems))


def _people(sheet: str, rows: Sequence[Sequence[str]], header: int, columns: Mapping[str, int]) -> Iterator[Person]:
    for n, row in enumerate(rows[header + 1 :], header + 2):
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


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _csv(data: bytes, label: str) -> list[list[str]]:
    text = text_of(data, label)
    first = text.partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        fail(label, "csv", f"not a CSV file: {error}", "export it again", "không phải tệp CSV", "hãy xuất lại")


def _workbook(data: bytes, label: str, problems: list[Problem]) -> Iterator[tuple[str, list[list[str]]]]:
    try:
        import openpyxl
    except ImportError:
        no_extra(label)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_OPEN:
                what, vi = "it unpacks to too much", "tệp giải nén quá lớn"
                fail(label, "too-large", what, "this is no list", vi, "đây không phải danh sách")
            names = [p for p in archive.namelist() if p.endswith((".xml", ".rels"))]
            if any(b"<!DOCTYPE" in archive.read(p) or b"<!ENTITY" in archive.read(p) for p in names):
                fail(
                    label, "entities", "its XML declares entities", "save it again", "tệp có khai báo lạ", "lưu lại tệp"
                )
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
        sheets = []
        for sheet in book.worksheets:
            rows: list[list[str]] = []
            if sheet.max_row > _MAX_ROWS:
                fail(label, "too-large", "too many rows", "this is no list", "quá nhiều dòng", "")
            for row in sheet.iter_rows():
                out = []
                for cell in row:
                    if cell.data_type == "f":
                        what, vi = "there is a formula", "ô này chứa công thức"
                        hint, hint_vi = "paste its value", "hãy dán giá trị"
                        at = f"{sheet.title}!{cell.coordinate}"
                        problems.append(Problem(label, at, "formula", what, hint, "error", vi, hint_vi))
                        out.append("")
                    else:
                        value = cell.value
                        whole = isinstance(value, float) and value.is_integer()
                        out.append("" if value is None else str(int(value)) if whole else str(value))  # type: ignore[arg-type]
                rows.append(out)
            sheets.append((sheet.title, rows))
    except DocumentError:
        raise
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError) as e:
        what, vi = f"the workbook cannot be read ({type(e).__name__})", "không đọc được tệp"
        fail(label, "workbook", what, "open it and save it again as .xlsx", vi, "hãy mở ra và lưu lại dạng .xlsx")
    yield from sheets


def no_extra(label: str) -> NoReturn:
    """The problem of an extra that is not installed."""
    hint = 'pip install "par-engine[survey]"'
    fail(label, "extra", "this needs the extra `survey`", hint, "cần cài thêm phần survey", hint)
