"""`par audit`: whether published figures can be had again, one finding a line."""

from __future__ import annotations

import sys
from pathlib import Path

from par_engine.api import load
from par_engine.audit.reproduce import Audit, audit
from par_engine.cli.output import complain, print_json, say
from par_engine.documents import read_stream
from par_engine.nodes import Lang


def audit_command(
    report: Path, evidence: Path | None, id: str | None, stage: str | None, *, json: bool, lang: Lang
) -> int:
    """Print what was found; 0 when nothing contradicts the report's figures."""
    data = read_stream(sys.stdin.buffer, "stdin") if str(evidence) == "-" else evidence
    found = audit(report, data, None if id is None else load(id), stage)
    if json:
        print_json(found.as_dict())
        return 0 if found.closes else 1
    if found.findings:
        complain([finding.problem for finding in found.findings], lang)
    say(_last(found, lang))
    return 0 if found.closes else 1


def _last(found: Audit, lang: Lang) -> str:
    vi, same = lang == "vi", found.same
    wrong = sum(finding.differs for finding in found.findings)
    notes = len(found.findings) - wrong
    if wrong and found.scored:
        return (
            f"Không tái lập được: {wrong} chỗ khác, {same} số liệu giống hệt."
            if vi
            else f"Not reproduced: {wrong} differences, {same} figures identical."
        )
    if wrong:
        return (
            f"Chưa chấm lại; báo cáo có {wrong} chỗ không khớp, {same} số liệu khớp."
            if vi
            else f"Not scored again; {wrong} places of the report do not close, {same} figures do."
        )
    if found.scored:
        more = f" Lưu ý {notes} điều nêu trên." if vi else f" Mind the {notes} remarks above."
        return (f"Tái lập được: {same} số liệu giống hệt." if vi else f"Reproduced: {same} figures identical.") + (
            more if notes else ""
        )
    return (
        f"Chỉ kiểm tra phép tính trong báo cáo, chưa chấm lại (cần --evidence): {same} số liệu khớp nhau."
        if vi
        else f"Only the arithmetic inside the report was checked, not scored again (--evidence): {same} figures close."
    )
