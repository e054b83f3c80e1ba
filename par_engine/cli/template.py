"""`par template`: an evidence workbook of a methodology, empty or filled in."""

from __future__ import annotations

from pathlib import Path

from par_engine.api import load
from par_engine.base.problems import fail
from par_engine.cli.options import whole
from par_engine.cli.output import say
from par_engine.cli.progress import busy
from par_engine.files.atomic import unused, written_whole
from par_engine.i18n.catalogue import Lang


def template_command(
    id: str, output: Path, agency: str, unit: str, evidence: Path | None, stage: str | None, lang: Lang, *, stated: bool
) -> None:
    """Write the workbook whole or not at all, and say what is in it."""
    from par_engine.workbook.layout import owner_called
    from par_engine.workbook.template import template

    if output.suffix.lower() != ".xlsx":
        fail("unknown-format.template-command", output.name)
    unused(output)
    methodology = load(id)
    unit, agency = whole(unit, "--unit"), whole(agency, "--agency")
    if stated and agency:
        fail("stated.template-command", "--stated")
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
    say(f"Đã ghi {output}: {count} số liệu." if lang == "vi" else f"Written {output}: {count} facts.")
