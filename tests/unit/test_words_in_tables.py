"""What a table may say for an option, an outcome and a stage: the id, or the words of either language."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tiny

import par_engine as par

OPTIONS = [
    {"id": "on_time", "title": {"vi": "Đúng hạn", "en": "On time"}},
    {"id": "late", "title": {"vi": "Chậm", "en": "Slow"}},
    {"id": "never", "title": {"vi": "Không gửi", "en": "slow "}},  # a text that two options have says neither
    {"id": "other", "title": {"vi": "Khác", "en": "Never"}},  # an id comes before a text
]
RULE = {"name": "choice", "fact": "state", "points": {"on_time": "1", "late": "0.5", "never": "0", "other": "0.25"}}
M = par.from_document(
    tiny.document(
        [tiny.leaf("1", "1", RULE, may_not_apply=True)], {"state": {"type": "option", "options": OPTIONS}}, "1"
    )
)


def points(given: Any) -> Decimal | None:
    return M.assess(given).units[0].points


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ("on_time", "1"),
        ("Đúng hạn", "1"),
        (" đúng  HẠN ", "1"),
        ("On time", "1"),
        ("Không gửi", "0"),
        ("Không gửi (never)", "0"),
        ("Chậm", "0.5"),
        ("Slow (late)", "0.5"),
        ("khác", "0.25"),
        ("Never", "0"),
    ],
)
def test_every_form_takes_the_id_and_the_words_of_an_option(tmp_path: Path, said: str, worth: str) -> None:
    forms: list[Any] = [
        pd.DataFrame({"unit": ["a"], "state": [said]}),
        pd.DataFrame({"unit": ["a"], "fact": ["state"], "value": [said]}),
        {"methodology": "tiny", "stage": "s", "units": [{"unit": "a", "facts": {"state": said}}]},
    ]
    for name, text in (("wide.csv", f'unit,state\na,"{said}"\n'), ("long.csv", f'unit,fact,value\na,state,"{said}"\n')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        forms.append(tmp_path / name)
    assert [points(form) for form in forms] == [Decimal(worth)] * 5


def test_what_is_no_option_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("unit,state\na,?\nb,Dung han\nc,slow\n", encoding="utf-8")
    with pytest.raises(par.EvidenceError) as caught:
        M.assess(path)
    assert [p.text("vi") for p in caught.value.problems] == [
        'e.csv dòng 2, cột state: "?" không có trong danh sách của “chữ” — chọn một: Đúng hạn; Chậm; Không gửi; Khác',
        'e.csv dòng 3, cột state: "Dung han" không có trong danh sách của “chữ” — có phải là "Đúng hạn"?',
        'e.csv dòng 4, cột state: "slow" không có trong danh sách của “chữ” — chọn một: Đúng hạn; Chậm; Không gửi; Khác',
    ]
    assert [p.text() for p in caught.value.problems][:1] == [
        'e.csv line 2, column state: "?" is no option of state — the options are on_time, late, never, other'
    ]


@pytest.mark.parametrize("said", ["not_applicable", "Không áp dụng", "not applicable"])
def test_outcomes_and_stages_are_taken_in_words(tmp_path: Path, said: str) -> None:
    path = tmp_path / "e.csv"
    path.write_text(f"# giai đoạn: Thẩm định\nunit,outcome:1,why:1\na,{said},không có\n", encoding="utf-8")
    found = M.assess(path)
    assert (found.units[0].item("1").outcome.value, found.evidence.stage) == ("not_applicable", "appraisal")


@pytest.mark.parametrize("said", ["pending", "chờ kết quả", "chờ kết quả điều tra"])
def test_waiting_is_said_as_workbooks_and_reports_say_it(said: str) -> None:
    unit = {"unit": "a", "outcomes": {"1": {"outcome": said, "why": "chưa có"}}}
    found = M.assess({"methodology": "tiny", "stage": "s", "units": [unit]})
    assert found.units[0].item("1").outcome.value == "pending"


def test_a_frame_of_items_says_its_levels() -> None:
    inner = {"code": "A", "title": tiny.T, "max": "1", **tiny.BASE}
    items = [inner, tiny.leaf("1", "1", RULE, parent="A")]
    document = tiny.document(items, {"state": {"type": "option", "options": OPTIONS}}, "1")
    frame = par.from_document(document).assess(pd.DataFrame({"unit": ["a"], "state": ["on_time"]})).to_frame("items")
    assert frame[["depth", "leaf"]].values.tolist() == [[1, False], [2, True]]
    assert list(frame.index) == [("a", "A"), ("a", "1")]
    assert frame.columns.tolist()[:3] == ["depth", "leaf", "title"]
    assert sum(frame[frame["leaf"]]["points"]) == Decimal(1)
