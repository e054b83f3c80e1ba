"""Evidence: what units hand in, as validated integer columns with a presence beside each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from par_engine.base.decimals import Ints
from par_engine.base.problems import Problem
from par_engine.base.types import Outcome
from par_engine.files.documents import canonical, sha256

Documents = Mapping[str, list[Mapping[str, str]]]


class Declared(NamedTuple):
    """What evidence declares about an item instead of facts: an outcome and why."""

    row: int
    code: str
    outcome: Outcome
    why: str


class Stated(NamedTuple):
    """Points that evidence states for an item or a stream, scaled like all points; `at` is their place."""

    row: int
    key: str
    points: int
    is_stream: bool = False
    at: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Evidence:
    """Validated evidence of some units at one stage.

    `values` has one row a unit and the scheme's integer columns; `present` one column a fact, in the scheme's order.
    """

    label: str
    stage: str
    units: tuple[str, ...]
    values: Ints
    present: npt.NDArray[np.bool_]
    declared: tuple[Declared, ...] = ()
    stated: tuple[Stated, ...] = ()
    documents: Mapping[str, Documents] = field(default_factory=dict)
    explanations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By unit and item, why facts or documents are not there."""
    source: bytes | None = None
    note: str = ""
    edition: str = ""
    """The fingerprint of the methodology that the form was made from; "" when it does not say."""
    remarks: tuple[Problem, ...] = ()
    """What a reader has to say of a file that it takes: warnings."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, or of the canonical form of the evidence when it did not come from a file."""
        data = self.source
        if data is None:
            head = canonical({"stage": self.stage, "units": self.units})
            tail = (
                [[s.row, s.key, s.points] for s in self.stated],
                [[d.row, d.code, d.outcome.value] for d in self.declared],
            )
            data = head + self.values.astype("<i8").tobytes() + self.present.tobytes() + canonical(tail)
        return sha256(data)
