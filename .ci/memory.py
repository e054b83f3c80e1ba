"""The commands on large inputs, 64 MB of each kind or as much as its limits take, under a limit of address space.

`.ci/attack --memory [--only NAME]`: each command runs in a process of its own with 3,000,000 KiB of address space
(`ulimit -v`); its largest resident set must stay under 1 GiB, and it must end by itself, with a result or with a
sentence.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from large import PAR, ROOT, inputs

SPACE = 3_000_000 * 1024
MOST = 2**30
SECONDS = 200


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _run(home: Path, path: Path, words: str) -> tuple[int, float, int, str]:
    """How a command ends: its code, its seconds of the processor, its largest resident set and what it said last."""
    out = home / "out" / "o"
    shutil.rmtree(out.parent, ignore_errors=True)
    out.parent.mkdir()
    begun = home / "begun.db"
    if begun.exists():
        shutil.copy(begun, out.parent / "round.db")
    marks = {"<": str(path), "^": str(path.parent), "@": str(out.parent / "round.db")}
    filled = [marks.get(w) or w.replace(">", str(out)) for w in words.split()]
    with (home / "said").open("w+b") as said:
        child = subprocess.Popen([*PAR, *filled], cwd=ROOT, stdout=said, stderr=said, preexec_fn=_limits)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = code = os.waitstatus_to_exitcode(status)
        said.seek(max(0, said.tell() - 3000))
        told = said.read().decode("utf-8", "replace")
    return code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, told


def main(only: str) -> int:
    """Run them all, or inputs whose names begin so; the most memory that each took."""
    count = failed = 0
    print(f"{'input':22}{'MB':>5}{'code':>6}{'CPU s':>7}{'MB used':>9}  command, and what it said last")
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        home = Path(folder)
        begun = time.monotonic()
        for name, make, uses in inputs(home):
            if not name.startswith(tuple(only.split(","))):
                continue
            path = home / "in" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(make())
            size = path.stat().st_size
            for words in uses:
                code, seconds, most, told = _run(home, path, words)
                bad = code not in (0, 1, 2) or "Traceback" in told or "MemoryError" in told or most > MOST
                count, failed = count + 1, failed + bad
                last = " / ".join(told.strip().splitlines()[-2:])[:110]
                print(
                    f"{name:22}{size >> 20:5}{code:6}{seconds:7.1f}{most >> 20:9}"
                    f"  {'FAULT ' if bad else ''}{words} | {last}",
                    flush=True,
                )
            shutil.rmtree(home / "in")
        print(f"{count} commands in {time.monotonic() - begun:.0f} s: ", end="")
    print(f"{failed} over 1 GiB, out of memory, not ended after {SECONDS} s of the processor, or with a traceback")
    return int(failed > 0)
