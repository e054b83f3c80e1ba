"""What day it is in Viet Nam, wherever the machine stands, and which one a text writes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

ZONE = "Asia/Ho_Chi_Minh"
_HERE = timezone(timedelta(hours=7), ZONE)  # no summer time since the zone began: no time zone data is needed


def now() -> datetime:
    """The time of the machine, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day that a moment falls on in Viet Nam."""
    return moment.astimezone(_HERE).date()


_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TYPED = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")


def written(text: str) -> date | None:
    """The day that a text writes: year-month-day, or day, month and year of four digits as Viet Nam writes it.

    >>> str(written("2000-12-31")), str(written("5/6/2000")), written("32/13/2000"), written("5/6/00")
    ('2000-12-31', '2000-06-05', None, None)
    """
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        parts = iso[1], iso[2], iso[3]
    elif found := _TYPED.fullmatch(text):
        parts = found[4], found[3], found[1]
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None
