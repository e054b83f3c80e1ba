"""Formulas of rows: what an item is worth, what was attainable and what is missing, from its leaf or its children."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from par_engine.exact import common
from par_engine.model import TOTAL, Total
from par_engine.rules.base import Leaf
from par_engine.rules.survey import SurveyRule
from par_engine.scheme import Scheme
from par_engine.workbook import words
from par_engine.workbook.formulas import Leafs, fits, formulas, near, quoted, rounded
from par_engine.workbook.plan import Plan, letters

_MOST = 250
"""Children of one item whose figures fit in one function of Excel, which takes 255."""


def leaf_row(plan: Plan, code: str, sheet: str) -> Mapping[str, str]:
    """The formulas of a leaf's row by column, and `note` when its points cannot be shown while one types."""
    scheme = plan.scheme
    item, leaf = scheme.items[code], scheme.leaves[scheme.position[code]]

    def own(column: str) -> str:
        return plan.ref(f"item:{code}", column, sheet)

    typed = plan.facts_of(item)
    made, note = None, ""
    if None in typed:
        note = words.OTHERS
    else:
        keys = [key for key in typed if key is not None]
        if isinstance(leaf.rule, SurveyRule):
            made = _survey(plan, leaf, keys[0], sheet, own)
            made = made if fits(made.raw, made.u, made.v) else None
        else:
            cells = [own(c) for c in ("u", "v", "size", "band")]
            made = formulas(leaf, [plan.ref(k, "n", sheet) for k in keys], cells, scheme.document.settings.rounding)
        note = "" if made else words.OWN if "." in leaf.rule.name else words.ELSEWHERE
    raw = made.raw if made else '"?"'
    raw = f'IFERROR({_status(plan, leaf, typed, raw, sheet)},"?")'
    policy = item.missing or scheme.document.settings.missing
    raw_cell = own("raw")
    counts = f'OR(ISNUMBER({raw_cell}),{raw_cell}="m")' if policy == "zero" else f"ISNUMBER({raw_cell})"
    points, gate_x = _gated(plan, item, f"IF(ISNUMBER({raw_cell}),{raw_cell},0)", sheet)
    power = 10**leaf.decimals
    lost = {
        "zero": "Thiếu số liệu: 0 điểm",
        "exclude": "Thiếu số liệu: không tính vào tổng",
        "block": "Thiếu số liệu: chưa tính được tổng",
    }[policy]
    unsure = f'IF({own("x")}=1,"?",IF({counts},{own("p")}/{power},""))'
    out = {
        "raw": raw,
        "p": points,
        "a": f"IF({counts},{leaf.top},0)",
        "m": f'IF({raw_cell}="m",1,0)',
        "w": f'IF({raw_cell}="p",1,0)',
        "na": f'IF({raw_cell}="n",1,0)',
        "b": f'IF({raw_cell}="m",1,0)' if policy == "block" else "0",
        "x": f'IF(OR({raw_cell}="?",{raw_cell}="!"{gate_x}),1,0)',
        "points": unsure,
        "result": (
            f'IF({raw_cell}="!",{quoted(words.INVALID)},IF({own("x")}=1,{quoted(note or words.ELSEWHERE)},'
            f'IF({raw_cell}="m",{quoted(lost)},IF({raw_cell}="p",{quoted("Chờ kết quả")},'
            f'IF({raw_cell}="n",{quoted("Không áp dụng")},"")))))'
        ),
    }
    if made:
        out |= {name: text for name in ("u", "v", "size", "band") if (text := getattr(made, name))}
    return out


def _status(plan: Plan, leaf: Leaf, typed: list[str | None], points: str, sheet: str) -> str:
    """The rule's formula where all facts are there and nothing is declared instead, else why there are no points."""
    scheme = plan.scheme
    chain = [leaf.code]
    while (parent := scheme.items[chain[-1]].parent) is not None:
        chain.append(parent)
    declared = [(code, plan.ref(f"item:{code}", "outcome", sheet)) for code in sorted(chain, reverse=True)]
    awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
    absent = '"p"' if scheme.items[leaf.code].stream in awaited else '"m"'
    wrong, here = [], []
    for key, fact, survey in zip(typed, leaf.facts, leaf.surveys, strict=True):
        if key is None:
            continue
        if fact.type == "ballots" and survey is not None:
            cells = _block(plan, key, len(survey.groups) * len(survey.options), sheet)
            wrong.append(f'COUNTIF({cells},"!")>0')
            here.append(f"COUNT({cells})>0")
        else:
            cell = plan.ref(key, "n", sheet)
            wrong.append(f'{cell}="!"')
            here.append(f'{cell}<>""')
            points = f'IF({cell}="?","?",{points})'
    out = f"IF(AND({','.join(here)}),{points},{absent})" if None not in typed else '"?"'
    for _, cell in reversed(declared):
        pending, missing = (quoted(words.OUTCOMES[o]) for o in ("pending", "missing"))
        out = f'IF({cell}={pending},"p",IF({cell}={missing},"m",{out}))'
    never = quoted(words.OUTCOMES["not_applicable"])
    out = f'IF(OR({",".join(f"{cell}={never}" for _, cell in declared)}),"n",{out})'
    return f'IF(OR({",".join(wrong)}),"!",{out})' if wrong else out


def _block(plan: Plan, first: str, count: int, sheet: str) -> str:
    """The range of a ballots fact's whole numbers."""
    home, row = plan.at[first]
    column = letters(words.AT["n"])
    cells = f"${column}${row + 1}:${column}${row + count}"
    return cells if home == sheet else "'{}'!{}".format(home.replace("'", "''"), cells)


def ballots_row(plan: Plan, key: str, sheet: str) -> Mapping[str, str]:
    """The formulas beside the first ballots of a group: u earned shares, v ballots, size and band the sum so far.

    The sum of the groups' fractions is kept as one fraction over a growing denominator, as the engine does.
    """
    _, code, fact_id, group_id, _ = key.split(":")
    fact = plan.scheme.document.facts[fact_id]
    assert fact.survey is not None
    design = plan.scheme.document.surveys[fact.survey]
    shares, _ = common([option.share for option in design.options])
    weights, _ = common([group.weight for group in design.groups])
    g = [group.id for group in design.groups].index(group_id)

    def at(group: int, option: int, column: str) -> str:
        name = f"ballots:{code}:{fact_id}:{design.groups[group].id}:{design.options[option].id}"
        return plan.ref(name, column, sheet)

    earned = "+".join(f"{share}*N({at(g, o, 'n')})" for o, share in enumerate(shares))
    count = f"SUM({at(g, 0, 'n')}:{at(g, len(shares) - 1, 'n')})"
    u, v = at(g, 0, "u"), at(g, 0, "v")
    before = (at(g - 1, 0, "size"), at(g - 1, 0, "band")) if g else ("0", "1")
    if design.combine == "pooled":
        num, den = f"{before[0]}+{u}", f"{before[1]}+{v}" if g else v
    elif weights[g]:
        num, den = f"{before[0]}*{v}+{weights[g]}*{u}*{before[1]}", f"{before[1]}*{v}"
    else:
        num, den = before
    return {"u": earned, "v": count, "size": num, "band": den}


def _survey(plan: Plan, leaf: Leaf, key: str, sheet: str, own: object) -> Leafs:
    survey = leaf.surveys[0]
    assert survey is not None and callable(own)
    _, code, fact, _, _ = key.split(":")
    last = f"ballots:{code}:{fact}:{survey.groups[-1].id}:{survey.options[0].id}"
    num, den = plan.ref(last, "size", sheet), plan.ref(last, "band", sheet)
    _, share_den = common([option.share for option in survey.options])
    weights, _ = common([group.weight for group in survey.groups])
    q = share_den * (1 if survey.combine == "pooled" else sum(weights))
    u, v, size = own("u"), own("v"), own("size")
    mode = plan.scheme.document.settings.rounding
    return Leafs(f'IF({den}=0,"p",{rounded(u, v, size, mode)})', f"{2 * leaf.top}*{num}", f"{q}*{den}", f"{u}+2*{v}")


def _gated(plan: Plan, item: Total, points: str, sheet: str) -> tuple[str, str]:
    """Points under the gates of an item, and the tests that make them uncertain."""
    scheme, unsure = plan.scheme, ""
    for gate in item.gates:
        key = f"item:{gate.item}"
        if key not in plan.at:
            return points, ",TRUE"
        p, a, w, x = (plan.ref(key, column, sheet) for column in ("p", "a", "w", "x"))
        fails = f"AND({a}>0,{w}=0,{p}<{scheme.scaled(gate.below)})"
        points = f"IF({fails},MIN({points},{scheme.scaled(gate.cap)}),{points})"
        unsure += f",{x}=1"
    return points, unsure


def inner_row(plan: Plan, code: str, sheet: str) -> Mapping[str, str]:
    """The formulas of a row that is the aggregate of others."""
    scheme = plan.scheme
    inner, digits = scheme.inner_by_code[code], scheme.document.settings.leaf_decimals
    items = [scheme.items[child] for child in inner.children if scheme.items[child].role != "check"]

    def own(column: str) -> str:
        return plan.ref(f"item:{code}", column, sheet)

    if any(f"item:{item.code}" not in plan.at for item in items):
        zeros = dict.fromkeys(("p", "a", "m", "w", "na", "b"), "0")
        return {**zeros, "x": "1", "points": '""', "result": quoted(words.OTHERS)}
    normal = [item for item in items if item.role is None]

    def of(chosen: list[str], column: str) -> list[str]:
        return [plan.ref(f"item:{child}", column, sheet) for child in chosen]

    every, plain = [i.code for i in items], [i.code for i in normal]
    extra = "".join(
        ("-" if item.role == "penalty" else "+") + plan.ref(f"item:{item.code}", "p", sheet)
        for item in items
        if item.role is not None
    )
    out = {
        "a": "+".join(of(plain, "a")) or "0",
        "m": f"MAX({','.join(of(every, 'm'))})",
        "w": f"MAX({','.join(of(every, 'w'))})",
        "na": f"MIN({','.join(of(plain, 'na'))})" if plain else "1",
        "b": f"MAX({','.join(of(every, 'b'))})",
    }
    unsure = f"MAX({','.join(of(every, 'x'))})=1"
    points = "+".join(of(plain, "p")) or "0"
    if inner.aggregate != "sum":
        top = scheme.scaled(inner.item.max)
        out |= _mean(scheme, [(i.weight or Fraction(0)) for i in normal], of(plain, "p"), of(plain, "a"), top, own)
        points, unsure = f"N({own('raw')})", f'{unsure},{own("raw")}="?"'
        out["a"] = f"IF({'+'.join(of(plain, 'a'))}>0,{top},0)"
    points = f"MAX(0,{points}{extra})"
    if inner.item.cap == "attainable":
        points = f"MIN({points},{own('a')})"
    elif isinstance(inner.item.cap, Fraction):
        points = f"MIN({points},{scheme.scaled(inner.item.cap)})"
    points, gates = _gated(plan, inner.item, points, sheet)
    out["p"] = points
    if len(items) > _MOST or not fits(*out.values()):
        unsure, out = "TRUE", dict.fromkeys(("p", "a", "m", "w", "na", "b"), "0")
    out["x"] = f"IF(OR({unsure}{gates}),1,0)"
    out["points"] = f'IF({own("x")}=1,"?",IF({own("b")}=1,"",IF({own("a")}>0,{own("p")}/{10**digits},"")))'
    out["result"] = (
        f"IF({own('x')}=1,{quoted('Có mục chưa tính được ở đây')},IF({own('na')}=1,{quoted('Không áp dụng')},"
        f'IF({own("m")}=1,{quoted("Còn thiếu số liệu")},IF({own("w")}=1,{quoted("Còn chờ kết quả")},""))))'
    )
    return out


def _mean(
    scheme: Scheme, weights: list[Fraction], p: list[str], a: list[str], top: int, own: object
) -> Mapping[str, str]:
    """max × Σ weight × points / attainable ÷ Σ weight over what counts; "?" where doubles cannot tell the rounding."""
    assert callable(own)
    numbers, _ = common(weights)
    u, v = own("u"), own("v")
    parts = [f"IF({y}>0,{w}*{x}/MAX(1,{y}),0)" for w, x, y in zip(numbers, p, a, strict=True)]
    counted = [f"IF({y}>0,{w},0)" for w, y in zip(numbers, a, strict=True)]
    far = near(u, v, f"MAX(1,{u}/{v})", scheme.document.settings.rounding)
    full = f"AND({','.join(f'{x}={y}' for x, y in zip(p, a, strict=True))})"
    none = f"{'+'.join(p)}=0"
    return {
        "u": f"{2 * top}*({'+'.join(parts)})",
        "v": "+".join(counted),
        "raw": f'IF({v}=0,0,IF({full},{top},IF({none},0,IFERROR({far},"?"))))',
    }


def index_formula(plan: Plan, sheet: str) -> str:
    """The index as it is printed: 100 × points / attainable of the total."""
    settings = plan.scheme.document.settings
    p, a, b, x = (plan.ref(f"item:{TOTAL}", column, sheet) for column in ("p", "a", "b", "x"))
    power = 10**settings.index_decimals
    points = rounded(f"({200 * power}*{p})", a, f"({200 * power}*{p}+2*{a})", settings.rounding)
    return f'IF({x}=1,"?",IF(OR({b}=1,{a}=0),"",IFERROR(({points})/{power},"?")))'
