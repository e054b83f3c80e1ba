"""Lineage: which methodology follows which, and how much changed from one to the next, as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from par_engine.api import Methodology
from par_engine.base.problems import MethodologyError, did_you_mean, own_problem
from par_engine.comparison.methodologies import KINDS, diff, matched

_COUNTED = tuple(kind for kind in KINDS if kind != "basis")  # what we know of a number is no change of the scheme
HEAD = ("id", "distribution", "supersedes", "items", "kept", *_COUNTED)


def lineage(methodologies: Sequence[Methodology]) -> str:
    """CSV, one line a methodology by id; counts compare it with the one that it supersedes.

    Raises MethodologyError when one supersedes what is not there, or when they supersede one another in a circle.
    """
    by_id = {methodology.id: methodology for methodology in methodologies}
    problems = []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for id, methodology in sorted(by_id.items()):
        before = methodology.document.supersedes
        seen = [id]
        while before is not None and before in by_id and before not in seen:
            seen.append(before)
            before = by_id[before].document.supersedes
        if before is not None:
            circle = before in by_id
            what = (
                f"{' → '.join([*seen, before])} is a circle"
                if circle
                else f'it supersedes "{before}", which is not there'
            )
            round_ = f"{' → '.join([*seen, before])} thành vòng tròn"
            vi = round_ if circle else f'thay cho "{before}", mà bộ ấy không có'
            hint = did_you_mean(before, by_id)
            problems.append(own_problem(id, "/supersedes", "dead-lineage", what, hint, "error", vi))
            continue
        writer.writerow([*_line(methodology, by_id)])
    if problems:
        raise MethodologyError(problems)
    return out.getvalue()


def _line(methodology: Methodology, by_id: dict[str, Methodology]) -> list[object]:
    document = methodology.document
    head = [methodology.id, methodology.distribution or "", document.supersedes or "", len(document.items)]
    if document.supersedes is None:
        return [*head, *[""] * (1 + len(_COUNTED))]
    before = by_id[document.supersedes].document
    counts = Counter(change.kind for change in diff(before, document))
    return [*head, len(matched(before, document)[0]), *(counts[kind] for kind in _COUNTED)]
