"""Time and memory grow with the input and no faster: counted in calls, not in seconds; a limit is a sentence."""

import json
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.agencies import reading
from par_engine.authoring import sources
from par_engine.base import problems as limits
from par_engine.cli.output import complain
from par_engine.evidence import from_table
from par_engine.files import documents
from par_engine.results import report_reading
from par_engine.results.report import render_json

COLUMNS = ("a", "b")
M = par.from_document(
    tiny.document(
        [tiny.leaf(name, "1", {"name": "tally", "fact": name, "each": "1"}) for name in COLUMNS],
        dict.fromkeys(COLUMNS, tiny.COUNT),
        "2",
        units=[{"id": f"unit-{i}", "name": f"Đơn vị {i}", "ranked": True} for i in range(40)],
        settings={"units": "listed"},
    )
)


def _json(**unit: Any) -> bytes:
    return json.dumps({"methodology": "tiny", "stage": "s", "units": [{"unit": "unit-1"} | unit]}).encode()


def _units(n: int) -> bytes:
    return json.dumps(
        {"methodology": "tiny", "stage": "s", "units": [{"unit": f"u{i}", "facts": {"a": -1}} for i in range(n)]}
    ).encode()


INPUTS: dict[str, Callable[[int], bytes]] = {
    "columns.csv": lambda n: f"unit,{','.join(f'c{i}' for i in range(n))}\nunit-1{',1' * n}\n".encode(),
    "twice.csv": lambda n: f"unit{',a,c' * n}\nunit-1{',1,1' * n}\n".encode(),
    "one-unit.csv": lambda n: b"unit,a\n" + b"unit-1,1\n" * n,
    "units.csv": lambda n: ("unit,a\n" + "".join(f"x{i},1\n" for i in range(n))).encode(),
    "cells.csv": lambda n: ("unit,a,b\n" + "".join(f"unit-{i},x,?\n" for i in range(n))).encode(),
    "widths.csv": lambda n: b"unit,a\n" + b"unit-1\n" * n,
    "quote.csv": lambda n: b'unit,a\nunit-1,"1\n' + b"unit-2,1\n" * n,
    "titles.csv": lambda n: b"title\n" * n,
    "comments.csv": lambda n: b"# note\n" * n + b"unit,a\nunit-1,1\n",
    "long-twice.csv": lambda n: b"unit,fact,value\n" + b"unit-1,a,1\n" * n,
    "long-wide.csv": lambda n: ("unit,fact,value\n" + "".join(f"x{i},f{i},1\n" for i in range(n))).encode(),
    "documents.csv": lambda n: (
        "unit," + ",".join(f"document:a:{i}:title" for i in range(n)) + "\nunit-1" + ",x" * n + "\n"
    ).encode(),
    "facts.json": lambda n: _json(facts={f"x{i}": 1 for i in range(n)}),
    "keys.json": lambda n: _json(**{f"x{i}": 1 for i in range(n)}),
    "outcomes.json": lambda n: _json(outcomes={f"x{i}": {"outcome": "missing", "why": "w"} for i in range(n)}),
    "stated.json": lambda n: _json(stated={"items": {f"x{i}": 1 for i in range(n)}}),
    "papers.json": lambda n: _json(documents={"a": [{"number": "1", "date": "2021"}] * n}),
    "units.json": _units,
}


def calls(data: bytes, name: str) -> tuple[int, list[limits.Problem]]:
    """How many functions are called while something is read, and the problems that it has."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    problems: list[limits.Problem] = []
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        M.read(data, label=name, format=name.rpartition(".")[2])
    except par.ParError as error:
        problems = list(error.problems)
    finally:
        sys.setprofile(before)
    return count, problems


@pytest.mark.parametrize("name", INPUTS)
def test_work_grows_no_faster_than_the_input(name: str) -> None:
    calls(INPUTS[name](10), name)  # what is made once
    small, large = (calls(INPUTS[name](n), name)[0] for n in (2_000, 8_000))
    assert large <= 4.2 * small + 20_000, (small, large)


@pytest.mark.parametrize("name", INPUTS)
def test_a_thousand_problems_are_listed_and_the_others_counted(name: str) -> None:
    _, found = calls(INPUTS[name](3_000), name)
    assert len(found) <= limits.MOST + 1
    assert sum(problem.hint.startswith("did you mean") for problem in found) <= limits.SUGGESTED
    if len(found) > limits.MOST:
        assert (found[-1].code, found[-1].document) == (limits.LEFT, name)


def test_what_is_not_listed_is_counted_exactly_and_stands_last() -> None:
    _, found = calls(INPUTS["units.csv"](3_000), "units.csv")
    assert [problem.code for problem in found[-2:]] == ["unknown-unit", "more"]
    assert found[-1].text() == "units.csv: and 2,000 more problems — mend these first"
    assert found[-1].text("vi") == "units.csv: và 2.000 lỗi nữa — hãy sửa các lỗi trên trước"
    _, found = calls(INPUTS["columns.csv"](1_001), "columns.csv")
    assert found[-1].what == "and 1 more problem"
    _, found = calls(INPUTS["columns.csv"](1_000), "columns.csv")
    assert (len(found), found[-1].code) == (1_000, "unknown-fact")


def test_the_command_line_says_that_there_are_more(capsys: pytest.CaptureFixture[str]) -> None:
    complain(calls(INPUTS["columns.csv"](1_500), "columns.csv")[1], "vi")
    lines = capsys.readouterr().err.splitlines()
    assert lines[-3:] == [
        "✗ columns.csv: và 500 lỗi nữa — hãy sửa các lỗi trên trước",
        '  … và 980 vấn đề nữa cùng loại với "columns.csv dòng tiêu đề, cột c0"',
        "hơn 1.000 vấn đề",
    ]


@pytest.mark.parametrize("name", INPUTS)
def test_memory_grows_with_the_input(name: str) -> None:
    data = INPUTS[name](20_000)
    tracemalloc.start()
    try:
        with nullcontext() if name == "comments.csv" else pytest.raises(par.ParError):
            M.read(data, label=name, format=name.rpartition(".")[2])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4_000_000 + 60 * len(data)


def test_a_table_of_gaps_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_table, "MOST_CELLS", 500)
    names = [f"f{i}" for i in range(20)]
    leaves = [tiny.leaf(name, "1", {"name": "tally", "fact": name, "each": "1"}) for name in names]
    wide = par.from_document(tiny.document(leaves, dict.fromkeys(names, tiny.COUNT), "20"))
    with pytest.raises(par.EvidenceError) as caught:
        wide.read(b"unit\n" + b"".join(b"%d\n" % i for i in range(90)), "s", label="x.csv", format="csv")
    assert [problem.text() for problem in caught.value.problems] == [
        "x.csv: the table has 90 units of 20 numbers each — give the units in several files"
    ]
    full = "unit," + ",".join(names) + "\n" + "".join(f"{i}{',1' * 20}\n" for i in range(90))
    assert len(wide.read(full.encode(), "s", label="x.csv", format="csv").units) == 90


def test_json_of_marks_alone_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_MARKS", 100)
    data = b'{"units":[' + b"[]," * 200 + b"[]]}"
    with pytest.raises(par.DocumentError) as caught:
        M.read(data, label="x.json", format="json")
    assert caught.value.problems[0].text() == "x.json: there are 403 values in 614 bytes — this is no document of ours"
    assert documents.parse_json(b'{"units":[' + b'"12345678",' * 200 + b"1]}", "x")["units"][0] == "12345678"


def test_a_report_is_written_a_unit_at_a_time() -> None:
    open_ = par.from_document(
        tiny.document(
            [tiny.leaf(name, "1", {"name": "tally", "fact": name, "each": "1"}) for name in COLUMNS],
            dict.fromkeys(COLUMNS, tiny.COUNT),
            "2",
        )
    )
    assessment = open_.assess(tiny.evidence(*({"a": 1, "b": i % 2} for i in range(3000))))
    render_json(assessment)  # what is kept between calls
    tracemalloc.start()
    data = render_json(assessment)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert json.loads(data) == assessment.report()
    assert most < 3 * len(data)  # its values take ten times its text


def test_a_report_that_is_too_large_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(render_json(M.assess(_json(facts={"a": 1, "b": 1}))))
    assert report_reading.read_report(path)["units"][0]["unit"] == "unit-1"
    path.write_bytes(path.read_bytes().ljust(report_reading.MAX_REPORT))
    assert report_reading.read_report(path)["units"][0]["unit"] == "unit-1"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(par.DocumentError) as caught:
        report_reading.read_report(path)
    hint = "at most 32 MiB are read: score fewer units at once"
    assert [p.text() for p in caught.value.problems] == [f"r.json: the report has 33,554,433 bytes — {hint}"]
    hint = "chỉ đọc tối đa 32 MiB: hãy chấm ít đơn vị hơn trong mỗi báo cáo"
    assert [p.text("vi") for p in caught.value.problems] == [f"r.json: báo cáo có 33.554.433 byte — {hint}"]


def test_a_methodology_or_assignment_that_is_too_large_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"{}".ljust(documents.MAX_SCHEME))
    assert reading.read(path) == ({}, {}, [])
    path.write_bytes(b"{}".ljust(documents.MAX_SCHEME + 2))
    for read in (reading.read, lambda p: sources.find(str(p))):
        with pytest.raises(par.DocumentError) as caught:
            read(path)
        said = [(p.text(), p.text("vi")) for p in caught.value.problems]
        want = "the file has 4,194,306 bytes — at most 4 MiB are read", "tệp có 4.194.306 byte — chỉ đọc tối đa 4 MiB"
        assert said == [(f"x.json: {want[0]}", f"x.json: {want[1]}")]


def _listed(n: int) -> dict[str, Any]:
    leaves = [tiny.leaf("a", "1", {"name": "tally", "fact": "a", "each": "1"})]
    units = [{"id": f"u{i}", "name": f"U {i}", "ranked": True} for i in range(n)]
    return tiny.document(leaves, {"a": tiny.COUNT}, "1", units=units, settings={"units": "listed"})


def test_units_of_a_methodology_are_each_looked_at_once() -> None:
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    def work(n: int) -> int:
        nonlocal count
        document, count = _listed(n), 0
        before = sys.getprofile()
        sys.setprofile(counted)
        try:
            par.from_document(document)
        finally:
            sys.setprofile(before)
        return count

    work(10)  # what is made once
    small, large = work(200), work(800)
    assert large <= 4.2 * small + 20_000, (small, large)
