"""The command line in one language: usage, help, refusals, and `--lang` wherever it stands."""

import re
import subprocess
import sys
from typing import Any

import pytest
from program import ended, run

from par_engine.cli.main import COMMANDS, app
from par_engine.i18n.catalogue import entries, tables

ENGLISH = re.compile(r"\b(Usage|Options|Arguments|Commands|required|default|Show this message|Error|Missing|No such)\b")


def commands(group: Any, names: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """All commands and groups with their words."""
    inner = [found for name, one in getattr(group, "commands", {}).items() for found in commands(one, (*names, name))]
    return [(names, group), *inner]


EVERY = commands(app)


@pytest.mark.parametrize("words", [words for words, _ in EVERY], ids=" ".join)
def test_help_is_in_one_language(words: tuple[str, ...]) -> None:
    out, _ = run(*words, "--help", lang="vi")
    assert ENGLISH.search(out) is None and out.startswith("Cách dùng: par") and "Tùy chọn:" in out
    out, _ = run(*words, "--help", lang="en")
    assert out.startswith("Usage: par") and "Options:" in out
    assert re.search("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", out.lower()) is None, out


def test_every_command_takes_the_language_before_and_after() -> None:
    assert len(EVERY) > 40
    for words, command in EVERY:
        if not hasattr(command, "commands"):
            want = run(*words, "--help", lang="en")
            for put in (["--lang", "en", *words], [*words, "--lang=en"], [*words[:1], "--lang", "en", *words[1:]]):
                assert run(*put, "--help", lang="vi") == want, put


def test_the_language_reaches_results_and_problems() -> None:
    assert (
        run("--lang", "en", "list", "--fast")[0].startswith("ID") and "package" in run("--lang=en", "list", "--fast")[0]
    )
    err = run("--lang", "en", "show", "nowhere", code=1)[1]
    assert 'no methodology "nowhere" is installed' in err and err.endswith("1 problem\n")
    err = run("schema", "evidence", "-m", "nowhere", "--lang", "en", code=1)[1]
    assert 'no methodology "nowhere" is installed' in err
    assert run("list", "--lang", "fr", code=2)[1] == "✗ --lang: không có fr — chọn vi hoặc en\n"
    assert run("list", "--lang", "fr", lang="en", code=2)[1] == "✗ --lang: no fr — vi or en\n"


REFUSED = [
    (["score", "x", "--formt", "json"], "không có tùy chọn --formt — có phải là --format", "No such option: --formt"),
    (["score", "x"], "thiếu tùy chọn --methodology / -m", "Missing option '--methodology' / '-m'."),
    (["score"], "thiếu đối số EVIDENCE", "Missing argument 'EVIDENCE'."),
    (["lst"], "không có lệnh lst — có phải là list?", "No such command 'lst'."),
    (["round", "subit"], "không có lệnh subit — có phải là submit?", "No such command 'subit'."),
    (["list", "more"], "thừa more", "Got unexpected extra argument"),
    (["score", "x", "-m"], "tùy chọn -m cần một giá trị", "Option '-m' requires an argument."),
    (
        ["score", "x", "-m", "a", "-o", "b", "-o", "c"],
        "tùy chọn --output được ghi hai lần",
        "'--output' is given twice.",
    ),
    (
        ["score", "x", "-m", "a", "-m", "b"],
        "tùy chọn --methodology được ghi hai lần",
        "'--methodology' is given twice.",
    ),
    (["list", "--fast=1"], "tùy chọn --fast không nhận giá trị", "Option '--fast' does not take a value."),
    (["improve", "x", "-m", "a", "--rank", "one"], "--rank: phải là số nguyên", "Invalid value for '--rank'"),
]


@pytest.mark.parametrize(("words", "vi", "en"), REFUSED)
def test_what_the_library_refuses(words: list[str], vi: str, en: str) -> None:
    _, err = run(*words, lang="vi", code=2)
    *usage, last = err.rstrip("\n").splitlines()
    assert last.startswith(f"Lỗi: {vi}") and ENGLISH.search(err) is None
    assert not usage or usage[0].startswith("Cách dùng: par")
    _, err = run(*words, lang="en", code=2)
    assert en in err and "Error: " in err


def test_a_flag_may_be_given_twice() -> None:
    assert ended("list", "--fast", "--fast").returncode == 0


def test_the_catalogue_speaks_of_the_commands_and_options_that_there_are() -> None:
    there = {" ".join(words).replace(" ", ".") or "par": {param.name for param in one.params} for words, one in EVERY}
    everywhere = {name for names in there.values() for name in names}
    for table in tables("vi"):
        kind, _, of = table.partition(".")
        if kind == "help":
            assert set(entries(table, "vi")) <= (everywhere if of == "any" else there[of]), table
        elif kind == "commands":
            wanted = {"par", *filter(None, COMMANDS), *COMMANDS[""]} if of == "par" else set(COMMANDS[of])
            assert set(entries(table, "vi")) == wanted, table


def test_a_command_is_imported_when_it_is_asked_for() -> None:
    code = (
        "import sys; sys.argv = ['par', '--help']\ntry:\n    from par_engine.cli.main import run; run()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name in ('numpy', 'pydantic', 'rich', 'par_engine.api')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n"), done.stdout[-300:]
