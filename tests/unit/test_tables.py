"""Tables: CSV wide and long, Parquet and DataFrames, with every fault at its line and column."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import tiny

import par_engine as par

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
            "over": "cap",
            "whole_zero": "zero",
        },
    ),
    tiny.leaf(
        "2",
        "1",
        {
            "name": "bands",
            "measure": {"fact": "rate"},
            "bands": [{"below": "50", "points": "0"}, {"from": "50", "points": "1"}],
        },
        may_not_apply=True,
    ),
    tiny.leaf("3", "1", {"name": "survey", "fact": "votes"}, "survey"),
]
FACTS = {
    "done": tiny.COUNT,
    "all": tiny.COUNT,
    "rate": {"type": "decimal", "decimals": 2, "unit": {"vi": "%", "en": "%"}},
    "votes": {"type": "ballots", "survey": "q"},
}
SURVEY = {
    "title": tiny.T,
    "combine": "weighted",
    "options": [{"id": o, "title": tiny.T, "share": s} for o, s in (("A", "1"), ("B", "0"))],
    "groups": [{"id": "g", "title": tiny.T, "weight": "1"}],
    **tiny.BASE,
}
M = par.from_document(tiny.document(ITEMS, FACTS, "3", surveys={"q": SURVEY}))


def read(tmp_path: Path, text: str | bytes, name: str = "e.csv") -> "par.Assessment":
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return M.assess(path)


def points(result: "par.Assessment") -> list[list[Decimal | None]]:
    return [[unit.item(code).points for code in "123"] for unit in result.units]


WANT = [[Decimal("0.75"), Decimal(1), Decimal("0.25")], [Decimal(1), Decimal(0), None]]
WIDE = "unit,done,all,rate,votes:g:A,votes:g:B\na,3,4,50.5,1,3\nb,4,4,49.99,,\n"


@pytest.mark.parametrize(
    "text",
    [
        WIDE,
        "\ufeff" + WIDE,
        WIDE.replace("\n", "\r\n"),
        "# made up\n" + WIDE,
        WIDE.replace(",", ";").replace(".", ","),
        WIDE.replace(",", "\t"),
        WIDE.replace("50.5", '"50,5"').replace("49.99", '"49,99 %"'),
        WIDE.replace("unit", "Đơn vị").replace("\n", ",,\n"),
        "unit,fact,value\na,done,3\na,all,4\na,rate,50.5\na,votes:g:A,1\na,votes:g:B,3\nb,done,4\nb,all,4\nb,rate,49.99\n",
    ],
)
def test_csv(tmp_path: Path, text: str) -> None:
    assert points(read(tmp_path, text)) == WANT


def test_utf_16(tmp_path: Path) -> None:
    assert points(read(tmp_path, WIDE.encode("utf-16"))) == WANT


def test_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "unit": ["a", "b"],
            "done": [3, 4],
            "all": [4, 4],
            "rate": [50.5, 49.99],
            "votes:g:A": [1, None],
            "votes:g:B": [3, None],
        }
    )
    frame.to_parquet(tmp_path / "e.parquet")
    assert points(M.assess(tmp_path / "e.parquet")) == WANT


@pytest.mark.parametrize("dtype", ["int64", "int8", "uint16", "Int64", "float64", "object", "string"])
def test_frames_of_any_type(dtype: str) -> None:
    frame = pd.DataFrame(
        {
            "unit": ["a", "b"],
            "done": [3, 4],
            "all": [4, 4],
            "rate": ["50.5", "49.99"],
            "votes:g:A": [1, None],
            "votes:g:B": [3, None],
        }
    )
    frame[["done", "all"]] = frame[["done", "all"]].astype(dtype)
    assert points(M.assess(frame)) == WANT
    assert points(M.assess(frame.set_index("unit"))) == WANT


@pytest.mark.parametrize("gap", [float("nan"), None, pd.NA, pd.NaT, ""])
def test_frame_with_gaps_is_missing_not_zero(gap: object) -> None:
    frame = pd.DataFrame({"unit": ["a"], "done": [gap], "all": [4], "rate": [None]})
    unit = M.assess(frame).unit("a")
    assert [unit.item(code).outcome.value for code in "123"] == ["missing", "missing", "pending"]


def test_outcomes_and_stated_points_in_columns(tmp_path: Path) -> None:
    text = "unit,outcome:2,why:2,points:total\na,not_applicable,none here,1.5\n"
    unit = read(tmp_path, text).unit("a")
    assert (unit.points, unit.attainable, unit.item("2").outcome.value) == (
        Decimal("1.5"),
        Decimal(2),
        "not_applicable",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("", "empty")]),
        ("\n\n", [("", "empty")]),
        ("done,all\n1,2\n", [("header", "no-unit-column")]),
        ("unit,done\n", [("header", "no-rows")]),
        ("unit,done,done\na,1,2\n", [("line 1", "duplicate-column")]),
        ("unit,,done\na,1,2\n", [("line 1", "empty-header")]),
        ("unit,dnoe\na,1\n", [("header, column dnoe", "unknown-fact")]),
        ("unit,votes:g:C\na,1\n", [("header, column votes:g:C", "unknown-option")]),
        ("unit,done\na,1\na,2\n", [("line 3, column unit", "duplicate-unit")]),
        ("unit,done\na,1,5\n", [("line 2", "row-width")]),
        ("unit,done\na\n", [("line 2", "row-width")]),
        ("unit,rate\na,51,5\n", [("line 2", "row-width")]),
        ("unit,done\n\na,x\n", [("line 3, column done", "not-a-number")]),
        ("unit,done\na,=1+1\n", [("line 2, column done", "not-a-number")]),
        ("unit,done\na,-1\n", [("line 2, column done", "out-of-range")]),
        ("unit,done\na,12%\n", [("line 2, column done", "percent-sign")]),
        ('unit,done\na,"1,234"\n', [("line 2, column done", "ambiguous-number")]),
        (
            'unit,done\n"a\nb",x\nc,y\n',
            [("line 2, column done", "not-a-number"), ("line 4, column done", "not-a-number")],
        ),
        ('unit,done\n"a,1\n', [("line 2", "csv")]),
        ("unit,done\n,1\n", [("line 2, column unit", "unit")]),
        ("unit,done\x00\na,1\n", [("", "binary")]),
        ("unit,fact,value\na,done,1\na,done,2\n", [("line 3", "duplicate-fact")]),
        ("unit,fact,value\na,dnoe,1\n", [("header, column dnoe", "unknown-fact")]),
        ("unit,fact,value,extra\na,done,1,2\n", [("header", "unknown-column")]),
        ("unit,points:2\na,1\n", [("line 2, column points:2", "unknown-item")]),
        ("unit,outcome:2\na,not_applicable\n", [("line 2, column outcome:2", "no-reason")]),
    ],
)
def test_faults_at_their_place(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(par.ParError) as caught:
        read(tmp_path, text)
    assert [(p.pointer, p.code) for p in caught.value.problems] == expected
    assert all(p.what_vi for p in caught.value.problems)


@pytest.mark.parametrize("value", [float("inf"), 0.005, 1e17, -1.0, 0.1 + 0.2])
def test_floats_that_are_no_decimals_of_the_fact(value: float) -> None:
    with pytest.raises(par.EvidenceError) as caught:
        M.assess(pd.DataFrame({"unit": ["a"], "rate": [value]}))
    assert [p.pointer for p in caught.value.problems] == ["row 1, column rate"]


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    with pytest.raises(par.DocumentError) as caught:
        read(tmp_path, b"PAR1 and nothing", "e.parquet")
    assert caught.value.problems[0].code == "parquet"


def test_a_nullable_column_with_a_gap() -> None:
    frame = pd.DataFrame({"unit": ["a", "b"], "done": pd.array([3, None], dtype="Int64"), "all": [4, 4]})
    assert [unit.item("1").outcome.value for unit in M.assess(frame).units] == ["scored", "missing"]


def test_a_subclass_of_a_frame_is_a_frame() -> None:
    class Mine(pd.DataFrame):
        pass

    assert M.assess(Mine({"unit": ["a"], "done": [3], "all": [4]})).unit("a").item("1").points == Decimal("0.75")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1.234,00", 1234),
        ("1,234.00", 1234),
        ("0.750", None),
        ("1.000", None),
        ("12.000", None),
        ("1,000", None),
    ],
)
def test_thousands_are_read_only_when_beyond_doubt(tmp_path: Path, text: str, number: int | None) -> None:
    table = f"unit;done;all\na;{number or 0};{text}\n"
    if number is not None:
        assert read(tmp_path, table).unit("a").item("1").points == Decimal(1)
        return
    with pytest.raises(par.EvidenceError) as caught:
        read(tmp_path, table)
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == (
        "line 2, column all",
        "too-fine" if text == "0.750" else "ambiguous-number",
    )


def test_the_host_s_decimal_context_changes_nothing() -> None:
    import decimal

    frame = pd.DataFrame({"unit": ["a", "b"], "done": [2, 1], "all": [3, 3]})
    renderer = M.assess(frame)
    from par_engine.results.csvs import wide

    want = wide(renderer)
    with decimal.localcontext() as context:
        context.prec = 2
        assert wide(M.assess(frame)) == want


LONG = [("one", "done", 4), ("one", "planned", 8), ("two", "done", "3"), ("two", "planned", 6.0)]


@pytest.mark.parametrize("kind", ["frame", "parquet", "csv"])
def test_a_long_table_may_come_in_any_form(kind: str, tmp_path: Path) -> None:
    frame = pd.DataFrame(LONG, columns=["unit", "fact", "value"])
    evidence: object = frame
    if kind == "parquet":
        evidence = tmp_path / "long.parquet"
        frame.astype({"value": str}).replace({"6.0": "6"}).to_parquet(evidence)
    if kind == "csv":
        evidence = tmp_path / "long.csv"
        frame.replace({6.0: "6"}).to_csv(evidence, index=False)
    wide = pd.DataFrame({"unit": ["one", "two"], "done": [4, 3], "planned": [8, 6]})
    items = [tiny.leaf("1", "1", RATIO)]
    methodology = par.from_document(tiny.document(items, {"done": tiny.COUNT, "planned": tiny.COUNT}, "1"))
    found, same = methodology.assess(evidence), methodology.assess(wide)  # type: ignore[arg-type]
    assert [(u.id, u.points) for u in found.units] == [(u.id, u.points) for u in same.units]


RATIO = {
    "name": "ratio",
    "part": "done",
    "whole": "planned",
    "floor": "0",
    "full_at": "1",
    "over": "cap",
    "whole_zero": "zero",
}


def test_cells_of_a_long_frame_that_stand_twice() -> None:
    methodology = par.from_document(
        tiny.document([tiny.leaf("1", "1", RATIO)], {"done": tiny.COUNT, "planned": tiny.COUNT}, "1")
    )
    frame = pd.DataFrame([*LONG, ("one", "done", 5)], columns=["unit", "fact", "value"])
    with pytest.raises(par.EvidenceError) as caught:
        methodology.assess(frame)
    assert [(p.pointer, p.what) for p in caught.value.problems] == [("row 5", "done of one stands twice")]


def test_a_table_names_its_stage(tmp_path: Path) -> None:
    methodology = par.from_document(
        tiny.document([tiny.leaf("1", "1", RATIO)], {"done": tiny.COUNT, "planned": tiny.COUNT}, "1")
    )
    path = tmp_path / "t.csv"
    path.write_text("# số liệu\n# Stage: appraisal\nunit,done,planned\none,1,2\n", encoding="utf-8")
    assert methodology.read(path).stage == "appraisal"
    assert methodology.read(path, "final").stage == "final"
    path.write_text("unit,done,planned\none,1,2\n", encoding="utf-8")
    assert methodology.read(path).stage == "table"
    document = tiny.evidence({"done": 1, "planned": 2})
    assert methodology.read(document, "test").stage == "test"
    with pytest.raises(par.DocumentError, match="another stage"):
        methodology.read(document, "final")


def test_other_workbooks_are_not_read_and_the_hint_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "so-lieu.ods"
    path.write_bytes(b"PK")
    with pytest.raises(par.DocumentError, match="or the sheet as CSV UTF-8"):
        par.from_document(
            tiny.document([tiny.leaf("1", "1", RATIO)], {"done": tiny.COUNT, "planned": tiny.COUNT}, "1")
        ).read(path)


def test_tables_carry_documents(tmp_path: Path) -> None:
    methodology = par.from_document(
        tiny.document([tiny.leaf("1", "1", RATIO)], {"done": tiny.COUNT, "planned": tiny.COUNT}, "1")
    )
    path = tmp_path / "a.csv"
    head = "unit,done,planned,document:1:2:number,document:1:1:number,document:1:1:page\n"
    path.write_text(head + "one,1,2,b,a,7\ntwo,1,2,,,\n", encoding="utf-8")
    assert methodology.read(path).documents == {"one": {"1": [{"number": "a", "page": "7"}, {"number": "b"}]}}
    path.write_text("unit,document:9:1:number,document:1:1:page\none,a,7\n", encoding="utf-8")
    with pytest.raises(par.EvidenceError) as caught:
        methodology.read(path)
    assert [problem.text() for problem in caught.value.problems] == [
        'a.csv header, column document:9:1:number: "document:9:1:number" names no part of a document — '
        "document:CODE:N:KEY, where KEY is one of number, date, title, page, link",
        'a.csv line 2, column document:1:1:page: a document has a number — such as "12/KH-UBND"',
    ]
