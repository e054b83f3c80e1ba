"""A workbook back to evidence: cells are found by hidden keys, wherever rows, columns and sheets have moved."""

from __future__ import annotations

from collections.abc import Mapping

from par_engine.documents import fail
from par_engine.errors import EvidenceError, quote
from par_engine.names import fold
from par_engine.packages import inspect
from par_engine.tables import Table
from par_engine.workbook import words
from par_engine.workbook.cells import Cell, Grid, grid
from par_engine.workbook.rows import Known, Reading, read_sheet

MAX_OPEN = 32 * 2**20
"""What a workbook of ours may unpack to: it is kept as a whole, and a template of a province has a hundredth of it."""


def read(data: bytes, label: str) -> Table:
    """The evidence of a workbook as a table of one unit. Raises ParError with all problems, each with its cell."""
    inspect(data, label, MAX_OPEN)
    sheets = grid(data, label)
    known = _known(sheets, label)
    found = Reading(label, known)
    for name, sheet in sheets.items():
        if name != _meta_sheet(sheets):
            read_sheet(found, name, sheet)
    _gone(found)
    if found.problems:
        raise EvidenceError(found.problems)
    unit, stage = found.cover.get("unit", ""), found.cover.get("stage", "")
    for key, given, (what, vi) in (
        ("unit", unit, ("the unit is not named", "chưa ghi tên đơn vị")),
        ("stage", stage, ("the stage is empty", "chưa ghi giai đoạn")),
    ):
        if not given:
            hint, hint_vi = "fill it in on the first sheet", "ghi ở trang đầu"
            found.note(found.places.get(key, ""), key, what, hint, vi, hint_vi)
    if found.problems:
        raise EvidenceError(found.problems)
    found.columns["unit"] = [unit]
    labels = {fold(title): id for id, title in words.STAGES.items()} | known.stages
    places = dict(found.places)
    return Table(
        found.columns,
        1,
        lambda _, header: places.get(header, ""),
        labels.get(fold(stage), stage),
        methodology=known.single.get("methodology", ""),
        fingerprint=known.single.get("fingerprint", ""),
        note=found.cover.get("note", ""),
    )


def _gone(found: Reading) -> None:
    """Rows that the workbook was made with and no sheet has any more; one problem where a whole sheet is gone."""
    homes: dict[str, list[str]] = {}
    for key, home in found.known.rows.items():
        homes.setdefault(home, []).append(key)
    for home, keys in homes.items():
        gone = [key for key in keys if key not in found.seen]
        if len(gone) == len(keys) > 1:
            if home not in found.unread:
                what, vi = f'nothing is left of the sheet "{home}"', f"không còn dòng nào của trang “{home}”"
                hint, hint_vi = "take it from a new workbook", "lấy lại trang này từ biểu mới (par template, par split)"
                found.note("", "sheet-gone", what, hint, vi, hint_vi)
            continue
        for key in gone:
            kind, code, *rest = key.split(":", 2)
            title, title_vi = (f"the item {code}", f"mục {code}") if kind == "item" else (rest[0], f"số liệu {rest[0]}")
            what, vi = f"the row of {title} is gone", f"thiếu dòng của {title_vi}"
            hint, hint_vi = "take it from a new workbook", "lấy lại dòng này từ biểu mới (par template, par split)"
            found.note(home, "row-gone", what, hint, vi, hint_vi)


def _meta_sheet(sheets: Mapping[str, Grid]) -> str | None:
    for name, sheet in sheets.items():
        rows = sheet.rows
        if (
            rows
            and len(rows[0]) > 1
            and (rows[0][0].value, str(rows[0][1].value)[:13]) == ("format", words.FORMAT[:13])
        ):
            return name
    return None


def _known(sheets: Mapping[str, Grid], label: str) -> Known:
    name = _meta_sheet(sheets)
    if name is None:
        what, vi = (
            "this workbook was not made by par template or par split",
            "tệp này không phải biểu của par template, par split",
        )
        hint = "fill in one made by `par template ID -o FILE.xlsx`, or save the sheet as CSV UTF-8"
        hint_vi = "nhập vào biểu do `par template ID -o TỆP.xlsx` tạo, hoặc lưu trang tính dạng CSV UTF-8"
        fail(label, "not-a-template", what, hint, vi, hint_vi)
    out = Known()
    for row in sheets[name].rows:
        kind, key, id, shown = (str(c.value or "") for c in [*row, *[Cell("", "", 0, 0)] * 4][:4])
        if (kind == "row" and len(key.split(":")) < 2) or (kind in ("row", "fact", "option", "stage") and not key):
            what, vi = f"the hidden sheet {quote(name)} is damaged", f"trang ẩn {quote(name)} bị hỏng"
            fail(label, "damaged", what, "take a new template", vi, "tạo biểu mới bằng par template")
        if kind == "row":
            out.rows[key] = shown
            if id:
                out.ballots[key] = id.split(",")
        elif kind == "fact":
            out.types[key] = id
        elif kind == "option":
            fact, _, value = id.partition(":")
            out.options[fact, fold(shown)] = value
            out.labels.setdefault(fact, []).append(shown)
        elif kind == "stage":
            out.stages[fold(shown)] = id
        else:
            out.single[kind] = key
    if out.single["format"] != words.FORMAT:
        what, vi = f"the workbook is of another version: {out.single['format']}", "biểu thuộc phiên bản khác"
        fail(label, "format", what, "take a new template", vi, "tạo biểu mới bằng par template")
    return out
