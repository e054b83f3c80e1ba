"""What changing facts takes: a blank form for one unit, and what was filled in, from XLSX or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from par_engine.advice.improve import movable
from par_engine.base.names import fold
from par_engine.base.problems import (
    ParError,
    Problem,
    fail,
    nearest,
    own_problem,
    problem,
    quote,
)
from par_engine.base.types import Fact, say_value
from par_engine.evidence.readers import read_csv
from par_engine.evidence.value_parsing import Refused, number
from par_engine.files.documents import read_bytes
from par_engine.files.xlsx_reading import fault, opened, rows, text
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.results.assessment import Assessment

_NAMES = {"fact": {"fact", "mã số liệu"}, "effort": {"effort", "công sức"}}
_HEADS = ("Mã số liệu", "Mục", "Số liệu", "Đơn vị tính", "Hiện có", "Công sức")
_STEPS = {"boolean": "đổi câu trả lời", "option": "đổi câu trả lời", "count": "mỗi 1", "decimal": "mỗi 1"}
_TITLES = (
    "Công sức của một bước: thêm hay bớt 1, hoặc đổi câu trả lời; mọi dòng cùng một thước đo, ví dụ ngày công.",
    "Để trống dòng không thay đổi được. Xong thì lưu lại và chạy par improve với --effort TỆP.xlsx.",
)
_HEAD_ROWS, _WIDTH = 15, 26


class _Typed(NamedTuple):
    fact: str
    effort: str
    places: tuple[str, str]


def form(before: Assessment, row: int) -> bytes:
    """The facts of a unit that advice may change, with what they are now, as a workbook to fill in."""
    scheme = before.scheme
    now = movable(before, row)
    codes = {name: [leaf.code for leaf in scheme.leaves if name in leaf.rule.facts()] for name in now}
    lines = [
        [name, ", ".join(codes[name]), fact.title.vi, _step(fact), say_value(now[name], fact, "vi"), None]
        for name, fact in scheme.document.facts.items()
        if name in now
    ]
    titles = [f"CÔNG SỨC ĐỂ THAY ĐỔI SỐ LIỆU: {before.at(row).name}", scheme.document.title.vi, *_TITLES]
    return xlsx([Sheet("Công sức", _HEADS, lines, [16, 12, 60, 20, 24, 12], titles)], "workbook")


def _step(fact: Fact) -> str:
    return f"{_STEPS[fact.type]} {fact.unit.vi}" if fact.unit is not None else _STEPS[fact.type]


def read(path: Path, facts: Mapping[str, Fact]) -> dict[str, Fraction]:
    """Effort by fact. Raises ParError with all problems; a row of a form that is left blank is none."""
    problems: list[Problem] = []
    typed = _workbook(path, problems) if path.suffix.lower() == ".xlsx" else _table(path)
    out: dict[str, Fraction] = {}
    for line in typed:
        problems += _line(path.name, line, facts, out)
    if problems:
        raise ParError(problems)
    return out


def _line(label: str, line: _Typed, facts: Mapping[str, Fact], out: dict[str, Fraction]) -> Iterator[Problem]:
    name, (at, beside) = line.fact, line.places
    if name not in facts:
        yield problem("unknown-fact.line", label, at, name=quote(name), near=nearest(name, facts))
    elif name in out:
        yield problem("twice.line", label, at, name=quote(name))
    try:
        effort = number(line.effort, percent=True)
    except Refused as refused:
        yield own_problem(label, beside, *refused.texts)  # type: ignore[arg-type]
        return
    if effort < 0:
        yield problem("negative", label, beside, effort=quote(line.effort))
    out[name] = effort


_CODES = "dùng mã số liệu, như trong biểu của --effort-form"


def _table(path: Path) -> Iterator[_Typed]:
    found = read_csv(read_bytes(path), path)
    known = {**_NAMES, "fact": _NAMES["fact"] | {"số liệu"}}
    heads = {key: next((h for h in found.columns if fold(str(h)) in names), None) for key, names in known.items()}
    if None in heads.values():
        fail("header", path.name)
    columns = [str(heads[key]) for key in _NAMES]
    for row in range(found.rows):
        name, effort = (str(found.columns[column][row]) for column in columns)
        yield _Typed(name, effort, (found.place(row, columns[0]), found.place(row, columns[1])))


def _workbook(path: Path, problems: list[Problem]) -> list[_Typed]:
    label = path.name
    out: list[_Typed] = []
    at: dict[str, int] = {}
    with opened(read_bytes(path), label, "workbook") as book:
        for sheet in book.worksheets:
            for n, cells in enumerate(rows(sheet, label, _WIDTH), 1):
                if not at:
                    heads = [fold(text(cell)) for cell in cells]
                    found = {key: i for i, head in enumerate(heads) for key, names in _NAMES.items() if head in names}
                    at = found if len(found) == len(_NAMES) else {}
                    if not at and n > _HEAD_ROWS:
                        break
                    continue
                one = {key: cells[i] for key, i in at.items()}
                places = {key: f"{sheet.title}!{chr(ord('A') + at[key])}{n}" for key in at}
                wrong = [fault(cell, label, places[key]) for key, cell in one.items()]
                problems += [problem for problem in wrong if problem is not None]
                name, effort = text(one["fact"]).strip(), text(one["effort"]).strip()
                if effort and not any(wrong):
                    out.append(_Typed(name, effort, (places["fact"], places["effort"])))
            if at:
                break
    if not at:
        fail("header.workbook", label)
    return out
