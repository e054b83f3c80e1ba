"""The commands of those who write and prove methodologies, each a thin layer."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from par_engine.cli.options import Id, Json, Lang, Language

app = typer.Typer()
Cases = Annotated[
    str, typer.Argument(metavar="ID|PATH", help="mã bộ tiêu chí, hoặc thư mục / an id, or a folder of cases")
]


@app.command("import")
def import_(
    annex: Annotated[Path, typer.Argument(metavar="ANNEX", help="DOCX, XLSX")],
    methodology: Id,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="thư mục của plugin / its folder")],
    base: Annotated[
        str | None, typer.Option("--from", metavar="ID", help="bộ làm khung / the one for all that an annex lacks")
    ] = None,
    official: Annotated[
        str | None,
        typer.Option("--official-document", metavar="NUMBER", help="số quyết định, nếu là bản chính thức / its number"),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="N|SHEET", help="bảng nào, nếu tệp có nhiều / which, if there are several"),
    ] = None,
    rest_zero: Annotated[
        bool,
        typer.Option("--rest-zero", help="dưới mức thấp nhất là 0 điểm, nếu phụ lục không nói / 0 below what is said"),
    ] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="chỉ xem, không ghi / write nothing")] = False,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Phụ lục của quyết định thành bộ tiêu chí. / A decision's annex into a methodology."""
    from par_engine.cli.annex import import_command

    code = import_command(
        annex,
        methodology,
        output,
        base,
        official,
        choice=table,
        rest_zero=rest_zero,
        dry=dry,
        json=json,
        lang=lang.value,
    )
    raise typer.Exit(code)


@app.command()
def export(
    id: Annotated[str, typer.Argument(metavar="ID")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="DOCX, XLSX")],
    lang: Lang = Language.vi,
) -> None:
    """Bộ tiêu chí thành phụ lục. / A methodology as an annex."""
    from par_engine.cli.annex import export_command

    raise typer.Exit(export_command(id, output, lang.value))


@app.command()
def cases(
    id: Annotated[str, typer.Argument(metavar="ID")],
    folder: Annotated[Path | None, typer.Argument(metavar="[CASES]", help="thư mục cases / folder of cases")] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="đề xuất trường hợp còn thiếu / the missing cases")
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH")] = None,
    lang: Lang = Language.vi,
) -> None:
    """Chỗ nào của quy tắc chưa được kiểm thử. / The places of rules that no case touches."""
    from par_engine.cli.cases import cases_command

    raise typer.Exit(cases_command(id, folder, output, suggest=suggest, lang=lang.value))


@app.command()
def check(
    what: Annotated[str, typer.Argument(metavar="ID|PATH", help="mã, thư mục hoặc tệp / an id, a folder or a file")],
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Chứng minh bộ tiêu chí không có lỗi, không cần số liệu. / Prove a methodology sound, without evidence."""
    from par_engine.cli.check import check_command

    raise typer.Exit(check_command(what, json=json, lang=lang.value))


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="YEAR", help="năm, hoặc mã mới / a year, or a new id")],
    sources: Annotated[
        list[str] | None, typer.Option("--from", metavar="ID", help="lấy từ bộ tiêu chí này / the older methodology")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR")] = None,
    lang: Lang = Language.vi,
) -> None:
    """Tạo gói của một năm mới, cài được và qua kiểm thử ngay. / A new year as a plugin that passes its tests."""
    from par_engine.cli.new import new_command

    raise typer.Exit(new_command(name, sources or [], output, lang.value))


class Side(enum.StrEnum):
    """The forms of a comparison."""

    table = "table"
    json = "json"
    markdown = "markdown"


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="ID1", help="mã hoặc đường dẫn / an id or a path")],
    new: Annotated[str, typer.Argument(metavar="ID2")],
    format: Annotated[Side, typer.Option("--format")] = Side.table,
    lang: Lang = Language.vi,
) -> None:
    """Hai bộ tiêu chí khác nhau ở đâu. / What changed from one methodology to another."""
    from par_engine.cli.diff import diff_command

    raise typer.Exit(diff_command(old, new, format.value, lang.value))


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(metavar="REPORT1", help="báo cáo cũ / the older report (JSON)")],
    new: Annotated[Path, typer.Argument(metavar="REPORT2", help="báo cáo mới / the newer one")],
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="PATH", help="số liệu của báo cáo mới / the newer report's evidence"),
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", "-u", help="từng mục của đơn vị / items of one unit")] = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Hai báo cáo: đổi bao nhiêu, do đâu, chỗ nào không so được. / What moved, why, and what does not compare."""
    from par_engine.cli.compare import compare_command

    raise typer.Exit(compare_command(old, new, evidence, unit, json=json, lang=lang.value))


@app.command()
def docs(
    what: Annotated[str, typer.Argument(metavar="ID|PATH", help="mã, thư mục hoặc tệp / an id, a folder or a file")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR")],
    lang: Lang = Language.vi,
) -> None:
    """Sổ tay bộ tiêu chí (Markdown, HTML). / A readable handbook of a methodology, in both languages."""
    from par_engine.cli.docs import docs_command

    raise typer.Exit(docs_command(what, output, lang.value))


@app.command()
def lineage(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH")] = None,
    lang: Lang = Language.vi,
) -> None:
    """Bộ tiêu chí nào thay thế bộ nào (CSV). / Which methodology follows which, as CSV."""
    from par_engine.api import installed, load
    from par_engine.cli.output import say
    from par_engine.comparison.lineage import lineage as table
    from par_engine.files.atomic import written_whole

    text = table([load(listing.id) for listing in installed()])
    if output is None:
        say(text.rstrip("\n"))
        return
    with written_whole(output) as temporary:
        temporary.write_bytes(text.encode())


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test_(context: typer.Context, what: Cases, lang: Lang = Language.vi) -> None:  # noqa: PT028  (it is a command)
    """Chạy các trường hợp kiểm thử bằng pytest. / Run cases by pytest, with its options."""
    from par_engine.cli.cases import test_command

    raise typer.Exit(test_command(what, context.args, lang.value))
