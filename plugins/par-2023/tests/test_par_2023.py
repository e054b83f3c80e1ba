"""Published results of 2023 against what the engine makes of the published parts."""

import csv
from decimal import Decimal as D
from pathlib import Path

import pytest

import par_engine as par

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples"
# their printed parts, each rounded alone, sum to a cent more or less than the printed total
OFF_BY_A_CENT = {
    "Tư pháp",
    "Ngân hàng Nhà nước",
    "Nội vụ",
    "TN&MT",
    "NN&PTNT",
    "LĐTBXH",
    "VHTTDL",
    "KH&CN",
    "Ngoại giao",
}


def published(name: str) -> list[dict[str, str]]:
    """The printed totals."""
    with (HERE / "published" / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["figure"] == "total"]


def test_every_printed_total_and_place_of_the_ministries() -> None:
    result = par.load("2023-ministry").assess(EXAMPLES / "ministries-2023.csv")
    rows = published("ministries.csv")
    assert len(rows) == 17
    rows.sort(key=lambda row: int(row["rank"]))
    assert [(result.unit(r["unit"]).points, result.unit(r["unit"]).rank) for r in rows] == [
        (D(r["points"]), int(r["rank"])) for r in rows
    ]
    assert result.problems == ()


def test_the_parts_alone_give_the_printed_totals_and_order() -> None:
    with (EXAMPLES / "ministries-2023.csv").open(encoding="utf-8", newline="") as file:
        parts = list(csv.DictReader(file))
    units = [
        {"unit": r["unit"], "stated": {"streams": {s: r[f"stream:{s}"] for s in ("appraisal", "survey")}}}
        for r in parts
    ]
    result = par.load("2023-ministry").assess({"methodology": "2023-ministry", "stage": "published", "units": units})
    differences = {
        r["unit"]: D(r["points"]) - (result.unit(r["unit"]).points or 0) for r in published("ministries.csv")
    }
    off = {unit for unit, difference in differences.items() if difference}
    assert all(abs(difference) <= D("0.01") for difference in differences.values())
    assert off == OFF_BY_A_CENT
    assert [u.rank for u in result.units] == list(range(1, 18))


def test_published_provinces_and_the_misprint() -> None:
    result = par.load("2023-province").assess(EXAMPLES / "provinces-2023.csv")
    totals = {r["unit"]: r for r in published("provinces.csv") if r["points"]}
    league = result.league()
    assert [u.name for u in league] == ["Đắk Lắk", "Hòa Bình", "Kon Tum"]
    for unit in league:
        assert unit.points == D(totals[unit.name]["points"])
    assert [int(totals[u.name]["rank"]) for u in league] == sorted(int(totals[u.name]["rank"]) for u in league)
    (problem,) = result.problems
    assert problem.pointer == "line 3, column points:total"
    assert problem.what == "hoa-binh: total is stated as 86.89, its parts give 87.89"


def test_units() -> None:
    ministry, province = (par.load(id).document for id in ("2023-ministry", "2023-province"))
    assert (sum(u.ranked for u in ministry.units), len(ministry.units), len(province.units)) == (17, 19, 63)


@pytest.mark.parametrize("id", ["2023-ministry", "2023-province"])
def test_bodies_that_are_not_ranked_still_get_an_index(id: str) -> None:
    document = par.load(id).document
    units = [{"unit": u.id, "stated": {"items": {"total": "80"}}} for u in document.units]
    result = par.load(id).assess({"methodology": id, "stage": "s", "units": units})
    assert {u.index for u in result.units} == {D("80.00")}
    assert {u.rank for u in result.units if u.ranked} == {1}
    assert {u.rank for u in result.units if not u.ranked} <= {None}


def test_three_streams_of_kon_tum_make_the_printed_sum_that_no_single_figure_is() -> None:
    """31.19 of 38.5 is printed for survey and statistics together: 18.33 + 8.50 + 4.36."""
    unit = par.load("2023-province").assess(EXAMPLES / "provinces-2023.csv").unit("Kon Tum")
    parts = [unit.stream(stream) for stream in ("leaders", "sipas", "statistics")]
    assert sum(part.points or 0 for part in parts) == D("31.19")
    assert sum(part.max for part in parts) == D("38.5")


def test_the_printed_mean_of_the_ministries() -> None:
    units = par.load("2023-ministry").assess(EXAMPLES / "ministries-2023.csv").league()
    assert round(sum((u.points or D(0) for u in units), D(0)) / len(units), 2) == D("84.38")
