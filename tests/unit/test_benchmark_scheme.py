"""A sample of the benchmark's exactness: nothing of the engine is off, while floats are."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.skipif(not BENCHMARKS.exists(), reason="the benchmarks are not part of the wheels")
@pytest.mark.parametrize("kind", ["columns", "adversarial"])
def test_no_figure_is_off(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import exactness
    import synthetic

    counts = exactness.off(getattr(synthetic, kind)(800), 800)
    ours = {what: wrong for what, (wrong, _) in counts.items() if not what.startswith("floats")}
    assert ours == dict.fromkeys(ours, 0)
    assert sum(wrong for what, (wrong, _) in counts.items() if what.startswith("floats")) > 0
    for name in ("exactness", "synthetic", "floats", "lanes"):
        sys.modules.pop(name, None)
