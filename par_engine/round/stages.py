"""The reports of units as a workbook: totals, every item at every stage, and lost points by size and by agency."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from par_engine.extras import needs
from par_engine.nodes import Lang
from par_engine.packages import stable
from par_engine.round.losses import ItemReport, UnitReport
from par_engine.round.state import STAGES

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROWS: dict[str, Sequence[tuple[str, str, int]]] = {
    "totals": (
        ("Đơn vị", "unit", 26), ("Giai đoạn", "stage", 18), ("Tự chấm", "own", 10), ("Hiện tại", "stands", 10),
        ("Chênh lệch", "difference", 11), ("Chỉ số tự chấm", "own index", 11), ("Chỉ số hiện tại", "index", 11),
        ("Mất", "lost", 9),
    ),
    "items": (
        ("Đơn vị", "unit", 20), ("Mã", "item", 8), ("Mục", "title", 44), ("Cơ quan", "agency", 16),
        ("Tối đa", "max", 8),
        ("Tự chấm", "own", 9), ("Thẩm định", "appraised", 10), ("Đề nghị", "asks", 9), ("Thẩm định cuối", "final", 10),
        ("Hiện tại", "stands", 9), ("Chênh lệch", "difference", 10), ("Mất", "lost", 8),
        ("Lý do thẩm định", "reason", 32), ("Giải trình", "explanation", 32), ("Lý do cuối", "final reason", 32),
    ),
    "size": (
        ("Đơn vị", "unit", 24), ("Mã", "item", 8), ("Mục", "title", 60), ("Cơ quan", "agency", 22),
        ("Tối đa", "max", 9),
        ("Hiện tại", "stands", 10), ("Mất", "lost", 9),
    ),
    "owner": (
        ("Đơn vị", "unit", 24), ("Cơ quan", "agency", 28), ("Mất", "lost", 10), ("Số mục", "items", 8),
        ("Mục", "codes", 70),
    ),
}  # fmt: skip
_NAMES = {
    "totals": ("Tổng hợp", "totals"),
    "items": ("Từng mục", "items"),
    "size": ("Mất điểm", "largest losses"),
    "owner": ("Theo cơ quan", "by agency"),
}


def xlsx(reports: Sequence[UnitReport], title: str, lang: Lang) -> bytes:
    """Four sheets of all the units; texts stay texts, numbers are numbers, and no clock is in the file."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties
    except ImportError:
        needs("--output", "round")
    vi = lang == "vi"
    book = Workbook()
    thin = Side(style="thin", color="A6A6A6")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for part, columns in _ROWS.items():
        sheet: Any = book.active if part == "totals" else book.create_sheet()
        sheet.title = _NAMES[part][not vi]
        rows = [[x[not vi] for x in columns], *_lines(part, reports, lang)]
        for i, values in enumerate([[f"{title} – {_NAMES[part][not vi]}"], *rows], 1):
            for j, value in enumerate(values, 1):
                cell = sheet.cell(row=i, column=j)
                if isinstance(value, str) and value:
                    cell.value, cell.number_format = _FORBIDDEN.sub("", value)[:32_767], "@"
                    cell.data_type = "s"  # never a formula
                elif value not in (None, ""):
                    cell.value = float(value) if isinstance(value, (Fraction, Decimal)) else value
                    cell.number_format = "0" if isinstance(value, int) else "[$-42A]0.00##" if vi else "0.00##"
                cell.font = Font(name="Times New Roman", size=14 if i == 1 else 11, bold=i < 3)
                cell.alignment = Alignment(wrap_text=i > 1, vertical="top", horizontal="center" if i == 2 else None)
                if i > 1:
                    cell.border = border
                if i == 2:
                    cell.fill = PatternFill("solid", fgColor="BDD7EE")
            if i > 1:
                most = max(-(-len(str(v or "")) * 5 // (c[2] * 6)) for v, c in zip(values, columns, strict=True))
                sheet.row_dimensions[i].height = min(400, 15.5 * most)
        for j, (_, _, width) in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(j)].width = width
        last = get_column_letter(len(columns))
        sheet.freeze_panes, sheet.print_title_rows = "A3", "2:2"
        sheet.auto_filter.ref = f"A2:{last}{max(2, len(rows) + 1)}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.creator = "par-engine"
    out = io.BytesIO()
    book.save(out)
    return stable(out.getvalue())


def _lines(part: str, reports: Sequence[UnitReport], lang: Lang) -> list[list[Any]]:
    vi = lang == "vi"
    if part == "totals":
        return [_total(report, vi) for report in reports]
    if part == "items":
        return [_item(report, item, lang) for report in reports for item in report.items]
    if part == "size":
        return [
            [
                report.name,
                item.code,
                item.title[lang],
                report.called(item.owner, lang),
                item.max,
                item.stands,
                item.lost,
            ]
            for report in reports
            for item in report.by_size
        ]
    return [
        [report.name, report.called(owner, lang), lost, len(codes), ", ".join(codes)]
        for report in reports
        for owner, lost, codes in report.by_owner
    ]


def _total(report: UnitReport, vi: bool) -> list[Any]:
    own, now = report.own, report.stands
    apart = None if own.points is None or now.points is None else now.points - own.points
    lost = sum((item.lost or Fraction(0) for item in report.items), Fraction(0))
    return [report.name, STAGES[report.stage][not vi], own.points, now.points, apart, own.index, now.index, lost]


def _item(report: UnitReport, item: ItemReport, lang: Lang) -> list[Any]:
    numbers = [item.max, item.own, item.appraised, item.requested, item.final, item.stands, item.difference, item.lost]
    said = [item.reason, item.explanation, item.final_reason]
    return [report.name, item.code, item.title[lang], report.called(item.owner, lang), *numbers, *said]
