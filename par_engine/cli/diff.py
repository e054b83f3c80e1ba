"""`par diff`: two methodologies side by side, as a table, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from par_engine.api import Methodology
from par_engine.base.problems import MethodologyError, problem
from par_engine.cli.output import print_json, say, table
from par_engine.i18n.catalogue import Lang

if TYPE_CHECKING:
    from par_engine.comparison.methodologies import Change

_WIDEST = 80
_WORDS = {
    "added": ("thêm", "added"),
    "removed": ("bỏ", "removed"),
    "moved": ("đổi vị trí", "moved"),
    "renamed": ("đổi tên", "renamed"),
    "reweighted": ("đổi điểm", "reweighted"),
    "rule": ("đổi quy tắc", "rule"),
    "stream": ("đổi nguồn điểm", "stream"),
    "setting": ("quy định chung", "setting"),
    "basis": ("căn cứ", "basis"),
}


def diff_command(old_id: str, new_id: str, format: str, lang: Lang) -> int:
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
        heads, rows = _rows(changes, old_id, new_id, lang == "vi")
        for cells in (heads, ["---"] * len(heads), *rows) if rows else ():
            say(_line(cells))
        if not rows:
            print_changes(changes, old_id, new_id, lang)
    else:
        print_changes(changes, old_id, new_id, lang)
    return 0


def print_changes(changes: Sequence[Change], old_id: str, new_id: str, lang: Lang) -> None:
    """Differences as a table."""
    vi = lang == "vi"
    heads, rows = _rows(changes, old_id, new_id, vi)
    if not rows:
        say("Không có thay đổi." if vi else "No changes.")
        return
    cut = [[*(_cut(cell) for cell in row[:3]), *_cut_both(*row[3:])] for row in rows]
    table(heads, cut, ["left"] * len(heads))


def _rows(changes: Sequence[Change], old_id: str, new_id: str, vi: bool) -> tuple[list[str], list[list[str]]]:
    heads = ["Thay đổi", "Mã", "Tên", old_id, new_id] if vi else ["change", "code", "title", old_id, new_id]
    lang = "vi" if vi else "en"
    return heads, [
        [_WORDS[c.kind][not vi], c.code, c.said("title", lang), c.said("old", lang), c.said("new", lang)]
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
