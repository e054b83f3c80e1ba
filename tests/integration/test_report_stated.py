"""Reports of evidence that states figures: what holds a survey is left out, what is inside a figure is a gap."""

import io
import json
from pathlib import Path

import pytest

for module in ("docx", "docxtpl"):
    pytest.importorskip(module)

import docx

import par_engine as par
from par_engine.cli import evidence_input
from par_engine.publish.details import Details
from par_engine.publish.report import context, report
from par_engine.publish.selfscore import WITHIN, SelfScore

EXAMPLES = Path(__file__).parents[2] / "examples"


def score(methodology: str, table: Path, unit: str) -> SelfScore:
    return SelfScore(evidence_input.assessed(par.load(methodology), table, None, lambda *_: None), unit)


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_total_with_a_survey_in_it_is_not_the_self_score() -> None:
    own = score("2023-ministry", EXAMPLES / "ministries-2023.csv", "Bộ Tư pháp")
    said = context(own, Details())
    assert said["summary"].startswith("Tổng điểm tự chấm: 61,86 trên 68,5 điểm thuộc phần tự chấm")
    assert [(f["code"], f["own"], f["points"]) for f in said["fields"]] == [("A", "68,5", "61,86"), ("B", "0", "—")]
    left_out = "Số ghi sẵn gồm cả phần điều tra không đưa vào báo cáo này: “Tổng điểm” 89,95."
    assert said["survey_note"].endswith(left_out)
    assert said["gap_note"].startswith("Có 1 tiêu chí tự chấm chưa có hoặc chưa đủ")
    what = "lấy điểm đã ghi của “Điểm thẩm định”, không có số liệu; chưa có tài liệu kiểm chứng"
    assert [(gap["code"], gap["what"]) for gap in said["gaps"]] == [("A", what)]
    words = "\n".join(c.text for t in docx.Document(io.BytesIO(report(own, Details()))).tables for c in t._cells)
    assert "89,95" not in words and "28,10" not in words


def test_items_inside_a_stated_figure_say_so_and_are_gaps() -> None:
    own = score("2023-province", EXAMPLES / "provinces-2023.csv", "Kon Tum")
    said = context(own, Details())
    assert said["points"] == "59,31"  # 54.95 appraised and 4.36 of statistics, no survey
    assert {f["code"]: f["points"] for f in said["fields"]} == {
        **dict.fromkeys("124567", WITHIN),
        "3": "12,38",
        "8": "4,36",
    }
    assert said["mark_note"].endswith(" (ghi chung): điểm nằm trong số ghi sẵn của cả phần, không tách ra được.")
    gaps = {gap["code"] for gap in said["gaps"]}
    assert gaps == {row["code"] for row in said["rows"] if not row["bold"]} - own.surveyed


def test_a_figure_with_a_survey_is_no_answer_where_it_is_all_there_is(tmp_path: Path) -> None:
    with pytest.raises(par.ParError) as caught:
        score("2023-ministry", written(tmp_path, "unit,points:total\nTư pháp,89.95\n"), "bo-tu-phap")
    (problem,) = caught.value.problems
    assert problem.text("vi") == (
        "table.csv dòng 2, cột points:total: bo-tu-phap: total gồm cả phần điều tra xã hội học, không rõ phần "
        "tự chấm — ghi riêng phần không gồm điều tra"
    )
    assert problem.text() == (
        "table.csv line 2, column points:total: bo-tu-phap: total includes a survey, what is self-scored in it is not "
        "known — state it without the survey"
    )


def test_stated_points_of_a_survey_alone_are_left_out_without_a_word(tmp_path: Path) -> None:
    table = written(tmp_path, "unit,stream:appraisal,stream:survey\nTư pháp,61.86,28.10\n")
    own = score("2023-ministry", table, "bo-tu-phap")
    assert own.number(own.unit.points) == "61,86" and not own.mixed
    assert [row.points for row in own.rows()] == ["61,86", "—"]


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("self-assessment", ""),
        ("self", ""),
        ("published", " Số liệu của giai đoạn “công bố”, không phải tự đánh giá."),
        ("appraisal", " Số liệu của giai đoạn “thẩm định”, không phải tự đánh giá."),
        ("table", " Số liệu không ghi là của giai đoạn nào."),
        ("vòng 2", " Số liệu của giai đoạn “vòng 2”, không phải tự đánh giá."),
    ],
)
def test_the_first_line_says_stage_and_note(stage: str, said: str) -> None:
    content = json.loads((EXAMPLES / "example-town.json").read_text(encoding="utf-8"))
    for note, shown in (("", ""), ("Bản\nthử.", " Bản thử.")):
        bare = {key: value for key, value in content.items() if key != "note"}
        evidence = {**bare, "stage": stage, **({"note": note} if note else {})}
        own = SelfScore(par.load("example-town").assess(evidence), "ashford")
        first = context(own, Details())["first_line"]
        assert first.endswith(f"số dựng lại, không chính thức.{said}{shown}")
        paragraphs = [p.text for p in docx.Document(io.BytesIO(report(own, Details()))).paragraphs]
        assert first in paragraphs


def test_the_command_warns_of_another_stage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from par_engine.cli.report import report_command

    def said(name: str, methodology: str, unit: str, lang: str) -> str:
        out = tmp_path / "x.docx"
        report_command(EXAMPLES / name, methodology, out, [unit], lang=lang)  # type: ignore[arg-type]
        return capsys.readouterr().err

    town = json.loads((EXAMPLES / "example-town.json").read_text(encoding="utf-8"))
    assert said("example-town.json", "example-town", "ashford", "vi") == "" and town["stage"] == "self-assessment"
    assert said("ministries-2023.csv", "2023-ministry", "Tư pháp", "vi").splitlines()[0] == (
        "! ministries-2023.csv: bảng không ghi giai đoạn — ghi dòng # stage: self-assessment"
    )
    assert said("dien-bien-2021/evidence.json", "2021-province", "dien-bien", "en").splitlines()[0] == (
        '! evidence.json: the stage is "illustrative", not a self-assessment — the report says so; if it is one, its '
        "stage is self-assessment"
    )


def test_what_no_unit_can_be_reported_with_is_said_of_all(tmp_path: Path) -> None:
    from par_engine.cli.report import report_command

    table = written(tmp_path, "unit,points:total\nTư pháp,89.95\nNội vụ,87.04\n")
    with pytest.raises(par.ParError) as caught:
        report_command(table, "2023-ministry", tmp_path / "all")
    assert len(caught.value.problems) == 2 and not (tmp_path / "all").exists()
