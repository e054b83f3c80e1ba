"""The leaves of an annex: which stream and rule each gets, and what is kept of the methodology that is there."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from par_engine.annex.layout import Entry, Open
from par_engine.annex.readings import Doubt, Reading
from par_engine.annex.roles import as_bonus, as_penalty, rewards
from par_engine.annex.rule_reading import read_rule
from par_engine.annex.rule_writing import lines
from par_engine.annex.rules import InexactError, Named, as_reading, as_rule, given, same
from par_engine.annex.tables import Annex
from par_engine.annex.words import survey
from par_engine.base.names import bare, fold
from par_engine.methodology.model import Document, Item

_UNSAID = {
    "whole_zero": Named(
        "Phụ lục không nói khi mẫu số bằng 0 thì sao: coi là thiếu số liệu.",
        "The annex does not say what a whole of zero is worth: taken as missing.",
    ),
    "over": Named(
        "Phụ lục không nói khi tử số lớn hơn mẫu số thì sao: coi là số liệu sai.",
        "The annex does not say what a part above its whole is: taken as bad evidence.",
    ),
    "below": Named(
        "Phụ lục không nói dưới mức thấp nhất thì mấy điểm: người nhập chọn 0.",
        "The annex does not say what is worth less than its lowest level: whoever imported it chose 0.",
    ),
    "floor": Named(
        "Phụ lục không nói trừ đến đâu thì thôi: không dưới 0.",
        "The annex does not say where a deduction ends: not below 0.",
    ),
}
_BY_HAND = (
    "tự đánh giá",
    "thẩm định",
    "tự chấm",
    "tự chấm điểm",
    "tự đánh giá, thẩm định",
    "hồ sơ",
    "tài liệu kiểm chứng",
)


class Leaves:
    """What one import knows while it goes from row to row."""

    def __init__(
        self,
        annex: Annex,
        base: Document,
        official: str | None,
        functions: Mapping[str, Any] | None,
        rest_zero: bool = False,
    ) -> None:
        self.annex, self.base, self.official, self.functions = annex, base, official, functions
        self.rest_zero = rest_zero
        self.chosen: set[str] = set()  # codes of items of which whoever imports said what the annex does not
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
        self.aside: list[Open] = []
        self.own = {item.rule.name for item in base.items if item.rule is not None}
        self.made: dict[str, set[str]] = {}
        self.untranslated = 0
        self.entries: tuple[Entry, ...] = ()

    def _capped(self, entry: Entry, to_do: list[str]) -> None:
        """A bonus needs to know whether it may lift its parent above the maximum: no annex says it in a way we read."""
        node = self.document["total"] if entry.parent is None else None
        if node is not None and "cap" not in node:
            node["cap"] = "attainable"
            vi = "điểm thưởng có được vượt tổng điểm tối đa không? Tạm tính: không"
            en = "may the bonus lift the total above its maximum? Taken as: no"
            self.questions.append(Open(entry.at, entry.code, vi, en))
            to_do.append(f"{entry.at}: {vi}")

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
        if isinstance(read, Doubt) and read.offer and self.rest_zero:
            read = self._offered(said, read, maximum, entry)
        if entry.role:
            read = as_penalty(read) if entry.role == "penalty" else as_bonus(read)
        self._stream(item, entry, known, read if isinstance(read, Reading) else None, to_do)
        if isinstance(read, Reading):
            for kept in read.aside:
                at = next((line.at for line in entry.lines if kept[:40] in line.text), entry.at)
                self.aside.append(Open(at, entry.code, f"không đổi điểm: “{kept}”", f"changes no points: “{kept}”"))
        old = as_reading(rule, facts, known.max) if rule is not None and known is not None else None
        boolean = rule is not None and rule.name == "choice" and facts[rule.facts()[0]].type == "boolean"
        if (
            isinstance(read, Reading)
            and known is not None
            and old is not None
            and maximum == known.max
            and same(read, old, boolean=boolean)
        ):
            self._keep(item, known)
            if said:
                english = known.rule_text.en if known.rule_text else text
                item["rule_text"] = {"vi": text[:2000], "en": english}
            item["kept_unsaid"] = bool(read.unsaid)
            self.understood += 1
            return True
        if isinstance(read, Reading) and not entry.role and rewards(entry.title, read):
            read = Doubt(None, "càng nhiều điều xấu thì càng nhiều điểm?", "the more of a fault, the more points?")
        if isinstance(read, Reading):
            try:
                self._new(item, entry, known, read, old, maximum, text, to_do)
            except InexactError:
                read = Doubt(None, "công thức cho điểm không viết được bằng số thập phân", "points without decimals")
            else:
                self.understood += not to_do
                return False
        at = entry.lines[read.line].at if read.line is not None and read.line < len(said) else entry.at
        # what has an offer is asked once for all its cells, so without the words of one of them
        words = "" if read.offer else f" (“{text[:200]}”)"
        self.questions.append(Open(at, entry.code, f"{read.vi}{words}", f"{read.en}{words}"))
        to_do.append(f"{at}: {read.vi}"[:2000])
        rule_, made = given(item["code"].lower(), Named(**item["title"]), maximum)
        self._put(item, rule_, made, text)
        return False

    def _offered(self, said: list[str], doubt: Doubt, maximum: Fraction, entry: Entry) -> Reading | Doubt:
        """The rule with the line that the question offers: chosen by whoever imports, so never official."""
        read = read_rule([*said, doubt.offer], maximum)
        if isinstance(read, Doubt):
            return doubt
        self.chosen.add(entry.code)
        return replace(read, unsaid=read.unsaid | {"below"})

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
        self.made[item["code"]] = set(made)

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
        if found is None and known is not None and known.stream is not None:
            awaited = next(s["awaited"] for s in streams if s["id"] == known.stream)
            general = survey(said) if awaited else said in _BY_HAND
            found = known.stream if not said or general else None
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
