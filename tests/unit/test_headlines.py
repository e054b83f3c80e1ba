"""Headlines and the group that waits: what is said of all units counts those that have a place."""

from decimal import Decimal as D
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.cli.score import league_table
from par_engine.results.headlines import headlines

GROUPS = [
    {"id": i, "title": {"vi": f"Nhóm {i}", "en": f"Group {i}"}, "from": bound}
    for i, bound in (("A", "90"), ("B", "50"), ("C", "0"))
]
UNITS = [{"id": f"u{i}", "name": f"Đơn vị {i}", "ranked": True} for i in range(5)]
UNITS.append({"id": "x", "name": "Ngoài bảng", "ranked": False, "why": {"vi": "vì sao", "en": "why"}})


def scheme(awaited: bool = True) -> par.Methodology:
    items = [
        tiny.leaf("1", "6", {"name": "given", "fact": "p"}),
        tiny.leaf("2", "4", {"name": "given", "fact": "q"}, "survey"),
    ]
    facts = {name: {"type": "decimal", "decimals": 2} for name in ("p", "q")}
    document = tiny.document(items, facts, "10", units=UNITS, groups=GROUPS, settings={"units": "listed"})
    document["streams"][1]["awaited"] = awaited
    return par.from_document(document)


def assess(**units: dict[str, Any]) -> par.Assessment:
    return scheme().assess(tiny.evidence(**units))


FULL = {
    "u0": {"p": "6", "q": "3.5"},
    "u1": {"p": "6", "q": "2"},
    "u2": {"p": "3", "q": "1"},
    "u3": {"p": "5", "q": "3"},
}


def test_units_without_a_place_are_in_no_headline() -> None:
    found = headlines(assess(**FULL, x={"p": "6", "q": "4"}, u4={"p": "6"}))
    assert [unit.id for unit in found.placed] == ["u0", "u1", "u3", "u2"]
    assert ([unit.id for unit in found.unranked], [unit.id for unit in found.open]) == (["x"], ["u4"])
    assert found.highest is not None and found.lowest is not None
    assert (found.highest.id, found.lowest.id, found.median) == ("u0", "u2", D("80.00"))
    assert found.groups == {"A": 1, "B": 2, "C": 1}


def test_nobody_has_a_place() -> None:
    found = headlines(assess(u0={"p": "6"}))
    assert (found.placed, found.highest, found.lowest, found.median) == ((), None, None, None)
    assert found.groups == {"A": 0, "B": 0, "C": 0}


def test_a_body_outside_the_ranking_has_a_group() -> None:
    unit = assess(x={"p": "6", "q": "4"}).unit("x")
    assert (unit.rank, unit.group, unit.awaits) == (None, "A", False)


def test_the_group_waits_as_the_rank_does() -> None:
    result = assess(**FULL, u4={"p": "6"})
    unit = result.unit("u4")
    assert (unit.index, unit.attainable, unit.awaits) == (D("100.00"), D(6), True)
    assert (unit.rank, unit.group) == (None, None)
    (entry,) = [unit for unit in result.report()["units"] if unit["unit"] == "u4"]
    assert (entry["index"], entry["rank"], entry["group"]) == ("100.00", None, None)
    told = result.explain("u4")
    line = "Index so far, of what was attainable: 100 × 6 / 6 = 100.00 %; no place and no group yet"
    assert line in told.en.splitlines()
    assert (
        "Chỉ số tạm tính trên số điểm đã có thể đạt: 100 × 6 / 6 = 100,00 %; chưa xếp hạng, chưa xếp nhóm"
        in told.vi.splitlines()
    )


@pytest.mark.parametrize(
    ("lang", "row", "note", "counts"),
    [
        (
            "vi",
            "—  Đơn vị 4    100,00*  —        6,00        6,00",
            "* Chỉ số tạm tính trên số điểm đã có thể đạt, còn chờ kết quả: chưa xếp hạng, chưa xếp nhóm.",
            "Nhóm của 4 đơn vị được xếp hạng: Nhóm A: 1, Nhóm B: 2, Nhóm C: 1; không tính 2 đơn vị không có hạng",
        ),
        (
            "en",
            "—  Đơn vị 4    100.00*  —          6.00        6.00",
            "* An index so far, of what was attainable, with results awaited: no place and no group yet.",
            "Groups of the 4 ranked units: Group A: 1, Group B: 2, Group C: 1; 2 without a place not counted",
        ),
    ],
)
def test_the_league_says_it(lang: Any, row: str, note: str, counts: str, capsys: pytest.CaptureFixture[str]) -> None:
    league_table(assess(**FULL, x={"p": "6", "q": "4"}, u4={"p": "6"}), lang, quiet=False)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert [" ".join(line.split()) for line in lines].count(" ".join(row.split())) == 1
    assert note in lines
    assert lines[-1] == counts


def test_all_old_names_of_a_merger_are_found_or_told_where_they_went() -> None:
    names = [f"Vùng số {i}" for i in range(6)]
    old = [f"vung-so-{i}" for i in range(6)]
    units = [
        {"id": "vung-so-0", "name": names[0], "ranked": True, "formerly": old[:3]},
        {"id": "b", "name": "Bắc", "ranked": True, "formerly": old[3:4]},
        {"id": old[4], "name": names[4], "ranked": True},
        {"id": old[5], "name": names[5], "ranked": True},
    ]
    items = [tiny.leaf("1", "6", {"name": "tally", "fact": "p", "each": "1"})]
    m = par.from_document(tiny.document(items, {"p": tiny.COUNT}, "6", units=units, settings={"units": "listed"}))
    with pytest.raises(par.EvidenceError) as caught:
        m.read({"methodology": "tiny", "stage": "s", "units": [{"unit": name} for name in names]})
    assert [problem.hint for problem in caught.value.problems] == [
        f'it was merged into "{names[0]}"',
        f'it was merged into "{names[0]}"',
        'it was renamed "Bắc"',
    ]
