"""Texts of a plugin's files: JSON that is easy to review, the pages for people, and the little Python there is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from par_engine.api import Methodology
from par_engine.authoring.functions import source_of
from par_engine.base.problems import pointer
from par_engine.hookspecs import METHODOLOGIES


def pretty(value: Any, indent: int = 0, width: int = 120) -> str:
    """JSON in which whatever fits into one line stands in one: lines of items and facts, easy to review.

    >>> print(pretty({"a": [1, 2]}))
    {"a": [1, 2]}
    """
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or (indent and len(line) + indent <= width):
        return line
    inner = indent + 2
    if isinstance(value, dict):
        rows = [f"{json.dumps(k, ensure_ascii=False)}: {pretty(v, inner, width - len(k))}" for k, v in value.items()]
    else:
        rows = [pretty(v, inner, width) for v in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return left + "".join(f"\n{' ' * inner}{row}," for row in rows)[:-1] + f"\n{' ' * indent}{right}"


def mentions(document: Any, year: str) -> Iterator[str]:
    """The places whose text names a year, as pointers: what a person must read again."""
    yield from _mentions(document, re.compile(rf"(?<!\d){re.escape(year)}(?![\d-])"), ())


def _mentions(value: Any, pattern: re.Pattern[str], at: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(value, str):
        if at[-1] in ("vi", "en") and pattern.search(value):  # not ids and dates: they may well be of another year
            yield pointer(*at)
    elif isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _mentions(inner, pattern, (*at, key))


def rulings_page(distribution: str, documents: Sequence[Mapping[str, Any]]) -> str:
    """RULINGS.md: what the data say, for people."""
    page = (
        f"# Diễn giải / Rulings of {distribution}\n\n"
        "Mỗi diễn giải là cách hiểu của chúng tôi về một chỗ chưa rõ; mục nào dùng thì dẫn số của nó. "
        "Văn bản này được đối chiếu tự động với dữ liệu.\n"
        "Each ruling is our reading of an unclear place; items cite it by number. A test holds this page to the data.\n"
    )
    for document in documents:
        page += f"\n## {document['id']}\n\n"
        page += "".join(f"- **{key}** {text['vi']}\n  {text['en']}\n" for key, text in document["rulings"].items())
    return page


def project(year: str, package: str, kinds: Sequence[str], engine: str) -> str:
    """pyproject.toml."""
    entries = "\n".join(f'{year}-{kind} = "{package}"' for kind in kinds)
    return f"""[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[project]
name = "par-{year}"
version = "0.1"
description = "Methodology of {year}"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["par-engine>={engine}"]

[project.entry-points."{METHODOLOGIES}"]
{entries}

[tool.setuptools.packages.find]
where = ["src"]

[tool.setuptools.package-data]
{package} = ["py.typed", "**/*.json"]
"""


def module(year: str, sources: Sequence[Methodology]) -> str:
    """The package's `__init__.py`: the hooks, and copies of the sources' own rules."""
    functions: dict[str, Callable[..., Any]] = {}
    for source in sources:
        for item in source.document.items:
            if item.rule is not None and "." in item.rule.name:
                functions[item.rule.name.partition(".")[2]] = source.scheme.functions[item.rule.name]
    imports, bodies = source_of(functions)
    lines = ["from importlib.resources import files", "from importlib.resources.abc import Traversable"]
    lines += ["from collections.abc import Callable, Mapping", "from fractions import Fraction"] if functions else []
    rules = ""
    if functions:
        rules = "\n\n@hookimpl\ndef par_rules() -> Mapping[str, Callable[..., Fraction]]:\n"
        rules += '    """The rules of this plugin\'s own."""\n    return {\n'
        rules += "".join(f'        "{year}.{name}": {f.__name__},\n' for name, f in functions.items()) + "    }\n"
    head = sorted({*lines, *imports})
    hook = (
        "\n\n@hookimpl\ndef par_methodology(id: str) -> Traversable:\n"
        f'    """The folder of a methodology."""\n    return files(__name__) / id.removeprefix("{year}-")\n'
    )
    body = "".join(f"\n\n{text}" for text in bodies)
    top = "\n".join(head) + "\n\nfrom par_engine import hookimpl\n"
    return f'"""The methodologies of {year}."""\n\n{top}{hook}{body}{rules}'


def suite(year: str, kinds: Sequence[str]) -> str:
    """The test module."""
    page = '"""What every methodology should pass, for those of this plugin."""\n\nfrom pathlib import Path\n\n'
    page += 'from par_engine.testing import MethodologySuite\n\nCASES = Path(__file__).parent / "cases"\n'
    for kind in kinds:
        title = "".join(word.capitalize() for word in kind.split("-"))
        page += f'\n\nclass Test{title}(MethodologySuite):\n    methodology = "{year}-{kind}"\n    cases = CASES\n'
    return page


def readme(year: str, documents: Mapping[str, Mapping[str, Any]], sources: Sequence[Methodology]) -> str:
    """README.md: where the content is from, and what is to do."""
    page = f"# par-{year}\n\n"
    for document, source in zip(documents.values(), sources, strict=True):
        page += f"`{document['id']}` — {document['title']['vi']} / {document['title']['en']}\n\n"
        page += f"Taken over from `{source.id}` ({source.fingerprint[:12]}). Nothing in it has been held against a\n"
        page += f"document of {year} yet: every number is `reconstructed`, and says so in every result.\n\n"
        places = list(mentions(document, source.id.partition("-")[0]))
        if places and source.id.partition("-")[0].isdigit():
            page += f"These texts still name {source.id.partition('-')[0]}: "
            page += ", ".join(f"`{place}`" for place in places) + ".\n\n"
    first = next(iter(documents.values()))["id"]
    return (
        page
        + f"""Việc cần làm / to do, in this order:

1. `sources.json`, `units.json`, `plan.json`: văn bản, đơn vị, thời hạn / the decision, the units, the dates.
2. `items.json`, `facts.json`: từng dòng theo quyết định; dòng nào đã đúng văn bản thì `basis` là `official` / what the
   decision says, row by row; `basis` becomes `official` where it does.
3. `par check .` đến khi không còn lỗi; `par diff` cho thấy khác gì / until it finds nothing; what has changed.
4. `par cases {first} tests/cases --suggest -o tests/cases/more.json`; đối chiếu từng trường hợp với quyết định rồi ghi
   `"confirmed": true` / hold each case against the decision and confirm it.
5. `tests/fingerprints.json`, `CHANGELOG.md` (figures affected), `RULINGS.md`, `pytest`.
"""
    )
