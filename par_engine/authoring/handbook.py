"""The handbook of a methodology: everything it declares, in words, for people who hold it against the decision."""

from __future__ import annotations

from collections.abc import Iterator

from par_engine.api import Methodology
from par_engine.authoring.markup import Block, Grid, Heading, Paragraph, Points, Quote, html, markdown
from par_engine.base.terms import basis_words, day_words, word
from par_engine.base.types import Basis, Fact, Group, Text, declared, say
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import TOTAL, Item, Total

_WORDS: dict[str, tuple[str, str]] = {
    "contents": ("Quy định chung", "What holds for all"),
    "items": ("Tiêu chí", "Criteria"),
    "streams": ("Nguồn điểm", "Streams"),
    "groups": ("Phân nhóm", "Groups"),
    "surveys": ("Điều tra xã hội học", "Surveys"),
    "units": ("Đơn vị được đánh giá", "Units"),
    "plan": ("Kế hoạch", "Plan"),
    "sources": ("Văn bản, tài liệu", "Sources"),
    "rulings": ("Diễn giải", "Rulings"),
    "max": ("Điểm tối đa", "Maximum"),
    "stream": ("Nguồn điểm", "Stream"),
    "points": ("điểm", "points"),
    "rule": ("Cách tính", "Rule"),
    "from": ("Từ", "From"),
    "group": ("Nhóm", "Group"),
    "option": ("Phương án trả lời", "Answer"),
    "share": ("Phần điểm được hưởng", "Share of the points"),
    "weight": ("Trọng số", "Weight"),
    "planned": ("Số phiếu dự kiến", "Planned ballots"),
    "unit": ("Đơn vị", "Unit"),
    "ranked": ("Xếp hạng", "Ranked"),
    "yes": ("có", "yes"),
    "no_plan": ("chưa có văn bản kế hoạch", "the plan itself was not found"),
    "task": ("Nhiệm vụ", "Task"),
    "who": ("Ai thực hiện", "Who"),
    "due": ("Thời hạn", "Due"),
    "locks": ("sau đó khóa", "then locks"),
    "submit": ("nộp tự đánh giá", "self-assessments"),
    "appraise": ("thẩm định", "appraisals"),
    "explain": ("giải trình", "explanations"),
    "final": ("chốt kết quả", "the final result"),
    "before": ("trước {}", "before {}"),
    "on_or_before": ("chậm nhất {}", "by {}"),
    "about": ("khoảng {}", "about {}"),
    "exempt": (
        "Có thể không áp dụng: khi đó bớt khỏi điểm tối đa.",
        "May not apply: it then leaves the maximum.",
    ),
    "role": ("Vai trò", "Role"),
    "cap": ("Trần điểm", "Cap"),
    "attainable": ("điểm tối đa có thể đạt", "what is attainable"),
    "gate": ("Điều kiện: {} dưới {} điểm thì tối đa {}.", "Gate: while {} has fewer than {}, at most {}."),
    "supersedes": ("Thay thế", "Supersedes"),
    "break": ("Không so sánh với {}", "Does not compare with {}"),
    "aggregate": ("Cộng điểm", "Aggregate"),
    "sum": ("tổng các mục con", "sum of the parts"),
    "weighted_mean": ("bình quân có trọng số", "weighted mean"),
    "combine": ("Gộp nhóm", "Groups are combined"),
    "weighted": ("theo trọng số", "by weight"),
    "pooled": ("gộp mọi phiếu", "all ballots together"),
    "missing": ("Thiếu số liệu", "Missing facts"),
    "zero": ("tính 0 điểm", "count as 0"),
    "exclude": ("không tính vào điểm tối đa", "leave the maximum"),
    "block": ("không tính được chỉ số", "leave no index"),
    "leaf_decimals": ("Số lẻ khi chấm", "Decimals of scoring"),
    "points_decimals": ("Số lẻ khi in điểm", "Decimals of printed points"),
    "index_decimals": ("Số lẻ khi in chỉ số", "Decimals of the printed index"),
    "rounding": ("Làm tròn", "Rounding"),
    "half_up": ("nửa lên", "half up"),
    "half_even": ("nửa về số chẵn", "half to even"),
    "half_down": ("nửa xuống", "half down"),
    "down": ("xuống", "down"),
    "up": ("lên", "up"),
    "rank_on": ("Xếp hạng theo", "Ranked on"),
    "group_on": ("Phân nhóm theo", "Grouped on"),
    "exact": ("số chưa làm tròn", "exact figures"),
    "printed": ("số đã in", "printed figures"),
    "ties": ("Bằng điểm", "Ties"),
    "standard": ("1, 2, 2, 4", "1, 2, 2, 4"),
    "modified": ("1, 3, 3, 4", "1, 3, 3, 4"),
    "dense": ("1, 2, 2, 3", "1, 2, 2, 3"),
}
_SETTINGS = (
    "missing",
    "aggregate",
    "leaf_decimals",
    "points_decimals",
    "index_decimals",
    "rounding",
    "rank_on",
    "group_on",
    "ties",
)


def handbook(methodology: Methodology) -> dict[str, bytes]:
    """The files of the handbook by name: Markdown in Vietnamese and in English, and one HTML page with both.

    The same methodology gives the same bytes; one item changed changes the lines of that item.
    """
    id = methodology.id
    langs: tuple[Lang, Lang] = ("vi", "en")
    pages: dict[Lang, list[Block]] = {lang: list(_Book(methodology, lang).blocks()) for lang in langs}
    out = {f"{id}.{lang}.md": markdown(blocks) for lang, blocks in pages.items()}
    out[f"{id}.html"] = html(methodology.document.title.vi, pages)
    return {name: text.encode() for name, text in out.items()}


class _Book:
    """One language of a handbook."""

    def __init__(self, methodology: Methodology, lang: Lang) -> None:
        self.methodology, self.lang = methodology, lang
        self.doc = methodology.document

    def _w(self, key: str) -> str:
        return _WORDS[key][self.lang == "en"]

    def _t(self, text: Text) -> str:
        return text.get(self.lang)

    def blocks(self) -> Iterator[Block]:
        """All blocks of the book, in order."""
        doc, lang = self.doc, self.lang
        yield Heading(1, self._t(doc.title))
        origin = (
            f", {self.methodology.distribution} {self.methodology.version}" if self.methodology.distribution else ""
        )
        yield Paragraph(f"{doc.id}{origin}, {self.methodology.fingerprint}")
        basis = "; ".join(f"{basis_words(b, lang)} {say(p, lang)}" for b, p in self.methodology.basis().items() if p)
        unsure = self.methodology.basis()["official"] != sum(self.methodology.basis().values())
        yield Paragraph(f"{say(doc.total.max, lang)} {self._w('points')}: {basis}.", mark=bool(unsure))
        yield from self._general()
        yield Heading(2, self._w("items"), "items")
        yield from self._node(TOTAL, doc.total)
        yield from self._children(TOTAL, 3)
        yield from self._surveys()
        yield from self._lists()

    def _general(self) -> Iterator[Block]:
        doc, lang = self.doc, self.lang
        settings = doc.settings.model_dump()
        yield Heading(2, self._w("contents"), "general")
        rows = [f"{self._w(key)}: {self._say(settings[key])}" for key in _SETTINGS]
        rows += [f"{self._w('supersedes')}: {doc.supersedes}"] if doc.supersedes else []
        rows += [f"{self._w('break').format(b.since)}: {self._t(b.why)}" for b in doc.breaks]
        yield Points(rows)
        yield Heading(3, self._w("streams"))
        yield Grid(
            [self._w("stream"), self._w("max"), word("basis", lang)],
            [[self._t(s.title), say(s.max, lang), self._cites(s.basis, s.sources, s.rulings)] for s in doc.streams],
        )
        yield Heading(3, self._w("groups"))
        yield Grid([self._w("group"), self._w("from")], [[self._t(g.title), say(g.from_, lang)] for g in doc.groups])

    def _say(self, value: object) -> str:
        return self._w(str(value)) if str(value) in _WORDS else str(value)

    def _cites(self, basis: Basis, sources: list[str], rulings: list[str]) -> str:
        """The basis, the titles of the sources, and the numbers of the rulings that stand at the end of the book."""
        frame = f"{word('frame', self.lang)} " if basis == "reconstructed" and sources else ""
        titles = [self._t(self.doc.sources[id].title) for id in sources]
        named = "; ".join([*([frame + "; ".join(titles)] if titles else []), *rulings])
        return basis_words(basis, self.lang) + (f" — {named}" if named else "")

    def _children(self, code: str, level: int) -> Iterator[Block]:
        for item in self.methodology.scheme.children.get(code, ()):
            title = f"{item.code} {self._t(item.title)} ({say(item.max, self.lang)} {self._w('points')})"
            yield Heading(min(level, 5), title, item.code)
            yield from self._node(item.code, item)
            yield from self._children(item.code, level + 1)

    def _node(self, code: str, node: Total) -> Iterator[Block]:
        doc, lang = self.doc, self.lang
        if isinstance(node, Item) and node.rule is not None and node.rule_text is not None:
            yield Quote(self._t(node.rule_text))
            stream = next(s for s in doc.streams if s.id == node.stream)
            facts = {name: doc.facts[name] for name in node.rule.facts()}
            rows = [
                f"{self._w('rule')} ({node.rule.name}): {node.rule.words(lang, facts, node.max)}",
                f"{self._w('stream')}: {self._t(stream.title)}",
                *(f"{name}: {self._fact(fact)}" for name, fact in facts.items()),
            ]
            rows += [f"{self._w('missing')}: {self._say(node.missing)}"] if node.missing else []
            rows += [self._w("exempt")] if node.may_not_apply else []
        else:
            inner = self.methodology.scheme.inner_by_code[code]
            rows = [f"{self._w('aggregate')}: {self._w(inner.aggregate)}"] if node.aggregate else []
        rows += [f"{self._w('role')}: {word(node.role, lang)}"] if isinstance(node, Item) and node.role else []
        rows += (
            [f"{self._w('weight')}: {declared(node.weight, lang)}"] if isinstance(node, Item) and node.weight else []
        )
        if node.cap is not None:
            cap = self._w("attainable") if node.cap == "attainable" else say(node.cap, lang)
            rows.append(f"{self._w('cap')}: {cap}")
        rows += [self._w("gate").format(g.item, declared(g.below, lang), say(g.cap, lang)) for g in node.gates]
        if rows:
            yield Points(rows)
        cited = self._cites(node.basis, node.sources, node.rulings)
        yield Paragraph(f"{word('basis', lang)}: {cited}", mark=node.basis != "official")

    def _fact(self, fact: Fact) -> str:
        lang = self.lang
        more = [self._t(fact.unit)] if fact.unit else []
        more += [f"≥ {say(fact.min, lang)}"] if fact.min is not None else []
        more += [f"≤ {say(fact.max, lang)}"] if fact.max is not None else []
        more += [" / ".join(self._t(option.title) for option in fact.options)] if fact.options else []
        return self._t(fact.title) + (f" ({', '.join(more)})" if more else "")

    def _surveys(self) -> Iterator[Block]:
        if not self.doc.surveys:
            return
        lang = self.lang
        yield Heading(2, self._w("surveys"), "surveys")
        for key, survey in self.doc.surveys.items():
            yield Heading(3, self._t(survey.title), f"survey-{key}")
            yield Paragraph(f"{self._w('combine')}: {self._w(survey.combine)}.")
            answers = [[self._t(o.title), declared(o.share, lang)] for o in survey.options]
            yield Grid([self._w("option"), self._w("share")], answers)
            groups = [[self._t(g.title), declared(g.weight, lang), self._planned(g)] for g in survey.groups]
            yield Grid([self._w("group"), self._w("weight"), self._w("planned")], groups)
            cited = self._cites(survey.basis, survey.sources, survey.rulings)
            yield Paragraph(f"{word('basis', lang)}: {cited}", mark=survey.basis != "official")

    def _planned(self, group: Group) -> str:
        if group.planned is None or group.planned_basis is None:
            return "" if group.planned is None else str(group.planned)
        return f"{group.planned} ({self._cites(group.planned_basis, group.planned_sources, [])})"

    def _lists(self) -> Iterator[Block]:
        doc = self.doc
        if doc.units:
            yield Heading(2, self._w("units"), "units")
            units = [[u.name, self._w("yes") if u.ranked else self._t(u.why) if u.why else ""] for u in doc.units]
            yield Grid([self._w("unit"), self._w("ranked")], units)
        if doc.plan:
            yield Heading(2, self._w("plan"), "plan")
            date = day_words(doc.plan.date, self.lang) if doc.plan.date else self._w("no_plan")
            yield Paragraph(f"{self._t(doc.plan.title)}: {', '.join(filter(None, (doc.plan.decision, date)))}")
            tasks = []
            for task in doc.plan.tasks:
                due = self._w(task.due_is).format(day_words(task.due, self.lang))
                due += f" ({self._w('locks')}: {self._w(task.locks)})" if task.locks is not None else ""
                tasks.append([self._t(task.title), self._t(task.who), due, self._cites(task.basis, task.sources, [])])
            yield Grid([self._w("task"), self._w("who"), self._w("due"), word("basis", self.lang)], tasks)
        yield Heading(2, self._w("sources"), "sources")
        rows = []
        for key, source in doc.sources.items():
            date = f" ({day_words(source.date, self.lang)})" if source.date else ""
            note = f". {self._t(source.note)}" if source.note else ""
            rows.append(f"{self._t(source.title)}{date}{note} ({key})")
        yield Points(rows)
        if doc.rulings:
            yield Heading(2, self._w("rulings"), "rulings")
            yield Points([f"{key}: {self._t(text)}" for key, text in doc.rulings.items()])
