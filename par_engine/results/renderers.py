"""The built-in renderers, offered through the same hook as those of plugins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from par_engine.hookspecs import hookimpl
from par_engine.results.assessment import Assessment
from par_engine.results.csvs import excel, long, wide
from par_engine.results.report import render_json


@hookimpl
def par_renderers() -> Mapping[str, Callable[[Assessment], bytes]]:
    """json (report-1), csv (league table), csv-long (all figures), csv-excel (for a Vietnamese Excel)."""
    return {"json": render_json, "csv": wide, "csv-long": long, "csv-excel": excel}
