"""The pytest plugin: every case of `cases/*.json` is a test, and `--par-coverage` says what no case touches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from par_engine.base.problems import ParError
    from par_engine.i18n.catalogue import Lang
    from par_engine.testing.cases import CaseFile, Ran

_MARK = b"case-1"  # told apart without importing the engine; `cases.MARK` decides
_SHOWN = 20
_RAN = pytest.StashKey[dict[str, list[Any]]]()


def _vietnamese() -> bool:
    return os.environ.get("PAR_LANG") == "vi"  # `par test` sets it; of itself pytest speaks English


def _said(error: ParError) -> str:
    return "\n".join(problem.text("vi") for problem in error.problems) if _vietnamese() else str(error)


class CaseFailed(Exception):  # noqa: N818  (a sentence for the report, not an error of the program)
    """A case that came out otherwise than it says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of rule coverage."""
    group = parser.getgroup("par-engine", "cases of scoring rules")
    group.addoption("--par-coverage", action="store_true", help="list the places of rules that no case touches")
    group.addoption(
        "--par-coverage-under", type=float, metavar="PERCENT", help="fail when cases touch less than PERCENT of them"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the place where cases that ran are kept."""
    config.stash[_RAN] = {}


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the JSON files that say they hold cases: those of folders named `cases`, and any that is asked for."""
    wanted = file_path.parent.name == "cases" or parent.session.isinitpath(file_path)
    if file_path.suffix != ".json" or not wanted or _MARK not in file_path.read_bytes():
        return None
    from par_engine.testing.cases import MARK

    if MARK.search(file_path.read_bytes()):
        return CasesFile.from_parent(parent, path=file_path)
    return None


class CasesFile(pytest.File):
    """The cases of one file; all run in one assessment when the first is asked for."""

    file: CaseFile
    _ran: list[Ran] | None = None

    def collect(self) -> Iterator[CaseItem]:
        """One item a case."""
        from par_engine.base.problems import ParError
        from par_engine.testing.cases import read_cases

        try:
            self.file = read_cases(self.path)
        except ParError as error:
            raise self.CollectError(_said(error)) from None
        for i, case in enumerate(self.file.cases):
            yield CaseItem.from_parent(self, name=case.name, number=i)

    def ran(self) -> list[Ran]:
        """What became of the cases of this file."""
        if self._ran is None:
            import par_engine
            from par_engine.testing.cases import run

            self._ran = run(par_engine.load(self.file.methodology).scheme, self.file.cases)
        return self._ran


class CaseItem(pytest.Item):
    """One case as a test."""

    def __init__(self, *, number: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.number = number

    def runtest(self) -> None:
        """Pass when the engine gives what the case says."""
        assert isinstance(self.parent, CasesFile)
        ran = self.parent.ran()[self.number]
        methodology = self.parent.file.methodology
        self.config.stash[_RAN].setdefault(methodology, []).append(ran)
        if not ran.passed:
            langs: tuple[Lang, ...] = ("vi",) if _vietnamese() else ("vi", "en")
            raise CaseFailed("\n".join(_sentence(methodology, ran, lang) for lang in langs))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """A sentence for a failed case; problems, not a traceback, for one that could not run."""
        from par_engine.base.problems import ParError

        if isinstance(excinfo.value, ParError):
            return _said(excinfo.value)
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """How pytest names the case."""
        return self.path, None, f"case: {self.name}"


def _sentence(methodology: str, ran: Ran, lang: Lang) -> str:
    """A failed case as a sentence, with its reason."""
    case, vi = ran.case, lang == "vi"
    words = {True: "có", False: "không"} if vi else {}
    given = ", ".join(f"{n} = {words.get(v, v) if isinstance(v, bool) else v}" for n, v in case.facts.items())
    due, came = case.expect.words(lang), ran.words(lang)
    if vi:
        said = (
            f"{methodology} {case.item}, {case.name}: với {given or 'không có số liệu'} phải là {due}, nhưng là {came}."
        )
    else:
        said = (
            f"{methodology} {case.item}, {case.name}: with {given or 'no facts'} it should be {due}, but it is {came}."
        )
    if case.why:
        said += f"\n{'vì sao' if vi else 'why it should'}: {case.why.get(lang)}"
    if not case.confirmed:
        said += "\n" + ("chưa ai xác nhận trường hợp này" if vi else "nobody has confirmed this case yet")
    return said


def _coverage(config: pytest.Config) -> list[tuple[str, Any]]:
    import par_engine
    from par_engine.testing.coverage import cover

    return [(id, cover(par_engine.load(id).scheme, ran)) for id, ran in sorted(config.stash[_RAN].items())]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail under the threshold."""
    least = session.config.getoption("--par-coverage-under")
    low = least is not None and any(coverage.percent < least for _, coverage in _coverage(session.config))
    if low and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what no case touches."""
    if not config.stash[_RAN] or not (
        config.getoption("--par-coverage") or config.getoption("--par-coverage-under") is not None
    ):
        return
    terminalreporter.section("rule coverage")
    for id, coverage in _coverage(config):
        all_, touched, sure = len(coverage.places), len(coverage.touched), len(coverage.confirmed)
        percent = float(coverage.percent)
        terminalreporter.write_line(
            f"{id}: {touched} of {all_} places touched ({percent:.1f} %), {sure} by confirmed cases"
        )
        for probe in coverage.untouched[:_SHOWN]:
            terminalreporter.write_line(f"  {probe.leaf}: {probe.place.en}")
        if len(coverage.untouched) > _SHOWN:
            terminalreporter.write_line(f"  … and {len(coverage.untouched) - _SHOWN} more")
