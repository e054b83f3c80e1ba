"""The commands of the survey: `par survey …` and `par respondents …`, each a thin layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Id, Json, Lang, Language

survey = typer.Typer(no_args_is_help=True, help="Điều tra xã hội học. / The sociological survey.")
Ballots = Annotated[Path, typer.Argument(metavar="BALLOTS", help="CSV, XLSX (Kobo, ODK, LimeSurvey, …)")]
Unit = Annotated[str | None, typer.Option("--unit", "-u", help="mọi phiếu là của đơn vị này / the ballots' unit")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH")]
Frame = Annotated[
    list[str] | None,
    typer.Option("--frame", metavar="GROUP=N", help="số người của cả nhóm, để hiệu chỉnh / size of a group's frame"),
]
Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="trang tính có phiếu / the ballots' sheet")]
Plan = Annotated[
    Path | None, typer.Option("--plan", metavar="FILE", help="số lượng kế hoạch (JSON, XLSX, CSV) / planned numbers")
]
Issued = Annotated[
    Path | None, typer.Option("--tokens", metavar="HASHES", help="chỉ nhận phiếu có mã đã phát / only issued tokens")
]


@survey.command()
def tally(
    ballots: Ballots,
    methodology: Id,
    unit: Unit = None,
    output: Output = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="EVIDENCE", help="ghép vào số liệu (JSON, CSV, XLSX) / put into it"),
    ] = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help="giai đoạn của bảng --into / the stage of a table to put into")
    ] = None,
    plan: Plan = None,
    frame: Frame = None,
    tokens: Issued = None,
    sheet: Sheet = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Đếm phiếu, quy ra điểm. / Ballots to counts and points."""
    from par_engine.cli.survey_tally import Ballots, tally_command

    given = Ballots(ballots, unit, sheet, frame or [], tokens, plan)
    raise typer.Exit(tally_command(given, methodology, output, into, stage, json=json, lang=lang.value))


@survey.command()
def form(
    methodology: Id,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX (XLSForm), DOCX")],
    only: Annotated[str | None, typer.Option("--survey", metavar="ID", help="một cuộc khảo sát / one survey")] = None,
    unit: Unit = None,
    contact: Annotated[
        str, typer.Option("--contact", metavar="TEXT", help="ai giải đáp thắc mắc (bản in) / whom to ask (on paper)")
    ] = "",
    lang: Lang = Language.vi,
) -> None:
    """Phiếu hỏi trực tuyến hoặc để in. / The questionnaire, as XLSForm or to print."""
    from par_engine.cli.survey_form import form_command

    raise typer.Exit(form_command(methodology, output, only, unit, contact, lang.value))


Blank = Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX")]


@survey.command("template")
def planned_numbers(
    methodology: Id,
    output: Blank,
    only: Annotated[str | None, typer.Option("--survey", metavar="ID", help="một cuộc khảo sát / one survey")] = None,
    unit: Annotated[str | None, typer.Option("--unit", "-u", help="số của đơn vị này / whose numbers")] = None,
    lang: Lang = Language.vi,
) -> None:
    """Mẫu số lượng kế hoạch (--plan). / A blank table of planned numbers."""
    from par_engine.cli.survey_form import blank_command

    raise typer.Exit(blank_command(methodology, output, only, unit, lang.value, people=False))


@survey.command()
def tokens(
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, max=1_000_000)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="thư mục mới / a new folder")],
    lang: Lang = Language.vi,
) -> None:
    """Mã phiếu ngẫu nhiên, không gắn với người. / Random tokens that belong to nobody."""
    from par_engine.cli.survey_form import tokens_command

    raise typer.Exit(tokens_command(count, output, lang.value))


@survey.command()
def report(
    ballots: Ballots,
    methodology: Id,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="thư mục mới / a new folder")],
    unit: Unit = None,
    plan: Plan = None,
    frame: Frame = None,
    tokens: Issued = None,
    sheet: Sheet = None,
    lang: Lang = Language.vi,
) -> None:
    """Báo cáo khảo sát có biểu đồ (HTML, XLSX). / The survey's report with pictures."""
    from par_engine.cli.survey_tally import Ballots, report_command

    given = Ballots(ballots, unit, sheet, frame or [], tokens, plan)
    raise typer.Exit(report_command(given, methodology, output, lang.value))


respondents = typer.Typer(no_args_is_help=True, help="Đối tượng điều tra. / The survey's respondents.")
People = Annotated[Path, typer.Argument(metavar="LIST", help="XLSX, CSV")]
Which = Annotated[str | None, typer.Option("--survey", metavar="ID", help="cuộc khảo sát / which survey")]
Whose = Annotated[str | None, typer.Option("--unit", "-u", help="danh sách của đơn vị này / whose list it is")]
Task = Annotated[str | None, typer.Option("--task", metavar="ID", help="nhiệm vụ có thời hạn / the plan's task")]
Today = Annotated[str | None, typer.Option("--today", metavar="DAY", help="tính hạn đến ngày DD/MM/YYYY / as if today")]


@respondents.command("template")
def blank(methodology: Id, output: Blank, unit: Whose = None, survey: Which = None, lang: Lang = Language.vi) -> None:
    """Mẫu danh sách đối tượng để điền. / A blank list to fill in."""
    from par_engine.cli.survey_form import blank_command

    raise typer.Exit(blank_command(methodology, output, survey, unit, lang.value, people=True))


@respondents.command()
def check(
    people: People,
    methodology: Id,
    plan: Plan = None,
    unit: Whose = None,
    survey: Which = None,
    task: Task = None,
    today: Today = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Kiểm tra danh sách, số lượng, thời hạn. / A list checked, counted, held against its deadline."""
    from par_engine.cli.respondents import List, check_command

    given = List(people, survey, task, today, plan, unit)
    raise typer.Exit(check_command(given, methodology, json=json, lang=lang.value))


@respondents.command()
def export(
    people: People,
    methodology: Id,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="thư mục mới / a new folder")],
    plan: Plan = None,
    unit: Whose = None,
    survey: Which = None,
    task: Task = None,
    today: Today = None,
    lang: Lang = Language.vi,
) -> None:
    """Danh sách gửi Bộ và báo cáo tổng hợp gửi UBND, cùng lúc. / The list and the summary, together."""
    from par_engine.cli.respondents import List, export_command

    given = List(people, survey, task, today, plan, unit)
    raise typer.Exit(export_command(given, methodology, output, lang.value))


@respondents.command()
def draw(
    frame: People,
    methodology: Id,
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="hạt giống / what makes the draw")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX")],
    replacements: Annotated[int, typer.Option("--replacements", metavar="K", min=0)] = 0,
    size: Annotated[list[str] | None, typer.Option("--size", metavar="GROUP=N")] = None,
    plan: Plan = None,
    unit: Whose = None,
    survey: Which = None,
    task: Task = None,
    today: Today = None,
    lang: Lang = Language.vi,
) -> None:
    """Chọn mẫu phân tầng, ai cũng tính lại được. / A stratified sample that anyone can draw again."""
    from par_engine.cli.respondents import List, draw_command

    given = List(frame, survey, task, today, plan, unit)
    raise typer.Exit(draw_command(given, methodology, seed, replacements, size or [], output, lang.value))
