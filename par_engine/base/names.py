"""Names as people write them: one form for what is the same name, and how units are found by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

# where the mark of a tone stands in oa, oe, uy at the end of a syllable is a matter of taste: hoà, hòa
_TONES = {a: b for old, new in (("oà oá oả oã oạ", "òa óa ỏa õa ọa"), ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
          ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy")) for a, b in zip(old.split(), new.split(), strict=True)}  # fmt: skip
_TONED = re.compile(rf"(?<!q)(?:{'|'.join(_TONES)})(?!\w)")
_BODIES = ("", "ủy ban nhân dân ", "ubnd ")
_KINDS = ("", "tỉnh ", "thành phố ", "tp. ", "tp.", "tp ")
_BEFORE = re.compile(r"(?:ủy ban nhân dân |ubnd )?(?:tỉnh |thành phố |tp\.? ?)?")


def fold(name: str) -> str:
    """The form in which two spellings of one name are equal: NFC, lower case, single spaces, plain hyphens.

    Accents count: `Hà Nam` and `Hà Nấm` stay different names.

    >>> fold("  THỪA  Thiên–Huế "), fold("Hoà Bình") == fold("Hòa Bình")
    ('thừa thiên-huế', True)
    """
    text = unicodedata.normalize("NFC", name).casefold()
    for dash in "‐‑‒–—−":
        text = text.replace(dash, "-")
    text = unicodedata.normalize("NFC", " ".join(text.split()).replace(" - ", "-"))
    return text if text.isascii() else _TONED.sub(lambda found: _TONES[found[0]], text)


def bare(name: str) -> str:
    """The folded name without accents, for hints and searching; never for deciding what a name means.

    >>> bare("Điện Biên")
    'dien bien'
    """
    decomposed = unicodedata.normalize("NFD", fold(name).replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def index(entries: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, str]:
    """Folded names to the id they stand for, also with the words that papers put before a province's name.

    >>> [name for name in sorted(index([("a", ["Hà Nam"])])) if "tỉnh hà" in name]
    ['tỉnh hà nam', 'ubnd tỉnh hà nam', 'ủy ban nhân dân tỉnh hà nam']
    """
    names = {fold(name): key for key, given in entries for name in (key, *given)}
    found: dict[str, set[str]] = {}
    for name, key in names.items():
        base = _BEFORE.sub("", name, count=1)
        for before in (body + kind for body in _BODIES for kind in _KINDS):
            found.setdefault(before + base, set()).add(key)
    return {name: min(keys) for name, keys in found.items() if len(keys) == 1} | names


def slug(name: str) -> str:
    """The id that a name would have, without the words before it.

    >>> slug("UBND tỉnh Bà Rịa - Vũng Tàu")
    'ba-ria-vung-tau'
    """
    return re.sub(r"[^a-z0-9]+", "-", bare(_BEFORE.sub("", fold(name), count=1))).strip("-")
