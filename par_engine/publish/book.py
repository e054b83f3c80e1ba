"""The workbook: sums that stay alive over the engine's figures, the league table, stages, lost points, journal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from par_engine.base.decimals import plain, short
from par_engine.base.terms import basis_words, caution, outcome_words, stage_words
from par_engine.base.types import Outcome
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import TOTAL
from par_engine.publish.back import by_stage, by_year, journal, method
from par_engine.publish.order import apart, ends
from par_engine.publish.past import Previous
from par_engine.publish.sheet import Book, Sheet, at
from par_engine.publish.words import Words, marked, so_far_words, waiting_words
from par_engine.results.assessment import Assessment, UnitResult
from par_engine.results.headlines import headlines

_VIETNAMESE = "[$-42A]"  # LibreOffice writes a decimal comma by it; Excel goes by the settings of the machine
_FIRST = 5  # columns of an item before those of the units
_TIES = {
    "standard": "RANK({x},{all})",
    "modified": "RANK({x},{all})+COUNTIF({all},{x})-1",
    "dense": "SUMPRODUCT(({all}>{x})/COUNTIF({all},{all}))+1",
}


def book(
    stages: Sequence[Assessment],
    lang: Lang = "vi",
    previous: Previous | None = None,
    waiting: Collection[str] = (),
) -> bytes:
    """The workbook of an assessment and of the stages before it, the same bytes on every run; the last one counts.

    `waiting` are units that have not reached the last stage.
    """
    return _Writer(stages, lang, waiting).bytes(previous)


class _Writer:
    """Writes the sheets; those before refer to cells of those behind, whose places are known beforehand."""

    def __init__(self, stages: Sequence[Assessment], lang: Lang, waiting: Collection[str]) -> None:
        assessment = stages[-1]
        self.stages, self.lang, self.w = stages, lang, Words(lang)
        self.a, self.doc = assessment, assessment.scheme.document
        self.league: Sequence[UnitResult] = assessment.league()
        settings = self.doc.settings
        self.points = "as:0." + "0" * settings.leaf_decimals if settings.leaf_decimals else "as:0"
        self.index = "as:0." + "0" * settings.index_decimals if settings.index_decimals else "as:0"
        rebuilt = assessment.scheme.points_by_basis["reconstructed"]
        self.first = caution(self.doc.title, rebuilt, self.doc.total.max, lang)
        self.waiting, self.wait = waiting, waiting_words(assessment, waiting, lang)
        self.first += f" {self.wait}" if self.wait else ""
        self.codes = [TOTAL, *assessment.scheme.items]
        self.line = {code: 4 + i for i, code in enumerate(self.codes)}  # rows of the sheet of items

    def bytes(self, previous: Previous | None) -> bytes:
        self.book = Book(self.doc.title.get(self.lang), _VIETNAMESE if self.lang == "vi" else "")
        self._summary()
        self._fields()
        self._items()
        self._ranking()
        self._groups()
        if len(self.stages) > 1:
            sheet = self._sheet("stages", (26, 10, 60, *(15 for _ in self.stages), 13))
            by_stage(sheet, self.stages, self.w, self.points, self.waiting)
        if previous is not None:
            widths = (26, 20, 48, 15, *((26, 15) * len(previous["periods"])))
            by_year(self._sheet("years", widths), self.a, previous, self.w, self.index)
        self._lost()
        method(self._sheet("method", (30, 18, 100)), self.stages, self.w)
        journal(self._sheet("journal", (26, 14, 20, 110)), self.a, self.w)
        return self.book.bytes()

    def _sheet(self, key: str, widths: Sequence[float], explained: str = "") -> Sheet:
        title = self.doc.title.get(self.lang) if key == "summary" else self.w(f"{key}:title")
        return self.book.sheet(self.w(key), (title + explained, self.first), widths)

    def _name(self, unit: UnitResult) -> str:
        return marked(unit.name, unit.id in self.waiting)

    def _summary(self) -> None:
        sheet = self._sheet("summary", (34, 26, 60))
        found = headlines(self.a)
        cells = f"{at(4, 2, sheet=self.w('league'), fixed=True)}:{at(3 + len(found.placed), 2, fixed=True)}"
        known = [unit.index for unit in found.placed if unit.index is not None]
        sheet.row((self.w("methodology"), self.doc.id, self.doc.title.get(self.lang)))
        sheet.row((self.w("stage"), stage_words(self.a.evidence.stage, self.lang), self.a.evidence.note))
        sheet.row((self.w("count"), len(self.league), None))
        if others := apart(self.a):
            sheet.row((self.w("placed"), len(found.placed), None))
            sheet.row((self.w("apart from"), len(others), ", ".join(map(self._name, others))))
        best, worst = ends(self.a)
        shown = [(self.w("highest"), "MAX", best), (self.w("lowest"), "MIN", worst)] if best else []
        for label, name, units in shown:
            row = sheet.row((label, None, ", ".join(map(self._name, units))))
            sheet.formula(row, 1, f"={name}({cells})", units[0].index, "cell", self.index)
        if known:
            row = sheet.row((self.w("mean" if best or len(known) == 1 else "all even"), None, None))
            mean = sum(map(Fraction, known), Fraction(0)) / len(known)
            sheet.formula(row, 1, f"=AVERAGE({cells})", mean, "cell", self.index)
        here, listed = self.a.field
        if 0 < here < listed:
            sheet.row((self.w("caution"), "", self.w("only", here, listed)), "cell", "warn")
        if self.wait:
            sheet.row((self.w("caution"), "", self.wait), "cell", "warn")
        sheet.row(
            (self.w("problems"), len(self.a.problems), self.w("see", self.w("journal")) if self.a.problems else "")
        )
        sheet.row((self.w("reading"), self.w("sums"), self.w("change", self.w("items"))))

    def _cell(self, code: str, unit: int, *, sheet: str = "") -> str:
        return at(self.line[code], _FIRST + unit, sheet=sheet)

    def _fields(self) -> None:
        fields = [item for item in self.doc.items if item.parent is None]
        sheet = self._sheet("fields", (30, *(14 for _ in fields), 14))
        titles = (f"{f.code}. {f.title.get(self.lang)} ({self.w.number(short(f.max))})" for f in fields)
        sheet.head([self.w("unit"), *titles, self.w("total")], freeze=1)
        for j, unit in enumerate(self.league):
            row = sheet.row((self._name(unit),))
            for k, code in enumerate([*(f.code for f in fields), TOTAL], 1):
                points = unit.item(code).points
                place = self._cell(code, j, sheet=self.w("items"))
                look = ("cell", "bold") if code == TOTAL else ("cell",)
                if points is None:
                    sheet.put(row, k, None)
                else:
                    sheet.formula(row, k, f"={place}", points, *look, self.points)

    def _items(self) -> None:
        within = any(figure.within for unit in self.league for figure in unit.items if figure.points is None)
        explained = f". {self.w('within:what')}" if within else ""
        sheet = self._sheet("items", (9, 58, 10, 24, 25, *(13 for _ in self.league)), explained)
        names = (self._name(unit) for unit in self.league)
        heads = [*(self.w(key) for key in ("code", "item", "max", "stream", "basis")), *names]
        sheet.head(heads, freeze=2)
        assert sheet.next == self.line[TOTAL]
        streams = {stream.id: stream.title.get(self.lang) for stream in self.doc.streams}
        for code in self.codes:
            node = self.a.scheme.node(code)
            leaf = code in self.a.scheme.position
            stream = streams.get(getattr(node, "stream", None) or "", "")
            look = ("cell",) if leaf else ("cell", "bold")
            said = basis_words(node.basis, self.lang)
            none = [
                self._without(unit, code) for unit in self.league
            ]  # with the others, so that the row is high enough
            cells = ("" if code == TOTAL else code, node.title.get(self.lang), node.max, stream, said, *none)
            row = sheet.row(cells, *look)
            if node.basis == "reconstructed":
                sheet.text(row, 4, said, *look, "warn")
            for j, unit in enumerate(self.league):
                self._figure(sheet, row, j, unit, code, look)

    def _figure(self, sheet: Sheet, row: int, j: int, unit: UnitResult, code: str, look: Sequence[str]) -> None:
        """A leaf as its points; an inner item as the sum of its parts, wherever it is that."""
        figure = unit.item(code)
        children = self.a.scheme.children.get(code, [])
        parts = [unit.item(child.code).points for child in children]
        if figure.points is None:
            sheet.text(row, _FIRST + j, self._without(unit, code) or "", *look, "warn")
        elif children and sum((p for p in parts if p is not None), Decimal(0)) == figure.points:
            cells = ",".join(self._cell(child.code, j) for child in children)
            sheet.formula(row, _FIRST + j, f"=SUM({cells})", figure.points, *look, self.points)
        else:
            sheet.put(row, _FIRST + j, figure.points, *look, self.points)

    def _without(self, unit: UnitResult, code: str) -> str | None:
        """What stands where there are no points; None where there are some."""
        figure = unit.item(code)
        if figure.points is not None:
            return None
        if figure.within and figure.outcome is Outcome.SCORED:  # all of the words are too long for a column of numbers
            return self.w("within")
        return "" if code == TOTAL else outcome_words(figure.outcome, self.lang)

    def _ranking(self) -> None:
        sheet = self._sheet("league", (8, 32, 12, 16, 14, 14, 34))
        heads = [self.w(key) for key in ("rank", "unit", "index", "group", "points", "attainable", "outcome")]
        sheet.head(heads, filter_=True, rows=len(self.league))
        ranked = sum(unit.rank is not None for unit in self.league)
        titles = {group.id: group.title.get(self.lang) for group in self.doc.groups}
        settings, first = self.doc.settings, sheet.next
        by = 2 if settings.rank_on == "printed" else 7
        everyone = f"{at(first, by, fixed=True)}:{at(first + ranked - 1, by, fixed=True)}"
        sheet.raw.set_column(7, 7, 12, None, {"hidden": True})
        for j, unit in enumerate(self.league):
            row = sheet.row((None, self._name(unit), None, titles.get(unit.group or ""), None, unit.attainable))
            look = ("cell", "bold", "right")
            p, a = at(row, 4), at(row, 5)
            sheet.put(row, 5, unit.attainable, "cell", self.points)
            if unit.points is None:
                sheet.put(row, 4, None)
            else:
                sheet.formula(
                    row, 4, f"={self._cell(TOTAL, j, sheet=self.w('items'))}", unit.points, "cell", self.points
                )
            if unit.index is None or unit.points is None or unit.attainable is None:
                sheet.put(row, 2, None)
            elif settings.rounding == "half_up":
                formula = f"=ROUND(100*{p}/{a},{settings.index_decimals})"
                sheet.formula(row, 2, formula, unit.index, "cell", "bold", self.index)
                exact = Fraction(unit.points) / Fraction(unit.attainable)
                sheet.formula(row, 7, f"=ROUND({p}/{a},12)", exact)
            else:
                sheet.put(row, 2, unit.index, "cell", "bold", self.index)
                sheet.put(row, 7, Fraction(unit.points) / Fraction(unit.attainable))
            if unit.rank is None:
                sheet.text(row, 0, "—", *look)
            else:
                place = _TIES[settings.ties].format(x=at(row, by), all=everyone)
                sheet.formula(row, 0, f"={place}", unit.rank, *look)
            if unit.group is not None:
                sheet.formula(row, 3, self._group(row), titles.get(unit.group or "", ""), "cell", "centre")
            so_far = so_far_words(unit, self.lang)
            outcome = outcome_words(unit.outcome, self.lang)
            sheet.text(row, 6, f"{outcome}: {self.w('index').lower()} {so_far}" if so_far else outcome, "cell")

    def _group(self, row: int) -> str:
        """The group of an index as nested conditions; the last group takes the rest."""
        measure = at(row, 2) if self.doc.settings.group_on == "printed" else f"ROUND(100*{at(row, 7)},9)"
        *upper, last = self.doc.groups
        formula = _quoted(last.title.get(self.lang))
        for group in reversed(upper):
            formula = f"IF({measure}>={plain(group.from_)},{_quoted(group.title.get(self.lang))},{formula})"
        return f"={formula}"

    def _groups(self) -> None:
        sheet = self._sheet("groups", (20, 12, 12, 90))
        sheet.head([self.w(key) for key in ("group", "from", "count", "unit")], freeze=1)
        placed = [unit for unit in self.league if unit.rank is not None]
        cells = f"{at(4, 3, sheet=self.w('league'), fixed=True)}:{at(3 + max(1, len(placed)), 3, fixed=True)}"
        for group in self.doc.groups:
            names = [self._name(unit) for unit in placed if unit.group == group.id]
            row = sheet.row((group.title.get(self.lang), group.from_, None, ", ".join(names)))
            if placed:
                sheet.formula(row, 2, f"=COUNTIF({cells},{at(row, 0)})", len(names))
            else:
                sheet.put(row, 2, 0)
        if others := apart(self.a):
            sheet.row((self.w("apart from"), None, len(others), ", ".join(map(self._name, others))))

    def _lost(self) -> None:
        sheet = self._sheet("lost", (10, 64, 12, 16, 14, 14))
        losses = sorted(self._losses(), key=lambda x: (-x[2], self.line[x[0]]))
        heads = [self.w(key) for key in ("code", "item", "max", "scored", "sum lost", "share")]
        sheet.head(heads, filter_=True, rows=len(losses))
        for code, units, lost, share in losses:
            item = self.a.scheme.items[code]
            row = sheet.row((code, item.title.get(self.lang), item.max, units, None, None))
            cells = f"{self._cell(code, 0, sheet=self.w('items'))}:{self._cell(code, len(self.league) - 1)}"
            place = at(self.line[code], 2, sheet=self.w("items"))
            # a leaf with points is always out of its own maximum: no unit needs a maximum of its own here
            sheet.formula(row, 4, f"=COUNT({cells})*{place}-SUM({cells})", lost, "cell", self.points)
            formula = f"=IF(COUNT({cells})>0,SUM({cells})/(COUNT({cells})*{place}),0)"
            sheet.formula(row, 5, formula, share, "cell", "as:0.0%")

    def _losses(self) -> Iterator[tuple[str, int, Fraction, Fraction]]:
        for code in self.a.scheme.under(TOTAL):
            found = [unit.item(code) for unit in self.league]
            pairs = [
                (Fraction(f.points), Fraction(f.attainable)) for f in found if f.points is not None and f.attainable
            ]
            if pairs:
                got, of = (sum(side, Fraction(0)) for side in zip(*pairs, strict=True))
                yield code, len(pairs), of - got, got / of


def _quoted(text: str) -> str:
    """Text inside a formula: only texts of a methodology come here, and their quotation marks are doubled."""
    return '"' + text.replace('"', '""')[:250] + '"'
