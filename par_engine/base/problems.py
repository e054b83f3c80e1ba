"""Problems as data: every fault the engine reports, with its place, the fact and what would put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from numbers import Integral
from typing import Any, Literal, NamedTuple, NoReturn, Protocol

from par_engine.base.names import bare
from par_engine.i18n.catalogue import Lang, Spoken, entries, text
from par_engine.i18n.foreign_messages import in_table, place_vi

LEFT = "more"
"""The code of the last problem, which counts those that are not listed."""
Severity = Literal["error", "warning"]
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CELL = re.compile(r"(?:(.+)!)?([A-Z]{1,3})([0-9]{1,7})(?::[A-Z]{1,3}[0-9]{1,7})?", re.DOTALL)
_DIGITS = re.compile("([0-9]{1,18})")


class Texts(Protocol):
    """What a problem says, in any language."""

    def what(self, lang: Lang) -> str:
        """The fact."""
        ...

    def hint(self, lang: Lang) -> str:
        """What would put it right; "" when there is nothing to say."""
        ...


class Entry(NamedTuple):
    """The texts of the catalogue under `[problem.NAME]`, filled in with `values`."""

    name: str
    values: tuple[tuple[str, Any], ...] = ()

    def what(self, lang: Lang) -> str:
        """The fact."""
        return text(f"problem.{self.name}", "what", lang, **dict(self.values))

    def hint(self, lang: Lang) -> str:
        """The known words that are near, when there are any; else the hint of the entry."""
        values = dict(self.values)
        if values.get("near"):
            return text("near", "hint", lang, near=values["near"])
        table = f"problem.{self.name}"
        return text(table, "hint", lang, **values) if "hint" in entries(table, lang) else ""


class FactOf(NamedTuple):
    """The fact of another problem, as a value in a text."""

    problem: Problem

    def get(self, lang: Lang) -> str:
        """The fact in `lang`."""
        return self.problem.texts.what(lang)


class Own(NamedTuple):
    """Texts that are not in the catalogue: a plugin's own. A Vietnamese one that is missing repeats the English one."""

    en: str
    hint_en: str = ""
    vi: str = ""
    hint_vi: str = ""

    def what(self, lang: Lang) -> str:
        """The fact."""
        return self.en if lang == "en" else self.vi or self.en

    def hint(self, lang: Lang) -> str:
        """What would put it right."""
        if lang == "en":
            return self.hint_en
        hint = self.hint_vi or self.hint_en
        return did_you_mean_vi(hint) or hint


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a document, at one place.

    `document` is a file name or a short label, `pointer` a JSON pointer into it (`/units/0/facts/x`), or a line and
    column of a table, which Vietnamese texts say in Vietnamese. `code` is stable and meant for programs; the texts are
    meant for people.
    """

    document: str
    pointer: str
    code: str
    texts: Texts
    severity: Severity = "error"

    @property
    def what(self) -> str:
        """The fact in English."""
        return self.texts.what("en")

    @property
    def hint(self) -> str:
        """The hint in English."""
        return self.texts.hint("en")

    @property
    def what_vi(self) -> str:
        """The fact in Vietnamese."""
        return self.texts.what("vi")

    @property
    def hint_vi(self) -> str:
        """The hint in Vietnamese."""
        return self.texts.hint("vi")

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What problems are sorted by where nothing else tells."""
        return self.document, self.pointer, self.code, self.what

    @property
    def where(self) -> str:
        """Document and pointer in one text."""
        return printable(" ".join(filter(None, (self.document, self.pointer))))

    def place(self, lang: Lang = "en") -> str:
        """Document and place as a text says them."""
        return self.where if lang == "en" else " ".join(filter(None, (self.document, place_vi(self.pointer))))

    def text(self, lang: Lang = "en") -> str:
        """The problem as one line of text."""
        hint = self.texts.hint(lang)
        return printable(f"{self.place(lang)}: {self.texts.what(lang)}" + (f" — {hint}" if hint else ""))

    def as_dict(self) -> dict[str, str]:
        """The problem as a JSON object of the report."""
        texts = {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "what": self.what,
            "hint": self.hint,
            "what_vi": self.what_vi,
            "hint_vi": self.hint_vi,
        }
        return {key: printable(text) for key, text in texts.items()}


def problem(entry: str, document: str, pointer: str = "", severity: Severity = "error", /, **values: Any) -> Problem:
    """A problem whose texts are in the catalogue under `[problem.ENTRY]`; its code is ENTRY up to the first point.

    `values` fill the texts' placeholders; `near`, known words that are near an unknown one, becomes the hint.
    """
    kept = tuple((name, _kept(value)) for name, value in values.items())
    return Problem(document, pointer, entry.partition(".")[0], Entry(entry, kept), severity)


def _kept(value: Any) -> Any:
    # a problem outlives what it was found in, is compared, and crosses from one process to another
    if isinstance(value, Mapping):  # it has a `get`, and is no text
        return tuple(value)
    if isinstance(value, (str, int, tuple, date, Spoken)):
        return value
    if isinstance(value, Integral):  # of an array
        return int(value)
    return tuple(value) if isinstance(value, Iterable) else str(value)


def own_problem(
    document: str,
    pointer: str,
    code: str,
    what: str,
    hint: str = "",
    severity: Severity = "error",
    what_vi: str = "",
    hint_vi: str = "",
) -> Problem:
    """A problem in words that are not the catalogue's."""
    return Problem(document, pointer, code, Own(what, hint, what_vi, hint_vi), severity)


MOST = 1000
"""Problems that are kept and listed: nobody reads more, and a file of one column can have millions."""
SUGGESTED = 20
"""Words for which the nearest known ones are looked up: each takes as long as a thousand other checks."""


class Found:
    """Problems as they are found in one document: the first thousand are kept, the others counted."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.kept: list[Problem] = []
        self.more = 0
        self._asked = 0

    def __bool__(self) -> bool:
        return bool(self.kept)

    def __len__(self) -> int:
        return len(self.kept) + self.more

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.all())

    @property
    def full(self) -> bool:
        """Whether another problem will only be counted, so that its texts need not be made."""
        return len(self.kept) >= MOST

    def add(self, problem: Problem) -> None:
        """Keep a problem, or count it."""
        if self.full:
            self.more += 1
        else:
            self.kept.append(problem)

    def patient(self) -> bool:
        """Whether the next word may be looked up among the known ones; it counts."""
        self._asked += 1
        return self._asked <= SUGGESTED

    def near(self, word: str, known: Iterable[str]) -> str:
        """`did_you_mean` for the first words that ask; "" for the others."""
        return did_you_mean(word, known) if self.patient() else ""

    def nearest(self, word: str, known: Iterable[str]) -> tuple[str, ...]:
        """`nearest` for the first words that ask; nothing for the others."""
        return nearest(word, known) if self.patient() else ()

    def all(self) -> list[Problem]:
        """What was kept, and at its end how many more there were."""
        if not self.more:
            return self.kept
        return [*self.kept, problem(LEFT, self.document, more=self.more)]


class ParError(Exception):
    """Anything that keeps the engine from a result: all problems at once, sorted by place.

    Places of tables and documents are sorted by their numbers, cells by sheet, row and column. Sheets and whatever else
    has a name of its own stand in the order in which the problems come.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = in_order(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))

    def __reduce__(self) -> tuple[type[ParError], tuple[tuple[Problem, ...]], dict[str, object]]:
        return type(self), (self.problems,), self.__dict__  # not the text: errors cross from one process to another


class DocumentError(ParError):
    """A file or text that cannot be read as a document at all."""


class MethodologyError(ParError):
    """A methodology that is not well formed, or whose parts contradict one another."""


class EvidenceError(ParError):
    """Evidence that a methodology cannot accept."""

    rest: object = None
    """What could be read besides, as Evidence, for who looks for more that is wrong; never to be assessed."""


class PluginError(ParError):
    """An installed distribution that does not keep the plugin contract."""


def fail(entry: str, document: str, pointer: str = "", /, **values: Any) -> NoReturn:
    """Raise the one problem that makes a whole document unreadable, as `problem` makes it."""
    raise DocumentError([problem(entry, document, pointer, **values)])


def fail_own(label: str, code: str, what: str, hint: str, vi: str = "", hint_vi: str = "", at: str = "") -> NoReturn:
    """The same in words that are not the catalogue's."""
    raise DocumentError([own_problem(label, at, code, what, hint, "error", vi, hint_vi)])


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of the documents that they stand in.

    >>> cells = [Problem("x.xlsx", f"Two!{cell}", "c", "w") for cell in ("F10", "F6")]
    >>> [p.pointer for p in in_order([*cells, Problem("x.xlsx", "One!A1", "c", "w"), Problem("x.xlsx", "", "c", "w")])]
    ['', 'Two!F6', 'Two!F10', 'One!A1']
    """
    found = tuple(dict.fromkeys(problems))
    names: dict[tuple[str, str], int] = {}
    cells = {problem.pointer: _CELL.fullmatch(problem.pointer) for problem in found}

    def place(problem: Problem) -> tuple[object, ...]:
        at, cell = problem.pointer, cells[problem.pointer]
        if cell is None and (not at or "/" in at or in_table(at)):
            return (problem.document, problem.code == LEFT, 0, _natural(at), problem.code, problem.what)
        name = names.setdefault((problem.document, at if cell is None else cell[1]), len(names) + 1)
        row = (int(cell[3]), len(cell[2]), cell[2]) if cell else (0, 0, "")
        return (problem.document, False, name, row, problem.code, problem.what)

    return tuple(sorted(found, key=place))


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    # /units/10 comes after /units/9: numbers inside a place are compared as numbers
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in _DIGITS.split(text) if p)


def pointer(*parts: str | int) -> str:
    """Join keys and positions to a JSON pointer (RFC 6901).

    >>> pointer("units", 0, "facts", "a/b")
    '/units/0/facts/a~1b'
    """
    joined = "/".join(map(str, parts))
    if "~" in joined or joined.count("/") >= max(len(parts), 1):
        joined = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return f"/{joined}" if parts else ""


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words nearest to `word`, quoted, at most three.

    Those that are the same without accents come before all others; then the nearest; then the nearest without accents.

    >>> nearest("apraisal", ["appraisal", "survey"]), nearest("Ban hanh", ["Ban hành", "Ban hàng"])
    (('"appraisal"',), ('"Ban hành"',))
    """
    import difflib

    words = list(dict.fromkeys(known))
    plain: dict[str, list[str]] = {}
    for name in words:
        plain.setdefault(bare(name), []).append(name)
    near = plain.get(bare(word), [])[:3]
    near = near or difflib.get_close_matches(word, words, n=3, cutoff=0.6)
    near = near or [n for key in difflib.get_close_matches(bare(word), plain, n=3, cutoff=0.6) for n in plain[key]][:3]
    return tuple(map(quote, near))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the known words nearest to `word`, or "" when none is near.

    >>> did_you_mean("apraisal", ["appraisal", "survey"])
    'did you mean "appraisal"?'
    """
    near = nearest(word, known)
    return text("near", "hint", "en", near=near) if near else ""


def printable(text: str) -> str:
    """A text without what steers a terminal, breaks a line or is half a character: such signs show as their escapes.

    >>> printable("a\x1b[2Jb\ud800")
    'a\\x1b[2Jb\\ud800'
    """
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _shown(value: object) -> str:
    """What Python prints for a value, without the address of an object, which differs from run to run."""
    try:
        return re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(repr(value).split()))
    except Exception:  # noqa: BLE001  (whatever a foreign object does when it is asked)
        return type(value).__name__


def spelled(value: object) -> str:
    """The text of a value from a foreign table, stripped: without the address of an object, which differs each run.

    >>> spelled(" a "), spelled(1.5), spelled((i for i in "a"))
    ('a', '1.5', '<generator object <genexpr>>')
    """
    if isinstance(value, str):
        return value.strip()
    try:
        return re.sub(r" at 0x[0-9a-fA-F]+", "", str(value)).strip()
    except Exception:  # noqa: BLE001  (whatever a foreign object does when it is asked)
        return type(value).__name__


def did_you_mean_vi(hint: str) -> str:
    """The Vietnamese of a hint of `did_you_mean`; "" for any other."""
    if not hint.startswith("did you mean"):
        return ""
    return hint.replace("did you mean", "có phải là").replace(" or ", " hoặc ")


def quote(value: object, limit: int = 60) -> str:
    """A value from outside as it is shown in a message: one line, cut when long, control characters escaped."""
    text = value if isinstance(value, str) else _shown(value)
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: limit + 1])
    return f'"{text[:limit]}…"' if len(text) > limit else f'"{text}"' if isinstance(value, str) else text
