"""Rows of scoring tables, written before the grammar was read: none is misread, most are read, no fault earns points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path

import pytest

pytest.importorskip("lark")

from annexes import shown

from par_engine.annex.readings import Doubt, Reading
from par_engine.annex.rule_reading import read_rule

ROWS = [
    [part.strip() for part in line.split(" | ")]
    for line in (Path(__file__).parents[1] / "corpus" / "annex" / "tables.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def read(lines: list[str], top: str) -> Reading | Doubt:
    return read_rule(lines, F(top.replace(",", ".")))


def parted(lines: str) -> list[str]:
    return [line.strip() for line in lines.split("¶")]


def test_none_is_misread_and_three_of_four_are_read() -> None:
    counts: Counter[str] = Counter()
    misread = []
    for top, lines, expected in ROWS:
        got, wanted = shown(read(parted(lines), top)), {_plain(one) for one in expected.split(" or ")}
        kind = "read" if _plain(got) in wanted - {"?"} else "asked" if got == "?" else "misread"
        counts[kind] += 1
        counts["only the author can say"] += wanted == {"?"}
        if kind == "misread":
            misread.append((lines, expected, got))
    print(dict(counts))  # noqa: T201  (for those who work on the grammar)
    assert misread == []
    assert len(ROWS) >= 300
    assert counts["read"] / len(ROWS) >= 0.75  # of all rows, also of those that only the author can say


def _plain(reading: str) -> str:
    """A reading without what makes no difference: more than 15 things are 16 of them; a choice has nothing below it."""
    if reading.startswith("number ") and "." not in reading.partition(";")[2].replace("0.", ""):
        reading = re.sub(r">(\d+) ", lambda found: f"{int(found[1]) + 1} ", reading)
    return reading.removesuffix("; below") if reading.startswith("choice") else reading


BLAME = ("Vi phạm", "Chậm", "Bị nhắc nhở", "Không nộp", "Để xảy ra khiếu kiện")
_AWARD = re.compile(r"(?<=: )(\d+(?:[.,]\d+)?)(?= ?(?:điểm|đ)?\s*(?:;|¶|$))")


def mutants(lines: str) -> Iterator[tuple[str, str]]:
    """One row of a table, a little wrong: a minus, words that take away or deny, a fault for a level, struck figures."""
    for found in _AWARD.finditer(lines):
        before, points, after = lines[: found.start()], found[1], lines[found.end() :]
        if F(points.replace(",", ".")) == 0:
            continue
        for sign in ("-", "− "):
            yield "minus", f"{before}{sign}{points}{after}"
        for words in ("mất", "bị trừ", "không được", "trừ toàn bộ", "trừ thêm", "cộng thêm"):
            yield words, f"{before.rstrip(': ')} {words} {points} điểm{after.removeprefix(' điểm')}"
        head = re.split(r"[;¶]", before)[-1]
        start = before[: len(before) - len(head)]
        for fault in BLAME:
            yield "blame", f"{start} {fault}: {points}{after}"
        yield "struck", f"{before}{points[0]}{points}{after}"
    for found in re.finditer(r"(?<![\d,])\d{2}%", lines):
        yield "struck", f"{lines[: found.start()]}80{lines[found.start() :]}"


def test_no_mutant_awards_a_fault() -> None:
    """What a mutant's own words take away or blame never earns the most, and no row more than its maximum."""
    awards, tried, asked = [], Counter[str](), 0
    for top, lines, _ in ROWS:
        maximum = F(top.replace(",", "."))
        for kind, text in mutants(lines):
            tried[kind] += 1
            found = read(parted(text), top)
            if isinstance(found, Doubt):
                asked += 1
                assert found.vi and found.en, text
            elif fault := faulty(kind, text, found, maximum):
                awards.append((kind, text, shown(found), fault))
    print(sum(tried.values()), "mutants,", asked, "asked,", len(awards), "awards for a fault;", dict(tried))  # noqa: T201
    assert awards == []
    assert sum(tried.values()) >= 4500


def faulty(kind: str, text: str, found: Reading, maximum: F) -> str:
    """What a reading awards against the words of a mutant; "" when it awards nothing for it."""
    if kind == "minus" and found.kind not in ("deduction",):
        return "points with a minus"
    if kind in ("mất", "bị trừ", "trừ toàn bộ", "trừ thêm", "không được"):
        lost = F(re.search(rf"{kind} (\d+(?:[.,]\d+)?)", text)[1].replace(",", "."))  # type: ignore[index]
        if found.kind == "deduction":
            return ""
        kept = maximum - lost
        label = re.split(r"[;¶]", text[: re.search(rf" {kind} \d", text).start()])[-1].strip(" -+")  # type: ignore[union-attr]
        for said, points in found.labels:
            if said.lower() == label.lower() and points > kept:
                return f"{said}: {points}"
        if kind.startswith("không") or kind.startswith("trừ"):
            return "denied points are read"
        return ""
    if kind == "blame":
        best = max((points for _, points in found.labels), default=F(0))
        for said, points in found.labels:
            if points > 0 and said.strip() in BLAME and (found.kind == "checklist" or points == best):
                return f"{said}: {points}"
        return "" if found.kind in ("choice", "deduction") else f"a fault beside {found.kind}"
    if kind == "cộng thêm" and found.kind != "tally":
        return "points on top"
    if kind == "struck" and any(s.low is not None and s.low > 2 for s in found.steps) and found.measure != "number":
        return "a share far above 100 %"
    tops = [s.last for s in found.steps] + [points for _, points in found.labels]
    return "more than the maximum" if max(tops, default=F(0)) > maximum else ""
