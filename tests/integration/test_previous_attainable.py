"""Older reports out of other attainable maxima beside an assessment: both figures, no change, and why."""

import json
from pathlib import Path
from typing import Any

import pytest

import par_engine as par
from par_engine.comparison.history import compared
from par_engine.publish.data import page_data

TOWN = Path(__file__).parents[2] / "examples/example-town.json"
WHY = "số điểm có thể đạt đổi từ"


@pytest.fixture
def both(tmp_path: Path) -> tuple[par.Assessment, dict[str, Any]]:
    """The same unit without its survey, in the older report, and with it."""
    methodology = par.load("example-town")
    content = json.loads(TOWN.read_text(encoding="utf-8"))
    content["units"] = content["units"][:1]
    now = methodology.assess(content)
    streams = {stream.id for stream in methodology.document.streams if stream.awaited}
    asked = {n for i in methodology.document.items if i.rule and i.stream in streams for n in i.rule.facts()}
    assert asked & set(content["units"][0]["facts"])
    content["units"][0]["facts"] = {k: v for k, v in content["units"][0]["facts"].items() if k not in asked}
    old = tmp_path / "old.json"
    old.write_text(json.dumps(methodology.assess(content).report()), encoding="utf-8")
    return now, dict(compared([old], now, methodology))


def test_totals_and_fields_out_of_other_maxima_have_no_change(both: tuple[par.Assessment, dict[str, Any]]) -> None:
    now, previous = both
    moves = {move["code"]: move for move in previous["moves"]}
    assert moves["total"]["change"] is None and moves["total"]["old"] is not None
    assert any(why["vi"].startswith(WHY) for why in moves["total"]["not_comparable"])
    unit = now.units[0]
    fields = [item.code for item in now.scheme.document.items if item.parent is None]
    for code in fields:
        said = any(why["vi"].startswith(WHY) for why in moves[code]["not_comparable"])
        same = moves[code]["change"] is not None
        assert said != same or moves[code]["old"] is None
    assert any(moves[code]["change"] is not None for code in fields)  # where nothing was awaited, the two compare
    breaks = previous["history"][unit.id]["total"]["breaks"][0]
    assert any(why["vi"].startswith(WHY) for why in breaks)
    shown = page_data(now, (), previous, ())["units"][0]
    assert shown["y"]["0"][1] is None and len(shown["y"]["0"]) > 2
