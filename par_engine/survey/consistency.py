"""What does not fit between ballots, the sizes of groups that were given, and planned numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from par_engine.base.problems import DocumentError, EvidenceError, Problem, nearest, problem, quote
from par_engine.base.types import Group, Text
from par_engine.survey.counting import Counts
from par_engine.survey.plans import Plans, named


def no_group(option: str, name: str, groups: Sequence[Group]) -> Problem:
    """The problem of a name that no group of a survey has."""
    near = nearest(name, [word for group in groups for word in (group.id, group.title.vi, group.title.en)])
    known = Text(vi="; ".join(group.title.vi for group in groups), en=", ".join(group.id for group in groups))
    return problem("unknown-group", option, name=quote(name), known=known, near=near)


def frame_errors(counts: Counts, frames: Mapping[str, int]) -> None:
    """Raise for a frame of no group, of nobody, or of fewer people than the ballots of a unit."""
    problems = []
    surveys = counts.questions.surveys.values()
    groups = {group.id: group for survey in surveys for group in survey.groups}

    for group, size in sorted(frames.items()):
        if group not in counts.questions.groups:
            problems.append(no_group("--frame", group, tuple(groups.values())))
            continue
        place = counts.questions.groups.index(group)
        most = max(int(table[:, place].max(initial=0)) for table in counts.ballots.values())
        if size == 0:
            problems.append(problem("frame.nobody", "--frame", group=named(groups[group])))
        elif most > size:
            problems.append(problem("frame", "--frame", group=named(groups[group]), most=most, size=size))
    if problems:
        raise EvidenceError(problems)


def doubts(counts: Counts, frames: Mapping[str, int], plans: Plans, only: str | None) -> tuple[Problem, ...]:
    """Warnings. `only` is the one unit whose ballots were asked for, if any: the others are not missed then."""
    found = []
    if frames and len(counts.units) > 1:
        found.append(problem("frame-of-each", "--frame", "", "warning", units=len(counts.units)))
    found += _responses(counts, plans)
    if only is None:
        found += _absent(counts, plans)
    found += [unplanned(unit_name(counts, id)) for id in counts.units if plans.silent(id)]
    return DocumentError(found).problems


def unit_name(counts: Counts, id: str) -> str:
    """A unit as the methodology calls it."""
    units = counts.questions.methodology.document.units
    return next((unit.name for unit in units if unit.id == id), id)


def unplanned(name: str) -> Problem:
    """The warning of a plan that is of other units only."""
    return problem("not-of-the-unit", "--plan", "", "warning", name=name)


def _responses(counts: Counts, plans: Plans) -> Iterator[Problem]:
    place = {id: i for i, id in enumerate(counts.questions.groups)}
    for i, unit in enumerate(counts.units):
        for id, survey in counts.questions.surveys.items():
            for group in survey.groups:
                planned = plans.of(id, group.id, unit)
                n = int(counts.ballots[id][i, place[group.id]])
                if planned is not None and n > planned.number:
                    name, said = unit_name(counts, unit), planned.words
                    values = {"name": name, "group": named(group), "n": n, "planned": said}
                    yield problem("over-planned", "ballots", "", "warning", **values)


def _absent(counts: Counts, plans: Plans) -> Iterator[Problem]:
    for unit in plans.units():
        if unit not in counts.units:
            number, name = plans.whole(unit), unit_name(counts, unit)
            yield problem("no-ballots", "ballots", "", "warning", name=name, number=number)
