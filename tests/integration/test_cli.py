"""The command line on the example: what it prints, and how it fails."""

import json
import os
import subprocess
import sys
from fractions import Fraction as F
from pathlib import Path

import pytest
from program import PAR, process, run

import par_engine as par
from par_engine.authoring.proof import prove

ROOT = Path(__file__).parents[2]
TOWN = str(ROOT / "examples" / "example-town.json")


def test_score_in_vietnamese() -> None:
    out, err = run("score", TOWN, "-m", "example-town")
    assert err == ""
    assert out.splitlines()[:9] == [
        "Thư viện thị trấn (ví dụ) (example-town): 10 trên 10 điểm dựa vào số dựng lại, không chính thức.",
        "",
        "Hạng  Đơn vị         Chỉ số  Nhóm    Điểm  Có thể đạt",
        "   1  Ashford         96,44  Vàng    9,64       10,00",
        "   2  Cầu Mới         77,26  Bạc     6,95        9,00",
        "   3  Bến Tre Nhỏ     65,44  Bạc     6,54       10,00",
        "   4  Đồng Xuân        5,56  Thường  0,56       10,00",
        "   —  Kho trung tâm   69,22  Bạc     6,92       10,00",
        "",
    ]
    assert "Không áp dụng:\n  Cầu Mới (1): 2.3\n" in out
    assert "Kho trung tâm: không xếp hạng — Kho sách, không phục vụ bạn đọc trực tiếp." in out


def test_score_in_english_and_quiet() -> None:
    out, _ = run("score", TOWN, "-m", "example-town", "-q", lang="en")
    assert (
        out.splitlines()[0]
        == "Town libraries (example) (example-town): 10 of 10 points rest on reconstructed numbers, not official ones."
    )
    assert out.splitlines()[2].split() == ["rank", "unit", "index", "group", "points", "attainable"]
    assert "By stream" not in out


def test_json_is_the_report_and_the_same_bytes_every_time(tmp_path: Path) -> None:
    target = tmp_path / "r.json"
    run("score", TOWN, "-m", "example-town", "--format", "json", "-o", str(target))
    first = target.read_bytes()
    process("score", TOWN, "-m", "example-town", "--format", "json", "-o", str(target))
    assert target.read_bytes() == first
    out, err = run("score", TOWN, "-m", "example-town", "--format", "json")
    assert out.encode() == first
    assert "số dựng lại" in err
    assert json.loads(first) == json.loads(json.dumps(par.load("example-town").assess(TOWN).report()))


def test_explain() -> None:
    out, _ = run("explain", TOWN, "-m", "example-town", "--unit", "BTN", "--item", "1.2")
    assert out.splitlines() == [
        "Bến Tre Nhỏ — 1.2 Ngày mở cửa: 1,65 trên 2 điểm (đã chấm)",
        "Số liệu:",
        "  Số ngày đã mở cửa = 231 ngày",
        "  Số ngày mở cửa theo kế hoạch = 280 ngày",
        "Quy tắc theo tỷ lệ: từ 100 % trở lên: điểm tối đa; dưới 50 %: 0; còn lại: 2 × (Số ngày đã mở cửa / Số ngày mở cửa theo kế hoạch); mẫu số bằng 0: coi như thiếu số liệu",
        "  Theo tỷ lệ so với kế hoạch; dưới 50 %: 0",
        "Cách tính: 231 / 280 = 82,5 %; 2 × 231 / 280 = 1,65",
        "Căn cứ: số dựng lại, KHÔNG chính thức (khung lấy theo: Điều lệ thư viện thị trấn (văn bản hư cấu))",
        "R2: Ngày mở cửa nhiều hơn kế hoạch chỉ tính đến 100 %.",
        "R3: Bộ tiêu chí này là hư cấu: không con số nào là chính thức.",
    ]
    data = json.loads(run("explain", TOWN, "-m", "example-town", "--unit", "BTN", "--item", "1.2", "--json")[0])
    assert (data["points"], data["exact"], data["basis"]) == ("1.6500", "33/20", "reconstructed")


def test_list_and_show() -> None:
    rows = json.loads(run("list", "--json")[0])
    (row,) = [row for row in rows if row["id"] == "example-town"]
    assert (row["distribution"], row["leaves"], row["max"], row["basis"]["reconstructed"]) == (
        "par-example",
        10,
        "10",
        "10",
    )
    fast = json.loads(run("list", "--json", "--fast")[0])
    assert {"id": "example-town", "distribution": "par-example", "version": row["version"]} in fast
    assert "    1.2 Ngày mở cửa  [theo tỷ lệ, Sổ sách]" in run("show", "example-town")[0]
    assert "Rule example.per_head" in run("show", "example-town", "3.2", lang="en")[0]
    assert "ben-tre-nho" in run("show", "example-town", "--units")[0]


def test_schema() -> None:
    form = json.loads(run("schema", "evidence", "-m", "example-town")[0])
    assert form["properties"]["methodology"] == {"const": "example-town"}
    assert json.loads(run("schema", "report")[0])["$id"] == "urn:par-engine:schema:report-1"
    err = run("schema", "report", "-m", "example-town", code=1)[1]
    assert err == "✗ -m: -m chỉ dùng với evidence — ví dụ: par schema evidence -m ID\n1 vấn đề\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (
            ["score", "nowhere.json", "-m", "example-town"],
            1,
            "nowhere.json: không đọc được (không có tệp hoặc thư mục này) — kiểm tra lại đường dẫn",
        ),
        (
            ["score", TOWN, "-m", "exmaple-town"],
            1,
            'par: không có bộ tiêu chí "exmaple-town" nào được cài đặt — có phải là "example-town"?',
        ),
        (["explain", TOWN, "-m", "example-town", "-u", "Ashfrod"], 1, 'không có đơn vị "Ashfrod"'),
        (["explain", TOWN, "-m", "example-town", "-u", "Ashford", "-i", "9"], 1, 'không có mục "9"'),
        (["show", "example-town", "9"], 1, 'không có mục "9"'),
        (["score", TOWN, "-m", "example-town", "--format", "xml"], 1, 'không có định dạng "xml"'),
        (["score", TOWN, "-m", "example-town", "--format", "table", "-o", "x.json"], 1, "bảng chỉ in ra màn hình"),
        (
            ["score", TOWN, "-m", "example-town", "-o", "x.xlsx"],
            1,
            '--output: tên "x.xlsx" không cho biết định dạng — dùng par book',
        ),
        (
            ["score", TOWN, "-m", "example-town", "-o", "x.y"],
            1,
            '--output: tên "x.y" không cho biết định dạng — đặt đuôi .json, .csv, hoặc ghi --format: json, csv, csv-long,',
        ),
        (
            ["score", TOWN, "-m", "example-town", "--format", "json", "-o", "x.csv"],
            1,
            '--output: tên "x.csv" không hợp với json — đặt đuôi .json, hoặc bỏ --format',
        ),
        (
            ["improve", TOWN, "-m", "example-town", "-u", "Ashford", "--target", "111"],
            1,
            '--target: "111" vượt quá mức có thể đạt — tối đa 1',
        ),
        (
            ["improve", TOWN, "-m", "example-town", "-u", "Ashford", "--gain", "12"],
            1,
            '--gain: "12" vượt quá mức có thể đạt — tối đa 1',
        ),
        (["score", TOWN], 2, "--methodology"),
        (["schema", "nothing"], 2, "nothing"),
        (["frob"], 2, "frob"),
    ],
)
def test_faults(words: list[str], code: int, says: str) -> None:
    out, err = run(*words, code=code)
    assert (out, says in err) == ("", True), err


def test_validate_shows_every_problem_and_counts_the_many(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("unit,1.3.complaints\n" + "".join(f"x{i},-1\n" for i in range(30)), encoding="utf-8")
    out, err = run("validate", str(bad), "-m", "example-town", code=1)
    assert out == ""
    lines = err.splitlines()
    assert (
        lines[0]
        == '✗ bad.csv dòng 2, cột 1.3.complaints: "-1" ngoài phạm vi cho phép của “Số khiếu nại đúng”: từ 0 trở lên — kiểm tra lại số liệu và đơn vị tính'
    )
    assert '  … và 10 vấn đề nữa cùng loại với "bad.csv dòng 2, cột 1.3.complaints"' in lines
    assert lines[-1] == "60 vấn đề"
    assert len(json.loads(run("validate", str(bad), "-m", "example-town", "--json", code=1)[0])) == 60
    assert run("validate", TOWN, "-m", "example-town")[0] == "Không có lỗi.\n"


def test_nothing_is_written_when_the_evidence_is_bad(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    run("score", str(bad), "-m", "example-town", "--format", "json", "-o", str(tmp_path / "out.json"), code=1)
    assert [p.name for p in tmp_path.iterdir()] == ["bad.json"]


def test_markup_from_outside_is_text(tmp_path: Path) -> None:
    bad = tmp_path / "b.json"
    bad.write_text(
        json.dumps({"methodology": "example-town", "stage": "s", "units": [{"unit": "[red]x[/red]\u001b[31m"}]}),
        encoding="utf-8",
    )
    _, err = run("score", str(bad), "-m", "example-town", code=1)
    assert '"[red]x[/red]\\x1b[31m"' in err


def test_help_is_light() -> None:
    code = "import sys; sys.argv = ['par', '--help']\ntry:\n    from par_engine.cli.main import run; run()\nexcept SystemExit: pass\nprint([m for m in ('numpy', 'pydantic', 'pandas', 'jsonschema') if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    assert out.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are UTF-8 in any locale")
def test_vietnamese_words_and_names_in_a_locale_that_has_none(tmp_path: Path) -> None:
    ascii_ = {**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "PAR_LANG": "vi"}
    for start in ([PAR], [sys.executable, "-m", "par_engine"]):
        path = tmp_path / f"Điện Biên {len(start)}.json"
        words = ["assign", "2021-province", "--unit", "Điện Biên", "-o", str(path)]
        done = subprocess.run([*start, *words], env=ascii_, capture_output=True, check=False, encoding="utf-8")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Đã ghi {path}: ")
        assert json.loads(path.read_bytes())["unit"] == "Điện Biên"
    code = (
        "import sys; from pathlib import Path; from par_engine.files.atomic import write_all\n"
        "try: write_all({Path(sys.argv[1]) / '\\u0111.txt': b''})\n"
        "except Exception as error: print(*(ascii(p.text(lang)) for p in error.problems for lang in ('vi', 'en')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=ascii_, capture_output=True, check=False, encoding="utf-8"
    )
    vi, en = (
        "không ghi được tên tệp này ở đây — đặt PYTHONUTF8=1, hoặc chọn tên khác",
        "this name cannot be written here",
    )
    assert ascii(vi)[1:-1] in done.stdout, done
    assert en in done.stdout


def test_too_little_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("par_engine.cli.evidence_input.read", none_left)
    words = ("score", "examples/example-town.json", "-m", "example-town")
    assert run(*words, code=1)[1].startswith(
        "✗ par: không đủ bộ nhớ để làm việc này — hãy làm từng phần, ít đơn vị hơn\n"
    )
    assert run(*words, lang="en", code=1)[1].startswith("✗ par: there is not enough memory for this — take fewer units")


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"{PAR} list | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "Traceback" not in done.stderr


PROVINCES = str(ROOT / "examples" / "provinces-2023.csv")


def test_a_part_of_the_league_does_not_look_like_all_of_it() -> None:
    out, _ = run("score", PROVINCES, "-m", "2023-province", code=1)
    assert "Chỉ có 3 trên 63 đơn vị được xếp hạng: đây chưa phải thứ hạng chính thức." in out
    out, _ = run("explain", PROVINCES, "-m", "2023-province", "-u", "Đắk Lắk")
    assert "hạng 1 (trong số 3 đơn vị có trong số liệu, trên 63 đơn vị được xếp hạng)" in out


def test_explain_tells_of_the_misprint() -> None:
    _, err = run("explain", PROVINCES, "-m", "2023-province", "-u", "Hòa Bình", code=1)
    assert "Hòa Bình: tổng điểm ghi 86,89, các phần cộng lại là 87,89" in err


def test_a_stream_is_explained_from_its_leaves() -> None:
    out, _ = run("explain", TOWN, "-m", "example-town", "-u", "Ashford", "-i", "stream:readers")
    assert out.splitlines()[:3] == [
        "Ashford — Bạn đọc: 0,7944 trên 1 điểm (đã chấm)",
        "Cách tính: tổng các mục con",
        "  3.1 Bạn đọc hài lòng: 0,7944 / 1 (đã chấm)",
    ]
    data = json.loads(run("explain", TOWN, "-m", "example-town", "-u", "Ashford", "-i", "stream:readers", "--json")[0])
    assert [part["points"] for part in data["parts"]] == ["0.7944"]
    _, err = run("explain", TOWN, "-m", "example-town", "-u", "Ashford", "-i", "stream:reader", code=1)
    assert 'không có nguồn điểm "reader"' in err


def test_csv_for_a_vietnamese_excel(tmp_path: Path) -> None:
    path = tmp_path / "league.csv"
    run("score", TOWN, "-m", "example-town", "--format", "csv-excel", "-o", str(path))
    lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Hạng;Đơn vị;Chỉ số;Nhóm;Điểm;Có thể đạt;Kết quả;Sổ sách;Bạn đọc;1. Mở cửa")
    assert lines[1].startswith("1;Ashford;96,44;Vàng;9,64;10,00;đã chấm;8,60;0,79;4,00")


CASES = {"$schema": "urn:par-engine:schema:case-1", "methodology": "example-town"}


def test_cases_lists_suggests_and_never_overwrites(tmp_path: Path) -> None:
    out, _ = run("cases", "example-town")
    assert out.splitlines()[0] == "1.1: không có số liệu"
    assert out.splitlines()[-1] == "0/68 chỗ đã có trường hợp kiểm thử, 0 đã được xác nhận"
    folder = tmp_path / "cases"
    folder.mkdir()
    path = folder / "town.json"
    out, _ = run("cases", "example-town", "--suggest", "-o", str(path))
    assert out.startswith("68 trường hợp, chưa ai xác nhận")
    before = path.read_bytes()
    _, err = run("cases", "example-town", "--suggest", "-o", str(path), code=1)
    assert "town.json: đã có tệp này — đặt tên khác" in err and path.read_bytes() == before
    out, _ = run("cases", "example-town", str(folder), "--suggest")
    assert out == "Mọi chỗ đều đã có trường hợp kiểm thử.\n"
    path.write_text(path.read_text(encoding="utf-8").replace('"points": "0.5"', '"points": "0.4"', 1), encoding="utf-8")
    _, err = run("cases", "example-town", str(folder), code=1)
    assert "example-town 1.1: 1.1 Kế hoạch năm: ban hành muộn: 0,5 điểm, đã chấm — phải là 0,4 điểm, đã chấm\n" in err


def test_test_runs_pytest_and_says_what_it_cannot_find(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    one = {"name": "n", "item": "1.1", "facts": {"1.1.plan": "late"}, "expect": {"points": "0.5"}, "confirmed": False}
    (tmp_path / "cases" / "c.json").write_text(json.dumps(CASES | {"cases": [one]}))
    out, _ = run("test", str(tmp_path / "cases"), "--par-coverage")
    assert "1 of 68 places touched" in out and "1 passed" in out
    _, err = run("test", "example-tow", code=1)
    assert 'không có bộ tiêu chí "example-tow"' in err
    (tmp_path / "empty").mkdir()
    _, err = run("test", str(tmp_path / "empty"), code=1)
    assert "không có tệp kiểm thử nào" in err


def test_check_by_id_and_file() -> None:
    assert run("check", "2021-province")[0].splitlines()[-1] == "Không thấy lỗi nào."
    out, err = run("check", "tests/corpus/check/tick-worth-nothing.json", code=1)
    assert "chứng minh: điểm tối đa cộng khớp (3)" in out
    fault = "✗ tick-worth-nothing.json:43 4 rule/points/y"
    assert err == f'{fault}: mục "y" không được điểm nào — cho điểm, hoặc bỏ đi\n1 vấn đề\n'


def test_check_for_programs_and_of_what_cannot_be_loaded() -> None:
    (found,) = json.loads(run("check", "example-town", "--json")[0])
    assert (found["id"], found["problems"], found["claims"][-1]["how"]) == ("example-town", [], "sampled")
    (broken,) = json.loads(run("check", "tests/corpus/methodology-1/invalid/band-gap.json", "--json", code=1)[0])
    assert broken["problems"][0]["where"] == "band-gap.json /items/5/rule/bands/2"
    assert "no methodology" in run("check", "2999-nowhere", lang="en", code=1)[1]


@pytest.mark.parametrize("id", sorted(listing.id for listing in par.installed()))
def test_no_fault_is_found_in_what_is_shipped(id: str) -> None:
    assert prove(par.load(id).scheme, {listing.id for listing in par.installed()}).problems == ()


def test_diff_as_table_json_and_markdown() -> None:
    assert run("diff", "example-town", "example-town")[0] == "Không có thay đổi.\n"
    data = json.loads(run("diff", "2021-ministry", "2023-ministry", "--format", "json")[0])
    assert {"kind": "setting", "code": "streams.survey", "title": "survey", "old": "36.5", "new": "31.5"} in data[
        "changes"
    ]
    out = run("diff", "2021-ministry", "2023-ministry", "--format", "markdown", lang="en")[0]
    assert out.splitlines()[:2] == [
        "| change | code | title | 2021-ministry | 2023-ministry |",
        "| --- | --- | --- | --- | --- |",
    ]
    assert run("diff", "2021-ministry", "2023-ministry")[0].splitlines()[0].split() == [
        *("Thay", "đổi", "Mã", "Tên", "2021-ministry", "2023-ministry")
    ]


def test_compare_two_rounds(tmp_path: Path) -> None:
    evidence = json.loads(Path(TOWN).read_text(encoding="utf-8"))
    evidence["units"][0]["facts"]["2.2.readings"] = 1
    (tmp_path / "later.json").write_text(json.dumps(evidence), encoding="utf-8")
    old, new = str(tmp_path / "old.json"), str(tmp_path / "new.json")
    run("score", TOWN, "-m", "example-town", "--format", "json", "-o", old, "-q")
    run("score", str(tmp_path / "later.json"), "-m", "example-town", "--format", "json", "-o", new, "-q")
    out, err = run("compare", old, new)
    assert out.splitlines()[0].split() == [
        "Đơn",
        "vị",
        "Trước",
        "Sau",
        "Thay",
        "đổi",
        "Số",
        "liệu",
        "Hạng",
        "Ghi",
        "chú",
    ]
    assert out.splitlines()[-3].split() == ["Ashford", "9,6444", "8,1444", "−1,5", "−1,5", "1", "→", "1"]
    assert out.splitlines()[-1] == "Bình quân: −0,375 (Số liệu −0,375)"
    assert err == ""
    out, _ = run("compare", old, new, "-u", "Ashford", lang="en")
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["total", "stream:records", "2", "2.2"]
    data = json.loads(run("compare", old, new, "--json")[0])
    assert data["moves"][0]["parts"] == {"evidence": "-1.5"}
    assert "Ashfort" in run("compare", old, new, "-u", "Ashfort", lang="en", code=1)[1]
    assert "not the evidence of the newer report" in run("compare", old, new, "--evidence", TOWN, lang="en", code=1)[1]
    assert (
        "later.json: this is an evidence document (JSON), not a report"
        in run("compare", old, str(tmp_path / "later.json"), lang="en", code=1)[1]
    )


def test_compare_says_that_a_report_before_the_survey_is_out_of_less(tmp_path: Path) -> None:
    evidence = json.loads(Path(TOWN).read_text(encoding="utf-8"))
    for entry in evidence["units"]:
        entry["facts"] = {name: fact for name, fact in entry["facts"].items() if not isinstance(fact, dict)}
    (tmp_path / "early.json").write_text(json.dumps(evidence), encoding="utf-8")
    old, new = str(tmp_path / "old.json"), str(tmp_path / "new.json")
    run("score", str(tmp_path / "early.json"), "-m", "example-town", "--format", "json", "-o", old, "-q")
    run("score", TOWN, "-m", "example-town", "--format", "json", "-o", new, "-q")
    lines = run("compare", old, new)[0].splitlines()
    assert lines[1].endswith("— → 1  số điểm có thể đạt đổi từ 9 thành 10")
    assert lines[-1] == "5 trên 5 đơn vị không so sánh được (xem ghi chú), nên bình quân cũng không."
    assert run("compare", old, new, lang="en")[0].splitlines()[-1] == (
        "5 of 5 units do not compare (see the notes), so neither does the mean."
    )
    moves = json.loads(run("compare", old, new, "--json")[0])["moves"]
    assert all(move["not_comparable"] for move in moves if move["code"] in ("total", "1"))


def test_compare_says_when_a_report_is_of_another_version(tmp_path: Path) -> None:
    paths = [tmp_path / "old.json", tmp_path / "new.json"]
    run("score", TOWN, "-m", "example-town", "--format", "json", "-o", str(paths[1]), "-q")
    report = json.loads(paths[1].read_text(encoding="utf-8"))
    report["methodology"]["fingerprint"] = "0" * 64
    paths[0].write_text(json.dumps(report), encoding="utf-8")
    _, err = run("compare", *map(str, paths))
    assert err.startswith("! par compare: không cài đúng phiên bản bộ tiêu chí của báo cáo")


def test_an_older_report_has_each_unit_once(tmp_path: Path) -> None:
    town = str(ROOT / "examples" / "example-town.json")
    report = json.loads(run("score", town, "-m", "example-town", "--format", "json", "-q")[0])
    good, bad, out = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "page.html"
    good.write_text(json.dumps(report), encoding="utf-8")
    report["units"].append({**report["units"][1], "rank": None})
    bad.write_text(json.dumps(report), encoding="utf-8")
    says = {
        "en": '✗ bad.json /units/5/unit: unit "ben-tre-nho" stands twice, first at /units/1/unit — keep one',
        "vi": '✗ bad.json /units/5/unit: đơn vị "ben-tre-nho" xuất hiện hai lần, lần đầu ở /units/1/unit — chỉ giữ lại một',
    }
    for lang, text in says.items():
        page = ("page", town, "-m", "example-town", "-o", str(out), "--previous", str(bad))
        assert run(*page, lang=lang, code=1)[1].splitlines()[0] == text
        assert run("compare", str(bad), str(good), lang=lang, code=1)[1].splitlines()[0] == text
        assert run("compare", str(good), str(bad), lang=lang, code=1)[1].splitlines()[0] == text
    assert not out.exists()


def test_docs_writes_the_handbook_in_both_languages(tmp_path: Path) -> None:
    out, _ = run("docs", "2023-province", "-o", str(tmp_path / "new" / "folder"))
    names = ["2023-province.vi.md", "2023-province.en.md", "2023-province.html"]
    assert [Path(line).name for line in out.splitlines()] == names
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(names)
    text = (tmp_path / "new" / "folder" / names[0]).read_text(encoding="utf-8")
    assert "- Không so sánh với 2021-province: SIPAS đổi phương pháp từ năm 2022" in text
    (tmp_path / "file").write_text("")
    assert "file" in run("docs", "2023-province", "-o", str(tmp_path / "file"), code=1)[1]


def test_lineage_as_csv() -> None:
    lines = run("lineage")[0].splitlines()
    assert lines[0].startswith("id,distribution,supersedes,items,kept,added,")
    assert any(line.startswith("2022-province,par-2022,2021-province,133,") for line in lines)


def test_what_if_and_improve_on_a_real_file() -> None:
    file = str(ROOT / "examples" / "dien-bien-2021" / "evidence.json")
    out, _ = run("what-if", file, "-m", "2021-province", "--set", "1.3.1.part=57")
    assert out.splitlines()[1:3] == ["Trước   82,16     1  Nhóm B  82,16", "Sau     82,66     1  Nhóm B  82,66"]
    found = json.loads(run("improve", file, "-m", "2021-province", "--target", "84", "--json")[0])
    assert F(found["after"]["index"]) >= 84
    assert found["method"] == "exact dynamic programming"
    assert sum(F(change["gain"]) for change in found["changes"]) >= F(found["need"])
    assert "không đạt được mục tiêu" in run("improve", file, "-m", "2021-province", "--target", "99", code=1)[0]
    assert "cần đúng một mục tiêu" in run("improve", file, "-m", "2021-province", code=1)[1]
    assert "1.5.ideas" in run("what-if", file, "-m", "2021-province", "--set", "1.5.idea=2", code=1)[1]


@pytest.mark.parametrize("format", ["csv", "csv-long", "csv-excel", "json"])
def test_what_is_printed_is_what_is_written(tmp_path: Path, format: str) -> None:
    words = ["score", "examples/ministries-2023.csv", "-m", "2023-ministry", "--format", format]
    printed = subprocess.run([PAR, *words], capture_output=True, cwd=ROOT, check=True).stdout
    run(*words, "-o", str(tmp_path / "out"))
    assert printed == (tmp_path / "out").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("score", "{e}", "-m", "example-town", "--format", "json", "-o", "{e}"),
        ("report", "{e}", "-m", "example-town", "-u", "Ashford", "-o", "{x}.docx", "--save-template", "{e}"),
        ("report", "{e}", "-m", "example-town", "-u", "Ashford", "-o", "{x}.docx", "--save-template", "{x}.docx"),
        ("report", "{e}", "-m", "example-town", "-u", "Ashford", "--details", "{e}", "-o", "{e}"),
        ("page", "{e}", "-m", "example-town", "-o", "{x}.html", "--previous", "{x}.html"),
        ("book", "{x}/../e.json", "-m", "example-town", "-o", "{e}"),
        ("round", "export", "{e}", "-o", "{e}"),
        ("round", "report", "{e}", "-o", "{e}"),
        ("survey", "tally", "{e}", "-m", "example-town", "-o", "{e}"),
        ("respondents", "draw", "{e}", "-m", "example-town", "--seed", "1", "-o", "{e}"),
    ],
)
def test_no_command_writes_over_what_it_reads(tmp_path: Path, words: tuple[str, ...]) -> None:
    evidence = tmp_path / "e.json"
    evidence.write_bytes((ROOT / "examples/example-town.json").read_bytes())
    (tmp_path / "x").mkdir()
    (tmp_path / "x.html").write_text("older")
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    _, err = run(*(word.format(e=evidence, x=tmp_path / "x") for word in words), code=1)
    assert "tệp này sẽ ghi đè lên số liệu đầu vào — hãy chọn chỗ khác" in err
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
