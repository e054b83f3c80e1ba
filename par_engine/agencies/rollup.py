"""Rolling up: what the agencies handed in becomes the unit's evidence, and who is owed, and who contradicts whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from par_engine.agencies.assignment import Agency, Assignment
from par_engine.agencies.gathering import Returns
from par_engine.errors import Problem, quote
from par_engine.exact import plain
from par_engine.facts import Refused, readers
from par_engine.nodes import Ballots, Fact, Outcome, RollUp, Text, Value, decode, say

State = Literal["given", "exempt", "gap", "silent"]
_ALL = ("whole", "exempt", "gap", "conflict", "unassigned")


@dataclass(frozen=True)
class Part:
    """What one agency says of a fact: a value, or why there is none. `silent` is one whose file has not come."""

    agency: Agency
    state: State
    value: Value | None = None
    why: str = ""


@dataclass(frozen=True)
class Line:
    """One fact of the unit: its parts, and their value where they make one."""

    fact: str
    way: RollUp | None
    parts: tuple[Part, ...]
    state: Literal["whole", "exempt", "gap", "conflict", "unassigned"]
    value: Value | None = None
    why: Text | None = None


@dataclass(frozen=True)
class RolledUp:
    """The whole: a line for each fact, and the evidence-1 document that they make."""

    assignment: Assignment
    returns: Returns
    lines: tuple[Line, ...]

    @cached_property
    def document(self) -> dict[str, Any]:
        """The unit's evidence. A fact that is not whole is left out: what missing does is the methodology's to say."""
        facts = {line.fact: self._json(line) for line in self.lines if line.state == "whole"}
        entry: dict[str, Any] = {"unit": self.assignment.unit, "facts": facts}
        if outcomes := dict(self._outcomes()):
            entry["outcomes"] = outcomes
        if papers := self._papers():
            entry["documents"] = papers
        return {
            "methodology": self.assignment.methodology.id,
            "stage": self.returns.evidence.stage,
            "note": self.note,
            "units": [entry],
        }

    @property
    def note(self) -> str:
        """What a reader of the evidence has to know of its making."""
        came = len(self.returns.files)
        said = f"Gộp số liệu của {came} cơ quan."
        if self.returns.silent:
            said += f" Chưa gửi: {'; '.join(agency.name for agency in self.returns.silent)}."
        count = sum(line.state == "gap" for line in self.lines)
        said += f" Còn thiếu {count} số liệu." if count else ""
        by_note: dict[str, list[str]] = {}
        for id, note in self.returns.notes.items():
            by_note.setdefault(note, []).append(self.assignment.by_id[id].name)
        everybody = len(by_note) == 1 and len(self.returns.notes) == came
        return " ".join([said, *(note if everybody else f"{', '.join(by_note[note])}: {note}" for note in by_note)])

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Contradictions (errors), then gaps and silent agencies (warnings)."""
        found = list(self.returns.problems)
        for agency in self.returns.silent:
            count = len(self.assignment.facts_of(agency.id))
            what, vi = (
                f"{agency.name} has sent nothing; {count} facts wait for it",
                f"{agency.name} chưa gửi số liệu nào",
            )
            found.append(
                Problem(agency.id, "", "silent", what, "ask for its file", "warning", vi, f"{count} số liệu còn chờ")
            )
        for line in self.lines:
            found += self._line_problems(line)
        return tuple(sorted(found, key=lambda p: (p.severity, p.document, p.pointer, p.code)))

    def _line_problems(self, line: Line) -> Iterator[Problem]:
        title = self._fact(line.fact).title
        if line.state == "conflict" and line.why is not None:
            hint, hint_vi = "ask which is right", "hỏi lại các cơ quan"
            what, vi = f"{title.en}: {line.why.en}", f"{title.vi}: {line.why.vi}"
            yield Problem("merge", line.fact, "conflict", what, hint, "error", vi, hint_vi)
        for part in line.parts:
            if part.state == "gap":
                why = f" ({part.why})" if part.why else ""
                at = self.returns.files[part.agency.id]
                what, vi = f"{part.agency.name}: no {title.en}{why}", f"{part.agency.name}: chưa có “{title.vi}”{why}"
                yield Problem(at, line.fact, "gap", what, "ask for it", "warning", vi, "đề nghị bổ sung")
        if line.state == "exempt" and line.fact in self._unmet:
            who = ", ".join(part.agency.name for part in line.parts)
            what = f"{title.en}: {who} say that it does not apply, but for the unit it always does"
            vi = f"{title.vi}: {who} báo không áp dụng, nhưng với đơn vị thì luôn áp dụng"
            yield Problem("merge", line.fact, "applies", what, "ask for it", "warning", vi, "đề nghị bổ sung")

    def _fact(self, name: str) -> Fact:
        return self.assignment.methodology.document.facts[name]

    def _json(self, line: Line) -> Any:
        value = line.value
        if isinstance(value, Ballots):
            survey = value.survey
            counts = zip(survey.groups, value.counts, strict=True)
            return {g.id: {o.id: n for o, n in zip(survey.options, row, strict=True)} for g, row in counts}
        if isinstance(value, Fraction):
            return int(value) if self._fact(line.fact).type == "count" else plain(value)
        return value

    @cached_property
    def _by_fact(self) -> dict[str, Line]:
        return {line.fact: line for line in self.lines}

    @cached_property
    def _unmet(self) -> frozenset[str]:
        """The facts of leaves that always apply to the unit, although the agencies say that they do not."""
        items = self.assignment.methodology.scheme.items.values()
        return frozenset(
            name for item in items if item.rule is not None and not item.may_not_apply for name in item.rule.facts()
        )

    def _outcomes(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What agencies declared of a leaf whose facts are not whole, with who says so."""
        scheme, evidence = self.assignment.methodology.scheme, self.returns.evidence
        said: dict[str, list[tuple[Outcome, str]]] = {}
        for declared in evidence.declared:
            name = self.assignment.by_id[evidence.units[declared.row]].name
            for code in scheme.under(declared.code):
                said.setdefault(code, []).append((declared.outcome, f"{name}: {declared.why}"))
        for item in scheme.items.values():
            if item.rule is None or item.code not in said:
                continue
            states = {self._by_fact[name].state for name in item.rule.facts()}
            if states == {"whole"}:
                continue
            found = {outcome for outcome, _ in said[item.code]}
            why = "; ".join(text for _, text in said[item.code])
            if states == {"exempt"}:
                if item.may_not_apply:
                    yield item.code, {"outcome": Outcome.NOT_APPLICABLE.value, "why": why}
            elif open_ := found - {Outcome.NOT_APPLICABLE}:
                outcome = Outcome.PENDING if Outcome.PENDING in open_ else Outcome.MISSING
                yield item.code, {"outcome": outcome.value, "why": why}

    def _papers(self) -> dict[str, list[dict[str, str]]]:
        """The documents of all agencies, each once, in the order of the agencies."""
        out: dict[str, list[dict[str, str]]] = {}
        for agency in self.assignment.agencies:
            for code, papers in self.returns.evidence.documents.get(agency.id, {}).items():
                listed = out.setdefault(code, [])
                listed += [dict(paper) for paper in papers if paper not in listed]
        order = list(self.assignment.methodology.scheme.items)
        return {code: out[code] for code in sorted(out, key=order.index)}


def roll_up(assignment: Assignment, returns: Returns) -> RolledUp:
    """Every fact of the unit from what the agencies handed in."""
    scheme, evidence = assignment.methodology.scheme, returns.evidence
    rows = {unit: row for row, unit in enumerate(evidence.units)}
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    said = _declared(assignment, returns)
    reading = readers(scheme)
    lines = []
    for name, fact in scheme.document.facts.items():
        parts = []
        for id in assignment.shares.get(name, ()):
            agency, row = assignment.by_id[id], rows.get(id)
            if row is None:
                parts.append(Part(agency, "silent"))
            elif evidence.present[row, order[name]]:
                cells = tuple(int(x) for x in evidence.values[row, list(scheme.columns[name])])
                survey = scheme.document.surveys[fact.survey] if fact.survey else None
                parts.append(Part(agency, "given", decode(fact, cells, survey)))
            else:
                exempt, why = said.get((id, name), (False, ""))
                parts.append(Part(agency, "exempt" if exempt else "gap", None, why))
        line = _line(fact, name, assignment.ways.get(name), tuple(parts))
        if line.state == "whole" and isinstance(line.value, Fraction) and len(parts) > 1:
            try:
                reading[name].read(plain(line.value))
            except Refused as refused:
                _, what, _, _, what_vi, _ = refused.texts
                why_out = Text(vi=f"cộng các cơ quan: {what_vi}"[:2000], en=f"of all agencies: {what}"[:2000])
                line = Line(name, line.way, line.parts, "conflict", None, why_out)
        lines.append(line)
    return RolledUp(assignment, returns, tuple(lines))


def _declared(assignment: Assignment, returns: Returns) -> dict[tuple[str, str], tuple[bool, str]]:
    """By agency and fact: whether every leaf that asks for it does not apply there, and the reasons given."""
    scheme, evidence = assignment.methodology.scheme, returns.evidence
    asked: dict[str, list[str]] = {}
    for leaf in scheme.leaves:
        for name in leaf.rule.facts():
            asked.setdefault(name, []).append(leaf.code)
    found: dict[tuple[str, str], dict[str, tuple[Outcome, str]]] = {}
    for declared in evidence.declared:
        for code in scheme.under(declared.code):
            for name in scheme.leaves[scheme.position[code]].rule.facts():
                by_leaf = found.setdefault((evidence.units[declared.row], name), {})
                if by_leaf.get(code, (None,))[0] != Outcome.NOT_APPLICABLE:  # said of a branch, it wins over its parts
                    by_leaf[code] = (declared.outcome, declared.why)
    out = {}
    for (agency, name), by_leaf in found.items():
        exempt = all(by_leaf.get(code, (None,))[0] == Outcome.NOT_APPLICABLE for code in asked[name])
        out[agency, name] = (exempt, "; ".join(dict.fromkeys(why for _, why in by_leaf.values())))
    return out


def _line(fact: Fact, name: str, way: RollUp | None, parts: tuple[Part, ...]) -> Line:
    if not parts:
        return Line(name, way, parts, "unassigned")
    if any(part.state in ("gap", "silent") for part in parts):
        return Line(name, way, parts, "gap")
    given = [(part.agency.name, part.value) for part in parts if part.value is not None]
    if not given:
        return Line(name, way, parts, "exempt")
    values = [value for _, value in given]
    if way == "same" or len(parts) == 1:
        if any(value != values[0] for value in values):
            shown = {
                lang: "; ".join(f"{who}: {shown_value(v, fact, lang)}" for who, v in given) for lang in ("vi", "en")
            }
            return Line(name, way, parts, "conflict", None, Text(vi=shown["vi"][:2000], en=shown["en"][:2000]))
        return Line(name, way, parts, "whole", values[0])
    return Line(name, way, parts, "whole", _rolled(way, values))


def _rolled(way: RollUp | None, values: Sequence[Value | None]) -> Value:
    numbers = [value for value in values if isinstance(value, (Fraction, bool))]
    assert len(numbers) == len(values)  # the assignment was checked: ways fit types
    if way == "all":
        return all(numbers)
    if way == "any":
        return any(numbers)
    exact = [Fraction(number) for number in numbers]
    if way == "least":
        return min(exact)
    if way == "most":
        return max(exact)
    assert way == "sum"
    return sum(exact, Fraction(0))


def shown_value(value: Value | None, fact: Fact, lang: Literal["vi", "en"]) -> str:
    """A value as people read it; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return {"vi": "có" if value else "không", "en": "yes" if value else "no"}[lang]
    if isinstance(value, Fraction):
        return say(value, lang)
    if isinstance(value, Ballots):
        return str(sum(map(sum, value.counts)))
    return next((o.title.get(lang) for o in fact.options or () if o.id == value), quote(str(value)))
