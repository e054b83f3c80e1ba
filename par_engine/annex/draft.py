"""An annex and the methodology that is there, put together: the new document, and what stays open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from par_engine.annex.headers import Columns
from par_engine.annex.layout import Entry, Open, read_layout
from par_engine.annex.leaves import Leaves
from par_engine.annex.rules import Named, given
from par_engine.annex.tables import Annex
from par_engine.base.decimals import plain
from par_engine.base.names import fold
from par_engine.base.problems import MethodologyError, Problem
from par_engine.methodology.model import Document, Item
from par_engine.plugins import ready

_LEFT = {
    "struck": ("chữ gạch ngang, không đọc", "struck out, not read"),
    "hidden": ("chữ ẩn, không đọc", "hidden text, not read"),
    "deleted": ("đã xóa (theo dõi thay đổi), không đọc", "deleted under tracking, not read"),
    "mark": ("dấu chú thích, không đọc", "the mark of a note, not read"),
    "sheet": ("trang tính ẩn, không đọc", "a hidden sheet, not read"),
}
_OF_RULE = re.compile(r"/items/(\d+)/rule(?:/|$)")
_NOT_OFFICIAL = ("không chính thức", "số dựng lại", "số suy ra", "còn câu hỏi")
_KEPT = ("role", "weight", "aggregate", "cap", "gates", "missing", "may_not_apply")


@dataclass(frozen=True)
class Draft:
    """The document that an annex makes, not yet checked as a whole, and what people should know about it."""

    document: dict[str, Any]
    columns: Columns
    questions: tuple[Open, ...]
    assumed: Mapping[str, int]
    understood: int
    leaves: int
    aside: tuple[Open, ...] = ()
    """What the file holds and no rule is made of: text struck out or hidden, marks of notes, harmless sentences."""
    untranslated: int = 0
    """How many titles have their Vietnamese text in both languages, since nobody has written the English one."""
    places: Mapping[str, str] = field(default_factory=dict)
    """The cell of each item, by code."""


def draft(
    annex: Annex,
    base: Document,
    official: str | None = None,
    table: str | None = None,
    functions: Mapping[str, Any] | None = None,
    *,
    rest_zero: bool = False,
) -> Draft | Open:
    """The methodology of `base` with the items of an annex; Open when the annex has no table of criteria.

    `official` is the number of the decision when the user says that the document is that decision's annex: the rows
    that were understood become official. What an annex cannot say is kept from `base`. `table` chooses one of several
    annexes in the file; `functions` are the rules of the plugin's own, where it is there. `rest_zero` answers all
    questions about what is below the lowest level with 0; such rows are not official.
    """
    scheme = read_layout(annex, {item.code for item in base.items}, table)
    if isinstance(scheme, Open):
        return scheme
    if not scheme.entries:
        vi, en = "bảng không có dòng tiêu chí nào", "the table has no row of a criterion"
        first = next(iter(scheme.questions), None)
        if first is None:
            return Open(annex.name, "", vi, en)
        return Open(first.at, "", f"{vi}; dòng đầu tiên: {first.vi}", f"{en}; the first row: {first.en}")
    return _Drafting(annex, base, official, functions, rest_zero).run(
        scheme.columns, scheme.entries, scheme.total, scheme.questions
    )


class _Drafting(Leaves):
    """The work of one import."""

    def run(
        self, columns: Columns, entries: tuple[Entry, ...], total: Fraction | None, questions: tuple[Open, ...]
    ) -> Draft:
        self.questions += questions
        self.entries = entries
        self._left()
        for entry in entries:
            known = self.known.get(entry.code)
            if entry.parent is None and known is not None and known.parent in {e.code for e in entries}:
                entry.parent = known.parent
        parents = {entry.parent for entry in entries}
        items, leaves = [], 0
        for entry in entries:
            known = self.known.get(entry.code)
            if known is None or fold(known.title.vi) != fold(entry.title):
                twins = self.by_title.get(fold(entry.title), [])
                moved = twins[0] if len(twins) == 1 and twins[0].code not in {e.code for e in entries} else None
                known = moved or (known if known is not None and _alike(known.title.vi, entry.title) else None)
            leaf = entry.code not in parents
            leaves += leaf
            items.append(self._item(entry, known, leaf))
        document = self.document
        for item in items:
            if item["code"] in parents and "max" in item:
                under = sum((Fraction(i["max"]) for i in items if i.get("parent") == item["code"]), Fraction(0))
                kept = self.known.get(item["code"])
                if under != Fraction(item["max"]) and (kept is None or kept.aggregate is None) and not _roles(items):
                    entry = next(e for e in entries if e.code == item["code"])
                    vi = f"ghi {_n(item['max'])} điểm, các mục con cộng lại {_n(plain(under))}"
                    en = f"has {item['max']} points, its children sum to {plain(under)}"
                    self.questions.append(Open(entry.at, item["code"], vi, en))
        self._gates(entries, items)
        document["facts"] = self.facts
        self._totals(items, total)
        document["items"] = items
        self._source()
        self._prune()
        self._settle()
        order = {entry.at: i for i, entry in enumerate(entries)}
        questions_ = sorted(self.questions, key=lambda q: order.get(q.at, len(order)))
        places = {entry.code: entry.at for entry in entries}
        return Draft(
            document,
            columns,
            tuple(questions_),
            self.assumed,
            self.understood,
            leaves,
            tuple(self.aside),
            self.untranslated,
            places,
        )

    def _left(self) -> None:
        """Say what the file holds and does not show as valid; a hidden row is asked about."""
        for left in self.annex.left:
            text = left.text[:200]
            if left.kind == "row":
                vi, en = f"dòng bị ẩn: “{text}”: bỏ ẩn, hoặc xóa hẳn", f"a hidden row: “{text}”: show it, or delete it"
                self.questions.append(Open(left.at, self._above(left.at), vi, en))
                continue
            vi, en = _LEFT[left.kind]
            self.aside.append(Open(left.at, self._above(left.at), f"{vi}: “{text}”", f"{en}: “{text}”"))

    def _above(self, at: str) -> str:
        """The code of the item whose row is this place, or the last one before it in the same table."""
        place = _row(at)
        return next((e.code for e in reversed(self.entries) if _row(e.at)[0] == place[0] and _row(e.at) <= place), "")

    def _settle(self) -> None:
        """Make a rule that the engine refuses a question at its cell: one bad rule must not stop the others."""
        for _ in range(len(self.entries) + 1):
            try:
                ready(self.document, self.functions, self.annex.name)
            except MethodologyError as error:
                bad = {int(m[1]): p for p in reversed(error.problems) if (m := _OF_RULE.match(p.pointer))}
                if not any(self._unsettle(i, problem) for i, problem in sorted(bad.items())):
                    return
            else:
                return

    def _unsettle(self, i: int, problem: Problem) -> bool:
        item = self.document["items"][i]
        entry = next(e for e in self.entries if e.code == item["code"])
        name = str(item["rule"]["name"])
        if name == "given":
            return False
        own = "." in name
        if own and self.functions is None and name in self.own:
            return False  # the plugin brings it along
        vi = f"quy tắc đọc được mà bộ máy không nhận: {problem.what_vi or problem.what}"
        en = f"the rule was read and is refused: {problem.what}"
        if own:
            vi = f"quy tắc riêng {name} do gói cung cấp, phụ lục không mang theo"
            en = f"the rule {name} is a plugin's own: no annex carries it"
        self.questions.append(Open(entry.at, entry.code, vi, en))
        self.understood -= 1
        for fact in self.made.pop(entry.code, set(self.facts_of(item))):
            self.document["facts"].pop(fact, None)
        item["rule"], made = given(entry.code.lower(), Named(**item["title"]), Fraction(item["max"]))
        self.document["facts"] |= made
        item["to_do"] = [*item.get("to_do", []), f"{entry.at}: {vi}"[:2000]]
        item["basis"] = "reconstructed"
        return True

    def facts_of(self, item: Mapping[str, Any]) -> set[str]:
        """The facts that only this item's rule names."""
        others = {w for other in self.document["items"] if other is not item for w in _words(other.get("rule"))}
        return {word for word in _words(item["rule"]) if word in self.document["facts"] and word not in others}

    def _gates(self, entries: tuple[Entry, ...], items: list[dict[str, Any]]) -> None:
        """Ask about gates, which are kept, on items that the annex does not have any more."""
        codes = {item["code"] for item in items}
        places = {entry.code: entry.at for entry in entries}
        for node in (self.document["total"], *items):
            for gate in node.get("gates", ()):
                if gate["item"] not in codes:
                    code, old = node.get("code", ""), self.known[gate["item"]]
                    whose, whose_vi = ("its gate", "mục này") if code else ("the gate of the total", "tổng điểm")
                    vi = f"điều kiện của {whose_vi} căn cứ vào mục {old.code} “{old.title.vi}”, phụ lục không còn nó"
                    en = f"{whose} asks for item {old.code} “{old.title.en}”, which the annex does not have any more"
                    self.questions.append(Open(places.get(code, self.annex.name), code, vi, en))

    def _item(self, entry: Entry, known: Item | None, leaf: bool) -> dict[str, Any]:
        old = self.old[known.code] if known is not None else {}
        title = old["title"] if old and fold(old["title"]["vi"]) == fold(entry.title) else None
        self.untranslated += not title and fold(entry.title) not in self.english
        named = Named(**title) if title else self.english.get(fold(entry.title), Named(entry.title, entry.title))
        maximum = entry.max if entry.max is not None else known.max if known is not None else None
        item: dict[str, Any] = {"code": entry.code}
        if entry.parent is not None:
            item["parent"] = entry.parent
        item |= {"title": named.as_dict(), "max": plain(maximum if maximum is not None else Fraction(0))}
        asked = [q for q in self.questions if q.code == entry.code]
        to_do = [f"{q.at}: {q.vi}"[:2000] for q in asked]
        renamed = title is None
        unchanged = known is not None and not renamed and item["max"] == plain(known.max)
        if leaf:
            same_rule = self._leaf(item, entry, known, maximum or Fraction(0), to_do)
            unchanged = unchanged and same_rule and item["stream"] == known.stream if known else False
        above = next((e.role for e in self.entries if e.code == entry.parent), "")
        if entry.role and not above:
            item["role"] = entry.role
            if entry.role == "bonus":
                self._capped(entry, to_do)
        item |= {key: old[key] for key in _KEPT if key in old}
        rulings = [*old.get("rulings", []), *item.pop("new_rulings", [])]
        kept_unsaid = item.pop("kept_unsaid", False)
        place: str | None = f"{self.annex.name}, {entry.at}"[:2000]
        if self.official is not None and (denied := _denied(entry.note)):
            vi = f"cột ghi chú nói “{denied}”: dòng này không thể là chính thức"
            self.questions.append(
                Open(entry.at, entry.code, vi, f"its note says “{denied}”: the row cannot be official")
            )
            to_do.append(f"{entry.at}: {vi}"[:2000])
        if self.official is not None and not to_do and entry.code not in self.chosen:
            item |= {"basis": "official", "sources": [self.source]}
            if old.get("basis") != "official" and not kept_unsaid:
                rulings = [r for r in rulings if r not in old.get("rulings", [])]
        elif (
            unchanged and not to_do and entry.code not in self.chosen
        ):  # it stays what it was, with the source that made it so
            item |= {"basis": old["basis"], "sources": old["sources"]}
            if old["basis"] == "official":
                place = old.get("place", place if self.source in old["sources"] else None)
            else:
                item["sources"] = list(dict.fromkeys((*old["sources"], self.source)))
        else:
            item |= {"basis": "reconstructed", "sources": list(dict.fromkeys((*old.get("sources", ()), self.source)))}
        if rulings:
            item["rulings"] = list(dict.fromkeys(rulings))
        if place is not None:
            item["place"] = place
        if to_do:
            item["to_do"] = to_do
        return item

    def _totals(self, items: list[dict[str, Any]], total: Fraction | None) -> None:
        """Stream sums and the total follow the rows; streams without a leaf go."""
        document = self.document
        before: dict[str, Fraction] = {}
        outside = [_outside(part) for part in (document["items"], items)]
        for item in document["items"]:
            if "stream" in item and item["code"] not in outside[0]:
                before[item["stream"]] = before.get(item["stream"], Fraction(0)) + Fraction(item["max"])
        after: dict[str, Fraction] = {}
        for item in items:
            if "stream" in item and item["code"] not in outside[1]:
                after[item["stream"]] = after.get(item["stream"], Fraction(0)) + Fraction(item["max"])
        whole = self.official is not None and not self.questions and all(item["basis"] == "official" for item in items)
        kept = []
        for stream in document["streams"]:
            id = stream["id"]
            if id not in {item.get("stream") for item in items}:
                continue
            if id in after and (before.get(id) != after[id] or whole):
                stream["max"] = plain(after[id])
                self._sum(stream, whole=whole)
            kept.append(stream)
        document["streams"] = kept
        roots = [
            sum((Fraction(i["max"]) for i in part if "parent" not in i and "role" not in i), Fraction(0))
            for part in (document["items"], items)
        ]
        root = document["total"]
        if total is not None and total != roots[1] and "aggregate" not in root and not _weighted(document):
            vi, en = f"tổng ghi {_n(plain(total))}, các mục cộng lại {_n(plain(roots[1]))}", "the total is not the sum"
            self.questions.append(Open(self.annex.name, "", vi, en))
        if Fraction(root["max"]) == roots[0] and (roots[0] != roots[1] or whole):
            root["max"] = plain(roots[1])
            self._sum(root, whole=whole)

    def _sum(self, node: dict[str, Any], *, whole: bool) -> None:
        """A sum of rows is as official as they are; rulings about a number that is not official go with it."""
        if whole and node["basis"] != "official":
            cited = {ruling for item in self.document["items"] for ruling in item.get("rulings", ())}
            node["rulings"] = [ruling for ruling in node.get("rulings", ()) if ruling not in cited]
        node["basis"] = "official" if whole else "reconstructed"
        node["sources"] = [self.source]

    def _prune(self) -> None:
        """Leave out what only the rows needed that are gone: surveys, breaks, rulings and sources."""
        document = self.document
        codes = {item["code"] for item in document["items"]}
        streams = {stream["id"] for stream in document["streams"]}
        if "breaks" in document:
            document["breaks"] = [
                b
                for b in document["breaks"]
                if codes.issuperset(b.get("items", ())) and streams.issuperset(b.get("streams", ()))
            ]
        asked = {fact.get("survey") for fact in document["facts"].values()}
        document["surveys"] = {id: survey for id, survey in document["surveys"].items() if id in asked}
        for key in ("rulings", "sources"):
            cited = {word for part, value in document.items() if part != key for word in _cited(value, key)}
            document[key] = {id: entry for id, entry in document[key].items() if id in cited}

    def _source(self) -> None:
        title = {"vi": f"Tệp {self.annex.name}", "en": f"The file {self.annex.name}"}
        if self.official is not None:
            title = {"vi": f"Phụ lục {self.official}", "en": f"Annex of {self.official}"}
        sources = self.document["sources"]
        sources[self.source] = {"title": title, "sha256": self.annex.sha256}


def _row(at: str) -> tuple[str, int]:
    """Table and row of a place, for comparing."""
    found = re.match(r"(bảng \d+), dòng (\d+)", at) or re.match(r"(.*)![A-Z]+(\d+)$", at)
    return (found[1], int(found[2])) if found else (at, 0)


def _words(value: Any) -> set[str]:
    """All texts and keys of a rule."""
    if isinstance(value, dict):
        return set(value).union(*(_words(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_words(inner) for inner in value))
    return {value} if isinstance(value, str) else set()


def _alike(known: str, said: str) -> bool:
    """Whether two names can be of the same item: half of the words of the shorter one stand in the other."""
    one, other = (set(re.findall(r"\w+", fold(name))) for name in (known, said))
    return 2 * len(one & other) >= min(len(one), len(other))


def _denied(note: str) -> str:
    """What a row's note says against its being official: the words that an export of ours writes, or open questions."""
    return next((word for word in _NOT_OFFICIAL if word in fold(note)), "")


def _cited(value: Any, key: str) -> set[str]:
    """What all the lists under this key name."""
    if isinstance(value, dict):
        own = {word for word in value.get(key, ()) if isinstance(word, str)} if key in value else set()
        return own.union(*(_cited(inner, key) for inner in value.values()))
    return set().union(*(_cited(inner, key) for inner in value)) if isinstance(value, list) else set()


def _outside(items: list[dict[str, Any]]) -> set[str]:
    """The codes of items with a role, and of all below them: they are in no sum."""
    found: set[str] = set()
    for item in items:
        if "role" in item or item.get("parent") in found:
            found.add(item["code"])
    return found


def _roles(items: list[dict[str, Any]]) -> bool:
    return any("role" in item for item in items)


def _weighted(document: Mapping[str, Any]) -> bool:
    return bool(document["settings"]["aggregate"] != "sum")


def _n(text: str) -> str:
    return text.replace(".", ",")
