"""Ballots from CSV to points, and the memory of many: `python benchmarks/ballots.py [BALLOTS ...]`."""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from synthetic import BASE, TEXT

import par_engine as par
from par_engine.survey.ballots import read_ballots
from par_engine.survey.questions import Questions
from par_engine.survey.tally import tally

QUESTIONS, GROUPS, UNITS, ROUNDS = 30, 4, 63, 5


def document() -> dict[str, Any]:
    """Thirty leaves, each a question of one survey of four groups and four answers."""
    options = [{"id": o, "title": TEXT, "share": s} for o, s in zip("ABCD", ("1", "0.6", "0.2", "0"), strict=True)]
    groups = [{"id": f"g{i}", "title": TEXT, "weight": "1"} for i in range(GROUPS)]
    codes = [f"c{i:02d}" for i in range(QUESTIONS)]
    rules = {code: {"name": "survey", "fact": f"{code}.ballots"} for code in codes}
    leaf = {"title": TEXT, "max": "1", "stream": "s", "rule_text": TEXT, **BASE}
    return {
        "id": "synthetic",
        "title": TEXT,
        "settings": {
            "missing": "zero",
            "leaf_decimals": 4,
            "points_decimals": 2,
            "index_decimals": 2,
            "stated_decimals": 2,
            "rounding": "half_up",
            "rank_on": "exact",
            "group_on": "exact",
            "ties": "standard",
            "aggregate": "sum",
            "units": "listed",
        },
        "levels": [{"id": "leaf", "title": TEXT}],
        "streams": [{"id": "s", "title": TEXT, "max": str(QUESTIONS), "awaited": True, **BASE}],
        "groups": [{"id": "A", "title": TEXT, "from": "0"}],
        "sources": {},
        "rulings": {},
        "units": [{"id": f"u{i}", "name": f"u{i}", "ranked": True} for i in range(UNITS)],
        "surveys": {"s": {"title": TEXT, "combine": "weighted", "options": options, "groups": groups, **BASE}},
        "facts": {f"{code}.ballots": {"type": "ballots", "title": TEXT, "survey": "s"} for code in codes},
        "total": {"title": TEXT, "max": str(QUESTIONS), **BASE},
        "items": [{"code": code, "rule": rules[code], **leaf} for code in codes],
    }


def write(path: Path, ballots: int) -> None:
    """A file of ballots with tokens as Kobo gives them."""
    r = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["unit", "group", "_uuid", *document()["facts"]]) + "\n")
        for i in range(ballots):
            answers = ",".join(r.choices("ABCD", k=QUESTIONS))
            file.write(f"u{i % UNITS},g{i % GROUPS},{r.getrandbits(128):032x},{answers}\n")


def run(path: Path) -> None:
    """From the file to points and standard errors."""
    methodology = par.from_document(document())
    found = tally(read_ballots(Questions(methodology), path), {}, methodology)
    assert len(found.rows(0)) == QUESTIONS


def main() -> None:
    """Time the smallest in this process, and the memory of each in its own."""
    if sys.argv[1:2] == ["--peak"]:
        start = time.perf_counter()
        run(Path(sys.argv[2]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{time.perf_counter() - start:.2f} s, {peak:.0f} MB at most")
        return
    sizes = [int(text) for text in sys.argv[1:]] or [100_000]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ballots.csv"
        for n in sizes:
            write(path, n)
            if n == sizes[0]:
                times = []
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    run(path)
                    times.append(time.perf_counter() - start)
                print(
                    f"{n:>10,} ballots x {QUESTIONS}: median {statistics.median(times):.2f} s, best {min(times):.2f} s"
                )
            out = subprocess.run(
                [sys.executable, __file__, "--peak", str(path)], capture_output=True, text=True, check=True
            )
            print(f"{n:>10,} ballots in a process of its own: {out.stdout.strip()}", flush=True)


if __name__ == "__main__":
    main()
