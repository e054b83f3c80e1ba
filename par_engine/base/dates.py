"""What day it is in Viet Nam, wherever the machine stands, and which one a text writes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

ZONE = "Asia/Ho_Chi_Minh"
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})([/.-])([0-9]{1,2})\5([0-9]{4})", re.ASCII)
HERE = timezone(timedelta(hours=7), ZONE)  # no summer time since the zone began: no time zone data is needed


def day(text: str) -> date | None:
    """A day as people write it, `31/12/2000`, or as documents do, `2000-12-31`, the year in four digits; else None.

    >>> day("31/12/2000") == day("2000-12-31"), day("31/12/00"), day("32/13/2000")
    (True, None, None)
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, number = (int(x) for x in found.group(*((1, 2, 3) if found[1] else (7, 6, 4))))
    try:
        return date(year, month, number)
    except ValueError:
        return None


def now() -> datetime:
    """The time of the machine, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day that a moment falls on in Viet Nam."""
    return moment.astimezone(HERE).date()
