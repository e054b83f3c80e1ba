"""What lines say: a rule without names of facts, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Kind = Literal["steps", "choice", "checklist", "tally", "deduction", "survey", "given"]
Measure = Literal["share", "change", "number"]


@dataclass(frozen=True)
class Step:
    """Points from `low` (or above it) up to the next step: fixed, or rising to `last` at the upper end."""

    low: Fraction | None
    closed: bool
    first: Fraction
    last: Fraction


@dataclass(frozen=True)
class Reading:
    """A rule as the lines say it, without names of facts.

    `steps` go from the lowest measure upward, shares as fractions of one; `high` is the end of the last, when it has
    one. `unsaid` names what the lines leave open and the engine must know: `below`, `whole_zero`, `over`, `floor`.
    `things` are what is counted; of steps, what a measure with decimals is in. `aside` are sentences of the closed list
    that changes no points.
    """

    kind: Kind
    measure: Measure | None = None
    steps: tuple[Step, ...] = ()
    high: Fraction | None = None
    labels: tuple[tuple[str, Fraction], ...] = ()
    step: Fraction | None = None
    floor: Fraction | None = None
    whole_zero: str | None = None
    over: str | None = None
    things: str = ""
    unsaid: frozenset[str] = field(default=frozenset())
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """Why no rule was read, and from which line (counted from 0; None for all of them together).

    `offer` is the line that would close the question, where there is just one that most tables mean.
    """

    line: int | None
    vi: str
    en: str
    offer: str = ""
