"""What holds for all tests: the same cases in the same order for everybody, and no law hangs on how busy a machine is.

`PAR_SEED=N` draws other cases, in another order; `.ci/search` tries many.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

SEED = 2021
fresh = os.environ.get("PAR_SEED")

settings.register_profile("same", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("fresh", deadline=None, database=None, print_blob=True)
settings.load_profile("fresh" if fresh else "same")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """One seed for the order of the tests, unless the command line gives one; another for all that is drawn."""
    if getattr(config.option, "randomly_seed", None) == "default":
        config.option.randomly_seed = int(fresh or SEED)
    if fresh:
        config.option.hypothesis_seed = fresh


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The seed, quiet or not."""
    order = getattr(config.option, "randomly_seed", None)
    drawn = f"drawn by PAR_SEED={fresh}" if fresh else "the same for everybody"
    shuffled = "as they stand" if order is None else f"by --randomly-seed={order}"
    terminalreporter.write_line(f"random cases: {drawn}; order of the tests: {shuffled}")
