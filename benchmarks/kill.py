"""Kill `par round submit` at a random moment, again and again; count what was confirmed, and what of it is lost.

`python benchmarks/kill.py [RUNS]`, on example-town. Half of the kills come at any moment of the time that a
submission takes here, the others are aimed at the writing: after the lock on the file is seen. A run in which
nothing was confirmed would prove nothing, and fails.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from par_engine.api import load
from par_engine.round.round import open_round
from par_engine.round.verify import verify

TOWN = Path(__file__).parents[1] / "examples" / "example-town.json"
PAR = "from par_engine.cli.main import run; run()"


def writing(path: Path) -> bool:
    """Whether somebody holds the lock for writing."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def main(runs: int) -> None:
    """Run, kill, verify."""
    draw = random.Random(1)
    confirmed: list[str] = []
    lost = damaged = 0
    takes = 0.0  # how long the first one took, which is left to end
    with tempfile.TemporaryDirectory() as folder:
        path, paper = Path(folder) / "round.db", Path(folder) / "paper.bin"
        open_round(path, load("example-town"), "kill")
        for i in range(runs):
            paper.write_bytes(draw.randbytes(2_000_000))
            words = ["round", "submit", str(path), str(TOWN), "--by", "kill", "--why", str(i), "--document", str(paper)]
            command = [sys.executable, "-c", PAR, *words]
            env = {**os.environ, "PAR_LANG": "en"}
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
            if i == 0:
                began = time.monotonic()
                process.wait()
                takes = time.monotonic() - began
            elif i % 2:
                time.sleep(takes * (0.2 + draw.random()))
            else:
                while process.poll() is None and not writing(path):
                    time.sleep(0.0005)
                time.sleep(draw.random() ** 2 * takes / 10)
            process.send_signal(signal.SIGKILL)
            said = process.communicate()[0]
            if process.returncode == 0:
                confirmed.append(said.split()[-1])
            verdict = verify(path)
            damaged += any(problem.severity == "error" for problem in verdict.problems)
            lost += len(set(confirmed) - {entry.hash for entry in verdict.entries})
        there = len(verdict.entries) - 1
    print(f"{runs} kills: {len(confirmed)} confirmed, {there} recorded, {lost} lost, {damaged} damaged")
    sys.exit(lost + damaged > 0 or len(confirmed) < 2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
