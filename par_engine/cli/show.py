"""`par show`: the tree of a methodology, one of its items, or its units."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from par_engine.api import Methodology, load
from par_engine.base.decimals import plain, short
from par_engine.base.problems import MethodologyError, nearest, problem, quote
from par_engine.base.terms import basis_words, rule_words, word
from par_engine.cli.options import IdFirst, Json, Lang
from par_engine.cli.output import comma, headings, print_json, say, table
from par_engine.i18n.catalogue import text
from par_engine.methodology.model import TOTAL, Item, Total


def show_command(
    id: IdFirst,
    item: Annotated[str | None, typer.Argument(metavar="[ITEM]")] = None,
    units: Annotated[bool, typer.Option("--units")] = False,
    json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Print what was asked for."""
    methodology = load(id)
    if units:
        _units(methodology, json=json, lang=lang)
    elif item is None and json:
        print_json(methodology.document.model_dump(mode="json", by_alias=True, exclude_none=True))
    elif item is None:
        _tree(methodology, lang)
    else:
        known = [TOTAL, *methodology.scheme.items]
        if item not in known:
            raise MethodologyError([problem("unknown-item.shown", id, item=quote(item), near=nearest(item, known))])
        node = methodology.scheme.node(item)
        if json:
            print_json(node.model_dump(mode="json", by_alias=True, exclude_none=True))
        else:
            _item(methodology, item, node, lang)


def _units(methodology: Methodology, *, json: bool, lang: Lang) -> None:
    units = methodology.document.units
    if json:
        print_json([unit.model_dump(exclude_none=True) for unit in units])
        return
    heads = headings("cli.show.units", lang)
    yes, no = text("cli.show", "yes", lang), text("cli.show", "no", lang)
    rows = [
        [u.id, u.name, ", ".join(u.aliases), yes if u.ranked else f"{no}: {u.why.get(lang) if u.why else ''}"]
        for u in units
    ]
    table(heads, rows, ["left"] * 4)


def _tree(methodology: Methodology, lang: Lang) -> None:
    document, scheme = methodology.document, methodology.scheme
    say(f"{document.id} — {document.title.get(lang)}")
    origin = f"{methodology.distribution} {methodology.version}, " if methodology.distribution else ""
    say(f"{origin}{methodology.fingerprint}")
    basis = "; ".join(f"{basis_words(b, lang)}: {comma(short(p), lang)}" for b, p in methodology.basis().items())
    say(f"{comma(plain(document.total.max), lang)} {word('points', lang)} — {basis}")
    say()
    marks = {"official": " ", "derived": "~", "reconstructed": "?"}
    streams = {stream.id: stream.title.get(lang) for stream in document.streams}

    def walk(code: str, depth: int) -> None:
        for item in scheme.children.get(code, ()):
            rule = (
                f"  [{rule_words(item.rule.name, lang)}, {streams[item.stream]}]" if item.rule and item.stream else ""
            )
            role = f"  ({word(item.role, lang)})" if item.role else ""
            top = comma(plain(item.max), lang)
            say(f"{marks[item.basis]} {top:>7}  {'  ' * depth}{item.code} {item.title.get(lang)}{role}{rule}")
            walk(item.code, depth + 1)

    walk(TOTAL, 0)
    say()
    none = text("cli.show", "no-mark", lang)
    say("; ".join(f"{mark.strip() or none} {basis_words(b, lang)}" for b, mark in marks.items()))  # type: ignore[arg-type]


def _item(methodology: Methodology, code: str, node: Total, lang: Lang) -> None:
    document = methodology.document
    name = "" if code == TOTAL else f"{code} "
    say(f"{name}{node.title.get(lang)}")
    say(text("cli.show", "maximum", lang, max=comma(plain(node.max), lang)))
    if isinstance(node, Item) and node.rule is not None:
        stream = next(s for s in document.streams if s.id == node.stream)
        facts: dict[str, Any] = {fact: document.facts[fact] for fact in node.rule.facts()}
        say(text("cli.show", "stream", lang, stream=stream.title.get(lang)))
        say(f"{word('rule', lang)} {rule_words(node.rule.name, lang)}: {node.rule.words(lang, facts, node.max)}")
        if node.rule_text is not None:
            say(f"  {node.rule_text.get(lang)}")
        say(f"{word('facts', lang)}:")
        for fact_id, fact in facts.items():
            unit = f", {fact.unit.get(lang)}" if fact.unit else ""
            named = (o.id if o.title.get(lang) == o.id else f"{o.id} = {o.title.get(lang)}" for o in fact.options or ())
            options = f": {', '.join(named)}" if fact.options else ""
            say(f"  {fact_id} — {fact.title.get(lang)} ({text('cli.show.types', fact.type, lang)}{options}{unit})")
    else:
        inner = methodology.scheme.inner_by_code[code]
        say(f"{word('arithmetic', lang)}: {word(inner.aggregate, lang)}")
        for child in inner.children:
            item = methodology.scheme.items[child]
            say(f"  {child} {item.title.get(lang)}: {comma(plain(item.max), lang)}")
    sources = "; ".join(document.sources[s].title.get(lang) for s in node.sources)
    say(f"{word('basis', lang)}: {basis_words(node.basis, lang)}" + (f" — {sources}" if sources else ""))
    for ruling in node.rulings:
        say(f"{ruling}: {document.rulings[ruling].get(lang)}")
