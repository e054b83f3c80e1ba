"""What the agencies sent, file by file, as one evidence with a row for each agency that sent something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from par_engine.agencies.forms import for_agencies
from par_engine.agencies.model import Agency, Assignment
from par_engine.api import Methodology
from par_engine.base.problems import EvidenceError, Own, ParError, Problem, problem
from par_engine.base.terms import stage_words
from par_engine.base.types import Text
from par_engine.evidence.model import Evidence
from par_engine.i18n.catalogue import Term, text

if TYPE_CHECKING:
    import pandas as pd

Source: TypeAlias = "str | Path | Mapping[str, Any] | pd.DataFrame"
_KINDS = (".xlsx", ".csv", ".json", ".parquet")
_LEFT = (".", "~$", "Thumbs.db", "desktop.ini")
"""What programs leave in folders."""


@dataclass(frozen=True)
class Returns:
    """The evidence of all that was sent, the file of each agency, who sent nothing, and what is odd about the files."""

    methodology: Methodology
    evidence: Evidence
    files: dict[str, str]
    silent: tuple[Agency, ...]
    problems: tuple[Problem, ...]
    notes: Mapping[str, str]
    """What each agency's file notes."""


def _opened(sources: Sequence[Source]) -> tuple[list[Source], list[Problem]]:
    """The sources themselves; of a folder the files that can be read, and what else is there and is not read.

    A folder without any of them is an error beside the others.
    """
    out: list[Source] = []
    skipped: list[Problem] = []
    for source in sources:
        path = Path(source) if isinstance(source, (str, Path)) else None
        if path is None or not path.is_dir():
            out.append(source)
            continue
        entries = sorted(p for p in path.iterdir() if not p.name.startswith(_LEFT))
        inside = [p for p in entries if p.suffix.lower() in _KINDS and not p.is_dir()]
        others = [f"{path.name}/{other.name}" for other in entries if other not in inside]
        skipped += [problem("skipped", other, "", "warning") for other in others]
        if not inside:
            skipped.append(problem("empty-folder", path.name))
        out += inside
    return out, skipped


def gather(assignment: Assignment, sources: Sequence[Source], stage: str | None = None) -> Returns:
    """Read what was sent: files, folders of them, evidence-1 documents or DataFrames, of the methodology `ID-agencies`.

    An agency may come in one file only. Raises EvidenceError with every problem of every file.
    """
    methodology = for_agencies(assignment)
    found: list[tuple[str, Evidence]] = []
    problems: list[Problem] = []
    opened, skipped = _opened(sources)
    names = [Path(source).name if isinstance(source, (str, Path)) else "evidence" for source in opened]
    for source, name in zip(opened, names, strict=True):
        twice = names.count(name) > 1 and isinstance(source, (str, Path))
        label = f"{Path(source).resolve().parent.name}/{name}" if twice else name  # type: ignore[arg-type]
        try:
            found.append((label, methodology.read(source, stage)))
        except ParError as error:
            problems += [_told(problem, label, assignment) for problem in error.problems]
            rest = getattr(error, "rest", None)
            if isinstance(rest, Evidence):  # what could be read is looked at too: everything is said at once
                found.append((label, rest))
    files: dict[str, str] = {}
    for label, evidence in found:
        problems += _strange(assignment, label, evidence, files)
        files |= {unit: label for unit in evidence.units if unit not in files}
    problems += _stages(found)
    if problems or any(problem.severity == "error" for problem in skipped):
        raise EvidenceError([*problems, *skipped])
    stages = [evidence.stage for _, evidence in found]
    silent = tuple(a for a in assignment.agencies if a.id not in files and assignment.facts_of(a.id))
    notes = {unit: evidence.note for _, evidence in found if evidence.note for unit in evidence.units}
    remarks = (replace(remark, document=label) for label, evidence in found for remark in evidence.remarks)
    odd = (*skipped, *_editions(assignment, found), *remarks)
    return Returns(methodology, _joined(methodology, found, stages), files, silent, odd, notes)


def _stages(found: Sequence[tuple[str, Evidence]]) -> Iterator[Problem]:
    """The files that are of another stage than most; all of them where no stage has the most."""
    files: dict[str, list[str]] = {}
    for label, evidence in found:
        if evidence.stage:  # an empty one is said already
            files.setdefault(evidence.stage, []).append(label)
    if len(files) < 2:
        return
    most = max(map(len, files.values()))
    usual = [stage for stage, labels in files.items() if len(labels) == most]
    for stage, labels in files.items():
        if usual == [stage]:
            continue
        for label in labels:
            if len(usual) == 1:
                count = len(files[usual[0]])
                yield problem("stages", label, stage=_stage(stage), count=count, others=_stage(usual[0]))
            else:
                others = [_stage(other) for other in files if other != stage]
                yield problem("stages.mixed", label, stage=_stage(stage), others=others)


def _stage(stage: str) -> Text:
    return Text(vi=f"“{stage_words(stage, 'vi')}”", en=stage_words(stage, "en"))


def _told(problem: Problem, label: str, assignment: Assignment) -> Problem:
    """A problem of a file under its label, without the advice to ask for a methodology that is not installed."""
    if problem.code == "unknown-unit" and "did you mean" not in problem.hint:
        names = ", ".join(agency.name for agency in assignment.agencies[:8]) + " …" * (len(assignment.agencies) > 8)
        hints = (text("agencies.words", "known", lang, names=names) for lang in ("en", "vi"))
        texts = Own(problem.what, next(hints), problem.what_vi, next(hints))
        return replace(problem, document=label, texts=texts)
    return replace(problem, document=label)


def _strange(assignment: Assignment, label: str, evidence: Evidence, seen: dict[str, str]) -> Iterator[Problem]:
    scheme = assignment.methodology.scheme
    order = {name: i for i, name in enumerate(scheme.document.facts)}
    for row, unit in enumerate(evidence.units):
        if not unit:
            continue  # it is said that there is no such agency
        name = assignment.by_id[unit].name
        if unit in seen:
            yield problem("agency-twice", label, name=name, seen=seen[unit])
        mine = assignment.facts_of(unit)
        for fact, i in order.items():
            if evidence.present[row, i] and fact not in mine:
                owners = [assignment.by_id[a].name for a in assignment.shares.get(fact, ())]
                shown = ", ".join(owners[:3]) + (" …" if len(owners) > 3 else "")
                entry = "not-asked" if owners else "not-asked.nobody"
                yield problem(entry, label, name=name, fact=assignment.titled(fact), owners=shown)
        for declared in (d for d in evidence.declared if d.row == row):
            rules = (scheme.items[leaf].rule for leaf in scheme.under(declared.code))
            if not any(fact in mine for rule in rules if rule is not None for fact in rule.facts()):
                outcome = Term("agencies.outcomes", declared.outcome.value)
                yield problem("not-asked.item", label, name=name, code=declared.code, outcome=outcome)
    for stated in evidence.stated:
        if not evidence.units[stated.row]:
            continue
        name = assignment.by_id[evidence.units[stated.row]].name
        yield problem("stated", label, stated.at, name=name, key=stated.key)


def _editions(assignment: Assignment, found: Sequence[tuple[str, Evidence]]) -> Iterator[Problem]:
    installed = assignment.methodology.fingerprint
    for label, evidence in found:
        if evidence.edition not in ("", installed):
            yield problem(
                "edition",
                label,
                "",
                "warning",
                id=assignment.methodology.id,
                edition=evidence.edition[:12],
                installed=installed[:12],
            )


def _joined(methodology: Methodology, found: Sequence[tuple[str, Evidence]], stages: Sequence[str]) -> Evidence:
    """All rows under one another."""
    facts, columns = len(methodology.document.facts), sum(len(c) for c in methodology.scheme.columns.values())
    starts = np.cumsum([0, *(len(evidence.units) for _, evidence in found)]).tolist()
    return Evidence(
        "agencies",
        stages[0] if stages else "self-assessment",
        tuple(unit for _, evidence in found for unit in evidence.units),
        np.concatenate([np.zeros((0, columns), dtype=np.int64), *(evidence.values for _, evidence in found)]),
        np.concatenate([np.zeros((0, facts), dtype=bool), *(evidence.present for _, evidence in found)]),
        tuple(
            d._replace(row=d.row + start)
            for start, (_, evidence) in zip(starts[:-1], found, strict=True)
            for d in evidence.declared
        ),
        documents={unit: papers for _, evidence in found for unit, papers in evidence.documents.items()},
        explanations={unit: texts for _, evidence in found for unit, texts in evidence.explanations.items()},
    )
