"""Read: files to evidence documents or tables. JSON, CSV (long and wide) and Parquet, all through the same hook."""

from __future__ import annotations

import csv
import io
import itertools
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from par_engine.base.extras import hint, needs
from par_engine.base.problems import (
    DocumentError,
    EvidenceError,
    Found,
    Problem,
    fail,
    problem,
    quote,
)
from par_engine.base.terms import said_stage
from par_engine.evidence.from_table import Table, head
from par_engine.evidence.long_format import LONG, long_table
from par_engine.files.documents import parse_json, text_of
from par_engine.hookspecs import hookimpl
from par_engine.i18n.catalogue import Term
from par_engine.i18n.foreign_messages import Foreign

_SEPARATOR = re.compile(r"sep=([,;\t|]|\\t)[,;\t|\"]*", re.IGNORECASE)
_TITLES = 15
"""Lines above a header that may be titles."""
_LONGEST = 100_000
_SEEN = 10_000
"""Different cells that are kept once each: most columns repeat few."""
Read = Callable[[bytes, Path], "Mapping[str, Any] | Table"]


def read_json(data: bytes, path: Path) -> Any:
    """An evidence-1 document."""
    return parse_json(data, path.name)


def read_csv(data: bytes, path: Path) -> Table:
    """A table with one row a unit, or one row a fact when its columns are unit, fact and value.

    UTF-8 (with or without a mark) or UTF-16 with one. The separator is the one of comma, semicolon and tab that the
    header has most of. Lines beginning with `#` before the header are comments; `# stage: appraisal` names the stage.
    """
    label = path.name
    text = text_of(data, label)
    if "\x00" in text:
        fail("binary", label)
    del text  # it is read again line by line: lists of all lines and rows would take many times its size
    lines, encoding = io.BytesIO(data), "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    with io.TextIOWrapper(lines, encoding, newline="") as stream:
        top = _top(stream)
        if not top.lines:
            fail("empty.read-csv", label)
        return _body(label, itertools.chain(top.lines, stream), top)


class _Top(NamedTuple):
    """What stands above the body: how many lines above the header, the stage, the separator, and lines read ahead."""

    skipped: int
    stage: str
    separator: str
    lines: list[str]


def _top(stream: Iterator[str]) -> _Top:
    """Look for the header: below comments, what Excel says of the separator, and titles of one cell or a few."""
    separator, stage, above = "", "", 0
    ahead: list[str] = []
    for line in stream:
        bare = line.strip().strip('"')
        if not ahead and (not bare or line.startswith("#")):
            stage = stage or _stage(line) or ""
            above += 1
        elif not ahead and not separator and (said := _SEPARATOR.fullmatch(line.strip(" \r\n\"'"))):
            separator = said[1].replace("\\t", "\t")
            above += 1
        else:
            ahead.append(line)
            if len(ahead) > _TITLES or "unit" in _heads(line, separator):
                break
    found = next((i for i, line in enumerate(ahead) if "unit" in (names := _heads(line, separator))), 0)
    if any(len(_heads(line, separator)) >= len(names) for line in ahead[:found]):
        found = 0  # what stands above is as wide as a header: let it be one
    for line in ahead[:found]:
        stage = stage or (_stage(line) if line.startswith("#") else "") or ""
    kept = ahead[found:]
    return _Top(above + found, stage, separator or max(",;\t", key=kept[0].count if kept else str), kept)


def _heads(line: str, separator: str) -> list[str]:
    """The names that a line would be as a header."""
    cells = next(csv.reader([line[:_LONGEST]], delimiter=separator or max(",;\t", key=line.count)), [])
    return [head(cell) for cell in cells if cell.strip()]


def _body(label: str, lines: Iterator[str], top: _Top) -> Table:
    reader = csv.reader(lines, delimiter=top.separator, strict=True)
    problems, header = Found(label), list[str]()
    columns: list[list[str]] = []
    numbers, cells, line = array("L"), dict[str, str](), top.skipped + 1
    try:
        for row in reader:
            if not columns:
                named = max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)
                header = [head(cell) for cell in row[:named]]  # spreadsheets leave empty columns behind
                _check_header(label, header, line)
                columns = [[] for _ in header]
            elif any(map(str.strip, row)):
                if len(row) < len(header) or any(map(str.strip, row[len(header) :])):
                    problems.add(_width(label, line, len(header)))
                else:
                    for column, cell in zip(columns, row, strict=False):
                        text = cell.strip()
                        column.append(cells.get(text) or (cells.setdefault(text, text) if len(cells) < _SEEN else text))
                    numbers.append(line)
            line = top.skipped + reader.line_num + 1
    except csv.Error as error:
        fail("csv.body", label, f"line {line}", error=Foreign(str(error)))
    if problems:
        raise EvidenceError(problems)
    stage, named_columns = top.stage or "table", dict(zip(header, columns, strict=True))
    if set(header) >= LONG:
        return long_table(label, named_columns, lambda n: f"line {numbers[n]}", stage)
    return Table(named_columns, len(numbers), lambda row, name: f"line {numbers[row]}, column {name}", stage)


def _width(label: str, line: int, cells: int) -> Problem:
    return problem("row-width", label, f"line {line}", cells=cells)


def _stage(line: str) -> str | None:
    """The stage that a comment names: `# stage: appraisal`."""
    found = re.match(r"#\s*(?:stage|giai đoạn)\s*:\s*(.+)", line, re.IGNORECASE)
    return said_stage(found[1].strip()) if found else None


def _check_header(label: str, header: list[str], line: int) -> None:
    problems = Found(label)
    for name in sorted(name for name, count in Counter(header).items() if name and count > 1):
        problems.add(problem("duplicate-column", label, f"line {line}", name=quote(name)))
    if any(not name for name in header):
        problems.add(problem("empty-header", label, f"line {line}"))
    if problems:
        raise EvidenceError(problems)


def read_parquet(data: bytes, path: Path) -> Table:
    """A Parquet file as a table; needs the extra `parquet`."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        needs(path.name, "parquet")
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = re.sub(r"\s+", " ", str(error))[:120]
        fail("parquet", path.name, reason=reason)
    return _arrow(table, path.name)


def from_arrow(value: Any, label: str) -> Table:
    """What hands out its columns by Arrow's interface (polars, Arrow itself, DuckDB) as a table."""
    try:
        import pyarrow as pa
    except ImportError:
        fail("extra", label, told=hint("parquet"))
    try:
        table = value if isinstance(value, pa.Table) else pa.table(value)
    except (pa.ArrowException, OSError, TypeError, ValueError) as error:
        reason = re.sub(r"\s+", " ", str(error))[:120]
        fail("arrow", label, reason=reason)
    return _arrow(table, label)


def _arrow(table: Any, label: str) -> Table:
    columns: dict[str, Any] = {}
    problems: list[Problem] = []
    for n in range(table.num_columns):
        try:
            name, column = table.field(n).name, table.column(n)
        except UnicodeDecodeError:
            problems.append(_no_text(label, "header", Term("parts", "column-name", (("n", n + 1),))))
            continue
        plain = str(column.type).startswith(("int", "uint", "float", "double", "halffloat"))
        key = head(name) if head(name) not in columns else f"{name} (twice)"
        if plain and column.null_count == 0:
            columns[key] = column.to_numpy()
            continue
        try:
            columns[key] = column.to_pylist()
        except (ValueError, OverflowError):  # text that is none, or a moment too fine for Python
            columns[key] = [
                _cell(cell, label, f"row {i + 1}, column {name}", problems) for i, cell in enumerate(column)
            ]
    if problems:
        raise EvidenceError(problems)
    stage = "table" if label != "frame" else "frame"
    if set(columns) >= LONG:
        return long_table(label, columns, lambda n: f"row {n + 1}", stage)
    return Table(columns, table.num_rows, lambda row, name: f"row {row + 1}, column {name}", stage)


def _cell(cell: Any, label: str, at: str, problems: list[Problem]) -> Any:
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        problems.append(_no_text(label, at, Term("parts", "cell")))
    except (ValueError, OverflowError):
        return str(cell)
    return None


def _no_text(label: str, at: str, what: Term) -> Problem:
    return problem("encoding.no-text", label, at, what=what)


def reader_of(path: Path, readers: Mapping[str, Read], format: str | None) -> Read:
    """The reader of a file: by the format that somebody names, else by the file's ending."""
    ending = f".{format.lower().lstrip('.')}" if format else path.suffix.lower()
    if ending not in readers:
        problem = _no_reader(path, sorted(readers), ending, "" if format else path.suffix)
        raise DocumentError([problem, *getattr(readers, "broken", ())])  # what is broken may have been the one
    return readers[ending]


def _no_reader(path: Path, readers: list[str], ending: str, suffix: str) -> Problem:
    if suffix.lower() in (".xlsx", ".xls", ".xlsm", ".ods"):
        return problem("unknown-format.no-reader", path.name, suffix=suffix)
    entry = "unknown-format.reader" if ending else "unknown-format.nothing"
    return problem(entry, path.name or str(path), ending=ending, known=tuple(readers))


def content_format(data: bytes) -> str | None:
    """The format of a pipe or of a file without an ending, by what it begins with; None when it is none that we know.

    JSON begins with a brace or a bracket; what is other text is CSV, whose reader then looks for its columns.
    """
    if data[:4] == b"PAR1":
        return "parquet"
    if data[:4] == b"PK\x03\x04":
        return "xlsx"
    head = data[:1000]
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="ignore").lstrip()
    if text[:1] in ("{", "["):
        return "json"
    return "csv" if text and "\x00" not in text else None


@hookimpl
def par_readers() -> Mapping[str, Read]:
    """The readers that are always there."""
    return {".json": read_json, ".csv": read_csv, ".parquet": read_parquet}
