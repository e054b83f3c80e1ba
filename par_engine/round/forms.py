"""Blank forms for an appraisal and for explanations as workbooks, and what people filled in, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from par_engine.api import Methodology
from par_engine.base.decimals import plain
from par_engine.base.names import fold
from par_engine.base.problems import EvidenceError
from par_engine.evidence.builder import Gatherer
from par_engine.files.xlsx_reading import HEADER_ROWS, fault, opened
from par_engine.files.xlsx_reading import rows as rows_of
from par_engine.files.xlsx_reading import text as seen
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.i18n.catalogue import Lang
from par_engine.round.entries import WHATS
from par_engine.round.submissions import COLUMNS, HEADS, SHOWN, WORDS, At, Cells, Kind, check_columns
from par_engine.round.unit_reports import ItemReport, UnitReport

_WIDTH, _MOST = 40, 50_000  # columns and rows that are looked at
_MADE_FOR = re.compile(r"(?:Bộ tiêu chí|methodology): (\S+) · (?:bước|step): (.+)")
_POINTS = ("unit", "item", "title", "max", "own", "stands", "points", "reason")
_SAID = ("unit", "item", "title", "max", "own", "appraised", "because", "text", "requested")
_WIDTHS = {"unit": 16, "item": 9, "title": 44, "max": 9, "own": 9, "stands": 9, "appraised": 9, "because": 32,
           "points": 9, "reason": 44, "text": 44, "requested": 10}  # fmt: skip
_HOW = {
    "points": (
        "Chỉ ghi ở cột Điểm và Lý do; mục để trống giữ nguyên điểm hiện tại. Điểm khác thì phải có lý do.",
        "Fill in points and reason only; an item left empty stands as it is. Points that differ need a reason.",
    ),
    "explanations": (
        "Chỉ ghi ở cột Giải trình và Điểm đề nghị; mục không giải trình thì để trống.",
        "Fill in text and requested only; leave empty what is not explained.",
    ),
}


def form(methodology: Methodology, reports: Sequence[UnitReport], step: str, lang: Lang) -> bytes:
    """The form of a step (`appraise`, `explain`, `final`) with what stands now, ready to be filled in."""
    vi = lang == "vi"
    kind: Kind = "explanations" if step == "explain" else "points"
    columns = _SAID if kind == "explanations" else _POINTS
    what = WHATS[step][not vi]
    made = f"Bộ tiêu chí: {methodology.id} · bước: {what}" if vi else f"methodology: {methodology.id} · step: {what}"
    sheet = Sheet(
        what[:1].upper() + what[1:],
        [(WORDS | SHOWN)[name] if vi else name for name in columns],
        [[_shown(name, report, item, lang) for name in columns] for report in reports for item in report.items],
        [_WIDTHS[name] for name in columns],
        titles=(methodology.document.title.get(lang), made, _HOW[kind][not vi]),
        filtered=True,
    )
    return xlsx([sheet], "round")


def _shown(name: str, report: UnitReport, item: ItemReport, lang: Lang) -> Cell:
    numbers = {
        "max": item.max,
        "own": item.own,
        "stands": item.stands,
        "appraised": item.appraised if item.final is None else item.final,
    }
    if name in numbers:
        return decimal(numbers[name])
    texts = {"unit": report.name, "item": item.code, "title": item.title[lang]}
    return texts.get(name, (item.final_reason or item.reason) if name == "because" else None)


def decimal(x: Fraction | None) -> Decimal | None:
    """Points as a cell shows them."""
    return None if x is None else Decimal(plain(x))


def read(gather: Gatherer, data: bytes, label: str, kind: Kind, step: str) -> tuple[Cells, Sequence[str]]:
    """The rows of all sheets that have the heads of a kind, and the sheets that have something else."""
    cells: Cells = []
    unread, found, wrong = [], False, len(gather.problems)
    with opened(data, label, "round") as book:
        for sheet in book.worksheets:
            rows = list(islice(rows_of(sheet, label, _WIDTH), _MOST + 1))
            if len(rows) > _MOST:
                what, vi = f"more than {_MOST} rows", f"có hơn {_MOST} dòng"
                gather.note(
                    f"{sheet.title}!A{_MOST + 1}", "too-large", what, "remove the rows below", vi, "xóa các dòng thừa"
                )
                raise EvidenceError(gather.problems)
            head = _head(rows, kind)
            if head is None:
                if any(cell.value is not None for row in rows for cell in row):
                    unread.append(sheet.title)
                continue
            found = True
            _made_for(gather, sheet.title, rows[:head], step)
            if len(gather.problems) > wrong:
                raise EvidenceError(gather.problems)
            names = {j: HEADS.get(fold(seen(cell)), seen(cell).strip()) for j, cell in enumerate(rows[head])}
            names = {j: name for j, name in names.items() if name}
            check_columns(gather, list(names.values()), f"{sheet.title}!{_letter(0)}{head + 1}", kind)
            cells += _rows(gather, sheet.title, rows[head + 1 :], head + 2, names, kind)
    if not found:
        words, ids = ", ".join(WORDS[name] for name in COLUMNS[kind]), ", ".join(COLUMNS[kind])
        what, vi = f"no sheet has the columns {ids}", f"không trang nào có các cột {words}"
        gather.note("", "no-heads", what, "par round form makes one", vi, "lập biểu bằng par round form")
        raise EvidenceError(gather.problems)
    return cells, unread


def _head(rows: Sequence[Sequence[Any]], kind: Kind) -> int | None:
    """Which of the first rows names the columns that must be there."""
    needed = {"unit", "item", "points" if kind == "points" else "text"}
    for i, row in enumerate(rows[:HEADER_ROWS]):
        if needed <= {HEADS.get(fold(seen(cell))) for cell in row}:
            return i
    return None


def _made_for(gather: Gatherer, title: str, rows: Sequence[Sequence[Any]], step: str) -> None:
    """A form of another methodology or another step is told so, and nothing else of it."""
    for n, row in enumerate(rows, 1):
        found = _MADE_FOR.fullmatch(seen(row[0]).strip())
        if found is None:
            continue
        mine, at = gather.scheme.document.id, f"{title}!A{n}"
        if found[1] != mine:
            what, vi = f"the form is of {found[1]}, not of {mine}", f"biểu này của {found[1]}, không phải {mine}"
            gather.note(at, "methodology", what, "take the right one", vi, "chọn đúng biểu")
        elif step and found[2] not in WHATS[step]:
            what, vi = f"the form is for another step: {found[2]}", f"biểu này của bước khác: {found[2]}"
            hint, hint_vi = "--final is for the final appraisal", "thẩm định lần cuối thì thêm --final"
            gather.note(at, "step", what, hint, vi, hint_vi)


def _rows(
    gather: Gatherer, title: str, rows: Sequence[Sequence[Any]], first: int, names: Mapping[int, str], kind: Kind
) -> Iterator[tuple[Mapping[str, Any], At]]:
    columns = {name: j for j, name in names.items() if name in COLUMNS[kind]}
    for n, row in enumerate(rows, first):
        cells = {name: row[j] for name, j in columns.items() if j < len(row)}
        at = _at(title, n, columns)
        values: dict[str, Any] = {}
        for name, cell in cells.items():
            wrong = fault(cell, gather.label, at(name)) if cell.value is not None else None
            if wrong is not None:
                gather.problems.add(wrong)
            values[name] = _value(gather, name, cell, at(name))
        if any(value not in (None, "") for value in values.values()):
            yield values, at


def _value(gather: Gatherer, name: str, cell: Any, at: str) -> Any:
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if name in ("points", "requested"):
            return value if isinstance(value, int) else Decimal(format(value, ".15g"))
        code = seen(cell)
        if name == "item" and f"{code}0" in gather.scheme.items:
            what, vi = f"the code is a number: {code} or {code}0?", f"mã mục là số: {code} hay {code}0?"
            gather.note(at, "code-number", what, "make the cell a text", vi, "định dạng ô là Văn bản rồi gõ lại mã")
    return seen(cell)


def _at(title: str, row: int, columns: Mapping[str, int]) -> At:
    said = columns.get("reason", columns.get("text", 0))  # where a word is missing that the row as a whole needs
    return lambda name: f"{title}!{_letter(columns.get(name, said))}{row}"


def _letter(column: int) -> str:
    return (chr(ord("A") + column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
