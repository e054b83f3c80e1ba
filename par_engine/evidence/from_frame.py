"""DataFrames and Arrow tables as evidence, told by what they are without importing their libraries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

from par_engine.base.problems import fail, spelled
from par_engine.evidence.from_table import Table, head
from par_engine.evidence.long_format import LONG, long_table
from par_engine.evidence.readers import from_arrow

if TYPE_CHECKING:
    import pandas as pd


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
    fail("other-frame", "frame", kind=kind, root=root, call=call)


def from_frame(frame: pd.DataFrame) -> Table:
    """A DataFrame as a table: wide with a column or an index `unit` (`Đơn vị`), or long with unit, fact and value."""
    names = [spelled(name) for name in frame.columns]  # not by pandas' own means, which hash them
    cells = [frame.iloc[:, position] for position in range(len(names))]
    if "unit" not in map(head, names) and head(spelled(frame.index.name)) == "unit":
        names, cells = ["unit", *names], [frame.index.to_series(), *cells]
    count = Counter(names)
    columns: dict[str, Any] = {}
    for name, series in zip(names, cells, strict=True):
        key = head(name) if count[name] == 1 else f"{name} (twice)"
        key = key if key not in columns else f"{name} (twice)"
        columns[key] = (
            series.to_numpy()
            if series.dtype.kind in "biuf" and not hasattr(series.dtype, "na_value")
            else series.tolist()
        )
    if set(columns) >= LONG:
        return long_table("frame", columns, lambda n: f"row {n + 1}", "frame")
    return Table(columns, len(frame), lambda row, name: f"row {row + 1}, column {name}", "frame")
