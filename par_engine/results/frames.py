"""An assessment as a DataFrame. The only module that imports pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from par_engine.base.extras import needs
from par_engine.results.assessment import Assessment
from par_engine.results.figures import Figure

if TYPE_CHECKING:
    import pandas as pd


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
        places: dict[str, dict[str, Any]] = {}
        for code, item in assessment.scheme.items.items():
            above = places[item.parent]["depth"] if item.parent else 0
            places[code] = {"depth": above + 1, "leaf": item.rule is not None}
        rows = [
            {"unit": unit.id, key: figure.code, **(places[figure.code] if of == "items" else {}), **_figure(figure)}
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
