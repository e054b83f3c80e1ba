"""A methodology made ready to run: the document checked, its tree ordered, its leaves grouped into blocks by rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from pydantic import ValidationError

from par_engine.base.decimals import ONE_WRITING, scale, written
from par_engine.base.names import index, slug
from par_engine.base.problems import MethodologyError, Problem, did_you_mean, own_problem, pointer, quote
from par_engine.base.types import Basis, Fact
from par_engine.files.documents import canonical, sha256
from par_engine.i18n.foreign_messages import fault_vi
from par_engine.methodology import cross_checks
from par_engine.methodology.model import RULE_NAMES, TOTAL, Document, Item, Total, Unit
from par_engine.rules import banding, bands, checklist, choice, deduction, given, own, ratio, survey, tally
from par_engine.rules.base import Kernel, Leaf

_KERNELS: Mapping[str, Callable[..., Kernel]] = {
    "choice": choice.Kernel,
    "checklist": checklist.Kernel,
    "ratio": ratio.Kernel,
    "bands": banding.Kernel,
    "tally": tally.Kernel,
    "deduction": deduction.Kernel,
    "survey": survey.Kernel,
    "given": given.Kernel,
}


class Inner(NamedTuple):
    """An item that is the aggregate of others, in the order in which aggregates are computed."""

    code: str
    item: Total
    children: tuple[str, ...]
    aggregate: str


@dataclass(frozen=True, eq=False, repr=False)
class Scheme:
    """A methodology that has passed every check. Immutable; safe to share between threads."""

    document: Document
    label: str
    functions: Mapping[str, own.Function] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    """The document as plain values, which nobody else changes."""

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that the fingerprint is the SHA-256 of; taken when somebody asks for them."""
        return canonical(self.source)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical document."""
        return sha256(self.canonical)

    @cached_property
    def columns(self) -> Mapping[str, range]:
        """The integer columns of each fact; ballots have one for each group and option."""
        out: dict[str, range] = {}
        start = 0
        for name, fact in self.document.facts.items():
            width = self.width(fact)
            out[name] = range(start, start + width)
            start += width
        return out

    def width(self, fact: Fact) -> int:
        """How many integer columns a fact has."""
        if fact.survey is None:
            return 1
        design = self.document.surveys[fact.survey]
        return len(design.groups) * len(design.options)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """All items by code, in document order."""
        return {item.code: item for item in self.document.items}

    def node(self, code: str) -> Total:
        """An item or the total by its code."""
        return self.document.total if code == TOTAL else self.items[code]

    @cached_property
    def children(self) -> Mapping[str, Sequence[Item]]:
        """The children of every inner item, in document order."""
        return cross_checks.children(self.document)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves in the order of the arrays: grouped by rule, within a rule in document order."""
        doc = self.document
        groups: dict[tuple[object, ...], list[Leaf]] = {}
        for item in doc.items:
            if item.rule is None:
                continue
            facts = tuple(doc.facts[name] for name in item.rule.facts())
            leaf = Leaf(
                item.code,
                item.rule,
                item.max,
                doc.settings.leaf_decimals,
                facts,
                tuple(doc.surveys[fact.survey] if fact.survey else None for fact in facts),
                tuple(self.columns[name] for name in item.rule.facts()),
            )
            groups.setdefault(_block(leaf), []).append(leaf)
        return tuple(leaf for group in groups.values() for leaf in group)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The column of each leaf in the arrays."""
        return {leaf.code: j for j, leaf in enumerate(self.leaves)}

    @cached_property
    def blocks(self) -> tuple[tuple[slice, Kernel], ...]:
        """The kernels, each with its slice of the leaves."""
        out: list[tuple[slice, Kernel]] = []
        start = 0
        mode = self.document.settings.rounding
        while start < len(self.leaves):
            key, stop = _block(self.leaves[start]), start
            while stop < len(self.leaves) and _block(self.leaves[stop]) == key:
                stop += 1
            group = self.leaves[start:stop]
            make = _KERNELS.get(group[0].rule.name)
            kernel = make(group, mode) if make else own.Kernel(group, mode, self.functions)
            out.append((slice(start, stop), kernel))
            start = stop
        return tuple(out)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All codes in order of computation: children and gate items come before the items that need them."""
        doc = self.document
        graph: dict[str, list[str]] = {}
        for code, item in (*self.items.items(), (TOTAL, doc.total)):
            graph[code] = [child.code for child in self.children.get(code, ())] + [gate.item for gate in item.gates]
        return tuple(TopologicalSorter(graph).static_order())

    @cached_property
    def inner(self) -> tuple[Inner, ...]:
        """The items with children, and the total, in order of computation."""
        default = self.document.settings.aggregate
        return tuple(
            Inner(code, node, tuple(child.code for child in self.children[code]), node.aggregate or default)
            for code in self.order
            if code in self.children and (node := self.node(code))
        )

    @cached_property
    def inner_by_code(self) -> Mapping[str, Inner]:
        """The same by code."""
        return {inner.code: inner for inner in self.inner}

    @cached_property
    def plain(self) -> bool:
        """Whether every inner item is nothing but the sum of its children."""
        nodes: list[Total] = [*self.document.items, self.document.total]
        return not (
            any(node.gates or node.cap is not None for node in nodes)
            or any(item.role for item in self.document.items)
            or any(inner.aggregate != "sum" for inner in self.inner)
        )

    @cached_property
    def _under(self) -> Mapping[str, tuple[str, ...]]:
        out: dict[str, tuple[str, ...]] = {}
        for code in self.order:
            inner = self.children.get(code)
            out[code] = tuple(leaf for child in inner for leaf in out[child.code]) if inner else (code,)
        return out

    def under(self, code: str) -> tuple[str, ...]:
        """The leaves at or under an item, in document order."""
        return self._under[code]

    @cached_property
    def outside(self) -> frozenset[str]:
        """The leaves under bonus, penalty and check items: they are in no maximum and no stream's total."""
        return frozenset(leaf for item in self.document.items if item.role for leaf in self.under(item.code))

    @cached_property
    def stream_leaves(self) -> Mapping[str, Sequence[str]]:
        """The leaves that make up each stream."""
        out: dict[str, list[str]] = {stream.id: [] for stream in self.document.streams}
        for leaf in self.leaves:
            stream = self.items[leaf.code].stream
            if stream is not None and leaf.code not in self.outside:
                out[stream].append(leaf.code)
        return out

    @cached_property
    def points_by_basis(self) -> Mapping[Basis, Fraction]:
        """Points of the total by the basis of the leaves that make it up: by maximum in sums, by weight in means."""
        worth: dict[str, Fraction] = {TOTAL: self.document.total.max}
        out: dict[Basis, Fraction] = dict.fromkeys(("official", "derived", "reconstructed"), Fraction(0))
        for item in self.document.items:  # parents stand before their children
            inner = self.inner_by_code[item.parent or TOTAL]
            if item.role is not None or inner.code not in worth:
                continue
            if inner.aggregate == "sum":
                share = item.max / inner.item.max
            else:
                share = (item.weight or Fraction(0)) / sum(self.items[code].weight or 0 for code in inner.children)
            worth[item.code] = worth[inner.code] * share
            if item.rule is not None:
                out[item.basis] += worth[item.code]
        return out

    def successor(self, name: str) -> tuple[Unit, bool] | None:
        """The unit that one of a former name went into, and whether others did too; None when none is known."""
        former = slug(name)
        return next(((unit, len(unit.formerly) > 1) for unit in self.document.units if former in unit.formerly), None)

    @cached_property
    def unit_index(self) -> Mapping[str, str]:
        """Unit ids by their folded ids, names and aliases."""
        return index((unit.id, (unit.name, *unit.aliases)) for unit in self.document.units)

    @cached_property
    def _unit_names(self) -> Mapping[str, str]:
        return {unit.id: unit.name for unit in self.document.units}

    def name_of(self, unit: str) -> str:
        """The name of a unit by its id; of one that nobody has listed, what it is called by."""
        return self._unit_names.get(unit, unit)

    def said(self, key: str) -> str:
        """An item by its code, a stream by `stream:` and its id, or the total, as a Vietnamese sentence names it."""
        if key == TOTAL:
            return "tổng điểm"
        if key.startswith("stream:"):
            return f"điểm “{next(s.title.vi for s in self.document.streams if s.id == key.removeprefix('stream:'))}”"
        return f"mục {key} “{self.items[key].title.vi}”"

    def scaled(self, points: Fraction) -> int:
        """Points as an integer of the leaf precision."""
        return scale(points, self.document.settings.leaf_decimals)

    def least(self, bound: Fraction) -> int:
        """The least scaled points that are not below a bound, which may be finer than they are, or a fraction."""
        least: int = math.ceil(bound * 10**self.document.settings.leaf_decimals)
        return least


def _block(leaf: Leaf) -> tuple[object, ...]:
    rule = leaf.rule
    if isinstance(rule, bands.Bands):
        return (rule.name, rule.measure.kind, any(band.points_to is not None for band in rule.bands))
    if isinstance(rule, survey.SurveyRule):
        return (rule.name, leaf.facts[0].survey)
    return (rule.name,) if rule.name in RULE_NAMES else ("own",)


def parse(
    document: Mapping[str, Any], label: str = "methodology", functions: Mapping[str, own.Function] | None = None
) -> Scheme:
    """Check a methodology document and make it ready. Raises MethodologyError with every problem found.

    The scheme keeps what the document holds: a caller that may change it later asks for `canonical` first.
    """
    functions = dict(functions or {})
    raw = {key: value for key, value in document.items() if key != "$schema"}
    try:
        model = Document.model_validate(raw)
    except ValidationError as error:
        raise MethodologyError(problems(error, label)) from None
    found = cross_checks.check(model, label, frozenset(functions))
    if found:
        raise MethodologyError(found)
    scheme = Scheme(model, label, functions, raw)
    try:
        scheme.blocks  # noqa: B018  (kernels refuse parameters that doubles cannot hold exactly)
    except ValueError as error:
        hint, vi, hint_vi = (
            "use fewer decimals",
            f"tham số quá lớn hoặc quá nhiều chữ số: {error}",
            "dùng ít chữ số hơn",
        )
        raise MethodologyError(
            [own_problem(label, "/items", "parameter-size", str(error), hint, "error", vi, hint_vi)]
        ) from None
    return scheme


def problems(error: ValidationError, label: str) -> list[Problem]:
    """The faults that pydantic found, in the engine's own words."""
    out = []
    for fault in error.errors():
        loc = list(fault["loc"])
        if "rule" in loc and loc.index("rule") + 1 < len(loc):  # the tag of the chosen rule is no key of the document
            del loc[loc.index("rule") + 1]
        while (loc and loc[-1] in ("[key]", "decimal", "literal['attainable']")) or (
            loc and "function-" in str(loc[-1])
        ):
            loc.pop()
        what, hint = fault["msg"].removeprefix("Value error, "), ""
        vi, hint_vi = fault_vi(fault["type"], what), ""
        if fault["type"] == "missing":
            what, hint = f'"{loc[-1]}" is required', "there are no defaults"
            vi, hint_vi = f'thiếu "{loc[-1]}"', "không có giá trị mặc định"
        elif fault["type"] == "extra_forbidden":
            what, hint = f'"{loc[-1]}" is not a key that belongs here', "check the spelling"
            vi, hint_vi = f'"{loc[-1]}" không phải là khóa ở đây', "xem lại chính tả"
        elif fault["type"].startswith("union_tag"):
            loc.append("name")
            name = fault["input"].get("name") if isinstance(fault["input"], dict) else None
            what = f"there is no rule {quote(name)}" if isinstance(name, str) else "the rule has no name"
            vi = f"không có quy tắc {quote(name)}" if isinstance(name, str) else "quy tắc không có tên"
            near = did_you_mean(str(name), RULE_NAMES)
            hint = near or f"the rules are {', '.join(RULE_NAMES)}"
            hint_vi = "" if near else f"các quy tắc: {', '.join(RULE_NAMES)}"
        elif fault["type"] == "value_error":
            here = isinstance(fault["input"], (str, int, float))
            hint, hint_vi = (f"{word} {quote(fault['input'])}" if here else "" for word in ("found", "đang là"))
            if what == ONE_WRITING:
                right = quote(written(Fraction(fault["input"])))
                hint, hint_vi = f"{hint}; write {right}", f"{hint_vi}; hãy ghi {right}"
        code = fault["type"].replace("_", "-")
        out.append(own_problem(label, pointer(*loc), code, what, hint, "error", vi, hint_vi))
    return out
