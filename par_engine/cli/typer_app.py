"""The words of the command line's own library in the language of the user: usage, help, refusals."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from par_engine.i18n.catalogue import LANGS, Lang

_HEADINGS = {"Options": "Tùy chọn", "Arguments": "Đối số", "Commands": "Lệnh", "Usage": "Cách dùng"}
_METAVARS = {"[OPTIONS]": "[TÙY CHỌN]", "COMMAND": "LỆNH", "[ARGS]...": "[ĐỐI SỐ]..."}
_VALUES = {"<path>": "<tệp>", "<str>": "<chữ>", "<int>": "<số>", "<float>": "<số>"}
_HELP = "Show this message and exit."
_EXTRAS = re.compile(r"(.*?)(?:(?:^|  )\[([^\[\]]*)\])?", re.DOTALL)
_EXTRA = (("default: ", "mặc định: "), ("env var: ", "biến môi trường: "), ("required", "bắt buộc"))
_KINDS = {"argument": "đối số", "option": "tùy chọn", "parameter": "tham số"}
_WHAT = {
    "integer": "số nguyên", "float": "số", "boolean": "đúng/sai", "integer range": "số nguyên", "float range": "số",
}  # fmt: skip


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


def chosen(text: str, lang: Lang) -> str:
    """Of a text in both languages, `Tiếng Việt. / English.`, the one that is asked for.

    >>> chosen("đơn vị / unit", "en"), chosen("DOCX, XLSX", "vi")
    ('unit', 'DOCX, XLSX')
    """
    vi, sign, en = text.partition(" / ")
    return text if not sign else vi if lang == "vi" else en


def _told(text: str, lang: Lang) -> str:
    """The help of an option: its text in one language, and what the library adds in brackets."""
    found = _EXTRAS.fullmatch(text)
    assert found is not None
    said, extra = found[1], found[2]
    if extra is not None and not any(extra.startswith(key) or key in extra for key, _ in _EXTRA) and "=" not in extra:
        said, extra = text, None
    said = chosen(said, lang)
    if lang == "vi":
        said = "In trợ giúp này." if said == _HELP else said
        for en, vi in _EXTRA if extra else ():
            extra = extra.replace(en, vi)
    return said if not extra else f"{said}  [{extra}]".strip()


def _shown(words: str, lang: Lang) -> str:
    """An option or argument with what its value is."""
    for en, vi in _VALUES.items() if lang == "vi" else ():
        words = words.replace(en, vi)
    return words


def _spoken(formatter: Any, lang: Lang) -> Any:
    """A formatter of the library that says everything in one language."""
    base = type(formatter)

    class Formatter(base):  # type: ignore[misc, valid-type]  # the library's own, wherever that keeps it
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            if lang == "vi":
                for en, vi in _METAVARS.items():
                    args = args.replace(en, vi)
            super().write_usage(prog, args, f"{_HEADINGS['Usage']}: " if lang == "vi" else prefix)

        def write_heading(self, heading: str) -> None:
            super().write_heading(_HEADINGS.get(heading, heading) if lang == "vi" else heading)

        def write_text(self, text: str) -> None:
            super().write_text(chosen(text, lang))

        def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **named: Any) -> None:
            super().write_dl([(_shown(first, lang), _told(second, lang)) for first, second in rows], *args, **named)

    formatter.__class__ = Formatter
    return formatter


class _Speaking:
    """A command or group whose help is in the language of this run."""

    format_help: Callable[..., None]
    format_usage: Callable[..., None]

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return self._text(ctx, self.format_help)

    def get_usage(self, ctx: Any) -> str:
        """The line on usage."""
        return self._text(ctx, self.format_usage)

    def _text(self, ctx: Any, write: Callable[..., None]) -> str:
        formatter = _spoken(ctx.make_formatter(), language())
        write(ctx, formatter)
        return str(formatter.getvalue()).rstrip("\n")


class Command(_Speaking, TyperCommand):
    """A command; an option that takes one value is given once."""

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


class Group(_Speaking, TyperGroup):
    """A group of commands, each listed with the whole first sentence of its help."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.help or "") for name, command in commands if command is not None and not command.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def refused(error: BaseException) -> str | None:
    """What the library says of words that it cannot use, in the language of this run; None for any other error."""
    lang = language()
    if isinstance(error, _WrongLanguageError):
        return f"✗ --lang: không có {error} — chọn vi hoặc en" if lang == "vi" else f"✗ --lang: no {error} — vi or en"
    if type(error).__name__ == "Abort":
        return "Đã dừng." if lang == "vi" else "Aborted!"
    message: Callable[[], str] | None = getattr(error, "format_message", None)
    if message is None or not hasattr(error, "exit_code"):
        return None
    text, ctx = message(), getattr(error, "ctx", None)
    if type(error).__name__.startswith("NoArgsIsHelp"):
        return text
    lines = []
    if ctx is not None:
        path = f"{ctx.command_path} --help"
        lines = [ctx.get_usage(), f"Xem {path}" if lang == "vi" else f"Try '{path}' for help.", ""]
    lines.append(f"Lỗi: {in_vietnamese(text)}" if lang == "vi" else f"Error: {text}")
    return "\n".join(lines)


_Said = Callable[[re.Match[str]], str]
_SAID: tuple[tuple[str, _Said], ...] = (
    (r"No such option: (\S+?)\.?", lambda m: f"không có tùy chọn {m[1]}"),
    (r"No such command '(.*)'\.", lambda m: f"không có lệnh {m[1]}"),
    (r"Missing command\.", lambda m: "thiếu lệnh"),
    (r"Missing (argument|option|parameter) (.*?)\.", lambda m: f"thiếu {_KINDS[m[1]]} {_or(m[2])}"),
    (r"Missing parameter: (.*)", lambda m: f"thiếu tham số {m[1]}"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", lambda m: f"thừa {m[1]}"),
    (r"Option '(.*)' requires an argument\.", lambda m: f"tùy chọn {m[1]} cần một giá trị"),
    (r"Option '(.*)' requires (\d+) arguments\.", lambda m: f"tùy chọn {m[1]} cần {m[2]} giá trị"),
    (r"Option '(.*)' does not take a value\.", lambda m: f"tùy chọn {m[1]} không nhận giá trị"),
    (r"Option '(.*)' is given twice\.", lambda m: f"tùy chọn {m[1]} được ghi hai lần"),
    (r"Argument '(.*)' takes (\d+) values\.?", lambda m: f"đối số {m[1]} cần {m[2]} giá trị"),
    (r"Value error, (.*)", lambda m: in_vietnamese(m[1])),
    (r"Input should be a valid integer.*", lambda m: "phải là số nguyên"),
    (r"Input should be a valid (?:number|decimal).*", lambda m: "phải là số"),
    (r"Input should be greater than or equal to (\S+)", lambda m: f"phải từ {m[1]} trở lên"),
    (r"Input should be greater than (\S+)", lambda m: f"phải lớn hơn {m[1]}"),
    (r"Input should be less than or equal to (\S+)", lambda m: f"phải từ {m[1]} trở xuống"),
    (r"Input should be less than (\S+)", lambda m: f"phải nhỏ hơn {m[1]}"),
    (r"Invalid value: (.*)", lambda m: in_vietnamese(m[1])),
    (r"Invalid value for (.*?): (.*)", lambda m: f"{_or(m[1])}: {in_vietnamese(m[2])}"),
    (r"'(.*)' is not one of (.*)\.", lambda m: f"không có “{m[1]}”; chọn {m[2].replace(chr(39), '')}"),
    (r"'(.*)' is not a valid (.*)\.", lambda m: f"“{m[1]}” không phải là {_WHAT.get(m[2], m[2])}"),
    (r"(.*) is not in the range (.*)\.", lambda m: f"{m[1]} nằm ngoài khoảng {m[2]}"),
    (r"(.*) '(.*)' does not exist\.", lambda m: f"không có {m[2]}"),
    (r"Could not open file '(.*)': (.*)", lambda m: f"không mở được {m[1]}"),
)
_OFFER = re.compile(r"(.*?)\.? ?(?:\(?(?:Possible options|Did you mean(?: one of)?):? (.*?)\)?\??)", re.DOTALL)
_CHOICES = re.compile(r"(.*\.) Choose from:\s*(.*)", re.DOTALL)


def _or(names: str) -> str:
    """Names of one thing, as the library quotes them: `'--methodology' / '-m'`."""
    found = re.findall(r"'([^']*)'", names)
    return " / ".join(found) if found else names


def in_vietnamese(text: str) -> str:
    """A message of the library in Vietnamese; one that is not known as it is.

    >>> in_vietnamese("No such option: --fromat Did you mean --format?")
    'không có tùy chọn --fromat — có phải là --format?'
    """
    if offer := _OFFER.fullmatch(text):
        names = [name.strip(" '\"?") for name in re.split(r",| or ", offer[2])]
        said = in_vietnamese(offer[1] if offer[1].startswith("No such option") else f"{offer[1]}.")
        return f"{said} — có phải là {' hoặc '.join(filter(None, names))}?"
    if choices := _CHOICES.fullmatch(text):
        return f"{in_vietnamese(choices[1])} — chọn {' '.join(choices[2].split())}"
    for pattern, say in _SAID:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return say(found)
    return text
