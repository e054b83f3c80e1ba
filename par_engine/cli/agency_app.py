"""`par assign`, `par split`, `par merge`, `par scorecard`: the agencies of a unit, each a thin layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Json, Lang, Language, Stage

app = typer.Typer()

Assignment = Annotated[Path, typer.Argument(metavar="ASSIGNMENT", help="bản phân công / the assignment: XLSX, JSON")]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILES...", help="tệp hoặc thư mục của các cơ quan / files or folders")
]


@app.command()
def assign(
    id: Annotated[str, typer.Argument(metavar="ID")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX, JSON")],
    unit: Annotated[str, typer.Option("--unit", "-u", help="đơn vị / unit")] = "",
    lang: Lang = Language.vi,
) -> None:
    """Bản phân công số liệu cho các cơ quan để điền tiếp. / An assignment of facts to agencies, to be filled in."""
    from par_engine.cli.agencies import assign_command

    assign_command(id, output, unit, lang.value)


@app.command()
def split(
    assignment: Assignment,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="thư mục mới / a new folder")],
    evidence: Annotated[
        list[Path] | None, typer.Option("--from", metavar="FILES", help="điền sẵn số đã gửi / fill in what was sent")
    ] = None,
    stage: Stage = None,
    lang: Lang = Language.vi,
) -> None:
    """Biểu nhập số liệu cho từng cơ quan. / A workbook for each agency."""
    from par_engine.cli.agencies import split_command

    raise typer.Exit(split_command(assignment, output, evidence or [], stage, lang.value))


@app.command()
def merge(
    assignment: Assignment,
    files: Files,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX, JSON")],
    detail: Annotated[
        Path | None, typer.Option("--detail", metavar="PATH", help="XLSX: ai gửi gì / who sent what")
    ] = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Gộp số liệu các cơ quan thành số liệu của đơn vị. / The agencies' evidence into the unit's."""
    from par_engine.cli.agencies import merge_command

    raise typer.Exit(merge_command(assignment, files, output, detail, stage, json=json, lang=lang.value))


@app.command()
def scorecard(
    assignment: Assignment,
    files: Files,
    agency: Annotated[str | None, typer.Option("--agency", metavar="AGENCY", help="một cơ quan / one agency")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="phiếu điểm XLSX / scorecards as XLSX")
    ] = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Phiếu điểm và xếp hạng các cơ quan. / Scorecards and places of the agencies."""
    from par_engine.cli.agencies import scorecard_command

    raise typer.Exit(scorecard_command(assignment, files, agency, output, stage, json=json, lang=lang.value))
