"""`par respondents`: check, hand in and draw; names of people never reach the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from par_engine.api import load
from par_engine.base.dates import day_of, now
from par_engine.base.problems import Problem, fail, problem, quote
from par_engine.cli.output import complain, print_json, say, table
from par_engine.cli.survey_tally import sizes
from par_engine.files.atomic import write_together, written_whole
from par_engine.files.xlsx_writing import Sheet, xlsx
from par_engine.i18n.catalogue import Lang, entries
from par_engine.round.days import read_day, say_day, say_due
from par_engine.survey.draw import draw, short_of_replacements
from par_engine.survey.heads import HEADS
from par_engine.survey.lists import Table, read_people
from par_engine.survey.plans import group_words, one_unit, read_plans
from par_engine.survey.questions import Questions, letter
from par_engine.survey.respondent_export import hand_in, issuer, subject
from par_engine.survey.respondents import Checked, by_group_and_agency, check, survey_of, task_of


@dataclass(frozen=True)
class List:
    """What the commands are told about a list."""

    path: Path
    survey: str | None
    task: str | None
    today: str | None
    plan: Path | None
    unit: str | None


def checked(given: List, id: str) -> Checked:
    """Read and check a list."""
    methodology = load(id)
    plans = read_plans(methodology, given.plan)
    unit = one_unit(plans, methodology, given.unit)
    day = day_of(now()) if given.today is None else read_day(given.today, "--today")
    chosen = survey_of(Questions(methodology), given.survey)
    people = read_people(given.path, group_words(methodology.document.surveys[chosen].groups))
    return check(methodology, people, chosen, task_of(methodology, given.task), day, plans, unit)


def check_command(given: List, id: str, *, json: bool, lang: Lang) -> int:
    """Show counts and problems; 1 when there is an error."""
    found = checked(given, id)
    if json:
        print_json(
            {
                "people": len(found.people.rows),
                "tables": [
                    {
                        "sheet": read.sheet or None,
                        "columns": [{"header": head, "taken_for": role or None} for head, role in read.columns],
                        "rows_set_aside": [{"row": n, "as": kind} for n, kind in read.aside],
                    }
                    for read in found.people.tables
                ],
                "groups": [
                    {
                        "group": group.id,
                        "people": found.count(group.id),
                        "planned": found.planned[group.id].as_dict() if group.id in found.planned else None,
                        "agencies": None
                        if found.faulty
                        else [{"agency": agency, "people": n} for agency, n in agencies],
                    }
                    for group, agencies in by_group_and_agency(found)
                ],
                "task": None if found.task is None else found.task.id,
                "due": None if found.task is None else found.task.due,
                "late": found.late,
                "problems": [problem.as_dict() for problem in found.problems],
            }
        )
    else:
        _show(found, lang)
        if found.problems:
            complain(found.problems, lang)
    return 1 if any(p.severity == "error" for p in found.problems) else 0


_ASIDE = {
    "total": ("dòng tổng", "a total"),
    "numbers": ("số thứ tự cột", "the numbers of the columns"),
    "heading": ("tên nhóm hoặc cơ quan", "a heading of people"),
}


def _read(found: Checked, lang: Lang) -> None:
    """What each sheet's columns were read as, and what was not read."""
    vi = lang == "vi"
    words = entries("survey.columns", lang)
    for read in found.people.tables:
        where = f"{'Trang tính' if vi else 'Sheet'} {quote(read.sheet)}" if read.sheet else ("Tệp" if vi else "File")
        say(f"{where}: {'cột được hiểu là' if vi else 'columns taken for'}")
        for j, (head, role) in enumerate(read.columns):
            if role:
                say(f"  {quote(head) if head else letter(j)} → {words[role]}")
        unread = [quote(head) for head, role in read.columns if head and not role]
        if unread:
            say(f"  {'không đọc' if vi else 'not read'}: {', '.join(unread)}")
        say_aside(read, vi)
    say()


def say_aside(read: Table, vi: bool) -> None:
    """Rows that are no people, by what they are."""
    for kind, words in _ASIDE.items():
        places = [str(n) for n, is_ in read.aside if is_ == kind]
        if places:
            more = " …" if len(places) > _SHOWN else ""
            what, rows = words[not vi], ", ".join(places[:_SHOWN])
            say(f"  {what}: {'dòng' if vi else 'row'} {rows}{more}")


_SHOWN = 10


def _show(found: Checked, lang: Lang) -> None:
    vi = lang == "vi"
    _read(found, lang)
    rows = []
    for group, agencies in by_group_and_agency(found):
        planned = found.planned[group.id].said(lang) if group.id in found.planned else "—"
        rows.append([group.title.get(lang), str(found.count(group.id)), planned])
        if not found.faulty:  # a cell too few, and a telephone number stands where agencies do
            rows += [[f"  {agency}", str(n), ""] for agency, n in agencies]
    if astray := len(found.people.rows) - sum(found.count(group.id) for group in found.groups):
        rows.append(["Không rõ nhóm" if vi else "of no known group", str(astray), ""])
    known = [found.planned[group.id].number for group in found.groups if group.id in found.planned]
    whole = str(sum(known)) if known and len(known) == len(found.groups) else ""
    rows.append(["Tổng cộng" if vi else "all", str(len(found.people.rows)), whole])
    heads = ["Nhóm, cơ quan", "Số người", "Kế hoạch"] if vi else ["group, agency", "people", "planned"]
    table(heads, rows, ["left", "right", "right"])
    if found.faulty:
        say("Chưa thống kê theo cơ quan: danh sách còn lỗi." if vi else "No table by agency while the list has errors.")
    say()
    _say_due(found, lang)


def _say_due(found: Checked, lang: Lang) -> None:
    """The deadline, and how the day that was asked for stands to it."""
    vi, task = lang == "vi", found.task
    if task is None:
        say(
            "Kế hoạch không ghi thời hạn gửi danh sách: chọn nhiệm vụ bằng --task."
            if vi
            else "The plan has no deadline for the list: name its task with --task."
        )
        return
    state = {True: ("quá hạn", "late"), False: ("còn hạn", "on time"), None: ("hạn gần đúng", "an approximate date")}
    say(f"{'Thời hạn' if vi else 'Due'}: {say_due(task, lang)} ({task.title.get(lang)})")
    say(f"{'Đến ngày' if vi else 'As of'} {say_day(found.today, lang)}: {state[found.late][not vi]}")


def export_command(given: List, id: str, output: Path, lang: Lang) -> int:
    """Write the list and the summary together; 1 when it is late already."""
    found = checked(given, id)
    files = hand_in(found)
    write_together(output, files)
    for name in files:
        say(f"{'Đã ghi' if lang == 'vi' else 'Written'}: {output / name}")
    if said := (*found.problems, *_nobodys(found)):
        complain(said, lang)
    return 1 if found.late else 0


def _nobodys(found: Checked) -> list[Problem]:
    """The warning of a paper with dots where its unit's name should stand."""
    if found.unit is not None:
        return []
    return [problem("nobodys", "--unit", "", "warning")]


def draw_command(
    given: List, id: str, seed: str, replacements: int, size: Sequence[str], output: Path, lang: Lang
) -> int:
    """Draw and write the sample as a workbook with its recipe; 1 when it is late by the day or task that was asked for.

    Without one the deadline is not asked: that of the list may have passed long before anybody draws from it.
    """
    if output.suffix.lower() != ".xlsx":
        fail("list-kind.draw-command", output.name)
    found = checked(given, id)
    drawn = draw(found, seed, sizes(size, "--size", group_words(found.groups)), replacements)
    titles = {group.id: group.title.vi for group in found.groups}
    rows = [
        [
            titles[d.group],
            "Dự phòng" if d.replacement else "Chính thức",
            d.order,
            *(found.handed(d.person, c) for c in HEADS if c != "group"),
            d.person.at("group"),
            d.hash,
        ]
        for d in drawn
    ]
    heads = [
        "Nhóm đối tượng",
        "Mẫu",
        "Thứ tự",
        *(h for c, h in HEADS.items() if c != "group"),
        "Ô trong danh sách",
        "SHA-256",
    ]
    recipe = [
        ["Hạt giống (seed)", seed],
        ["Mã nhóm", ", ".join(f"{group.title.vi} = {group.id}" for group in found.groups)],
        [
            "Khóa của dòng",
            "cột Mã nếu có; nếu không: họ và tên|chức vụ|cơ quan; chữ thường, NFC, bỏ ký tự không hiện, một dấu cách",
        ],
        ["Băm", "SHA-256 (UTF-8) của: seed, xuống dòng, mã nhóm, xuống dòng, khóa"],
        ["Cách chọn", "trong mỗi nhóm, xếp tăng dần theo mã băm; lấy đủ cỡ mẫu, tiếp theo là dự phòng theo thứ tự"],
    ]
    titles_above = [*issuer(found), "MẪU ĐỐI TƯỢNG ĐIỀU TRA XÃ HỘI HỌC", subject(found)]
    data = xlsx(
        [
            Sheet("Mẫu", heads, rows, [34, 12, 8, 28, 28, 36, 16, 30, 16, 70], titles_above),
            Sheet("Cách chọn", ["Mục", "Nội dung"], recipe, [24, 90]),
        ],
        "survey",
    )
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    counts = [
        [g.title.get(lang)] + [str(sum(d.group == g.id and d.replacement is r for d in drawn)) for r in (False, True)]
        for g in found.groups
    ]
    heads = ["Nhóm", "Chính thức", "Dự phòng"] if lang == "vi" else ["group", "drawn", "replacements"]
    table(heads, counts, ["left", "right", "right"])
    say(f"{'Đã ghi' if lang == 'vi' else 'Written'}: {output}")
    asked = given.today is not None or given.task is not None
    if asked:
        _say_due(found, lang)
    late = [problem for problem in found.problems if asked and problem.code == "late"]
    fewer = short_of_replacements(found, drawn, replacements)
    if said := [*late, *fewer, *_nobodys(found)]:
        complain(said, lang)
    return 1 if late else 0
