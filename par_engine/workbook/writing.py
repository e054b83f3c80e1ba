"""A plan as an Excel file: cover, summary, fields and hidden keys, the same bytes on every run."""

from __future__ import annotations

import re
from typing import Any

from par_engine.exact import plain, short
from par_engine.model import TOTAL
from par_engine.packages import stable
from par_engine.workbook import words
from par_engine.workbook.book import Book, comma, decimals, finish, heads, lines, put, put_text, role_of
from par_engine.workbook.fields import field_sheet
from par_engine.workbook.filling import Filled, labels
from par_engine.workbook.plan import FIRST, SUMMARY, Plan
from par_engine.workbook.totals import index_formula, inner_row
from par_engine.workbook.words import AT, COLUMNS

COVER = "Hướng dẫn"
_STEPS = (
    "Chỉ nhập vào các ô nền vàng. Các ô khác được khóa (không có mật khẩu) để công thức không bị hỏng.",
    "Số thập phân ghi theo thiết lập của máy (thường là dấu phẩy: 51,5). Tỷ lệ phần trăm ghi 51,5, không ghi 51,5%.",
    "Không dán công thức vào ô nhập: dán giá trị (Dán đặc biệt → Giá trị).",
    "Chưa có số liệu thì để trống, không ghi 0. Cột “Kết quả” cho biết mục thiếu được tính thế nào.",
    "Mục không áp dụng, chờ kết quả hoặc thiếu số liệu có lý do: chọn ở cột “Trường hợp khác” và ghi rõ lý do.",
    "Mỗi dòng của một mục ghi được một tài liệu kiểm chứng; cần thêm thì chèn dòng ngay dưới mục đó.",
    "Cột “Điểm” tính ngay khi nhập và bằng điểm của lệnh par score; “?” là điểm chỉ tính được bằng lệnh đó.",
)


def write(plan: Plan, fingerprint: str, filled: Filled) -> bytes:
    """The workbook of a plan, with what is filled in; the fingerprint says which edition of the methodology it is."""
    book = Book(plan, fingerprint, filled)
    cover = book.book.add_worksheet(COVER)
    summary = None if plan.owner else book.book.add_worksheet(SUMMARY)
    sheets = [(sheet, book.book.add_worksheet(sheet.name)) for sheet in plan.sheets]
    _meta(book, book.book.add_worksheet(words.META))
    _cover(book, cover)
    if summary is not None:
        _summary(book, summary)
    for sheet, worksheet in sheets:
        field_sheet(book, sheet, worksheet)
    book.book.close()
    return stable(book.out.getvalue(), _without_results)


def _meta(book: Book, sheet: Any) -> None:
    """What the reader needs to know, out of sight: which rows there must be, and which labels stand for what."""
    document = book.plan.scheme.document
    rows: list[tuple[str, str, str, str]] = [
        ("format", words.FORMAT, "", ""),
        ("methodology", document.id, "", ""),
        ("fingerprint", book.fingerprint, "", ""),
        ("agency", book.plan.owner, "", ""),
    ]
    rows += [("row", row.key, "", "") for s in book.plan.sheets for row in s.rows if row.kind in ("fact", "ballots")]
    rows += [("fact", name, fact.type, "") for name, fact in document.facts.items()]

    def listed(name: str, kind: str, entries: list[tuple[str, str]]) -> None:
        first = len(rows) + 1
        rows.extend((kind, name, id, label) for id, label in entries)
        book.lists[name] = f"{words.META}!$D${first}:$D${len(rows)}"

    for name, fact in document.facts.items():
        if fact.options:
            listed(f"fact:{name}", "option", [(f"{name}:{id}", label) for id, label in labels(fact).items()])
    listed("stages", "stage", list(words.STAGES.items()))
    if document.settings.units == "listed":
        listed("units", "unit", [(unit.id, unit.name) for unit in document.units])
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            sheet.write_string(i, j, text)
    sheet.very_hidden()
    sheet.protect("", {})


def _cover(book: Book, sheet: Any) -> None:
    document, filled = book.plan.scheme.document, book.filled
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 96)
    for column, name in enumerate(("key", "label", "answer")):
        sheet.write_string(0, column, f"{words.MARK}{name}", book.format())
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.write_string(1, 1, "BIỂU NHẬP SỐ LIỆU", book.format(bold=True, font_size=16, text_wrap=False))
    sheet.write_string(2, 1, document.title.vi, book.format(bold=True, font_size=13, text_wrap=False))
    head = book.format(bold=True, border=1, border_color="#A6A6A6", bg_color="#DDEBF7")
    body = book.format(border=1, border_color="#A6A6A6")
    line = 4
    for key, label, value in (
        ("unit", "Đơn vị", filled.unit),
        ("stage", "Giai đoạn", words.STAGES.get(filled.stage, filled.stage)),
        ("note", "Ghi chú", filled.note),
    ):
        sheet.write_string(line, 0, f"cover:{key}")
        sheet.write_string(line, 1, label, head)
        put_text(sheet, line, 2, value, book.cell("input", num_format="@"))
        if lines(value, 96) > 1:
            sheet.set_row(line, 15 * lines(value, 96) + 1)
        source = {"unit": book.lists.get("units"), "stage": book.lists["stages"]}.get(key)
        if source:
            how = "stop" if key == "unit" else "information"
            sheet.data_validation(line, 2, line, 2, {"validate": "list", "source": f"={source}", "error_type": how})
        line += 1
    parts = book.plan.scheme.points_by_basis
    rebuilt, most = comma(short(parts["reconstructed"])), comma(plain(document.total.max))
    said = f"{rebuilt} trên {most} điểm tối đa dựa vào số dựng lại, không chính thức (xem ghi chú ở từng mục)."
    owner = f"Chỉ gồm số liệu của cơ quan: {book.plan.owner}" if book.plan.owner else "Toàn bộ"
    for label, value in (
        ("Bộ tiêu chí", document.id),
        ("Dấu vân tay", book.fingerprint),
        ("Phạm vi", owner),
        ("Căn cứ", said if parts["reconstructed"] else "Không có số dựng lại."),
    ):
        sheet.write_string(line, 1, label, head)
        sheet.write_string(line, 2, value, body)
        line += 1
    line += 1
    sheet.write_string(line, 1, "Cách làm", book.format(bold=True, font_size=13))
    last = filled.closing or (
        f"Xong thì lưu lại và chạy: par validate TỆP.xlsx -m {document.id}; par score TỆP.xlsx -m {document.id}"
    )
    for i, step in enumerate((*_STEPS, last), start=1):
        sheet.write_string(line + i, 1, f"{i}.", book.format(align="right"))
        sheet.write_string(line + i, 2, step, book.format())
    finish(sheet, 2, line + len(_STEPS) + 1, freeze=None)


def _summary(book: Book, sheet: Any) -> None:
    plan = book.plan
    document, scheme = plan.scheme.document, plan.scheme
    heads(book, sheet, "TỔNG HỢP ĐIỂM", ("code", "title", "max", "points", "result"))
    digits = document.settings.leaf_decimals
    for i, item in enumerate(scheme.children[TOTAL]):
        row = FIRST + i
        shown = {name: plan.ref(f"item:{item.code}", name, SUMMARY) for name in ("points", "result")}
        put(book, sheet, row, "code", item.code, "item")
        put(book, sheet, row, "title", item.title.vi + role_of(item.role), "item")
        sheet.write_number(row, AT["max"], float(item.max), book.cell("points", num_format=decimals(digits)))
        for name, cell in shown.items():
            kind = "points" if name == "points" else "item"
            sheet.write_formula(row, AT[name], f"={cell}", book.cell(kind, num_format=decimals(digits)))
    row = FIRST + len(scheme.children[TOTAL])
    sheet.write_string(row, AT["key"], f"item:{TOTAL}")
    put(book, sheet, row, "title", document.total.title.vi, "item", depth=0)
    put(book, sheet, row, "code", "", "item", depth=0)
    top = float(document.total.max)
    sheet.write_number(row, AT["max"], top, book.cell("points", 0, num_format=decimals(digits)))
    for name, text in inner_row(plan, TOTAL, SUMMARY).items():
        form = book.cell("points" if name == "points" else "item", 0, num_format=decimals(digits))
        sheet.write_formula(row, AT[name], f"={text}", form if name in ("points", "result") else None)
    put(book, sheet, row + 1, "title", "Chỉ số (%): 100 × điểm / điểm có thể đạt", "item", depth=0)
    for name in ("code", "max", "result"):
        put(book, sheet, row + 1, name, "", "item", depth=0)
    form = book.cell("points", 0, num_format=decimals(document.settings.index_decimals))
    sheet.write_formula(row + 1, AT["points"], f"={index_formula(plan, SUMMARY)}", form)
    for name in ("how", "unit", "input", *[c[0] for c in COLUMNS[AT["outcome"] :]]):
        sheet.set_column(AT[name], AT[name], None, None, {"hidden": True})
    sheet.set_column(AT["title"], AT["title"], 70)
    sheet.set_column(AT["result"], AT["result"], 30)
    finish(sheet, AT["result"], row + 1)


_CACHED = re.compile(rb"</f><v>[^<]*</v>")


def _without_results(name: str, content: bytes) -> bytes:
    """A sheet without results: every program computes the formulas when it opens it."""
    return _CACHED.sub(b"</f>", content) if name.startswith("xl/worksheets/") else content
