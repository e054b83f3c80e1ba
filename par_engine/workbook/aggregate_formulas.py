"""Formulas of rows that are the sum or mean of others, of streams, and of the total that both must agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from par_engine.base.decimals import common
from par_engine.base.types import Fact
from par_engine.methodology.model import TOTAL, Item
from par_engine.methodology.scheme import Scheme
from par_engine.workbook import words
from par_engine.workbook.layout import FIRST, SUMMARY, TREE, Plan, letters, on
from par_engine.workbook.leaf_formulas import Made, gated
from par_engine.workbook.rule_formulas import fits, near, number, quoted, rounded

_MOST = 250
"""Children of one item whose figures fit in one function of Excel, which takes 255."""
_FIGURES = ("p", "a", "m", "w", "na", "b")


def inner_row(plan: Plan, code: str, sheet: str, key: str = "") -> Made:
    """The formulas of a row that is the aggregate of others; `key` when it is not the item's own row."""
    scheme, key = plan.scheme, key or f"item:{code}"
    inner = scheme.inner_by_code[code]
    items = [scheme.items[child] for child in inner.children if scheme.items[child].role != "check"]

    def own(column: str) -> str:
        return plan.ref(key, column, sheet)

    if any(f"item:{item.code}" not in plan.at for item in items):
        zeros = dict.fromkeys(_FIGURES, "0")
        return Made({**zeros, "x": "1", "points": '""', "result": quoted(words.OTHERS)}, never=True)
    normal = [item for item in items if item.role is None]

    def of(chosen: Sequence[Item], column: str) -> list[str]:
        return [plan.ref(f"item:{child.code}", column, sheet) for child in chosen]

    extra = "".join(
        ("-" if item.role == "penalty" else "+") + plan.ref(f"item:{item.code}", "p", sheet)
        for item in items
        if item.role is not None
    )
    top = scheme.scaled(inner.item.max)
    out = {
        "a": "+".join(of(normal, "a")) or "0",
        "m": f"MAX({','.join(of(items, 'm'))})",
        "w": f"MAX({','.join(of(items, 'w'))})",
        "na": f"MIN({','.join(of(normal, 'na'))})" if normal else "1",
        "b": f"MAX({','.join(of(items, 'b'))})",
    }
    if plan.stated:
        out["k"] = f"MAX({','.join(of(items, 'k'))})"
        out |= {name: "+".join(of(items, name)) or "0" for name in ("room", "parts")}
        out["shut"] = "+".join(of(normal, "shut")) or "0"
    unsure = f"MAX({','.join(of(items, 'x'))})=1"
    points = "+".join(of(normal, "p")) or "0"
    if inner.aggregate != "sum":
        out |= _mean(scheme, [(i.weight or Fraction(0)) for i in normal], of(normal, "p"), of(normal, "a"), top, own)
        points, unsure = f"N({own('raw')})", f'{unsure},{own("raw")}="?"'
        out["a"] = f"IF({'+'.join(of(normal, 'a'))}>0,{top},0)"
        if plan.stated:
            out |= {"room": f"{out['k']}*{top}", "shut": f"{out['na']}*{top}"}
    points = f"MAX(0,{points}{extra})"
    if inner.item.cap == "attainable":
        points = f"MIN({points},{out['a']})"
    elif isinstance(inner.item.cap, Fraction):
        points = f"MIN({points},{scheme.scaled(inner.item.cap)})"
    points, gates = gated(plan, inner.item, points, sheet)
    counts = f"{out['a']}+{out['k']}" if plan.stated else out["a"]  # a bonus counts beside parts that count
    out["p"] = f"IF({counts}>0,{points},0)"
    never = len(items) > _MOST or not fits(*out.values())
    if never:
        unsure, out = "TRUE", dict.fromkeys(_FIGURES + (words.STATING if plan.stated else ()), "0")
    out["x"] = f"IF(OR({unsure}{gates}),1,0)"
    if plan.stated:
        cell = plan.ref(f"item:{code}", "stated", sheet)
        out = _stated(scheme, out, cell, inner.item.max, own)
    return Made(out | _shown(scheme, own, stated=plan.stated, total=code == TOTAL), never)


def _shown(scheme: Scheme, own: object, *, stated: bool, total: bool = False) -> dict[str, str]:
    """The points and the words of an aggregate, from its figures."""
    assert callable(own)
    power = 10**scheme.document.settings.leaf_decimals
    gone = f"OR({own('b')}=1,{own('k')}=1)" if stated else f"{own('b')}=1"
    # what is inside stated points is not missing; but a total that no stated points give is
    missing = f"OR({own('m')}=1,{own('k')}=1)" if stated and total else f"{own('m')}=1"
    within = f'IF({own("k")}=1,{quoted(words.WITHIN)},"")' if stated and not total else '""'
    points = f'IF({own("x")}=1,"?",IF({gone},"",IF({own("a")}>0,{own("p")}/{power},"")))'
    result = (
        f"IF({own('na')}=1,{quoted(words.NOT_APPLICABLE)},"
        f"IF({missing},{quoted(words.SOME_MISSING)},IF({own('w')}=1,{quoted(words.SOME_AWAITED)},{within})))"
    )
    if stated:
        result = f'IF({own("apart")}="?",{quoted(words.UNCOMPARED)},{result})'
    result = f"IF({own('x')}=1,{quoted(words.ABOVE)},{result})"
    if stated:
        result = f'IF({own("n")}="!",{quoted(words.INVALID)},IF({own("apart")}=1,{quoted(words.DIFFERS)},{result}))'
    return {"points": points, "result": result}


def _stated(scheme: Scheme, parts: Mapping[str, str], cell: str, maximum: Fraction, own: object) -> dict[str, str]:
    """The figures of a row in which stated points stand for the parts, and whether the two agree: "?" if unsure."""
    assert callable(own)
    settings = scheme.document.settings
    unit = 10 ** (settings.leaf_decimals - settings.stated_decimals)
    n, q, room = own("n"), own("q"), parts["room"]
    fact = Fact.model_construct(type="decimal", decimals=settings.stated_decimals, min=Fraction(0), max=maximum)
    out = {name: text for name, text in parts.items() if name not in (*_FIGURES, "x", "k", "room", "parts")}
    off = f'OR({n}="",{own("na")}=1)'  # stated points of what does not apply count nothing
    out |= {"n": number(cell, fact), "q": parts["p"], "p": f"IF(AND(ISNUMBER({n}),{own('na')}=0),{n}*{unit},{q})"}
    out["a"] = f"IF({off},{parts['a']},{scheme.scaled(maximum)}-{own('shut')})"
    for name in ("m", "w", "b", "k", "room"):
        out[name] = f"IF({off},{parts[name]},0)"
    out["na"] = parts["na"]
    out["parts"] = f"IF({off},{parts['parts']},1)"
    out["x"] = f'IF({n}="!",1,IF({off},{parts["x"]},0))'
    away = _apart(f"{n}*{unit}", q, f"({room})", f"({parts['parts']}+1)*{unit}")
    out["apart"] = f'IF(ISNUMBER({n}),IF({parts["x"]}=1,"?",{away}),0)'
    return out


def _apart(figure: str, low: str, room: str, tolerance: str) -> str:
    """1 where a figure is farther from its parts than rounding explains, else 0."""
    return f"IF(2*MAX({low}-{figure},{figure}-{low}-{room})>{tolerance},1,0)"


def stream_row(plan: Plan, i: int) -> Made:
    """The formulas of a stream's row on the summary: the sum of its leaves, by the number that each row carries."""
    scheme = plan.scheme
    stream = scheme.document.streams[i]
    leaves = scheme.stream_leaves[stream.id]

    def own(column: str) -> str:
        return plan.ref(f"stream:{stream.id}", column, SUMMARY)

    def of(column: str) -> str:
        found = []
        for sheet in plan.sheets:
            if not sheet.survey:
                by, what = (
                    on(sheet.name, f"${c}${FIRST + 1}:${c}${FIRST + len(sheet.rows)}", SUMMARY)
                    for c in (letters(words.AT["stream"]), letters(words.AT[column]))
                )
                found.append(f"SUMIF({by},{i + 1},{what})")
        return "+".join(found) or "0"

    out = {name: of(name) for name in ("p", "a", *(("room", "shut", "parts") if plan.stated else ()))}
    out |= {name: f"IF({of(name)}>0,1,0)" for name in ("m", "w", "b", "x", *(("k",) if plan.stated else ()))}
    out["na"] = f"IF({of('na')}={len(leaves)},1,0)"
    never = not fits(*out.values())
    if never:
        out = dict.fromkeys((*_FIGURES, *(words.STATING if plan.stated else ())), "0") | {"x": "1"}
    if plan.stated:
        cell = own("stated") if scheme.plain else '""'
        out = _stated(scheme, out, cell, stream.max, own)
    return Made(out | _shown(scheme, own, stated=plan.stated), never)


def total_row(plan: Plan) -> Mapping[str, Made]:
    """The formulas of the total by the keys of its rows: as the fields give it, else as the streams do."""
    key, scheme = f"item:{TOTAL}", plan.scheme
    if not (plan.stated and scheme.plain):
        return {key: inner_row(plan, TOTAL, SUMMARY)}
    inner = inner_row(plan, TOTAL, SUMMARY, TREE)
    streams = [f"stream:{stream.id}" for stream in scheme.document.streams]

    def of(column: str) -> list[str]:
        return [plan.ref(name, column, SUMMARY) for name in streams]

    def own(column: str, row: str = key) -> str:
        return plan.ref(row, column, SUMMARY)

    settings = scheme.document.settings
    unit = 10 ** (settings.leaf_decimals - settings.stated_decimals)
    take = f"AND({own('k', TREE)}=1,MAX({','.join(of('k'))})=0)"
    sums = {name: "+".join(of(name)) for name in ("p", "a", "room", "shut", "parts")}
    sums |= {name: f"MAX({','.join(of(name))})" for name in ("m", "w", "b", "k", "x")}
    sums["na"] = f"MIN({','.join(of('na'))})"
    out = {name: f"IF({take},{text},{own(name, TREE)})" for name, text in sums.items()}
    out["n"] = own("n", TREE)
    room = f"({sums['room']})"
    away = _apart(own("p", TREE), f"({sums['p']})", room, f"({sums['parts']}+{own('parts', TREE)})*{unit}")
    tree, meet = own("apart", TREE), f"AND({sums['parts']}>0,{own('k', TREE)}=0)"
    met = f'IF(OR({own("x", TREE)}=1,{sums["x"]}=1),"?",MAX({tree},{away}))'
    out["apart"] = f'IF({tree}="?","?",IF({meet},{met},{tree}))'
    return {TREE: inner, key: Made(out | _shown(scheme, own, stated=True, total=True), inner.never)}


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
    unknown = f",{plan.ref(f'item:{TOTAL}', 'k', sheet)}=1" if plan.stated else ""
    return f'IF({x}=1,"?",IF(OR({b}=1{unknown},{a}=0),"",IFERROR(({points})/{power},"?")))'
