"""A new year: what the files say, what is rewritten, and that nothing is written when anything fails."""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.authoring.functions import source_of
from par_engine.authoring.pages import mentions, pretty
from par_engine.authoring.proof import prove
from par_engine.authoring.scaffold import scaffold, template
from par_engine.base.extras import install
from par_engine.cli.new import new_command
from par_engine.testing import cover, read_cases, run

HALF = Fraction(1, 2)
SHARE = (1, 3)


def helper(x: Fraction) -> Fraction:
    return x * HALF * Fraction(*SHARE)


def with_helper(x: Fraction, *, maximum: Fraction) -> Fraction:
    return min(maximum, helper(x))


def older(**more: Any) -> par.Methodology:
    plan = {"title": {"vi": "Kế hoạch 2020", "en": "Plan of 2020"}, "decision": "7/QĐ", "date": "2020-02-29"}
    plan["issuer"] = tiny.T
    task = {"id": "t", "title": tiny.T, "who": tiny.T, "due": "2020-12-31", "due_is": "before", **tiny.BASE}
    rule = {"name": "2020.with_helper", "facts": ["n"]}
    items = [tiny.leaf("1", "1", rule, help=None) | {"title": {"vi": "Năm 2020", "en": "In 2020"}}]
    items[0].pop("help")
    document = tiny.document(items, {"n": tiny.COUNT}, "1", plan={**plan, "tasks": [task | {"sources": ["s"]}]})
    document |= {
        "id": "2020-town",
        "title": {"vi": "Chỉ số 2020", "en": "Index of 2020"},
        "sources": {"s": {"title": tiny.T}},
    }
    return par.from_document(document | more, {"2020.with_helper": with_helper})


def data(files: dict[str, bytes], folder: str) -> dict[str, Any]:
    parts = [json.loads(text) for path, text in files.items() if f"/{folder}/" in path]
    return {key: value for part in parts for key, value in part.items()}


def test_the_content_is_the_older_one_under_a_new_id_and_nothing_of_it_looks_official() -> None:
    files = scaffold("2031", [older()], "0.1")
    document = data(files, "town")
    assert (document["id"], document["supersedes"]) == ("2031-town", "2020-town")
    assert document["title"] == {"vi": "Chỉ số 2031", "en": "Index of 2031"}
    assert document["items"][0]["rule"] == {"name": "2031.with_helper", "facts": ["n"]}
    nodes = [document["total"], *document["streams"], *document["items"]]
    assert {(node["basis"], tuple(node["rulings"])) for node in nodes} == {("reconstructed", ("R1",))}
    assert document["rulings"]["R1"]["en"] == "Taken over from 2020-town; not yet held against a document of 2031."
    plan = document["plan"]
    assert set(plan) == {"title", "tasks"}  # no decision yet, no day and nobody who signed it
    assert plan["tasks"][0]["due"] == "2031-12-31"
    assert plan["tasks"][0]["basis"] == "reconstructed"
    assert "These texts still name 2020: `/items/0/title/vi`, `/items/0/title/en`." in files["README.md"].decode()


def test_every_key_stands_in_one_file_and_nothing_is_lost() -> None:
    before = template().document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    after = data(scaffold("2031", [template()], "0.1"), "town")
    assert {*after} == {*before, "$schema"}
    assert "supersedes" not in after
    assert [item["code"] for item in after["items"]] == [item["code"] for item in before["items"]]
    assert (
        after["facts"] == before["facts"]
        and after["surveys"]["readers"]["groups"] == before["surveys"]["readers"]["groups"]
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    assert scaffold("2031", [older()], "0.1") == scaffold("2031", [older()], "0.1")


def test_own_rules_are_copied_with_what_they_need() -> None:
    imports, bodies = source_of({"with_helper": with_helper})
    names: dict[str, Any] = {}
    exec("\n".join([*imports, *bodies]), names)  # noqa: S102  (the copied text is what is tested)
    assert names["with_helper"](Fraction(3), maximum=Fraction(9)) == with_helper(Fraction(3), maximum=Fraction(9))
    assert imports == ["from fractions import Fraction"]


UNKNOWN: Any = object()


def uses_a_value(x: Fraction, *, maximum: Fraction) -> Any:
    return UNKNOWN


def nested() -> Any:
    top = Fraction(3)
    return lambda x, maximum: top


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (uses_a_value, 'it uses "UNKNOWN", a value that cannot be written down'),
        (nested(), "is not a plain function"),
        (len, 'the source of "len" cannot be read'),
    ],
)
def test_own_rules_that_cannot_be_copied_are_refused(function: Any, says: str) -> None:
    with pytest.raises(par.DocumentError, match=re.escape(says)):
        source_of({"f": function})


@pytest.mark.parametrize(
    ("name", "count", "says"),
    [
        ("../evil", 1, "cannot name a plugin"),
        ("Năm", 1, "cannot name a plugin"),
        ("", 1, "cannot name a plugin"),
        ("2020", 1, "2020 is the source itself"),
        ("2031-a", 2, "one id for several methodologies"),
        ("2031", 2, "two sources are of one kind: town, town"),
    ],
)
def test_names_that_cannot_be(name: str, count: int, says: str) -> None:
    with pytest.raises(par.DocumentError, match=re.escape(says)):
        scaffold(name, [older()] * count, "0.1")


def test_texts_that_name_a_year() -> None:
    document = {"a": [{"vi": "năm 2020", "en": "12020"}], "id": "2020-x", "b": {"en": "of 2020."}}
    assert list(mentions(document, "2020")) == ["/a/0/vi", "/b/en"]


def test_json_that_is_easy_to_review_reads_back_the_same() -> None:
    value = {"a": [{"b": "chữ" * 20, "c": list(range(20))}] * 3, "d": {}, "e": [], "f": None}
    assert json.loads(pretty(value)) == value
    assert max(map(len, pretty(value).splitlines())) <= 120


def test_par_new_writes_a_plugin_that_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from par_engine.authoring.sources import find

    folder = tmp_path / "one"
    assert new_command("2031", [], folder, "vi") == 0
    assert f"Tiếp theo: {install(str(folder))}; par check" in capsys.readouterr().out
    (made,) = find(str(folder))
    assert prove(made.scheme, {made.id}).problems == ()
    cases = read_cases(folder / "tests/cases/town.json").cases
    ran = run(made.scheme, cases)
    assert all(one.passed for one in ran) and not any(case.confirmed for case in cases)
    assert cover(made.scheme, ran).percent == 100
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert not list(folder.rglob("__pycache__"))


def test_nothing_is_written_over_or_left_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(par.DocumentError, match="there is such a folder already"):
        new_command("2031", [], tmp_path / "there", "vi")
    with pytest.raises(par.ParError, match="No such file or directory"):
        new_command("2031", [], Path("/proc/no/such"), "vi")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(par.DocumentError, match="No space left"):
        new_command("2031", [], tmp_path / "two", "vi")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
