"""The reports of units as a workbook: totals, every item at every stage, and lost points by size and by agency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from par_engine.base.extras import needs
from par_engine.files.ooxml import escaped, stable
from par_engine.files.xlsx_writing import high, opened, styles, wide
from par_engine.i18n.catalogue import Lang
from par_engine.round.state import STAGES
from par_engine.round.unit_reports import ItemReport, UnitReport

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROWS: dict[str, Sequence[tuple[str, str, int]]] = {
    "totals": (
        ("Đơn vị", "unit", 26), ("Giai đoạn", "stage", 18), ("Tự chấm", "own", 10), ("Hiện tại", "stands", 10),
        ("Chênh lệch", "difference", 11), ("Chỉ số tự chấm", "own index", 11), ("Chỉ số hiện tại", "index", 11),
        ("Mất", "lost", 9),
    ),
    "items": (
        ("Đơn vị", "unit", 12), ("Mã", "item", 8), ("Mục", "title", 32), ("Cơ quan", "agency", 13),
        ("Tối đa", "max", 7),
        ("Tự chấm", "own", 7), ("Thẩm định", "appraised", 7), ("Đề nghị", "asks", 7), ("Thẩm định cuối", "final", 7),
        ("Hiện tại", "stands", 7), ("Chênh lệch", "difference", 7), ("Mất", "lost", 7),
        ("Lý do thẩm định", "reason", 20), ("Giải trình", "explanation", 20), ("Lý do cuối", "final reason", 20),
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
_SIZE = 11  # points
_NAMES = {
    "totals": ("Tổng hợp", "totals"),
    "items": ("Từng mục", "items"),
    "size": ("Mất điểm", "largest losses"),
    "owner": ("Theo cơ quan", "by agency"),
}


def xlsx(reports: Sequence[UnitReport], title: str, lang: Lang) -> bytes:
    """Four sheets of all the units; texts stay texts, numbers are numbers, and no clock is in the file."""
    try:
        book, out = opened()
    except ImportError:
        needs("--output", "round")
    vi = lang == "vi"
    style = styles(book)
    for part, columns in _ROWS.items():
        sheet = book.add_worksheet(_NAMES[part][not vi])
        rows = [[x[not vi] for x in columns], *_lines(part, reports, lang)]
        for i, values in enumerate([[f"{title} – {_NAMES[part][not vi]}"], *rows]):
            look: dict[str, Any] = {"font_size": _SIZE if i else 14, "bold": i < 2}
            look |= {"text_wrap": True, "border": 1, "border_color": "#A6A6A6"} if i else {}
            look |= {"align": "center", "bg_color": "#BDD7EE"} if i == 1 else {}
            for j, value in enumerate(values):
                if isinstance(value, str) and value:
                    text = escaped(_FORBIDDEN.sub("", value)[:32_767])
                    sheet.write_string(i, j, text, style(**look, num_format="@"))  # never a formula
                elif value in (None, ""):
                    sheet.write_blank(i, j, None, style(**look))
                elif isinstance(value, int):
                    sheet.write_number(i, j, value, style(**look, num_format="0"))
                else:
                    shown = "[$-42A]0.00##" if vi else "0.00##"
                    sheet.write_number(i, j, float(value), style(**look, num_format=shown))
            if i:
                pairs = zip(values, columns, strict=True)
                high(sheet, i, ((v, c[2]) for v, c in pairs if isinstance(v, str)), _SIZE, bold=i == 1)
        sheet.set_row(0, 22)
        wide(sheet, 1, [width for _, _, width in columns])
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)  # inches: a page wide, and still readable
        sheet.set_footer("&C&P/&N")
        sheet.autofilter(1, 0, max(1, len(rows)), len(columns) - 1)
    book.close()
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
