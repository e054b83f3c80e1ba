"""Rule sentences: a corpus in the family's manner, our own wording taken back, and text that must not break anything."""

from fractions import Fraction as F
from pathlib import Path

import pytest

pytest.importorskip("lark")

from annexes import shown
from hypothesis import given, settings
from hypothesis import strategies as st

from par_engine.annex.readings import Doubt, Reading, Step
from par_engine.annex.rule_reading import read_rule
from par_engine.annex.rule_writing import write
from par_engine.annex.rules import InexactError, Named, as_rule, same

LINES = [
    [part.strip() for part in line.split(" | ")]
    for line in (Path(__file__).parents[1] / "corpus" / "annex" / "sentences.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("top", "lines", "expected"), LINES, ids=[f"{i}" for i in range(len(LINES))])
def test_corpus(top: str, lines: str, expected: str) -> None:
    read = read_rule([line.strip() for line in lines.split("¶")], F(top.replace(",", ".")))
    assert shown(read) == expected


def test_the_corpus_is_large_and_has_traps() -> None:
    asked = sum(expected == "?" for _, _, expected in LINES)
    assert len(LINES) >= 115
    assert asked >= 20


def test_nfd_and_odd_spaces_read_alike() -> None:
    import unicodedata

    for top, lines, _ in LINES:
        plain = [line.strip() for line in lines.split("¶")]
        odd = [unicodedata.normalize("NFD", line.replace(" ", "\u00a0 ")) for line in plain]
        maximum = F(top.replace(",", "."))
        assert shown(read_rule(odd, maximum)) == shown(read_rule(plain, maximum)), plain


def test_a_doubt_names_its_line() -> None:
    doubt = read_rule(["Từ 80% trở lên: 1", "Dưới 80%: theo quyết định của Hội đồng"], F(1))
    assert isinstance(doubt, Doubt)
    assert (doubt.line, doubt.vi) == (1, "không hiểu “Dưới 80%: theo quyết định của Hội đồng”")


def test_a_label_keeps_its_words() -> None:
    read = read_rule(["Ban hành sau ngày 31/01 (theo Công văn số 12/BNV): 0,5", "Không ban hành: 0"], F("0.5"))
    assert isinstance(read, Reading)
    assert read.labels[0][0] == "Ban hành sau ngày 31/01 (theo Công văn số 12/BNV)"


def test_scores_may_have_decimals_and_counts_may_not() -> None:
    for thing, type in (("điểm", "decimal"), ("mô hình", "count")):
        read = read_rule([f"Từ 80 {thing} trở lên: 1", f"Dưới 80 {thing}: 0"], F(1))
        assert isinstance(read, Reading)
        _, facts = as_rule(read, "1", Named("a", "a"), F(1), None, {})
        assert [fact["type"] for fact in facts.values()] == [type]


quarter = st.integers(0, 40).map(lambda n: F(n, 4))


@st.composite
def readings(draw: st.DrawFn) -> tuple[Reading, F]:
    kind = draw(st.sampled_from(["share", "change", "number", "tally", "deduction", "choice", "checklist"]))
    top = draw(quarter.filter(bool))
    if kind == "tally":
        return Reading("tally", step=draw(quarter.filter(lambda x: 0 < x <= top)), things="sáng kiến"), top
    if kind == "deduction":
        floor = draw(quarter.filter(lambda x: x < top))
        step = draw(quarter.filter(lambda x: 0 < x <= top))
        return Reading("deduction", step=step, floor=floor, things="vụ việc"), top
    words = draw(
        st.lists(
            st.sampled_from(["đúng hạn", "đợt hai", "đủ số", "loại khác", "cấp huyện", "100 % xã"]),
            min_size=2,
            unique=True,
        )
    )
    if kind == "checklist":
        parts = [draw(quarter.filter(bool)) for _ in words]
        return Reading("checklist", labels=tuple(zip(words, parts, strict=True))), sum(parts, F(0))
    if kind == "choice":
        others = [draw(quarter.filter(lambda x: x < top)) for _ in words[1:]]
        return Reading("choice", labels=tuple(zip(words, [top, *others], strict=True))), top
    cuts = sorted(draw(st.sets(st.integers(1, 20), min_size=1, max_size=4)))
    lows = [F(c, draw(st.sampled_from([20, 21]))) if kind != "number" else F(c) for c in cuts]
    lows = sorted({low for low in lows if low < 1 or (low * 20).denominator == 1})
    points = (
        sorted(draw(st.sets(quarter.filter(lambda x: x < top), min_size=len(lows), max_size=len(lows))))
        if top > len(lows)
        else []
    )
    if len(points) < len(lows):
        lows, points = lows[:1], [F(0)]
    closed = kind == "number" or draw(st.booleans())
    steps = [Step(None, False, points[0], points[0])]
    for low, p in zip(lows, [*points[1:], top], strict=True):
        steps.append(Step(low, closed, p, p))
    if draw(st.booleans()):
        steps = [Step(s.low, s.closed, e.first, e.last) for s, e in zip(steps, reversed(steps), strict=True)]
    if kind == "number":
        return Reading("steps", "number", tuple(steps)), top
    zero = draw(st.sampled_from(["zero", "full", "missing", "not_applicable"]))
    over = draw(st.sampled_from(["refuse", "allow"])) if kind == "share" else None
    return Reading("steps", "share" if kind == "share" else "change", tuple(steps), whole_zero=zero, over=over), top


@settings(max_examples=300, deadline=None)
@given(readings())
def test_what_we_write_is_read_back(pair: tuple[Reading, F]) -> None:
    read, top = pair
    back = read_rule(write(read, top), top)
    assert isinstance(back, Reading), (write(read, top), back)
    assert same(back, read), write(read, top)
    assert not back.unsaid & {"whole_zero", "over", "below"}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "từ",
                    "dưới",
                    "trên",
                    "80%",
                    "100",
                    "%",
                    "-",
                    "đến",
                    ":",
                    ";",
                    "(",
                    ")",
                    "/",
                    "x",
                    "điểm",
                    "tối",
                    "đa",
                    "mỗi",
                    "trừ",
                    "0,5",
                    "1",
                    "không",
                    "trở",
                    "lên",
                    "công",
                    "thức",
                    "có",
                ]
            )
            | st.text(max_size=4)
            | st.text("0123456789,.%/-() ", max_size=8),
            max_size=14,
        ).flatmap(lambda words: st.sampled_from(["", " "]).map(lambda space: space.join(words))),
        max_size=4,
    )
)
def test_any_text_is_read_or_doubted(lines: list[str]) -> None:
    read = read_rule(lines, F(1))
    if isinstance(read, Reading) and read.kind == "steps":
        assert max(max(s.first, s.last) for s in read.steps) == 1
        try:
            as_rule(read, "1", Named("a", "a"), F(1), None, {})
        except InexactError:
            return


RUNS = [
    "Từ ",
    "9",
    "0",
    ",",
    ".",
    "%",
    "(",
    "a/",
    "1,2,3 ",
    "0.000",
    "mỗi ",
    "không ",
    "; ",
    ": 1",
    " ",
    "\n",
    "khảo sát ",
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["", "Từ ", "Mỗi vụ trừ ", "tối đa ", "Có: 1; không: 0; ", "Khảo sát "]),
    st.sampled_from(RUNS),
    st.sampled_from([7, 40, 3000]),
    st.sampled_from(["", "% trở lên: 1; dưới 80%: 0", " điểm", "80%: 1", ": 1"]),
)
def test_very_long_runs_are_read_or_doubted(head: str, run: str, times: int, tail: str) -> None:
    read = read_rule([f"{head}{run * times}{tail}"], F(1))
    nothing = not run.strip() or run in ("; ", "\n") or (run in (",", ".") and not tail)
    assert times < 3000 or nothing or isinstance(read, Doubt)


@pytest.mark.parametrize(
    "line",
    [
        f"Từ {'7' * 5000}%",
        f"{'Từ ' * 3000}80%: 1",
        f"Từ 80% trở lên: 1; dưới 80%: {'0' * 40}1",
        f"(a/b) x {'9' * 4999}",
    ],
)
def test_what_is_too_long_is_asked_about(line: str) -> None:
    assert isinstance(read_rule([line], F(1)), Doubt)
