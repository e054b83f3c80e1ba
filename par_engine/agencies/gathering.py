"""What the agencies sent, file by file, as one evidence with a row for each agency that sent something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from par_engine.agencies.assignment import Agency, Assignment
from par_engine.agencies.forms import for_agencies
from par_engine.api import Methodology
from par_engine.documents import fail
from par_engine.errors import EvidenceError, ParError, Problem
from par_engine.evidence import Evidence

if TYPE_CHECKING:
    import pandas as pd

Source: TypeAlias = "str | Path | Mapping[str, Any] | pd.DataFrame"
_KINDS = (".xlsx", ".csv", ".json", ".parquet")


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


def _opened(sources: Sequence[Source]) -> list[Source]:
    """The sources themselves; of a folder the files that can be read, without what programs leave beside them."""
    out: list[Source] = []
    for source in sources:
        path = Path(source) if isinstance(source, (str, Path)) else None
        if path is None or not path.is_dir():
            out.append(source)
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _KINDS and not p.name.startswith((".", "~$")))
        if not inside:
            hint, vi = "put the agencies' files there", "thư mục không có tệp số liệu nào"
            fail(path.name, "empty-folder", "the folder has no evidence", hint, vi, "hãy để tệp của các cơ quan vào đó")
        out += inside
    return out


def gather(assignment: Assignment, sources: Sequence[Source], stage: str | None = None) -> Returns:
    """Read what was sent: files, folders of them, evidence-1 documents or DataFrames, of the methodology `ID-agencies`.

    An agency may come in one file only. Raises EvidenceError with every problem of every file.
    """
    methodology = for_agencies(assignment)
    found: list[tuple[str, Evidence]] = []
    problems: list[Problem] = []
    for source in _opened(sources):
        try:
            evidence = methodology.read(source, stage)
            found.append((evidence.label, evidence))
        except ParError as error:
            problems += error.problems
    files: dict[str, str] = {}
    for label, evidence in found:
        problems += _strange(assignment, label, evidence, files)
        files |= {unit: label for unit in evidence.units if unit not in files}
    stages = list(dict.fromkeys(evidence.stage for _, evidence in found))
    if len(stages) > 1:
        what, vi = (
            f"the files are of several stages: {', '.join(stages)}",
            f"các tệp khác giai đoạn: {', '.join(stages)}",
        )
        hint, hint_vi = "merge one stage at a time", "gộp từng giai đoạn"
        problems.append(Problem(found[-1][0], "", "stages", what, hint, "error", vi, hint_vi))
    if problems:
        raise EvidenceError(problems)
    silent = tuple(a for a in assignment.agencies if a.id not in files and assignment.facts_of(a.id))
    notes = {unit: evidence.note for _, evidence in found if evidence.note for unit in evidence.units}
    joined, odd = _joined(methodology, found, stages), tuple(_editions(assignment, found))
    return Returns(methodology, joined, files, silent, odd, notes)


def _strange(assignment: Assignment, label: str, evidence: Evidence, seen: dict[str, str]) -> Iterator[Problem]:
    order = {name: i for i, name in enumerate(assignment.methodology.document.facts)}
    for row, unit in enumerate(evidence.units):
        name = assignment.by_id[unit].name
        if unit in seen:
            what, vi = f"{name} is in {seen[unit]} too", f"{name} có cả trong tệp {seen[unit]}"
            hint, hint_vi = "keep the right one of the two", "chỉ giữ lại tệp đúng"
            yield Problem(label, "", "agency-twice", what, hint, "error", vi, hint_vi)
        mine = assignment.facts_of(unit)
        for fact, i in order.items():
            if evidence.present[row, i] and fact not in mine:
                owners = [assignment.by_id[a].name for a in assignment.shares.get(fact, ())]
                shown = ", ".join(owners[:3]) + (" …" if len(owners) > 3 else "")
                what, vi = f"{name} is not asked for {fact}", f"{name} không được giao báo cáo {fact}"
                hint = f"it is asked of {shown}" if owners else "nobody is asked for it"
                hint_vi = f"số liệu này giao cho {shown}" if owners else "số liệu này chưa giao cho ai"
                yield Problem(label, f"{unit} {fact}", "not-asked", what, hint, "error", vi, hint_vi)
    for stated in evidence.stated:
        name = assignment.by_id[evidence.units[stated.row]].name
        what, vi = f"{name} states points of {stated.key}", f"{name} ghi sẵn điểm của {stated.key}"
        hint, hint_vi = "agencies hand in facts", "cơ quan chỉ gửi số liệu gốc"
        yield Problem(label, stated.at, "stated", what, hint, "error", vi, hint_vi)


def _editions(assignment: Assignment, found: Sequence[tuple[str, Evidence]]) -> Iterator[Problem]:
    installed = assignment.methodology.fingerprint
    for label, evidence in found:
        if evidence.edition not in ("", installed):
            what = f"the form was made from another edition of {assignment.methodology.id} ({evidence.edition[:12]})"
            vi = f"biểu được lập theo bản khác của {assignment.methodology.id} ({evidence.edition[:12]})"
            hint, hint_vi = f"installed is {installed[:12]}", f"bản đang cài: {installed[:12]}"
            yield Problem(label, "", "edition", what, hint, "warning", vi, hint_vi)


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
            replace(d, row=d.row + start)
            for start, (_, evidence) in zip(starts[:-1], found, strict=True)
            for d in evidence.declared
        ),
        documents={unit: papers for _, evidence in found for unit, papers in evidence.documents.items()},
    )
