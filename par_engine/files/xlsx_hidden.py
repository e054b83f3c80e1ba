"""What a workbook holds and nobody sees, or sees as taken back: hidden sheets, rows and columns, struck text, notes."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
_COLUMN = re.compile(rb"""<(?:\w+:)?col\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>(?:\s*<(?:\w+:)?v>(\d+)</)?")
_INLINE = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>(\s*<(?:\w+:)?is>.*?</(?:\w+:)?is>)", re.DOTALL)
_STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true)["'])?\s*/>""")
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?font>)", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\s[^>]*>")
_STRING = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL)
_NOTE = re.compile(rb"""<(?:\w+:)?(?:comment|threadedComment)\s[^>]*\bref=["']([A-Z]+)(\d+)["']""")
_REF = re.compile(rb"([A-Z]+)(\d+)")
_MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class Unseen:
    """Of one sheet; rows and columns count from 0."""

    hidden: bool
    rows: frozenset[int]
    columns: frozenset[int]
    struck: frozenset[tuple[int, int]]
    """Cells with text that is struck out, as a whole or in part."""
    notes: frozenset[tuple[int, int]]


def unseen(data: bytes) -> Mapping[str, Unseen]:
    """By the sheets' titles; nothing of what cannot be found in the package."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = {name.lower(): name for name in parts.namelist()}

        def part(name: str) -> bytes:
            return parts.read(names[name.lower()]) if name.lower() in names else b""

        book = next((t for kind, t in _targets(part("_rels/.rels"), "").values() if kind == "officeDocument"), "")
        folder = posixpath.dirname(book)
        related = _targets(part(_rels(book)), folder)
        styles = next((t for kind, t in related.values() if kind == "styles"), "")
        strings = next((t for kind, t in related.values() if kind == "sharedStrings"), "")
        struck_styles, struck_strings = _struck_styles(part(styles)), _struck_strings(part(strings))
        out = {}
        for tag in _SHEET.findall(part(book)):
            attributes = _attributes(tag)
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            kind, path = related.get(relation, ("", ""))
            if kind != "worksheet":
                continue
            content = part(path)
            cells = _struck(content, struck_styles, struck_strings)
            more = _targets(part(_rels(path)), posixpath.dirname(path)).values()
            notes = (m for kind, t in more if kind in ("comments", "threadedComment") for m in _NOTE.findall(part(t)))
            out[unescape(attributes.get("name", ""))] = Unseen(
                attributes.get("state", "visible") != "visible",
                frozenset(_hidden_rows(content)),
                frozenset(_hidden_columns(content)),
                frozenset(cells),
                frozenset((int(row) - 1, _place(column)) for column, row in notes),
            )
        return out


def _rels(path: str) -> str:
    return posixpath.join(posixpath.dirname(path), "_rels", posixpath.basename(path) + ".rels")


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): (a or b).decode("utf-8", "replace") for key, a, b in _ATTRIBUTE.findall(tag)}


def _targets(rels: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """The relations of a part by their ids: the last word of their type, and the part that they lead to."""
    out = {}
    for tag in _RELATION.findall(rels):
        found = _attributes(tag)
        target = unescape(found.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        out[found.get("Id", "")] = (found.get("Type", "").rpartition("/")[2], path)
    return out


def _hidden_rows(content: bytes) -> Iterator[int]:
    for tag in _ROW.findall(content):
        number = _attributes(tag).get("r", "")
        if number.isdigit():
            yield int(number) - 1


def _hidden_columns(content: bytes) -> Iterator[int]:
    for tag in _COLUMN.findall(content):
        found = _attributes(tag)
        first, last = found.get("min", ""), found.get("max", "")
        if first.isdigit() and last.isdigit():
            yield from range(int(first) - 1, min(int(last), _MOST_COLUMNS))


def _struck_styles(styles: bytes) -> frozenset[int]:
    """The places in `cellXfs` of the styles whose font is struck through."""
    fonts = styles.partition(b"</fonts>")[0] if b"</fonts>" in styles else styles
    struck = {i for i, font in enumerate(_FONT.findall(fonts)) if _STRIKE.search(font)}
    xfs = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    if not struck or xfs is None:
        return frozenset()
    fonts_of = (_attributes(xf).get("fontId", "") for xf in _XF.findall(xfs[0]))
    return frozenset(i for i, font in enumerate(fonts_of) if font.isdigit() and int(font) in struck)


def _struck_strings(strings: bytes) -> frozenset[int]:
    if not _STRIKE.search(strings):
        return frozenset()
    return frozenset(i for i, string in enumerate(_STRING.findall(strings)) if _STRIKE.search(string))


def _struck(content: bytes, styles: frozenset[int], strings: frozenset[int]) -> Iterator[tuple[int, int]]:
    if _STRIKE.search(content):
        for attributes, text in _INLINE.findall(content):
            ref = _REF.fullmatch(_attributes(b" " + attributes).get("r", "").encode())
            if ref is not None and _STRIKE.search(text):
                yield int(ref[2]) - 1, _place(ref[1])
    for attributes, value in _CELL.findall(content) if styles or strings else ():
        found = _attributes(b" " + attributes)
        style, ref = found.get("s", ""), _REF.fullmatch(found.get("r", "").encode())
        whole = style.isdigit() and int(style) in styles
        part = found.get("t") == "s" and value != b"" and int(value) in strings
        if ref is not None and (whole or part):
            yield int(ref[2]) - 1, _place(ref[1])


def _place(letters: bytes) -> int:
    n = 0
    for c in letters:
        n = n * 26 + c - 64
    return n - 1
