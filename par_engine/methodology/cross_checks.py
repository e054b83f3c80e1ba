"""The laws between the nodes of a methodology: names resolve, the tree is one, sums close, rules fit their facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from par_engine.base.decimals import is_scaled
from par_engine.base.problems import Problem, did_you_mean, own_problem, pointer
from par_engine.base.types import Fact, say
from par_engine.methodology import reference_checks
from par_engine.methodology.model import TOTAL, Document, Item, Total
from par_engine.methodology.reference_checks import Found


def check(document: Document, label: str, own_rules: frozenset[str]) -> list[Problem]:
    """All broken laws between the nodes of `document`; `own_rules` are the names its plugin provides."""
    laws = (
        _references,
        reference_checks.facts,
        _tree,
        _sums,
        _rules(own_rules),
        _gates,
        _streams,
        reference_checks.groups,
        reference_checks.units,
        reference_checks.surveys,
        reference_checks.dates,
        reference_checks.breaks,
    )
    return [own_problem(label, *found) for law in laws for found in law(document)]


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
                near = did_you_mean(item.rule.name, own_rules)
                hint = near or "the plugin provides its own rules by the hook par_rules"
                hint_vi = "" if near else "quy tắc riêng do gói cung cấp qua hook par_rules"
                what = f'no plugin provides the rule "{item.rule.name}"'
                vi = f'không có gói nào cung cấp quy tắc "{item.rule.name}"'
                yield place + "/name", "unknown-rule", what, hint, "error", vi, hint_vi
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
            if not 0 < gate.below <= codes[gate.item]:
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


def _streams(document: Document) -> Iterator[Found]:
    ids = [stream.id for stream in document.streams]
    yield from reference_checks.twice("streams", ids, "id")
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
