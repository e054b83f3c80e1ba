"""What is handed in besides evidence: points of an appraisal and explanations, each row of a file checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from par_engine.api import Methodology
from par_engine.base.decimals import is_scaled, plain
from par_engine.base.names import fold
from par_engine.base.problems import EvidenceError, Problem, did_you_mean, fail, fail_own, pointer, quote
from par_engine.evidence.builder import Gatherer
from par_engine.evidence.readers import read_csv
from par_engine.evidence.value_parsing import Refused, number, typed
from par_engine.files.documents import canonical, parse_json, read_bytes
from par_engine.files.kinds import called
from par_engine.i18n.foreign_messages import said_vi
from par_engine.round.store import MAX_FILE

Kind = Literal["points", "explanations"]
COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    "points": ("unit", "item", "points", "reason"),
    "explanations": ("unit", "item", "text", "requested"),
}
_MAY_BE_EMPTY = ("reason", "requested")
WORDS = {
    "unit": "Đơn vị",
    "item": "Mục",
    "points": "Điểm",
    "reason": "Lý do",
    "text": "Giải trình",
    "requested": "Điểm đề nghị",
}
"""The columns as officers call them."""
SHOWN = {
    "title": "Tên mục",
    "max": "Điểm tối đa",
    "own": "Tự chấm",
    "stands": "Điểm hiện tại",
    "appraised": "Thẩm định",
    "because": "Lý do thẩm định",
}
"""Columns of a form that only show something; they are not read."""
HEADS = {
    fold(head): name
    for name, heads in {
        "unit": (),
        "item": ("Mã mục", "Tiêu chí"),
        "points": ("Điểm thẩm định",),
        "reason": ("Ý kiến thẩm định",),
        "text": ("Nội dung giải trình",),
        "requested": ("Đề nghị",),
    }.items()
    for head in (name, WORDS[name], *heads)
} | {fold(head): name for name, word in SHOWN.items() for head in (name, word)}
LONGEST = 10_000


@dataclass(frozen=True)
class Row:
    """One row: points with a reason, or a text with the points that are requested."""

    unit: str
    item: str
    points: Fraction | None
    text: str
    at: str

    def as_dict(self) -> dict[str, str | None]:
        """The row as JSON values."""
        points = None if self.points is None else plain(self.points)
        return {"unit": self.unit, "item": self.item, "points": points, "text": self.text}


def taken(path: Path) -> bytes:
    """The bytes of a file that goes into the round."""
    label = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        reason = error.strerror or "cannot be read"
        vi, hint_vi = f"không đọc được ({said_vi(reason)})", "kiểm tra lại đường dẫn"
        fail_own(label, "unreadable", reason, "check the path", vi, hint_vi)
    check_size(label, size)
    return read_bytes(path)


def check_size(label: str, size: int) -> None:
    """Refuse a file that is too large for the round."""
    if size > MAX_FILE:
        limit = MAX_FILE // 2**20
        fail("too-large.check-size", label, size=size, limit=limit)


def document(methodology: Methodology, kind: Kind, rows: list[Row]) -> bytes:
    """Checked rows in the one form in which the round keeps them."""
    return canonical({"methodology": methodology.id, kind: [row.as_dict() for row in rows]})


At = Callable[[str], str]
"""Where the cell of a column is; "" asks for the row."""
Cells = list[tuple[Mapping[str, Any], At]]


@dataclass
class Looked:
    """All that a file says: whole rows, the rows whose unit and item are known, every problem, sheets not read."""

    rows: list[Row]
    placed: list[Row]
    problems: Iterable[Problem]
    unread: Sequence[str] = ()


def read_rows(methodology: Methodology, data: bytes, name: str, kind: Kind) -> list[Row]:
    """All rows of a file. Raises EvidenceError with every problem."""
    found = look(methodology, data, name, kind)
    if problems := list(found.problems):
        raise EvidenceError(problems)
    return found.rows


def look(methodology: Methodology, data: bytes, name: str, kind: Kind, step: str = "") -> Looked:
    """All rows of a file and every problem of it; `step` is what a form must have been made for."""
    gather = Gatherer(methodology.scheme, name)
    ending = Path(name).suffix.lower()
    unread: Sequence[str] = ()
    if ending == ".csv":
        cells = _csv(gather, data, name, kind)
    elif ending == ".json":
        cells = _json(gather, data, name, kind)
    elif ending == ".xlsx":
        from par_engine.round.forms import read

        cells, unread = read(gather, data, name, kind, step)
    else:
        fail("unknown-format.look", name, ending=called(ending))
    out = Looked([], [], gather.problems, unread)
    first: dict[tuple[str, str], str] = {}
    column, words = ("points", "reason") if kind == "points" else ("requested", "text")
    for cell, at in cells:
        if ending != ".json" and not any(_written(cell.get(key)) for key in (column, words)):
            continue  # a row of a form in which nobody wrote anything: its item stands as it was
        before = len(gather.problems)
        row = _row(gather, cell, at, kind)
        if row is None:
            continue
        key = (fold(row.unit), row.item)
        if key in first:
            what, what_vi = f"{row.item} of {row.unit} stands twice", f"{row.item} của {row.unit} xuất hiện hai lần"
            hint_vi = f"lần đầu ở {first[key]}; chỉ giữ lại một"
            gather.note(at(""), "duplicate-row", f"{what}, first at {first[key]}", "keep one", what_vi, hint_vi)
        first.setdefault(key, at(""))
        out.placed.append(row)
        if len(gather.problems) == before:
            out.rows.append(row)
    if not out.rows and not gather.problems:
        gather.note("", "empty", "there are no rows", "one row an item", "không có dòng nào", "mỗi mục một dòng")
    return out


def _written(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())  # a 0 is written


def readable(text: str) -> bool:
    """Whether a text is nothing but what one can read: no control characters besides line ends and tabs."""
    odd = (c for c in text.replace("\r\n", "\n") if unicodedata.category(c) in ("Cc", "Cs"))
    return all(c in "\n\t" for c in odd)


def _csv(gather: Gatherer, data: bytes, name: str, kind: Kind) -> Cells:
    table = read_csv(data, Path(name))
    named = {head: HEADS.get(fold(head), head) for head in table.columns}
    heads = {name: head for head, name in named.items()}
    check_columns(gather, list(named.values()), "header", kind)
    out: Cells = []
    for i in range(table.rows):
        row = table.place(i, "").partition(",")[0]
        cells = {named[head]: column[i] for head, column in table.columns.items()}
        out.append((cells, _at_csv(row, heads)))
    return out


def _at_csv(row: str, heads: Mapping[str, str]) -> At:
    return lambda name: f"{row}, column {heads.get(name, name)}" if name else row


_OTHERS = {
    "units": ("this is evidence: par round submit", "đây là số liệu: nộp bằng par round submit"),
    "points": ("these are points: par round appraise", "đây là điểm thẩm định: ghi bằng par round appraise"),
    "explanations": ("these are explanations: par round explain", "đây là giải trình: nộp bằng par round explain"),
}


def _json(gather: Gatherer, data: bytes, name: str, kind: Kind) -> Cells:
    content = parse_json(data, name)
    form = f'{{"methodology": "{gather.scheme.document.id}", "{kind}": [{{"unit": …, "item": …}}]}}'
    if not isinstance(content, dict) or not isinstance(content.get(kind), list):
        for key, (other, other_vi) in _OTHERS.items():
            if isinstance(content, dict) and isinstance(content.get(key), list) and key != kind:
                what, vi = f"the document has no list of {kind}", f"tài liệu không có danh sách {kind}"
                fail_own(name, "form", what, other, vi, other_vi)
        fail("form.json", name, kind=kind, id=gather.scheme.document.id)
    if content.get("methodology") != gather.scheme.document.id:
        told = quote(content.get("methodology"))
        what, what_vi = f"it is for {told}, not for {gather.scheme.document.id}", f"tài liệu thuộc bộ tiêu chí {told}"
        gather.note("/methodology", "methodology", what, "take the right one", what_vi, "chọn đúng tài liệu")
        raise EvidenceError(gather.problems)  # alone: nothing in it would be understood
    for key in content:
        if key not in ("$schema", "methodology", "note", kind):
            _unknown(gather, pointer(key), key, (kind, "methodology", "note"))
    out: Cells = []
    for i, row in enumerate(content[kind]):
        at = pointer(kind, i)
        if not isinstance(row, dict):
            gather.note(at, "form", "a row is an object", form, "mỗi dòng phải là một đối tượng", form)
            continue
        for key in row:
            if key not in COLUMNS[kind]:
                _unknown(gather, at + pointer(key), key, COLUMNS[kind])
        out.append((row, _at_json(at)))
    return out


def _at_json(at: str) -> At:
    return lambda name: f"{at}/{name}" if name else at


def check_columns(gather: Gatherer, heads: list[str], at: str, kind: Kind) -> None:
    """Refuse a table whose columns are not those of its kind, by their names."""
    known = COLUMNS[kind]
    words = ", ".join(WORDS[name] for name in known)
    for head in heads:
        if head not in known and head not in SHOWN:
            near = did_you_mean(head, known)
            what, what_vi = f"{quote(head)} does not belong here", f"không đọc cột {quote(head)}"
            hint = near or f"known are {', '.join(known)}"
            gather.note(at, "unknown-key", what, hint, what_vi, "" if near else f"các cột: {words}")
    for name in known:
        count = heads.count(name)
        if count != 1 and (name not in _MAY_BE_EMPTY or count > 1):
            what, what_vi = f"column {name} stands {count} times", f"cột “{WORDS[name]}” có {count} lần"
            what_vi = f"thiếu cột “{WORDS[name]}”" if count == 0 else what_vi
            gather.note(at, "column", what, f"the columns are {', '.join(known)}", what_vi, f"các cột: {words}")
    if gather.problems:
        raise EvidenceError(gather.problems)


def _unknown(gather: Gatherer, at: str, key: str, known: tuple[str, ...]) -> None:
    hint = did_you_mean(key, known) or f"known are {', '.join(known)}"
    what, what_vi = f"{quote(key)} does not belong here", f"{quote(key)} không thuộc về chỗ này"
    gather.note(at, "unknown-key", what, hint, what_vi, "" if hint.startswith("did you") else ", ".join(known))


def _row(gather: Gatherer, cell: Mapping[str, Any], at: At, kind: Kind) -> Row | None:
    """A row whose unit and item are known; None without these."""
    unit = gather.unit(cell.get("unit"), at("unit"))
    item = _item(gather, cell.get("item"), at("item"))
    column, words = ("points", "reason") if kind == "points" else ("requested", "text")
    points = _points(gather, cell.get(column), item, at(column), needed=kind == "points")
    text = cell.get(words)
    if text is None and words == "reason":
        text = ""
    if not isinstance(text, str) or (words == "text" and not text.strip()):
        hint, vi = "say it in a sentence", "ghi rõ thành câu"
        gather.note(
            at(words),
            words,
            f"{words} is required" if not text else f"{words} is a text",
            hint,
            f"phải ghi {WORDS[words].lower()} bằng chữ",
            vi,
        )
        text = ""
    text = unicodedata.normalize("NFC", text.strip())
    if not readable(text):
        what, what_vi = f"{quote(text)} has control characters", f"{quote(text)} có ký tự điều khiển"
        gather.note(at(words), "control-characters", what, "write plain text", what_vi, "chỉ ghi chữ thường")
    if len(text) > LONGEST:
        what, what_vi = f"the text has {len(text)} characters", f"nội dung có {len(text)} ký tự"
        gather.note(
            at(words),
            "too-long",
            what,
            f"at most {LONGEST}; add a document",
            what_vi,
            f"tối đa {LONGEST}; đính kèm tài liệu",
        )
    if unit is None or item is None:
        return None
    return Row(unit, item, points, text, at(""))


def _item(gather: Gatherer, code: Any, at: str) -> str | None:
    scheme = gather.scheme
    if isinstance(code, str) and code.strip() in scheme.position:
        return code.strip()
    known = isinstance(code, str) and (code.strip() in scheme.items or code.strip() == "total")
    if known:
        leaves = ", ".join(scheme.under(str(code).strip())[:5])
        what, hint = f"{code} is a sum: its points come from its parts", f"name a leaf, such as {leaves}"
        vi = (f"{code} là mục cộng từ các mục con", f"ghi theo mục con, ví dụ {leaves}")
        gather.note(at, "not-a-leaf", what, hint, *vi)
    else:
        near = did_you_mean(str(code), scheme.position)
        gather.note(at, "unknown-item", f"there is no item {quote(code)}", near, f"không có mục {quote(code)}", "")
    return None


def _points(gather: Gatherer, value: Any, item: str | None, at: str, *, needed: bool) -> Fraction | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        if needed:
            gather.note(at, "points", "points are required", "0 is written 0", "phải ghi điểm", "0 điểm thì ghi 0")
        return None
    try:
        points = number(typed(value))
    except Refused as refused:
        gather.refuse(at, refused)
        return None
    if item is None:
        return None
    top, digits = gather.scheme.items[item].max, gather.scheme.document.settings.leaf_decimals
    shown = quote(str(value))
    if not 0 <= points <= top:
        what, what_vi = (
            f"{shown} is outside 0 to the maximum {plain(top)} of {item}",
            f"{shown} ngoài khoảng 0 đến {plain(top)} của {item}",
        )
        gather.note(at, "out-of-range", what, "check the points", what_vi, "kiểm tra lại điểm")
        return None
    if not is_scaled(points, digits):
        what, what_vi = f"{shown} has more than {digits} decimals", f"{shown} có quá {digits} chữ số thập phân"
        gather.note(at, "too-fine", what, "round the points", what_vi, "làm tròn điểm")
        return None
    return points
