"""The guard over the examples' figures: what moves is seen, and must be announced."""

import copy
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("figures", ROOT / ".ci" / "figures.py")
assert SPEC is not None and SPEC.loader is not None
FIGURES: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(FIGURES)
TOWN = json.loads((ROOT / "examples/reports/example-town.json").read_text(encoding="utf-8"))


def test_nothing_moves_between_a_report_and_itself() -> None:
    assert FIGURES.moved(TOWN, TOWN) == []


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda unit: unit["items"]["1.1"].update(points="0.9000"), ["ashford 1.1: 1 → 0.9"]),
        (lambda unit: unit["items"]["1.1"].update(points=None), ["ashford 1.1: 1 → no number"]),
        (lambda unit: unit["items"]["1.1"].update(max="2.0000"), ["ashford 1.1: 1 → 1"]),
        (lambda unit: unit.update(rank=2), ["ashford: ('96.44', 1, 'gold') → ('96.44', 2, 'gold')"]),
        (lambda unit: unit.update(unit="elsewhere"), ["ashford: ('96.44', 1, 'gold') → None", "elsewhere: new"]),
    ],
)
def test_every_move_is_seen(change: Any, seen: list[str]) -> None:
    new = copy.deepcopy(TOWN)
    change(new["units"][0])
    assert FIGURES.moved(TOWN, new) == seen


def test_what_announces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FIGURES, "ROOT", tmp_path)
    page = tmp_path / "plugins" / "p" / "CHANGELOG.md"
    page.parent.mkdir(parents=True)
    page.write_text(
        "# Changelog\n\n## 0.3\n\nFigures affected: none.\n\n## 0.2\n\nFigures affected: item 1.1.\n\n## 0.1\n\nX.\n"
    )
    assert [FIGURES.announced("p", version) for version in ("0.3", "0.2", "0.1")] == [False, True, False]
