"""`par audit` and `par robust` on the examples: what they print, and how they fail."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from edits import edited, edits

import par_engine as par
from par_engine.audit.reproduce import audit
from par_engine.audit.robust import robust
from par_engine.base.problems import pointer

ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "2021-province": "dien-bien-2021/evidence.json",
    "2023-ministry": "ministries-2023.csv",
    "2023-province": "provinces-2023.csv",
    "example-town": "example-town.json",
    "leed-bdc-v4": "leed.json",
    "openssf-scorecard": "openssf-scorecard.json",
}
REPORT, TOWN = "examples/reports/example-town.json", "examples/example-town.json"


def run(*words: str, lang: str = "vi", code: int = 0, stdin: bytes | None = None) -> tuple[str, str]:
    env = {**os.environ, "PAR_LANG": lang, "PYTHONWARNINGS": "error", "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-c", "from par_engine.cli.main import run; run()", *words],
        capture_output=True,
        env=env,
        cwd=ROOT,
        check=False,
        input=stdin,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == code, out + err
    assert "Traceback" not in err
    return out, err


def report_of(id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"examples/reports/{id}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("id", EXAMPLES)
def test_the_reports_of_the_examples_are_had_again(id: str) -> None:
    path = ROOT / f"examples/reports/{id}.json"
    found = audit(path, ROOT / "examples" / EXAMPLES[id])
    assert found.reproduced and found.findings == ()
    assert audit(path).closes


@pytest.mark.parametrize(("id", "step"), [("example-town", 1), ("2023-province", 41), ("leed-bdc-v4", 13)])
def test_no_edit_of_an_example_goes_unseen(id: str, step: int) -> None:
    methodology, report = par.load(id), report_of(id)
    evidence = methodology.read(ROOT / "examples" / EXAMPLES[id])
    for at, value in list(edits(report))[::step]:
        if at[-1] == "severity":
            continue
        places = {f.problem.pointer for f in audit(edited(report, at, value), evidence, methodology).findings}
        # a list and a text in two languages are one value each
        assert any(pointer(*at[:n]) in places for n in range(min(2, len(at)), len(at) + 1)), at


def test_reproduced() -> None:
    assert run("audit", REPORT, "--evidence", TOWN) == ("Tái lập được: 333 số liệu giống hệt.\n", "")
    assert run("audit", REPORT, "--evidence", TOWN, lang="en") == ("Reproduced: 333 figures identical.\n", "")
    stdin = (ROOT / TOWN).read_bytes()
    assert run("audit", REPORT, "-e", "-", "-m", "example-town", stdin=stdin)[0].startswith("Tái lập được")
    assert run("audit", REPORT) == (
        "Chỉ kiểm tra phép tính trong báo cáo, chưa chấm lại (cần --evidence): 333 số liệu khớp nhau.\n",
        "",
    )


def test_an_edited_report_from_an_older_version(tmp_path: Path) -> None:
    report = report_of("example-town")
    report["units"][1]["rank"] = 2
    report["methodology"] |= {"version": "0.1.1", "fingerprint": "a" * 64}
    path = tmp_path / "old.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    out, err = run("audit", str(path), "--evidence", TOWN, code=1)
    assert out == "Không tái lập được: 1 chỗ khác, 332 số liệu giống hệt.\n"
    assert err.splitlines() == [
        "! old.json /methodology/fingerprint: báo cáo lập theo bản khác của bộ tiêu chí: par-example 0.1.1, aaaaaaaaaaaa;"
        " bản đang cài là par-example 0.1.2, bd65665f3d8d — các con số có thể khác vì lý do này;"
        " việc chấm lại dùng bản đang cài",
        '✗ old.json /units/1/rank: "Bến Tre Nhỏ": hạng trong báo cáo là 2, chấm lại là 3'
        " — con số đã bị sửa, hoặc do số liệu, quy tắc hay phiên bản khác",
        "2 vấn đề",
    ]
    out, _ = run("audit", str(path), lang="en", code=1)
    assert out == "Not scored again; 1 do not close, 332 figures do.\n"
    data = json.loads(run("audit", str(path), "--evidence", TOWN, "--json", code=1)[0])
    assert (data["reproduced"], data["scored"], data["same"]) == (False, True, 332)
    assert [(f["code"], f["reported"], f["again"]) for f in data["findings"][1:]] == [("differs", 2, 3)]


def test_what_audit_refuses() -> None:
    assert "đây là tệp CSV hoặc văn bản, không phải báo cáo chấm điểm (JSON)" in run("audit", "README.md", code=1)[1]
    assert "đây là tệp số liệu (JSON), không phải báo cáo chấm điểm (JSON)" in run("audit", TOWN, code=1)[1]
    assert "không có bộ tiêu chí" in run("audit", REPORT, "-m", "none", code=1)[1]
    assert "chỉ đúng bộ tiêu chí của báo cáo bằng -m" in run("audit", REPORT, "-m", "2023-ministry", code=1)[1]
    out, err = run("audit", REPORT, "--evidence", "none.json", code=1)
    assert "không đọc được" in err
    assert out == "Không chấm lại được (lý do nêu trên); 333 số liệu trong báo cáo khớp nhau.\n"
    run("audit", code=2)


def test_robust_says_first_that_it_is_not_official() -> None:
    out, err = run("robust", TOWN, "-m", "example-town")
    assert err == ""
    assert out.splitlines()[:7] == [
        "Phân tích độ vững của thứ hạng: KHÔNG phải kết quả chính thức, chỉ cho biết thứ hạng dựa vào đâu.",
        "",
        "Hạng  Đơn vị       Chỉ số    Kém trên  Bỏ 1 phần  Đổi nhất khi bỏ",
        "   1  Ashford       96,44           —        1–2  Sổ sách → 2",
        "   2  Cầu Mới       77,26     1,72666        1–2  Sổ sách → 1",
        "   3  Bến Tre Nhỏ   65,44  ≈ 1,181489          3  —",
        "   4  Đồng Xuân      5,56      5,9888          4  —",
    ]
    assert out.endswith("10 trên 10 điểm dựa vào mục dựng lại, không chính thức: mọi thứ hạng đều dựa vào đó.\n")


def test_robust_of_one_unit_and_as_data() -> None:
    out, _ = run("robust", TOWN, "-m", "example-town", "-u", "cầu mới", lang="en")
    assert out.splitlines()[2:9] == [
        "Cầu Mới: rank 2, index 77.26",
        "  1.72666 points behind Ashford",
        "  1.06334 points ahead of Bến Tre Nhỏ",
        "",
        "left out                     rank",
        "1         Opening               2",
        "2         Books and readers     2",
    ]
    assert "không tham gia xếp hạng" in run("robust", TOWN, "-m", "example-town", "-u", "Kho trung tâm")[0]
    out, _ = run("robust", "examples/dien-bien-2021/evidence.json", "-m", "2021-province")
    assert out.splitlines()[2].startswith("Số liệu có chưa đến hai đơn vị được xếp hạng")
    data = json.loads(run("robust", TOWN, "-m", "example-town", "--json", "-u", "cầu mới")[0])
    assert data["official"] is False
    assert [row["unit"] for row in data["units"]] == ["cau-moi"]
    assert data["units"][0]["below_points"] == "1.06334"
    assert 'không có đơn vị "Nowhere"' in run("robust", TOWN, "-m", "example-town", "-u", "Nowhere", code=1)[1]


def test_robust_of_published_totals() -> None:
    found = robust(par.load("2023-ministry").assess(ROOT / "examples" / EXAMPLES["2023-ministry"]))
    assert [u.rank for u in found.units] == list(range(1, 18))
    assert [part.code for part in found.apart] == ["A", "B"]
    assert {shift.key for shift in found.shifts} == {"stream:appraisal", "stream:survey"}
    pandas = pytest.importorskip("pandas")
    assert len(pandas.DataFrame(found.rows())) == 17
