"""`par audit`, `par robust`: whether figures can be had again and how firm places are, each a thin layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Json, Lang, Language, Stage

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
    from par_engine.cli.auditing import audit_command

    raise typer.Exit(audit_command(report, evidence, methodology, stage, json=json, lang=lang.value))
