"""Long: tables of one row a unit and fact, turned into columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from par_engine.errors import EvidenceError, Problem, quote
from par_engine.tables import Table, empty

LONG = frozenset({"unit", "fact", "value"})


def long_table(label: str, columns: Mapping[str, Sequence[Any]], places: Sequence[str], stage: str = "table") -> Table:
    """A table of `unit`, `fact`, `value` turned wide. Raises EvidenceError for cells that stand twice.

    `places` says where each row came from: "line 7", "row 3".
    """
    wide: dict[str, dict[str, Any]] = {}
    at: dict[tuple[str, str], str] = {}
    first: dict[str, str] = {}
    problems = [
        Problem(
            label,
            "header",
            "unknown-column",
            f"a long table has no column {quote(name)}",
            "unit, fact, value",
            "error",
            f"bảng dọc không có cột {quote(name)}",
            "unit, fact, value",
        )
        for name in sorted(set(columns) - LONG)
    ]
    for unit, fact, value, place in zip(columns["unit"], columns["fact"], columns["value"], places, strict=True):
        key = ("" if empty(unit) else str(unit).strip(), "" if empty(fact) else str(fact).strip())
        if key in at:
            what, what_vi = f"{key[1]} of {key[0]} stands twice", f"{key[1]} của {key[0]} xuất hiện hai lần"
            hint, hint_vi = "keep one row", "chỉ giữ lại một dòng"
            problems.append(Problem(label, place, "duplicate-fact", what, hint, "error", what_vi, hint_vi))
            continue
        at[key] = place
        first.setdefault(key[0], place)
        wide.setdefault(key[0], {})[key[1]] = value
    if problems:
        raise EvidenceError(problems)
    units = list(wide)
    out: dict[str, Any] = {"unit": units}
    for header in dict.fromkeys(fact for _, fact in at):
        out[header] = [wide[unit].get(header, "") for unit in units]

    def where(row: int, header: str) -> str:
        place = at.get((units[row], header), first[units[row]])
        return f"{place}, column {'unit' if header == 'unit' else 'value'}"

    return Table(out, len(units), where, stage)
