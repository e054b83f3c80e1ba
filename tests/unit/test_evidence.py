"""Evidence from outside: every kind of bad input is a problem with its place, or a documented acceptance."""

import json
import os
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny

import par_engine as par
from par_engine.base import problems as limits
from par_engine.evidence.from_table import Table, validate_table
from par_engine.files import documents

OPTION = {"type": "option", "options": [{"id": "on_time", "title": tiny.T}, {"id": "late", "title": tiny.T}]}
SURVEY = {
    "title": tiny.T,
    "combine": "weighted",
    "options": [{"id": o, "title": tiny.T, "share": s} for o, s in (("A", "1"), ("B", "0"))],
    "groups": [{"id": "g", "title": tiny.T, "weight": "1"}],
    **tiny.BASE,
}
ITEMS = [
    tiny.leaf(
        "1",
        "1",
        {
            "name": "ratio",
            "part": "done",
            "whole": "all",
            "floor": "0",
            "full_at": "1",
            "over": "refuse",
            "whole_zero": "zero",
        },
    ),
    tiny.leaf("2", "1", {"name": "choice", "fact": "state", "points": {"on_time": "1", "late": "0"}}),
    tiny.leaf("3", "1", {"name": "choice", "fact": "flag", "points": {"true": "1", "false": "0"}}, may_not_apply=True),
    tiny.leaf(
        "4",
        "1",
        {
            "name": "bands",
            "measure": {"fact": "rate"},
            "bands": [{"below": "50", "points": "0"}, {"from": "50", "points": "1"}],
        },
    ),
    tiny.leaf("5", "1", {"name": "survey", "fact": "votes"}, "survey"),
]
FACTS = {
    "done": tiny.COUNT,
    "all": tiny.COUNT,
    "state": OPTION,
    "flag": tiny.BOOLEAN,
    "rate": {"type": "decimal", "decimals": 2, "min": "-100", "max": "100", "unit": {"vi": "%", "en": "%"}},
    "votes": {"type": "ballots", "survey": "q"},
}
UNITS = [
    {"id": "dien-bien", "name": "Điện Biên", "aliases": ["DB"], "ranked": True},
    {"id": "hoa-binh", "name": "Hòa Bình", "ranked": True},
]
M = par.from_document(
    tiny.document(ITEMS, FACTS, "5", surveys={"q": SURVEY}, units=UNITS, settings={"units": "listed"})
)


def document(facts: dict[str, Any], **unit: Any) -> dict[str, Any]:
    return {"methodology": "tiny", "stage": "s", "units": [{"unit": "dien-bien", "facts": facts, **unit}]}


def problems(evidence: Any) -> list[tuple[str, str]]:
    with pytest.raises(par.ParError) as caught:
        M.assess(evidence)
    for problem in caught.value.problems:
        assert problem.what and problem.what_vi, problem
    return [(p.pointer, p.code) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        ("done", -1, "out-of-range"),
        ("done", 1.5, "too-fine"),
        ("done", "1.5", "too-fine"),
        ("done", True, "not-a-number"),
        ("done", [1], "not-a-number"),
        ("done", {"a": {"b": 1}}, "not-a-number"),
        ("done", "", "not-a-number"),
        ("done", "=1+2", "not-a-number"),
        ("done", "1e3", "not-a-number"),
        ("done", "1.234,5", "too-fine"),
        ("done", "1,234", "ambiguous-number"),
        ("done", "12%", "percent-sign"),
        ("done", "١٢", "not-a-number"),
        ("done", 10**30, "number-size"),
        ("done", 10**100, "number-size"),
        ("done", "9" * 41, "not-a-number"),
        ("done", float("nan"), "not-a-number"),
        ("done", float("inf"), "not-a-number"),
        ("done", Decimal("NaN"), "not-a-number"),
        ("done", Decimal("1e400"), "number-size"),
        ("rate", "50.001", "too-fine"),
        ("rate", 0.1 + 0.2, "too-fine"),
        ("rate", "100.01", "out-of-range"),
        ("state", "In time", "unknown-option"),
        ("state", 1, "unknown-option"),
        ("flag", "maybe", "not-a-boolean"),
        ("flag", 2, "not-a-boolean"),
        ("votes", 3, "ballots-form"),
        ("votes", "=cmd()", "ballots-form"),
    ],
)
def test_bad_values(fact: str, value: Any, code: str) -> None:
    assert problems(document({fact: value})) == [(f"/units/0/facts/{fact}", code)]


@pytest.mark.parametrize(
    ("fact", "value", "shown"),
    [
        ("rate", "51,5", "51.5"),
        ("rate", "51.5 %", "51.5"),
        ("rate", 51.5, "51.5"),
        ("rate", Decimal("51.50"), "51.5"),
        ("rate", "+51,50", "51.5"),
        ("rate", -0.0, "0"),
        ("rate", "-0,125"[:-1], "-0.12"),
    ],
)
def test_accepted_numbers(fact: str, value: Any, shown: str) -> None:
    data = M.assess(document({fact: value})).explain("DB", "4").data
    assert data["facts"][0]["value"] == shown


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], [("", "form")]),
        ({}, [("/methodology", "methodology"), ("/stage", "form"), ("/units", "form")]),
        ({"methodology": "other", "stage": "s", "units": [{"unit": "DB"}]}, [("/methodology", "methodology")]),
        ({"methodology": "tiny", "stage": "s", "units": []}, [("/units", "form")]),
        ({"methodology": "tiny", "stage": "s", "units": [7]}, [("/units/0", "form")]),
        ({"methodology": "tiny", "stage": "s", "units": [{}]}, [("/units/0/unit", "unit")]),
        ({"methodology": "tiny", "stage": "s", "unit": 1, "units": [{"unit": "DB"}]}, [("/unit", "unknown-key")]),
        (
            {"methodology": "tiny", "stage": "s", "units": [{"unit": "DB", "fact": {}}]},
            [("/units/0/fact", "unknown-key")],
        ),
        (
            {"methodology": "tiny", "stage": "s", "units": [{"unit": "DB"}, {"unit": "Điện Biên"}]},
            [("/units/1/unit", "duplicate-unit")],
        ),
        ({"methodology": "tiny", "stage": "s", "units": [{"unit": "Dien Bien"}]}, [("/units/0/unit", "unknown-unit")]),
        (document({"dnoe": 1}), [("/units/0/facts/dnoe", "unknown-fact")]),
        (document({"done": 4, "all": 3}), [("/units/0/facts/done", "refused")]),
        (document({"votes": {"h": {"A": 1}}}), [("/units/0/facts/votes/h", "unknown-group")]),
        (document({"votes": {"h": {}}}), [("/units/0/facts/votes/h", "unknown-group")]),
        (document({"votes": {"h": {"A": 1, "B": 2}}}), [("/units/0/facts/votes/h", "unknown-group")]),
        (document({"votes": {"g": {"C": 1}}}), [("/units/0/facts/votes/g/C", "unknown-option")]),
        (document({"votes": {"g": {"A": -1}}}), [("/units/0/facts/votes/g/A", "ballots-count")]),
        (document({}, outcomes={"9": {"outcome": "missing", "why": "x"}}), [("/units/0/outcomes/9", "unknown-item")]),
        (
            document({}, outcomes={"1": {"outcome": "not_applicable", "why": "x"}}),
            [("/units/0/outcomes/1", "always-applies")],
        ),
        (
            document({}, outcomes={"3": {"outcome": "not_applicable", "why": " "}}),
            [("/units/0/outcomes/3", "no-reason")],
        ),
        (document({}, outcomes={"3": {"outcome": "scored", "why": "x"}}), [("/units/0/outcomes/3", "outcome")]),
        (document({}, stated={"items": {"1": "1"}}), [("/units/0/stated/items/1", "unknown-item")]),
        (document({}, stated={"items": {"total": "5.01"}}), [("/units/0/stated/items/total", "out-of-range")]),
        (document({}, stated={"items": {"total": "4.001"}}), [("/units/0/stated/items/total", "too-fine")]),
        (document({}, stated={"streams": {"x": "1"}}), [("/units/0/stated/streams/x", "unknown-stream")]),
        (document({}, stated={"sums": {}}), [("/units/0/stated/sums", "unknown-key")]),
        (document({}, documents={"1": [{"date": "2021-01-01"}]}), [("/units/0/documents/1/0/number", "form")]),
        (document({}, documents={"8": []}), [("/units/0/documents/8", "unknown-item")]),
    ],
)
def test_bad_documents(evidence: Any, expected: list[tuple[str, str]]) -> None:
    assert problems(evidence) == expected


def test_all_problems_at_once_in_order_of_place() -> None:
    units = [{"unit": f"x{i}", "facts": {"done": -1, "flag": "?"}} for i in range(11)]
    found = problems({"methodology": "tiny", "stage": "s", "units": units})
    assert len(found) == 33
    assert [pointer for pointer, _ in found[:4]] == [
        "/units/0/facts/done",
        "/units/0/facts/flag",
        "/units/0/unit",
        "/units/1/facts/done",
    ]
    assert found[-1][0] == "/units/10/unit"


@pytest.mark.parametrize(
    "name", ["Điện Biên", unicodedata.normalize("NFD", "Điện Biên"), "ĐIỆN  BIÊN", "điện biên", " DB ", "dien-bien"]
)
def test_one_name_in_many_spellings(name: str) -> None:
    evidence = {"methodology": "tiny", "stage": "s", "units": [{"unit": name}]}
    assert M.assess(evidence).units[0].id == "dien-bien"


def test_hints_help() -> None:
    with pytest.raises(par.ParError) as caught:
        M.assess(
            {
                "methodology": "tiny",
                "stage": "s",
                "units": [{"unit": "Dien Bien", "facts": {"dnoe": 1, "state": "on-time"}}],
            }
        )
    assert [p.text() for p in caught.value.problems] == [
        'evidence /units/0/facts/dnoe: there is no fact "dnoe" — did you mean "done"?',
        'evidence /units/0/facts/state: "on-time" is no option of state — did you mean "on_time" or "chữ (on_time)"?',
        'evidence /units/0/unit: there is no unit "Dien Bien" — did you mean "Điện Biên"?',
    ]
    assert (
        caught.value.problems[2].text("vi")
        == 'evidence /units/0/unit: không có đơn vị "Dien Bien" — có phải là "Điện Biên"?'
    )


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


GOOD = json.dumps(document({"done": 1, "all": 2}), ensure_ascii=False)


@pytest.mark.parametrize("data", [GOOD.encode(), GOOD.encode("utf-8-sig"), GOOD.encode("utf-16")])
def test_encodings_that_are_read(tmp_path: Path, data: bytes) -> None:
    assert M.assess(write(tmp_path / "e.json", data)).unit("DB").item("1").points == Decimal("0.5")


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        (b"", "json", "line 1, column 1"),
        (b"{", "json", "line 1, column 2"),
        (GOOD.encode()[:-3], "json", "line 1, column 101"),
        (GOOD.replace("1,", "NaN,", 1).encode(), "not-a-number", ""),
        (b'{"units": Infinity}', "not-a-number", ""),
        (b'{"a": {"units": 1, "units": 2}}', "duplicate-key", "/a/units"),
        (b"[" * 100_000, "depth", ""),
        (b'{"a":' * 61 + b"1" + b"}" * 61, "depth", ""),
        (b'{"a": 1' + b"0" * 60 + b"}", "number-size", ""),
        (b'{"a": 1' + b"0" * 40 + b"}", "number-size", ""),
        (b'{"a": -1' + b"0" * 39 + b"}", "number-size", ""),
        (b'{"a": 1.' + b"0" * 39 + b"}", "number-size", ""),
        ("Điện".encode("cp1258", "replace") + b"\xff", "encoding", ""),
        (b"\xff\xfe\x00", "encoding", ""),
        (GOOD.encode("utf-16-le"), "encoding", ""),
        (GOOD.replace("1,", '"\\ud800",', 1).encode(), "encoding", ""),
        (b"[" * 61, "depth", ""),
        (b"[" * 61 + b"]" * 61, "depth", ""),
    ],
)
def test_files_that_are_no_documents(tmp_path: Path, data: bytes, code: str, pointer: str) -> None:
    with pytest.raises(par.DocumentError) as caught:
        M.assess(write(tmp_path / "e.json", data))
    assert [(p.document, p.code, p.pointer) for p in caught.value.problems] == [("e.json", code, pointer)]


def test_sixty_levels_are_read_and_characters_in_two_escapes_are_whole() -> None:
    assert documents.parse_json(b"[" * 60 + b"]" * 60, "x")
    assert documents.parse_json(b'["\\ud83d\\ude00"]', "x") == ["\U0001f600"]


def test_forty_digits_are_read_and_in_a_text_any_number_of_them() -> None:
    text = '{"a": 1' + "0" * 39 + ', "b": -1' + "0" * 38 + ', "c": "' + "1" * 90 + '"}'
    for data in (text.encode(), text.encode("utf-16")):
        assert documents.parse_json(data, "x") == {"a": 10**39, "b": -(10**38), "c": "1" * 90}


TABLE = "unit,done,all\nDB,1,2\n"


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (GOOD.encode(), None),
        (GOOD.encode("utf-8-sig"), None),
        (GOOD.encode("utf-16"), None),
        (GOOD.encode(), "json"),
        (TABLE.encode(), None),
        (TABLE.encode("utf-16"), None),
        (TABLE.encode(), "CSV"),
        (b"# stage: s\n" + TABLE.encode(), None),
    ],
)
def test_bytes_and_pipes_say_by_their_beginning_what_they_are(tmp_path: Path, data: bytes, format: str | None) -> None:
    assert M.assess(M.read(data, format=format)).unit("DB").item("1").points == Decimal("0.5")
    bare = write(tmp_path / "evidence", data)
    assert M.assess(M.read(bare, format=format)).unit("DB").item("1").points == Decimal("0.5")
    out, into = os.pipe()
    os.write(into, data)
    os.close(into)
    read = M.read(f"/dev/fd/{out}", format=format)
    os.close(out)
    assert M.assess(read).unit("DB").item("1").points == Decimal("0.5")
    assert read.sha256 == documents.sha256(data)


@pytest.mark.parametrize(
    ("data", "format", "text"),
    [
        (
            b"",
            None,
            "x: neither an ending nor the content says what this is — name the format: .csv, .json, .parquet, .xlsx",
        ),
        (
            b"\x7fELF\x00\x00",
            None,
            "x: neither an ending nor the content says what this is — name the format: .csv, .json, .parquet, .xlsx",
        ),
        (GOOD.encode(), "docx", "x: no reader for .docx — known are .csv, .json, .parquet, .xlsx"),
        (
            b"{",
            None,
            "x line 1, column 2: not valid JSON: Expecting property name enclosed in double quotes — a comma, a quote or a bracket is missing or too many",
        ),
        (
            TABLE.encode(),
            "json",
            "x line 1, column 1: not valid JSON: Expecting value — a comma, a quote or a bracket is missing or too many",
        ),
        (b"just a sentence", None, "x header: there is no column unit — the first column names the unit"),
    ],
)
def test_bytes_that_cannot_be_read(data: bytes, format: str | None, text: str) -> None:
    with pytest.raises(par.ParError) as caught:
        M.read(data, format=format, label="x")
    assert caught.value.problems[0].text() == text


def test_a_pipe_without_end_is_refused_where_reading_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 1000)
    with pytest.raises(par.DocumentError, match="zero: there are more than 1,000 bytes"):
        M.read("/dev/zero")


def test_a_string_full_of_brackets_is_not_deep(tmp_path: Path) -> None:
    evidence = document({"done": 1}) | {"note": "[{" * 1000 + '"'}
    assert M.assess(write(tmp_path / "e.json", json.dumps(evidence).encode())).evidence.note


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path / "no.json", "unreadable"),
        (tmp_path, "not-a-file"),
        (tmp_path / "a.xls", "unknown-format"),
    ):
        with pytest.raises(par.ParError) as caught:
            M.assess(path)
        assert [p.code for p in caught.value.problems] == [code]
    (tmp_path / "dir.json").mkdir()
    with pytest.raises(par.ParError):
        M.assess(tmp_path / "dir.json")


def test_the_same_evidence_has_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "e.json", GOOD.encode())
    one, two = M.assess(path).report(), M.assess(path).report()
    assert json.dumps(one) == json.dumps(two)
    from hashlib import sha256

    assert one["evidence"]["sha256"] == sha256(GOOD.encode()).hexdigest()


def test_floats_numpy_and_whole_numbers_of_any_kind_reach_the_report() -> None:
    result = M.assess(document({"rate": 0.5, "done": np.int64(3), "all": 4}))
    again = M.assess(document({"rate": 0.5, "done": 3, "all": 4}))
    assert result.report()["evidence"]["sha256"] == again.report()["evidence"]["sha256"]


def test_a_result_does_not_follow_later_changes_of_its_evidence() -> None:
    evidence = document({"done": 3, "all": 4})
    result = M.assess(evidence)
    before = result.report()
    evidence["units"][0]["facts"]["done"] = 1
    assert result.report() == before


def test_two_unicode_forms_and_cases_are_one_unit() -> None:
    names = ["Điện Biên", unicodedata.normalize("NFD", "Điện Biên"), "ĐIỆN  BIÊN"]
    evidence = {"methodology": "tiny", "stage": "s", "units": [{"unit": name, "facts": {}} for name in names]}
    open_ = par.from_document(tiny.document(ITEMS, FACTS, "5", surveys={"q": SURVEY}))
    with pytest.raises(par.EvidenceError) as caught:
        open_.assess(evidence)
    assert [(p.pointer, p.code) for p in caught.value.problems] == [
        ("/units/1/unit", "duplicate-unit"),
        ("/units/2/unit", "duplicate-unit"),
    ]


def test_a_declared_outcome_beside_its_facts_is_reported() -> None:
    evidence = document({"flag": True})
    evidence["units"][0]["outcomes"] = {"3": {"outcome": "missing", "why": "mislaid"}}
    (problem,) = M.assess(evidence).problems
    assert (problem.code, problem.severity, problem.pointer) == (
        "facts-ignored",
        "warning",
        "/units/0/outcomes/3",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"units": []},
        {"methodology": "tiny", "stage": 1, "note": 1, "units": [1, {"unit": "a", "facts": [], "documents": {}}]},
        {"methodology": "tiny", "stage": "s", "units": [{"unit": "a", "documents": {"1": 1}}]},
        {"methodology": "tiny", "stage": "s", "units": [{"unit": "a", "documents": {"1": [{"title": 1}]}}]},
    ],
)
def test_the_form_of_evidence_is_refused_in_vietnamese_too(wrong: Any) -> None:
    with pytest.raises(par.EvidenceError) as caught:
        M.assess(wrong)
    assert all(problem.what_vi != problem.what for problem in caught.value.problems)


@pytest.mark.parametrize(
    "change",
    [
        {"note": "\ud800"},
        {"stage": "x\udfff"},
        {"units": [{"unit": "one", "documents": {"1": [{"number": "\ud800"}]}}]},
    ],
)
def test_half_characters_from_python_are_a_problem(change: dict[str, Any]) -> None:
    document = tiny.document([tiny.leaf("1", "1", {"name": "tally", "fact": "n", "each": "1"})], {"n": tiny.COUNT}, "1")
    given = {"methodology": "tiny", "stage": "s", "units": [{"unit": "one", "facts": {"n": 1}}]} | change
    with pytest.raises(par.EvidenceError) as caught:
        par.from_document(document).assess(given)
    assert [problem.code for problem in caught.value.problems] == ["text"]


def test_numbers_that_python_does_not_print_are_a_problem() -> None:
    document = tiny.document([tiny.leaf("1", "1", {"name": "tally", "fact": "n", "each": "1"})], {"n": tiny.COUNT}, "1")
    given = {"methodology": "tiny", "stage": "s", "units": [{"unit": "one", "facts": {"n": 10**5000}}]}
    with pytest.raises(par.EvidenceError) as caught:
        par.from_document(document).assess(given)
    assert [problem.code for problem in caught.value.problems] == ["number-size"]


def _units(**entry: Any) -> dict[str, Any]:
    units = [{"unit": "dien-bien", **entry}] * 9
    return {"methodology": "tiny", "stage": "s", "units": units}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (_units(facts={"don": 1}), "unknown-fact"),
        (_units(facts={"state": "on_tme"}), "unknown-option"),
        (_units(facts={"votes": {"G": {"A": 1}, "gg": {"A": 1}}}), "unknown-group"),
        (_units(facts={"votes": {"g": {"AA": 1}}}), "unknown-option"),
        (_units(outcomes={"11": {"outcome": "pending", "why": "w"}}), "unknown-item"),
        (_units(outcomes={"1": {"outcome": "pendin", "why": "w"}}), "outcome"),
        (_units(stated={"items": {"totl": 1}}), "unknown-item"),
        (_units(documents={"11": []}), "unknown-item"),
        (_units(fact={}), "unknown-key"),
        (Table({"unit": ["DB"], **{f"don{i}": [1] for i in range(9)}}, 1, lambda row, name: name), "unknown-fact"),
        (Table({"unit": ["DB"], **{f"votes:g:A{i}": [1] for i in range(9)}}, 1, lambda r, n: n), "unknown-option"),
        (Table({"unit": ["DB"] * 9, "state": ["on_tme"] * 9}, 9, lambda row, name: f"{row}"), "unknown-option"),
    ],
)
def test_suggestions_end_where_nobody_reads_them(given: Any, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def suggested() -> int:
        with pytest.raises(par.EvidenceError) as caught:
            if isinstance(given, Table):
                validate_table(M.scheme, given, "table")
            else:
                M.read(given)
        found = [problem for problem in caught.value.problems if problem.code == code]
        assert len(found) >= 9
        return sum(problem.hint.startswith("did you mean") for problem in found)

    assert suggested() >= 9
    monkeypatch.setattr(limits, "SUGGESTED", 4)
    assert suggested() <= 4
