"""`par template`: an evidence workbook of a methodology, empty or filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from par_engine.api import load
from par_engine.base.problems import fail
from par_engine.cli.options import IdFirst, Lang, Output, Stage, Unit, whole
from par_engine.cli.output import say
from par_engine.cli.progress import busy
from par_engine.files.atomic import unused, written_whole
from par_engine.i18n.catalogue import text


def template_command(
    id: IdFirst,
    output: Output,
    agency: Annotated[str | None, typer.Option("--agency", metavar="OWNER")] = None,
    unit: Unit = None,
    evidence: Annotated[Path | None, typer.Option("--from", metavar="EVIDENCE")] = None,
    stage: Stage = None,
    stated: Annotated[bool, typer.Option("--stated")] = False,
    lang: Lang = "vi",
) -> None:
    """Write the workbook whole or not at all, and say what is in it."""
    agency = agency or ""
    unit = unit or ""
    from par_engine.workbook.layout import owner_called
    from par_engine.workbook.template import template

    if output.suffix.lower() != ".xlsx":
        fail("unknown-format.workbook", output.name)
    unused(output)
    methodology = load(id)
    unit, agency = whole(unit, "--unit"), whole(agency, "--agency")
    if stated and agency:
        fail("stated.agency", "--stated")
    with busy(lang) as doing:
        doing("reading", "" if evidence is None else evidence.name)
        read = None if evidence is None else methodology.read(evidence, stage)
        doing("writing", output.name)
        data = template(methodology, agency, unit, read, stated=stated)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    facts = methodology.document.facts.values()
    owner = owner_called(methodology.document, agency)
    count = sum(not owner or fact.owner == owner for fact in facts)
    say(text("cli.template", "written", lang, path=output, facts=count))
