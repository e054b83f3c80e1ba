"""Days as entries and people write them, and the last good day of a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from par_engine.days import ZONE as ZONE
from par_engine.days import day as day_from
from par_engine.days import day_of as day_of
from par_engine.days import now as now
from par_engine.documents import fail
from par_engine.errors import quote
from par_engine.model import Task

Clock = Callable[[], datetime]


def stamp(moment: datetime) -> str:
    """A moment as an entry carries it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_day(text: str, label: str) -> date:
    """A day as `YYYY-MM-DD` or `DD/MM/YYYY`."""
    return day_from(text) or _refuse_day(text, label)


def _refuse_day(text: str, label: str) -> date:
    fail(
        label,
        "date",
        f"{quote(text)} is no day",
        "YYYY-MM-DD or DD/MM/YYYY",
        f"{quote(text)} không phải là ngày",
        "ghi ngày/tháng/năm, năm đủ bốn chữ số",
    )


def last_day(task: Task) -> date:
    """The last day on which a task is in time: the day before, where it is due `before` a day."""
    due = date.fromisoformat(task.due)
    return due - timedelta(days=1) if task.due_is == "before" else due


def say_day(day: date | str, lang: str) -> str:
    """A day as people of the language write it."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day:%d/%m/}{day.year:04d}" if lang == "vi" else day.isoformat()


def say_due(task: Task, lang: str) -> str:
    """When a task is due, in words."""
    words = {
        "before": ("trước", "before"),
        "on_or_before": ("chậm nhất", "on or before"),
        "about": ("khoảng", "about"),
    }[task.due_is]
    return f"{words[lang != 'vi']} {say_day(task.due, lang)}"
