"""2025: 34 provinces that account for all 63, no district level anywhere, and nothing official."""

import json

import par_engine as par

M = par.load("2025-province")
OLD = par.load("2024-province")


def test_every_older_unit_goes_into_exactly_one() -> None:
    for kind, count in (("province", 34), ("ministry", 14)):
        older, newer = (par.load(f"{year}-{kind}").document.units for year in (2024, 2025))
        assert len(newer) == count
        into = [name for unit in newer for name in unit.formerly or [unit.id]]
        assert sorted(into) == sorted(unit.id for unit in older)


def test_merged_provinces_and_one_that_changed_its_name() -> None:
    units = {unit.id: unit for unit in M.document.units}
    assert sum(len(unit.formerly) > 1 for unit in units.values()) == 23
    assert units["hue"].formerly == ["thua-thien-hue"]
    assert units["phu-tho"].formerly == ["hoa-binh", "vinh-phuc", "phu-tho"]


def test_no_district_is_left() -> None:
    document = M.document.model_dump(mode="json", include={"items", "facts", "surveys"})
    text = json.dumps(document, ensure_ascii=False).lower()
    assert "huyện" not in text
    assert "district" not in text


def test_nothing_is_official() -> None:
    for kind in ("province", "ministry"):
        document = par.load(f"2025-{kind}").document
        nodes = [document.total, *document.streams, *document.items, *document.surveys.values()]
        assert [node.basis for node in nodes if node.basis == "official"] == []


def test_fields_keep_their_maxima() -> None:
    assert {c: i.max for c, i in M.scheme.items.items() if "." not in c} == {
        c: i.max for c, i in OLD.scheme.items.items() if "." not in c
    }
