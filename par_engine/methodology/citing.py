"""How administrative documents name what a methodology declares: units by their kind, the index, the plan."""

from __future__ import annotations

from par_engine.base.names import fold
from par_engine.files.letterhead import COMMITTEE, written_day
from par_engine.methodology.model import Document, Plan, Unit

_GOVERNED = ("tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
_SHORT = {"thành phố": ("tp.", "tp "), "thị xã": ("tx.", "tx "), "thị trấn": ("tt.", "tt ")}
_KINDS = {
    "QĐ": "Quyết định", "NQ": "Nghị quyết", "CT": "Chỉ thị", "QC": "Quy chế", "TB": "Thông báo", "HD": "Hướng dẫn",
    "CTr": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án", "BC": "Báo cáo", "TTr": "Tờ trình",
}  # fmt: skip
"""The letters of a document's symbol and what it is; a symbol without them is that of an official letter."""


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
