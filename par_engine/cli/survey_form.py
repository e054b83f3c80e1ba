"""`par survey form` and `par survey tokens`: what is sent out before the ballots come in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.api import load
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, fail, nearest, quote
from par_engine.cli.options import Id, Lang, NewFolder, Output, SurveyId, Unit
from par_engine.cli.output import say
from par_engine.evidence.builder import no_unit
from par_engine.files.atomic import unused, write_together, written_whole
from par_engine.i18n.catalogue import text
from par_engine.survey.blanks import blank_list, blank_plan
from par_engine.survey.forms import printed, xlsform
from par_engine.survey.questions import Questions
from par_engine.survey.respondents import survey_of
from par_engine.survey.tokens import new_tokens, token_files


def form_command(
    methodology: Id,
    output: Output,
    only: SurveyId = None,
    unit: Unit = None,
    contact: Annotated[str, typer.Option("--contact", metavar="TEXT")] = "",
    lang: Lang = "vi",
) -> int:
    """Write the questionnaire, by the ending of the file."""
    unused(output)
    questions = Questions(load(methodology))
    found = _chosen(questions, only, unit)
    kind = output.suffix.lower()
    if kind == ".xlsx":
        data = xlsform(questions, only, found)
    elif kind == ".docx":
        data = printed(questions, only, found, contact)
    else:
        fail("form-kind" if kind else "form-kind.none", output.name, kind=kind)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    say(text("cli.survey-form", "written", lang, path=output))
    return 0


def _chosen(questions: Questions, survey: str | None, unit: str | None) -> str | None:
    """The id of the unit that was named. Refuses a survey or a unit that is not there."""
    if survey is not None and survey not in questions.surveys:
        fail(
            "survey.unknown",
            "--survey",
            survey=quote(survey),
            surveys=questions.surveys,
            near=nearest(survey, questions.surveys),
        )
    if unit is None:
        return None
    scheme = questions.methodology.scheme
    found = scheme.unit_index.get(fold(unit))
    if found is None and scheme.document.settings.units == "open":
        return " ".join(unit.split())
    if found is None:
        raise DocumentError([no_unit(scheme, unit)])
    return found


def blank_command(id: str, output: Path, survey: str | None, unit: str | None, lang: Lang, *, people: bool) -> int:
    """Write a blank workbook: a list of people, or planned numbers."""
    unused(output)
    if output.suffix.lower() != ".xlsx":
        fail("list-kind.blank", output.name, kind=output.suffix or output.name)
    questions = Questions(load(id))
    found = _chosen(questions, survey, unit)
    if people:
        data = blank_list(questions.methodology, survey_of(questions, survey), found)
    else:
        data = blank_plan(questions.methodology, survey, found)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    say(text("cli.survey-form", "written", lang, path=output))
    return 0


def tokens_command(
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, max=1000000)],
    output: NewFolder,
    lang: Lang = "vi",
) -> int:
    """Write tokens to hand out and hashes to keep."""
    write_together(output, token_files(new_tokens(count)), private=["tokens.csv", "hashes.txt"])
    say(text("cli.survey-form", "tokens", lang, tokens=output / "tokens.csv", hashes=output / "hashes.txt"))
    say(text("cli.survey-form", "hand-out", lang))
    return 0


def survey_template_command(
    methodology: Id,
    output: Output,
    only: SurveyId = None,
    unit: Unit = None,
    lang: Lang = "vi",
) -> int:
    """A blank table of planned numbers."""
    return blank_command(methodology, output, only, unit, lang, people=False)


def respondents_template_command(
    methodology: Id,
    output: Output,
    unit: Unit = None,
    survey: SurveyId = None,
    lang: Lang = "vi",
) -> int:
    """A blank list to fill in."""
    return blank_command(methodology, output, survey, unit, lang, people=True)
