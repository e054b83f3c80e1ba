"""Files as they are written: whole or not at all, and never over what is read or was filled in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from par_engine.documents import fail
from par_engine.translated import said_vi


def _unwritable(path: Path, error: OSError) -> NoReturn:
    reason = error.strerror or "cannot be written"
    hint, hint_vi = "check the folder and the space on the disk", "kiểm tra thư mục và chỗ trống trên đĩa"
    fail(path.name, "unwritable", reason, hint, f"không ghi được ({said_vi(reason)})", hint_vi)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place when the block succeeds, and vanishes when it fails."""
    try:
        # not tempfile: the file must get the mode that any new file gets
        temporary = path.parent / f".{path.name[:100]}.{os.urandom(8).hex()}.part"
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        _unwritable(path, error)
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        _unwritable(path, error)
    finally:
        temporary.unlink(missing_ok=True)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files, or none: each is on the disk under another name before the first takes its place."""
    with ExitStack() as stack:
        for path, data in files.items():
            if path.is_dir():
                what, what_vi = "a folder of this name is in the way", "đã có thư mục trùng tên"
                fail(path.name, "unwritable", what, "move it away", what_vi, "hãy dời thư mục ấy đi")
            stack.enter_context(written_whole(path)).write_bytes(data)


def apart(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse to write over what is being read, into a folder that is read as a whole, or two things to one place."""
    read = {path.resolve() for path in inputs}
    written: set[Path] = set()
    for output in outputs:
        place = output.resolve()
        if place in read or place in written or place.parent in read:
            what, vi = "this would write over what is read or written", "tệp này sẽ ghi đè lên số liệu đầu vào"
            fail(output.name, "over-input", what, "choose another place", vi, "hãy chọn chỗ khác")
        written.add(place)


def unused(path: Path) -> None:
    """Refuse a file that is there already: people may have filled it in."""
    if path.exists():
        what, vi = "there is such a file already", "đã có tệp này"
        fail(
            path.name, "file-exists", what, "choose another name", vi, "hãy đặt tên khác, để không mất số liệu đã điền"
        )


def check_new(folder: Path) -> None:
    """Refuse a folder that has something in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what, vi = "the folder is there already and not empty", "thư mục đã có và không rỗng"
        fail(folder.name, "folder-exists", what, "name a new folder", vi, "hãy chọn thư mục mới")


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """All the files as a new folder, or none: they are written beside it, and the folder gets its name at the end."""
    import shutil  # two milliseconds that only folders need

    check_new(folder)
    beside = folder.resolve().parent / f".{folder.name[:80]}.{os.urandom(8).hex()}.part"
    try:
        beside.mkdir()
        mode = beside.stat().st_mode
        beside.chmod(0o700)  # people's names may stand in it, also when nobody is left to take it away
        for name, data in files.items():
            (beside / name).write_bytes(data)
        if folder.exists():
            folder.rmdir()
        beside.chmod(mode)
        beside.replace(folder)
    except OSError as error:
        reason = error.strerror or "cannot be written"
        vi, hint_vi = f"không ghi được ({said_vi(reason)})", "kiểm tra đường dẫn"
        fail(folder.name, "unwritable", reason, "check the path", vi, hint_vi)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
