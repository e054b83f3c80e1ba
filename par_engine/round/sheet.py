"""A plan as a workbook: texts stay texts, and no clock is in the file; needs the extra `round`."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from par_engine.extras import needs
from par_engine.model import Document, Plan
from par_engine.nodes import Lang
from par_engine.packages import stable
from par_engine.round.days import say_day, say_due
from par_engine.round.plan import STATES, Standing

_HEADS = {
    "vi": (
        "STT",
        "Nhiệm vụ",
        "Chủ trì",
        "Thời hạn",
        "Ngày cuối cùng còn hạn",
        "Còn lại (ngày)",
        "Tình trạng",
        "Căn cứ",
        "Ghi chú",
    ),
    "en": ("No.", "task", "who", "due", "last day in time", "days left", "state", "basis", "note"),
}
_BASIS = {
    "official": ("chính thức", "official"),
    "derived": ("suy ra", "derived"),
    "reconstructed": ("dựng lại, không chính thức", "reconstructed, not official"),
}
_WIDTHS = (6, 46, 18, 24, 14, 10, 14, 16, 30)
_LINE = 16.5  # points
_FILLS = {"done": "E2EFDA", "late": "F8CBAD", "due": "FFF2CC"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xlsx(document: Document, plan: Plan, standings: Sequence[Standing], today: str, lang: Lang) -> bytes:
    """The plan on one sheet, as it stands on a day."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
        from openpyxl.worksheet.properties import PageSetupProperties
    except ImportError:
        needs("--output", "round")
    vi = lang == "vi"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kế hoạch" if vi else "plan"
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)

    def put(row: int, column: int, value: Any, *, bold: bool = False, fill: str | None = None) -> None:
        cell = sheet.cell(row=row, column=column)
        if isinstance(value, str):
            cell.value = _FORBIDDEN.sub("", value)
            cell.data_type = "s"  # never a formula
            cell.number_format = "@"
        else:
            cell.value = value
            cell.number_format = "dd/mm/yyyy" if column == 5 else "0"
        cell.font = Font(name="Times New Roman", size=12, bold=bold)
        centre = row > 3 and (bold or column in (1, 5, 6))
        cell.alignment = Alignment(wrap_text=row > 3, vertical="top", horizontal="center" if centre else "left")
        if row > 3:
            cell.border = border
        if fill is not None:
            cell.fill = PatternFill("solid", fgColor=fill)

    put(1, 1, plan.title.get(lang), bold=True)
    day = say_day(plan.date, lang) if plan.date else ""
    put(2, 1, f"{document.id}: {plan.decision}, {day}" if plan.decision else document.id)
    put(3, 1, f"{'Tính đến' if vi else 'As of'} {today}")
    for j, head in enumerate(_HEADS[lang], 1):
        put(4, j, head, bold=True)
    for i, standing in enumerate(standings, 1):
        task, fill = standing.task, _FILLS.get(standing.state)
        note = task.note.get(lang) if task.note is not None else ""
        cells: list[Any] = [i, task.title.get(lang), task.who.get(lang), say_due(task, lang), standing.last]
        left = standing.left if standing.state != "done" else ""
        cells += [left, STATES[standing.state][not vi], _BASIS[task.basis][not vi], note]
        for j, value in enumerate(cells, 1):
            put(i + 4, j, value, fill=fill if j == 7 else None)
    for number, cells_ in enumerate(sheet.iter_rows(min_row=4), 4):
        needed = (len(str(cell.value or "")) * 1.05 / width for cell, width in zip(cells_, _WIDTHS, strict=True))
        sheet.row_dimensions[number].height = _LINE * max(1 + int(share) for share in needed)
    for letter, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.creator = "par-engine"
    out = io.BytesIO()
    book.save(out)
    return stable(out.getvalue())
