"""Random evidence for every listed unit of a methodology, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from par_engine.api import Methodology
from par_engine.methodology.boundary_cases import probes
from par_engine.rules.base import Leaf


def evidence(methodology: Methodology, stage: str, seed: int = 0, gaps: float = 0.04) -> dict[str, Any]:
    """Every fact of every unit drawn from what its rules accept; a few left out."""
    draw = random.Random(seed)
    scheme = methodology.scheme
    accepted = {leaf.code: _by_points(methodology, leaf) for leaf in scheme.leaves}
    units = []
    for unit in methodology.document.units:
        facts: dict[str, Any] = {}
        for leaf in scheme.leaves:
            names = leaf.rule.facts()
            whole = draw.randint(20, 900)
            if leaf.rule.name != "survey" and draw.random() < gaps:
                continue
            if leaf.rule.name == "survey":
                fact = leaf.facts[0]
                design = methodology.document.surveys[fact.survey or ""]
                facts[names[0]] = {
                    g.id: {o.id: draw.randint(40, 90) // (1 + 4 * k) for k, o in enumerate(design.options)}
                    for g in design.groups
                }
            elif (
                len(names) == 2 and leaf.rule.name in ("ratio", "bands") and all(f.type == "count" for f in leaf.facts)
            ):
                part, whole_name = names if names[0].endswith("part") else names[::-1]
                facts |= {part: draw.randint(whole * 6 // 10, whole), whole_name: whole}
            elif accepted[leaf.code]:
                facts |= accepted[leaf.code][max(draw.randrange(len(accepted[leaf.code])) for _ in range(3))]
        units.append({"unit": unit.id, "facts": facts})
    return {"methodology": methodology.id, "stage": stage, "units": units}


def without_surveys(content: dict[str, Any], methodology: Methodology) -> dict[str, Any]:
    """The self-assessment of evidence: what its awaited streams need is not there yet."""
    streams = {stream.id for stream in methodology.document.streams if stream.awaited}
    rules = [item.rule for item in methodology.document.items if item.rule is not None and item.stream in streams]
    names = {name for rule in rules for name in rule.facts()}
    units = [
        {**unit, "facts": {name: value for name, value in unit["facts"].items() if name not in names}}
        for unit in content["units"]
    ]
    return {**content, "stage": "self-assessment", "units": units}


def _by_points(methodology: Methodology, leaf: Leaf) -> list[Mapping[str, Any]]:
    """What the rule of a leaf accepts at its edges, from the least points to the most."""
    facts = [p.facts for p in probes(methodology.scheme, leaf) if p.facts and not p.refused]
    facts = facts[: len(methodology.document.units)]
    if not facts:
        return []
    units = [{"unit": u.id, "facts": f} for u, f in zip(methodology.document.units, facts, strict=False)]
    found = methodology.assess({"methodology": methodology.id, "stage": "trial", "units": units})
    points = [found.at(row).item(leaf.code).points for row in range(len(facts))]
    return [facts[i] for i in sorted(range(len(facts)), key=lambda i: (points[i] or 0, i))]
