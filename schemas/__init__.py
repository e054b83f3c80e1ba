"""The JSON Schemas of all documents, resolved from the package alone: nothing is ever fetched."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from referencing import Registry

EDITOR = ("methodology-part-1", "case-1")
"""The schemas that files name by a path, bundled, because editors do not look up names."""
NAMES = ("methodology-1", "methodology-part-1", "evidence-1", "report-1", "case-1", "agencies-1", "survey-plan-1")


def load(name: str) -> dict[str, Any]:
    """The schema of that name, one of NAMES, as a fresh dict."""
    if name not in NAMES:
        raise ValueError(f"there is no schema {name!r}; known are {', '.join(NAMES)}")
    document: dict[str, Any] = json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return document


def registry() -> Registry[Any]:
    """All schemas by their ids; asking it for anything else is an error."""
    from referencing import Registry, Resource

    resources: list[tuple[str, Resource[Any]]] = []
    for name in NAMES:
        document = load(name)
        resources.append((document["$id"], Resource.from_contents(document)))
    return Registry().with_resources(resources)


def validator(name: str) -> Draft202012Validator:
    """A validator of documents of that kind."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(load(name), registry=registry())


def bundle(name: str) -> dict[str, Any]:
    """A schema that refers to nothing but itself: for editors and form makers, which fetch no `urn:`."""
    defs: dict[str, Any] = {}
    out: dict[str, Any] = _local(load(name), name, name, defs)
    out["$defs"] = {**out.get("$defs", {}), **dict(sorted(defs.items()))}
    return out


def _local(node: Any, home: str, name: str, defs: dict[str, Any]) -> Any:
    """A part of the schema `home` with all references turned to definitions of the schema `name`."""
    if isinstance(node, list):
        return [_local(item, home, name, defs) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: _local(value, home, name, defs) for key, value in node.items()}
    target = node.get("$ref")
    if isinstance(target, str):
        document, _, path = target.partition("#")
        other = document.removeprefix("urn:par-engine:schema:") or home
        if other != name:
            key = f"{other}{path.replace('/', '.')}"
            out["$ref"] = f"#/$defs/{key}"
            if key not in defs:
                defs[key] = {}  # taken, so that a circle ends
                part: Any = load(other)
                for step in path.split("/")[1:]:
                    part = part[step]
                defs[key] = _local(part, other, name, defs)
    return out
