"""`methodology/lineage.csv` is what the plugins of this workspace say."""

from pathlib import Path

import par_engine as par
from par_engine.comparison.lineage import lineage

ROOT = Path(__file__).parents[2]


def test_the_lineage_table_is_not_stale() -> None:
    now = lineage([par.load(listing.id) for listing in par.installed()])
    hint = "python .ci/refresh.py"
    assert (ROOT / "methodology" / "lineage.csv").read_text(encoding="utf-8") == now, hint
