"""The manual is true: its Python runs page after page, and it names every rule, setting, hook and outcome."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from par_engine import hookspecs
from par_engine.base.types import Outcome
from par_engine.methodology.model import RULE_NAMES, Settings

MANUAL = Path(__file__).parents[2] / "methodology"
PAGES = list(re.findall(r"\]\((\w+\.md)\)", (MANUAL / "README.md").read_text(encoding="utf-8")))


def blocks(page: str, language: str) -> list[str]:
    text = (MANUAL / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_runs(page: str) -> None:
    namespace: dict[str, Any] = {}
    # later pages lean on the names of the earlier ones
    for earlier in PAGES[: PAGES.index(page) + 1]:
        for block in blocks(earlier, "python"):
            exec(compile(block, earlier, "exec"), namespace)  # noqa: S102
    for block in blocks(page, "json"):
        json.loads(block)


def test_all_pages_are_on_the_map() -> None:
    assert sorted(PAGES) == sorted(path.name for path in MANUAL.glob("*.md") if path.name != "README.md")


def test_every_rule_has_a_section_with_an_example() -> None:
    text = (MANUAL / "rules.md").read_text(encoding="utf-8")
    for name in RULE_NAMES:
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert "```python" in section, name


def test_every_setting_outcome_and_hook_is_explained() -> None:
    model = (MANUAL / "model.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`{name}`" not in model] == []
    missing = (MANUAL / "missing.md").read_text(encoding="utf-8")
    assert [outcome for outcome in Outcome if outcome.value.replace("_", " ") not in missing] == []
    writing = (MANUAL / "writing.md").read_text(encoding="utf-8")
    for specs in (hookspecs.MethodologySpecs, hookspecs.PluginSpecs):
        for name, hook in vars(specs).items():
            if name.startswith("par_"):
                arguments = ", ".join(p for p in inspect.signature(hook).parameters if p != "self")
                assert f"`{name}({arguments})`" in writing
