"""`par import` and `par export`: from the annex of a decision to a plugin, and from a methodology to an annex."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from par_engine.base.extras import install, needs
from par_engine.base.problems import fail
from par_engine.cli.diff import print_changes
from par_engine.cli.options import Id, IdFirst, Json, Lang, Output
from par_engine.cli.output import headings, print_json, say, table
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import text

_FEW = 8


def export_command(
    id: IdFirst,
    output: Output,
    lang: Lang = "vi",
) -> int:
    """Write a methodology as an annex."""
    from par_engine.authoring.sources import find

    kind = output.suffix.lower()
    if kind not in (".docx", ".xlsx"):
        fail("annex-kind.written" if kind else "annex-kind.none", output.name, kind=kind)
    _extra(output.name, "lark", "xlsxwriter" if kind == ".xlsx" else "docx")  # texts of rules are read again
    from par_engine.annex import writing

    found = find(id)
    if len(found) > 1:
        ids = ", ".join(methodology.id for methodology in found)
        fail("several.exported", id, id=id, ids=ids)
    document = found[0].document
    data = writing.xlsx(document) if kind == ".xlsx" else writing.docx(document)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    leaves = sum(item.rule is not None for item in document.items)
    say(text("cli.annex", "exported", lang, path=output, items=len(document.items), rules=leaves))
    return 0


def _extra(label: str, *libraries: str) -> None:
    if not all(find_spec(library) for library in libraries):  # importing all takes its time
        needs(label, "annex")


def import_command(
    annex: Annotated[Path, typer.Argument(metavar="ANNEX")],
    methodology: Id,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER")],
    base_id: Annotated[str | None, typer.Option("--from", metavar="ID")] = None,
    official: Annotated[str | None, typer.Option("--official-document", metavar="NUMBER")] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="N|SHEET")] = None,
    rest_zero: Annotated[bool, typer.Option("--rest-zero")] = False,
    dry: Annotated[bool, typer.Option("--dry-run")] = False,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Read an annex, show what it changes and what stays open, and write it into a plugin's folder.

    0 when everything was understood, 1 when questions stay open (the rows are written and marked `to_do`).
    """
    _extra(annex.name, "docx", "lark", "openpyxl")
    from par_engine.authoring.importing import import_annex

    found = import_annex(annex, methodology, output, base_id, official=official, choice=table, rest_zero=rest_zero)
    draft, base = found.draft, found.base
    if json:
        print_json(
            {
                "annex": {"name": found.tables.name, "sha256": found.tables.sha256},
                "base": {"id": base.id, "fingerprint": base.fingerprint},
                "columns": dict(draft.columns.taken),
                "signed": [head for _, head in draft.columns.signed],
                "unread": list(draft.columns.unread),
                "untranslated": draft.untranslated,
                "leaves": draft.leaves,
                "understood": draft.understood,
                "assumed": dict(draft.assumed),
                "questions": [{"at": q.at, "item": q.code, "vi": q.vi, "en": q.en} for q in draft.questions],
                "aside": [{"at": q.at, "item": q.code, "vi": q.vi, "en": q.en} for q in draft.aside],
                "changes": [change.as_dict() for change in found.changes],
            }
        )
    else:
        taken = "; ".join(f"{text('cli.annex.columns', role, lang)} = “{head}”" for role, head in draft.columns.taken)
        say(text("cli.annex", "columns-read", lang, columns=taken))
        if draft.columns.signed:
            names = ", ".join(f"“{head}”" for _, head in draft.columns.signed)
            said = text("cli.annex", "signed", lang)
            say(f"{said}: {names}")
        if draft.columns.unread:
            names = ", ".join(f"“{head}”" for head in draft.columns.unread)
            say(text("cli.annex", "columns-unread", lang, columns=names))
        say(text("cli.annex", "compared", lang, id=base.id))
        print_changes(found.changes, base.id, annex.name if base.id == methodology else methodology, lang)
        _tell(draft, len(found.new.document.items), lang)
    if not dry:
        found.write()
        if not json:
            say(text("cli.annex", "written", lang, path=output))
            _next(output, methodology, lang, there=found.there)
    return 1 if draft.questions else 0


def _tell(found: Any, items: int, lang: Lang) -> None:
    for key, count in sorted(found.assumed.items()):
        what = text("cli.annex.unsaid", key, lang)
        say(text("cli.annex", "assumed", lang, what=what, count=count))
    heads = headings("cli.annex.aside", lang)
    if found.aside:
        say(text("cli.annex", "set-aside", lang))
        table(heads, _rows(found.aside, lang), ["left", "left", "left"])
    if found.untranslated:
        count = found.untranslated
        say(text("cli.annex", "untranslated", lang, count=count))
    asked = _rows(found.questions, lang)
    if asked:
        say(text("cli.annex", "open-questions", lang))
        table(headings("cli.annex.questions", lang), asked, ["left", "left", "left"])
    cells = len(found.questions)
    places = (text("cli.annex", "cells", lang, cells=cells)) if cells > len(asked) else ""
    share = f"{found.understood}/{found.leaves}"
    say(text("cli.annex", "summary", lang, items=items, understood=share, questions=len(asked), places=places))


def _rows(said: Sequence[Any], lang: Lang) -> list[list[str]]:
    """Each thing once, with the first of its places and all its items."""
    groups: dict[str, list[Any]] = {}
    for one in said:
        groups.setdefault(one.vi if lang == "vi" else one.en, []).append(one)
    rows = []
    for what, found in groups.items():
        codes = list(dict.fromkeys(one.code for one in found if one.code))
        shown = ", ".join(codes[:_FEW]) + (f", … ({len(codes)})" if len(codes) > _FEW else "")
        more = len(found) - 1
        at = text("cli.annex", "cells-more", lang, at=found[0].at, more=more) if more else found[0].at
        rows.append([at, shown, what])
    return rows


def _next(output: Path, id: str, lang: Lang, *, there: bool) -> None:
    steps: Sequence[str] = [f"par check {output}", f"pytest {output}"]
    if there:
        note = text("cli.annex", "raise-version", lang)
        steps = [note, *steps]
    else:
        steps = [install(str(output)), *steps]
    say(text("cli.annex", "next", lang, steps="; ".join(steps)))
