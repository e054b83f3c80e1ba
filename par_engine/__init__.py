"""par-engine: turns evidence into an official score. Exact, explained, and without knowledge of any year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from par_engine.api import Assessment, Methodology, from_document, from_folder, load
    from par_engine.base.problems import (
        DocumentError,
        EvidenceError,
        MethodologyError,
        ParError,
        PluginError,
        Problem,
        own_problem,
    )
    from par_engine.base.types import Ballots, Outcome
    from par_engine.evidence.model import Evidence
    from par_engine.hookspecs import hookimpl
    from par_engine.plugins import Listing, installed
    from par_engine.results.assessment import UnitResult
    from par_engine.results.explain import Explanation
    from par_engine.results.figures import Figure

    __version__: str

# where each public name lives: looked up on first use, so that `import par_engine` costs next to nothing
_HOMES = {
    "api": ("Assessment", "Methodology", "from_document", "from_folder", "load"),
    "base.problems": (
        "DocumentError",
        "EvidenceError",
        "MethodologyError",
        "ParError",
        "PluginError",
        "Problem",
        "own_problem",
    ),
    "evidence.model": ("Evidence",),
    "results.explain": ("Explanation",),
    "hookspecs": ("hookimpl",),
    "plugins": ("Listing", "installed"),
    "base.types": ("Ballots", "Outcome"),
    "results.assessment": ("UnitResult",),
    "results.figures": ("Figure",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Assessment",
    "Ballots",
    "DocumentError",
    "Evidence",
    "EvidenceError",
    "Explanation",
    "Figure",
    "Listing",
    "Methodology",
    "MethodologyError",
    "Outcome",
    "ParError",
    "PluginError",
    "Problem",
    "UnitResult",
    "__version__",
    "from_document",
    "from_folder",
    "hookimpl",
    "installed",
    "load",
    "own_problem",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module, metadata

    if name == "__version__":
        return metadata.version("par-engine")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
