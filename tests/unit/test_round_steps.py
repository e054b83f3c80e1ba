"""What goes into a round besides evidence and points: surveys, forms as workbooks, tasks that are done."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rounds import EARLY, PLAN, evidence, methodology, opened, scheme, write
from tiny import BASE, T, leaf

import par_engine as par
from par_engine.round.bundle import export
from par_engine.round.recompute import recompute
from par_engine.round.round import Round, open_round
from par_engine.round.store import open_store
from par_engine.round.unit_reports import unit_reports
from par_engine.round.verify import verify


def said(call: Any, *words: Any, lang: str = "vi", **named: Any) -> list[str]:
    with pytest.raises(par.ParError) as caught:
        call(*words, **named)
    assert all(problem.what_vi and problem.what_vi != problem.what for problem in caught.value.problems)
    return [problem.text(lang) for problem in caught.value.problems]


# --- surveys

ASKED = {"name": "survey", "fact": "answers"}
SURVEY = {
    "options": [{"id": "good", "title": T, "share": "1"}, {"id": "bad", "title": T, "share": "0"}],
    "groups": [{"id": "leaders", "title": T, "weight": "1"}, {"id": "people", "title": T, "weight": "1"}],
    "combine": "weighted",
    "title": T,
    **BASE,
}


def with_survey() -> par.Methodology:
    """The small methodology, its leaf 3 scored by ballots."""
    document = scheme()
    items = [one for one in document["items"] if one["code"] != "3"]
    facts = {key: fact for key, fact in document["facts"].items() if key != "asked"}
    return par.from_document(
        document
        | {"items": [*items, leaf("3", "2", ASKED, stream="survey")], "surveys": {"asked": SURVEY}}
        | {"facts": facts | {"answers": {"title": T, "type": "ballots", "survey": "asked"}}}
    )


def surveyed(folder: Path) -> Round:
    """A round of that methodology in which alpha has handed in and has been appraised."""
    open_round(folder / "round.db", with_survey(), "An", clock=lambda: EARLY)
    round_ = Round(folder / "round.db", with_survey(), clock=lambda: EARLY)
    round_.submit(write(folder, "e.json", evidence("alpha", "beta")), "An", "first")
    round_.appraise(write(folder, "a.csv", "unit,item,points,reason\nalpha,1.1,2,two plans\n"), "Bình")
    return round_


def ballots(unit: str = "alpha", stage: str = "survey", **groups: Any) -> dict[str, Any]:
    given = groups or {"leaders": {"good": 3, "bad": 1}, "people": {"good": 1, "bad": 1}}
    return {"methodology": "tiny", "stage": stage, "units": [{"unit": unit, "facts": {"answers": given}}]}


def leaf3(round_: Round, at: int | None = None, *, own: bool = False) -> tuple[str, str]:
    item = round_.score(at, own=own).unit("alpha").item("3")
    return str(item.points), item.outcome.value


def test_a_survey_enters_an_appraised_round_as_its_own_step(tmp_path: Path) -> None:
    round_ = surveyed(tmp_path)
    assert leaf3(round_) == ("None", "pending")
    entry = round_.survey(write(tmp_path, "t.json", ballots()), "Bình", "kết quả khảo sát")
    assert (entry.number, entry.what, entry.by, entry.content["units"]) == (4, "survey", "Bình", ["alpha"])
    assert leaf3(round_) == ("1.2500", "scored")  # (3/4 + 1/2) / 2 of 2 points
    assert leaf3(round_, own=True) == ("None", "pending")  # nobody assessed that himself
    assert leaf3(round_, 3) == ("None", "pending")
    report = next(one for one in unit_reports(round_.methodology, round_.state()) if one.unit == "alpha")
    three = next(item for item in report.items if item.code == "3")
    assert (three.own, str(three.stands), str(three.lost), three.difference) == (None, "5/4", "3/4", None)
    assert round_.state().units["alpha"].stage == "appraisal"
    assert (verify(round_.path).problems, round_.remarks) == ((), ())


def test_the_last_survey_stands_group_by_group_and_outlives_new_evidence(tmp_path: Path) -> None:
    round_ = surveyed(tmp_path)
    for name, given in (("l", {"leaders": {"good": 1, "bad": 1}}), ("p", {"people": {"good": 1, "bad": 0}})):
        round_.survey(write(tmp_path, f"{name}.json", ballots("beta", **given)), "Bình", name)
    beta = lambda: str(round_.score().unit("beta").item("3").points)  # noqa: E731
    assert beta() == "1.5000"
    round_.survey(write(tmp_path, "again.json", ballots("beta", leaders={"good": 2, "bad": 0})), "Bình", "again")
    assert beta() == "2.0000"
    round_.submit(write(tmp_path, "new.json", evidence("beta", done=1)), "An", "again")
    assert beta() == "2.0000"


def test_the_last_word_on_an_item_stands(tmp_path: Path) -> None:
    """Points typed before the ballots came give way and are named; points given after them stand."""
    round_ = surveyed(tmp_path)
    round_.appraise(write(tmp_path, "p.csv", "unit,item,points,reason\nalpha,3,1.5,typed\n"), "Bình")
    round_.survey(write(tmp_path, "t.json", ballots()), "Bình", "khảo sát")
    assert [problem.text("vi") for problem in round_.remarks] == [
        "t.json: 1 mục của Alpha đã có điểm thẩm định, nay tính theo phiếu: 3 — vẫn sửa được bằng par round appraise"
    ]
    assert leaf3(round_) == ("1.2500", "scored")
    round_.appraise(write(tmp_path, "f.csv", "unit,item,points,reason\nalpha,3,1,recounted\n"), "Bình", final=True)
    assert leaf3(round_) == ("1.0000", "scored")


def test_when_a_survey_is_refused(tmp_path: Path) -> None:
    round_ = surveyed(tmp_path)
    open_round(tmp_path / "one.db", with_survey(), "An", clock=lambda: EARLY, units=["beta"])
    one = Round(tmp_path / "one.db", with_survey(), clock=lambda: EARLY)
    paper = write(tmp_path, "t.json", ballots())
    assert said(one.survey, paper, "B", "x") == ["t.json: Alpha không tham gia kỳ này — xem par round status"]
    assert said(one.survey, write(tmp_path, "b.json", ballots("beta")), "B", "") == [
        "--why: phải ghi lý do — ví dụ: nộp lần đầu",
        "b.json: Beta chưa nộp tự đánh giá — nộp bằng par round submit",
    ]
    assert said(round_.survey, tmp_path / "e.json", "B", "x") == [
        'e.json /stage: số liệu ghi giai đoạn "self-assessment" (tự đánh giá); ở bước này cần số liệu điều tra xã hội học'
        " — nộp bằng lệnh par round submit"
    ]
    mixed = ballots()
    mixed["units"][0]["facts"]["done"] = 3
    mixed["units"][0]["documents"] = {"3": [{"number": "1/BC"}]}
    assert said(round_.survey, write(tmp_path, "m.json", mixed), "B", "x") == [
        "m.json: done của alpha không phải câu hỏi khảo sát — bước này chỉ nhận số phiếu",
        "m.json: trong đó có điểm, kết quả ghi sẵn hoặc tài liệu — bước này chỉ nhận số phiếu",
    ]
    for stage in ("Khảo sát", "ĐIỀU TRA XÃ HỘI HỌC", ""):
        round_.survey(write(tmp_path, "s.json", ballots(stage=stage)), "B", "x")
    round_.appraise(write(tmp_path, "f.csv", "unit,item,points,reason\nalpha,1.1,2,\n"), "Bình", final=True)
    assert said(round_.survey, paper, "B", "x") == [
        "t.json: Alpha đã thẩm định xong — đính chính điểm bằng par round appraise --final"
    ]


def test_ballots_that_a_unit_handed_in_itself_are_not_replaced(tmp_path: Path) -> None:
    round_ = surveyed(tmp_path)
    mine = {"leaders": {"good": 1, "bad": 0}, "people": {"good": 1, "bad": 0}}
    round_.submit(write(tmp_path, "m.json", evidence("beta", answers=mine)), "An", "again")
    assert said(round_.survey, write(tmp_path, "t.json", ballots("beta")), "B", "x") == [
        "t.json: Beta đã tự nộp số phiếu khác của “chữ” — nộp lại số liệu không có số phiếu"
    ]
    round_.survey(write(tmp_path, "same.json", ballots("beta", **mine)), "B", "the same ones")


def test_a_survey_in_a_bundle_and_in_the_stages(tmp_path: Path) -> None:
    round_ = surveyed(tmp_path)
    raw = write(tmp_path, "phieu.csv", "name\nsomebody\n")
    entry = round_.survey(write(tmp_path, "t.json", ballots()), "Bình", "khảo sát", ballots=raw)
    assert entry.content["ballots"]["name"] == "phieu.csv"
    with open_store(round_.path) as store, pytest.raises(par.ParError):
        store.file(entry.content["ballots"]["sha256"])  # ballots may name people: they stay outside
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(export(round_.path, round_.methodology))
    found = recompute(bundle)
    assert (found.problems, found.same_bytes) == ((), True)
    assert [one.evidence.stage for one in round_.stages()[0]] == ["self-assessment", "appraisal"]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    open_round(fresh / "round.db", with_survey(), "An", clock=lambda: EARLY)
    other = Round(fresh / "round.db", with_survey(), clock=lambda: EARLY)
    other.submit(tmp_path / "e.json", "An", "first")
    other.survey(tmp_path / "t.json", "Bình", "khảo sát")
    stages, waiting = other.stages()
    assert [one.evidence.stage for one in stages] == ["self-assessment", "survey"]
    assert [str(one.unit("alpha").item("3").points) for one in stages] == ["None", "1.2500"]
    assert waiting == {"beta"}


# --- forms


def filled(data: bytes, path: Path, values: dict[str, Any], sheet: str | None = None) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.active if sheet is None else book[sheet]
    for cell, value in values.items():
        page[cell] = value
    book.save(path)
    return path


def blank(round_: Round, step: str, lang: Any = "vi") -> bytes:
    pytest.importorskip("xlsxwriter")
    from par_engine.round.forms import form

    return form(round_.methodology, unit_reports(round_.methodology, round_.state()), step, lang)


def submitted(folder: Path) -> Round:
    round_ = opened(folder)
    round_.submit(write(folder, "e.json", evidence("alpha", "beta")), "An", "first")
    return round_


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_form_goes_out_and_comes_back(tmp_path: Path, lang: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    round_ = submitted(tmp_path)
    data = blank(round_, "appraise", lang)
    assert data == blank(round_, "appraise", lang)
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    assert rows[0] == (
        ["Đơn vị", "Mục", "Tên mục", "Điểm tối đa", "Tự chấm", "Điểm hiện tại", "Điểm", "Lý do"]
        if lang == "vi"
        else ["unit", "item", "title", "max", "own", "stands", "points", "reason"]
    )
    assert [row[:2] + row[3:6] for row in rows[1:3]] == [["Alpha", "1.1", 4, 3, 3], ["Alpha", "1.2", 1, 1, 1]]
    round_.appraise(
        filled(data, tmp_path / "a.xlsx", {"G6": 2.5, "H6": "hai kế hoạch", "G8": "1,25", "H8": "mỏng"}), "B"
    )
    assert [str(round_.score().unit("alpha").item(code).points) for code in ("1.1", "1.2", "2")] == [
        "2.5000", "1.0000", "1.2500",
    ]  # fmt: skip
    given = blank(round_, "explain", lang)
    head = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(given)).active[6]]
    assert head[5:] == [2.5, "hai kế hoạch", None, None]
    entry = round_.explain(filled(given, tmp_path / "x.xlsx", {"H6": "xem 12/BC", "I6": 3}), "An")
    assert entry.content["rows"] == 1
    final = filled(blank(round_, "final", lang), tmp_path / "f.xlsx", {"G6": 3, "H6": "chấp nhận"})
    round_.appraise(final, "B", final=True)
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(export(round_.path, round_.methodology))
    assert recompute(bundle).problems == ()


def test_a_workbook_says_all_that_is_wrong_cell_by_cell(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    values = {"G6": 9, "H7": "lý do mà không có điểm", "G8": "=1+1", "G9": 0.5, "A10": "Gamma", "G10": 1, "H10": "x",
              "G11": "1.375", "H11": "y"}  # fmt: skip
    found = set(said(round_.appraise, filled(blank(round_, "appraise"), tmp_path / "a.xlsx", values), "B"))
    assert found == {
        'a.xlsx Thẩm định!G6: "9" ngoài khoảng 0 đến 4 của 1.1 — kiểm tra lại điểm',
        "a.xlsx Thẩm định!G7: phải ghi điểm — 0 điểm thì ghi 0",
        "a.xlsx Thẩm định!G8: ô này chứa công thức — hãy dán giá trị",
        "a.xlsx Thẩm định!H9: mục 3 của Alpha từ chưa có điểm thành 0,5 mà không có lý do — ghi lý do",
        'a.xlsx Thẩm định!A10: không có đơn vị "Gamma" — xem par show tiny --units',
        'a.xlsx Thẩm định!G11: "1.375" có thể hiểu là 1375 hoặc 1,375 — ghi 1375 hoặc 1,3750',
    }
    assert len(round_.state().entries) == 2


@pytest.mark.parametrize(
    ("step", "values", "act", "says"),
    [
        ("final", {"G6": 1, "H6": "x"}, "appraise", "a.xlsx Thẩm định lần cuối!A2: biểu này của bước khác: thẩm định lần cuối"
         " — thẩm định lần cuối thì thêm --final"),
        ("appraise", {"A2": "Bộ tiêu chí: other-2031 · bước: thẩm định", "G6": 99}, "appraise",
         "a.xlsx Thẩm định!A2: biểu này của other-2031, không phải tiny — chọn đúng biểu"),
        ("appraise", {}, "appraise", "a.xlsx: không có dòng nào — mỗi mục một dòng"),
        ("appraise", {"G6": 1}, "explain", "a.xlsx: không trang nào có các cột Đơn vị, Mục, Giải trình, Điểm đề nghị"
         " — lập biểu bằng par round form"),
        ("appraise", {"H5": "Vì sao"}, "appraise", 'a.xlsx Thẩm định!A5: không đọc cột "Vì sao"'
         " — các cột: Đơn vị, Mục, Điểm, Lý do"),
        ("appraise", {"B6": 1.1, "G6": 1, "H6": "x"}, "appraise", None),
    ],
)  # fmt: skip
def test_forms_that_do_not_belong_here(
    tmp_path: Path, step: str, values: dict[str, Any], act: str, says: str | None
) -> None:
    round_ = submitted(tmp_path)
    paper = filled(blank(round_, step), tmp_path / "a.xlsx", values)
    if says is None:
        assert getattr(round_, act)(paper, "B").number == 3
    else:
        assert said(getattr(round_, act), paper, "B") == [says]


def test_a_nought_is_written(tmp_path: Path) -> None:
    """An officer who types 0 as a number and nothing beside it has written something."""
    round_ = submitted(tmp_path)
    paper = filled(blank(round_, "appraise"), tmp_path / "a.xlsx", {"G6": 0, "B7": "9.9", "G7": 0})
    found = said(round_.appraise, paper, "B")
    assert any(
        text.startswith("a.xlsx Thẩm định!H6: ") and text.endswith("mà không có lý do — ghi lý do") for text in found
    )
    assert any(text.startswith('a.xlsx Thẩm định!B7: không có mục "9.9"') for text in found), found


def test_a_code_that_may_be_two_is_asked_about() -> None:
    from par_engine.evidence.builder import Gatherer
    from par_engine.round.forms import _value

    ready = methodology()
    gather = Gatherer(ready.scheme, "a.xlsx")
    gather.scheme = type("S", (), {"items": {"1.1": 1, "1.10": 2}})()  # type: ignore[assignment]
    cell = type("C", (), {"value": 1.1, "data_type": "n"})()
    assert _value(gather, "item", cell, "S!B2") == "1.1"
    assert [problem.text("vi") for problem in gather.problems] == [
        "a.xlsx S!B2: mã mục là số: 1.1 hay 1.10? — định dạng ô là Văn bản rồi gõ lại mã"
    ]


def test_damaged_workbooks_are_a_problem_of_the_file(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    good = blank(round_, "appraise")
    hint = "hãy mở ra và lưu lại"
    for name, data in (
        ("cut.xlsx", good[: len(good) // 2]),
        ("text.xlsx", b"PK"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0" * 9),
    ):
        (tmp_path / name).write_bytes(data)
        (text,) = said(round_.appraise, tmp_path / name, "B")
        assert text.startswith(f"{name}: tệp") and (hint in text or "hãy lưu lại dạng .xlsx" in text)
    draw = __import__("random").Random(11)
    for _ in range(60):
        spoiled = bytearray(good)
        for _ in range(3):
            spoiled[draw.randrange(len(good))] ^= 1 << draw.randrange(8)
        (tmp_path / "s.xlsx").write_bytes(spoiled)
        with pytest.raises(par.ParError):  # at the least, nothing is filled in
            round_.appraise(tmp_path / "s.xlsx", "B")


def test_a_sheet_without_the_columns_is_named(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    round_ = submitted(tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(blank(round_, "appraise")))
    book.active["G6"], book.active["H6"] = 1, "x"
    book.create_sheet("Ghi chú")["A1"] = "xem lại"
    book.save(tmp_path / "a.xlsx")
    round_.appraise(tmp_path / "a.xlsx", "B")
    assert [problem.text("vi") for problem in round_.remarks] == [
        'a.xlsx: không đọc trang "Ghi chú" — trang này không có các cột ấy'
    ]


def test_a_form_saved_as_csv_is_read_alike(tmp_path: Path) -> None:
    round_ = submitted(tmp_path)
    rows = [
        "Đơn vị;Mục;Tên mục;Điểm tối đa;Tự chấm;Điểm hiện tại;Điểm;Lý do",
        "Alpha;1.1;tên;4;3;3;2,5;hai kế hoạch",
        "Alpha;1.2;tên;1;1;1;;",
        "Alpha;2;tên;3;1,5;1,5;x;y",
    ]
    assert said(round_.appraise, write(tmp_path, "a.csv", "\n".join(rows)), "B") == [
        'a.csv dòng 4, cột Điểm: "x" không phải là số — ghi số, ví dụ 12 hoặc 12,5'
    ]
    assert round_.appraise(write(tmp_path, "b.csv", "\n".join(rows[:3])), "B").content["rows"] == 1


# --- tasks that are done


def test_tasks_that_are_done_are_kept(tmp_path: Path) -> None:
    round_ = opened(tmp_path)
    entry = round_.done(["say", "hand-in", "say"], "An", "họp ngày 5")
    assert (entry.what, entry.content) == ("done", {"tasks": ["say", "hand-in"], "undone": []})
    assert said(round_.done, ["say", "sai"], "An") == ['TASK: kế hoạch không có nhiệm vụ "sai" — có phải là "say"?']
    assert said(round_.done, ["say"], "An") == ["TASK: say đã xong từ bản ghi 2 — bỏ mã này"]
    assert said(round_.done, [], "An") == ["TASK: chưa ghi nhiệm vụ nào — xem par round plan"]
    round_.done(["say"], "An", undo=True)
    assert {task: one.number for task, one in round_.state().done.items()} == {"hand-in": 2}
    assert said(round_.done, ["say"], "An", undo=True) == ["--undo: say chưa được ghi là đã xong — bỏ mã này"]
    assert set(round_.state(2).done) == {"hand-in", "say"}
    assert verify(round_.path).problems == ()
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(export(round_.path, round_.methodology))
    assert recompute(bundle).problems == ()
    assert {task["id"] for task in PLAN["tasks"]} >= {"say", "hand-in"}


def test_a_file_of_the_first_format_is_read_and_written_but_takes_no_new_kinds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from par_engine.round import store

    monkeypatch.setattr(store, "FORMAT", 1)
    statements = store.schema(1)
    monkeypatch.setattr(store, "schema", lambda form=1: statements)
    round_ = submitted(tmp_path)
    monkeypatch.undo()
    round_.submit(write(tmp_path, "g.json", evidence("alpha", done=4)), "An", "again")
    assert verify(round_.path).problems == ()
    assert said(round_.done, ["say"], "An", lang="en") == [
        "round.db: the file was made by an earlier version — use par plan --done"
    ]
    assert json.loads(round_.state().entries[-1].body)["number"] == 3
