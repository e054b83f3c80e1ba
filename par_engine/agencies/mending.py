"""An agencies-1 document in which what is wrong in form is stood in for, so that the rest of it can be checked too."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from par_engine.agencies.model import Document

_TEXTS = ("id", "name", "title", "unit")


def mended(document: Mapping[str, Any], error: ValidationError, methodology: str) -> Document | None:
    """The document with stand-ins for all that the error names; None where that does not make one."""
    content = copy.deepcopy(dict(document))
    for n, fault in enumerate(error.errors(include_url=False, include_input=False)):
        _stand_in(content, list(fault["loc"]), fault["type"], n, methodology)
    try:
        return Document.model_validate(content)
    except ValidationError:
        return None


def _stand_in(content: dict[str, Any], loc: list[Any], kind: str, n: int, methodology: str) -> None:
    """Put something harmless where a fault is, or take the fault out."""
    if loc and loc[-1] == "[key]":
        kind, loc = "extra_forbidden", loc[:-1]
    at: Any = content
    for step in loc[:-1]:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            return  # stood in for with what is around it
    key = loc[-1] if loc else None
    if isinstance(at, list) and isinstance(key, int) and key < len(at):
        at[key] = _entry(loc[0], n)
    elif isinstance(at, dict) and isinstance(key, str):
        if kind == "extra_forbidden" or (value := _value(key, content, n, methodology)) is None:
            at.pop(key, None)
        else:
            at[key] = value


def _value(key: str, content: Mapping[str, Any], n: int, methodology: str) -> Any:
    """What stands in for a key; None for one that may be left out."""
    kinds = content.get("kinds")
    first = kinds[0].get("title") if isinstance(kinds, list) and kinds and isinstance(kinds[0], dict) else None
    lists: dict[str, Any] = {"from": [], "kinds": [_entry("kinds", n)], "agencies": [_entry("agencies", n)]}
    texts = dict.fromkeys(_TEXTS, f"x-{n}") | {"methodology": methodology, "kind": first or f"x-{n}"}
    return lists.get(key, texts.get(key))


def _entry(where: str, n: int) -> Any:
    entries: dict[str, Any] = {"kinds": {"id": f"x-{n}", "title": f"x-{n}"}}
    entries["agencies"] = {"id": f"x-{n}", "name": f"x-{n}", "kind": "x"}
    return entries.get(where, f"x-{n}")
