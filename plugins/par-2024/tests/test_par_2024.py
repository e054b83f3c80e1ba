"""2024: the tree of 2022 under its own name, and nothing called official that depends on the open decision."""

import par_engine as par
from par_engine.comparison.methodologies import diff


def test_the_scheme_is_that_of_the_years_before() -> None:
    for kind in ("province", "ministry"):
        older, newer = (par.load(f"{year}-{kind}").document for year in (2023, 2024))
        assert {change.kind for change in diff(older, newer)} <= {"settings", "basis"}
        assert [i.code for i in older.items] == [i.code for i in newer.items]


def test_no_point_is_official_while_the_decision_is_open() -> None:
    for kind in ("province", "ministry"):
        methodology = par.load(f"2024-{kind}")
        assert methodology.basis()["official"] == 0
        assert [item.code for item in methodology.document.items if item.basis == "official"] == []
        assert methodology.document.total.basis == "derived"
        assert {s.basis for s in methodology.document.streams} == {"derived"}


def test_the_plan_was_not_found_and_no_date_of_it_is_official() -> None:
    plan = par.load("2024-province").document.plan
    assert plan is not None
    assert plan.decision is None
    assert {(t.basis, t.due_is) for t in plan.tasks if t.id != "announcement"} == {("reconstructed", "about")}
    assert [(t.due, t.basis) for t in plan.tasks if t.id == "announcement"] == [("2025-04-06", "derived")]
