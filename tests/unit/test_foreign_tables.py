"""Tables as other programs make them: odd cells, other libraries, titles, separators, names in papers."""

import datetime
import io
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny

import par_engine as par

UNITS = [
    {"id": "ha-nam", "name": "Hà Nam", "ranked": True},
    {"id": "hoa-binh", "name": "Hòa Bình", "ranked": True},
    {"id": "lam-dong", "name": "Lâm Đồng", "ranked": True, "formerly": ["dak-nong", "lam-dong"]},
    {"id": "hue", "name": "Huế", "ranked": True, "formerly": ["thua-thien-hue"]},
    {"id": "hcm", "name": "TP. Hồ Chí Minh", "ranked": True, "formerly": ["ba-ria-vung-tau", "hcm"]},
]
OPTION = {"type": "option", "options": [{"id": i, "title": tiny.T} for i in ("on_time", "late")]}
M = par.from_document(
    tiny.document(
        [
            tiny.leaf("1", "9", {"name": "tally", "fact": "n", "each": "1"}),
            tiny.leaf("2", "1", {"name": "choice", "fact": "flag", "points": {"true": "1", "false": "0"}}),
            tiny.leaf("3", "1", {"name": "choice", "fact": "state", "points": {"on_time": "1", "late": "0"}}),
        ],
        {"n": tiny.COUNT, "flag": tiny.BOOLEAN, "state": OPTION},
        "11",
        units=UNITS,
        settings={"units": "listed"},
    )
)
BASE: dict[str, Any] = {"unit": ["Hà Nam", "Huế"], "n": [3, 4], "flag": [True, False], "state": ["on_time", "late"]}
WANT = [("ha-nam", D(5)), ("hue", D(4))]


def got(evidence: Any) -> list[tuple[str, D | None]]:
    return [(unit.id, unit.points) for unit in M.assess(evidence).units]


def said(evidence: Any, lang: str = "en") -> list[str]:
    with pytest.raises(par.ParError) as caught:
        M.read(evidence)
    for problem in caught.value.problems:
        assert "0x" not in problem.text() and "\n" not in problem.text()
    return [problem.text(lang) for problem in caught.value.problems]


@pytest.mark.parametrize("name", [{"a": 1}, [1], ("a", {})])
def test_a_column_whose_name_cannot_be_hashed_is_unknown(name: Any) -> None:
    frame = pd.DataFrame([["Huế", 1]])
    frame.columns = pd.Index(["unit", name], dtype=object, tupleize_cols=False)
    known = "par schema evidence -m tiny lists the facts"
    assert said(frame) == [f'frame header, column {name}: there is no fact "{name}" — {known}']


def test_a_column_whose_name_has_no_text_is_called_by_its_kind() -> None:
    frame = pd.DataFrame([["Huế", 1]])
    frame.columns = pd.Index(["unit", Odd()], dtype=object, tupleize_cols=False)
    known = "par schema evidence -m tiny lists the facts"
    assert said(frame) == [f'frame header, column Odd: there is no fact "Odd" — {known}']


def test_a_long_table_says_its_odd_cells_by_their_kind() -> None:
    rows = [(Odd(), "n", 1), ((i for i in "a"), "n", 1), ((i for i in "a"), "n", 2)]
    found = said(pd.DataFrame(rows, columns=["unit", "fact", "value"]))
    assert found == [
        "frame row 3: n of <generator object test_a_long_table_says_its_odd_cells_by_their_kind.<locals>.<genexpr>>"
        " stands twice — keep one row"
    ]
    assert said(pd.DataFrame(rows[:1], columns=["unit", "fact", "value"])) == [
        'frame row 1, column unit: there is no unit "Odd" — par show tiny --units lists them'
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"document:1:1:number": "1\ud800"},
        {"document:1:1:number": "1", "document:1:1:title": "1\ud800"},
        {"explanation:1": "1\ud800"},
        {"outcome:2": "missing", "why:2": "1\ud800"},
    ],
)
def test_half_a_character_of_a_frame_is_refused(more: dict[str, str]) -> None:
    head = list(more)[-1]
    frame = pd.DataFrame({"unit": ["Huế"], "n": [1], **{k: [v] for k, v in more.items()}}, dtype=object)
    assert said(frame) == [f'frame row 1, column {head}: "1\\ud800" holds half of a character — repair the text']
    vi = f'frame dòng 1, cột {head}: "1\\ud800" có chữ bị hỏng (nửa ký tự) — hãy sửa lại chữ ấy'
    assert said(frame, "vi") == [vi]


def test_an_open_unit_is_no_half_of_a_character() -> None:
    leaves = [tiny.leaf("1", "1", {"name": "tally", "fact": "n", "each": "1"})]
    open_ = par.from_document(tiny.document(leaves, {"n": tiny.COUNT}, "1"))
    with pytest.raises(par.EvidenceError) as caught:
        open_.read(pd.DataFrame({"unit": ["a\ud800"], "n": [1]}, dtype=object))
    want = 'frame row 1, column unit: "a\\ud800" holds half of a character — repair the text'
    assert [problem.text() for problem in caught.value.problems] == [want]


def test_units_may_be_the_index_whatever_the_columns_are() -> None:
    frame = pd.DataFrame({name: cells for name, cells in BASE.items() if name != "unit"})
    for head in ("unit", "Đơn vị"):
        frame.index = pd.Index(BASE["unit"], name=head)
        for kind in (pd.Index, pd.CategoricalIndex):
            frame.columns = kind(frame.columns)
            assert got(frame) == WANT


class Odd:
    """What answers no question."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError("no")


CELLS = [
    [1, 2],
    (1, 2),
    {"a": 1},
    {1},
    b"1",
    complex(1),
    object(),
    Odd(),
    np.array([1, 2]),
    np.array([]),
    np.datetime64("2020-01-01"),
    pd.Timestamp("2020-01-01"),
    pd.Timedelta(1),
    pd.Interval(0, 1),
    pd.Period("2020"),
    pd.Series([1, 2]),
    pd.DataFrame({"a": [1]}),
    datetime.date(2020, 1, 1),
    "1E+03",
]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: type(cell).__name__)
@pytest.mark.parametrize("column", ["unit", "n", "flag", "state"])
def test_a_cell_that_holds_no_value_is_a_problem_of_its_cell(cell: Any, column: str) -> None:
    cells = pd.Series([None, None], dtype=object)
    cells[0], cells[1] = BASE[column][0], None
    cells.iloc[1:] = pd.Series([cell], dtype=object, index=[1])
    (found,) = said(pd.DataFrame({**BASE, column: cells}))
    assert found.startswith(f"frame row 2, column {column}: ")
    if column != "unit":
        problem = {"methodology": "tiny", "stage": "s", "units": [{"unit": "Huế", "facts": {column: cell}}]}
        assert said(problem)[0].startswith(f"evidence /units/0/facts/{column}: ")


@pytest.mark.parametrize("cell", [None, float("nan"), pd.NaT, pd.NA, np.float64("nan"), np.datetime64("NaT"), " "])
def test_cells_that_hold_nothing(cell: Any) -> None:
    frame = pd.DataFrame({**BASE, "n": pd.Series([3, cell], dtype=object)})
    assert M.assess(frame).unit("hue").item("1").outcome is par.Outcome.MISSING


def test_arrays_are_said_as_what_they_are() -> None:
    cells = pd.Series([np.array(["on_time", "late"]), "late"], dtype=object)
    assert said(pd.DataFrame({**BASE, "state": cells})) == [
        "frame row 1, column state: array(['on_time', 'late'], dtype='<U7') is no option of state"
        " — the options are on_time, late"
    ]


@pytest.mark.parametrize("kind", ["category", "string", "string[pyarrow]", "object"])
def test_kinds_of_pandas_are_read(kind: str) -> None:
    assert got(pd.DataFrame(BASE).astype({"unit": kind, "state": kind})) == WANT


@pytest.mark.parametrize("flags", [[1, 0], [1.0, 0.0], [np.True_, np.False_], ["1.0", "0.0"], [D("1.0"), D(0)]])
def test_ones_and_zeros_are_yes_and_no_everywhere(flags: list[Any]) -> None:
    assert got(pd.DataFrame({**BASE, "flag": flags})) == WANT
    assert got({"methodology": "tiny", "stage": "s", "units": [
        {"unit": BASE["unit"][i], "facts": {key: BASE[key][i] for key in ("n", "state")} | {"flag": flags[i]}}
        for i in range(2)
    ]}) == WANT  # fmt: skip
    text = "unit,n,flag,state\n" + "".join(
        f"{BASE['unit'][i]},{BASE['n'][i]},{flags[i]},{BASE['state'][i]}\n" for i in (0, 1)
    )
    assert got(text.encode()) == WANT
    assert said(pd.DataFrame({**BASE, "flag": [2, 0.5]})) == [
        "frame row 1, column flag: 2.0 is neither true nor false — write true or false",
        "frame row 2, column flag: 0.5 is neither true nor false — write true or false",
    ]


@pytest.mark.parametrize("name", ["Đơn vị", "ĐƠN VỊ", " Unit "])
def test_the_column_of_units_by_any_of_its_names(name: str) -> None:
    frame = pd.DataFrame(BASE).rename(columns={"unit": name})
    assert got(frame) == got(frame.set_index(name)) == got(pa.table(frame)) == WANT


class Stream:
    """A table that hands out its columns by Arrow's interface, as polars and DuckDB do."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_tables_of_arrow_and_what_speaks_it() -> None:
    table = pa.table({**BASE, "state": pa.array(BASE["state"]).dictionary_encode()})
    assert got(table) == got(Stream(table)) == got(table.to_batches()[0]) == WANT
    decimals = table.set_column(1, "n", pa.array([D("3.00"), D("4.00")]))
    views = decimals.set_column(0, "unit", pa.array(BASE["unit"], pa.string_view()))
    assert got(views) == WANT
    long = {"unit": ["Huế"], "fact": ["n"], "value": [4]}
    assert got(pa.table(long)) == [("hue", D(4))]


@pytest.mark.parametrize(
    ("root", "kind", "call"),
    [
        ("dask.dataframe", "DataFrame", ".compute()"),
        ("pyspark.sql", "DataFrame", ".toPandas()"),
        ("polars.lazyframe", "LazyFrame", ".collect()"),
        ("narwhals.dataframe", "DataFrame", ".to_native()"),
        ("other.frames", "Frame", ".to_pandas()"),
    ],
)
def test_other_tables_are_told_how_they_become_one(root: str, kind: str, call: str) -> None:
    made = type(kind, (), {"__module__": root, "to_pandas": None})()
    name = root.partition(".")[0]
    assert said(made) == [f"frame: this is a {kind} of {name} — give its {call}"]
    assert said(made, "vi") == [f"frame: đây là {kind} của {name} — đưa vào kết quả của {call}"]


def test_parquet_with_text_that_is_none() -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(np.array([0, 1, 2], np.int32)), pa.py_buffer(b"a\xff")]
    )
    out = io.BytesIO()
    pq.write_table(pa.table({"unit": BASE["unit"], "state": broken}), out)
    assert said(out.getvalue()) == [
        "evidence row 2, column state: the cell is not UTF-8 text — write it again as UTF-8",
    ]
    assert said(out.getvalue(), "vi") == [
        "evidence dòng 2, cột state: ô không phải chữ UTF-8 — hãy ghi lại với bảng mã UTF-8"
    ]
    assert said(out.getvalue().replace(b"state", b"st\xffte")) == [
        "evidence header: the name of column 2 is not UTF-8 text — write it again as UTF-8"
    ]


def test_parquet_moments_too_fine_for_python() -> None:
    out = io.BytesIO()
    moments = pa.array([1, 2], pa.timestamp("ns"))
    pq.write_table(pa.table({"unit": BASE["unit"], "n": moments}), out, version="2.6")
    assert [text.partition(":")[0] for text in said(out.getvalue())] == [
        "evidence row 1, column n",
        "evidence row 2, column n",
    ]


BODY = "unit;n;flag;state\nHà Nam;3;x;on_time\nHuế;4;;late\n"


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\n",
        "\ufeffsep=;\n",
        '"sep=;"\n',
        "SEP=;;;;\n",
        "BIỂU SỐ LIỆU NĂM 2021;;;\n",
        "TỈNH X\n\nBiểu số liệu, kỳ một\n",
        "sep=;\nBiểu số liệu;;;\n",
        "# stage: self\n",
    ],
)
def test_what_stands_above_a_header(above: str) -> None:
    want = [("ha-nam", D(5)), ("hue", D(4))]
    for end in ("\n", "\r\n", "\r"):
        assert got((above + BODY).replace("\n", end).encode()) == want
    assert said((above + BODY.replace("4;;", "?;;")).encode()) == [
        f'evidence line {(above + BODY).count(chr(10))}, column n: "?" is not a number'
        " — write a plain number such as 12 or 12.5"
    ]


def test_a_tab_is_a_separator_that_can_be_named() -> None:
    assert got(("sep=\t\n" + BODY.replace(";", "\t")).encode()) == WANT


def test_a_line_as_wide_as_a_header_is_no_title() -> None:
    found = said(("a;b;c;d\n" + BODY).encode())
    assert found == ["evidence header: there is no column unit — the first column names the unit"]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Tỉnh Hà Nam", "ha-nam"),
        ("UBND tỉnh Hà Nam", "ha-nam"),
        ("Ủy ban nhân dân tỉnh Hà Nam", "ha-nam"),
        ("Uỷ ban nhân dân tỉnh Hà Nam", "ha-nam"),
        ("TP. Huế", "hue"),
        ("TP Huế", "hue"),
        ("thành phố Hồ Chí Minh", "hcm"),
        ("Hồ Chí Minh", "hcm"),
        ("UBND TP.Hồ Chí Minh", "hcm"),
        ("Hoà Bình", "hoa-binh"),
        ("TỈNH HOÀ BÌNH", "hoa-binh"),
    ],
)
def test_names_as_papers_write_them(name: str, id: str, tmp_path: Path) -> None:
    assert M.read({"methodology": "tiny", "stage": "s", "units": [{"unit": name}]}).units == (id,)
    assert M.read(pd.DataFrame({"unit": [name], "n": [1]})).units == (id,)
    assert M.read(f"unit,n\n{name},1\n".encode()).units == (id,)
    assert M.read(f"unit,fact,value\n{name},n,1\n".encode()).units == (id,)
    assert M.assess({"methodology": "tiny", "stage": "s", "units": [{"unit": id}]}).unit(name).id == id


@pytest.mark.parametrize(
    ("name", "en", "vi"),
    [
        ("Đắk Nông", 'it was merged into "Lâm Đồng"', 'đã hợp nhất vào "Lâm Đồng"'),
        ("Tỉnh Đắk Nông", 'it was merged into "Lâm Đồng"', 'đã hợp nhất vào "Lâm Đồng"'),
        ("Bà Rịa – Vũng Tàu", 'it was merged into "TP. Hồ Chí Minh"', 'đã hợp nhất vào "TP. Hồ Chí Minh"'),
        ("Thừa Thiên Huế", 'it was renamed "Huế"', 'đã đổi tên thành "Huế"'),
        ("Ha Nam", 'did you mean "Hà Nam"?', 'có phải là "Hà Nam"?'),
    ],
)
def test_former_names_are_told_where_they_went(name: str, en: str, vi: str) -> None:
    evidence = {"methodology": "tiny", "stage": "s", "units": [{"unit": name}]}
    assert said(evidence) == [f'evidence /units/0/unit: there is no unit "{name}" — {en}']
    assert said(evidence, "vi") == [f'evidence /units/0/unit: không có đơn vị "{name}" — {vi}']


def test_numbers_with_powers() -> None:
    assert got(b"unit,n\nHu\xe1\xba\xbf,1e+00\n") == [("hue", D(1))]
    assert said("unit,n\nHuế,1E+03\n".encode()) == [
        'evidence line 2, column n: "1E+03" is not a number — this form may hide digits: write all of them'
    ]


@pytest.mark.parametrize(
    ("day", "kept"), [("2021-12-31", "2021-12-31"), ("31/12/2021", "2021-12-31"), ("1/2/2021", "2021-02-01")]
)
def test_days_of_documents_in_both_forms(day: str, kept: str) -> None:
    papers = {
        "methodology": "tiny",
        "stage": "s",
        "units": [{"unit": "hue", "documents": {"1": [{"number": "1", "date": day}]}}],
    }
    table = f"unit,document:1:1:number,document:1:1:date\nhue,1,{day}\n".encode()
    for evidence in (papers, table):
        assert M.read(evidence).documents["hue"]["1"] == [{"number": "1", "date": kept}]


@pytest.mark.parametrize("day", ["32/13/2021", "31/12/21", "hôm qua", "2021", "12/31/2021", "2021-1-2"])
def test_days_that_are_none(day: str) -> None:
    papers = {
        "methodology": "tiny",
        "stage": "s",
        "units": [{"unit": "hue", "documents": {"1": [{"number": "1", "date": day}]}}],
    }
    assert said(papers) == [f'evidence /units/0/documents/1/0/date: "{day}" is no day — write DD/MM/YYYY or YYYY-MM-DD']
    table = f"unit,document:1:1:number,document:1:1:date\nhue,1,{day}\n".encode()
    assert said(table, "vi") == [
        f'evidence dòng 2, cột document:1:1:date: "{day}" không phải là ngày — ghi ngày/tháng/năm, năm đủ bốn chữ số'
    ]


def test_codes_that_pandas_has_made_numbers_are_not_guessed() -> None:
    frame = pd.read_csv(io.StringIO("unit,fact,value\nHuế,1.10,4\nHuế,1.1,3\n"))
    assert said(frame) == [
        f"frame row {n}: 1.1 is a number, not the id of a fact — read the column as text: 1.10 has become 1.1 (dtype=str)"
        for n in (1, 2)
    ]
    assert "frame dòng 1: 1.1 là số, không phải mã số liệu" in said(frame, "vi")[0]


def test_whole_numbers_with_a_gap_that_came_as_doubles() -> None:
    frame = pd.read_csv(io.StringIO("unit,n\nHà Nam,9007199254740993\nHuế,\n"))
    assert said(frame) == [
        "frame row 1, column n: 9007199254740992.0 is a double, which has lost digits beyond 2^53"
        " — give it as text, as Decimal or as Int64"
    ]
    kept = pd.DataFrame({"unit": ["Hà Nam", "Huế"], "n": pd.array([9007199254740993, None], dtype="Int64")})
    assert int(M.read(kept).values[0, 0]) == 9007199254740993


def test_a_stage_is_named_below_a_title_too() -> None:
    pytest.importorskip("par_example")
    m = par.load("example-town")
    for top in ("# stage: appraisal\nBảng tự chấm\n", "Bảng tự chấm\n# stage: appraisal\n", "# stage: appraisal\n"):
        read = m.read(f"{top}unit,1.1.plan\nAshford,late\n".encode(), format="csv")
        assert read.stage == "appraisal", top
