"""What people see: plain lines and aligned tables; text from outside is never taken for markup."""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from par_engine.base.problems import LEFT, Problem, quote
from par_engine.cli import streams
from par_engine.i18n.catalogue import Lang, entries, text

if TYPE_CHECKING:  # a terminal needs it, a pipe does not, and it takes its time to import
    from rich.console import Console

Justify = Literal["left", "right"]
MOST = 20
_WIDE = 1000
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LATIN = re.compile("[ -\u02ff\u1e00-\u1eff\u2013\u2014\u2026]*")  # each is one column wide, as is all Vietnamese (NFC)


def console(*, error: bool = False) -> Console:
    """A console that does not wrap or colour when it does not write to a terminal."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    return Console(
        file=stream, highlight=False, soft_wrap=not stream.isatty(), width=None if stream.isatty() else _WIDE
    )


def say(text: str = "", *, error: bool = False) -> None:
    """One text from anywhere; what would steer a terminal shows as what it is."""
    with streams.printing(error=error):
        print(_harmless(text), file=sys.stderr if error else sys.stdout)


def raw(data: bytes) -> None:
    """A document as it is where a program reads it; on a terminal, what would steer that shows as what it is."""
    if sys.stdout.isatty():
        say(data.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n"))
        return
    with streams.printing():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def _harmless(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)


def print_json(value: Any) -> None:
    """A value as JSON on standard output."""
    raw(json.dumps(value, ensure_ascii=False, indent=2).encode(errors="backslashreplace") + b"\n")


def headings(name: str, lang: Lang) -> list[str]:
    """The headings of a table, as the catalogue has them."""
    return [*entries(name, lang).values()]


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], justify: Sequence[Justify]) -> None:
    """An aligned table; the widest text column shrinks on a narrow terminal."""
    lines = [headers, *rows]
    out = None if _is_plain() else console()
    if (out is None or not out.is_terminal) and (plain := aligned(lines, justify)) is not None:
        say(plain)
        return
    from rich.table import Table
    from rich.text import Text

    out = out or console()
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for header, side in zip(headers, justify, strict=True):
        grid.add_column(Text(header), justify=side, no_wrap=side == "right", overflow="fold")
    for row in lines[1:]:
        grid.add_row(*(Text(_harmless(cell)) for cell in row))
    with out.capture() as captured:
        out.print(grid)
    with streams.printing():
        print("\n".join(line.rstrip() for line in captured.get().splitlines()))  # with the colours of the library


def _is_plain() -> bool:
    """Whether standard output is surely no terminal, which is found out without the library."""
    forced = any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))
    return not sys.stdout.isatty() and not forced


def aligned(lines: Sequence[Sequence[str]], justify: Sequence[Justify]) -> str | None:
    """The lines of the table where nothing needs to wrap, in a tenth of its time; None where something does."""
    cells = [cell for line in lines for cell in line]
    whole = "".join(cells)
    if not whole.isprintable() or any(cell != cell.strip() for cell in cells):
        return None
    if _LATIN.fullmatch(whole):
        sizes = [list(map(len, line)) for line in lines]
    else:
        from rich.cells import cell_len

        sizes = [list(map(cell_len, line)) for line in lines]
        if any(bool(cell) > size for cell, size in zip(cells, itertools.chain(*sizes), strict=True)):
            return None  # marks without a letter: the library has its own way with them
    widths = [max(column) for column in zip(*sizes, strict=True)]
    if sum(widths) + 2 * len(widths) > _WIDE:
        return None
    out = []
    for line, mine in zip(lines, sizes, strict=True):
        pads = [" " * (width - size) for width, size in zip(widths, mine, strict=True)]
        padded = zip(line, pads, justify, strict=True)
        out.append("  ".join(pad + cell if side == "right" else cell + pad for cell, pad, side in padded).rstrip())
    return "\n".join(out)


_FLAGS = {"official=": "--official-document"}
"""Options that are called otherwise than the arguments of the library."""


def flagged(problem: Problem) -> Problem:
    """A problem of an argument of the library, `today=`, at the option that it is on the command line."""
    name = problem.document
    if not name.endswith("=") or not name[:-1].isidentifier():
        return problem
    return replace(problem, document=_FLAGS.get(name, "--" + name[:-1].replace("_", "-")))


def complain(problems: Sequence[Problem], lang: Lang) -> None:
    """Problems on standard error, one line each; many of one kind are cut and counted."""
    problems = [flagged(problem) for problem in problems]
    shown: Counter[str] = Counter()
    first: dict[str, Problem] = {}
    for problem in problems:
        shown[problem.code] += 1
        first.setdefault(problem.code, problem)
        if shown[problem.code] <= MOST:
            mark = {"error": "✗", "warning": "!"}[problem.severity]
            say(f"{mark} {problem.text(lang)}", error=True)
    for code, count in shown.items():
        if count > MOST:
            more = count - MOST
            key, like = "more" if len(shown) == 1 else "more-like", quote(first[code].place(lang))
            say(text("cli.output", key, lang, more=more, like=like), error=True)
    if problems and problems[-1].code == LEFT:
        count = len(problems) - 1
        say(text("cli.output", "more-than", lang, count=count), error=True)
        return
    count = len(problems)
    say(text("cli.output", "problems", lang, count=count), error=True)


def comma(number: object, lang: Lang) -> str:
    """A number as the language writes it; "" for none."""
    text = "" if number is None else str(number)
    return text.replace(".", ",") if lang == "vi" else text
