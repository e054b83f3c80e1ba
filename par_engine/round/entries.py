"""Entries: what was done, by whom, when and why, each with the hash of the one before: none can be changed alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from par_engine.base.problems import Problem, own_problem
from par_engine.files.documents import canonical, sha256

START = "0" * 64
"""What the first entry has instead of the hash of the one before."""
What = Literal["init", "submit", "appraise", "explain", "survey", "done", "final"]
WHATS: Mapping[str, tuple[str, str]] = {
    "init": ("mở kỳ", "opened"),
    "submit": ("nộp tự đánh giá", "self-assessment handed in"),
    "appraise": ("thẩm định", "appraisal"),
    "explain": ("giải trình", "explanation"),
    "survey": ("kết quả khảo sát", "survey"),
    "done": ("việc đã xong", "tasks done"),
    "final": ("thẩm định lần cuối", "final appraisal"),
}
_KEYS: Mapping[str, Any] = {
    "number": int,
    "previous": str,
    "at": str,
    "by": str,
    "what": str,
    "why": str,
    "override": (dict, type(None)),
    "content": dict,
}
_FILE = {"name": str, "sha256": str, "size": int}
_ROWS = {"file": dict, "document": str, "units": list, "rows": int}
_CONTENT: Mapping[str, Mapping[str, Any]] = {
    "init": {
        "methodology": str,
        "fingerprint": str,
        "document": str,
        "distribution": (str, type(None)),
        "version": (str, type(None)),
        "engine": str,
        "units": list,
        "locks": dict,
    },
    "submit": {"file": dict, "document": str, "stage": str, "units": list, "papers": list},
    "appraise": _ROWS,
    "explain": _ROWS,
    "survey": {
        "file": dict,
        "document": str,
        "stage": str,
        "units": list,
        "ballots": (dict, type(None)),
        "papers": list,
    },
    "done": {"tasks": list, "undone": list},
    "final": _ROWS,
}


@dataclass(frozen=True)
class Entry:
    """One entry. `body` is its canonical JSON, `hash` the SHA-256 of that."""

    number: int
    previous: str
    at: str
    by: str
    what: str
    why: str
    override: Mapping[str, Any] | None
    content: Mapping[str, Any]
    body: bytes
    hash: str

    def as_dict(self) -> dict[str, Any]:
        """The entry as JSON values, with its hash."""
        return {**json.loads(self.body), "hash": self.hash}


def make(
    earlier: Sequence[Entry],
    what: What,
    who: tuple[str, str, str],
    content: Mapping[str, Any],
    override: Mapping[str, Any] | None = None,
) -> Entry:
    """The entry that follows `earlier`; `who` is the time, the person and the reason."""
    at, by, why = who
    previous = earlier[-1].hash if earlier else START
    fields = {"number": len(earlier) + 1, "previous": previous, "at": at, "by": by, "what": what, "why": why}
    return entry(canonical({**fields, "override": override, "content": content}))


def entry(body: bytes) -> Entry:
    """An entry from its body. Raises ValueError when that is not the canonical JSON of an entry."""
    fields = json.loads(body.decode())
    if not isinstance(fields, dict) or canonical(fields) != body:
        raise ValueError("not the canonical JSON of an entry")
    _form(fields, _KEYS)
    if fields["what"] not in WHATS:
        raise ValueError("an unknown kind of entry")
    content = fields["content"]
    _form(content, _CONTENT[fields["what"]])
    for file in (*([content["file"]] if "file" in content else []), *content.get("papers", ())):
        _form(file, _FILE)
    if content.get("ballots") is not None:
        _form(content["ballots"], _FILE)
    return Entry(**fields, body=body, hash=sha256(body))


def _form(fields: Any, kinds: Mapping[str, Any]) -> None:
    if not isinstance(fields, dict) or fields.keys() != kinds.keys():
        raise ValueError("not the parts of an entry")
    for key, kind in kinds.items():
        if not isinstance(fields[key], kind) or isinstance(fields[key], bool):
            raise ValueError(f"{key} is of another kind")


def check(label: str, rows: Iterable[tuple[int, str, bytes]]) -> tuple[list[Entry], list[Problem]]:
    """The entries of (number, hash, body) in their order, and all that breaks the chain."""
    found: list[Entry] = []
    problems: list[Problem] = []

    def bad(number: int, code: str, what: str, what_vi: str) -> None:
        hint, vi = "the entry is not as it was written", "bản ghi này không còn như khi ghi"
        problems.append(own_problem(label, f"/entry/{number}", code, what, hint, "error", what_vi, vi))

    previous = START
    for position, (number, noted, body) in enumerate(rows, 1):
        if number != position:
            bad(number, "chain-number", f"entry {position} is missing", f"thiếu bản ghi {position}")
        try:
            this = entry(body)
        except (ValueError, RecursionError) as error:
            reason = str(error).splitlines()[0][:100]
            bad(number, "entry-form", f"cannot be read: {reason}", f"không đọc được: {reason}")
            previous = noted
            continue
        if this.hash != noted:
            bad(number, "entry-hash", "its content does not give its hash", "nội dung không khớp mã băm")
        if this.number != number:
            bad(number, "entry-number", f"says it is entry {this.number}", f"tự ghi là bản ghi {this.number}")
        if this.previous != previous:
            bad(number, "chain-broken", "does not follow the entry before it", "không nối tiếp bản ghi liền trước")
        previous = noted
        found.append(this)
    if not found and not problems:
        bad(0, "no-entries", "there are no entries", "không có bản ghi nào")
    return found, problems


def files_of(entries: Iterable[Entry]) -> Iterator[tuple[int, str]]:
    """The SHA-256 of every stored file that entries name, with the number of the entry."""
    for this in entries:
        content = this.content
        named = [content.get("document"), (content.get("file") or {}).get("sha256")]
        named += [paper.get("sha256") for paper in content.get("papers", ())]
        yield from ((this.number, name) for name in named if isinstance(name, str))
