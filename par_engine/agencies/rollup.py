"""Rolling up: the unit's evidence of what agencies handed in, and who owes what, and who contradicts whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from par_engine.agencies.contributions import Line, Told, lines, told
from par_engine.agencies.gathering import Returns
from par_engine.agencies.model import Assignment
from par_engine.base.decimals import plain
from par_engine.base.problems import EvidenceError, Problem, problem
from par_engine.base.types import Ballots, Fact, Outcome, Text
from par_engine.i18n.catalogue import Term, text


@dataclass(frozen=True)
class RolledUp:
    """The whole: a line for each fact, the evidence-1 document that they make, and all that is open or wrong."""

    assignment: Assignment
    returns: Returns
    told: Told
    lines: tuple[Line, ...]

    @property
    def contradictory(self) -> bool:
        """Whether something is wrong that nobody can guess: then the document is not to be used."""
        return any(problem.severity == "error" for problem in self.problems)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The unit's evidence. A fact that is not whole is left out: what missing does is the methodology's to say."""
        facts = {line.fact: self._json(line) for line in self.lines if line.state == "whole"}
        entry: dict[str, Any] = {"unit": self.assignment.unit, "facts": facts}
        if outcomes := dict(self._outcomes()):
            entry["outcomes"] = outcomes
        if explained := dict(self._explanations()):
            entry["explanations"] = explained
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
        said = [text("agencies.note", "came", "vi", came=came)]
        if self.returns.silent:
            names = "; ".join(agency.name for agency in self.returns.silent)
            said.append(text("agencies.note", "silent", "vi", names=names))
        if count := sum(line.state == "gap" for line in self.lines):
            said.append(text("agencies.note", "gaps", "vi", count=count))
        said += [f"{problem.what_vi[0].upper()}{problem.what_vi[1:]}." for problem in self.assignment.nobodys]
        by_note: dict[str, list[str]] = {}
        for id, note in self.returns.notes.items():
            by_note.setdefault(note, []).append(self.assignment.by_id[id].name)
        everybody = len(by_note) == 1 and len(self.returns.notes) == came
        return " ".join([*said, *(note if everybody else f"{', '.join(by_note[note])}: {note}" for note in by_note)])

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Contradictions (errors), then all that is open (warnings), in the order of agencies and facts."""
        found = [*self.returns.problems, *self._silent(), *self.assignment.nobodys]
        for line in self.lines:
            found += self._line_problems(line)
        found += self._ignored()
        for item in self.assignment.methodology.scheme.items.values():
            if item.rule is not None:
                found += self._leaf_problems(item.code, item.rule.facts(), may=item.may_not_apply)
        return tuple(sorted(found, key=lambda problem: problem.severity))

    def _silent(self) -> Iterator[Problem]:
        for agency in self.returns.silent:
            count = len(self.assignment.facts_of(agency.id))
            yield problem("silent", agency.name, "", "warning", count=count)

    def _line_problems(self, line: Line) -> Iterator[Problem]:
        title = self._fact(line.fact).title
        if line.state == "conflict" and line.why is not None:
            yield problem("conflict", "", self._at(line.fact), title=title, why=line.why)
        for part in line.parts:
            if part.state == "gap":
                why = f" ({part.why})" if part.why else ""
                at = self.returns.files[part.agency.id]
                yield problem("gap", at, self._at(line.fact), "warning", name=part.agency.name, title=title, why=why)

    def _ignored(self) -> Iterator[Problem]:
        """Facts beside a declared outcome, which counts; wrong where a fact cannot be left out for one leaf alone."""
        evidence, asked = self.returns.evidence, self.assignment.codes
        order = {name: i for i, name in enumerate(self.assignment.methodology.document.facts)}
        for row, id in enumerate(evidence.units):
            name, leaves = self.assignment.by_id[id].name, self.told.get(id, {})
            for code, (outcome, _) in leaves.items():
                rule = self.assignment.methodology.scheme.items[code].rule
                assert rule is not None
                here = [fact for fact in rule.facts() if evidence.present[row, order[fact]]]
                elsewhere = [fact for fact in here if any(leaf not in leaves for leaf in asked(fact))]
                if elsewhere and outcome is Outcome.NOT_APPLICABLE:
                    yield problem(
                        "shared",
                        self.returns.files[id],
                        f"item {code}",
                        name=name,
                        code=code,
                        facts=self._titles(elsewhere),
                    )
                elif here:
                    yield problem(
                        "facts-ignored",
                        self.returns.files[id],
                        f"item {code}",
                        "warning",
                        name=name,
                        code=code,
                        outcome=Term("agencies.outcomes", outcome.value),
                        facts=self._titles(here),
                    )

    def _leaf_problems(self, code: str, facts: Sequence[str], *, may: bool) -> Iterator[Problem]:
        """A leaf of which some facts do not apply and others do, or that always applies although agencies say no."""
        found = [self._by_fact[name] for name in facts]
        out = [line for line in found if line.state == "exempt"]
        if not out or (may and len(out) == len(found)):
            return
        who = ", ".join(dict.fromkeys(part.agency.name for line in out for part in line.parts))
        at = f"item {code}"
        if len(out) == len(found):
            yield problem("applies", "", at, "warning", who=who)
        else:
            titles = self._titles([line.fact for line in out])
            yield problem("applies.to-others", "", at, "warning", who=who, facts=titles)

    def _titles(self, facts: Sequence[str]) -> Text:
        return Text(vi=", ".join(f"“{self._fact(name).title.vi}”" for name in facts), en=", ".join(facts))

    def _at(self, fact: str) -> str:
        """Where a fact is asked for, as officers find it."""
        codes = self.assignment.codes(fact)
        return f"item {', '.join(codes)}" if codes else fact

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

    def _outcomes(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What agencies declared of a leaf whose facts are not whole because of them, with who says so."""
        for item in self.assignment.methodology.scheme.items.values():
            if item.rule is None:
                continue
            found = [self._by_fact[name] for name in item.rule.facts()]
            owing = {p.agency.id for line in found for p in line.parts if p.state in ("gap", "exempt")}
            said = [(a, self.told[a.id][item.code]) for a in self.assignment.agencies
                    if a.id in owing and item.code in self.told.get(a.id, {})]  # fmt: skip
            why = "; ".join(f"{agency.name}: {why}" for agency, (_, why) in said)[:2000]
            if all(line.state == "exempt" for line in found):
                if item.may_not_apply:
                    yield item.code, {"outcome": Outcome.NOT_APPLICABLE.value, "why": why}
            elif any(line.state == "gap" for line in found):
                outcomes = {outcome for _, (outcome, _) in said} - {Outcome.NOT_APPLICABLE}
                if outcomes:
                    outcome = Outcome.PENDING if Outcome.PENDING in outcomes else Outcome.MISSING
                    yield item.code, {"outcome": outcome.value, "why": why}

    def _explanations(self) -> Iterator[tuple[str, str]]:
        """What agencies explain of an item, each with its name."""
        said = self.returns.evidence.explanations
        for code in self.assignment.methodology.scheme.items:
            texts = [f"{a.name}: {said[a.id][code]}" for a in self.assignment.agencies if code in said.get(a.id, {})]
            if texts:
                yield code, "; ".join(texts)

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
    """Every fact of the unit from what the agencies handed in; what only the whole contradicts is a conflict too."""
    said = told(assignment, returns)
    rolled = RolledUp(assignment, returns, said, lines(assignment, returns, said))
    try:
        assignment.methodology.read(rolled.document)
    except EvidenceError as error:
        wrong = {problem.pointer.rpartition("/")[2]: problem for problem in error.problems}
        if not wrong.keys() <= {line.fact for line in rolled.lines}:
            raise
        return replace(rolled, lines=tuple(_wrong(line, wrong.get(line.fact)) for line in rolled.lines))
    return rolled


def _wrong(line: Line, problem: Problem | None) -> Line:
    """A line whose value the methodology refuses, with who handed in its parts."""
    if problem is None:
        return line
    who = ", ".join(part.agency.name for part in line.parts)
    vi, en = f"{problem.what_vi or problem.what} ({who})", f"{problem.what} ({who})"
    return replace(line, state="conflict", value=None, why=Text(vi=vi[:2000], en=en[:2000]))
