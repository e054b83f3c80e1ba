"""What a workbook says: the keys that the reader finds cells by, and the Vietnamese words that officers see."""

from __future__ import annotations

from collections.abc import Mapping

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
    ("input", "Nhập số liệu", 14),
    ("points", "Điểm", 9),
    ("result", "Kết quả", 16),
    ("outcome", "Trường hợp khác", 13),
    ("why", "Lý do", 20),
    ("number", "Số, ký hiệu tài liệu", 15),
    ("date", "Ngày", 11),
    ("paper", "Tên tài liệu", 22),
    ("page", "Trang", 6),
    ("link", "Đường dẫn", 14),
)
WIDTHS = {name: width for name, _, width in COLUMNS}
HELPERS = ("n", "raw", "p", "a", "m", "w", "na", "b", "x", "u", "v", "size", "band")
AT: Mapping[str, int] = {name: i for i, name in enumerate([c[0] for c in COLUMNS] + list(HELPERS))}
"""The columns of a sheet as it is written, from 0."""
DOCUMENT = {"number": "number", "date": "date", "paper": "title", "page": "page", "link": "link"}
"""The columns of a supporting document and their keys in evidence."""

OUTCOMES = {"not_applicable": "không áp dụng", "pending": "chờ kết quả", "missing": "thiếu số liệu"}
STAGES = {"self-assessment": "tự đánh giá", "appraisal": "thẩm định"}
YES, NO = "có", "không"
BASIS = {"official": "", "derived": " [số suy ra]", "reconstructed": " [số dựng lại, không chính thức]"}

INVALID = "Kiểm tra lại số liệu"
ELSEWHERE = "Chỉ tính bằng par score"
OTHERS = "Cần số liệu của cơ quan khác"
OWN = "Quy tắc riêng: chỉ tính bằng par score"
