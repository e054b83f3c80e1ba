"""Where a methodology under work is: installed by its id, a plugin's source folder, a folder of data, or one file."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

from par_engine.api import Methodology, from_folder, installed, load
from par_engine.base.problems import fail
from par_engine.files.documents import MAX_SCHEME, parse_json, read_bytes
from par_engine.hookspecs import METHODOLOGIES
from par_engine.plugins import load_point, ready
from par_engine.results.assessment import Origin


def find(what: str) -> list[Methodology]:
    """The methodologies that an id or a path names, at least one; an installed id is never a folder of that name.

    A plugin's source folder (with `pyproject.toml`) is imported from where it stands: run only what you trust.
    """
    if installed_as(what):
        return [load(what)]
    path = Path(what).resolve() if Path(what).exists() else Path(what)
    if path.is_dir() and (path / "pyproject.toml").is_file():
        return _plugin(path)
    if path.is_dir():
        return [from_folder(path)]
    if path.suffix == ".json":
        document = parse_json(read_bytes(path, MAX_SCHEME), path.name)
        if not isinstance(document, dict):
            what = "the file is not a JSON object"
            fail("json.find", path.name)
        return [Methodology(ready(document, None, path.name), Origin())]
    return [load(what)]


def installed_as(what: str) -> bool:
    """Whether a word is the id of an installed methodology: then it names that, and `./` before it a folder."""
    return any(listing.id == what for listing in installed())


def _plugin(folder: Path) -> list[Methodology]:
    label = f"{folder.name}/pyproject.toml"
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        name, version = str(project["name"]), str(project.get("version", "0"))
        points = {str(id): str(module) for id, module in project["entry-points"][METHODOLOGIES].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        fail("pyproject", label, reason=type(error).__name__, error=error, methodologies=METHODOLOGIES)
    with _imported_from(folder / "src", set(points.values())):
        return [
            Methodology(load_point(EntryPoint(id, module, METHODOLOGIES), f"{name} {version}"), Origin(name, version))
            for id, module in sorted(points.items())
        ]


@contextmanager
def _imported_from(src: Path, modules: set[str]) -> Iterator[None]:
    """Import these modules from a folder, whatever is installed; afterwards the old ones are back."""
    roots = {module.partition(".")[0] for module in modules}

    def taken() -> dict[str, object]:
        return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in roots}

    before = taken()
    sys.path.insert(0, str(src.resolve()))
    try:
        yield
    finally:
        sys.path.remove(str(src.resolve()))
        taken()
        sys.modules.update(before)  # type: ignore[arg-type]
