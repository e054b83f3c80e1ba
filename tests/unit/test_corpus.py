"""Valid and invalid documents, each invalid one named after its one fault, through schema and model."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from par_engine import schemas
from par_engine.agencies.assignment import assignment
from par_engine.api import from_document
from par_engine.base.problems import ParError, pointer
from par_engine.evidence.from_document import validate
from par_engine.methodology.scheme import parse
from par_engine.survey.plans import document_of

CORPUS = Path(__file__).parents[1] / "corpus"
DOCUMENTS = ("methodology-1", "evidence-1", "case-1", "report-1", "agencies-1", "survey-plan-1")
FAULTS = [
    pytest.param(kind, name, fault, id=f"{kind}-{name}")
    for kind in DOCUMENTS
    for name, fault in json.loads((CORPUS / kind / "invalid" / "expected.json").read_text()).items()
]
VALID = [
    pytest.param(path.parts[-3], path, id=f"{path.parts[-3]}-{path.stem}")
    for kind in DOCUMENTS
    for path in sorted((CORPUS / kind / "valid").glob("*.json"))
]


def load(kind: str, name: str) -> Any:
    return json.loads((CORPUS / kind / "invalid" / f"{name}.json").read_text())


def places(kind: str, document: Any) -> set[str]:
    """The pointers of all faults that the schema sees, missing and surplus keys at the key itself."""
    return set(_places(schemas.validator(kind).iter_errors(document)))


def _places(errors: Any) -> Iterator[str]:
    for error in errors:
        at = pointer(*error.absolute_path)
        if error.validator == "required":
            yield from (at + pointer(key) for key in error.validator_value if key not in error.instance)
        elif error.validator == "additionalProperties":
            yield from (at + pointer(key) for key in error.instance if key not in error.schema.get("properties", {}))
        elif "propertyNames" in error.absolute_schema_path:
            yield at + pointer(error.instance)
        yield at
        yield from _places(error.context or ())


def refused(kind: str, document: Any) -> set[str]:
    """The pointers of all problems that the model raises."""
    try:
        if kind == "methodology-1":
            parse(document, "doc")
        elif kind == "survey-plan-1":
            document_of(document, "doc")
        else:
            methodology = json.loads((CORPUS / "methodology-1" / "valid" / "full.json").read_text())
            if kind == "agencies-1":
                assignment(document, from_document(methodology))
            else:
                validate(parse(methodology), document)
    except ParError as error:
        return {problem.pointer for problem in error.problems}
    return set()


@pytest.mark.parametrize("name", schemas.NAMES)
def test_schemas_are_valid_and_refer_to_nothing_outside(name: str) -> None:
    schema = schemas.load(name)
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert text.count("http") == 1, "only the dialect may be named by an address"
    assert "multipleOf" not in text


def test_asking_for_an_unknown_schema() -> None:
    with pytest.raises(ValueError, match="known are methodology-1"):
        schemas.load("methodology-9")


@pytest.mark.parametrize(("kind", "path"), VALID)
def test_valid(kind: str, path: Path) -> None:
    document = json.loads(path.read_text())
    assert places(kind, document) == set()
    if kind in ("methodology-1", "evidence-1", "agencies-1", "survey-plan-1"):
        assert refused(kind, document) == set()


@pytest.mark.parametrize(("kind", "name", "fault"), FAULTS)
def test_invalid(kind: str, name: str, fault: dict[str, str]) -> None:
    document = load(kind, name)
    seen = places(kind, document)
    by_schema = fault["caught_by"] in ("both", "schema")
    assert bool(seen) is by_schema
    if by_schema:
        assert any(place == fault["pointer"] or place.startswith(fault["pointer"] + "/") for place in seen), seen
    if fault["caught_by"] in ("both", "model"):
        found = refused(kind, document)
        assert any(place == fault["pointer"] or place.startswith(fault["pointer"] + "/") for place in found), found


@pytest.mark.parametrize(("kind", "path"), [p for p in VALID if "full" in p.id])  # type: ignore[operator]
def test_every_required_key_is_required(kind: str, path: Path) -> None:
    schema, document = schemas.load(kind), json.loads(path.read_text())
    for key in schema["required"]:
        without = copy.deepcopy(document)
        del without[key]
        assert places(kind, without), key
