"""Evidence handed in at a step of a round: the step decides its stage, and what else is wrong is said with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from par_engine import plugins
from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import ParError, Problem, own_problem, problem, quote
from par_engine.base.terms import stage_words
from par_engine.evidence.from_document import validate
from par_engine.evidence.from_table import Table, validate_table
from par_engine.evidence.model import Evidence
from par_engine.evidence.readers import reader_of
from par_engine.files.documents import read_bytes

Step = Literal["submit", "survey"]
SELF, SURVEY = "self-assessment", "survey"
STAGE: Mapping[Step, str] = {"submit": SELF, "survey": SURVEY}
_UNNAMED = "table"  # what readers call the stage of a table that names none
_WORDS: Mapping[str, tuple[str, ...]] = {
    SELF: (
        "self",
        "self assessment",
        "self-assessed",
        "tự đánh giá",
        "tự chấm",
        "tự chấm điểm",
        "tự đánh giá, chấm điểm",
    ),
    SURVEY: ("khảo sát", "điều tra xã hội học", "điều tra xhh", "xhh"),
    "appraisal": ("thẩm định", "appraise"),
    "final": ("thẩm định xong", "thẩm định lần cuối"),
    "illustrative": ("minh họa", "illustration"),
    "published": ("công bố",),
}
_KNOWN = {fold(word).replace("_", "-"): stage for stage, words in _WORDS.items() for word in (stage, *words)}


@dataclass
class Handed:
    """What was read; `evidence` is None where there are problems, `units` are those that could be recognised."""

    label: str
    evidence: Evidence | None = None
    units: Sequence[str] = ()
    problems: list[Problem] = field(default_factory=list)


def known_stage(word: str) -> str | None:
    """The stage that a word means, in either language and however it is written."""
    return _KNOWN.get(fold(word).replace("_", "-"))


def stage_vi(word: str) -> str:
    """A stage as Vietnamese says it."""
    return stage_words(known_stage(word) or word, "vi")


def handed_in(methodology: Methodology, path: Path, step: Step, stage: str | None = None) -> Handed:
    """The evidence of a file at the stage of the step. `stage` names the stage of a table, as for a score."""
    found = Handed(path.name)
    try:
        content, data = _content(path)
    except ParError as error:
        found.problems += error.problems
        return found
    wanted, named = methodology.id, content.methodology if isinstance(content, Table) else _named(content)
    if named and named != wanted:  # alone: nothing in it would be understood
        what, vi = (
            f"the evidence is for {quote(named)}, not for {wanted}",
            f"số liệu này thuộc bộ tiêu chí {quote(named)}, không phải {wanted}",
        )
        hint, hint_vi = "hand it in where it belongs", "nộp vào đúng kỳ của bộ tiêu chí ấy"
        if named.startswith(f"{wanted}-"):  # what one agency reports, before it is put together
            hint, hint_vi = (
                "of an agency? par merge puts the parts together",
                "số liệu của cơ quan thì gộp bằng par merge rồi nộp",
            )
        at = "" if isinstance(content, Table) else "/methodology"
        found.problems.append(own_problem(path.name, at, "methodology", what, hint, "error", vi, hint_vi))
        return found
    found.problems += _stage_problems(path, content, STAGE[step], stage)
    found.units = _units(methodology, content)
    try:
        evidence = _validated(methodology, content, STAGE[step], path.name, data)
    except ParError as error:
        found.problems += error.problems
    else:
        found.units = evidence.units
        if step == "survey" and not found.problems:
            found.problems += _other_facts(methodology, evidence)
        found.evidence = None if found.problems else evidence
    return found


def at_stage(methodology: Methodology, path: Path, stage: str) -> Evidence:
    """The evidence of a file at a stage that an entry says it was taken at."""
    content, data = _content(path)
    return _validated(methodology, content, stage, path.name, data)


def _named(content: Any) -> str:
    id = content.get("methodology") if isinstance(content, Mapping) else None
    return id if isinstance(id, str) else ""


def _content(path: Path) -> tuple[Any, bytes]:
    reader = reader_of(path, plugins.readers(), None)
    data = read_bytes(path)
    return reader(data, path), data


def _validated(methodology: Methodology, content: Any, stage: str, label: str, data: bytes) -> Evidence:
    if isinstance(content, Table):
        return validate_table(methodology.scheme, content._replace(stage=stage), label, data)
    named = {**content, "stage": stage} if isinstance(content, Mapping) else content
    return validate(methodology.scheme, named, label, data)


def _stage_problems(path: Path, content: Any, wanted: str, stage: str | None) -> list[Problem]:
    label, table = path.name, isinstance(content, Table)
    if stage is not None and known_stage(stage) != wanted:
        return [_other_stage("--stage", "", stage, wanted, "leave --stage out", "bỏ --stage")]
    named = content.stage if table else content.get("stage") if isinstance(content, Mapping) else None
    if named is None or named == "" or (table and (stage is not None or named == _UNNAMED)):
        return []
    known = known_stage(named) if isinstance(named, str) else None
    if known == wanted:
        return []
    kind = path.suffix.lower()
    at = "/stage" if not table else content.place(0, "stage") if kind == ".xlsx" else ""
    if known == SURVEY:
        hint, hint_vi = "par round survey takes it", "nộp bằng lệnh par round survey"
    elif known in ("appraisal", "final") and wanted == SELF:
        hint, hint_vi = "points of an appraisal: par round appraise", "điểm thẩm định ghi bằng lệnh par round appraise"
    elif known == SELF:
        hint, hint_vi = "par round submit takes it", "nộp bằng lệnh par round submit"
    else:
        where, where_vi = {
            ".json": (f'write "stage": "{wanted}" in the file', f'ghi "stage": "{wanted}" trong tệp'),
            ".csv": (f"write the line # stage: {wanted}", f"ghi dòng # stage: {wanted}"),
        }.get(kind, ("change that cell", f"sửa ô ấy thành “{stage_words(wanted, 'vi')}”"))
        hint, hint_vi = f"if it is one, {where}", f"nếu đúng là số liệu {stage_words(wanted, 'vi')} thì {where_vi}"
    return [_other_stage(label, at, named, wanted, hint, hint_vi)]


def _other_stage(label: str, at: str, named: object, wanted: str, hint: str, hint_vi: str) -> Problem:
    said = f"{quote(named)} ({stage_vi(named)})" if isinstance(named, str) and known_stage(named) else quote(named)
    what = f"the stage is {quote(named)}; here goes {'a self-assessment' if wanted == SELF else 'what a survey found'}"
    what_vi = f"số liệu ghi giai đoạn {said}; ở bước này cần số liệu {stage_words(wanted, 'vi')}"
    return own_problem(label, at, "stage", what, hint, "error", what_vi, hint_vi)


def _units(methodology: Methodology, content: Any) -> list[str]:
    """The units that a file names, as far as they can be recognised."""
    if isinstance(content, Table):
        column = content.columns.get("unit")
        names = [] if column is None else list(column)
    else:
        entries = content.get("units") if isinstance(content, Mapping) else None
        names = [one.get("unit") for one in entries if isinstance(one, Mapping)] if isinstance(entries, list) else []
    index = methodology.scheme.unit_index
    found = (index.get(fold(name)) for name in names if isinstance(name, str))
    return list(dict.fromkeys(unit for unit in found if unit is not None))


def _other_facts(methodology: Methodology, evidence: Evidence) -> list[Problem]:
    """What a survey cannot say: facts that no ballots give, points, outcomes, documents."""
    facts, label = methodology.scheme.document.facts, evidence.label
    order = list(facts)
    out = []
    for row, unit in enumerate(evidence.units):
        others = [name for i, name in enumerate(order) if evidence.present[row, i] and facts[name].type != "ballots"]
        out += [problem("no-question", label, name=name, unit=unit) for name in others]
    if evidence.stated or evidence.declared or any(evidence.documents.values()):
        out.append(problem("no-question.other-facts", label))
    return out
