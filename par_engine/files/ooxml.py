"""Office files as packages: what is hostile is refused when read, and what is written carries no clock."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime

from par_engine.base.problems import fail

EPOCH = datetime(2000, 1, 1)  # documents carry a date; a clock would make each run another file
_STAMP = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
MAX_OPEN = 200 * 2**20
"""What a package may unpack to: sheets are read row by row, so the largest lists of a survey fit."""
MAX_WHOLE = 20 * 2**20
"""What one part may unpack to that becomes a tree in memory, which takes twenty times its size."""
MAX_STRINGS = 60 * 2**20
MAX_RATIO = 200
"""Office files shrink to a tenth; what shrinks to less than a two-hundredth was made to."""
MAX_PARTS = 5_000
_SMALL = 2**20
_BY_ROW = re.compile(r"xl/worksheets/[^/]+\.xml")
_KEPT = re.compile(r"(?:word|ppt|xl)/(?:media|embeddings|fonts)/.*")
_OLD = b"\xd0\xcf\x11\xe0"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}[_\x00-\x08\x0b-\x1f\ufffe\uffff])")  # what XML cannot hold is escaped too
_MARK = "\ufdd0"  # no character: it stands for an escaped underscore until the package is finished
_STRINGS = "sharedstrings.xml"
_DTD = (b"<!DOCTYPE", b"<\0!\0D\0O\0C\0T", b"\0<\0!\0D\0O\0C\0T", b"<!ENTITY")


def bounded(parts: Sequence[zipfile.ZipInfo], label: str, most: int = MAX_OPEN) -> None:
    """Raise DocumentError for a package that unpacks to too much, before any of it is unpacked."""
    total = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or total > most:
        fail("too-large.bounded", label, total=total, parts=len(parts))
    for part in parts:
        name = part.filename.lstrip("/")
        limit = MAX_STRINGS if name.lower().endswith(_STRINGS) else MAX_OPEN if _BY_ROW.fullmatch(name) else MAX_WHOLE
        if part.file_size > limit and not _KEPT.fullmatch(name):
            fail("too-large.bounded-2", label, name=name, file_size=part.file_size)
        if part.file_size > _SMALL and part.file_size > MAX_RATIO * max(1, part.compress_size):
            fail("too-large.bounded-3", label, name=name, max_ratio=MAX_RATIO)


def inspect(data: bytes, label: str, most: int = MAX_OPEN) -> None:
    """Raise DocumentError for a package that no office program would write by itself, or that is none.

    `most` bytes are what it may unpack to.
    """
    if data[:4] == _OLD:
        fail("encrypted", label)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            bounded(parts, label, most)
            for part in parts:
                _part(archive, part, label)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        fail("damaged", label)


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, label: str) -> None:
    if part.filename.lower().endswith("vbaproject.bin"):
        fail("macros", label)
    if part.filename.endswith((".xml", ".rels")):
        with archive.open(part) as file:
            head = file.read(100_000)
            while file.read(2**20):  # to its end: the check sums are compared, and nothing is kept
                pass
        if any(mark in head for mark in _DTD):
            fail("hostile", label, filename=part.filename)


def escaped(text: str) -> str:
    """Text for a cell of XlsxWriter in which nothing that looks like an escape is read as one; `stable` completes it.

    XlsxWriter escapes by itself what XML cannot hold, but of two things that share an underscore only the first.
    """
    return _ALIKE.sub(_MARK, text.replace(_MARK, "\ufffd"))


def literal(data: bytes) -> bytes:
    """A workbook in which openpyxl finds `x005F_` where it stands: it takes that out of shared strings everywhere."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = [name for name in parts.namelist() if name.lower().endswith(_STRINGS)]
        if not any(b"x005F_" in parts.read(name) for name in names):
            return data
    # the inner one is what openpyxl takes out
    return stable(data, lambda name, part: part.replace(b"x005F_", b"xx005F_005F_") if name in names else part)


def unescaped(text: str) -> str:
    """Text as it was typed: office programs write signs that XML cannot hold as `_x000D_`."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def stable(data: bytes, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The same package without the time at which it was made; `change` may rewrite parts, given their names."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>" + _STAMP, content)
            if name.lower().endswith(_STRINGS):
                content = content.replace(_MARK.encode(), b"_x005F_")
            if change is not None:
                content = change(name, content)
            info = zipfile.ZipInfo(name, (*EPOCH.timetuple()[:6],))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, content)
    return out.getvalue()
