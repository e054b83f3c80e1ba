"""The list of respondents for the Ministry, and the summary without personal data for the People's Committee."""

from __future__ import annotations

from par_engine.errors import DocumentError
from par_engine.sheets import Cell, Sheet, xlsx
from par_engine.survey.heads import HEADS
from par_engine.survey.respondents import Checked, by_group_and_agency
from par_engine.survey.writing import docx_bytes, new_document, paragraph, side_by_side, table
from par_engine.words import basis_words

LIST = "danh-sach-gui-bo.xlsx"
SUMMARY = "tong-hop-bao-cao.docx"
NUMBERS = "tong-hop-bao-cao.xlsx"


def hand_in(checked: Checked) -> dict[str, bytes]:
    """The three files by name. Refused while the list has errors; being late is said, and does not stop the list."""
    errors = [p for p in checked.problems if p.severity == "error" and p.code != "late"]
    if errors:
        raise DocumentError(errors)
    return {LIST: _list(checked), SUMMARY: _letter(checked), NUMBERS: _numbers(checked)}


def _title(checked: Checked) -> str:
    return checked.methodology.document.title.vi


def _list(checked: Checked) -> bytes:
    order = {group.id: i for i, group in enumerate(checked.groups)}
    rows = sorted(enumerate(checked.people.rows), key=lambda pair: (order[checked.group_of[pair[0]]], pair[0]))
    titles = {group.id: group.title.vi for group in checked.groups}
    body: list[list[Cell]] = [
        [n, titles[checked.group_of[i]], *(person.cells[c] for c in HEADS if c != "group")]
        for n, (i, person) in enumerate(rows, 1)
    ]
    heads = ["STT", *HEADS.values()]
    title = "DANH SÁCH ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC"
    return xlsx([Sheet("Danh sách", heads, body, [6, 34, 28, 28, 36, 16, 30], [title, _title(checked)])], "survey")


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
    titles = ["TỔNG HỢP ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC", _title(checked)]
    rows += [["", line, "", ""] for line in _basis_lines(checked)]
    return xlsx([Sheet("Tổng hợp", heads, rows, [8, 60, 12, 12], titles, sums)], "survey")


def _letter(checked: Checked) -> bytes:
    document = checked.methodology.document
    doc = new_document()
    unit = checked.unit or "……………………"
    left = [("ỦY BAN NHÂN DÂN", False), (unit.upper(), False), ("SỞ NỘI VỤ", True), ("Số: …/BC-SNV", False)]
    motto = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)]
    side_by_side(doc, left, [*motto, ("……, ngày … tháng … năm …", False)], [6, 10])
    paragraph(doc, "BÁO CÁO", bold=True, centre=True)
    paragraph(doc, "Danh sách thống kê đối tượng điều tra xã hội học", bold=True, centre=True)
    paragraph(doc, _title(checked), italic=True, centre=True)
    paragraph(doc, f"Kính gửi: Ủy ban nhân dân {unit}", centre=True)
    if document.plan is not None:
        plan = document.plan
        title = plan.title.vi
        paragraph(doc, f"Căn cứ {title};" if plan.decision is None else f"Căn cứ {plan.decision} ({title});")
    filled = sum(checked.count(group.id) > 0 for group in checked.groups)
    agencies = len({agency for _, agency in checked.agencies})
    text = f"Danh sách gồm {len(checked.people.rows)} người của {agencies} cơ quan"
    text += f", thuộc {filled}/{len(checked.groups)} nhóm"
    paragraph(doc, f"{text}, được gửi Bộ Nội vụ cùng lúc với báo cáo này.")
    if checked.task is not None:
        words = {"before": "trước ngày", "on_or_before": "chậm nhất ngày", "about": "khoảng ngày"}[checked.task.due_is]
        year, month, day = checked.task.due.split("-")
        late = " Danh sách được gửi sau thời hạn này." if checked.late else ""
        paragraph(doc, f"Thời hạn gửi Bộ: {words} {day}/{month}/{year}.{late}")
    rows, sums = summary_rows(checked)
    heads = ["STT", "Nhóm đối tượng, cơ quan", "Số người", "Kế hoạch"]
    table(doc, heads, [[str(cell) for cell in row] for row in rows], [1.5, 9.5, 2.5, 2.5], sums)
    paragraph(doc, "")
    for line in _basis_lines(checked):
        paragraph(doc, line, italic=True)
    paragraph(doc, "Báo cáo chỉ có số liệu thống kê, không có thông tin cá nhân.", italic=True)
    receivers = [("Nơi nhận:", True), ("- Như trên;", False), ("- Lưu: VT.", False)]
    signer = [("GIÁM ĐỐC", True), ("(Ký, ghi rõ họ tên, đóng dấu)", False)]
    side_by_side(doc, receivers, signer, [8, 8], centre_left=False)
    return docx_bytes(doc, "Tổng hợp đối tượng điều tra xã hội học")
