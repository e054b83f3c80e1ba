"""The commands that make what people look at: page, report, book, each a thin layer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Id, Input, Lang, Language, Stage

app = typer.Typer()
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="EVIDENCE...|ROUND",
        help="số liệu, các giai đoạn theo thứ tự, hoặc tệp kỳ / stages in order, or a round",
    ),
]
Previous = Annotated[
    list[Path] | None,
    typer.Option("--previous", metavar="REPORT", help="báo cáo các kỳ trước, cũ nhất trước / older reports, in order"),
]


@app.command()
def page(
    evidence: Files,
    methodology: Id,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="HTML")],
    previous: Previous = None,
    stage: Stage = None,
    input_format: Input = None,
    lang: Lang = Language.vi,
) -> None:
    """Một trang để xem, gửi và lưu, không cần mạng. / One page to look at, mail and keep; no network."""
    from par_engine.cli.publishing import page_command

    code = page_command(
        evidence, methodology, output, previous or [], stage=stage, input_format=input_format, lang=lang.value
    )
    raise typer.Exit(code)


@app.command()
def report(
    evidence: Annotated[
        Path, typer.Argument(metavar="EVIDENCE|ROUND", help="số liệu hoặc tệp kỳ / evidence, or the file of a round")
    ],
    methodology: Id,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="PATH", help="DOCX, PDF, thư mục cho nhiều đơn vị / DOCX, PDF, or a folder"
        ),
    ],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", "-u", help="đơn vị, có thể nhắc lại / unit, repeatable")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="thêm bản PDF (cần LibreOffice) / a PDF beside it")] = False,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="DOCX", help="mẫu riêng / another template")
    ] = None,
    details: Annotated[
        Path | None,
        typer.Option("--details", metavar="JSON|XLSX", help="cơ quan, người ký, đề xuất / who signs, proposals"),
    ] = None,
    save_template: Annotated[
        Path | None,
        typer.Option("--save-template", metavar="DOCX", help="ghi mẫu có sẵn để sửa / the default template"),
    ] = None,
    save_details_form: Annotated[
        Path | None,
        typer.Option("--save-details-form", metavar="XLSX", help="ghi biểu mẫu của --details / a form for --details"),
    ] = None,
    stage: Stage = None,
    input_format: Input = None,
    lang: Lang = Language.vi,
) -> None:
    """Báo cáo tự đánh giá, chấm điểm (DOCX, PDF). / Self-assessment reports; the documents are Vietnamese."""
    from par_engine.cli.report import Files, report_command

    files = Files(template, details, save_template, save_details_form)
    code = report_command(
        evidence,
        methodology,
        output,
        unit or [],
        files,
        pdf=pdf,
        stage=stage,
        input_format=input_format,
        lang=lang.value,
    )
    raise typer.Exit(code)


@app.command()
def book(
    evidence: Files,
    methodology: Id,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX; PDF: bảng xếp hạng / PDF: the league table")
    ],
    previous: Previous = None,
    stage: Stage = None,
    input_format: Input = None,
    lang: Lang = Language.vi,
) -> None:
    """Bảng điểm Excel, tổng là công thức; bảng xếp hạng PDF. / A workbook with live sums; the league as PDF."""
    from par_engine.cli.publishing import book_command

    code = book_command(
        evidence, methodology, output, previous or [], stage=stage, input_format=input_format, lang=lang.value
    )
    raise typer.Exit(code)
