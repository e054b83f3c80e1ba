"""Formulas of one leaf: typed cells to whole numbers, and rules to points, as exact as doubles can prove or not at all.

All numbers are whole and scaled as in the engine. Below `EXACT` every product, sum, comparison and quotient of them
means the same to Excel, LibreOffice and the engine. Above it a result is shown only when its distance from the next
edge is far beyond what doubles can be wrong by; otherwise the cell says that `par score` has to compute it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from par_engine.base.decimals import Rounding, common, scale
from par_engine.base.types import Fact
from par_engine.rules.bands import Bands
from par_engine.rules.base import Leaf
from par_engine.rules.checklist import Checklist
from par_engine.rules.choice import Choice
from par_engine.rules.deduction import Deduction
from par_engine.rules.given import Given
from par_engine.rules.ratio import Ratio
from par_engine.rules.tally import Tally
from par_engine.workbook.words import NO, YES

EXACT = 10**14
LONGEST = 7000
_DIGITS = re.compile(r"[0-9]{16}")
_SURE = "1E-12"
_ZERO = {"zero": "0", "missing": '"m"', "not_applicable": '"n"'}


@dataclass(frozen=True)
class Leafs:
    """The formulas of a leaf's row without their `=`: `raw` is points, or "m", "p", "n", "!" (wrong), "?" (unsure)."""

    raw: str
    u: str = ""
    v: str = ""
    size: str = ""
    band: str = ""


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def number(cell: str, fact: Fact) -> str:
    """A typed number as a whole number of the fact's scale; "!" when it cannot be one, "?" beyond what is exact.

    A double is the nearest one to the decimal that was typed, so below 10**14 the product is off by less than 1/40.
    """
    power = 10**fact.scale
    product = cell if power == 1 else f"{cell}*{power}"
    least = int((fact.min or Fraction(0)) * power)
    most = None if fact.max is None else int(fact.max * power)
    tests = [f"ABS({product}-ROUND({product},0))<=0.000001+ABS({product})*1E-15", f"ROUND({product},0)>={least}"]
    if most is not None and most < EXACT:
        tests.append(f"ROUND({product},0)<={most}")
    inside = f'IF(AND({",".join(tests)}),ROUND({product},0),"!")'
    large = f'IF(ABS({product})>={EXACT},"?",{inside})'
    return f'IF({cell}="","",IF(ISNUMBER({cell}),{large},IF(LEN({cell})>15,"?","!")))'


def ballot(cell: str) -> str:
    """A typed count of ballots."""
    inside = f'IF(AND({cell}=ROUND({cell},0),{cell}>=0,{cell}<={10**9}),{cell},"!")'
    return f'IF({cell}="","",IF(ISNUMBER({cell}),{inside},"!"))'


def boolean(cell: str) -> str:
    """A typed yes or no as 1 or 0."""
    yes, no = (
        ",".join(f"{cell}={quoted(w)}" for w in words) for words in ((YES, "x", "yes", "true"), (NO, "no", "false"))
    )
    return f'IF({cell}="","",IF(ISLOGICAL({cell}),IF({cell},1,0),IF(OR({yes}),1,IF(OR({no}),0,"!"))))'


def option(cell: str, labels: str) -> str:
    """A typed option as its number from 0; `labels` is the range of all labels."""
    first = labels.split(":")[0]
    found = f"SUMPRODUCT(({labels}={cell})*(ROW({labels})-ROW({first})))"
    return f'IF({cell}="","",IF(SUMPRODUCT(--({labels}={cell}))=1,{found},"!"))'


def rounded(u: str, v: str, size: str, mode: Rounding) -> str:
    """u / (2 v) rounded to a whole number; exact while `size` is below `EXACT`, else only where it is beyond doubt."""
    if mode == "half_even":
        up = f"INT(({u}+{v})/(2*{v}))"
        exact = f"{up}-IF(AND({up}*2*{v}={u}+{v},{up}-2*INT({up}/2)=1),1,0)"
    else:
        add = {"half_up": f"+{v}", "half_down": f"+{v}-1", "up": f"+2*{v}-1", "down": ""}[mode]
        exact = f"INT(({u}{add})/(2*{v}))"
    return f"IF({size}<{EXACT},{exact},{near(u, v, f'{size}/{v}', mode)})"


def near(u: str, v: str, size: str, mode: Rounding) -> str:
    """The same of inexact doubles: "?" unless the next edge is farther than `size` times what they can be wrong by."""
    x = f"{u}/(2*{v})"
    if mode in ("up", "down"):
        apart, whole = f"ABS({x}-ROUND({x},0))", f"INT({x})" + ("+1" if mode == "up" else "")
    else:
        apart, whole = f"ABS({x}-INT({x})-0.5)", f"INT({x}+0.5)"
    return f'IF({apart}>{size}*{_SURE}+1E-9,{whole},"?")'


def formulas(leaf: Leaf, facts: Sequence[str], cells: Sequence[str], mode: Rounding) -> Leafs | None:
    """The formulas of a core rule but `survey`; None when it is the plugin's own, or too long for a cell.

    `facts` are the cells with the leaf's whole numbers, `cells` its own helpers u, v, size and band.
    """
    made = _made(leaf, facts, cells, mode)
    return made if made is not None and fits(made.raw, made.u, made.v, made.size, made.band) else None


def fits(*parts: str) -> bool:
    """Whether Excel takes formulas as they are: not too long, and no constant of more digits than it reads."""
    return all(len(part) <= LONGEST and not _DIGITS.search(part) for part in parts)


def _made(leaf: Leaf, f: Sequence[str], cells: Sequence[str], mode: Rounding) -> Leafs | None:
    rule, top, digits = leaf.rule, leaf.top, leaf.decimals
    u, v, size, _ = cells
    if isinstance(rule, Choice):
        fact = leaf.facts[0]
        ids = ["false", "true"] if fact.type == "boolean" else [o.id for o in fact.options or ()]
        if len(ids) > 250:
            return None
        return Leafs(f"CHOOSE({f[0]}+1,{','.join(str(scale(rule.points[i], digits)) for i in ids)})")
    if isinstance(rule, Checklist):
        ticks = (scale(p, digits) for p in rule.points.values())
        return Leafs("+".join(f"{p}*{cell}" for p, cell in zip(ticks, f, strict=True)))
    if isinstance(rule, Tally):
        each = rule.each * 10**digits
        if each.denominator == 1:
            return Leafs(f"MIN({top},{each}*{f[0]})")
        return _counted(top, 0, each, f[0], cells, mode)
    if isinstance(rule, Deduction):
        step, least = rule.step * 10**digits, scale(rule.floor, digits)
        if step.denominator == 1:
            return Leafs(f"MAX({least},{top}-{step}*{f[0]})")
        return _counted(least, top, -step, f[0], cells, mode)
    if isinstance(rule, Given):
        power = 10 ** leaf.facts[0].scale
        most = int(leaf.maximum * power)
        (up,), down = common([Fraction(10**digits, power)])
        points = rounded(u, v, size, mode)
        return Leafs(f'IF(OR({f[0]}<0,{f[0]}>{most}),"!",{points})', f"{2 * up}*{f[0]}", str(down), f"{u}+2*{v}")
    if isinstance(rule, Ratio):
        return _ratio(leaf, rule, f, cells, mode)
    return _bands(leaf, rule, f, cells, mode) if isinstance(rule, Bands) else None


def _counted(end: int, start: int, rate: Fraction, count: str, cells: Sequence[str], mode: Rounding) -> Leafs:
    """Points that begin at `start` and change by `rate`, which no whole number of scaled points is, until `end`."""
    u, v, size, _ = cells
    n, m = abs(rate.numerator), rate.denominator
    moved, far = f"{n}*{count}", str(m * abs(end - start))
    raw = f'IF({_unsure([(moved, far)])},"?",IF({moved}>={far},{end},{rounded(u, v, size, mode)}))'
    begin = f"{2 * m * start}-" if rate < 0 else ""
    return Leafs(raw, f"{begin}{2 * n}*{count}", str(m), f"{2 * m * start}+{2 * n}*{count}+2*{v}")


def _sides(leaf: Leaf, f: Sequence[str]) -> tuple[str, str]:
    """Numerator and denominator of a share in whole numbers."""
    shift = Fraction(10 ** leaf.facts[1].scale, 10 ** leaf.facts[0].scale)
    return _times(shift.numerator, f[0]), _times(shift.denominator, f[1])


def _times(k: int, cell: str) -> str:
    return cell if k == 1 else f"{k}*{cell}"


def _unsure(pairs: Sequence[tuple[str, str]]) -> str:
    """Whether a comparison of two amounts is too close to be decided in doubles."""
    tests = [f"AND(ABS({a})+ABS({b})>={EXACT},ABS({a}-({b}))<={_SURE}*(ABS({a})+ABS({b})))" for a, b in pairs]
    return f"OR({','.join(tests)})"


def _ratio(leaf: Leaf, rule: Ratio, f: Sequence[str], cells: Sequence[str], mode: Rounding) -> Leafs:
    u, v, size, _ = cells
    num, den = _sides(leaf, f)
    a, b = rule.full_at.denominator, rule.full_at.numerator
    factor = Fraction(leaf.top * a, b)
    floor = (_times(rule.floor.denominator, f"({num})"), _times(rule.floor.numerator, f"({den})"))
    full = (_times(a, f"({num})"), _times(b, f"({den})"))
    zero = str(leaf.top) if rule.whole_zero == "full" else _ZERO[rule.whole_zero]
    pairs = [full, floor] if rule.floor else [full]
    points = f"IF({full[0]}>={full[1]},{leaf.top},{rounded(u, v, size, mode)})"
    if rule.floor:
        points = f"IF({floor[0]}<{floor[1]},0,{points})"
    raw = f'IF({f[1]}=0,{zero},IF({_unsure(pairs)},"?",{points}))'
    if rule.over == "refuse":
        raw = f'IF({num}>{den},"!",{raw})'
    return Leafs(raw, f"{2 * factor.numerator}*({num})", f"{factor.denominator}*({den})", f"{u}+2*{v}")


def _bands(leaf: Leaf, rule: Bands, f: Sequence[str], cells: Sequence[str], mode: Rounding) -> Leafs | None:
    u, v, size, chosen = cells
    kind = rule.measure.kind
    num, den, unit = f[0], "1", Fraction(10 ** leaf.facts[0].scale)
    if kind != "fact":
        num, den = _sides(leaf, f)
        unit = Fraction(1)
    if kind == "change":
        num = f"({num}-{den})"
    if len(rule.bands) > 250:
        return None
    tests, pairs = [], []
    for band in rule.bands[1:]:
        bound = (band.lower or Fraction(0)) * unit
        pair = (_times(bound.denominator, num), f"{bound.numerator}*{den}")
        tests.append(f"IF({pair[0]}{'>' if band.above is not None else '>='}{pair[1]},1,0)")
        pairs.append(pair)
    lines = []
    for band in rule.bands:
        slope, constant = (x * 10**leaf.decimals for x in band.line())
        (a, c), q = common([slope / unit, constant])
        lines.append((2 * a, 2 * c, q))
    number_of = "+".join(["1", *tests])
    index = f'IF({_unsure(pairs)},"?",{number_of})' if pairs else "1"
    if all(a == 0 for a, _, _ in lines):
        raw = f"CHOOSE({chosen},{','.join(str(c // q // 2) for _, c, q in lines)})"
        out = Leafs(raw, band=index)
    else:
        top = [f"{a}*{num}+{c}*{den}" for a, c, _ in lines]
        sizes = [f"{abs(a)}*ABS({num})+{abs(c)}*{den}+2*{q}*{den}" for a, c, q in lines]
        out = Leafs(
            rounded(u, v, size, mode),
            f"CHOOSE({chosen},{','.join(top)})",
            f"CHOOSE({chosen},{','.join(f'{q}*{den}' for _, _, q in lines)})",
            f"CHOOSE({chosen},{','.join(sizes)})",
            index,
        )
    raw = out.raw
    if rule.whole_zero is not None:
        zero = str(leaf.top) if rule.whole_zero == "full" else _ZERO[rule.whole_zero]
        raw = f"IF({f[1]}=0,{zero},{raw})"
    if rule.over == "refuse":
        raw = f'IF({num}>{den},"!",{raw})'
    return Leafs(raw, out.u, out.v, out.size, out.band)
