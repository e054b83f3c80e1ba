"""Large inputs of every kind for `.ci/attack --memory`: 64 MB, or as much of it as the kind's own limits let in."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import rounds

ROOT = Path(__file__).resolve().parents[1]
SIZE = int(os.environ.get("ATTACK_MB", "64")) * 2**20
PAR = [sys.executable, "-m", "par_engine"]
HOME = "examples/dien-bien-2021"
Line = Callable[[int], str]
Made = Callable[[], bytes]
Input = tuple[str, Made, list[str]]
"""A name, what makes its bytes, and commands that take it: `<` is the input, `^` its folder, `>` what is written."""


def filled(head: str, line: Line, tail: str = "", size: int = SIZE) -> bytes:
    """A text of a size from lines that differ."""
    out = io.BytesIO()
    out.write(head.encode())
    n = 0
    while out.tell() < size - 2000 - len(tail):
        out.write("".join(line(i) for i in range(n, n + 10)).encode())
        n += 10
    return out.getvalue() + tail.encode()


def _listed(document: dict[str, object], key: str, line: Line, size: int = SIZE) -> bytes:
    """A document whose list of a key is filled: `line` gives one value of it."""
    before, after = json.dumps({**document, key: 0}, ensure_ascii=False).split(f'"{key}": 0')
    return filled(f'{before}"{key}": [', lambda i: ("," if i else "") + line(i), f"]{after}", size)


def _replaced(data: bytes, part: str, before: bytes, more: bytes) -> bytes:
    """A package with more in one part, before some bytes of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert before in content, (name, before)
                content = content.replace(before, more + before, 1)
            target.writestr(name, content)
    return out.getvalue()


def _sheet(data: bytes, name: str, row: Callable[[int], tuple[object, ...]], start: int = 5000) -> bytes:
    """A workbook one of whose sheets goes on for 60 MB of rows."""
    cells = lambda i: "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row(i))  # noqa: E731
    lines = filled("", lambda i: f'<row r="{i + start}">{cells(i)}</row>', size=SIZE - 4 * 2**20)
    return _replaced(data, f"xl/worksheets/{name}.xml", b"</sheetData>", lines)


def _paragraphs(data: bytes, size: int, text: str) -> bytes:
    line = f"<w:p><w:r><w:t>{text} {{}}</w:t></w:r></w:p>"
    return _replaced(data, "word/document.xml", b"<w:sectPr", filled("", line.format, size=size))


def made(folder: Path, words: str) -> bytes:
    """What a command makes of the examples: its last word is the name of the file."""
    *first, name = words.replace("~", str(folder)).split()
    path = folder / name
    if not path.exists() or first[:2] == ["round", "submit"]:
        done = subprocess.run(
            [*PAR, *first, str(path)], cwd=ROOT, capture_output=True, check=False, text=True, timeout=300
        )
        assert path.exists() and not done.returncode, (words, done)
    return path.read_bytes()


def inputs(folder: Path) -> list[Input]:
    """Every input, none of them made yet."""
    return [*_evidence(folder), *_papers(folder), *_people(), *_documents(folder), *_round(folder)]


def _evidence(folder: Path) -> list[Input]:
    open_ = json.loads((ROOT / "examples/leed.json").read_bytes())  # its units are open
    given = open_["units"][0]["facts"]
    facts, names = json.dumps(given), list(given)
    unit = lambda i: f'{{"unit": "u{i}", "facts": {facts}}}'  # noqa: E731
    cells = ",".join(str(given[k]).lower() for k in names)
    head = f"# stage: review\nunit,{','.join(names)}\n"
    read = [f"{words} < -m leed-bdc-v4 -o >.{kind}" for words, kind in (("score", "json"), ("page", "html"))]
    read += ["validate < -m leed-bdc-v4", "score < -m leed-bdc-v4 -o >.csv", "book < -m leed-bdc-v4 -o >.xlsx"]
    read += ["robust < -m leed-bdc-v4", "improve < -m leed-bdc-v4 -u u0", "explain < -m leed-bdc-v4 -u u0"]

    def parquet() -> bytes:
        import pandas as pd

        path = folder / "made.parquet"
        pd.read_csv(io.BytesIO(filled(head, lambda i: f"u{i},{cells}\n")), comment="#", dtype=str).to_parquet(
            path, compression=None
        )
        return path.read_bytes()

    book = "template example-town --from examples/example-town.json -u Ashford -o book.xlsx"
    return [
        ("evidence.json", lambda: _listed(open_, "units", unit), read),
        ("evidence-wrong.json", lambda: _listed(open_, "units", lambda i: unit(i).replace("true", '"x"')), read[:3]),
        ("wide.csv", lambda: filled(head, lambda i: f"u{i},{cells}\n"), read[:4]),
        ("long.csv", lambda: filled("unit,fact,value\n", lambda i: f"u{i // 9},f{i % 9},1\n"), read[:3]),
        ("quote.csv", lambda: filled('unit,a\nx,"1\n', lambda i: f"u{i},1\n"), read[:3]),
        ("wide.parquet", parquet, [f"{words} --stage review" for words in read[:2]]),
        (
            "evidence.xlsx",
            lambda: _sheet(made(folder, book), "sheet1", lambda i: (f"u{i}", "a", "1")),
            ["score < -m example-town -o >.json"],
        ),
    ]  # fmt: skip


def _papers(folder: Path) -> list[Input]:
    into = ["import < -m new-one --from example-town -o >"]
    plain = "report examples/example-town.json -m example-town -u Ashford -o ~/r.docx --save-template t.docx"
    report = ["report examples/example-town.json -m example-town -u Ashford --template < -o >.docx"]
    docx, xlsx = "export example-town -o annex.docx", "export example-town -o annex.xlsx"
    return [
        ("annex.docx", lambda: _paragraphs(made(folder, docx), min(SIZE, 18 * 2**20), "Tiêu chí"), into),
        (
            "annex.xlsx",
            lambda: _sheet(made(folder, xlsx), "sheet1", lambda i: (i, f"Tiêu chí {i}", 1, "x")),
            into,
        ),
        ("template.docx", lambda: _paragraphs(made(folder, plain), 4 * 2**20, "chữ"), report),
        ("template-large.docx", lambda: _paragraphs(made(folder, plain), min(SIZE, 15 * 2**20), "chữ"), report),
    ]


def _people() -> list[Input]:
    import par_engine as par
    from par_engine.survey.questions import Questions

    heads = ("Nhóm đối tượng", "Họ và tên", "Chức vụ", "Cơ quan đơn vị", "Điện thoại", "Email")
    groups = ("deputies", "departments", "divisions", "districts")

    def person(i: int) -> tuple[str, ...]:
        who = (groups[i % 4], f"Nguyễn Văn {i}", "Trưởng phòng", f"Cơ quan {i % 9}")
        return (*who, f"09{i:08}", f"a{i}@example.vn")

    sizes = " ".join(f"--size {group}=9" for group in groups)
    check = [
        "respondents check < -m 2021-province --today 2021-10-15",
        "respondents export < -m 2021-province --today 2021-10-15 -o >",
        f"respondents draw < -m 2021-province --seed 7 -o >.xlsx {sizes}",
    ]
    asked = [question.fact for question in Questions(par.load("2021-province")).all]
    draw = random.Random(1)  # noqa: S311
    answers = [[draw.choice("ABCD") for _ in asked] for _ in range(50)]
    top = ("Đơn vị", "Nhóm đối tượng", "Mã phiếu", *asked)
    ballot = lambda i: ("Điện Biên", groups[i % 4], f"t{i}", *answers[i % 50])  # noqa: E731
    tally = ["survey tally < -m 2021-province -o >.json", "survey report < -m 2021-province -o >"]
    made_: list[Input] = []
    for name, row, first, uses in (("list", person, heads, check), ("ballots", ballot, top, tally)):
        made_ += [
            (f"{name}.csv", lambda r=row, f=first: filled(",".join(f) + "\n", lambda i: ",".join(r(i)) + "\n"), uses),
            (f"{name}.xlsx", lambda r=row, f=first: _sheet(_empty(f), "sheet1", r, 2), uses[:1]),
        ]  # fmt: skip
    return made_


def _empty(heads: tuple[str, ...]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, heads)
    return out.getvalue()


def _documents(folder: Path) -> list[Input]:
    report = json.loads((ROOT / "examples/reports/example-town.json").read_bytes())
    unit = json.dumps(report["units"][0], ensure_ascii=False)
    reported = lambda i: unit.replace("Ashford", f"U{i}").replace("ashford", f"u{i}")  # noqa: E731
    scheme = rounds.scheme()
    listed = lambda i: json.dumps({"id": f"u{i}", "name": f"U {i}", "aliases": [], "ranked": True})  # noqa: E731
    item = json.dumps(next(one for one in scheme["items"] if one.get("rule")))
    code = json.loads(item)["code"]
    agencies = json.loads((ROOT / HOME / "agencies.json").read_bytes())
    agency = json.dumps(agencies["agencies"][0])
    whose = agencies["agencies"][0]["id"]
    part = json.loads((ROOT / HOME / "agencies/dien-bien-dong.json").read_bytes())
    sent = json.dumps(part["units"][0])
    case_file = ROOT / "plugins/par-2023/tests/cases/ministry.json"
    cases = json.loads(case_file.read_bytes())
    case = json.dumps(cases["cases"][0])
    assigned = f"{HOME}/agencies"
    return [
        ("report.json", lambda: _listed(report, "units", reported), [
            "compare < <", "audit <", "page examples/example-town.json -m example-town --previous < -o >.html",
            "book examples/example-town.json -m example-town --previous < -o >.xlsx",
        ]),
        ("methodology.json", lambda: _listed(scheme, "units", listed), ["check <", "docs < -o >", "diff < <"]),
        (
            "items.json",
            lambda: _listed(scheme, "items", lambda i: item.replace(f'"code": "{code}"', f'"code": "9.{i}"')),
            ["check <", "docs < -o >", "diff < example-town"],
        ),
        ("agencies.json", lambda: _listed(agencies, "agencies", lambda i: agency.replace(whose, f"a-{i}")), [
            "split < -o >", f"merge < {assigned} -o >.json", f"scorecard < {assigned} -o >",
        ]),
        ("part.json", lambda: _listed(part, "units", lambda i: sent.replace("dien-bien-dong", f"a-{i}")), [
            f"merge {HOME}/agencies.json < -o >.json", f"scorecard {HOME}/agencies.json < -o >",
        ]),
        ("cases/case.json", lambda: _listed(cases, "cases", lambda i: case.replace(": không có", f" {i}: không có")), [
            "cases 2023-ministry ^", "cases 2023-ministry ^ --suggest -o >.json",
        ]),
    ]  # fmt: skip


def _round(folder: Path) -> list[Input]:
    town = json.loads((ROOT / "examples/example-town.json").read_bytes())
    by = "--by An --why x"

    def begun() -> bytes:
        hand = folder / "town.json"
        hand.write_text(json.dumps({**town, "stage": "self-assessment"}), encoding="utf-8")
        made(folder, "round init -m example-town --by An --why x new.db")
        path = folder / "begun.db"
        if not path.exists():
            path.write_bytes((folder / "new.db").read_bytes())
            _submit(path, hand)
        return path.read_bytes()

    def _submit(path: Path, hand: Path, *more: str) -> None:
        words = [*PAR, "round", "submit", str(path), str(hand), *by.split(), *more]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, text=True, timeout=300)
        assert not done.returncode, done

    def large() -> bytes:
        path = folder / "large.db"
        if not path.exists():
            begun()
            path.write_bytes((folder / "new.db").read_bytes())
            papers = []
            for i in range(3):
                paper = folder / f"paper{i}.txt"
                paper.write_bytes(random.Random(i).randbytes(SIZE // 3))  # noqa: S311
                papers += ["--document", str(paper)]
            _submit(path, folder / "town.json", *papers)
        return path.read_bytes()

    def bundle() -> bytes:
        large()
        return made(folder, "round export ~/large.db -o bundle.zip")

    def act(words: str) -> list[str]:
        return [f"round {words} @ < {by}"]

    def appraisal(i: int) -> str:
        return f"{town['units'][0]['unit']},x{i},1,because {i}\n"

    point = lambda i: json.dumps({"unit": f"u{i}", "item": "x", "points": "1", "text": "y"})  # noqa: E731
    open_: dict[str, object] = {"methodology": "example-town"}
    unit = json.dumps({"unit": "X", "facts": town["units"][0]["facts"]})

    def hand() -> bytes:
        begun()
        return _listed({**town, "stage": "self-assessment"}, "units", lambda i: unit.replace('"X"', f'"u{i}"'))

    return [
        ("submitted.json", hand, act("submit")),
        ("appraisal.csv", lambda: begun() and filled("unit,item,points,reason\n", appraisal), act("appraise")),
        ("appraisal.json", lambda: begun() and _listed(open_, "points", point), act("appraise")),
        ("explanation.csv", lambda: begun() and filled("unit,item,text,requested\n", lambda i: f"u{i},x,why,1\n"),
            act("explain")),
        ("round.db", large, [
            "round verify <", "round score <", "round export < -o >.zip", "round report < --all -o >.xlsx",
            "round history <", "round status <",
        ]),
        ("bundle.zip", bundle, ["round recompute <"]),
    ]  # fmt: skip
