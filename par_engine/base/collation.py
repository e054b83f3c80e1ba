"""Vietnamese alphabetical order: letters first, then the tone, syllable by syllable."""

from __future__ import annotations

import unicodedata

from par_engine.base.names import fold

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: place for place, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_OTHER = len(_LETTERS)
_DIGITS = -20

Syllable = tuple[tuple[int, ...], tuple[int, ...]]


def sort_key(name: str) -> tuple[tuple[Syllable, ...], str]:
    """What names are sorted by.

    >>> sorted(["Hải Phòng", "Đắk Lắk", "Hà Nam", "Dương"], key=sort_key)
    ['Dương', 'Đắk Lắk', 'Hà Nam', 'Hải Phòng']
    """
    text = fold(name)
    return tuple(_syllable(word) for word in text.replace("-", " ").split()), text


def _syllable(word: str) -> Syllable:
    letters: list[int] = []
    tones: list[int] = []
    for letter in unicodedata.normalize("NFC", word):
        base, tone = _apart(letter)
        if base in _ORDER:
            letters.append(_ORDER[base])
        elif base.isdecimal():
            letters.append(_DIGITS + unicodedata.decimal(base))
        else:
            letters.append(_OTHER + ord(base))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _apart(letter: str) -> tuple[str, int]:
    """A letter of the alphabet and its tone: `ậ` is `â` with the last tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = max((_TONES.get(mark, 0) for mark in parts), default=0)
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return base[:1] or letter, tone  # a tone without a letter stands for itself
