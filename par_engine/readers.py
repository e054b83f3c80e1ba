"""Read: files to evidence documents or tables. JSON, CSV (long and wide) and Parquet, all through the same hook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from par_engine.documents import fail, parse_json, text_of
from par_engine.errors import DocumentError, EvidenceError, Problem, quote
from par_engine.extras import needs
from par_engine.hookspecs import hookimpl
from par_engine.long import LONG, long_table
from par_engine.names import fold
from par_engine.tables import Table
from par_engine.translated import said_vi

Read = Callable[[bytes, Path], "Mapping[str, Any] | Table"]
_UNIT = {fold("đơn vị"): "unit"}


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
        fail(
            label,
            "binary",
            "the file has zero bytes: it is no CSV",
            "save it as CSV UTF-8",
            "tệp không phải CSV",
            "hãy lưu dạng CSV UTF-8",
        )
    lines = text.splitlines()
    skip = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    if skip == len(lines):
        fail(
            label,
            "empty",
            "the file is empty",
            "the first row has the column names",
            "tệp trống",
            "dòng đầu tiên là tên các cột",
        )
    separator = max(",;\t", key=lines[skip].count)
    rows, numbers = _rows(label, text, skip, separator)
    named = max((i + 1 for i, cell in enumerate(rows[0]) if cell.strip()), default=0)
    header = [
        _UNIT.get(fold(cell), cell.strip()) for cell in rows[0][:named]
    ]  # spreadsheets leave empty columns behind
    _check_header(label, header, skip + 1)
    body = [(row, n) for row, n in zip(rows[1:], numbers[1:], strict=True) if any(cell.strip() for cell in row)]
    wrong = [n for row, n in body if len(row) != len(header) and any(cell.strip() for cell in row[len(header) :])]
    short = [n for row, n in body if len(row) < len(header)]
    problems = [
        Problem(
            label,
            f"line {n}",
            "row-width",
            f"the row does not have {len(header)} cells like the header",
            "a separator or a quote is missing or too many; quote cells that have a decimal comma",
            "error",
            f"dòng không có {len(header)} ô như dòng tiêu đề",
            "thiếu hoặc thừa dấu phân cách; ô có dấu phẩy thập phân phải đặt trong ngoặc kép",
        )
        for n in sorted({*wrong, *short})
    ]
    if problems:
        raise EvidenceError(problems)
    columns = {name: [row[i].strip() for row, _ in body] for i, name in enumerate(header)}
    where = [n for _, n in body]
    stage = _stage(lines[:skip]) or "table"
    if set(header) >= LONG:
        return long_table(label, columns, [f"line {n}" for n in where], stage)
    return Table(columns, len(body), lambda row, name: f"line {where[row]}, column {name}", stage)


def _stage(comments: list[str]) -> str | None:
    """The stage that a comment names: `# stage: appraisal`."""
    found = (re.match(r"#\s*(?:stage|giai đoạn)\s*:\s*(.+)", line, re.IGNORECASE) for line in comments)
    return next((match[1].strip() for match in found if match), None)


def _rows(label: str, text: str, skip: int, separator: str) -> tuple[list[list[str]], list[int]]:
    stream = io.StringIO("".join(text.splitlines(keepends=True)[skip:]), newline="")
    reader = csv.reader(stream, delimiter=separator, strict=True)
    rows, numbers, line = [], [], skip + 1
    try:
        for row in reader:
            rows.append(row)
            numbers.append(line)
            line = skip + reader.line_num + 1
    except csv.Error as error:
        what, hint = f"not valid CSV: {error}", "a quote is missing or too many"
        what_vi, hint_vi = f"CSV không hợp lệ: {said_vi(str(error))}", "thiếu hoặc thừa dấu nháy kép"
        fail(label, "csv", what, hint, what_vi, hint_vi, f"line {line}")
    return rows, numbers


def _check_header(label: str, header: list[str], line: int) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    problems = [
        Problem(
            label,
            f"line {line}",
            "duplicate-column",
            f"column {quote(name)} stands twice",
            "keep one",
            "error",
            f"cột {quote(name)} xuất hiện hai lần",
            "chỉ giữ lại một",
        )
        for name in twice
    ]
    if any(not name for name in header):
        problems.append(
            Problem(
                label,
                f"line {line}",
                "empty-header",
                "a column has no name",
                "name it or remove it",
                "error",
                "có cột không tên",
                "đặt tên hoặc xóa cột",
            )
        )
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
    except (pa.ArrowException, OSError) as error:
        reason = re.sub(r"\s+", " ", str(error))[:120]
        fail(
            path.name,
            "parquet",
            f"not a readable Parquet file: {reason}",
            "is it complete?",
            "tệp Parquet không đọc được",
            "tệp có nguyên vẹn không?",
        )
    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        plain = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        columns[name] = column.to_numpy() if plain and column.null_count == 0 else column.to_pylist()
    if set(columns) >= LONG:
        return long_table(path.name, columns, [f"row {n + 1}" for n in range(table.num_rows)])
    return Table(columns, table.num_rows, lambda row, name: f"row {row + 1}, column {name}")


def reader_of(path: Path, readers: Mapping[str, Read], format: str | None) -> Read:
    """The reader of a file: by the format that somebody names, else by the file's ending."""
    ending = f".{format.lower().lstrip('.')}" if format else path.suffix.lower()
    if ending not in readers:
        problem = _no_reader(path, sorted(readers), ending, "" if format else path.suffix)
        raise DocumentError([problem, *getattr(readers, "broken", ())])  # what is broken may have been the one
    return readers[ending]


def _no_reader(path: Path, readers: list[str], ending: str, suffix: str) -> Problem:
    known = ", ".join(readers)
    if suffix.lower() in (".xlsx", ".xls", ".xlsm", ".ods"):
        hint = "save it as .xlsx from a par template, or the sheet as CSV UTF-8"
        hint_vi = "lưu biểu của par template dạng .xlsx, hoặc trang tính dạng CSV UTF-8 (Tệp → Lưu thành)"
        what_vi = "không đọc trực tiếp tệp bảng tính"
        what = f"{suffix} workbooks are not read"
        return Problem(path.name, "", "unknown-format", what, hint, "error", what_vi, hint_vi)
    return Problem(
        path.name or str(path),
        "",
        "unknown-format",
        f"no reader for {ending}" if ending else "neither an ending nor the content says what this is",
        f"known are {known}" if ending else f"name the format: {known}",
        "error",
        "không đọc được loại tệp này" if ending else "tên và nội dung tệp không cho biết dạng tệp",
        f"các loại tệp: {known}" if ending else f"hãy ghi rõ dạng tệp: {known}",
    )


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
