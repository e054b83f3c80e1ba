"""What the command line's own library says, which is English, in the language of the user."""

from __future__ import annotations

import re
from collections.abc import Callable

from par_engine.i18n.catalogue import Lang, entries, text

_HELP = "Show this message and exit."
_EXTRAS = re.compile(r"(.*?)(?:(?:^|  )\[([^\[\]]*)\])?", re.DOTALL)
_EXTRA = {"default: ": "default", "env var: ": "env-var", "required": "required"}
_SHOWN = {
    "[OPTIONS]": "options", "COMMAND": "command", "[ARGS]...": "args",
    "<path>": "path", "<str>": "str", "<int>": "int", "<float>": "float",
}  # fmt: skip


def heading(said: str, lang: Lang) -> str:
    """A heading of a help."""
    return entries("library.headings", lang).get(said, said)


def shown(words: str, lang: Lang) -> str:
    """An option or argument with what its value is."""
    known = entries("library.values", lang) if lang != "en" else {}
    for said, key in _SHOWN.items() if known else ():
        words = words.replace(said, known[key])
    return words


def told(help_: str, lang: Lang) -> str:
    """The help of an option: its text, and what the library adds in brackets."""
    found = _EXTRAS.fullmatch(help_)
    assert found is not None
    said, extra = found[1], found[2]
    if extra is not None and not any(extra.startswith(key) or key in extra for key in _EXTRA) and "=" not in extra:
        said, extra = help_, None
    if said == _HELP:
        said = text("library", "help", lang)
    for key, name in _EXTRA.items() if extra and lang != "en" else ():
        extra = extra.replace(key, text("library.extras", name, lang))
    return said if not extra else f"{said}  [{extra}]".strip()


_SAID = {
    "no-such-option": r"No such option: (?P<option>\S+?)\.?",
    "no-such-command": r"No such command '(?P<command>.*)'\.",
    "missing-command": r"Missing command\.",
    "missing": r"Missing (?P<kind>argument|option|parameter) (?P<names>.*?)\.",
    "missing-parameter": r"Missing parameter: (?P<parameter>.*)",
    "extra": r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)",
    "needs-value": r"Option '(?P<option>.*)' requires an argument\.",
    "needs-values": r"Option '(?P<option>.*)' requires (?P<count>\d+) arguments\.",
    "no-value": r"Option '(?P<option>.*)' does not take a value\.",
    "twice": r"Option '(?P<option>.*)' is given twice\.",
    "argument-values": r"Argument '(?P<argument>.*)' takes (?P<count>\d+) values\.?",
    "inner-value-error": r"Value error, (?P<message>.*)",
    "no-integer": r"Input should be a valid integer.*",
    "no-number": r"Input should be a valid (?:number|decimal).*",
    "at-least": r"Input should be greater than or equal to (?P<limit>\S+)",
    "more-than": r"Input should be greater than (?P<limit>\S+)",
    "at-most": r"Input should be less than or equal to (?P<limit>\S+)",
    "less-than": r"Input should be less than (?P<limit>\S+)",
    "inner-invalid": r"Invalid value: (?P<message>.*)",
    "invalid-for": r"Invalid value for (?P<names>.*?): (?P<message>.*)",
    "not-one-of": r"'(?P<value>.*)' is not one of (?P<choices>.*)\.",
    "not-a": r"'(?P<value>.*)' is not a valid (?P<type>.*)\.",
    "out-of-range": r"(?P<value>.*) is not in the range (?P<range>.*)\.",
    "no-file": r"(?:.*) '(?P<path>.*)' does not exist\.",
    "not-opened": r"Could not open file '(?P<path>.*)': (?P<reason>.*)",
}
"""What the library says, by its name in the catalogue; messages within messages have their text alone."""
_OFFER = re.compile(r"(.*?)\.? ?(?:\(?(?:Possible options|Did you mean(?: one of)?):? (.*?)\)?\??)", re.DOTALL)
_CHOICES = re.compile(r"(.*\.) Choose from:\s*(.*)", re.DOTALL)


def _or(names: str) -> str:
    """Names of one thing, as the library quotes them: `'--methodology' / '-m'`."""
    found = re.findall(r"'([^']*)'", names)
    return " / ".join(found) if found else names


_MEANT: dict[str, Callable[[str], str]] = {
    "names": _or,
    "message": lambda said: in_vietnamese(said),
    "kind": lambda said: text("library.kinds", said, "vi"),
    "choices": lambda said: said.replace("'", ""),
    "type": lambda said: entries("library.types", "vi").get(said.replace(" ", "-"), said),
}


def in_vietnamese(said: str) -> str:
    """A message of the library in Vietnamese; one that is not known as it is.

    >>> in_vietnamese("No such option: --fromat Did you mean --format?")
    'không có tùy chọn --fromat — có phải là --format?'
    """
    if offer := _OFFER.fullmatch(said):
        names = [name.strip(" '\"?") for name in re.split(r",| or ", offer[2])]
        first = in_vietnamese(offer[1] if offer[1].startswith("No such option") else f"{offer[1]}.")
        return text("library", "offer", "vi", message=first, names=tuple(filter(None, names)))
    if choices := _CHOICES.fullmatch(said):
        listed = " ".join(choices[2].split())
        return text("library", "choices", "vi", message=in_vietnamese(choices[1]), choices=listed)
    for name, pattern in _SAID.items():
        if found := re.fullmatch(pattern, said, re.DOTALL):
            values = {key: _MEANT.get(key, str)(value) for key, value in found.groupdict().items()}
            return text("library", name, "vi", **values)
    return said
