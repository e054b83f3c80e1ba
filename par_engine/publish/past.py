"""Older reports in the data of a page: what figures were, and where two years do not compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from par_engine.base.decimals import round_to
from par_engine.base.decimals import text as text_of
from par_engine.publish.facts import Pool
from par_engine.results.assessment import Assessment

Change = Mapping[str, Any]
"""One figure in an older report: `unit`, `code`, `old`, `change` (decimal text or None), `not_comparable` texts."""
Previous = Mapping[str, Any]
"""Older reports, compared: `periods` (methodology and `stage` of each, the oldest first, and `only`, names of units
that stand there alone), `moves` from the last of them (see `Change`), and `history`: by unit and code `shares` of the
maximum in each period and now, as decimal text or None, and `breaks`, why one does not compare with the next."""


def by_unit(moves: Sequence[Change]) -> dict[str, list[Change]]:
    """The figures of each unit, in their order."""
    out: dict[str, list[Change]] = {}
    for move in moves:
        out.setdefault(move["unit"], []).append(move)
    return out


def period(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a page shows of one older report."""
    title = said.get("title") or {"vi": said["id"], "en": said["id"]}
    kept = {key: said[key] for key in ("id", "stage", "fingerprint", "only")}
    return {**kept, "t": [title["vi"], title["en"]]}


def history(codes: Mapping[str, Any], keys: Sequence[str], reasons: Pool) -> dict[str, Any]:
    """By node: the shares in all periods, and from each to the next why they do not compare."""
    order = {key: str(i) for i, key in enumerate(keys)}
    return {
        order[code]: [one["shares"], [[reasons.add([why["vi"], why["en"]]) for why in edge] for edge in one["breaks"]]]
        for code, one in codes.items()
    }


def changes(moves: Sequence[Change], keys: Sequence[str], reasons: Pool, assessment: Assessment) -> dict[str, Any]:
    """By node: the older points, the change, and why the two do not compare."""
    order = {key: str(i) for i, key in enumerate(keys)}
    return {
        order[move["code"]]: [
            _shown(move["old"], assessment),
            _shown(move["change"], assessment),
            *(reasons.add([why["vi"], why["en"]]) for why in move["not_comparable"]),
        ]
        for move in moves
        if move["code"] in order
    }


def _shown(number: str | None, assessment: Assessment) -> str | None:
    """Points as they are printed; a small change is not printed as none."""
    if number is None:
        return None
    settings, exact = assessment.scheme.document.settings, Fraction(number)
    for digits in (settings.points_decimals, settings.leaf_decimals):
        rounded = round_to(exact, digits, settings.rounding)
        if rounded or not exact:
            return text_of(rounded, digits)
    return text_of(rounded, digits)
