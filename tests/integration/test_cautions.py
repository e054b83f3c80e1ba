"""What somebody should look at although there is a result, also after an appraisal has changed the points."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import par_engine as par
from par_engine.round.round import Round, open_round

ROOT = Path(__file__).parents[2]


def without_item_3(bonus: str | None) -> dict[str, Any]:
    """Ashford, of which no part of item 3 applies; B is the bonus beside item 3's parts."""
    content = json.loads((ROOT / "examples" / "example-town.json").read_text(encoding="utf-8"))
    unit = content["units"][0]
    facts = {name: value for name, value in unit["facts"].items() if name[:2] not in ("3.", "b.")}
    facts |= {} if bonus is None else {"b.idea": bonus}
    outcomes = {code: {"outcome": "not_applicable", "why": "none"} for code in ("3.1", "3.2")}
    return {**content, "stage": "self-assessment", "units": [{**unit, "facts": facts, "outcomes": outcomes}]}


@pytest.fixture
def methodology() -> par.Methodology:
    import par_example

    data = copy.deepcopy(json.loads(par.load("example-town").canonical))
    data["total"].pop("cap", None)
    for item in data["items"]:
        if item["code"] == "B":
            item["parent"] = "3"
        if item["code"] == "3":
            item["cap"] = "2.5"
        if item["code"] in ("3.1", "3.2"):
            item["may_not_apply"] = True
    return par.from_document(data, functions=par_example.par_rules())


def appraised(methodology: par.Methodology, folder: Path, bonus: str | None, line: str) -> par.Assessment:
    open_round(folder / "k.db", methodology, "A")
    (folder / "e.json").write_text(json.dumps(without_item_3(bonus)), encoding="utf-8")
    (folder / "p.csv").write_text(f"unit,item,points,reason\n{line}\n", encoding="utf-8")
    round_ = Round(folder / "k.db", methodology)
    round_.submit(folder / "e.json", "A", "first")
    round_.appraise(folder / "p.csv", "B")
    return round_.score()


def test_an_appraisal_that_makes_an_item_apply_takes_the_caution_away(
    methodology: par.Methodology, tmp_path: Path
) -> None:
    before = methodology.assess(without_item_3("0.25"))
    assert [p.what for p in before.problems] == ["ashford: B is not counted, because 3 does not apply"]
    after = appraised(methodology, tmp_path, "0.25", "Ashford,3.2,1,it has loans")
    assert str(after.units[0].item("B").points) == "0.2500" and after.problems == ()


def test_points_of_an_appraisal_that_do_not_count_are_said(methodology: par.Methodology, tmp_path: Path) -> None:
    after = appraised(methodology, tmp_path, None, "Ashford,B,0.5,good idea")
    assert after.units[0].item("B").points is None
    assert [p.what for p in after.problems] == ["ashford: B is not counted, because 3 does not apply"]
