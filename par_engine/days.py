"""What day it is in Viet Nam, wherever the machine stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

ZONE = "Asia/Ho_Chi_Minh"
_HERE = timezone(timedelta(hours=7), ZONE)  # no summer time since the zone began: no time zone data is needed


def now() -> datetime:
    """The time of the machine, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day that a moment falls on in Viet Nam."""
    return moment.astimezone(_HERE).date()
