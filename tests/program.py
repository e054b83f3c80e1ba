"""`par` with its words: what it says and how it ends, within the test's own process or in one of its own."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from par_engine.cli import main

ROOT = Path(__file__).parents[1]
PAR = str(Path(sys.executable).parent / "par")


def run(*words: object, lang: str = "vi", code: int = 0) -> tuple[str, str]:
    """Both streams of `par` within this process, which spares its start."""
    return said(ended(*words, lang=lang), code)


def process(*words: object, lang: str = "vi", code: int = 0) -> tuple[str, str]:
    """Both streams of `par` as it is installed, in a process of its own: its start, another order of hashes."""
    return said(started([PAR, *words], lang), code)


def without(module: str, *words: object, lang: str = "vi", code: int = 0) -> tuple[str, str]:
    """Both streams of `par` in a process where a module cannot be imported."""
    start = f"import sys; sys.modules[{module!r}] = None; from par_engine.cli.main import run; run()"
    return said(started([sys.executable, "-c", start, *words], lang), code)


def started(program: list[object], lang: str) -> subprocess.CompletedProcess[str]:
    """A program that has ended; a warning is an error in it."""
    env = {**os.environ, **setting(lang), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [str(word) for word in program], capture_output=True, env=env, cwd=ROOT, check=False, encoding="utf-8"
    )


def setting(lang: str) -> dict[str, str]:
    """The same language and width for everyone."""
    return {"PAR_LANG": lang, "COLUMNS": "80"}


def said(done: subprocess.CompletedProcess[str], code: int) -> tuple[str, str]:
    """Both streams of a program that ended with the code and without a traceback."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def ended(
    *words: object, lang: str = "vi", data: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """`par` within this process, with standard input: an exception that a user would see as a traceback fails the test."""
    arguments, held = [str(word) for word in words], gc.get_threshold()
    given, out, err = (io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") for content in (data, b"", b""))
    with (
        mock.patch.dict(os.environ, setting(lang)),
        mock.patch("sys.stdin", given),
        contextlib.chdir(cwd or ROOT),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            with pytest.raises(SystemExit) as end:
                main.run(arguments)
        finally:
            gc.set_threshold(*held)
            gc.unfreeze()  # `par` ends its process, this one goes on
    code = end.value.code or 0
    assert isinstance(code, int), code
    return subprocess.CompletedProcess(arguments, code, text(out), text(err))


def text(stream: io.TextIOWrapper) -> str:
    """What has been written, with the ends of lines that a pipe read as text gives."""
    stream.flush()
    stream.seek(0)
    return io.TextIOWrapper(stream.buffer, encoding="utf-8").read()
