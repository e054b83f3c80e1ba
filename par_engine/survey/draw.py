"""A stratified sample that a second person can draw again: in each group the rows with the smallest hashes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from par_engine.base.problems import DocumentError, Problem, problem
from par_engine.survey.consistency import no_group
from par_engine.survey.lists import Person
from par_engine.survey.plans import named
from par_engine.survey.respondents import Checked


@dataclass(frozen=True)
class Drawn:
    """One row that was drawn: its group, its place in the group's order, and whether it is a replacement."""

    group: str
    order: int
    replacement: bool
    hash: str
    person: Person


def row_key(person: Person) -> str:
    """What a row is known by: its `key` column, or name, position and agency joined by `|`, in NFC and lower case."""
    if "key" in person.columns:
        text = person.cells["key"]
    else:
        text = "|".join(person.cells[c] for c in ("name", "position", "agency"))
    return unicodedata.normalize("NFC", text.casefold())


def row_hash(seed: str, group: str, key: str) -> str:
    """SHA-256 of seed, group and key, one a line, as UTF-8.

    >>> row_hash("7", "leaders", "a|b|c")[:16]
    '210859793722c82d'
    """
    return hashlib.sha256(f"{seed}\n{group}\n{key}".encode()).hexdigest()


def draw(checked: Checked, seed: str, sizes: Mapping[str, int], replacements: int) -> list[Drawn]:
    """The sample by group, then its replacements in the order in which they are to be asked."""
    label = checked.people.label
    problems = [p for p in checked.problems if p.severity == "error" and p.code != "late"]
    known = {group.id: group for group in checked.groups}
    problems += [no_group("--size", id, checked.groups) for id in sorted(set(sizes) - set(known))]
    pools: dict[str, list[tuple[str, Person]]] = {id: [] for id in known}
    keys: dict[str, Person] = {}
    for i, person in enumerate(checked.people.rows):
        group = checked.group_of.get(i)
        if group is None:
            continue
        key = row_key(person)
        column = "key" if "key" in person.columns else "name"
        first = keys.setdefault(f"{group}\n{key}", person)
        if first is not person or not key:
            entry = "key" if key else "key.empty"
            problems.append(problem(entry, label, person.at(column), place=first.at(column)))
        pools[group].append((row_hash(seed, group, key), person))
    out: list[Drawn] = []
    for id, group_ in known.items():
        planned = checked.planned.get(id)
        size = sizes.get(id, None if planned is None else planned.number)
        if size is None:
            problems.append(problem("no-size", "--size", group=named(group_)))
            continue
        ordered = sorted(pools[id], key=lambda pair: pair[0])
        if len(ordered) < size:
            problems.append(problem("too-few", label, group=named(group_), rows=len(ordered), size=size))
        for n, (digest, person) in enumerate(ordered[: size + replacements], 1):
            out.append(Drawn(id, n, n > size, digest, person))
    if problems:
        raise DocumentError(problems)
    return out


def short_of_replacements(checked: Checked, drawn: Sequence[Drawn], replacements: int) -> list[Problem]:
    """A warning for each group that has fewer people left than replacements were asked for."""
    problems = []
    for group in checked.groups:
        here = sum(d.replacement for d in drawn if d.group == group.id)
        if here < replacements:
            values = {"group": named(group), "here": here, "asked": replacements}
            problems.append(problem("few-replacements", checked.people.label, "", "warning", **values))
    return problems
