"""What the head of an administrative document says (Decree 30): issuer, number, place, day, addressee, subject."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

FILL = "……"
"""What stands where something is still to be filled in."""
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
COMMITTEE = "Ủy ban nhân dân"


@dataclass(frozen=True)
class Letterhead:
    """The head of a document as it is printed; `parent` is the body above the `issuer`, "" when there is none."""

    parent: str
    issuer: str
    number: str
    place: str
    day: str

    @classmethod
    def filled(
        cls, issuer: str, parent: str = "", *, number: str = "", place: str = "", date: str = "", symbol: str = "BC"
    ) -> Letterhead:
        """The head with what is known, and with room for the rest; `date` is YYYY-MM-DD."""
        above = parent.upper()
        opening = COMMITTEE.upper() + " "
        if above.startswith(opening):  # whose committee it is stands on a line of its own
            above = opening.rstrip() + "\n" + above.removeprefix(opening)
        return cls(above, issuer.upper() or FILL, number or f"{FILL}/{symbol}-{FILL}", place or FILL, written_day(date))


def addressed(receivers: Sequence[str]) -> str:
    """The line that says to whom one receiver's document goes, or the first line of several."""
    return f"Kính gửi: {receivers[0]}" if len(receivers) == 1 else "Kính gửi:"


def listed(recipients: Sequence[str]) -> list[str]:
    """Recipients as they stand below a document: each with its mark, the last with a full stop."""
    return [text.rstrip(" ;.") + (";" if i < len(recipients) - 1 else ".") for i, text in enumerate(recipients)]


def written_day(text: str) -> str:
    """A date as administrative documents write it: two digits for days below 10 and the first two months."""
    if not text:
        return f"ngày {FILL} tháng {FILL} năm {FILL}"
    date = datetime.date.fromisoformat(text)
    month = f"{date.month:02d}" if date.month < 3 else str(date.month)
    return f"ngày {date.day:02d} tháng {month} năm {date.year}"
