"""Blank workbooks to fill in: the list of respondents, and the planned numbers of a round."""

from __future__ import annotations

from par_engine.api import Methodology
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.i18n.catalogue import entries, text
from par_engine.methodology.citing import full_name_of, index_name
from par_engine.survey.heads import HEADS

_ROWS = 300


def _subject(methodology: Methodology, unit: str | None) -> str:
    document = methodology.document
    names = {u.id: u.name for u in document.units}
    index = index_name(document)
    if unit is None:
        return index
    return text("survey.list", "of", "vi", index=index, whose=full_name_of(document, unit, names.get(unit, unit)))


def blank_list(methodology: Methodology, survey: str, unit: str | None) -> bytes:
    """A list without people: its groups can be chosen, and telephone numbers keep their zeros."""
    groups = methodology.document.surveys[survey].groups
    words = entries("survey.list", "vi")
    heads = [words["number"], *HEADS.values()]
    at = heads.index(HEADS["group"])
    body: list[list[Cell]] = [[None] * len(heads) for _ in range(_ROWS)]
    titles = [words["title"], _subject(methodology, unit)]
    people = Sheet(
        words["sheet"],
        heads,
        body,
        [6, 34, 28, 28, 36, 18, 30],
        titles,
        lists={at: f"='{HEADS['group']}'!$A$2:$A${len(groups) + 1}"},
        texts=frozenset(range(1, len(heads))),
    )
    listed: list[list[Cell]] = [[group.title.vi] for group in groups]
    return xlsx([people, Sheet(HEADS["group"], [HEADS["group"]], listed, [60])], "survey")


def blank_plan(methodology: Methodology, survey: str | None, unit: str | None) -> bytes:
    """A table of planned numbers with a row for each group; rows that stay without a number say nothing."""
    document = methodology.document
    names = {u.id: u.name for u in document.units}
    whose = None if unit is None else names.get(unit, unit)
    heads, bases = entries("survey.plan_heads", "vi"), entries("survey.bases", "vi")
    rows: list[list[Cell]] = [
        [whose, design.title.vi, group.title.vi, None, None, None]
        for id, design in document.surveys.items()
        if survey in (None, id)
        for group in design.groups
    ]
    titles = [text("survey.list", "plan", "vi"), _subject(methodology, unit)]
    lists = {list(heads).index("basis"): list(bases.values())}
    widths = [22, 34, 44, 12, 16, 60]
    return xlsx([Sheet(heads["planned"], list(heads.values()), rows, widths, titles, lists=lists)], "survey")
