"""`par round`: the commands of a round, each a thin layer over the room."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Json, Lang, Language

app = typer.Typer(
    name="round",
    help="Một kỳ đánh giá trong một tệp an toàn: nộp, thẩm định, giải trình. / One round in one safe file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="ROUND.db")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="người thực hiện / who does it")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="lý do / why")]
Override = Annotated[
    str | None,
    typer.Option("--override", metavar="REASON", help="ghi dù quá hạn, kèm lý do / enter late, with a reason"),
]
At = Annotated[int | None, typer.Option("--at", metavar="N", help="như sau bản ghi N / as after entry N")]


class Form(enum.StrEnum):
    """The forms of a score."""

    table = "table"
    json = "json"
    csv = "csv"


@app.command()
def init(
    file: File,
    methodology: Annotated[str, typer.Option("--methodology", "-m", metavar="ID")],
    by: By,
    why: Why = "",
    units: Annotated[
        list[str] | None, typer.Option("--unit", "-u", help="đơn vị tham gia (mặc định: tất cả) / who takes part")
    ] = None,
    locks: Annotated[
        list[str] | None,
        typer.Option(
            "--lock",
            metavar="ACTION=DAY",
            help="hạn cuối: submit, appraise, explain, final / submit, appraise, explain, final",
        ),
    ] = None,
    lang: Lang = Language.vi,
) -> None:
    """Mở một kỳ đánh giá. / Open a round."""
    from par_engine.cli.keeping import init_command

    init_command(file, methodology, by, why, units or [], locks or [], lang.value)


@app.command()
def submit(
    file: File,
    evidence: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="JSON, CSV, Parquet, XLSX")],
    by: By,
    why: Why,
    papers: Annotated[
        list[Path] | None, typer.Option("--document", metavar="FILE", help="tài liệu kiểm chứng / a document")
    ] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="giai đoạn của bảng / the stage of a table")] = None,
    override: Override = None,
    lang: Lang = Language.vi,
) -> None:
    """Nộp tự đánh giá. / Hand in a self-assessment."""
    from par_engine.cli.keeping import opened, receipt
    from par_engine.cli.progress import busy

    with busy(lang.value) as doing:
        doing("reading", evidence.name)
        entry = opened(file).submit(evidence, by, why, papers or [], stage=stage, override=override)
    receipt(entry, lang.value)


@app.command()
def appraise(
    file: File,
    appraisal: Annotated[Path, typer.Argument(metavar="APPRAISAL", help="CSV, JSON: unit, item, points, reason")],
    by: By,
    why: Why = "",
    final: Annotated[
        bool, typer.Option("--final", help="thẩm định lần cuối, sau giải trình / after explanations")
    ] = False,
    override: Override = None,
    lang: Lang = Language.vi,
) -> None:
    """Ghi điểm thẩm định. / Enter the points of an appraisal."""
    from par_engine.cli.keeping import opened, receipt
    from par_engine.cli.progress import busy

    with busy(lang.value) as doing:
        doing("reading", appraisal.name)
        entry = opened(file).appraise(appraisal, by, why, final=final, override=override)
    receipt(entry, lang.value)


@app.command()
def explain(
    file: File,
    explanations: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON: unit, item, text, requested")],
    by: By,
    why: Why = "",
    override: Override = None,
    lang: Lang = Language.vi,
) -> None:
    """Nộp giải trình và điểm đề nghị. / Hand in explanations and requested points."""
    from par_engine.cli.keeping import opened, receipt
    from par_engine.cli.progress import busy

    with busy(lang.value) as doing:
        doing("reading", explanations.name)
        entry = opened(file).explain(explanations, by, why, override=override)
    receipt(entry, lang.value)


@app.command()
def status(file: File, at: At = None, json: Json = False, lang: Lang = Language.vi) -> None:
    """Ai đã nộp, còn thiếu gì, hạn nào. / Who has handed in, what is missing, which days."""
    from par_engine.cli.keeping import status_command

    status_command(file, at, json=json, lang=lang.value)


@app.command()
def history(file: File, json: Json = False, lang: Lang = Language.vi) -> None:
    """Mọi bản ghi. / Every entry."""
    from par_engine.cli.keeping import history_command

    history_command(file, json=json, lang=lang.value)


@app.command()
def score(
    file: File,
    at: At = None,
    own: Annotated[bool, typer.Option("--self", help="chỉ điểm tự đánh giá / by the units' evidence alone")] = False,
    format: Annotated[Form, typer.Option("--format")] = Form.table,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH")] = None,
    lang: Lang = Language.vi,
) -> None:
    """Điểm hiện tại, hoặc như sau bản ghi N. / The points as they stand, or as after entry N."""
    from par_engine.cli.keeping import score_command

    raise typer.Exit(score_command(file, at, format.value, output, own=own, lang=lang.value))


@app.command()
def report(
    file: File,
    unit: Annotated[str | None, typer.Option("--unit", "-u", help="đơn vị / unit")] = None,
    at: At = None,
    everything: Annotated[bool, typer.Option("--all", help="mọi mục / every item")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="XLSX")] = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Tự chấm, thẩm định, chênh lệch, lý do, điểm mất. / Own points, appraisal, difference, reason, lost points."""
    from par_engine.cli.appraisals import report_command

    report_command(file, unit, at, output, everything=everything, json=json, lang=lang.value)


@app.command()
def verify(
    file: File,
    receipts: Annotated[
        list[str] | None,
        typer.Option("--receipt", metavar="HASH", help="mã đã giữ lại của một bản ghi / a hash noted earlier"),
    ] = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Kiểm tra không có gì bị sửa, mất. / Whether anything was changed or lost."""
    from par_engine.cli.keeping import verify_command

    raise typer.Exit(verify_command(file, receipts or [], json=json, lang=lang.value))


@app.command()
def export(
    file: File,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="BUNDLE.zip")],
    lang: Lang = Language.vi,
) -> None:
    """Gói để người khác tính lại. / A bundle from which others compute the same figures."""
    from par_engine.cli.keeping import export_command

    export_command(file, output, lang.value)


@app.command()
def recompute(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE.zip")], json: Json = False, lang: Lang = Language.vi
) -> None:
    """Tính lại từ gói đã xuất. / Compute the figures of a bundle again."""
    from par_engine.cli.keeping import recompute_command

    raise typer.Exit(recompute_command(bundle, json=json, lang=lang.value))
