"""What changed from one methodology to another: items, weights, rules, and what the whole declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from par_engine.base.decimals import plain, written
from par_engine.base.names import fold
from par_engine.base.terms import basis_words
from par_engine.base.types import Basis
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import Document, Item

Kind = Literal["added", "removed", "moved", "renamed", "reweighted", "rule", "stream", "setting", "basis"]
KINDS: tuple[Kind, ...] = ("added", "removed", "moved", "renamed", "reweighted", "rule", "stream", "setting", "basis")
_FEW = 6
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True)
class Change:
    """One difference: `code` of the newer item (of the older one when removed), and both sides as text.

    Texts are Vietnamese, numbers with a point; what reads otherwise in English is in `en`, by the name of its field.
    """

    kind: Kind
    code: str
    title: str
    old: str
    new: str
    en: tuple[tuple[str, str], ...] = ()

    def said(self, field: Literal["title", "old", "new"], lang: str) -> str:
        """A text as the language writes it."""
        text = dict(self.en).get(field, getattr(self, field)) if lang == "en" else getattr(self, field)
        bare = lang == "vi" and self.kind in ("added", "removed", "reweighted", "setting")
        return _DECIMAL.sub(",", text) if bare else str(text)

    def as_dict(self) -> dict[str, str]:
        """The change as JSON."""
        return {"kind": self.kind, "code": self.code, "title": self.title, "old": self.old, "new": self.new}


def diff(old: Document, new: Document) -> list[Change]:
    """All changes, by kind and then in document order; empty for two that assess alike and know it equally well.

    An item is the same one when code and title agree, or when the title agrees and stands once among what is left on
    each side; of the rest, equal codes mean that an item was renamed.
    """
    pairs, gone, fresh = matched(old, new)
    found = [Change("added", i.code, i.title.vi, "", plain(i.max), (("title", i.title.en),)) for i in fresh]
    found += [Change("removed", i.code, i.title.vi, plain(i.max), "", (("title", i.title.en),)) for i in gone]
    for before, after in pairs:
        found += _changes(before, after, old, new)
    found += _whole(old, new)
    found += _bases(old, new, pairs)
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


def _changes(old: Item, new: Item, before: Document, after: Document) -> Iterator[Change]:
    title, en = new.title.vi, ("title", new.title.en)
    if (old.code, old.parent) != (new.code, new.parent):
        yield Change("moved", new.code, title, old.code, new.code, (en,))
    if fold(old.title.vi) != fold(new.title.vi):
        yield Change(
            "renamed", new.code, title, old.title.vi, title, (en, ("old", old.title.en), ("new", new.title.en))
        )
    if (old.max, old.weight) != (new.max, new.weight):
        was, now = ([_worth(item, old, new, lang) for lang in get_args(Lang)] for item in (old, new))
        yield Change("reweighted", new.code, title, was[0], now[0], (en, ("old", was[1]), ("new", now[1])))
    if _rule(old) != _rule(new):
        was, now = ([_said(i, doc, lang) for lang in get_args(Lang)] for i, doc in ((old, before), (new, after)))
        yield Change("rule", new.code, title, was[0], now[0], (en, ("old", was[1]), ("new", now[1])))
    if old.stream != new.stream:
        yield Change("stream", new.code, title, old.stream or "", new.stream or "", (en,))


def _worth(item: Item, old: Item, new: Item, lang: str) -> str:
    """What an item is worth, in what has changed: its maximum, its weight, or both."""
    weight = "" if item.weight is None else f"{'trọng số' if lang == 'vi' else 'weight'} {written(item.weight)}"
    if old.weight == new.weight:
        return plain(item.max)
    return weight if old.max == new.max else ", ".join(filter(None, (plain(item.max), weight)))


def _rule(item: Item) -> dict[str, Any]:
    """All that decides the points of an item, but its maximum and its words."""
    keys = {"rule", "role", "missing", "may_not_apply", "aggregate", "cap", "gates"}
    return item.model_dump(mode="json", by_alias=True, include=keys, exclude_none=True)


def _said(item: Item, document: Document, lang: Lang) -> str:
    if item.rule is None:
        return item.aggregate or ""
    exempt = ("; có thể không áp dụng" if lang == "vi" else "; may not apply") if item.may_not_apply else ""
    return f"{item.rule.name}: {item.rule.words(lang, document.facts, item.max)}{exempt}"


def _bases(old: Document, new: Document, pairs: Sequence[tuple[Item, Item]]) -> Iterator[Change]:
    """How what is known of the numbers has changed, one change for each step from one basis to another."""
    nodes = [(before.basis, after.basis, after.code) for before, after in pairs]
    there = {stream.id: stream.basis for stream in old.streams}
    nodes += [(there[s.id], s.basis, f"streams.{s.id}") for s in new.streams if s.id in there]
    nodes.append((old.total.basis, new.total.basis, "total"))
    steps: dict[tuple[Basis, Basis], list[str]] = {}
    for before, after, code in nodes:
        if before != after:
            steps.setdefault((before, after), []).append(code)
    for (before, after), codes in steps.items():
        shown = ", ".join(codes[:_FEW]) + (", …" if len(codes) > _FEW else "")
        en = (
            ("title", f"{len(codes)} numbers"),
            ("old", basis_words(before, "en")),
            ("new", basis_words(after, "en")),
        )
        title = f"{len(codes)} con số"
        yield Change("basis", shown, title, basis_words(before, "vi"), basis_words(after, "vi"), en)


def _whole(old: Document, new: Document) -> Iterator[Change]:
    before, after = old.settings.model_dump(mode="json"), new.settings.model_dump(mode="json")
    for key in after:
        if before[key] != after[key]:
            yield Change("setting", f"settings.{key}", key, str(before[key]), str(after[key]))
    streams = {stream.id: stream.max for stream in old.streams}
    now = {stream.id: stream.max for stream in new.streams}
    for id in dict.fromkeys((*streams, *now)):
        if streams.get(id) != now.get(id):
            was, is_ = ("" if x is None else plain(x) for x in (streams.get(id), now.get(id)))
            yield Change("setting", f"streams.{id}", id, was, is_)
    for part in ("surveys", "groups", "facts"):
        left, right = (_ids(_content(doc, part)) for doc in (old, new))
        names = sorted(name for name in {*left, *right} if left.get(name) != right.get(name))
        if names:
            was, is_ = (", ".join(name for name in names if name in side) for side in (left, right))
            yield Change("setting", part, part, was, is_)
    totals = [(doc.total.max, doc.total.cap, doc.total.gates, doc.total.aggregate) for doc in (old, new)]
    if totals[0] != totals[1]:
        en = (("title", new.total.title.en),)
        yield Change("reweighted", "total", new.total.title.vi, plain(old.total.max), plain(new.total.max), en)
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
