"""`par report`: the self-assessment reports of one unit or several, as DOCX, PDF or both."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from par_engine.base.problems import EvidenceError, Problem, fail, problem, quote
from par_engine.cli.options import Id, Input, Lang, Output, Stage, Units
from par_engine.cli.output import complain, say
from par_engine.cli.progress import busy
from par_engine.cli.publishing import extra, said, say_basis
from par_engine.cli.score import contradictions
from par_engine.cli.stages import read_stages
from par_engine.files.atomic import write_all, write_into
from par_engine.files.documents import read_bytes
from par_engine.i18n.catalogue import text
from par_engine.results.assessment import Assessment

if TYPE_CHECKING:
    from par_engine.publish.selfscore import SelfScore

_UNFIT = re.compile(r"[^\w.-]+")


def report_command(
    evidence: Annotated[Path, typer.Argument(metavar="EVIDENCE|ROUND")],
    methodology: Id,
    output: Output,
    names: Units = None,
    pdf: Annotated[bool, typer.Option("--pdf")] = False,
    template: Annotated[Path | None, typer.Option("--template", metavar="DOCX")] = None,
    details: Annotated[Path | None, typer.Option("--details", metavar="JSON|XLSX")] = None,
    save_template: Annotated[Path | None, typer.Option("--save-template", metavar="DOCX")] = None,
    save_details_form: Annotated[Path | None, typer.Option("--save-details-form", metavar="XLSX")] = None,
    stage: Stage = None,
    input_format: Input = None,
    lang: Lang = "vi",
) -> int:
    """Write one report to a file, or one a unit into a folder, all or none; 1 when evidence contradicts itself."""
    kind = output.suffix.lower()
    folder = output.is_dir() or not kind
    if not folder and kind not in (".docx", ".pdf"):
        fail("kind", output.name)
    extra(output.name, "report", "docx", "docxtpl")
    from par_engine.publish.detailed import form
    from par_engine.publish.details import Details, read_details
    from par_engine.publish.office import mixed_faces, pdfs
    from par_engine.publish.report import report
    from par_engine.publish.template import template as blank

    with busy(lang) as doing:
        given = read_stages(methodology, [evidence], stage, doing, input_format)
    assessment = given.first  # a self-assessment: what an appraisal gave is not in it
    units = _units(assessment, names or [], folder=folder)
    codes = list(given.methodology.scheme.items)
    read = read_details(details, codes, units) if details is not None else None
    custom = None if template is None else read_bytes(template)
    label = "" if template is None else template.name
    scores = _scores(assessment, units)
    documents = {
        unit: report(scores[unit], read.of(unit) if read is not None else Details(), custom, label) for unit in units
    }
    where = _places(output, units, assessment) if folder else {units[0]: output.with_suffix("")}
    out: dict[Path, bytes] = {}
    if kind != ".pdf":
        out |= {Path(f"{where[unit]}.docx"): data for unit, data in documents.items()}
    faces: list[str] = []
    if kind == ".pdf" or pdf:
        made = pdfs(documents, output.name)
        out |= {Path(f"{where[unit]}.pdf"): data for unit, data in made.items()}
        faces = next(filter(None, (mixed_faces(made[unit], documents[unit]) for unit in made)), [])
    if not folder:  # the name as it was given, whatever its capitals
        out = {(output if path.suffix == kind else path): data for path, data in out.items()}
    if save_template is not None:
        out[save_template] = blank()
    if save_details_form is not None:
        if save_details_form.suffix.lower() != ".xlsx":
            fail("kind.details", save_details_form.name)
        gaps = {gap.code: (gap.code, gap.title, gap.what) for score in scores.values() for gap in score.gaps()}
        out[save_details_form] = form([gaps[code] for code in codes if code in gaps])
    _write(out, output if folder else None)
    say_basis(given.methodology, lang)
    _say_stage(assessment, lang)
    if faces:
        complain([_faces(output.name, faces)], lang)
    if said_here := text("cli.report", "language", lang):
        say(said_here)
    return max(contradictions(assessment, lang, assessment.unit(unit).id) for unit in units)


def _scores(assessment: Assessment, units: list[str]) -> dict[str, SelfScore]:
    """The self-score of each unit, or the problems of all of them."""
    from par_engine.publish.selfscore import SelfScore

    scores: dict[str, SelfScore] = {}
    problems: list[Problem] = []
    for unit in units:
        try:
            scores[unit] = SelfScore(assessment, unit)
        except EvidenceError as error:
            problems += error.problems
    if problems:
        raise EvidenceError(problems)
    return scores


def _faces(label: str, faces: list[str]) -> Problem:
    """Warn that a PDF mixes faces, as the machine has none of the wanted one with all Vietnamese letters."""
    names = ", ".join(faces)
    return problem("fonts", label, "", "warning", names=names)


def _say_stage(assessment: Assessment, lang: Lang) -> None:
    """Warn that the evidence is of another stage than the one that a report is about."""
    from par_engine.base.terms import stage_words
    from par_engine.publish.selfscore import SELF, UNNAMED

    evidence = assessment.evidence
    if evidence.stage in SELF:
        return
    if evidence.stage == UNNAMED:
        complain([problem("stage.unnamed", evidence.label, "", "warning")], lang)
        return
    stage = quote(stage_words(evidence.stage, lang))
    complain([problem("stage.not-self", evidence.label, "", "warning", stage=stage)], lang)


def _units(assessment: Assessment, names: list[str], *, folder: bool) -> list[str]:
    """The ids of the units that were named, or of all for a folder, or the only one there is."""
    units = assessment.units
    wanted = list(dict.fromkeys(assessment.unit(name).id for name in names)) or [u.id for u in units]
    if not folder and len(wanted) != 1:
        shown = ", ".join(wanted[:8]) + (" …" if len(wanted) > 8 else "")
        fail("unit.one-file", "--unit", count=len(wanted), shown=shown)
    return wanted


def _places(folder: Path, units: list[str], assessment: Assessment) -> dict[str, Path]:
    """A place in the folder for each unit; ids from outside become names that are safe on every system."""
    names = {unit: _UNFIT.sub("-", unit).strip(".-")[:80] or "don-vi" for unit in units}
    counts = Counter(name.lower() for name in names.values())
    rows = {unit.id: unit.row for unit in assessment.units}
    alike = {unit for unit, name in names.items() if counts[name.lower()] > 1}
    return {u: folder / f"bao-cao-{name}{f'-{rows[u] + 1}' if u in alike else ''}" for u, name in names.items()}


def _write(files: dict[Path, bytes], folder: Path | None) -> None:
    """Write all files, or none, and say so."""
    if folder is None:
        write_all(files)
    else:
        write_into(folder, files)
    for path, data in files.items():
        said(path, data)
