"""`par cases` and `par test`: what cases leave untouched, and cases run by pytest."""

from __future__ import annotations

import json
import os
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import typer

from par_engine.api import load
from par_engine.base.extras import needs
from par_engine.base.problems import ParError, Problem, fail, problem
from par_engine.base.types import Text
from par_engine.cli.options import IdFirst, IdOrPath, Lang, OutputIfAny
from par_engine.cli.output import complain, raw, say
from par_engine.files.atomic import written_whole
from par_engine.i18n.catalogue import text

if TYPE_CHECKING:
    from par_engine.testing.cases import Case, Ran


def cases_command(
    id: IdFirst,
    folder: Annotated[Path | None, typer.Argument(metavar="[CASES]")] = None,
    suggest: Annotated[bool, typer.Option("--suggest")] = False,
    output: OutputIfAny = None,
    lang: Lang = "vi",
) -> int:
    """Print the places that no case touches, or write suggested cases for them; 1 when cases fail."""
    from par_engine.testing import cover, run
    from par_engine.testing import suggest as suggested
    from par_engine.testing.coverage import write_cases

    scheme = load(id).scheme
    cases, others = _read(folder, id) if folder is not None else ([], {})
    ran = run(scheme, cases)
    if others:
        left = ", ".join(f"{other}: {count}" for other, count in others.items())
        say(text("cli.cases", "others", lang, counts=left), error=True)
    failed = [one for one in ran if not one.passed]
    if suggest:
        found = suggested(scheme, ran)
        if not found:
            say(text("cli.cases", "complete", lang))
            return 0
        data = write_cases(id, found)
        if output is None:
            raw(data)
            return 0
        if output.exists():
            fail("exists.cases", output.name)
        with written_whole(output) as temporary:
            temporary.write_bytes(data)
        say(text("cli.cases", "suggested", lang, cases=len(found), path=output))
        return 0
    coverage = cover(scheme, ran)
    for probe in coverage.untouched:
        say(f"{probe.leaf}: {probe.place.get(lang)}")
    done, all_ = len(coverage.touched), len(coverage.places)
    sure = len(coverage.confirmed)
    say(text("cli.cases", "touched", lang, touched=done, places=all_, confirmed=sure))
    if failed:
        complain([_failed(id, one) for one in failed], lang)
    return 1 if failed else 0


def _failed(id: str, ran: Ran) -> Problem:
    name, expect = ran.case.name, ran.case.expect
    return problem(
        "case",
        id,
        ran.case.item,
        name=name,
        found=Text(vi=ran.words("vi"), en=ran.words()),
        expected=Text(vi=expect.words("vi"), en=expect.words()),
    )


def _files(place: Path) -> list[Path]:
    """The case files at a place: itself, or all of a folder."""
    from par_engine.testing.cases import case_files

    files = [place] if place.is_file() else case_files(place) if place.is_dir() else []
    if not files:
        fail("no-cases", str(place))
    return files


def _read(place: Path, id: str) -> tuple[list[Case], dict[str, int]]:
    """The cases of a methodology at a place, and how many there are of each other one."""
    from par_engine.testing import read_cases

    cases: list[Case] = []
    others: dict[str, int] = {}
    for path in _files(place):
        found = read_cases(path)
        if found.methodology == id:
            cases += found.cases
        else:
            others[found.methodology] = others.get(found.methodology, 0) + len(found.cases)
    if not cases and others:
        named = ", ".join(others)
        fail("other-methodology", str(place), id=id, named=named)
    return cases, others


def _folder(what: str) -> Path:
    """The file or folder of cases: itself, or of a methodology that is installed from its source folder."""
    from par_engine.authoring.sources import installed_as

    path = Path(what)
    if path.is_file() or (path.is_dir() and not installed_as(what)):
        return path
    methodology = load(what)
    found = distribution(methodology.distribution).read_text("direct_url.json") if methodology.distribution else None
    url = urlsplit(json.loads(found)["url"]) if found else None
    folder = Path(unquote(url.path)) / "tests" / "cases" if url is not None and url.scheme == "file" else None
    if folder is None or not folder.is_dir():
        fail("no-cases.not-from-source", what)
    return folder


def test_command(context: typer.Context, what: IdOrPath, lang: Lang = "vi") -> int:  # noqa: PT028  (it is a command)
    """Run the cases of a methodology, a file or a folder by pytest, with the given pytest options."""
    try:
        import pytest
    except ImportError:
        needs("par test", "test")
    os.environ["PAR_LANG"] = lang  # for what the plugin of pytest says
    place = _folder(what)
    files = _files(place)
    if not Path(what).exists():  # the cases of one id, wherever they stand beside those of others
        files = [path for path in files if _methodology(path) in (what, None)]
    return int(pytest.main([*map(str, files), "-q", "-p", "no:cacheprovider", *context.args]))


def _methodology(path: Path) -> str | None:
    """The methodology of a file of cases; None when it cannot be read, which its test says."""
    from par_engine.testing import read_cases

    try:
        return read_cases(path).methodology
    except ParError:
        return None
