"""Words that names of agencies begin with."""

from __future__ import annotations

import re

KINDS = (
    "văn phòng", "thanh tra", "chi cục", "ban quản lý", "ban", "sở", "cục", "phòng", "trung tâm", "ủy ban", "uỷ ban",
    "hội đồng", "hội", "bộ", "viện", "công ty", "xã", "phường", "huyện", "thị xã", "thị trấn", "thành phố", "tỉnh",
)  # fmt: skip
_OTHERS = (
    "ubnd", "hđnd", "mttq", "mặt trận", "tòa án", "toà án", "trường", "bệnh viện", "đài phát thanh", "báo",
    "đoàn thanh niên", "liên đoàn", "liên minh", "công an", "kho bạc", "bảo hiểm", "ngân hàng", "chi nhánh",
    "hợp tác xã", "vụ", "tổng",
)  # fmt: skip
_OFFICE = re.compile(rf"^(?:{'|'.join((*KINDS, *_OTHERS))})\s+\w")


def is_office(text: str) -> bool:
    """Whether a text begins as names of agencies do; a person whose row lacks everything else must not become one.

    >>> is_office("Sở Tư pháp"), is_office("UBND xã Một"), is_office("Lê Thị Cúc")
    (True, True, False)
    """
    return _OFFICE.match(" ".join(text.lower().split())) is not None
