"""Text that office documents can hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    """Text without the characters that no office document can hold; a tab becomes a space."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\t", " "))
