"""Long: tables of one row a unit and fact, turned into columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Number
from typing import Any

from par_engine.base.problems import EvidenceError, Found, problem, quote, spelled
from par_engine.evidence.from_table import Sparse, Table, empty

LONG = frozenset({"unit", "fact", "value"})


def long_table(
    label: str, columns: Mapping[str, Sequence[Any]], line: Callable[[int], str], stage: str = "table"
) -> Table:
    """A table of `unit`, `fact`, `value` turned wide. Raises EvidenceError for cells that stand twice.

    `line` says where a row came from: "line 7", "row 3".
    """
    wide: dict[str, dict[int, Any]] = {}  # by fact and unit: tables with many of both are mostly gaps
    rows: dict[str, int] = {}
    at: dict[tuple[int, str], int] = {}
    first: list[int] = []
    problems = Found(label)
    for name in sorted(set(columns) - LONG):
        problems.add(problem("unknown-column", label, "header", name=quote(name)))
    for n, (unit, fact, value) in enumerate(zip(columns["unit"], columns["fact"], columns["value"], strict=True)):
        name, key = ("" if empty(cell) else spelled(cell) for cell in (unit, fact))
        if isinstance(fact, Number) and not isinstance(fact, bool) and not empty(fact):
            problems.add(problem("code-number", label, line(n), fact=fact))
            continue
        row = rows.setdefault(name, len(rows))
        if row == len(first):
            first.append(n)
        if at.setdefault((row, key), n) == n:
            wide.setdefault(key, {})[row] = value
        elif problems.full:
            problems.more += 1
        else:
            problems.add(problem("duplicate-fact.long-table", label, line(n), key=key, name=name))
    if problems:
        raise EvidenceError(problems)
    out: dict[str, Any] = {"unit": list(rows)}
    out |= {key: Sparse(cells, len(rows)) for key, cells in wide.items()}

    def where(row: int, header: str) -> str:
        return f"{line(at.get((row, header), first[row]))}, column {'unit' if header == 'unit' else 'value'}"

    return Table(out, len(rows), where, stage)
