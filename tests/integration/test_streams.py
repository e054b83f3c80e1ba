"""Standard output and error that are closed, full, or gone: one sentence, no traceback, and files are written all the same."""

import json
import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import program
import pytest

ROOT = Path(__file__).parents[2]
PAR = f"{sys.executable} -c 'from par_engine.cli.main import run; run()'"
TOWN = "examples/example-town.json -m example-town"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")


def shell(line: str, lang: str = "vi") -> tuple[int, str, str]:
    env = {**os.environ, "PAR_LANG": lang, "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        ["sh", "-c", line.replace("par ", f"{PAR} ", 1)], capture_output=True, env=env, cwd=ROOT, check=False
    )
    assert "Traceback" not in done.stderr.decode(), done.stderr.decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def within(line: str) -> tuple[int, str, str]:
    """The same within this process, for what asks nothing of its streams."""
    done = program.ended(*shlex.split(line))
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A full device of our own, where the system lets us make one."""
    path = tmp_path / "full"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        with path.open("wb"):
            pass
    except OSError:
        pytest.skip("devices cannot be made here")
    return path


@pytest.mark.parametrize(
    "words",
    [
        "list",
        "list --json",
        "show example-town",
        f"score {TOWN} -q --format csv",
        f"explain {TOWN} -u ashford",
        "--help",
    ],
)
def test_no_standard_output_is_one_sentence(words: str) -> None:
    assert shell(f"par {words} >&-") == (1, "", "✗ stdout: không có đầu ra chuẩn để in kết quả\n")


def test_the_same_in_english() -> None:
    assert shell("par list --fast >&-", "en") == (1, "", "✗ stdout: there is no standard output to print to\n")


def test_files_are_written_without_standard_output(tmp_path: Path) -> None:
    whole = tmp_path / "whole.json"
    assert shell(f"par score {TOWN} -q -o {whole}")[0] == 0
    for closed in (">&-", "<&- >&-", "<&- >&- 2>&-"):
        out = tmp_path / "out.json"
        assert shell(f"par score {TOWN} -o {out} {closed}")[0] == 0
        assert out.read_bytes() == whole.read_bytes()
        page = tmp_path / "page.html"
        assert shell(f"par page {TOWN} -o {page} {closed}")[0] == 0
        assert page.read_bytes().startswith(b"<!doctype html>")


def test_problems_are_said_without_standard_output() -> None:
    code, _, err = shell("par show nowhere >&-")
    assert code == 1 and err.startswith("✗ par: không có bộ tiêu chí")


def test_no_stream_at_all() -> None:
    assert shell("par list --fast <&- >&- 2>&-") == (1, "", "")


@pytest.mark.parametrize("words", ["list", "list --json", f"score {TOWN} -q --format json", "--help", "score --help"])
def test_a_full_device_is_one_sentence(full: Path, words: str) -> None:
    assert shell(f"par {words} >{full}") == (1, "", "✗ stdout: không in được kết quả (hết chỗ trên đĩa)\n")


def test_a_full_device_of_messages_changes_nothing(full: Path) -> None:
    code, out, _ = shell(f"par score {TOWN} --format csv 2>{full}")
    assert code == 0 and out.startswith("\ufeffrank,unit")
    assert shell(f"par show nowhere 2>{full}") == (1, "", "")


def test_a_reader_that_has_gone_is_no_fault() -> None:
    code, out, err = shell("par list --json | head -c 1")
    assert (code, out, err) == (0, "[", "")


def test_a_command_writes_into_a_device_and_leaves_it_there(full: Path, tmp_path: Path) -> None:
    code, out, err = shell(f"par score {TOWN} -q --format json -o {full}")
    assert (code, out) == (1, "")
    assert err == f"✗ {full}: không ghi được (hết chỗ trên đĩa) — kiểm tra thư mục và chỗ trống trên đĩa\n1 vấn đề\n"
    assert stat.S_ISCHR(full.stat().st_mode) and [path.name for path in tmp_path.iterdir()] == ["full"]


def test_the_file_of_a_round_is_pointed_to_the_rounds_own_command(tmp_path: Path) -> None:
    file = tmp_path / "ky.db"
    assert within(f"round init {file} -m example-town --by A")[0] == 0
    for words in ("score", "validate", "explain -u ashford"):
        command, _, rest = words.partition(" ")
        code, out, err = within(f"{command} {file} -m example-town {rest}")
        assert (code, out) == (1, "")
        assert err == (
            f"✗ ky.db: đây là tệp của kỳ đánh giá, không phải số liệu — dùng par round score {file}; "
            "page, report, book đọc thẳng tệp này\n1 vấn đề\n"
        )


def test_cases_of_a_file_and_of_one_methodology_in_a_folder(tmp_path: Path) -> None:
    one = {"name": "n", "item": "1.1", "facts": {"1.1.plan": "late"}, "expect": {"points": "0.5"}, "confirmed": True}
    for name, id in (("a.json", "example-town"), ("b.json", "another")):
        text = json.dumps({"$schema": "case-1.json", "methodology": id, "cases": [one]})
        (tmp_path / name).write_text(text, encoding="utf-8")
    whole = within(f"cases example-town {tmp_path / 'a.json'}")
    assert whole[0] == 0 and whole[1].endswith("1/68 chỗ đã có trường hợp kiểm thử, 1 đã được xác nhận\n")
    code, out, err = within(f"cases example-town {tmp_path}")
    assert (code, out) == whole[:2] and err == "Bỏ qua trường hợp của bộ tiêu chí khác — another: 1.\n"
    code, _, err = within(f"cases example-town {tmp_path / 'b.json'}")
    assert code == 1 and "b.json: không có trường hợp nào của example-town — chỉ có của another\n" in err
    code, _, err = within(f"cases example-town {tmp_path / 'none'}")
    assert code == 1 and "none: không có tệp kiểm thử nào — chỉ ra một tệp, hoặc thư mục có tệp *.json\n" in err
    code, out, _ = shell(f"par test {tmp_path / 'a.json'}")
    assert code == 0 and "1 passed" in out
