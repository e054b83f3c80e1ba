"""Blocks: headings, paragraphs, lists and tables, written as Markdown and as one HTML page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from par_engine.i18n.catalogue import Lang


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 5; `anchor` names it within one page."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `mark` says that it is about numbers that are not official."""

    text: str
    mark: bool = False


@dataclass(frozen=True)
class Quote:
    """The words of the scheme itself."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list."""

    rows: Sequence[str]


@dataclass(frozen=True)
class Grid:
    """A table; every row has as many cells as there are heads."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Quote | Points | Grid


def markdown(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown: one line a row and paragraph, so that a review sees what changed."""
    return "\n".join(_markdown(block) for block in blocks)


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_plain(block.text)}\n"
    if isinstance(block, Paragraph):
        return f"{_plain(block.text)}\n"
    if isinstance(block, Quote):
        return f"> {_plain(block.text)}\n"
    if isinstance(block, Points):
        return "".join(f"- {_plain(row)}\n" for row in block.rows)
    lines = [block.heads, ["---"] * len(block.heads), *block.rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _plain(text: str) -> str:
    """Text in which nothing is taken for Markdown or HTML."""
    text = " ".join(text.split())
    text = re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", text)
    text = re.sub(r"^(\d+)([.)]\s)", r"\1\\\2", text)
    return re.sub(r"^(#{1,6}\s|[-+]\s|=+$)", r"\\\1", text)


def _cell(text: str) -> str:
    return text if text == "---" else _plain(text)


_STYLE = """
body{font:16px/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b1b1b;
max-width:62rem;margin:0 auto;padding:1rem 1.2rem;overflow-wrap:anywhere}
h1{font-size:1.6rem}h2{border-bottom:2px solid #b3261e;padding-bottom:.2rem;margin-top:2.4rem}
h3,h4,h5{margin:1.6rem 0 .3rem}h5{font-size:1rem}
table{border-collapse:collapse;margin:.8rem 0;width:100%}
th,td{border:1px solid #c9c9c9;padding:.3rem .55rem;text-align:left;vertical-align:top}th{background:#f3f1ec}
blockquote{margin:.3rem 0 .6rem;padding:.2rem .9rem;border-left:4px solid #c9a227;background:#fdfaf1}
.mark{color:#8a4b00}.mark:before{content:"? ";font-weight:bold}label{margin-right:1rem}
nav ul{columns:2;column-gap:2rem;padding-left:1.1rem}
#lang-vi:checked~main>.en,#lang-en:checked~main>.vi{display:none}
@media(max-width:40rem){nav ul{columns:1}table{display:block;overflow-x:auto}}
@media print{input,label,nav{display:none}h3,h4,h5{break-after:avoid}tr,blockquote{break-inside:avoid}}
"""


def html(title: str, pages: Mapping[Lang, Sequence[Block]]) -> str:
    """One page with all languages and a switch that needs no script; the first language is shown first."""
    first = next(iter(pages))
    names = {"vi": "Tiếng Việt", "en": "English"}
    switch = "".join(
        f'<input type="radio" name="lang" id="lang-{lang}"{" checked" if lang == first else ""}>'
        f'<label for="lang-{lang}">{names[lang]}</label>\n'
        for lang in pages
    )
    body = ""
    for lang, blocks in pages.items():
        body += f'<section class="{lang}" lang="{lang}">\n{_section(lang, blocks)}</section>\n'
    return (
        f'<!doctype html>\n<html lang="{first}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{switch}"
        f"<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _section(lang: str, blocks: Sequence[Block]) -> str:
    out, listed = [], False
    for block in blocks:
        out.append(_html(lang, block))
        if isinstance(block, Paragraph) and not listed:  # the contents stand after the first words
            listed = True
            links = [b for b in blocks if isinstance(b, Heading) and b.level in (2, 3) and b.anchor]
            items = "".join(f'<li><a href="#{lang}-{escape(b.anchor)}">{escape(b.text)}</a></li>\n' for b in links)
            out.append(f"<nav><ul>\n{items}</ul></nav>\n")
    return "".join(out)


def _html(lang: str, block: Block) -> str:
    if isinstance(block, Heading):
        anchor = f' id="{lang}-{escape(block.anchor)}"' if block.anchor else ""
        return f"<h{block.level}{anchor}>{escape(block.text)}</h{block.level}>\n"
    if isinstance(block, Paragraph):
        return f"<p{' class=mark' if block.mark else ''}>{escape(block.text)}</p>\n"
    if isinstance(block, Quote):
        return f"<blockquote>{escape(block.text)}</blockquote>\n"
    if isinstance(block, Points):
        return "<ul>\n" + "".join(f"<li>{escape(row)}</li>\n" for row in block.rows) + "</ul>\n"
    heads = "".join(f"<th>{escape(head)}</th>" for head in block.heads)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in block.rows)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
