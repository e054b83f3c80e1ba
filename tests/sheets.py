"""Workbooks recalculated by LibreOffice, and their cells by the hidden keys."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from packages import LINK, MAIN, place, text_of

from par_engine.files.ooxml import stable

OFFICE = shutil.which("soffice")


@cache
def profile() -> tempfile.TemporaryDirectory[str]:
    """LibreOffice's settings, which it writes at its first start: one folder for all starts of this process."""
    return tempfile.TemporaryDirectory(prefix="par-office-")


def recalculated(books: Sequence[bytes], folder: Path) -> list[bytes]:
    """The same workbooks after LibreOffice has opened, computed and saved them."""
    assert OFFICE is not None
    source, target = folder / "in", folder / "out"
    source.mkdir()
    for i, data in enumerate(books):
        (source / f"{i}.xlsx").write_bytes(without_results(data))
    program = [OFFICE, f"-env:UserInstallation={Path(profile().name).as_uri()}", "--headless", "--convert-to", "xlsx"]
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


@dataclass
class Sheet:
    """What a sheet stores: the values by row and column, which of them a formula computes, and what is hidden."""

    title: str
    values: dict[tuple[int, int], Any] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@lru_cache(maxsize=4)
def stored(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook in their order, read once where openpyxl reads formulas and results in two passes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    xml = {name: ElementTree.fromstring(parts[name]) for name in parts if name.startswith("xl/")}  # noqa: S314
    texts = [text_of(si) for si in xml["xl/sharedStrings.xml"]] if "xl/sharedStrings.xml" in xml else []
    targets = {str(link.get("Id")): str(link.get("Target")) for link in xml["xl/_rels/workbook.xml.rels"]}
    out = []
    for entry in xml["xl/workbook.xml"].iter(f"{MAIN}sheet"):
        target = targets[entry.get(LINK, "")]
        root = xml[target[1:] if target.startswith("/") else f"xl/{target}"]
        out.append(sheet := Sheet(entry.get("name", "")))
        for col in root.iter(f"{MAIN}col"):
            if col.get("hidden") in ("1", "true"):
                sheet.hidden_columns |= set(range(int(col.get("min", "0")), int(col.get("max", "0")) + 1))
        for row in root.iter(f"{MAIN}row"):
            if row.get("hidden") in ("1", "true"):
                sheet.hidden_rows.add(int(row.get("r", "0")))
            for cell in row:
                column, number = place(cell.get("r", ""))
                sheet.values[number, column] = _value(cell, texts)
                if cell.find(f"{MAIN}f") is not None:
                    sheet.formulas.add((number, column))
    return tuple(out)


def _value(cell: ElementTree.Element, texts: list[str]) -> Any:
    """The value of a cell; the empty text is None."""
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind == "inlineStr":
        return text_of(cell) or None
    if not value:
        return None
    if kind == "s":
        return texts[int(value)] or None
    if kind == "b":
        return value == "1"
    return float(value) if kind == "n" else value


def shown(data: bytes) -> dict[tuple[str, int, int], Any]:
    """The stored result of every formula that is seen, by sheet, row and column; the empty text is None."""
    return {
        (sheet.title, row, column): sheet.values[row, column]
        for sheet in stored(data)
        for row, column in sheet.formulas
        if row not in sheet.hidden_rows and column not in sheet.hidden_columns
    }


def cells(data: bytes) -> dict[str, dict[str, Any]]:
    """The values of a recalculated workbook by key of the row and name of the column."""
    out: dict[str, dict[str, Any]] = {}
    for sheet in stored(data):
        head = {str(value): column for (row, column), value in sheet.values.items() if row == 1 and value}
        if "par:points" not in head:
            continue
        names = {name.removeprefix("par:"): column for name, column in head.items()}
        for row in sorted({row for row, _ in sheet.values} - {1}):
            key = sheet.values.get((row, names["key"]))
            if key:
                out[str(key)] = {name: sheet.values.get((row, column)) for name, column in names.items()}
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
