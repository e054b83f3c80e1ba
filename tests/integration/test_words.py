"""What officers read in Vietnamese: words where there are words, one way of writing days and numbers."""

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from program import run

import par_engine as par
from par_engine.base.terms import caution, day_words, paper_words, rule_words
from par_engine.i18n.catalogue import LANGS
from par_engine.survey.charts import distribution

ROOT = Path(__file__).parents[2]
PROVINCE = str(ROOT / "examples/dien-bien-2021/evidence.json")
ID = "2021-province"
TITLE = "Chỉ số cải cách hành chính năm 2021 của các tỉnh, thành phố trực thuộc trung ương"


def changed(path: Path, **parts: Any) -> str:
    document = json.loads(Path(PROVINCE).read_bytes())
    document["units"][0] |= parts
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_an_explanation_names_facts_rules_papers_and_what_the_unit_explains(tmp_path: Path) -> None:
    path = changed(tmp_path / "e.json", explanations={"1.3.2": "Còn 7 vấn đề\nđang xử lý.", "1.3": "Xem từng mục."})
    lines = run("explain", path, "-m", ID, "-u", "Điện Biên", "-i", "1.3.2")[0].splitlines()
    assert lines[1:4] == [
        "Số liệu:",
        "  Vấn đề phát hiện qua kiểm tra đã xử lý hoặc kiến nghị xử lý = 149 vấn đề",
        "  Vấn đề phát hiện qua kiểm tra = 156 vấn đề",
    ]
    assert lines[4].startswith("Quy tắc theo bậc: Vấn đề phát hiện")
    assert lines[7:9] == [
        "Tài liệu kiểm chứng: 05/VD-UBND, 06/06/2021, Văn bản minh họa: "
        "Xử lý các vấn đề phát hiện qua kiểm tra, trang 6",
        "Giải trình: Còn 7 vấn đề đang xử lý.",
    ]
    english = run("explain", path, "-m", ID, "-u", "Điện Biên", "-i", "1.3.2", lang="en")[0]
    assert "[1.3.2.part] = 149" in english and "Rule bands: " in english and "05/VD-UBND, 2021-06-06, " in english
    assert "\nExplanation: Còn 7 vấn đề đang xử lý.\n" in english
    assert "\nGiải trình: Xem từng mục.\n" in run("explain", path, "-m", ID, "-u", "Điện Biên", "-i", "1.3")[0]
    data = json.loads(run("explain", path, "-m", ID, "-u", "Điện Biên", "-i", "1.3.2", "--json")[0])
    assert data["explanation"] == "Còn 7 vấn đề\nđang xử lý."
    assert "explanation" not in par.load(ID).assess(PROVINCE).explain("dien-bien", "1.3.2").data


def test_numbers_are_grouped_from_five_digits_on() -> None:
    shown = run("explain", PROVINCE, "-m", ID, "-u", "Điện Biên", "-i", "8.4")[0]
    assert "Thu ngân sách thực hiện = 626.611 tỷ đồng" in shown
    shown = run("explain", PROVINCE, "-m", ID, "-u", "Điện Biên", "-i", "8.4", lang="en")[0]
    assert " = 626611 " in shown


def test_a_comparison_names_units_and_streams(tmp_path: Path) -> None:
    reports = [str(ROOT / f"examples/reports/{name}.json") for name in ("example-town", "2023-province")]
    assert "Chỉ có trong báo cáo mới: Đắk Lắk, Hòa Bình, Kon Tum\n" in run("compare", *reports)[0]
    assert "Only in the newer report: dak-lak, hoa-binh, kon-tum\n" in run("compare", *reports, lang="en")[0]
    paths = []
    for name, path in (("a", PROVINCE), ("b", changed(tmp_path / "e.json", facts={}))):
        paths.append(str(tmp_path / f"{name}.json"))
        run("score", path, "-m", ID, "-o", paths[-1])
    shown = run("compare", *paths, "-u", "Điện Biên")[0]
    codes = [line.split("  ")[0] for line in shown.splitlines()[1:]]
    assert codes[0] == "Tổng" and "Nguồn điểm" in codes and "1.3.2" in codes
    assert not {"total", "stream:leaders"} & {*codes}


def test_what_if_says_what_is_wrong_where_it_was_written() -> None:
    words = ("what-if", PROVINCE, "-m", ID)
    assert run(*words, "--set", "1.3.2.part=abc", code=1)[1] == (
        '✗ --set 1.3.2.part: "abc" không phải là số — ghi số, ví dụ 12 hoặc 12,5\n1 vấn đề\n'
    )
    said = run(*words, "--set", "1.3.2.prt=3", code=1)[1]
    assert '"1.3.2.prt=3" không đặt số liệu nào — có phải là "1.3.2.part"' in said
    said = run(*words, "--set", "zzzzzz", code=1)[1]
    assert said.startswith('✗ par: "zzzzzz" không đặt số liệu nào — ghi MÃ-SỐ-LIỆU=GIÁ-TRỊ, xem par show ID MỤC\n')


def test_the_history_of_a_round_names_units_and_the_scheme(tmp_path: Path) -> None:
    path, by = str(tmp_path / "r.db"), ("--by", "An", "--why", "thử")
    run("round", "init", path, "-m", ID, *by)
    evidence = json.loads(Path(PROVINCE).read_bytes()) | {"stage": "self-assessment"}
    (tmp_path / "e.json").write_text(json.dumps(evidence), encoding="utf-8")
    run("round", "submit", path, str(tmp_path / "e.json"), *by)
    shown = run("round", "history", path)[0]
    assert TITLE in shown and 'Điện Biên: "e.json"' in shown
    shown = run("round", "history", path, lang="en")[0]
    assert ID in shown and 'dien-bien: "e.json"' in shown


def test_help_says_in_words_what_a_value_is() -> None:
    shown = run("score", "--help")[0]
    assert "EVIDENCE <tệp>" in shown and "-: luồng vào" in shown and "<path>" not in shown and "<str>" not in shown
    assert "EVIDENCE <path>" in run("score", "--help", lang="en")[0]


def test_the_tree_names_rules() -> None:
    shown = run("show", ID)[0]
    assert "1.3.2 Xử lý các vấn đề phát hiện qua kiểm tra  [theo bậc, Thẩm định]" in shown
    assert "[bands, " in run("show", ID, lang="en")[0]
    known = ("bands", "checklist", "choice", "deduction", "given", "ratio", "survey", "tally")
    assert len({rule_words(name, "vi") for name in known} - {"riêng", *known}) == len(known)
    assert (rule_words("example.per_head", "vi"), rule_words("bands", "en")) == ("riêng", "bands")


def test_the_workbook_s_journal_and_method_speak_as_people_do(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    out = tmp_path / "b.xlsx"
    path = changed(tmp_path / "e.json", explanations={"1.3.2": "Còn 7 vấn đề."}, stated={"streams": {"leaders": 18}})
    run("book", path, "-m", ID, "-o", str(out), code=1)  # what is stated contradicts its parts, and that is said
    book = openpyxl.load_workbook(out, data_only=True)
    rows = [tuple(cell.value for cell in row[:4]) for row in book["Nhật ký"].iter_rows()]
    assert ("Điện Biên", "1.3.2", "giải trình", "Còn 7 vấn đề.") in rows
    assert ("Điện Biên", "", "điểm ghi sẵn", "Nguồn điểm: Khảo sát lãnh đạo, quản lý") in rows
    assert any(row[1:3] == ("1.3.2", "tài liệu") and ", 06/06/2021, " in row[3] for row in rows)
    dates = [row[1].value for row in book["Phương pháp"].iter_rows() if row[0].value == "Văn bản, tài liệu"]
    assert "30/12/2020" in dates and not any(str(date).startswith("20") for date in dates)


def test_days_papers_and_the_first_line() -> None:
    assert (day_words("2021-10-20", "vi"), day_words("2021-10-20", "en")) == ("20/10/2021", "2021-10-20")
    assert (day_words("tháng 10", "vi"), day_words("", "vi")) == ("tháng 10", "")
    paper = {"title": "Báo cáo", "number": "1/BC", "date": "2021-10-20", "page": "3", "link": "https://a.vn"}
    assert paper_words(paper, "vi") == "1/BC, 20/10/2021, Báo cáo, trang 3, https://a.vn"
    town = par.load("example-town")
    said = [caution(town.document.title, town.basis()["reconstructed"], town.document.total.max, x) for x in LANGS]
    assert said == [
        "Thư viện thị trấn (ví dụ): 10 trên 10 điểm dựa vào số dựng lại, không chính thức.",
        "Town libraries (example): 10 of 10 points rest on reconstructed numbers, not official ones.",
    ]


def test_digits_stand_out_from_their_colour_and_labels_use_their_room() -> None:
    drawn = distribution(["Nhóm"], [[5, 5, 5, 5]], "ABCD", "x")
    inks = [part.split('"')[0] for part in drawn.split('class="')[1:] if part.startswith("in")]
    assert inks == ["in", "in dark", "in dark", "in"]  # dark blue, light blue, yellow, red
    long = "4.4.3 Mối quan hệ phối hợp trong triển khai nhiệm vụ giữa các cơ quan, giữa các cấp"
    drawn = distribution([long], [[1, 1]], "AB", "x")
    assert "…" not in drawn and f"<title>{long}</title>" in drawn
    words = [part.split(">", 1)[1].split("</tspan>")[0] for part in drawn.split("<tspan")[1:]]
    assert len(words) == 2 and " ".join(map(unescape, words)) == long
    assert " …</tspan>" in distribution(["từ " * 60], [[1, 1]], "AB", "x")


def test_an_index_so_far_is_marked_as_one_everywhere(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    document = json.loads(Path(PROVINCE).read_bytes())
    facts = document["units"][0]["facts"]
    path = changed(tmp_path / "e.json", facts={k: v for k, v in facts.items() if not k.endswith(".ballots")})
    out = run("score", path, "-m", ID)[0]
    assert "   —  Điện Biên  82,95*  —     63,46       76,50\n" in out
    assert "* Chỉ số tạm tính trên số điểm đã có thể đạt, còn chờ kết quả: chưa xếp hạng, chưa xếp nhóm.\n" in out
    said = "Chỉ số tạm tính trên số điểm đã có thể đạt: 100 × 63,4556 / 76,5 = 82,95 %; chưa xếp hạng, chưa xếp nhóm\n"
    assert said in run("explain", path, "-m", ID, "-u", "Điện Biên")[0]
    assert (
        ";Điện Biên;82,95;;63,46;76,50;chờ kết quả điều tra;"
        in run("score", path, "-m", ID, "--format", "csv-excel")[0]
    )
    run("page", path, "-m", ID, "-o", str(tmp_path / "p.html"))
    plain = (tmp_path / "p.html").read_text(encoding="utf-8").partition("<noscript>")[2]
    assert "82,95 (trên 76,5 điểm)" in plain
    run("book", path, "-m", ID, "-o", str(tmp_path / "b.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "b.xlsx", data_only=True)
    cells = [cell.value for row in book["Xếp hạng"].iter_rows() for cell in row]
    assert "chờ kết quả điều tra: chỉ số trên 76,5 điểm" in cells
