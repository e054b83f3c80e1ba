"""The plan of a round on a day: what is late, what is due, and the calendar and workbook that are written of it."""

import io
import zipfile
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import EARLY, LATE, PLAN, methodology, scheme, task

import par_engine as par
from par_engine.base.extras import hint
from par_engine.round.calendar import _folded, escaped, ics
from par_engine.round.days import day_of, last_day, read_day, say_due, stamp
from par_engine.round.plan import plan_of, standings

PLAN_ = plan_of(methodology().document)


def states(day: str, *done: str) -> dict[str, tuple[str, int]]:
    return {s.task.id: (s.state, s.left) for s in standings(PLAN_, date.fromisoformat(day), done)}


def test_before_a_day_is_late_on_that_day() -> None:
    assert states("2030-01-31")["hand-in"] == ("due", 0)
    assert states("2030-02-01")["hand-in"] == ("late", -1)
    assert states("2030-02-01", "hand-in")["hand-in"] == ("done", -1)


def test_on_or_before_a_day_is_in_time_on_that_day() -> None:
    assert states("2030-04-01")["say"] == ("due", 0)
    assert states("2030-04-02")["say"] == ("late", -1)


def test_soon_begins_two_weeks_before() -> None:
    assert states("2030-01-16")["hand-in"] == ("next", 15)
    assert states("2030-01-17")["hand-in"] == ("due", 14)


def test_tasks_stand_by_their_last_good_day() -> None:
    found = standings(PLAN_, date(2030, 1, 1))
    assert [s.task.id for s in found] == ["hand-in", "say", "about"]
    assert [say_due(s.task, "vi") for s in found] == [
        "trước 01/02/2030",
        "chậm nhất 01/04/2030",
        "khoảng 01/06/2030",
    ]


def test_a_day_is_a_day_in_viet_nam() -> None:
    assert (day_of(EARLY), day_of(LATE)) == (date(2030, 1, 31), date(2030, 2, 1))
    assert stamp(LATE) == "2030-01-31T17:00:00Z"


def test_an_unknown_task_is_named() -> None:
    with pytest.raises(par.ParError) as caught:
        standings(PLAN_, date(2030, 1, 1), ["hand-on", "x"])
    assert [p.text() for p in caught.value.problems] == [
        '--done: the plan has no task "hand-on" — did you mean "hand-in"?',
        '--done: the plan has no task "x" — the tasks are hand-in, say, about',
    ]
    assert caught.value.problems[1].text("vi") == (
        '--done: kế hoạch không có nhiệm vụ "x" — các nhiệm vụ: hand-in, say, about'
    )


def test_a_methodology_without_a_plan_says_so() -> None:
    without = {key: value for key, value in scheme().items() if key != "plan"}
    with pytest.raises(par.ParError, match=r"tiny /plan: tiny has no plan — add one to its data: plan\.json"):
        plan_of(par.from_document(without).document)


@pytest.mark.parametrize("text", ["2030-13-01", "1/2", "20300101", "2030-1-1", "30/02/2030", "", "٢٠٣٠-01-01"])
def test_a_day_that_is_none(text: str) -> None:
    with pytest.raises(par.ParError) as caught:
        read_day(text, "--today")
    assert caught.value.problems[0].code == "date"


def test_days_are_read_in_two_ways() -> None:
    assert read_day("2030-10-05", "") == read_day("5/10/2030", "") == date(2030, 10, 5)


def test_an_approximate_date_locks_nothing() -> None:
    plan = PLAN | {"tasks": [task("x", "2030-02-01", "about", locks="submit")]}
    with pytest.raises(par.ParError, match="/plan/tasks/0: an approximate date locks nothing"):
        methodology(plan=plan)


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_the_calendar() -> None:
    found = standings(PLAN_, date(2030, 1, 1), ["say"])
    data = ics(methodology().document, PLAN_, found, "en")
    assert data == ics(methodology().document, PLAN_, found, "en")
    lines = unfolded(data)
    assert lines[:7] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//par-engine//plan//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Plan",
        "X-WR-CALNAME:Plan",
        "BEGIN:VEVENT",
    ]
    assert lines[7:14] == [
        "UID:hand-in@tiny.par-engine",
        "DTSTAMP:20300101T000000Z",
        "DTSTART;VALUE=DATE:20300131",
        "DTEND;VALUE=DATE:20300201",
        "SUMMARY:text (before 2030-02-01)",
        r"DESCRIPTION:text: before 2030-02-01 (an official date).\nPlan\, 1.",
        "TRANSP:TRANSPARENT",
    ]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 4
    assert "SUMMARY:[done] text (on or before 2030-04-01)" in lines
    assert all(len(line.encode()) <= 75 for line in data.decode().split("\r\n"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_another_reader_finds_the_same_calendar(lang: str) -> None:
    """An independent library takes the file as it is, long Vietnamese lines and all, and knows every day."""
    icalendar = pytest.importorskip("icalendar")
    title = {"vi": "Gửi danh sách đối tượng điều tra; báo cáo, “tỉnh” \\ " * 9 + "\n=hết", "en": "a, b; c \\ " * 30}
    plan = PLAN | {"title": title, "tasks": [task("x", "2030-02-01") | {"title": title}, *PLAN["tasks"]]}
    ready = methodology(plan=plan)
    found = {day: standings(plan_of(ready.document), day) for day in (date(2029, 1, 1), date(2031, 1, 1))}
    calendars = []
    for day, standing in found.items():
        data = ics(ready.document, plan_of(ready.document), standing, lang)  # type: ignore[arg-type]
        calendar = icalendar.Calendar.from_ical(data)
        assert calendar.errors == []
        assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar
        assert calendar["X-WR-CALNAME"].to_ical() == escaped(title[lang]).encode()
        events = calendar.walk("VEVENT")
        assert all(event.errors == [] for event in events)
        for event, one in zip(events, standing, strict=True):
            assert event.start == last_day(one.task)
            assert (event.end - event.start).days == 1
            assert one.task.title.get(lang) in str(event["SUMMARY"])  # type: ignore[arg-type]
            assert [alarm.TRIGGER.days for alarm in event.walk("VALARM")] == [-7, -1]
        calendars.append((day, [(str(event["UID"]), event.stamp) for event in events]))
    assert calendars[0][1] == calendars[1][1]  # neither name nor stamp of an event moves with the day it is written
    uids = [uid for uid, _ in calendars[0][1]]
    assert len(set(uids)) == len(uids)


def test_a_text_cannot_begin_a_property() -> None:
    assert escaped("a;b,c\\d\r\nBEGIN:VALARM\r\x00\x0b\x7f") == r"a\;b\,c\\d\nBEGIN:VALARM\n"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_folding_keeps_every_character_whole(text: str) -> None:
    line = _folded(text)
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    first, *rest = line.split("\r\n")
    assert all(part.startswith(" ") for part in rest)
    assert first + "".join(part[1:] for part in rest) == text


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 40))
def test_time_only_moves_a_task_towards_late(day: date, more: int) -> None:
    order = ["next", "due", "late"]
    before, after = (
        {s.task.id: order.index(s.state) for s in standings(PLAN_, d)}
        for d in (day, date.fromordinal(day.toordinal() + more))
    )
    assert all(before[id] <= after[id] for id in before)
    found = standings(PLAN_, day)
    assert all(a.last <= b.last for a, b in pairwise(found))
    assert all((s.left < 0) == (day > last_day(s.task)) for s in found)


def test_the_workbook_has_no_formula_and_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from par_engine.round.sheet import xlsx

    bad = {"vi": "=1+1", "en": '=HYPERLINK("http://x")'}
    plan = PLAN | {"tasks": [task("x", "2030-02-01") | {"title": bad, "note": {"vi": "+1\x0b", "en": "@x"}}]}
    ready = methodology(plan=plan)
    found = standings(plan_of(ready.document), date(2030, 1, 25))
    data = xlsx(ready.document, plan_of(ready.document), found, "25/01/2030", "vi")
    assert data == xlsx(ready.document, plan_of(ready.document), found, "25/01/2030", "vi")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert [cell.value for cell in sheet[5]] == [
        1, "=1+1", "chữ", "chậm nhất 01/02/2030", datetime(2030, 2, 1), 7, "sắp đến hạn", "chính thức", "+1",
    ]  # fmt: skip
    assert datetime.now(UTC).strftime("%Y-%m").encode() not in data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_workbook_needs_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from par_engine.round.sheet import xlsx

    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(par.ParError, match="this needs the extra `round`") as caught:
        xlsx(methodology().document, PLAN_, [], "", "vi")
    assert caught.value.problems[0].text("vi") == (f"--output: cần cài thêm phần round — {hint('round').get('vi')}")
