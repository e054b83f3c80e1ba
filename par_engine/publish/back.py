"""The last sheets of a workbook: how its figures came about, and all that is to be known of the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from par_engine.exact import short
from par_engine.explain import basis_words, outcome_words
from par_engine.nodes import Outcome
from par_engine.publish.sheet import Cell, Sheet
from par_engine.result import Assessment, UnitResult


def method(sheet: Sheet, assessment: Assessment) -> None:
    """Versions, fingerprints, bases, streams, sources, rulings."""
    document = assessment.scheme.document
    origin = " ".join(filter(None, (assessment.origin.distribution, assessment.origin.version)))
    sheet.row(("Phần mềm", "par-engine", version("par-engine")))
    sheet.row(("Gói", "", origin))
    sheet.row(("Dấu vân tay", "SHA-256", assessment.scheme.fingerprint))
    sheet.row(("Số liệu", assessment.evidence.label, f"SHA-256 {assessment.evidence.sha256}"))
    for basis, points in assessment.scheme.points_by_basis.items():
        sheet.row(("Điểm tối đa theo căn cứ", short(points).replace(".", ","), basis_words(basis, "vi")))
    for stream in document.streams:
        sheet.row(("Nguồn điểm", short(stream.max).replace(".", ","), stream.title.vi))
    for source in document.sources.values():
        sheet.row(("Văn bản, tài liệu", source.date or "", source.title.vi))
    for name, text in document.rulings.items():
        sheet.row(("Diễn giải", name, text.vi))


def journal(sheet: Sheet, assessment: Assessment) -> None:
    """Contradictions, gaps, stated figures and documents, unit by unit."""
    sheet.head(["Đơn vị", "Mục", "Việc", "Nội dung"], freeze=1)
    for problem in assessment.problems:
        sheet.row(("", "", "mâu thuẫn", problem.text("vi")), "cell", "warn")
    for unit in assessment.league():
        for cells in _notes(assessment, unit):
            sheet.row(cells)


def _notes(assessment: Assessment, unit: UnitResult) -> Iterator[Sequence[Cell]]:
    titles = {code: item.title.vi for code, item in assessment.scheme.items.items()}
    why = {(d.row, leaf): d.why for d in assessment.evidence.declared for leaf in assessment.scheme.under(d.code)}
    for outcome in (Outcome.MISSING, Outcome.PENDING, Outcome.NOT_APPLICABLE):
        for code in unit.leaves_with(outcome):
            said = why.get((unit.row, code), "")
            yield unit.name, code, outcome_words(outcome, "vi"), titles[code] + (f": {said}" if said else "")
    for stated in assessment.evidence.stated:
        if stated.row == unit.row:
            yield (
                unit.name,
                stated.key,
                "điểm ghi sẵn",
                "nguồn điểm" if stated.is_stream else titles.get(stated.key, ""),
            )
    for code, papers in assessment.evidence.documents.get(unit.id, {}).items():
        for paper in papers:
            keys = ("number", "date", "title", "page", "link")
            yield unit.name, code, "tài liệu", ", ".join(paper[key] for key in keys if paper.get(key))
