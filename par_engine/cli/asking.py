"""`par survey form` and `par survey tokens`: what is sent out before the ballots come in."""

from __future__ import annotations

from pathlib import Path

from par_engine.api import load
from par_engine.cli.output import say
from par_engine.documents import fail
from par_engine.errors import did_you_mean, quote
from par_engine.files import unused, write_together, written_whole
from par_engine.names import fold
from par_engine.survey.forms import printed, xlsform
from par_engine.survey.questions import Questions
from par_engine.survey.tokens import new_tokens, private, token_files


def form_command(id: str, output: Path, survey: str | None, unit: str | None, lang: str) -> int:
    """Write the questionnaire, by the ending of the file."""
    unused(output)
    questions = Questions(load(id))
    if survey is not None and survey not in questions.surveys:
        hint = did_you_mean(survey, questions.surveys) or ", ".join(questions.surveys)
        what, vi = f"there is no survey {quote(survey)}", f"không có khảo sát {quote(survey)}"
        fail("--survey", "survey", what, hint, vi, hint)
    found = None
    if unit is not None:
        found = questions.methodology.scheme.unit_index.get(fold(unit))
        if found is None:
            hint = f"par show {id} --units"
            what, vi = f"there is no unit {quote(unit)}", f"không có đơn vị {quote(unit)}"
            fail("--unit", "unknown-unit", what, hint, vi, hint)
    kind = output.suffix.lower()
    if kind == ".xlsx":
        data = xlsform(questions, survey, found)
    elif kind == ".docx":
        data = printed(questions, survey)
    else:
        hint, hint_vi = (
            "name the file .xlsx (XLSForm) or .docx (to print)",
            "đặt tên tệp .xlsx (XLSForm) hoặc .docx (để in)",
        )
        what = f"{kind or 'a file without ending'} is not written"
        fail(output.name, "form-kind", what, hint, "không ghi được loại tệp này", hint_vi)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    say(f"{'Đã ghi' if lang == 'vi' else 'Written'}: {output}")
    return 0


def tokens_command(count: int, output: Path, lang: str) -> int:
    """Write tokens to hand out and hashes to keep."""
    with private():
        write_together(output, token_files(new_tokens(count)))
    vi = lang == "vi"
    say(f"{'Đã ghi' if vi else 'Written'}: {output / 'tokens.csv'}, {output / 'hashes.txt'}")
    say(
        "Phát mỗi người một mã, không ghi ai nhận mã nào; phát xong thì xóa tokens.csv, chỉ giữ hashes.txt."
        if vi
        else "Hand one to each person and note nowhere who got which; then delete tokens.csv and keep hashes.txt."
    )
    return 0
