"""The sheet of a field: items with their points, facts to type into, documents beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from par_engine.exact import short
from par_engine.nodes import Fact
from par_engine.workbook import words
from par_engine.workbook.book import Book, comma, decimals, finish, heads, height, put, put_text, role_of
from par_engine.workbook.formulas import ballot, boolean, number, option
from par_engine.workbook.plan import FIRST, Row, Sheet, letters
from par_engine.workbook.totals import ballots_row, inner_row, leaf_row
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
    out.set_print_scale(72)
    out.print_across()


def _papers(book: Book, row: Row) -> dict[str, str]:
    """The document that stands beside a row, by column: an item's documents fill its rows from the top."""
    listed = book.filled.papers.get(row.code, ())
    n = book.nth[row.key]
    paper = listed[n] if n < len(listed) else {}
    return {name: paper.get(key, "") for name, key in words.DOCUMENT.items()}


def _item(book: Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    item, plan = book.plan.scheme.items[row.code], book.plan
    digits = plan.scheme.document.settings.leaf_decimals
    put(book, out, at, "code", item.code, "item", depth=row.depth)
    put(book, out, at, "title", item.title.vi + role_of(item.role), "item", depth=row.depth)
    how = (item.rule_text.vi if item.rule_text else "") + (words.BASIS[item.basis] if item.rule is not None else "")
    put(book, out, at, "how", how, "item", depth=row.depth, bold=False)
    put(book, out, at, "unit", "", "item", depth=row.depth)
    put(book, out, at, "input", "", "item", depth=row.depth)
    form = book.cell("item", row.depth, num_format=decimals(digits), align="right")
    out.write_number(at, AT["max"], float(item.max), form)
    declared = book.filled.declared.get(row.code)
    height(
        out,
        at,
        {
            "title": item.title.vi,
            "result": words.OWN,
            "how": how,
            "why": declared[1] if declared else "",
            **_papers(book, row),
        },
    )
    made = leaf_row(plan, row.code, sheet.name) if item.rule is not None else inner_row(plan, row.code, sheet.name)
    for name, text in made.items():
        kind = "points" if name == "points" else "item"
        form = book.cell(kind, row.depth, num_format=decimals(digits), **({"italic": True} if name == "result" else {}))
        out.write_formula(at, AT[name], f"={text}", form if name in ("points", "result") else None)
    known = [o for o in words.OUTCOMES if o != "not_applicable" or item.may_not_apply]
    put_text(out, at, AT["outcome"], words.OUTCOMES[declared[0]] if declared else "", book.cell("input"))
    put_text(out, at, AT["why"], declared[1] if declared else "", book.cell("input", num_format="@"))
    source = [words.OUTCOMES[o] for o in known]
    out.data_validation(at, AT["outcome"], at, AT["outcome"], {"validate": "list", "source": source})


def _fact(book: Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    plan = book.plan
    for name in ("code", "max", "points", "result", "outcome", "why"):
        put(book, out, at, name, "", "fact")
    if row.kind == "paper":
        for name in ("how", "unit", "input"):
            put(book, out, at, name, "", "fact")
        put(book, out, at, "title", "Tài liệu khác", "fact", indent=min(row.depth, 3), align="left", italic=True)
        return
    fact = plan.scheme.document.facts[row.fact]
    title, cell = fact.title.vi, f"${letters(AT['input'])}${at + 1}"
    if row.kind == "ballots" and fact.survey is not None:
        design = plan.scheme.document.surveys[fact.survey]
        title = f"{design.groups[row.group].title.vi} – {design.options[row.option].title.vi}"
    put(book, out, at, "title", title, "fact", indent=min(row.depth, 3), align="left")
    first = row.kind != "ballots" or (row.group, row.option) == (0, 0)
    help_ = (
        fact.help.vi if fact.help and first else f"Số phiếu: {fact.title.vi}" if row.kind == "ballots" and first else ""
    )
    put(book, out, at, "how", help_, "fact", italic=True)
    unit = fact.unit.vi if fact.unit else "phiếu" if row.kind == "ballots" else ""
    value = book.filled.values.get(row.key, "")
    shown = {"title": title + "   ", "how": help_, "unit": unit, "input": value if isinstance(value, str) else ""}
    height(out, at, {**shown, **_papers(book, row)})
    put(book, out, at, "unit", unit, "fact")
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
        put_text(out, at, AT["input"], value, form)
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
    most = fact.max if fact.type != "ballots" else Fraction(10**9)
    if most is None:
        return out | {"criteria": ">=", "value": float(low), stop: f"Nhập {said}, từ {comma(short(low))} trở lên."}
    span = f"từ {comma(short(low))} đến {comma(short(most))}"
    return out | {"criteria": "between", "minimum": float(low), "maximum": float(most), stop: f"Nhập {said}, {span}."}
