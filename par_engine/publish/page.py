"""One page that holds everything: data, words, style and script in one file that asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from par_engine.base.terms import caution
from par_engine.i18n.catalogue import Lang
from par_engine.publish.data import page_data
from par_engine.publish.past import Previous
from par_engine.publish.words import marked, so_far_words, waiting_words
from par_engine.results.assessment import Assessment, UnitResult

_SCRIPTS = ("words", "core", "charts", "league", "profile", "common", "years", "main")
_INERT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(
    assessment: Assessment,
    earlier: Sequence[Assessment] = (),
    previous: Previous | None = None,
    lang: Lang = "vi",
    waiting: Collection[str] = (),
) -> bytes:
    """The page of an assessment, the same bytes on every run.

    `earlier` are assessments of earlier stages by the same methodology, in order; `waiting` are units that have not
    reached the stage of `assessment`. `previous` are older reports, compared (see `past.Previous`).
    """
    data = inert(page_data(assessment, earlier, previous, waiting))
    style, script = _packed("page.css"), _script()
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    document = assessment.scheme.document
    title = document.title.get(lang)
    return "".join(
        (
            f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n',
            f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n",
            '<a id="skip" href="#main"></a>\n',
            f'<header><p id="first" role="note">{escape(_first_line(assessment, lang))}</p>\n',
            _BAR,
            f'<main id="main">{_without_script(assessment, lang, waiting)}</main>\n',
            f'<script type="application/json" id="data">{data}</script>\n<script>{script}</script>\n</body>\n</html>\n',
        )
    ).encode()


_BAR = (
    '<div class="bar-top"><div><nav id="nav" aria-label="·"></nav><div class="switch">'
    '<button type="button" data-lang="vi" lang="vi" aria-label="Tiếng Việt">VI</button>'
    '<button type="button" data-lang="en" lang="en" aria-label="English">EN</button>'
    '<button type="button" id="print"></button></div></div></div></header>\n'
)


def inert(value: Any) -> str:
    """A value as JSON that no HTML parser takes for anything but text."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "".join(_INERT.get(letter, letter) for letter in text)


def _packed(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _script() -> str:
    """The script as one function: its names stay its own."""
    return '(() => {\n"use strict";\n' + "".join(_packed(f"{name}.js") for name in _SCRIPTS) + "})();"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _first_line(assessment: Assessment, lang: Lang) -> str:
    document = assessment.scheme.document
    return caution(document.title, assessment.scheme.points_by_basis["reconstructed"], document.total.max, lang)


def _without_script(assessment: Assessment, lang: Lang, waiting: Collection[str]) -> str:
    """The league table for readers that run no script: archives, mail previews."""
    heads = ("Hạng", "Đơn vị", "Chỉ số") if lang == "vi" else ("Rank", "Unit", "Index")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    rows = "".join(
        f'<tr><td>{unit.rank or "—"}</td><th scope="row">{escape(marked(unit.name, unit.id in waiting))}</th>'
        f"<td>{_comma(unit.index, lang)}{_so_far(unit, lang)}</td></tr>\n"
        for unit in assessment.league()
    )
    title = escape(assessment.scheme.document.title.get(lang))
    table = f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"
    wait = waiting_words(assessment, waiting, lang)
    caution = f"<p>{escape(wait)}</p>\n" if wait else ""
    return f"<noscript>\n<h1>{title}</h1>\n{caution}{table}</noscript>"


def _so_far(unit: UnitResult, lang: Lang) -> str:
    return f" ({so_far_words(unit, lang)})" if so_far_words(unit, lang) else ""


def _comma(number: object, lang: Lang) -> str:
    text = "—" if number is None else str(number)
    return text.replace(".", ",") if lang == "vi" else text
