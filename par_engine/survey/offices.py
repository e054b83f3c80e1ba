"""Names of agencies as they are handed on: one spelling where only capitals, spaces or the place of tones differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from par_engine.survey.bodies import KINDS
from par_engine.survey.duplicate_people import tones

_KIND = re.compile(rf"^({'|'.join(KINDS)})(\s+)(\w)")


def spelt(names: Iterable[str]) -> Mapping[str, str]:
    """Each name with the spelling that stands for it: of those that say the same the most frequent, then the one with
    most capitals, then the first. One that is written in small letters only gets the capitals that are sure.

    >>> spelt(["sở  tài chính"])["sở  tài chính"]
    'Sở Tài chính'
    """
    counted = Counter(names)
    best: dict[object, tuple[tuple[int, int], str]] = {}
    for name, times in counted.items():
        shown = _capitals(" ".join(name.split()))
        weight = (0 if shown != name else times, sum(c.isupper() for c in shown))
        key = tones(name)
        if key not in best or weight > best[key][0]:
            best[key] = weight, shown
    return {name: best[tones(name)][1] for name in counted}


def _capitals(name: str) -> str:
    if name != name.lower():
        return name
    found = _KIND.match(name)
    if found is None:
        return name
    return f"{found[1].capitalize()}{found[2]}{found[3].upper()}{name[found.end() :]}"
