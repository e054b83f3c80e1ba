"""Tables: evidence as columns, from CSV, Parquet or a DataFrame, validated column by column."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints
from par_engine.base.names import fold
from par_engine.base.problems import Problem, quote, spelled
from par_engine.base.types import Named
from par_engine.evidence.builder import Gatherer
from par_engine.evidence.model import Documents, Evidence
from par_engine.evidence.value_parsing import CELL_LIMIT, Reader, Refused, typed
from par_engine.i18n.foreign_messages import Place, grouped
from par_engine.methodology.scheme import Scheme

MOST_EXACT = 2**53
MOST_CELLS = 2**25
"""Numbers that any table may have; one that has more has them in its file, and not as gaps."""
UNIT_HEADS = {"unit", fold("đơn vị")}


def head(name: object) -> str:
    """A column's name, `unit` for what names the units in either language."""
    text = str(name).strip()
    return "unit" if fold(text) in UNIT_HEADS else text


class Sparse(Sequence[Any]):
    """A column of which few cells are filled: those by their rows."""

    def __init__(self, cells: Mapping[int, Any], rows: int) -> None:
        self.cells, self.rows = cells, rows

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, row: Any) -> Any:
        return self.cells.get(row, "")


class Table(NamedTuple):
    """Columns of equal length by header. `place` says where a cell came from; empty cells are None, "" or NaN.

    Headers: `unit`; fact ids; `points:CODE` and `stream:ID` for stated points; `outcome:CODE` with `why:CODE`;
    `FACT:GROUP:OPTION` for ballots; `document:CODE:N:KEY` for the parts of an item's n-th supporting document.
    `explanation:CODE` says why facts or documents of an item are not there.
    A table may say which methodology, and which edition of it, it was made for. A workbook says what is wrong with its
    cells, which is told together with what its evidence is refused for, the order of its sheets, and remarks.
    """

    columns: Mapping[str, Any]
    rows: int
    place: Callable[[int, str], str]
    stage: str = "table"
    methodology: str = ""
    fingerprint: str = ""
    note: str = ""
    problems: tuple[Problem, ...] = ()
    sheets: tuple[str, ...] = ()
    remarks: tuple[Problem, ...] = ()


def validate_table(scheme: Scheme, table: Table, label: str, source: bytes | None = None) -> Evidence:
    """Check a table against a scheme. Raises EvidenceError with every problem, each with its line and column."""
    gather = Gatherer(scheme, label, table.problems, table.sheets)
    if table.methodology and table.methodology != scheme.document.id:
        gather.add("methodology.evidence", "", methodology=quote(table.methodology), id=scheme.document.id)
        gather.fail()
    width = sum(len(columns) for columns in scheme.columns.values())
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    if "unit" not in table.columns:
        gather.add("no-unit-column", "header", near=gather.nearest("unit", [str(h) for h in table.columns]))
        gather.fail()
    if table.rows == 0:
        gather.add("no-rows", "header")
        gather.fail()
    units = _units(gather, table)
    if gather.problems.full:
        gather.fail()
    cells = table.rows * width
    if source is not None and cells > MOST_CELLS and cells > 2 * len(source):
        gather.add("too-large.table", "", rows=table.rows, width=Named(str(width), grouped(width)))
        gather.fail()
    values: Ints = np.zeros((table.rows, width), dtype=np.int64, order="F")
    present = np.zeros((table.rows, len(order)), dtype=bool, order="F")
    for header, column in table.columns.items():
        if header == "unit":
            continue
        _column(gather, table, str(header), column, values, present, order)
    documents, explanations = _documents(gather, table, units), _explanations(gather, table, units)
    return gather.finish(
        units,
        values,
        present,
        table.place,
        stage=table.stage,
        source=source,
        documents=documents,
        explanations=explanations,
        note=table.note,
        edition=table.fingerprint,
        remarks=table.remarks,
    )


_KEYS = ("number", "date", "title", "page", "link")


def _documents(gather: Gatherer, table: Table, units: list[str]) -> dict[str, Documents]:
    """The supporting documents of all units, in the order of their numbers."""
    found: dict[int, dict[tuple[str, int], dict[str, str]]] = {}
    for header, column in table.columns.items():
        parts = str(header).split(":")
        if parts[0] != "document" or len(parts) == 1:
            continue
        known = len(parts) == 4 and parts[1] in gather.scheme.items and parts[2].isascii() and parts[2].isdigit()
        if not known or parts[3] not in _KEYS:
            gather.add("unknown-document", f"header, column {header}", column=quote(header), keys=_KEYS)
            continue
        for row, value in _filled(column):
            papers = found.setdefault(row, {})
            at = table.place(row, str(header))
            text = gather.day(_day(value), at) if parts[3] == "date" else _text(gather, value, at)
            papers.setdefault((parts[1], int(parts[2])), {})[parts[3]] = text
    out: dict[str, Documents] = {}
    for place, papers in sorted(found.items()):
        listed: dict[str, list[Mapping[str, str]]] = {}
        for (code, n), paper in sorted(papers.items(), key=lambda entry: entry[0][1]):
            if "number" not in paper:
                gather.add("form.document-number", table.place(place, f"document:{code}:{n}:{next(iter(paper))}"))
            listed.setdefault(code, []).append(paper)
        out[units[place]] = listed
    return out


def _explanations(gather: Gatherer, table: Table, units: list[str]) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {}
    for header, column in table.columns.items():
        kind, _, code = str(header).partition(":")
        if kind == "explanation" and code:
            for row, value in _filled(column):
                at = table.place(row, header)
                if gather.explains(code, text := _text(gather, value, at), at):
                    out.setdefault(units[row], {})[code] = text.strip()
    return out


def _day(value: Any) -> str:
    """A day of a frame as a text; any other value as it is."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return str(np.datetime_as_string(value, "D")) if isinstance(value, np.datetime64) else spelled(value)


def _units(gather: Gatherer, table: Table) -> list[str]:
    out: list[str] = []
    seen: dict[str, int] = {}
    for row, name in enumerate(table.columns["unit"]):
        at = "" if gather.problems.full else table.place(row, "unit")
        plain = str(name) if isinstance(name, (int, float, np.number)) else name
        unit = gather.unit(None if empty(name) else plain, at)
        if unit is not None and seen.setdefault(unit, row) != row:
            if gather.problems.full:
                gather.problems.more += 1
                out.append(unit)
                continue
            named, first = Named(unit, gather.scheme.name_of(unit)), Place(table.place(seen[unit], "unit"))
            gather.add("duplicate-unit.row", at, unit=named, place=first)
        out.append(unit or "")
    return out


def _text(gather: Gatherer, value: Any, at: str) -> str:
    """The text of a cell; halves of characters, which only a DataFrame can have, are noted."""
    text = value if isinstance(value, str) else spelled(value)
    gather.is_whole(text, at)
    return text


def empty(value: Any) -> bool:
    """Whether a cell holds nothing: None, blanks, NaN and what pandas has for it."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if type(value) is int:
        return False
    if type(value).__name__ == "NAType":  # pandas' NA refuses to answer
        return True
    try:
        odd = value != value  # NaN, and pandas' NaT
    except Exception:  # noqa: BLE001  (an object answers with whatever it likes)
        return False
    return odd is True or (isinstance(odd, np.bool_) and bool(odd))  # an array answers with an array: it is something


def _column(
    gather: Gatherer,
    table: Table,
    header: str,
    column: Any,
    values: Ints,
    present: npt.NDArray[np.bool_],
    order: Mapping[str, int],
) -> None:
    kind, _, rest = header.partition(":")
    if kind in ("points", "stream") and rest:
        for row, value in _filled(column):
            at = table.place(row, header)
            try:
                gather.state(row, rest, typed(_python(value)), at, is_stream=kind == "stream")
            except Refused as refused:
                gather.refuse(at, refused)
    elif kind == "outcome" and rest:
        reasons = table.columns.get(f"why:{rest}")
        for row, value in _filled(column):
            reason = None if reasons is None or empty(reasons[row]) else reasons[row]
            why = None if reason is None else _text(gather, reason, table.place(row, f"why:{rest}"))
            gather.declare(row, rest, value.strip() if isinstance(value, str) else value, why, table.place(row, header))
    elif kind in ("why", "explanation", "document") and rest:
        return
    elif header.count(":") == 2:
        _ballots(gather, table, header, column, values, present, order)
    else:
        reader = gather.reader(header, f"header, column {header}")
        if reader is not None:
            _fact(gather, table, reader, column, values, present[:, order[header]])


def _filled(column: Any) -> list[tuple[int, Any]]:
    cells = sorted(column.cells.items()) if isinstance(column, Sparse) else enumerate(column)
    return [(row, value) for row, value in cells if not empty(value)]


def _python(value: Any) -> Any:
    """A numpy scalar as the Python value it holds."""
    return value.item() if isinstance(value, np.generic) else value


def _ballots(
    gather: Gatherer,
    table: Table,
    header: str,
    column: Any,
    values: Ints,
    present: npt.NDArray[np.bool_],
    order: Mapping[str, int],
) -> None:
    fact, group, option = header.split(":")
    reader = gather.reader(fact, f"header, column {header}")
    if reader is None:
        return
    target = reader.ballot_columns.get(group, {}).get(option)
    if target is None:
        known = [f"{fact}:{g}:{o}" for g, options in reader.ballot_columns.items() for o in options]
        near = gather.nearest(header, known)
        gather.add("unknown-option.column", f"header, column {header}", column=quote(header), near=near)
        return
    for row, value in _filled(column):
        try:
            values[row, target] = reader.ballot(typed(_python(value)))
            present[row, order[fact]] = True
        except Refused as refused:
            gather.refuse(table.place(row, header), refused)


def _fact(
    gather: Gatherer, table: Table, reader: Reader, column: Any, values: Ints, present: npt.NDArray[np.bool_]
) -> None:
    array = column if isinstance(column, np.ndarray) else None
    if array is not None and array.dtype.kind in "biuf" and _whole_column(reader, array, values, present):
        return
    for row, value in _filled(column):
        try:
            values[row, reader.start] = reader.read(typed(_python(value)) if reader.fact.numeric else _python(value))
            present[row] = True
        except Refused as refused:
            gather.refuse(table.place(row, reader.name), refused)


def _whole_column(reader: Reader, array: npt.NDArray[Any], values: Ints, present: npt.NDArray[np.bool_]) -> bool:
    """Read a numeric column at once; False when anything in it needs a look at its cell.

    A float stands for the decimal with the fact's decimals that is nearest to it, and only if that decimal is exactly
    how the float prints: the quotient of whole numbers below 2**53 is rounded correctly, so equality proves it.
    """
    here = ~np.isnan(array) if array.dtype.kind == "f" else np.ones(len(array), dtype=bool)
    if array.dtype.kind == "b":
        if reader.fact.type != "boolean":
            return False
        cells = array.astype(np.int64)
    elif not reader.fact.numeric:
        return False
    elif array.dtype.kind == "f":
        numbers = np.where(here, array, 0).astype(np.float64)
        scaled = np.rint(numbers * reader.power)
        if not (
            np.isfinite(scaled).all()
            and (np.abs(scaled) < MOST_EXACT).all()
            and (scaled / reader.power == numbers).all()
        ):
            return False
        cells = scaled.astype(np.int64)
    else:
        if array.dtype.kind == "u" and array.max(initial=0) > CELL_LIMIT:
            return False
        low, high = int(array.min()), int(array.max())
        if max(-low, high) * reader.power > CELL_LIMIT:
            return False
        cells = array.astype(np.int64) * reader.power
    if ((cells < reader.least) | (cells > reader.most))[here].any() and reader.fact.type != "boolean":
        return False
    values[:, reader.start] = np.where(here, cells, 0)
    present[:] = here
    return True
