"""What a change to a plugin moves in the figures of the examples: printed, and refused unless it is announced.

Compares the examples' reports with those of the plugin's version before, found in the history of `examples/reports/`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import par_engine as par
from par_engine.comparison.moves import exact_text
from par_engine.comparison.reports import compare
from par_engine.results.report import to_json

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "examples" / "reports"
EXAMPLES = {
    "example-town": "example-town.json",
    "2021-province": "dien-bien-2021/evidence.json",
    "2023-ministry": "ministries-2023.csv",
    "2023-province": "provinces-2023.csv",
    "leed-bdc-v4": "leed.json",
    "openssf-scorecard": "openssf-scorecard.json",
}


def moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The figures that differ, one line each; empty when none does."""
    found = compare(old, new)
    lines = [
        f"{move.unit} {move.code}: {_said(move.old)} → {_said(move.new)}"
        for move in found.moves
        if (move.old, move.new) != (None, None) and (move.old, move.old_max) != (move.new, move.new_max)
    ]
    places = [{u["unit"]: (u["index"], u["rank"], u["group"]) for u in report["units"]} for report in (old, new)]
    lines += [f"{unit}: {a} → {places[1].get(unit)}" for unit, a in places[0].items() if a != places[1].get(unit)]
    return lines + [f"{unit}: new" for unit in found.come]


def _said(points: Fraction | None) -> str:
    return "no number" if points is None else exact_text(points)


def announced(distribution: str, version: str) -> bool:
    """Whether the changelog says that this version affects figures."""
    text = (ROOT / "plugins" / distribution / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = text.partition(f"## {version}")[2].partition("\n## ")[0]
    said = entry.partition("Figures affected:")[2].strip().lower()
    return bool(said) and not said.startswith("none")


def before(path: Path, version: str) -> dict[str, Any] | None:
    """The report of the plugin's version before, from the history; None when there was none."""
    name = str(path.relative_to(ROOT))
    log = subprocess.run(
        ["git", "log", "--format=%H", "--", name], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for commit in log.stdout.split():
        text = subprocess.run(["git", "show", f"{commit}:{name}"], cwd=ROOT, capture_output=True, check=False).stdout
        report: dict[str, Any] | None = json.loads(text) if text else None
        if report is not None and report["methodology"]["version"] != version:
            return report
    return None


def main() -> int:
    """Print what moved; 1 when a report is stale or a move is not announced."""
    faults = 0
    for id, evidence in EXAMPLES.items():
        methodology = par.load(id)
        report = methodology.assess(ROOT / "examples" / evidence).report()
        path = REPORTS / f"{id}.json"
        if not path.exists() or path.read_bytes() != to_json(report):
            print(f"{id}: {path.name} is stale: python .ci/refresh.py")
            faults += 1
        old = before(path, str(methodology.version))
        lines = moved(old, report) if old is not None else []
        since = f"since {old['methodology']['version']}" if old is not None else "no version before"
        print(f"{id} {methodology.version}: {len(lines)} figures moved ({since})")
        print("".join(f"  {line}\n" for line in lines), end="")
        if lines and not announced(str(methodology.distribution), str(methodology.version)):
            print(f"  not announced: name them under 'Figures affected' in the changelog of {methodology.distribution}")
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
