"""Small documents for tests: one leaf, or one leaf a rule."""

from __future__ import annotations

from typing import Any

T = {"vi": "chữ", "en": "text"}
BASE: dict[str, Any] = {"basis": "official", "sources": []}
SETTINGS: dict[str, Any] = {
    "missing": "zero",
    "leaf_decimals": 4,
    "points_decimals": 2,
    "index_decimals": 2,
    "stated_decimals": 2,
    "rounding": "half_up",
    "rank_on": "exact",
    "group_on": "exact",
    "ties": "standard",
    "aggregate": "sum",
    "units": "open",
}


def leaf(code: str, top: str, rule: dict[str, Any], stream: str = "s", **more: Any) -> dict[str, Any]:
    """One leaf."""
    return {"code": code, "title": T, "max": top, "stream": stream, "rule": rule, "rule_text": T, **BASE, **more}


def document(items: list[dict[str, Any]], facts: dict[str, Any], top: str, **more: Any) -> dict[str, Any]:
    """A methodology; `more` replaces top-level keys, `settings` only those given."""
    streams: dict[str, float] = {}
    for item in items:
        if "stream" in item and "role" not in item:
            streams[item["stream"]] = streams.get(item["stream"], 0) + float(item["max"])
    settings = SETTINGS | more.pop("settings", {})
    doc: dict[str, Any] = {
        "id": "tiny",
        "title": T,
        "settings": settings,
        "levels": [{"id": f"l{i}", "title": T} for i in range(3)],
        "streams": [
            {"id": s, "title": T, "max": f"{m:g}", "awaited": s == "survey", **BASE} for s, m in streams.items()
        ],
        "groups": [{"id": "A", "title": T, "from": "90"}, {"id": "B", "title": T, "from": "0"}],
        "sources": {},
        "rulings": {},
        "units": [],
        "surveys": {},
        "facts": {name: {"title": T, **fact} for name, fact in facts.items()},
        "total": {"title": T, "max": top, **BASE},
        "items": items,
    }
    return doc | more


def evidence(*units: dict[str, Any], **named: dict[str, Any]) -> dict[str, Any]:
    """Evidence of units u0, u1, ... or of named ones; each is the unit's `facts`, or a whole entry with a key `facts`."""
    entries = {f"u{i}": unit for i, unit in enumerate(units)} | named
    listed = [
        {"unit": u, **(e if e.keys() & {"facts", "stated", "outcomes"} else {"facts": e})} for u, e in entries.items()
    ]
    return {"methodology": "tiny", "stage": "test", "units": listed}


COUNT = {"type": "count"}
BOOLEAN = {"type": "boolean"}


def refuse_one(number: int) -> int:
    """What a worker process does: it refuses one number as the engine refuses evidence."""
    from par_engine import EvidenceError
    from par_engine.base.problems import own_problem

    if number == 1:
        raise EvidenceError([own_problem("evidence", "/units/0/unit", "unknown-unit", "no unit")])
    return number
