"""`par explain`: one figure back to what it rests on."""

from __future__ import annotations

from typing import Annotated

import typer

from par_engine.api import load
from par_engine.cli.evidence_input import assess
from par_engine.cli.options import EvidenceFile, Id, Input, Json, Lang, Stage, UnitNeeded
from par_engine.cli.output import print_json, say
from par_engine.cli.score import contradictions


def explain_command(
    evidence: EvidenceFile,
    methodology: Id,
    unit: UnitNeeded,
    item: Annotated[str, typer.Option("--item", "-i")] = "total",
    stage: Stage = None,
    input_format: Input = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Print a figure with its facts, rule, source and basis; 1 when the evidence contradicts itself."""
    assessment = assess(load(methodology), evidence, stage, lang, input_format)
    explanation = assessment.explain(unit, item)
    if json:
        print_json(explanation.data)
    else:
        say(explanation.vi if lang == "vi" else explanation.en)
    return contradictions(assessment, lang, unit)
