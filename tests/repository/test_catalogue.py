"""The catalogue of texts: whole in each language, every text used, and no text outside of it."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from par_engine.i18n.catalogue import LANGS, entries, tables

HOME = Path(__file__).parents[2] / "par_engine"
FOREIGN = {"reason", "error"}
"""What a library says, in English: a text in another language may leave it out."""
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)


def texts(lang: str) -> dict[tuple[str, str], str]:
    document = tomllib.loads((HOME / "i18n" / f"{lang}.toml").read_text(encoding="utf-8"))
    out: dict[tuple[str, str], str] = {}

    def walk(table: dict[str, Any], path: tuple[str, ...]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                walk(value, (*path, key))
            else:
                out[".".join(path), key] = value

    walk(document, ())
    return out


def placeholders(text: str) -> set[str]:
    return {name for _, name, spec, _ in string.Formatter().parse(text) if name is not None and spec != "s"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(HOME.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def problems_used() -> dict[str, tuple[str, set[str] | None]]:
    """Entries of problems by where they are made, with the values that they are given (None: more than is seen)."""
    out: dict[str, tuple[str, set[str] | None]] = {}
    for path, tree in sources():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
                continue
            if call.func.id in ("problem", "fail") and isinstance(call.args[0], ast.Constant):
                names = {keyword.arg for keyword in call.keywords}
                given = None if None in names else {name for name in names if name}
                out[f"{path.relative_to(HOME)}:{call.lineno}"] = (call.args[0].value, given)
    return out


def test_the_languages_say_the_same_things() -> None:
    first, *others = (texts(lang) for lang in LANGS)
    for other in others:
        assert list(first) == list(other)


def test_each_text_fills_in_the_same_in_every_language() -> None:
    first, *others = (texts(lang) for lang in LANGS)
    odd = [
        key for other in others for key in first if not placeholders(first[key]) ^ placeholders(other[key]) <= FOREIGN
    ]
    assert odd == []


def test_a_table_parsed_alone_is_what_the_whole_file_says() -> None:
    for lang in LANGS:
        for (table, name), text in texts(lang).items():
            assert entries(table, lang)[name] == text
        assert len(tables(lang)) == len({table for table, _ in texts(lang)})


def test_every_problem_is_in_the_catalogue_and_is_given_its_values() -> None:
    known = texts("en")
    for place, (entry, given) in problems_used().items():
        assert (f"problem.{entry}", "what") in known, place
        wanted = placeholders(known[f"problem.{entry}", "what"]) | placeholders(
            known.get((f"problem.{entry}", "hint"), "")
        )
        assert given is None or wanted <= given, place


def test_no_text_is_left_unused() -> None:
    written = {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for table, name in texts("en"):
        if table.partition(".")[0] in ("commands", "help"):
            continue  # by the names of commands and their parameters: tests of the command line look for each
        key = table.removeprefix("problem.") if table.startswith("problem.") else name
        assert key in written or table in written, (table, name)


@pytest.mark.parametrize("lang", LANGS)
def test_tables_are_in_order(lang: str) -> None:
    names = [name for name in tables(lang) if name.startswith("problem.")]  # type: ignore[arg-type]
    assert names == sorted(names)


SPOKEN_ELSEWHERE = {
    "advice",
    "annex",
    "audit",
    "authoring",
    "base",
    "comparison",
    "evidence",
    "files",
}
SPOKEN_ELSEWHERE |= {
    "methodology",
    "plugins.py",
    "api.py",
    "assess.py",
    "publish",
    "results",
    "round",
    "rules",
    "testing",
    "workbook",
}
READ = {"agencies/reading.py", "i18n/foreign_messages.py"} | {
    f"survey/{name}.py" for name in ("bodies", "duplicate_people", "heads", "lists", "phones")
}
"""Modules that know Vietnamese in order to read it, not to say it."""


def test_vietnamese_is_said_by_the_catalogue_alone() -> None:
    said = []
    for path, tree in sources():
        place = str(path.relative_to(HOME))
        if place in READ or place.partition("/")[0] in SPOKEN_ELSEWHERE:
            continue
        docstrings = {
            node.body[0].value
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
        }
        said += [
            f"{place}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in docstrings
            and VIETNAMESE.search(node.value)
        ]
    assert said == []
