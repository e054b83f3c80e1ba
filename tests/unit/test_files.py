"""What is written: whole or not at all, over nothing but files, and as private as it was."""

import os
import re
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from par_engine.base.problems import DocumentError
from par_engine.files.atomic import apart, folder_whole, unused, write_all, write_into, write_together, written_whole

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="devices, pipes and modes of POSIX")


def write(path: Path, data: bytes = b"new", *, private: bool = False) -> None:
    with written_whole(path, private=private) as temporary:
        temporary.write_bytes(data)


def device(path: Path, minor: int) -> Path:
    """A device of our own like /dev/null (3) or /dev/full (7), where the system lets us make one."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        with path.open("wb"):
            pass
    except OSError:
        pytest.skip("devices cannot be made here")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    null = device(tmp_path / "null", 3)
    write(null)
    assert stat.S_ISCHR(null.stat().st_mode) and names(tmp_path) == ["null"]


def test_a_link_to_a_device_stays_one(tmp_path: Path) -> None:
    null = device(tmp_path / "null", 3)
    (tmp_path / "out.json").symlink_to("null")
    write(tmp_path / "out.json")
    assert (tmp_path / "out.json").is_symlink() and stat.S_ISCHR(null.stat().st_mode)


def test_a_full_device_is_one_sentence(tmp_path: Path) -> None:
    full = device(tmp_path / "full", 7)
    with pytest.raises(DocumentError) as error:
        write(full)
    (problem,) = error.value.problems
    assert problem.text("vi") == f"{full}: không ghi được (hết chỗ trên đĩa) — kiểm tra thư mục và chỗ trống trên đĩa"
    assert stat.S_ISCHR(full.stat().st_mode)


def test_a_named_pipe_gets_the_bytes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"x" * 200_000)
    reader.join()
    assert got == [b"x" * 200_000] and stat.S_ISFIFO(pipe.stat().st_mode) and names(tmp_path) == ["pipe"]


def test_nothing_goes_into_a_pipe_when_the_block_fails(tmp_path: Path) -> None:
    null = device(tmp_path / "null", 3)
    with pytest.raises(KeyError), written_whole(null) as temporary:
        temporary.write_bytes(b"half")
        raise KeyError
    assert names(tmp_path) == ["null"]


@pytest.mark.parametrize("name", ["/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"])
def test_standard_output_goes_on_where_it_is(tmp_path: Path, name: str) -> None:
    if not Path(name).exists():
        pytest.skip("no such name here")
    code = (
        "import sys; from pathlib import Path; from par_engine.files.atomic import written_whole\n"
        "print('before')\n"
        f"with written_whole(Path({name!r})) as t: t.write_bytes(b'whole\\n')\n"
        "print('after')"
    )
    out = tmp_path / "out.txt"
    with out.open("wb") as file:
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True)
    assert out.read_text() == "before\nwhole\nafter\n"
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert piped.stdout == b"before\nwhole\nafter\n"


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/real")
    (tmp_path / "again").symlink_to("link")
    write(tmp_path / "again")
    assert (tmp_path / "again").is_symlink() and (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "real").read_bytes() == b"new" and names(tmp_path / "there") == ["real"]


def test_a_link_to_nothing_yet_makes_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("later")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "later").read_bytes() == b"new"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(DocumentError, match="Too many levels of symbolic links"):
        write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()


def test_what_is_read_and_written_is_compared_behind_links_that_never_end(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    apart([tmp_path / "link"], [tmp_path / "in", tmp_path / "link" / "more"])
    with pytest.raises(DocumentError, match="this would write over what is read or written"):
        apart([tmp_path / "link"], [tmp_path / "link"])


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_together(tmp_path / "link", {"a": b"1"})
    assert (tmp_path / "link").is_symlink() and names(tmp_path / "real") == ["a"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_an_older_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(mode)
    if not os.access(path, os.W_OK):
        with pytest.raises(DocumentError, match="Permission denied"):
            write(path)
        return
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode and path.read_bytes() == b"new"


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    write(tmp_path / "a")
    (tmp_path / "b").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_what_is_private_is_nobody_elses(tmp_path: Path) -> None:
    write(tmp_path / "a", private=True)
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "b").chmod(0o644)
    write(tmp_path / "b", private=True)
    write_together(tmp_path / "c", {"x": b"1", "y": b"2"}, private=["x"])
    paths = [tmp_path / name for name in ("a", "b", "c/x")]
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600] * 3


def test_what_a_killed_run_left_is_taken_away_and_what_is_at_work_stays(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from par_engine.files.atomic import {0}\n"
        "with {0}(Path({1!r})) as t: print(t, flush=True); time.sleep(600)"
    )
    for writer, again, name in (
        ("written_whole", lambda: write(tmp_path / "a"), "a"),
        ("folder_whole", lambda: write_together(tmp_path / "b", {"x": b"1"}), "b"),
    ):
        words = [sys.executable, "-c", code.format(writer, str(tmp_path / name))]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            left = Path(running.stdout.readline().strip())
            again()
            assert left.exists()  # somebody is at it
            running.send_signal(signal.SIGKILL)
            running.wait()
        assert left.exists()
        if name == "b":
            (tmp_path / "b" / "x").unlink()
        again()
        assert not left.exists()
    assert names(tmp_path) == ["a", "b"]


def test_what_only_looks_alike_stays(tmp_path: Path) -> None:
    alike = [".a.part", ".a.0123456789abcdef.parts", ".ab.0123456789abcdef.part", ".a.0123456789abcdeg.part"]
    for name in alike:
        (tmp_path / name).touch()
    write(tmp_path / "a")
    assert names(tmp_path) == sorted([*alike, "a"])


def test_folders_that_were_made_for_nothing_go_again(tmp_path: Path) -> None:
    (tmp_path / "there" / "x").mkdir(parents=True)
    with pytest.raises(DocumentError, match="a folder of this name"):
        write_into(tmp_path / "there", {tmp_path / "there" / "a": b"1", tmp_path / "there" / "x": b"2"})
    assert names(tmp_path / "there") == ["x"]
    with pytest.raises(DocumentError):
        write_into(tmp_path / "new" / "deep", {tmp_path / "new" / "deep" / ("n" * 300): b"1"})
    with pytest.raises(KeyError), folder_whole(tmp_path / "further" / "deep"):
        raise KeyError
    assert names(tmp_path) == ["there"]


def test_a_device_is_not_a_file_that_somebody_filled_in(tmp_path: Path) -> None:
    unused(device(tmp_path / "null", 3))


def test_nobody_writes_around_this_module() -> None:
    home = Path(__file__).parents[2] / "par_engine"
    if not home.is_dir():
        pytest.skip("runs from the source")
    writes = re.compile(
        r"\.write_(?:bytes|text)\(|\bopen\([^)]*[\"'][wax]b?\+?[\"']|\.(?:replace|rename)\(\w+\)$|mkdir\("
    )
    # inside a folder or file that these made; the file of a round, which SQLite writes; work in folders of their own
    allowed = {
        "files/atomic.py", "authoring/plugin.py", "publish/office.py", "round/store.py", "round/recompute.py",
    }  # fmt: skip
    found = {}
    for path in sorted(home.rglob("*.py")):
        name = path.relative_to(home).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        if name not in allowed:
            found[name] = [
                line for before, line in zip(["", *lines], lines, strict=False) if writes.search(line)
                and not re.search(r"temporary\.write_bytes|written_whole|super\(\)\.write_text", line)
            ]  # fmt: skip
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(DocumentError):
        write_all({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert names(tmp_path) == ["b"]
