"""What the head of an administrative document says (Decree 30): issuer, number, place, day, addressee, subject."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from par_engine.model import Document, Plan, Unit
from par_engine.names import fold

FILL = "……"
"""What stands where something is still to be filled in."""
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
COMMITTEE = "Ủy ban nhân dân"
_GOVERNED = ("tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
_SHORT = {"thành phố": ("tp.", "tp "), "thị xã": ("tx.", "tx "), "thị trấn": ("tt.", "tt ")}
_KINDS = {
    "QĐ": "Quyết định", "NQ": "Nghị quyết", "CT": "Chỉ thị", "QC": "Quy chế", "TB": "Thông báo", "HD": "Hướng dẫn",
    "CTr": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án", "BC": "Báo cáo", "TTr": "Tờ trình",
}  # fmt: skip
"""The letters of a document's symbol and what it is; a symbol without them is that of an official letter."""


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


def full_name(unit: Unit) -> str:
    """A unit's name with its kind before it, as a sentence in Vietnamese has it."""
    if unit.kind is None:
        return unit.name
    for short in (unit.kind + " ", *_SHORT.get(unit.kind, ())):
        if fold(unit.name + " ").startswith(short):
            return f"{unit.kind} {unit.name[len(short) :].strip()}"
    return f"{unit.kind} {unit.name}"


def full_name_of(document: Document, id: str, name: str) -> str:
    """The same of a unit that is listed; of any other its own name."""
    return next((full_name(unit) for unit in document.units if unit.id == id), name)


def committee(unit: Unit) -> str:
    """The people's committee of a unit that has one; "" for any other."""
    return f"{COMMITTEE} {full_name(unit)}" if unit.kind in _GOVERNED else ""


def committee_of(document: Document, id: str) -> str:
    """The same of a unit by its id; "" for one that is not listed."""
    return next((committee(unit) for unit in document.units if unit.id == id), "")


def index_name(document: Document) -> str:
    """What the index of a methodology is called, without the units that its title names after "của các"."""
    return document.title.vi.partition(" của các ")[0]


def cited(plan: Plan) -> str:
    """A plan as documents cite it: the decision with number, day and issuer; its title where no decision is known."""
    if plan.decision is None or plan.date is None:
        return plan.title.vi
    letters = plan.decision.rpartition("/")[2].partition("-")[0]
    kind = _KINDS.get(letters, "Công văn")
    issuer = "" if plan.issuer is None else f" của {plan.issuer.vi}"
    return f"{kind} số {plan.decision} {written_day(plan.date)}{issuer}"


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
