"""What does not fit between ballots, the sizes of groups that were given, and planned numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from par_engine.base.problems import DocumentError, EvidenceError, Problem, did_you_mean, own_problem, problem, quote
from par_engine.base.types import Group
from par_engine.i18n.catalogue import Said
from par_engine.survey.counting import Counts
from par_engine.survey.plans import Plans


def no_group(option: str, name: str, groups: Sequence[Group]) -> Problem:
    """The problem of a name that no group of a survey has."""
    ids, titles = [group.id for group in groups], [group.title.vi for group in groups]
    near = did_you_mean(name, [word for group in groups for word in (group.id, group.title.vi, group.title.en)])
    what, vi = f"there is no group {quote(name)}", f"không có nhóm {quote(name)}"
    hint, hint_vi = near or ", ".join(ids), near or "; ".join(titles)
    return own_problem(option, "", "unknown-group", what, hint, "error", vi, hint_vi)


def frame_errors(counts: Counts, frames: Mapping[str, int]) -> None:
    """Raise for a frame of no group, of nobody, or of fewer people than the ballots of a unit."""
    problems = []
    surveys = counts.questions.surveys.values()
    groups = {group.id: group for survey in surveys for group in survey.groups}

    def note(code: str, what: str, hint: str, vi: str, hint_vi: str) -> None:
        problems.append(own_problem("--frame", "", code, what, hint, "error", vi, hint_vi))

    for group, size in sorted(frames.items()):
        if group not in counts.questions.groups:
            problems.append(no_group("--frame", group, tuple(groups.values())))
            continue
        title = groups[group].title.vi
        place = counts.questions.groups.index(group)
        hint, hint_vi = "give the size of the whole group", "ghi số người của cả nhóm"
        most = max(int(table[:, place].max(initial=0)) for table in counts.ballots.values())
        if size == 0:
            note("frame", f"group {group} cannot have 0 people", hint, f"nhóm {title} không thể có 0 người", hint_vi)
        elif most > size:
            what, vi = (
                f"group {group} has {most} ballots of {size} people",
                f"nhóm {title} có {most} phiếu, {size} người",
            )
            note("frame", what, hint, vi, hint_vi)
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
                    name = unit_name(counts, unit)
                    yield problem(
                        "over-planned",
                        "ballots",
                        "",
                        "warning",
                        name=name,
                        group=Said(group.title.vi, group.id),
                        n=n,
                        planned=Said(planned.said("vi"), planned.said("en")),
                    )


def _absent(counts: Counts, plans: Plans) -> Iterator[Problem]:
    for unit in plans.units():
        if unit not in counts.units:
            number, name = plans.whole(unit), unit_name(counts, unit)
            yield problem("no-ballots", "ballots", "", "warning", name=name, number=number)
