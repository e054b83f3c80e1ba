"""Text that office documents can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # they turn the letters around them


def safe(text: str) -> str:
    """Text without what no office document can hold and without marks of direction; tabs are spaces, line ends \\n."""
    return _FORBIDDEN.sub("", _TURNING.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def safe_all(value: Any) -> Any:
    """The same value with every text in it made safe."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: safe_all(item) for key, item in value.items()}
    return [safe_all(item) for item in value] if isinstance(value, Sequence) else value
