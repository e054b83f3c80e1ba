"""What Python's readers and the system say is Vietnamese in Vietnamese texts; data stays free of any language."""

import ast
import csv
import json
from pathlib import Path

import pytest
import tiny

import par_engine as par
from par_engine.base.problems import own_problem
from par_engine.evidence.readers import read_csv
from par_engine.files.atomic import written_whole
from par_engine.files.documents import parse_json, read_bytes
from par_engine.i18n.foreign_messages import fault_vi, place_vi, said_vi


def refused(data: bytes, name: str = "a.json") -> par.DocumentError:
    with pytest.raises(par.DocumentError) as caught:
        if name.endswith(".json"):
            parse_json(data, name)
        else:
            read_csv(data, Path(name))
    return caught.value


@pytest.mark.parametrize(
    ("text", "vi"),
    [
        ('{"a": 1\n  "b": 2}', "dòng 2, cột 3: không phải JSON hợp lệ: thiếu dấu phẩy"),
        ('{"a" 1}', "dòng 1, cột 6: không phải JSON hợp lệ: thiếu dấu hai chấm"),
        ("{a: 1}", "dòng 1, cột 2: không phải JSON hợp lệ: thiếu tên khóa trong nháy kép"),
        ("[1, x]", "dòng 1, cột 5: không phải JSON hợp lệ: thiếu giá trị"),
        ('["a', "dòng 1, cột 2: không phải JSON hợp lệ: chữ thiếu nháy kép đóng"),
        ('["a\nb"]', "dòng 1, cột 4: không phải JSON hợp lệ: chữ có ký tự điều khiển"),
        (r'["\q"]', "dòng 1, cột 3: không phải JSON hợp lệ: dấu \\ không đúng chỗ"),
        (r'["\u12"]', "dòng 1, cột 5: không phải JSON hợp lệ: mã \\u không đủ bốn chữ số"),
        ("[1] [2]", "dòng 1, cột 5: không phải JSON hợp lệ: thừa nội dung ở cuối"),
    ],
)
def test_json(text: str, vi: str) -> None:
    (problem,) = refused(text.encode()).problems
    said = problem.text("vi")
    hint = "thiếu hoặc thừa dấu phẩy, nháy, ngoặc"
    # where a broken \\u is said to be depends on the version of Python
    assert said == f"a.json {vi} — {hint}" or (r"\u" in text and said.endswith(f"{vi.partition(': ')[2]} — {hint}"))
    assert problem.pointer.startswith("line ") and problem.as_dict()["where"] == f"a.json {problem.pointer}"
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert caught.value.msg in problem.text()


@pytest.mark.parametrize(
    ("text", "vi"),
    [
        ('unit,a\n"x,1', "dòng 2: CSV không hợp lệ: thiếu nháy kép đóng ở cuối tệp"),
        ('unit,a\n"x"y,1', "dòng 2: CSV không hợp lệ: sau nháy kép đóng phải là dấu phân cách ,"),
        (f"unit,a\nx,{'1' * 200_000}", "dòng 2: CSV không hợp lệ: có ô dài quá 131072 ký tự"),
    ],
)
def test_csv(text: str, vi: str) -> None:
    before = csv.field_size_limit(131_072)  # of the whole process: surveys raise it
    try:
        (problem,) = refused(text.encode(), "a.csv").problems
    finally:
        csv.field_size_limit(before)
    assert problem.text("vi") == f"a.csv {vi} — thiếu hoặc thừa dấu nháy kép"
    assert problem.text().startswith("a.csv line 2: not valid CSV: ")


def test_the_system(tmp_path: Path) -> None:
    with pytest.raises(par.DocumentError) as caught:
        read_bytes(tmp_path / "none.json")
    assert caught.value.problems[0].text("vi") == (
        "none.json: không đọc được (không có tệp hoặc thư mục này) — kiểm tra lại đường dẫn"
    )
    with pytest.raises(par.DocumentError) as caught, written_whole(tmp_path / "none" / "a.json"):
        pass
    assert caught.value.problems[0].text("vi") == (
        f"{tmp_path}/none/a.json: không ghi được (không có tệp hoặc thư mục này) — kiểm tra thư mục và chỗ trống trên đĩa"
    )


@pytest.mark.parametrize(
    ("place", "vi"),
    [
        ("line 3, column 5", "dòng 3, cột 5"),
        ("row 2, column số, column 3", "dòng 2, cột số, column 3"),
        ("header, column unit", "dòng tiêu đề, cột unit"),
        ("table 2, row 3, column 2", "bảng 2, dòng 3, cột 2"),
        ("row 7", "dòng 7"),
        ("/units/0/facts/line 3", "/units/0/facts/line 3"),
        ("Lĩnh vực 1!E12", "Lĩnh vực 1!E12"),
        ("line up", "line up"),
        ("", ""),
    ],
)
def test_places(place: str, vi: str) -> None:
    assert place_vi(place) == vi
    problem = own_problem("a", place, "x", "what", "", "error", "gì")
    assert (problem.text(), problem.text("vi")) == (f"{problem.where}: what", f"{f'a {vi}'.strip()}: gì")


def test_what_is_not_known_stays_as_it_is() -> None:
    assert said_vi("Expecting something else") == "Expecting something else"


def test_evidence_by_the_table() -> None:
    item = tiny.leaf("1", "1", {"name": "tally", "fact": "n", "each": "1"})
    methodology = par.from_document(tiny.document([item], {"n": tiny.COUNT}, "1"))
    with pytest.raises(par.EvidenceError) as caught:
        methodology.read(b"unit,n,m\nDB,x,1\n", format="csv", label="stdin")
    assert [problem.text("vi") for problem in caught.value.problems] == [
        'stdin dòng tiêu đề, cột m: không có số liệu "m" — xem par schema evidence -m tiny',
        'stdin dòng 2, cột n: "x" không phải là số — ghi số, ví dụ 12 hoặc 12,5',
    ]


def test_what_models_say_of_parts_that_do_not_fit_has_its_vietnamese() -> None:
    home = Path(par.__file__).parent
    said = set()
    for path in (home / "methodology" / "model.py", home / "base" / "types.py", home / "rules" / "bands.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ValueError":
                said |= {argument.value for argument in call.args if isinstance(argument, ast.Constant)}
    assert len(said) > 12
    assert [text for text in sorted(said) if text in fault_vi("value_error", f"Value error, {text}")] == []
    assert (
        fault_vi("value_error", "Value error, give from or above, not both") == "không hợp lệ: chỉ ghi from hoặc above"
    )
