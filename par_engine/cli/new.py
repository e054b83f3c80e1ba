"""`par new`: a year as a plugin that installs and passes its own tests, written whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import par_engine
from par_engine.api import Methodology, load
from par_engine.base.extras import install
from par_engine.base.problems import fail
from par_engine.cli.output import say
from par_engine.files.atomic import folder_whole
from par_engine.i18n.catalogue import Lang

CASES = "../../schemas/case-1.json"


def new_command(name: str, sources: Sequence[str], output: Path | None, lang: Lang) -> int:
    """Write the plugin into a new folder and say what to do next."""
    from par_engine.authoring.scaffold import template

    year = name.partition("-")[0]
    folder = output if output is not None else Path(f"par-{year}")
    made = write_plugin(name, [load(id) for id in sources] or [template()], folder)
    ids = ", ".join(methodology.id for methodology in made)
    say(f"{folder}: par-{year} ({ids})")
    steps = [install(str(folder)), *(f"par check {m.id}" for m in made), f"pytest {folder}"]
    say(("Tiếp theo: " if lang == "vi" else "Next: ") + "; ".join(steps))
    return 0


def write_plugin(
    name: str, sources: Sequence[Methodology], folder: Path, revise: Callable[[Path], None] | None = None
) -> list[Methodology]:
    """A plugin in a folder that is not there yet, from older methodologies; `revise` may change the draft's data.

    Cases and fingerprints are made of what it has left. The methodologies are returned as they were loaded.
    """
    from par_engine.authoring.scaffold import scaffold
    from par_engine.authoring.sources import find
    from par_engine.testing import run, suggest
    from par_engine.testing.coverage import write_cases

    files = scaffold(name, sources, par_engine.__version__)
    if folder.exists():
        fail("exists", str(folder))
    with folder_whole(folder) as draft:
        for path, data in files.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_bytes(data)
        if revise is not None:
            revise(draft)
        made = find(str(draft))
        (draft / "tests" / "cases").mkdir()
        pins = {}
        for methodology in made:
            cases = suggest(methodology.scheme, [])
            kind = methodology.id.partition("-")[2]
            (draft / "tests" / "cases" / f"{kind}.json").write_bytes(write_cases(methodology.id, cases, CASES))
            pins[methodology.id] = {"version": methodology.version, "fingerprint": methodology.fingerprint}
            if not all(one.passed for one in run(methodology.scheme, cases)):
                raise AssertionError(f"{methodology.id}: suggested cases fail")
        (draft / "tests" / "fingerprints.json").write_text(json.dumps(pins, indent=2) + "\n", encoding="utf-8")
        for cache in draft.rglob("__pycache__"):
            shutil.rmtree(cache)
    return made
