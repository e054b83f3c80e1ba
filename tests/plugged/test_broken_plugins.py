"""Distributions that break the contract, really installed: the message names them, and nothing else suffers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD_RULES = "\n@hookimpl\ndef par_rules():\n    return {}\n"
HEAD = "from par_engine import hookimpl\n"


def install(site: Path, name: str, code: str, entries: dict[str, str], group: str = "par_engine.methodologies") -> None:
    """A distribution as an installer leaves it: a module and its metadata."""
    module = name.replace("-", "_")
    (site / f"{module}.py").write_text(code, encoding="utf-8")
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in entries.items()))


def par(site: Path, *words: str) -> tuple[int, str, str]:
    env = {**os.environ, "PYTHONPATH": str(site), "PAR_LANG": "en"}
    command = [sys.executable, "-c", "from par_engine.cli.main import run; run()", *words]
    done = subprocess.run(command, capture_output=True, env=env, check=False, encoding="utf-8")
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def folder_hook(body: str) -> str:
    return HEAD + f"@hookimpl\ndef par_methodology(id):\n    {body}\n"


CASES = {
    "import error": (
        "import nothing_there\n",
        "par-broken 1.0: cannot be imported: ModuleNotFoundError: No module named 'nothing_there' — the entry point is par_broken; reinstall or repair the distribution",
    ),
    "exit at import": ("raise SystemExit('bye')\n", "par-broken 1.0: cannot be imported: SystemExit: bye"),
    "syntax error": ("def (:\n", "par-broken 1.0: cannot be imported: SyntaxError"),
    "misspelt hook": (
        HEAD + "@hookimpl\ndef par_methodolgy(id):\n    return {}\n",
        "par-broken 1.0: breaks the plugin contract: unknown hook 'par_methodolgy' in plugin",
    ),
    "wrong argument": (
        HEAD + "@hookimpl\ndef par_methodology(name):\n    return {}\n",
        "par-broken 1.0: breaks the plugin contract: Plugin 'par-broken 1.0' for hook 'par_methodology'",
    ),
    "no hook": (
        "x = 1\n",
        "par-broken 1.0: par_methodology returned NoneType for broken — return a folder of the package, or the document",
    ),
    "hook raises": (
        folder_hook("raise RuntimeError('no disk')"),
        "par-broken 1.0: a hook failed: RuntimeError: no disk — repair the distribution",
    ),
    "hook returns text": (folder_hook("return 'here'"), "par-broken 1.0: par_methodology returned str for broken"),
    "no folder": (
        folder_hook("from pathlib import Path; return Path('/no/such/folder')"),
        "par-broken 1.0: broken: the folder cannot be read: No such file or directory — is it part of the installed package?",
    ),
    "other id": (
        folder_hook("return {'id': 'other'}"),
        'par-broken 1.0: the entry point is named broken, the document has the id "other" — give both the same id',
    ),
    "invalid criteria": (
        folder_hook("return {'id': 'broken', 'items': 7}"),
        'par-broken 1.0: broken /facts: "facts" is required — there are no defaults',
    ),
    "rules that are none": (
        folder_hook("return {'id': 'broken'}") + "\n@hookimpl\ndef par_rules():\n    return {'x.y': 3}\n",
        "par-broken 1.0: par_rules does not return functions by name",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_broken_plugin_is_named_and_hurts_no_other(tmp_path: Path, name: str) -> None:
    code, says = CASES[name]
    install(tmp_path, "par-broken", code, {"broken": "par_broken"})
    status, out, err = par(tmp_path, "show", "broken")
    assert (status, out) == (1, "")
    assert says in err
    status, out, err = par(tmp_path, "list", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert status == 1
    assert "par-broken 1.0" in err
    assert "problems" in rows["broken"]
    assert rows["example-town"]["leaves"] == 10
    status, out, _ = par(tmp_path, "list", "--fast")
    assert status == 0, "metadata needs no import"
    assert "par-broken 1.0" in out


def test_two_providers_of_one_id_are_both_named(tmp_path: Path) -> None:
    for name in ("par-one", "par-two"):
        install(tmp_path, name, folder_hook("return {}"), {"twice": name.replace("-", "_")})
    status, _, err = par(tmp_path, "show", "twice")
    assert status == 1
    assert "twice: par-one 1.0 and par-two 1.0 both provide the methodology twice — uninstall one of them" in err
    rows = json.loads(par(tmp_path, "list", "--json")[1])
    assert [row["distribution"] for row in rows if row["id"] == "twice"] == ["par-one", "par-two"]


READER = (
    HEAD
    + """
import json
@hookimpl
def par_readers():
    return {".%s": lambda data, path: json.loads(data)}
@hookimpl
def par_renderers():
    return {"count": lambda assessment: b"%%d units\\n" %% len(assessment.units)}
"""
)


def test_readers_and_renderers_of_plugins_work_like_the_built_in_ones(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, "par-extra", READER % "town", {"extra": "par_extra"}, "par_engine.plugins")
    evidence = {"methodology": "example-town", "stage": "s", "units": [{"unit": "Ashford"}]}
    (tmp_path / "e.town").write_text(json.dumps(evidence))
    status, out, _ = par(site, "score", str(tmp_path / "e.town"), "-m", "example-town", "--format", "count")
    assert (status, out) == (0, "1 units\n")


def test_two_readers_of_one_kind_are_both_named(tmp_path: Path) -> None:
    install(tmp_path, "par-extra", READER % "csv", {"extra": "par_extra"}, "par_engine.plugins")
    status, _, err = par(tmp_path, "score", "e.csv", "-m", "example-town")
    assert status == 1
    assert 'par-engine readers and par-extra 1.0 both provide ".csv" by par_readers' in err


def test_what_is_installed_while_a_program_runs_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from par_engine import installed

    monkeypatch.syspath_prepend(str(tmp_path))
    before = installed()
    os.utime(tmp_path, ns=(0, 0))  # whatever the clock of the file system can tell apart
    assert installed() == before
    install(tmp_path, "par-late", folder_hook("return {}"), {"late": "par_late"})
    assert [one.id for one in installed() if one not in before] == ["late"]
