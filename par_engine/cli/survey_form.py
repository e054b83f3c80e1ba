"""`par survey form` and `par survey tokens`: what is sent out before the ballots come in."""

from __future__ import annotations

from pathlib import Path

from par_engine.api import load
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, fail, nearest, quote
from par_engine.cli.output import say
from par_engine.evidence.builder import no_unit
from par_engine.files.atomic import unused, write_together, written_whole
from par_engine.files.kinds import called
from par_engine.i18n.catalogue import Lang
from par_engine.survey.blanks import blank_list, blank_plan
from par_engine.survey.forms import printed, xlsform
from par_engine.survey.questions import Questions
from par_engine.survey.respondents import survey_of
from par_engine.survey.tokens import new_tokens, token_files


def form_command(id: str, output: Path, survey: str | None, unit: str | None, contact: str, lang: Lang) -> int:
    """Write the questionnaire, by the ending of the file."""
    unused(output)
    questions = Questions(load(id))
    found = _chosen(questions, survey, unit)
    kind = output.suffix.lower()
    if kind == ".xlsx":
        data = xlsform(questions, survey, found)
    elif kind == ".docx":
        data = printed(questions, survey, found, contact)
    else:
        fail("form-kind", output.name, kind=called(kind))
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    say(f"{'Đã ghi' if lang == 'vi' else 'Written'}: {output}")
    return 0


def _chosen(questions: Questions, survey: str | None, unit: str | None) -> str | None:
    """The id of the unit that was named. Refuses a survey or a unit that is not there."""
    if survey is not None and survey not in questions.surveys:
        fail(
            "survey.chosen",
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
        kind = called(output.suffix.lower())
        fail("list-kind.blank-command", output.name, kind=kind)
    questions = Questions(load(id))
    found = _chosen(questions, survey, unit)
    if people:
        data = blank_list(questions.methodology, survey_of(questions, survey), found)
    else:
        data = blank_plan(questions.methodology, survey, found)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    say(f"{'Đã ghi' if lang == 'vi' else 'Written'}: {output}")
    return 0


def tokens_command(count: int, output: Path, lang: Lang) -> int:
    """Write tokens to hand out and hashes to keep."""
    write_together(output, token_files(new_tokens(count)), private=["tokens.csv", "hashes.txt"])
    vi = lang == "vi"
    say(f"{'Đã ghi' if vi else 'Written'}: {output / 'tokens.csv'}, {output / 'hashes.txt'}")
    say(
        "Phát mỗi người một mã, không ghi ai nhận mã nào; phát xong thì xóa tokens.csv, chỉ giữ hashes.txt."
        if vi
        else "Hand one to each person and note nowhere who got which; then delete tokens.csv and keep hashes.txt."
    )
    return 0
