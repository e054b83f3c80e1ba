"""Texts by key and language. A table of the catalogue is parsed when one of its texts is first asked for."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

Lang = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = ("vi", "en")
_HEAD = re.compile(r"^\[([^\]\n]+)\]$", re.MULTILINE)


@runtime_checkable
class Spoken(Protocol):
    """What has a text in every language."""

    def get(self, lang: Lang, /) -> str:
        """The text in `lang`."""
        ...


class Term(NamedTuple):
    """A text of the catalogue as a value in another: `Term("outcomes", "missing")`."""

    table: str
    name: str
    values: tuple[tuple[str, Any], ...] = ()

    def get(self, lang: Lang) -> str:
        """The text in `lang`."""
        return text(self.table, self.name, lang, **dict(self.values))


class Said(NamedTuple):
    """A value that each language says in its own way."""

    vi: str
    en: str

    def get(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.vi if lang == "vi" else self.en


def text(table: str, name: str, lang: Lang, /, **values: Any) -> str:
    """One text, its `{placeholders}` filled in. Raises KeyError for one that the catalogue does not have.

    Days are written as the language does, what is `Spoken` in its words. `{count:n}` groups thousands, `{names:,}`,
    `{names:or}` and `{names:and}` join, `{count:s}` is the English plural's letter.
    """
    template = entries(table, lang)[name]
    return _WRITERS[lang].format(template, **values) if values else template


def entries(table: str, lang: Lang) -> Mapping[str, str]:
    """All texts of a table, in the order of the file."""
    return _parsed(table, lang)


@cache
def tables(lang: Lang) -> Mapping[str, str]:
    """The catalogue's tables by name, each as the text that it is in the file."""
    source = files("par_engine.i18n").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(source))
    ends = [head.start() for head in heads[1:]] + [len(source)]
    return {head[1]: source[head.end() : end] for head, end in zip(heads, ends, strict=True)}


@cache
def _parsed(table: str, lang: Lang) -> Mapping[str, str]:
    return tomllib.loads(tables(lang)[table])


class _Writer(string.Formatter):
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "n":
                return f"{value:,}" if self.lang == "en" else f"{value:,}".replace(",", ".")
            case "s":
                return "" if value == 1 else "s"
            case "," | "or" | "and":
                return self._joined([self._written(part) for part in value], format_spec)
            case "":
                return self._written(value)
        return format(value, format_spec)

    def _joined(self, parts: Sequence[str], how: str) -> str:
        if how == ",":
            return ", ".join(parts)
        last = text("format", how, self.lang)
        return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))

    def _written(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Spoken):
            return value.get(self.lang)
        if isinstance(value, date):
            return value.strftime("%d/%m/%Y") if self.lang == "vi" else value.isoformat()
        return str(value)


_WRITERS: Mapping[Lang, _Writer] = {lang: _Writer(lang) for lang in LANGS}
