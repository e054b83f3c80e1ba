"""The stages of a round for those who publish it: each with the units that have come so far, the last with all."""

from fractions import Fraction
from pathlib import Path

from rounds import evidence, opened, write

from par_engine.base.decimals import short
from par_engine.publish.office import steady
from par_engine.round.round import Round


def points(*rows: tuple[str, str, str]) -> dict[str, object]:
    keys = ("unit", "item", "points")
    return {"methodology": "tiny", "points": [{**dict(zip(keys, row, strict=True)), "reason": "x"} for row in rows]}


def found(round_: Round, at: int | None = None) -> tuple[list[tuple[str, dict[str, str]]], frozenset[str]]:
    stages, waiting = round_.stages(at)
    return [
        (one.evidence.stage, {u.id: short(Fraction(u.item("1.1").points or 0)) for u in one.units}) for one in stages
    ], waiting


def test_stages_grow_with_the_round(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    round_.submit(write(tmp_path, "e.json", evidence("alpha", "beta")), "An", "first")
    own = ("self-assessment", {"alpha": "3", "beta": "3"})
    assert found(round_) == ([own], frozenset())
    round_.appraise(write(tmp_path, "a.json", points(("alpha", "1.1", "2"))), "Binh")
    assert found(round_) == ([own, ("appraisal", {"alpha": "2", "beta": "3"})], frozenset({"beta"}))
    round_.appraise(write(tmp_path, "f.json", points(("alpha", "1.1", "2.5"))), "Binh", final=True)
    last = ("final", {"alpha": "2.5", "beta": "3"})
    assert found(round_) == ([own, ("appraisal", {"alpha": "2"}), last], frozenset({"beta"}))
    round_.appraise(write(tmp_path, "b.json", points(("beta", "1.1", "1"))), "Binh")
    between = ("appraisal", {"alpha": "2", "beta": "1"})
    last = ("final", {"alpha": "2.5", "beta": "1"})
    assert found(round_) == ([own, between, last], frozenset({"beta"}))
    assert found(round_, 2) == ([own], frozenset())
    assert round_.stages()[0][-1].report() == round_.score().report()


def test_a_pdf_without_its_clock_keeps_every_place() -> None:
    mark = "0123456789ABCDEF" * 2

    def made(day: str, id: str, uuid: str) -> bytes:
        text = (
            f"%PDF-1.6\n/CreationDate(D:{day}Z')\n<xmp:CreateDate>2026-11-25T08:28:13Z</xmp:CreateDate>\n"
            f"uuid:{uuid}\n/ID [ <{id}>\n<{id}> ]\n/DocChecksum /{id}\n(stay {id} 2026)"
        )
        return text.encode()

    one = made("20261125082813", mark, "12345678-1234-1234-1234-123456789abc")
    two = made("20310101000000", mark[::-1], "87654321-4321-4321-4321-cba987654321")
    assert (
        steady(one).partition(b"(stay")[0]
        == steady(two.replace(mark[::-1].encode() + b" 2026", mark.encode() + b" 2026")).partition(b"(stay")[0]
    )
    assert len(steady(one)) == len(one) and steady(one) == steady(steady(one))
    assert b"D:20000101000000Z'" in steady(one) and b">2000-01-01T00:00:00Z<" in steady(one)
    assert steady(one).endswith(f"(stay {mark} 2026)".encode())
    assert steady(one.replace(b"2026)", b"2027)")) != steady(one)
