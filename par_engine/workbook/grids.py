"""The sheet of a survey: for each question a grid of ballots, groups down and options across."""

from __future__ import annotations

from typing import Any

from par_engine.files.xlsx_writing import high
from par_engine.workbook import words
from par_engine.workbook.book import SIZE, Book, decimals, finish, heads, put_text
from par_engine.workbook.layout import FIRST, Row, Sheet, letters
from par_engine.workbook.leaf_formulas import ballots_row
from par_engine.workbook.rule_formulas import ballot

_TALLIED = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10**9}
_WRONG = {"error_title": "Số liệu không hợp lệ", "error_message": "Nhập số phiếu, là số nguyên từ 0 trở lên."}


def survey_sheet(book: Book, sheet: Sheet, out: Any) -> None:
    """Write the sheet of one survey."""
    design = book.plan.scheme.document.surveys[sheet.survey]
    shown = words.survey_columns([(option.id, option.title.vi) for option in design.options])
    heads(book, out, f"{sheet.title} – số phiếu", shown, sheet.columns)
    for i, row in enumerate(sheet.rows):
        out.write_string(FIRST + i, 0, row.key)
        if row.kind == "asked":
            _question(book, sheet, out, FIRST + i, row)
        else:
            _group(book, sheet, out, FIRST + i, row)
    finish(out, len(shown) - 1, FIRST + len(sheet.rows) - 1)


def _question(book: Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    plan, columns = book.plan, sheet.columns
    fact = plan.scheme.document.facts[row.fact]
    head = book.cell("item", 1)
    for name in list(columns)[1 : columns["result"] + 1]:
        out.write_blank(at, columns[name], None, head)
    text = fact.title.vi + (f"\n{fact.help.vi}" if fact.help else "")
    put_text(out, at, columns["code"], row.code, head)
    put_text(out, at, columns["title"], text, head)
    high(out, at, [(text, words.ASKED)], SIZE, bold=True)
    item = f"item:{row.code}"
    if item in plan.at:
        digits = plan.scheme.document.settings.leaf_decimals
        for name, kind in (("points", "points"), ("result", "item")):
            form = book.cell(kind, 1, num_format=decimals(digits))
            book.formula(
                out, at, columns[name], plan.ref(item, name, sheet.name), form, book.results[item].get(name, "")
            )


def _group(book: Book, sheet: Sheet, out: Any, at: int, row: Row) -> None:
    plan, columns = book.plan, sheet.columns
    document = plan.scheme.document
    design = document.surveys[sheet.survey]
    for name in ("code", "points", "result"):
        out.write_blank(at, columns[name], None, book.cell("fact"))
    title = design.groups[row.group].title.vi
    put_text(out, at, columns["title"], title, book.cell("fact", indent=1, align="left"))
    high(out, at, [(title, words.ASKED)], SIZE, indent=1)
    counts = []
    for option in design.options:
        column = columns[f"{words.CHOSEN}{option.id}"]
        value = book.filled.values.get(f"{row.key}:{option.id}")
        form = book.cell("input", num_format="#,##0")
        if value is None:
            out.write_blank(at, column, None, form)
        else:
            counts.append(float(value))
            out.write_number(at, column, float(value), form)
        out.data_validation(at, column, at, column, {**_TALLIED, **_WRONG})
        book.formula(out, at, columns[f"n:{option.id}"], ballot(f"${letters(column)}${at + 1}"))
    ids = [letters(columns[f"n:{option.id}"]) for option in (design.options[0], design.options[-1])]
    typed = f"${ids[0]}${at + 1}:${ids[1]}${at + 1}"
    total = f'IF(COUNT({typed})=0,"",SUM({typed}))'
    form = book.cell("fact", num_format="#,##0", align="right")
    book.formula(out, at, columns["sum"], total, form, sum(counts) if counts else "")
    for name, text in ballots_row(plan, row.key, sheet.name).items():
        book.formula(out, at, columns[name], text)
