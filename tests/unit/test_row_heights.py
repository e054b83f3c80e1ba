"""Rows of workbooks are as high as their texts need: no line is cut, and no page is wasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_engine.files.row_heights import line_height, lines_of, row_height, text_width

WORDS = ["Tỷ", "lệ", "hồ", "sơ", "giải", "quyết", "đúng", "hạn", "W" * 30, "1.234,5", "–"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("một dòng", 20, 1), ("a\nb\nc", 20, 3), ("Ủy ban nhân dân các huyện", 12, 3), ("W" * 40, 20, 5)],
)
def test_lines_of_a_text(text: str, width: float, lines: int) -> None:
    assert lines_of(text, width, 12) == lines


def test_marks_take_no_width_and_bold_takes_more() -> None:
    assert text_width("ế", 12) == text_width("e", 12)
    assert text_width("điểm", 12, bold=True) > text_width("điểm", 12)


@given(st.lists(st.sampled_from(WORDS), max_size=60), st.integers(4, 120), st.sampled_from([11, 12, 14]))
def test_the_lines_hold_the_text_and_not_twice_as_much(words: list[str], width: int, size: int) -> None:
    text = " ".join(words)
    lines = lines_of(text, width, size)
    room = width * 7
    assert lines * room >= text_width(text, size)
    if all(text_width(word, size) * 2 < room for word in words):
        assert (lines - 1) * room * 0.4 <= text_width(text, size)


@given(st.text(st.sampled_from("ab đ\n"), max_size=2000), st.integers(1, 100))
def test_a_row_is_as_high_as_its_highest_cell(text: str, width: int) -> None:
    alone = row_height([(text, width)], 12)
    assert row_height([("a", 50), (text, width)], 12) == alone
    assert alone is None or line_height(12) * 2 <= alone <= 409
