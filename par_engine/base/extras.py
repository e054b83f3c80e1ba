"""How what is not installed gets installed, as it applies to this installation; every hint about an extra says it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import unquote, urlsplit

from par_engine.base.problems import fail
from par_engine.i18n.catalogue import Lang, text

NAME = "par-engine"


class Installation(NamedTuple):
    """What is known of how the engine came to be here."""

    version: str
    origin: dict[str, Any]
    """What `direct_url.json` says; nothing when it came from an index, or a folder of wheels."""
    pip: str
    """The command of whoever installed it."""
    checkout: Path | None
    """The folder with `start.py` that it runs from, when this is the environment that `start.py` makes."""


@lru_cache(1)
def installation() -> Installation:
    """How the engine was installed."""
    root = Path(__file__).resolve().parents[2]
    own = (root / "start.py").is_file() and Path(sys.prefix).resolve() == root / ".venv"
    try:
        here = distribution(NAME)
    except PackageNotFoundError:
        return Installation("", {}, "pip install", root if own else None)
    said = here.read_text("direct_url.json")
    tool = (here.read_text("INSTALLER") or "").strip()
    return Installation(
        here.version,
        json.loads(said) if said else {},
        "uv pip install" if tool == "uv" else "pip install",
        root if own else None,
    )


def command(*extras: str, here: Installation | None = None) -> str:
    """The command that installs extras of the engine, where and as this one was installed."""
    here = here or installation()
    if here.checkout is not None:
        return " ".join([_start(here.checkout), "setup", *extras])
    wanted = f"[{','.join(extras)}]" if extras else ""
    url = str(here.origin.get("url", ""))
    if "vcs_info" in here.origin:
        vcs = here.origin["vcs_info"]
        return f'{here.pip} "{NAME}{wanted} @ {vcs["vcs"]}+{url}@{vcs["commit_id"]}"'
    parts = urlsplit(url)
    if parts.scheme == "file":
        editable = "-e " if here.origin.get("dir_info", {}).get("editable") else ""
        return f'{here.pip} {editable}"{_path(parts.path)}{wanted}"'
    if url:
        return f'{here.pip} "{NAME}{wanted} @ {url}"'
    return f'{here.pip} "{NAME}{wanted}"'


class Command(NamedTuple):
    """How extras are installed here, as a value in a text; from an index, with what works when there is none."""

    told: str
    wheel: str = ""

    def get(self, lang: Lang) -> str:
        """The hint in `lang`."""
        return text("install", "from-its-file", lang, command=self.told, wheel=self.wheel) if self.wheel else self.told


def hint(*extras: str, here: Installation | None = None) -> Command:
    """The command that installs extras, for a text."""
    here = here or installation()
    told = command(*extras, here=here)
    if here.checkout is not None or here.origin:
        return Command(told)
    wanted = f"[{','.join(extras)}]" if extras else ""
    return Command(told, f'{here.pip} "par_engine-{here.version or "VERSION"}-py3-none-any.whl{wanted}"')


def install(project: str, here: Installation | None = None) -> str:
    """The command that installs a plugin's folder, to be edited in place."""
    here = here or installation()
    if here.checkout is not None:
        return f"{_start(here.checkout)} setup {_quoted(project)}"
    return f"{here.pip} -e {_quoted(project)}"


def needs(label: str, extra: str) -> NoReturn:
    """The problem of an extra that is not installed."""
    fail("extra.needed", label, extra=extra, told=hint(extra))


def need(label: str, extra: str, modules: Iterable[str]) -> None:
    """Refuse, naming the extra, when one of its modules cannot be imported."""
    try:
        for module in modules:
            import_module(module)
    except ImportError:
        needs(label, extra)


def _start(checkout: Path) -> str:
    python = "py" if os.name == "nt" else "python3"
    return f"{python} start.py" if Path.cwd() == checkout else f"{python} {_quoted(str(checkout / 'start.py'))}"


def _path(path: str) -> str:
    found = unquote(path)
    return found[1:] if os.name == "nt" else found


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
