"""The questions of a methodology's surveys, and which column of an export answers which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args

from par_engine.api import Methodology
from par_engine.base.names import fold
from par_engine.base.problems import DocumentError, Problem, problem, quote
from par_engine.base.terms import basis_words
from par_engine.base.types import Basis, Fact, Survey, Text
from par_engine.i18n.catalogue import Lang, Term, entries, text
from par_engine.survey.slugs import slug as slug
from par_engine.survey.states import State, states_of

UNIT = ("unit", "don_vi", "ten_don_vi", "don_vi_duoc_danh_gia", "province", "tinh")
GROUP = ("group", "nhom", "nhom_doi_tuong", "doi_tuong", "respondent_group")
TOKEN = ("token", "access_code", "ma_phieu", "uuid", "instanceid", "key", "response_id", "id")  # the surest first
_BASES: tuple[Basis, ...] = get_args(Basis)
_COPY = re.compile(r"(?s)(.+?)_\d{3}|(.*[^\W\d_])(?:_\d{1,2}|\.\d{1,2})")


def question_name(fact: str) -> str:
    """The name of a fact's question in a form, where a name begins with a letter and has no point.

    LimeSurvey's codes have no underscores either; `q31ballots` is read too.

    >>> question_name("3.1.ballots")
    'q_3_1_ballots'
    """
    return f"q_{slug(fact)}"


@dataclass(frozen=True)
class Question:
    """One question: a fact of type ballots, its survey, and the leaves that score it."""

    fact: str
    declared: Fact
    survey: Survey
    survey_id: str
    leaves: tuple[str, ...]


class Questions:
    """All questions of a methodology, and the words by which groups and answers are recognised."""

    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology
        document = methodology.document
        uses: dict[str, list[str]] = {}
        for item in document.items:
            if item.rule is not None and item.rule.name == "survey":
                uses.setdefault(item.rule.facts()[0], []).append(item.code)
        self.all = tuple(
            Question(name, fact, document.surveys[fact.survey], fact.survey, tuple(uses.get(name, ())))
            for name, fact in document.facts.items()
            if fact.type == "ballots" and fact.survey is not None
        )
        if not self.all:
            raise DocumentError([problem("no-questions", methodology.id, "/facts")])
        self.surveys: Mapping[str, Survey] = {q.survey_id: q.survey for q in self.all}
        self.groups = tuple(dict.fromkeys(g.id for s in self.surveys.values() for g in s.groups))

    def title(self, question: Question) -> Text:
        """What a question asks: the title of its only leaf, else that of its fact, which often names the survey too."""
        codes = question.leaves
        return self.methodology.scheme.items[codes[0]].title if len(codes) == 1 else question.declared.title

    def asks(self, question: Question) -> Text:
        """The sentence that a form asks; the title where the methodology has none."""
        return question.declared.question or self.title(question)

    def basis_line(self, lang: Lang, survey: str | None = None) -> str:
        """How the design of the surveys, or of one, and the points of the items are known, for every output."""
        items, words = self.methodology.scheme.items, entries("survey.basis", lang)
        here = [q for q in self.all if survey in (None, q.survey_id)]

        def said(bases: Iterable[Basis]) -> str:
            found = set(bases)
            return words["and"].join(basis_words(b, lang) for b in _BASES if b in found)

        designs, points = said(q.survey.basis for q in here), said(items[c].basis for q in here for c in q.leaves)
        return text("survey.basis", "both" if points else "design", lang, designs=designs, points=points)

    @cached_property
    def group_words(self) -> dict[str, str]:
        """What a cell may say for a group, to the group's id; what could mean two groups means none."""
        return _words((g.id, (g.id, g.title.vi, g.title.en)) for s in self.surveys.values() for g in s.groups)

    def answer_words(self, survey: Survey) -> dict[str, int]:
        """What a cell may say for an answer, to the answer's place."""
        words = _words((o.id, (o.id, o.title.vi, o.title.en)) for o in survey.options)
        place = {option.id: i for i, option in enumerate(survey.options)}
        return {word: place[id] for word, id in words.items()}

    @cached_property
    def column_words(self) -> dict[str, str]:
        """What a header may say for a question, to its fact; a leaf's code and title stand for its only fact."""
        items = self.methodology.scheme.items
        titles = {q.fact: (q.declared.title, self.title(q), self.asks(q)) for q in self.all}
        texts = {fact: [word for title in them for word in (title.vi, title.en)] for fact, them in titles.items()}
        return _words((q.fact, (*_names(q), *texts[q.fact], *_leaf(q, items))) for q in self.all)

    def answered(self, header: Sequence[str]) -> int:
        """How many questions a header has."""
        return len({self.column_words[n] for head in header for n in forms(head) if n in self.column_words})


def _names(question: Question) -> Iterable[str]:
    name = question_name(question.fact)
    return (question.fact, name, name.replace("_", ""))


def _leaf(question: Question, items: Mapping[str, object]) -> Iterable[str]:
    for code in question.leaves:
        title = items[code].title  # type: ignore[attr-defined]
        short = f"q_{slug(code)}"
        yield from (code, short, short.replace("_", ""), f"{code} {title.vi}", f"{code} {title.en}")


def _words(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for id, texts in named:
        for said in texts:
            for word in (fold(said), slug(said)):
                found.setdefault(word, set()).add(id)
    return {word: next(iter(ids)) for word, ids in found.items() if len(ids) == 1 and word}


@dataclass(frozen=True)
class Layout:
    """Which column holds what; `None` where an export has no such column."""

    header: tuple[str, ...]
    unit: int | None
    group: int
    token: int | None
    states: tuple[tuple[int, State], ...]
    questions: Mapping[str, int]
    copies: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Further columns of the same question, group or unit: versions of a form, or second copies of a question."""

    @property
    def used(self) -> frozenset[int]:
        """The columns that are read."""
        others = {self.unit, self.group, self.token} - {None, -1}
        first = others | set(self.questions.values()) | {i for i, _ in self.states}
        return frozenset(first | {i for copies in self.copies.values() for i in copies})  # type: ignore[arg-type]

    def taken(self) -> list[tuple[str, str]]:
        """What each column was taken for, in the order of the columns; "" for one that is not used."""
        roles = {self.unit: "unit", self.group: "group", self.token: "token"}
        roles |= {i: state.name for i, state in self.states}
        roles |= {place: fact for fact, place in self.questions.items()}
        roles |= {i: roles[first] for first, copies in self.copies.items() for i in copies}
        return [(head, roles.get(i, "")) for i, head in enumerate(self.header)]

    def repeats(self, questions: Questions, row: Sequence[str]) -> bool:
        """Whether a row is a header once more: its cells name the columns that they stand in."""
        facts = {place: fact for fact, place in self.questions.items()}
        words = {self.unit: UNIT, self.group: GROUP, self.token: TOKEN} | {i: s.heads for i, s in self.states}
        naming = 0
        for i in self.used:
            names = forms(row[i]) if i < len(row) else []
            fact = facts.get(i)
            if fact is not None:
                naming += any(questions.column_words.get(name) == fact for name in names)
            else:
                naming += any(name in words.get(i, ()) for name in names)
        return naming >= min(_NAMING, len(self.used))


_NAMING = 2


def layout(
    questions: Questions, header: Sequence[str], label: str, *, needs_unit: bool, place: str = "header"
) -> Layout:
    """Find the columns by their headers. Raises DocumentError with all that is missing or stands twice.

    `place` is where the header stands. What a header may say is told by `forms`.
    """
    problems: list[Problem] = []
    named = [forms(head) for head in header]
    stems = [_stem(head) for head in header]
    copies: dict[int, tuple[int, ...]] = {}

    def one(places: list[int], entry: str, /, **values: Any) -> int | None:
        """The first of several columns for one thing, with the others as its copies if their names say that."""
        if len(places) > 1 and len({_key(header[i]) for i in places}) > 1:
            a, b = quote(header[places[0]]), quote(header[places[1]])
            problems.append(problem(entry, label, place, a=a, b=b, **values))
        elif len(places) > 1:
            copies[places[0]] = tuple(places[1:])
        return places[0] if places else None

    answers: dict[str, list[int]] = {}
    for i, names in enumerate(named):
        fact = next((questions.column_words[n] for n in names if n in questions.column_words), None)
        if fact is None and stems[i]:
            fact = next((questions.column_words[n] for n in forms(stems[i]) if n in questions.column_words), None)
        if fact is not None:
            answers.setdefault(fact, []).append(i)
    roles: dict[str, int] = {}
    for fact, places in answers.items():
        roles[fact] = one(places, "column-twice.question", fact=fact) or places[0]
    taken = {i for places in answers.values() for i in places}

    def columns(words: Sequence[str]) -> list[int]:
        free = [i for i in range(len(header)) if i not in taken]
        return [i for i in free if set(words) & {*named[i], *forms(stems[i])}]

    unit = one(columns(UNIT), "column-twice", role=_role("unit"))
    group = one(columns(GROUP), "column-twice", role=_role("group"))
    taken |= {i for i in (unit, group) if i is not None} | {i for more in copies.values() for i in more}
    token = next((i for word in TOKEN for i, names in enumerate(named) if i not in taken and word in names), None)
    states = states_of(named, [i for i in range(len(header)) if i not in taken and i != token])
    if group is None and len(questions.groups) > 1:
        problems.append(problem("no-column.role", label, place, role=_role("group"), head=quote(GROUP[0])))
    if unit is None and needs_unit:
        problems.append(problem("no-column.unit", label, place, role=_role("unit"), head=quote(UNIT[0])))
    if not roles:
        wanted = [q.fact for q in questions.all[:3]]
        problems.append(problem("no-questions.columns", label, place, wanted=wanted))
    if problems:
        raise DocumentError(problems)
    return Layout(tuple(header), unit, -1 if group is None else group, token, states, roles, copies)


def _stem(head: str) -> str:
    """A head without what tools add to the second of two equal ones: `_001` (Kobo), `.1` (pandas); "" without that."""
    found = _COPY.fullmatch(head.strip())
    return "" if found is None else found[1] or found[2]


def _key(head: str) -> str:
    """What versions of one question have in common: the name without its groups and the number of a copy."""
    text = _stem(head) or head
    text = text.rpartition("/")[2]
    return slug(text if " " in text.strip() else text.rpartition("-")[2])


def forms(head: str) -> list[str]:
    """What a header may be called, the surest first: the whole; what follows each `/` (the groups of Kobo) or, where
    there are no spaces, each `-` (those of ODK Central); what precedes `. ` or `[` (code and text of LimeSurvey).
    """
    texts = [head, *(head.split("/", n)[n] for n in range(1, head.count("/") + 1))]
    if " " not in head.strip():
        texts += [head.split("-", n)[n] for n in range(1, head.count("-") + 1)]
    texts += [head.partition(". ")[0], head.partition("[")[0]]
    return list(dict.fromkeys(word for text in texts for word in (fold(text), slug(text)) if word))


def _role(name: str) -> Term:
    return Term("survey.roles", name)


def letter(column: int) -> str:
    """The letters of a column as a spreadsheet names it."""
    out, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        out = chr(65 + rest) + out
    return out
