"""An assignment to start from, and as the workbook that an officer fills in: general, agencies, who hands in what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from par_engine.agencies.model import WAYS
from par_engine.agencies.reading import AGENCIES, AGENCY_HEADS, FACTS, GENERAL, GENERAL_KEYS, slug
from par_engine.api import Methodology
from par_engine.base.dates import day as day_from
from par_engine.files.xlsx_writing import Sheet, xlsx

_SHOWN = ("Mã số liệu", "Mục", "Số liệu", "Đơn vị tính", "Cơ quan báo cáo", "Cách gộp")
_TYPES = {"count": "số đếm", "decimal": "số", "boolean": "có/không", "option": "lựa chọn", "ballots": "phiếu"}


def draft(methodology: Methodology, unit: str = "") -> dict[str, Any]:
    """An agencies-1 document to start from: the owners that the methodology names, each with its facts."""
    document = methodology.document
    owners = list(dict.fromkeys(fact.owner for fact in document.facts.values() if fact.owner))
    facts: dict[str, Any] = {}
    for name, fact in document.facts.items():
        who = [fact.owner] if fact.owner and fact.survey is None else []  # ballots come from the survey
        facts[name] = {"from": who} | ({"by": fact.roll_up} if fact.roll_up else {})
    return {
        "methodology": methodology.id,
        "unit": unit,
        "kinds": [{"id": "co-quan", "title": "Cơ quan"}],
        "agencies": [{"id": slug(owner), "name": document.owner(owner, "vi"), "kind": "co-quan"} for owner in owners],
        "facts": facts,
    }


def workbook(document: Mapping[str, Any], methodology: Methodology) -> bytes:
    """An agencies-1 document as XLSX."""
    kinds = {kind["id"]: kind["title"] for kind in document["kinds"]}
    names = {agency["id"]: agency["name"] for agency in document["agencies"]} | kinds
    asked: dict[str, list[str]] = {}
    for item in methodology.document.items:
        for name in item.rule.facts() if item.rule is not None else ():
            asked.setdefault(name, []).append(item.code)
    agencies = [
        [a["id"], a["name"], kinds[a["kind"]], "; ".join(a.get("aliases", ())), a.get("unranked", "")]
        for a in document["agencies"]
    ]
    rows = []
    facts = methodology.document.facts
    for name in [*asked, *(name for name in facts if name not in asked)]:  # in the order of the items
        fact, share = facts[name], document["facts"].get(name, {})
        unit = fact.unit.vi if fact.unit else _TYPES[fact.type]
        who = "; ".join(names.get(x, x) for x in share.get("from", ()))
        way = WAYS[share["by"]] if share.get("by") else ""
        rows.append([name, ", ".join(asked.get(name, ())), fact.title.vi, unit, who, way])
    general = [[GENERAL_KEYS[key], str(document.get(key) or "")] for key in GENERAL_KEYS]
    if due := day_from(general[-1][1]):
        general[-1][1] = f"{due:%d/%m/%Y}"
    general[-1].append("ngày/tháng/năm, ví dụ 31/12/2000; để trống nếu không có")
    notes = [
        "Cơ quan báo cáo: mã hoặc tên cơ quan, hoặc cả một loại; nhiều cơ quan cách nhau bằng dấu chấm phẩy",
        "Cách gộp chỉ cần khi nhiều cơ quan cùng báo cáo; để trống cơ quan nếu số liệu không do cơ quan nào gửi",
    ]
    return xlsx(
        [
            Sheet(GENERAL, ["Mục", "Nội dung", "Ghi chú"], [[*row, ""][:3] for row in general], [20, 60, 44]),
            Sheet(AGENCIES, list(AGENCY_HEADS.values()), agencies, [20, 50, 30, 40, 40]),
            Sheet(FACTS, _SHOWN, rows, [18, 10, 60, 14, 50, 20], notes, lists={5: list(WAYS.values())}),
        ],
        "workbook",
    )
