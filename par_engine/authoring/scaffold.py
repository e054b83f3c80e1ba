"""A new year: the content of an older methodology, or of the template, as a plugin of its own."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import Any

from par_engine import schemas
from par_engine.api import Methodology
from par_engine.authoring.pages import module, pretty, project, readme, rulings_page, suite
from par_engine.base.problems import fail, quote
from par_engine.hookspecs import METHODOLOGIES
from par_engine.plugins import load_point
from par_engine.results.assessment import Origin

TEMPLATE = "example-town"
PART = "../../../schemas/methodology-part-1.json"  # a path, because editors do not look up names
_PARTS = ("sources", "facts", "items", "units", "surveys", "plan")
_ORDER = (
    "code",
    "parent",
    "title",
    "max",
    "stream",
    "rule",
    "rule_text",
    "role",
    "weight",
    "aggregate",
    "cap",
    "gates",
)
_NAME = re.compile(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,3}")


def template() -> Methodology:
    """The small made-up methodology that the engine carries for this purpose."""
    point = EntryPoint(TEMPLATE, "par_engine.template", METHODOLOGIES)
    return Methodology(load_point(point, "par_engine.template"), Origin())


def scaffold(name: str, sources: Sequence[Methodology], engine: str) -> dict[str, bytes]:
    """The files of plugin `par-<year>`, by their paths; cases and fingerprints are added when it has been loaded.

    `name` is a year (`par-<year>` gets one methodology `<year>-<kind>` for each source, its kind the rest of that
    source's id) or, for one source, the id of the new methodology. `engine` is the least version of the engine.
    """
    if not _NAME.fullmatch(name):
        fail("name", name, name=quote(name))
    year, _, kind = name.partition("-")
    if kind and len(sources) > 1:
        fail("name.scaffold", name)
    kinds = [kind or source.id.partition("-")[2] or source.id for source in sources]
    if len(set(kinds)) < len(kinds):
        fail("name.scaffold-2", name, kinds=kinds)
    if any(source.id == f"{year}-{kind_}" for source, kind_ in zip(sources, kinds, strict=True)):
        fail("name.scaffold-3", name, name=name)
    package = f"par_{year}"
    documents = {k: _document(source, year, k) for k, source in zip(kinds, sources, strict=True)}
    files = {
        "pyproject.toml": project(year, package, kinds, engine),
        "README.md": readme(year, documents, sources),
        "CHANGELOG.md": "# Changelog\n\n## 0.1 (unreleased)\n\nFirst version.\n\n"
        "Figures affected: none, there was no version before.\n",
        "RULINGS.md": rulings_page(f"par-{year}", list(documents.values())),
        f"src/{package}/__init__.py": module(year, sources),
        f"src/{package}/py.typed": "",
        f"tests/test_{package}.py": suite(year, kinds),
    }
    for schema in schemas.EDITOR:
        files[f"schemas/{schema}.json"] = json.dumps(schemas.bundle(schema), ensure_ascii=False, indent=2) + "\n"
    for k, document in documents.items():
        for part, content in parts(document).items():
            files[f"src/{package}/{k}/{part}.json"] = pretty({"$schema": PART, **content}) + "\n"
    return {path: text.encode() for path, text in files.items()}


def _document(source: Methodology, year: str, kind: str) -> dict[str, Any]:
    """The source's document under its new id, every number marked as not yet known for the new year."""
    document = source.document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    old, document["id"] = source.id, f"{year}-{kind}"
    if old != TEMPLATE:
        document["supersedes"] = old
    before, after = old.partition("-")[0], year
    if before.isdigit() and after.isdigit():
        for text in (document["title"], (document.get("plan") or {}).get("title") or {}):
            for lang in text:
                text[lang] = re.sub(rf"\b{before}\b", after, text[lang])
    ruling = f"R{1 + max([0, *(int(key[1:]) for key in document['rulings'])])}"
    document["rulings"][ruling] = {
        "vi": f"Lấy nguyên từ {old}; chưa đối chiếu với văn bản của {year}.",
        "en": f"Taken over from {old}; not yet held against a document of {year}.",
    }
    for node in (document["total"], *document["streams"], *document["items"], *document["surveys"].values()):
        node["basis"], node["rulings"] = "reconstructed", [*node.get("rulings", []), ruling]
    if document.get("plan"):
        _shift(document["plan"], int(after) - int(before) if before.isdigit() and after.isdigit() else 0)
    for item in document["items"]:
        _, dot, function = item.get("rule", {}).get("name", "").partition(".")
        if dot:
            item["rule"]["name"] = f"{year}.{function}"
    return document


def _shift(plan: dict[str, Any], years: int) -> None:
    for name in ("decision", "date", "issuer"):  # the older year's: the newer ones are not known yet
        plan.pop(name, None)
    for task in plan["tasks"]:
        task["due"], task["basis"] = _later(task["due"], years), "reconstructed"


def _later(date: str, years: int) -> str:
    day = datetime.date.fromisoformat(date)
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last).isoformat()


def parts(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The files of one methodology: what belongs together, in the order in which people read it."""
    out: dict[str, dict[str, Any]] = {"methodology": {}}
    for key, value in document.items():
        part = "sources" if key == "rulings" else key if key in _PARTS else "methodology"
        out.setdefault(part, {})[key] = value
    out["items"]["items"] = [
        {key: item[key] for key in (*(k for k in _ORDER if k in item), *(k for k in item if k not in _ORDER))}
        for item in document["items"]
    ]
    return out
