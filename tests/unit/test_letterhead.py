"""What the head of a document says of a unit, a plan and a day."""

import pytest

import par_engine as par
from par_engine.base.types import Text
from par_engine.files.letterhead import FILL, Letterhead, addressed, listed, written_day
from par_engine.methodology.citing import cited, committee, committee_of, full_name, full_name_of, index_name
from par_engine.methodology.model import Plan, Unit


@pytest.mark.parametrize(
    ("kind", "name", "full"),
    [
        ("tỉnh", "Cao Bằng", "tỉnh Cao Bằng"),
        ("tỉnh", "Tỉnh Cao Bằng", "tỉnh Cao Bằng"),
        ("thành phố", "Cần Thơ", "thành phố Cần Thơ"),
        ("thành phố", "TP. Hồ Chí Minh", "thành phố Hồ Chí Minh"),
        ("thành phố", "TP Huế", "thành phố Huế"),
        ("thành phố", "Thành phố Huế", "thành phố Huế"),
        ("thị xã", "TX. Quảng Trị", "thị xã Quảng Trị"),
        (None, "Bộ Tư pháp", "Bộ Tư pháp"),
    ],
)
def test_a_unit_has_its_kind_before_its_name(kind: str | None, name: str, full: str) -> None:
    unit = Unit(id="one", name=name, kind=kind, ranked=True)
    assert full_name(unit) == full
    assert committee(unit) == (f"Ủy ban nhân dân {full}" if kind else "")


def test_a_kind_without_a_people_s_committee() -> None:
    assert committee(Unit(id="one", name="Trung tâm", kind="thư viện", ranked=True)) == ""


def plan(decision: str | None, issuer: str | None) -> Plan:
    said = None if issuer is None else Text(vi=issuer, en=issuer)
    date = None if decision is None else "2031-07-08"
    return Plan(title=Text(vi="Kế hoạch", en="Plan"), decision=decision, date=date, issuer=said, tasks=[])


@pytest.mark.parametrize(
    ("decision", "issuer", "said"),
    [
        (
            "838/QĐ-BNV",
            "Bộ trưởng Bộ Nội vụ",
            "Quyết định số 838/QĐ-BNV ngày 08 tháng 7 năm 2031 của Bộ trưởng Bộ Nội vụ",
        ),
        ("12/KH-UBND", "UBND tỉnh", "Kế hoạch số 12/KH-UBND ngày 08 tháng 7 năm 2031 của UBND tỉnh"),
        ("6203/BNV-CCHC", "Bộ Nội vụ", "Công văn số 6203/BNV-CCHC ngày 08 tháng 7 năm 2031 của Bộ Nội vụ"),
        ("5/QĐ-X", None, "Quyết định số 5/QĐ-X ngày 08 tháng 7 năm 2031"),
        (None, None, "Kế hoạch"),
    ],
)
def test_a_plan_is_cited_by_its_decision(decision: str | None, issuer: str | None, said: str) -> None:
    assert cited(plan(decision, issuer)) == said


def test_what_is_not_known_is_left_to_be_filled_in() -> None:
    assert Letterhead.filled("") == Letterhead("", FILL, "……/BC-……", FILL, "ngày …… tháng …… năm ……")
    known = Letterhead.filled("Sở Nội vụ", "Ủy ban nhân dân tỉnh X", number="1/BC", place="X", date="2031-11-03")
    assert known == Letterhead("ỦY BAN NHÂN DÂN\nTỈNH X", "SỞ NỘI VỤ", "1/BC", "X", "ngày 03 tháng 11 năm 2031")
    assert written_day("2031-02-28") == "ngày 28 tháng 02 năm 2031"


def test_receivers_and_recipients() -> None:
    assert addressed(["A"]) == "Kính gửi: A" and addressed(["A", "B"]) == "Kính gửi:"
    assert listed(["A", "B;", "Lưu: VT."]) == ["A;", "B;", "Lưu: VT."]


def test_the_shipped_years_say_what_their_units_are() -> None:
    pytest.importorskip("par_2021")
    for id in (listing.id for listing in par.installed() if listing.id.endswith("-province")):
        document = par.load(id).document
        kinds = {unit.kind for unit in document.units}
        assert kinds == {"tỉnh", "thành phố"}
        assert document.plan is not None and document.plan.receiver is not None
        assert " của các " not in index_name(document) and index_name(document).startswith(
            "Chỉ số cải cách hành chính năm"
        )
    document = par.load("2021-province").document
    assert full_name_of(document, "tp-ho-chi-minh", "x") == "thành phố Hồ Chí Minh"
    assert full_name_of(document, "nobody", "x") == "x" and committee_of(document, "nobody") == ""
    assert committee_of(par.load("2021-ministry").document, "bo-tu-phap") == ""
