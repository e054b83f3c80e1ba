"""The workbook: sums that stay alive over the engine's figures, the league table, lost points, method and journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from par_engine.exact import plain, short
from par_engine.explain import basis_words, figure_words, outcome_words
from par_engine.model import TOTAL
from par_engine.publish.back import journal, method
from par_engine.publish.sheet import Book, Sheet, at
from par_engine.result import Assessment, UnitResult

ITEMS, LEAGUE, FIELDS, LOST = "Mục", "Xếp hạng", "Lĩnh vực", "Điểm mất"
_FIRST = 5  # columns of an item before those of the units
_TIES = {
    "standard": "RANK({x},{all})",
    "modified": "RANK({x},{all})+COUNTIF({all},{x})-1",
    "dense": "SUMPRODUCT(({all}>{x})/COUNTIF({all},{all}))+1",
}


def book(assessment: Assessment) -> bytes:
    """The workbook of an assessment, the same bytes on every run."""
    return _Writer(assessment).bytes()


class _Writer:
    """Writes the sheets; those before refer to cells of those behind, whose places are known beforehand."""

    def __init__(self, assessment: Assessment) -> None:
        self.a, self.doc = assessment, assessment.scheme.document
        self.league: Sequence[UnitResult] = assessment.league()
        settings = self.doc.settings
        self.points = "as:0." + "0" * settings.leaf_decimals if settings.leaf_decimals else "as:0"
        self.index = "as:0." + "0" * settings.index_decimals if settings.index_decimals else "as:0"
        basis = short(assessment.scheme.points_by_basis["reconstructed"]).replace(".", ",")
        top = plain(self.doc.total.max).replace(".", ",")
        self.first = f"{self.doc.id}: {basis} trên {top} điểm dựa vào số dựng lại, không chính thức."
        self.codes = [TOTAL, *assessment.scheme.items]
        self.line = {code: 4 + i for i, code in enumerate(self.codes)}  # rows of the sheet of items

    def bytes(self) -> bytes:
        self.book = Book(self.doc.title.vi)
        self._summary()
        self._fields()
        self._items()
        self._ranking()
        self._groups()
        self._lost()
        method(self._sheet("Phương pháp", "Phương pháp và nguồn", (30, 18, 100)), self.a)
        wide = (26, 14, 20, 110)
        journal(self._sheet("Nhật ký", "Mâu thuẫn, mục thiếu, mục ghi sẵn, tài liệu", wide), self.a)
        return self.book.bytes()

    def _sheet(self, name: str, title: str, widths: Sequence[float]) -> Sheet:
        return self.book.sheet(name, (title, self.first), widths)

    def _summary(self) -> None:
        sheet = self._sheet("Tóm tắt", self.doc.title.vi, (34, 26, 60))
        count = len(self.league)
        cells = f"{at(4, 2, sheet=LEAGUE, fixed=True)}:{at(3 + count, 2, fixed=True)}"
        known = [unit.index for unit in self.league if unit.index is not None]
        sheet.row(("Bộ tiêu chí", self.doc.id, self.doc.title.vi))
        sheet.row(("Giai đoạn", self.a.evidence.stage, self.a.evidence.note))
        sheet.row(("Số đơn vị", count, None))
        for label, name, value in (
            ("Chỉ số cao nhất", "MAX", max(known, default=None)),
            ("Chỉ số thấp nhất", "MIN", min(known, default=None)),
        ):
            row = sheet.row((label, None, None))
            sheet.formula(row, 1, f"={name}({cells})", value, "cell", self.index)
        if known:
            row = sheet.row(("Chỉ số bình quân (số in)", None, None))
            mean = sum(map(Fraction, known), Fraction(0)) / len(known)
            sheet.formula(row, 1, f"=AVERAGE({cells})", mean, "cell", self.index)
        here, listed = self.a.field
        if 0 < here < listed:
            said = f"Chỉ có {here} trên {listed} đơn vị được xếp hạng: đây chưa phải thứ hạng chính thức."
            sheet.row(("Lưu ý", "", said), "cell", "warn")
        sheet.row(
            ("Điểm mâu thuẫn trong số liệu", len(self.a.problems), "xem trang Nhật ký" if self.a.problems else "")
        )
        sheet.row(
            (
                "Cách đọc",
                "Ô tổng là công thức",
                "Sửa điểm ở trang Mục thì tổng, chỉ số, hạng tự tính lại; bản gốc là của phần mềm.",
            )
        )

    def _cell(self, code: str, unit: int, *, sheet: str = "") -> str:
        return at(self.line[code], _FIRST + unit, sheet=sheet)

    def _fields(self) -> None:
        fields = [item for item in self.doc.items if item.parent is None]
        sheet = self._sheet(FIELDS, "Điểm theo lĩnh vực", (30, *(14 for _ in fields), 14))
        sheet.head(["Đơn vị", *(f"{f.code}. {f.title.vi} ({_comma(f.max)})" for f in fields), "Tổng"], freeze=1)
        sheet.raw.set_row(sheet.next - 1, 110)
        for j, unit in enumerate(self.league):
            row = sheet.row((unit.name,))
            for k, code in enumerate([*(f.code for f in fields), TOTAL], 1):
                points = unit.item(code).points
                place = self._cell(code, j, sheet=ITEMS)
                look = ("cell", "bold") if code == TOTAL else ("cell",)
                if points is None:
                    sheet.put(row, k, None)
                else:
                    sheet.formula(row, k, f"={place}", points, *look, self.points)

    def _items(self) -> None:
        sheet = self._sheet(ITEMS, "Điểm của mọi mục", (10, 60, 10, 22, 22, *(13 for _ in self.league)))
        heads = ["Mã", "Mục", "Tối đa", "Nguồn điểm", "Căn cứ", *(unit.name for unit in self.league)]
        sheet.head(heads, freeze=2)
        assert sheet.next == self.line[TOTAL]
        streams = {stream.id: stream.title.vi for stream in self.doc.streams}
        for code in self.codes:
            node = self.a.scheme.node(code)
            leaf = code in self.a.scheme.position
            stream = streams.get(getattr(node, "stream", None) or "", "")
            look = ("cell",) if leaf else ("cell", "bold")
            said = basis_words(node.basis, "vi")
            row = sheet.row(("" if code == TOTAL else code, node.title.vi, node.max, stream, said), *look)
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
            said = "" if code == TOTAL else figure_words(self.a, figure, "vi")
            sheet.text(row, _FIRST + j, said, *look, "warn")
        elif children and sum((p for p in parts if p is not None), Decimal(0)) == figure.points:
            cells = ",".join(self._cell(child.code, j) for child in children)
            sheet.formula(row, _FIRST + j, f"=SUM({cells})", figure.points, *look, self.points)
        else:
            sheet.put(row, _FIRST + j, figure.points, *look, self.points)

    def _ranking(self) -> None:
        sheet = self._sheet(LEAGUE, "Bảng xếp hạng", (8, 32, 12, 16, 14, 14, 16))
        heads = ["Hạng", "Đơn vị", "Chỉ số", "Nhóm", "Điểm", "Có thể đạt", "Kết quả"]
        sheet.head(heads, filter_=True, rows=len(self.league))
        ranked = sum(unit.rank is not None for unit in self.league)
        titles = {group.id: group.title.vi for group in self.doc.groups}
        settings, first = self.doc.settings, sheet.next
        by = 2 if settings.rank_on == "printed" else 7
        everyone = f"{at(first, by, fixed=True)}:{at(first + ranked - 1, by, fixed=True)}"
        sheet.raw.set_column(7, 7, 12, None, {"hidden": True})
        for j, unit in enumerate(self.league):
            row = sheet.row((None, unit.name, None, titles.get(unit.group or ""), None, unit.attainable))
            look = ("cell", "bold", "right")
            p, a = at(row, 4), at(row, 5)
            sheet.put(row, 5, unit.attainable, "cell", self.points)
            if unit.points is None:
                sheet.put(row, 4, None)
            else:
                sheet.formula(row, 4, f"={self._cell(TOTAL, j, sheet=ITEMS)}", unit.points, "cell", self.points)
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
            if unit.index is not None and self.doc.groups:
                sheet.formula(row, 3, self._group(row), titles.get(unit.group or "", ""), "cell", "centre")
            sheet.text(row, 6, outcome_words(unit.outcome, "vi"), "cell")

    def _group(self, row: int) -> str:
        """The group of an index as nested conditions; the last group takes the rest."""
        measure = at(row, 2) if self.doc.settings.group_on == "printed" else f"ROUND(100*{at(row, 7)},9)"
        *upper, last = self.doc.groups
        formula = _quoted(last.title.vi)
        for group in reversed(upper):
            formula = f"IF({measure}>={plain(group.from_)},{_quoted(group.title.vi)},{formula})"
        return f"={formula}"

    def _groups(self) -> None:
        sheet = self._sheet("Nhóm", "Nhóm theo chỉ số", (20, 12, 12, 90))
        sheet.head(["Nhóm", "Từ", "Số đơn vị", "Đơn vị"], freeze=1)
        count = len(self.league)
        cells = f"{at(4, 3, sheet=LEAGUE, fixed=True)}:{at(3 + count, 3, fixed=True)}"
        for group in self.doc.groups:
            names = [unit.name for unit in self.league if unit.group == group.id]
            row = sheet.row((group.title.vi, group.from_, None, ", ".join(names)))
            sheet.formula(row, 2, f"=COUNTIF({cells},{at(row, 0)})", len(names))

    def _lost(self) -> None:
        sheet = self._sheet(LOST, "Điểm mất, mục mất nhiều nhất đứng trước", (10, 64, 12, 16, 14, 14))
        losses = sorted(self._losses(), key=lambda x: (-x[2], self.line[x[0]]))
        heads = ["Mã", "Mục", "Tối đa", "Đơn vị có điểm", "Tổng điểm mất", "Đạt bình quân"]
        sheet.head(heads, filter_=True, rows=len(losses))
        for code, units, lost, share in losses:
            item = self.a.scheme.items[code]
            row = sheet.row((code, item.title.vi, item.max, units, None, None))
            cells = f"{self._cell(code, 0, sheet=ITEMS)}:{self._cell(code, len(self.league) - 1)}"
            place = at(self.line[code], 2, sheet=ITEMS)
            if self._same_maximum(code):
                sheet.formula(row, 4, f"=COUNT({cells})*{place}-SUM({cells})", lost, "cell", self.points)
                formula = f"=IF(COUNT({cells})>0,SUM({cells})/(COUNT({cells})*{place}),0)"
                sheet.formula(row, 5, formula, share, "cell", "as:0.0%")
            else:
                sheet.put(row, 4, lost, "cell", self.points)
                sheet.put(row, 5, share, "cell", "as:0.0%")

    def _losses(self) -> Iterator[tuple[str, int, Fraction, Fraction]]:
        for code in self.a.scheme.under(TOTAL):
            found = [unit.item(code) for unit in self.league]
            pairs = [
                (Fraction(f.points), Fraction(f.attainable)) for f in found if f.points is not None and f.attainable
            ]
            if pairs:
                got, of = (sum(side, Fraction(0)) for side in zip(*pairs, strict=True))
                yield code, len(pairs), of - got, got / of

    def _same_maximum(self, code: str) -> bool:
        found = [unit.item(code) for unit in self.league]
        return all(f.attainable == f.max for f in found if f.points is not None)


def _comma(x: Fraction) -> str:
    return short(x).replace(".", ",")


def _quoted(text: str) -> str:
    """Text inside a formula: only texts of a methodology come here, and their quotation marks are doubled."""
    return '"' + text.replace('"', '""')[:250] + '"'
