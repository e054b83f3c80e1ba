"""A plugin in a folder: made from older methodologies, whole or not at all, with cases that pass."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import par_engine
from par_engine.api import Methodology
from par_engine.authoring.scaffold import scaffold
from par_engine.authoring.sources import find
from par_engine.base.problems import fail
from par_engine.files.atomic import folder_whole
from par_engine.testing import run, suggest
from par_engine.testing.coverage import write_cases

CASES = "../../schemas/case-1.json"


def write_plugin(
    name: str, sources: Sequence[Methodology], folder: Path, revise: Callable[[Path], None] | None = None
) -> list[Methodology]:
    """A plugin in a folder that is not there yet, from older methodologies; `revise` may change the draft's data.

    Cases and fingerprints are made of what it has left. The methodologies are returned as they were loaded.
    """
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
