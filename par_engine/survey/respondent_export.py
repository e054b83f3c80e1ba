"""The list of respondents for the Ministry, and the summary without personal data for the People's Committee."""

from __future__ import annotations

from par_engine.base.problems import DocumentError
from par_engine.base.terms import basis_words, day_words
from par_engine.files.docx_writing import Paper
from par_engine.files.letterhead import COMMITTEE, FILL, Letterhead, listed
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.methodology.citing import cited, index_name
from par_engine.survey.heads import HEADS
from par_engine.survey.respondents import Checked, by_group_and_agency

LIST = "danh-sach-gui-bo.xlsx"
SUMMARY = "tong-hop-bao-cao.docx"
NUMBERS = "tong-hop-bao-cao.xlsx"
OFFICE = "Sở Nội vụ"
"""Who reports to a people's committee; in another language or country the letter is not used."""


def hand_in(checked: Checked) -> dict[str, bytes]:
    """The three files by name. Refused while the list has errors; being late is said, and does not stop the list."""
    if checked.faulty:
        raise DocumentError([p for p in checked.problems if p.severity == "error" and p.code != "late"])
    return {LIST: _list(checked), SUMMARY: _letter(checked), NUMBERS: _numbers(checked)}


def subject(checked: Checked) -> str:
    """What the list is for, and whose it is."""
    return f"{index_name(checked.methodology.document)} của {checked.unit or FILL * 2}"


def issuer(checked: Checked) -> list[str]:
    """Who hands the list in, as the lines above a table."""
    return [(checked.committee or f"{COMMITTEE} {checked.unit or FILL * 2}").upper(), OFFICE.upper()]


def _list(checked: Checked) -> bytes:
    order = {group.id: i for i, group in enumerate(checked.groups)}
    rows = sorted(enumerate(checked.people.rows), key=lambda pair: (order[checked.group_of[pair[0]]], pair[0]))
    titles = {group.id: group.title.vi for group in checked.groups}
    body: list[list[Cell]] = [
        [n, titles[checked.group_of[i]], *(checked.handed(person, c) for c in HEADS if c != "group")]
        for n, (i, person) in enumerate(rows, 1)
    ]
    heads = ["STT", *HEADS.values()]
    titles_above = [*issuer(checked), "DANH SÁCH ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC", subject(checked)]
    widths = [6, 34, 28, 28, 36, 16, 30]
    return xlsx([Sheet("Danh sách", heads, body, widths, titles_above)], "survey")


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
    rows.append(["", "Tổng cộng", len(checked.people.rows), whole])
    return rows, frozenset(sums)


def _basis_lines(checked: Checked) -> list[str]:
    """What the planned numbers are from; numbers that are not official say so."""
    said: dict[str, list[str]] = {}
    for group in checked.groups:
        planned = checked.planned.get(group.id)
        if planned is not None:
            known = basis_words(planned.basis, "vi")
            text = f"{known}, theo {planned.source['vi']}" if planned.source["vi"] else known
            said.setdefault(text, []).append(group.title.vi)
    return [f"Số kế hoạch của nhóm {'; '.join(groups)}: {text}." for text, groups in said.items()]


def _numbers(checked: Checked) -> bytes:
    rows, sums = summary_rows(checked)
    heads = ["STT", "Nhóm đối tượng, cơ quan", "Số người", "Kế hoạch"]
    titles = [*issuer(checked), "TỔNG HỢP ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC", subject(checked)]
    rows += [["", line, "", ""] for line in _basis_lines(checked)]
    return xlsx([Sheet("Tổng hợp", heads, rows, [8, 60, 12, 12], titles, sums)], "survey")


def _letter(checked: Checked) -> bytes:
    document = checked.methodology.document
    paper = Paper("Thống kê danh sách đối tượng điều tra xã hội học", "survey")
    committee = checked.committee or f"{COMMITTEE} {checked.unit or FILL * 2}"
    paper.head(Letterhead.filled(OFFICE, committee, number=f"{FILL}/BC-SNV"))
    paper.title("BÁO CÁO", f"Thống kê danh sách đối tượng điều tra xã hội học\nxác định {subject(checked)}")
    paper.addressed([committee])
    if document.plan is not None:
        plan = document.plan
        paper.text(f"Căn cứ {cited(plan)}{'' if plan.decision is None else _about(plan.title.vi)};")
    filled = sum(checked.count(group.id) > 0 for group in checked.groups)
    agencies = len({agency for _, agency in checked.agencies})
    text = f"{OFFICE} báo cáo: danh sách gồm {len(checked.people.rows)} người của {agencies} cơ quan, đơn vị"
    text += f", thuộc {filled}/{len(checked.groups)} nhóm đối tượng"
    receiver = document.plan.receiver.vi if document.plan is not None and document.plan.receiver is not None else FILL
    paper.text(f"{text}, được gửi {receiver} cùng lúc với báo cáo này.")
    if checked.task is not None:
        words = {"before": "trước ngày", "on_or_before": "chậm nhất ngày", "about": "khoảng ngày"}[checked.task.due_is]
        late = " Danh sách được gửi sau thời hạn này." if checked.late else ""
        paper.text(f"Thời hạn gửi: {words} {day_words(checked.task.due, 'vi')}.{late}")
    rows, sums = summary_rows(checked)
    heads, widths = ["STT", "Nhóm đối tượng, cơ quan", "Số người", "Kế hoạch"], [1.5, 9.5, 2.5, 2.5]
    table = paper.table(heads, widths, 12)
    for i, row in enumerate(rows):
        paper.row(table, [str(cell) for cell in row], widths, 12, bold=i in sums)
    paper.tight(paper.doc.add_paragraph())
    for line in _basis_lines(checked):
        paper.text(line, italic=True)
    paper.text("Báo cáo chỉ có số liệu thống kê, không có thông tin cá nhân./.", italic=True)
    paper.end([f"- {text}" for text in listed(["Như trên", "Lưu: VT"])], ["GIÁM ĐỐC"], "")
    paper.close()
    return paper.bytes()


def _about(title: str) -> str:
    return f" ban hành {title}" if title.startswith("Kế hoạch") else f" ({title})"
