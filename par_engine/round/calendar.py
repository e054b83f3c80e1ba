"""A plan as iCalendar (RFC 5545): one all-day event on the last good day of each task, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from par_engine.i18n.catalogue import Lang
from par_engine.methodology.model import Document, Plan
from par_engine.round.days import say_due
from par_engine.round.plan import STATES, Standing

_ALARMS = (7, 1)
_BASIS = {
    "official": ("ngày chính thức", "an official date"),
    "derived": ("ngày suy ra từ văn bản chính thức", "a date derived from official documents"),
    "reconstructed": ("ngày dựng lại, không chính thức", "a reconstructed date, not official"),
}


def ics(document: Document, plan: Plan, standings: Sequence[Standing], lang: Lang) -> bytes:
    """The calendar. Its stamp is the day of the plan, or its first date: a clock would make each run another file."""
    return "".join(_folded(line) + "\r\n" for line in _lines(document, plan, standings, lang)).encode()


def _lines(document: Document, plan: Plan, standings: Sequence[Standing], lang: Lang) -> Iterator[str]:
    day = plan.date or min((standing.task.due for standing in standings), default="")
    stamp = day.replace("-", "") + "T000000Z"
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//par-engine//plan//EN" if lang == "en" else "PRODID:-//par-engine//plan//VI",
        "CALSCALE:GREGORIAN",
    )
    yield f"NAME:{escaped(plan.title.get(lang))}"
    yield f"X-WR-CALNAME:{escaped(plan.title.get(lang))}"
    for standing in standings:
        task, due = standing.task, say_due(standing.task, lang)
        done = f"[{STATES['done'][lang != 'vi']}] " if standing.state == "done" else ""
        said = [f"{task.who.get(lang)}: {due} ({_BASIS[task.basis][lang != 'vi']}).", *_note(standing, lang)]
        said.append(", ".join(filter(None, (plan.title.get(lang), plan.decision))) + ".")
        yield from ("BEGIN:VEVENT", f"UID:{task.id}@{document.id}.par-engine", f"DTSTAMP:{stamp}")
        yield f"DTSTART;VALUE=DATE:{standing.last:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{standing.last + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{escaped(f'{done}{task.title.get(lang)} ({due})')}"
        yield f"DESCRIPTION:{escaped(chr(10).join(said))}"
        yield "TRANSP:TRANSPARENT"
        if standing.state != "done":
            for days in _ALARMS:
                yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D")
                yield from (f"DESCRIPTION:{escaped(task.title.get(lang))}", "END:VALARM")
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _note(standing: Standing, lang: Lang) -> list[str]:
    return [standing.task.note.get(lang)] if standing.task.note is not None else []


def escaped(text: str) -> str:
    """A text as the value of a property: nothing in it ends the value or begins another property."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(c for c in text if c == "\t" or (c >= " " and c != "\x7f"))


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character."""
    out, room = [""], 75
    for c in line:
        size = len(c.encode())
        if size > room:
            out.append(" ")
            room = 74
        out[-1] += c
        room -= size
    return "\r\n".join(out)
