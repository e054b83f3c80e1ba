"""A plan as an Excel file: cover, summary, fields and hidden keys, the same bytes on every run."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from par_engine.base.decimals import plain, short
from par_engine.base.terms import stage_words
from par_engine.files.ooxml import escaped, stable
from par_engine.files.row_heights import row_height
from par_engine.methodology.model import TOTAL
from par_engine.workbook import words
from par_engine.workbook.aggregate_formulas import index_formula
from par_engine.workbook.book import (
    BLANK,
    SIZE,
    UNCOMPUTED,
    Book,
    comma,
    decimals,
    finish,
    head_format,
    heads,
    put,
    put_text,
    role_of,
)
from par_engine.workbook.fields import field_sheet, formulas, stated
from par_engine.workbook.grids import survey_sheet
from par_engine.workbook.layout import BELOW, FIRST, SUMMARY, TREE, Plan
from par_engine.workbook.prefill import Filled, labels
from par_engine.workbook.words import AT, COLUMNS

COVER = "Hướng dẫn"
_STEPS = (
    "Chỉ nhập vào các ô nền vàng. Các ô khác được khóa (không có mật khẩu) để công thức không bị hỏng.",
    "Số thập phân ghi theo thiết lập của máy (thường là dấu phẩy: 51,5). Tỷ lệ phần trăm ghi 51,5, không ghi 51,5%.",
    "Không dán công thức vào ô nhập: dán giá trị (Dán đặc biệt → Giá trị).",
    "Chưa có số liệu thì để trống, không ghi 0. Cột “Kết quả” cho biết mục thiếu được tính thế nào.",
    "Mục không áp dụng, chờ kết quả hoặc thiếu số liệu có lý do: chọn ở cột “Trường hợp khác” và ghi rõ lý do.",
    "Thiếu số liệu hay tài liệu mà không thuộc các trường hợp ấy: chỉ ghi giải trình ở cột “Lý do, giải trình”.",
    "Mỗi dòng của một mục ghi được một tài liệu kiểm chứng; cần thêm thì chèn dòng ngay dưới mục đó.",
    "Cột “Điểm” tính ngay khi nhập và bằng điểm của lệnh par score; “?” là điểm chỉ tính được bằng lệnh đó.",
)
_AGENCY_STEP = "Cột “Điểm” tính ngay khi nhập; “?” và “Cần số liệu của cơ quan khác” là điểm chỉ có sau khi gộp."


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
        (survey_sheet if sheet.survey else field_sheet)(book, sheet, worksheet)
    book.book.close()
    return stable(book.out.getvalue(), _results)


def _meta(book: Book, sheet: Any) -> None:
    """What the reader needs to know, out of sight: which rows there must be, and which labels stand for what."""
    document = book.plan.scheme.document
    rows: list[tuple[str, str, str, str]] = [
        ("format", words.FORMAT, "", ""),
        ("methodology", document.id, "", ""),
        ("fingerprint", book.fingerprint, "", ""),
        ("agency", book.plan.owner, "", ""),
        ("stated", "yes" if book.plan.stated else "", "", ""),
    ]
    for sheet_ in book.plan.sheets:
        options = ",".join(o.id for o in document.surveys[sheet_.survey].options) if sheet_.survey else ""
        rows += [
            ("row", row.key, options if row.kind == "ballots" else "", sheet_.name)
            for row in sheet_.rows
            if row.kind in ("item", "fact", "ballots")
        ]
    rows += [("fact", name, fact.type, fact.title.vi) for name, fact in document.facts.items()]

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
            sheet.write_string(i, j, escaped(text))
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
    sheet.write_string(2, 1, escaped(document.title.vi), book.format(bold=True, font_size=13, text_wrap=False))
    sheet.set_row(1, 24)
    sheet.set_row(2, 20)
    head = book.format(bold=True, border=1, border_color="#A6A6A6", bg_color="#DDEBF7")
    body = book.format(border=1, border_color="#A6A6A6")
    line = 4
    for key, label, value in (
        ("unit", "Đơn vị", filled.unit),
        ("stage", "Giai đoạn", stage_words(filled.stage, "vi")),
        ("note", "Ghi chú", filled.note),
    ):
        sheet.write_string(line, 0, f"cover:{key}")
        sheet.write_string(line, 1, label, head)
        put_text(sheet, line, 2, value, book.cell("input", num_format="@"))
        least = 36.0 if key == "note" else 18.0  # room to write a note
        sheet.set_row(line, max(least, row_height([(value, 96)], SIZE) or 0.0))
        source = {"unit": book.lists.get("units"), "stage": book.lists["stages"]}.get(key)
        if source:
            how = "stop" if key == "unit" else "information"
            sheet.data_validation(line, 2, line, 2, {"validate": "list", "source": f"={source}", "error_type": how})
        line += 1
    parts = book.plan.scheme.points_by_basis
    rebuilt, most = comma(short(parts["reconstructed"])), comma(plain(document.total.max))
    said = f"{rebuilt} trên {most} điểm tối đa dựa vào số dựng lại, không chính thức (xem ghi chú ở từng mục)."
    owner = f"Chỉ gồm số liệu của cơ quan: {document.owner(book.plan.owner, 'vi')}" if book.plan.owner else "Toàn bộ"
    for label, value in (
        ("Bộ tiêu chí", document.id),
        ("Phiên bản (dấu vân tay)", book.fingerprint),
        ("Phạm vi", owner),
        ("Căn cứ", said if parts["reconstructed"] else "Không có số dựng lại."),
    ):
        sheet.write_string(line, 1, label, head)
        sheet.write_string(line, 2, value, body)
        line += 1
    line += 1
    sheet.write_string(line, 1, "Cách làm", book.format(bold=True, font_size=13))
    own = _STEPS if not filled.closing else (*_STEPS[:-1], _AGENCY_STEP)
    last = filled.closing or (
        f"Xong thì lưu lại và chạy: par validate TỆP.xlsx -m {document.id}; par score TỆP.xlsx -m {document.id}"
    )
    asked = [f"Số phiếu khảo sát nhập ở trang “{sheet_.name}”." for sheet_ in book.plan.sheets if sheet_.survey]
    steps = [*own[:1], *asked, *own[1:], last]
    for i, step in enumerate(steps, start=1):
        sheet.write_string(line + i, 1, f"{i}.", book.format(align="right"))
        sheet.write_string(line + i, 2, step, book.format())
    finish(sheet, 2, line + len(steps), freeze=None)


def _summary(book: Book, sheet: Any) -> None:
    """Points of each field and the total, the index, and the points of each stream."""
    plan = book.plan
    document, scheme = plan.scheme.document, plan.scheme
    columns = [
        c if c[0] in ("key", "code", "title", "max", "stated", "points", "result") else (c[0], "", 0) for c in COLUMNS
    ]
    heads(book, sheet, "TỔNG HỢP ĐIỂM", columns)
    for i, item in enumerate(scheme.children[TOTAL]):
        key, row = f"item:{item.code}", FIRST + i
        _line(book, sheet, row, item.code, item.title.vi + role_of(item.role), item.max, 9)
        put(book, sheet, row, "stated", "", "item")
        for name in ("points", "result"):
            form = book.cell(name, num_format=decimals(document.settings.leaf_decimals))
            ref = plan.ref(key, name, SUMMARY)
            book.formula(sheet, row, AT[name], ref, form, book.results[key].get(name, ""))
    row = plan.at[f"item:{TOTAL}"][1]
    _aggregate(book, sheet, f"item:{TOTAL}", "", document.total.title.vi, document.total.max, 0)
    put(book, sheet, row + 1, "title", "Chỉ số (%): 100 × điểm / điểm có thể đạt", "item", depth=0)
    for name in ("code", "max", "stated", "result"):
        put(book, sheet, row + 1, name, "", "item", depth=0)
    form = book.cell("points", 0, num_format=decimals(document.settings.index_decimals))
    book.formula(
        sheet, row + 1, AT["points"], index_formula(plan, SUMMARY), form, book.results["index"].get("points", "")
    )
    sheet.write_string(row + BELOW - 1, AT["key"], words.HEAD)
    said = {"code": "", "title": "Nguồn điểm"}
    for name, text, _ in columns:
        if text:
            sheet.write_string(row + BELOW - 1, AT[name], said.get(name, text), head_format(book))
    for stream in document.streams:
        _aggregate(book, sheet, f"stream:{stream.id}", "", stream.title.vi, stream.max, 9)
    last = row + BELOW + len(document.streams) - 1
    if TREE in book.made:
        sheet.write_string(last + 1, AT["key"], TREE)
        formulas(book, sheet, last + 1, TREE, 9)
        sheet.set_row(last + 1, None, None, {"hidden": True})
    for name in ("how", "unit", "input", *[c[0] for c in COLUMNS[AT["outcome"] :]]):
        sheet.set_column(AT[name], AT[name], None, None, {"hidden": True})
    sheet.set_column(AT["title"], AT["title"], 70)
    sheet.set_column(AT["result"], AT["result"], 30)
    finish(sheet, AT["result"], last)


def _line(book: Book, sheet: Any, row: int, code: str, title: str, maximum: Fraction, depth: int) -> None:
    put(book, sheet, row, "code", code, "item", depth=depth)
    put(book, sheet, row, "title", title, "item", depth=depth)
    digits = decimals(book.plan.scheme.document.settings.leaf_decimals)
    sheet.write_number(row, AT["max"], float(maximum), book.cell("points", depth, num_format=digits))


def _aggregate(book: Book, sheet: Any, key: str, code: str, title: str, maximum: Fraction, depth: int) -> None:
    """The row of the total or of a stream, whose points may be stated."""
    row = book.plan.at[key][1]
    sheet.write_string(row, AT["key"], key)
    _line(book, sheet, row, code, title, maximum, depth)
    if key.startswith("item:") or book.plan.scheme.plain:
        stated(book, sheet, row, key, maximum, depth)
    else:
        put(book, sheet, row, "stated", "", "item", depth=depth)
    formulas(book, sheet, row, key, depth)


_NONE = re.compile(rb' t="str"><f>([^<]*)</f><v>%s</v>' % UNCOMPUTED.encode())


def _results(name: str, content: bytes) -> bytes:
    """A sheet in which hidden formulas hold no result, and blank ones the empty text."""
    if not name.startswith("xl/worksheets/"):
        return content
    return _NONE.sub(rb"><f>\1</f>", content).replace(b"<v>%s</v>" % BLANK.encode(), b"<v></v>")
