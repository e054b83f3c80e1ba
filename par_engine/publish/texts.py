"""Text that office documents can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def safe(text: str) -> str:
    """Text without the characters that no office document can hold; a tab becomes a space."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def safe_all(value: Any) -> Any:
    """The same value with every text in it made safe."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: safe_all(item) for key, item in value.items()}
    return [safe_all(item) for item in value] if isinstance(value, Sequence) else value
