"""The program as its library sees it: commands that wait to be asked for, and all words in the user's language."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from par_engine.cli import library_words, streams
from par_engine.cli.library_words import in_vietnamese
from par_engine.i18n.catalogue import LANGS, Lang, entries, tables, text

_WRITTEN = ("--output", "--detail", "--save-template")
"""Options that name files to write."""


def language() -> Lang:
    """The language of this run."""
    return "en" if os.environ.get("PAR_LANG") == "en" else "vi"


def taken_out(words: Sequence[str]) -> tuple[list[str], Lang | None]:
    """The words without `--lang`, which may stand before a command and after it, and the last language it names."""
    rest: list[str] = []
    asked: Lang | None = None
    there = iter(words)
    for word in there:
        if word == "--":
            rest += [word, *there]
        elif word.startswith("--lang="):
            asked = _known(word.partition("=")[2])
        elif word == "--lang" and (value := next(there, None)) is not None:
            asked = _known(value)
        else:
            rest.append(word)
    return rest, asked


def _known(asked: str) -> Lang:
    known: dict[str, Lang] = {lang: lang for lang in LANGS}
    if asked in known:
        return known[asked]
    raise _WrongLanguageError(asked)


class _WrongLanguageError(ValueError):
    """A language that there is none of."""


def _spoken(formatter: Any, lang: Lang) -> Any:
    """A formatter of the library that says everything in one language."""
    base = type(formatter)

    class Formatter(base):  # type: ignore[misc, valid-type]  # the library's own, wherever that keeps it
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, library_words.shown(args, lang), library_words.heading("Usage", lang) + ": ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(library_words.heading(heading, lang))

        def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **named: Any) -> None:
            said = [(library_words.shown(first, lang), library_words.told(second, lang)) for first, second in rows]
            super().write_dl(said, *args, **named)

    formatter.__class__ = Formatter
    return formatter


class _Speaking:
    """A command or group whose help is in the language of this run; `path` is its words, "" for the program."""

    path: str
    help: str | None
    params: list[Any]
    format_help: Callable[..., None]
    format_usage: Callable[..., None]

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        lang, (group, _, name) = language(), self.path.rpartition(" ")
        self.help = text(f"commands.{group or 'par'}", name or "par", lang)
        said = {**entries("help.any", lang), **self._own(lang)}
        for param in self.params:
            param.help = said.get(param.name)
        return self._text(ctx, self.format_help)

    def _own(self, lang: Lang) -> Mapping[str, str]:
        """What is said of the options of this command alone."""
        table = f"help.{self.path.replace(' ', '.') or 'par'}"
        return entries(table, lang) if table in tables(lang) else {}

    def get_usage(self, ctx: Any) -> str:
        """The line on usage."""
        return self._text(ctx, self.format_usage)

    def _text(self, ctx: Any, write: Callable[..., None]) -> str:
        formatter = _spoken(ctx.make_formatter(), language())
        write(ctx, formatter)
        return str(formatter.getvalue()).rstrip("\n")


class Command(_Speaking, TyperCommand):
    """A command; an option that takes one value is given once, and no file that is read is written."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse two values for one."""
        single = {
            p.name: p
            for p in self.params
            if p.param_type_name == "option" and not (p.multiple or getattr(p, "is_flag", False))
        }
        parser: Any = self.make_parser(ctx)
        order = [param.name for param in parser.parse_args(args=list(args))[2]]
        for name, param in single.items():
            if order.count(name) > 1:
                ctx.fail(f"Option '{param.opts[0]}' is given twice.")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Do not begin when what would be written is what is read."""
        outputs: list[Path] = []
        others: list[Path] = []
        for param in self.params:
            given = ctx.params.get(param.name)
            values = given if isinstance(given, (list, tuple)) else [given]
            paths = [Path(value) for value in values if isinstance(value, (str, Path)) and str(value)]
            (outputs if param.opts[0] in _WRITTEN else others).extend(paths)
        if outputs:
            from par_engine.files.atomic import apart

            apart(outputs, (path for path in others if not path.is_dir()))
            streams.written()
        return super().invoke(ctx)


class _Commands(Mapping[str, Any]):
    """The commands of a group by name: a module is imported when one of its commands is looked up."""

    def __init__(self, group: str, places: Mapping[str, str]) -> None:
        self.group, self.places = group, places

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, name: str) -> Any:
        module, _, function = self.places[name].partition(":")
        callback = getattr(import_module(f"par_engine.cli.{module}"), function)
        settings = {"allow_extra_args": True, "ignore_unknown_options": True} if name == "test" else None
        info = CommandInfo(name=name, cls=Command, callback=callback, context_settings=settings, help="")
        command: Any = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
        command.path = f"{self.group} {name}".strip()
        return command


class Group(_Speaking, TyperGroup):
    """Commands by name, each listed with the whole first sentence of its help."""

    def __init__(self, path: str, commands: Mapping[str, Any], **settings: Any) -> None:
        super().__init__(name=path or "par", no_args_is_help=True, rich_markup_mode=None, **settings)
        self.path, self.commands = path, commands  # type: ignore[assignment]  # nothing adds to them

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, of which none needs to be imported."""
        said = entries(f"commands.{self.path or 'par'}", language())
        with formatter.section("Commands"):
            formatter.write_dl([(name, said[name]) for name in self.list_commands(ctx)])


class _All(_Commands):
    """The commands of the program, and its groups."""

    def __init__(self, places: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__("", places[""])
        self.groups = {name: Group(name, _Commands(name, inner)) for name, inner in places.items() if name}

    def __iter__(self) -> Iterator[str]:
        return iter([*self.places, *self.groups])

    def __len__(self) -> int:
        return len(self.places) + len(self.groups)

    def __getitem__(self, name: str) -> Any:
        return self.groups[name] if name in self.groups else super().__getitem__(name)


def program(places: Mapping[str, Mapping[str, str]]) -> Group:
    """`par` itself, of where its commands are done: by group, then by name, as MODULE:FUNCTION of this package."""
    info = CommandInfo(name="par", callback=_begin)
    own = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
    return Group("", _All(places), params=own.params, callback=own.callback, invoke_without_command=True)


def _begin(context: typer.Context, version: Annotated[bool, typer.Option("--version")] = False) -> None:
    if version:
        import par_engine

        typer.echo(f"par-engine {par_engine.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def refused(error: BaseException) -> str | None:
    """What the library says of words that it cannot use, in the language of this run; None for any other error."""
    lang = language()
    if isinstance(error, _WrongLanguageError):
        return text("library", "no-language", lang, asked=str(error))
    if type(error).__name__ == "Abort":
        return text("library", "aborted", lang)
    message: Callable[[], str] | None = getattr(error, "format_message", None)
    if message is None or not hasattr(error, "exit_code"):
        return None
    words, ctx = message(), getattr(error, "ctx", None)
    if type(error).__name__.startswith("NoArgsIsHelp"):
        return words
    lines = [] if ctx is None else [ctx.get_usage(), text("library", "see-help", lang, command=ctx.command_path), ""]
    lines.append(text("library", "error", lang, message=in_vietnamese(words) if lang == "vi" else words))
    return "\n".join(lines)
