"""Planned numbers of respondents: what the scheme itself says, and what a province decided for its own round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationError

from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import (
    DocumentError,
    Own,
    Problem,
    fail,
    nearest,
    pointer,
    problem,
    quote,
)
from par_engine.base.terms import basis_words
from par_engine.base.types import Basis, Group, Id, Line, Node, Slug, Survey, Text, Whole
from par_engine.evidence.builder import no_unit
from par_engine.files.documents import parse_json, read_bytes
from par_engine.files.kinds import called
from par_engine.i18n.catalogue import LANGS, Lang, Term, entries
from par_engine.methodology.scheme import problems as model_problems
from par_engine.survey.lists import tables
from par_engine.survey.questions import letter, slug

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": ("don_vi", "tinh", "unit"),
    "survey": ("khao_sat", "cuoc_khao_sat", "survey"),
    "group": ("nhom", "nhom_doi_tuong", "doi_tuong", "group"),
    "planned": ("so_luong", "so_phieu", "so_phieu_ke_hoach", "so_phieu_du_kien", "ke_hoach", "planned"),
    "basis": ("can_cu", "muc_do_tin_cay", "basis"),
    "source": ("nguon", "van_ban", "source"),
}
"""What the columns of a table of planned numbers may be headed."""
MOST = 1_000_000_000
_SAID = ("planned", "basis", "source")
"""Without any of them a row says nothing yet."""
_NEEDED = ("group", "planned", "basis", "source")
_BASES: tuple[Basis, ...] = get_args(Basis)


class Entry(Node):
    """One planned number; without a unit it is that of each unit."""

    unit: Line | None = None
    survey: Id | None = None
    group: Line
    planned: Annotated[int, Field(ge=0, le=MOST)]
    basis: Basis
    source: Line


class PlanDocument(Whole):
    """A survey-plan-1 document."""

    methodology: Slug
    note: Line | None = None
    planned: Annotated[list[Entry], Field(min_length=1)]


@dataclass(frozen=True)
class Planned:
    """A number, how it is known, and from what."""

    number: int
    basis: Basis
    source: Mapping[Lang, str]

    def said(self, lang: Lang) -> str:
        """The number, with its basis where it is not official."""
        return str(self.number) if self.basis == "official" else f"{self.number} ({basis_words(self.basis, lang)})"

    @property
    def words(self) -> Text:
        """What `said` says, in both languages."""
        return Text(vi=self.said("vi"), en=self.said("en"))

    def as_dict(self) -> dict[str, Any]:
        """The number as a JSON object."""
        return {"number": self.number, "basis": self.basis, "source": self.source["vi"]}


@dataclass(frozen=True)
class Plans:
    """Planned numbers by unit, survey and group: a unit's own before those of each unit, then the scheme's."""

    methodology: Methodology
    given: Mapping[tuple[str | None, str, str], Planned]

    def of(self, survey: str, group: str, unit: str | None = None) -> Planned | None:
        """The planned number of a group, if anybody says one."""
        given = self.given.get((unit, survey, group)) or self.given.get((None, survey, group))
        return given or self._own(survey, group)

    def units(self) -> list[str]:
        """The units that have numbers of their own."""
        return sorted({unit for unit, _, _ in self.given if unit is not None})

    def silent(self, unit: str) -> bool:
        """Whether numbers were given, and none of them is of this unit."""
        return bool(self.given) and not any(of in (None, unit) for of, _, _ in self.given)

    def whole(self, unit: str) -> int:
        """The sum of a unit's own numbers."""
        return sum(planned.number for (of, _, _), planned in self.given.items() if of == unit)

    def _own(self, survey: str, group: str) -> Planned | None:
        document = self.methodology.document
        design = document.surveys[survey]
        here = next(g for g in design.groups if g.id == group)
        if here.planned is None:
            return None
        names = design.sources if here.planned_basis is None else here.planned_sources
        titles = [document.sources[name].title for name in names]
        source: dict[Lang, str] = {"vi": "; ".join(t.vi for t in titles), "en": "; ".join(t.en for t in titles)}
        return Planned(here.planned, here.planned_basis or design.basis, source)


def read_plans(methodology: Methodology, path: Path | None) -> Plans:
    """The numbers of a methodology, and those of a file: survey-plan-1 (JSON), or a table (XLSX, CSV)."""
    if path is None:
        return Plans(methodology, {})
    kind, label, data = path.suffix.lower(), path.name or str(path), read_bytes(path)
    if kind == ".json":
        entries, places = _document(methodology, parse_json(data, label), label)
        problems: list[Problem] = []
    elif kind in (".xlsx", ".csv"):
        entries, places, problems = _table(data, kind, label)
    else:
        fail("plan-kind", label, kind=called(kind))
    given = _checked(methodology, entries, places, label, problems)
    if problems:
        raise DocumentError(problems)
    return Plans(methodology, given)


_Places = Sequence[Mapping[str, str]]


def document_of(content: Any, label: str) -> PlanDocument:
    """A survey-plan-1 document, typed. Raises DocumentError with every fault at its pointer."""
    if not isinstance(content, dict):
        fail("form.plan", label)
    try:
        return PlanDocument.model_validate({k: v for k, v in content.items() if k != "$schema"})
    except ValidationError as error:
        found = model_problems(error, label)
    said = entries("survey.plan_faults", "vi")
    raise DocumentError(
        replace(p, texts=Own(p.what, p.hint, said.get(p.code, said["other"]), said["hint"])) for p in found
    )


def _document(methodology: Methodology, content: Any, label: str) -> tuple[list[Entry], _Places]:
    document = document_of(content, label)
    if document.methodology != methodology.id:
        fail("methodology", label, "/methodology", methodology=quote(document.methodology), id=methodology.id)
    return document.planned, [
        {key: pointer("planned", i, key) for key in COLUMNS} for i in range(len(document.planned))
    ]


def _table(data: bytes, kind: str, label: str) -> tuple[list[Entry], _Places, list[Problem]]:
    entries: list[Entry] = []
    places: list[Mapping[str, str]] = []
    problems: list[Problem] = []
    headed = False
    for sheet, body, faults in tables(data, kind, label):
        for r, row in enumerate(body):
            heads = [slug(cell) for cell in row]
            columns = {n: next((heads.index(w) for w in ws if w in heads), -1) for n, ws in COLUMNS.items()}
            if all(columns[name] >= 0 for name in _NEEDED):
                headed = True
                problems += [p for (n, j), p in faults.items() if n > r and j in columns.values()]
                for n, cells in enumerate(body[r + 1 :], r + 2):
                    texts = {k: cells[j].strip() if 0 <= j < len(cells) else "" for k, j in columns.items()}
                    at = {k: f"{sheet}!{letter(j)}{n}" if sheet else f"{letter(j)}{n}" for k, j in columns.items()}
                    if any(texts[k] for k in _SAID):
                        entries.append(_entry(texts, at, label, problems))
                        places.append(at)
                break
    if not entries and not problems and headed:
        fail("no-numbers", label)
    if not entries and not problems:
        fail("no-column.plan", label)
    return entries, places, problems


def _entry(texts: Mapping[str, str], at: Mapping[str, str], label: str, problems: list[Problem]) -> Entry:
    """A row as an entry; what is wrong with it is noted, and stands for something else in it."""

    number = texts["planned"]
    whole = number.isascii() and number.isdigit() and len(number) < 11 and int(number) <= MOST
    if not whole:
        problems.append(problem("plan.number", label, at["planned"]))
    shown = entries("survey.bases", "vi")
    bases = {w: b for b in _BASES for w in (b, shown[b], *(fold(basis_words(b, lang)) for lang in LANGS))}
    basis = bases.get(fold(texts["basis"]))
    if basis is None:
        known = [Term("survey.bases", basis) for basis in _BASES]
        problems.append(problem("plan.basis", label, at["basis"], known=known))
    empty = [key for key in ("group", "source") if not texts[key]]
    problems += [problem("plan.empty", label, at[key], column=Term("survey.roles", key)) for key in empty]
    unit, survey = texts["unit"] or None, texts["survey"] or None
    return Entry.model_construct(
        unit=unit,
        survey=survey,
        group=texts["group"],
        planned=int(number) if whole else 0,
        basis=basis,
        source=texts["source"],
    )


def _checked(
    methodology: Methodology, entries: Sequence[Entry], places: _Places, label: str, problems: list[Problem]
) -> dict[tuple[str | None, str, str], Planned]:
    surveys = methodology.document.surveys
    out: dict[tuple[str | None, str, str], Planned] = {}
    for entry, at in zip(entries, places, strict=True):
        unit = _unit(methodology, entry.unit)
        if entry.unit is not None and unit is None:
            problems.append(no_unit(methodology.scheme, entry.unit, label, at["unit"]))
        survey = entry.survey or (next(iter(surveys)) if len(surveys) == 1 else "")
        titled = {slug(title): id for id, s in surveys.items() for title in (s.title.vi, s.title.en)}
        survey = survey if survey in surveys else titled.get(slug(survey), survey)
        if survey not in surveys:
            problems.append(_unknown("unknown-survey", label, at["survey"], survey, surveys.values()))
            continue
        group = group_words(surveys[survey].groups).get(slug(entry.group))
        if group is None and not entry.group:
            continue
        if group is None:
            problems.append(_unknown("unknown-group.plan", label, at["group"], entry.group, surveys[survey].groups))
            continue
        key = (unit, survey, group)
        if key in out:
            problems.append(problem("twice", label, at["group"]))
        out[key] = Planned(entry.planned, entry.basis, {"vi": entry.source, "en": entry.source})
    return out


def _unknown(entry: str, label: str, at: str, name: str, known: Iterable[Survey | Group]) -> Problem:
    """A name that none of the known ones has, with the nearest in either language."""
    titles = [one.title for one in known]
    quoted = {quote(title.get(lang)): title for lang in LANGS for title in titles}
    found = dict.fromkeys(quoted[word] for word in nearest(name, [t.get(lang) for lang in LANGS for t in titles]))
    near = [Text(vi=quote(title.vi), en=quote(title.en)) for title in found]
    first = Text(vi="; ".join(t.vi for t in titles[:10]), en="; ".join(t.en for t in titles[:10]))
    return problem(entry, label, at, name=quote(name), known=first, near=near)


def _unit(methodology: Methodology, name: str | None) -> str | None:
    if name is None:
        return None
    found = methodology.scheme.unit_index.get(fold(name))
    if found is None and methodology.document.settings.units == "open":
        return " ".join(name.split())
    return found


def named(group: Group) -> Text:
    """A group as messages name it: by its title, in English by its id."""
    return Text(vi=group.title.vi, en=group.id)


def group_words(groups: Sequence[Group]) -> dict[str, str]:
    """What a cell may say for a group, as a slug, to the group's id."""
    return {slug(text): g.id for g in groups for text in (g.id, g.title.vi, g.title.en)}


def one_unit(plans: Plans, methodology: Methodology, name: str | None) -> str | None:
    """The unit whose list it is: the one named, or the only one that has numbers of its own."""
    if name is not None:
        unit = _unit(methodology, name)
        if unit is None:
            raise DocumentError([no_unit(methodology.scheme, name)])
        return unit
    own = plans.units()
    if len(own) > 1:
        fail("unit", "--unit")
    return own[0] if own else None
