"""Every fact of a unit from the parts that its agencies handed in: what each said, and what that makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from par_engine.agencies.gathering import Returns
from par_engine.agencies.model import Agency, Assignment
from par_engine.base.decimals import plain
from par_engine.base.problems import quote
from par_engine.base.types import Ballots, Fact, Outcome, RollUp, Text, Value, decode, say
from par_engine.evidence.value_parsing import Reader, Refused, readers
from par_engine.i18n.catalogue import Lang, Spoken, Term, text

PartState = Literal["given", "exempt", "gap", "silent"]
LineState = Literal["whole", "exempt", "gap", "conflict", "unassigned"]
Told = Mapping[str, Mapping[str, tuple[Outcome, str]]]
"""What agencies declared instead of facts, by agency and leaf: of the leaves that they are asked for."""


@dataclass(frozen=True)
class Part:
    """What one agency says of a fact: a value, or why there is none. `silent` is one whose file has not come."""

    agency: Agency
    state: PartState
    value: Value | None = None
    why: str = ""


@dataclass(frozen=True)
class Line:
    """One fact of the unit: its parts, and their value where they make one."""

    fact: str
    way: RollUp | None
    parts: tuple[Part, ...]
    state: LineState
    value: Value | None = None
    why: Spoken | None = None


def told(assignment: Assignment, returns: Returns) -> Told:
    """What agencies declared; not applicable, said of a branch, wins over what is said of a part, as in evidence."""
    scheme = assignment.methodology.scheme
    out: dict[str, dict[str, tuple[Outcome, str]]] = {}
    for declared in returns.evidence.declared:
        agency = returns.evidence.units[declared.row]
        leaves = out.setdefault(agency, {})
        for code in scheme.under(declared.code):
            mine = assignment.facts_of(agency).intersection(scheme.leaves[scheme.position[code]].rule.facts())
            if mine and leaves.get(code, (None,))[0] is not Outcome.NOT_APPLICABLE:
                leaves[code] = (declared.outcome, declared.why)
    return out


def lines(assignment: Assignment, returns: Returns, said: Told) -> tuple[Line, ...]:
    """A line for every fact, in the order of the methodology."""
    scheme, evidence = assignment.methodology.scheme, returns.evidence
    rows = {unit: row for row, unit in enumerate(evidence.units)}
    reading = readers(scheme)
    out = []
    for i, (name, fact) in enumerate(scheme.document.facts.items()):
        parts = []
        for id in assignment.shares.get(name, ()):
            agency, row = assignment.by_id[id], rows.get(id)
            if row is None:
                parts.append(Part(agency, "silent"))
                continue
            outcomes = [said.get(id, {}).get(leaf) for leaf in assignment.codes(name)]
            why = "; ".join(dict.fromkeys(entry[1] for entry in outcomes if entry is not None))
            if outcomes and None not in outcomes:  # what is declared counts, as it does in evidence
                out_of_it = all(entry is not None and entry[0] is Outcome.NOT_APPLICABLE for entry in outcomes)
                parts.append(Part(agency, "exempt" if out_of_it else "gap", None, why))
            elif evidence.present[row, i]:
                cells = tuple(int(x) for x in evidence.values[row, list(scheme.columns[name])])
                survey = scheme.document.surveys[fact.survey] if fact.survey else None
                parts.append(Part(agency, "given", decode(fact, cells, survey)))
            else:
                said_ = evidence.explanations.get(id, {})
                why = why or "; ".join(said_[leaf] for leaf in assignment.codes(name) if leaf in said_)
                parts.append(Part(agency, "gap", None, why))
        out.append(_line(fact, name, assignment.ways.get(name), tuple(parts), reading[name]))
    return tuple(out)


def _line(fact: Fact, name: str, way: RollUp | None, parts: tuple[Part, ...], reader: Reader) -> Line:
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
            vi, en = ("; ".join(f"{who}: {shown(v, fact, lang)}" for who, v in given) for lang in ("vi", "en"))
            return Line(name, way, parts, "conflict", None, Text(vi=vi[:2000], en=en[:2000]))
        return Line(name, way, parts, "whole", values[0])
    value = _rolled(way, values)
    if isinstance(value, Fraction):
        try:
            reader.read(plain(value))
        except Refused as refused:
            _, what, _, _, what_vi, _ = refused.texts
            why = Term("agencies.words", "rolled", (("what", Text(vi=what_vi, en=what)),))
            return Line(name, way, parts, "conflict", None, why)
    return Line(name, way, parts, "whole", value)


def _rolled(way: RollUp | None, values: Sequence[Value]) -> Value:
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


def shown(value: Value | None, fact: Fact, lang: Lang) -> str:
    """A value as people read it; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return text("agencies.words", "yes" if value else "no", lang)
    if isinstance(value, Fraction):
        return say(value, lang)
    if isinstance(value, Ballots):
        return str(sum(map(sum, value.counts)))
    return next((o.title.get(lang) for o in fact.options or () if o.id == value), quote(str(value)))
