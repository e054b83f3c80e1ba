"""`par cases` and `par test`: what cases leave untouched, and cases run by pytest."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from par_engine.api import load
from par_engine.cli.output import complain, raw, say
from par_engine.documents import fail
from par_engine.errors import ParError, Problem
from par_engine.files import written_whole


def cases_command(id: str, folder: Path | None, output: Path | None, *, suggest: bool, lang: str) -> int:
    """Print the places that no case touches, or write suggested cases for them; 1 when cases fail."""
    from par_engine.testing import cover, read_cases, run
    from par_engine.testing import suggest as suggested
    from par_engine.testing.coverage import write_cases

    scheme = load(id).scheme
    files = _files(folder) if folder is not None else []
    ran = [one for file in files for one in run(scheme, read_cases(file).cases)]
    failed = [one for one in ran if not one.passed]
    if suggest:
        found = suggested(scheme, ran)
        if not found:
            say("Mọi chỗ đều đã có trường hợp kiểm thử." if lang == "vi" else "Cases touch every place.")
            return 0
        data = write_cases(id, found)
        if output is None:
            raw(data)
            return 0
        if output.exists():
            fail(output.name, "exists", "there is such a file already", "name a new file", "tệp đã có", "đặt tên khác")
        with written_whole(output) as temporary:
            temporary.write_bytes(data)
        vi = f"{len(found)} trường hợp, chưa ai xác nhận: {output}"
        say(vi if lang == "vi" else f"{len(found)} cases, confirmed by nobody yet: {output}")
        return 0
    coverage = cover(scheme, ran)
    for probe in coverage.untouched:
        say(f"{probe.leaf}: {probe.place.vi if lang == 'vi' else probe.place.en}")
    done, all_ = len(coverage.touched), len(coverage.places)
    sure = len(coverage.confirmed)
    vi = f"{done}/{all_} chỗ đã có trường hợp kiểm thử, {sure} đã được xác nhận"
    say(vi if lang == "vi" else f"{done} of {all_} places touched, {sure} by confirmed cases")
    if failed:
        words = [(one.case, one.words(), one.words("vi")) for one in failed]
        faults = [
            Problem(id, case.item, "case", f"{case.name}: {en}", "", "error", f"{case.name}: {vi}")
            for case, en, vi in words
        ]
        complain(faults, lang)
    return 1 if failed else 0


def _files(folder: Path) -> list[Path]:
    from par_engine.testing.cases import case_files

    files = case_files(folder)
    if not files:
        fail(
            str(folder),
            "no-cases",
            "no case file is here",
            "name a folder of *.json",
            "không có tệp kiểm thử nào",
            "chọn thư mục có tệp *.json",
        )
    return files


def _folder(what: str) -> Path:
    """The folder of cases: itself, or of a methodology that is installed from its source folder."""
    from par_engine.authoring.sources import installed_as

    path = Path(what)
    if path.is_dir() and not installed_as(what):
        return path
    methodology = load(what)
    found = distribution(methodology.distribution).read_text("direct_url.json") if methodology.distribution else None
    url = urlsplit(json.loads(found)["url"]) if found else None
    folder = Path(unquote(url.path)) / "tests" / "cases" if url is not None and url.scheme == "file" else None
    if folder is None or not folder.is_dir():
        hint, hint_vi = "name their folder: par test PATH", "chỉ ra thư mục: par test PATH"
        fail(what, "no-cases", "its cases are not installed here", hint, "không có tệp kiểm thử đi kèm", hint_vi)
    return folder


def test_command(what: str, words: list[str]) -> int:
    """Run the cases of a methodology or of a folder by pytest, with the given pytest options."""
    try:
        import pytest
    except ImportError:
        hint = 'pip install "par-engine[test]"'
        raise ParError(
            [Problem("par test", "", "needs-extra", "this needs pytest", hint, "error", "cần có pytest", hint)]
        ) from None
    folder = _folder(what)
    _files(folder)
    return int(pytest.main([str(folder), "-q", "-p", "no:cacheprovider", *words]))
