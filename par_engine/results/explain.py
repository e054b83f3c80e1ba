"""Explain: one figure back to its facts, rule, arithmetic, source and basis; computed only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from par_engine.base.problems import printable
from par_engine.base.terms import basis_words, outcome_words, paper_words, rule_words, word
from par_engine.base.types import Basis, Fact, Outcome, Value, declared, decode, say, say_value
from par_engine.i18n.catalogue import LANGS, Lang
from par_engine.methodology.model import TOTAL, Item
from par_engine.results.assessment import Assessment
from par_engine.results.figures import Figure
from par_engine.rules.own import Own


def figure_words(assessment: Assessment, figure: Figure, lang: Lang) -> str:
    """What became of a figure, for people: its outcome, or the stated wholes that it is inside of, or all of."""
    if not figure.within or figure.outcome is not Outcome.SCORED:
        return outcome_words(figure.outcome, lang)
    names = {f"stream:{stream.id}": stream.title.get(lang) for stream in assessment.scheme.document.streams}
    names[TOTAL] = word("the total", lang)
    wholes = ", ".join(names.get(code, code) for code in figure.within)
    return word("within" if figure.points is None else "alone", lang).format(wholes)


class Explanation(NamedTuple):
    """Why a figure is what it is: `data` as JSON values, `vi` and `en` as text."""

    data: dict[str, Any]
    vi: str
    en: str

    def __str__(self) -> str:
        return "\n".join(map(printable, self.vi.split("\n")))


def explain(assessment: Assessment, unit: str, item: str = TOTAL) -> Explanation:
    """One figure back to facts, rule, arithmetic, source and basis; `item` is a code, or `stream:` and an id."""
    result = assessment.unit(unit)
    if item.startswith("stream:"):
        return _explain_stream(assessment, result.row, result.stream(item.removeprefix("stream:")).code)
    result.item(item)
    return _explain_item(assessment, result.row, item)


def _explain_item(assessment: Assessment, row: int, code: str) -> Explanation:
    figure = assessment.figure(row, code)
    document, node = assessment.scheme.document, assessment.scheme.node(code)
    data: dict[str, Any] = {
        "methodology": document.id,
        "fingerprint": assessment.scheme.fingerprint,
        "unit": assessment.evidence.units[row],
        "item": code,
        "title": figure.title.model_dump(),
        "outcome": figure.outcome.value,
        **_figure(figure),
        "stated": figure.stated,
        "basis": node.basis,
        "sources": [{"id": s, "title": document.sources[s].title.model_dump()} for s in node.sources],
        "rulings": [{"id": r, "text": document.rulings[r].model_dump()} for r in node.rulings],
    }
    explained = assessment.evidence.explanations.get(data["unit"], {}).get(code)
    if explained is not None:
        data["explanation"] = explained
    if isinstance(node, Item) and node.rule is not None:
        found = values(assessment, row, node)
        data.update(_leaf_data(assessment, row, node, found))
        bodies = [_leaf_lines(node, found, data, lang) for lang in LANGS]
    else:
        data.update(_inner_data(assessment, row, code))
        bodies = [_inner_lines(assessment, row, code, figure, lang) for lang in LANGS]
    if explained is not None:
        for body, lang in zip(bodies, LANGS, strict=True):
            body.append(f"{word('explained', lang)}: {' '.join(explained.split())}")
    vi, en = (
        "\n".join([_head(assessment, row, figure, lang), *body, *_tail(assessment, row, code, figure, lang)])
        for lang, body in zip(LANGS, bodies, strict=True)
    )
    return Explanation(data, vi, en)


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


def _figure(figure: Figure) -> dict[str, Any]:
    within = {"within": list(figure.within)} if figure.within else {}
    return {
        "points": None if figure.points is None else str(figure.points),
        "attainable": None if figure.attainable is None else str(figure.attainable),
        "max": str(figure.max),
        **within,
    }


def _number(x: Decimal | None, lang: Lang) -> str:
    return word("no number", lang) if x is None else say(Fraction(x), lang)


def _leaf_data(
    assessment: Assessment, row: int, item: Item, found: Sequence[tuple[str, Fact, Value | None]]
) -> dict[str, Any]:
    rule, scheme = item.rule, assessment.scheme
    assert rule is not None
    facts = {name: fact for name, fact, _ in found}
    given = [value for _, _, value in found if value is not None]
    data: dict[str, Any] = {
        "rule": {
            "name": rule.name,
            "parameters": rule.model_dump(mode="json", by_alias=True, exclude_none=True),
            "text": item.rule_text.model_dump() if item.rule_text else None,
            "words": {lang: rule.words(lang, facts, item.max) for lang in LANGS},
        },
        "facts": [{"fact": n, "title": fact.title.model_dump(), "value": _json(value)} for n, fact, value in found],
    }
    declared = [d for d in assessment.evidence.declared if d.row == row and item.code in scheme.under(d.code)]
    if declared:
        data["why"] = "; ".join(entry.why for entry in declared)
    elif assessment.sums.leaf_outcomes is not assessment.scored.outcomes and _taken_along(assessment, row, item.code):
        data["taken_along"] = True
    elif len(given) == len(found):
        if isinstance(rule, Own):
            exact = rule.call(scheme.functions[rule.name], given, item.max)
        else:
            exact = rule.score(given, item.max)
        data["arithmetic"] = {lang: rule.arithmetic(lang, given, item.max) for lang in LANGS}
        if isinstance(exact, Fraction):
            data["exact"] = f"{exact.numerator}/{exact.denominator}"
            scored = assessment.figure(row, item.code).points
            for lang in LANGS:
                result = _number(scored, lang)
                if not data["arithmetic"][lang].endswith(result):
                    data["arithmetic"][lang] += f" = {result}"
    papers = assessment.evidence.documents.get(assessment.evidence.units[row], {}).get(item.code)
    if papers:
        data["documents"] = [dict(paper) for paper in papers]
    return data


def _taken_along(assessment: Assessment, row: int, code: str) -> bool:
    """Whether a bonus or penalty is not applicable only because the item is not that it belongs to."""
    position = assessment.scheme.position[code]
    now, alone = (int(codes[row, position]) for codes in (assessment.sums.leaf_outcomes, assessment.scored.outcomes))
    return now != alone


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


def _leaf_lines(
    item: Item, found: Sequence[tuple[str, Fact, Value | None]], data: dict[str, Any], lang: Lang
) -> list[str]:
    lines = [f"{word('facts', lang)}:"]
    for name, fact, value in found:
        shown = word("absent", lang) if value is None else say_value(value, fact, lang)
        key = f" [{name}]" if lang == "en" else ""
        lines.append(f"  {fact.title.get(lang)}{key} = {shown}")
    lines.append(f"{word('rule', lang)} {rule_words(data['rule']['name'], lang)}: {data['rule']['words'][lang]}")
    if item.rule_text:
        lines.append(f"  {item.rule_text.get(lang)}")
    if "why" in data:
        lines.append(f"{word('why', lang)}: {data['why']}")
    if "taken_along" in data:
        lines.append(f"{word('why', lang)}: {word('taken along', lang)}")
    if "arithmetic" in data:
        lines.append(f"{word('arithmetic', lang)}: {data['arithmetic'][lang]}")
    if "documents" in data:
        papers = "; ".join(paper_words(paper, lang) for paper in data["documents"])
        lines.append(f"{word('documents', lang)}: {papers}")
    return lines


def _inner_data(assessment: Assessment, row: int, code: str) -> dict[str, Any]:
    inner = assessment.scheme.inner_by_code[code]
    parts = [assessment.figure(row, child) for child in inner.children]
    data: dict[str, Any] = {
        "aggregate": inner.aggregate,
        "parts": [{"item": part.code, "outcome": part.outcome.value, **_figure(part)} for part in parts],
    }
    if code == TOTAL and assessment.scheme.plain:
        streams = assessment.at(row).streams
        data["streams"] = [{"stream": s.code, "stated": s.stated, **_figure(s)} for s in streams]
    return data


def _inner_lines(assessment: Assessment, row: int, code: str, figure: Figure, lang: Lang) -> list[str]:
    scheme = assessment.scheme
    inner = scheme.inner_by_code[code]
    how = word("stated whole", lang) if figure.stated else word(inner.aggregate, lang)
    lines = [f"{word('arithmetic', lang)}: {how}"]
    for child in inner.children:
        part, role = assessment.figure(row, child), scheme.items[child].role
        said = figure_words(assessment, part, lang)
        said += f", {word(role, lang)}" if role else ""
        lines.append(f"  {child} {part.title.get(lang)}: {_of(part, lang)} ({said})")
    cap = inner.item.cap
    if cap is not None:
        lines.append(f"{word('at most', lang)}: {word('attainable', lang) if isinstance(cap, str) else say(cap, lang)}")
    if code == TOTAL and scheme.plain:
        lines.append(f"{word('by stream', lang)}:")
        for stream in assessment.at(row).streams:
            said = f" ({word('stated', lang)})" if stream.stated else ""
            lines.append(f"  {stream.title.get(lang)}: {_of(stream, lang)}{said}")
    return lines


def _of(figure: Figure, lang: Lang) -> str:
    return f"{_number(figure.points, lang)} / {_number(figure.attainable, lang)}"


def _head(assessment: Assessment, row: int, figure: Figure, lang: Lang) -> str:
    named = figure.code != TOTAL and not (lang == "vi" and figure.code not in assessment.scheme.items)
    name = f"{figure.code} " if named else ""
    head = f"{assessment.at(row).name} — {name}{figure.title.get(lang)}: "
    said = figure_words(assessment, figure, lang)
    if figure.points is None:
        return head + said
    points, attainable = _number(figure.points, lang), _number(figure.attainable, lang)
    return f"{head}{points} {word('of', lang)} {attainable} {word('points', lang)} ({said})"


def _tail(assessment: Assessment, row: int, code: str, figure: Figure, lang: Lang) -> list[str]:
    document, node, unit = assessment.scheme.document, assessment.scheme.node(code), assessment.at(row)
    lines = []
    if code == TOTAL and unit.index is not None:
        index = str(unit.index).replace(".", ",") if lang == "vi" else str(unit.index)
        place = f"; {word('rank', lang)} {unit.rank}" if unit.rank else ""
        here, listed = assessment.field
        if place and here < listed:
            place += f" ({word('among', lang).format(here, listed)})"
        name = "index so far" if unit.awaits else "index"
        place = f"; {word('no place yet', lang)}" if unit.awaits else place
        lines.append(f"{word(name, lang)}: 100 × {_of(figure, lang)} = {index} %{place}")
    for gate in node.gates:
        needs = f"{gate.item} {word('needs', lang)} {declared(gate.below, lang)}"
        has = f"{word('has', lang)} {_number(assessment.figure(row, gate.item).points, lang)}"
        lines.append(f"{word('gate', lang)}: {needs}, {word('else', lang)} {say(gate.cap, lang)} ({has})")
    sources = "; ".join(document.sources[s].title.get(lang) for s in node.sources)
    lines.append(_basis_line(node.basis, sources, lang))
    return lines + [f"{r}: {document.rulings[r].get(lang)}" for r in node.rulings]


def _basis_line(basis: Basis, sources: str, lang: Lang) -> str:
    """The basis with its sources; a document that only gave the frame of a reconstructed number is not its ground."""
    frame = f" ({word('frame', lang)}: {sources})" if basis == "reconstructed" else f" — {sources}"
    return f"{word('basis', lang)}: {basis_words(basis, lang)}" + (frame if sources else "")


def _explain_stream(assessment: Assessment, row: int, id: str) -> Explanation:
    """The explanation of a stream's figure for one unit: its leaves, or that it was stated as a whole."""
    scheme, document = assessment.scheme, assessment.scheme.document
    figure = assessment.figure(row, f"stream:{id}")
    stream = next(stream for stream in document.streams if stream.id == id)
    leaves = [assessment.figure(row, code) for code in scheme.stream_leaves[id]]
    data: dict[str, Any] = {
        "methodology": document.id,
        "fingerprint": scheme.fingerprint,
        "unit": assessment.evidence.units[row],
        "stream": id,
        "title": figure.title.model_dump(),
        "outcome": figure.outcome.value,
        **_figure(figure),
        "stated": figure.stated,
        "basis": stream.basis,
        "sources": [{"id": s, "title": document.sources[s].title.model_dump()} for s in stream.sources],
        "rulings": [{"id": r, "text": document.rulings[r].model_dump()} for r in stream.rulings],
        "parts": [
            {"item": f.code, "title": f.title.model_dump(), "outcome": f.outcome.value, **_figure(f)} for f in leaves
        ],
    }
    texts = []
    for lang in LANGS:
        how = word("stated whole" if figure.stated else "sum", lang)
        lines = [_head(assessment, row, figure, lang), f"{word('arithmetic', lang)}: {how}"]
        for leaf in leaves:
            said = figure_words(assessment, leaf, lang)
            lines.append(f"  {leaf.code} {leaf.title.get(lang)}: {_of(leaf, lang)} ({said})")
        sources = "; ".join(document.sources[s].title.get(lang) for s in stream.sources)
        lines.append(_basis_line(stream.basis, sources, lang))
        texts.append("\n".join(lines + [f"{r}: {document.rulings[r].get(lang)}" for r in stream.rulings]))
    return Explanation(data, *texts)
