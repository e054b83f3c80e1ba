"""Write again all that is generated from the plugins and schemas; tests say when one of them is stale.

`python .ci/refresh.py`: fingerprints of the plugins, reports of the examples, the lineage table, the editors' schemas.
Raise a plugin's version and say in its changelog which figures are affected before.
"""

from __future__ import annotations

import json
from pathlib import Path

from figures import EXAMPLES, REPORTS

import par_engine as par
from par_engine import schemas
from par_engine.comparison.lineage import lineage
from par_engine.results.report import to_json

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write each file."""
    pins: dict[str, dict[str, dict[str, str | None]]] = {}
    found = [par.load(listing.id) for listing in par.installed()]
    for methodology in found:
        pin = {"version": methodology.version, "fingerprint": methodology.fingerprint}
        pins.setdefault(str(methodology.distribution), {})[methodology.id] = pin
    for distribution, entries in pins.items():
        _write(ROOT / "plugins" / distribution / "tests" / "fingerprints.json", json.dumps(entries, indent=2) + "\n")
    for id, evidence in EXAMPLES.items():
        report = par.load(id).assess(ROOT / "examples" / evidence).report()
        _write(REPORTS / f"{id}.json", to_json(report).decode())
    _write(ROOT / "methodology" / "lineage.csv", lineage(found))
    for name in schemas.EDITOR:
        text = json.dumps(schemas.bundle(name), ensure_ascii=False, indent=2) + "\n"
        _write(ROOT / "schemas" / "editor" / f"{name}.json", text)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
