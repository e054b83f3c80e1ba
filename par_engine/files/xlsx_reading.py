"""Workbooks from outside, read a row at a time: what is hostile is refused, and a cell is the text that one sees."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from par_engine.base.extras import needs
from par_engine.base.problems import DocumentError, FactOf, ParError, Problem, fail, problem
from par_engine.files.ooxml import inspect, literal, unescaped

HEADER_ROWS = 15
MOST_COLUMNS = 2_000
MOST_ROWS = 2**20
"""What a workbook can have; a file that claims more is no workbook."""


@contextmanager
def opened(data: bytes, label: str, extra: str) -> Iterator[Any]:
    """The workbook, to be read forward only. Raises DocumentError for what no office program would write by itself."""
    try:
        import openpyxl
    except ImportError:
        needs(label, extra)
    try:
        inspect(data, label)
    except DocumentError as error:
        if error.problems[0].code != "too-large":
            raise
        fail("too-large.csv-instead", label, what=FactOf(error.problems[0]))
    with readable(label), quiet():
        book = openpyxl.load_workbook(io.BytesIO(literal(data)), read_only=True, data_only=False, keep_links=False)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def readable(label: str, code: str = "workbook") -> Iterator[None]:
    """Whatever a library stumbles over in an office file, as a problem of the file: the one guard of all readers.

    Damaged files raise what nobody lists: openpyxl alone has been seen with eight kinds, from `OverflowError` for a
    style's number to `LookupError` for the encoding of a part.
    """
    try:
        yield
    except ParError:
        raise
    except Exception as error:  # noqa: BLE001  (that is the point)
        raise DocumentError(
            [replace(problem("workbook.unreadable", label, error=type(error).__name__), code=code)]
        ) from None


def rows(sheet: Any, label: str, width: int, first: int = 1, last: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows of cells of a sheet, to the width given."""
    with readable(label):
        sheet.reset_dimensions()  # tools write wrong ones
        found = sheet.iter_rows(min_row=first, max_row=last, max_col=width)
        for n in count(first):
            with quiet():
                cells = next(found, None)
            if cells is None:
                return
            if n > MOST_ROWS:
                fail("too-large.rows", label, sheet.title)
            yield cells


def quiet() -> warnings.catch_warnings[None]:
    """Without openpyxl's warnings, which repeat what stands in cells; never across a yield: the state is global."""
    return warnings.catch_warnings(action="ignore")


def text(cell: Any) -> str:
    """The text of a cell: numbers with the digits that Excel keeps, dates as ISO; what it shows for a formula is ""."""
    value = cell.value
    if isinstance(value, str):
        return "" if cell.data_type in "fe" else unescaped(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def fault(cell: Any, label: str, at: str) -> Problem | None:
    """The problem of a formula or an error value, neither of which was typed; what stands there is not repeated."""
    entries = {"f": "formula.sheet", "e": "error-value.sheet"}
    return problem(entries[cell.data_type], label, at) if cell.data_type in entries else None
