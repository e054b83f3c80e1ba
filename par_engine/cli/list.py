"""`par list`: what is installed; a methodology that cannot load is shown with its fault and hides no other."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from par_engine.base.problems import ParError, Problem
from par_engine.cli.options import Json, Lang
from par_engine.cli.output import Justify, comma, complain, headings, print_json, say, table
from par_engine.i18n.catalogue import text
from par_engine.plugins import Listing, installed


def list_command(
    json: Json = False,
    fast: Annotated[bool, typer.Option("--fast")] = False,
    lang: Lang = "vi",
) -> int:
    """Print the list; 1 when a methodology could not be loaded."""
    rows: list[dict[str, Any]] = []
    faults: list[Problem] = []
    seen: set[str] = set()
    for listing in installed():
        row: dict[str, Any] = {"id": listing.id, "distribution": listing.distribution, "version": listing.version}
        if not fast:
            try:
                row |= _loaded(listing)
            except ParError as error:
                row["problems"] = [problem.as_dict() for problem in error.problems]
                faults += [] if listing.id in seen else error.problems
        seen.add(listing.id)
        rows.append(row)
    if json:
        print_json(rows)
    elif not rows:
        say(text("cli.list", "none", lang))
    elif fast:
        table(
            ["ID", text("cli.list", "package", lang)],
            [[r["id"], f"{r['distribution']} {r['version']}"] for r in rows],
            ["left", "left"],
        )
    else:
        _print(rows, lang)
    if faults:
        complain(faults, lang)
    return 1 if faults else 0


def _loaded(listing: Listing) -> dict[str, Any]:
    from par_engine.api import load
    from par_engine.base.decimals import plain, short

    methodology = load(listing.id)
    document = methodology.document
    return {
        "title": document.title.model_dump(),
        "units": len(document.units),
        "items": len(document.items),
        "leaves": len(methodology.scheme.leaves),
        "max": plain(document.total.max),
        "basis": {basis: short(points) for basis, points in methodology.basis().items()},
        "fingerprint": methodology.fingerprint,
    }


def _print(rows: list[dict[str, Any]], lang: Lang) -> None:
    heads = headings("cli.list.heads", lang)
    lines = []
    for row in rows:
        lines.append([row["id"], f"{row['distribution']} {row['version']}"])
        if "problems" in row:
            lines[-1] += ["—"] * 8
            continue
        basis = [comma(row["basis"][key], lang) for key in ("official", "derived", "reconstructed")]
        counts = [str(row[key]) for key in ("units", "items", "leaves")]
        lines[-1] += [*counts, comma(row["max"], lang), *basis, row["fingerprint"][:8]]
    right: list[Justify] = ["right"] * 7
    table(heads, lines, ["left", "left", *right, "left"])
    titles = [(row["id"], row["title"][lang]) for row in rows if "title" in row]
    say()
    for id, title in titles:
        say(f"{id}: {title}")
