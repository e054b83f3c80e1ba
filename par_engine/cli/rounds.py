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
    from par_engine.cli.round_actions import init_command

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
    from par_engine.cli.progress import busy
    from par_engine.cli.round_actions import opened, receipt

    with busy(lang.value) as doing:
        doing("reading", evidence.name)
        round_ = opened(file)
        entry = round_.submit(evidence, by, why, papers or [], stage=stage, override=override)
    receipt(entry, lang.value, round_.remarks)


@app.command()
def appraise(
    file: File,
    appraisal: Annotated[Path, typer.Argument(metavar="APPRAISAL", help="XLSX (par round form), CSV, JSON")],
    by: By,
    why: Why = "",
    final: Annotated[
        bool, typer.Option("--final", help="thẩm định lần cuối, sau giải trình / after explanations")
    ] = False,
    override: Override = None,
    lang: Lang = Language.vi,
) -> None:
    """Ghi điểm thẩm định. / Enter the points of an appraisal."""
    from par_engine.cli.progress import busy
    from par_engine.cli.round_actions import opened, receipt

    with busy(lang.value) as doing:
        doing("reading", appraisal.name)
        round_ = opened(file)
        entry = round_.appraise(appraisal, by, why, final=final, override=override)
    receipt(entry, lang.value, round_.remarks)


@app.command()
def explain(
    file: File,
    explanations: Annotated[Path, typer.Argument(metavar="FILE", help="XLSX (par round form), CSV, JSON")],
    by: By,
    why: Why = "",
    override: Override = None,
    lang: Lang = Language.vi,
) -> None:
    """Nộp giải trình và điểm đề nghị. / Hand in explanations and requested points."""
    from par_engine.cli.progress import busy
    from par_engine.cli.round_actions import opened, receipt

    with busy(lang.value) as doing:
        doing("reading", explanations.name)
        round_ = opened(file)
        entry = round_.explain(explanations, by, why, override=override)
    receipt(entry, lang.value, round_.remarks)


@app.command()
def survey(
    file: File,
    found: Annotated[
        Path,
        typer.Argument(
            metavar="BALLOTS", help="phiếu (CSV, XLSX), hoặc JSON của par survey tally / ballots, or their tally"
        ),
    ],
    by: By,
    why: Why,
    papers: Annotated[
        list[Path] | None, typer.Option("--document", metavar="FILE", help="tài liệu kiểm chứng / a document")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", "-u", help="mọi phiếu là của đơn vị này / the ballots' unit")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="trang tính có phiếu / the ballots' sheet")
    ] = None,
    tokens: Annotated[
        Path | None,
        typer.Option("--tokens", metavar="HASHES", help="chỉ nhận phiếu có mã đã phát / only issued tokens"),
    ] = None,
    lang: Lang = Language.vi,
) -> None:
    """Ghi kết quả khảo sát, đến khi thẩm định xong. / Enter what a survey found, until the appraisal is final."""
    from par_engine.cli.round_entries import survey_command

    survey_command(file, found, by, why, papers or [], unit, sheet, tokens, lang.value)


@app.command()
def form(
    file: File,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FORM.xlsx", help="XLSX")],
    explain: Annotated[bool, typer.Option("--explain", help="biểu giải trình / for explanations")] = False,
    final: Annotated[bool, typer.Option("--final", help="biểu thẩm định lần cuối / for the final appraisal")] = False,
    units: Annotated[list[str] | None, typer.Option("--unit", "-u", help="đơn vị (mặc định: tất cả) / unit")] = None,
    lang: Lang = Language.vi,
) -> None:
    """Biểu trống để thẩm định hoặc giải trình. / A blank form for an appraisal or for explanations."""
    from par_engine.cli.round_entries import form_command

    form_command(file, output, units or [], explain=explain, final=final, lang=lang.value)


@app.command()
def done(
    file: File,
    tasks: Annotated[
        list[str], typer.Argument(metavar="TASK", help="mã nhiệm vụ (par round plan) / a task of the plan")
    ],
    by: By,
    why: Why = "",
    undo: Annotated[bool, typer.Option("--undo", help="bỏ ghi đã xong / it is not done after all")] = False,
    lang: Lang = Language.vi,
) -> None:
    """Ghi nhiệm vụ của kế hoạch đã xong. / Tasks of the plan that are done."""
    from par_engine.cli.round_actions import opened, receipt

    receipt(opened(file).done(tasks, by, why, undo=undo), lang.value)


@app.command()
def plan(
    file: File,
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help="DD/MM/YYYY, YYYY-MM-DD")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="ICS, XLSX")] = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Kế hoạch của kỳ, với việc đã ghi là xong. / The plan of the round, with the tasks that are done."""
    from par_engine.cli.plan import plan_command

    raise typer.Exit(plan_command("", today, [], output, json=json, lang=lang.value, round_file=file))


@app.command()
def status(file: File, at: At = None, json: Json = False, lang: Lang = Language.vi) -> None:
    """Ai đã nộp, còn thiếu gì, hạn nào. / Who has handed in, what is missing, which days."""
    from par_engine.cli.round_actions import status_command

    status_command(file, at, json=json, lang=lang.value)


@app.command()
def history(file: File, json: Json = False, lang: Lang = Language.vi) -> None:
    """Mọi bản ghi. / Every entry."""
    from par_engine.cli.round_actions import history_command

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
    from par_engine.cli.round_actions import score_command

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
    from par_engine.cli.round_report import report_command

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
    from par_engine.cli.round_actions import verify_command

    raise typer.Exit(verify_command(file, receipts or [], json=json, lang=lang.value))


@app.command()
def export(
    file: File,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="BUNDLE.zip")],
    lang: Lang = Language.vi,
) -> None:
    """Gói để người khác tính lại. / A bundle from which others compute the same figures."""
    from par_engine.cli.round_actions import export_command

    export_command(file, output, lang.value)


@app.command()
def recompute(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE.zip")], json: Json = False, lang: Lang = Language.vi
) -> None:
    """Tính lại từ gói đã xuất. / Compute the figures of a bundle again."""
    from par_engine.cli.round_actions import recompute_command

    raise typer.Exit(recompute_command(bundle, json=json, lang=lang.value))
