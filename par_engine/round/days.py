"""Days as entries and people write them, and the last good day of a task."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from par_engine.base.dates import HERE
from par_engine.base.dates import ZONE as ZONE
from par_engine.base.dates import day as day_from
from par_engine.base.dates import day_of as day_of
from par_engine.base.dates import now as now
from par_engine.base.problems import ParError, Problem, own_problem, quote
from par_engine.methodology.model import Task

_SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}", re.ASCII)
Clock = Callable[[], datetime]


def stamp(moment: datetime) -> str:
    """A moment as an entry carries it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_day(text: str, label: str) -> date:
    """A day as `YYYY-MM-DD` or `DD/MM/YYYY`, with the year in four digits. Raises ParError for anything else."""
    found = day_from(text)
    if found is None:
        raise ParError([no_day(text, label)])
    return found


def no_day(text: str, label: str) -> Problem:
    """The problem of a text that is no day."""
    what, vi = f"{quote(text)} is no day", f"{quote(text)} không phải là ngày"
    if _SHORT_YEAR.fullmatch(text.strip()):
        hint, hint_vi = "write the year with four digits: DD/MM/YYYY", "ghi năm đủ bốn chữ số: DD/MM/YYYY"
    else:
        hint, hint_vi = "YYYY-MM-DD or DD/MM/YYYY", "ghi DD/MM/YYYY, ví dụ 31/12/2000"
    return own_problem(label, "", "date", what, hint, "error", vi, hint_vi)


def say_moment(at: str, lang: str) -> str:
    """The time of an entry as people of the language write it: in Viet Nam's own time for Vietnamese."""
    if lang != "vi":
        return at
    try:
        moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone(HERE)
    except (ValueError, OverflowError):
        return at  # another program wrote it
    return f"{say_day(moment.date(), lang)} {moment:%H:%M}"


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
