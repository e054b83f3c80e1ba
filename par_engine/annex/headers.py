"""Which columns of a table hold what, from the words of its header; every column is named as read or not read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from par_engine.annex.tables import Cell, Row
from par_engine.base.names import fold

ROLES = ("number", "title", "max", "assessed", "rules", "note")
TITLES = ("tiêu chí", "lĩnh vực", "tiêu chuẩn", "nội dung", "chỉ số", "chỉ tiêu", "nhiệm vụ")
MAXIMA = ("điểm tối đa", "điểm chuẩn", "thang điểm", "khung điểm", "số điểm", "mức điểm", "tối đa", "điểm")
_NUMBER = {"stt", "tt", "số tt", "số thứ tự", "mã", "mã số", "ký hiệu", "no", "no."}
_METHODS = ("cách đánh giá", "phương pháp", "phương thức", "hình thức", "cách thức", "nguồn điểm")
_RULES = ("cách tính", "cách chấm", "quy tắc", "cách cho điểm", "thang đánh giá", "nội dung chấm")
_SIGNED = re.compile(r"^((số|mức|phần) )?(điểm )?(bị )?(trừ|thưởng|cộng|phạt)( điểm)?( thêm)?(?!\w)|^chuẩn(?!\w)")
_MARKS = re.compile(r"^[\s(\[]*[ivx\d]{1,3}[\s)\]]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """The places of the columns, -1 for one that is not there, and the headers that were taken for them.

    `signed` are columns of points to add or take off, whose cells are asked about; `unread` the headers of all columns
    that nothing is read from.
    """

    number: int
    title: int
    max: int
    assessed: int = -1
    rules: int = -1
    note: int = -1
    taken: tuple[tuple[str, str], ...] = ()
    signed: tuple[tuple[int, str], ...] = ()
    unread: tuple[str, ...] = ()

    def places(self) -> set[int]:
        """The columns that are read."""
        return {getattr(self, role) for role in ROLES} | {place for place, _ in self.signed}


def role_of(text: str) -> str | None:
    """What a column with this header holds; `signed` for points to add or take off."""
    name = fold(text).strip(" .:*()")
    if not name or len(text) >= 120:
        return None
    if name in _NUMBER:
        return "number"
    if _SIGNED.match(name) and name not in ("chuẩn", "điểm chuẩn"):
        return "signed"
    if "điểm tối đa" in name or re.sub(r"\s*\([^()]*\)?$", "", name) in (*MAXIMA, "chuẩn", "max"):
        return "max"
    if name.startswith(("ghi chú", "chú thích", "chú giải")):
        return "note"
    if name.startswith(_RULES):
        return "rules"
    if name.startswith(_METHODS):
        return "assessed"
    if "tiêu chí" in name or "lĩnh vực" in name or name.startswith(TITLES) or name.startswith("tên tiêu chuẩn"):
        return "title"
    return None


def header(table: Sequence[Row]) -> tuple[int, Columns] | None:
    """The first row after the header, and the columns it names; a header may have several rows."""
    for i, row in enumerate(table[:15]):
        roles: dict[str, int] = {}
        for j, cell in enumerate(row):
            role = role_of(cell.text)
            better = role == "max" and "max" in roles and "tối đa" in fold(cell.text)
            if role is not None and role != "signed" and (role not in roles or better):
                roles[role] = j
        if not {"title", "max"} <= roles.keys() or all(_points(row, j) for j in roles.values()):
            continue
        heads = {j: cell.text for j, cell in enumerate(row) if cell.text}
        start = i + 1
        while start < len(table) and start <= i + 3 and _below(table[start], roles):
            for j, cell in enumerate(table[start]):
                if cell.text and not _MARKS.match(cell.text):
                    heads[j] = f"{heads[j]}: {cell.text}" if j in heads and j not in roles.values() else cell.text
                    role = role_of(cell.text)
                    if role not in (None, "signed", "max") and role not in roles and j not in roles.values():
                        roles[str(role)] = j
            start += 1
        if "number" not in roles:
            before = roles["title"] - 1
            roles["number"] = before if before >= 0 and before not in heads else -1
        return start, _columns(row, roles, heads)
    return None


def _columns(row: Row, roles: Mapping[str, int], heads: Mapping[int, str]) -> Columns:
    def said(j: int) -> str:
        return " ".join((row[j].text if j < len(row) and row[j].text else heads.get(j, "")).split())

    rest = {j: " ".join(text.split()) for j, text in sorted(heads.items()) if j not in roles.values()}
    signed = tuple((j, text) for j, text in rest.items() if role_of(text.rpartition(": ")[2]) == "signed")
    return Columns(
        **{role: roles.get(role, -1) for role in ROLES},
        taken=tuple((role, said(roles[role])) for role in ROLES if roles.get(role, -1) >= 0),
        signed=signed,
        unread=tuple(text for j, text in rest.items() if j not in dict(signed)),
    )


def _points(row: Row, j: int) -> bool:
    return j < len(row) and bool(re.search(r"\d", row[j].text))


def _below(row: Row, roles: Mapping[str, int]) -> bool:
    """A second header row: nothing under number, title and maximum but a word of a header; or numbers of columns."""
    texts = [cell.text.strip("() ") for cell in row if cell.text]
    if len(texts) > 2 and texts == [str(i) for i in range(1, len(texts) + 1)]:
        return True
    if any(at(row, roles[role]).text for role in ("number", "title") if roles.get(role, -1) >= 0):
        return False
    points = at(row, roles["max"]).text
    return bool(texts) and (not points or role_of(points) == "max") and not any(re.search(r"\d", t) for t in texts)


def at(row: Row, column: int) -> Cell:
    """The cell of a row in a column; an empty one where the row is shorter."""
    return row[column] if 0 <= column < len(row) else Cell("", row[0].at if row else "")
