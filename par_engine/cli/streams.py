"""Where results and messages go: standard output and error as they are, closed, full, or gone."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from par_engine.i18n.catalogue import Lang, text


class _Nowhere(io.TextIOBase):
    """Standard output of a process that has none: what is written is lost, and known to be."""

    lost = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.lost = self.lost or bool(text)
        return len(text)

    @property
    def buffer(self) -> io.BufferedIOBase:
        return _Bytes(self)


class _Bytes(io.BytesIO):
    def __init__(self, stream: _Nowhere) -> None:
        super().__init__()
        self._stream = stream

    def write(self, data: Any) -> int:
        self._stream.lost = self._stream.lost or bool(data)
        return len(data)


_UNKNOWN = "cannot be written"
_files = False
"""Whether the command writes files: then what it prints beside them may be lost."""


def in_utf8() -> None:
    """Begin the process again in UTF-8 where Python knows ASCII only: nothing Vietnamese would get through."""
    again = ["-X", "utf8"]
    if sys.getfilesystemencoding() == "ascii" and sys.executable and sys.orig_argv[1:3] != again:
        os.execv(sys.executable, [sys.executable, *again, *sys.orig_argv[1:]])  # noqa: S606


def prepare() -> None:
    """Make both streams ready; what is closed is replaced, so that no file gets its number."""
    global _files
    _files = False
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                try:
                    os.fstat(number)
                except OSError:
                    os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        sys.stdout = _Nowhere()
    if sys.stderr is None:
        sys.stderr = _Nowhere()
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., Any] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def written() -> None:
    """A command writes files."""
    global _files
    _files = True


def closed(code: int, lang: Lang) -> int:
    """The code with which the process ends, when what has been written so far has arrived or has not."""
    stream: Any = sys.stdout
    if isinstance(stream, _Nowhere):
        if not stream.lost or _files or code:
            return code
        _tell(text("cli.streams", "nowhere", lang))
        return 1
    try:
        stream.flush()
    except BrokenPipeError:
        forget(stream)
        return code or 1
    except OSError as error:
        forget(stream)
        tell(error.strerror or _UNKNOWN, lang)
        return 1
    return code


class LostError(Exception):
    """Standard output takes nothing more; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def printing(*, error: bool = False) -> Iterator[None]:
    """What cannot be printed: a LostError for a result; a message is lost, and the command goes on."""
    try:
        yield
    except OSError as fault:
        if error:
            forget(sys.stderr)
        elif isinstance(fault, BrokenPipeError):
            raise
        else:
            raise LostError(fault.strerror or _UNKNOWN) from fault


def tell(reason: str, lang: Lang) -> None:
    """Say why standard output takes nothing more."""
    from par_engine.i18n.foreign_messages import Foreign

    _tell(text("cli.streams", "not-printed", lang, reason=Foreign(reason)))


def _tell(text: str) -> None:
    with printing(error=True):
        sys.stderr.write(f"✗ stdout: {text}\n")
        sys.stderr.flush()


def forget(stream: Any) -> None:
    """Let go of what a stream has not taken, so that Python does not try again at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
