"""The details of a report as a workbook: a form in Vietnamese to fill in, and what somebody wrote in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from par_engine.base.names import fold
from par_engine.base.problems import did_you_mean, pointer, quote
from par_engine.files.xlsx_reading import HEADER_ROWS, fault, opened, rows, text
from par_engine.files.xlsx_writing import Cell, Sheet, xlsx
from par_engine.publish.details import LISTS, TEXTS, Wrong

_LABELS = {
    "parent": ("Cơ quan cấp trên", "ví dụ: Ủy ban nhân dân tỉnh …"),
    "agency": ("Cơ quan ban hành", "ví dụ: Sở Nội vụ"),
    "place": ("Địa danh", "nơi ban hành, đứng trước ngày"),
    "number": ("Số, ký hiệu", "ví dụ: 12/BC-SNV"),
    "date": ("Ngày ban hành", "ngày/tháng/năm"),
    "receiver": ("Kính gửi", "để trống thì lấy theo kế hoạch"),
    "signer_title": ("Chức vụ người ký", "mỗi dòng một ô"),
    "signer": ("Người ký", "họ và tên"),
    "recipients": ("Nơi nhận", "mỗi nơi một ô"),
    "difficulties": ("Khó khăn, vướng mắc", "mỗi ý một ô"),
    "proposals": ("Đề xuất, kiến nghị", "mỗi ý một ô"),
}
_KEYS = {fold(label): key for key, (label, _) in _LABELS.items()}
_SAID, _WHY = "Nội dung", "Giải trình"
_HEADS = ("Mục", "Nội dung", "Cách ghi")
_WHY_HEADS = ("Mã", "Tiêu chí", "Còn thiếu", "Giải trình")
_LINES = 4
_WIDTH = 4


def form(gaps: Iterable[tuple[str, str, str]]) -> bytes:
    """An empty form; `gaps` are codes, titles and what is missing, to be explained."""
    lines: list[list[Cell]] = [
        [label, None, how if n == 0 else ""]
        for key, (label, how) in _LABELS.items()
        for n in range(_LINES if key in LISTS else 1)
    ]
    said = Sheet(
        _SAID,
        _HEADS,
        lines,
        [28, 70, 40],
        ["NỘI DUNG CỦA BÁO CÁO", "Ghi vào cột Nội dung; cần thêm ý thì chép thêm dòng."],
    )
    why = Sheet(
        _WHY, _WHY_HEADS, [[*gap, None] for gap in gaps], [10, 60, 50, 70], ["GIẢI TRÌNH CÁC TIÊU CHÍ CÒN THIẾU"]
    )
    return xlsx([said, why], "report")


def filled_form(data: bytes, label: str, places: dict[str, str], wrong: Wrong) -> dict[str, Any]:
    """The details of a filled form; `places` gets the cell of each."""
    out: dict[str, Any] = {}
    with opened(data, label, "report") as book:
        names = {fold(name): name for name in book.sheetnames}
        known = [name for name in (_SAID, _WHY) if fold(name) in names]
        if not known:
            what, vi = "this is no form of details", "đây không phải biểu mẫu nội dung báo cáo"
            wrong("", what, vi, "make one: --save-details-form", "tạo biểu mẫu: --save-details-form")
        for name in book.sheetnames:
            if fold(name) not in map(fold, (_SAID, _WHY)):
                what, vi = "this sheet is not read", "trang này không được đọc"
                hint, hint_vi = f"the sheets are {_SAID}, {_WHY}", f"các trang là {_SAID}, {_WHY}"
                wrong(name, what, vi, hint, hint_vi)
        for wanted in known:
            sheet = book[names[fold(wanted)]]
            heads = _HEADS if wanted == _SAID else _WHY_HEADS
            for n, cells in _under(sheet, label, heads, wrong):
                if wanted == _SAID:
                    _one(out, sheet.title, n, cells, label, places, wrong)
                else:
                    _explained(out, sheet.title, n, cells, label, places, wrong)
    return out


def _under(sheet: Any, label: str, heads: tuple[str, ...], wrong: Wrong) -> Iterator[tuple[int, Any]]:
    """The rows below the heads, with their numbers."""
    found = False
    for n, cells in enumerate(rows(sheet, label, _WIDTH), 1):
        texts = [fold(text(cell)) for cell in cells]
        if found:
            if any(texts):
                yield n, cells
        elif texts[: len(heads)] == [fold(head) for head in heads]:
            found = True
        elif n > HEADER_ROWS:
            break
    if not found:
        what, vi = "the heads of the form are not there", "không thấy dòng tiêu đề của biểu mẫu"
        hint = ", ".join(heads)
        wrong(sheet.title, what, vi, f"the heads are {hint}", f"các cột là {hint}")


def _read(cell: Any, label: str, place: str, wrong: Wrong) -> str:
    if (problem := fault(cell, label, place)) is not None:
        wrong(place, problem.what, problem.what_vi, problem.hint, problem.hint_vi)
        return ""
    return text(cell).strip()


def _one(out: dict[str, Any], sheet: str, n: int, cells: Any, label: str, places: dict[str, str], wrong: Wrong) -> None:
    """One line of the form: what it is about, and what was written."""
    at = f"{sheet}!B{n}"
    name, said = text(cells[0]).strip(), _read(cells[1], label, at, wrong)
    if not said:
        return
    key = _KEYS.get(fold(name))
    if key is None:
        near = did_you_mean(name, [one for one, _ in _LABELS.values()])
        wrong(f"{sheet}!A{n}", f"there is no detail {quote(name)}", f"không có mục {quote(name)}", near)
    elif key in LISTS:
        out.setdefault(key, []).append(said)
        places.setdefault(pointer(key), at)
    elif key in out:
        what, vi = f"{quote(name)} stands twice", f"{quote(name)} có hai lần"
        wrong(at, what, vi, "keep one", "chỉ giữ lại một")
    else:
        assert key in TEXTS
        out[key] = said
        places[pointer(key)] = at


def _explained(
    out: dict[str, Any], sheet: str, n: int, cells: Any, label: str, places: dict[str, str], wrong: Wrong
) -> None:
    """One item that lacks something, and why."""
    at = f"{sheet}!D{n}"
    said = _read(cells[3], label, at, wrong)
    if not said:
        return
    code = _read(cells[0], label, f"{sheet}!A{n}", wrong)
    if isinstance(cells[0].value, float):
        what, vi = (
            f"the code {code} is a number: 1.1 and 1.10 would be one",
            f"mã {code} là số: 1.1 và 1.10 sẽ thành một",
        )
        wrong(f"{sheet}!A{n}", what, vi, "type it as text", "ghi mã dạng chữ")
        return
    why = out.setdefault("explanations", {})
    if code in why:
        wrong(
            f"{sheet}!A{n}", f"{quote(code)} stands twice", f"{quote(code)} có hai lần", "keep one", "chỉ giữ lại một"
        )
    why[code] = said
    places[pointer("explanations", code)] = f"{sheet}!A{n}"
