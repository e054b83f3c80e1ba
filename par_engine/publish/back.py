"""The last sheets of a workbook: what differs between stages, how figures came about, what is known of the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.metadata import version

from par_engine.exact import short
from par_engine.explain import basis_words, outcome_words
from par_engine.model import TOTAL
from par_engine.nodes import Outcome
from par_engine.publish.sheet import Cell, Sheet, at
from par_engine.publish.words import Words, stage_words
from par_engine.result import Assessment, UnitResult


def by_stage(sheet: Sheet, stages: Sequence[Assessment], words: Words, look: str) -> None:
    """The total and every item that differs, unit by unit: a column a stage, and the last less the first."""
    last = stages[-1]
    names = (stage_words(one.evidence.stage, words.lang) for one in stages)
    heads = [words("unit"), words("code"), words("item"), *(f"{name[:1].upper()}{name[1:]}" for name in names)]
    units = [{unit.id: unit for unit in one.units} for one in stages]
    rows = []
    for unit in last.league():
        for code in (TOTAL, *last.scheme.items):
            points = [there[unit.id].item(code).points if unit.id in there else None for there in units]
            if code == TOTAL or len({x for x in points if x is not None}) > 1:
                rows.append((unit.name, code, points))
    sheet.head([*heads, words("difference")], filter_=True, freeze=3, rows=len(rows))
    for name, code, points in rows:
        traits = ("cell", "bold") if code == TOTAL else ("cell",)
        title = last.scheme.node(code).title.get(words.lang)
        row = sheet.row((name, "" if code == TOTAL else code, title), *traits)
        for j, x in enumerate(points, 3):
            sheet.put(row, j, x, *traits, look)
        known = [(j, x) for j, x in enumerate(points, 3) if x is not None]
        _difference(sheet, row, 3 + len(points), known, (*traits, look))


def _difference(
    sheet: Sheet, row: int, column: int, known: Sequence[tuple[int, Decimal]], traits: Sequence[str]
) -> None:
    if len(known) < 2:
        sheet.put(row, column, None, *traits)
        return
    (first, a), (last, b) = known[0], known[-1]
    sheet.formula(row, column, f"={at(row, last)}-{at(row, first)}", b - a, *traits)


def method(sheet: Sheet, stages: Sequence[Assessment], words: Words) -> None:
    """Versions, fingerprints, bases, streams, sources, rulings."""
    assessment, lang = stages[-1], words.lang
    document = assessment.scheme.document

    def number(text: str) -> str:
        return text.replace(".", ",") if lang == "vi" else text

    origin = " ".join(filter(None, (assessment.origin.distribution, assessment.origin.version)))
    sheet.row((words("software"), "par-engine", version("par-engine")))
    sheet.row((words("package"), "", origin))
    sheet.row((words("fingerprint"), "SHA-256", assessment.scheme.fingerprint))
    for one in stages:
        stage = stage_words(one.evidence.stage, lang)
        sheet.row((f"{words('evidence')}: {stage}", one.evidence.label, f"SHA-256 {one.evidence.sha256}"))
    for basis, points in assessment.scheme.points_by_basis.items():
        sheet.row((words("max by basis"), number(short(points)), basis_words(basis, lang)))
    for stream in document.streams:
        sheet.row((words("stream"), number(short(stream.max)), stream.title.get(lang)))
    for source in document.sources.values():
        sheet.row((words("source"), source.date or "", source.title.get(lang)))
    for name, text in document.rulings.items():
        sheet.row((words("ruling"), name, text.get(lang)))


def journal(sheet: Sheet, assessment: Assessment, words: Words) -> None:
    """Contradictions, gaps, stated figures and documents, unit by unit."""
    sheet.head([words(key) for key in ("unit", "item", "matter", "content")], freeze=1)
    for problem in assessment.problems:
        sheet.row(("", "", words("contradiction"), problem.text(words.lang)), "cell", "warn")
    for unit in assessment.league():
        for cells in _notes(assessment, unit, words):
            sheet.row(cells)


def _notes(assessment: Assessment, unit: UnitResult, words: Words) -> Iterator[Sequence[Cell]]:
    lang = words.lang
    titles = {code: item.title.get(lang) for code, item in assessment.scheme.items.items()}
    why = {(d.row, leaf): d.why for d in assessment.evidence.declared for leaf in assessment.scheme.under(d.code)}
    for outcome in (Outcome.MISSING, Outcome.PENDING, Outcome.NOT_APPLICABLE):
        for code in unit.leaves_with(outcome):
            said = why.get((unit.row, code), "")
            yield unit.name, code, outcome_words(outcome, lang), titles[code] + (f": {said}" if said else "")
    for stated in assessment.evidence.stated:
        if stated.row == unit.row:
            about = words("a stream") if stated.is_stream else titles.get(stated.key, "")
            yield unit.name, stated.key, words("stated"), about
    for code, papers in assessment.evidence.documents.get(unit.id, {}).items():
        for paper in papers:
            keys = ("number", "date", "title", "page", "link")
            yield unit.name, code, words("document"), ", ".join(paper[key] for key in keys if paper.get(key))
