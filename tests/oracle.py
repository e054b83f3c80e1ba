"""An independent reference: the manual's definitions in fractions, read from plain dicts. Imports nothing of the engine."""

from __future__ import annotations

import math
from fractions import Fraction as F
from typing import Any

SCORED, MISSING, PENDING, ABSENT = "scored", "missing", "pending", "not_applicable"


def rounded(x: F, decimals: int, mode: str) -> F:
    """x ≥ 0 rounded to some decimals."""
    scaled = x * 10**decimals
    low = math.floor(scaled)
    rest = scaled - low
    up = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= F(1, 2),
        "half_down": rest > F(1, 2),
        "half_even": rest > F(1, 2) or (rest == F(1, 2) and low % 2 == 1),
    }[mode]
    return F(low + up, 10**decimals)


def _zero(word: str, top: F) -> F | str:
    return {"zero": F(0), "full": top, "not_applicable": ABSENT, "missing": MISSING}[word]


def leaf(doc: dict[str, Any], item: dict[str, Any], facts: dict[str, Any]) -> F | str:
    """Unrounded points of a leaf whose facts are all there, or an outcome."""
    rule, top = item["rule"], F(item["max"])
    name = rule["name"]
    if name == "choice":
        value = facts[rule["fact"]]
        return F(rule["points"][str(value).lower() if isinstance(value, bool) else value])
    if name == "checklist":
        return sum((F(p) for f, p in rule["points"].items() if facts[f]), F(0))
    if name == "ratio":
        part, whole = F(facts[rule["part"]]), F(facts[rule["whole"]])
        if whole == 0:
            return _zero(rule["whole_zero"], top)
        r = part / whole
        if r < F(rule["floor"]):
            return F(0)
        return top if r >= F(rule["full_at"]) else top * r / F(rule["full_at"])
    if name == "bands":
        measure = rule["measure"]
        if "fact" in measure:
            x = F(facts[measure["fact"]])
        else:
            a, b = (F(facts[measure[k]]) for k in (("part", "whole") if "part" in measure else ("now", "before")))
            if b == 0:
                return _zero(rule["whole_zero"], top)
            x = a / b if "part" in measure else (a - b) / b
        for band in rule["bands"]:
            inside = ("from" not in band or x >= F(band["from"])) and ("above" not in band or x > F(band["above"]))
            inside &= ("below" not in band or x < F(band["below"])) and ("to" not in band or x <= F(band["to"]))
            if inside:
                if "points_to" not in band:
                    return F(band["points"])
                low, high = F(band.get("from", band.get("above"))), F(band.get("below", band.get("to")))
                p, q = F(band["points"]), F(band["points_to"])
                return p + (q - p) * (x - low) / (high - low)
        raise AssertionError("no band")
    if name == "tally":
        return min(top, F(rule["each"]) * facts[rule["fact"]])
    if name == "deduction":
        return max(F(rule["floor"]), top - F(rule["step"]) * facts[rule["fact"]])
    if name == "given":
        return F(facts[rule["fact"]])
    assert name == "survey"
    design = doc["surveys"][doc["facts"][rule["fact"]]["survey"]]
    ballots = facts[rule["fact"]]
    count = lambda g, o: ballots.get(g, {}).get(o, 0)  # noqa: E731
    groups = [g["id"] for g in design["groups"]]
    options = [(o["id"], F(o["share"])) for o in design["options"]]
    if design["combine"] == "pooled":
        n = sum(count(g, o) for g in groups for o, _ in options)
        return top * sum(count(g, o) * s for g in groups for o, s in options) / n if n else PENDING
    weights = [F(g["weight"]) for g in design["groups"]]
    share = F(0)
    for g, w in zip(groups, weights, strict=True):
        n = sum(count(g, o) for o, _ in options)
        if w and not n:
            return PENDING
        share += w * sum(count(g, o) * s for o, s in options) / n if w else 0
    return top * share / sum(weights)


def _names(rule: dict[str, Any]) -> list[str]:
    if rule["name"] == "checklist":
        return list(rule["points"])
    if rule["name"] == "bands":
        return list(rule["measure"].values())
    return [rule[k] for k in ("fact", "part", "whole") if k in rule]


def unit(doc: dict[str, Any], entry: dict[str, Any]) -> dict[str, tuple[str, F | None, F | None]]:
    """(outcome, points, attainable) of every item, of the total, and of streams as `stream:id`; no stated points."""
    settings = doc["settings"]
    awaited = {s["id"] for s in doc["streams"] if s["awaited"]}
    items = {i["code"]: i for i in doc["items"]}
    below: dict[str, list[str]] = {}
    for i in doc["items"]:
        below.setdefault(i.get("parent", "total"), []).append(i["code"])
    facts = entry.get("facts", {})
    declared: dict[str, str] = {}

    def spread(code: str, outcome: str) -> None:
        for child in below.get(code, []):
            spread(child, outcome)
        if code not in below:
            declared[code] = outcome

    def normal(code: str) -> list[str]:
        """The leaves that are normal parts of normal parts, all the way down."""
        if code not in below:
            return [code]
        return [x for c in below[code] if "role" not in items[c] for x in normal(c)]

    def beside(code: str) -> list[str]:
        """All leaves at or under an item but for its checks."""
        if code not in below:
            return [code]
        return [x for c in below[code] if items[c].get("role") != "check" for x in beside(c)]

    said = entry.get("outcomes", {})
    for code in sorted(said):
        if said[code]["outcome"] != ABSENT:
            spread(code, said[code]["outcome"])
    for code in said:
        if said[code]["outcome"] == ABSENT:
            spread(code, ABSENT)

    results: dict[str, F | str] = {}
    for code, item in items.items():
        if code in below:
            continue
        if code in declared:
            results[code] = declared[code]
        elif all(f in facts and facts[f] is not None for f in _names(item["rule"])):
            results[code] = leaf(doc, item, facts)
        else:
            results[code] = PENDING if item["stream"] in awaited else MISSING
    # what does not apply takes its bonuses and penalties with it
    for code in [c for c in ("total", *items) if c in below and all(results[x] == ABSENT for x in normal(c))]:
        results |= dict.fromkeys(beside(code), ABSENT)

    def solve(code: str) -> tuple[str, F, F, bool]:
        """outcome, points, attainable, blocked"""
        if code in done:
            return done[code]
        item = doc["total"] if code == "total" else items[code]
        blocked = False
        if code in below:
            outcome, points, attainable, blocked = combine(code, item)
        else:
            result = results[code]
            policy = item.get("missing", settings["missing"])
            if isinstance(result, F):
                outcome, points, attainable = (
                    SCORED,
                    rounded(result, settings["leaf_decimals"], settings["rounding"]),
                    F(item["max"]),
                )
            else:
                outcome, points = result, F(0)
                attainable = F(item["max"]) if result == MISSING and policy == "zero" else F(0)
                blocked = result == MISSING and policy == "block"
        points = max(points, F(0)) if attainable > 0 else F(0)
        cap = item.get("cap")
        if cap is not None:
            points = min(points, attainable if cap == "attainable" else F(cap))
        for gate in item.get("gates", []):
            _, g_points, g_attainable, _ = solve(gate["item"])
            waits = any(results[c] == PENDING for c in beside(gate["item"]))
            if g_attainable > 0 and not waits and g_points < F(gate["below"]):
                points = min(points, F(gate["cap"]))
        done[code] = (outcome, points, attainable, blocked)
        return done[code]

    def combine(code: str, item: dict[str, Any]) -> tuple[str, F, F, bool]:
        kids = [c for c in below[code] if items[c].get("role") != "check"]
        solved = {c: solve(c) for c in kids}
        normal = [c for c in kids if "role" not in items[c]]
        extra = sum((solved[c][1] for c in kids if items[c].get("role") == "bonus"), F(0))
        extra -= sum((solved[c][1] for c in kids if items[c].get("role") == "penalty"), F(0))
        if item.get("aggregate", settings["aggregate"]) == "sum":
            points = sum((solved[c][1] for c in normal), F(0))
            attainable = sum((solved[c][2] for c in normal), F(0))
        else:
            counted = [c for c in normal if solved[c][2] > 0]
            points, attainable = F(0), F(0)
            if counted:
                weights = sum(F(items[c]["weight"]) for c in counted)
                mean = sum(F(items[c]["weight"]) * solved[c][1] / solved[c][2] for c in counted) / weights
                points = rounded(mean * F(item["max"]), settings["leaf_decimals"], settings["rounding"])
                attainable = F(item["max"])
        tips = [results[x] for x in beside(code)]
        outcome = SCORED
        if PENDING in tips:
            outcome = PENDING
        if MISSING in tips:
            outcome = MISSING
        if all(solved[c][0] == ABSENT for c in normal):
            outcome = ABSENT
        return outcome, points + extra, attainable, any(solved[c][3] for c in kids)

    done: dict[str, tuple[str, F, F, bool]] = {}
    for code in [*items, "total"]:
        solve(code)
    return {code: (o, None if b else p, None if b else a) for code, (o, p, a, b) in done.items()}


def nearest(doc: dict[str, Any], stated: dict[str, dict[str, str]], code: str) -> tuple[str, F] | None:
    """The stated figure that gives a leaf its points: item, `stream:id` or total, and those points; no facts given."""
    items = {i["code"]: i for i in doc["items"]} | {"total": doc["total"]}
    below: dict[str, list[str]] = {}
    for i in doc["items"]:
        below.setdefault(i.get("parent", "total"), []).append(i["code"])
    sums = all(items[c].get("aggregate", doc["settings"]["aggregate"]) == "sum" for c in below)
    plain = sums and not any(i.keys() & {"gates", "cap", "role"} for i in items.values())
    at: str | None = code
    while at is not None:
        if at != code and at in stated.get("items", {}) and (at != "total" or not plain):
            return at, F(stated["items"][at])
        item, parent = items[at], items[at].get("parent", "total") if at != "total" else None
        through = not item.keys() & {"gates", "cap", "role"} and (
            at == code or item.get("aggregate", doc["settings"]["aggregate"]) == "sum"
        )
        over = parent is not None and below[parent] == [at] and not items[parent].keys() & {"gates", "cap", "role"}
        over = over and items[parent or at].get("aggregate", doc["settings"]["aggregate"]) == "sum"
        at = parent if through and over else None
    stream = items[code]["stream"]
    if plain and [i["code"] for i in doc["items"] if i.get("stream") == stream] == [code]:
        if stream in stated.get("streams", {}):
            return f"stream:{stream}", F(stated["streams"][stream])
    if plain and len([i for i in doc["items"] if "rule" in i]) == 1 and "total" in stated.get("items", {}):
        return "total", F(stated["items"]["total"])
    return None


def standings(doc: dict[str, Any], totals: list[tuple[F, F] | None]) -> list[tuple[F, int, str] | None]:
    """(printed index, rank, group) of units by (points, attainable); None entries have no index."""
    s = doc["settings"]
    exact = [100 * t[0] / t[1] if t is not None and t[1] > 0 else None for t in totals]
    printed = [None if x is None else rounded(x, s["index_decimals"], s["rounding"]) for x in exact]
    keys = exact if s["rank_on"] == "exact" else printed
    real = [k for k in keys if k is not None]
    out: list[tuple[F, int, str] | None] = []
    for x, p, k in zip(exact, printed, keys, strict=True):
        if x is None or p is None or k is None:
            out.append(None)
            continue
        better = {
            "standard": sum(o > k for o in real) + 1,
            "modified": sum(o >= k for o in real),
            "dense": len({o for o in real if o > k}) + 1,
        }
        basis = x if s["group_on"] == "exact" else p
        group = next(g["id"] for g in doc["groups"] if basis >= F(g["from"]))
        out.append((p, better[s["ties"]], group))
    return out
