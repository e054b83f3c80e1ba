"""Every hook there is. Plugins provide values; the engine asks for them and never hands them the flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from par_engine.evidence.from_table import Table
    from par_engine.results.assessment import Assessment
    from par_engine.rules.own import Function

PROJECT = "par_engine"
METHODOLOGIES = "par_engine.methodologies"
PLUGINS = "par_engine.plugins"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class MethodologySpecs:
    """Hooks of a distribution with an entry point in group `par_engine.methodologies`."""

    @hookspec(firstresult=True)
    def par_methodology(self, id: str) -> Traversable | Mapping[str, Any] | None:
        """The methodology `id`: a folder of JSON files inside the package, or the whole document."""

    @hookspec
    def par_rules(self) -> Mapping[str, Function] | None:
        """The plugin's own rules by name, `<plugin>.<rule>`: plain functions of exact numbers."""


class PluginSpecs:
    """Hooks of a distribution with an entry point in group `par_engine.plugins`; the built-in ones use them too."""

    @hookspec
    def par_readers(self) -> Mapping[str, Callable[[bytes, Path], Mapping[str, Any] | Table]] | None:
        """Evidence readers by file suffix (`.json`): bytes to an evidence-1 document or a table."""

    @hookspec
    def par_renderers(self) -> Mapping[str, Callable[[Assessment], bytes]] | None:
        """Renderers by format name: an assessment to the bytes of a file."""
