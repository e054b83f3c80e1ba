"""The last sheets of a workbook: what differs between stages, how figures came about, what is known of the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version

from par_engine.base.decimals import short
from par_engine.base.terms import basis_words, day_words, outcome_words, paper_words, stage_words, word
from par_engine.base.types import Outcome
from par_engine.methodology.model import TOTAL
from par_engine.publish.past import Previous
from par_engine.publish.sheet import Cell, Sheet, at
from par_engine.publish.words import Words, marked
from par_engine.results.assessment import Assessment, Figure, UnitResult


def by_stage(sheet: Sheet, stages: Sequence[Assessment], words: Words, look: str, waiting: Collection[str]) -> None:
    """The total and every item that differs, unit by unit: a column a stage, and the last less the first."""
    last = stages[-1]
    names = (stage_words(one.evidence.stage, words.lang) for one in stages)
    heads = [words("unit"), words("code"), words("item"), *(f"{name[:1].upper()}{name[1:]}" for name in names)]
    units = [{unit.id: unit for unit in one.units} for one in stages]
    rows = []
    for unit in last.league():
        reached = [there.get(unit.id) for there in units]
        if unit.id in waiting:  # what stands for it is of an earlier stage
            reached[-1] = None
        for code in (TOTAL, *last.scheme.items):
            figures = [None if one is None else one.item(code) for one in reached]
            if code == TOTAL or len({f.points for f in figures if f is not None and f.points is not None}) > 1:
                rows.append((marked(unit.name, unit.id in waiting), code, figures))
    sheet.head([*heads, words("difference")], filter_=True, freeze=3, rows=len(rows))
    for name, code, figures in rows:
        traits = ("cell", "bold") if code == TOTAL else ("cell",)
        title = last.scheme.node(code).title.get(words.lang)
        row = sheet.row((name, "" if code == TOTAL else code, title), *traits)
        for j, figure in enumerate(figures, 3):
            sheet.put(row, j, None if figure is None else figure.points, *traits, look)
        known = [(j, f) for j, f in enumerate(figures, 3) if f is not None and f.points is not None]
        _difference(sheet, row, 3 + len(figures), known, (*traits, look), words)


def _difference(
    sheet: Sheet, row: int, column: int, known: Sequence[tuple[int, Figure]], traits: Sequence[str], words: Words
) -> None:
    """The last points less the first, or ≠ where the two are not out of the same maximum."""
    if len(known) < 2:
        sheet.put(row, column, None, *traits)
        return
    (first, a), (last, b) = known[0], known[-1]
    if a.points is None or b.points is None or a.attainable is None or a.attainable != b.attainable:
        tops = (words.number("—" if f.attainable is None else short(Fraction(f.attainable))) for f in (a, b))
        sheet.text(row, column, "≠ {} → {}".format(*tops), *traits, "warn")
    else:
        sheet.formula(row, column, f"={at(row, last)}-{at(row, first)}", b.points - a.points, *traits)


def by_year(sheet: Sheet, last: Assessment, previous: Previous, words: Words, look: str) -> None:
    """Shares of the maximum in every year, and between two years the change, or why they do not compare."""
    stages = [(each["id"], each["stage"]) for each in previous["periods"]]
    stages.append((last.scheme.document.id, last.evidence.stage))
    names = [f"{id}, {stage_words(stage, words.lang)}" for id, stage in stages]
    heads = [words("unit"), words("code"), words("item"), names[0]]
    for name in names[1:]:
        heads += [words("moved"), name]
    titles = {f"stream:{stream.id}": stream.title for stream in last.scheme.document.streams}
    told = previous["history"]
    rows = [(unit, code, one) for unit in last.league() for code, one in told.get(unit.id, {}).items()]
    sheet.head(heads, filter_=True, freeze=3, rows=len(rows))
    for unit, code, one in rows:
        traits = ("cell", "bold") if code == TOTAL else ("cell",)
        title = (titles.get(code) or last.scheme.node(code).title).get(words.lang)
        whys = ["; ".join(why[words.lang] for why in edge) for edge in one["breaks"]]
        cells: list[Cell] = [unit.name, "" if code == TOTAL else code, title, None]
        for why in whys:
            cells += [f"≠ {why}" if why else None, None]
        row = sheet.row(cells, *traits)
        shares = [None if share is None else Decimal(share) for share in one["shares"]]
        for k, share in enumerate(shares):
            sheet.put(row, 3 + 2 * k, share, *traits, look)
        for k, why in enumerate(whys):
            if not why and (a := shares[k]) is not None and (b := shares[k + 1]) is not None:
                column = 4 + 2 * k
                sheet.formula(row, column, f"={at(row, column + 1)}-{at(row, column - 1)}", b - a, *traits, look)


def method(sheet: Sheet, stages: Sequence[Assessment], words: Words) -> None:
    """Versions, fingerprints, bases, streams, sources, rulings."""
    assessment, lang = stages[-1], words.lang
    document = assessment.scheme.document

    origin = " ".join(filter(None, (assessment.origin.distribution, assessment.origin.version)))
    sheet.row((words("software"), "par-engine", version("par-engine")))
    sheet.row((words("package"), "", origin))
    sheet.row((words("fingerprint"), "SHA-256", assessment.scheme.fingerprint))
    for one in stages:
        stage = stage_words(one.evidence.stage, lang)
        sheet.row((f"{words('evidence')}: {stage}", one.evidence.label, f"SHA-256 {one.evidence.sha256}"))
    for basis, points in assessment.scheme.points_by_basis.items():
        sheet.row((words("max by basis"), words.number(short(points)), basis_words(basis, lang)))
    for stream in document.streams:
        sheet.row((words("stream"), words.number(short(stream.max)), stream.title.get(lang)))
    for source in document.sources.values():
        sheet.row((words("source"), day_words(source.date or "", lang), source.title.get(lang)))
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
    streams = {stream.id: stream.title.get(lang) for stream in assessment.scheme.document.streams}
    why = {(d.row, leaf): d.why for d in assessment.evidence.declared for leaf in assessment.scheme.under(d.code)}
    for outcome in (Outcome.MISSING, Outcome.PENDING, Outcome.NOT_APPLICABLE):
        for code in unit.leaves_with(outcome):
            said = why.get((unit.row, code), "")
            yield unit.name, code, outcome_words(outcome, lang), titles[code] + (f": {said}" if said else "")
    for stated in assessment.evidence.stated:
        if stated.row == unit.row:
            code, about = stated.key, titles.get(stated.key, "")
            if stated.is_stream:
                code, about = "", f"{words('stream')}: {streams[stated.key.removeprefix('stream:')]}"
            elif code == TOTAL:
                code, about = "", word("the total", lang)
            yield unit.name, code, words("stated"), about
    for code, text in assessment.evidence.explanations.get(unit.id, {}).items():
        yield unit.name, code, word("explained", lang).lower(), text
    for code, papers in assessment.evidence.documents.get(unit.id, {}).items():
        for paper in papers:
            yield unit.name, code, words("document"), paper_words(paper, lang)
