"""What a report needs and no evidence has: who writes, signs and receives it, and what they say in their own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from par_engine.base.dates import day as day_of_text
from par_engine.base.problems import DocumentError, Problem, did_you_mean, own_problem, pointer, quote
from par_engine.files.documents import parse_json, read_bytes

Wrong = Callable[..., None]
TEXTS = ("parent", "agency", "place", "number", "date", "receiver", "signer")
LISTS = ("signer_title", "recipients", "difficulties", "proposals")


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
    """Details from a JSON file or a filled form (.xlsx); `codes` are the items that may be explained.

    `units` are those that `units` in the file may name. Raises DocumentError with all problems.
    """
    problems: list[Problem] = []
    places: dict[str, str] = {}

    def wrong(at: str, what: str, what_vi: str, hint: str = "", hint_vi: str = "") -> None:
        place = places.get(at, at)
        problems.append(own_problem(path.name, place, "details", what, hint, "error", what_vi, hint_vi))

    data = read_bytes(path)
    if path.suffix.lower() == ".xlsx":
        from par_engine.publish.detailed import filled_form

        content: Any = filled_form(data, path.name, places, wrong)
    else:
        content = parse_json(data, path.name)
    if not isinstance(content, dict):
        hint, hint_vi = "start from the form (--save-details-form)", "bắt đầu từ biểu mẫu (--save-details-form)"
        wrong("", "the file is not a JSON object", "tệp không phải một đối tượng JSON", hint, hint_vi)
        raise DocumentError(problems)
    own = content.pop("units", {})
    _check(content, "", codes, wrong)
    if not isinstance(own, dict) or not all(isinstance(one, dict) for one in own.values()):
        hint, hint_vi = 'write {"UNIT": {…}}', 'ghi {"ĐƠN VỊ": {…}}'
        wrong("/units", "units are no details by unit", "units không phải nội dung theo đơn vị", hint, hint_vi)
    else:
        for unit, one in own.items():
            at = pointer("units", unit)
            if unit not in units:
                what, vi = f"no report is made of {quote(unit)}", f"không lập báo cáo của {quote(unit)}"
                wrong(at, what, vi, did_you_mean(unit, units))
            _check(one, at, codes, wrong)
    if problems:
        raise DocumentError(problems)
    return Said(_dated(content), {unit: _dated(one) for unit, one in own.items()})


def _dated(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content, "date": iso_day(content["date"])} if content.get("date") else dict(content)


def _check(content: Mapping[str, Any], base: str, codes: Sequence[str], wrong: Wrong) -> None:
    for key, value in content.items():
        at = base + pointer(key)
        if key in TEXTS:
            if not isinstance(value, str):
                hint, hint_vi = "write it in quotation marks", "ghi trong nháy kép"
                wrong(at, f"{key} is no text", f"{key} không phải văn bản", hint, hint_vi)
        elif key in LISTS:
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                hint, hint_vi = 'write ["…", "…"]', 'ghi ["…", "…"]'
                wrong(at, f"{key} is no list of texts", f"{key} không phải danh sách văn bản", hint, hint_vi)
        elif key == "explanations":
            _explanations(value, at, codes, wrong)
        else:
            known = (*TEXTS, *LISTS, "explanations")
            near = did_you_mean(key, known)
            hint, hint_vi = near or f"known are {', '.join(known)}", "" if near else f"các mục: {', '.join(known)}"
            wrong(at, f"there is no detail {quote(key)}", f"không có mục {quote(key)}", hint, hint_vi)
    date = content.get("date", "")
    if isinstance(date, str) and date and iso_day(date) is None:
        hint, hint_vi = "write DD/MM/YYYY or YYYY-MM-DD", "ghi ngày/tháng/năm, năm đủ bốn chữ số"
        wrong(f"{base}/date", f"{quote(date)} is no day", f"{quote(date)} không phải ngày", hint, hint_vi)


def _explanations(value: Any, at: str, codes: Sequence[str], wrong: Wrong) -> None:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        what, what_vi = "explanations are no texts by item", "giải trình không phải văn bản theo mục"
        wrong(at, what, what_vi, 'write {"CODE": "…"}', 'ghi {"MÃ": "…"}')
        return
    for code in value:
        if code not in codes:
            hint = did_you_mean(code, codes)
            wrong(at + pointer(code), f"there is no item {quote(code)}", f"không có mục {quote(code)}", hint)


def iso_day(text: str) -> str | None:
    """A day as people write it, as YYYY-MM-DD; None when it is none."""
    found = day_of_text(text)
    return None if found is None else found.isoformat()
