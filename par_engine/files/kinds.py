"""What a file is by its content, to tell somebody who gave the wrong one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from par_engine.base.problems import fail_own
from par_engine.base.types import Text
from par_engine.i18n.catalogue import Term

_MOST = 16 * 2**20
"""Of a larger file only the form is told, not what stands in it."""
WORKBOOK = b"par-workbook-"
"""What the hidden sheet of an evidence workbook begins with."""
OLD = Text(vi="tệp Office kiểu cũ (.xls, .doc)", en="an old Office file (.xls, .doc)")
"""A workbook that needs a password begins like one, too."""
_BEGINNINGS = {
    b"%PDF": Text(vi="tệp PDF", en="a PDF file"),
    b"SQLite format 3": Text(vi="tệp của một kỳ đánh giá (par round)", en="the file of a round (par round)"),
    b"PAR1": Text(vi="tệp Parquet", en="a Parquet file"),
    b"\xd0\xcf\x11\xe0": OLD,
    b"\x89PNG": Text(vi="tệp ảnh", en="a picture"),
    b"\xff\xd8\xff": Text(vi="tệp ảnh", en="a picture"),
}
EVIDENCE = Text(vi="tệp số liệu (JSON)", en="an evidence document (JSON)")
REPORT = Text(vi="báo cáo chấm điểm (JSON)", en="a report of par score (JSON)")
METHODOLOGY = Text(vi="bộ tiêu chí (JSON)", en="a methodology (JSON)")
JSON = Text(vi="tệp JSON khác", en="another JSON file")
FORM = Text(vi="biểu số liệu của par template (Excel)", en="an evidence workbook of par template (Excel)")
EXCEL = Text(vi="tệp Excel", en="an Excel workbook")
WORD = Text(vi="tệp Word", en="a Word document")
ARCHIVE = Text(vi="tệp nén", en="an archive")
TABLE = Text(vi="tệp CSV hoặc văn bản", en="a CSV or text file")


def called(ending: str) -> Term:
    """What a file is called by its ending, "" for none, as a value in a text."""
    return Term("files", "ending", (("ending", ending),)) if ending else Term("files", "no-ending")


def kind_of(data: bytes) -> Text | None:
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


def kind_of_document(document: Any) -> Text:
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


def _package(data: bytes) -> Text:
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
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return ARCHIVE
    return EXCEL


def kind_of_file(path: Path) -> Text | None:
    """The same of a file, of which no more is read than is needed; None for what cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST:
            return None
        return kind_of(path.read_bytes())
    except OSError:
        return None


def wrong_kind(label: str, kind: Text, wanted: Text, how: Text) -> NoReturn:
    """Raise for a file of another kind: what it is, what is wanted, and how one gets it."""
    what, vi = f"this is {kind.en}, not {wanted.en}", f"đây là {kind.vi}, không phải {wanted.vi}"
    fail_own(label, "wrong-kind", what, how.en, vi, how.vi)
