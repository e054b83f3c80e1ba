"""`par docs`: the handbook of a methodology as Markdown and as one HTML page."""

from __future__ import annotations

from pathlib import Path

from par_engine.cli.output import say
from par_engine.files.atomic import write_into
from par_engine.i18n.catalogue import Lang


def docs_command(what: str, folder: Path, lang: Lang) -> int:
    """Write the handbooks of the methodologies found into a folder, which is made when it is not there."""
    from par_engine.authoring.handbook import handbook
    from par_engine.authoring.sources import find

    files = {folder / name: data for methodology in find(what) for name, data in handbook(methodology).items()}
    write_into(folder, files)
    for path in files:
        say(str(path))
    return 0
