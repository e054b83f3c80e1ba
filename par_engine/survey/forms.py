"""The questionnaire of a methodology: an XLSForm for Kobo, ODK and their like, and a form to print."""

from __future__ import annotations

from collections.abc import Collection

from par_engine.base.types import Survey
from par_engine.files.docx_writing import Paper
from par_engine.files.letterhead import MOTTO
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.i18n.catalogue import LANGS, Lang, entries, text
from par_engine.methodology.citing import cited, full_name_of, index_name
from par_engine.survey.questions import Question, Questions, question_name, slug

_DOTS = "…" * 20


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
    words = {key: [text("survey.form", key, lang) for lang in LANGS] for key in ("asking", "unit", "group", "token")}
    rows: list[list[str]] = [["note", "introduction", *words["asking"], "", "", ""]]
    if units:
        rows.append(["select_one units", "unit", *words["unit"], "yes", "", "minimal"])
    else:
        rows.append(["text", "unit", *words["unit"], "yes", "", ""])
    rows.append(["select_one groups", "group", *words["group"], "yes", "", ""])
    rows.append(["text", "token", *words["token"], "yes", "", ""])
    for id in surveys:
        design = document.surveys[id]
        said = [direction(design, lang) for lang in LANGS]
        rows.append(["note", f"direction_{slug(id)}", *said, "", _only(design, groups), ""])
    for question in asked:
        kind = f"select_one answers_{slug(question.survey_id)}"
        texts = [questions.asks(question).vi, questions.asks(question).en]
        rows.append([kind, question_name(question.fact), *texts, "", _only(question.survey, groups), ""])
    choices = [["units", u.id, u.name, u.name] for u in units]
    choices += [["groups", g.id, g.title.vi, g.title.en] for g in groups.values()]
    for id in surveys:
        options = document.surveys[id].options
        choices += [[f"answers_{slug(id)}", o.id, o.title.vi, o.title.en] for o in options]
    named = entries("survey.languages", "vi")
    labels = [f"label::{named[lang]}" for lang in LANGS]
    form = [[document.title.vi, slug(document.id), questions.methodology.fingerprint[:12], named["vi"]]]
    heads = ["type", "name", *labels, "required", "relevant", "appearance"]
    return xlsx(
        [
            Sheet("survey", heads, rows, [22, 24, 70, 70, 10, 40, 12]),
            Sheet("choices", ["list_name", "name", *labels], choices, [22, 24, 50, 50]),
            Sheet("settings", ["form_title", "form_id", "version", "default_language"], form, [50, 24, 16, 20]),
        ],
        "survey",
        plain=True,
    )


def _only(design: Survey, groups: Collection[str]) -> str:
    """For whom a question is, where it is not for everybody."""
    names = [group.id for group in design.groups]
    return "" if len(names) == len(groups) else " or ".join(f"${{group}} = '{name}'" for name in names)


def printed(questions: Questions, survey: str | None, unit: str | None = None, contact: str = "") -> bytes:
    """The form on paper, in Vietnamese: one part for each survey, a box for each answer.

    `unit` is the id of the unit that is assessed, and `contact` whom a respondent can ask; both leave dots.
    """
    document = questions.methodology.document
    paper = Paper(document.title.vi, "survey")
    asked, words = chosen(questions, survey), entries("survey.paper", "vi")
    asking = text("survey.form", "asking", "vi")
    names = {u.id: u.name for u in document.units}
    whose = _DOTS if unit is None else full_name_of(document, unit, names.get(unit, unit))
    for n, id in enumerate(dict.fromkeys(q.survey_id for q in asked)):
        design = document.surveys[id]
        if n:
            paper.doc.add_page_break()
        for line, size in zip(MOTTO, (12, 13), strict=True):
            paper.tight(paper.line(paper.centre(paper.doc.add_paragraph()), line, size, bold=True))
        paper.rule(paper.doc.add_paragraph(), 5.3)
        paper.title(words["title"], f"{design.title.vi}\n{index_name(document)}")
        paper.line(paper.centre(paper.doc.add_paragraph()), questions.basis_line("vi", id), 11, italic=True)
        if document.plan is None:
            paper.text(asking)
        else:
            paper.text(words["reason"].format(plan=cited(document.plan), asking=asking[0].lower() + asking[1:]))
        paper.text(words["unit"].format(whose=whose))
        paper.text(words["token"].format(dots=_DOTS))
        paper.text(words["group"], bold=True)
        for group in design.groups:
            paper.tight(paper.line(paper.doc.add_paragraph(), f"☐  {group.title.vi}", 13))
            paper.doc.paragraphs[-1].paragraph_format.left_indent = paper.cm(1.27)
        paper.text(words["opinion"], bold=True)
        paper.text(direction(design, "vi"), italic=True)
        heads = [words["number"], words["question"], *(option.title.vi for option in design.options)]
        width = min(1.9, 7.6 / len(design.options))
        widths = [1.3, 14.7 - width * len(design.options), *[width] * len(design.options)]
        grid = paper.table(heads, widths, 12)
        for i, question in enumerate((q for q in asked if q.survey_id == id), 1):
            paper.row(grid, [str(i), questions.asks(question).vi, *["☐"] * len(design.options)], widths, 12)
        last = paper.text(words["contact"].format(contact=contact or _DOTS))
        last.alignment = 0  # dots have no blank: a justified line would tear the words apart
        last.paragraph_format.space_before = paper.pt(8)
        paper.line(paper.centre(paper.doc.add_paragraph()), words["thanks"], 14, italic=True)
    return paper.bytes()


def direction(design: Survey, lang: Lang) -> str:
    """Which answer says the best and which the worst: a question about an evil is else answered the wrong way round."""
    most, least = max(o.share for o in design.options), min(o.share for o in design.options)
    best = ", ".join(_quoted(o.title.get(lang)) for o in design.options if o.share == most)
    worst = ", ".join(_quoted(o.title.get(lang)) for o in design.options if o.share == least)
    return text("survey.form", "direction", lang, best=best, worst=worst)


def _quoted(text: str) -> str:
    """An answer's words within a sentence."""
    return f"“{text}”"
