"""Files as they are written: whole or not at all, and never over what is read or was filled in."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from par_engine.base.problems import fail
from par_engine.i18n.foreign_messages import Foreign

if sys.platform == "win32":  # there, what a living process holds open cannot be taken away: nothing needs to be locked
    _LOCKS = False
else:
    import fcntl

    _LOCKS = True

_DESCRIPTOR = re.compile(r"/(?:dev/fd|proc/(?:self|[0-9]+)/fd)/([0-9]+)")


def _unwritable(path: Path, error: OSError) -> NoReturn:
    reason = error.strerror or "cannot be written"
    fail("unwritable.file", str(path), reason=Foreign(reason))


@contextmanager
def written_whole(path: Path, *, private: bool = False) -> Iterator[Path]:
    """A temporary file that takes the place of `path` when the block succeeds, and vanishes when it fails.

    A link stays one: what it points to is replaced. An older file keeps its mode and owner; `private` leaves no
    rights to others. Into a device, a pipe or standard output the bytes are written, and nothing takes its place.
    """
    try:
        place = _place(path)
    except OSError as error:
        _unwritable(path, error)
    except UnicodeEncodeError:  # a Python that knows ASCII only, or half a character
        fail("unwritable", str(path))
    if place is None:
        with _streamed(path) as temporary:
            yield temporary
        return
    try:
        older = place.stat() if place.is_file() else None
        if older is not None and not os.access(place, os.W_OK):
            raise PermissionError(0, "Permission denied")
        _sweep(place)
        temporary, held = _beside(place, 0o600 if private else 0o666)
    except OSError as error:
        _unwritable(path, error)
    try:
        yield temporary
        if older is not None:
            _as_before(temporary, older, private=private)
        temporary.replace(place)
    except OSError as error:
        _unwritable(path, error)
    finally:
        temporary.unlink(missing_ok=True)
        os.close(held)


def _place(path: Path) -> Path | None:
    """Where a file is to be replaced, behind all links; None for what is written into."""
    steps = path
    for _ in range(40):
        if _DESCRIPTOR.fullmatch(os.path.abspath(steps)):  # noqa: PTH100  (what it points to is not to be looked up)
            return None
        if not steps.is_symlink():
            break
        steps = Path(os.path.abspath(steps.parent / steps.readlink()))  # noqa: PTH100
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path)) if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else None


@contextmanager
def _streamed(path: Path) -> Iterator[Path]:
    """A temporary file, away from devices, whose bytes go into what is no regular file when the block succeeds."""
    import shutil  # two milliseconds that most files do not need
    import tempfile

    with tempfile.TemporaryDirectory(prefix="par-") as folder:
        temporary = Path(folder) / "whole"
        yield temporary
        try:
            sys.stdout.flush() if sys.stdout is not None else None
            with open(_opened(path), "wb") as out, temporary.open("rb") as whole:
                shutil.copyfileobj(whole, out)
        except OSError as error:
            _unwritable(path, error)


def _opened(path: Path) -> int:
    """A descriptor to write by; what a descriptor stands for already goes on where it is."""
    steps = path
    while not (found := _DESCRIPTOR.fullmatch(os.path.abspath(steps))) and steps.is_symlink():  # noqa: PTH100
        steps = Path(os.path.abspath(steps.parent / steps.readlink()))  # noqa: PTH100
    if found and ("/self/" in found[0] or f"/{os.getpid()}/" in found[0] or found[0].startswith("/dev/")):
        return os.dup(int(found[1]))
    return os.open(path, os.O_WRONLY)


def _beside(place: Path, mode: int) -> tuple[Path, int]:
    """A new hidden file beside a place, and the descriptor that says that somebody is at it."""
    while True:
        # not tempfile: the file must get the mode that any new file gets
        temporary = place.parent / f".{place.name[:100]}.{os.urandom(8).hex()}.part"
        held = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        if _locked(held) is None or temporary.exists():
            return temporary, held
        os.close(held)  # somebody tidied up between the two


def _as_before(temporary: Path, older: os.stat_result, *, private: bool) -> None:
    mine = temporary.stat()
    if hasattr(os, "chown") and (mine.st_uid, mine.st_gid) != (older.st_uid, older.st_gid):
        with suppress(OSError):  # only who may gives files away
            os.chown(temporary, older.st_uid, older.st_gid)
    mode = stat.S_IMODE(older.st_mode)
    temporary.chmod(mode & 0o700 if private else mode)


def _locked(descriptor: int) -> bool | None:
    """Lock what a descriptor stands for: True, or False when somebody is at it, or None when nobody knows."""
    if not _LOCKS:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # file systems without locks
        return None
    return True


def _sweep(place: Path) -> None:
    """Take away what earlier runs that were killed left beside a place; what somebody is at stays."""
    left = re.compile(rf"\.{re.escape(place.name[:100])}\.[0-9a-f]{{16}}\.part")
    with suppress(OSError):
        for entry in [e for e in os.scandir(place.parent) if left.fullmatch(e.name) and not e.is_symlink()]:
            with suppress(OSError):
                descriptor = os.open(entry.path, os.O_RDONLY)
                try:
                    if _locked(descriptor) is True:
                        if entry.is_dir():
                            import shutil

                            shutil.rmtree(entry.path, ignore_errors=True)
                        else:
                            Path(entry.path).unlink()
                finally:
                    os.close(descriptor)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files, or none: each is on the disk under another name before the first takes its place."""
    with ExitStack() as stack:
        for path, data in files.items():
            if path.is_dir():
                fail("unwritable.write-all", str(path))
            stack.enter_context(written_whole(path)).write_bytes(data)


def write_into(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write all files, or none; a folder that had to be made for them goes again when they cannot be written."""
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_all(files)
    except BaseException as error:
        for place in made:
            with suppress(OSError):
                place.rmdir()
        if isinstance(error, OSError):
            _unwritable(folder, error)
        raise


def apart(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse to write over what is being read, into a folder that is read as a whole, or two things to one place."""
    read = {Path(os.path.realpath(path)) for path in inputs}  # resolve() raises for a link to itself
    written: set[Path] = set()
    for output in outputs:
        place = Path(os.path.realpath(output))
        if output.exists() and not (output.is_file() or output.is_dir()):
            continue  # a device or a pipe takes what comes
        if place in read or place in written or place.parent in read:
            fail("over-input", str(output))
        written.add(place)


def unused(path: Path) -> None:
    """Refuse a file that is there already: people may have filled it in."""
    if path.is_file() or path.is_dir():
        fail("file-exists", str(path))


def check_new(folder: Path) -> None:
    """Refuse a folder that has something in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail("folder-exists", str(folder))


@contextmanager
def folder_whole(folder: Path) -> Iterator[Path]:
    """A hidden folder beside `folder` that gets its name when the block succeeds, and vanishes when it fails.

    Until then nobody else may look into it. The folders above it are made, and go again when it fails.
    """
    import shutil

    check_new(folder)
    place = Path(os.path.realpath(folder))
    made = [above for above in place.parents if not above.exists()]
    beside = place.parent / f".{place.name[:100]}.{os.urandom(8).hex()}.part"
    held = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        beside.mkdir()
        mode = beside.stat().st_mode
        beside.chmod(0o700)  # people's names may stand in it, also when nobody is left to take it away
        if _LOCKS:
            held = os.open(beside, os.O_RDONLY)
            _locked(held)
        yield beside
        if place.exists():
            place.rmdir()
        beside.chmod(mode)
        beside.replace(place)
        made = []
    except OSError as error:
        _unwritable(folder, error)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if held is not None:
            os.close(held)
        for above in made:
            with suppress(OSError):
                above.rmdir()


def write_together(folder: Path, files: Mapping[str, bytes], *, private: Iterable[str] = ()) -> None:
    """All the files as a new folder, or none; nobody else may read the private ones."""
    with folder_whole(folder) as beside:
        for name, data in files.items():
            (beside / name).write_bytes(data)
        for name in private:
            (beside / name).chmod(0o600)
