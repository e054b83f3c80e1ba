"""Names as people write them: one form for what is the same name, and how units are found by it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping


def fold(name: str) -> str:
    """The form in which two spellings of one name are equal: NFC, lower case, single spaces, plain hyphens.

    Accents count: `Hà Nam` and `Hà Nấm` stay different names.

    >>> fold("  THỪA  Thiên–Huế ")
    'thừa thiên-huế'
    """
    text = unicodedata.normalize("NFC", name).casefold()
    for dash in "‐‑‒–—−":
        text = text.replace(dash, "-")
    return unicodedata.normalize("NFC", " ".join(text.split()).replace(" - ", "-"))


def bare(name: str) -> str:
    """The folded name without accents, for hints and searching; never for deciding what a name means.

    >>> bare("Điện Biên")
    'dien bien'
    """
    decomposed = unicodedata.normalize("NFD", fold(name).replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def index(entries: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, str]:
    """Folded names to the id they stand for."""
    return {fold(name): key for key, names in entries for name in (key, *names)}
