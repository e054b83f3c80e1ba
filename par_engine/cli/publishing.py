"""`par page`, `par report`, `par book`: an assessment as a page, a report and a workbook."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from par_engine.api import Methodology, load
from par_engine.cli import incoming
from par_engine.cli.output import comma, say
from par_engine.cli.progress import Doing, busy
from par_engine.cli.scoring import contradictions
from par_engine.documents import fail, read_bytes, written_whole
from par_engine.exact import short
from par_engine.nodes import Lang
from par_engine.result import Assessment


def page_command(
    evidence: list[Path], id: str, output: Path, previous: Path | None, *, stage: str | None, lang: Lang
) -> int:
    """Write the page; 1 when the evidence contradicts itself, with the page still written."""
    from par_engine.publish.page import page

    methodology = load(id)
    with busy(lang) as doing:
        earlier, assessment = stages(methodology, evidence, stage, doing)
        doing("writing")
        compared = None if previous is None else _compared(previous, assessment, methodology)
        data = page(assessment, earlier, compared, lang)
    write(output, data)
    _say_basis(methodology, lang)
    return contradictions(assessment, lang)


def report_command(
    evidence: Path,
    id: str,
    output: Path,
    unit: str | None,
    custom: Path | None,
    details: Path | None,
    blank: Path | None,
    *,
    stage: str | None,
    lang: Lang,
) -> int:
    """Write the self-assessment report of one unit; 1 when the evidence contradicts itself."""
    if output.suffix.lower() != ".docx":
        fail(output.name, "kind", "a report is a .docx file", "name it .docx", "báo cáo là tệp .docx", "đặt tên .docx")
    _extra(output.name, "docx", "docxtpl")
    from par_engine.publish.details import Details, read_details
    from par_engine.publish.report import report
    from par_engine.publish.selfscore import SelfScore
    from par_engine.publish.template import template

    methodology = load(id)
    assessment = incoming.assess(methodology, evidence, stage, lang)
    score = SelfScore(assessment, _one(assessment, unit))
    said = Details() if details is None else read_details(details, list(methodology.scheme.items))
    other = None if custom is None else read_bytes(custom)
    with busy(lang) as doing:
        doing("writing")
        data = report(score, said, other, "" if custom is None else custom.name)
    write(output, data)
    if blank is not None:
        write(blank, template())
    _say_basis(methodology, lang)
    return contradictions(assessment, lang, score.unit.id)


def book_command(evidence: Path, id: str, output: Path, *, stage: str | None, lang: Lang) -> int:
    """Write the workbook; 1 when the evidence contradicts itself, with the workbook still written."""
    if output.suffix.lower() != ".xlsx":
        fail(
            output.name,
            "kind",
            "a workbook is an .xlsx file",
            "name it .xlsx",
            "bảng điểm là tệp .xlsx",
            "đặt tên .xlsx",
        )
    _extra(output.name, "xlsxwriter")
    from par_engine.publish.book import book

    methodology = load(id)
    with busy(lang) as doing:
        assessment = incoming.assessed(methodology, evidence, stage, doing)
        doing("writing")
        data = book(assessment)
    write(output, data)
    _say_basis(methodology, lang)
    return contradictions(assessment, lang)


def _one(assessment: Assessment, unit: str | None) -> str:
    """The unit that was named, or the only one there is."""
    units = assessment.units
    if unit is None and len(units) == 1:
        return units[0].id
    if unit is None:
        names = ", ".join(u.id for u in units[:8]) + (" …" if len(units) > 8 else "")
        what, what_vi = f"the evidence has {len(units)} units", f"số liệu có {len(units)} đơn vị"
        fail("--unit", "unit", what, f"name one: {names}", what_vi, f"chọn một đơn vị: {names}")
    return unit


def _extra(label: str, *modules: str) -> None:
    try:
        for module in modules:
            importlib.import_module(module)
    except ImportError:
        hint = 'pip install "par-engine[report]"'
        fail(label, "extra", "reports and workbooks need the extra `report`", hint, "cần cài thêm phần report", hint)


def stages(
    methodology: Methodology, evidence: list[Path], stage: str | None, doing: Doing
) -> tuple[Assessment | None, Assessment]:
    """The earlier stage, when two are given, and the one that counts: the last."""
    if len(evidence) > 2:
        hint, hint_vi = "give the earlier stage, then the later one", "ghi giai đoạn trước, rồi giai đoạn sau"
        what, what_vi = f"{len(evidence)} evidence files are too many", f"{len(evidence)} tệp số liệu là quá nhiều"
        fail("EVIDENCE", "stages", what, hint, what_vi, hint_vi)
    # --stage names the stage of the last table; an earlier one names its own by a line `# stage:`
    found = [
        incoming.assessed(methodology, path, stage if i == len(evidence) - 1 else None, doing)
        for i, path in enumerate(evidence)
    ]
    if len(found) == 2 and found[0].evidence.stage == found[1].evidence.stage:
        hint, hint_vi = "a table names it by a line # stage: NAME", "bảng ghi giai đoạn bằng dòng # stage: TÊN"
        what, what_vi = "both files are of the same stage", "hai tệp cùng một giai đoạn"
        fail(evidence[0].name, "stages", what, hint, what_vi, hint_vi)
    return (found[0], found[1]) if len(found) == 2 else (None, found[0])


def _compared(path: Path, assessment: Assessment, methodology: Methodology) -> Mapping[str, Any]:
    """An older report against this one: where both methodologies are known, breaks are said."""
    from par_engine.authoring.compare import compare, read_report
    from par_engine.cli.comparing import as_reported

    old = read_report(path)
    before = as_reported(old["methodology"])
    documents = None if before is None else (before.document, methodology.document)
    found = compare(old, assessment.report(), documents)
    return {"from": old["methodology"], "moves": [move.as_dict() for move in found.moves]}


def write(output: Path, data: bytes) -> None:
    """Write a whole file and say so."""
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    size = f"{-(-len(data) // 1024)} KB"
    say(f"{output}: {size}")


def _say_basis(methodology: Methodology, lang: Lang) -> None:
    shown, of = (comma(short(x), lang) for x in (methodology.basis()["reconstructed"], methodology.document.total.max))
    if lang == "vi":
        say(f"{methodology.id}: {shown} trên {of} điểm dựa vào số dựng lại, không chính thức.")
    else:
        say(f"{methodology.id}: {shown} of {of} points rest on reconstructed numbers, not official ones.")
