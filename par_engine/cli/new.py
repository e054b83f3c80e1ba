"""`par new`: a year as a plugin that installs and passes its own tests, written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.api import load
from par_engine.base.extras import install
from par_engine.cli.options import Lang
from par_engine.cli.output import say
from par_engine.i18n.catalogue import text


def new_command(
    name: Annotated[str, typer.Argument(metavar="YEAR")],
    sources: Annotated[list[str] | None, typer.Option("--from", metavar="ID")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR")] = None,
    lang: Lang = "vi",
) -> int:
    """Write the plugin into a new folder and say what to do next."""
    sources = sources or []
    from par_engine.authoring.plugin import write_plugin
    from par_engine.authoring.scaffold import template

    year = name.partition("-")[0]
    folder = output if output is not None else Path(f"par-{year}")
    made = write_plugin(name, [load(id) for id in sources] or [template()], folder)
    ids = ", ".join(methodology.id for methodology in made)
    say(f"{folder}: par-{year} ({ids})")
    steps = [install(str(folder)), *(f"par check {m.id}" for m in made), f"pytest {folder}"]
    say(text("cli.new", "next", lang, steps="; ".join(steps)))
    return 0
