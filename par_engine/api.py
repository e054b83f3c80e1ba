"""The front door: a methodology that one loads, reads evidence with, and assesses by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from par_engine import plugins
from par_engine.assess import assess
from par_engine.base.problems import fail, quote
from par_engine.base.types import Basis
from par_engine.evidence.from_document import validate
from par_engine.evidence.from_table import Table, validate_table
from par_engine.evidence.model import Evidence
from par_engine.evidence.readers import content_format, reader_of
from par_engine.files.documents import read_bytes, read_folder
from par_engine.methodology.model import TOTAL, Document
from par_engine.methodology.scheme import Scheme
from par_engine.plugins import Listing, installed
from par_engine.results import assessment as results
from par_engine.results.assessment import Origin
from par_engine.rules.own import Function

if TYPE_CHECKING:
    import pandas as pd

    from par_engine.results.explain import Explanation


class Assessment(results.Assessment):
    """An assessment with its views, each computed when it is asked for."""

    def explain(self, unit: str, item: str = TOTAL) -> Explanation:
        """One figure back to facts, rule, arithmetic, source and basis; `item` is a code, or `stream:` and an id."""
        from par_engine.results.explain import explain

        return explain(self, unit, item)

    def report(self) -> dict[str, Any]:
        """The report-1 document: JSON values only, the same on every run."""
        from par_engine.results.report import report

        return report(self)

    def to_frame(self, of: Literal["units", "items", "streams"] = "units", *, floats: bool = False) -> pd.DataFrame:
        """A pandas view: one row a unit, or one a unit and item, or one a unit and stream.

        Items of all levels are in one frame: `depth` is 1 for the highest, and only what is a `leaf` may be added up.
        Figures are exact Decimals in columns of objects; `floats` makes them the nearest floats, which `describe()`,
        `to_sql()` and plots can use, and no longer exact. Raises ParError without pandas.
        """
        from par_engine.results.frames import to_frame

        return to_frame(self, of, floats=floats)


class Methodology:
    """One methodology, ready to assess evidence. Immutable; safe to use from several threads at once."""

    def __init__(self, scheme: Scheme, origin: Origin) -> None:
        self._scheme, self._origin = scheme, origin

    def __repr__(self) -> str:
        return f"<Methodology {self.id} {self.fingerprint[:12]}>"

    @property
    def scheme(self) -> Scheme:
        """The compiled scheme."""
        return self._scheme

    @property
    def document(self) -> Document:
        """The document, typed."""
        return self._scheme.document

    @property
    def id(self) -> str:
        """Its id."""
        return self.document.id

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical document: changes whenever a number, a rule or a text does."""
        return self._scheme.fingerprint

    @property
    def canonical(self) -> bytes:
        """The resolved document in its one byte form (JSON), which the fingerprint is the SHA-256 of."""
        return self._scheme.canonical

    @property
    def distribution(self) -> str | None:
        """The distribution it came from; None for one made from a dict or a folder."""
        return self._origin.distribution

    @property
    def version(self) -> str | None:
        """The version of that distribution."""
        return self._origin.version

    def basis(self) -> Mapping[Basis, Fraction]:
        """Points of the maximum by the basis of the leaves that make it up; they sum to the leaves' maxima."""
        return self._scheme.points_by_basis

    def read(
        self,
        evidence: str | Path | bytes | Mapping[str, Any] | pd.DataFrame,
        stage: str | None = None,
        *,
        format: str | None = None,
        label: str = "evidence",
    ) -> Evidence:
        """Validate evidence: a path (JSON, CSV, Parquet, XLSX), an evidence-1 dict, or a DataFrame, wide or long.

        `stage` names the stage of a table, which has no other place for it; a document names its own. Bytes are the
        content of a file, which problems call by `label`. `format` ("json", "csv", ...) goes before a path's ending;
        without either, the content tells. Raises ParError with all problems, each with its place.
        """
        from par_engine.evidence.from_frame import table_of

        table = table_of(evidence)
        if table is not None:
            return validate_table(self._scheme, _at(stage, table), "frame")
        if not isinstance(evidence, (str, Path, bytes)):
            return validate(self._scheme, _at(stage, evidence))
        path = Path(label if isinstance(evidence, bytes) else evidence)
        readers = plugins.readers()
        if isinstance(evidence, bytes) or not (format or path.suffix):
            data = evidence if isinstance(evidence, bytes) else read_bytes(path)
            reader = reader_of(path, readers, format or content_format(data))
        else:
            reader = reader_of(path, readers, format)
            data = read_bytes(path)
        content = _at(stage, reader(data, path))
        if isinstance(content, Table):
            return validate_table(self._scheme, content, path.name, data)
        return validate(self._scheme, content, path.name, data)

    def assess(
        self, evidence: str | Path | bytes | Mapping[str, Any] | pd.DataFrame | Evidence, stage: str | None = None
    ) -> Assessment:
        """Assess evidence: the same forms and stage as `read` takes, or what it returned.

        >>> import par_engine as par
        >>> par.load("example-town").assess("examples/example-town.json").league()[0].rank
        1
        """
        ready = evidence if isinstance(evidence, Evidence) else self.read(evidence, stage)
        found = assess(self._scheme, ready, self._origin)
        return Assessment(**{field.name: getattr(found, field.name) for field in fields(found)})

    def evidence_schema(self) -> dict[str, Any]:
        """The evidence form of this methodology as JSON Schema."""
        from par_engine.methodology.evidence_schema import evidence_schema

        return evidence_schema(self._scheme)


Content = TypeVar("Content")


def _at(stage: str | None, content: Content) -> Content:
    """A table at a stage; a document only at the one that it names itself."""
    if stage is None:
        return content
    if isinstance(content, Table):
        return content._replace(stage=stage)
    if isinstance(content, Mapping) and content.get("stage") != stage:
        fail("stage", "evidence", "/stage", stage=quote(stage))
    return content


def load(id: str) -> Methodology:
    """An installed methodology by its id. Raises ParError when there is none, two, or a broken one."""
    return Methodology(*plugins.load(id))


def from_document(document: Mapping[str, Any], functions: Mapping[str, Function] | None = None) -> Methodology:
    """A methodology from a methodology-1 document, without a plugin."""
    scheme = plugins.ready(document, functions, str(document.get("id", "methodology")))
    scheme.canonical  # noqa: B018  (taken now: the caller may change its document later)
    return Methodology(scheme, Origin())


def from_folder(folder: Traversable, functions: Mapping[str, Function] | None = None) -> Methodology:
    """A methodology from a folder of JSON files, without a plugin."""
    return Methodology(plugins.ready(read_folder(folder, folder.name), functions, folder.name), Origin())


__all__ = ["Assessment", "Listing", "Methodology", "from_document", "from_folder", "installed", "load"]
