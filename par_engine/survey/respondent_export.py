"""The list of respondents for the Ministry, and the summary without personal data for the People's Committee."""

from __future__ import annotations

from par_engine.base.problems import DocumentError
from par_engine.base.terms import basis_words, day_words
from par_engine.files.docx_writing import Paper
from par_engine.files.letterhead import COMMITTEE, FILL, Letterhead, listed
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.i18n.catalogue import entries, text
from par_engine.methodology.citing import cited, index_name
from par_engine.survey.heads import HEADS
from par_engine.survey.respondents import Checked, by_group_and_agency

LIST = "danh-sach-gui-bo.xlsx"
SUMMARY = "tong-hop-bao-cao.docx"
NUMBERS = "tong-hop-bao-cao.xlsx"


def hand_in(checked: Checked) -> dict[str, bytes]:
    """The three files by name. Refused while the list has errors; being late is said, and does not stop the list."""
    if checked.faulty:
        raise DocumentError([p for p in checked.problems if p.severity == "error" and p.code != "late"])
    return {LIST: _list(checked), SUMMARY: _letter(checked), NUMBERS: _numbers(checked)}


def subject(checked: Checked) -> str:
    """What the list is for, and whose it is."""
    index = index_name(checked.methodology.document)
    return text("survey.list", "of", "vi", index=index, whose=checked.unit or FILL * 2)


def issuer(checked: Checked) -> list[str]:
    """Who hands the list in, as the lines above a table."""
    return [_committee(checked).upper(), text("survey.letter", "office", "vi").upper()]


def _committee(checked: Checked) -> str:
    return checked.committee or f"{COMMITTEE} {checked.unit or FILL * 2}"


def _list(checked: Checked) -> bytes:
    order = {group.id: i for i, group in enumerate(checked.groups)}
    rows = sorted(enumerate(checked.people.rows), key=lambda pair: (order[checked.group_of[pair[0]]], pair[0]))
    titles = {group.id: group.title.vi for group in checked.groups}
    body: list[list[Cell]] = [
        [n, titles[checked.group_of[i]], *(checked.handed(person, c) for c in HEADS if c != "group")]
        for n, (i, person) in enumerate(rows, 1)
    ]
    words = entries("survey.list", "vi")
    heads = [words["number"], *HEADS.values()]
    titles_above = [*issuer(checked), words["title"], subject(checked)]
    widths = [6, 34, 28, 28, 36, 16, 30]
    return xlsx([Sheet(words["sheet"], heads, body, widths, titles_above)], "survey")


def summary_rows(checked: Checked) -> tuple[list[list[str | int]], frozenset[int]]:
    """Groups with their agencies beneath them, and which rows are sums."""
    rows: list[list[str | int]] = []
    sums: set[int] = set()
    for n, (group, agencies) in enumerate(by_group_and_agency(checked), 1):
        sums.add(len(rows))
        planned = checked.planned.get(group.id)
        rows.append([str(n), group.title.vi, checked.count(group.id), "—" if planned is None else planned.number])
        rows += [[f"{n}.{k}", agency, number, ""] for k, (agency, number) in enumerate(agencies, 1)]
    known = len(checked.planned) == len(checked.groups)
    whole: str | int = sum(p.number for p in checked.planned.values()) if known else "—"
    sums.add(len(rows))
    rows.append(["", text("survey.list", "total", "vi"), len(checked.people.rows), whole])
    return rows, frozenset(sums)


def _basis_lines(checked: Checked) -> list[str]:
    """What the planned numbers are from; numbers that are not official say so."""
    said: dict[str, list[str]] = {}
    for group in checked.groups:
        planned = checked.planned.get(group.id)
        if planned is not None:
            known = basis_words(planned.basis, "vi")
            source = planned.source["vi"]
            basis = text("survey.list", "by", "vi", basis=known, source=source) if source else known
            said.setdefault(basis, []).append(group.title.vi)
    table = "survey.list", "planned"
    return [text(*table, "vi", groups="; ".join(groups), basis=basis) for basis, groups in said.items()]


def _numbers(checked: Checked) -> bytes:
    rows, sums = summary_rows(checked)
    words, heads = entries("survey.list", "vi"), list(entries("survey.summary_heads", "vi").values())
    titles = [*issuer(checked), words["summary"], subject(checked)]
    rows += [["", line, "", ""] for line in _basis_lines(checked)]
    return xlsx([Sheet(words["summary-sheet"], heads, rows, [8, 60, 12, 12], titles, sums)], "survey")


def _letter(checked: Checked) -> bytes:
    document, words = checked.methodology.document, entries("survey.letter", "vi")
    paper = Paper(words["subject"], "survey")
    committee = _committee(checked)
    paper.head(Letterhead.filled(words["office"], committee, number=f"{FILL}/{words['series']}"))
    paper.title(words["title"], words["of"].format(subject=words["subject"], index=subject(checked)))
    paper.addressed([committee])
    if document.plan is not None:
        plan = document.plan
        about = "" if plan.decision is None else words[_about(plan.title.vi)].format(title=plan.title.vi)
        paper.text(words["by"].format(plan=cited(plan), about=about))
    filled = sum(checked.count(group.id) > 0 for group in checked.groups)
    agencies = len({agency for _, agency in checked.agencies})
    people, groups = len(checked.people.rows), f"{filled}/{len(checked.groups)}"
    receiver = document.plan.receiver.vi if document.plan is not None and document.plan.receiver is not None else FILL
    told = {"people": people, "agencies": agencies, "groups": groups, "receiver": receiver}
    paper.text(words["report"].format(office=words["office"], **told))
    if checked.task is not None:
        due = words[checked.task.due_is].format(day=day_words(checked.task.due, "vi"))
        paper.text(f"{due} {words['late']}" if checked.late else due)
    rows, sums = summary_rows(checked)
    heads, widths = list(entries("survey.summary_heads", "vi").values()), [1.5, 9.5, 2.5, 2.5]
    table = paper.table(heads, widths, 12)
    for i, row in enumerate(rows):
        paper.row(table, [str(cell) for cell in row], widths, 12, bold=i in sums)
    paper.tight(paper.doc.add_paragraph())
    for line in _basis_lines(checked):
        paper.text(line, italic=True)
    paper.text(words["private"], italic=True)
    paper.end([f"- {line}" for line in listed([words["above"], words["kept"]])], [words["signed"]], "")
    paper.close()
    return paper.bytes()


def _about(title: str) -> str:
    return "issuing" if title.startswith(text("survey.letter", "plan", "vi")) else "named"
