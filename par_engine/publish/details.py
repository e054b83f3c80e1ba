"""What a report needs and no evidence has: who writes, signs and receives it, and what they say in their own words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from par_engine.documents import parse_json, read_bytes
from par_engine.errors import DocumentError, Problem, did_you_mean, pointer, quote

_TEXTS = ("parent", "agency", "place", "number", "date", "receiver", "signer")
_LISTS = ("signer_title", "recipients", "difficulties", "proposals")


@dataclass(frozen=True)
class Details:
    """The details of a report; "" and empty where they are not known."""

    parent: str = ""
    agency: str = ""
    place: str = ""
    number: str = ""
    date: str = ""
    receiver: str = ""
    signer: str = ""
    signer_title: Sequence[str] = ()
    recipients: Sequence[str] = ()
    difficulties: Sequence[str] = ()
    proposals: Sequence[str] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What a file of details says of all units, and what it says of some of them instead."""

    common: Mapping[str, Any]
    units: Mapping[str, Mapping[str, Any]]

    def of(self, unit: str) -> Details:
        """The details of one unit; explanations of its own stand beside those that all have."""
        own = self.units.get(unit, {})
        merged = {**self.common.get("explanations", {}), **own.get("explanations", {})}
        return Details(**{**self.common, **own, "explanations": merged})


def read_details(path: Path, codes: Sequence[str], units: Sequence[str] = ()) -> Said:
    """Details from a JSON file; `codes` are the items that may be explained, `units` those of `units` in the file.

    Raises DocumentError with all problems.
    """
    content = parse_json(read_bytes(path), path.name)
    problems: list[Problem] = []

    def wrong(at: str, what: str, what_vi: str, hint: str = "") -> None:
        problems.append(Problem(path.name, at, "details", what, hint, "error", what_vi))

    if not isinstance(content, dict):
        wrong("", "the file is not a JSON object", "tệp không phải một đối tượng JSON")
        raise DocumentError(problems)
    own = content.pop("units", {})
    _check(content, "", codes, wrong)
    if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
        wrong("/units", "units are no details by unit", "units không phải nội dung theo đơn vị", 'write {"UNIT": {…}}')
    else:
        for unit, one in own.items():
            at = pointer("units", unit)
            if unit not in units:
                what, vi = f"no report is made of {quote(unit)}", f"không lập báo cáo của {quote(unit)}"
                wrong(at, what, vi, did_you_mean(unit, units))
            _check(one, at, codes, wrong)
    if problems:
        raise DocumentError(problems)
    return Said(content, own)


def _check(content: Mapping[str, Any], base: str, codes: Sequence[str], wrong: Any) -> None:
    for key, value in content.items():
        at = base + pointer(key)
        if key in _TEXTS:
            if not isinstance(value, str):
                wrong(at, f"{key} is no text", f"{key} không phải văn bản", "write it in quotation marks")
        elif key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                wrong(at, f"{key} is no list of texts", f"{key} không phải danh sách văn bản", 'write ["…", "…"]')
        elif key == "explanations":
            _explanations(value, at, codes, wrong)
        else:
            known = (*_TEXTS, *_LISTS, "explanations")
            hint = did_you_mean(key, known) or f"known are {', '.join(known)}"
            wrong(at, f"there is no detail {quote(key)}", f"không có mục {quote(key)}", hint)
    date = content.get("date", "")
    if isinstance(date, str) and date and not _is_day(date):
        wrong(f"{base}/date", f"{quote(date)} is no day", f"{quote(date)} không phải ngày", "write YYYY-MM-DD")


def _explanations(value: Any, at: str, codes: Sequence[str], wrong: Any) -> None:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        wrong(at, "explanations are no texts by item", "giải trình không phải văn bản theo mục", 'write {"CODE": "…"}')
        return
    for code in value:
        if code not in codes:
            hint = did_you_mean(code, codes)
            wrong(at + pointer(code), f"there is no item {quote(code)}", f"không có mục {quote(code)}", hint)


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
