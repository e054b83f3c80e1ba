"""Forms: the evidence of one methodology as a JSON Schema that form makers and editors understand."""

from __future__ import annotations

from typing import Any

from par_engine.base.decimals import text
from par_engine.base.types import Fact, Text
from par_engine.methodology.scheme import Scheme

_STRICT = {"type": "object", "additionalProperties": False}


def evidence_schema(scheme: Scheme) -> dict[str, Any]:
    """JSON Schema 2020-12 of evidence-1 for this methodology: Vietnamese titles, English descriptions, no $ref."""
    document = scheme.document
    order = [name for code in scheme.under("total") for name in scheme.items[code].rule.facts()]  # type: ignore[union-attr]
    facts = {name: _fact(scheme, document.facts[name]) for name in dict.fromkeys(order)}
    inner = {code: scheme.node(code) for code in scheme.inner_by_code}
    stated = {
        code: _points(scheme, node.title, text(scheme.scaled(node.max), document.settings.leaf_decimals))
        for code, node in inner.items()
    }
    digits = document.settings.leaf_decimals
    streams = {s.id: _points(scheme, s.title, text(scheme.scaled(s.max), digits)) for s in document.streams}
    states: dict[str, Any] = {"items": {**_STRICT, "properties": stated}}
    if scheme.plain:
        states["streams"] = {**_STRICT, "properties": streams}
    unit: dict[str, Any] = {
        "unit": _unit(scheme),
        "facts": {**_STRICT, "title": "Số liệu", "description": "Facts", "properties": facts},
        "outcomes": {
            **_STRICT,
            "title": "Mục không chấm",
            "description": "Declared outcomes",
            "properties": _outcomes(scheme),
        },
        "stated": {**_STRICT, "title": "Điểm ghi sẵn", "description": "Stated points", "properties": states},
        "explanations": {
            **_STRICT,
            "title": "Giải trình phần còn thiếu",
            "description": "Why facts or documents are not there",
            "properties": {
                code: {"type": "string", "minLength": 1, "title": item.title.vi} for code, item in scheme.items.items()
            },
        },
        "documents": {
            **_STRICT,
            "title": "Tài liệu kiểm chứng",
            "description": "Documents",
            "properties": {
                code: {"type": "array", "title": item.title.vi, "items": _paper()}
                for code, item in scheme.items.items()
            },
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:par-engine:form:{document.id}",
        "title": document.title.vi,
        "description": document.title.en,
        **_STRICT,
        "required": ["methodology", "stage", "units"],
        "properties": {
            "$schema": {"type": "string"},
            "methodology": {"const": document.id},
            "stage": {"type": "string", "minLength": 1, "title": "Giai đoạn", "description": "Stage"},
            "note": {"type": "string", "title": "Ghi chú", "description": "Note"},
            "units": {
                "type": "array",
                "minItems": 1,
                "title": "Đơn vị",
                "description": "Units",
                "items": {**_STRICT, "required": ["unit"], "properties": unit},
            },
        },
    }


def _named(title: Text, help: Text | None = None) -> dict[str, Any]:
    description = title.en + (f". {help.vi} / {help.en}" if help else "")
    return {"title": title.vi, "description": description}


def _decimal(decimals: int, least: str | None, most: str | None, *, negative: bool) -> dict[str, Any]:
    """A number, or the same as decimal text for form makers that would lose digits in binary numbers."""
    sign = "-?" if negative else ""
    part = f"(\\.[0-9]{{1,{decimals}}})?" if decimals else ""
    number: dict[str, Any] = {"type": "number" if decimals else "integer"}
    if least is not None:
        number["minimum"] = float(least) if "." in least else int(least)
    if most is not None:
        number["maximum"] = float(most) if "." in most else int(most)
    return {"anyOf": [number, {"type": "string", "pattern": f"^{sign}[0-9]{{1,18}}{part}$"}]}


def _fact(scheme: Scheme, fact: Fact) -> dict[str, Any]:
    named = _named(fact.title, fact.help)
    if fact.unit is not None:
        named["title"] += f" ({fact.unit.vi})"
    if fact.type == "boolean":
        return {"type": ["boolean", "null"], **named}
    if fact.type == "option":
        given = [{"const": option.id, "title": option.title.vi} for option in fact.options or ()]
        return {"type": ["string", "null"], **named, "oneOf": [*given, {"const": None, "title": "chưa có"}]}
    if fact.survey is not None:
        survey = scheme.document.surveys[fact.survey]
        count = {"type": "integer", "minimum": 0, "maximum": 10**9}
        options = {**_STRICT, "properties": {o.id: {"title": o.title.vi, **count} for o in survey.options}}
        groups = {group.id: {"title": group.title.vi, **options} for group in survey.groups}
        return {**named, **_STRICT, "type": ["object", "null"], "properties": groups}
    least = fact.min if fact.min is not None else 0
    low = text(int(least * 10**fact.scale), fact.scale)
    high = None if fact.max is None else text(int(fact.max * 10**fact.scale), fact.scale)
    number = _decimal(fact.scale, low, high, negative=least < 0)
    return {**named, "anyOf": [*number["anyOf"], {"type": "null"}]}


def _points(scheme: Scheme, title: Text, most: str) -> dict[str, Any]:
    return {**_named(title), **_decimal(scheme.document.settings.stated_decimals, "0", most, negative=False)}


def _unit(scheme: Scheme) -> dict[str, Any]:
    named = {"title": "Đơn vị", "description": "Unit"}
    if scheme.document.settings.units == "open":
        return {"type": "string", "minLength": 1, **named}
    listed = {"oneOf": [{"const": u.id, "title": u.name} for u in scheme.document.units]}
    names = [name for u in scheme.document.units for name in dict.fromkeys((u.name, *u.aliases)) if name != u.id]
    return {"type": "string", **named, "anyOf": [listed, {"enum": list(dict.fromkeys(names))}]}


def _outcomes(scheme: Scheme) -> dict[str, Any]:
    out = {}
    for code, item in scheme.items.items():
        allowed = ["not_applicable"] if item.may_not_apply else []
        out[code] = {
            **_STRICT,
            **_named(item.title),
            "required": ["outcome", "why"],
            "properties": {
                "outcome": {"enum": [*allowed, "pending", "missing"]},
                "why": {"type": "string", "minLength": 1, "title": "Lý do", "description": "Why"},
            },
        }
    return out


def _paper() -> dict[str, Any]:
    titles = {"number": "Số, ký hiệu", "date": "Ngày", "title": "Tên văn bản", "page": "Trang", "link": "Liên kết"}
    return {
        **_STRICT,
        "required": ["number"],
        "properties": {key: {"type": "string", "title": vi} for key, vi in titles.items()},
    }
