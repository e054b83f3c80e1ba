"""`par lineage`: which methodology follows which."""

from __future__ import annotations

from par_engine.api import installed, load
from par_engine.cli.options import Lang, OutputIfAny
from par_engine.cli.output import say
from par_engine.comparison.lineage import lineage
from par_engine.files.atomic import written_whole


def lineage_command(output: OutputIfAny = None, lang: Lang = "vi") -> None:
    """Print or write the table as CSV."""
    found = lineage([load(listing.id) for listing in installed()])
    if output is None:
        say(found.rstrip("\n"))
        return
    with written_whole(output) as temporary:
        temporary.write_bytes(found.encode())
