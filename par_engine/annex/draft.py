"""An annex and the methodology that is there, put together: the new document, and what stays open."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from par_engine.annex.grid import Annex
from par_engine.annex.layout import Columns, Entry, Open, read_layout
from par_engine.annex.reading import read_rule
from par_engine.annex.rules import InexactError, Named, as_reading, as_rule, given, same
from par_engine.annex.said import Doubt, Reading
from par_engine.annex.wording import lines
from par_engine.exact import plain
from par_engine.model import Document, Item
from par_engine.names import bare, fold

_UNSAID = {
    "whole_zero": Named(
        "Phụ lục không nói khi mẫu số bằng 0 thì sao: coi là thiếu số liệu.",
        "The annex does not say what a whole of zero is worth: taken as missing.",
    ),
    "over": Named(
        "Phụ lục không nói khi tử số lớn hơn mẫu số thì sao: coi là số liệu sai.",
        "The annex does not say what a part above its whole is: taken as bad evidence.",
    ),
    "floor": Named(
        "Phụ lục không nói trừ đến đâu thì thôi: không dưới 0.",
        "The annex does not say where a deduction ends: not below 0.",
    ),
}
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


def draft(annex: Annex, base: Document, official: str | None = None) -> Draft | Open:
    """The methodology of `base` with the items of an annex; Open when the annex has no table of criteria.

    `official` is the number of the decision when the user says that the document is that decision's annex: the rows
    that were understood become official. What an annex cannot say is kept from `base`.
    """
    scheme = read_layout(annex, {item.code for item in base.items})
    if isinstance(scheme, Open):
        return scheme
    if not scheme.entries:
        return Open(annex.name, "", "bảng không có dòng tiêu chí nào", "the table has no row of a criterion")
    return _Drafting(annex, base, official).run(scheme.columns, scheme.entries, scheme.total, scheme.questions)


class _Drafting:
    """The work of one import."""

    def __init__(self, annex: Annex, base: Document, official: str | None) -> None:
        self.annex, self.base, self.official = annex, base, official
        self.document: dict[str, Any] = base.model_dump(mode="json", by_alias=True, exclude_unset=True)
        self.old = {item["code"]: item for item in self.document["items"]}
        self.known = {item.code: item for item in base.items}
        self.by_title: dict[str, list[Item]] = {}
        for item in base.items:
            self.by_title.setdefault(fold(item.title.vi), []).append(item)
        self.facts: dict[str, Any] = {}
        self.assumed: dict[str, int] = {}
        self.questions: list[Open] = []
        self.english = _english(base)
        number = official or annex.name
        self.source = f"annex-{bare(number).replace('/', '-').replace('.', '-')}"
        self.source = "".join(c if c.isalnum() and c.isascii() else "-" for c in self.source).strip("-")[:60]
        self.understood = 0

    def run(
        self, columns: Columns, entries: tuple[Entry, ...], total: Fraction | None, questions: tuple[Open, ...]
    ) -> Draft:
        self.questions += questions
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
        order = {entry.at: i for i, entry in enumerate(entries)}
        questions_ = sorted(self.questions, key=lambda q: order.get(q.at, len(order)))
        return Draft(document, columns, tuple(questions_), self.assumed, self.understood, leaves)

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
        if self.official is not None and not to_do:
            item |= {"basis": "official", "sources": [self.source]}
            if old.get("basis") != "official" and not kept_unsaid:
                rulings = [r for r in rulings if r not in old.get("rulings", [])]
        elif unchanged and not to_do:  # it stays what it was, with the source that made it so
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

    def _leaf(
        self, item: dict[str, Any], entry: Entry, known: Item | None, maximum: Fraction, to_do: list[str]
    ) -> bool:
        """Give a leaf its stream and rule; whether the rule is the one that is there."""
        said = [line.text for line in entry.lines]
        text = "; ".join(part.rstrip(" ;.") for part in said) or entry.assessed or "?"
        rule = known.rule if known is not None else None
        facts = self.base.facts
        if (
            known is not None
            and rule is not None
            and maximum == known.max
            and _joined(said) == _joined(lines(known, facts))
        ):
            self._stream(item, entry, known, None, to_do)
            self._keep(item, known)
            self.understood += 1
            return True
        read = read_rule(said, maximum) if said else self._unwritten(entry)
        self._stream(item, entry, known, read if isinstance(read, Reading) else None, to_do)
        old = as_reading(rule, facts, known.max) if rule is not None and known is not None else None
        boolean = rule is not None and rule.name == "choice" and facts[rule.facts()[0]].type == "boolean"
        if isinstance(read, Reading):
            if known is not None and old is not None and maximum == known.max and same(read, old, boolean=boolean):
                self._keep(item, known)
                if said:
                    english = known.rule_text.en if known.rule_text else text
                    item["rule_text"] = {"vi": text[:2000], "en": english}
                item["kept_unsaid"] = bool(read.unsaid)
                self.understood += 1
                return True
            try:
                self._new(item, entry, known, read, old, maximum, text, to_do)
            except InexactError:
                read = Doubt(None, "công thức cho điểm không viết được bằng số thập phân", "points without decimals")
            else:
                self.understood += not to_do
                return False
        at = entry.lines[read.line].at if read.line is not None and read.line < len(said) else entry.at
        self.questions.append(Open(at, entry.code, f"{read.vi} (“{text[:200]}”)", f"{read.en} (“{text[:200]}”)"))
        to_do.append(f"{at}: {read.vi}"[:2000])
        rule_, made = given(item["code"].lower(), Named(**item["title"]), maximum)
        self._put(item, rule_, made, text)
        return False

    def _unwritten(self, entry: Entry) -> Reading | Doubt:
        """The rule of a leaf without rule lines: only its way of assessment can say it."""
        return read_rule([entry.assessed], Fraction(1)) if entry.assessed else read_rule([], Fraction(1))

    def _keep(self, item: dict[str, Any], known: Item) -> None:
        old = self.old[known.code]
        item |= {"rule": old["rule"], "rule_text": old["rule_text"]}
        assert known.rule is not None
        for fact in known.rule.facts():
            self.facts[fact] = self.document["facts"][fact] if fact in self.document["facts"] else self.facts[fact]

    def _new(
        self,
        item: dict[str, Any],
        entry: Entry,
        known: Item | None,
        read: Reading,
        old: Reading | None,
        maximum: Fraction,
        text: str,
        to_do: list[str],
    ) -> None:
        survey = self._survey(item["stream"], known) if read.kind == "survey" else None
        if read.kind == "survey" and survey is None:
            vi, en = "không rõ phiếu nào cho mục này", "no survey is known for this item"
            self.questions.append(Open(entry.at, entry.code, vi, en))
            to_do.append(f"{entry.at}: {vi}")
            rule, made = given(item["code"].lower(), Named(**item["title"]), maximum)
        else:
            if old is not None and old.kind == read.kind == "steps" and old.measure == read.measure:
                read = _filled(read, old)
            rule, made = as_rule(read, item["code"], Named(**item["title"]), maximum, survey, self.english)
            if known is not None and known.rule is not None:
                rule, made = self._old_names(rule, made, known)
        item["new_rulings"] = [self._ruling(key) for key in sorted(read.unsaid)]
        self._put(item, rule, made, text)

    def _old_names(
        self, rule: dict[str, Any], made: dict[str, Any], known: Item
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The same rule over the facts that are there: those of the same label, or all where the types agree."""
        assert known.rule is not None
        before = known.rule.facts()
        facts = self.document["facts"]
        if known.rule.name != rule["name"]:
            return rule, made
        if rule["name"] == "checklist":
            old = {fold(facts[f]["title"]["vi"]): f for f in before if f in facts}
            names = {f: old[label] for f, fact in made.items() if (label := fold(fact["title"]["vi"])) in old}
        elif rule["name"] == "choice":
            return self._old_options(rule, made, before[0])
        elif [f["type"] for f in made.values()] == [facts[f]["type"] for f in before if f in facts]:
            names = dict(zip(made, before, strict=True))
        else:
            return rule, made

        def renamed(value: Any) -> Any:
            if isinstance(value, dict):
                return {names.get(k, k): renamed(v) for k, v in value.items()}
            return names.get(value, value) if isinstance(value, str) else value

        return renamed(rule), {names.get(f, f): facts[names[f]] if f in names else fact for f, fact in made.items()}

    def _old_options(
        self, rule: dict[str, Any], made: dict[str, Any], before: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A choice whose answers keep their ids where their labels are the same."""
        there = self.document["facts"].get(before, {})
        old = {fold(option["title"]["vi"]): option for option in there.get("options", ())}
        ((_, fact),) = made.items()
        kept = {o["id"]: old[label] for o in fact["options"] if (label := fold(o["title"]["vi"])) in old}
        if not kept:
            return rule, made
        options = [kept.get(option["id"], option) for option in fact["options"]]
        if len({option["id"] for option in options}) < len(options):
            return rule, made
        points = {kept[id]["id"] if id in kept else id: value for id, value in rule["points"].items()}
        return {**rule, "fact": before, "points": points}, {before: {**there, "options": options}}

    def _put(self, item: dict[str, Any], rule: dict[str, Any], made: dict[str, Any], text: str) -> None:
        item["rule"] = rule
        english = self.english.get(fold(text[:2000]))
        item["rule_text"] = {"vi": text[:2000], "en": english.en if english else text[:2000]}
        self.facts |= made

    def _ruling(self, key: str) -> str:
        text = _UNSAID[key].as_dict()
        rulings = self.document["rulings"]
        found = next((id for id, ruling in rulings.items() if ruling == text), None)
        if found is None:
            found = f"R{1 + max([0, *(int(id[1:]) for id in rulings)])}"
            rulings[found] = text
        self.assumed[key] = self.assumed.get(key, 0) + 1
        return found

    def _stream(
        self, item: dict[str, Any], entry: Entry, known: Item | None, read: Reading | None, to_do: list[str]
    ) -> None:
        streams = self.document["streams"]
        said = fold(entry.assessed)
        named = [s["id"] for s in streams if said and said in (fold(s["title"]["vi"]), s["id"])]
        old = known.stream if known is not None else None
        found = old if old in named else named[0] if len(named) == 1 else None
        if found is None:
            close = [
                s["id"] for s in streams if said and (said in fold(s["title"]["vi"]) or fold(s["title"]["vi"]) in said)
            ]
            found = close[0] if len(close) == 1 else None
        if found is None and not said and known is not None and known.stream is not None:
            found = known.stream
        if found is None and read is not None and (not said or said.startswith(("điều tra", "khảo sát"))):
            waiting = [s["id"] for s in streams if s["awaited"]]
            found = waiting[0] if len(waiting) == 1 and read.kind == "survey" else None
        if found is None and not said and read is not None and read.kind != "survey":
            open_ = [s["id"] for s in streams if not s["awaited"]]
            found = open_[0] if len(open_) == 1 else None
        if found is None:
            vi = f"không rõ nguồn điểm “{entry.assessed}”" if said else "không ghi nguồn điểm"
            en = f"the way of assessment “{entry.assessed}” is not known" if said else "no way of assessment is said"
            self.questions.append(Open(entry.at, entry.code, vi, en))
            to_do.append(f"{entry.at}: {vi}")
            found = known.stream if known is not None and known.stream else streams[0]["id"]
        item["stream"] = found

    def _survey(self, stream: str, known: Item | None) -> str | None:
        if known is not None and known.rule is not None and known.rule.name == "survey":
            return self.base.facts[known.rule.facts()[0]].survey
        surveys = self.document["surveys"]
        return stream if stream in surveys else next(iter(surveys)) if len(surveys) == 1 else None

    def _totals(self, items: list[dict[str, Any]], total: Fraction | None) -> None:
        """Stream sums and the total follow the rows; streams without a leaf go."""
        document = self.document
        before: dict[str, Fraction] = {}
        for item in document["items"]:
            if "stream" in item and "role" not in item:
                before[item["stream"]] = before.get(item["stream"], Fraction(0)) + Fraction(item["max"])
        after: dict[str, Fraction] = {}
        for item in items:
            if "stream" in item and "role" not in item:
                after[item["stream"]] = after.get(item["stream"], Fraction(0)) + Fraction(item["max"])
        whole = self.official is not None and all(item["basis"] == "official" for item in items)
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


def _roles(items: list[dict[str, Any]]) -> bool:
    return any("role" in item for item in items)


def _weighted(document: Mapping[str, Any]) -> bool:
    return bool(document["settings"]["aggregate"] != "sum")


def _filled(read: Reading, old: Reading) -> Reading:
    """What the lines leave unsaid, as the methodology that is there says it."""
    known = {k: v for k in ("whole_zero", "over") if k in read.unsaid and (v := getattr(old, k)) is not None}
    return replace(read, unsaid=read.unsaid - known.keys(), **known)


def _english(base: Document) -> dict[str, Named]:
    """Every Vietnamese text of a methodology with its English."""
    found: dict[str, Named] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.keys() == {"vi", "en"}:
                found.setdefault(fold(value["vi"]), Named(value["vi"], value["en"]))
                return
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(copy.deepcopy(base.model_dump(mode="json", include={"items", "facts"}, exclude_unset=True)))
    return found


def _joined(said: list[str]) -> str:
    return fold("; ".join(part.strip(" ;.-") for line in said for part in line.split(";")))


def _n(text: str) -> str:
    return text.replace(".", ",")
