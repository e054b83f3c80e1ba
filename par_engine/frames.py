"""The edge to pandas: DataFrames as evidence, assessments as DataFrames. The only module that imports pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NoReturn

from par_engine.documents import fail
from par_engine.extras import needs
from par_engine.long import LONG, long_table
from par_engine.readers import from_arrow
from par_engine.tables import Table, head

if TYPE_CHECKING:
    import pandas as pd

    from par_engine.result import Assessment, Figure


def is_frame(value: object) -> bool:
    """Whether a value is a DataFrame, without importing pandas to find out."""
    return any(
        kind.__module__.partition(".")[0] == "pandas" and kind.__name__ == "DataFrame" for kind in type(value).__mro__
    )


_HANDED = {
    "dask": ".compute()",
    "pyspark": ".toPandas()",
    "modin": "._to_pandas()",
    "cudf": ".to_pandas()",
    "vaex": ".to_pandas_df()",
    "narwhals": ".to_native()",
    "xarray": ".to_dataframe()",
}
"""How tables of other libraries become one that is read here."""


def table_of(value: object) -> Table | None:
    """A table of pandas, polars, Arrow or DuckDB; None for what is no table. Raises DocumentError for other tables."""
    if is_frame(value):
        return from_frame(value)  # type: ignore[arg-type]
    root, kind = type(value).__module__.partition(".")[0], type(value).__name__
    if isinstance(value, (str, bytes, dict, list)):
        return None
    if root == "polars" and kind == "LazyFrame":
        _hand_over(root, kind, ".collect()")
    if root in _HANDED:
        _hand_over(root, kind, _HANDED[root])
    if hasattr(value, "__arrow_c_stream__") or (root == "pyarrow" and kind in ("Table", "RecordBatch")):
        return from_arrow(value, "frame")
    if hasattr(value, "to_pandas"):
        _hand_over(root, kind, ".to_pandas()")
    return None


def _hand_over(root: str, kind: str, call: str) -> NoReturn:
    what, vi = f"this is a {kind} of {root}", f"đây là {kind} của {root}"
    fail("frame", "other-frame", what, f"give its {call}", vi, f"đưa vào kết quả của {call}")


def from_frame(frame: pd.DataFrame) -> Table:
    """A DataFrame as a table: wide with a column or an index `unit` (`Đơn vị`), or long with unit, fact and value."""
    if "unit" not in map(head, frame.columns) and head(frame.index.name) == "unit":
        frame = frame.reset_index()
    twice = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]})
    columns: dict[str, Any] = {}
    for position, name in enumerate(frame.columns):
        series = frame.iloc[:, position]
        key = head(name) if str(name) not in twice else f"{name} (twice)"
        key = key if key not in columns else f"{name} (twice)"
        columns[key] = (
            series.to_numpy()
            if series.dtype.kind in "biuf" and not hasattr(series.dtype, "na_value")
            else series.tolist()
        )
    if set(columns) >= LONG:
        return long_table("frame", columns, lambda n: f"row {n + 1}", "frame")
    return Table(columns, len(frame), lambda row, name: f"row {row + 1}, column {name}", "frame")


def to_frame(assessment: Assessment, of: Literal["units", "items", "streams"], *, floats: bool = False) -> pd.DataFrame:
    """Figures as Decimals, `None` where there is no number; as floats only when they are asked for."""
    if of not in ("units", "items", "streams"):
        raise ValueError('to_frame shows "units", "items" or "streams"')
    _needs_pandas()
    import pandas as pd

    if of == "units":
        rows = [
            {
                "unit": unit.id,
                "name": unit.name,
                "ranked": unit.ranked,
                "outcome": unit.outcome.value,
                "points": unit.points,
                "attainable": unit.attainable,
                "index": unit.index,
                "rank": unit.rank,
                "group": unit.group,
            }
            for unit in assessment.units
        ]
        frame = pd.DataFrame(rows).astype({"rank": "Int64"}).set_index("unit")
    else:
        key = "item" if of == "items" else "stream"
        rows = [
            {"unit": unit.id, key: figure.code, **_figure(figure)}
            for unit in assessment.units
            for figure in (unit.items if of == "items" else unit.streams)
        ]
        frame = pd.DataFrame(rows).set_index(["unit", key])
    figures = [name for name in ("points", "attainable", "max", "stated", "index") if name in frame.columns]
    return frame.astype(dict.fromkeys(figures, "float64")) if floats else frame


def _needs_pandas() -> None:
    try:
        import pandas  # noqa: F401
    except ImportError:
        needs("to_frame", "pandas")


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "title": figure.title.vi,
        "outcome": figure.outcome.value,
        "points": figure.points,
        "attainable": figure.attainable,
        "max": figure.max,
        "stated": figure.stated,
        "within": " ".join(figure.within),
    }
