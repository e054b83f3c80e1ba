"""Gather: rows and problems while evidence of any form is read, then the evidence or every problem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from par_engine.base.dates import day
from par_engine.base.decimals import Ints
from par_engine.base.names import bare, fold
from par_engine.base.problems import EvidenceError, Found, Problem, did_you_mean, did_you_mean_vi, own_problem, quote
from par_engine.base.terms import said_outcome, word
from par_engine.base.types import Outcome, Text, say
from par_engine.evidence.model import Declared, Evidence, Stated
from par_engine.evidence.value_parsing import Reader, Refused, number, readers
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme
from par_engine.rules.bands import Bands
from par_engine.rules.base import Leaf
from par_engine.rules.given import Given
from par_engine.rules.own import values_of
from par_engine.rules.ratio import Ratio

_HALF = re.compile("[\ud800-\udfff]")  # what no file can hold
_REMEMBERED = 10_000
"""Spellings of units that are looked up once: a long table repeats each many times."""


class Gatherer:
    """Collects rows and problems while evidence is read, and makes the Evidence when there is no problem.

    `earlier` are problems of the same file that were found before, `sheets` the order of its sheets.
    """

    def __init__(self, scheme: Scheme, label: str, earlier: Sequence[Problem] = (), sheets: Sequence[str] = ()) -> None:
        self.scheme, self.label = scheme, label
        self.problems = Found(label)
        self._earlier, self._sheets = earlier, sheets
        self.readers = readers(scheme)
        self.declared: list[Declared] = []
        self.stated: list[Stated] = []
        self.spelling: dict[str, str] = {}
        self._units: dict[str, str] = {}
        self._tops: dict[bool, dict[str, Fraction]] = {}

    def refuse(self, at: str, refused: Refused) -> None:
        """Note a refused value at its place."""
        texts = refused.texts if refused.near and self.problems.patient() else refused.plain
        self.problems.add(own_problem(self.label, at, *texts))  # type: ignore[arg-type]

    def note(self, at: str, code: str, what: str, hint: str, what_vi: str, hint_vi: str) -> None:
        """Note a problem at its place."""
        self.problems.add(own_problem(self.label, at, code, what, hint, "error", what_vi, hint_vi))

    def fail(self) -> NoReturn:
        """Raise what was found."""
        raise EvidenceError(self.problems.all())

    def near(self, word: str, known: Iterable[str]) -> str:
        """A hint with the known words nearest to `word`, as long as somebody may read it; "" when there is none."""
        return self.problems.near(word, known)

    def is_whole(self, text: str, at: str) -> bool:
        """Whether a text has no half of a character, which no file can hold; noted when it has."""
        if text.isascii() or not _HALF.search(text):
            return True
        what, vi = f"{quote(text)} holds half of a character", f"{quote(text)} có chữ bị hỏng (nửa ký tự)"
        self.note(at, "text", what, "repair the text", vi, "hãy sửa lại chữ ấy")
        return False

    def unit(self, name: Any, at: str) -> str | None:
        """The id of a unit by id, name or alias; None and a problem when there is none."""
        if not isinstance(name, str) or not name.strip():
            self.note(
                at,
                "unit",
                f"{quote(name)} is no unit name",
                "name the unit",
                f"{quote(name)} không phải tên đơn vị",
                "ghi tên đơn vị",
            )
            return None
        if (found := self._units.get(name)) is not None:
            return found
        found = self.scheme.unit_index.get(fold(name))
        if found is not None:
            if len(self._units) < _REMEMBERED:
                self._units[name] = found
            return found
        if self.scheme.document.settings.units == "open":
            if not self.is_whole(name, at):
                return None
            return self.spelling.setdefault(fold(name), unicodedata.normalize("NFC", " ".join(name.split())))
        if self.problems.full:
            self.problems.more += 1
            return None
        self.problems.add(no_unit(self.scheme, name, self.label, at, near=self.problems.patient()))
        return None

    def reader(self, name: str, at: str) -> Reader | None:
        """The reader of a fact; None and a problem when there is no such fact."""
        reader = self.readers.get(name)
        if reader is None:
            near = self.near(name, self.readers)
            hint = near or f"par schema evidence -m {self.scheme.document.id} lists the facts"
            hint_vi = "" if near else f"xem par schema evidence -m {self.scheme.document.id}"
            what, what_vi = f"there is no fact {quote(name)}", f"không có số liệu {quote(name)}"
            self.note(at, "unknown-fact", what, hint, what_vi, hint_vi)
        return reader

    def state(self, row: int, key: str, value: Any, at: str, *, is_stream: bool) -> None:
        """Take stated points of an item or stream."""
        doc, kind = self.scheme.document, "stream" if is_stream else "item"
        tops = self._tops.get(is_stream)
        if tops is None:
            inner = {code: item.max for code, item in self.scheme.items.items() if item.rule is None}
            tops = {s.id: s.max for s in doc.streams} if is_stream else {TOTAL: doc.total.max, **inner}
            self._tops[is_stream] = tops
        if key not in tops:
            leaf = not is_stream and key in self.scheme.items
            what = f"{key} is a leaf: its points come from its facts" if leaf else f"there is no {kind} {quote(key)}"
            what_vi = (
                f"{key} là mục chấm từ số liệu"
                if leaf
                else f"không có {'nguồn điểm' if is_stream else 'mục'} {quote(key)}"
            )
            self.note(at, f"unknown-{kind}", what, self.near(key, tops), what_vi, "")
            return
        if is_stream and not self.scheme.plain:
            self.note(
                at,
                "stream-stated",
                "stream points cannot be stated here: the total is not a plain sum",
                "state items",
                "không thể ghi điểm theo nguồn: tổng điểm không phải là phép cộng đơn thuần",
                "ghi điểm theo mục",
            )
            return
        try:
            points = number(value)
        except Refused as refused:
            self.refuse(at, refused)
            return
        digits = doc.settings.stated_decimals
        if (points * 10**digits).denominator != 1:
            what = f"{quote(str(value))} has more than {digits} decimals, which stated points carry"
            what_vi = f"{quote(str(value).replace('.', ','))} có quá {digits} chữ số thập phân"
            self.note(at, "too-fine", what, "state the printed points", what_vi, "ghi điểm như đã công bố")
        elif not 0 <= points <= tops[key]:
            top = tops[key]
            what, what_vi = (
                f"{value} is outside 0 to the maximum {say(top, 'en')}",
                f"{str(value).replace('.', ',')} ngoài khoảng 0 đến điểm tối đa {say(top, 'vi')}",
            )
            self.note(at, "out-of-range", what, "check the figure", what_vi, "kiểm tra lại số liệu")
        else:
            self.stated.append(Stated(row, key, self.scheme.scaled(points), is_stream, at))

    def declare(self, row: int, code: str, outcome: Any, why: Any, at: str) -> None:
        """Take a declared outcome of an item."""
        item = self.scheme.items.get(code)
        allowed = ("not_applicable", "pending", "missing")
        outcome = said_outcome(outcome) if isinstance(outcome, str) else outcome
        if item is None:
            what, what_vi = f"there is no item {quote(code)}", f"không có mục {quote(code)}"
            self.note(at, "unknown-item", what, self.near(code, self.scheme.items), what_vi, "")
        elif outcome not in allowed:
            near = self.near(str(outcome), allowed)
            known = "; ".join(f"{one} ({word(one, 'vi')})" for one in allowed)
            what, what_vi = f"{quote(outcome)} is no outcome to declare", f"{quote(outcome)} không có trong danh sách"
            hint, hint_vi = near or f"one of {', '.join(allowed)}", "" if near else f"chọn một: {known}"
            self.note(at, "outcome", what, hint, what_vi, hint_vi)
        elif outcome == "not_applicable" and not item.may_not_apply:
            what, what_vi = f"item {code} always applies", f"mục {code} luôn áp dụng"
            hint, hint_vi = "give its facts", "hãy cung cấp số liệu"
            self.note(at, "always-applies", what, hint, what_vi, hint_vi)
        elif not isinstance(why, str) or not why.strip():
            hint, hint_vi = "say why in a sentence", "nêu rõ lý do"
            self.note(
                at, "no-reason", f"{outcome} needs a reason", hint, f"“{word(outcome, 'vi')}” phải có lý do", hint_vi
            )
        else:
            self.declared.append(Declared(row, code, Outcome(outcome), why.strip()))

    def explains(self, code: str, text: Any, at: str) -> bool:
        """Whether a text can explain what an item lacks; a problem when it cannot."""
        if code not in self.scheme.items:
            what, what_vi = f"there is no item {quote(code)}", f"không có mục {quote(code)}"
            self.note(at, "unknown-item", what, self.near(code, self.scheme.items), what_vi, "")
            return False
        if not isinstance(text, str) or not text.strip():
            what, what_vi = "an explanation is a text", "giải trình phải là chữ"
            self.note(at, "form", what, "write a sentence, or leave it out", what_vi, "ghi một câu, hoặc bỏ đi")
            return False
        return True

    def day(self, text: str, at: str) -> str:
        """The day of a supporting document as documents write it; a problem, and the text, when it is none."""
        found = day(text)
        if found is None:
            what, vi = f"{quote(text)} is no day", f"{quote(text)} không phải là ngày"
            hint, hint_vi = "write DD/MM/YYYY or YYYY-MM-DD", "ghi ngày/tháng/năm, năm đủ bốn chữ số"
            self.note(at, "date", what, hint, vi, hint_vi)
        return text if found is None else found.isoformat()

    def finish(
        self,
        units: list[str],
        values: Ints,
        present: npt.NDArray[np.bool_],
        place: Callable[[int, str], str],
        **rest: Any,
    ) -> Evidence:
        """Check what only whole rows show, then make the Evidence or raise every problem."""
        for row, leaf, why in refused_together(self.scheme, values, present):
            if self.problems.full:
                self.problems.more += 1
                continue
            at = place(row, leaf.rule.facts()[0])
            hint, hint_vi = f"leaf {leaf.code} refuses that", f"mục {leaf.code} không chấp nhận"
            self.note(at, "refused", why.en, hint, _titled(leaf, why.vi), hint_vi)
        values.flags.writeable = False
        present.flags.writeable = False
        found = Evidence(
            self.label,
            units=tuple(units),
            values=values,
            present=present,
            declared=tuple(self.declared),
            stated=tuple(self.stated),
            **rest,
        )
        if self.problems or self._earlier:
            error = EvidenceError(self._all())
            error.rest = found
            raise error
        return found

    def _all(self) -> list[Problem]:
        """With what was wrong with cells before, sheet by sheet; of one place only the first: that is its form."""
        taken = {problem.pointer for problem in self._earlier}
        order = {sheet: i for i, sheet in enumerate(self._sheets)}

        def sheet(problem: Problem) -> int:
            return order.get(problem.pointer, order.get(problem.pointer.rpartition("!")[0], -1))

        return sorted([*self._earlier, *(p for p in self.problems if p.pointer not in taken)], key=sheet)


def no_unit(scheme: Scheme, name: str, document: str = "--unit", at: str = "", *, near: bool = True) -> Problem:
    """The problem of a name that no unit has, with the unit that it is meant for; without `near` nobody looks."""
    hint, hint_vi = near_unit(scheme, name) if near else ("", "")
    show = f"par show {scheme.document.id} --units"
    hint, hint_vi = hint or f"{show} lists them", hint_vi or f"xem {show}"
    what, vi = f"there is no unit {quote(name)}", f"không có đơn vị {quote(name)}"
    return own_problem(document, at, "unknown-unit", what, hint, "error", vi, hint_vi)


def near_unit(scheme: Scheme, name: str) -> tuple[str, str]:
    """Hints (English, Vietnamese) with the unit that a name is meant for; "" for none.

    The same without accents, else the one that a unit of that name went into, else the nearest.
    """
    units = scheme.document.units
    if near := {bare(n): n for unit in units for n in (unit.name, unit.id)}.get(bare(name)):
        return f'did you mean "{near}"?', f'có phải là "{near}"?'
    if went := scheme.successor(name):
        unit, merged = went
        hint = f"it was {'merged into' if merged else 'renamed'} {quote(unit.name)}"
        return hint, f"{'đã hợp nhất vào' if merged else 'đã đổi tên thành'} {quote(unit.name)}"
    hint = did_you_mean(name, [unit.name for unit in units])
    return hint, did_you_mean_vi(hint)


def _titled(leaf: Leaf, text: str) -> str:
    """A text of a rule with the titles of its facts for their ids: officers know the titles alone."""
    titles = {name: fact.title.vi for name, fact in zip(leaf.rule.facts(), leaf.facts, strict=True)}
    ids = "|".join(sorted(map(re.escape, titles), key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])(?:{ids})(?![\w-])", lambda found: f"“{titles[found[0]]}”", text)


def refused_together(scheme: Scheme, values: Ints, present: npt.NDArray[np.bool_]) -> Iterable[tuple[int, Leaf, Text]]:
    """Rows whose values a rule refuses although each is valid alone, with the leaf and the reason."""
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    for leaf in _guarded(scheme):
        names = leaf.rule.facts()
        cells = [values[:, columns[0]] for columns in leaf.columns]
        if isinstance(leaf.rule, Given):
            suspect = (cells[0] < 0) | (cells[0] > int(leaf.maximum * 10 ** leaf.facts[0].scale))
        else:
            left, right = cells
            if leaf.facts[0].scale != leaf.facts[1].scale:  # whole numbers of Python: scaling could leave 64 bits
                left = left.astype(object) * 10 ** leaf.facts[1].scale
                right = right.astype(object) * 10 ** leaf.facts[0].scale
            suspect = left > right
        if suspect.any():
            complete = present[:, [order[name] for name in names]].all(axis=1)
            for row in np.flatnonzero(suspect.astype(bool) & complete).tolist():
                flat = [int(cell[row]) for cell in (values[:, columns[0]] for columns in leaf.columns)]
                why = leaf.rule.refuse(values_of(leaf, flat), leaf.maximum)
                if why:
                    yield row, leaf, why


def _guarded(scheme: Scheme) -> list[Leaf]:
    guarded: list[Leaf] | None = scheme.__dict__.get("_guarded")
    if guarded is None:
        guarded = [
            leaf
            for leaf in scheme.leaves
            if isinstance(leaf.rule, Given) or (isinstance(leaf.rule, (Ratio, Bands)) and leaf.rule.over == "refuse")
        ]
        scheme.__dict__["_guarded"] = guarded
    return guarded
