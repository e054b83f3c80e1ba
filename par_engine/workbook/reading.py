"""A workbook back to evidence: cells are found by hidden keys, wherever rows, columns and sheets have moved."""

from __future__ import annotations

from collections.abc import Mapping

from par_engine.base.names import fold
from par_engine.base.problems import fail, problem, quote
from par_engine.base.terms import said_stage
from par_engine.evidence.from_table import Table
from par_engine.files.ooxml import inspect
from par_engine.workbook import words
from par_engine.workbook.cells import Cell, Grid, grid
from par_engine.workbook.rows import Known, Reading, called, read_sheet

MAX_OPEN = 32 * 2**20
"""What a workbook of ours may unpack to: it is kept as a whole, and a template of a province has a hundredth of it."""


def read(data: bytes, label: str) -> Table:
    """The evidence of a workbook as a table of one unit, with all that is wrong with its cells.

    Raises ParError for what is no workbook of ours.
    """
    inspect(data, label, MAX_OPEN)
    sheets = grid(data, label)
    known = _known(sheets, label)
    found = Reading(label, known)
    for name, sheet in sheets.items():
        if name != _meta_sheet(sheets):
            read_sheet(found, name, sheet)
    _gone(found)
    _explained(found)
    unit, stage = found.cover.get("unit", ""), found.cover.get("stage", "")
    for key, given, (what, vi) in (
        ("unit", unit, ("the unit is not named", "chưa ghi tên đơn vị")),
        ("stage", stage, ("the stage is empty", "chưa ghi giai đoạn")),
    ):
        at = found.places.get(key, "")
        if not given and at not in found.refused:
            hint, hint_vi = "fill it in on the first sheet", "ghi ở trang đầu"
            found.note(at, key, what, hint, vi, hint_vi)
    found.columns["unit"] = [unit]
    places = dict(found.places)
    return Table(
        found.columns,
        1,
        lambda _, header: places.get(header, ""),
        known.stages.get(fold(stage)) or said_stage(stage),
        methodology=known.single.get("methodology", ""),
        fingerprint=known.single.get("fingerprint", ""),
        note=found.cover.get("note", ""),
        problems=tuple(found.problems),
        sheets=tuple(sheets),
        remarks=tuple(found.remarks),
    )


def _explained(found: Reading) -> None:
    """Say of an explanation without any fact that the item counts as missing: an outcome may have been meant."""
    given = {header.partition(":")[0] if header.count(":") == 2 else header for header in found.columns}
    asked: dict[str, list[str]] = {}
    for key in found.known.rows:
        kind, code, *rest = key.split(":")
        if kind in ("fact", "ballots") and code:
            asked.setdefault(code, []).append(rest[0])
    for header, (text,) in found.columns.items():
        kind, _, code = header.partition(":")
        if kind == "explanation" and text and code in asked and not given.intersection(asked[code]):
            at = found.places[header]
            found.remarks.append(problem("explained", found.label, at, "warning", code=code))


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
            title, title_vi = called(found.known, key)
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
        fail("not-a-template", label)
    out = Known()
    for row in sheets[name].rows:
        kind, key, id, shown = (str(c.value or "") for c in [*row, *[Cell("", "", 0, 0)] * 4][:4])
        if (kind == "row" and len(key.split(":")) < 2) or (kind in ("row", "fact", "option", "stage") and not key):
            fail("damaged.known", label, name=quote(name))
        if kind == "row":
            out.rows[key] = shown
            if id:
                out.ballots[key] = id.split(",")
        elif kind == "fact":
            out.types[key], out.titles[key] = id, shown
        elif kind == "option":
            fact, _, value = id.partition(":")
            out.options[fact, fold(shown)] = value
        elif kind == "stage":
            out.stages[fold(shown)] = id
        else:
            out.single[kind] = key
    if out.single["format"] != words.FORMAT:
        fail("format", label, format=out.single["format"])
    return out
