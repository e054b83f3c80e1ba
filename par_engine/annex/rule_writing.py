"""A rule in the sentences of an annex: what reading takes back to the same rule."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from par_engine.annex.readings import Doubt, Reading, Step
from par_engine.annex.rule_reading import read_rule
from par_engine.annex.rules import as_reading, same
from par_engine.base.decimals import is_decimal, plain
from par_engine.base.types import Fact
from par_engine.methodology.model import Item

OWN = "Quy tắc riêng"
_ZERO = {
    "zero": "Không phát sinh: 0",
    "full": "Không phát sinh: điểm tối đa",
    "not_applicable": "Không phát sinh: không áp dụng",
    "missing": "Không phát sinh: thiếu số liệu",
}
_OVER = {
    "cap": "Vượt 100 %: tính bằng 100 %",
    "refuse": "Vượt 100 %: không chấp nhận",
    "allow": "Vượt 100 %: được tính",
}


def lines(item: Item, facts: Mapping[str, Fact]) -> list[str]:
    """The rule sentences of a leaf: its own words when they say the whole rule, else ours."""
    assert item.rule is not None
    assert item.rule_text is not None
    known = as_reading(item.rule, facts, item.max)
    own = [part.strip() for part in item.rule_text.vi.split(";")]
    if known is None:
        return [f"{OWN} {item.rule.name}: {item.rule_text.vi}"]
    if says(own, known, item.max, _boolean(item, facts), whole=True):
        return own
    try:
        return write(known, item.max)
    except ValueError:  # a fraction that no sentence says
        return [f"{OWN} {item.rule.name}: {item.rule_text.vi}"]


def says(text: list[str], known: Reading, maximum: Fraction, boolean: bool, *, whole: bool = False) -> bool:
    """Whether these lines are read as this rule; with `whole` they must leave nothing unsaid."""
    read = read_rule(text, maximum)
    return not isinstance(read, Doubt) and not (whole and read.unsaid) and same(read, known, boolean=boolean)


def _boolean(item: Item, facts: Mapping[str, Fact]) -> bool:
    assert item.rule is not None
    return item.rule.name == "choice" and facts[item.rule.facts()[0]].type == "boolean"


def write(read: Reading, maximum: Fraction) -> list[str]:
    """A reading in sentences, everything said; ValueError when it has a fraction that they cannot say.

    >>> from par_engine.annex.readings import Reading
    >>> write(Reading("deduction", step=Fraction(1, 4), floor=Fraction(0), things="vụ"), Fraction(1))
    ['Mỗi vụ trừ 0,25 điểm, không dưới 0']
    """
    if read.kind == "survey":
        return ["Điều tra xã hội học"]
    if read.kind == "given":
        return [f"Người thẩm định cho điểm từ 0 đến {_n(maximum)}"]
    if read.kind == "tally":
        return [f"Mỗi {_small(read.things)} được {_n(read.step)} điểm, tối đa {_n(maximum)} điểm"]
    if read.kind == "deduction":
        return [f"Mỗi {_small(read.things)} trừ {_n(read.step)} điểm, không dưới {_n(read.floor)}"]
    if read.kind in ("choice", "checklist"):
        said = [f"{_clean(label)}: {_n(points)}" for label, points in read.labels]
        found = read_rule(said, maximum)
        if not isinstance(found, Doubt) and same(found, read):
            return said
        return ["Chọn một trong các mức:" if read.kind == "choice" else "Cộng điểm các nội dung:", *said]
    out = [_step(read, i, maximum) for i in reversed(range(len(read.steps)))]
    if read.measure != "number":
        out.append(_ZERO[read.whole_zero or "missing"])
    if read.measure == "share":
        out.append(_OVER[read.over or "refuse"])
    return out


def _step(read: Reading, i: int, maximum: Fraction) -> str:
    step: Step = read.steps[i]
    following = read.steps[i + 1] if i + 1 < len(read.steps) else None
    factor, sign = (Fraction(1), "") if read.measure == "number" else (Fraction(100), " %")
    grow = "Tăng " if read.measure == "change" else ""

    def n(x: Fraction) -> str:
        if read.measure != "number" and not is_decimal(x * factor):
            if not (0 < x < 1 and x.denominator < 100):
                raise ValueError(x)
            return f"{x.numerator}/{x.denominator}"
        return f"{_n(x * factor)}{sign}"

    rises = step.first != step.last
    low = step.low if step.low is not None else (Fraction(0) if rises else None)
    high = following.low if following is not None else read.high if rises or read.measure == "number" else None
    high_closed = not following.closed if following is not None else True
    if low is None and high is None:
        said = f"{grow}từ {n(Fraction(0))} trở lên"
    elif low is None and read.measure == "change":
        assert high is not None
        below = "không quá" if high_closed else "dưới"
        said = f"{below} {n(high)}" if high else "không tăng" if high_closed else "giảm"
    elif low is None:
        assert high is not None
        said = f"{grow}{'không quá' if high_closed else 'dưới'} {n(high)}"
    elif low == high:
        said = n(low)
    elif high is None:
        said = f"{grow}từ {n(low)} trở lên" if step.closed or step.low is None else f"{grow}trên {n(low)}"
    else:
        start = "từ" if step.closed or step.low is None else "trên"
        end = "dưới " if not high_closed else "không quá " if "/" in n(low) + n(high) else ""
        said = f"{grow}{start} {n(low)} đến {end}{n(high)}"
    award = (
        f"từ {_n(step.first)} tăng dần đến {_n(step.last)}"
        if rises and not _by_rate(read, low, high, step, maximum)
        else ""
    )
    if rises and not award:
        assert high is not None
        whole = maximum * high / step.last * 100
        return (
            f"{said[0].upper()}{said[1:]} thì điểm đánh giá được tính theo công thức: "
            f"(Tỷ lệ % đạt được x điểm tối đa)/{_n(whole)} %"
        )
    award = award or _n(step.first)
    return f"{said[0].upper()}{said[1:]}: {award}"


def _by_rate(read: Reading, low: Fraction | None, high: Fraction | None, step: Step, maximum: Fraction) -> bool:
    """Whether the points of a step are the rate times a number: what a formula says shorter, and exactly."""
    if read.measure != "share" or low is None or high is None or not step.last:
        return False
    if not is_decimal(maximum * high / step.last):
        return False  # the formula would divide by a fraction
    return step.first * high == step.last * low


def _n(x: Fraction | None) -> str:
    text = plain(x or Fraction(0)).replace(".", ",")
    return f"âm {text[1:]}" if text.startswith("-") else text


def _small(text: str) -> str:
    """Words in the middle of a sentence."""
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def _clean(label: str) -> str:
    return " ".join(label.replace(";", ",").split())
