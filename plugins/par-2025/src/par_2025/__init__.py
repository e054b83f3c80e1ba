"""The 2025 round of the PAR INDEX: 34 provinces, no district level; the scheme is taken over from 2024."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from par_engine import hookimpl


@hookimpl
def par_methodology(id: str) -> Traversable:
    """The folder of a methodology."""
    return files(__name__) / id.removeprefix("2025-")
