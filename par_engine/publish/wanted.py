"""What a template's marks make of a report's fields, paragraph by paragraph, to hold the finished report against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import nsmap

W = "{" + nsmap["w"] + "}"
Fields = Mapping[str, Any]
Test = tuple[Any, ...]


@dataclass
class Say:
    """A text that stays, or the value of a field."""

    text: str = ""
    name: str = ""
    of: str = ""


@dataclass
class Loop:
    """What is said for each entry of a list."""

    name: str
    entries: str
    body: list[Any] = field(default_factory=list)
    elements: int = 0


@dataclass
class Choice:
    """What is said when a test holds; the last test may be None: otherwise."""

    branches: list[tuple[Test | None, list[Any]]] = field(default_factory=list)


@dataclass
class Paragraph:
    """One paragraph, of texts and choices inside it."""

    body: list[Any] = field(default_factory=list)


def own_text(paragraph: Any) -> str:
    """The text of a paragraph, without that of paragraphs inside it (text boxes)."""
    return "".join(_own(paragraph))


def paragraphs(root: Any) -> list[str]:
    """The texts of all paragraphs of a part, in the order in which `Marks` says them."""
    out: list[str] = []
    _collect(root, out)
    return out


def _collect(element: Any, out: list[str]) -> None:
    for child in element:
        if child.tag == W + "p":
            out.append(own_text(child))
        if isinstance(child.tag, str):
            _collect(child, out)


def _own(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == W + "p" or not isinstance(child.tag, str):
            continue
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in (W + "br", W + "cr"):
            yield "\n"
        elif child.tag == W + "tab" and element.tag == W + "r":
            yield "\t"
        else:
            yield from _own(child)


# tests: or, and, not, what is compared


def either(tokens: list[Test]) -> Test | None:
    """The test that tokens begin with, which are taken away; None when they begin with none."""
    return _chain(tokens, "or", lambda rest: _chain(rest, "and", _plain))


def _chain(tokens: list[Test], word: str, part: Callable[[list[Test]], Test | None]) -> Test | None:
    parts = [part(tokens)]
    while tokens and tokens[0] == (word,):
        tokens.pop(0)
        parts.append(part(tokens))
    return None if None in parts else (word, *parts)


def _plain(tokens: list[Test]) -> Test | None:
    if not tokens:
        return None
    if tokens[0] == ("not",):
        tokens.pop(0)
        inner = _plain(tokens)
        return None if inner is None else ("not", inner)
    if tokens[0] == ("(",):
        tokens.pop(0)
        inner = either(tokens)
        return inner if inner is not None and tokens and tokens.pop(0) == (")",) else None
    left = tokens.pop(0)
    if left[0] not in ("name", "is"):
        return None
    if tokens and tokens[0][0] in ("==", "!="):
        sign = tokens.pop(0)[0]
        return (sign, left, tokens.pop(0)) if tokens and tokens[0][0] in ("name", "is") else None
    return left


def _holds(test: Test, known: Fields) -> Any:
    word = test[0]
    if word == "name":
        value = known[test[1]]
        return value[test[2]] if test[2] else value
    if word == "is":
        return test[1]
    if word == "not":
        return not _holds(test[1], known)
    if word in ("==", "!="):
        return (_holds(test[1], known) == _holds(test[2], known)) is (word == "==")
    parts = (bool(_holds(part, known)) for part in test[1:])
    return any(parts) if word == "or" else all(parts)


# what comes out


def work_out(nodes: Sequence[Any], known: dict[str, Any], out: list[str]) -> None:
    """Add the paragraphs that nodes make, or, inside a paragraph, the texts."""
    for node in nodes:
        if isinstance(node, Say):
            out.append(_said(node, known))
        elif isinstance(node, Paragraph):
            texts: list[str] = []
            work_out(node.body, known, texts)
            out.append("".join(texts))
        elif isinstance(node, Loop):
            entries = known[node.entries]
            for i, entry in enumerate(entries):
                n = len(entries)
                loop = {"index": i + 1, "first": i == 0, "last": i == n - 1, "length": n}
                work_out(node.body, {**known, node.name: entry, "loop": loop}, out)
        else:
            for test, body in node.branches:
                if test is None or _holds(test, known):
                    work_out(body, known, out)
                    break


def _said(node: Say, known: Fields) -> str:
    if not node.name:
        return node.text
    value = known[node.name]
    return str(value[node.of] if node.of else value)


def size(node: Any, fields: Fields) -> int:
    """The elements that a node makes at most."""
    if isinstance(node, Loop):
        inner = sum(size(part, fields) for part in node.body)
        return len(fields.get(node.entries, ())) * (node.elements + inner)
    if isinstance(node, Choice):
        return sum(size(part, fields) for _, body in node.branches for part in body)
    return sum(size(part, fields) for part in node.body) if isinstance(node, Paragraph) else 1
