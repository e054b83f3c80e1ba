"""Reports, CSV, frames, forms and explanations of the example."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import par_engine as par
from par_engine import schemas
from par_engine.plugins import renderers

ROOT = Path(__file__).parents[2]
M = par.load("example-town")
RESULT = M.assess(ROOT / "examples" / "example-town.json")
RENDER = renderers()


def test_report_follows_its_schema_and_has_no_float() -> None:
    text = RENDER["json"](RESULT).decode()
    document = json.loads(text, parse_float=lambda digits: pytest.fail(f"a float: {digits}"))
    assert list(schemas.validator("report-1").iter_errors(document)) == []
    assert document["methodology"]["fingerprint"] == M.fingerprint
    assert document["units"][1]["items"]["2.1"] == {
        "outcome": "scored",
        "points": "0.5000",
        "max": "1.0000",
        "attainable": "1.0000",
    }
    assert document["units"][2]["not_applicable"] == ["2.3"]


@pytest.mark.parametrize(
    ("format", "golden"),
    [("json", "example-town.json"), ("csv", "example-town.csv"), ("csv-long", "example-town-long.csv")],
)
def test_golden(format: str, golden: str) -> None:
    want = (Path(__file__).parent / "golden" / golden).read_bytes()
    assert RENDER[format](RESULT) == want


def test_csv_opens_as_vietnamese_and_no_cell_is_a_formula() -> None:
    doc = json.loads(json.dumps(M.document.model_dump(mode="json", by_alias=True, exclude_none=True)))
    doc["units"] = []
    doc["settings"]["units"] = "open"
    evil = par.from_document(doc, M.scheme.functions)
    units = [{"unit": name, "facts": {}} for name in ("=cmd|' /C calc'!A0", "+1", "-1", "@x")]
    result = evil.assess({"methodology": "example-town", "stage": "s", "units": units})
    for format in ("csv", "csv-long"):
        data = RENDER[format](result)
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert not [
            cell
            for row in rows
            for cell in row
            if cell.startswith(("=", "+", "@")) or (cell.startswith("-") and cell != "-")
        ]


def test_frames_hold_decimals() -> None:
    units = RESULT.to_frame()
    assert units.loc["ashford", "points"] == Decimal("9.6444")
    assert units["rank"].isna().tolist() == [False, False, False, False, True]
    items = RESULT.to_frame("items")
    assert items.loc[("ben-tre-nho", "1.2"), "points"] == Decimal("1.65")
    assert RESULT.to_frame("streams").loc[("ashford", "readers"), "attainable"] == 1
    with pytest.raises(ValueError, match="units"):
        RESULT.to_frame("fields")  # type: ignore[arg-type]


def test_a_frame_as_evidence_gives_the_same_figures() -> None:
    facts = json.loads((ROOT / "examples" / "example-town.json").read_text(encoding="utf-8"))["units"]
    import pandas as pd

    rows = []
    for entry in facts:
        flat = {"unit": entry["unit"]}
        for name, value in entry["facts"].items():
            if isinstance(value, dict):
                flat |= {f"{name}:{g}:{o}": n for g, counts in value.items() for o, n in counts.items()}
            else:
                flat[name] = value
        for code, outcome in entry.get("outcomes", {}).items():
            flat |= {f"outcome:{code}": outcome["outcome"], f"why:{code}": outcome["why"]}
        rows.append(flat)
    result = M.assess(pd.DataFrame(rows))
    assert [(u.id, u.points, u.rank) for u in result.units] == [(u.id, u.points, u.rank) for u in RESULT.units]


def test_the_form_accepts_what_the_engine_accepts_and_refuses_what_it_refuses() -> None:
    form = M.evidence_schema()
    Draft202012Validator.check_schema(form)
    assert "$ref" not in json.dumps(form)
    validator = Draft202012Validator(form)
    evidence = json.loads((ROOT / "examples" / "example-town.json").read_text(encoding="utf-8"))
    evidence["units"][0]["facts"]["1.3.complaints"] = None  # not known is the same as left out
    assert list(validator.iter_errors(evidence)) == []
    for fact, value in (
        ("1.3.complaints", -1),
        ("1.1.plan", "never"),
        ("2.3.ramp", "yes"),
        ("nothing", 1),
        ("1.2.open", 367),
    ):
        broken = json.loads(json.dumps(evidence))
        broken["units"][0]["facts"][fact] = value
        assert list(validator.iter_errors(broken)), fact


def test_every_figure_can_be_explained_in_both_languages() -> None:
    for unit in RESULT.units:
        for code in ("total", *M.scheme.items):
            explanation = RESULT.explain(unit.id, code)
            json.dumps(explanation.data)
            assert explanation.vi.startswith(f"{unit.name} — ")
            assert "Căn cứ: " in explanation.vi
            assert "Basis: " in explanation.en


def test_explanation_of_a_total_names_what_cut_it() -> None:
    text = RESULT.explain("Đồng Xuân").en
    assert "Gate: C needs 1, else at most 5 (has 0)" in text
    assert "R1: A library without an annual report gets 5 points at most." in text


def test_unknown_unit_and_item() -> None:
    with pytest.raises(par.EvidenceError, match='no unit "Ashfrod" — did you mean "ashford"'):
        RESULT.unit("Ashfrod")
    with pytest.raises(par.EvidenceError, match='no stream "record"'):
        RESULT.unit("Ashford").stream("record")
