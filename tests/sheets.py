"""Workbooks recalculated by LibreOffice, and their cells by the hidden keys."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from par_engine.files.ooxml import stable

OFFICE = shutil.which("soffice")


def recalculated(books: Sequence[bytes], folder: Path) -> list[bytes]:
    """The same workbooks after LibreOffice has opened, computed and saved them."""
    assert OFFICE is not None
    source, target = folder / "in", folder / "out"
    source.mkdir()
    for i, data in enumerate(books):
        (source / f"{i}.xlsx").write_bytes(without_results(data))
    program = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    names = [str(source / f"{i}.xlsx") for i in range(len(books))]
    for i in range(0, len(names), 100):  # it takes no more than some two hundred at a time
        run = [*program, "--outdir", str(target), *names[i : i + 100]]
        subprocess.run(run, check=True, capture_output=True, timeout=600)
    return [(target / f"{i}.xlsx").read_bytes() for i in range(len(books))]


def without_results(data: bytes) -> bytes:
    """The workbook without any stored result, so that each formula is computed when it is opened."""
    return stable(
        data, lambda name, part: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part) if "worksheets/" in name else part
    )


def shown(data: bytes) -> dict[tuple[str, str], Any]:
    """The stored result of every formula that is seen, by sheet and cell; the empty text is None."""
    import openpyxl

    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    out = {}
    for sheet in formulas.worksheets:
        hidden: set[int] = set()
        for dimension in sheet.column_dimensions.values():
            if dimension.hidden:
                hidden |= set(range(dimension.min, dimension.max + 1))
        for row in sheet.iter_rows():
            if sheet.row_dimensions[row[0].row].hidden:
                continue
            for cell in row:
                if cell.data_type == "f" and cell.column not in hidden:
                    value = values[sheet.title][cell.coordinate].value
                    out[sheet.title, cell.coordinate] = None if value == "" else value
    return out


def cells(data: bytes) -> dict[str, dict[str, Any]]:
    """The values of a recalculated workbook by key of the row and name of the column."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    out: dict[str, dict[str, Any]] = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        if not rows or "par:points" not in rows[0]:
            continue
        names = {str(name).removeprefix("par:"): i for i, name in enumerate(rows[0]) if name}
        for row in rows[1:]:
            key = row[names["key"]]
            if key:
                out[str(key)] = {name: row[i] for name, i in names.items()}
    return out


def edited(data: bytes, change: Mapping[tuple[str, str], Any]) -> bytes:
    """The workbook with other values in cells, by key and column."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        head = [cell.value for cell in sheet[1]]
        if "par:key" not in head:
            continue
        for row in sheet.iter_rows():
            for (key, column), value in change.items():
                if row[head.index("par:key")].value == key and f"par:{column}" in head:
                    row[head.index(f"par:{column}")].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
