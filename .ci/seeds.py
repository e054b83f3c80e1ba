"""What the attack's inputs are made from: the examples, what commands write of them, and what takes each."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import artefacts
import mutations
import rounds

from par_engine.cli import main as cli

ROOT = Path(__file__).resolve().parents[1]
TOWN = "-m example-town"
READ = (  # what every kind of evidence goes through; `<` is the input, `>` what is written
    *(
        "score < -m M -o >.json",
        "score < -m M -o >.csv",
        "score < -m M",
        "validate < -m M --json",
        "page < -m M -o >.html",
    ),
    *(
        "book < -m M -o >.xlsx",
        "explain < -m M -u U",
        "what-if < -m M -u U --set F",
        "improve < -m M -u U --gain 1 --json",
    ),
    *(
        "robust < -m M",
        "template M --from < -u U -o >.xlsx",
        "report < -m M -o >.docx -u U",
        "score < -m M --format csv-excel",
    ),
)
LIST = (
    *("respondents check < -m 2021-province --today 2021-10-15", "respondents check < -m 2021-province --json"),
    "respondents export < -m 2021-province --today 2021-10-15 -o >",
    "respondents draw < -m 2021-province --seed 7 -o >.xlsx --size deputies=1 --size departments=1 --size divisions=1 --size districts=1",  # noqa: E501
)
TALLY = (
    *("survey tally < -m 2021-province -o >.json", "survey tally < -m 2021-province --json"),
    "survey report < -m 2021-province -o >",
)
ROUND = (
    "round verify <",
    "round history <",
    "round status <",
    "round score < --format json -o >.json",
    "round report < --all -o >.xlsx",
    "round export < -o >.zip",
)

Mutation = Callable[[Random, bytes], bytes]


class Seeds:
    """What the inputs are made from: the examples, and what the commands write of them."""

    def __init__(self, folder: Path) -> None:
        artefacts.give(folder)
        self.folder, given = folder, folder / "given"
        self.kinds: dict[str, list[tuple[str, bytes, tuple[Mutation, ...], tuple[str, ...]]]] = {}
        json_, csv_, bytes_, package = mutations.json_, mutations.csv_, mutations.bytes_, mutations.package
        texts, tables, papers = (json_, json_, bytes_), (csv_, csv_, csv_, bytes_), (package, package, package, bytes_)
        for id, path in artefacts.EXAMPLES.items():
            kind, data = Path(path).suffix[1:], (ROOT / path).read_bytes()
            units = (
                json.loads(data)["units"] if kind == "json" else [{"unit": data.decode().splitlines()[1].split(",")[0]}]
            )
            unit = units[0]["unit"].replace(" ", "|")
            fact = next(
                (f"{k}={v}".lower() for k, v in units[0].get("facts", {}).items() if isinstance(v, (int, str))), "a=1"
            )
            read = tuple(
                words.replace(" M", f" {id}").replace(" U", f" {unit}").replace(" F", f" {fact}") for words in READ
            )
            self._add("evidence-" + kind, "in." + kind, data, texts if kind == "json" else tables, read)
            if kind == "csv":
                self._add("evidence-parquet", "in.parquet", data, (mutations.parquet,), read)
            self._add("report-json", "in.json", (ROOT / f"examples/reports/{id}.json").read_bytes(), texts, (
                "compare < <", f"compare {ROOT}/examples/reports/{id}.json <", "audit <", f"audit < -m {id}",
                f"page {ROOT / path} -m {id} --previous < -o >.html", f"book {ROOT / path} -m {id} --previous < -o >.xlsx",  # noqa: E501
            ))  # fmt: skip
            if id in ("example-town", "2021-province"):
                book = self._made(f"template {id} --from {ROOT / path} -u {unit} -o", f"{id}.xlsx")
                self._add("evidence-xlsx", "in.xlsx", book, papers, read)
                plain = self._made(
                    f"report {ROOT / path} -m {id} -u {unit} --save-template", f"{id}.docx", "-o", f"{id}.report.docx"
                )
                marked: Mutation = lambda draw, data: package(draw, data, mutations.MARKS)  # noqa: E731
                report = f"report {ROOT / path} -m {id} -u {unit} --template < -o >.docx"
                self._add("report-template", "in.docx", plain, (marked, marked, package, bytes_), (report,))
            for ending in ("xlsx", "docx"):
                annex = self._made(f"export {id} -o", f"{id}.annex.{ending}")
                into = (
                    f"import < -m new-one --from {id} -o >",
                    f"import < -m new-one --from {id} -o > --official-document 1/QĐ",
                    f"import < -m new-one --from {id} -o > --dry-run --json",
                )
                self._add(f"annex-{ending}", f"in.{ending}", annex, papers, into)
        facts = json.loads((ROOT / artefacts.TOWN).read_bytes())
        town = {k: v for k, v in facts["units"][0]["facts"].items() if not isinstance(v, (dict, list))}
        long = "# stage: review\nunit,fact,value\n" + "".join(f"Ashford,{k},{v}\n" for k, v in town.items())
        read = tuple(words.replace(" M", " example-town").replace(" U", " Ashford") for words in READ)
        self._add("evidence-csv", "in.csv", long.encode(), tables, read)
        self._add(
            "evidence-parquet",
            "in.parquet",
            long.encode(),
            (mutations.parquet,),
            tuple(f"{w} --stage review" for w in read if w[:4] in ("scor", "page")),
        )
        for name, uses in (("list", LIST), ("ballots", TALLY)):
            data = (given / f"{name}.csv").read_bytes()
            self._add(f"{name}-csv", "in.csv", data, tables, uses)
            self._add(f"{name}-xlsx", "in.xlsx", _workbook(data), papers, uses)
        self._add(
            "plan-xlsx",
            "in.xlsx",
            self._made("survey template -m 2021-province -o", "plan.xlsx"),
            papers,
            (f"survey tally {given}/ballots.csv -m 2021-province --plan < --json",),
        )
        self._add(
            "effort-xlsx",
            "in.xlsx",
            self._made(f"improve {ROOT / artefacts.PROVINCE} -m 2021-province --effort-form", "effort.xlsx"),
            papers,
            (f"improve {ROOT / artefacts.PROVINCE} -m 2021-province --gain 1 --effort <",),
        )
        for path in (ROOT / "tests/corpus/survey-plan-1/valid").glob("*.json"):
            self._add(
                "plan-json",
                "in.json",
                path.read_bytes(),
                texts,
                (f"survey tally {given}/ballots.csv -m 2021-province --plan < --json",),
            )
        home = ROOT / "examples/dien-bien-2021"
        assigned = (f"merge < {home}/agencies -o >.json", "split < -o >", f"scorecard < {home}/agencies --json")
        self._add("agencies-json", "in.json", (home / "agencies.json").read_bytes(), texts, assigned)
        self._add(
            "agencies-xlsx",
            "in.xlsx",
            self._made("assign 2021-province -u Điện|Biên -o", "assign.xlsx"),
            papers,
            assigned,
        )
        bundle = self._made(f"round export {given}/round.db -o", "bundle.zip")
        self._add("bundle", "in.zip", bundle, papers, ("round recompute <", "round recompute < --json"))
        self._add("round", "in.db", (given / "round.db").read_bytes(), (bytes_,), ROUND)
        for path in (ROOT / "tests/corpus/methodology-1/valid").glob("*.json"):
            self._add(
                "methodology",
                "in.json",
                path.read_bytes(),
                texts,
                ("check <", "docs < -o >", "diff < example-town", "check < --json"),
            )
        self._add(
            "methodology",
            "in.json",
            json.dumps(rounds.scheme()).encode(),
            texts,
            ("check <", "docs < -o >", "diff < <"),
        )

    def _add(self, kind: str, name: str, data: bytes, how: tuple[Mutation, ...], uses: tuple[str, ...]) -> None:
        self.kinds.setdefault(kind, []).append((name, data, how, uses))

    def _made(self, words: str, name: str, *more: str) -> bytes:
        path = self.folder / name
        done = ended(
            [word.replace("|", " ") for word in words.split()]
            + [str(path), *(str(self.folder / w) if "." in w else w for w in more)]
        )
        assert path.exists(), (words, done)
        return path.read_bytes()

    def draw(self, kind: str, draw: Random, folder: Path) -> list[str]:
        """An input in a folder, and the words that take it."""
        name, data, how, uses = draw.choice(self.kinds[kind])
        (folder / name).write_bytes(draw.choice(how)(draw, data))
        words = [word.replace("|", " ") for word in draw.choice(uses).split()]
        return [name if w == "<" else w.replace(">", "out") for w in words] + ["--lang", draw.choice(("vi", "en"))]


def _workbook(data: bytes) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for line in data.decode().splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ended(words: list[str]) -> tuple[object, str, str]:
    """How `par` ends in this process, and what it says."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.run(words)
        except SystemExit as end:
            code = end.code or 0
    out.flush(), err.flush()
    return code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()  # type: ignore[attr-defined]
