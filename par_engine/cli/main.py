"""`par`: the commands, each a thin layer over the public API; heavy imports wait until a command runs."""

from __future__ import annotations

import copy
import enum
import errno
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.cli import agency_app, audit_app, authoring_app, publishing_app, rounds, streams, survey_app
from par_engine.cli.options import Id, Input, Json, Lang, Language, Stage
from par_engine.cli.typer_app import Command, Group, language, refused, taken_out

_WRITTEN = ("output", "detail", "save_template")
"""What commands call the files that they write."""

app = typer.Typer(
    name="par",
    help="Chấm điểm theo bộ tiêu chí, chính xác và giải thích được. / Exact, explained scoring by methodology.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(rounds.app)
app.add_typer(survey_app.survey, name="survey")
app.add_typer(survey_app.respondents, name="respondents")


class Kind(enum.StrEnum):
    """The documents that have a schema."""

    methodology = "methodology"
    part = "methodology-part"
    evidence = "evidence"
    report = "report"
    case = "case"
    agencies = "agencies"
    survey_plan = "survey-plan"


Evidence = Annotated[
    Path,
    typer.Argument(
        metavar="EVIDENCE", help="JSON, CSV, Parquet, XLSX; -: luồng vào / JSON, CSV, Parquet, XLSX; -: standard input"
    ),
]


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="in phiên bản / version")] = False
) -> None:
    if version:
        import par_engine

        typer.echo(f"par-engine {par_engine.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command("list")
def list_(
    json: Json = False,
    fast: Annotated[bool, typer.Option("--fast", help="chỉ đọc siêu dữ liệu / metadata only")] = False,
    lang: Lang = Language.vi,
) -> None:
    """Các bộ tiêu chí đã cài đặt. / The installed methodologies."""
    from par_engine.cli.list import list_command

    raise typer.Exit(list_command(json=json, fast=fast, lang=lang.value))


@app.command()
def template(
    id: Annotated[str, typer.Argument(metavar="ID")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="XLSX")],
    agency: Annotated[
        str | None, typer.Option("--agency", metavar="OWNER", help="chỉ số liệu của một cơ quan / of one agency")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", "-u", help="đơn vị / unit")] = None,
    evidence: Annotated[
        Path | None, typer.Option("--from", metavar="EVIDENCE", help="điền sẵn từ số liệu / fill in evidence")
    ] = None,
    stage: Stage = None,
    stated: Annotated[
        bool, typer.Option("--stated", help="có ô cho điểm đã công bố của mục và nguồn / take published totals")
    ] = False,
    lang: Lang = Language.vi,
) -> None:
    """Biểu Excel để nhập số liệu, điểm hiện ngay khi nhập. / A workbook for evidence, with live points."""
    from par_engine.cli.template import template_command

    template_command(id, output, agency or "", unit or "", evidence, stage, lang.value, stated=stated)


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID")],
    item: Annotated[str | None, typer.Argument(metavar="[ITEM]")] = None,
    units: Annotated[bool, typer.Option("--units", help="danh sách đơn vị / the units")] = False,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Cây tiêu chí, hoặc một mục với quy tắc và căn cứ. / The tree, or one item with rule, source and basis."""
    from par_engine.cli.show import show_command

    show_command(id, item, units=units, json=json, lang=lang.value)


@app.command()
def score(
    evidence: Evidence,
    methodology: Id,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, json, csv, csv-long, csv-excel; theo đuôi tệp nếu không ghi / "
            "table, json, csv, csv-long, csv-excel; else by the file's ending",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="JSON, CSV")] = None,
    stage: Stage = None,
    input_format: Input = None,
    official: Annotated[
        bool, typer.Option("--official", help="từ chối số dựng lại / refuse reconstructed numbers")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="chỉ in kết quả / only the result")] = False,
    lang: Lang = Language.vi,
) -> None:
    """Chấm điểm và xếp hạng. / Score and rank."""
    from par_engine.cli.score import score_command

    code = score_command(
        evidence,
        methodology,
        format,
        output,
        stage=stage,
        input_format=input_format,
        official=official,
        quiet=quiet,
        lang=lang.value,
    )
    raise typer.Exit(code)


@app.command()
def explain(
    evidence: Evidence,
    methodology: Id,
    unit: Annotated[str, typer.Option("--unit", "-u", help="đơn vị / unit")],
    item: Annotated[
        str, typer.Option("--item", "-i", help="mã mục, hoặc stream:ID / item code, or stream:ID")
    ] = "total",
    stage: Stage = None,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Giải thích một con số. / One figure back to its facts, rule, source and basis."""
    from par_engine.api import load
    from par_engine.cli.evidence_input import assess
    from par_engine.cli.output import print_json, say
    from par_engine.cli.score import contradictions

    assessment = assess(load(methodology), evidence, stage, lang.value, input_format)
    explanation = assessment.explain(unit, item)
    if json:
        print_json(explanation.data)
    else:
        say(explanation.vi if lang is Language.vi else explanation.en)
    raise typer.Exit(contradictions(assessment, lang.value, unit))


Unit = Annotated[str | None, typer.Option("--unit", "-u", help="đơn vị, khi có nhiều / unit, when there are several")]


@app.command()
def improve(
    evidence: Evidence,
    methodology: Id,
    unit: Unit = None,
    target: Annotated[str | None, typer.Option("--target", metavar="INDEX", help="chỉ số cần đạt / index")] = None,
    rank: Annotated[int | None, typer.Option("--rank", help="thứ hạng cần đạt / place")] = None,
    gain: Annotated[str | None, typer.Option("--gain", metavar="POINTS", help="số điểm cần tăng / points")] = None,
    effort: Annotated[
        Path | None, typer.Option("--effort", metavar="PATH", help="công sức từng số liệu / effort by fact: XLSX, CSV")
    ] = None,
    effort_form: Annotated[
        Path | None, typer.Option("--effort-form", metavar="XLSX", help="ghi biểu công sức trống / a blank form")
    ] = None,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Mất điểm ở đâu, cách ít tốn công nhất để đạt mục tiêu. / The cheapest way to a target."""
    from par_engine.cli.improve import improve_command

    code = improve_command(
        evidence,
        methodology,
        unit,
        target,
        rank,
        gain,
        effort,
        form=effort_form,
        input_format=input_format,
        json=json,
        lang=lang.value,
    )
    raise typer.Exit(code)


@app.command("what-if")
def what_if(
    evidence: Evidence,
    methodology: Id,
    unit: Unit = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="FACT=VALUE", help="đặt lại số liệu / a fact")
    ] = None,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Nếu số liệu khác đi thì sao. / Index, place and group with other facts."""
    from par_engine.cli.improve import what_if_command

    code = what_if_command(
        evidence, methodology, unit, sets or [], input_format=input_format, json=json, lang=lang.value
    )
    raise typer.Exit(code)


@app.command()
def validate(
    evidence: Evidence, methodology: Id, input_format: Input = None, json: Json = False, lang: Lang = Language.vi
) -> None:
    """Kiểm tra số liệu, nêu mọi lỗi. / All problems of some evidence, each with place and hint."""
    from par_engine.cli.score import validate_command

    raise typer.Exit(validate_command(evidence, methodology, input_format, json=json, lang=lang.value))


@app.command()
def schema(
    kind: Kind,
    methodology: Annotated[str | None, typer.Option("--methodology", "-m", metavar="ID")] = None,
    lang: Lang = Language.vi,
) -> None:
    """JSON Schema của một loại tài liệu; với -m là mẫu số liệu. / A JSON Schema; with -m the evidence form."""
    from par_engine.cli.output import print_json

    if methodology is None:
        from par_engine import schemas

        print_json(schemas.bundle(f"{kind.value}-1"))
        return
    if kind is not Kind.evidence:
        from par_engine.base.problems import fail

        fail("methodology.schema", "-m")
    import par_engine

    print_json(par_engine.load(methodology).evidence_schema())


@app.command()
def plan(
    id: Annotated[str, typer.Argument(metavar="ID", help="bộ tiêu chí hoặc tệp của một kỳ / methodology or round")],
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help="DD/MM/YYYY, YYYY-MM-DD")] = None,
    done: Annotated[
        list[str] | None, typer.Option("--done", metavar="TASK", help="nhiệm vụ đã xong / a task that is done")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="ICS, XLSX")] = None,
    json: Json = False,
    lang: Lang = Language.vi,
) -> None:
    """Kế hoạch của kỳ đánh giá: việc nào xong, quá hạn, sắp đến. / The tasks of a round, and what is late."""
    from par_engine.cli.plan import plan_command

    raise typer.Exit(plan_command(id, today, done or [], output, json=json, lang=lang.value))


class _Careful(Command):
    """A command that does not begin when what it would write is what it reads."""

    def invoke(self, ctx: Any) -> Any:
        paths: dict[str, list[Path]] = {}
        for name, given in ctx.params.items():
            values = given if isinstance(given, (list, tuple)) else [given]
            paths[name] = [Path(value) for value in values if isinstance(value, (str, Path)) and str(value)]
        outputs = [path for name in _WRITTEN for path in paths.pop(name, [])]
        if outputs:
            from par_engine.files.atomic import apart

            apart(outputs, (path for found in paths.values() for path in found if not path.is_dir()))
            streams.written()
        return super().invoke(ctx)


for _part in (agency_app.app, audit_app.app, publishing_app.app, authoring_app.app):
    app.registered_commands += _part.registered_commands
for _app in (app, rounds.app, survey_app.survey, survey_app.respondents):
    _app.info.cls = Group
    for _command in _app.registered_commands:
        _command.cls = _Careful


def run(arguments: list[str] | None = None) -> None:
    """Run `par` and exit: 0 good, 1 problems in the input, 2 wrong usage, 130 interrupted."""
    if arguments is None:
        streams.in_utf8()
    streams.prepare()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _short_lived()
    try:
        code = _ended(words)
    finally:
        gc.freeze()  # all that is left ends with the process: no need to look through it first
    sys.exit(streams.closed(code, language()))


def _ended(words: list[str]) -> int:
    """The code with which a command ends; what keeps it from a result has been said."""
    try:
        words, asked = taken_out(words)
        if asked is not None:
            os.environ["PAR_LANG"] = asked
        code = _narrowed(words)(args=words, prog_name="par", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SystemExit as end:  # of what is called, or of the library when the reader of a pipe has gone
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:
        streams.forget(sys.stdout)  # the reader has gone: say nothing more
        return 1
    except streams.LostError as error:
        streams.forget(sys.stdout)
        streams.tell(error.reason, language())
        return 1
    except KeyboardInterrupt:
        return 130
    except MemoryError:
        from par_engine.base.problems import problem
        from par_engine.cli.output import complain

        complain([problem("memory", "par")], language())
        return 1
    except OSError as error:  # of what the library prints; all other readers and writers say their own
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT):
            raise
        streams.forget(sys.stdout)
        streams.tell(error.strerror or str(error), language())
        return 1
    except Exception as error:
        from par_engine.base.problems import ParError

        if isinstance(error, ParError):
            from par_engine.cli.output import complain

            complain(error.problems, language())
            return 1
        if (told := refused(error)) is None:
            raise
        typer.echo(told, err=True)
        return 2


def _short_lived() -> None:
    """What a process that ends soon may do without; each costs more than a twentieth of it."""
    gc.set_threshold(100_000, 50, 50)  # imports and documents are no garbage
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads take longer to start than they save
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # nor has another package a say in what is valid


def _narrowed(words: list[str]) -> typer.Typer:
    """The app with no command but the one that is asked for: making all of them ready takes as long as scoring does."""
    asked = words[0] if words else ""
    commands = [c for c in app.registered_commands if c.callback and (c.name or c.callback.__name__) == asked]
    groups = [g for g in app.registered_groups if g.typer_instance and asked in (g.name, g.typer_instance.info.name)]
    if len(commands) + len(groups) != 1:
        return app
    small = copy.copy(app)
    small.registered_commands, small.registered_groups = commands, groups
    return small
