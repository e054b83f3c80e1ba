"""Distributions that break the contract, really installed: the message names them, and nothing else suffers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
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
    for name in ("par-one", "par-two"):
        install(tmp_path, name, READER % "town", {name: name.replace("-", "_")}, "par_engine.plugins")
    (tmp_path / "e.town").write_text("{}")
    status, _, err = par(tmp_path, "score", str(tmp_path / "e.town"), "-m", "example-town")
    assert status == 1
    assert 'par: par-one 1.0 and par-two 1.0 both provide ".town" by par_readers — uninstall one' in err


@pytest.mark.parametrize(
    "code", ["raise RuntimeError('no')", "print('noise')\n1 / 0", HEAD + "@hookimpl\ndef par_x(): 1"]
)
def test_a_broken_reader_is_in_nobodys_way(tmp_path: Path, code: str) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, "par-broken", code, {"broken": "par_broken"}, "par_engine.plugins")
    install(site, "par-extra", READER % "town", {"extra": "par_extra"}, "par_engine.plugins")
    evidence = {"methodology": "example-town", "stage": "s", "units": [{"unit": "Ashford"}]}
    for name in ("e.town", "e.json", "e.what"):
        (tmp_path / name).write_text(json.dumps(evidence))
    for name in ("e.town", "e.json"):
        status, out, err = par(site, "score", str(tmp_path / name), "-m", "example-town", "--format", "json", "-q")
        assert status == 0, err
        assert json.loads(out)["units"][0]["unit"] == "ashford"
    status, out, err = par(site, "score", str(tmp_path / "e.what"), "-m", "example-town")
    assert (status, out) == (1, "")
    assert "✗ e.what: no reader for .what — known are .csv, .json, .parquet, .town, .xlsx\n" in err
    assert "✗ par-broken 1.0: " in err  # it may have been the one


def test_no_other_distribution_is_imported_for_what_the_engine_reads(tmp_path: Path) -> None:
    install(tmp_path, "par-extra", "print('imported')\n" + READER % "csv", {"e": "par_extra"}, "par_engine.plugins")
    for words in (["examples/example-town.json"], ["examples/example-town.json", "--format", "json"]):
        status, out, err = par(tmp_path, "score", str(EXAMPLES / words[0][9:]), "-m", "example-town", *words[1:])
        assert status == 0
        assert "imported" not in out + err


PRINTS = "print('noise')\nimport sys\nsys.stdout.write('more\\n')\n"


def test_what_a_plugin_prints_does_not_spoil_the_result(tmp_path: Path) -> None:
    body = "print('in a hook'); return {}"
    install(tmp_path, "par-loud", PRINTS + folder_hook(body), {"loud": "par_loud"})
    status, out, err = par(tmp_path, "list", "--json")
    assert status == 1
    assert "example-town" in [row["id"] for row in json.loads(out)]
    assert "noise\nmore\nin a hook\n" in err


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os; os._exit(0)", "SystemExit: 0"),
        ("raise GeneratorExit('gone')", "GeneratorExit: gone"),
        ("class Own(BaseException): pass\nraise Own('own')", "Own: own"),
    ],
)
def test_whatever_ends_an_import_is_named(tmp_path: Path, code: str, says: str) -> None:
    install(tmp_path, "par-broken", code, {"broken": "par_broken"})
    status, out, err = par(tmp_path, "list", "--json")
    assert status == 1
    assert {"broken", "example-town"} <= {row["id"] for row in json.loads(out)}
    assert f"✗ par-broken 1.0: cannot be imported: {says} — the entry point is par_broken; reinstall" in err


def test_an_interruption_is_none_of_a_plugins_faults(tmp_path: Path) -> None:
    install(tmp_path, "par-broken", "raise KeyboardInterrupt", {"broken": "par_broken"})
    assert par(tmp_path, "show", "broken")[0] == 130


def test_what_pip_left_over_is_no_plugin(tmp_path: Path) -> None:
    info = tmp_path / "~ar_example-0.0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: par-example\nVersion: 0.0.1\n")
    (info / "entry_points.txt").write_text("[par_engine.methodologies]\nexample-town = par_example\ngone = par_gone\n")
    status, out, err = par(tmp_path, "list", "--json")
    assert (status, err) == (0, "")
    rows = json.loads(out)
    assert [row["id"] for row in rows].count("example-town") == 1 and "gone" not in [row["id"] for row in rows]


def test_one_module_of_one_distribution_is_one_plugin(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        install(tmp_path / place, "par-same", folder_hook("return {}"), {"same": "par_same"})
    (tmp_path / "two" / "par_same-1.0.dist-info" / "METADATA").write_text("Name: par_same\nVersion: 2.0\n")
    path = Path(f"{tmp_path / 'one'}{os.pathsep}{tmp_path / 'two'}")
    rows = [row for row in json.loads(par(path, "list", "--fast", "--json")[1]) if row["id"] == "same"]
    assert rows == [{"id": "same", "distribution": "par-same", "version": "1.0"}]


def test_metadata_without_a_name_hurt_no_other(tmp_path: Path) -> None:
    install(tmp_path, "par-nameless", folder_hook("return {}"), {"nameless": "par_nameless"})
    (tmp_path / "par_nameless-1.0.dist-info" / "METADATA").write_text("")
    status, out, err = par(tmp_path, "list", "--json")
    assert status == 1 and "unknown 0: " in err
    assert {"nameless", "example-town"} <= {row["id"] for row in json.loads(out)}


def test_what_is_installed_while_a_program_runs_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from par_engine import installed

    monkeypatch.syspath_prepend(str(tmp_path))
    before = installed()
    os.utime(tmp_path, ns=(0, 0))  # whatever the clock of the file system can tell apart
    assert installed() == before
    install(tmp_path, "par-late", folder_hook("return {}"), {"late": "par_late"})
    assert [one.id for one in installed() if one not in before] == ["late"]
