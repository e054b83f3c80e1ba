"""Everything set up and run from a bare Python 3.11+: `score`, `test`, and `setup` with the extras that one names.

It makes `.venv-uv` (the installer) and `.venv` (the project as `uv.lock` pins it) beside this file, once.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BIN = "Scripts" if os.name == "nt" else "bin"
USAGE = """usage: python3 start.py score                           a league table of published points
       python3 start.py test [pytest arguments]         the tests, with every extra
       python3 start.py setup [EXTRA… | all] [FOLDER…]  `par` with these extras; FOLDER: a plugin of your own
extras: {extras}"""


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


def run(command: list[str], cwd: Path = ROOT) -> None:
    """Run a command; end with its code when it fails."""
    # a virtual environment that happens to be active is not ours
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    if env.pop("PYTHONDONTWRITEBYTECODE", None):  # who wants none beside the sources has it here, not compiled anew
        env.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".venv-bytecode"))  # by every one of a thousand processes
    code = subprocess.run(command, cwd=cwd, env=env, check=False).returncode
    if code:
        sys.exit(code)


def say(text: str) -> None:
    """A line about the set-up, away from the results."""
    print(f"start.py: {text}", file=sys.stderr, flush=True)


def extras() -> list[str]:
    """The extras that the project declares."""
    import tomllib  # not there before 3.11, which is said first

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(project["optional-dependencies"])


def asked(words: list[str]) -> tuple[list[str], list[Path]]:
    """The extras and the folders of plugins among the words; ends with every word that is neither."""
    known = extras()
    folders = [Path(word).resolve() for word in words if (Path(word) / "pyproject.toml").is_file()]
    names = [word for word in words if not (Path(word) / "pyproject.toml").is_file()]
    wrong = []
    for name in dict.fromkeys(names):
        if name not in (*known, "all"):
            near = difflib.get_close_matches(name, known, n=1)
            wrong.append(f'no extra "{name}"' + (f', did you mean "{near[0]}"?' if near else ""))
    if wrong:
        for text in wrong:
            say(text)
        sys.exit(f"start.py: extras are {', '.join(known)}, or all; a plugin is a folder with a pyproject.toml")
    return known if "all" in names else list(dict.fromkeys(names)), folders


def main(words: list[str]) -> None:
    """Set up, then do the one thing asked for."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is what tells people so)
        sys.exit("start.py: Python 3.11 or newer is needed")
    if not words or words[0] not in ("score", "test", "setup"):
        sys.exit(USAGE.format(extras=", ".join(extras())))
    chosen, folders = asked(words[1:]) if words[0] == "setup" else ([], [])
    installer = uv()
    sync = [installer, "sync", "--quiet", "--locked", "--all-packages", "--python", sys.executable]
    tool = [installer, "run", "--quiet", "--no-sync"]
    if words[0] == "test":
        run(sync)
        run([*tool, "pytest", *spread(words[1:]), *words[1:]])
        return
    # what was set up before stays
    run([*sync, "--no-default-groups", "--inexact", *(part for name in chosen for part in ("--extra", name))])
    if words[0] == "score":
        run([*tool, "par", "score", "examples/ministries-2023.csv", "-m", "2023-ministry", *words[1:]])
        return
    python = ROOT / ".venv" / BIN / ("python.exe" if os.name == "nt" else "python")
    for folder in folders:
        run([installer, "pip", "install", "--quiet", "--python", str(python), "--editable", str(folder)])
    have = [*chosen, *(folder.name for folder in folders)]
    say(f"{ROOT / '.venv' / BIN / 'par'} is ready" + (f", with {', '.join(have)}" if have else ""))


def spread(words: list[str]) -> list[str]:
    """Pytest's words for all cores, stretches of one module each, unless the user says how many."""
    given = any(word.startswith(("-n", "--numprocesses", "--dist", "--pdb")) or word == "no:xdist" for word in words)
    return [] if given else ["-n", "auto", "--dist", "worksteal"]


if __name__ == "__main__":
    main(sys.argv[1:])
