"""The survey of a real scheme through the command line: form, ballots, points, respondents, draw, report."""

import csv
import json
import os
import random
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

for module in ("docx", "email_validator", "openpyxl", "phonenumbers", "xlsxwriter"):
    pytest.importorskip(module)

import openpyxl
from program import PAR, process, run

import par_engine as par
from par_engine.survey.questions import Questions

ID = "2021-province"


def ballots(path: Path, groups: list[str], each: int = 20) -> Path:
    questions = Questions(par.load(ID))
    r = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Đơn vị", "Nhóm đối tượng", "Mã phiếu", *(q.fact for q in questions.all)])
        for i in range(each * len(groups)):
            answers = [r.choice("AABBCD") for _ in questions.all]
            out.writerow(["Điện Biên", groups[i % len(groups)], f"t{i}", *answers])
    return path


ALL = ["deputies", "Lãnh đạo cơ quan chuyên môn cấp tỉnh", "divisions", "districts"]


def test_ballots_to_points_and_into_other_evidence(tmp_path: Path) -> None:
    path = ballots(tmp_path / "b.csv", ALL)
    out, _ = run("survey", "tally", path, "-m", ID, "-o", tmp_path / "e.json")
    assert out.startswith("Căn cứ: thiết kế khảo sát — số dựng lại, KHÔNG chính thức; thang điểm — số ")
    assert '"Đơn vị" → đơn vị' in out and "80 phiếu, 80 hợp lệ, 0 không hợp lệ" in out
    first = (tmp_path / "e.json").read_bytes()
    assert process("survey", "tally", path, "-m", ID, "-o", tmp_path / "e.json")[0] == out
    assert (tmp_path / "e.json").read_bytes() == first

    shown = json.loads(run("survey", "tally", path, "-m", ID, "--json")[0])
    points = {item["item"]: item["points"] for q in shown["units"][0]["questions"] for item in q["items"]}
    assessment = par.load(ID).assess(tmp_path / "e.json")
    unit = assessment.unit("dien-bien")
    assert points == {code: str(unit.item(code).points) for code in points}

    evidence = Path(__file__).parents[2] / "examples/dien-bien-2021/evidence.json"
    bare = json.loads(evidence.read_bytes())
    bare["units"] = [
        {**u, "facts": {k: v for k, v in u["facts"].items() if not isinstance(v, dict)}} for u in bare["units"]
    ]
    (tmp_path / "bare.json").write_text(json.dumps(bare), encoding="utf-8")
    run("survey", "tally", path, "-m", ID, "--into", tmp_path / "bare.json", "-o", tmp_path / "m.json")
    merged = par.load(ID).assess(tmp_path / "m.json").unit("dien-bien")
    assert points == {code: str(merged.item(code).points) for code in points}
    assert "Điện Biên" in run("score", tmp_path / "m.json", "-m", ID)[0]


def test_a_missing_group_is_awaited_by_name(tmp_path: Path) -> None:
    path = ballots(tmp_path / "b.csv", ALL[:3])
    out, _ = run("survey", "tally", path, "-m", ID)
    assert "2.4.1: chờ phiếu của Lãnh đạo UBND cấp huyện" in out
    assert "2.4.1: awaits ballots of Leaders of districts" in run("survey", "tally", path, "-m", ID, "--lang", "en")[0]


def test_wrong_files_say_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    _, err = run("survey", "tally", tmp_path / "b.csv", "-m", ID, code=1)
    assert '✗ b.csv dòng tiêu đề: không có cột nhóm đối tượng — đặt tên cột là "group"' in err
    _, err = run("survey", "tally", tmp_path / "none.csv", "-m", ID, code=1)
    assert "✗ none.csv: không đọc được" in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.csv"]


PEOPLE = """Nhóm,Họ và tên,Chức vụ,Cơ quan,Điện thoại,Email
deputies,Nguyễn Văn Một,Đại biểu,HĐND tỉnh,0912345671,mot@example.vn
departments,Trần Thị Hai,Giám đốc,Sở Y tế,0912345672,hai@example.vn
divisions,Lê Văn Ba,Trưởng phòng,Sở Y tế,0912345673,ba@example.vn
districts,Phạm Thị Bốn,Chủ tịch,UBND huyện A,0912345674,bon@example.vn
"""


def test_the_list_before_the_day_and_on_it(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    out, err = run("respondents", "check", path, "-m", ID, "--today", "2021-10-19")
    assert "Thời hạn: trước 20/10/2021 (Gửi danh sách đối tượng điều tra xã hội học về Bộ Nội vụ" in out and err == ""
    assert "Đến ngày 19/10/2021: còn hạn" in out
    _, err = run("respondents", "check", path, "-m", ID, "--today", "2021-10-20", code=1)
    assert err == (
        "✗ l.csv: quá hạn “Gửi danh sách đối tượng điều tra xã hội học về Bộ Nội vụ (Vụ Cải cách hành chính)”: "
        "phải gửi trước ngày 20/10/2021, hôm nay là 20/10/2021\n1 vấn đề\n"
    )

    run("respondents", "export", path, "-m", ID, "-o", tmp_path / "out", "--today", "2021-10-19")
    names = ["danh-sach-gui-bo.xlsx", "tong-hop-bao-cao.docx", "tong-hop-bao-cao.xlsx"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == names

    path.write_text(PEOPLE + PEOPLE.splitlines()[1] + "\n", encoding="utf-8")
    out, err = run("respondents", "export", path, "-m", ID, "-o", tmp_path / "no", "--today", "2021-10-19", code=1)
    assert "l.csv B6: trùng người với ô B2" in err and "Nguyễn" not in out + err
    assert not (tmp_path / "no").exists()


def test_a_draw_is_the_same_for_everyone(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(PEOPLE, encoding="utf-8")
    sizes = [w for g in ("deputies", "departments", "divisions", "districts") for w in ("--size", f"{g}=1")]
    for draw, name in ((run, "a.xlsx"), (process, "b.xlsx")):
        out, _ = draw("respondents", "draw", tmp_path / "l.csv", "-m", ID, "--seed", 7, *sizes, "-o", tmp_path / name)
        assert "Nguyễn" not in out
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.max_row == 5 + 5


def test_form_tokens_and_report(tmp_path: Path) -> None:
    for name in ("form.xlsx", "form.docx"):
        run("survey", "form", "-m", ID, "-o", tmp_path / name, "--unit", "Điện Biên")
    run("survey", "tokens", "--count", 3, "-o", tmp_path / "t")
    hashes = (tmp_path / "t" / "hashes.txt").read_text().split()
    tokens = (tmp_path / "t" / "tokens.csv").read_text().split()[1:]
    assert (len(hashes), len(tokens)) == (3, 3)
    path = ballots(tmp_path / "b.csv", ALL, 2)
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line.replace(",t3,", f",{tokens[0]},") for line in lines) + "\n"
    path.write_text(text, encoding="utf-8")
    out, _ = run("survey", "tally", path, "-m", ID, "--tokens", tmp_path / "t" / "hashes.txt")
    assert "8 phiếu, 1 hợp lệ, 7 không hợp lệ" in out and tokens[0] not in out
    run("survey", "report", path, "-m", ID, "-o", tmp_path / "r")
    assert sorted(p.name for p in (tmp_path / "r").iterdir()) == ["survey.html", "survey.xlsx"]


def test_frames_shrink_the_standard_error(tmp_path: Path) -> None:
    text = "group,3.1\nadults,good\nadults,poor\nTrẻ em,good\nchildren,fair\n"
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    words = ("survey", "tally", tmp_path / "b.csv", "-m", "example-town", "-u", "Ashford", "--json")
    plain, framed = (
        json.loads(run(*words, *more)[0]) for more in ((), ("--frame", "adults=4", "--frame", "children=2"))
    )
    groups = [[g["standard_error"] for g in d["units"][0]["questions"][0]["groups"]] for d in (plain, framed)]
    assert groups == [["0.5", "0.25"], ["0.353553390593", "0"]]
    assert framed["units"][0]["questions"][0]["items"][0]["points"] == "0.5833"
    _, err = run(*words, "--frame", "adult", code=1)
    assert err.startswith('✗ --frame: "adult" không đúng dạng NHÓM=SỐ')


MARK = "Bímật"


def marked_list(path: Path) -> Path:
    """A list with every fault there is, and a mark in every cell that is about a person."""
    people = openpyxl.Workbook()
    sheet = people.active
    assert sheet is not None
    sheet.append(["Nhóm đối tượng", "Họ và tên", "Chức vụ", "Cơ quan, đơn vị", "Điện thoại", "Email", "Mã", "Ghi chú"])
    for i, group in enumerate(("deputies", "departments", "divisions", "districts")):
        phone, email = f"091234567{i}", f"{MARK}{i}@example.vn"
        sheet.append([group, f"{MARK} Một {i}", f"{MARK} Hai", "Sở Y tế", phone, email, f"{MARK}{i}", f"{MARK} Ba"])
    people.save(path)
    return path


def texts_in(path: Path) -> str:
    """All text of a file; of a package all its parts."""
    data = path.read_bytes()
    if data[:2] != b"PK":
        return data.decode()
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_nothing_about_a_person_leaves_the_list(tmp_path: Path) -> None:
    good = marked_list(tmp_path / "l.xlsx")
    bad = openpyxl.load_workbook(good)
    sheet = bad.worksheets[0]
    row = [f"{MARK} nhóm", f"{MARK} Một 0", f"{MARK} Hai", "Sở Y tế", f"{MARK} 09", f"{MARK} thư", f"{MARK}0", MARK]
    for cells in ([*row], ["deputies", *row[1:4], "0912345670", f"{MARK}0@example.vn", *row[6:]], ["deputies", "", "", "", "", "", f"{MARK}0", ""]):  # fmt: skip
        sheet.append(cells)
    sheet.append(["deputies", f'="{MARK}"', f"{MARK} Hai", "so y te", "", "", "", ""])
    bad.save(tmp_path / "bad.xlsx")
    sizes = [w for g in ("deputies", "departments", "divisions", "districts") for w in ("--size", f"{g}=1")]
    day = ("--today", "2021-10-01")
    said = []
    for lang in ("vi", "en"):
        said += run("respondents", "check", good, "-m", ID, *day, "--lang", lang)
        said += run("respondents", "check", tmp_path / "bad.xlsx", "-m", ID, *day, "--lang", lang, code=1)
    said += run("respondents", "check", tmp_path / "bad.xlsx", "-m", ID, *day, "--json", code=1)
    said += run("respondents", "export", tmp_path / "bad.xlsx", "-m", ID, "-o", tmp_path / "no", *day, code=1)
    draw = ("respondents", "draw", "-m", ID, "--seed", 1, *sizes, "--replacements", 2, "-o", tmp_path / "s.xlsx")
    said += run(*draw, tmp_path / "bad.xlsx", code=1)
    assert not (tmp_path / "s.xlsx").exists() and not (tmp_path / "no").exists()
    said += run(*draw, good)
    said += run("respondents", "export", good, "-m", ID, "-o", tmp_path / "out", *day)
    said += [texts_in(tmp_path / "out" / f"tong-hop-bao-cao.{kind}") for kind in ("docx", "xlsx")]
    assert "Sở Y tế" in said[-1], "the statistics are there"
    assert [n for n, text in enumerate(said) if MARK in text or "09123" in text or "example.vn" in text] == []
    assert MARK in texts_in(tmp_path / "out" / "danh-sach-gui-bo.xlsx"), "the list itself has it"


def test_nothing_that_a_ballot_should_not_say_leaves_it(tmp_path: Path) -> None:
    path = ballots(tmp_path / "b.csv", ALL, 3)
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    rows = [[unit, group, f"{MARK}{token}", *answers, MARK, MARK] for unit, group, token, *answers in rows]
    rows.append(rows[0])
    for column in (0, 1, 5):  # no such unit, group, answer
        rows.append([f"{MARK} {i}" if i in (2, column) else cell for i, cell in enumerate(rows[0])])
    rows.append([MARK])
    text = "\n".join([lines[0] + ",Họ và tên,Điện thoại", *(",".join(row) for row in rows)])
    path.write_text(text, encoding="utf-8")
    said = [*run("survey", "tally", path, "-m", ID, "-o", tmp_path / "e.json"), texts_in(tmp_path / "e.json")]
    said += run("survey", "tally", path, "-m", ID, "--json")
    said += run("survey", "tally", path, "-m", ID, "--tokens", path, code=1)
    said += run("survey", "report", path, "-m", ID, "-o", tmp_path / "r")
    said += [texts_in(tmp_path / "r" / name) for name in ("survey.html", "survey.xlsx")]
    assert "17 phiếu, 13 hợp lệ, 4 không hợp lệ" in said[0]
    assert [n for n, text in enumerate(said) if MARK in text] == []


def test_planned_numbers_of_a_round_and_ballots_put_into_a_workbook(tmp_path: Path) -> None:
    entries = [{"unit": "Điện Biên", "group": g, "planned": 40, "basis": "official", "source": "1/TB"} for g in ("deputies", "divisions", "districts")]  # fmt: skip
    entries.append({"group": "departments", "planned": 30, "basis": "derived", "source": "phần còn lại"})
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"methodology": ID, "planned": entries}), encoding="utf-8")
    path = ballots(tmp_path / "b.csv", ALL)
    out, _ = run("survey", "tally", path, "-m", ID, "--plan", plan)
    assert re.search(r"Đại biểu HĐND cấp tỉnh +20 +40 +50,00\n", out)
    assert re.search(r"chuyên môn cấp tỉnh +20 +30 \(suy ra từ số chính thức\) +66,67\n", out)
    run("survey", "report", path, "-m", ID, "--plan", plan, "-o", tmp_path / "r")
    assert "30 (suy ra từ số chính thức)" in (tmp_path / "r" / "survey.html").read_text(encoding="utf-8")

    book = tmp_path / "so-lieu.xlsx"
    run("template", ID, "-o", book, "--unit", "Điện Biên")
    run("survey", "tally", path, "-m", ID, "--into", book, "-o", tmp_path / "m.json")
    merged = json.loads((tmp_path / "m.json").read_bytes())
    assert merged["stage"] == "self-assessment" and len(merged["units"][0]["facts"]) == 22
    table = tmp_path / "e.csv"
    table.write_text("unit,1.2.quarter_1\nĐiện Biên,có\n", encoding="utf-8")
    words = ("survey", "tally", path, "-m", ID, "--into", table, "-o", tmp_path / "t.json")
    run(*words, "--stage", "appraisal")
    assert json.loads((tmp_path / "t.json").read_bytes())["stage"] == "appraisal"
    other = ballots(tmp_path / "c.csv", ALL, 3)
    facts = "unit,2.4.1.ballots:deputies:A\nĐiện Biên,3\n"
    table.write_text(facts, encoding="utf-8")
    _, err = run("survey", "tally", other, "-m", ID, "--into", table, "-o", tmp_path / "n.json", code=1)
    assert err.startswith("✗ e.csv dien-bien, 2.4.1.ballots: đã có phiếu khác") and not (tmp_path / "n.json").exists()


def test_a_report_of_several_units(tmp_path: Path) -> None:
    path = ballots(tmp_path / "b.csv", ALL, 4)
    lines = path.read_text(encoding="utf-8").splitlines()
    more = [line.replace("Điện Biên", "Sơn La").replace(",t", ",s") for line in lines[1:] if "districts" not in line]
    path.write_text("\n".join([*lines, *more]), encoding="utf-8")
    run("survey", "report", path, "-m", ID, "-o", tmp_path / "r")
    page = (tmp_path / "r" / "survey.html").read_text(encoding="utf-8")
    assert page.index("<h2>Điện Biên</h2>") < page.index("<h2>Sơn La</h2>")
    assert page.count("<h3>Phiếu theo nhóm</h3>") == 2
    assert page.count("chờ phiếu (Lãnh đạo UBND cấp huyện)") == 22
    sheet = openpyxl.load_workbook(tmp_path / "r" / "survey.xlsx")["Nhóm"]
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=6)]
    assert [(row[0], row[3]) for row in rows] == [(u, 0 if u == "Sơn La" and g == 3 else 4) for u in ("Điện Biên", "Sơn La") for g in range(4)]  # fmt: skip


def test_the_bar_is_for_people_who_watch(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    path = ballots(tmp_path / "b.csv", ALL, 4)
    assert run("survey", "tally", path, "-m", ID)[1] == ""
    ours, theirs = pty.openpty()
    program = [PAR, "survey", "tally", str(path), "-m", ID]
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=theirs, env=env) as started:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 4096):
                seen += part
        except OSError:  # Linux says so when the other end has gone
            assert started.wait() == 0
    os.close(ours)
    assert "b.csv" in seen.decode() and "%" in seen.decode()


def test_without_tokens_duplicates_are_said_to_stay(tmp_path: Path) -> None:
    path = ballots(tmp_path / "b.csv", ALL)
    said = "không có cột mã phiếu: không tìm được phiếu trùng"
    assert said not in run("survey", "tally", path, "-m", ID)[0]
    path.write_text(path.read_text(encoding="utf-8").replace("Mã phiếu", "x"), encoding="utf-8")
    assert said in run("survey", "tally", path, "-m", ID)[0]
    run("survey", "report", path, "-m", ID, "-o", tmp_path / "r")
    assert said in (tmp_path / "r/survey.html").read_text(encoding="utf-8").replace("Không có", "không có")


def test_nothing_is_written_over_what_is_read_or_filled_in(tmp_path: Path) -> None:
    path, people, plan = ballots(tmp_path / "b.csv", ALL, 1), marked_list(tmp_path / "l.xlsx"), tmp_path / "p.json"
    plan.write_text(json.dumps({"methodology": ID, "planned": [{"group": "deputies", "planned": 1, "basis": "official", "source": "1"}]}))  # fmt: skip
    into = tmp_path / "e.json"
    run("survey", "tally", path, "-m", ID, "-o", into)
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    said = "tệp này sẽ ghi đè lên số liệu đầu vào"
    tally = ("survey", "tally", path, "-m", ID, "--into", into, "--plan", plan, "-o")
    draw = ("respondents", "draw", people, "-m", ID, "--seed", 1, "-o")
    for words in (
        (*tally, into),
        (*tally, plan),
        ("survey", "report", path, "-m", ID, "-o", path),
        (*draw, people),
        ("respondents", "export", people, "-m", ID, "-o", people),
    ):
        assert said in run(*words, code=1)[1]
    assert "đã có tệp này" in run("survey", "form", "-m", ID, "-o", people, code=1)[1]
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("hour", "late"), [(16, False), (17, True)])
def test_the_deadline_is_a_day_in_viet_nam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hour: int, late: bool
) -> None:
    from datetime import UTC, datetime

    from par_engine.cli import respondents

    monkeypatch.setattr(respondents, "now", lambda: datetime(2021, 10, 19, hour, 59, tzinfo=UTC))
    (tmp_path / "l.csv").write_text(PEOPLE, encoding="utf-8")
    assert respondents.checked(respondents.List(tmp_path / "l.csv", None, None, None, None, None), ID).late is late
