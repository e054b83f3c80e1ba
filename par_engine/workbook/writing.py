"""A plan as an Excel file: protected but for its input cells, ready to print, the same bytes on every run."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from par_engine.documents import fail
from par_engine.exact import plain, short
from par_engine.model import TOTAL
from par_engine.nodes import Fact
from par_engine.workbook import words
from par_engine.workbook.filling import Filled, labels
from par_engine.workbook.formulas import ballot, boolean, number, option
from par_engine.workbook.plan import FIRST, SUMMARY, Plan, Row, Sheet, letters
from par_engine.workbook.totals import ballots_row, index_formula, inner_row, leaf_row
from par_engine.workbook.words import AT, COLUMNS

COVER = "Hướng dẫn"
_MADE = datetime(2000, 1, 1)  # packages carry a date; a clock would make each run another file
_ZIP = (2000, 1, 1, 0, 0, 0)
_STEPS = (
    "Chỉ nhập vào các ô nền vàng. Các ô khác được khóa (không có mật khẩu) để công thức không bị hỏng.",
    "Số thập phân ghi theo thiết lập của máy (thường là dấu phẩy: 51,5). Tỷ lệ phần trăm ghi 51,5, không ghi 51,5%.",
    "Không dán công thức vào ô nhập: dán giá trị (Dán đặc biệt → Giá trị).",
    "Chưa có số liệu thì để trống, không ghi 0. Cột “Kết quả” cho biết mục thiếu được tính thế nào.",
    "Mục không áp dụng, chờ kết quả hoặc thiếu số liệu có lý do: chọn ở cột “Trường hợp khác” và ghi rõ lý do.",
    "Mỗi dòng của một mục ghi được một tài liệu kiểm chứng; cần thêm thì chèn dòng ngay dưới mục đó.",
    "Cột “Điểm” tính ngay khi nhập và bằng điểm của lệnh par score; “?” là điểm chỉ tính được bằng lệnh đó.",
)


class _Book:
    """The open workbook, its formats, and what is typed into it."""

    def __init__(self, plan: Plan, fingerprint: str, filled: Filled) -> None:
        try:
            import xlsxwriter
        except ImportError:
            hint = 'pip install "par-engine[workbook]"'
            fail(
                "par template", "extra", "workbooks need the extra `workbook`", hint, "cần cài thêm phần workbook", hint
            )
        self.plan, self.fingerprint, self.filled = plan, fingerprint, filled
        self.out = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self.out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties(
            {"title": plan.scheme.document.title.vi[:250], "author": "par-engine", "created": _MADE}
        )
        self.book.set_calc_mode("auto")
        self.lists: dict[str, str] = {}
        self.nth: dict[str, int] = {}
        seen: Counter[str] = Counter()
        for sheet in plan.sheets:
            for row in sheet.rows:
                self.nth[row.key] = seen[row.code]
                seen[row.code] += 1
        self._formats: dict[tuple[Any, ...], Any] = {}

    def format(self, **more: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True}
            self._formats[key] = self.book.add_format(base | more)
        return self._formats[key]

    def cell(self, kind: str, depth: int = 9, **more: Any) -> Any:
        """The format of a cell of the table: an item by its depth, a fact, or a cell to type into."""
        shade = {0: {"bg_color": "#BDD7EE", "bold": True}, 1: {"bg_color": "#DDEBF7", "bold": True}}.get(depth, {})
        if kind == "input":
            shade = {"bg_color": "#FFF2CC", "locked": False}
        elif kind == "item" and depth > 1:
            shade = {"bg_color": "#F2F2F2"}
        elif kind == "points":
            shade = {**shade, "bold": True, "align": "right"}
        return self.format(border=1, border_color="#A6A6A6", **{**shade, **more})


def write(plan: Plan, fingerprint: str, filled: Filled) -> bytes:
    """The workbook of a plan, with what is filled in; the fingerprint says which edition of the methodology it is."""
    book = _Book(plan, fingerprint, filled)
    cover = book.book.add_worksheet(COVER)
    summary = None if plan.owner else book.book.add_worksheet(SUMMARY)
    sheets = [(sheet, book.book.add_worksheet(sheet.name)) for sheet in plan.sheets]
    _meta(book, book.book.add_worksheet(words.META))
    _cover(book, cover)
    if summary is not None:
        _summary(book, summary)
    for sheet, worksheet in sheets:
        _sheet(book, sheet, worksheet)
    book.book.close()
    return _stable(book.out.getvalue())


def _meta(book: _Book, sheet: Any) -> None:
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


def _cover(book: _Book, sheet: Any) -> None:
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
        _text(sheet, line, 2, value, book.cell("input", num_format="@"))
        if _lines(value, 96) > 1:
            sheet.set_row(line, 15 * _lines(value, 96) + 1)
        source = {"unit": book.lists.get("units"), "stage": book.lists["stages"]}.get(key)
        if source:
            how = "stop" if key == "unit" else "information"
            sheet.data_validation(line, 2, line, 2, {"validate": "list", "source": f"={source}", "error_type": how})
        line += 1
    parts = book.plan.scheme.points_by_basis
    said = (
        f"{_vi(short(parts['reconstructed']))} trên {_vi(plain(document.total.max))} điểm tối đa dựa vào số dựng lại, "
        "không chính thức (xem ghi chú ở từng mục)."
    )
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
    last = f"Xong thì lưu lại và chạy: par validate TỆP.xlsx -m {document.id}; par score TỆP.xlsx -m {document.id}"
    for i, step in enumerate((*_STEPS, last), start=1):
        sheet.write_string(line + i, 1, f"{i}.", book.format(align="right"))
        sheet.write_string(line + i, 2, step, book.format())
    _finish(sheet, 2, line + len(_STEPS) + 1, freeze=None)


def _summary(book: _Book, sheet: Any) -> None:
    plan = book.plan
    document, scheme = plan.scheme.document, plan.scheme
    _heads(book, sheet, "TỔNG HỢP ĐIỂM", ("code", "title", "max", "points", "result"))
    digits = document.settings.leaf_decimals
    for i, item in enumerate(scheme.children[TOTAL]):
        row = FIRST + i
        shown = {name: plan.ref(f"item:{item.code}", name, SUMMARY) for name in ("points", "result")}
        _put(book, sheet, row, "code", item.code, "item")
        _put(book, sheet, row, "title", item.title.vi + _role(item.role), "item")
        sheet.write_number(row, AT["max"], float(item.max), book.cell("points", num_format=_decimals(digits)))
        for name, cell in shown.items():
            kind = "points" if name == "points" else "item"
            sheet.write_formula(row, AT[name], f"={cell}", book.cell(kind, num_format=_decimals(digits)))
    row = FIRST + len(scheme.children[TOTAL])
    sheet.write_string(row, AT["key"], f"item:{TOTAL}")
    _put(book, sheet, row, "title", document.total.title.vi, "item", depth=0)
    _put(book, sheet, row, "code", "", "item", depth=0)
    top = float(document.total.max)
    sheet.write_number(row, AT["max"], top, book.cell("points", 0, num_format=_decimals(digits)))
    for name, text in inner_row(plan, TOTAL, SUMMARY).items():
        form = book.cell("points" if name == "points" else "item", 0, num_format=_decimals(digits))
        sheet.write_formula(row, AT[name], f"={text}", form if name in ("points", "result") else None)
    _put(book, sheet, row + 1, "title", "Chỉ số (%): 100 × điểm / điểm có thể đạt", "item", depth=0)
    for name in ("code", "max", "result"):
        _put(book, sheet, row + 1, name, "", "item", depth=0)
    form = book.cell("points", 0, num_format=_decimals(document.settings.index_decimals))
    sheet.write_formula(row + 1, AT["points"], f"={index_formula(plan, SUMMARY)}", form)
    for name in ("how", "unit", "input", *[c[0] for c in COLUMNS[AT["outcome"] :]]):
        sheet.set_column(AT[name], AT[name], None, None, {"hidden": True})
    sheet.set_column(AT["title"], AT["title"], 70)
    sheet.set_column(AT["result"], AT["result"], 30)
    _finish(sheet, AT["result"], row + 1)


def _role(role: str | None) -> str:
    return {"bonus": " (điểm thưởng)", "penalty": " (điểm trừ)", "check": " (điều kiện)"}.get(role or "", "")


def _heads(book: _Book, sheet: Any, title: str, shown: tuple[str, ...] = ()) -> None:
    for name, column in AT.items():
        sheet.write_string(0, column, f"{words.MARK}{name}")
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.write_string(1, 1, title, book.format(bold=True, font_size=14, text_wrap=False))
    head = book.format(bold=True, border=1, bg_color="#1F4E79", font_color="#FFFFFF", align="center", valign="vcenter")
    sheet.set_row(2, 32)
    for name, text, width in COLUMNS:
        sheet.set_column(AT[name], AT[name], width or None, None, {"hidden": name == "key"})
        if text and (not shown or name in shown):
            sheet.write_string(2, AT[name], text, head)
    sheet.write_string(2, AT["key"], words.HEAD)
    first = len(COLUMNS)
    sheet.set_column(first, len(AT) - 1, None, None, {"hidden": True})


def _sheet(book: _Book, sheet: Sheet, out: Any) -> None:
    _heads(book, out, sheet.title)
    scheme = book.plan.scheme
    for i, row in enumerate(sheet.rows):
        at = FIRST + i
        out.write_string(at, AT["key"], row.key)
        if row.kind == "item":
            _item(book, sheet, out, at, row)
        else:
            _fact(book, sheet, out, at, row)
        if row.code:
            for name, text in _papers(book, row).items():
                _text(out, at, AT[name], text, book.cell("input", num_format="@"))
    digits = scheme.document.settings.leaf_decimals
    out.set_column(AT["points"], AT["points"], max(words.WIDTHS["points"], digits + 5))
    _finish(out, AT["link"], FIRST + len(sheet.rows) - 1)
    out.repeat_columns(AT["code"], AT["title"])
    out.set_v_pagebreaks([AT["outcome"]])  # facts and points on one page, reasons and documents on the next
    out.set_print_scale(72)
    out.print_across()


def _papers(book: _Book, row: Row) -> dict[str, str]:
    """The document that stands beside a row, by column: an item's documents fill its rows from the top."""
    listed = book.filled.papers.get(row.code, ())
    n = book.nth[row.key]
    paper = listed[n] if n < len(listed) else {}
    return {name: paper.get(key, "") for name, key in words.DOCUMENT.items()}


def _item(book: _Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    item, plan = book.plan.scheme.items[row.code], book.plan
    digits = plan.scheme.document.settings.leaf_decimals
    _put(book, out, at, "code", item.code, "item", depth=row.depth)
    _put(book, out, at, "title", item.title.vi + _role(item.role), "item", depth=row.depth)
    how = (item.rule_text.vi if item.rule_text else "") + (words.BASIS[item.basis] if item.rule is not None else "")
    _put(book, out, at, "how", how, "item", depth=row.depth, bold=False)
    _put(book, out, at, "unit", "", "item", depth=row.depth)
    _put(book, out, at, "input", "", "item", depth=row.depth)
    form = book.cell("item", row.depth, num_format=_decimals(digits), align="right")
    out.write_number(at, AT["max"], float(item.max), form)
    declared = book.filled.declared.get(row.code)
    _height(out, at, {"title": item.title.vi, "how": how, "why": declared[1] if declared else "", **_papers(book, row)})
    made = leaf_row(plan, row.code, sheet.name) if item.rule is not None else inner_row(plan, row.code, sheet.name)
    for name, text in made.items():
        kind = "points" if name == "points" else "item"
        form = book.cell(
            kind, row.depth, num_format=_decimals(digits), **({"italic": True} if name == "result" else {})
        )
        out.write_formula(at, AT[name], f"={text}", form if name in ("points", "result") else None)
    known = [o for o in words.OUTCOMES if o != "not_applicable" or item.may_not_apply]
    _text(out, at, AT["outcome"], words.OUTCOMES[declared[0]] if declared else "", book.cell("input"))
    _text(out, at, AT["why"], declared[1] if declared else "", book.cell("input", num_format="@"))
    source = [words.OUTCOMES[o] for o in known]
    out.data_validation(at, AT["outcome"], at, AT["outcome"], {"validate": "list", "source": source})


def _fact(book: _Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    plan = book.plan
    for name in ("code", "max", "points", "result", "outcome", "why"):
        _put(book, out, at, name, "", "fact")
    if row.kind == "paper":
        for name in ("how", "unit", "input"):
            _put(book, out, at, name, "", "fact")
        _put(book, out, at, "title", "Tài liệu khác", "fact", indent=min(row.depth, 3), align="left", italic=True)
        return
    fact = plan.scheme.document.facts[row.fact]
    title, cell = fact.title.vi, f"${letters(AT['input'])}${at + 1}"
    if row.kind == "ballots" and fact.survey is not None:
        design = plan.scheme.document.surveys[fact.survey]
        title = f"{design.groups[row.group].title.vi} – {design.options[row.option].title.vi}"
    _put(book, out, at, "title", title, "fact", indent=min(row.depth, 3), align="left")
    first = row.kind != "ballots" or (row.group, row.option) == (0, 0)
    help_ = (
        fact.help.vi if fact.help and first else f"Số phiếu: {fact.title.vi}" if row.kind == "ballots" and first else ""
    )
    _put(book, out, at, "how", help_, "fact", italic=True)
    unit = fact.unit.vi if fact.unit else "phiếu" if row.kind == "ballots" else ""
    value = book.filled.values.get(row.key, "")
    shown = {"title": title + "   ", "how": help_, "unit": unit, "input": value if isinstance(value, str) else ""}
    _height(out, at, {**shown, **_papers(book, row)})
    _put(book, out, at, "unit", unit, "fact")
    if row.kind == "again":
        typed = plan.typed.get(row.fact)
        if typed is not None:
            there = plan.ref(typed, "input", sheet.name)
            copy = f'=IF({there}="","(đã hỏi ở trên)",{there})'
            out.write_formula(at, AT["input"], copy, book.cell("fact", italic=True))
        return
    formats = {"count": "#,##0", "ballots": "#,##0", "decimal": "General"}
    form = book.cell("input", num_format=formats.get(fact.type, "@"))
    if isinstance(value, str):
        _text(out, at, AT["input"], value, form)
    else:
        out.write_number(at, AT["input"], value, form)
    out.data_validation(at, AT["input"], at, AT["input"], _allowed(book, row, fact))
    read = {"boolean": boolean, "ballots": ballot}.get(fact.type)
    if fact.type == "option":
        helper = option(cell, book.lists[f"fact:{row.fact}"])
    else:
        helper = read(cell) if read else number(cell, fact)
    out.write_formula(at, AT["n"], f"={helper}")
    if row.kind == "ballots" and row.option == 0:
        for name, text in ballots_row(plan, row.key, sheet.name).items():
            out.write_formula(at, AT[name], f"={text}")


def _allowed(book: _Book, row: Row, fact: Fact) -> dict[str, Any]:
    """What Excel lets one type into the cell of a fact."""
    title, stop = {"error_title": "Số liệu không hợp lệ"}, "error_message"
    if fact.type == "boolean":
        return {"validate": "list", "source": [words.YES, words.NO], stop: "Chọn có hoặc không.", **title}
    if fact.type == "option":
        return {
            "validate": "list",
            "source": f"={book.lists[f'fact:{row.fact}']}",
            stop: "Chọn trong danh sách.",
            **title,
        }
    low = fact.min or Fraction(0)
    whole = fact.type != "decimal"
    said = "số nguyên" if whole else f"số có tối đa {fact.decimals or 0} chữ số thập phân"
    out: dict[str, Any] = {"validate": "integer" if whole else "decimal", **title}
    most = fact.max if fact.type != "ballots" else Fraction(10**9)
    if most is None:
        return out | {"criteria": ">=", "value": float(low), stop: f"Nhập {said}, từ {_vi(short(low))} trở lên."}
    span = f"từ {_vi(short(low))} đến {_vi(short(most))}"
    return out | {"criteria": "between", "minimum": float(low), "maximum": float(most), stop: f"Nhập {said}, {span}."}


def _put(book: _Book, out: Any, row: int, column: str, text: str, kind: str, *, depth: int = 9, **more: Any) -> None:
    """A text that stays a text, whatever it begins with."""
    form = book.cell(kind, depth, **more)
    if text:
        _text(out, row, AT[column], text, form)
    else:
        out.write_blank(row, AT[column], None, form)


def _text(out: Any, row: int, column: int, text: str, form: Any) -> None:
    if not text:
        out.write_blank(row, column, None, form)
    elif out.write_string(row, column, text, form) != 0:
        at = f"{out.get_name()}!{letters(column)}{row + 1}"
        what, vi = "the text is longer than a cell of Excel holds (32,767 characters)", "chữ dài quá 32.767 ký tự"
        fail("par template", "too-long", what, "shorten it in the evidence", vi, "hãy rút gọn", at)


def _height(out: Any, row: int, texts: Mapping[str, str]) -> None:
    """Make a row as high as its longest text: not every program does so by itself when it opens a file."""
    most = max((_lines(text, words.WIDTHS[column]) for column, text in texts.items()), default=1)
    if most > 1:
        out.set_row(row, min(15 * most + 1, 400))


def _lines(text: str, width: int) -> int:
    return sum(max(1, -(-len(line) * 5 // (width * 6))) for line in text.split("\n"))


def _finish(out: Any, last: int, rows: int, freeze: tuple[int, int] | None = (FIRST, 3)) -> None:
    """Protection, frozen heads and the page: A4 landscape, one page wide, heads on every page."""
    out.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True})
    if freeze:
        out.freeze_panes(*freeze)
        out.repeat_rows(2, 2)
    out.set_landscape()
    out.set_paper(9)
    out.fit_to_pages(1, 0)
    out.set_margins(0.4, 0.4, 0.6, 0.6)
    out.print_area(1, 1, rows, last)
    out.set_footer("&L&A&RTrang &P/&N")
    out.hide_gridlines(2)


def _decimals(digits: int) -> str:
    return "0." + "0" * min(digits, 2) + "#" * (digits - 2) if digits else "0"


def _vi(text: str) -> str:
    return text.replace(".", ",")


_CACHED = re.compile(rb"</f><v>[^<]*</v>")


def _stable(data: bytes) -> bytes:
    """The same package with a fixed time, and without results: every program computes the formulas when it opens it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = _CACHED.sub(b"</f>", content)
            info = zipfile.ZipInfo(name, _ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, content)
    return out.getvalue()
