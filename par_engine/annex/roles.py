"""Rules beneath headings of penalties and bonuses: what is taken off or added beside the maximum."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from par_engine.annex.guards import REMEDIES, blamed
from par_engine.annex.readings import Doubt, Reading
from par_engine.annex.words import spoken
from par_engine.base.names import fold


def as_penalty(read: Reading | Doubt) -> Reading | Doubt:
    """The rule of an item of penalties: so many points taken off for each thing, up to the item's maximum."""
    if isinstance(read, Doubt) or read.kind == "tally":
        return read
    if read.kind == "deduction" and not read.floor:
        return replace(read, kind="tally", floor=None, unsaid=read.unsaid - {"floor"})
    vi = "điểm trừ: chỉ đọc được câu “Mỗi … trừ … điểm”"
    return Doubt(None, vi, "a penalty: only “Mỗi … trừ … điểm” (so much off for each) is read")


def as_bonus(read: Reading | Doubt) -> Reading | Doubt:
    """The rule of an item of bonuses, which takes nothing off."""
    if isinstance(read, Reading) and read.kind == "deduction":
        return Doubt(None, "điểm thưởng mà câu nói trừ điểm", "a bonus, and the sentence takes points off")
    return read


def rewards(title: str, read: Reading) -> bool:
    """Whether a rule gives more points for more of what its title calls a fault."""
    words = fold(title).split()
    if not blamed(title) or spoken(REMEDIES, words) or "không" in words:
        return False
    if read.kind == "tally":
        return True
    steps = read.steps
    return read.kind == "steps" and steps[-1].last > steps[0].first >= Fraction(0)
