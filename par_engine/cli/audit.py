"""`par audit`: whether published figures can be had again, one finding a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from par_engine.api import load
from par_engine.audit.reproduce import Audit, audit
from par_engine.cli.options import IdIfAny, Json, Lang, Stage
from par_engine.cli.output import complain, print_json, say
from par_engine.files.documents import read_stream
from par_engine.i18n.catalogue import text


def audit_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT")],
    evidence: Annotated[Path | None, typer.Option("--evidence", "-e", metavar="EVIDENCE")] = None,
    methodology: IdIfAny = None,
    stage: Stage = None,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Print what was found; 0 when nothing contradicts the report's figures."""
    data = read_stream(sys.stdin.buffer, "stdin") if str(evidence) == "-" else evidence
    found = audit(report, data, None if methodology is None else load(methodology), stage)
    if json:
        print_json(found.as_dict())
        return 0 if found.closes else 1
    if found.findings:
        complain([finding.problem for finding in found.findings], lang)
    say(_last(found, lang, tried=evidence is not None))
    return 0 if found.closes else 1


def _last(found: Audit, lang: Lang, *, tried: bool) -> str:
    same, wrong = found.same, sum(finding.fails for finding in found.findings)
    notes = len(found.findings) - wrong
    if wrong and not same and not found.scored:
        key = "not-checked"
    elif tried and not found.scored:
        key = "not-scored"
    elif wrong:
        key = "not-reproduced" if found.scored else "arithmetic-wrong"
    elif found.scored:
        key = "reproduced-with-notes" if notes else "reproduced"
    else:
        key = "arithmetic-right"
    return text("cli.audit", key, lang, wrong=wrong, same=same, notes=notes)
