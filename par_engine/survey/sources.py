"""Files of ballots as a header and rows, never held as a whole: CSV, or the sheet of a workbook with the questions."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, NoReturn

from par_engine.base.problems import (
    DocumentError,
    Problem,
    fail,
    fail_own,
    nearest,
    own_problem,
    problem,
    quote,
)
from par_engine.base.types import Text
from par_engine.files import kinds
from par_engine.files.documents import read_bytes
from par_engine.files.kinds import kind_of_file, wrong_kind
from par_engine.files.xlsx_hidden import Unseen, unseen
from par_engine.files.xlsx_reading import HEADER_ROWS, MOST_COLUMNS, fault, opened, rows, text
from par_engine.i18n.foreign_messages import Foreign, said_vi
from par_engine.survey.questions import Layout, letter

_CELL = 1_000_000
_QUOTED = re.compile('"[^"]*(?:"|$)')
MOST_FAULTS = 1_000
WORKBOOKS = (".xlsx", ".xlsm")
_SHOWN = 10
_REPEATED = "_parent_index"
_NAME = "ghi tên các cột"
"""A column that Kobo gives only to the sheets of repeated groups, where a row is no ballot."""


@dataclass(frozen=True)
class Source:
    """Ballots, one a row. `rows` gives the cells of the body, [] for an empty row, given the columns that matter."""

    label: str
    header: list[str]
    first: int
    """The number of the first row of the body, as a spreadsheet counts."""
    rows: Callable[[Collection[int]], Iterator[list[str]]]
    read: Callable[[], float]
    """The share that has been read, 0 to 1."""
    size: int
    sheet: str = ""
    unread: tuple[str, ...] = ()
    """The other sheets of the workbook."""
    look: Unseen | None = None
    """What nobody sees of the sheet."""

    def at(self, row: int, column: int) -> str:
        """Where a cell is, as a spreadsheet says it."""
        cell = f"{letter(column)}{row}"
        return f"{self.sheet}!{cell}" if self.sheet else cell

    def doubts(self, found: Layout) -> tuple[Problem, ...]:
        """Warnings of what was read although nobody sees it."""
        if self.look is None:
            return ()
        problems = []

        def note(at: str, code: str, what: str, vi: str) -> None:
            hint, hint_vi = "show it and look at it", "hãy cho hiện lại rồi xem"
            problems.append(own_problem(self.label, at, code, what, hint, "warning", vi, hint_vi))

        if self.look.hidden:
            note(self.sheet, "hidden-sheet", "the sheet that was read is hidden", "trang tính được đọc đang ẩn")
        rows = sorted(n + 1 for n in self.look.rows if n + 1 >= self.first)
        if rows:
            names = ", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else "")
            what, vi = f"{len(rows)} hidden rows are read: {names}", f"đọc cả {len(rows)} dòng đang ẩn: {names}"
            note(self.sheet, "hidden-row", what, vi)
        for j in sorted(found.used & self.look.columns):
            note(self.at(self.first - 1, j), "hidden-column", "a hidden column is read", "cột đang ẩn được đọc")
        return tuple(problems)

    @property
    def place(self) -> str:
        """Where the header stands."""
        return f"{self.sheet}!{self.first - 1}" if self.sheet else "header"


_BALLOTS = Text(vi="phiếu khảo sát (CSV, XLSX: mỗi dòng một phiếu)", en="ballots (CSV, XLSX: one ballot a row)")
_HOW = Text(
    vi='dùng tệp phiếu xuất từ công cụ khảo sát; lập mẫu phiếu bằng "par survey form -m ID -o PHIẾU.xlsx"',
    en="take the ballots as the survey tool exports them; `par survey form -m ID -o FORM.xlsx` makes the form",
)


@contextmanager
def open_source(path: Path, answered: Callable[[list[str]], int], sheet: str | None) -> Iterator[Source]:
    """A file of ballots; `answered` says how many questions a header has, which is how the sheet is found."""
    if path.is_dir():
        fail("not-a-file", path.name or str(path))
    kind = kind_of_file(path)
    if kind is not None and kind not in (kinds.TABLE, kinds.EXCEL, kinds.ARCHIVE):
        wrong_kind(path.name, kind, _BALLOTS, _HOW)
    if path.suffix.lower() in WORKBOOKS:
        with _workbook(path, answered, sheet) as source:
            yield source
        return
    if path.suffix.lower() in (".xls", ".ods"):
        fail("list-kind.open-source", path.name, suffix=path.suffix)
    if sheet is not None:
        fail("sheet", "--sheet")
    with _text(path) as file:
        yield _csv(path, file, answered)


@contextmanager
def _text(path: Path) -> Iterator[IO[str]]:
    try:
        with path.open("rb") as file:
            mark = file.read(4)
        if mark == b"PK\x03\x04":
            vi = "đây là tệp Excel, không phải CSV"
            fail("csv", path.name)
        encoding = "utf-16" if mark[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        file_ = path.open(encoding=encoding, newline="")
    except OSError as error:
        reason = error.strerror or "cannot be read"
        vi, hint_vi = f"không đọc được ({said_vi(reason)})", "kiểm tra lại đường dẫn"
        fail_own(path.name, "unreadable", reason, "check the path", vi, hint_vi)
    with file_:
        yield file_


def _csv(path: Path, file: IO[str], answered: Callable[[list[str]], int]) -> Source:
    label = path.name
    csv.field_size_limit(_CELL)
    size = path.stat().st_size
    skipped = 0
    with _sound(label, lambda: 1):
        line = file.readline(_CELL)
        named = line.strip().casefold()
        if named.startswith("sep=") and len(named) == 5:  # for Excel's eyes only
            delimiter, skipped = named[4], 1
            file.seek(0)
            file.readline(_CELL)
        else:
            sample = [line, *(file.readline(_CELL) for _ in range(HEADER_ROWS - 1))]
            delimiter = delimiter_of("".join(sample))  # a title above the header has none
            file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)  # else an open quote swallows the rest in silence
    top: list[list[str]] = []
    begun = 0
    with _sound(label, lambda: begun + skipped + 1):
        for line_ in islice(reader, HEADER_ROWS):
            begun = reader.line_num
            top.append(line_)
    if not any(map(any, top)):
        fail("no-header", label)
    at = max(range(len(top)), key=lambda i: (answered(top[i]), -i))
    header = top[at]

    def body(used: Collection[int]) -> Iterator[list[str]]:
        begun = reader.line_num
        yield from top[at + 1 :]
        with _sound(label, lambda: begun + skipped + 1):  # where the row begins: an open quote ends far below
            for row in reader:
                begun = reader.line_num
                yield row

    raw: Any = file
    return Source(label, header, at + 2 + skipped, body, lambda: raw.buffer.tell() / max(size, 1), size)


def delimiter_of(line: str) -> str:
    """Comma, semicolon or tab: the one that a header has most of outside quotes, where texts have commas too."""
    bare = _QUOTED.sub("", line)
    return max(",;\t", key=bare.count)


@contextmanager
def _sound(label: str, line: Callable[[], int]) -> Iterator[None]:
    try:
        yield
    except UnicodeError:
        fail("encoding.sound", label)
    except csv.Error as error:
        bad_csv(label, error, line())


def bad_csv(label: str, error: csv.Error, row: int) -> NoReturn:
    """The problem of a table whose quotes do not close, or that is none, at the row that begins so."""
    fail("csv.bad-csv", label, f"row {row}", error=error, error_2=Foreign(str(error)))


@contextmanager
def _workbook(path: Path, answered: Callable[[list[str]], int], wanted: str | None) -> Iterator[Source]:
    label = path.name
    data = read_bytes(path)
    with opened(data, label, "survey") as book:
        names = [sheet.title for sheet in book.worksheets]
        if wanted is not None and wanted not in names:
            fail(
                "unknown-sheet", label, wanted=quote(wanted), value=map(quote, names[:10]), near=nearest(wanted, names)
            )
        found = []
        for sheet in book.worksheets:
            if wanted is None or sheet.title == wanted:
                head = _header(sheet, label, answered)
                found.append((answered(head[1]) if _REPEATED not in head[1] else 0, sheet, *head))
        most = max((n for n, *_ in found), default=0)
        best = [entry for entry in found if entry[0] and entry[0] == most] or found[:1]
        if not best or not best[0][3]:
            fail("no-header", label)
        if len(best) > 1:
            both = ", ".join(quote(sheet.title) for _, sheet, *_ in best[:10])
            fail("sheets", label, both=both)
        _, sheet, row, header = best[0]
        look = unseen(data).get(sheet.title)
        struck: dict[int, list[int]] = {}
        for n, j in look.struck if look is not None else ():
            struck.setdefault(n + 1, []).append(j)
        total = max(int(sheet.max_row or 0), row + 1)
        at = row

        def body(used: Collection[int]) -> Iterator[list[str]]:
            nonlocal at
            faults: list[Problem] = []
            columns = sorted(used)
            for at, cells in enumerate(rows(sheet, label, len(header), row + 1), row + 1):
                out = [text(cell) for cell in cells]
                if not any(out) and not any(cell.data_type in "fe" for cell in cells):
                    yield []
                    continue
                for j in columns:
                    if j < len(cells) and cells[j].data_type in "fe":
                        faults += [p for p in [fault(cells[j], label, f"{sheet.title}!{letter(j)}{at}")] if p]
                for j in struck.get(at, ()):
                    if j in used:
                        where = f"{sheet.title}!{letter(j)}{at}"
                        faults.append(problem("struck", label, where))
                if len(faults) >= MOST_FAULTS:
                    break
                yield out + [""] * (len(header) - len(out))
            if faults:
                raise DocumentError(faults)

        others = tuple(name for name in names if name != sheet.title)
        yield Source(
            label, header, row + 1, body, lambda: min(at / total, 1), path.stat().st_size, sheet.title, others, look
        )


def _header(sheet: Any, label: str, answered: Callable[[list[str]], int]) -> tuple[int, list[str]]:
    """The row, counted from 1, with most questions among the first ones: officers write titles above it."""
    best, most = (1, [""]), -1
    for n, cells in enumerate(rows(sheet, label, MOST_COLUMNS, 1, HEADER_ROWS), 1):
        line = [text(cell) for cell in cells]
        while line and not line[-1].strip():
            line.pop()
        if line and (here := answered(line)) > most:
            best, most = (n, line), here
    return best if most >= 0 else (1, [])
