"""The main commands on large inputs, 64 MB of each kind or as much as its limits take, under a limit of address space.

`.ci/attack --memory`: each command runs in a process of its own with 3,000,000 KiB of address space (`ulimit -v`); its
largest resident set must stay under 1 GiB, and it must end by itself, with a result or with a sentence.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZE = 64 * 2**20
SPACE = 3_000_000 * 1024
MOST = 2**30
SECONDS = 300
PAR = [sys.executable, "-m", "par_engine"]


def _filled(head: str, line: Callable[[int], str], tail: str = "", size: int = SIZE) -> bytes:
    """A text of a size from lines that differ."""
    out = io.BytesIO()
    out.write(head.encode())
    n = 0
    while out.tell() < size - 2000:
        out.write("".join(line(i) for i in range(n, n + 10)).encode())
        n += 10
    return out.getvalue() + tail.encode()


def _replaced(data: bytes, part: str, before: bytes, more: bytes, kind: int = zipfile.ZIP_STORED) -> bytes:
    """A package with more in one part, before some bytes of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", kind) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert before in content, (name, before)
                content = content.replace(before, more + before, 1)
            target.writestr(name, content)
    return out.getvalue()


def _row(n: int, *cells: object) -> str:
    return f'<row r="{n}">' + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells) + "</row>"


def inputs(folder: Path) -> Iterator[tuple[str, bytes, list[str]]]:
    """Names and bytes of the inputs, and the commands that take each: `<` is the input, `>` what is written."""
    town = json.loads((ROOT / "examples/example-town.json").read_bytes())
    open_ = json.loads((ROOT / "examples/leed.json").read_bytes())  # its units are open
    facts = json.dumps(open_["units"][0]["facts"])
    head = json.dumps({**open_, "units": []})[:-3]
    read = ["score < -m leed-bdc-v4 -o >.json", "validate < -m leed-bdc-v4", "page < -m leed-bdc-v4 -o >.html"]
    units = lambda i: f'{"," if i else "["}{{"unit": "u{i}", "facts": {facts}}}'  # noqa: E731
    yield "evidence.json", _filled(head.rstrip("["), units, "]}"), read
    yield "evidence-wrong.json", _filled(head.rstrip("["), lambda i: units(i).replace("true", '"x"'), "]}"), read[:2]
    names = list(open_["units"][0]["facts"])
    cells = ",".join(str(open_["units"][0]["facts"][k]).lower() for k in names)
    table = _filled(f"# stage: review\nunit,{','.join(names)}\n", lambda i: f"u{i},{cells}\n")
    yield "wide.csv", table, read
    yield "long.csv", _filled("# stage: review\nunit,fact,value\n", lambda i: f"u{i // 9},f{i % 9},1\n"), read[:2]
    yield "quote.csv", _filled('unit,a\nx,"1\n', lambda i: f"u{i},1\n"), read[:2]
    import pandas as pd

    path = folder / "made.parquet"
    pd.read_csv(io.BytesIO(table), comment="#", dtype=str).to_parquet(path, compression=None)
    yield "wide.parquet", path.read_bytes(), [f"{words} --stage review" for words in (*read[:1], *read[2:])]
    book = made(folder, "template example-town --from examples/example-town.json -u Ashford -o", "book.xlsx")
    rows = _filled("", lambda i: _row(i + 5000, f"u{i}", "a", "1"), size=60 * 2**20).decode().encode()
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    yield "evidence.xlsx", _replaced(book, sheets[0], b"</sheetData>", rows), read[:1]
    annex = ["import < -m new-one --from example-town -o >"]
    line = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    yield "annex.docx", _replaced(
        made(folder, "export example-town -o", "annex.docx"), "word/document.xml", b"<w:sectPr",
        _filled("", lambda i: line.format(i), size=18 * 2**20),
    ), annex  # fmt: skip
    yield "annex.xlsx", _replaced(
        made(folder, "export example-town -o", "annex.xlsx"), "xl/worksheets/sheet1.xml", b"</sheetData>",
        _filled("", lambda i: _row(i + 5000, i, f"Tiêu chí {i}", 1, "x"), size=60 * 2**20),
    ), annex  # fmt: skip
    plain = made(
        folder,
        "report examples/example-town.json -m example-town -u Ashford --save-template",
        "t.docx",
        "-o",
        f"{folder}/r.docx",
    )
    for name, size in (("template.docx", 4), ("template-large.docx", 15)):
        more = _filled("", lambda i: line.format(f"chữ {i}"), size=size * 2**20)
        yield name, _replaced(plain, "word/document.xml", b"<w:sectPr", more), [
            "report examples/example-town.json -m example-town -u Ashford --template < -o >.docx"
        ]  # fmt: skip
    people = "Nhóm đối tượng,Họ và tên,Chức vụ,Cơ quan đơn vị,Điện thoại,Email\n"
    person = lambda i: f"deputies,Nguyễn Văn {i},Trưởng phòng,Cơ quan {i % 9},09{i:08},a{i}@example.vn\n"  # noqa: E731
    check = ["respondents check < -m 2021-province --today 2021-10-15"]
    yield "list.csv", _filled(people, person), check
    import par_engine as par
    from par_engine.survey.questions import Questions

    asked = [question.fact for question in Questions(par.load("2021-province")).all]
    draw = random.Random(1)  # noqa: S311
    answers = [",".join(draw.choice("ABCD") for _ in asked) for _ in range(50)]
    heads = f"Đơn vị,Nhóm đối tượng,Mã phiếu,{','.join(asked)}\n"
    tally = ["survey tally < -m 2021-province -o >.json"]
    yield "ballots.csv", _filled(heads, lambda i: f"Điện Biên,deputies,t{i},{answers[i % 50]}\n"), tally
    letters = _filled("", lambda i: _row(i + 2, "Điện Biên", "deputies", f"t{i}", *answers[i % 50].split(",")))
    empty = io.BytesIO()
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.active.append(heads.strip().split(","))  # type: ignore[union-attr]
    workbook.save(empty)
    yield "ballots.xlsx", _replaced(empty.getvalue(), "xl/worksheets/sheet1.xml", b"</sheetData>", letters), tally
    report = json.loads((ROOT / "examples/reports/example-town.json").read_bytes())
    unit = json.dumps(report["units"][0])
    start = json.dumps({**report, "units": 0})
    before, after = start.split('"units": 0')
    yield "report.json", _filled(
        f'{before}"units": [', lambda i: ("," if i else "") + unit.replace("Ashford", f"u{i}").replace("ashford", f"u{i}"), f"]{after}"  # noqa: E501
    ), ["compare < <", "audit <", "page examples/example-town.json -m example-town --previous < -o >.html"]  # fmt: skip
    text = par.load("example-town").document.model_dump_json(by_alias=True, exclude_none=True)
    listed = lambda i: ("," if i else "") + json.dumps({"id": f"u{i}", "name": f"U {i}", "aliases": [], "ranked": True})  # noqa: E731
    document = {**json.loads(text), "units": 0}
    before, after = json.dumps(document).split('"units": 0')
    yield "methodology.json", _filled(f'{before}"units": [', listed, f"]{after}"), ["check <", "docs < -o >"]
    agencies = json.loads((ROOT / "examples/dien-bien-2021/agencies.json").read_bytes())
    agencies["note" if "note" in agencies else "x"] = "x" * (SIZE - 100_000)
    yield "agencies.json", json.dumps(agencies).encode(), ["split < -o >"]
    round_ = folder / "round.db"
    made(folder, "round init", "round.db", "-m", "example-town", "--by", "An", "--why", "x")
    paper = folder / "paper.txt"
    paper.write_bytes(draw.randbytes(SIZE - 2**20))
    hand = folder / "town.json"
    hand.write_text(json.dumps({**town, "stage": "self-assessment"}), encoding="utf-8")
    made(folder, f"round submit {round_} {hand} --by An --why x --override late --document", "paper.txt")
    yield (
        "round.db",
        round_.read_bytes(),
        ["round verify <", "round score <", "round export < -o >.zip", "round report < --all -o >.xlsx"],
    )
    yield "bundle.zip", made(folder, f"round export {round_} -o", "bundle.zip"), ["round recompute <"]


def made(folder: Path, words: str, name: str, *more: str) -> bytes:
    """What a command makes of the examples."""
    path = folder / name
    done = subprocess.run(
        [*PAR, *words.split(), str(path), *more], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert path.exists(), (words, done)
    return path.read_bytes()


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main(only: str) -> int:
    """Run them all, or inputs whose names begin so; the most memory that each took."""
    failed = 0
    print(f"{'input':22}{'MB':>5}{'code':>6}{'s':>7}{'MB used':>9}  command, and what it said last")
    with tempfile.TemporaryDirectory(prefix="attack-") as home:
        for name, data, uses in inputs(Path(home)):
            if not name.startswith(only):
                continue
            path = Path(home) / name
            path.write_bytes(data)
            size = len(data)
            del data
            for words in uses:
                out = Path(home) / "out"
                filled = [str(path) if w == "<" else w.replace(">", str(out)) for w in words.split()]
                begun = time.monotonic()
                with (Path(home) / "said").open("w+b") as said:
                    child = subprocess.Popen([*PAR, *filled], cwd=ROOT, stdout=said, stderr=said, preexec_fn=_limits)
                    _, status, used = os.wait4(child.pid, 0)
                    child.returncode = code = os.waitstatus_to_exitcode(status)
                    said.seek(max(0, said.tell() - 3000))
                    told = said.read().decode("utf-8", "replace")
                most = used.ru_maxrss * 1024
                bad = code not in (0, 1, 2) or "Traceback" in told or "MemoryError" in told or most > MOST
                failed += bad
                last = " / ".join(told.strip().splitlines()[-2:])[:110]
                print(
                    f"{name:22}{size >> 20:5}{code:6}{time.monotonic() - begun:7.1f}{most >> 20:9}"
                    f"  {'FAULT ' if bad else ''}{words} | {last}",
                    flush=True,
                )
            path.unlink()
    print(f"{failed} over 1 GiB, out of memory or with a traceback")
    return int(failed > 0)
