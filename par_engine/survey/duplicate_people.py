"""People who stand twice in a list: names that are one in any spelling, and those that differ only in accents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from par_engine.base.names import bare, fold
from par_engine.base.problems import Problem, problem
from par_engine.survey.lists import People, Person

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_HONOURS = re.compile(r"^(?:(?:ong|ba|anh|chi|dong chi|d/c|ths|ts|pgs|gs|bs|ks|cn)\.? )+")
# other letters that look like Đ, as old keyboards write it
_STROKES = str.maketrans("\u00d0\u00f0\u0189\u0256", "ĐđĐđ")
_Tones = tuple[tuple[str, str], ...]


def name_key(text: str) -> str:
    """What two spellings of one name have in common: no accents, signs or spaces; y and i the same.

    Letters of any script count, with the marks that are vowels there.
    """
    words = _HONOURS.sub("", bare(text.translate(_STROKES)))
    return "".join(c for c in words if unicodedata.category(c)[0] in "LNM").replace("y", "i") or fold(text)


@dataclass
class _Namesakes:
    """Who has one name in one agency, but for accents: the first of all, of each spelling, and without any accent."""

    first: Person | None = None
    plain: Person | None = None
    by_tones: dict[_Tones, Person] = field(default_factory=dict)


def same_people(people: People) -> list[Problem]:
    """People of one agency with one name: an error in any case or form, a question where only accents differ."""
    problems = []
    seen: dict[tuple[str, str], _Namesakes] = {}
    place = {id(person): i for i, person in enumerate(people.rows)}
    for person in people.rows:
        name, agency = person.cells["name"], person.cells["agency"]
        if not name:
            continue
        others = seen.setdefault((name_key(name), name_key(agency)), _Namesakes())
        toned, plain = tones(name), fold(name).isascii()
        alike = [p for p in (others.first if plain else others.plain, others.by_tones.get(toned)) if p is not None]
        first = min(alike, key=lambda p: place[id(p)], default=None)
        same = first is not None
        first = first or others.first
        others.first = others.first or person
        others.by_tones.setdefault(toned, person)
        if plain:
            others.plain = others.plain or person
        if first is None:
            continue
        at = first.at("name")
        entry, level = ("duplicate", "error") if same else ("duplicate.perhaps", "warning")
        problems.append(problem(entry, people.label, person.at("name"), level, place=at))  # type: ignore[arg-type]
    return problems


def tones(name: str) -> _Tones:
    """The words of a name with their tones set apart, so that `Hoà` is `Hòa` and `Lý` is `Lí`; without `Ông`, `TS.`."""
    words = fold(name.translate(_STROKES)).replace(".", ". ").split()
    while len(words) > 1 and _HONOURS.match(f"{bare(words[0])} "):
        words = words[1:]
    out = []
    for word in words:
        letters = unicodedata.normalize("NFD", word).replace("y", "i")
        out.append(("".join(c for c in letters if c not in _TONES), "".join(c for c in letters if c in _TONES)))
    return tuple(out)
