"""The sheet of a field: items with their points, facts to type into, documents beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from par_engine.base.dates import day as day_from
from par_engine.base.decimals import short
from par_engine.base.types import Fact
from par_engine.workbook import words
from par_engine.workbook.book import Book, comma, decimals, finish, heads, height, put, put_text, role_of
from par_engine.workbook.layout import FIRST, Row, Sheet, letters
from par_engine.workbook.prefill import labels
from par_engine.workbook.rule_formulas import boolean, number, option
from par_engine.workbook.words import AT


def field_sheet(book: Book, sheet: Sheet, out: Any) -> None:
    """Write one sheet of a plan."""
    heads(book, out, sheet.title)
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
                put_text(out, at, AT[name], text, book.cell("input", num_format="@"))
    digits = scheme.document.settings.leaf_decimals
    out.set_column(AT["points"], AT["points"], max(words.WIDTHS["points"], digits + 5))
    finish(out, AT["link"], FIRST + len(sheet.rows) - 1)
    out.repeat_columns(AT["code"], AT["title"])
    out.set_v_pagebreaks([AT["outcome"]])  # facts and points on one page, reasons and documents on the next
    out.set_print_scale(68 if book.plan.stated else 72)
    out.print_across()


def _papers(book: Book, row: Row) -> dict[str, str]:
    """The document that stands beside a row, by column: an item's documents fill its rows from the top."""
    listed = book.filled.papers.get(row.code, ())
    n = book.nth[row.key]
    paper = listed[n] if n < len(listed) else {}
    texts = {name: paper.get(key, "") for name, key in words.DOCUMENT.items()}
    day = day_from(texts["date"])
    return texts if day is None else texts | {"date": f"{day:%d/%m/%Y}"}


def _item(book: Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    item, plan = book.plan.scheme.items[row.code], book.plan
    digits = plan.scheme.document.settings.leaf_decimals
    put(book, out, at, "code", item.code, "item", depth=row.depth)
    put(book, out, at, "title", item.title.vi + role_of(item.role), "item", depth=row.depth)
    how = (item.rule_text.vi if item.rule_text else "") + (words.BASIS[item.basis] if item.rule is not None else "")
    how += _elsewhere(book, row.code)
    put(book, out, at, "how", how, "item", depth=row.depth, bold=False)
    put(book, out, at, "unit", "", "item", depth=row.depth)
    put(book, out, at, "input", "", "item", depth=row.depth)
    form = book.cell("item", row.depth, num_format=decimals(digits), align="right")
    out.write_number(at, AT["max"], float(item.max), form)
    declared = book.filled.declared.get(row.code)
    why = declared[1] if declared else book.filled.explained.get(row.code, "")
    height(
        out,
        at,
        {
            "title": item.title.vi,
            "result": book.made[row.key].note,
            "how": how,
            "why": why,
            **_papers(book, row),
        },
        heavy="title" if row.depth < 2 else "",
    )
    if item.rule is None:
        stated(book, out, at, row.key, item.max, row.depth)
    else:
        put(book, out, at, "stated", "", "item", depth=row.depth)
        for i, stream in enumerate(plan.scheme.document.streams):
            if item.code in plan.scheme.stream_leaves[stream.id]:
                out.write_number(at, AT["stream"], i + 1)
    formulas(book, out, at, row.key, row.depth)
    known = [o for o in words.OUTCOMES if o != "not_applicable" or item.may_not_apply]
    put_text(out, at, AT["outcome"], words.OUTCOMES[declared[0]] if declared else "", book.cell("input"))
    put_text(out, at, AT["why"], why, book.cell("input", num_format="@"))
    source = [words.OUTCOMES[o] for o in known]
    out.data_validation(at, AT["outcome"], at, AT["outcome"], {"validate": "list", "source": source})


def _elsewhere(book: Book, code: str) -> str:
    """Where the ballots of an item are typed."""
    rule = book.plan.scheme.items[code].rule
    names = rule.facts() if rule is not None else ()
    rows = (book.plan.typed.get(name, "") for name in names)
    homes = dict.fromkeys(book.plan.at[key][0] for key in rows if key.startswith("ballots:"))
    return "".join(f" Nhập số phiếu ở trang “{home}”." for home in homes)


def formulas(book: Book, out: Any, at: int, key: str, depth: int) -> None:
    """The formulas of a row, with what the shown ones hold before any program computes them."""
    shows = book.results.get(key, {})
    numbers = decimals(book.plan.scheme.document.settings.leaf_decimals)
    for name, text in book.made[key].cells.items():
        if name in ("points", "result"):
            more = {"num_format": numbers} if name == "points" else {"italic": True}
            book.formula(out, at, AT[name], text, book.cell(name, depth, **more), shows.get(name, ""))
        else:
            book.formula(out, at, AT[name], text)


def stated(book: Book, out: Any, at: int, key: str, maximum: Fraction, depth: int) -> None:
    """The cell for points that stand for the parts of a row; locked where the workbook takes none."""
    digits = book.plan.scheme.document.settings.stated_decimals
    value = book.filled.stated.get(key)
    kind = "input" if book.plan.stated else "item"
    form = book.cell(kind, depth, num_format=decimals(digits))
    if value is None:
        out.write_blank(at, AT["stated"], None, form)
    else:
        out.write_number(at, AT["stated"], value, form)
    if book.plan.stated:
        said = f"Nhập điểm từ 0 đến {comma(short(maximum))}, tối đa {digits} chữ số thập phân."
        allowed = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(maximum)}
        out.data_validation(
            at, AT["stated"], at, AT["stated"], allowed | {"error_title": "Điểm không hợp lệ", "error_message": said}
        )


def _fact(book: Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    plan = book.plan
    for name in ("code", "max", "stated", "points", "result", "outcome", "why"):
        put(book, out, at, name, "", "fact")
    if row.kind == "paper":
        for name in ("how", "unit", "input"):
            put(book, out, at, name, "", "fact")
        put(book, out, at, "title", "Tài liệu khác", "fact", indent=min(row.depth, 3), align="left", italic=True)
        return
    fact = plan.scheme.document.facts[row.fact]
    title, cell = fact.title.vi, f"${letters(AT['input'])}${at + 1}"
    put(book, out, at, "title", title, "fact", indent=min(row.depth, 3), align="left")
    help_ = fact.help.vi if fact.help else ""
    put(book, out, at, "how", help_, "fact", italic=True)
    unit = fact.unit.vi if fact.unit else ""
    value = book.filled.values.get(row.key, "")
    # a row with a height of its own does not grow when something is chosen: the longest option must fit
    longest = max([*labels(fact).values(), value if isinstance(value, str) else ""], key=len)
    shown = {"title": title, "how": help_, "unit": unit, "input": longest}
    height(out, at, {**shown, **_papers(book, row)}, indent=min(row.depth, 3))
    put(book, out, at, "unit", unit, "fact")
    if row.kind == "again":
        typed = plan.typed.get(row.fact)
        if typed is not None:
            there = plan.ref(typed, "input", sheet.name)
            copy = f'IF({there}="","(đã hỏi ở trên)",{there})'
            known = book.filled.values.get(typed, "(đã hỏi ở trên)")
            book.formula(out, at, AT["input"], copy, book.cell("fact", italic=True), known)
        return
    formats = {"count": "#,##0", "decimal": "General"}
    form = book.cell("input", num_format=formats.get(fact.type, "@"))
    if isinstance(value, str):
        put_text(out, at, AT["input"], value, form)
    else:
        out.write_number(at, AT["input"], value, form)
    out.data_validation(at, AT["input"], at, AT["input"], _allowed(book, row, fact))
    if fact.type == "option":
        helper = option(cell, book.lists[f"fact:{row.fact}"])
    else:
        helper = boolean(cell) if fact.type == "boolean" else number(cell, fact)
    book.formula(out, at, AT["n"], helper)


def _allowed(book: Book, row: Row, fact: Fact) -> dict[str, Any]:
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
    most = fact.max
    if most is None:
        return out | {"criteria": ">=", "value": float(low), stop: f"Nhập {said}, từ {comma(short(low))} trở lên."}
    span = f"từ {comma(short(low))} đến {comma(short(most))}"
    return out | {"criteria": "between", "minimum": float(low), "maximum": float(most), stop: f"Nhập {said}, {span}."}
