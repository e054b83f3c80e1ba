"""The laws between the nodes of a methodology: names resolve, the tree is one, sums close, rules fit their facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from par_engine import registers
from par_engine.errors import Problem, did_you_mean, pointer
from par_engine.exact import is_scaled
from par_engine.model import TOTAL, Document, Item, Total
from par_engine.nodes import Fact, say
from par_engine.registers import Found


def check(document: Document, label: str, own_rules: frozenset[str]) -> list[Problem]:
    """All broken laws between the nodes of `document`; `own_rules` are the names its plugin provides."""
    laws = (
        _references,
        registers.facts,
        _tree,
        _sums,
        _rules(own_rules),
        _gates,
        _streams,
        registers.groups,
        registers.units,
        registers.surveys,
        registers.dates,
        registers.breaks,
    )
    return [Problem(label, *found) for law in laws for found in law(document)]


def _show(x: Fraction) -> str:
    return say(x, "en")


def children(document: Document) -> Mapping[str, list[Item]]:
    """The children of every item by its code, in document order; the root is `total`."""
    out: dict[str, list[Item]] = defaultdict(list)
    for item in document.items:
        out[item.parent or TOTAL].append(item)
    return out


def _places(document: Document) -> Iterator[tuple[str, Total]]:
    yield "/total", document.total
    for i, item in enumerate(document.items):
        yield pointer("items", i), item


def _references(document: Document) -> Iterator[Found]:
    nodes: list[tuple[str, list[str], list[str]]] = [(p, n.sources, n.rulings) for p, n in _places(document)]
    nodes += [(pointer("streams", i), s.sources, s.rulings) for i, s in enumerate(document.streams)]
    nodes += [(pointer("surveys", k), s.sources, s.rulings) for k, s in document.surveys.items()]
    nodes += [
        (pointer("plan", "tasks", i), t.sources, []) for i, t in enumerate(document.plan.tasks if document.plan else [])
    ]
    nodes += [(pointer("breaks", i), b.sources, []) for i, b in enumerate(document.breaks)]
    for place, sources, rulings in nodes:
        for kind, names, known in (("source", sources, document.sources), ("ruling", rulings, document.rulings)):
            for j, name in enumerate(names):
                if name not in known:
                    hint = did_you_mean(name, known) or f"add it to {kind}s"
                    yield place + pointer(kind + "s", j), f"unknown-{kind}", f'there is no {kind} "{name}"', hint
    for key, survey in document.surveys.items():
        for i, group in enumerate(survey.groups):
            for j, name in enumerate(group.planned_sources):
                if name not in document.sources:
                    hint = did_you_mean(name, document.sources) or "add it to sources"
                    place = pointer("surveys", key, "groups", i, "planned_sources", j)
                    yield place, "unknown-source", f'there is no source "{name}"', hint
    cited = {name for _, _, rulings in nodes for name in rulings}
    for name in document.rulings:
        if name not in cited:
            yield (
                pointer("rulings", name),
                "uncited-ruling",
                f"ruling {name} is cited nowhere",
                "cite it where it applies",
            )


def _tree(document: Document) -> Iterator[Found]:
    seen: set[str] = set()
    depth = {TOTAL: 0}
    parents = {item.parent for item in document.items}
    for i, item in enumerate(document.items):
        place = pointer("items", i)
        if item.code in seen or item.code == TOTAL:
            yield (
                place + "/code",
                "duplicate-code",
                f'the code "{item.code}" stands twice',
                "codes are unique, total is reserved",
            )
        if item.parent is not None and item.parent not in seen:
            hint = did_you_mean(item.parent, seen) or "a parent stands before its children"
            yield place + "/parent", "unknown-parent", f'no item "{item.parent}" stands before it', hint
        seen.add(item.code)
        depth[item.code] = depth.get(item.parent or TOTAL, 0) + 1
        if depth[item.code] > len(document.levels):
            yield place, "too-deep", f"depth {depth[item.code]} has no level", "add a level, or move the item up"
        if item.rule is None and item.code not in parents:
            yield place, "empty-item", f"item {item.code} has neither a rule nor children", "give it one of the two"
        if item.rule is not None and item.code in parents:
            yield place, "leaf-with-children", f"item {item.code} has a rule and children", "give it one of the two"


def _sums(document: Document) -> Iterator[Found]:
    below = children(document)
    settings = document.settings
    if settings.points_decimals > settings.leaf_decimals:
        yield (
            "/settings/points_decimals",
            "decimals",
            "points_decimals is above leaf_decimals",
            "print no more than is scored",
        )
    if settings.stated_decimals > settings.leaf_decimals:
        yield (
            "/settings/stated_decimals",
            "decimals",
            "stated_decimals is above leaf_decimals",
            "state no more than is scored",
        )
    place_of = {item.code: i for i, item in enumerate(document.items)}
    for place, item in _places(document):
        code = item.code if isinstance(item, Item) else TOTAL
        inner = below.get(code, [])
        aggregate = item.aggregate or settings.aggregate
        if item.max < 0 or (item.max == 0 and not (isinstance(item, Item) and item.role == "check")):
            yield place + "/max", "max", "the maximum must be above 0", "only checks may have none"
        if item.max * 10**settings.leaf_decimals >= 2**31:
            yield place + "/max", "max", "the maximum is too large for the leaf precision", "use fewer leaf_decimals"
        if not is_scaled(item.max, settings.leaf_decimals):
            yield (
                place + "/max",
                "decimals",
                f"max has more decimals than leaf_decimals ({settings.leaf_decimals})",
                "see settings",
            )
        normal = [child for child in inner if child.role is None]
        if inner and not normal:
            yield (
                place,
                "empty-item",
                f"item {code} has no normal child",
                "bonus, penalty and check do not make a maximum",
            )
        if normal and aggregate == "sum":
            total = sum((child.max for child in normal), Fraction(0))
            if total != item.max:
                what = f"the children of {code} sum to {_show(total)}, its maximum is {_show(item.max)}"
                yield place + "/max", "sum", what, "make them equal"
        if any(child.role == "bonus" for child in inner) and item.cap is None:
            yield place, "no-cap", f"{code} has a bonus but no cap", 'declare cap: points, or "attainable"'
        if isinstance(item.cap, Fraction) and (item.cap <= 0 or not is_scaled(item.cap, settings.leaf_decimals)):
            yield place + "/cap", "decimals", "cap must be above 0 and no finer than leaf_decimals", "see settings"
        for child in inner:
            place_of_child = pointer("items", place_of[child.code], "weight")
            if (child.weight is not None) != (aggregate == "weighted_mean" and child.role is None):
                hint = "children of a weighted mean have a weight, no others"
                yield place_of_child, "weight", f"item {child.code}: weight and aggregate do not fit", hint
            elif child.weight is not None and child.weight <= 0:
                yield place_of_child, "weight", "a weight must be above 0", "leave the item out instead"


def _rules(own_rules: frozenset[str]):  # type: ignore[no-untyped-def]
    def law(document: Document) -> Iterator[Found]:
        facts: Mapping[str, Fact] = document.facts
        for i, item in enumerate(document.items):
            if item.rule is None:
                continue
            place = pointer("items", i, "rule")
            for name in item.rule.facts():
                if name not in facts:
                    yield (
                        place,
                        "unknown-fact",
                        f'there is no fact "{name}"',
                        did_you_mean(name, facts) or "add it to facts",
                    )
            if "." in item.rule.name and item.rule.name not in own_rules:
                hint = (
                    did_you_mean(item.rule.name, own_rules) or "the plugin provides its own rules by the hook par_rules"
                )
                yield place + "/name", "unknown-rule", f'no plugin provides the rule "{item.rule.name}"', hint
            for below, what, hint in item.rule.check(facts, item.max, document.settings.leaf_decimals):
                yield place + below, "rule", what, hint

    return law


def _gates(document: Document) -> Iterator[Found]:
    codes = {item.code: item.max for item in document.items}
    graph: dict[str, set[str]] = {code: set() for code in (*codes, TOTAL)}
    for child in document.items:
        graph.setdefault(child.parent or TOTAL, set()).add(child.code)
    for place, item in _places(document):
        for j, gate in enumerate(item.gates):
            here = place + pointer("gates", j)
            if gate.item not in codes:
                yield here + "/item", "unknown-item", f'there is no item "{gate.item}"', did_you_mean(gate.item, codes)
                continue
            graph[item.code if isinstance(item, Item) else TOTAL].add(gate.item)
            digits = document.settings.leaf_decimals
            if not 0 < gate.below <= codes[gate.item] or not is_scaled(gate.below, digits):
                yield (
                    here + "/below",
                    "gate",
                    "below must lie above 0 and within the gate item's maximum",
                    "see the item",
                )
            if not 0 <= gate.cap < item.max or not is_scaled(gate.cap, digits):
                yield here + "/cap", "gate", "cap must be below the maximum of the gated item", "see the item"
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        yield (
            "/items",
            "cycle",
            f"gates run in a circle: {' → '.join(cycle.args[1])}",
            "a gate looks at items outside its own",
        )


def _streams(document: Document) -> Iterator[Found]:
    ids = [stream.id for stream in document.streams]
    yield from registers.twice("streams", ids, "id")
    sums: Counter[str] = Counter()
    outside = {item.code for item in document.items if item.role}
    for item in document.items:
        if item.parent in outside:
            outside.add(item.code)
    for i, item in enumerate(document.items):
        if item.stream is None:
            continue
        if item.stream not in ids:
            hint = did_you_mean(item.stream, ids)
            yield pointer("items", i, "stream"), "unknown-stream", f'there is no stream "{item.stream}"', hint
        elif item.code not in outside:
            sums[item.stream] += item.max  # type: ignore[assignment]
    for i, stream in enumerate(document.streams):
        if stream.id not in sums:
            yield (
                pointer("streams", i),
                "empty-stream",
                f'stream "{stream.id}" has no leaf',
                "remove it, or give it leaves",
            )
        elif sums[stream.id] != stream.max:
            found, top = _show(Fraction(sums[stream.id])), _show(stream.max)
            what = f'the leaves of stream "{stream.id}" sum to {found}, its max is {top}'
            yield pointer("streams", i, "max"), "stream-sum", what, "make them equal"
