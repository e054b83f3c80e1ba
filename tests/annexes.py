"""Annexes for tests: small Word and Excel files made by hand, and a reading as one line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from par_engine.annex.readings import Doubt, Reading
from par_engine.base.decimals import plain

HEAD = ("STT", "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Cách đánh giá", "Ghi chú")


def shown(read: Reading | Doubt) -> str:
    if isinstance(read, Doubt):
        return "?"
    if read.kind == "steps":
        steps = []
        for i, s in enumerate(read.steps):
            assert i == 0 or s.low is not None
            low = "" if i == 0 or s.low is None else f"{'' if s.closed else '>'}{_n(s.low)} "
            steps.append(low + _n(s.first) + (f"..{_n(s.last)}" if s.last != s.first else ""))
        zero = f"; zero {read.whole_zero}" if read.whole_zero else ""
        return f"{read.measure} {'; '.join(steps)}{zero}{'; below' if 'below' in read.unsaid else ''}"
    if read.kind in ("choice", "checklist"):
        return " ".join([read.kind, *(_n(points) for _, points in read.labels)])
    if read.kind == "tally":
        return f"tally {_n(read.step or Fraction(0))}"
    if read.kind == "deduction":
        return f"deduction {_n(read.step or Fraction(0))} floor {_n(read.floor or Fraction(0))}"
    return read.kind


def _n(x: Fraction) -> str:
    try:
        return plain(x)
    except ValueError:
        return str(x)


def xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def docx(path: Path, *tables: Sequence[Sequence[str]]) -> Path:
    import docx as word

    document = word.Document()
    for rows in tables:
        table = document.add_table(rows=0, cols=max(len(row) for row in rows))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
        document.add_paragraph()
    out = io.BytesIO()
    document.save(out)
    path.write_bytes(out.getvalue())
    return path
