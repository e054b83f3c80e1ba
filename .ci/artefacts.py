"""Every artefact that the commands make of the shipped examples, written into a folder, and their SHA-256.

`python .ci/artefacts.py DIR [--without lxml]`: the same on every machine, whatever its Python, libraries, language,
time zone or order of hashes; `.ci/matrix` compares them. `--without` makes as if a library were not installed, nor
what needs it, and leaves out what cannot be made then.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import io
import os
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDS_LXML = ("docx", "docxtpl")
TOWN, PROVINCE = "examples/example-town.json", "examples/dien-bien-2021/evidence.json"
EXAMPLES = {
    "example-town": TOWN,
    "2021-province": PROVINCE,
    "2023-province": "examples/provinces-2023.csv",
    "2023-ministry": "examples/ministries-2023.csv",
    "leed-bdc-v4": "examples/leed.json",
    "openssf-scorecard": "examples/openssf-scorecard.json",
}
GROUPS = ("deputies", "departments", "divisions", "districts")
DOCX, PDF = "docx", "typst"


def words_of(folder: Path) -> list[tuple[str, list[str], str | None]]:
    """The name of each artefact, the words that make it, and a library that only it needs."""
    made: list[tuple[str, list[str], str | None]] = [("list.txt", ["list"], None), ("lineage.csv", ["lineage"], None)]

    def add(name: str, *words: object, needs: str | None = None) -> None:
        made.append((name, [str(word) for word in words], needs))

    def out(name: str, *words: object, needs: str | None = None) -> None:
        add(name, *words, "-o", folder / name, needs=needs)

    for id, evidence in EXAMPLES.items():
        given = (evidence, "-m", id)
        for kind in ("table", "json", "csv", "csv-long", "csv-excel"):
            add(f"{id}.score.{kind}", "score", *given, "--format", kind)
        add(f"{id}.validate.txt", "validate", *given)
        add(f"{id}.show.txt", "show", id)
        add(f"{id}.robust.json", "robust", *given, "--json")
        out(f"{id}.html", "page", *given)
        out(f"{id}.en.html", "page", *given, "--lang", "en")
        out(f"{id}.book.xlsx", "book", *given)
        out(f"{id}.league.pdf", "book", *given, needs=PDF)
        out(f"{id}.template.xlsx", "template", id)
        out(f"{id}.stated.xlsx", "template", id, "--stated")
        out(f"{id}.export.xlsx", "export", id)
        out(f"{id}.export.docx", "export", id, needs=DOCX)
        out(f"{id}.handbook", "docs", id)
    for id in ("example-town", "2021-province"):
        out(f"{id}.report.docx", "report", EXAMPLES[id], "-m", id, *(("-u", "Ashford") if id == "example-town" else ()))
        made[-1] = (*made[-1][:2], DOCX)
        out(f"{id}.filled.xlsx", "template", id, "--from", EXAMPLES[id], *_unit(id))
    out("plan.ics", "plan", "2021-province", "--today", "2021-10-15")
    out("plan.xlsx", "plan", "2021-province", "--today", "2021-10-15")
    home = "examples/dien-bien-2021"
    out("assign.xlsx", "assign", "2021-province", "--unit", "Điện Biên")
    out("split", "split", f"{home}/agencies.json", "--from", f"{home}/agencies")
    out("merge.json", "merge", f"{home}/agencies.json", f"{home}/agencies", "--detail", folder / "detail.xlsx")
    out("scorecards", "scorecard", f"{home}/agencies.json", f"{home}/agencies")
    ballots, people = folder / "given" / "ballots.csv", folder / "given" / "list.csv"
    survey = ("-m", "2021-province")
    sizes = [word for group in GROUPS for word in ("--size", f"{group}=1")]
    out("tally.json", "survey", "tally", ballots, *survey)
    add("tally.shown.json", "survey", "tally", ballots, *survey, "--json")
    out("form.xlsx", "survey", "form", *survey)
    out("form.docx", "survey", "form", *survey, needs=DOCX)
    out("survey", "survey", "report", ballots, *survey, needs=DOCX)
    out("respondents", "respondents", "export", people, *survey, "--today", "2021-10-15", needs=DOCX)
    out("drawn.xlsx", "respondents", "draw", people, *survey, "--seed", "7", *sizes, needs=DOCX)
    round_ = folder / "given" / "round.db"
    out("round.xlsx", "round", "report", round_, "--all")
    out("round.zip", "round", "export", round_)
    add("round.history.txt", "round", "history", round_)
    return made


def _unit(id: str) -> Sequence[str]:
    return ("--unit", "Ashford") if id == "example-town" else ()


def give(folder: Path) -> None:
    """What is not among the examples: ballots, a list of respondents, a round; the same numbers for everybody."""
    import par_engine as par
    from par_engine.round.round import Round, open_round
    from par_engine.survey.questions import Questions

    given = folder / "given"
    given.mkdir(parents=True)
    draw = random.Random(1)  # noqa: S311
    facts = [question.fact for question in Questions(par.load("2021-province")).all]
    with (given / "ballots.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Đơn vị", "Nhóm đối tượng", "Mã phiếu", *facts])
        out.writerows(["Điện Biên", GROUPS[i % 4], f"t{i}", *(draw.choice("AABBCD") for _ in facts)] for i in range(80))
    with (given / "list.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["Nhóm đối tượng", "Họ và tên", "Chức vụ", "Cơ quan đơn vị", "Điện thoại", "Email"])
        out.writerows(
            [group, f"{name} {group}", "Trưởng phòng", f"Cơ quan {name}", f"09123456{i}{j}", f"a{i}{j}@example.vn"]
            for i, group in enumerate(GROUPS)
            for j, name in enumerate(("Nguyễn Văn An", "Lê Thị Bình"))
        )
    town, moment = par.load("example-town"), datetime(2031, 1, 5, 2, 0, tzinfo=UTC)
    open_round(given / "round.db", town, "An", "mở", clock=lambda: moment)
    evidence = given / "town.json"
    text = (ROOT / TOWN).read_text(encoding="utf-8")
    stage = town.read(ROOT / TOWN).stage
    evidence.write_text(text.replace(f'"{stage}"', '"self-assessment"', 1), encoding="utf-8")
    Round(given / "round.db", town, clock=lambda: moment).submit(evidence, "An", "nộp")


def main() -> None:
    """Make them all, and print name and hash of each file in order."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--without", action="append", default=[], metavar="MODULE")
    given = asked.parse_args()
    without = [*given.without, *(NEEDS_LXML if "lxml" in given.without else ())]
    for module in without:
        sys.modules[module] = None  # type: ignore[assignment]
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=False)
    os.environ |= {"PAR_LANG": "vi", "COLUMNS": "80"}
    os.chdir(ROOT)
    give(folder)
    failed = []
    for name, words, needs in words_of(folder):
        if needs not in without:
            failed += _make(folder, name, words)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "round.db":
            print(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(folder).as_posix())
    if failed:
        sys.exit("\n".join(failed))


def _make(folder: Path, name: str, words: list[str]) -> list[str]:
    """Run one command in this process; what it says is an artefact too. Nothing, or what went wrong."""
    from par_engine.cli import main as cli

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    code: object = None
    os.environ["PAR_LANG"] = "vi"  # `--lang` of the command before stays in this process
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.run(words)
        except SystemExit as end:
            code = end.code
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode().replace(str(folder), "DIR"))  # type: ignore[attr-defined]
    alone = not (folder / name).exists()
    (folder / (name if alone else f"{name}.said")).write_text("".join(said), encoding="utf-8")
    # 1: published figures may contradict themselves, and what is written says so
    good = code in (0, None) or (code == 1 and ("Traceback" not in said[1]) and (not alone or "-o" not in words))
    return [] if good else [f"{name}: par {' '.join(words)} ended with {code}\n{''.join(said)}"]


if __name__ == "__main__":
    main()
