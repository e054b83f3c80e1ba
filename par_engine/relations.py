"""The laws between the nodes of a methodology: sums close, names resolve, rules fit their facts."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from par_engine.errors import Problem, did_you_mean, pointer
from par_engine.exact import is_scaled
from par_engine.model import TOTAL, Document, Item, Total
from par_engine.names import fold
from par_engine.nodes import Fact, say

_Found = tuple[str, ...]  # pointer, code, what, hint; what an annex can break has "error" and both in Vietnamese too


def check(document: Document, label: str, own_rules: frozenset[str]) -> list[Problem]:
    """All broken laws between the nodes of `document`; `own_rules` are the names its plugin provides."""
    laws = (
        _references,
        _facts,
        _tree,
        _sums,
        _rules(own_rules),
        _gates,
        _streams,
        _groups,
        _units,
        _surveys,
        _dates,
        _breaks,
    )
    return [Problem(label, *found) for law in laws for found in law(document)]


def _show(x: Fraction) -> str:
    return say(x, "en")


def _vi(x: Fraction | int) -> str:
    return say(Fraction(x), "vi")


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


def _references(document: Document) -> Iterator[_Found]:
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


def _facts(document: Document) -> Iterator[_Found]:
    used = {name for item in document.items if item.rule for name in item.rule.facts()}
    for name, fact in document.facts.items():
        place = pointer("facts", name)
        wants = {"decimal": "decimals", "option": "options", "ballots": "survey"}.get(fact.type)
        for key in ("decimals", "options", "survey"):
            if (getattr(fact, key) is not None) != (key == wants):
                what = f"a fact of type {fact.type} {'needs' if key == wants else 'cannot have'} {key}"
                yield (
                    place + ("" if key == wants else pointer(key)),
                    "fact-form",
                    what,
                    "see the fact types in the manual",
                )
        if not fact.numeric and (fact.min is not None or fact.max is not None):
            yield place, "fact-form", f"a fact of type {fact.type} has no range", "remove min and max"
        least = fact.min if fact.min is not None else Fraction(0)
        if fact.type == "count" and least < 0:
            yield place + "/min", "fact-range", "a count cannot be negative", "use type decimal"
        if fact.max is not None and fact.max < least:
            yield place + "/max", "fact-range", "max is below min", "correct one of the two"
        if any(x is not None and not is_scaled(x, fact.scale) for x in (fact.min, fact.max)):
            yield place, "fact-range", "min or max has more decimals than the fact", "use fewer decimals"
        if fact.roll_up is not None and fact.roll_up not in fact.roll_ups:
            what = f"a fact of type {fact.type} cannot be rolled up as {fact.roll_up}"
            yield (
                place + "/roll_up",
                "fact-form",
                what,
                f"use {', '.join(fact.roll_ups)}" if fact.roll_ups else "remove it",
            )
        if fact.survey is not None and fact.survey not in document.surveys:
            hint = did_you_mean(fact.survey, document.surveys)
            yield place + "/survey", "unknown-survey", f'there is no survey "{fact.survey}"', hint
        ids = [option.id for option in fact.options or ()]
        if fact.type == "option" and (len(ids) < 2 or len(set(ids)) < len(ids)):
            yield place + "/options", "fact-form", "an option fact needs two or more different options", "see options"
        if document.owners and fact.owner is not None and fact.owner not in document.owners:
            hint = did_you_mean(fact.owner, document.owners) or "add it to owners"
            yield place + "/owner", "unknown-owner", f'there is no owner "{fact.owner}"', hint
        if name not in used:
            yield place, "unused-fact", f'no rule uses fact "{name}"', "remove it, or name it in a rule"


def _tree(document: Document) -> Iterator[_Found]:
    seen: set[str] = set()
    depth = {TOTAL: 0}
    parents = {item.parent for item in document.items}
    for i, item in enumerate(document.items):
        place = pointer("items", i)
        if item.code in seen or item.code == TOTAL:
            what, vi = f'the code "{item.code}" stands twice', f'mã "{item.code}" xuất hiện hai lần'
            hint, hint_vi = "codes are unique, total is reserved", "mỗi mục một mã riêng, không dùng mã total"
            yield place + "/code", "duplicate-code", what, hint, "error", vi, hint_vi
        if item.parent is not None and item.parent not in seen:
            near = did_you_mean(item.parent, seen)
            hint, hint_vi = (
                near or "a parent stands before its children",
                "" if near else "mục cha đứng trước các mục con",
            )
            what, vi = f'no item "{item.parent}" stands before it', f'phía trước không có mục "{item.parent}"'
            yield place + "/parent", "unknown-parent", what, hint, "error", vi, hint_vi
        seen.add(item.code)
        depth[item.code] = depth.get(item.parent or TOTAL, 0) + 1
        if depth[item.code] > len(document.levels):
            what, vi = f"depth {depth[item.code]} has no level", f"bậc {depth[item.code]} không có trong các cấp mục"
            hint, hint_vi = "add a level, or move the item up", "thêm một cấp, hoặc đưa mục lên cấp trên"
            yield place, "too-deep", what, hint, "error", vi, hint_vi
        if item.rule is None and item.code not in parents:
            what = f"item {item.code} has neither a rule nor children"
            vi, hint_vi = f"mục {item.code} không có quy tắc, cũng không có mục con", "bổ sung một trong hai"
            yield place, "empty-item", what, "give it one of the two", "error", vi, hint_vi
        if item.rule is not None and item.code in parents:
            what, vi = f"item {item.code} has a rule and children", f"mục {item.code} vừa có quy tắc vừa có mục con"
            yield place, "leaf-with-children", what, "give it one of the two", "error", vi, "chỉ giữ một trong hai"


def _sums(document: Document) -> Iterator[_Found]:
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
            vi, hint_vi = "điểm tối đa phải lớn hơn 0", "chỉ mục điều kiện mới không có điểm"
            yield (
                place + "/max",
                "max",
                "the maximum must be above 0",
                "only checks may have none",
                "error",
                vi,
                hint_vi,
            )
        if item.max * 10**settings.leaf_decimals >= 2**31:
            what, vi = (
                "the maximum is too large for the leaf precision",
                "điểm tối đa quá lớn so với số chữ số thập phân",
            )
            yield place + "/max", "max", what, "use fewer leaf_decimals", "error", vi, "giảm leaf_decimals"
        if not is_scaled(item.max, settings.leaf_decimals):
            what = f"max has more decimals than leaf_decimals ({settings.leaf_decimals})"
            vi = f"điểm tối đa có quá {settings.leaf_decimals} chữ số thập phân (leaf_decimals)"
            yield place + "/max", "decimals", what, "see settings", "error", vi, "xem settings"
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
                whole = "tổng điểm" if code == TOTAL else f"mục {code}"
                vi = f"các mục con của {whole} cộng lại {_vi(total)}, điểm tối đa ghi {_vi(item.max)}"
                yield place + "/max", "sum", what, "make them equal", "error", vi, "sửa cho bằng nhau"
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
    def law(document: Document) -> Iterator[_Found]:
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
                near = did_you_mean(item.rule.name, own_rules)
                hint = near or "the plugin provides its own rules by the hook par_rules"
                hint_vi = "" if near else "quy tắc riêng do gói cung cấp qua hook par_rules"
                what = f'no plugin provides the rule "{item.rule.name}"'
                vi = f'không có gói nào cung cấp quy tắc "{item.rule.name}"'
                yield place + "/name", "unknown-rule", what, hint, "error", vi, hint_vi
            for below, what, hint in item.rule.check(facts, item.max, document.settings.leaf_decimals):
                yield place + below, "rule", what, hint

    return law


def _gates(document: Document) -> Iterator[_Found]:
    codes = {item.code: item.max for item in document.items}
    graph: dict[str, set[str]] = {code: set() for code in (*codes, TOTAL)}
    for child in document.items:
        graph.setdefault(child.parent or TOTAL, set()).add(child.code)
    for place, item in _places(document):
        for j, gate in enumerate(item.gates):
            here = place + pointer("gates", j)
            if gate.item not in codes:
                code = item.code if isinstance(item, Item) else TOTAL
                what = f'the gate of {code} asks for item "{gate.item}", which is not there'
                whole = "tổng điểm" if code == TOTAL else f"mục {code}"
                vi = f'điều kiện của {whole} căn cứ vào mục "{gate.item}", không có mục này'
                near = did_you_mean(gate.item, codes)
                hint, hint_vi = (
                    near or "name another item, or remove the gate",
                    "" if near else "chọn mục khác, hoặc bỏ điều kiện",
                )
                yield here + "/item", "unknown-item", what, hint, "error", vi, hint_vi
                continue
            graph[item.code if isinstance(item, Item) else TOTAL].add(gate.item)
            digits = document.settings.leaf_decimals
            if not 0 < gate.below <= codes[gate.item] or not is_scaled(gate.below, digits):
                what = "below must lie above 0 and within the gate item's maximum"
                vi = f"mức điều kiện phải lớn hơn 0 và không quá điểm tối đa của mục {gate.item}"
                yield here + "/below", "gate", what, "see the item", "error", vi, "xem lại mục ấy"
            if not 0 <= gate.cap < item.max or not is_scaled(gate.cap, digits):
                vi = "mức còn lại khi không đạt điều kiện phải nhỏ hơn điểm tối đa của mục"
                what = "cap must be below the maximum of the gated item"
                yield here + "/cap", "gate", what, "see the item", "error", vi, "xem lại mục ấy"
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        yield (
            "/items",
            "cycle",
            f"gates run in a circle: {' → '.join(cycle.args[1])}",
            "a gate looks at items outside its own",
        )


def _streams(document: Document) -> Iterator[_Found]:
    ids = [stream.id for stream in document.streams]
    yield from _twice("streams", ids, "id")
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
            what, vi = f'stream "{stream.id}" has no leaf', f'nguồn điểm "{stream.id}" không có mục nào'
            hint, hint_vi = "remove it, or give it leaves", "bỏ nguồn điểm này, hoặc ghi nó cho các mục"
            yield pointer("streams", i), "empty-stream", what, hint, "error", vi, hint_vi
        elif sums[stream.id] != stream.max:
            found, top = _show(Fraction(sums[stream.id])), _show(stream.max)
            what = f'the leaves of stream "{stream.id}" sum to {found}, its max is {top}'
            vi = f'các mục của nguồn điểm "{stream.id}" cộng lại {_vi(sums[stream.id])}, tối đa ghi {_vi(stream.max)}'
            yield pointer("streams", i, "max"), "stream-sum", what, "make them equal", "error", vi, "sửa cho bằng nhau"


def _groups(document: Document) -> Iterator[_Found]:
    yield from _twice("groups", [group.id for group in document.groups], "id")
    bounds = [group.from_ for group in document.groups]
    if bounds != sorted(set(bounds), reverse=True):
        yield "/groups", "groups", "groups do not descend", "the best group comes first"
    if bounds and bounds[-1] != 0:
        yield (
            pointer("groups", len(bounds) - 1, "from"),
            "groups",
            "the last group does not begin at 0",
            "every index is in a group",
        )


def _units(document: Document) -> Iterator[_Found]:
    if document.settings.units == "listed" and not document.units:
        yield "/units", "no-units", "no unit is listed", 'list the units, or set units to "open"'
    seen: dict[str, str] = {}
    for i, unit in enumerate(document.units):
        for name in dict.fromkeys(map(fold, (unit.id, unit.name, *unit.aliases))):
            if seen.setdefault(name, unit.id) != unit.id or (name == fold(unit.id) and i != _first(document, unit.id)):
                yield (
                    pointer("units", i),
                    "duplicate-unit",
                    f'"{name}" names two units',
                    "ids, names and aliases are unique",
                )


def _first(document: Document, unit_id: str) -> int:
    return next(i for i, unit in enumerate(document.units) if unit.id == unit_id)


def _surveys(document: Document) -> Iterator[_Found]:
    for key, survey in document.surveys.items():
        place = pointer("surveys", key)
        for j, answer in enumerate(survey.options):
            if not 0 <= answer.share <= 1:
                yield (
                    place + pointer("options", j, "share"),
                    "share",
                    "a share lies between 0 and 1",
                    "1 is the maximum",
                )
        if any(group.weight < 0 for group in survey.groups) or not any(group.weight for group in survey.groups):
            yield place + "/groups", "weight", "weights must be 0 or more, one above 0", "see groups"
        for name, ids in (("options", [o.id for o in survey.options]), ("groups", [g.id for g in survey.groups])):
            yield from _twice(place.lstrip("/") + "/" + name, ids, "id")


def _dates(document: Document) -> Iterator[_Found]:
    dates = [(pointer("sources", k, "date"), s.date) for k, s in document.sources.items() if s.date]
    if document.plan:
        if document.plan.date is not None:
            dates += [("/plan/date", document.plan.date)]
        dates += [(pointer("plan", "tasks", i, "due"), task.due) for i, task in enumerate(document.plan.tasks)]
        yield from _twice("plan/tasks", [task.id for task in document.plan.tasks], "id")
    for place, text in dates:
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            yield place, "date", f"{text} is not a day of the calendar", "write YYYY-MM-DD"


def _twice(place: str, ids: list[str], key: str) -> Iterator[_Found]:
    for i, name in enumerate(ids):
        if name in ids[:i]:
            yield f"/{place}/{i}/{key}", "duplicate-id", f'"{name}" stands twice', "ids are unique"


def _breaks(document: Document) -> Iterator[_Found]:
    known = {"items": [item.code for item in document.items], "streams": [stream.id for stream in document.streams]}
    for i, broken in enumerate(document.breaks):
        for key, names in (("items", broken.items), ("streams", broken.streams)):
            for j, name in enumerate(names):
                if name not in known[key]:
                    hint = did_you_mean(name, known[key])
                    yield pointer("breaks", i, key, j), f"unknown-{key[:-1]}", f'there is no {key[:-1]} "{name}"', hint
