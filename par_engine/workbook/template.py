"""A workbook from a methodology: empty, for one agency, or filled from evidence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, fail_own, quote
from par_engine.evidence.builder import no_unit
from par_engine.evidence.model import Evidence
from par_engine.workbook.layout import plan
from par_engine.workbook.prefill import Filled, fill, papers_of, unit_name
from par_engine.workbook.writing import write


@dataclass(frozen=True)
class Asked:
    """A part of a methodology that somebody is asked for: its facts, its edition, and the last line of what to do."""

    facts: Collection[str]
    fingerprint: str
    closing: str


def template(
    methodology: Methodology,
    owner: str = "",
    unit: str = "",
    evidence: Evidence | None = None,
    asked: Asked | None = None,
    *,
    stated: bool = False,
) -> bytes:
    """The bytes of a workbook; of evidence of several units that of the one that is named.

    `asked` says which facts the workbook is for, and what to do with it in the end. A `stated` workbook has columns for
    points of items and streams; evidence that states some has them always.
    """
    scheme, mine = methodology.scheme, None if asked is None else asked.facts
    if evidence is None:
        if unit and scheme.document.settings.units == "listed" and fold(unit) not in scheme.unit_index:
            raise DocumentError([no_unit(scheme, unit)])
        laid = plan(scheme, owner, mine=mine, stated=stated)
        filled = Filled(unit_name(scheme, unit))
    else:
        row = _row(methodology, evidence, unit)
        counts = {code: len(papers) for code, papers in papers_of(evidence, row).items()}
        laid = plan(scheme, owner, counts, mine, stated=stated or any(entry.row == row for entry in evidence.stated))
        filled = fill(laid, evidence, row)
    if asked is None:
        return write(laid, methodology.fingerprint, filled)
    return write(laid, asked.fingerprint, replace(filled, closing=asked.closing))


def _row(methodology: Methodology, evidence: Evidence, unit: str) -> int:
    if not unit and len(evidence.units) == 1:
        return 0
    found = methodology.scheme.unit_index.get(fold(unit), unit)
    rows = {fold(name): i for i, name in enumerate(evidence.units)}
    if fold(found) not in rows:
        names = ", ".join(unit_name(methodology.scheme, name) for name in evidence.units[:12])
        names += " …" if len(evidence.units) > 12 else ""
        what = f"the evidence has no unit {quote(unit)}" if unit else "the evidence has several units"
        vi = f"số liệu không có đơn vị {quote(unit)}" if unit else "số liệu có nhiều đơn vị"
        fail_own(evidence.label, "unit", what, f"name one with --unit: {names}", vi, f"chọn một bằng --unit: {names}")
    return rows[fold(found)]
