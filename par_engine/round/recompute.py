"""Compute the figures of a bundle again from what was handed in, and hold them against those in it."""

from __future__ import annotations

import json
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from par_engine.api import Methodology, from_document, load
from par_engine.base.problems import ParError, PluginError, Problem, fail, fail_own, own_problem, quote
from par_engine.evidence import canonical
from par_engine.files.documents import MAX_BYTES, parse_json, sha256
from par_engine.i18n.foreign_messages import said_vi
from par_engine.round.bundle import SCORES, packed, readme, scores, with_origin
from par_engine.round.entries import Entry, check, files_of
from par_engine.round.handed import at_stage
from par_engine.round.state import State, replay
from par_engine.round.submissions import Kind, document, read_rows

_NO_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, ValueError,
           EOFError, LookupError, OverflowError)  # fmt: skip
"""What Python's reader of zip files stumbles over."""


@dataclass(frozen=True)
class Recomputed:
    """The outcome: the state, whether the figures are the same bytes, and every problem."""

    state: State
    methodology: Methodology
    same_bytes: bool
    problems: tuple[Problem, ...]


def recompute(path: Path) -> Recomputed:
    """Read a bundle, check it, and compute its figures again. Raises ParError when it is no bundle."""
    parts = _parts(path)
    try:
        return _recompute(path, parts)
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        reason = type(error).__name__
        fail("changed", path.name, reason=reason)


def _recompute(path: Path, parts: Mapping[str, bytes]) -> Recomputed:
    label = path.name
    lines = parts["entries.jsonl"].split(b"\n")
    if lines.pop() != b"":
        _bad(label, "entries.jsonl", "its last line has no end", "dòng cuối không kết thúc")
    rows = [(i, sha256(line), line) for i, line in enumerate(lines, 1)]
    entries, problems = check(label, rows)
    if problems:
        raise ParError(problems)
    if entries[0].content["fingerprint"] != sha256(parts["methodology.json"]):
        _bad(label, "methodology.json", "is not the one of the round", "không phải bộ tiêu chí của kỳ này")
    files = {name.removeprefix("files/"): data for name, data in parts.items() if name.startswith("files/")}
    for name, data in files.items():
        if sha256(data) != name:
            _bad(label, f"files/{name}", "its bytes do not give its name", "nội dung không khớp tên")
    named = {name for _, name in files_of(entries)} - {entries[0].content["fingerprint"]}
    if named != files.keys():
        odd = sorted(named ^ files.keys())[0]
        _bad(label, f"files/{odd}", "is missing or named by no entry", "bị thiếu hoặc không bản ghi nào nhắc đến")
    methodology = _methodology(label, parts["methodology.json"], entries[0])
    state = replay(entries, files.__getitem__)
    found = [problem for this in entries[1:] for problem in _read_again(label, methodology, this, files)]
    again = scores(methodology, state)
    same = {name: parts.get(name) for name in SCORES if name in parts} == again
    found += [
        _problem(label, name, "differs", "its figures are others", "con số không khớp")
        for name in SCORES
        if _figures(again.get(name), name) != _figures(parts.get(name), name)
    ]
    if parts["README.md"] != readme(entries).encode():
        found.append(_problem(label, "README.md", "differs", "is not as it was written", "không còn như khi ghi"))
    if not found and same and packed(parts) != path.read_bytes():
        found.append(
            _problem(label, "", "differs", "the archive is not as it was written", "gói không còn như khi ghi")
        )
    return Recomputed(state, methodology, same, tuple(found))


def _parts(path: Path) -> Mapping[str, bytes]:
    label = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > 2 * MAX_BYTES:
                vi = "gói quá lớn"
                most = 2 * MAX_BYTES // 2**20
                fail("too-large.parts", label, most=most)
            names = archive.namelist()
            parts = {name: archive.read(name) for name in names}
    except OSError as error:
        reason = error.strerror or "cannot be read"
        vi, hint_vi = f"không đọc được ({said_vi(reason)})", "kiểm tra lại đường dẫn"
        fail_own(label, "unreadable", reason, "check the path", vi, hint_vi)
    except _NO_ZIP as error:
        fail("not-a-bundle", label, error=quote(str(error), 200)[1:-1])
    known = ("README.md", "entries.jsonl", "methodology.json")
    odd = [n for n in names if n not in (*known, *SCORES) and not n.startswith("files/")]
    if len(parts) < len(names) or any(name not in parts for name in known) or odd:
        fail("not-a-bundle.parts", label)
    return parts


def _problem(label: str, at: str, code: str, what: str, vi: str) -> Problem:
    return own_problem(label, at, code, what, "ask for the bundle again", "error", vi, "xin lại gói")


def _bad(label: str, at: str, what: str, vi: str) -> None:
    raise ParError([_problem(label, at, "changed", what, vi)])


def _methodology(label: str, data: bytes, first: Entry) -> Methodology:
    """The methodology from the bundle; where it has rules of its own in Python, from the installed plugin."""
    raw: dict[str, Any] = parse_json(data, f"{label}: methodology.json")
    own = any("." in (item.get("rule") or {}).get("name", "") for item in raw["items"])
    if not own:
        return with_origin(from_document(raw), first)
    try:
        installed = load(raw["id"])
    except PluginError:
        installed = None
    if installed is None or installed.fingerprint != sha256(data):
        fail("needs-plugin", label, distribution=first.content["distribution"], version=first.content["version"])
    return with_origin(installed, first)


def _read_again(label: str, methodology: Methodology, this: Entry, files: Mapping[str, bytes]) -> list[Problem]:
    """Whether the file that was handed in still says what its normal form says."""
    content = this.content
    if this.what == "done":
        return []
    data, name = files[content["file"]["sha256"]], content["file"]["name"]
    try:
        if this.what in ("submit", "survey"):
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / f"evidence{Path(name).suffix}"
                copy.write_bytes(data)
                form = canonical.document(methodology.scheme, at_stage(methodology, copy, content["stage"]))
        else:
            kind: Kind = "explanations" if this.what == "explain" else "points"
            form = document(methodology, kind, read_rows(methodology, data, name, kind))
    except ParError as error:
        return list(error.problems)
    if sha256(form) == content["document"]:
        return []
    what, vi = f"{name} does not say what its normal form says", f"{name} không khớp dạng chuẩn"
    return [_problem(label, f"entry {this.number}", "differs", what, vi)]


def _figures(data: bytes | None, name: str) -> Any:
    """A report without the version of the engine that wrote it."""
    if data is None:
        return None
    try:
        report = json.loads(data)
        return {key: value for key, value in report.items() if key != "engine"}
    except (ValueError, AttributeError):
        return name
