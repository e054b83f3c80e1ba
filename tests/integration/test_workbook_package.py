"""Every workbook is one that Excel opens as it is: held to ECMA-376's order and to Excel's limits, without Excel."""

import io
import random
import zipfile
from typing import Any

import pytest

for module in ("openpyxl", "xlsxwriter"):
    pytest.importorskip(module)

import packages
import strategies
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.workbook.template import template


@pytest.mark.parametrize("id", [listing.id for listing in par.installed()])
def test_every_template_is_sound(id: str) -> None:
    methodology = par.load(id)
    assert packages.faults(template(methodology)) == []
    assert packages.faults(template(methodology, stated=True)) == []
    for owner in sorted({fact.owner for fact in methodology.document.facts.values() if fact.owner})[:3]:
        assert packages.faults(template(methodology, owner=owner)) == []


def test_a_workbook_full_of_evidence_is_sound() -> None:
    methodology = par.load("2021-province")
    evidence = methodology.read("examples/dien-bien-2021/evidence.json")
    assert packages.faults(template(methodology, evidence=evidence)) == []


@given(st.data())
@pytest.mark.source
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_workbooks_are_sound(data: st.DataObject) -> None:
    document = data.draw(strategies.methodologies())
    methodology = par.from_document(document)
    evidence = methodology.read(data.draw(strategies.evidence(document, 1)))
    assert packages.faults(template(methodology, evidence=evidence, stated=data.draw(st.booleans()))) == []


def test_a_scheme_at_its_limits_is_sound() -> None:
    """Many bands, options, ticks, children, and titles that no sheet name may carry."""
    title = {"vi": 'Mục [1]: a/b*c? \\ \' "hai" & <ba> ' + "dài " * 40, "en": "long"}
    bands: list[dict[str, str]] = [{"points": "0", "below": "1"}]
    bands += [{"from": str(i), "below": str(i + 1), "points": "0.5"} for i in range(1, 198)] + [
        {"from": "198", "points": "1"}
    ]
    option = {"options": [{"id": f"o{i}", "title": title | {"vi": f"{i} {title['vi']}"}} for i in range(120)]}
    items = [
        tiny.leaf("a", "1", {"name": "bands", "measure": {"fact": "n"}, "bands": bands}),
        tiny.leaf("b", "1", {"name": "choice", "fact": "o", "points": {f"o{i}": "1" for i in range(120)}}),
        tiny.leaf("c", "1", {"name": "checklist", "points": {f"t{i}": "0.01" for i in range(100)}}),
        *(tiny.leaf(f"d{i}", "1", {"name": "tally", "fact": "n", "each": "0.1"}) for i in range(260)),
    ]
    facts: dict[str, Any] = {"n": tiny.COUNT, "o": {"type": "option", **option}}
    facts |= {f"t{i}": tiny.BOOLEAN | {"title": title, "help": title} for i in range(100)}
    document = tiny.document([item | {"title": title} for item in items], facts, "263", title=title)
    document["levels"] = [{"id": f"l{i}", "title": title} for i in range(3)]
    methodology = par.from_document(document)
    assert packages.faults(template(methodology)) == []
    assert packages.faults(template(methodology, stated=True)) == []


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("sheet3", b"<f>IFERROR(", b"<f>XLOOKUP(1,", "function XLOOKUP"),
        ("sheet3", b"<f>IFERROR(", b"<f>IFERROR((", "an open bracket"),
        ("sheet3", b"<f>IFERROR(", b"<f>" + b"IF(1," * 70 + b"1" + b")" * 70 + b"+IFERROR(", "70 levels"),
        ("sheet3", b"<f>IFERROR(", b"<f>" + b"1+" * 4100 + b"IFERROR(", "a formula of"),
        ("sheet3", b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>', "mergeCell B2:C3 overlaps"),
        ("sheet3", b"<dataValidations", b"<hyperlinks/><dataValidations", "order"),
        ("workbook", 'name="Tổng hợp"'.encode(), b'name="a/b"', "sheet name 'a/b'"),
        ("workbook", 'name="Tổng hợp"'.encode(), b'name="Par"', "two sheets of one name"),
    ],
)  # fmt: skip
def test_what_excel_refuses_is_noticed(part: str, old: bytes, new: bytes, says: str) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template(par.load("example-town")))) as source,
        zipfile.ZipFile(out, "w") as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(f"{part}.xml"):
                assert old in content
                content = content.replace(old, new, 1) if part != "workbook" else content.replace(old, new)
            target.writestr(name, content)
    assert any(says in fault for fault in packages.faults(out.getvalue()))


def test_formulas_are_read_sharply() -> None:
    rng = random.Random(3)
    good = 'IF(AND(\'Lĩnh vực 1\'!$A$1>=1.5,SUM(A1:B2)=0),"a""b",-MAX(1,2))'
    assert packages.formula_faults(good, ["Lĩnh vực 1"]) == []
    assert packages.formula_faults(good, []) == ["no sheet 'Lĩnh vực 1'!"]
    broken = 0
    for _ in range(200):
        at = rng.randrange(len(good))
        broken += packages.formula_faults(good[:at] + good[at + 1 :], ["Lĩnh vực 1"]) != []
    assert broken > 100
