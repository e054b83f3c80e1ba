"""Tables that are a little wrong, and everything public copied and pickled: kinds that have no command."""

from __future__ import annotations

import copy
import datetime
import decimal
import fractions
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import artefacts
import mutations
import numpy as np
import pandas as pd

import par_engine as par
from par_engine.base import problems
from par_engine.results.frames import to_frame

ROOT = Path(__file__).resolve().parents[1]
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Odd:
    """What answers no question."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __bool__ = __hash__ = __float__ = __int__ = __len__ = __str__  # type: ignore[assignment]


CELLS: tuple[Callable[[], Any], ...] = (
    *(lambda w=w: w for w in mutations.WORDS),
    *(lambda v=v: copy.deepcopy(v) for v in mutations.VALUES),
    *(Odd, dict, lambda: np.array([]), lambda: np.array([1, 2]), lambda: np.zeros((2, 2)), lambda: np.array(3)),
    *(lambda: np.array(["x"], dtype=object), lambda: np.ma.masked, lambda: np.bool_(1), lambda: np.float16(0.5)),
    *(lambda: np.float64("nan"), lambda: np.float32("inf"), lambda: np.int8(-1), lambda: np.uint64(2**64 - 1)),
    *(lambda: np.datetime64("NaT"), lambda: np.timedelta64(3, "D"), lambda: np.str_("x"), lambda: np.bytes_(b"\xff")),
    *(lambda: np.complex128(1), lambda: np.void(b"ab"), lambda: np.longdouble(1) / 3, lambda: pd.NA, lambda: pd.NaT),
    *(lambda: pd.Series([1, 2]), lambda: pd.Series([], dtype=object), lambda: pd.DataFrame({"a": [1]})),
    *(lambda: pd.Timestamp("2021-02-03", tz="Asia/Ho_Chi_Minh"), lambda: pd.Timedelta("1D"), lambda: pd.Interval(0, 1)),
    *(lambda: pd.Period("2021-02"), lambda: pd.Index([1, 2]), lambda: pd.Categorical(["a"]), lambda: b"\xff\xfe"),
    *(lambda: decimal.Decimal("NaN"), lambda: decimal.Decimal("sNaN"), lambda: decimal.Decimal("1e400000")),
    *(lambda: decimal.Decimal("-0"), lambda: fractions.Fraction(1, 3), lambda: 1j, lambda: datetime.date(2021, 2, 3)),
    *(lambda: datetime.datetime(2021, 2, 3, tzinfo=datetime.UTC), lambda: datetime.time(1)),
    *(lambda: {"very": 3, "x": np.array([1, 2])}, lambda: ({"a": 1},), lambda: {1, 2}, lambda: range(3)),
    *(lambda: (i for i in "ab"), lambda: memoryview(b"x"), lambda: bytearray(b"x"), lambda: object, lambda: ...),
)  # fmt: skip
DTYPES = (
    *("Int64", "UInt8", "Float32", "boolean", "string", "category", "float16", "int8", "uint64", "complex128", "bool"),
    *("datetime64[ns]", "timedelta64[ns]", "Sparse[int]", "Sparse[float]", "period[M]", "S3", "U2", "object"),
    *("string[pyarrow]", "int64[pyarrow]", "decimal128(9, 2)[pyarrow]", "bool[pyarrow]", "datetime64[ns, UTC]"),
    *("double[pyarrow]", "large_string[pyarrow]", "list<item: int64>[pyarrow]", "interval[int64]"),
)  # fmt: skip


def _frame(draw: Random) -> tuple[str, pd.DataFrame]:
    """The evidence of an example as a frame, wide or long, or with its units as the index."""
    id, path = draw.choice(list(artefacts.EXAMPLES.items()))
    wide = pd.DataFrame(
        [{"unit": unit, **facts} for unit, facts in ((u["unit"], u["facts"]) for u in _units(id, ROOT / path))]
    )
    match draw.randrange(4):
        case 0:
            long = wide.melt("unit", var_name="fact", value_name="value")
            return id, long[long["value"].notna()].reset_index(drop=True)
        case 1:
            return id, wide.set_index("unit")
    return id, wide


def _units(id: str, path: Path) -> list[dict[str, Any]]:
    import json

    if path.suffix == ".json":
        units: list[dict[str, Any]] = json.loads(path.read_bytes())["units"]
        return units
    table = pd.read_csv(path, comment="#", dtype=object)
    return [
        {"unit": row[table.columns[0]], "facts": {k: v for k, v in row.items() if k != table.columns[0] and v == v}}
        for row in table.to_dict("records")
    ]


def changed(draw: Random, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose cells, heads, dtypes, index, order or columns are others."""
    frame = frame.copy()
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3))):
        if not frame.shape[1] or not len(frame):
            break
        at, row = draw.randrange(frame.shape[1]), draw.randrange(len(frame))
        try:
            match draw.randrange(14):
                case 0 | 1 | 2 | 3:
                    cells = list(frame.iloc[:, at])
                    cells[row] = draw.choice(CELLS)()
                    column = np.empty(len(cells), dtype=object)
                    for i, cell in enumerate(cells):
                        column[i] = cell
                    frame.isetitem(at, pd.Series(column, dtype=object, index=frame.index))
                case 4 | 5:
                    frame.isetitem(at, frame.iloc[:, at].astype(draw.choice(DTYPES)))
                case 6:
                    names: list[Any] = list(frame.columns)
                    names[at] = draw.choice((*names, ("a", "b"), *(c() for c in draw.sample(CELLS, 3))))
                    frame.columns = pd.Index(names, tupleize_cols=False)
                case 7:
                    frame.columns = pd.MultiIndex.from_tuples([(str(n), draw.choice("ab")) for n in frame.columns])
                case 8:
                    frame.index = draw.choice(
                        (
                            pd.MultiIndex.from_arrays([range(len(frame))] * 2, names=["unit", "x"]),
                            pd.Index([draw.choice(mutations.WORDS) for _ in range(len(frame))], name="unit"),
                            pd.Index([0] * len(frame), name=draw.choice(("unit", "Đơn vị", None, "fact"))),
                            pd.date_range("2021", periods=len(frame)),
                        )
                    )
                case 9:
                    frame = pd.concat([frame, frame.iloc[:, [at]]], axis=1)
                case 10:
                    frame = pd.concat([frame, frame.iloc[[row]]])
                case 11:
                    frame = frame.drop(columns=frame.columns[at])
                case 12:
                    frame = frame.iloc[: draw.choice((0, 1))] if draw.random() < 0.3 else frame.T
                case _:
                    whole = draw.choice(CELLS)()
                    column = np.empty(len(frame), dtype=object)
                    for i in range(len(frame)):
                        column[i] = whole
                    frame.isetitem(at, pd.Series(column, dtype=object, index=frame.index))
        except Exception:  # noqa: BLE001, S112  (what pandas cannot make is no input)
            continue
    return frame


def frames(draw: Random) -> dict[str, str]:
    """A frame that is a little wrong, of pandas, polars or Arrow: read, or refused with whole sentences."""
    id, frame = _frame(draw)
    frame = changed(draw, frame)
    given: Any = frame
    kind = draw.choice(("pandas", "pandas", "pandas", "polars", "arrow"))
    try:
        if kind == "arrow":
            import pyarrow as pa

            given = pa.Table.from_pandas(frame)
        elif kind == "polars":
            import polars

            given = polars.from_pandas(frame)
    except Exception:  # noqa: BLE001  (what they cannot hold)
        given = frame
    methodology = par.load(id)
    stage = draw.choice(("self-assessment", "appraisal", "review", None, "x"))
    try:
        assessment = methodology.assess(given, stage)
    except par.ParError as error:
        for problem in error.problems:
            texts = (problem.text("vi"), problem.text("en"))
            if any(_CONTROL.search(text) or " at 0x" in text for text in texts):
                return {"code": "1", "control": repr(problem)[:3000]}
            if not all((problem.what.strip(), problem.what_vi.strip())):
                return {"code": "1", "unsaid": repr(problem)[:3000]}
        return {"code": "1"}
    to_frame(assessment, "items")
    return {"code": "0"}


def copied(draw: Random) -> dict[str, str]:
    """Everything public of an assessment with some change of its evidence, copied and pickled: it stays what it was."""
    id, frame = _frame(draw)
    methodology = par.load(id)
    things: list[Any] = [methodology, methodology.document, *methodology.document.items[:3]]
    stage = draw.choice(("self-assessment", "appraisal", "review"))
    try:
        evidence = methodology.read(changed(draw, frame) if draw.random() < 0.7 else frame, stage)
        assessment = methodology.assess(evidence)
        unit = draw.choice(assessment.units)
        things += [evidence, assessment, unit, *list(unit.items)[:5], *unit.streams, draw.choice(list(par.Outcome))]
        things += [assessment.explain(unit.id, draw.choice(list(unit.items)).code), assessment.report()]
    except par.ParError as error:
        things += [error, *error.problems[:50]]
    things += [par.installed()]
    for thing in things:
        before = seen(thing)
        for how in (copy.copy, copy.deepcopy, *(_pickled(n) for n in range(2, pickle.HIGHEST_PROTOCOL + 1))):
            again = how(thing)
            if type(again) is not type(thing) or seen(again) != before:
                return {"code": "0", "wrong": f"{type(thing).__name__} by {how}: {seen(again)[:900]} {before[:900]}"}
    return {"code": "0"}


def _pickled(protocol: int) -> Callable[[Any], Any]:
    return lambda thing: pickle.loads(pickle.dumps(thing, protocol))  # noqa: S301


def seen(thing: Any) -> str:
    """What is to be the same of a copy."""
    if isinstance(thing, par.Methodology):
        return f"{thing.fingerprint} {thing.distribution} {thing.version} {thing!r}"
    if isinstance(thing, par.Assessment):
        return repr(thing.report())
    if isinstance(thing, par.Evidence):
        return repr((thing.units, thing.stage, thing.sha256, thing.documents))
    if isinstance(thing, problems.ParError):
        return repr((thing.problems, str(thing)))
    return repr(thing)
