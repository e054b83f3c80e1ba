"""What is published: evidence files, or the file of a round, as one assessment for each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from par_engine.api import Methodology, load
from par_engine.base.problems import fail_own, quote
from par_engine.base.terms import stage_words
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
        what, what_vi = "a round holds all its stages", "tệp của một kỳ đã có mọi giai đoạn"
        fail_own(rounds[0].name, "stages", what, "give it alone", what_vi, "chỉ ghi một tệp ấy")
    if rounds:
        if input_format is not None:
            what, what_vi = "a round is no evidence of any format", "tệp của một kỳ không phải là tệp số liệu"
            fail_own("--input-format", "stages", what, "leave --input-format out", what_vi, "bỏ --input-format")
        doing("reading", rounds[0].name)
        return _of_round(methodology, rounds[0], stage)
    if [str(path) for path in evidence].count("-") > 1:
        what, what_vi = "standard input gives one stage only", "luồng vào chuẩn chỉ đọc được một giai đoạn"
        fail_own("stdin", "stages", what, "name files for the others", what_vi, "ghi tên tệp cho các giai đoạn khác")
    # --stage names the stage of the last table; an earlier one names its own by a line `# stage:`
    last = len(evidence) - 1
    found = tuple(
        evidence_input.assessed(methodology, path, stage if i == last else None, doing, input_format)
        for i, path in enumerate(evidence)
    )
    names = [one.evidence.stage for one in found]
    for path, name in zip(evidence, names, strict=True):
        if names.count(name) > 1:
            hint, hint_vi = "a table names it by a line # stage: NAME", "bảng ghi giai đoạn bằng dòng # stage: TÊN"
            what, what_vi = (
                f"two files are of one stage, {quote(name)}",
                f"hai tệp cùng một giai đoạn, {quote(stage_words(name, 'vi'))}",
            )
            fail_own(path.name, "stages", what, hint, what_vi, hint_vi)
    return Stages(methodology, found)


def _of_round(methodology: Methodology, path: Path, stage: str | None) -> Stages:
    from par_engine.cli.round_actions import opened

    if stage is not None:
        what, what_vi = "a round names its stages itself", "tệp của một kỳ đã ghi giai đoạn"
        fail_own("--stage", "stages", what, "leave --stage out", what_vi, "bỏ --stage")
    round_ = opened(path)
    if round_.methodology.id != methodology.id:
        is_, hint = round_.methodology.id, f"-m {round_.methodology.id}"
        fail_own(path.name, "methodology", f"the round is of {is_}", hint, f"kỳ này là của {is_}", hint)
    found, waiting = round_.stages()
    # what is published names the file that it was made from
    named = tuple(replace(one, evidence=replace(one.evidence, label=path.name)) for one in found)
    return Stages(methodology, named, waiting)
