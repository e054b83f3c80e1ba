"""Options and arguments that commands share; what they say in a help is in the catalogue under `help`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.base.problems import fail, quote
from par_engine.i18n import catalogue

Lang = Annotated[catalogue.Lang, typer.Option("--lang", envvar="PAR_LANG")]
Json = Annotated[bool, typer.Option("--json")]
Input = Annotated[str | None, typer.Option("--input-format", metavar="FORMAT")]
Unit = Annotated[str | None, typer.Option("--unit", "-u")]
RoundFile = Annotated[Path, typer.Argument(metavar="ROUND.db")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="PATH")]
OutputIfAny = Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH")]
EvidenceFile = Annotated[Path, typer.Argument(metavar="EVIDENCE")]
IdFirst = Annotated[str, typer.Argument(metavar="ID")]
SurveyId = Annotated[str | None, typer.Option("--survey", metavar="ID")]
By = Annotated[str, typer.Option("--by", metavar="WHO")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT")]
Today = Annotated[str | None, typer.Option("--today", metavar="DAY")]
PlanFile = Annotated[Path | None, typer.Option("--plan", metavar="FILE")]
NewFolder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR")]
AssignmentFile = Annotated[Path, typer.Argument(metavar="ASSIGNMENT")]
IdOrPath = Annotated[str, typer.Argument(metavar="ID|PATH")]
Units = Annotated[list[str] | None, typer.Option("--unit", "-u")]
PeopleFile = Annotated[Path, typer.Argument(metavar="LIST")]
TaskId = Annotated[str | None, typer.Option("--task", metavar="ID")]
At = Annotated[int | None, typer.Option("--at", metavar="N")]
Override = Annotated[str | None, typer.Option("--override", metavar="REASON")]
BallotsFile = Annotated[Path, typer.Argument(metavar="BALLOTS")]
SheetName = Annotated[str | None, typer.Option("--sheet", metavar="NAME")]
IssuedTokens = Annotated[Path | None, typer.Option("--tokens", metavar="HASHES")]
UnitNeeded = Annotated[str, typer.Option("--unit", "-u")]
AgencyFiles = Annotated[list[Path], typer.Argument(metavar="FILES...")]
IdIfAny = Annotated[str | None, typer.Option("--methodology", "-m", metavar="ID")]
Stages = Annotated[list[Path], typer.Argument(metavar="EVIDENCE...|ROUND")]
Previous = Annotated[list[Path] | None, typer.Option("--previous", metavar="REPORT")]
Papers = Annotated[list[Path] | None, typer.Option("--document", metavar="FILE")]
Stage = Annotated[str | None, typer.Option("--stage")]
Frame = Annotated[list[str] | None, typer.Option("--frame", metavar="GROUP=N")]
Id = Annotated[str, typer.Option("--methodology", "-m", metavar="ID")]


def whole(text: str, option: str) -> str:
    """A text of the command line whose letters are whole: bytes that are no UTF-8 come as halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        fail("text", option, text=quote(text))
    return text
