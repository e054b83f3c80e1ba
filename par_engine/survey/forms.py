"""The questionnaire of a methodology: an XLSForm for Kobo, ODK and their like, and a form to print."""

from __future__ import annotations

from collections.abc import Sequence

from par_engine.sheets import Sheet, xlsx
from par_engine.survey.questions import Question, Questions, question_name, slug
from par_engine.survey.writing import docx_bytes, new_document, paragraph, table

_LABELS = ("label::Tiếng Việt (vi)", "label::English (en)")


def chosen(questions: Questions, survey: str | None) -> list[Question]:
    """The questions of one survey, or of all."""
    return [q for q in questions.all if survey in (None, q.survey_id)]


def xlsform(questions: Questions, survey: str | None, unit: str | None) -> bytes:
    """The form as sheets `survey`, `choices` and `settings`; its answers come back under headers that a tally finds."""
    document = questions.methodology.document
    asked = chosen(questions, survey)
    surveys = dict.fromkeys(q.survey_id for q in asked)
    groups = {g.id: g for id in surveys for g in document.surveys[id].groups}
    units = [u for u in document.units if unit in (None, u.id)]
    rows: list[list[str]] = []
    if units:
        rows.append(["select_one units", "unit", "Đơn vị được đánh giá", "Unit", "yes", "", "minimal"])
    else:
        rows.append(["text", "unit", "Đơn vị được đánh giá", "Unit", "yes", "", ""])
    rows.append(["select_one groups", "group", "Nhóm đối tượng", "Group of respondents", "yes", "", ""])
    rows.append(["text", "token", "Mã phiếu", "Token", "yes", "", ""])
    for question in asked:
        names = [group.id for group in question.survey.groups]
        only = "" if len(names) == len(groups) else " or ".join(f"${{group}} = '{name}'" for name in names)
        kind = f"select_one answers_{slug(question.survey_id)}"
        texts = [questions.title(question).vi, questions.title(question).en]
        rows.append([kind, question_name(question.fact), *texts, "", only, ""])
    choices = [["units", u.id, u.name, u.name] for u in units]
    choices += [["groups", g.id, g.title.vi, g.title.en] for g in groups.values()]
    for id in surveys:
        options = document.surveys[id].options
        choices += [[f"answers_{slug(id)}", o.id, o.title.vi, o.title.en] for o in options]
    form = [[document.title.vi, slug(document.id), questions.methodology.fingerprint[:12], "Tiếng Việt (vi)"]]
    heads = ["type", "name", *_LABELS, "required", "relevant", "appearance"]
    return xlsx(
        [
            Sheet("survey", heads, rows, [22, 24, 70, 70, 10, 40, 12]),
            Sheet("choices", ["list_name", "name", *_LABELS], choices, [22, 24, 50, 50]),
            Sheet("settings", ["form_title", "form_id", "version", "default_language"], form, [50, 24, 16, 20]),
        ],
        "survey",
        plain=True,
    )


def printed(questions: Questions, survey: str | None) -> bytes:
    """The form on paper, in Vietnamese: one part for each survey, a box for each answer."""
    document = questions.methodology.document
    doc = new_document()
    asked = chosen(questions, survey)
    for n, id in enumerate(dict.fromkeys(q.survey_id for q in asked)):
        design = document.surveys[id]
        if n:
            doc.add_page_break()
        paragraph(doc, "PHIẾU KHẢO SÁT", bold=True, centre=True)
        paragraph(doc, design.title.vi, bold=True, centre=True)
        paragraph(doc, document.title.vi, italic=True, centre=True)
        paragraph(doc, questions.basis_line("vi", id), italic=True, centre=True)
        paragraph(doc, "Đơn vị được đánh giá: ……………………………………………………………")
        paragraph(doc, "Mã phiếu: ……………………………")
        paragraph(doc, "Ông/Bà thuộc nhóm (đánh dấu X vào một ô):")
        for group in design.groups:
            paragraph(doc, f"☐  {group.title.vi}").paragraph_format.left_indent = 360000
        paragraph(doc, "Với mỗi câu, Ông/Bà đánh dấu X vào một ô. Phiếu không ghi tên người trả lời.", italic=True)
        heads = ["STT", "Nội dung", *(option.title.vi for option in design.options)]
        rows: list[Sequence[str]] = [
            [str(i), questions.title(q).vi, *["☐"] * len(design.options)]
            for i, q in enumerate((q for q in asked if q.survey_id == id), 1)
        ]
        width = min(2.2, 8 / len(design.options))
        widths = [1.6, 14.4 - width * len(design.options), *[width] * len(design.options)]
        table(doc, heads, rows, widths, frozenset())
        paragraph(doc, "Trân trọng cảm ơn Ông/Bà.", italic=True, centre=True)
    return docx_bytes(doc, document.title.vi)
