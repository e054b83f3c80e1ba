"""`par schema`: the schema of a kind of document, or of the evidence of one methodology."""

from __future__ import annotations

import enum

from par_engine.api import load
from par_engine.base.problems import fail
from par_engine.cli.options import IdIfAny, Lang
from par_engine.cli.output import print_json


class Kind(enum.StrEnum):
    """The documents that have a schema."""

    methodology = "methodology"
    part = "methodology-part"
    evidence = "evidence"
    report = "report"
    case = "case"
    agencies = "agencies"
    survey_plan = "survey-plan"


def schema_command(kind: Kind, methodology: IdIfAny = None, lang: Lang = "vi") -> None:
    """Print it."""
    if methodology is None:
        from par_engine import schemas

        print_json(schemas.bundle(f"{kind.value}-1"))
        return
    if kind is not Kind.evidence:
        fail("methodology.schema", "-m")
    print_json(load(methodology).evidence_schema())
