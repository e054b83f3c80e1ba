"""Documents as bytes: strict JSON in, canonical JSON out, files written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from par_engine.base.problems import DocumentError, fail, pointer, problem, quote
from par_engine.i18n.foreign_messages import Foreign

MAX_BYTES = 512 * 2**20
"""The largest file that is read: 512 MiB, about 20 million facts."""
MAX_SCHEME = 4 * 2**20
"""The largest methodology or assignment in one file: 4 MiB, ten thousand items or thirty thousand units."""
MAX_DEPTH = 60
MOST_MARKS = 4_000_000
"""Values that any JSON may have; one that has more has eight bytes for each, as evidence has."""
DENSEST = 8
_TO_ZERO = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
_MANY_DIGITS = b"0" * 40
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")  # half of a character, or the start of two halves
_MARKS = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)  # whole strings, so that their brackets do not count


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """The bytes of a file or pipe of reasonable size, `most` bytes; DocumentError when there is none."""
    label, most = path.name or str(path), MAX_BYTES if most is None else most
    try:
        if path.is_dir():
            fail("not-a-file", label)
        if path.is_file():
            _within(path.stat().st_size, label, most)
        with path.open("rb") as file:
            return read_stream(file, label, most)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        fail("unreadable.file", label, reason=Foreign(reason))


def read_stream(file: BinaryIO, label: str, most: int | None = None) -> bytes:
    """All that a stream still gives, unless that is too much: a pipe does not say beforehand how long it is."""
    most = MAX_BYTES if most is None else most
    data = file.read(most + 1)
    _within(len(data), label, most)
    return data


def _within(size: int, label: str, most: int) -> None:
    if size > most:
        # reading stopped one byte behind the limit
        entry = "too-large.stream" if size == most + 1 else "too-large.file"
        fail(entry, label, size=min(size, most) if entry == "too-large.stream" else size, limit=most // 2**20)


def text_of(data: bytes, label: str) -> str:
    """UTF-8 text with or without a byte order mark; UTF-16 only with one; anything else is refused with its place."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        fail("encoding.byte", label, start=error.start, encoding=encoding.removesuffix("-sig").upper())


def parse_json(data: bytes, label: str) -> Any:
    """JSON as plain values; numbers with a point become Decimal, so that no digit is lost.

    Refused, each with its place: equal keys in one object, NaN and infinities, nesting deeper than 60, numbers of
    more than 40 digits, and anything that is not JSON.
    """
    marks = data.count(b",") + data.count(b"[") + data.count(b"{")
    if marks > MOST_MARKS and marks * DENSEST > len(data):
        fail("too-dense", label, marks=marks, data=len(data))
    text = text_of(data, label)
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(items)
        if len(out) < len(items):
            seen: set[str] = set()
            for key, _ in items:
                if key in seen:
                    twice.append(key)
                seen.add(key)
        return out

    def constant(name: str) -> NoReturn:
        fail("not-a-number", label, name=name)

    def too_long(digits: str) -> NoReturn:
        fail("number-size", label, digits=quote(digits), digits_2=len(digits))

    def whole(digits: str) -> int:
        return int(digits) if len(digits) <= 40 else too_long(digits)

    def broken(digits: str) -> Decimal:
        return Decimal(digits) if len(digits) <= 40 else too_long(digits)

    careful = whole if _MANY_DIGITS in text.encode().translate(_TO_ZERO) else None  # None is far quicker
    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_constant=constant, parse_float=broken, parse_int=careful
        )
    except RecursionError:
        _too_deep(label)
    except json.JSONDecodeError as error:
        if _depth_of_text(text) > MAX_DEPTH:
            _too_deep(label)
        if "\x00" in text:
            fail("encoding", label)
        place = f"line {error.lineno}, column {error.colno}"
        fail("json", label, place, msg=Foreign(error.msg))
    if _is_deep(value):
        _too_deep(label)
    if _ESCAPED.search(text):
        _whole_characters(value, label)
    if twice:
        raise DocumentError(problem("duplicate-key", label, _find(value, key), key=quote(key)) for key in twice)
    return value


def _too_deep(label: str) -> NoReturn:
    fail("depth", label, max_depth=MAX_DEPTH)


def _whole_characters(value: Any, label: str) -> None:
    """Refuse halves of characters: JSON can escape them alone, and no file can hold what they would become."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start].encode("unicode_escape").decode()
        fail("encoding.whole-characters", label, half=half)


def _is_deep(value: Any) -> bool:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        parts = [part.values() if type(part) is dict else part for part in level]
        level = [inner for part in parts for inner in part if type(inner) is dict or type(inner) is list]
        if not level:
            return False
    return True


def _depth_of_text(text: str) -> int:
    """How deep a text that is no JSON goes, as far as it goes."""
    depth = deepest = 0
    for mark in _MARKS.finditer(text):
        if mark[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark[0] in "]}":
            depth -= 1
    return deepest


def _find(value: Any, key: str, at: tuple[str | int, ...] = ()) -> str:
    if isinstance(value, dict):
        if key in value:
            return pointer(*at, key)
        items = list(value.items())
    else:
        items = list(enumerate(value)) if isinstance(value, list) else []
    return next((found for k, v in items if (found := _find(v, key, (*at, k)))), "")


def canonical(value: Any) -> bytes:
    """The one byte form of a value: sorted keys, no spaces, NFC text, Decimals and floats as the digits they print."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return format(Decimal(repr(float(value))), "f")
    if getattr(value, "dtype", None) is not None:  # a numpy scalar counts as the Python value that it holds
        return _plain(value.item())
    return value


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_folder(folder: Traversable, label: str) -> dict[str, Any]:
    """The JSON files of a folder as one document: their keys put together, `$schema` apart; no key may stand twice."""
    out: dict[str, Any] = {}
    found: dict[str, str] = {}
    try:
        files = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        fail("unreadable", label, reason=Foreign(reason))
    if not files:
        fail("empty-folder.read-folder", label)
    for file in files:
        part = parse_json(file.read_bytes(), f"{label}/{file.name}")
        if not isinstance(part, dict):
            fail("json.read-folder", f"{label}/{file.name}")
        for key, value in part.items():
            if key == "$schema":
                continue
            if key in found:
                fail("duplicate-key.read-folder", f"{label}/{file.name}", f"/{key}", key=key, found=found[key])
            out[key], found[key] = value, file.name
    return out
