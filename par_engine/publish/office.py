"""PDF of office documents: LibreOffice lays them out as it would for a reader, and its clock is taken out again."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from par_engine.base.problems import fail, fail_own
from par_engine.files.ooxml import EPOCH

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "/opt/libreoffice/program/soffice",
)
_FILTER = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_FACE = re.compile(rb"/FontName ?/(?:[A-Z]{6}[+])?([A-Za-z0-9,-]+)")
_SIGNS = frozenset(("OpenSymbol", "Symbol", "Wingdings"))
_START, _EACH = 120, 30  # seconds
_DATES = re.compile(
    rb"(?<=Date\()D:[^)]{14,30}(?=\))|(?<=Date \()D:[^)]{14,30}(?=\))|(?<=Date>)[0-9][0-9T:Z+-]{15,30}(?=</xmp:)"
)
_MARKS = re.compile(
    rb"/ID ?\[ ?<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}> ?\]|/DocChecksum /[0-9A-Fa-f]{32}|uuid:[0-9A-Fa-f-]{36}"
)


def office() -> str | None:
    """Where LibreOffice is; None when it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def pdfs(documents: Mapping[str, bytes], label: str) -> dict[str, bytes]:
    """The PDF of each Word document, by the same names. Raises DocumentError, about `label`, when there is none."""
    program = office()
    if program is None:
        fail("no-office", label)
    with tempfile.TemporaryDirectory() as folder:
        return _convert(program, documents, Path(folder), label)


def mixed_faces(pdf: bytes, document: bytes) -> list[str]:
    """The faces of a PDF, where they are more than its document names: letters were taken from other ones.

    Such a PDF looks uneven, and some readers find no word in it that is set in two faces.
    """
    faces = {name.decode("ascii", "replace").split("-")[0].split(",")[0] for name in _FACE.findall(pdf)} - _SIGNS
    return sorted(faces) if len(faces) > max(1, len(_named(document))) else []


def _named(document: bytes) -> set[str]:
    """The fonts that the text of a document names, and that of its usual style."""
    names: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        texts = [
            part
            for part in package.namelist()
            if re.fullmatch(r"word/(document|header|footer|styles)[0-9]*\.xml", part)
        ]
        for part in texts:
            text = package.read(part).decode("utf-8", "replace")
            if "styles" in part:
                usual = re.search(r'<w:style [^>]*w:default="1"[^>]*w:styleId="Normal".*?</w:style>', text, re.DOTALL)
                text = usual[0] if usual else ""
            names |= set(re.findall(r'<w:rFonts [^>]*w:ascii="([^"]+)"', text))
    return names


def _convert(program: str, documents: Mapping[str, bytes], folder: Path, label: str) -> dict[str, bytes]:
    sources = {name: folder / f"{i}.docx" for i, name in enumerate(documents)}
    for name, path in sources.items():
        path.write_bytes(documents[name])
    # a profile of its own: LibreOffice refuses to start twice on one, and a user's settings would show
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [program, profile, "--headless", "--norestore", "--convert-to", _FILTER, "--outdir", str(folder)]
    seconds = _START + _EACH * len(documents)
    said = _run([*words, *map(str, sources.values())], seconds, label)
    out = {}
    for name, path in sources.items():
        made = path.with_suffix(".pdf")
        data = made.read_bytes() if made.exists() else b""
        if not data.startswith(b"%PDF-"):
            _refuse(label, f"LibreOffice made no PDF of {name}: {said[:200] or 'it says nothing'}")
        out[name] = steady(data)
    return out


def _run(words: list[str], seconds: int, label: str) -> str:
    # a group of its own: `soffice` is a script, and what it starts must end with it
    env = {**os.environ, "TZ": "UTC"}
    try:
        running = subprocess.Popen(  # noqa: S603 - the words are ours, the documents go by their own names
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, start_new_session=True
        )
    except OSError as error:
        _refuse(label, f"LibreOffice does not start: {error.strerror}")
    try:
        said = running.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        _refuse(label, f"LibreOffice took longer than {seconds} seconds")
    finally:
        if running.poll() is None:
            _end(running)
    return " ".join(said.decode(errors="replace").split())


def _end(running: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    running.communicate()


def steady(data: bytes) -> bytes:
    """A PDF whose dates stand still and whose identity is that of its content; no byte moves, so its index holds."""
    data = _DATES.sub(_still, data)
    blank = _MARKS.sub(lambda found: _filled(found[0], b"0" * 32), data)
    mark = hashlib.sha256(blank).hexdigest()[:32].upper().encode()
    return _MARKS.sub(lambda found: _filled(found[0], mark), blank)


def _still(found: re.Match[bytes]) -> bytes:
    digits = iter(EPOCH.strftime("%Y%m%d%H%M%S").encode())
    return bytes(next(digits, 48) if 48 <= letter <= 57 else letter for letter in found[0])


def _filled(text: bytes, mark: bytes) -> bytes:
    """The text with its hexadecimal runs written over by `mark`, over and over."""
    head, digits = (text[:5], text[5:]) if text.startswith(b"uuid:") else (b"", text)
    pattern = rb"[0-9A-Fa-f]+" if head else rb"[0-9A-Fa-f]{32}"
    return head + re.sub(pattern, lambda found: (mark * 2)[: len(found[0])], digits)


def _refuse(label: str, what: str) -> NoReturn:
    hint, hint_vi = "try again, or write .docx", "thử lại, hoặc ghi tệp .docx"
    fail_own(label, "office", what, hint, f"LibreOffice không tạo được bản PDF: {what}", hint_vi)
