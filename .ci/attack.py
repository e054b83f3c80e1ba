"""Attack the engine: inputs of every kind that are a little wrong, kills, full disks, flipped bits, an oracle.

`.ci/attack [MINUTES] [--seed N]`: each input runs in a process of its own, and what it must never do is counted: a
traceback, a problem without Vietnamese or English text, a control character in a message, more than ten seconds, half
an output. `--again KIND:N` repeats one input and keeps it; `--memory` measures large inputs.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

sys.path += [str(Path(__file__).parents[1] / name) for name in (".ci", "tests", "tests/unit")]

import artefacts
import places
import rounds
import tables
import test_differential
import test_round_safety
from seeds import ROOT, TOWN, Seeds, ended

from par_engine.base import problems
from par_engine.round import verify as verifying

SECONDS = 10
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLUMNS = ("inputs", "accepted", "refused", "traceback", "unsaid", "control", "slow", "half", "wrong")


def alone(work: Callable[[], Any], kill_after: float | None = None) -> tuple[Any, int]:
    """What a piece of work gives in a process of its own, with its time limited; None when killed, and by what."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
            resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
            said = work()
        except BaseException:  # noqa: BLE001  (whatever it is, it is what was looked for)
            said = {"traceback": traceback.format_exc()}
        with os.fdopen(writing, "w", encoding="utf-8", errors="backslashreplace") as pipe:
            json.dump(said, pipe)
        os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8", errors="backslashreplace") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    try:
        return json.loads(said), status
    except ValueError:
        return None, status


def command(words: list[str], folder: Path) -> dict[str, str]:
    """One command in a folder, and what of it must not be."""
    os.chdir(folder)
    found = {"words": "par " + " ".join(words)}
    problems: list[problems.Problem] = []
    first = problems.ParError.__init__

    def noted(self: problems.ParError, given: Any) -> None:
        given = list(given)
        problems.extend(given)
        first(self, given)

    problems.ParError.__init__ = noted  # type: ignore[method-assign]
    before = set(folder.rglob("*"))
    code, out, err = ended(words)
    found |= {"code": str(code), "said": (err or out)[:1000]}
    if code not in (0, 1, 2) or "Traceback" in err or (code and not (out + err).strip()):
        found["traceback"] = f"ended with {code}: {err[-600:]}"
    for p in problems:
        texts = (p.what, p.what_vi, *((p.hint, p.hint_vi or problems.did_you_mean_vi(p.hint)) if p.hint else ()))
        if not all(text.strip() for text in texts):
            found["unsaid"] = repr(p)
        if any(_CONTROL.search(text) for text in (p.text("vi"), p.text("en"), *p.as_dict().values())):
            found["control"] = repr(p)
    if _CONTROL.search(err) or ("json" not in words and "csv" not in " ".join(words) and _CONTROL.search(out)):
        found["control"] = repr(_CONTROL.search(err + out)) + err[-300:]
    made = sorted(set(folder.rglob("*")) - before)
    wrong = [
        str(p)
        for p in made
        if (not p.relative_to(folder).parts[0].startswith("out") and ".db-" not in p.name) or not whole(p)
    ]
    if wrong or len(list(folder.parent.iterdir())) != 1:
        found["half"] = f"{wrong} beside {[p.name for p in folder.parent.iterdir()]}"
    return found


def whole(path: Path) -> bool:
    """Whether what was written can be read to its end."""
    if path.is_dir():
        return any(path.iterdir())
    try:
        data = path.read_bytes()
        if path.suffix in (".xlsx", ".docx", ".zip"):
            return zipfile.ZipFile(path).testzip() is None
        if path.suffix == ".json":
            json.loads(data)
        return path.suffix != ".part" and (path.suffix != ".html" or data.rstrip().endswith(b"</html>"))
    except (ValueError, OSError, zipfile.BadZipFile):
        return False


def mutated(seeds: Seeds, kind: str, draw: Random, folder: Path) -> dict[str, str]:
    (folder / "in").mkdir()
    said, status = alone(lambda: command(seeds.draw(kind, draw, folder / "in"), folder / "in"))
    if said is None:
        said = (
            {"slow": f"killed by {signal.Signals(os.WTERMSIG(status)).name}"}
            if os.WIFSIGNALED(status)
            else {"traceback": f"ended {status}"}
        )
    return said


def oracle(draw: Random) -> dict[str, str]:
    """Ten random methodologies with evidence, against the oracle."""
    import strategies  # type: ignore[import-not-found]
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis import strategies as st

    @seed(draw.getrandbits(32))
    @settings(
        max_examples=10,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        doc = data.draw(strategies.methodologies())
        evidence = data.draw(strategies.evidence(doc, data.draw(st.integers(1, 4))))
        assert test_differential.differences(doc, evidence) == [], json.dumps([doc, evidence])

    try:
        agree()
    except AssertionError as error:
        return {"wrong": str(error)[:4000]}
    return {"code": "0"}


WRITERS = (
    *(
        f"score {ROOT}/{artefacts.PROVINCE} -m 2021-province -o out.json",
        f"page {ROOT}/{artefacts.TOWN} {TOWN} -o out.html",
    ),
    *(
        f"book {ROOT}/{artefacts.TOWN} {TOWN} -o out.xlsx",
        f"template example-town --from {ROOT}/{artefacts.TOWN} -u Ashford -o out.xlsx",
    ),
    *("import annex.xlsx -m new-one --from example-town -o out", "docs example-town -o out"),
)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file, and the folders by an empty name."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in sorted(folder.rglob("*"))}


def writer(seeds: Seeds, draw: Random, folder: Path, *, full: bool) -> dict[str, str]:
    """A writer that is killed, or whose disk is full: what was there or all that is new, nothing left by the next."""
    words = draw.choice(WRITERS).split()
    shutil.copy(seeds.folder / "example-town.annex.xlsx", folder / "annex.xlsx")
    there = words[0] not in ("import", "docs", "template") and draw.random() < 0.5
    if there:
        (folder / words[-1]).write_bytes(b"old")
    before = tree(folder)

    def run(limit: int | None = None) -> list[Any]:
        os.chdir(folder)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return list(ended(words))

    begun = time.monotonic()
    said, _ = alone(run)
    took, new = time.monotonic() - begun, tree(folder)
    found = {"code": "0", "words": "par " + " ".join(words)}
    if not isinstance(said, list) or said[0] or new == before:
        return {**found, "wrong": f"cannot be written at all: {said}"}
    _clean(folder, before)
    if full:
        sizes = [len(data) for name, data in new.items() if name.startswith("out")]
        said, _ = alone(lambda: run(draw.randrange(max(sizes))))
        if not isinstance(said, list) or said[0] != 1 or "Traceback" in said[2] or not said[2].strip():
            return {**found, "traceback": str(said)}
        if tree(folder) != before:
            return {**found, "half": f"left {sorted(set(tree(folder)) ^ set(before))}"}
        return {**found, "code": "1"}
    alone(run, took * draw.random())
    seen = {name: data for name, data in tree(folder).items() if ".part" not in name and data}
    if any(seen[name] not in (before.get(name), new.get(name)) for name in seen):
        return {**found, "half": f"half of {[n for n in seen if seen[n] not in (before.get(n), new.get(n))]}"}
    if not (folder / "out").is_dir():  # what is there as a whole is not written again
        alone(run)
    if tree(folder) != new and not (words[-1] == "out" and set(seen) <= set(new)):
        return {**found, "half": f"after the next run {sorted(set(tree(folder)) ^ set(new))}"}
    return found


def _clean(folder: Path, before: dict[str, bytes]) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, data in before.items():
        (folder / name).write_bytes(data)


def submitter(_: Seeds, draw: Random, folder: Path, *, full: bool) -> dict[str, str]:
    """Somebody who hands in until killed, or until the disk is full: nothing confirmed is lost, the round is whole."""
    round_, said = rounds.opened(folder), folder / "confirmed"
    paper = rounds.write(folder, "paper.txt", "paper\n" * 5000)
    evidence = rounds.write(folder, "e.json", rounds.evidence("alpha"))
    descriptor = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def submit() -> str:
        if full:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        for i in range(200):
            entry = round_.submit(evidence, "An", f"why {i}", [paper])
            os.write(descriptor, f"{entry.hash}\n".encode())
        return "done"

    limit = draw.randrange(20_000, 200_000)
    ended_by, _status = alone(submit, None if full else 0.01 + draw.random() * 0.3)
    os.close(descriptor)
    verdict = verifying.verify(round_.path)
    lost = set(said.read_text().split()) - {entry.hash for entry in verdict.entries}
    if lost or rounds.errors(verdict):
        return {"wrong": f"lost {lost}; {rounds.errors(verdict)}"}
    if full and isinstance(ended_by, dict) and "par_engine.base.problems." not in ended_by["traceback"]:
        return {"traceback": ended_by["traceback"]}
    again = round_.submit(evidence, "An", "after all", [])
    good = verifying.verify(round_.path).entries[-1].hash == again.hash
    left = sorted(p.name for p in folder.iterdir() if p.name not in ("round.db", "confirmed", "paper.txt", "e.json"))
    return {"code": "1" if full else "0"} if good and not left else {"half": f"left {left}"}


def flips(seeds: Seeds, draw: Random, folder: Path) -> dict[str, str]:
    """Flipped bits of a round and a bundle: each is found, or nothing that is stored has changed."""
    path, bundle = rounds.whole(folder).path, seeds.kinds["bundle"][0][1]
    good, before, parts = path.read_bytes(), test_round_safety.content(path), _parts(bundle)
    missed = []
    for _ in range(10):
        for data, name in ((good, "round.db"), (bundle, "in.zip")):
            changed = bytearray(data)
            at, bit = draw.randrange(len(data)), draw.randrange(8)
            changed[at] ^= 1 << bit
            (folder / name).write_bytes(changed)
            if name == "round.db":
                same = bool(rounds.errors(verifying.verify(path))) or test_round_safety.content(path) == before
            else:
                same = ended(["round", "recompute", str(folder / name)])[0] != 0 or _parts(bytes(changed)) == parts
            missed += [] if same else [f"bit {bit} of byte {at} of {name}"]
            for more in folder.glob("round.db-*"):
                more.unlink()
    return {"wrong": "; ".join(missed)} if missed else {"code": "0"}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def attack(seeds: Seeds, kind: str, draw: Random, folder: Path) -> dict[str, str]:
    """One input of a kind."""
    if kind in seeds.kinds:
        return mutated(seeds, kind, draw, folder)
    work: dict[str, Callable[[], dict[str, str]]] = {
        "oracle": lambda: alone(lambda: oracle(draw))[0],
        "frames": lambda: alone(lambda: tables.frames(draw))[0],
        "copied": lambda: alone(lambda: tables.copied(draw))[0],
        "places": lambda: places.onto(seeds, draw, folder, alone),
        "flips": lambda: alone(lambda: flips(seeds, draw, folder))[0],
        "kill": lambda: writer(seeds, draw, folder, full=False),
        "full-disk": lambda: writer(seeds, draw, folder, full=True),
        "kill-submit": lambda: submitter(seeds, draw, folder, full=False),
        "full-submit": lambda: submitter(seeds, draw, folder, full=True),
    }
    return work[kind]() or {"slow": "killed"}


OTHERS = (
    *("frames", "frames", "frames", "copied", "places", "oracle", "oracle", "flips", "kill", "full-disk"),
    *("kill-submit", "full-submit"),
)


def main() -> None:
    """Attack for some minutes, print the counts, and end with 1 when anything was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("minutes", nargs="?", type=float, default=10)
    asked.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    asked.add_argument("--only", metavar="KIND", default="", help="kinds whose names begin so")
    asked.add_argument("--again", metavar="KIND:N", help="one input, which is kept")
    asked.add_argument("--memory", action="store_true", help="large inputs of every kind under a limit of memory")
    given = asked.parse_args()
    os.environ |= {"PAR_LANG": "vi", "COLUMNS": "80"}
    if given.memory:
        import memory

        sys.exit(memory.main(given.only))
    home = Path(tempfile.mkdtemp(prefix="attack-"))
    os.chdir(ROOT)
    for heavy in (
        "docx",
        "docxtpl",
        "hypothesis",
        "lxml.etree",
        "openpyxl",
        "pandas",
        "pyarrow.parquet",
        "typst",
        "xlsxwriter",
    ):
        importlib.import_module(heavy)  # each process would do it again
    seeds = Seeds(home / "seeds")
    if given.again:
        kind, _, number = given.again.rpartition(":")
        (home / "again").mkdir()
        said = attack(seeds, kind, Random(f"{given.seed}:{kind}:{number}"), home / "again")  # noqa: S311
        print(json.dumps(said, ensure_ascii=False, indent=1))
        print(home / "again")
        return
    kinds = [kind for kind in (*seeds.kinds, *OTHERS) if kind.startswith(given.only)]
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    first: dict[str, str] = {}
    print(f"seed {given.seed}", flush=True)
    end = time.monotonic() + given.minutes * 60
    while time.monotonic() < end:
        for kind in kinds:
            number = counts[kind]["inputs"]
            folder = home / "one"
            folder.mkdir()
            said = attack(seeds, kind, Random(f"{given.seed}:{kind}:{number}"), folder)  # noqa: S311
            counts[kind].update(["inputs", *(name for name in COLUMNS if name in said)])
            counts[kind].update([{"0": "accepted"}.get(said["code"], "refused")] if "code" in said else [])
            for name in set(COLUMNS) & set(said):
                how = f".ci/attack --seed {given.seed} --again {kind}:{number}"
                if first.setdefault(f"{name} of {kind}", how) is how:
                    print(f"{name}: {said.get('words', '')}\n  {said[name][-1500:]}\n  again: {how}", flush=True)
            shutil.rmtree(folder)
    print(f"{'':16}" + "".join(f"{name:>10}" for name in COLUMNS))
    total: Counter[str] = Counter()
    for kind, count in counts.items():
        total.update(count)
        print(f"{kind:16}" + "".join(f"{count[name]:10}" for name in COLUMNS))
    print(f"{'':16}" + "".join(f"{total[name]:10}" for name in COLUMNS))
    shutil.rmtree(home)
    for what, how in first.items():
        print(f"{what}: {how}")
    sys.exit(bool(first))


if __name__ == "__main__":
    main()
