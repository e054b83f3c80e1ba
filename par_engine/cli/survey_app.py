"""The commands of the survey: `par survey …` and `par respondents …`, each a thin layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.main import Id, Json, Lang, Language, app

survey = typer.Typer(no_args_is_help=True, help="Điều tra xã hội học. / The sociological survey.")
app.add_typer(survey, name="survey")
Ballots = Annotated[Path, typer.Argument(metavar="BALLOTS", help="CSV (Kobo, ODK, LimeSurvey, …)")]
Unit = Annotated[str | None, typer.Option("--unit", "-u", help="mọi phiếu là của đơn vị này / the ballots' unit")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH")]
Frame = Annotated[
    list[str] | None,
    typer.Option("--frame", metavar="GROUP=N", help="số người của cả nhóm, để hiệu chỉnh / size of a group's frame"),
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
        Path | None, typer.Option("--into", metavar="EVIDENCE", help="ghép vào số liệu này / put into this evidence")
    ] = None,
    frame: Frame = None,
    tokens: Issued = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Đếm phiếu, quy ra điểm. / Ballots to counts and points."""
    from par_engine.cli.tallying import tally_command

    code = tally_command(ballots, methodology, unit, output, into, frame or [], tokens, json=json, lang=lang.value)
    raise typer.Exit(code)
