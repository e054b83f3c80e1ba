"""A sign of life on a terminal while something takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from par_engine.cli.output import console
from par_engine.i18n.catalogue import Lang, text

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds after which people begin to wonder."""


class Doing(Protocol):
    """Says which stage begins: `doing("reading", "evidence.json")`."""

    def __call__(self, stage: str, name: str = "") -> None: ...


@contextmanager
def busy(lang: Lang) -> Iterator[Doing]:
    """A bar on standard error that appears after a second and vanishes at the end; nothing where it is no terminal.

    The block must not print: the bar has the terminal to itself.
    """
    if not sys.stderr.isatty():
        yield lambda stage, name="": None
        return
    bar = _Bar(lang)
    timer = threading.Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.doing
    finally:
        timer.cancel()
        bar.stop()


class _Bar:
    """What the timer's thread and the working one share."""

    def __init__(self, lang: Lang) -> None:
        self._lang, self._text, self._over = lang, "", False
        self._progress: Progress | None = None
        self._lock = threading.Lock()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        with self._lock:
            if not self._over:
                self._progress = Progress(*columns, console=Console(file=sys.stderr), transient=True)
                self._progress.add_task(self._text, total=None)
                self._progress.start()

    def doing(self, stage: str, name: str = "") -> None:
        with self._lock:
            self._text = f"{text('cli.progress', stage, self._lang)} {name}".rstrip()
            if self._progress is not None:
                self._progress.update(self._progress.task_ids[0], description=self._text)

    def stop(self) -> None:
        with self._lock:
            self._over = True
            if self._progress is not None:
                self._progress.stop()


@contextmanager
def shares(label: str) -> Iterator[Callable[[float], None] | None]:
    """What is told a share from 0 to 1 and shows it as a bar; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda share: bar.update(task, completed=share)
