"""The league table as PDF: its fonts are part of the program that sets it, so that all machines make the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

from par_engine.base.decimals import plain
from par_engine.base.extras import needs
from par_engine.base.problems import fail_own
from par_engine.base.terms import caution, stage_words
from par_engine.files.ooxml import EPOCH
from par_engine.i18n.catalogue import Lang
from par_engine.publish.order import apart
from par_engine.publish.texts import safe_all
from par_engine.publish.words import Words, marked, so_far_words, waiting_words
from par_engine.results.assessment import Assessment, UnitResult, printed

_MOST_FIELDS = 12
_MOST_PROBLEMS = 3
_MAKER = re.compile(rb"((?:/Creator\(|<xmp:CreatorTool>|<stEvt:softwareAgent>)Typst )([0-9.]+)(?=[)<])")
_IDS = re.compile(rb"/ID\[\([A-Za-z0-9+/]{22}==\)\(([A-Za-z0-9+/]{22}==)\)\]")


def league_pdf(stages: Sequence[Assessment], lang: Lang = "vi", waiting: Collection[str] = ()) -> bytes:
    """The league table of the last stage, with the index of the earlier ones beside it; the same bytes on every run.

    `waiting` are units that have not reached the last stage.
    """
    try:
        import typst
    except ImportError:
        needs("pdf", "pdf")

    source = files(__package__).joinpath("league.typ").read_bytes()
    data = json.dumps(_data(stages, lang, waiting), ensure_ascii=False)
    try:
        made: Any = typst.compile(
            source,
            sys_inputs={"data": data},
            ignore_system_fonts=True,
            pdf_standards=["a-2a", "ua-1"],  # for archives and for screen readers
            timestamp=int((EPOCH - type(EPOCH)(1970, 1, 1)).total_seconds()),
        )
    except typst.TypstError as error:
        what = f"the league table cannot be set: {error}"[:300]
        hint, hint_vi = "look for signs that are no letters in names", "xem tên đơn vị có ký tự lạ không"
        fail_own("PDF", "pdf", what, hint, f"không dàn trang được bảng xếp hạng: {error}"[:300], hint_vi)
    return steady(bytes(made))


def steady(data: bytes) -> bytes:
    """The PDF without the version of the program that set it, and an identity of what is left: no byte moves."""
    data = _MAKER.sub(lambda found: found[1] + re.sub(rb"[0-9]", b"0", found[2]), data)
    ids = _IDS.search(data)
    assert ids is not None, "PDF/A has an identity"
    blank = data.replace(ids[1], b"A" * len(ids[1]))
    return data.replace(ids[1], base64.b64encode(hashlib.sha256(blank).digest()[:16]))


def _data(stages: Sequence[Assessment], lang: Lang, waiting: Collection[str]) -> dict[str, Any]:
    last = stages[-1]
    document = last.scheme.document
    fields = [item for item in document.items if item.parent is None]
    known = [f for f in fields if any(u.item(f.code).points is not None for u in last.units)]
    shown = known if len(known) <= _MOST_FIELDS else []
    rebuilt = last.scheme.points_by_basis["reconstructed"]
    words, note = Words(lang), last.evidence.note
    stage = f"{words('stage')}: {stage_words(last.evidence.stage, lang)}" + (f". {note}" if note else "")
    first = caution(document.title, rebuilt, document.total.max, lang)
    lines = [{"text": first, "warn": rebuilt != 0}, {"text": stage, "warn": False}]
    here, listed = last.field
    if 0 < here < listed:
        lines.append({"text": words("only", here, listed), "warn": True})
    if wait := waiting_words(last, waiting, lang):
        lines.append({"text": wait, "warn": True})
    if last.problems:
        texts = [problem.text(lang) for problem in last.problems[:_MOST_PROBLEMS]]
        texts += ["…"] * (len(last.problems) > _MOST_PROBLEMS)
        lines.append({"text": words("contradicts", len(last.problems), "; ".join(texts)), "warn": True})
    tables = [_league(stages, shown, lang, waiting)]
    if document.groups:
        tables.append(_groups(last, lang, waiting))
    marks = (last.scheme.fingerprint[:16], words("evidence").lower(), last.evidence.sha256[:16])
    out: dict[str, Any] = safe_all(
        {
            "title": document.title.get(lang),
            "lang": lang,
            "wide": len(shown) + len(stages) > 4,
            "lines": lines,
            "tables": tables,
            "foot": "{} · SHA-256 {}… · {} {}…".format(document.id, *marks),
        }
    )
    return out


def _league(
    stages: Sequence[Assessment], fields: Sequence[Any], lang: Lang, waiting: Collection[str]
) -> dict[str, Any]:
    last, words = stages[-1], Words(lang)
    digits = last.scheme.document.settings.points_decimals
    titles = {group.id: group.title.get(lang) for group in last.scheme.document.groups}
    before = [({unit.id: unit for unit in one.units}, stage_words(one.evidence.stage, lang)) for one in stages[:-1]]
    most = last.scheme.document.total.max
    lower = any(u.attainable is not None and Fraction(u.attainable) != most for u in last.units)

    def number(x: Decimal | None) -> str:
        return _comma(printed(x, digits, last), lang) or "—"

    def index_of(unit: UnitResult) -> str:
        so_far = so_far_words(unit, lang)
        return (_comma(unit.index, lang) or "—") + (f" ({so_far})" if so_far else "")

    def row(unit: UnitResult) -> list[str]:
        earlier = [_comma(there[unit.id].index, lang) if unit.id in there else "" for there, _ in before]
        return [
            str(unit.rank or "—"),
            marked(unit.name, unit.id in waiting),
            *(text or "—" for text in earlier),
            index_of(unit),
            *([titles.get(unit.group or "", "—")] if titles else []),
            number(unit.points),
            *([number(unit.attainable)] if lower else []),
            *(number(unit.item(field.code).points) for field in fields),
        ]

    index = words("index")
    marks = [" ⚠" if field.basis == "reconstructed" else "" for field in fields]
    heads = [
        words("rank"),
        words("unit"),
        *(f"{index}, {name}" for _, name in before),
        index,
        *([words("group")] if titles else []),
        words("points"),
        *([words("attainable")] if lower else []),
        *(field.code + mark for field, mark in zip(fields, marks, strict=True)),
    ]
    sides = ["right", "left", *("right" for _ in (*before, index)), *(["centre"] if titles else [])]
    notes = [
        f"{field.code}{mark}. {field.title.get(lang)} ({_comma(plain(field.max), lang)})"
        for field, mark in zip(fields, marks, strict=True)
    ]
    starred = [words("starred")]
    other = any(u.id in there and there[u.id].attainable != u.attainable for there, _ in before for u in last.units)
    return {
        "title": words("league:title"),
        "heads": heads,
        "sides": [*sides, *("right" for _ in heads[len(sides) :])],
        "widths": ["auto", "rest", *("auto" for _ in heads[2:])],
        "strong": 2 + len(before),
        "rows": [row(unit) for unit in last.league()],
        "notes": ["; ".join(notes) + "."] * bool(notes)
        + starred * any(marks)
        + [words("apart")] * other
        + [words("so far:what")] * any(so_far_words(unit, lang) for unit in last.units),
    }


def _groups(last: Assessment, lang: Lang, waiting: Collection[str]) -> dict[str, Any]:
    words, ranking = Words(lang), last.league()
    rows = []
    for group in last.scheme.document.groups:
        names = [marked(unit.name, unit.id in waiting) for unit in ranking if unit.rank and unit.group == group.id]
        rows.append([group.title.get(lang), _comma(plain(group.from_), lang), str(len(names)), ", ".join(names) or "—"])
    if others := [marked(unit.name, unit.id in waiting) for unit in apart(last)]:
        rows.append([words("apart from"), "", str(len(others)), ", ".join(others)])
    return {
        "title": words("groups:title"),
        "heads": [words(key) for key in ("group", "from", "count", "unit")],
        "sides": ["left", "right", "right", "left"],
        "widths": ["auto", "auto", "auto", "rest"],
        "strong": 0,
        "rows": rows,
        "notes": [],
    }


def _comma(number: object, lang: Lang) -> str:
    text = "" if number is None else str(number)
    return text.replace(".", ",") if lang == "vi" else text
