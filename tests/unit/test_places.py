"""Problems of a methodology at file, line and code; and what an id names beside a folder of the same name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import tiny

import par_engine as par
from par_engine.authoring.places import placed
from par_engine.authoring.sources import find
from par_engine.base.problems import own_problem


def test_file_line_and_code(tmp_path: Path) -> None:
    document = tiny.document(
        [tiny.leaf("1.1", "1", {"name": "tally", "fact": "n", "each": "9"})], {"n": tiny.COUNT}, "1"
    )
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    with pytest.raises(par.ParError) as caught:
        find(str(path))
    rule = [problem for problem in caught.value.problems if "/rule" in problem.pointer]
    assert rule
    shown = placed(rule, str(path))
    line = next(i for i, text in enumerate(path.read_text().splitlines(), 1) if '"each": "9"' in text)
    assert [(p.document, p.pointer) for p in shown] == [(f"tiny.json:{line}", "1.1 rule/each")]


@pytest.mark.parametrize(
    ("pointer", "document", "shown"),
    [
        ("/facts/n/title", "tiny.json:3", "/facts/n/title"),
        ("/items/0/title/vi", "tiny.json:2", "7 title/vi"),
        ("/items/0", "tiny.json:2", "7"),
        ("/items/9/rule", "tiny.json:2", "/items/9/rule"),
        ("/none/0", "tiny", "/none/0"),
        ("", "tiny", ""),
    ],
)
def test_pointers(pointer: str, document: str, shown: str, tmp_path: Path) -> None:
    text = '{"id": "x",\n "items": [{"code": "7", "title": {"en": "a", "vi": "b"}}],\n "facts": {"n": {"title": {"vi": "c"}}}}'
    (tmp_path / "tiny.json").write_text(text, encoding="utf-8")
    (found,) = placed([own_problem("tiny", pointer, "x", "y")], str(tmp_path / "tiny.json"))
    assert (found.document, found.pointer) == (document, shown)


def test_what_takes_from_another_keeps_its_pointers(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"extends": {}, "items": [{"code": "7"}]}', encoding="utf-8")
    problem = own_problem("a", "/items/0", "x", "y")
    assert placed([problem], str(tmp_path)) == [problem]
    assert placed([problem], "2021-province") == [problem]


def test_a_folder_named_like_an_id_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("par_example")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "example-town").mkdir()
    assert [methodology.id for methodology in find("example-town")] == ["example-town"]
    with pytest.raises(par.ParError) as caught:
        find("./example-town")
    assert caught.value.problems[0].code == "empty-folder"


def test_the_first_two_hundred_problems_are_looked_up(tmp_path: Path) -> None:
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({"id": "tiny", "items": []}), encoding="utf-8")
    problem = own_problem("tiny", "/id", "x", "y")
    shown = placed([problem] * 202, str(path))
    assert shown == [replace(problem, document="tiny.json:1")] * 200 + [problem] * 2
