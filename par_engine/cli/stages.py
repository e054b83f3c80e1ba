"""What is published: evidence files, or the file of a round, as one assessment for each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from par_engine.api import Methodology, load
from par_engine.base.problems import fail, quote
from par_engine.base.terms import stage_words
from par_engine.base.types import Text
from par_engine.cli import evidence_input
from par_engine.cli.progress import Doing
from par_engine.results.assessment import Assessment

_ROUND = b"SQLite format 3\0"


@dataclass(frozen=True)
class Stages:
    """All stages in order; figures, ranks and explanations are those of the last.

    `waiting` are units that have not reached the last stage of a round: their figures are those that stand.
    """

    methodology: Methodology
    all: tuple[Assessment, ...]
    waiting: frozenset[str] = frozenset()

    @property
    def last(self) -> Assessment:
        """The stage that counts."""
        return self.all[-1]

    @property
    def first(self) -> Assessment:
        """What the units said themselves, where a round or several files tell."""
        return self.all[0]

    @property
    def earlier(self) -> tuple[Assessment, ...]:
        """The stages before the last."""
        return self.all[:-1]


def is_round(path: Path) -> bool:
    """Whether a file is that of a round: an SQLite database."""
    if not path.is_file():
        return False  # a pipe can be read once only
    try:
        with path.open("rb") as file:
            return file.read(len(_ROUND)) == _ROUND
    except OSError:
        return False  # whoever reads it as evidence says what is wrong


def read_stages(
    id: str, evidence: Sequence[Path], stage: str | None, doing: Doing, input_format: str | None = None
) -> Stages:
    """The stages of evidence files, the earlier one first, or of one round."""
    methodology = load(id)
    rounds = [path for path in evidence if is_round(path)]
    if rounds and len(evidence) > 1:
        fail("stages.round-alone", rounds[0].name)
    if rounds:
        if input_format is not None:
            fail("stages.format", "--input-format")
        doing("reading", rounds[0].name)
        return _of_round(methodology, rounds[0], stage)
    if [str(path) for path in evidence].count("-") > 1:
        fail("stages.stdin", "stdin")
    # --stage names the stage of the last table; an earlier one names its own by a line `# stage:`
    last = len(evidence) - 1
    found = tuple(
        evidence_input.assessed(methodology, path, stage if i == last else None, doing, input_format)
        for i, path in enumerate(evidence)
    )
    names = [one.evidence.stage for one in found]
    for path, name in zip(evidence, names, strict=True):
        if names.count(name) > 1:
            fail("stages.twice", path.name, stage=Text(vi=quote(stage_words(name, "vi")), en=quote(name)))
    return Stages(methodology, found)


def _of_round(methodology: Methodology, path: Path, stage: str | None) -> Stages:
    from par_engine.cli.round_actions import opened

    if stage is not None:
        fail("stages.named", "--stage")
    round_ = opened(path)
    if round_.methodology.id != methodology.id:
        fail("methodology.of-round", path.name, id=round_.methodology.id)
    found, waiting = round_.stages()
    # what is published names the file that it was made from
    named = tuple(replace(one, evidence=replace(one.evidence, label=path.name)) for one in found)
    return Stages(methodology, named, waiting)
