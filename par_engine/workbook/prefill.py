"""What is typed into a workbook before it is handed out: nothing, or the evidence of one unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from par_engine.base.decimals import plain
from par_engine.base.names import fold
from par_engine.base.problems import fail
from par_engine.base.types import Ballots, Fact, Value, decode
from par_engine.evidence.model import Evidence
from par_engine.methodology.scheme import Scheme
from par_engine.workbook import words
from par_engine.workbook.layout import Plan


@dataclass(frozen=True)
class Filled:
    """Values by the keys of rows, of ballots by key and option (`KEY:OPTION`); outcomes and documents by item."""

    unit: str = ""
    stage: str = "self-assessment"
    note: str = ""
    values: Mapping[str, str | float] = field(default_factory=dict)
    declared: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    papers: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    explained: Mapping[str, str] = field(default_factory=dict)
    """Why facts or documents are not there, by item."""
    stated: Mapping[str, float] = field(default_factory=dict)
    """Points that stand for their parts, by the keys of rows (`item:CODE`, `stream:ID`)."""
    closing: str = ""
    """The last line of what to do; "" for how to score the workbook."""


def labels(fact: Fact) -> Mapping[str, str]:
    """The label of each option of a fact: its title, with its id where two titles are the same."""
    options = fact.options or []
    twice = Counter(fold(option.title.vi) for option in options)
    return {o.id: o.title.vi if twice[fold(o.title.vi)] == 1 else f"{o.title.vi} ({o.id})" for o in options}


def unit_name(scheme: Scheme, name: str) -> str:
    """The name of a unit as the methodology writes it; as it is given where units are not listed."""
    found = scheme.unit_index.get(fold(name))
    return next((unit.name for unit in scheme.document.units if unit.id == found), name)


def papers_of(evidence: Evidence, row: int) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The documents of one unit by item."""
    return evidence.documents.get(evidence.units[row], {})


def fill(plan: Plan, evidence: Evidence, row: int) -> Filled:
    """The evidence of one unit as it is typed. Raises ParError when it states points that the plan has no place for."""
    scheme, digits = plan.scheme, plan.scheme.document.settings.leaf_decimals
    stated = {
        f"{'stream' if entry.is_stream else 'item'}:{entry.key}": float(Fraction(entry.points, 10**digits))
        for entry in sorted(evidence.stated, key=lambda entry: (entry.is_stream, entry.key))
        if entry.row == row
    }
    if stated and not plan.stated:
        keys = ", ".join([key.partition(":")[2] for key in stated][:12])
        fail("stated.fill", evidence.label, keys=keys)
    values: dict[str, str | float] = {}
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    for sheet in plan.sheets:
        for line in sheet.rows:
            if line.kind not in ("fact", "ballots") or not evidence.present[row, order[line.fact]]:
                continue
            fact = scheme.document.facts[line.fact]
            cells = tuple(int(x) for x in evidence.values[row, list(scheme.columns[line.fact])])
            survey = scheme.document.surveys[fact.survey] if fact.survey else None
            value = decode(fact, cells, survey)
            if isinstance(value, Ballots) and survey is not None:
                for option, count in zip(survey.options, value.counts[line.group], strict=True):
                    values[f"{line.key}:{option.id}"] = float(count)
            else:
                values[line.key] = _typed(value, fact)
    declared = {d.code: (d.outcome.value, d.why) for d in evidence.declared if d.row == row}
    name = unit_name(scheme, evidence.units[row])
    explained = evidence.explanations.get(evidence.units[row], {})
    return Filled(name, evidence.stage, evidence.note, values, declared, papers_of(evidence, row), explained, stated)


def _typed(value: Value, fact: Fact) -> str | float:
    """A value as one types it; a number of more digits than Excel holds stays a text, so that none is lost."""
    if isinstance(value, bool):
        return words.YES if value else words.NO
    if isinstance(value, Fraction):
        digits = plain(value)
        return float(value) if len(digits.strip("-").replace(".", "").strip("0")) <= 15 else digits
    return labels(fact)[str(value)]
