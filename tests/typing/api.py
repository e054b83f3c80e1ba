"""What mypy must see of the public API; type-checked, never run."""

from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import pandas as pd

import par_engine as par

m = par.load("2021-province")
assert_type(m, par.Methodology)
assert_type(m.id, str)
assert_type(m.canonical, bytes)
assert_type(m.version, str | None)
r = m.assess("evidence.json")
assert_type(r, par.Assessment)
assert_type(m.assess(Path("evidence.csv")), par.Assessment)
assert_type(m.assess({"units": []}), par.Assessment)
assert_type(m.assess(pd.DataFrame()), par.Assessment)
assert_type(m.read("evidence.json"), par.Evidence)
assert_type(r.to_frame(), pd.DataFrame)
assert_type(r.to_frame("items"), pd.DataFrame)
assert_type(r.problems, tuple[par.Problem, ...])
assert_type(r.unit("dien-bien"), par.UnitResult)
assert_type(r.unit("dien-bien").rank, int | None)
assert_type(r.unit("dien-bien").index, Decimal | None)
assert_type(r.unit("dien-bien").item("1.1.2"), par.Figure)
assert_type(r.unit("dien-bien").item("1.1.2").points, Decimal | None)
assert_type(r.unit("dien-bien").stream("sipas").outcome, par.Outcome)
assert_type(r.explain("dien-bien", "1.1.2"), par.Explanation)
assert_type(r.explain("dien-bien", "1.1.2").vi, str)
assert_type(r.report(), dict[str, Any])
assert_type(par.installed(), tuple[par.Listing, ...])
assert_type(par.from_document({}), par.Methodology)
