"""Planned numbers: the scheme's own, those of a province's round, how each is known, and who is told."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

for module in ("docx", "email_validator", "openpyxl", "phonenumbers", "xlsxwriter"):
    pytest.importorskip(module)

import tiny

import par_engine as par
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.survey.ballots import read_ballots
from par_engine.survey.draw import draw, short_of_replacements
from par_engine.survey.heads import HEADS
from par_engine.survey.lists import read_people
from par_engine.survey.plans import Plans, one_unit, read_plans
from par_engine.survey.questions import Questions
from par_engine.survey.respondents import Checked, check
from par_engine.survey.tally import tally

GROUPS = [
    {"id": "leaders", "title": {"vi": "Lãnh đạo", "en": "Leaders"}, "weight": "1", "planned": 3},
    {"id": "citizens", "title": {"vi": "Người dân", "en": "Citizens"}, "weight": "1"},
]
OPTIONS = [{"id": "A", "title": tiny.T, "share": "1"}, {"id": "B", "title": tiny.T, "share": "0"}]


def methodology(**group: Any) -> par.Methodology:
    survey = {
        "title": tiny.T,
        "combine": "weighted",
        "options": OPTIONS,
        **tiny.BASE,
        "basis": "derived",
        "sources": ["d"],
    }
    survey["groups"] = [{**GROUPS[0], **group}, GROUPS[1]]
    return par.from_document(
        tiny.document(
            [tiny.leaf("1", "1", {"name": "survey", "fact": "q"}, "survey")],
            {"q": {"type": "ballots", "survey": "s"}},
            "1",
            surveys={"s": survey},
            sources={name: {"title": {"vi": f"Văn bản {name}", "en": f"Document {name}"}} for name in ("d", "e")},
            units=[{"id": i, "name": n, "ranked": True} for i, n in (("one", "Tỉnh Một"), ("two", "Tỉnh Hai"))],
            settings={"units": "listed"},
        )
    )  # fmt: skip


M = methodology()


def number(plans: Plans, group: str, unit: str | None = None) -> tuple[int, str, str] | None:
    found = plans.of("s", group, unit)
    return None if found is None else (found.number, found.basis, found.source["vi"])


def write(path: Path, *entries: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"methodology": "tiny", "planned": entries, **more}), encoding="utf-8")
    return path


def entry(group: str, planned: int, **more: Any) -> dict[str, Any]:
    return {"group": group, "planned": planned, "basis": "official", "source": "1/TB", **more}


def test_the_schemes_own_number_says_how_it_is_known() -> None:
    assert number(Plans(M, {}), "leaders") == (3, "derived", "Văn bản d")
    own = methodology(planned_basis="official", planned_sources=["e"])
    assert number(Plans(own, {}), "leaders") == (3, "official", "Văn bản e")
    assert number(Plans(M, {}), "citizens") is None
    for group, at in (
        ({"planned_basis": "official", "planned_sources": ["x"]}, "/surveys/s/groups/0/planned_sources/0"),
        ({"planned": None, "planned_basis": "official"}, "/surveys/s/groups/0"),
        ({"planned_sources": ["d"]}, "/surveys/s/groups/0"),
    ):
        with pytest.raises(par.MethodologyError) as caught:
            methodology(**group)
        assert {p.pointer for p in caught.value.problems} == {at}


def test_a_units_number_before_that_of_each_and_both_before_the_schemes(tmp_path: Path) -> None:
    path = write(tmp_path / "p.json", entry("leaders", 4), entry("Lãnh đạo", 5, unit="tỉnh hai", survey="s"))
    plans = read_plans(M, path)
    assert [number(plans, "leaders", u) for u in ("one", "two")] == [(4, "official", "1/TB"), (5, "official", "1/TB")]
    assert one_unit(plans, M, None) == "two"
    assert one_unit(plans, M, "Tỉnh Một") == "one"
    with pytest.raises(par.DocumentError, match='--unit: there is no unit "Ba"'):
        one_unit(plans, M, "Ba")
    two = read_plans(M, write(tmp_path / "q.json", entry("leaders", 4, unit="one"), entry("leaders", 5, unit="two")))
    with pytest.raises(par.DocumentError, match="--unit: the plan is of several units — name one with --unit"):
        one_unit(two, M, None)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_as_a_table(tmp_path: Path, kind: str) -> None:
    heads = ["Đơn vị", "Nhóm đối tượng", "Số lượng", "Căn cứ", "Nguồn"]
    rows = [["Tỉnh Một", "Lãnh đạo", "46", "chính thức", "1/TB"], ["", "citizens", "7", "derived", "2/TB"]]

    def table(name: str, body: list[list[str]]) -> Path:
        path = tmp_path / f"{name}.{kind}"
        if kind == "csv":
            path.write_text("\n".join(";".join(r) for r in [heads, *body]), encoding="utf-8")
        else:
            path.write_bytes(xlsx([Sheet("K", heads, body, [9] * 5)], "survey"))
        return path

    plans = read_plans(M, table("a", rows))
    assert number(plans, "leaders", "one") == (46, "official", "1/TB")
    assert number(plans, "citizens", "two") == (7, "derived", "2/TB")
    wrong = [["Tỉnh Ba", "Lãnh đạo", "x", "?", ""], ["", "dân", "1", "official", "a"], rows[1], rows[1]]
    with pytest.raises(par.DocumentError) as caught:
        read_plans(M, table("b", wrong))
    sheet = "K!" if kind == "xlsx" else ""
    assert [p.text().removeprefix(f"b.{kind} {sheet}") for p in caught.value.problems] == [
        'A2: there is no unit "Tỉnh Ba" — did you mean "Tỉnh Hai" or "Tỉnh Một"?',
        "C2: this is no number of people — such as 46",
        "D2: this is no basis — official, derived, reconstructed",
        "E2: the source is empty — fill it in",
        'B3: there is no group "dân" — Leaders; Citizens',
        "B5: this number stands twice — keep one",
    ]
    with pytest.raises(par.DocumentError, match="no row has planned numbers — fill in number, basis and source"):
        read_plans(M, table("c", []))


def test_a_plan_of_another_methodology_or_kind(tmp_path: Path) -> None:
    with pytest.raises(par.DocumentError, match='the plan is for "other" — not for tiny'):
        read_plans(M, write(tmp_path / "p.json", entry("leaders", 1), methodology="other"))
    for content, text in (
        ("[]", "p.json: kế hoạch không phải đối tượng JSON — xem par schema survey-plan"),
        (json.dumps({"methodology": "tiny", "planned": [entry("leaders", 1, basis="?")]}),
         "p.json /planned/0/basis: không phải căn cứ (official, derived, reconstructed) — xem par schema survey-plan"),
    ):  # fmt: skip
        (tmp_path / "p.json").write_text(content)
        with pytest.raises(par.DocumentError) as caught:
            read_plans(M, tmp_path / "p.json")
        assert [p.text("vi") for p in caught.value.problems] == [text]
    (tmp_path / "p.txt").write_text("x")
    with pytest.raises(par.DocumentError, match=r"p.txt: .txt is no survey plan"):
        read_plans(M, tmp_path / "p.txt")


def people(tmp_path: Path, leaders: int, citizens: int, plans: Plans | None = None, unit: str | None = None) -> Checked:
    rows = [[g, f"Người {g} {i}", "c", "d", "", f"{g}{i}@example.vn"] for g, n in (("leaders", leaders), ("citizens", citizens)) for i in range(n)]  # fmt: skip
    path = tmp_path / "l.xlsx"
    path.write_bytes(xlsx([Sheet("L", list(HEADS.values()), rows, [9] * 6)], "survey"))
    return check(M, read_people(path), "s", None, datetime.date(2030, 1, 1), plans, unit)


def test_the_list_is_held_against_the_plan(tmp_path: Path) -> None:
    plans = read_plans(M, write(tmp_path / "p.json", entry("leaders", 4, unit="one"), entry("citizens", 2)))
    assert [p.text() for p in people(tmp_path, 5, 2, plans, "one").problems] == [
        "l.xlsx: group leaders has 5 people, 4 are planned",
        "l.xlsx: group leaders: the plan says 4, the methodology 3",
    ]
    assert [p.text("vi") for p in people(tmp_path, 2, 2).problems] == [
        "l.xlsx: nhóm Lãnh đạo có 2 người, kế hoạch 3 (suy ra từ số chính thức)"
    ]


def test_a_draw_takes_the_plan_and_says_where_replacements_are_short(tmp_path: Path) -> None:
    plans = read_plans(M, write(tmp_path / "p.json", entry("leaders", 4), entry("citizens", 2)))
    found = people(tmp_path, 5, 9, plans)
    drawn = draw(found, "7", {}, 3)
    assert sum(not d.replacement for d in drawn if d.group == "leaders") == 4
    assert [(p.text(), p.severity) for p in short_of_replacements(found, drawn, 3)] == [
        ("l.xlsx: group leaders has 1 replacements, 3 were asked for — a larger frame gives more", "warning")
    ]
    with pytest.raises(par.DocumentError, match="group leaders has 3 rows, 4 are to be drawn"):
        draw(people(tmp_path, 3, 9, plans), "7", {}, 0)


def test_response_by_group_and_unit(tmp_path: Path) -> None:
    plans = read_plans(M, write(tmp_path / "p.json", entry("leaders", 4, unit="one"), entry("citizens", 2, unit="one")))
    (tmp_path / "b.csv").write_text("unit,group,q\none,leaders,A\none,leaders,B\none,citizens,A\ntwo,leaders,A\n")
    found = tally(read_ballots(Questions(M), tmp_path / "b.csv"), {}, M, plans)
    assert [r.as_dict() for r in found.responses(0)] == [
        {"survey": "s", "group": "leaders", "ballots": 2, "planned": 4, "planned_basis": ["official"], "rate": "0.5"},
        {"survey": "s", "group": "citizens", "ballots": 1, "planned": 2, "planned_basis": ["official"], "rate": "0.5"},
    ]
    both = [(r.ballots, r.planned, r.said("en")) for r in found.responses()]
    assert both == [(3, 7, "7 (derived from official numbers)"), (1, None, "—")]
    assert [len(unit["responses"]) for unit in found.document()["units"]] == [2, 2]


def test_a_plan_of_another_unit_is_said(tmp_path: Path) -> None:
    plans = read_plans(M, write(tmp_path / "p.json", entry("citizens", 2, unit="Tỉnh Hai")))
    (tmp_path / "l.csv").write_text("nhóm,họ tên,chức vụ,cơ quan,sđt,email\n", encoding="utf-8")
    found = check(M, read_people(tmp_path / "l.csv"), "s", None, datetime.date(2030, 1, 1), plans, "one")
    assert found.problems[0].text() == "--plan: the plan has no number of Tỉnh Một — is it the plan of another unit?"
    other = check(M, read_people(tmp_path / "l.csv"), "s", None, datetime.date(2030, 1, 1), plans, "two")
    assert "not-of-the-unit" not in {p.code for p in other.problems}
