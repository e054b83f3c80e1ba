"""`par respondents`: check, hand in and draw; names of people never reach the screen."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from par_engine.api import load
from par_engine.cli.output import complain, print_json, say, table
from par_engine.cli.tallying import sizes
from par_engine.days import day_of, now
from par_engine.documents import fail
from par_engine.files import write_together, written_whole
from par_engine.nodes import Lang
from par_engine.sheets import Sheet, xlsx
from par_engine.survey.draw import draw, short_of_replacements
from par_engine.survey.handing import hand_in
from par_engine.survey.heads import HEADS, ROLES, ROLES_EN
from par_engine.survey.lists import read_people
from par_engine.survey.plans import one_unit, read_plans
from par_engine.survey.questions import Questions
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
    try:
        day = day_of(now()) if given.today is None else datetime.date.fromisoformat(given.today)
    except ValueError:
        hint = "2000-12-31"
        fail("--today", "date", "this is no date", f"such as {hint}", "không phải ngày", f"ví dụ {hint}")
    chosen = survey_of(Questions(methodology), given.survey)
    return check(methodology, read_people(given.path), chosen, task_of(methodology, given.task), day, plans, unit)


def check_command(given: List, id: str, *, json: bool, lang: Lang) -> int:
    """Show counts and problems; 1 when there is an error."""
    found = checked(given, id)
    if json:
        print_json(
            {
                "people": len(found.people.rows),
                "groups": [
                    {
                        "group": group.id,
                        "people": found.count(group.id),
                        "planned": found.planned[group.id].as_dict() if group.id in found.planned else None,
                        "agencies": [{"agency": agency, "people": n} for agency, n in agencies],
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


def _show(found: Checked, lang: Lang) -> None:
    vi = lang == "vi"
    rows = []
    for group, agencies in by_group_and_agency(found):
        planned = found.planned[group.id].said(lang) if group.id in found.planned else "—"
        rows.append([group.title.get(lang), str(found.count(group.id)), planned])
        rows += [[f"  {agency}", str(n), ""] for agency, n in agencies]
    rows.append(["Tổng cộng" if vi else "all", str(len(found.people.rows)), ""])
    heads = ["Nhóm, cơ quan", "Số người", "Kế hoạch"] if vi else ["group, agency", "people", "planned"]
    table(heads, rows, ["left", "right", "right"])
    say()
    task = found.task
    if task is None:
        say(
            "Kế hoạch không ghi thời hạn gửi danh sách: chọn nhiệm vụ bằng --task."
            if vi
            else "The plan has no deadline for the list: name its task with --task."
        )
        return
    words = {"before": ("trước ngày", "before"), "on_or_before": ("chậm nhất ngày", "by"), "about": ("khoảng", "about")}
    due = f"{words[task.due_is][not vi]} {task.due}"
    state = {True: ("quá hạn", "late"), False: ("còn hạn", "on time"), None: ("hạn gần đúng", "an approximate date")}
    say(f"{'Thời hạn' if vi else 'Due'}: {due} ({task.id}); {found.today}: {state[found.late][not vi]}")


def export_command(given: List, id: str, output: Path, lang: Lang) -> int:
    """Write the list and the summary together; 1 when it is late already."""
    found = checked(given, id)
    files = hand_in(found)
    write_together(output, files)
    for name in files:
        say(f"{'Đã ghi' if lang == 'vi' else 'Written'}: {output / name}")
    if found.problems:
        complain(found.problems, lang)
    return 1 if found.late else 0


def draw_command(
    given: List, id: str, seed: str, replacements: int, size: Sequence[str], output: Path, lang: Lang
) -> int:
    """Draw and write the sample as a workbook with its recipe."""
    if output.suffix.lower() != ".xlsx":
        fail(output.name, "list-kind", "a sample is written as .xlsx", "name it .xlsx", "mẫu được ghi dạng .xlsx", "")
    found = checked(given, id)
    drawn = draw(found, seed, sizes(size, "--size"), replacements)
    titles = {group.id: group.title.vi for group in found.groups}
    rows = [
        [
            titles[d.group],
            "Dự phòng" if d.replacement else "Chính thức",
            d.order,
            *(d.person.cells[c] for c in HEADS if c != "group"),
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
    data = xlsx(
        [
            Sheet("Mẫu", heads, rows, [34, 12, 8, 28, 28, 36, 16, 30, 16, 70]),
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
    fewer = short_of_replacements(found, drawn, replacements)
    if fewer:
        complain(fewer, lang)
    return 0
