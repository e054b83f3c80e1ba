"""The self-assessment report: the figures of one unit in a template that holds text and nothing that runs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from par_engine.base.decimals import short
from par_engine.base.extras import need
from par_engine.base.problems import DocumentError, Problem, quote
from par_engine.base.terms import stage_words
from par_engine.files.letterhead import FILL, Letterhead, listed
from par_engine.files.ooxml import EPOCH, stable
from par_engine.methodology.citing import cited, committee_of, full_name_of, index_name
from par_engine.publish.details import Details
from par_engine.publish.marks import MOST, Marks
from par_engine.publish.screen import ELEMENTS, filled_parts, other_texts, problem, screen
from par_engine.publish.selfscore import SELF, UNNAMED, WITHIN, SelfScore
from par_engine.publish.template import template
from par_engine.publish.texts import safe, safe_all
from par_engine.publish.wanted import paragraphs

if TYPE_CHECKING:
    from jinja2 import TemplateError

_ROUNDED = " Tổng cộng từ điểm chưa làm tròn, có thể lệch chút ít so với tổng của các số đã in."
_WITHIN = f" {WITHIN}: điểm nằm trong số ghi sẵn của cả phần, không tách ra được."
_FIGURES = frozenset(("points", "summary"))  # one of them a report must carry


def report(score: SelfScore, details: Details, custom: bytes | None = None, label: str = "") -> bytes:
    """The report as DOCX, the same bytes on every run; `custom` is another template, named `label` in problems."""
    need("docx", "report", ("docx", "docxtpl"))
    fields = safe_all(context(score, details))
    if custom is None:
        own = template()
        return _whole(_filled(own, fields), read_marks(own, "", fields), "")
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from jinja2 import TemplateError
    from lxml.etree import LxmlError

    screen(custom, label)
    marks = read_marks(custom, label, fields)
    try:
        data = _filled(custom, fields)
    except TemplateError as error:
        raise DocumentError([_mark(label, error)]) from error
    except (PythonDocxError, OpcError, LxmlError, SyntaxError, zlib.error, zipfile.BadZipFile) as error:
        raise DocumentError([_unfit(label, error)]) from error
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError, OSError) as error:
        raise DocumentError([_unfit(label, error)]) from error  # docxtpl and python-docx on XML that is no document
    screen(data, label, ELEMENTS + MOST)  # marks can put together what no part of the template holds alone
    return _whole(data, marks, label)


def read_marks(data: bytes, label: str, fields: Mapping[str, Any]) -> dict[str, Marks]:
    """The marks of a template, by part. Raises DocumentError with all that is wrong with them."""
    parts = [(name, root) for name, root in filled_parts(data).items() if root is not None]
    marks = {name: Marks(root, label, name, fields) for name, root in parts}
    problems = [one for found in marks.values() for one in found.problems]
    for name, text in other_texts(data).items():
        if re.search("[{][{%#]", text):
            hint, hint_vi = "type it in the text of the document", "gõ dấu ấy trong phần chữ của văn bản"
            what, what_vi = "marks in this part are not filled in", "dấu trong phần này không được điền"
            problems.append(problem(label, name, what, hint, what_vi, hint_vi))
    start, start_vi = "start from the default template (--save-template)", "bắt đầu từ mẫu mặc định (--save-template)"
    if not problems and not any(found.count for found in marks.values()):
        what, what_vi = "the template has no mark: nothing would be filled in", "mẫu không có dấu nào để điền"
        problems.append(problem(label, "", what, start, what_vi, start_vi))
    elif not problems and not any(found.names & _FIGURES for found in marks.values()):
        what, what_vi = "the template leaves out the total points", "mẫu không có tổng điểm tự chấm"
        problems.append(problem(label, "", what, "put {{ points }} in it", what_vi, "thêm {{ points }} vào mẫu"))
    if sum(found.size() for found in marks.values()) > MOST:
        what, what_vi = "its loops make too large a document", "các vòng lặp tạo ra văn bản quá lớn"
        hint, hint_vi = "loop over a list once", "mỗi danh sách chỉ lặp một lần"
        problems.append(problem(label, "", what, hint, what_vi, hint_vi))
    if problems:
        raise DocumentError(problems)
    return marks


def _whole(data: bytes, marks: Mapping[str, Marks], label: str) -> bytes:
    """The report, after every paragraph that its marks ask for was found in it."""
    parts = filled_parts(data)
    for name, found in marks.items():
        wanted, there = found.texts(), paragraphs(parts[name]) if parts.get(name) is not None else []
        if wanted != there:
            lost = next((a for a, b in zip_longest(wanted, there) if a != b), None) or ""
            what = f"filled in, the report would be without {quote(lost, 100)}"
            vi = f"điền xong, báo cáo sẽ thiếu {quote(lost, 100)}"
            hint, hint_vi = (
                "build on the default template (--save-template)",
                "dựng trên mẫu mặc định (--save-template)",
            )
            raise DocumentError([problem(label or "par report", name, what, hint, vi, hint_vi)])
    return data


def _filled(data: bytes, fields: Mapping[str, Any]) -> bytes:
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(data))
    document.render(fields, _environment(), autoescape=True)
    properties = document.docx.core_properties
    properties.title = safe(f"Báo cáo tự đánh giá, chấm điểm: {fields['unit']}")[:250]
    properties.created = properties.modified = EPOCH
    out = io.BytesIO()
    document.save(out)
    return stable(out.getvalue())


def context(score: SelfScore, details: Details) -> dict[str, Any]:
    """The fields that a template can name."""
    document = score.assessment.scheme.document
    rows = list(score.rows())
    gaps = [
        {"code": gap.code, "title": gap.title, "what": gap.what, "text": text or score.explained(gap.code) or FILL}
        for gap in score.gaps()
        for text in (details.explanations.get(gap.code),)
    ]
    basis = short(score.assessment.scheme.points_by_basis["reconstructed"]).replace(".", ",")
    top, own = (short(x).replace(".", ",") for x in (document.total.max, score.attainable))
    points = score.number(score.unit.points) or FILL
    surveyed = short(document.total.max - score.attainable).replace(".", ",")
    reachable = "" if score.reachable is None else f"; có thể đạt: {score.number(score.reachable)}"
    agency, whose = details.agency or FILL, full_name_of(document, score.unit.id, score.unit.name)
    about = f"tự đánh giá, chấm điểm xác định {index_name(document)} của {whose}"
    plan = document.plan
    head = Letterhead.filled(
        details.agency,
        details.parent or committee_of(document, score.unit.id) or FILL,
        number=details.number,
        place=details.place,
        date=details.date,
    )
    marked = [_row(row) for row in rows]
    settings = document.settings
    rounded = _ROUNDED if settings.leaf_decimals > settings.points_decimals else ""
    survey_note = (
        f"Điểm tự chấm không gồm {surveyed} điểm điều tra xã hội học: các tiêu chí ấy không tự chấm, "
        "cơ quan chủ trì xác định bằng kết quả điều tra."
        if score.surveyed
        else "Bộ tiêu chí không có phần điều tra xã hội học."
    )
    return {
        "parent": head.parent,
        "agency": agency,
        "agency_upper": head.issuer,
        "place": head.place,
        "number": head.number,
        "day": head.day,
        "receiver": details.receiver or (plan.receiver.vi if plan is not None and plan.receiver else FILL),
        "subject": f"Kết quả {about}",
        "first_line": " ".join(
            [f"Bộ tiêu chí có {basis} trên {top} điểm dựa vào số dựng lại, không chính thức.", *_provenance(score)]
        ),
        "opening": (f"Thực hiện {cited(plan)}, " if plan is not None else "")
        + f"{agency} báo cáo kết quả {about} như sau:",
        "summary": (
            f"Tổng điểm tự chấm: {points} trên {own} điểm thuộc phần tự chấm (điểm tối đa của bộ tiêu chí: {top}"
            f"{reachable}). "
            "Điểm chi tiết của từng lĩnh vực, tiêu chí, tiêu chí thành phần ở Phụ lục kèm theo." + rounded
        ),
        "survey_note": survey_note + _left_out(score),
        "fields": [row for row, item in zip(marked, rows, strict=True) if item.depth == 0],
        "rows": marked,
        "gaps": gaps,
        "gap_note": (
            f"Có {len(gaps)} tiêu chí tự chấm chưa có hoặc chưa đủ số liệu, tài liệu kiểm chứng:"
            if gaps
            else "Các tiêu chí tự chấm đều có đủ số liệu và tài liệu kiểm chứng."
        ),
        "difficulties": list(details.difficulties) or [FILL],
        "proposals": list(details.proposals) or [FILL],
        "closing": f"Trên đây là báo cáo kết quả {about}./.",
        "recipients": listed(details.recipients or (FILL, "Lưu: VT")),
        "signer_title": list(details.signer_title) or [FILL],
        "signer": details.signer or FILL,
        "unit": score.unit.name,
        "unit_full": whose,
        "max": top,
        "points": points,
        "own_max": own,
        "total_note": f"trên {own} điểm tự chấm được; {surveyed} điểm điều tra xã hội học không tự chấm",
        "mark_note": (
            "Dấu * sau điểm tối đa: số dựng lại, không chính thức. Dòng in đậm là tổng của các dòng bên dưới, "
            "chỉ cộng phần tự chấm." + rounded + (_WITHIN if any(row.points == WITHIN for row in rows) else "")
        ),
    }


def _provenance(score: SelfScore) -> Iterator[str]:
    """What the evidence is: its stage, unless it is the units' own assessment, and its note."""
    evidence = score.assessment.evidence
    if evidence.stage == UNNAMED:
        yield "Số liệu không ghi là của giai đoạn nào."
    elif evidence.stage not in SELF:
        yield f"Số liệu của giai đoạn “{stage_words(evidence.stage, 'vi')}”, không phải tự đánh giá."
    yield from filter(None, [" ".join(evidence.note.split())])


def _left_out(score: SelfScore) -> str:
    """That stated figures with a survey in them are not in the report."""
    figures = ", ".join(f"“{score.figure(s.key).title.vi}” {score.stated(s)}" for s in score.mixed)
    return f" Số ghi sẵn gồm cả phần điều tra không đưa vào báo cáo này: {figures}." if figures else ""


def _row(row: Any) -> dict[str, Any]:
    mark = "*" if row.reconstructed else ""
    return {
        "code": row.code,
        "title": row.title,
        "max": row.max + mark,
        "own": row.own,
        "points": row.points,
        "documents": row.documents,
        "bold": row.bold,
        "depth": row.depth,
    }


def _environment() -> Any:
    """An environment without filters, functions and reach: what marks may say was looked at before."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Closed(ImmutableSandboxedEnvironment):
        def is_safe_callable(self, obj: Any) -> bool:
            return False

    environment = Closed(autoescape=True, undefined=StrictUndefined)
    for names in (environment.globals, environment.filters, environment.tests):
        names.clear()
    return environment


def _mark(label: str, error: TemplateError) -> Problem:
    """A problem that the marks' own library found; what it says is quoted."""
    hint, hint_vi = "a template names fields, loops and tests, nothing else", "mẫu chỉ gọi tên trường, lặp và xét"
    said = quote(str(error), 200)
    return problem(label, "", f"a mark is wrong: {said}", hint, f"dấu trong mẫu viết sai: {said}", hint_vi)


def _unfit(label: str, error: Exception) -> Problem:
    hint, hint_vi = "build on the default template (--save-template)", "dựng trên mẫu mặc định (--save-template)"
    said = quote(str(error), 200)
    what, what_vi = f"the template cannot be filled in: {said}", f"không điền được vào mẫu: {said}"
    return problem(label, "", what, hint, what_vi, hint_vi)
