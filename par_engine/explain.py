"""Explain: one figure back to its facts, rule, arithmetic, source and basis; computed only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from par_engine.model import TOTAL, Item
from par_engine.nodes import Fact, Lang, Outcome, Value, decode, say, say_value
from par_engine.rules.own import Own

if TYPE_CHECKING:
    from par_engine.result import Assessment, Figure

_OUTCOMES = {
    Outcome.SCORED: ("đã chấm", "scored"),
    Outcome.MISSING: ("thiếu số liệu", "missing"),
    Outcome.PENDING: ("chờ kết quả điều tra", "pending"),
    Outcome.NOT_APPLICABLE: ("không áp dụng", "not applicable"),
}
_BASIS = {
    "official": ("số chính thức", "official"),
    "derived": ("suy ra từ số chính thức", "derived from official numbers"),
    "reconstructed": ("số dựng lại, KHÔNG chính thức", "reconstructed, NOT official"),
}


def outcome_words(outcome: Outcome, lang: Lang) -> str:
    """An outcome for people."""
    return _OUTCOMES[outcome][lang == "en"]


def basis_words(basis: str, lang: Lang) -> str:
    """A basis for people."""
    return _BASIS[basis][lang == "en"]


@dataclass(frozen=True)
class Explanation:
    """Why a figure is what it is: `data` as JSON values, `vi` and `en` as text."""

    data: dict[str, Any]
    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi


def explain(assessment: Assessment, row: int, code: str) -> Explanation:
    """The explanation of an item's figure for one unit."""
    figure = assessment.figure(row, code)
    scheme, node = assessment.scheme, assessment.scheme.node(code)
    unit = assessment.units[row]
    data: dict[str, Any] = {
        "methodology": scheme.document.id,
        "fingerprint": scheme.fingerprint,
        "unit": unit.id,
        "item": code,
        "title": figure.title.model_dump(),
        "outcome": figure.outcome.value,
        "points": _text(figure.points),
        "attainable": _text(figure.attainable),
        "max": str(figure.max),
        "stated": figure.stated,
        "basis": node.basis,
        "sources": [{"id": s, "title": scheme.document.sources[s].title.model_dump()} for s in node.sources],
        "rulings": [{"id": r, "text": scheme.document.rulings[r].model_dump()} for r in node.rulings],
    }
    leaf = isinstance(node, Item) and node.rule is not None
    lines = {lang: _leaf(assessment, row, node, figure, lang, data) if leaf and isinstance(node, Item) else _inner(assessment, row, code, figure, lang, data) for lang in _langs()}
    texts = {lang: _frame(assessment, row, code, figure, lang, lines[lang]) for lang in _langs()}
    return Explanation(data, texts["vi"], texts["en"])


def _langs() -> tuple[Lang, Lang]:
    return ("vi", "en")


def _text(x: Decimal | None) -> str | None:
    return None if x is None else str(x)


def _number(x: Decimal | None, lang: Lang) -> str:
    return ("chưa có" if lang == "vi" else "no number") if x is None else say(Fraction(x), lang)


def values(assessment: Assessment, row: int, item: Item) -> list[tuple[str, Fact, Value | None]]:
    """The facts of a leaf with their values; None where the evidence has none."""
    scheme, evidence = assessment.scheme, assessment.evidence
    order = list(scheme.document.facts)
    out: list[tuple[str, Fact, Value | None]] = []
    for name in item.rule.facts() if item.rule else ():
        fact = scheme.document.facts[name]
        cells = tuple(int(evidence.values[row, column]) for column in scheme.columns[name])
        here = bool(evidence.present[row, order.index(name)])
        survey = scheme.document.surveys[fact.survey] if fact.survey else None
        out.append((name, fact, decode(fact, cells, survey) if here else None))
    return out


def _leaf(assessment: Assessment, row: int, item: Item, figure: Figure, lang: Lang, data: dict[str, Any]) -> list[str]:
    rule = item.rule
    assert rule is not None  # noqa: S101
    scheme = assessment.scheme
    found = values(assessment, row, item)
    facts = {name: fact for name, fact, _ in found}
    words = rule.words(lang, facts, item.max)
    unknown = "chưa có số liệu" if lang == "vi" else "not in the evidence"
    data.setdefault("rule", {"name": rule.name, "parameters": rule.model_dump(mode="json", by_alias=True, exclude_none=True), "text": item.rule_text.model_dump() if item.rule_text else None, "words": {}})
    data["rule"]["words"][lang] = words
    data["facts"] = [
        {"fact": name, "title": fact.title.model_dump(), "value": _json(value)} for name, fact, value in found
    ]
    labels = {"vi": ("Số liệu", "Quy tắc", "Cách tính", "Lý do"), "en": ("Facts", "Rule", "Arithmetic", "Why")}[lang]
    lines = [f"{labels[0]}:"] + [
        f"  {fact.title.get(lang)} [{name}] = {say_value(value, fact, lang) if value is not None else unknown}"
        for name, fact, value in found
    ]
    lines += [f"{labels[1]} {rule.name}: {words}"]
    declared = [d for d in assessment.evidence.declared if d.row == row and item.code in scheme.under(d.code)]
    for entry in declared:
        lines += [f"{labels[3]}: {entry.code}: {entry.why}"]
        data["why"] = entry.why
    if not declared and all(value is not None for _, _, value in found):
        given = [value for _, _, value in found if value is not None]
        arithmetic = rule.arithmetic(lang, given, item.max)
        if isinstance(rule, Own):
            exact = rule.call(scheme.functions[rule.name], given, item.max)
        else:
            exact = rule.score(given, item.max)
        if isinstance(exact, Fraction):
            result = _number(figure.points, lang)
            arithmetic += f" = {result}" if not arithmetic.endswith(f" {result}") and arithmetic != result else ""
            data["exact"] = f"{exact.numerator}/{exact.denominator}"
        data.setdefault("arithmetic", {})[lang] = arithmetic
        lines += [f"{labels[2]}: {arithmetic}"]
    papers = assessment.evidence.documents.get(assessment.evidence.units[row], {}).get(item.code, [])
    if papers:
        data["documents"] = [dict(paper) for paper in papers]
        shown = "; ".join(", ".join(paper[key] for key in ("number", "date", "title", "page") if key in paper) for paper in papers)
        lines += [f"{'Tài liệu kiểm chứng' if lang == 'vi' else 'Documents'}: {shown}"]
    return lines


def _json(value: Value | None) -> Any:
    if isinstance(value, Fraction):
        return say(value, "en")
    if value is None or isinstance(value, (bool, str)):
        return value
    design = value.survey
    return {
        group.id: {answer.id: count for answer, count in zip(design.options, counts, strict=True)}
        for group, counts in zip(design.groups, value.counts, strict=True)
    }


def _inner(assessment: Assessment, row: int, code: str, figure: Figure, lang: Lang, data: dict[str, Any]) -> list[str]:
    scheme = assessment.scheme
    inner = scheme.inner_by_code[code]
    parts = [assessment.figure(row, child) for child in inner.children]
    data["aggregate"] = inner.aggregate
    data["parts"] = [{"item": p.code, "outcome": p.outcome.value, "points": _text(p.points), "attainable": _text(p.attainable), "max": str(p.max)} for p in parts]
    vi = lang == "vi"
    how = {"sum": ("tổng các mục con", "the sum of its parts"), "weighted_mean": ("trung bình có trọng số của các mục con", "the weighted mean of its parts")}
    lines = [f"{'Cách tính' if vi else 'Arithmetic'}: {how[inner.aggregate][not vi]}"]
    if figure.stated:
        lines = [("Điểm được ghi sẵn trong số liệu, thay cho các mục con" if vi else "Stated in the evidence; it stands for its parts")]
    for part in parts:
        role = scheme.items[part.code].role
        lines.append(f"  {part.code} {part.title.get(lang)}: {_number(part.points, lang)} / {_number(part.attainable, lang)} ({outcome_words(part.outcome, lang)}{', ' + role if role else ''})")
    if inner.item.cap is not None:
        cap = inner.item.cap if isinstance(inner.item.cap, str) else say(inner.item.cap, lang)
        lines.append(f"{'Không vượt quá' if vi else 'At most'}: {cap}")
    if code == TOTAL and scheme.plain:
        streams = [f for f in assessment.units[row].streams]
        data["streams"] = [{"stream": s.code, "points": _text(s.points), "attainable": _text(s.attainable), "stated": s.stated} for s in streams]
        lines.append("Theo nguồn điểm:" if vi else "By stream:")
        lines += [f"  {s.title.get(lang)}: {_number(s.points, lang)} / {_number(s.attainable, lang)}{(' (ghi sẵn)' if vi else ' (stated)') if s.stated else ''}" for s in streams]
    return lines


def _frame(assessment: Assessment, row: int, code: str, figure: Figure, lang: Lang, lines: list[str]) -> str:
    scheme, node = assessment.scheme, assessment.scheme.node(code)
    unit, vi = assessment.units[row], lang == "vi"
    name = "" if code == TOTAL else f"{code} "
    head = f"{unit.name} — {name}{figure.title.get(lang)}: "
    if figure.points is None:
        head += outcome_words(figure.outcome, lang)
    else:
        of = "trên" if vi else "of"
        point = "điểm" if vi else "points"
        head += f"{_number(figure.points, lang)} {of} {_number(figure.attainable, lang)} {point} ({outcome_words(figure.outcome, lang)})"
    if code == TOTAL and unit.index is not None:
        index, rank = str(unit.index), unit.rank
        index = index.replace(".", ",") if vi else index
        lines = [*lines, f"{'Chỉ số' if vi else 'Index'}: 100 × {_number(figure.points, lang)} / {_number(figure.attainable, lang)} = {index} %" + (f"; {'hạng' if vi else 'rank'} {rank}" if rank else "")]
    for gate in node.gates:
        source = assessment.figure(row, gate.item)
        lines = [*lines, (f"Điều kiện: {gate.item} từ {say(gate.below, lang)} điểm trở lên, nếu không thì tối đa {say(gate.cap, lang)} (hiện có {_number(source.points, lang)})" if vi else f"Gate: {gate.item} needs {say(gate.below, lang)}, else at most {say(gate.cap, lang)} (has {_number(source.points, lang)})")]
    sources = "; ".join(scheme.document.sources[s].title.get(lang) for s in node.sources)
    tail = [f"{'Căn cứ' if vi else 'Basis'}: {basis_words(node.basis, lang)}" + (f" — {sources}" if sources else "")]
    tail += [f"{r}: {scheme.document.rulings[r].get(lang)}" for r in node.rulings]
    return "\n".join([head, *lines, *tail])
