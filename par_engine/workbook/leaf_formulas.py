"""Formulas of a leaf's row: what it is worth, what was attainable and what is missing, from its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from par_engine.base.decimals import common
from par_engine.methodology.model import TOTAL, Total
from par_engine.rules.base import Leaf
from par_engine.rules.survey import SurveyRule
from par_engine.scoring.tree_totals import alone_in
from par_engine.workbook import words
from par_engine.workbook.layout import Plan, letters, on
from par_engine.workbook.rule_formulas import LONGEST, Leafs, fits, formulas, quoted, rounded


@dataclass(frozen=True)
class Made:
    """The formulas of a row by column, `never` when its points cannot be shown while one types, and why: `note`."""

    cells: Mapping[str, str]
    never: bool = False
    note: str = ""


def leaf_row(plan: Plan, code: str, sheet: str) -> Made:
    """The formulas of a leaf's row."""
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
    if len(raw) > LONGEST:
        made, raw, note = None, '"?"', note or words.ELSEWHERE
    policy = item.missing or scheme.document.settings.missing
    raw_cell = own("raw")
    counts = f'OR(ISNUMBER({raw_cell}),{raw_cell}="m")' if policy == "zero" else f"ISNUMBER({raw_cell})"
    points, gate_x = gated(plan, item, f"IF(ISNUMBER({raw_cell}),{raw_cell},0)", sheet)
    power = 10**leaf.decimals
    lost = words.LOST[policy]
    unknown = ""
    if plan.stated:
        over = ",".join(f'{cell}<>""' for cell in _above(plan, code, sheet))
        unknown = f',{own("k")}=0,{own("n")}=""'
        counts = f"OR(ISNUMBER({own('n')}),AND({counts}{unknown}))"
        points = f"IF(ISNUMBER({own('n')}),{own('n')},{points})"
    unsure = f'IF({own("x")}=1,"?",IF({counts},{own("p")}/{power},""))'
    gap = {status: f'AND({raw_cell}="{status}"{unknown})' if unknown else f'{raw_cell}="{status}"' for status in "mp"}
    out = {
        "raw": raw,
        "p": points,
        "a": f"IF({counts},{leaf.top},0)",
        "m": f"IF({gap['m']},1,0)",
        "w": f"IF({gap['p']},1,0)",
        "na": f'IF({raw_cell}="n",1,0)',
        "b": f"IF({gap['m']},1,0)" if policy == "block" else "0",
        "x": f'IF(OR({raw_cell}="?",{raw_cell}="!"{gate_x}),1,0)',
        "points": unsure,
        "result": (
            f'IF({raw_cell}="!",{quoted(words.INVALID)},IF({own("x")}=1,{quoted(note or words.ELSEWHERE)},'
            f"IF({gap['m']},{quoted(lost)},IF({gap['p']},{quoted(words.AWAITED)},"
            f'IF(OR({raw_cell}="m",{raw_cell}="p"),{quoted(words.WITHIN)},'
            f'IF({raw_cell}="n",{quoted(words.NOT_APPLICABLE)},""))))))'
        ),
    }
    if made:
        out |= {name: text for name in ("u", "v", "size", "band") if (text := getattr(made, name))}
    if plan.stated:
        top = leaf.top
        gone = f'OR({raw_cell}="m",{raw_cell}="p")'
        out["n"] = f'IF({gone},{_given(plan, code, sheet)},"")'
        out["k"] = f'IF(AND({gone},{own("n")}="",OR({over})),1,0)'
        out |= {"room": f"{own('k')}*{top}", "shut": f'IF({raw_cell}="n",{top},0)'}
        out["parts"] = f"IF(ISNUMBER({own('n')}),1,0)"
    return Made(out, made is None, note)


def _given(plan: Plan, code: str, sheet: str) -> str:
    """The points of the nearest stated figure of which a leaf is all; "" where there is none."""
    scheme = plan.scheme
    settings = scheme.document.settings
    unit = 10 ** (settings.leaf_decimals - settings.stated_decimals)
    out = '""'
    for key in reversed(alone_in(scheme, code)):
        cell = plan.ref(key if key.startswith("stream:") else f"item:{key}", "n", sheet)
        out = f"IF(ISNUMBER({cell}),{cell}*{unit},{out})"
    return out


def _above(plan: Plan, code: str, sheet: str) -> list[str]:
    """The cells whose stated points stand for a leaf: those of its parents, the total and its stream."""
    scheme, found, parent = plan.scheme, [], plan.scheme.items[code].parent
    while parent is not None:
        found.append(plan.ref(f"item:{parent}", "stated", sheet))
        parent = scheme.items[parent].parent
    found.append(plan.ref(f"item:{TOTAL}", "stated", sheet))
    stream = scheme.items[code].stream
    if scheme.plain and stream is not None and code in scheme.stream_leaves[stream]:
        found.append(plan.ref(f"stream:{stream}", "stated", sheet))
    return found


def _status(plan: Plan, leaf: Leaf, typed: list[str | None], points: str, sheet: str) -> str:
    """The rule's formula where all facts are there and nothing is declared instead, else why there are no points."""
    scheme = plan.scheme
    chain = [leaf.code]
    while (parent := scheme.items[chain[-1]].parent) is not None:
        chain.append(parent)
    declared = [(code, plan.ref(f"item:{code}", "outcome", sheet)) for code in sorted(chain, reverse=True)]
    awaited = {stream.id for stream in scheme.document.streams if stream.awaited}
    absent = '"p"' if scheme.items[leaf.code].stream in awaited else '"m"'
    wrong, here, far = [], [], []
    for key, fact, survey in zip(typed, leaf.facts, leaf.surveys, strict=True):
        if key is None:
            continue
        if fact.type == "ballots" and survey is not None:
            cells = _block(plan, leaf, key, sheet)
            wrong.append(f'COUNTIF({cells},"!")>0')
            here.append(f"COUNT({cells})>0")
        else:
            cell = plan.ref(key, "n", sheet)
            wrong.append(f'{cell}="!"')
            here.append(f'{cell}<>""')
            far.append(f'{cell}="?"')
    if far:
        points = f'IF({_of("OR", far)},"?",{points})'
    out = f"IF({_of('AND', here)},{points},{absent})" if None not in typed else '"?"'
    for _, cell in reversed(declared):
        pending, missing = (quoted(words.OUTCOMES[o]) for o in ("pending", "missing"))
        out = f'IF({cell}={pending},"p",IF({cell}={missing},"m",{out}))'
    never = quoted(words.OUTCOMES["not_applicable"])
    away = [f"{cell}={never}" for _, cell in declared] + [f"{cell}=1" for cell in _beside(plan, leaf.code, sheet)]
    out = f'IF({_of("OR", away)},"n",{out})'
    return f'IF({_of("OR", wrong)},"!",{out})' if wrong else out


def _beside(plan: Plan, code: str, sheet: str) -> list[str]:
    """The cells that say of items whose bonus or penalty a leaf is, or is part of, that they do not apply."""
    scheme, found, roles, at = plan.scheme, [], set(), code
    while at != TOTAL:
        roles.add(scheme.items[at].role)
        at = scheme.items[at].parent or TOTAL
        if "check" in roles:
            break
        if roles & {"bonus", "penalty"} and f"item:{at}" in plan.at:
            found.append(plan.ref(f"item:{at}", "na", sheet))
    return found


def _of(function: str, tests: list[str]) -> str:
    """AND or OR of any number of tests; Excel takes 255 in one."""
    groups = [",".join(tests[i : i + 200]) for i in range(0, len(tests), 200)]
    return f"{function}({groups[0] if len(groups) == 1 else ','.join(f'{function}({group})' for group in groups)})"


def _block(plan: Plan, leaf: Leaf, first: str, sheet: str) -> str:
    """The range of the whole numbers of a question's ballots."""
    survey = leaf.surveys[0]
    assert survey is not None
    home, row = plan.at[first]
    at = plan.columns(home)
    left, right = (letters(at[f"n:{option.id}"]) for option in (survey.options[0], survey.options[-1]))
    return on(home, f"${left}${row + 1}:${right}${row + len(survey.groups)}", sheet)


def ballots_row(plan: Plan, key: str, sheet: str) -> Mapping[str, str]:
    """The formulas beside the first ballots of a group: u earned shares, v ballots, size and band the sum so far.

    The sum of the groups' fractions is kept as one fraction over a growing denominator, as the engine does.
    """
    _, code, fact_id, group_id = key.split(":")
    fact = plan.scheme.document.facts[fact_id]
    assert fact.survey is not None
    design = plan.scheme.document.surveys[fact.survey]
    shares, _ = common([option.share for option in design.options])
    weights, _ = common([group.weight for group in design.groups])
    g = [group.id for group in design.groups].index(group_id)

    def at(group: int, option: int, column: str) -> str:
        name = f"ballots:{code}:{fact_id}:{design.groups[group].id}"
        return plan.ref(name, f"n:{design.options[option].id}" if column == "n" else column, sheet)

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
    last = f"{key.rpartition(':')[0]}:{survey.groups[-1].id}"
    num, den = plan.ref(last, "size", sheet), plan.ref(last, "band", sheet)
    _, share_den = common([option.share for option in survey.options])
    weights, _ = common([group.weight for group in survey.groups])
    q = share_den * (1 if survey.combine == "pooled" else sum(weights))
    u, v, size = own("u"), own("v"), own("size")
    mode = plan.scheme.document.settings.rounding
    return Leafs(f'IF({den}=0,"p",{rounded(u, v, size, mode)})', f"{2 * leaf.top}*{num}", f"{q}*{den}", f"{u}+2*{v}")


def gated(plan: Plan, item: Total, points: str, sheet: str) -> tuple[str, str]:
    """Points under the gates of an item, and the tests that make them uncertain."""
    scheme, unsure = plan.scheme, ""
    for gate in item.gates:
        key = f"item:{gate.item}"
        if key not in plan.at:
            return points, ",TRUE"
        p, a, w, x = (plan.ref(key, column, sheet) for column in ("p", "a", "w", "x"))
        known = f",{plan.ref(key, 'k', sheet)}=0" if plan.stated else ""
        fails = f"AND({a}>0,{w}=0{known},{p}<{scheme.least(gate.below)})"
        points = f"IF({fails},MIN({points},{scheme.scaled(gate.cap)}),{points})"
        unsure += f",{x}=1"
    return points, unsure
