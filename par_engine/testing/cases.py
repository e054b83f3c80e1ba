"""Cases: what a rule must give, read from `cases/*.json` and run through the whole engine, many at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictBool, ValidationError, model_validator

from par_engine.assess import assess
from par_engine.base.decimals import Exact
from par_engine.base.problems import (
    DocumentError,
    EvidenceError,
    ParError,
    Problem,
    nearest,
    pointer,
    problem,
)
from par_engine.base.terms import outcome_words, word
from par_engine.base.types import Code, Line, Node, Outcome, Slug, Text, Whole, say
from par_engine.evidence.from_document import validate
from par_engine.files.documents import parse_json, read_bytes
from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import TOTAL
from par_engine.methodology.scheme import Scheme, problems
from par_engine.results.assessment import Assessment
from par_engine.results.explain import values
from par_engine.rules.boundaries import Values

SCHEMA = "urn:par-engine:schema:case-1"
MARK = re.compile(rb'"\$schema"\s*:\s*"[^"]*\bcase-1(\.json)?"')
"""How a file says that it holds cases: by the name of the schema, or by a path to it."""


class Expect(Node):
    """What must come out: exact points at the leaf precision, an outcome, or that the facts are refused."""

    points: Exact | None = None
    outcome: Annotated[Outcome | None, Field(strict=False)] = None
    refused: StrictBool = False

    @model_validator(mode="after")
    def _something(self) -> Expect:
        if self.refused is (self.points is not None or self.outcome is not None):
            raise ValueError("expect points, an outcome or both; or refused alone")
        return self

    def words(self, lang: Lang = "en") -> str:
        """The expectation as part of a sentence."""
        if self.refused:
            return "refused" if lang == "en" else "bị từ chối"
        said = [] if self.points is None else [f"{say(self.points, lang)} {word('points', lang)}"]
        said += [] if self.outcome is None else [_outcome(self.outcome, lang)]
        return (" and " if lang == "en" else ", ").join(said)


class Case(Node):
    """One case: facts about a made-up unit, and what its item must get."""

    name: Line
    item: Code
    facts: dict[str, Any]
    outcomes: dict[str, dict[str, str]] = {}
    expect: Expect
    why: Text | None = None
    confirmed: bool


class CaseFile(Whole):
    """The cases of one file."""

    methodology: Slug
    cases: Annotated[list[Case], Field(min_length=1)]


@dataclass(frozen=True)
class Ran:
    """What became of a case. `refused` holds the problems of refused facts, `values` what the leaf's rule was given."""

    case: Case
    points: Fraction | None
    outcome: Outcome | None
    refused: tuple[Problem, ...] = ()
    values: Values | None = None

    @property
    def became(self) -> str:
        """The outcome, or `refused`."""
        return "refused" if self.refused else str(self.outcome)

    @property
    def passed(self) -> bool:
        """Whether it came out as expected."""
        expect = self.case.expect
        if self.refused or expect.refused:
            return bool(self.refused) and expect.refused
        return expect.points in (None, self.points) and expect.outcome in (None, self.outcome)

    def words(self, lang: Lang = "en") -> str:
        """What came out, as part of a sentence."""
        if self.refused:
            found = "; ".join(
                problem.what if lang == "en" else problem.what_vi or problem.what for problem in self.refused
            )
            return f"refused: {found}" if lang == "en" else f"bị từ chối: {found}"
        none = "no number" if lang == "en" else "không có điểm"
        number = none if self.points is None else f"{say(self.points, lang)} {word('points', lang)}"
        assert self.outcome is not None
        return f"{number} and {self.outcome}" if lang == "en" else f"{number}, {_outcome(self.outcome, lang)}"


def _outcome(outcome: Outcome, lang: Lang) -> str:
    return outcome.value if lang == "en" else outcome_words(outcome, lang)


def case_files(folder: Path) -> list[Path]:
    """The JSON files of a folder that say they hold cases, by name."""
    return [path for path in sorted(folder.glob("*.json")) if MARK.search(path.read_bytes())]


def read_cases(path: Path) -> CaseFile:
    """The cases of a file. Raises DocumentError with every problem found."""
    content = parse_json(read_bytes(path), path.name)
    if not isinstance(content, dict):
        raise DocumentError([problem("json.read-cases", path.name)])
    try:
        file = CaseFile.model_validate({key: value for key, value in content.items() if key != "$schema"})
    except ValidationError as error:
        raise DocumentError(problems(error, path.name)) from None
    seen: set[str] = set()
    for i, case in enumerate(file.cases):
        if case.name in seen:
            at = pointer("cases", i, "name")
            raise DocumentError([problem("duplicate-case", path.name, at, name=case.name)])
        seen.add(case.name)
    return file


def run(scheme: Scheme, cases: Sequence[Case]) -> list[Ran]:
    """Run cases, all in one assessment; those whose facts are refused are found by their place and set apart.

    Raises DocumentError for cases of items that the methodology does not have.
    """
    _known(scheme, cases)
    trial = _trial(scheme)
    refused: dict[int, list[Problem]] = {}
    while True:
        rest = [i for i in range(len(cases)) if i not in refused]
        if not rest:
            return [_refused(case, refused[i]) for i, case in enumerate(cases)]
        document = {
            "methodology": scheme.document.id,
            "stage": "trial",
            "units": [{"unit": f"case-{i}", "facts": cases[i].facts, "outcomes": cases[i].outcomes} for i in rest],
        }
        try:
            evidence = validate(trial, document, "case")
        except EvidenceError as error:
            found = _by_unit(error, rest)
            if not found:
                raise
            refused.update(found)
            continue
        result = assess(trial, evidence)
        row = {i: n for n, i in enumerate(rest)}
        return [
            _refused(case, refused[i]) if i in refused else _ran(case, result, row[i]) for i, case in enumerate(cases)
        ]


def _known(scheme: Scheme, cases: Sequence[Case]) -> None:
    found = []
    for i, case in enumerate(cases):
        if case.item != TOTAL and case.item not in scheme.items:
            at = pointer("cases", i, "item")
            found.append(
                problem(
                    "unknown-item.known",
                    "cases",
                    at,
                    id=scheme.document.id,
                    item=case.item,
                    near=nearest(case.item, scheme.items),
                )
            )
    if found:
        raise DocumentError(found)


def _trial(scheme: Scheme) -> Scheme:
    """The same scheme for units of any name."""
    settings = scheme.document.settings.model_copy(update={"units": "open"})
    return replace(scheme, document=scheme.document.model_copy(update={"settings": settings, "units": []}))


def _by_unit(error: ParError, rest: Sequence[int]) -> dict[int, list[Problem]]:
    out: dict[int, list[Problem]] = {}
    for fault in error.problems:
        match = re.match(r"/units/(\d+)(/.*)?$", fault.pointer)
        if match:
            out.setdefault(rest[int(match[1])], []).append(replace(fault, pointer=match[2] or ""))
    return out


def _refused(case: Case, found: Sequence[Problem]) -> Ran:
    return Ran(case, None, None, tuple(found))


def _ran(case: Case, result: Assessment, row: int) -> Ran:
    figure = result.figure(row, case.item)
    points = None if figure.points is None else Fraction(figure.points)
    return Ran(case, points, figure.outcome, (), _values(result, row, case.item))


def _values(result: Assessment, row: int, code: str) -> Values | None:
    item = result.scheme.items.get(code)
    if item is None or item.rule is None:
        return None
    found = [value for _, _, value in values(result, row, item)]
    return tuple(value for value in found if value is not None) if None not in found else None
