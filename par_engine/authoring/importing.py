"""The annex of a decision into a plugin's folder: what it changes there, what stays open, and the files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from par_engine.annex.draft import Draft, draft
from par_engine.annex.layout import Open
from par_engine.annex.tables import Annex, read_annex
from par_engine.api import Methodology, installed, load
from par_engine.authoring.pages import pretty, rulings_page
from par_engine.authoring.plugin import write_plugin
from par_engine.authoring.scaffold import parts
from par_engine.authoring.sources import find
from par_engine.base.problems import MethodologyError, Problem, fail, problem
from par_engine.base.types import Text
from par_engine.comparison.methodologies import Change, diff
from par_engine.files.atomic import write_all
from par_engine.files.documents import parse_json
from par_engine.plugins import ready
from par_engine.results.assessment import Origin

_NUMBERED = re.compile(r"\d+\s*/\s*\w")


@dataclass(frozen=True)
class Imported:
    """What an annex comes to, held against the methodology that it is based on; nothing is written before `write`."""

    id: str
    folder: Path
    tables: Annex
    base: Methodology
    there: bool
    """Whether the folder holds the methodology already."""
    draft: Draft
    new: Methodology
    asked: Mapping[str, Any]

    @property
    def changes(self) -> Sequence[Change]:
        """What differs from the base."""
        return diff(self.base.document, self.new.document)

    def write(self) -> None:
        """Write what an annex decides into the folder; make it from the base when it is not there."""
        if self.there:
            _put(self.folder, self.id, self.draft.document)
        else:
            write_plugin(self.id, [self.base], self.folder, self._revise)

    def _revise(self, folder: Path) -> None:
        """Import into what has been taken over, so that it says of each number where it is from."""
        taken = find(str(folder))[0]
        again = draft(self.tables, taken.document, functions=taken.scheme.functions, **self.asked)
        assert not isinstance(again, Open)
        _put(folder, self.id, again.document)


def import_annex(
    annex: Path,
    id: str,
    folder: Path,
    base_id: str | None = None,
    *,
    official: str | None = None,
    choice: str | None = None,
    rest_zero: bool = False,
) -> Imported:
    """Read an annex; needs the extra `annex`.

    `official` is the number of the decision where it is one; `choice` names one of several tables; `rest_zero` takes
    0 points below the lowest level that is said. Rows that are not understood are marked `to_do`.
    """
    if official is not None and not (_NUMBERED.search(official) and len(official) <= 100):
        fail("number", "official=")
    tables = read_annex(annex)
    base, there = _base(id, folder, base_id)
    functions = base.scheme.functions
    asked: dict[str, Any] = {"official": official, "table": choice, "rest_zero": rest_zero}
    found = draft(tables, base.document, functions=functions, **asked)
    if isinstance(found, Open):
        at = "" if found.at == annex.name else found.at
        fail("no-table.annex", annex.name, at, what=Text(vi=found.vi, en=found.en))
    try:
        new = Methodology(ready(found.document, functions, annex.name), Origin())
    except MethodologyError as error:
        at_cells = [(q, "" if q.at == annex.name else q.at) for q in found.questions]
        questions = [problem("open", annex.name, at, what=Text(vi=q.vi, en=q.en)) for q, at in at_cells]
        codes = [item["code"] for item in found.document["items"]]
        placed = [_placed(one, codes, found.places) for one in error.problems]
        raise MethodologyError([*questions, *placed]) from None
    return Imported(id, folder, tables, base, there is not None, found, new, asked)


def _placed(found: Problem, codes: Sequence[str], places: Mapping[str, str]) -> Problem:
    """A problem of the whole at the cell and code of its item, not at an index."""
    place = re.match(r"/items/(\d+)(/.*)?$", found.pointer)
    if place is None or int(place[1]) >= len(codes):
        return found
    code = codes[int(place[1])]
    return replace(found, pointer=f"{places.get(code, '')} ({code})".strip())


def _base(id: str, output: Path, base_id: str | None) -> tuple[Methodology, Methodology | None]:
    """What the annex is held against, and the methodology in the folder when it is there already."""

    if output.exists() and not (output / "pyproject.toml").is_file():
        fail("no-plugin", str(output))
    if output.exists():
        found = {methodology.id: methodology for methodology in find(str(output))}
        if id not in found:
            ids = ", ".join(found)
            fail("other", str(output), ids=ids, id=id)
        return found[id], found[id]
    if base_id is not None:
        return load(base_id), None
    names = sorted(listing.id for listing in installed())
    if id in names:
        fail("installed", id, id=id, output=output)
    kind = id.partition("-")[2]
    like = [other for other in names if other.partition("-")[2] == kind and kind]
    if not like:
        fail("no-base", id, names=names)
    return load(like[-1]), None


def _put(folder: Path, id: str, document: Mapping[str, Any]) -> None:
    """Replace the parts of the methodology in a plugin's folder that an annex decides, and the pages made of them."""

    data = _data_folder(folder, id)
    old = {path.name: parse_json(path.read_bytes(), path.name) for path in sorted(data.glob("*.json"))}
    texts: dict[Path, str] = {}
    extends = "extends" in old["methodology.json"]
    for name, content in parts(document).items():
        was = old.get(f"{name}.json", {})
        head = {"$schema": schema} if (schema := was.get("$schema", old["methodology.json"].get("$schema"))) else {}
        if extends and name == "methodology":  # the rest is the older year's; its differences are in the items now
            pin = {key: was["extends"][key] for key in ("id", "fingerprint")}
            content = {**was, "extends": pin, **{key: document[key] for key in ("streams", "total")}}
        elif extends and name in ("units", "plan", "surveys"):
            continue
        if {**head, **content} != was:
            texts[data / f"{name}.json"] = pretty({**head, **content}) + "\n"
    documents = {m.id: m.document.model_dump(mode="json", by_alias=True) for m in find(str(folder))} | {id: document}
    texts[folder / "RULINGS.md"] = rulings_page(_name(folder), list(documents.values()))
    write_all({path: text.encode() for path, text in texts.items()})
    for cache in (folder / "src").rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)


def _name(folder: Path) -> str:
    import tomllib

    return str(tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"])


def _data_folder(folder: Path, id: str) -> Path:
    found = [
        path.parent
        for path in sorted(folder.glob("src/*/*/methodology.json"))
        if parse_json(path.read_bytes(), path.name).get("id") == id
    ]
    if not found:
        fail("no-data", str(folder), id=id)
    return found[0]
