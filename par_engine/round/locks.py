"""The last days of a round's actions, from its plan and of its own, and what is said when one has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from par_engine.base.problems import Problem, problem
from par_engine.i18n.catalogue import Lang, Said
from par_engine.methodology.model import Action, Document
from par_engine.round.days import last_day, say_day

ACTIONS: tuple[Action, ...] = ("submit", "appraise", "explain", "final")


@dataclass(frozen=True)
class Lock:
    """A last day for an action, and who set it: a task of the plan, or the round itself."""

    action: Action
    by: str
    last: date

    def said(self, doc: Document, lang: Lang) -> str:
        """Who set it, in words."""
        if self.by == "round":
            return "hạn riêng của kỳ" if lang == "vi" else "the round's own"
        task = next(task for task in (doc.plan.tasks if doc.plan else ()) if f"plan:{task.id}" == self.by)
        return f"{'kế hoạch' if lang == 'vi' else 'plan'}: {task.title.get(lang)}"


def locks(doc: Document, opening: Mapping[str, Any]) -> tuple[Lock, ...]:
    """All locks of a round, those of the plan and its own, by action and day."""
    tasks = doc.plan.tasks if doc.plan is not None else []
    found = [Lock(task.locks, f"plan:{task.id}", last_day(task)) for task in tasks if task.locks is not None]
    own: Mapping[Action, str] = opening["locks"]
    found += [Lock(action, "round", date.fromisoformat(day)) for action, day in own.items()]
    return tuple(sorted(found, key=lambda lock: (ACTIONS.index(lock.action), lock.last, lock.by)))


def late(
    label: str, doc: Document, passed: list[Lock], today: date, override: str | None
) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    """What an entry says of the last days that have passed, and what is wrong with entering it now."""
    if passed and not (override or "").strip():
        day, first = passed[0].last, passed[0]
        said = first.said(doc, "vi")
        return None, [
            problem(
                "late",
                label,
                last=Said(say_day(day, "vi"), day.isoformat()),
                by=Said(said, first.by),
                today=Said(say_day(today, "vi"), today.isoformat()),
            )
        ]
    if override is not None and not passed:
        return None, [problem("not-late", "--override")]
    if not passed:
        return None, []
    return {"reason": (override or "").strip(), "locks": [[lock.by, lock.last.isoformat()] for lock in passed]}, []
