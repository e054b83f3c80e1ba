"""The self-score of one unit: what it scores itself, without what a survey will say, and what its evidence lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from par_engine.assess import assess
from par_engine.base.decimals import decimal, freeze, short
from par_engine.base.problems import EvidenceError, problem
from par_engine.base.terms import day_words
from par_engine.base.types import Outcome
from par_engine.evidence.model import Stated
from par_engine.files.letterhead import FILL
from par_engine.methodology.model import TOTAL, Item
from par_engine.methodology.scheme import Scheme
from par_engine.results.assessment import Assessment, Figure, UnitResult, printed
from par_engine.results.explain import values

SELF = ("self", "self-assessment")  # the stages at which a unit scores itself
UNNAMED = "table"  # the stage of a table that names none
WITHIN = "(ghi chung)"  # for points that are inside a stated figure of more than the item
SURVEY = "Điều tra xã hội học, không tự chấm"


@dataclass(frozen=True)
class Row:
    """One item in the table of self-scores, all of it as text."""

    code: str
    title: str
    max: str
    own: str
    points: str
    documents: str
    depth: int
    leaf: bool
    reconstructed: bool

    @property
    def bold(self) -> bool:
        """Whether it stands for others."""
        return not self.leaf


@dataclass(frozen=True)
class Gap:
    """An item whose evidence is missing or incomplete."""

    code: str
    title: str
    what: str


class SelfScore:
    """The self-scored part of one unit's assessment: the engine's own figures of the evidence without surveys."""

    def __init__(self, assessment: Assessment, unit: str) -> None:
        scheme = assessment.scheme
        self.row = assessment.unit(unit).row
        awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
        self.surveyed = frozenset(code for code in scheme.under(TOTAL) if scheme.items[code].stream in awaited)
        evidence = assessment.evidence
        left_out = frozenset(s for s in evidence.stated if not self.surveyed.isdisjoint(leaves_of(scheme, s)))
        # the unit's stated figures that hold a survey and more: what is self-scored in them is not known
        self.mixed = tuple(
            s
            for s in evidence.stated
            if s in left_out and s.row == self.row and not self.surveyed.issuperset(leaves_of(scheme, s))
        )
        self.assessment = _without(assessment, self.surveyed, left_out)
        self.unit: UnitResult = self.assessment.at(self.row)
        self._refuse_unknown(assessment.at(self.row))

    def _refuse_unknown(self, before: UnitResult) -> None:
        """Refuse a figure that holds a survey where it is all that is said of items that the unit scores itself."""
        problems = []
        for entry in self.mixed:
            own = (code for code in self.assessment.scheme.under(entry.key) if code not in self.surveyed)
            if any(before.item(code).within and not self._stated(code) for code in own):
                label = self.assessment.evidence.label
                problems.append(problem("surveyed", label, entry.at, id=before.id, key=entry.key))
        if problems:
            raise EvidenceError(problems)

    @property
    def attainable(self) -> Fraction:
        """The most that can be scored by oneself."""
        scheme = self.assessment.scheme
        surveyed = sum((s.max for s in scheme.document.streams if s.awaited), Fraction(0))
        return scheme.document.total.max - surveyed

    @property
    def reachable(self) -> Decimal | None:
        """What was attainable, where items that do not apply made it less than what can be scored by oneself."""
        found = self.unit.attainable
        return None if found is None or Fraction(found) == self.attainable else found

    def number(self, figure: Decimal | None) -> str:
        """Points as they are printed, with a decimal comma."""
        digits = self.assessment.scheme.document.settings.points_decimals
        return printed(figure, digits, self.assessment).replace(".", ",")

    def stated(self, entry: Stated) -> str:
        """The points of a stated figure as they are printed."""
        return self.number(decimal(entry.points, self.assessment.scheme.document.settings.leaf_decimals))

    def rows(self) -> Iterator[Row]:
        """All items in document order."""
        scheme = self.assessment.scheme
        depth: dict[str, int] = {}
        for code, item in scheme.items.items():
            depth[code] = depth[item.parent] + 1 if item.parent else 0
            leaf = item.rule is not None
            yield Row(
                code,
                item.title.vi,
                short(item.max).replace(".", ","),
                self._own(code),
                self._points(code, self.unit.item(code)),
                SURVEY if code in self.surveyed else self._papers(code),
                depth[code],
                leaf,
                item.basis == "reconstructed",
            )

    def _own(self, code: str) -> str:
        """The part of the maximum that is scored by oneself, where maxima are sums."""
        scheme = self.assessment.scheme
        if not scheme.plain:
            return "—"
        own = (scheme.items[leaf].max for leaf in scheme.under(code) if leaf not in self.surveyed)
        return short(sum(own, Fraction(0))).replace(".", ",")

    def _points(self, code: str, figure: Figure) -> str:
        under = self.assessment.scheme.under(code)
        if all(leaf in self.surveyed for leaf in under):
            return "—"
        if figure.outcome is Outcome.NOT_APPLICABLE:
            return "không áp dụng"
        if figure.points is None and figure.within:
            return self._within(under, figure.within)
        return self.number(figure.points) or FILL

    def _within(self, under: Sequence[str], wholes: Sequence[str]) -> str:
        """The points of the stated figure that is about just these leaves, or that they are inside one."""
        for key in wholes:
            whole = self.figure(key)
            if set(under) - self.surveyed == set(self._leaves(key)):
                return self.number(whole.points)
        return WITHIN

    def _leaves(self, key: str) -> Sequence[str]:
        scheme = self.assessment.scheme
        stream = key.removeprefix("stream:")
        return scheme.under(key) if stream == key else scheme.stream_leaves[stream]

    def figure(self, key: str) -> Figure:
        """The figure of an item, the total, or a stream (`stream:` and its id)."""
        return self.assessment.figure(self.row, key)

    def _papers(self, code: str) -> str:
        papers = self.assessment.evidence.documents.get(self.unit.id, {}).get(code, [])
        return "\n".join(_paper(paper) for paper in papers)

    def gaps(self) -> Iterator[Gap]:
        """The self-scored items without evidence or with incomplete evidence, and what is lacking."""
        scheme = self.assessment.scheme
        why = {
            leaf: d.why for d in self.assessment.evidence.declared if d.row == self.row for leaf in scheme.under(d.code)
        }
        for code in scheme.under(TOTAL):
            if code in self.surveyed:
                continue
            lacks = list(self._lacks(code, scheme.items[code]))
            if code in why:
                lacks = [*lacks, f"lý do: {why[code]}"] if lacks else [why[code]]
            if lacks:
                yield Gap(code, scheme.items[code].title.vi, "; ".join(lacks))

    def explained(self, code: str) -> str:
        """How the evidence explains what an item lacks: of the item itself, or of the nearest one above it."""
        said, scheme = self.assessment.evidence.explanations.get(self.unit.id, {}), self.assessment.scheme
        at: str | None = code
        while at is not None:
            if at in said:
                return said[at]
            at = scheme.items[at].parent
        return ""

    def _stated(self, code: str) -> bool:
        covered = self.assessment.sums.covered
        return covered is not None and bool(covered[self.row, self.assessment.scheme.position[code]])

    def _lacks(self, code: str, item: Item) -> Iterator[str]:
        if self.unit.item(code).outcome is Outcome.NOT_APPLICABLE:
            return
        absent = [fact.title.vi for _, fact, value in values(self.assessment, self.row, item) if value is None]
        wholes = self.unit.item(code).within
        if wholes:
            inside = ", ".join(f"“{self.figure(key).title.vi}”" for key in wholes)
            how = "điểm ghi chung ở" if self.unit.item(code).points is None else "lấy điểm đã ghi của"
            yield f"{how} {inside}, không có số liệu"
        elif absent:
            yield f"chưa có số liệu: {', '.join(absent)}"
        papers = self.assessment.evidence.documents.get(self.unit.id, {}).get(code, [])
        if not papers:
            yield "chưa có tài liệu kiểm chứng"
        for paper in papers:
            missing = [name for key, name in (("date", "ngày"), ("page", "trang")) if not paper.get(key, "").strip()]
            if missing:
                yield f"tài liệu {paper['number']} chưa ghi {', '.join(missing)}"


def _paper(paper: object) -> str:
    assert isinstance(paper, dict)
    parts = [paper["number"]]
    if paper.get("date"):
        parts.append("ngày " + day_words(paper["date"], "vi"))
    if paper.get("title"):
        parts.append(paper["title"])
    if paper.get("page"):
        parts.append("trang " + paper["page"])
    return ", ".join(parts)


def leaves_of(scheme: Scheme, entry: Stated) -> Sequence[str]:
    """The leaves that a stated figure stands for."""
    return scheme.stream_leaves[entry.key] if entry.is_stream else scheme.under(entry.key)


def _without(assessment: Assessment, leaves: frozenset[str], left_out: frozenset[Stated]) -> Assessment:
    """The assessment of the same evidence without what surveys say."""
    scheme, evidence = assessment.scheme, assessment.evidence
    kept = {
        name
        for item in scheme.items.values()
        if item.rule is not None and item.code not in leaves
        for name in item.rule.facts()
    }
    present, numbers = evidence.present.copy(), evidence.values.copy()
    for j, name in enumerate(scheme.document.facts):
        if name not in kept:
            present[:, j] = False
            columns = scheme.columns[name]
            numbers[:, columns.start : columns.stop] = 0
    stated = tuple(s for s in evidence.stated if s not in left_out)
    freeze(present, numbers)
    return assess(scheme, replace(evidence, present=present, values=numbers, stated=stated), assessment.origin)
