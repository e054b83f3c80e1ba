"""Every edit by hand that a report can suffer: one value changed, the rest as it was."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

OUTCOMES = ["scored", "missing", "pending", "not_applicable"]
NUMBERS = ("points", "max", "attainable", "index", "official", "derived", "reconstructed")
At = tuple[str | int, ...]


def edits(node: Any, at: At = ()) -> Iterator[tuple[At, Any]]:
    """All places of a report, each with another value that a report may have there."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key != "$schema":
                yield from edits(value, (*at, key))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from edits(value, (*at, i))
    else:
        yield at, other(node, str(at[-1]))


def other(value: Any, key: str) -> Any:
    """Another value of the same kind; of a number the last digit."""
    if key == "outcome":
        return OUTCOMES[(OUTCOMES.index(value) + 1) % 4]
    if isinstance(value, bool):
        return not value
    if value is None:
        return {"rank": 1, "group": "A", "distribution": "x", "version": "x"}.get(key, "1.25")
    if isinstance(value, int):
        return value + 1
    if key in ("sha256", "fingerprint"):
        return ("0" if value[0] != "0" else "1") + value[1:]
    if key in NUMBERS:
        return value[:-1] + str((int(value[-1]) + 1) % 10)
    if key == "severity":
        return value  # there is no other
    return f"{value}x"


def edited(report: dict[str, Any], at: At, value: Any) -> dict[str, Any]:
    """A copy of the report with one value changed."""
    out = copy.deepcopy(report)
    place: Any = out
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] = value
    return out
