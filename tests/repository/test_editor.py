"""Editor support: every criteria and case file names, by a path that exists, a schema that needs no other, and fits it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from par_engine import schemas

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("plugins/*/src/*/*/*.json"), *ROOT.glob("plugins/*/tests/cases/*.json")])


@pytest.mark.parametrize("name", schemas.EDITOR)
def test_the_bundled_schemas_are_not_stale(name: str) -> None:
    text = json.dumps(schemas.bundle(name), ensure_ascii=False, indent=2) + "\n"
    path = ROOT / "schemas" / "editor" / f"{name}.json"
    assert path.read_text(encoding="utf-8") == text, "python .ci/refresh.py"


@pytest.mark.parametrize("name", schemas.NAMES)
def test_a_bundled_schema_refers_only_to_itself(name: str) -> None:
    bundled = schemas.bundle(name)
    Draft202012Validator.check_schema(bundled)
    text = json.dumps(bundled)
    assert '"$ref": "urn' not in text
    assert text.count("#/$defs/") == text.count('"$ref"')


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_names_its_schema_and_fits_it(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    schema = (path.parent / document["$schema"]).resolve()
    assert schema.parent == ROOT / "schemas" / "editor"
    found = list(Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).iter_errors(document))
    assert found == []
