"""Reports compared with what is installed: their methodologies, those in between, and evidence scored by both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from par_engine.api import Methodology, load
from par_engine.base.problems import ParError, fail
from par_engine.comparison.moves import Bridge
from par_engine.comparison.reports import Comparison, compare
from par_engine.methodology.model import Document
from par_engine.results.report_reading import read_for_comparing


def compare_files(
    old: Path, new: Path, evidence: Path | None = None
) -> tuple[Comparison, tuple[Document, Document] | None]:
    """Two files of reports, and their methodologies when both are installed as reported.

    `evidence`, that of the newer report, is scored by both methodologies, which tells rules and figures apart.
    """
    reports = read_for_comparing(old), read_for_comparing(new)
    first, second = (as_reported(report["methodology"]) for report in reports)
    documents = (first.document, second.document) if first is not None and second is not None else None
    link = {} if evidence is None else _bridge(first, second, reports[1], evidence)
    return compare(*reports, documents, link, between(documents)), documents


def as_reported(methodology: Mapping[str, Any]) -> Methodology | None:
    """The installed methodology, when it is exactly the one of the report."""
    try:
        found = load(methodology["id"])
    except ParError:
        return None
    return found if found.fingerprint == methodology["fingerprint"] else None


def followed(document: Document | None) -> Iterator[str]:
    """The ids of the methodologies that a methodology follows, the nearest first, as far as they are installed."""
    while document is not None and document.supersedes is not None:
        yield document.supersedes
        try:
            document = load(document.supersedes).document
        except ParError:  # not installed: what it follows is not known
            return


def between(documents: tuple[Document, Document] | None) -> list[str]:
    """The ids of the methodologies between an older and a newer one; none when the newer does not follow the older."""
    if documents is None:
        return []
    older, ids = documents[0].id, list(followed(documents[1]))
    return ids[: ids.index(older)] if older in ids else []


def _bridge(old: Methodology | None, new: Methodology | None, report: Mapping[str, Any], evidence: Path) -> Bridge:
    from par_engine.comparison.cross_scoring import bridge

    if old is None or new is None:
        fail("other-evidence.not-installed", evidence.name)
    ready = new.read(evidence)
    if ready.sha256 != report["evidence"]["sha256"]:
        fail("other-evidence", evidence.name)
    return bridge(old, new.assess(ready))
