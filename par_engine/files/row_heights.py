"""How many lines a text takes in a column of a workbook, measured in Times New Roman, and how high a row must be.

Not every program fits the height of a row when it opens a file: a row without one cuts what it holds, and one that
is far too high wastes paper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_WIDTHS = {
    180: "'", 200: "|", 250: " ,.·\u00a0", 278: "/:;\\ijlt", 333: "!()-I[]`fr’‘", 350: "•", 389: "Js", 408: '"',
    444: "?acez“”", 469: "^", 480: "{}", 500: "#$*0123456789_bdghknopquvxyđ–", 541: "~", 549: "≥≤±", 556: "FPS",
    564: "+<=>×−", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYwĐ", 778: "&m", 833: "%", 889: "M", 921: "@",
    944: "W",
}  # fmt: skip
"""Advance widths of characters in thousandths of the size; 1000 for any other."""
_WIDTH_OF = {ord(character): width for width, characters in _WIDTHS.items() for character in characters}
_BOLD = 1.06
"""Bold letters are that much wider, on the average."""
_PIXELS, _PADDING = 7, 5
"""A column of width 1 is 7 pixels of 96 to the inch; five of each column are margins."""
_CAREFUL = 0.97
"""What of a column is taken for use: programs hint and round the widths of letters."""
_TALLEST = 409.0
"""Points; no row is higher."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in pixels; marks above and below a letter take none."""
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    wide = sum(_WIDTH_OF.get(ord(c), 1000) for c in letters)
    return wide / 1000 * size * 96 / 72 * (_BOLD if bold else 1)


def lines_of(text: str, width: float, size: float, *, bold: bool = False, indent: int = 0) -> int:
    """The lines that a wrapped text takes in a column; broken at blanks, and within a word that is too long.

    >>> lines_of("Tỷ lệ hồ sơ được giải quyết đúng hạn", 38, 11), lines_of("a\\nb", 9, 12)
    (1, 2)
    """
    room = max(1.0, (width * _PIXELS - indent * 9) * _CAREFUL)
    blank = text_width(" ", size, bold=bold)
    count = 0
    for part in text.split("\n"):
        count += 1
        used = 0.0
        for word in part.split():
            long = text_width(word, size, bold=bold)
            if used and used + blank + long > room:
                count += 1
                used = 0.0
            else:
                used += blank if used else 0.0
            if long > room:
                broken = int(long // room)
                count += broken
                long -= broken * room
            used += long
    return count


def line_height(size: float) -> float:
    """The height of one line in points, as Excel has it for this size: 15 at 11, 15.75 at 12."""
    return max(15.0, round(size * 1.3125 * 4) / 4)


def row_height(cells: Iterable[tuple[str, float]], size: float, *, bold: bool = False, indent: int = 0) -> float | None:
    """The height in points of a row of texts and the widths of their columns; None where one line is enough.

    >>> row_height([("Sở Nội vụ", 20)], 11), row_height([("Ủy ban nhân dân các huyện, thị xã", 20)], 11)
    (None, 30.0)
    """
    most = max((lines_of(text, width, size, bold=bold, indent=indent) for text, width in cells), default=1)
    return None if most == 1 else min(_TALLEST, most * line_height(size))
