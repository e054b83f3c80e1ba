"""Every output of every command onto places that are no new file, and every command without standard output."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from artefacts import GROUPS, PROVINCE, TOWN
from seeds import ROOT, Seeds, ended

HOME = f"{ROOT}/examples/dien-bien-2021"
_A = f"{ROOT}/{TOWN} -m example-town"
_B = f"{ROOT}/{PROVINCE} -m 2021-province"
_SIZES = " ".join(f"--size {group}=1" for group in GROUPS)
OUTPUTS = tuple(  # `>` is the place; @ the folder of lists, ballots and a round
    line.strip()
    for line in f"""
    template example-town -o >.xlsx
    template example-town --from {ROOT}/{TOWN} -u Ashford -o >.xlsx
    score {_A} -o >.json
    score {_A} -o >.csv
    improve {_B} --effort-form >.xlsx
    plan 2021-province --today 2021-10-15 -o >.ics
    plan 2021-province --today 2021-10-15 -o >.xlsx
    assign 2021-province --unit Điện|Biên -o >.xlsx
    split {HOME}/agencies.json -o >
    merge {HOME}/agencies.json {HOME}/agencies -o >.json
    merge {HOME}/agencies.json {HOME}/agencies -o >.xlsx
    merge {HOME}/agencies.json {HOME}/agencies -o out.json --detail >.xlsx
    scorecard {HOME}/agencies.json {HOME}/agencies -o >
    page {_A} -o >.html
    report {_A} -u Ashford -o >.docx
    report {_A} -u Ashford -o out.docx --save-template >.docx
    report {_B} -o out.docx --save-details-form >.xlsx
    report {_A} -u Ashford -o >.docx --pdf
    book {_A} -o >.xlsx
    book {_A} -o >.pdf
    export example-town -o >.xlsx
    export example-town -o >.docx
    import @annex.xlsx -m new-one --from example-town -o >
    cases example-town --suggest -o >.json
    new 2099 -o >
    docs example-town -o >
    lineage -o >.csv
    round init >.db -m example-town --by An --why x
    round form @given/round.db -o >.xlsx
    round form @given/round.db --explain -o >.xlsx
    round plan @given/round.db -o >.ics
    round score @given/round.db --format json -o >.json
    round report @given/round.db --all -o >.xlsx
    round export @given/round.db -o >.zip
    survey tally @given/ballots.csv -m 2021-province -o >.json
    survey tally @given/ballots.csv -m 2021-province -o >.json --into {ROOT}/{PROVINCE}
    survey form -m 2021-province -o >.xlsx
    survey form -m 2021-province -o >.docx
    survey template -m 2021-province -o >.xlsx
    survey tokens --count 5 -o >
    survey report @given/ballots.csv -m 2021-province -o >
    respondents template -m 2021-province -o >.xlsx
    respondents export @given/list.csv -m 2021-province --today 2021-10-15 -o >
    respondents draw @given/list.csv -m 2021-province --seed 7 -o >.xlsx {_SIZES}
    respondents draw @given/list.csv -m 2021-province --seed 7 -o out.xlsx --replacements >.xlsx {_SIZES}
    """.strip().splitlines()
)
PLACES = (
    *("null", "full", "fifo", "link", "dangling", "link-to-null", "loop", "folder", "locked", "nowhere", "under-file"),
    *("small-disk", "closed", "full-out", "gone-out"),
)
PRINTS = tuple(
    line.strip()
    for line in f"""
    list
    list --json
    show example-town
    score {_A}
    score {_A} --format json
    score {_A} --format csv
    explain {_A} -u Ashford
    improve {_A} -u Ashford
    what-if {_A} -u Ashford --set 1.2.open=1
    validate {_A}
    schema report-1
    plan 2021-province --today 2021-10-15
    audit {ROOT}/examples/reports/example-town.json
    robust {_A}
    cases example-town
    check example-town
    diff example-town example-town
    compare {ROOT}/examples/reports/example-town.json {ROOT}/examples/reports/example-town.json
    lineage
    scorecard {HOME}/agencies.json {HOME}/agencies
    round verify @given/round.db
    round history @given/round.db
    round status @given/round.db
    round score @given/round.db
    round plan @given/round.db
    round report @given/round.db --all
    survey tally @given/ballots.csv -m 2021-province
    respondents check @given/list.csv -m 2021-province --today 2021-10-15
    import @annex.xlsx -m new-one --from example-town -o out --dry-run
    --help
    --version
    round --help
    """.strip().splitlines()
)


def onto(
    seeds: Seeds, draw: Random, folder: Path, alone: Callable[[Callable[[], object]], tuple[object, int]]
) -> dict[str, str]:
    """A command whose output is a device, a pipe, a link, a folder …: nothing is replaced, nothing is left half."""
    kind = draw.choice(PLACES)
    return one(
        seeds,
        kind,
        draw.choice((*OUTPUTS, *PRINTS) if kind.endswith("out") or kind == "closed" else OUTPUTS),
        folder,
        alone,
    )


def one(
    seeds: Seeds, kind: str, words: str, folder: Path, alone: Callable[[Callable[[], object]], tuple[object, int]]
) -> dict[str, str]:
    """One command and one kind of place."""
    given = f"{seeds.folder}/"
    if not (annex := seeds.folder / "annex.xlsx").exists():
        annex.write_bytes((seeds.folder / "example-town.annex.xlsx").read_bytes())
    said = {"words": f"{kind}: par {words}"}
    (folder / "at").mkdir()
    with _placed(kind, folder) as (at, unchanged):
        cells = [w.replace("@", given).replace("|", " ") for w in words.split()]
        cells = [
            w.replace(">", str(at if kind not in ("closed", "full-out", "gone-out") else folder / "at/out"))
            for w in cells
        ]
        if kind in ("closed", "full-out", "gone-out"):
            code, err, _ = _streamed(kind, cells, folder)
        else:
            got, status = alone(lambda: _inside(cells, folder, kind))
            if not isinstance(got, list):
                return said | {"traceback": f"{got} {status}"}
            code, _, err = got
        wrong = unchanged(code)
    said["code"] = str(code)
    if code not in (0, 1, 2) or "Traceback" in err or (code and not err.strip() and kind != "gone-out"):
        said["traceback"] = f"ended with {code}: {err[-900:]}"
    if wrong:
        said["wrong"] = f"{wrong}; {code} {err[-300:]}"
    return said


def _inside(words: list[str], folder: Path, kind: str) -> list[object]:
    os.chdir(folder)
    if kind == "locked" and hasattr(os, "setuid"):
        for path in (folder, folder.parent):
            path.chmod(0o755)
        os.setgid(65534)
        os.setuid(65534)
    return list(ended(words))


def _streamed(kind: str, words: list[str], folder: Path) -> tuple[int, str, str]:
    """A command in a shell, whose standard output is closed, full, or read by nobody."""
    program = [sys.executable, "-m", "par_engine", *words]
    how = {"closed": '"$@" >&-', "full-out": f'"$@" >{folder}/device', "gone-out": '"$@" | true; exit ${PIPESTATUS[0]}'}
    if kind == "full-out":
        _device(folder / "device", 7)
    done = subprocess.run(
        ["/bin/bash", "-c", how[kind], "sh", *program], cwd=folder, capture_output=True, check=False, timeout=120
    )
    return done.returncode, done.stderr.decode(errors="replace"), ""


def _device(path: Path, minor: int) -> None:
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
    path.chmod(0o666)


@contextlib.contextmanager
def _placed(kind: str, folder: Path) -> Iterator[tuple[Path, Callable[[object], str]]]:
    """A place of a kind in a folder, and what says afterwards what became of it; "" when that is right."""
    home, at = folder / "at", folder / "at" / "out"
    target = folder / "target"
    got: list[bytes] = []
    reader = None
    endings = ("", ".xlsx", ".json", ".csv", ".ics", ".docx", ".html", ".pdf", ".zip", ".db")
    each = [at.with_name(f"out{ending}") for ending in endings]
    for path in each:
        match kind:
            case "null":
                _device(path, 3)
            case "full":
                _device(path, 7)
            case "fifo":
                os.mkfifo(path)
            case "link":
                target.write_bytes(b"old")
                path.symlink_to(target)
            case "dangling":
                path.symlink_to(target)
            case "link-to-null":
                _device(target, 3) if not target.exists() else None
                path.symlink_to(target)
            case "loop":
                path.symlink_to(path)
            case "folder":
                path.mkdir()
                (path / "kept").write_bytes(b"kept")
            case "locked" | "nowhere" | "under-file" | _:
                pass
    if kind == "locked":
        home.chmod(0o555)
    if kind == "nowhere":
        at = folder / "at/no/where/out"
    if kind == "under-file":
        target.write_bytes(b"old")
        at = target / "out"
    mounted = False
    if kind == "small-disk":
        mounted = not subprocess.run(
            ["/bin/mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(home)], check=False, capture_output=True
        ).returncode
    if kind == "fifo":
        fds = [os.open(path, os.O_RDONLY | os.O_NONBLOCK) for path in each]
        reader = threading.Thread(target=_drain, args=(fds, got, stop := threading.Event()), daemon=True)
        reader.start()
    before = {path: path.lstat().st_mode for path in each if path.is_symlink() or path.exists()}

    def unchanged(code: object) -> str:
        for path, mode in before.items():
            if not (path.is_symlink() or path.exists()) or stat.S_IFMT(path.lstat().st_mode) != stat.S_IFMT(mode):
                return f"{path.name} is no longer what it was"
            if kind == "folder" and (path / "kept").read_bytes() != b"kept":
                return "what was in the folder has changed"
        left = [p.name for p in folder.rglob("*") if p.name.endswith(".part") or "tmp" in p.name]
        if left:
            return f"left {left}"
        if kind == "small-disk" and code and any(home.iterdir()):
            return f"left {[p.name for p in home.iterdir()]}"
        if kind == "under-file" and target.read_bytes() != b"old":
            return "the file in the way has changed"
        if kind == "link" and code and target.read_bytes() != b"old":
            return "what the link points to has changed"
        if kind == "full" and code == 0 and not any(home.glob("*/*")):
            return "it says that it wrote onto a full device"
        return ""

    try:
        yield at, unchanged
    finally:
        if reader is not None:
            stop.set()
            reader.join()
        if mounted:
            subprocess.run(["/bin/umount", str(home)], check=False, capture_output=True)
        home.chmod(0o755)


def _drain(fds: list[int], got: list[bytes], stop: threading.Event) -> None:
    while not stop.wait(0.01):
        for fd in fds:
            with contextlib.suppress(BlockingIOError):
                while data := os.read(fd, 2**16):
                    got.append(data)
    for fd in fds:
        os.close(fd)
