"""Proof: what can be shown of a scheme without evidence: its faults, and the claims that hold, proved or sampled."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from par_engine.authoring.checks import Found, faults, places
from par_engine.authoring.reachability import maximum
from par_engine.base.problems import ParError, Problem, own_problem
from par_engine.base.types import Ballots, Text, Value
from par_engine.methodology.scheme import Scheme
from par_engine.rules.bands import Bands
from par_engine.rules.base import Leaf
from par_engine.rules.boundaries import Values, bounds
from par_engine.rules.own import Own

_SAMPLES = 300
_REFUTED_BY = {
    "monotone": {"not-monotone"},
    "reachable": {"unreachable-maximum", "exceeded"},
    "bands": {"unreachable-band"},
    "sourced": {"unsourced", "idle", "dead-lineage"},
}


@dataclass(frozen=True)
class Claim:
    """One thing that holds everywhere; `count` says of how many places it was shown."""

    code: str
    how: Literal["proved", "sampled"]
    count: int
    text: Text

    def as_dict(self) -> dict[str, object]:
        """The claim as JSON."""
        return {"code": self.code, "how": self.how, "count": self.count, "text": self.text.model_dump()}


@dataclass(frozen=True)
class Proof:
    """The faults found, by place, and the claims that hold when there is none."""

    problems: tuple[Problem, ...]
    claims: tuple[Claim, ...]


def prove(scheme: Scheme, known: Collection[str] | None = None) -> Proof:
    """Look for every fault of a scheme that loads; `known` are the ids that lineage may name, None for any.

    Loading has already proved what `par_engine.methodology.cross_checks` demands: sums, bands, references. Where a
    claim rests on trying values instead of on all of them, it says `sampled`.
    """
    own, tried = _own(scheme)
    found = [*faults(scheme, known), *own]
    problems = [
        own_problem(scheme.label, at, code, what, hint, "error", vi, hint_vi)
        for at, code, what, hint, vi, hint_vi in found
    ]
    broken = {problem.code for problem in problems}
    claims = (c for c in _claims(scheme, tried) if c.count and not broken & _REFUTED_BY.get(c.code, {c.code}))
    return Proof(ParError(problems).problems, tuple(claims))


def _own(scheme: Scheme) -> tuple[list[Found], int]:
    """What a plugin's own rules answer at the ends of their facts, zeros among them."""
    at, found, tried = places(scheme), list[Found](), 0
    for leaf in scheme.leaves:
        if not isinstance(leaf.rule, Own):
            continue
        for values in _grid(leaf):
            tried += 1
            try:
                leaf.rule.call(scheme.functions[leaf.rule.name], values, leaf.maximum)
            except ParError as error:
                what = error.problems[0].what
                hint, vi = "repair the function, or narrow the facts' range", f"quy tắc riêng có lỗi: {what}"
                found.append((at[leaf.code] + "/rule", "own-rule", what, hint, vi, "sửa hàm, hoặc thu hẹp phạm vi"))
                break
    return found, tried


def _grid(leaf: Leaf) -> Iterator[Values]:
    choices: list[list[Value]] = []
    for fact, survey in zip(leaf.facts, leaf.surveys, strict=True):
        if survey is not None:
            width, n = len(survey.options), len(survey.groups)
            rows = [tuple(int(i == j) for i in range(width)) for j in range(width)]
            choices.append([Ballots((row,) * n, survey) for row in rows])
        elif not fact.numeric:
            choices.append([True, False] if fact.type == "boolean" else [o.id for o in fact.options or ()])
        else:
            least, most = bounds(fact)
            step = Fraction(1, 10**fact.scale)
            ends = [least, least + step, least + 2 * step]
            ends += [least + 1000, least + 10**9] if most is None else [most - step, most]
            choices.append([x for x in dict.fromkeys(ends) if x >= least and (most is None or x <= most)])
    total = math.prod(len(choice) for choice in choices)
    for k in range(min(total, _SAMPLES)):
        n, values = (k if total <= _SAMPLES else k * total // _SAMPLES), list[Value]()
        for choice in choices:
            n, i = divmod(n, len(choice))
            values.append(choice[i])
        yield tuple(values)


def _claims(scheme: Scheme, tried: int) -> Iterator[Claim]:
    doc = scheme.document
    own = [leaf for leaf in scheme.leaves if isinstance(leaf.rule, Own)]
    core = [leaf for leaf in scheme.leaves if not isinstance(leaf.rule, Own)]
    open_ = [leaf for leaf in core if maximum(leaf) is None]
    bands = [leaf for leaf in core if isinstance(leaf.rule, Bands)]
    shares = [leaf for leaf in core if getattr(leaf.rule, "whole_zero", None) is not None]
    cited = 1 + len(doc.items) + len(doc.streams) + len(doc.surveys)
    worded = [item for item in doc.items if item.rule_text is not None]
    yield _claim("sums", len(scheme.inner) + len(doc.streams), "maxima add up", "điểm tối đa cộng khớp")
    yield _claim(
        "reachable", len(core) - len(open_), "the maximum is reached, never exceeded", "đạt được, không vượt tối đa"
    )
    yield _claim(
        "bands", len(bands), "bands meet, each can be reached", "các khoảng liền nhau, khoảng nào cũng có thể đạt"
    )
    yield _claim("monotone", len(bands), "points only rise or only fall", "điểm chỉ tăng hoặc chỉ giảm")
    yield _claim("division", len(shares), "a whole of 0 has a declared worth", "mẫu số bằng 0 đã có quy định")
    yield _claim("sourced", cited, "every number says where it is from", "con số nào cũng nêu căn cứ")
    yield _claim("rule-text", len(worded), "the words name the rule's numbers", "câu chữ nêu đủ các con số của quy tắc")
    if open_:
        en, vi = "nothing tried refutes that the maximum is reached", "chưa thấy phản chứng về điểm tối đa"
        yield _claim("reachable", len(open_), en, vi, sampled=True)
    if own:
        en = f"own rules stay between 0 and the maximum, {tried} inputs tried"
        vi = f"quy tắc riêng nằm trong khoảng 0 đến tối đa, đã thử {tried} bộ số liệu"
        yield _claim("own-rule", len(own), en, vi, sampled=True)


def _claim(code: str, count: int, en: str, vi: str, *, sampled: bool = False) -> Claim:
    return Claim(code, "sampled" if sampled else "proved", count, Text(vi=vi, en=en))
