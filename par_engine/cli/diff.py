"""`par diff`: two methodologies side by side, as a table, JSON or Markdown."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from par_engine.api import Methodology
from par_engine.base.problems import MethodologyError, problem
from par_engine.cli.options import Lang
from par_engine.cli.output import headings, print_json, say, table
from par_engine.i18n.catalogue import text

if TYPE_CHECKING:
    from par_engine.comparison.methodologies import Change

_WIDEST = 80


class Side(enum.StrEnum):
    """The forms of a comparison."""

    table = "table"
    json = "json"
    markdown = "markdown"


def diff_command(
    old_id: Annotated[str, typer.Argument(metavar="ID1")],
    new_id: Annotated[str, typer.Argument(metavar="ID2")],
    format: Annotated[Side, typer.Option("--format")] = Side.table,
    lang: Lang = "vi",
) -> int:
    """Print what changed."""
    from par_engine.comparison.methodologies import diff

    old, new = _one(old_id), _one(new_id)
    old_id, new_id = old.id, new.id
    changes = diff(old.document, new.document)
    if format == "json":
        sides: dict[str, Any] = {
            side: {"id": m.id, "fingerprint": m.fingerprint} for side, m in (("old", old), ("new", new))
        }
        print_json({**sides, "changes": [change.as_dict() for change in changes]})
        return 0
    if format == "markdown":
        heads, rows = _rows(changes, old_id, new_id, lang)
        for cells in (heads, ["---"] * len(heads), *rows) if rows else ():
            say(_line(cells))
        if not rows:
            print_changes(changes, old_id, new_id, lang)
    else:
        print_changes(changes, old_id, new_id, lang)
    return 0


def print_changes(changes: Sequence[Change], old_id: str, new_id: str, lang: Lang) -> None:
    """Differences as a table."""
    heads, rows = _rows(changes, old_id, new_id, lang)
    if not rows:
        say(text("cli.diff", "no-changes", lang))
        return
    cut = [[*(_cut(cell) for cell in row[:3]), *_cut_both(*row[3:])] for row in rows]
    table(heads, cut, ["left"] * len(heads))


def _rows(changes: Sequence[Change], old_id: str, new_id: str, lang: Lang) -> tuple[list[str], list[list[str]]]:
    heads = [*headings("cli.diff.changes", lang), old_id, new_id]
    return heads, [
        [text("cli.diff.kinds", c.kind, lang), c.code, c.said("title", lang), c.said("old", lang), c.said("new", lang)]
        for c in changes
    ]


def _one(what: str) -> Methodology:
    from par_engine.authoring.sources import find

    found = find(what)
    if len(found) > 1:
        ids = ", ".join(methodology.id for methodology in found)
        raise MethodologyError([problem("several", what, what=what, ids=ids)])
    return found[0]


def _cut(cell: str) -> str:
    """A cell of a table on a screen; the other forms have it whole."""
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"


def _cut_both(old: str, new: str) -> tuple[str, str]:
    """Both sides of a difference on a screen, cut so that what differs is seen."""
    if len(old) <= _WIDEST and len(new) <= _WIDEST:
        return old, new
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _WIDEST // 3)
    if start:
        start = old.rfind(" ", 0, start) + 1
    return _from(old, start), _from(new, start)


def _from(text: str, start: int) -> str:
    return _cut(f"…{text[start:]}" if start else text)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
