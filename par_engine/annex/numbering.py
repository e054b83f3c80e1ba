"""Numbers and bullets that Word makes itself: no text holds them, `numbering.xml` and the order of paragraphs do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from par_engine.annex.word import attribute, tag

UNKNOWN = "số tự động"
"""What stands for a number in a format that is not known here."""
_MOST = 10**6


@dataclass(frozen=True)
class _Level:
    start: int
    format: str
    text: str
    legal: bool
    restart: int | None


def numbers(document: Any) -> Mapping[Any, str]:
    """What Word shows before each numbered paragraph of a document; bullets are `-`.

    Lists of one definition go on counting together, as they do in Word; paragraphs deleted under tracking do not count.
    """
    lists = _Lists(document)
    return {p: said for p in document.element.body.iter("{*}p") if not _deleted(p) and (said := lists.take(p))}


def _deleted(p: Any) -> bool:
    for above in p.iterancestors():
        if tag(above) in ("del", "moveFrom"):
            return True
        if tag(above) == "tr" and above.find("{*}trPr/{*}del") is not None:
            return True
    return p.find("{*}pPr/{*}rPr/{*}del") is not None and not any(t.text for t in p.iter("{*}t"))


class _Lists:
    """The definitions of a document and how far each has counted."""

    def __init__(self, document: Any) -> None:
        self.styles = {attribute(style, "styleId"): style for style in document.styles.element.iter("{*}style")}
        related = document.part.rels.values()
        part = next((rel.target_part for rel in related if rel.reltype.endswith("/numbering")), None)
        root = None if part is None else part.element
        self.abstract: dict[str, Any] = {}
        self.lists: dict[str, Any] = {}
        for node in () if root is None else root:
            if tag(node) == "abstractNum":
                self.abstract[attribute(node, "abstractNumId")] = node
            elif tag(node) == "num":
                self.lists[attribute(node, "numId")] = node
        self.levels: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self.counted: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()

    def take(self, p: Any) -> str:
        """Count one paragraph; what stands before it, "" for nothing."""
        found = self._named(p)
        if found is None:
            return ""
        list_, depth = found
        abstract, levels, starts = self._levels(list_)
        level = levels.get(depth)
        if level is None:
            return UNKNOWN
        counts = self.counted.setdefault(abstract, {})
        if depth in starts and (list_, depth) not in self.begun:
            counts[depth] = starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self.begun.add((list_, depth))
        for deeper in [d for d in counts if d > depth]:
            rule = levels[deeper].restart if deeper in levels else None
            if rule is None or (rule and depth < rule):
                del counts[deeper]
        return self._text(level, depth, counts, levels)

    def _text(self, level: _Level, depth: int, counts: Mapping[int, int], levels: Mapping[int, _Level]) -> str:
        if level.format == "bullet":
            return "-"
        if level.format == "none":
            return "".join(level.text.split("%")[:1])
        out = level.text
        for d in range(depth + 1):
            if f"%{d + 1}" in out:
                other = levels.get(d)
                if other is None:
                    return UNKNOWN
                said = _written(counts.get(d, other.start), "decimal" if level.legal else other.format)
                if said is None:
                    return UNKNOWN
                out = out.replace(f"%{d + 1}", said)
        return out.strip()

    def _named(self, p: Any) -> tuple[str, int] | None:
        """The list and depth of a paragraph: its own, or those of its style."""
        own = p.find("{*}pPr/{*}numPr")
        list_, depth = _values(own)
        style = p.find("{*}pPr/{*}pStyle")
        id = attribute(style, "val") if style is not None else None
        seen: set[str] = set()
        while list_ is None and id is not None and id in self.styles and id not in seen:
            seen.add(id)
            node = self.styles[id]
            list_, of_style = _values(node.find("{*}pPr/{*}numPr"))
            if list_ is not None and depth is None:
                depth = of_style if of_style is not None else self._depth_of(list_, id)
            above = node.find("{*}basedOn")
            id = attribute(above, "val") if above is not None else None
        if list_ is None or list_ == "0" or list_ not in self.lists:
            return None
        return list_, depth or 0

    def _depth_of(self, list_: str, style: str) -> int | None:
        node = self._definition(list_)[1]
        for level in () if node is None else node.iter("{*}lvl"):
            named = level.find("{*}pStyle")
            if named is not None and attribute(named, "val") == style:
                return int(attribute(level, "ilvl") or 0)
        return None

    def _definition(self, list_: str) -> tuple[str, Any]:
        if list_ not in self.lists:
            return "", None
        node = self.lists[list_].find("{*}abstractNumId")
        id = attribute(node, "val") if node is not None else ""
        return id, self.abstract.get(id)

    def _levels(self, list_: str) -> tuple[str, dict[int, _Level], dict[int, int]]:
        if list_ not in self.levels:
            id, node = self._definition(list_)
            levels = dict(_read(node)) if node is not None else {}
            starts: dict[int, int] = {}
            for change in self.lists[list_].iter("{*}lvlOverride"):
                depth = int(attribute(change, "ilvl") or 0)
                begin = change.find("{*}startOverride")
                if begin is not None:
                    starts[depth] = _whole(attribute(begin, "val"), 1)
                levels |= dict(_read(change))
            self.levels[list_] = id, levels, starts
        return self.levels[list_]


def _values(node: Any) -> tuple[str | None, int | None]:
    if node is None:
        return None, None
    list_, depth = node.find("{*}numId"), node.find("{*}ilvl")
    return (
        attribute(list_, "val") if list_ is not None else None,
        _whole(attribute(depth, "val"), 0) if depth is not None else None,
    )


def _read(node: Any) -> Iterator[tuple[int, _Level]]:
    for level in node.iter("{*}lvl"):

        def value(name: str, otherwise: str, level: Any = level) -> str:
            found = level.find(f"{{*}}{name}")
            return otherwise if found is None else str(attribute(found, "val", otherwise))

        legal = level.find("{*}isLgl")
        restart = value("lvlRestart", "")
        yield (
            _whole(attribute(level, "ilvl"), 0),
            _Level(
                _whole(value("start", "0"), 0),
                value("numFmt", "decimal"),
                value("lvlText", ""),
                legal is not None and attribute(legal, "val", "1") not in ("0", "false"),
                _whole(restart, 0) if restart else None,
            ),
        )


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def _written(n: int, format: str) -> str | None:
    """A number in one of Word's formats; None for one that is not known."""
    if not 0 <= n < _MOST:
        return None
    if format == "decimal":
        return str(n)
    if format == "decimalZero":
        return f"{n:02d}"
    if format in ("lowerLetter", "upperLetter") and n:
        letter = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        said = letter if n <= 26 * 20 else None
    elif format in ("lowerRoman", "upperRoman") and 0 < n < 4000:
        said = _roman(n)
    else:
        return None
    return said.upper() if said and format.startswith("upper") else said


def _roman(n: int) -> str:
    out = ""
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    for value, sign in zip(
        values, ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"], strict=True
    ):
        out, n = out + sign * (n // value), n % value
    return out
