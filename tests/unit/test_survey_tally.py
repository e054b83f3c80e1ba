"""Ballots to counts and points: exports as tools write them, what does not count and why, standard errors, bounded memory."""

import json
import random
import statistics
from contextlib import ExitStack
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

import par_engine as par
from par_engine.base.types import OUTCOMES, PENDING
from par_engine.cli.survey_tally import sizes
from par_engine.survey import ballots as ballots_module
from par_engine.survey.ballots import read_ballots
from par_engine.survey.counting import Count, Counts, Waiting
from par_engine.survey.estimates import combined, strata, stratum, written
from par_engine.survey.plans import Planned, Plans
from par_engine.survey.questions import Questions, layout
from par_engine.survey.tally import Tally, evidence, merged, tally

T = tiny.T


def word(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


SURVEY = {
    "title": word("Khảo sát"),
    "combine": "weighted",
    "options": [
        {"id": "A", "title": {"vi": "Rất tốt", "en": "Very good"}, "share": "1"},
        {"id": "B", "title": {"vi": "Tốt", "en": "Good"}, "share": "0.6"},
        {"id": "C", "title": {"vi": "Kém", "en": "Poor"}, "share": "0"},
    ],
    "groups": [
        {"id": "leaders", "title": {"vi": "Lãnh đạo", "en": "Leaders"}, "weight": "2", "planned": 4},
        {"id": "citizens", "title": {"vi": "Người dân", "en": "Citizens"}, "weight": "1"},
    ],
    **tiny.BASE,
}
OTHER = {
    **SURVEY,
    "combine": "pooled",
    "groups": [{"id": "leaders", "title": {"vi": "Lãnh đạo", "en": "Leaders"}, "weight": "1"}],
}


def methodology(other: bool = False, **more: Any) -> par.Methodology:
    items = [
        tiny.leaf("1.1", "2", {"name": "survey", "fact": "q.one"}, "survey"),
        tiny.leaf("1.2", "3", {"name": "survey", "fact": "q.two"}, "survey"),
    ]
    facts = {
        "q.one": {"type": "ballots", "survey": "s", "title": word("Câu một")},
        "q.two": {"type": "ballots", "survey": "o" if other else "s", "title": word("Câu hai")},
    }
    surveys = {"s": SURVEY} | ({"o": OTHER} if other else {})
    return par.from_document(tiny.document(items, facts, "5", surveys=surveys, **more))


def count(tmp_path: Path, text: str, unit: str | None = None, other: bool = False, **more: Any) -> Counts:
    path = tmp_path / "b.csv"
    path.write_text(text, encoding="utf-8")
    return read_ballots(Questions(methodology(other)), path, unit, **more)


def test_plain_ballots_to_points(tmp_path: Path) -> None:
    counts = count(tmp_path, "unit,group,token,q.one,q.two\nu,leaders,1,A,B\nu,leaders,2,C,B\nu,citizens,3,B,A\n")
    assert evidence(counts)["units"] == [
        {
            "unit": "u",
            "facts": {
                "q.one": {"leaders": {"A": 1, "B": 0, "C": 1}, "citizens": {"A": 0, "B": 1, "C": 0}},
                "q.two": {"leaders": {"A": 0, "B": 2, "C": 0}, "citizens": {"A": 1, "B": 0, "C": 0}},
            },
        }
    ]
    found = tally(counts, {}, methodology())
    # 2 × (2 × 0.5 + 0.6) / 3 and 3 × (2 × 0.6 + 1) / 3
    assert [str(row.leaves[0][2]) for row in found.rows(0)] == ["1.0667", "2.2000"]
    assert [(r.survey, r.group, r.ballots, r.planned, r.bases) for r in found.responses()] == [
        ("s", "leaders", 2, 4, ["official"]), ("s", "citizens", 1, None, []),
    ]  # fmt: skip


KOBO = (
    "start;end;g_info/don_vi;g_info/nhom;g_q/q_q_one;g_q/q_q_two;_id;_uuid\n"
    "2;3;u;leaders;A;B;17;aa\n2;3;u;citizens;C;;18;bb\n2;3;u;citizens;C;A;19;aa\n"
)
LIMESURVEY = (
    '"id. Response ID","submitdate. Date submitted","token. Access code","unit. Unit","group. Group",'
    '"q.one. Câu một","Câu hai"\n'
    '"1","2021-01-01","aa","u","Lãnh đạo","Rất tốt","Good"\n"2","","bb","u","Leaders","A","A"\n'
    '"3","2021-01-01","cc","u","Người dân","KÉM",""\n'
)


@pytest.mark.parametrize(("text", "lost"), [(KOBO, {"token": 1}), (LIMESURVEY, {"unfinished": 1})])
def test_exports_of_usual_tools(tmp_path: Path, text: str, lost: dict[str, int]) -> None:
    counts = count(tmp_path, text)
    assert evidence(counts)["units"][0]["facts"] == {
        "q.one": {"leaders": {"A": 1, "B": 0, "C": 0}, "citizens": {"A": 0, "B": 0, "C": 1}},
        "q.two": {"leaders": {"A": 0, "B": 1, "C": 0}},
    }
    assert {r: n for r, n in counts.count.invalid.items() if n} == lost
    assert counts.count.read == 3


def test_the_surest_token_is_taken() -> None:
    questions = Questions(methodology())
    found = layout(questions, ["id", "_uuid", "token", "unit", "group", "q.one"], "b", needs_unit=True)
    assert found.taken() == [
        ("id", ""), ("_uuid", ""), ("token", "token"), ("unit", "unit"), ("group", "group"), ("q.one", "q.one"),
    ]  # fmt: skip


def test_every_reason_is_counted_at_its_row(tmp_path: Path) -> None:
    text = (
        "unit,group,token,q.one,q.two\n"
        "u,leaders,1,A,A\n"
        "u,leaders,1,A,A\n"  # 3: the token again
        "u,nobody,2,A,A\n"  # 4
        ",leaders,3,A,A\n"  # 5: no unit
        "u,leaders,4,,\n"  # 6: empty
        "u,leaders,5,x,\n"  # 7: no known answer
        "u,leaders,,A,A\n"  # 8: no token
        "u,leaders,6,A\n"  # 9: a cell too few
        "\n"  # an empty line is no ballot
        "u,citizens,7,A,x\n"  # 11: one unknown answer
        "u,citizens,2,A,A\n"  # the first with this token did not count
    )
    counts = count(tmp_path, text)
    assert {r: n for r, n in counts.count.invalid.items() if n} == {
        "broken": 1, "no-token": 1, "unit": 1, "group": 1, "empty": 1, "answer": 1, "token": 1,
    }  # fmt: skip
    assert counts.count.answers == {"unknown": 1, "not-asked": 0}
    assert (counts.count.read, counts.count.valid) == (10, 3)
    assert counts.count.places == {
        "token": [(3, "")], "group": [(4, "")], "unit": [(5, "")], "empty": [(6, "")], "answer": [(7, "")],
        "no-token": [(8, "")], "broken": [(9, "")], "unknown": [(11, "q.two")],
    }  # fmt: skip


def test_a_question_of_another_survey_is_not_for_this_group(tmp_path: Path) -> None:
    counts = count(tmp_path, "unit,group,q.one,q.two\nu,citizens,A,A\nu,leaders,A,A\n", other=True)
    assert counts.count.answers == {"unknown": 0, "not-asked": 1}
    assert evidence(counts)["units"][0]["facts"]["q.two"] == {"leaders": {"A": 1, "B": 0, "C": 0}}


def test_one_unit_by_option(tmp_path: Path) -> None:
    assert count(tmp_path, "group,q.one\nleaders,A\n", unit="u").units == ("u",)
    both = count(tmp_path, "unit,group,q.one\nu,leaders,A\nv,leaders,A\n", unit="U")
    assert (both.units, both.count.invalid["other-unit"]) == (("U",), 1)


def test_issued_tokens_only(tmp_path: Path) -> None:
    import hashlib

    issued = frozenset([hashlib.sha256(b"aa").digest()])
    counts = count(tmp_path, "unit,group,token,q.one\nu,leaders,aa,A\nu,leaders,bb,A\n", issued=issued)
    assert (counts.count.valid, counts.count.invalid["not-issued"]) == (1, 1)


def test_a_group_without_ballots_is_awaited(tmp_path: Path) -> None:
    found = tally(count(tmp_path, "unit,group,q.one\nu,leaders,A\n"), {}, methodology())
    one, two = found.rows(0)
    assert one.awaited == ["citizens"]
    assert [row.leaves[0][1] for row in (one, two)] == [OUTCOMES[PENDING]] * 2
    assert two.awaited == ["leaders", "citizens"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("unit,q.one\n", 'b.csv header: there is no column for the group — head it "group"'),
        ("group,q.one\n", 'b.csv header: there is no column for the unit — head it "unit", or name it with --unit'),
        ("unit,group\n", "b.csv header: no column answers a question — head them by the facts, such as q.one, q.two"),
        ("unit,group,q.one,Câu một\n", 'b.csv header: columns "q.one" and "Câu một" both answer q.one — keep one'),
        ("", "b.csv: the file has no header — name the columns"),
        ("unit,group,Nhóm,q.one\n", 'b.csv header: columns "group" and "Nhóm" may both be the group — keep one'),
        ("unit,group,q.one,Tỉnh\n", 'b.csv header: columns "unit" and "Tỉnh" may both be the unit — keep one'),
    ],
)
def test_headers_that_do_not_do(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(par.DocumentError) as caught:
        count(tmp_path, text)
    assert [p.text() for p in caught.value.problems] == [problem]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"unit,group,q.one\nu,\xff,A\n")
    with pytest.raises(par.DocumentError, match="not UTF-8"):
        read_ballots(Questions(methodology()), tmp_path / "b.csv")


ROW = st.tuples(
    st.sampled_from("uvw"),
    st.sampled_from(["leaders", "citizens", "?"]),
    st.integers(0, 9),
    st.sampled_from("ABCx "),
    st.sampled_from("ABC "),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, max_size=60), chunk=st.integers(1, 9), bucket=st.integers(1, 400))
def test_chunks_and_spilled_files_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], chunk: int, bucket: int
) -> None:
    path = tmp_path_factory.mktemp("b") / "b.csv"
    path.write_text("unit,group,token,q.one,q.two\n" + "".join(f"{u},{g},{t},{a},{b}\n" for u, g, t, a, b in rows))
    questions = Questions(methodology())
    whole = read_ballots(questions, path)
    seen: set[int] = set()
    slow: dict[tuple[str, str, str, str], int] = {}
    for u, g, t, a, b in rows:
        if g == "?" or not {a, b} & set("ABC") or t in seen:
            continue
        seen.add(t)
        for fact, answer in (("q.one", a), ("q.two", b)):
            if answer in "ABC":
                slow[u, fact, g, answer] = slow.get((u, fact, g, answer), 0) + 1
    fast = {
        (e["unit"], fact, g, o): n
        for e in evidence(whole)["units"] for fact, gs in e["facts"].items() for g, os in gs.items() for o, n in os.items() if n
    }  # fmt: skip
    assert fast == slow
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ballots_module, "_CHUNK", chunk)
        patch.setattr(ballots_module, "_BUCKET", bucket)
        split = read_ballots(questions, path)
    assert (evidence(split), split.count) == (evidence(whole), whole.count)


def design(seed: int) -> tuple[Tally, list[tuple[int, float]]]:
    r = random.Random(seed)
    counts = [[r.randint(1, 40) for _ in range(3)] for _ in range(2)]
    return counts, [(g, s) for g in range(2) for n, s in zip(counts[g], (1, 0.6, 0), strict=True) for _ in range(n)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("combine", ["weighted", "pooled"])
@pytest.mark.parametrize("frame", [False, True])
def test_estimates_agree_with_an_independent_library(seed: int, combine: str, frame: bool) -> None:
    polars, svy = pytest.importorskip("polars"), pytest.importorskip("svy")
    survey = methodology().document.surveys["s"].model_copy(update={"combine": combine})
    counts, sample = design(seed)
    frames = {"leaders": 200, "citizens": 500} if frame else {}
    ours = combined(survey, strata(survey, counts, frames))
    sizes = [sum(row) for row in counts]
    data = polars.DataFrame(
        {
            "y": [float(s) for _, s in sample],
            "stratum": [g for g, _ in sample],
            "weight": [(2 / sizes[0], 1 / sizes[1])[g] if combine == "weighted" else 1.0 for g, _ in sample],
            "frame": [(200, 500)[g] for g, _ in sample],
        }
    )
    drawn = svy.Design(stratum="stratum", wgt="weight", pop_size="frame" if frame else None)
    (theirs,) = svy.Sample(data, drawn).estimation.mean("y").estimates
    assert ours.mean is not None and ours.error is not None
    assert float(ours.mean) == pytest.approx(theirs.est, rel=1e-10)
    assert float(ours.error) == pytest.approx(theirs.se, rel=1e-10)


def test_one_group_by_the_textbook() -> None:
    values = [1.0] * 3 + [0.6] * 4 + [0.0] * 2
    found = stratum([3, 4, 2], [F(1), F(3, 5), F(0)])
    assert float(found.error or 0) == pytest.approx(statistics.stdev(values) / 3, rel=1e-12)
    assert stratum([1, 0], [F(1), F(0)]).variance is None  # one ballot says nothing of the spread
    assert stratum([1, 0], [F(1), F(0)], 1).variance == 0  # unless it is all there is
    assert stratum([0, 0], [F(1), F(0)]).mean is None
    assert [written(x) for x in (F(1, 3), F(1, 2), F(0), None)] == ["0.333333333333", "0.5", "0", None]


def test_merged_into_other_evidence(tmp_path: Path) -> None:
    counts = count(tmp_path, "unit,group,q.one\nu,leaders,A\nw,citizens,A\n")
    out = merged(
        counts, {"methodology": "tiny", "stage": "appraisal", "units": [{"unit": "U ", "facts": {"x": 1}}]}, "e"
    )
    assert [(e["unit"], sorted(e["facts"])) for e in out["units"]] == [("U ", ["q.one", "x"]), ("w", ["q.one"])]
    assert merged(counts, out, "e") == out  # the same ballots once more
    out["units"][0]["facts"]["q.one"]["leaders"]["A"] = 2
    with pytest.raises(par.EvidenceError) as caught:
        merged(counts, out, "e.json")
    assert (
        caught.value.problems[0].text()
        == "e.json /units/0/facts/q.one: it has other ballots already — take them out first"
    )


def test_a_second_run_says_the_same(tmp_path: Path) -> None:
    text = "unit,group,token,q.one\n" + "".join(f"u,leaders,{i % 7},{'ABx'[i % 3]}\n" for i in range(50))
    first, second = (json.dumps(tally(count(tmp_path, text), {}, methodology()).document()) for _ in range(2))
    assert first == second


def test_nothing_counts(tmp_path: Path) -> None:
    with pytest.raises(par.EvidenceError) as caught:
        tally(count(tmp_path, "unit,group,q.one\nu,nobody,A\n"), {}, methodology())
    assert [caught.value.problems[0].text(lang) for lang in ("en", "vi")] == [
        "ballots: no ballot counts — unknown group: 1 (row 2)",
        "ballots: không có phiếu hợp lệ nào — không rõ nhóm: 1 (dòng 2)",
    ]
    counts = count(tmp_path, "unit,group,q.one\nu,leaders,A\n")
    with pytest.raises(par.EvidenceError, match='--frame: there is no group "x" — leaders, citizens'):
        tally(counts, {"x": 3}, methodology())


@pytest.mark.parametrize("opened", ['u,leaders,"A,B', 'u,"leaders,A,B'])
def test_a_stray_quote_swallows_no_ballots(tmp_path: Path, opened: str) -> None:
    text = "unit,group,q.one,q.two\n" + "u,leaders,A,B\n" * 9 + f"{opened}\n" + "u,leaders,A,B\n" * 9
    with pytest.raises(par.DocumentError) as caught:
        count(tmp_path, text)
    what = 'b.csv row 11: not a CSV file: unexpected end of data — look for a stray " there, or export it again'
    assert [p.text() for p in caught.value.problems] == [what]


def test_tokens_cannot_be_checked_without_their_column(tmp_path: Path) -> None:
    text = "unit,group,q.one\nu,leaders,A\n"
    with pytest.raises(par.DocumentError) as caught:
        count(tmp_path, text, issued=frozenset())
    what = 'b.csv header: there is no column of tokens to check — head it "token", or leave out --tokens'
    assert [p.text() for p in caught.value.problems] == [what]
    assert tally(count(tmp_path, text), {}, methodology()).document()["ballots"]["duplicates_looked_for"] is False
    with_tokens = tally(count(tmp_path, "unit,group,token,q.one\nu,leaders,1,A\n"), {}, methodology()).document()
    assert with_tokens["ballots"]["duplicates_looked_for"] is True


def test_frames_that_ballots_do_not_fit(tmp_path: Path) -> None:
    counts = count(tmp_path, "unit,group,q.one\n" + "u,leaders,A\n" * 3 + "v,leaders,A\n" * 2)
    for size, what in ((2, "group leaders has 3 ballots of 2 people"), (0, "group leaders cannot have 0 people")):
        with pytest.raises(par.EvidenceError) as caught:
            tally(counts, {"leaders": size}, methodology())
        assert [p.text() for p in caught.value.problems] == [f"--frame: {what} — give the size of the whole group"]
    found = tally(counts, {"leaders": 3}, methodology())
    assert [p.text() for p in found.problems] == [
        "--frame: each of 2 units is taken to have these sizes — tally units one by one with --unit"
    ]
    assert tally(counts, {}, methodology()).problems == ()
    assert [p["code"] for p in found.document()["problems"]] == ["frame-of-each"]
    with pytest.raises(par.ParError, match='--frame: group "leaders" stands twice — keep one'):
        sizes(["leaders=10", "leaders=20"], "--frame", {})


def test_plans_that_ballots_do_not_fit(tmp_path: Path) -> None:
    units = [{"id": i, "name": n, "ranked": True} for i, n in (("u", "Tỉnh U"), ("v", "Tỉnh V"), ("w", "Tỉnh W"))]
    m = methodology(units=units, settings={"units": "listed"})
    (tmp_path / "b.csv").write_text("unit,group,q.one\n" + "u,citizens,A\n" * 3, encoding="utf-8")
    counts = read_ballots(Questions(m), tmp_path / "b.csv")
    planned = Planned(2, "derived", {"vi": "x", "en": "x"})
    plans = Plans(m, {("u", "s", "citizens"): planned, ("v", "s", "citizens"): planned, ("v", "s", "leaders"): planned})
    over = "ballots: Tỉnh U, Người dân: 3 phiếu, kế hoạch 2 (suy ra từ số chính thức)"
    absent = "ballots: Tỉnh V chưa có phiếu, kế hoạch 4"
    assert [p.text("vi") for p in tally(counts, {}, m, plans).problems] == [absent, over]
    assert [p.text("vi") for p in tally(counts, {}, m, plans, "u").problems] == [over]
    others = Plans(m, {("v", "s", "citizens"): planned})
    assert [p.text() for p in tally(counts, {}, m, others, "u").problems] == [
        "--plan: the plan has no number of Tỉnh U — is it the plan of another unit?"
    ]
    everyone = Plans(m, {("v", "s", "citizens"): planned, (None, "s", "leaders"): planned})
    assert tally(counts, {}, m, everyone, "u").problems == ()


def test_issued_tokens_in_capitals_are_the_same_tokens(tmp_path: Path) -> None:
    import hashlib

    text = "unit,group,token,q.one\nu,leaders,Ab,A\nu,leaders,aB,A\n"
    counts = count(tmp_path, text, issued=frozenset([hashlib.sha256(b"ab").digest()]))
    assert (counts.count.valid, counts.count.invalid["token"], counts.count.invalid["not-issued"]) == (1, 1, 0)
    assert count(tmp_path, text).count.valid == 2, "tokens of other tools may differ in case alone"


def test_tokens_are_one_in_any_form(tmp_path: Path) -> None:
    counts = count(tmp_path, "unit,group,token,q.one\nu,leaders,\u00e0,A\nu,leaders,a\u0300,A\n")
    assert (counts.count.valid, counts.count.invalid["token"]) == (1, 1)


def test_tokens_are_told_apart_by_their_whole_hash() -> None:
    kind = np.dtype([("a", "<u8"), ("b", "<u8"), ("row", "<i8")])
    records = np.array([(1, 1, 2), (1, 2, 3), (2, 2, 4), (1, 1, 5)], kind)
    with ExitStack() as stack:
        waiting, counted = Waiting(stack, kind, 1), Count()
        waiting.add(records)
        assert [sorted(found["row"].tolist()) for found in waiting.once(counted)] == [[2, 3, 4]]
    assert counted.places == {"token": [(5, "")]}


@pytest.mark.parametrize(("size", "files"), [(1, 0), (2, 2), (9, 9), (1000, 256)])
def test_spilled_files_are_as_many_as_needed(size: int, files: int) -> None:
    with ExitStack() as stack:
        assert len(Waiting(stack, np.dtype([("a", "<u8")]), size).spills) == files


def test_a_folder_is_no_file_of_ballots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(par.DocumentError) as caught:
        read_ballots(Questions(methodology()), Path())
    assert caught.value.problems[0].text("vi") == ".: đây không phải là tệp — hãy chỉ ra một tệp"
