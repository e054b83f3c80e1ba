"""`par plan` and `par round` on installed methodologies, command by command."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from program import process, run

import par_engine as par

ROOT = Path(__file__).parents[2]
TOWN = str(ROOT / "examples" / "example-town.json")
PROVINCE = str(ROOT / "examples" / "dien-bien-2021" / "evidence.json")


def states(today: str, *more: str) -> dict[str, str]:
    found = json.loads(run("plan", "2021-province", "--today", today, "--json", *more)[0])
    return {task["id"]: task["state"] for task in found["tasks"]}


def test_the_respondents_list_is_late_on_the_day_before_which_it_was_due() -> None:
    assert states("2021-10-19")["respondents-list"] == "due"
    on_the_day = states("2021-10-20", "--done", "province-instruction")
    assert on_the_day["respondents-list"] == on_the_day["respondents-report"] == "late"
    assert (on_the_day["province-instruction"], on_the_day["announcement"]) == ("done", "next")


def test_the_plan_on_the_screen() -> None:
    out, err = run("plan", "2021-province", "--today", "15/10/2021", "--done", "province-instruction")
    lines = [re.sub(" {2,}", " | ", line.strip()) for line in out.splitlines()]
    assert err == ""
    assert lines[:7] == [
        "Kế hoạch xác định Chỉ số cải cách hành chính năm 2021 (838/QĐ-BNV)",
        "Hôm nay: 15/10/2021",
        "",
        "Tình trạng | Còn (ngày) | Thời hạn | Mã | Nhiệm vụ | Chủ trì",
        "đã xong | chậm nhất 29/07/2021 | province-instruction | Giao nhiệm vụ triển khai kế hoạch trong tỉnh | UBND tỉnh",
        "sắp đến hạn | 4 | trước 20/10/2021 | respondents-list | Gửi danh sách đối tượng điều tra xã hội học về Bộ Nội vụ"
        " (Vụ Cải cách hành chính) | Sở Nội vụ",
        "sắp đến hạn | 4 | trước 20/10/2021 | respondents-report | Báo cáo UBND tỉnh danh sách đối tượng điều tra,"
        " cùng lúc với việc gửi Bộ | Sở Nội vụ",
    ]
    assert lines[-1] == "* ngày không chính thức"


def test_without_a_day_it_is_today_in_viet_nam() -> None:
    assert re.search(
        r"^Today: \d{4}-\d\d-\d\d \(Asia/Ho_Chi_Minh\)$", run("plan", "2021-province", lang="en")[0], re.MULTILINE
    )


def test_the_plan_as_calendar_and_workbook(tmp_path: Path) -> None:
    for write, name in ((run, "a.ics"), (process, "b.ics")):
        assert (
            write("plan", "2021-province", "--today", "2021-10-15", "-o", str(tmp_path / name))[0]
            == f"{tmp_path / name}: 8 nhiệm vụ\n"
        )
    data = (tmp_path / "a.ics").read_bytes()
    assert data == (tmp_path / "b.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20211019\r\n" in data and data.count(b"BEGIN:VEVENT") == 8
    openpyxl = pytest.importorskip("openpyxl")
    run("plan", "2021-province", "--today", "2021-10-20", "-o", str(tmp_path / "a.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [sheet.cell(row=6, column=c).value for c in (4, 6, 7, 8)] == [
        "trước 20/10/2021",
        -1,
        "quá hạn",
        "chính thức",
    ]


def test_faults_of_the_plan(tmp_path: Path) -> None:
    assert run("plan", "2021-province", "-o", "p.pdf", lang="en", code=1)[1].splitlines()[0] == (
        "✗ p.pdf: .pdf is not written — name the file .ics or .xlsx"
    )
    assert 'did you mean "survey"?' in run("plan", "2021-province", "--done", "survy", lang="en", code=1)[1]
    assert "openssf-scorecard has no plan" in run("plan", "openssf-scorecard", lang="en", code=1)[1]


def self_assessment(folder: Path) -> str:
    """The shipped illustration as a province would hand it in: its stage says that it is its own assessment."""
    path = folder / "evidence.json"
    text = Path(PROVINCE).read_text(encoding="utf-8")
    path.write_text(text.replace('"stage": "illustrative"', '"stage": "self-assessment"'), encoding="utf-8")
    return str(path)


def test_the_shipped_illustration_is_no_self_assessment(tmp_path: Path) -> None:
    path = str(tmp_path / "R.db")
    run("round", "init", path, "-m", "2021-province", "--by", "An")
    assert run("round", "submit", path, PROVINCE, "--by", "An", "--why", "x", code=1)[1].splitlines()[0] == (
        '✗ evidence.json /stage: số liệu ghi giai đoạn "illustrative" (minh họa); ở bước này cần số liệu tự đánh giá'
        ' — nếu đúng là số liệu tự đánh giá thì ghi "stage": "self-assessment" trong tệp'
    )
    run("round", "submit", path, self_assessment(tmp_path), "--by", "An", "--why", "nộp lần đầu")


def test_a_round_by_commands(tmp_path: Path) -> None:
    path, bundle = str(tmp_path / "R.db"), str(tmp_path / "b.zip")
    (tmp_path / "a.csv").write_text(
        "Đơn vị;Mục;Điểm;Lý do\nĐiện Biên;1.1.2;0,75;=1+1 chậm\nĐiện Biên;1.2;0,375;\n", encoding="utf-8"
    )
    (tmp_path / "x.csv").write_text(
        "Đơn vị,Mục,Giải trình,Điểm đề nghị\nĐiện Biên,1.1.2,xem 12/BC trang 3,1\n", encoding="utf-8"
    )
    (tmp_path / "f.csv").write_text("unit,item,points,reason\ndien-bien,1.1.2,1,chấp nhận\n", encoding="utf-8")
    by = ("--by", "Nguyễn Văn A")
    out = run("round", "init", path, "-m", "2021-province", *by, "-u", "Điện Biên", "--lock", "submit=2021-12-31")[0]
    assert re.fullmatch(
        r"Đã lưu bản ghi 1 \(mở kỳ\): [0-9a-f]{64}\n  nộp tự đánh giá: đến hết 31/12/2021 \(hạn riêng của kỳ\)\n", out
    )
    province = self_assessment(tmp_path)
    submit = ("round", "submit", path, province, *by, "--why", "nộp lần đầu", "--document", "README.md")
    assert "hạn cuối là 31/12/2021 (hạn riêng của kỳ), hôm nay là" in run(*submit, code=1)[1]
    run(*submit, "--override", "bão lũ")
    assert "[muộn: bão lũ]" in run("round", "history", path)[0]
    run("round", "appraise", path, str(tmp_path / "a.csv"), *by)
    run("round", "explain", path, str(tmp_path / "x.csv"), *by)
    out = run("round", "appraise", path, str(tmp_path / "f.csv"), *by, "--final", lang="en")[0]
    receipt = out.split()[-1]

    status = json.loads(run("round", "status", path, "--json")[0])
    assert (status["entries"], status["not_submitted"], status["head"]) == (5, [], receipt)
    assert {stage: n for stage, n in status["stages"].items() if n} == {"final": 1}
    assert "đến hết 31/12/2021 (hạn riêng của kỳ), đã khóa" in run("round", "status", path)[0]

    (report,) = json.loads(run("round", "report", path, "--json")[0])
    row = next(item for item in report["items"] if item["item"] == "1.1.2")
    assert {key: row[key] for key in ("own", "appraised", "requested", "final", "difference", "lost", "owner")} == {
        "own": "1", "appraised": "0.75", "requested": "1", "final": "1", "difference": "0", "lost": "0", "owner": "noi-vu",
    }  # fmt: skip
    assert report["lost_by_size"][0] == {"item": "8.1", "lost": "1.675"}
    (before,) = json.loads(run("round", "report", path, "--json", "--at", "3")[0])
    assert before["stands"]["points"] == "81.9137"
    shown = run("round", "report", path, "-u", "dien-bien")[0]
    assert "thẩm định: =1+1 chậm; giải trình: xem 12/BC trang 3; cuối: chấp nhận" in shown
    assert "Theo cơ quan chủ trì:\nCơ quan" in shown

    pytest.importorskip("openpyxl")
    book = str(tmp_path / "r.xlsx")
    assert run("round", "report", path, "-o", book)[0] == f"{book}: 1 đơn vị\n"
    assert "báo cáo được ghi dạng .xlsx" in run("round", "report", path, "-o", str(tmp_path / "r.pdf"), code=1)[1]

    own = run("round", "score", path, "--self", "--format", "json")[0]
    plain = par.load("2021-province").assess(province).report()
    assert json.loads(own)["units"] == plain["units"]
    assert run("round", "score", path, "--at", "2", "--format", "json")[0] == own
    assert run("round", "score", path, "--at", "3", "--format", "json")[0] != own
    assert "Điện Biên" in run("round", "score", path)[0]

    assert run("round", "verify", path, "--receipt", receipt)[0] == (
        f"Nguyên vẹn: 5 bản ghi, 10 tệp; mã của bản ghi cuối: {receipt}\n"
    )
    assert "no entry has the hash" in run("round", "verify", path, "--receipt", "0" * 64, lang="en", code=1)[1]
    run("round", "export", path, "-o", bundle)
    Path(path).unlink()
    assert run("round", "recompute", bundle, lang="en")[0] == (
        f"Computed again, the same figures: 1 units, 5 entries; hash of the last entry: {receipt}\n"
    )


def test_a_round_with_rules_in_python_needs_their_plugin(tmp_path: Path) -> None:
    path, bundle = str(tmp_path / "R.db"), tmp_path / "b.zip"
    run("round", "init", path, "-m", "example-town", "--by", "An")
    run("round", "submit", path, TOWN, "--by", "An", "--why", "first")
    run("round", "export", path, "-o", str(bundle))
    found = json.loads(process("round", "recompute", str(bundle), "--json")[0])
    assert (found["same_bytes"], found["problems"], found["methodology"]) == (True, [], "example-town")
    code = (
        "import sys, pathlib, par_engine.round.recompute as r, par_engine as par\n"
        "def none(id): raise par.PluginError([par.own_problem('par', '', 'x', 'none', '')])\n"
        "r.load = none\n"
        "try: r.recompute(pathlib.Path(sys.argv[1]))\n"
        "except par.ParError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(bundle)], capture_output=True, encoding="utf-8", check=True)
    version = par.load("example-town").version
    assert done.stdout == f"b.zip: the methodology has rules of its own in Python — install par-example=={version}\n"


def test_faults_of_commands(tmp_path: Path) -> None:
    for words, says in (
        (("verify", "README.md"), "✗ README.md: the file is no database — par round init makes one"),
        (("recompute", "README.md"), "✗ README.md: not a whole zip file: File is not a zip file — par round export writes one"),
        (("plan", str(tmp_path / "no.db")), "✗ no.db: No such file or directory — check the path"),
        (("status", str(tmp_path / "no.db")), "✗ no.db: No such file or directory — check the path"),
        (("init", str(tmp_path / "R.db"), "-m", "2021-provinse", "--by", "An"), '✗ par: no methodology "2021-provinse" is installed — did you mean "2021-province"'),
        (("init", str(tmp_path / "R.db"), "-m", "2021-province", "--by", "An", "--lock", "sumbit=2022-01-01"), '✗ --lock: "sumbit=2022-01-01" is no last day of an action — did you mean "submit"?'),
        (("init", str(tmp_path / "R.db"), "-m", "2021-province", "--by", "An", "-u", "Dien Bien"), '✗ --unit: there is no unit "Dien Bien" — did you mean "Điện Biên"'),
    ):  # fmt: skip
        assert run("round", *words, lang="en", code=1)[1].splitlines()[0].startswith(says)
    assert list(tmp_path.iterdir()) == []


def test_ballots_forms_and_done_tasks_by_commands(tmp_path: Path) -> None:
    for module in ("docx", "openpyxl", "xlsxwriter"):
        pytest.importorskip(module)
    import openpyxl

    path, by = str(tmp_path / "R.db"), ("--by", "Bộ Nội vụ")
    bare = json.loads(Path(self_assessment(tmp_path)).read_bytes())
    for unit in bare["units"]:
        unit["facts"] = {key: value for key, value in unit["facts"].items() if not isinstance(value, dict)}
    mine = tmp_path / "tu-cham.json"
    mine.write_text(json.dumps(bare), encoding="utf-8")
    from par_engine.survey.questions import Questions

    asked = [question.fact for question in Questions(par.load("2021-province")).all]
    groups = ["deputies", "Lãnh đạo cơ quan chuyên môn cấp tỉnh", "divisions", "districts"]
    rows = [["Điện Biên", group, f"t{i}{group}", *("AB"[i % 2] for _ in asked)] for i in range(5) for group in groups]
    ballots = tmp_path / "phieu.csv"
    lines = [["Đơn vị", "Nhóm đối tượng", "Mã phiếu", *asked], *rows]
    ballots.write_text("".join(";".join(line) + "\n" for line in lines), encoding="utf-8")

    run("round", "init", path, "-m", "2021-province", *by, "-u", "Điện Biên")
    run("round", "submit", path, str(mine), *by, "--why", "nộp lần đầu")
    form, filled = tmp_path / "bieu.xlsx", tmp_path / "da-ghi.xlsx"
    assert run("round", "form", path, "-o", str(form))[0] == f"{form}: 1 đơn vị, 112 mục\n"
    assert "đã có tệp này" in run("round", "form", path, "-o", str(form), code=1)[1]
    assert "biểu được ghi dạng .xlsx" in run("round", "form", path, "-o", str(tmp_path / "b.ods"), code=1)[1]
    assert (
        "mỗi biểu chỉ của một bước"
        in run("round", "form", path, "-o", str(tmp_path / "b.xlsx"), "--explain", "--final", code=1)[1]
    )
    book = openpyxl.load_workbook(form)
    row = next(row for row in book.active.iter_rows(min_row=6) if row[1].value == "1.1.2")
    row[6].value, row[7].value = 0.75, "chậm"
    book.save(filled)
    run("round", "appraise", path, str(filled), *by)

    out = run("round", "survey", path, str(ballots), *by, "--why", "kết quả khảo sát")[0]
    assert out.startswith("20 phiếu, 20 hợp lệ, 0 không hợp lệ\nĐã lưu bản ghi 4 (kết quả khảo sát): ")
    merged = tmp_path / "merged.json"
    run("survey", "tally", str(ballots), "-m", "2021-province", "--into", str(mine), "-o", str(merged))
    whole = par.load("2021-province").assess(merged).unit("dien-bien")
    (stands,) = json.loads(run("round", "score", path, "--format", "json")[0])["units"]
    assert float(stands["points"]) == float(whole.points or 0) - 0.25
    tally = tmp_path / "tally.json"
    run("survey", "tally", str(ballots), "-m", "2021-province", "-o", str(tally))
    run("round", "survey", path, str(tally), *by, "--why", "cùng số phiếu")
    assert json.loads(run("round", "score", path, "--format", "json")[0])["units"] == [stands]
    assert run("round", "survey", path, str(tally), *by, "--why", "x", "-u", "Điện Biên", code=1)[1].startswith(
        "✗ --unit: tệp này đã là kết quả đếm phiếu — bỏ --unit"
    )
    entries = json.loads(run("round", "history", path, "--json")[0])
    assert entries[3]["content"]["ballots"]["name"] == "phieu.csv" and entries[4]["content"]["ballots"] is None
    assert b"deputies;t0" not in Path(path).read_bytes() and b"t0deputies" not in Path(path).read_bytes()

    run("round", "done", path, "province-instruction", *by, "--why", "1523/UBND-NC")
    for command in (("plan", path), ("round", "plan", path)):
        found = json.loads(run(*command, "--today", "15/10/2021", "--json")[0])
        first = found["tasks"][0]
        assert (found["methodology"], first["state"], first["done"]["entry"]) == ("2021-province", "done", 6)
    shown = run("plan", path, "--today", "2021-10-15")[0]
    assert re.search(
        r"^✓ Giao nhiệm vụ triển khai kế hoạch trong tỉnh: Bộ Nội vụ, \d\d/\d\d/\d{4} \d\d:\d\d \(#6\)$",
        shown,
        re.MULTILINE,
    )
    assert "Giao nhiệm vụ triển khai kế hoạch trong tỉnh (đã xong)" in run("round", "status", path)[0]
    assert re.search(
        r"^ +6 +\d\d/\d\d/\d{4} \d\d:\d\d .*Giao nhiệm vụ triển khai kế hoạch trong tỉnh",
        run("round", "history", path)[0],
        re.MULTILINE,
    )
    assert "Nguyên vẹn: 6 bản ghi" in run("round", "verify", path)[0]
    bundle = str(tmp_path / "b.zip")
    assert re.fullmatch(
        re.escape(bundle) + r": \d{1,3}(\.\d{3})+ byte\n", run("round", "export", path, "-o", bundle)[0]
    )
    run("round", "recompute", bundle)


def test_a_workbook_of_another_stage_is_refused_at_its_cell(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path, book = str(tmp_path / "R.db"), tmp_path / "t.xlsx"
    run("round", "init", path, "-m", "2021-province", "--by", "An")
    run("template", "2021-province", "-o", str(book), "--unit", "Điện Biên", "--from", PROVINCE)
    words = ("round", "submit", path, str(book), "--by", "An", "--why", "x")
    err = run(*words, code=1)[1]
    cell = re.match(r"✗ t\.xlsx Hướng dẫn!(C\d+): số liệu ghi giai đoạn \"illustrative\" \(minh họa\); ở bước này cần số liệu tự"
                    r" đánh giá — nếu đúng là số liệu tự đánh giá thì sửa ô ấy thành “tự đánh giá”\n", err)  # fmt: skip
    assert cell is not None, err
    work = openpyxl.load_workbook(book)
    work["Hướng dẫn"][cell[1]] = "Tự đánh giá"
    work.save(book)
    run(*words)
    assert run("round", "survey", path, str(book), "--by", "An", "--why", "x", code=1)[1].startswith("✗ t.xlsx")


def test_the_days_that_lock_are_said_when_a_round_is_opened(tmp_path: Path) -> None:
    words = ("round", "init", str(tmp_path / "R.db"), "-m", "example-town", "--by", "An")
    assert run(*words, "--lock", "submit=31/12/99", "--lock", "fianl=1/1/2031", lang="en", code=1)[1].splitlines() == [
        '✗ --lock: "31/12/99" is no day — write the year with four digits: DD/MM/YYYY',
        '✗ --lock: "fianl=1/1/2031" is no last day of an action — did you mean "final"?',
        "2 problems",
    ]
    assert (
        '"hôm nay" không phải là ngày — ghi DD/MM/YYYY, ví dụ 31/12/2000'
        in run(*words, "--lock", "submit=hôm nay", code=1)[1]
    )
    out = run(*words, "--lock", "final=2031-01-31", "--lock", "submit=31/12/2030", lang="en")[0]
    assert out.splitlines()[1:] == [
        "  self-assessment handed in: until 2030-12-31 (the round's own)",
        "  final appraisal: until 2031-01-31 (the round's own)",
    ]
