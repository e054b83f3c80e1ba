"""Evidence as commands take it: a file, a pipe, or `-` for standard input, assessed with a sign of life."""

from __future__ import annotations

import sys
from pathlib import Path

from par_engine.api import Assessment, Methodology
from par_engine.base.problems import fail
from par_engine.cli.progress import Doing, busy
from par_engine.evidence.model import Evidence
from par_engine.files.documents import read_stream
from par_engine.i18n.catalogue import Lang


def read(methodology: Methodology, evidence: Path, stage: str | None = None, format: str | None = None) -> Evidence:
    """Validate the evidence of a command."""
    if str(evidence) == "-":
        data = read_stream(sys.stdin.buffer, "stdin")
        return methodology.read(data, stage, format=format, label="stdin")
    if format is None:
        _no_round(evidence)
    return methodology.read(evidence, stage, format=format)


def _no_round(path: Path) -> None:
    """Point the file of a round to the commands that read one."""
    try:
        head = b""
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(16)
    except OSError:
        return  # whoever reads it says so
    if head == b"SQLite format 3\0":
        fail("round", path.name, path=path)


def assessed(
    methodology: Methodology, evidence: Path, stage: str | None, doing: Doing, format: str | None = None
) -> Assessment:
    """Read and assess, saying which of the two takes its time."""
    doing("reading", "" if str(evidence) == "-" else evidence.name)
    ready = read(methodology, evidence, stage, format)
    doing("scoring")
    return methodology.assess(ready)


def assess(
    methodology: Methodology, evidence: Path, stage: str | None, lang: Lang, format: str | None = None
) -> Assessment:
    """The same for commands of which nothing else takes long."""
    with busy(lang) as doing:
        return assessed(methodology, evidence, stage, doing, format)
