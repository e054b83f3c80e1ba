"""Numbers of a rule that no decimal writes: one writing, exact comparison, the same words everywhere."""

import copy
from fractions import Fraction as F
from typing import Any

import pytest
import tiny

pytest.importorskip("lark")

import par_engine as par
from par_engine.annex.readings import Reading
from par_engine.annex.rule_reading import read_rule
from par_engine.annex.rule_writing import lines
from par_engine.annex.rules import Named, as_reading, as_rule, same
from par_engine.authoring.proof import prove
from par_engine.base.problems import MethodologyError
from par_engine.comparison.methodologies import diff
from par_engine.methodology.boundary_cases import probes

BANDS: dict[str, Any] = {
    "name": "bands",
    "measure": {"part": "a", "whole": "b"},
    "whole_zero": "missing",
    "over": "refuse",
    "bands": [
        {"below": "1/3", "points": "0"},
        {"from": "1/3", "below": "2/3", "points": "0.5"},
        {"from": "2/3", "points": "1"},
    ],
}
RATIO: dict[str, Any] = {
    "name": "ratio",
    "part": "a",
    "whole": "b",
    "floor": "1/3",
    "full_at": "2/3",
    "over": "cap",
    "whole_zero": "zero",
}
COUNTS = {"a": tiny.COUNT, "b": tiny.COUNT}


def scheme(rule: dict[str, Any], facts: dict[str, Any] = COUNTS, **more: Any) -> par.Methodology:
    return par.from_document(tiny.document([tiny.leaf("1", "1", rule)], facts, "1", **more))


def points(methodology: par.Methodology, **facts: Any) -> str:
    return str(methodology.assess(tiny.evidence(facts)).units[0].item("1").points)


@pytest.mark.parametrize(
    ("text", "en", "vi"),
    [
        (
            "4/6",
            'a fraction is in lowest terms, and for what no decimal writes — found "4/6"; write "2/3"',
            "không hợp lệ: phân số phải tối giản, và chỉ dùng khi không số thập phân nào ghi đúng được"
            ' — đang là "4/6"; hãy ghi "2/3"',
        ),
        (
            "1/2",
            'a fraction is in lowest terms, and for what no decimal writes — found "1/2"; write "0.5"',
            "không hợp lệ: phân số phải tối giản, và chỉ dùng khi không số thập phân nào ghi đúng được"
            ' — đang là "1/2"; hãy ghi "0.5"',
        ),
        (
            "2/0",
            'the denominator of a fraction must be above 0 — found "2/0"',
            'không hợp lệ: mẫu số của phân số phải lớn hơn 0 — đang là "2/0"',
        ),
        (
            "2/1000000",
            'write the number as a decimal text such as "1.5", or as a fraction such as "2/3" — found "2/1000000"',
            "không hợp lệ: ghi số thập phân trong nháy kép, ví dụ “1.5”, hoặc phân số, ví dụ “2/3”"
            ' — đang là "2/1000000"',
        ),
    ],
)
def test_a_number_has_one_writing(text: str, en: str, vi: str) -> None:
    with pytest.raises(MethodologyError) as caught:
        scheme(RATIO | {"floor": text})
    (problem,) = caught.value.problems
    assert problem.pointer == "/items/0/rule/floor"
    assert f"{problem.what} — {problem.hint}" == en
    assert f"{problem.what_vi} — {problem.hint_vi}" == vi


def test_points_that_are_awarded_stay_decimals() -> None:
    fixed = {"name": "choice", "fact": "c", "points": {"true": "1", "false": "1/3"}}
    with pytest.raises(MethodologyError) as caught:
        scheme(fixed, {"c": tiny.BOOLEAN})
    assert [(p.pointer, p.what, p.hint, p.what_vi) for p in caught.value.problems] == [
        (
            "/items/0/rule/points/false",
            'write the number as a decimal text such as "1.5"',
            'found "1/3"',
            "không hợp lệ: ghi số thập phân trong nháy kép, ví dụ “1.5”",
        )
    ]


def test_numbers_outside_their_bounds_are_written_out() -> None:
    for number, said in (("1000000000", "1000000000"), ("4/3", "4/3")):
        with pytest.raises(MethodologyError) as caught:
            scheme({"name": "tally", "fact": "a", "each": number}, {"a": tiny.COUNT})
        assert caught.value.problems[0].what == f"each is {said}, outside 0 to the maximum 1"


def test_what_the_document_says_is_kept() -> None:
    methodology = scheme(BANDS)
    rule = methodology.document.items[0].rule
    assert rule is not None
    assert rule.model_dump(mode="json", by_alias=True, exclude_none=True) == BANDS
    assert methodology.fingerprint != scheme(RATIO).fingerprint


def test_words_and_arithmetic_show_the_fraction() -> None:
    facts = {"a": tiny.COUNT | {"title": {"vi": "đạt", "en": "done"}}, "b": tiny.COUNT}

    def said(rule: dict[str, Any], lang: Any, **values: Any) -> list[str]:
        assessment = scheme(rule, facts).assess(tiny.evidence(values))
        explained = assessment.explain("u0", "1")
        text = explained.vi if lang == "vi" else explained.en
        heads = {"vi": ("Quy tắc", "Cách tính"), "en": ("Rule", "Arithmetic")}[lang]
        return [line for line in text.splitlines() if line.startswith(heads)]

    assert said(BANDS, "vi", a=2, b=3) == [
        "Quy tắc theo bậc: đạt / chữ — dưới 1/3: 0; từ 1/3 dưới 2/3: 0,5; từ 2/3: 1; mẫu số bằng 0: coi như thiếu số liệu",
        "Cách tính: 2/3 ≈ 66,666667 % → 1",
    ]
    assert said(RATIO, "en", a=1, b=2) == [
        "Rule ratio: 2/3 or more: the maximum; below 1/3: 0; in between: 1 × (done / text) / (2/3); when the whole is 0: 0 points",
        "Arithmetic: 1 / 2 = 50 %; 1 × 1 / 2 / (2/3) = 0.75",
    ]
    assert said(RATIO, "en", a=333, b=1000)[1] == "Arithmetic: 333 / 1000 = 33.3 % < 1/3 → 0"


def test_a_gate_and_weights() -> None:
    gated = tiny.leaf("2", "1", {"name": "tally", "fact": "c", "each": "1"})
    gated["gates"] = [{"item": "1", "below": "1/3", "cap": "0.5"}]
    first = tiny.leaf("1", "1", {"name": "given", "fact": "p"})
    facts = {"p": {"type": "decimal", "decimals": 4}, "c": tiny.COUNT}
    methodology = par.from_document(tiny.document([first, gated], facts, "2"))
    rows = [{"p": "0.3333", "c": 1}, {"p": "0.3334", "c": 1}]
    assessment = methodology.assess(tiny.evidence(*rows))
    assert [str(unit.item("2").points) for unit in assessment.units] == ["0.5000", "1.0000"]
    assert "Điều kiện: 1 cần từ 1/3, nếu không thì tối đa 0,5 (hiện có 0,3333)" in assessment.explain("u0", "2").vi


def test_check_proves_what_fractions_can_reach() -> None:
    assert not [p for p in prove(scheme(BANDS).scheme).problems if p.code == "unreachable-band"]
    tenths = {"a": tiny.COUNT, "b": tiny.COUNT | {"min": "10", "max": "10"}}
    narrow = copy.deepcopy(BANDS)
    narrow["bands"] = [
        {"below": "2/3", "points": "0"},
        {"from": "2/3", "to": "2/3", "points": "0.5"},
        {"above": "2/3", "points": "1"},
    ]
    found = [p.pointer for p in prove(scheme(narrow, tenths).scheme).problems if p.code == "unreachable-band"]
    assert found == ["/items/0/rule/bands/1"]


def test_words_of_a_rule_name_its_fractions() -> None:
    leaf = tiny.leaf("1", "1", BANDS)
    leaf["rule_text"] = {"vi": "Từ 2/3: 1; từ 1/3: 0,5", "en": "From 2/3: 1; from 0.33: 0.5"}
    methodology = par.from_document(tiny.document([leaf], COUNTS, "1"))
    found = [(p.pointer, p.what, p.what_vi) for p in prove(methodology.scheme).problems if p.code == "rule-text"]
    assert found == [
        (
            "/items/0/rule_text/en",
            "the words do not say 1/3, which the rule uses",
            "câu chữ không nêu 1/3 mà quy tắc dùng",
        )
    ]


def test_places_stand_exactly_at_the_fraction_and_beside_it() -> None:
    methodology = scheme(BANDS)
    found = {p.place.en: dict(p.facts) for p in probes(methodology.scheme, methodology.scheme.leaves[0])}
    assert found["just below 2/3"] == {"a": 665, "b": 999}
    assert found["exactly at 2/3"] == {"a": 666, "b": 999}
    amount = {"name": "bands", "measure": {"fact": "a"}, "bands": BANDS["bands"]}
    methodology = scheme(amount, {"a": {"type": "decimal", "decimals": 2}})
    places = {p.place.en: p.facts["a"] for p in probes(methodology.scheme, methodology.scheme.leaves[0]) if p.facts}
    assert {k: v for k, v in places.items() if "2/3" in k} == {"just below 2/3": "0.66", "just above 2/3": "0.67"}


def test_diff_and_advice() -> None:
    old, new = scheme(RATIO), scheme(RATIO | {"floor": "0.3333"})
    (change,) = diff(old.document, new.document)
    assert (change.kind, change.said("old", "en")[:37]) == ("rule", "ratio: 2/3 or more: the maximum; belo")
    assert "below 1/3: 0" in change.said("old", "en")
    assert "below 33.33 %: 0" in change.said("new", "en")


def test_an_annex_says_the_fraction_and_reads_it_back() -> None:
    for rule in (BANDS, RATIO | {"floor": "0.5", "over": "refuse"}):
        methodology = scheme(rule)
        item, facts = methodology.document.items[0], methodology.document.facts
        assert item.rule is not None
        written = lines(item, facts)
        read = read_rule(written, F(1))
        known = as_reading(item.rule, facts, F(1))
        assert isinstance(read, Reading), written
        assert known is not None
        assert same(read, known), written
        made, _ = as_rule(read, "1", Named("a", "a"), F(1), None, {})
        assert {made.get("full_at"), *(band.get("from") for band in made.get("bands", []))} >= {"2/3"}
    assert lines(scheme(BANDS).document.items[0], COUNTS)[:3] == [  # type: ignore[arg-type]
        "Từ 2/3 trở lên: 1",
        "Từ 1/3 đến dưới 2/3: 0,5",
        "Dưới 1/3: 0",
    ]


def test_an_annex_keeps_what_no_sentence_says() -> None:
    amount = {"name": "bands", "measure": {"fact": "a"}, "bands": BANDS["bands"]}
    item = scheme(amount, {"a": {"type": "decimal", "decimals": 2}}).document.items[0]
    facts = scheme(amount, {"a": {"type": "decimal", "decimals": 2}}).document.facts
    assert lines(item, facts) == ["Quy tắc riêng bands: chữ"]


def test_many_denominators_are_refused_by_name() -> None:
    primes = [999983, 999979, 999961, 999959, 999953]
    design = {
        "title": tiny.T,
        "combine": "weighted",
        "options": [{"id": o, "title": tiny.T, "share": s} for o, s in (("a", "1"), ("b", "0"))],
        "groups": [{"id": f"g{p}", "title": tiny.T, "weight": f"1/{p}"} for p in primes],
        **tiny.BASE,
    }
    with pytest.raises(MethodologyError) as caught:
        scheme({"name": "survey", "fact": "b"}, {"b": {"type": "ballots", "survey": "q"}}, surveys={"q": design})
    assert [p.code for p in caught.value.problems] == ["parameter-size"]
