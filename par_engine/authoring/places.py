"""Where a problem of a methodology stands for its author: the code of the item, the file and the line, not an index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from par_engine.base.problems import Problem

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_MOST = 200
"""Problems that are looked up in their files, each of which is read from its begin; nobody reads more."""


def placed(problems: Iterable[Problem], what: str) -> list[Problem]:
    """The problems of the methodology that an id or a path names, each at its file and line where that is found.

    Those after the first two hundred stay where they are, and those of a methodology that takes from another by
    `extends`, which is no file as a whole.
    """
    files: dict[str, dict[str, Path] | None] = {}
    out = []
    for n, problem in enumerate(problems):
        if n >= _MOST:
            out.append(problem)
            continue
        if problem.document not in files:
            files[problem.document] = _files(what, problem.document)
        out.append(_at(problem, files[problem.document]))
    return out


def _at(problem: Problem, files: dict[str, Path] | None) -> Problem:
    found = re.match(r"/([^/]+)", problem.pointer)
    if files is None or found is None or found[1] not in files:
        return problem
    path = files[found[1]]
    text = path.read_text(encoding="utf-8-sig")
    steps = [step.replace("~1", "/").replace("~0", "~") for step in problem.pointer.split("/")[1:]]
    line = text.count("\n", 0, _offset(text, steps)) + 1
    pointer = problem.pointer
    if steps[0] == "items" and len(steps) > 1 and steps[1].isdecimal():
        items = json.loads(text)["items"]
        at = int(steps[1])
        code = items[at].get("code") if at < len(items) and isinstance(items[at], dict) else None
        if isinstance(code, str):
            rest = problem.pointer.split("/", 3)[3:]
            pointer = f"{code} {rest[0]}".strip() if rest else code
    return replace(problem, document=f"{path.name}:{line}", pointer=pointer)


def _files(what: str, label: str) -> dict[str, Path] | None:
    """The file of each key of a document, None when the document is no folder or file here."""
    path = Path(what)
    if path.is_file():
        candidates: Sequence[Path] = [path]
    elif path.is_dir() and (path / "pyproject.toml").is_file():
        id = label.rpartition(": ")[2]
        folders = [p.parent for p in sorted(path.glob("src/*/*/methodology.json")) if _content(p).get("id") == id]
        candidates = [p for folder in folders[:1] for p in sorted(folder.glob("*.json"))]
    elif path.is_dir():
        candidates = sorted(path.glob("*.json"))
    else:
        return None
    out: dict[str, Path] = {}
    for file in candidates:
        content = _content(file)
        if "extends" in content:
            return None
        out |= dict.fromkeys(content, file)
    return out


def _content(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _offset(text: str, steps: Sequence[str]) -> int:
    """Where the value of a pointer begins in a JSON text, or the innermost one around it that is there."""
    at = _skip(text, 0)
    for step in steps:
        found = _member(text, at, step) if text[at : at + 1] == "{" else _element(text, at, step)
        if found is None:
            return at
        at = found
    return at


def _member(text: str, at: int, name: str) -> int | None:
    at = _skip(text, at + 1)
    while text[at : at + 1] == '"':
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)  # the colon
        if key == name:
            return at
        at = _next(text, at)
    return None


def _element(text: str, at: int, step: str) -> int | None:
    if text[at : at + 1] != "[" or not step.isdecimal():
        return None
    at = _skip(text, at + 1)
    for _ in range(int(step)):
        if text[at : at + 1] == "]":
            return None
        at = _next(text, at)
    return None if text[at : at + 1] == "]" else at


def _next(text: str, at: int) -> int:
    """Behind a value and the comma after it."""
    _, end = _DECODER.raw_decode(text, at)
    end = _skip(text, end)
    return _skip(text, end + 1) if text[end : end + 1] == "," else end


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
