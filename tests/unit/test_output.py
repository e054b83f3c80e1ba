"""Plain tables: the fast way prints what the library prints, to the letter."""

import contextlib
import io
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from par_engine.cli import output

cells = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), max_size=12) | st.sampled_from(
    ["Điện Biên", "82,16", "", "—", "Hồ sơ [bold]x[/]", "日本", "Đắk Lắk"]
)


def printed(rows: list[list[str]], justify: list[output.Justify]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        output.table(rows[0], rows[1:], justify)
    return out.getvalue()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_plain_tables_are_those_of_the_library(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 5))
    justify: list[output.Justify] = data.draw(
        st.lists(st.sampled_from(["left", "right"]), min_size=width, max_size=width)
    )
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5))
    fast = printed(rows, justify)
    with mock.patch.object(output, "aligned", return_value=None):
        assert fast == printed(rows, justify)


def test_what_has_to_wrap_is_left_to_the_library() -> None:
    assert output.aligned([["x" * 600, "y" * 600]], ["left", "left"]) is None
    assert output.aligned([["a\nb"]], ["left"]) is None
    assert output.aligned([["\U0001f3fb", ""]], ["left", "left"]) is None, "a mark without a letter"
