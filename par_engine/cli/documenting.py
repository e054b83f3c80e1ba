"""`par docs`: the handbook of a methodology as Markdown and as one HTML page."""

from __future__ import annotations

from pathlib import Path

from par_engine.cli.output import say
from par_engine.documents import fail
from par_engine.files import written_whole


def docs_command(what: str, folder: Path, lang: str) -> int:
    """Write the handbooks of the methodologies found into a folder, which is made when it is not there."""
    from par_engine.authoring.handbook import handbook
    from par_engine.authoring.sources import find

    files = {name: data for methodology in find(what) for name, data in handbook(methodology).items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(str(folder), "unwritable", error.strerror or "cannot be written", "name a folder with -o")
    for name, data in files.items():
        with written_whole(folder / name) as temporary:
            temporary.write_bytes(data)
        say(str(folder / name))
    return 0
