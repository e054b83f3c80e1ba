"""`par audit`, `par robust`: whether figures can be had again and how firm places are, each a thin layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Id, Json, Lang, Language, Stage

app = typer.Typer()


@app.command()
def audit(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="báo cáo / what `par score --format json` wrote")],
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", "-e", metavar="EVIDENCE", help="số liệu của báo cáo / the report's evidence"),
    ] = None,
    methodology: Annotated[
        str | None,
        typer.Option("--methodology", "-m", metavar="ID", help="chấm lại bằng bộ này / score again by this one"),
    ] = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Số liệu công bố có tái lập được không. / Whether published figures can be had again."""
    from par_engine.cli.audit import audit_command

    raise typer.Exit(audit_command(report, evidence, methodology, stage, json=json, lang=lang.value))


@app.command()
def robust(
    evidence: Annotated[
        Path,
        typer.Argument(
            metavar="EVIDENCE",
            help="JSON, CSV, Parquet, XLSX; -: luồng vào / JSON, CSV, Parquet, XLSX; -: standard input",
        ),
    ],
    methodology: Id,
    unit: Annotated[str | None, typer.Option("--unit", "-u", help="chỉ một đơn vị / one unit")] = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Thứ hạng vững đến đâu, dựa vào những gì. / How firm the places are, and what they hang on."""
    from par_engine.cli.robust import robust_command

    raise typer.Exit(robust_command(evidence, methodology, unit, stage, json=json, lang=lang.value))
