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
from par_engine.base.problems import EvidenceError, Found, Problem, nearest, own_problem, problem, quote
from par_engine.base.terms import said_outcome, word
from par_engine.base.types import Amount, Digits, Named, Outcome, Text
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
        look = refused.near is not None and self.problems.patient()
        self.problems.add(refused.problem(self.label, at, look=look))

    def add(self, entry: str, at: str, /, **values: Any) -> None:
        """Note a problem of the catalogue at its place."""
        self.problems.add(problem(entry, self.label, at, **values))

    def note(self, at: str, code: str, what: str, hint: str, what_vi: str, hint_vi: str) -> None:
        """Note a problem at its place."""
        self.problems.add(own_problem(self.label, at, code, what, hint, "error", what_vi, hint_vi))

    def fail(self) -> NoReturn:
        """Raise what was found."""
        raise EvidenceError(self.problems.all())

    def nearest(self, word: str, known: Iterable[str]) -> tuple[str, ...]:
        """The known words nearest to `word`, as long as somebody may read them."""
        return self.problems.nearest(word, known)

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
            self.add("unit.name", at, value=quote(name))
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
            near = self.nearest(name, self.readers)
            self.add("unknown-fact.evidence", at, fact=quote(name), id=self.scheme.document.id, near=near)
        return reader

    def state(self, row: int, key: str, value: Any, at: str, *, is_stream: bool) -> None:
        """Take stated points of an item or stream."""
        doc = self.scheme.document
        tops = self._tops.get(is_stream)
        if tops is None:
            inner = {code: item.max for code, item in self.scheme.items.items() if item.rule is None}
            tops = {s.id: s.max for s in doc.streams} if is_stream else {TOTAL: doc.total.max, **inner}
            self._tops[is_stream] = tops
        if key not in tops:
            near = self.nearest(key, tops)
            if is_stream:
                self.add("unknown-stream.evidence", at, key=quote(key), near=near)
            elif key in self.scheme.items:
                self.add("unknown-item.leaf", at, key=key, near=near)
            else:
                self.add("unknown-item.evidence", at, key=quote(key), near=near)
            return
        if is_stream and not self.scheme.plain:
            self.add("stream-stated", at)
            return
        try:
            points = number(value)
        except Refused as refused:
            self.refuse(at, refused)
            return
        digits = doc.settings.stated_decimals
        if (points * 10**digits).denominator != 1:
            self.add("too-fine.stated", at, value=Digits(quote(str(value))), digits=digits)
        elif not 0 <= points <= tops[key]:
            self.add("out-of-range.stated", at, value=Digits(str(value)), most=Amount(tops[key]))
        else:
            self.stated.append(Stated(row, key, self.scheme.scaled(points), is_stream, at))

    def declare(self, row: int, code: str, outcome: Any, why: Any, at: str) -> None:
        """Take a declared outcome of an item."""
        item = self.scheme.items.get(code)
        allowed = ("not_applicable", "pending", "missing")
        outcome = said_outcome(outcome) if isinstance(outcome, str) else outcome
        if item is None:
            self.add("unknown-item.evidence", at, key=quote(code), near=self.nearest(code, self.scheme.items))
        elif outcome not in allowed:
            known = tuple(Named(one, f"{one} ({word(one, 'vi')})") for one in allowed)
            near = self.nearest(str(outcome), allowed)
            self.add("outcome.evidence", at, outcome=quote(outcome), known=known, near=near)
        elif outcome == "not_applicable" and not item.may_not_apply:
            self.add("always-applies", at, code=code)
        elif not isinstance(why, str) or not why.strip():
            self.add("no-reason.evidence", at, outcome=Named(outcome, word(outcome, "vi")))
        else:
            self.declared.append(Declared(row, code, Outcome(outcome), why.strip()))

    def explains(self, code: str, text: Any, at: str) -> bool:
        """Whether a text can explain what an item lacks; a problem when it cannot."""
        if code not in self.scheme.items:
            self.add("unknown-item.evidence", at, key=quote(code), near=self.nearest(code, self.scheme.items))
            return False
        if not isinstance(text, str) or not text.strip():
            self.add("form.explanation", at)
            return False
        return True

    def day(self, text: str, at: str) -> str:
        """The day of a supporting document as documents write it; a problem, and the text, when it is none."""
        found = day(text)
        if found is None:
            self.add("date.evidence", at, text=quote(text))
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
            self.add("refused", at, why=Named(why.en, _titled(leaf, why.vi)), code=leaf.code)
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
    """The problem of a name that no unit has, with the unit that it is meant for; without `near` nobody looks.

    The same without accents, else the one that a unit of that name went into, else the nearest.
    """
    values = {"name": quote(name), "id": scheme.document.id}
    units = scheme.document.units
    if near and (same := {bare(n): n for unit in units for n in (unit.name, unit.id)}.get(bare(name))):
        return problem("unknown-unit.listed", document, at, **values, near=(f'"{same}"',))
    if near and (went := scheme.successor(name)):
        entry = "unknown-unit.merged" if went[1] else "unknown-unit.renamed"
        return problem(entry, document, at, **values, unit=quote(went[0].name))
    found = nearest(name, [unit.name for unit in units]) if near else ()
    return problem("unknown-unit.listed", document, at, **values, near=found)


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
