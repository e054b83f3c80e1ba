"""What a workbook says: the keys that the reader finds cells by, and the Vietnamese words that officers see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from par_engine.base.terms import stage_words

FORMAT = "par-workbook-1"
MARK = "par:"
"""Begins the hidden name of each column, so that columns are found wherever they have moved."""
HEAD = "head"
META = "par"

COLUMNS = (
    ("key", "", 0),
    ("code", "Mã", 8),
    ("title", "Tiêu chí / Số liệu", 38),
    ("how", "Cách chấm / Hướng dẫn", 32),
    ("max", "Điểm tối đa", 8),
    ("unit", "Đơn vị tính", 10),
    ("input", "Nhập số liệu", 18),
    ("stated", "Điểm đã ghi", 9),
    ("points", "Điểm", 9),
    ("result", "Kết quả", 21),
    ("outcome", "Trường hợp khác", 13),
    ("why", "Lý do, giải trình", 20),
    ("number", "Số, ký hiệu tài liệu", 15),
    ("date", "Ngày", 11),
    ("paper", "Tên tài liệu", 22),
    ("page", "Trang", 6),
    ("link", "Đường dẫn", 14),
)
ASKED = 52
"""The width of the column of questions."""
WIDTHS = {name: width for name, _, width in COLUMNS}
HELPERS = ("n", "raw", "p", "a", "m", "w", "na", "b", "x", "u", "v", "size", "band", "stream")
"""Columns of formulas, out of sight. What is beneath is only used where points are stated."""
STATING = ("q", "k", "room", "shut", "parts", "apart")


def survey_columns(options: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    """The columns of a survey's sheet that are shown: groups down, options (id and title) across."""
    return (
        ("key", "", 0),
        ("code", "Mã", 8),
        ("title", "Câu hỏi / Nhóm trả lời", ASKED),
        *((f"{CHOSEN}{id}", title, 12) for id, title in options),
        ("sum", "Cộng phiếu", 10),
        ("points", "Điểm", 9),
        ("result", "Kết quả", 22),
    )


def survey_at(options: Sequence[tuple[str, str]]) -> Mapping[str, int]:
    """All columns of a survey's sheet, from 0."""
    names = [name for name, _, _ in survey_columns(options)]
    return {name: i for i, name in enumerate([*names, *(f"n:{id}" for id, _ in options), "u", "v", "size", "band"])}


AT: Mapping[str, int] = {name: i for i, name in enumerate([c[0] for c in COLUMNS] + [*HELPERS, *STATING])}
"""The columns of a sheet as it is written, from 0."""
CHOSEN = "option:"
"""Begins the names of the columns of a survey's options; those of their whole numbers begin with `n:`."""
DOCUMENT = {"number": "number", "date": "date", "paper": "title", "page": "page", "link": "link"}
"""The columns of a supporting document and their keys in evidence."""

OUTCOMES = {"not_applicable": "không áp dụng", "pending": "chờ kết quả", "missing": "thiếu số liệu"}
STAGES = {stage: stage_words(stage, "vi") for stage in ("self-assessment", "appraisal")}
"""The stages that one may choose."""
YES, NO = "có", "không"
BASIS = {"official": "", "derived": " [số suy ra]", "reconstructed": " [số dựng lại, không chính thức]"}

LOST = {
    "zero": "Thiếu số liệu: 0 điểm",
    "exclude": "Thiếu số liệu: không tính vào tổng",
    "block": "Thiếu số liệu: chưa tính được tổng",
}
AWAITED, SOME_AWAITED, SOME_MISSING = "Chờ kết quả", "Còn chờ kết quả", "Còn thiếu số liệu"
NOT_APPLICABLE, ABOVE = "Không áp dụng", "Có mục chưa tính được ở đây"
INVALID = "Kiểm tra lại số liệu"
ELSEWHERE = "Chỉ tính bằng par score"
WITHIN = "Nằm trong điểm đã ghi"
DIFFERS = "Điểm đã ghi lệch với các phần"
UNCOMPARED = "Chưa đối chiếu được với các phần ở đây"
OTHERS = "Cần số liệu của cơ quan khác"
OWN = "Quy tắc riêng: chỉ tính bằng par score"
