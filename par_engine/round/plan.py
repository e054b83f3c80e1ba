"""The plan of a round on some day: each task done, late, due soon or still to come, and the days that are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from par_engine.base.problems import ParError, Problem, did_you_mean, fail_own, own_problem, quote
from par_engine.methodology.model import Document, Plan, Task
from par_engine.round.days import last_day

SOON = 14
State = Literal["done", "late", "due", "next"]
STATES = {
    "done": ("đã xong", "done"),
    "late": ("quá hạn", "late"),
    "due": ("sắp đến hạn", "due"),
    "next": ("sắp tới", "next"),
}


@dataclass(frozen=True)
class Standing:
    """One task on some day. `left` counts the days after this one that are still in time; below 0 it is late."""

    task: Task
    state: State
    last: date
    left: int

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        head = self.task.model_dump(mode="json", exclude_none=True)
        return {**head, "last_day": self.last.isoformat(), "state": self.state, "days_left": self.left}


def plan_of(document: Document) -> Plan:
    """The plan of a methodology; ParError when it has none."""
    if document.plan is None:
        what, hint = f"{document.id} has no plan", "add one to its data: plan.json"
        vi = (f"{document.id} chưa có kế hoạch", "bổ sung plan.json vào dữ liệu của bộ tiêu chí")
        fail_own(document.id, "no-plan", what, hint, *vi, at="/plan")
    return document.plan


def plan_task(plan: Plan, id: str) -> Task:
    """One task of a plan."""
    return next(task for task in plan.tasks if task.id == id)


def standings(plan: Plan, today: date, done: Sequence[str] = ()) -> tuple[Standing, ...]:
    """All tasks by their last good day; `done` are the ids of those that are done."""
    if problems := unknown_tasks(plan, done, "--done"):
        raise ParError(problems)
    return tuple(sorted((_standing(task, today, task.id in done) for task in plan.tasks), key=lambda s: s.last))


def unknown_tasks(plan: Plan, named: Sequence[str], label: str) -> list[Problem]:
    """Those that the plan does not have."""
    ids = [task.id for task in plan.tasks]
    problems = []
    for id in named:
        if id not in ids:
            what, what_vi = f"the plan has no task {quote(id)}", f"kế hoạch không có nhiệm vụ {quote(id)}"
            hint = did_you_mean(id, ids) or f"the tasks are {', '.join(ids)}"
            hint_vi = "" if hint.startswith("did you") else f"các nhiệm vụ: {', '.join(ids)}"
            problems.append(own_problem(label, "", "unknown-task", what, hint, "error", what_vi, hint_vi))
    return problems


def _standing(task: Task, today: date, done: bool) -> Standing:
    last = last_day(task)
    left = (last - today).days
    state: State = "done" if done else "late" if left < 0 else "due" if left <= SOON else "next"
    return Standing(task, state, last, left)
