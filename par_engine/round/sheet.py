"""A plan as a workbook: texts stay texts, and no clock is in the file; needs the extra `round`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from par_engine.base.extras import needs
from par_engine.files.ooxml import escaped, stable
from par_engine.files.xlsx_writing import high, opened, styles, wide
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import Document, Plan
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
_SIZE = 12  # points
_FILLS = {"done": "E2EFDA", "late": "F8CBAD", "due": "FFF2CC"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xlsx(document: Document, plan: Plan, standings: Sequence[Standing], today: str, lang: Lang) -> bytes:
    """The plan on one sheet, as it stands on a day."""
    try:
        book, out = opened()
    except ImportError:
        needs("--output", "round")
    vi = lang == "vi"
    sheet, style = book.add_worksheet("Kế hoạch" if vi else "plan"), styles(book)

    def put(row: int, column: int, value: Any, *, bold: bool = False, fill: str | None = None) -> None:
        centre = row > 2 and (bold or column in (0, 4, 5))
        look: dict[str, Any] = {"font_size": _SIZE, "bold": bold, "text_wrap": row > 2, "border": int(row > 2)}
        look["align"] = "center" if centre else "left"
        look |= {} if fill is None else {"bg_color": fill}
        if isinstance(value, str):
            text = escaped(_FORBIDDEN.sub("", value))
            sheet.write_string(row, column, text, style(**look, num_format="@"))  # never a formula
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style(**look, num_format="dd/mm/yyyy"))
        else:
            sheet.write_number(row, column, value, style(**look, num_format="0"))

    put(0, 0, plan.title.get(lang), bold=True)
    day = say_day(plan.date, lang) if plan.date else ""
    put(1, 0, f"{document.id}: {plan.decision}, {day}" if plan.decision else document.id)
    put(2, 0, f"{'Tính đến' if vi else 'As of'} {today}")
    rows: list[list[Any]] = [list(_HEADS[lang])]
    for i, standing in enumerate(standings, 1):
        task = standing.task
        note = task.note.get(lang) if task.note is not None else ""
        cells: list[Any] = [i, task.title.get(lang), task.who.get(lang), say_due(task, lang), standing.last]
        left = standing.left if standing.state != "done" else ""
        rows.append([*cells, left, STATES[standing.state][not vi], _BASIS[task.basis][not vi], note])
    for i, cells in enumerate(rows):
        for j, value in enumerate(cells):
            fill = _FILLS.get(standings[i - 1].state) if i and j == 6 else None
            put(i + 3, j, value, bold=i == 0, fill=fill)
        texts = ((value, width) for value, width in zip(cells, _WIDTHS, strict=True) if isinstance(value, str))
        high(sheet, i + 3, texts, _SIZE, bold=i == 0)
    wide(sheet, 3, _WIDTHS)
    book.close()
    return stable(out.getvalue())
