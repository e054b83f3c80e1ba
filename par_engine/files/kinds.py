"""What a file is by its content, to tell somebody who gave the wrong one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from par_engine.base.problems import fail
from par_engine.i18n.catalogue import Spoken, Term

_MOST = 16 * 2**20
"""Of a larger file only the form is told, not what stands in it."""
WORKBOOK = b"par-workbook-"
"""What the hidden sheet of an evidence workbook begins with."""
OLD = Term("file-kinds", "old-office")
"""A workbook that needs a password begins like one, too."""
_BEGINNINGS = {
    b"%PDF": Term("file-kinds", "pdf"),
    b"SQLite format 3": Term("file-kinds", "round"),
    b"PAR1": Term("file-kinds", "parquet"),
    b"\xd0\xcf\x11\xe0": OLD,
    b"\x89PNG": Term("file-kinds", "picture"),
    b"\xff\xd8\xff": Term("file-kinds", "picture"),
}
EVIDENCE = Term("file-kinds", "evidence")
REPORT = Term("file-kinds", "report")
METHODOLOGY = Term("file-kinds", "methodology")
JSON = Term("file-kinds", "json")
FORM = Term("file-kinds", "form")
EXCEL = Term("file-kinds", "excel")
WORD = Term("file-kinds", "word")
ARCHIVE = Term("file-kinds", "archive")
TABLE = Term("file-kinds", "table")


def called(ending: str) -> Term:
    """What a file is called by its ending, "" for none, as a value in a text."""
    return Term("files", "ending", (("ending", ending),)) if ending else Term("files", "no-ending")


def kind_of(data: bytes) -> Term | None:
    """What the content of a file is called; None for nothing that is known."""
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _package(data)
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data[:_MOST].decode("utf-16" if wide else "utf-8-sig", errors="replace").lstrip()
    if text[:1] in ("{", "["):
        try:
            return kind_of_document(json.loads(text))
        except (ValueError, RecursionError):
            return JSON
    return TABLE if text and "\x00" not in text[:1000] else None


def kind_of_document(document: Any) -> Term:
    """What a JSON document is by its keys."""
    if isinstance(document, Mapping):
        of = document.get("methodology")
        if isinstance(of, Mapping) and isinstance(document.get("units"), list):
            return REPORT
        if isinstance(of, str) and isinstance(document.get("units"), list):
            return EVIDENCE
        if isinstance(document.get("items"), list) and isinstance(document.get("settings"), Mapping):
            return METHODOLOGY
    return JSON


def _package(data: bytes) -> Term:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if "word/document.xml" in names:
                return WORD
            if "xl/workbook.xml" not in names:
                return ARCHIVE
            texts = "xl/sharedStrings.xml"
            if texts in names and parts.getinfo(texts).file_size <= _MOST and WORKBOOK in parts.read(texts):
                return FORM
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError):  # also of a packing that is not known
        return ARCHIVE
    return EXCEL


def kind_of_file(path: Path) -> Term | None:
    """The same of a file, of which no more is read than is needed; None for what cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST:
            return None
        return kind_of(path.read_bytes())
    except OSError:
        return None


def wrong_kind(label: str, kind: Spoken, wanted: Spoken, how: Spoken) -> NoReturn:
    """Raise for a file of another kind: what it is, what is wanted, and how one gets it."""
    fail("wrong-kind", label, kind=kind, wanted=wanted, how=how)
