"""What changed from one methodology to another: items, weights, rules, and what the whole declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from par_engine.exact import plain
from par_engine.model import Document, Item
from par_engine.names import fold

Kind = Literal["added", "removed", "moved", "renamed", "reweighted", "rule", "stream", "setting"]
KINDS: tuple[Kind, ...] = ("added", "removed", "moved", "renamed", "reweighted", "rule", "stream", "setting")


@dataclass(frozen=True)
class Change:
    """One difference: `code` of the newer item (of the older one when removed), and both sides as text."""

    kind: Kind
    code: str
    title: str
    old: str
    new: str

    def as_dict(self) -> dict[str, str]:
        """The change as JSON."""
        return {"kind": self.kind, "code": self.code, "title": self.title, "old": self.old, "new": self.new}


def diff(old: Document, new: Document) -> list[Change]:
    """All changes, by kind and then in document order; empty for two that assess alike.

    An item is the same one when code and title agree, or when the title agrees and stands once among what is left on
    each side; of the rest, equal codes mean that an item was renamed.
    """
    pairs, gone, fresh = matched(old, new)
    found = [Change("added", item.code, item.title.vi, "", _points(item)) for item in fresh]
    found += [Change("removed", item.code, item.title.vi, _points(item), "") for item in gone]
    for before, after in pairs:
        found += _changes(before, after, old, new)
    found += _whole(old, new)
    return sorted(found, key=lambda change: KINDS.index(change.kind))


def matched(old: Document, new: Document) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    before = {item.code: item for item in old.items}
    taken: dict[str, Item] = {}  # code of the newer item -> the older one
    for item in new.items:
        same = before.get(item.code)
        if same is not None and fold(same.title.vi) == fold(item.title.vi):
            taken[item.code] = before.pop(item.code)
    titles: dict[str, list[Item]] = {}
    for item in before.values():
        titles.setdefault(fold(item.title.vi), []).append(item)
    open_ = [item for item in new.items if item.code not in taken]
    once = [fold(item.title.vi) for item in open_]
    for item in open_:
        same_title = titles.get(fold(item.title.vi), [])
        if len(same_title) == 1 and once.count(fold(item.title.vi)) == 1:
            taken[item.code] = before.pop(same_title[0].code)
    for item in open_:
        if item.code not in taken and item.code in before:
            taken[item.code] = before.pop(item.code)
    pairs = [(taken[item.code], item) for item in new.items if item.code in taken]
    return pairs, list(before.values()), [item for item in new.items if item.code not in taken]


def _points(item: Item) -> str:
    return plain(item.max)


def _changes(old: Item, new: Item, before: Document, after: Document) -> Iterator[Change]:
    title = new.title.vi
    if (old.code, old.parent) != (new.code, new.parent):
        yield Change("moved", new.code, title, old.code, new.code)
    if fold(old.title.vi) != fold(new.title.vi):
        yield Change("renamed", new.code, title, old.title.vi, title)
    if (old.max, old.weight) != (new.max, new.weight):
        yield Change("reweighted", new.code, title, _points(old), _points(new))
    if _rule(old) != _rule(new):
        yield Change("rule", new.code, title, _said(old, before), _said(new, after))
    if old.stream != new.stream:
        yield Change("stream", new.code, title, old.stream or "", new.stream or "")


def _rule(item: Item) -> dict[str, Any]:
    """All that decides the points of an item, but its maximum and its words."""
    keys = {"rule", "role", "missing", "may_not_apply", "aggregate", "cap", "gates"}
    return item.model_dump(mode="json", by_alias=True, include=keys, exclude_none=True)


def _said(item: Item, document: Document) -> str:
    if item.rule is None:
        return item.aggregate or ""
    exempt = "; có thể không áp dụng" if item.may_not_apply else ""
    return f"{item.rule.name}: {item.rule.words('vi', document.facts, item.max)}{exempt}"


def _whole(old: Document, new: Document) -> Iterator[Change]:
    before, after = old.settings.model_dump(mode="json"), new.settings.model_dump(mode="json")
    for key in after:
        if before[key] != after[key]:
            yield Change("setting", f"settings.{key}", key, str(before[key]), str(after[key]))
    streams = {stream.id: stream.max for stream in old.streams}
    now = {stream.id: stream.max for stream in new.streams}
    for id in dict.fromkeys((*streams, *now)):
        if streams.get(id) != now.get(id):
            shown = ["" if x is None else plain(x) for x in (streams.get(id), now.get(id))]
            yield Change("setting", f"streams.{id}", id, *shown)
    for part in ("surveys", "groups", "facts"):
        left, right = (_ids(_content(doc, part)) for doc in (old, new))
        names = sorted(name for name in {*left, *right} if left.get(name) != right.get(name))
        if names:
            sides = (", ".join(name for name in names if name in side) for side in (left, right))
            yield Change("setting", part, part, *sides)
    totals = [(doc.total.max, doc.total.cap, doc.total.gates, doc.total.aggregate) for doc in (old, new)]
    if totals[0] != totals[1]:
        yield Change("reweighted", "total", new.total.title.vi, plain(old.total.max), plain(new.total.max))
    gone = sorted({unit.id for unit in old.units} - {unit.id for unit in new.units})
    come = sorted({unit.id for unit in new.units} - {unit.id for unit in old.units})
    if gone or come:
        yield Change("setting", "units", "units", ", ".join(gone), ", ".join(come))


def _content(document: Document, part: str) -> Any:
    """A part of a document without what does not decide points: where its numbers are from."""
    skip = {"surveys": {"__all__": {"basis", "sources", "rulings"}}} if part == "surveys" else None
    return document.model_dump(mode="json", by_alias=True, include={part}, exclude=skip)[part]


def _ids(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {entry["id"]: entry for entry in part}
