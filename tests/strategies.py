"""Random methodologies and adversarial evidence for them, as plain documents."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

from hypothesis import strategies as st

T = {"vi": "chữ", "en": "text"}
BASE = {"basis": "official", "sources": []}
ZERO = st.sampled_from(["zero", "full", "not_applicable", "missing"])


def plain(x: F) -> str:
    """A fraction with few decimals as decimal text."""
    whole, rest = divmod(x * 10**6, 10**6)
    return f"{whole}.{int(rest):06d}".rstrip("0").rstrip(".")


@st.composite
def methodologies(draw: st.DrawFn) -> dict[str, Any]:
    """A random tree of up to three levels with every rule, role and aggregate."""
    decimals = draw(st.integers(1, 5))
    step = F(1, 10**decimals)
    doc: dict[str, Any] = {
        "id": "random",
        "title": T,
        "settings": {
            "missing": draw(st.sampled_from(["zero", "exclude", "block"])),
            "leaf_decimals": decimals,
            "points_decimals": draw(st.integers(0, decimals)),
            "index_decimals": draw(st.integers(0, 4)),
            "stated_decimals": 1,
            "rounding": draw(st.sampled_from(["half_up", "half_even", "half_down", "down", "up"])),
            "rank_on": draw(st.sampled_from(["exact", "printed"])),
            "group_on": draw(st.sampled_from(["exact", "printed"])),
            "ties": draw(st.sampled_from(["standard", "modified", "dense"])),
            "aggregate": "sum",
            "units": "open",
        },
        "levels": [{"id": f"l{i}", "title": T} for i in range(3)],
        "groups": [
            {"id": "A", "title": T, "from": "90"},
            {"id": "B", "title": T, "from": "33.3"},
            {"id": "C", "title": T, "from": "0"},
        ],
        "sources": {},
        "rulings": {},
        "units": [],
        "surveys": {
            name: {
                "title": T,
                "combine": combine,
                "options": [{"id": o, "title": T, "share": s} for o, s in (("a", "1"), ("b", share), ("c", "0"))],
                "groups": [{"id": g, "title": T, "weight": w} for g, w in (("g", "1"), ("h", weight), ("i", "0"))],
                **BASE,
            }
            for name, combine, share, weight in (
                ("weighted", "weighted", draw(st.sampled_from(["0.37", "2/3"])), draw(st.sampled_from(["2.5", "4/3"]))),
                ("pooled", "pooled", "1/3", "2.5"),
            )
        },
        "facts": {},
        "items": [],
    }
    maxima = st.integers(1, 40).map(lambda n: n * step * draw(st.sampled_from([1, 5, 10])))

    def add_fact(kind: str, **more: Any) -> str:
        name = f"f{len(doc['facts'])}"
        doc["facts"][name] = {"type": kind, "title": T, **more}
        return name

    def number() -> str:
        if draw(st.booleans()):
            return add_fact("count")
        return add_fact("decimal", decimals=draw(st.integers(0, 4)))

    def points(top: F) -> str:
        return plain(draw(st.integers(0, int(top / step))) * step)

    def rate(top: F) -> str:
        exact = max(step, F(points(top)))
        parts = draw(st.sampled_from([1, 1, 3, 7]))
        return plain(exact) if (exact * 10**9 / parts).denominator == 1 else str(exact / parts)

    def rule(top: F) -> dict[str, Any]:
        name = draw(st.sampled_from(["choice", "checklist", "ratio", "bands", "tally", "deduction", "survey", "given"]))
        if name == "choice":
            if draw(st.booleans()):
                return {
                    "name": name,
                    "fact": add_fact("boolean"),
                    "points": {"true": points(top), "false": points(top)},
                }
            ids = ["x", "y", "z"]
            fact = add_fact("option", options=[{"id": i, "title": T} for i in ids])
            return {"name": name, "fact": fact, "points": {i: points(top) for i in ids}}
        if name == "checklist":
            first = F(points(top))
            return {
                "name": name,
                "points": {add_fact("boolean"): plain(first), add_fact("boolean"): plain(top - first)},
            }
        if name == "ratio":
            full = draw(st.sampled_from(["1", "0.95", "0.4", "1.2", "2/3", "7/6"]))
            floor = draw(st.sampled_from(["0", "0.4", "1/3", full]))
            floor = floor if F(floor) <= F(full) else full
            return {
                "name": name,
                "part": number(),
                "whole": number(),
                "floor": floor,
                "full_at": full,
                "over": "cap",
                "whole_zero": draw(ZERO),
            }
        if name == "bands":
            kind = draw(st.sampled_from(["fact", "share", "change"]))
            out: dict[str, Any] = {"name": name, "bands": bands(top)}
            if kind == "fact":
                out["measure"] = {"fact": number()}
            elif kind == "share":
                out |= {"measure": {"part": number(), "whole": number()}, "over": "allow", "whole_zero": draw(ZERO)}
            else:
                out |= {"measure": {"now": number(), "before": number()}, "whole_zero": draw(ZERO)}
            return out
        if name == "tally":
            return {"name": name, "fact": add_fact("count"), "each": rate(top)}
        if name == "deduction":
            return {
                "name": name,
                "fact": add_fact("count"),
                "step": rate(top),
                "floor": points(top),
            }
        if name == "survey":
            return {"name": name, "fact": add_fact("ballots", survey=draw(st.sampled_from(["weighted", "pooled"])))}
        return {"name": name, "fact": add_fact("decimal", decimals=draw(st.integers(0, 8)))}

    def bands(top: F) -> list[dict[str, str]]:
        cuts = sorted(
            draw(
                st.sets(
                    st.sampled_from(["0", "0.1", "0.25", "1/3", "0.5", "2/3", "1", "5/3", "2", "7.5", "100"]),
                    max_size=4,
                )
            ),
            key=F,
        )
        out: list[dict[str, str]] = [{"points": points(top)}]
        for cut in cuts:
            low, high = draw(st.sampled_from([("from", "below"), ("above", "to")]))
            out[-1][high] = cut
            out.append({low: cut, "points": points(top)})
        for band in out[1:-1]:
            if draw(st.booleans()):
                band["points_to"] = points(top)
        return out

    def grow(parent: str | None, depth: int, role: str | None, weighted: bool) -> F:
        code = f"i{len(doc['items'])}"
        item: dict[str, Any] = {"code": code, "title": T, **BASE}
        if parent:
            item["parent"] = parent
        if role:
            item["role"] = role
        if weighted and role is None:
            item["weight"] = draw(st.sampled_from(["1", "2", "0.5", "3.25", "1/3"]))
        doc["items"].append(item)
        if depth < 3 and draw(st.integers(0, 2)) == 0:
            top = branch(code, item, depth + 1)
        else:
            top = draw(maxima)
            stream = draw(st.sampled_from(["s", "t"])) if role is None else "s"
            item |= {"stream": stream, "rule": rule(top), "rule_text": T}
            if draw(st.integers(0, 3)) == 0:
                item["missing"] = draw(st.sampled_from(["zero", "exclude", "block"]))
        item["max"] = plain(top)
        item["may_not_apply"] = True
        return top

    def branch(code: str | None, item: dict[str, Any], depth: int) -> F:
        weighted = draw(st.integers(0, 3)) == 0
        if weighted:
            item["aggregate"] = "weighted_mean"
        top = sum((grow(code, depth, None, weighted) for _ in range(draw(st.integers(1, 4)))), F(0))
        if draw(st.integers(0, 4)) == 0:
            for role in draw(st.lists(st.sampled_from(["bonus", "penalty", "check"]), min_size=1, max_size=3)):
                grow(code, 3, role, weighted)
            item["cap"] = draw(st.sampled_from(["attainable", plain(top)]))
        return draw(maxima) if weighted else top

    total: dict[str, Any] = {"title": T, **BASE}
    total["max"] = plain(branch(None, total, 1))
    doc["total"] = total
    _gates(draw, doc, step)
    _streams(doc)
    return doc


def _gates(draw: st.DrawFn, doc: dict[str, Any], step: F) -> None:
    leaves = [i for i in doc["items"] if "rule" in i]
    if len(leaves) > 1 and draw(st.booleans()):
        gated = leaves[-1]
        parents = {i["code"]: i.get("parent") for i in doc["items"]}
        above, code = set(), gated["code"]
        while code is not None:
            above.add(code)
            code = parents[code]
        gate = draw(st.sampled_from([i for i in doc["items"] if i["code"] not in above]))
        top = F(gated["max"])
        third = F(gate["max"]) / 3
        below = draw(st.sampled_from([gate["max"], plain(third) if (third * 10**6).denominator == 1 else str(third)]))
        gated["gates"] = [{"item": gate["code"], "below": below, "cap": plain(F(0) if top == step else top - step)}]


def _streams(doc: dict[str, Any]) -> None:
    parents = {i["code"]: i.get("parent") for i in doc["items"]}
    roles = {i["code"]: i.get("role") for i in doc["items"]}

    def outside(code: str | None) -> bool:
        return code is not None and (roles[code] is not None or outside(parents[code]))

    sums: dict[str, F] = {}
    for item in doc["items"]:
        if "stream" in item and not outside(item["code"]):
            sums[item["stream"]] = sums.get(item["stream"], F(0)) + F(item["max"])
    if "s" not in sums:  # bonus and check leaves are in s: it needs a normal leaf too
        for item in doc["items"]:
            if item.get("stream") == "s":
                item["stream"] = "t"
    doc["streams"] = [
        {"id": s, "title": T, "max": plain(m), "awaited": s == "t", **BASE} for s, m in sorted(sums.items())
    ]


LARGE = st.sampled_from([0, 1, 2, 3, 7, 999, 10**6, 10**15 - 1, 10**15, 3 * 10**15 + 1])


@st.composite
def evidence(draw: st.DrawFn, doc: dict[str, Any], units: int) -> dict[str, Any]:
    """Evidence of some units: small numbers that meet thresholds, 15-digit amounts, zeros, gaps."""
    given = {i["rule"]["fact"]: F(i["max"]) for i in doc["items"] if i.get("rule", {}).get("name") == "given"}

    def value(name: str, fact: dict[str, Any]) -> Any:
        kind = fact["type"]
        if kind == "boolean":
            return draw(st.booleans())
        if kind == "option":
            return draw(st.sampled_from("xyz"))
        if kind == "ballots":
            count = st.integers(0, 3) | st.integers(0, 10**6)
            asked = draw(st.sampled_from(["ghi", "ghi", "gh", "h", ""]))
            options = draw(st.sampled_from(["abc", "abc", "abc", ""]))
            return {g: {o: draw(count) for o in options} for g in asked}
        digits = fact.get("decimals", 0)
        if name in given:
            return (
                plain(F(draw(st.integers(0, int(given[name] * 10**digits))), 10**digits))
                if digits <= 6
                else plain(given[name])
            )
        number = draw(st.integers(0, 12) | st.integers(0, 500) | LARGE)
        return number if kind == "count" else plain(F(number, 10 ** min(digits, 4)))

    entries = []
    for i in range(units):
        holes = draw(st.sampled_from([0, 0, 0, 8]))
        facts = {n: value(n, f) for n, f in doc["facts"].items() if not (holes and draw(st.integers(0, holes)) == 0)}
        entry: dict[str, Any] = {"unit": f"u{i}", "facts": facts}
        if draw(st.integers(0, 5)) == 0:
            code = draw(st.sampled_from([item["code"] for item in doc["items"]]))
            entry["outcomes"] = {
                code: {"outcome": draw(st.sampled_from(["not_applicable", "pending", "missing"])), "why": "because"}
            }
        entries.append(entry)
    return {"methodology": "random", "stage": "test", "units": entries}
