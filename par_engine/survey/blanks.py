"""Blank workbooks to fill in: the list of respondents, and the planned numbers of a round."""

from __future__ import annotations

from par_engine.api import Methodology
from par_engine.base.types import Basis
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.methodology.citing import full_name_of, index_name
from par_engine.survey.heads import HEADS

_ROWS = 300
_GROUPS = "Nhóm đối tượng"
BASES: dict[Basis, str] = {"official": "chính thức", "derived": "suy ra", "reconstructed": "dựng lại"}


def _subject(methodology: Methodology, unit: str | None) -> str:
    document = methodology.document
    names = {u.id: u.name for u in document.units}
    whose = "" if unit is None else f" của {full_name_of(document, unit, names.get(unit, unit))}"
    return f"{index_name(document)}{whose}"


def blank_list(methodology: Methodology, survey: str, unit: str | None) -> bytes:
    """A list without people: its groups can be chosen, and telephone numbers keep their zeros."""
    groups = methodology.document.surveys[survey].groups
    heads = ["STT", *HEADS.values()]
    at = heads.index(HEADS["group"])
    body: list[list[Cell]] = [[None] * len(heads) for _ in range(_ROWS)]
    titles = ["DANH SÁCH ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC", _subject(methodology, unit)]
    people = Sheet(
        "Danh sách",
        heads,
        body,
        [6, 34, 28, 28, 36, 18, 30],
        titles,
        lists={at: f"='{_GROUPS}'!$A$2:$A${len(groups) + 1}"},
        texts=frozenset(range(1, len(heads))),
    )
    listed: list[list[Cell]] = [[group.title.vi] for group in groups]
    return xlsx([people, Sheet(_GROUPS, [HEADS["group"]], listed, [60])], "survey")


def blank_plan(methodology: Methodology, survey: str | None, unit: str | None) -> bytes:
    """A table of planned numbers with a row for each group; rows that stay without a number say nothing."""
    document = methodology.document
    names = {u.id: u.name for u in document.units}
    whose = None if unit is None else names.get(unit, unit)
    heads = ["Đơn vị", "Khảo sát", "Nhóm đối tượng", "Số lượng", "Căn cứ", "Nguồn"]
    rows: list[list[Cell]] = [
        [whose, design.title.vi, group.title.vi, None, None, None]
        for id, design in document.surveys.items()
        if survey in (None, id)
        for group in design.groups
    ]
    titles = ["SỐ LƯỢNG ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC THEO KẾ HOẠCH", _subject(methodology, unit)]
    lists = {heads.index("Căn cứ"): list(BASES.values())}
    return xlsx([Sheet("Số lượng", heads, rows, [22, 34, 44, 12, 16, 60], titles, lists=lists)], "survey")
