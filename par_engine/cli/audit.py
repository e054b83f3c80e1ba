"""`par audit`: whether published figures can be had again, one finding a line."""

from __future__ import annotations

import sys
from pathlib import Path

from par_engine.api import load
from par_engine.audit.reproduce import Audit, audit
from par_engine.cli.output import complain, print_json, say
from par_engine.files.documents import read_stream
from par_engine.i18n.catalogue import Lang


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
    say(_last(found, lang, tried=evidence is not None))
    return 0 if found.closes else 1


def _last(found: Audit, lang: Lang, *, tried: bool) -> str:
    same, wrong = found.same, sum(finding.fails for finding in found.findings)
    notes = len(found.findings) - wrong
    if wrong and not same and not found.scored:
        vi, en = "Không kiểm tra được.", "Could not be checked."
    elif tried and not found.scored:
        vi = f"Không chấm lại được (lý do nêu trên); {same} số liệu trong báo cáo khớp nhau."
        en = f"Could not be scored again (see above); {same} figures of the report close."
    elif wrong and found.scored:
        vi = f"Không tái lập được: {wrong} chỗ khác, {same} số liệu giống hệt."
        en = f"Not reproduced: {wrong} different, {same} figures identical."
    elif wrong:
        vi = f"Chưa chấm lại; {wrong} chỗ không khớp, {same} số liệu khớp nhau."
        en = f"Not scored again; {wrong} do not close, {same} figures do."
    elif found.scored:
        vi, en = f"Tái lập được: {same} số liệu giống hệt.", f"Reproduced: {same} figures identical."
        vi, en = (f"{vi} Lưu ý {notes} điều nêu trên.", f"{en} Mind what is said above.") if notes else (vi, en)
    else:
        vi = f"Chỉ kiểm tra phép tính trong báo cáo, chưa chấm lại (cần --evidence): {same} số liệu khớp nhau."
        en = f"Only the arithmetic inside was checked, nothing scored again (--evidence): {same} figures close."
    return vi if lang == "vi" else en
