"""The JSON Schemas of all documents, resolved from the package alone: nothing is ever fetched."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from referencing import Registry

NAMES = ("methodology-1", "methodology-part-1", "evidence-1", "report-1", "case-1")


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
