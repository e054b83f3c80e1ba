"""The engine's lane: synthetic columns as validated evidence."""

from __future__ import annotations

import numpy as np
from synthetic import LEAVES, LEVELS, Columns

from par_engine.evidence.from_table import Table, validate_table
from par_engine.evidence.model import Evidence
from par_engine.methodology.scheme import Scheme

_MEANS = {leaf.code for leaf in LEAVES if leaf.kind == "mean"}
_LEVELS = {leaf.code for leaf in LEAVES if leaf.kind == "level"}


def evidence(scheme: Scheme, facts: Columns, units: int) -> Evidence:
    """Through the same validation as a DataFrame; levels are set as numbers afterwards, as text they take long."""
    columns = {"unit": [f"u{i}" for i in range(units)]}
    columns |= {
        name: column / 100 if name in _MEANS else column for name, column in facts.items() if name not in _LEVELS
    }  # type: ignore[misc]
    read = validate_table(scheme, Table(columns, units, lambda row, name: f"row {row}, {name}"), "synthetic")
    values, present = read.values.copy(), np.ones_like(read.present)
    for name in _LEVELS:
        values[:, scheme.columns[name].start] = facts[name]
    return Evidence("synthetic", "benchmark", read.units, values, present)


def as_dict(facts: Columns, row: int) -> dict[str, object]:
    """One unit as a developer would hand it over."""
    out: dict[str, object] = {}
    for name, column in facts.items():
        value = column[row].item()
        out[name] = LEVELS[value] if name in _LEVELS else value / 100 if name in _MEANS else value
    return {"methodology": "synthetic", "stage": "s", "units": [{"unit": "u", "facts": out}]}
