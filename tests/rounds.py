"""A small round for tests: two units, four leaves, a plan with locks; and a program that hands in until it is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tiny import BASE, BOOLEAN, COUNT, T, document, leaf

import par_engine as par
from par_engine.round.round import Round, open_round
from par_engine.round.verify import Verdict

SHARE = {
    "name": "ratio",
    "part": "done",
    "whole": "all",
    "floor": "0",
    "full_at": "1",
    "whole_zero": "missing",
    "over": "refuse",
}


def task(id: str, due: str, due_is: str = "on_or_before", **more: Any) -> dict[str, Any]:
    return {"id": id, "title": T, "who": T, "due": due, "due_is": due_is, **BASE, **more}


PLAN = {
    "title": {"vi": "Kế hoạch", "en": "Plan"},
    "decision": "1",
    "date": "2030-01-01",
    "tasks": [
        task("hand-in", "2030-02-01", "before", locks="submit"),
        task("say", "2030-04-01", locks="explain"),
        task("about", "2030-06-01", "about"),
    ],
}


def scheme(**more: Any) -> dict[str, Any]:
    """The methodology document: field 1 of two leaves, and two leaves beside it."""
    items = [
        {"code": "1", "title": T, "max": "5", **BASE},
        leaf("1.1", "4", SHARE, parent="1"),
        leaf("1.2", "1", {"name": "checklist", "points": {"made": "1"}}, parent="1"),
        leaf("2", "3", {"name": "given", "fact": "opinion"}),
        leaf("3", "2", {"name": "checklist", "points": {"asked": "2"}}, stream="survey"),
    ]
    facts = {
        "done": {**COUNT, "owner": "agency-a"},
        "all": {**COUNT, "owner": "agency-b"},
        "made": {**BOOLEAN, "owner": "agency-a"},
        "opinion": {"type": "decimal", "decimals": 2, "max": "3"},
        "asked": BOOLEAN,
    }
    units = [{"id": id, "name": id.title(), "aliases": [], "ranked": True} for id in ("alpha", "beta")]
    base = {"units": units, "plan": PLAN, "settings": {"units": "listed"}}
    return document(items, facts, "10", **(base | more))


def methodology(**more: Any) -> par.Methodology:
    return par.from_document(scheme(**more))


EARLY = datetime(2030, 1, 31, 16, 59, 59, tzinfo=UTC)  # the last second in Viet Nam before 1 February
LATE = datetime(2030, 1, 31, 17, 0, 0, tzinfo=UTC)


def evidence(*units: str, done: int = 3, stage: str = "self-assessment", **facts: Any) -> dict[str, Any]:
    given = {"done": done, "all": 4, "made": True, "opinion": "1.5", **facts}
    return {"methodology": "tiny", "stage": stage, "units": [{"unit": u, "facts": given} for u in units or ("alpha",)]}


def write(folder: Path, name: str, value: Any) -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def opened(folder: Path, moment: datetime = EARLY, **more: Any) -> Round:
    """A new round in a folder, at a moment that stands still."""
    path = folder / "round.db"
    open_round(path, methodology(), "An", "start", clock=lambda: moment, **more)
    return Round(path, methodology(), clock=lambda: moment)


def whole(folder: Path) -> Round:
    """A round through all its stages: five entries."""
    round_ = opened(folder)
    round_.submit(
        write(folder, "e.json", evidence("alpha", "beta")), "An", "first", [write(folder, "p.txt", "paper\n" * 40)]
    )
    round_.appraise(write(folder, "a.csv", "unit,item,points,reason\nalpha,1.1,2,two plans\n"), "Bình")
    round_.explain(write(folder, "x.csv", "unit,item,text,requested\nalpha,1.1,see page 3,3\n"), "An")
    round_.appraise(write(folder, "f.csv", "unit,item,points,reason\nalpha,1.1,2.5,late\n"), "Bình", final=True)
    return round_


def errors(verdict: Verdict) -> list[str]:
    """The errors of a verdict."""
    return [problem.text() for problem in verdict.problems if problem.severity == "error"]


def child(*words: str, **more: Any) -> subprocess.Popen[str]:
    """A Python that knows these tests."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    return subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, **more
    )


def main(path: str, who: str, count: int) -> None:
    """Hand in again and again; say of each entry that it is recorded only when it is."""
    folder = Path(path).parent
    round_ = Round(Path(path), methodology(), clock=lambda: EARLY)
    for i in range(count):
        paper = write(folder, f"{who}-{i}.txt", f"{who} {i}\n" * 3000)
        entry = round_.submit(write(folder, f"{who}.json", evidence("alpha", done=i % 5)), who, f"{who} {i}", [paper])
        paper.unlink()
        print(entry.number, entry.hash, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
