"""`par docs`: the handbook of a methodology as Markdown and as one HTML page."""

from __future__ import annotations

from par_engine.cli.options import IdOrPath, Lang, NewFolder
from par_engine.cli.output import say
from par_engine.files.atomic import write_into


def docs_command(
    what: IdOrPath,
    output: NewFolder,
    lang: Lang = "vi",
) -> int:
    """Write the handbooks of the methodologies found into a folder, which is made when it is not there."""
    from par_engine.authoring.handbook import handbook
    from par_engine.authoring.sources import find

    files = {output / name: data for methodology in find(what) for name, data in handbook(methodology).items()}
    write_into(output, files)
    for path in files:
        say(str(path))
    return 0
