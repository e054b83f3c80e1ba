"""Everything set up and run from a bare Python 3.11+: `python3 start.py score` and `python3 start.py test`.

It makes `.venv-uv` (the installer) and `.venv` (the project as `uv.lock` pins it) beside this file, once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BIN = "Scripts" if os.name == "nt" else "bin"
USAGE = "usage: python3 start.py score | test [pytest arguments]"


def uv() -> str:
    """The installer: the one on the path, or one of our own."""
    found = shutil.which("uv")
    if found:
        return found
    home = ROOT / ".venv-uv"
    program = home / BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not program.exists():
        say("making .venv-uv")
        venv.create(home, with_pip=True, clear=True)
        python = home / BIN / ("python.exe" if os.name == "nt" else "python")
        run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"])
    return str(program)


def run(command: list[str]) -> None:
    """Run a command; end with its code when it fails."""
    # a virtual environment that happens to be active is not ours
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    if code:
        sys.exit(code)


def say(text: str) -> None:
    """A line about the set-up, away from the results."""
    print(f"start.py: {text}", file=sys.stderr, flush=True)


def main(words: list[str]) -> None:
    """Set up, then do the one thing asked for."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is what tells people so)
        sys.exit("start.py: Python 3.11 or newer is needed")
    if not words or words[0] not in ("score", "test"):
        sys.exit(USAGE)
    installer = uv()
    only = ["--no-default-groups", "--inexact"] if words[0] == "score" else []
    run([installer, "sync", "--quiet", "--locked", "--all-packages", *only, "--python", sys.executable])
    tool = [installer, "run", "--quiet", "--no-sync"]
    if words[0] == "score":
        run([*tool, "par", "score", "examples/ministries-2023.csv", "-m", "2023-ministry", *words[1:]])
    else:
        run([*tool, "pytest", *spread(words[1:]), *words[1:]])


def spread(words: list[str]) -> list[str]:
    """Pytest's words for all cores, stretches of one module each, unless the user says how many."""
    given = any(word.startswith(("-n", "--numprocesses", "--dist", "--pdb")) or word == "no:xdist" for word in words)
    return [] if given else ["-n", "auto", "--dist", "worksteal"]


if __name__ == "__main__":
    main(sys.argv[1:])
