"""LEED v4 BD+C New Construction as a methodology."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from par_engine import hookimpl


@hookimpl
def par_methodology(id: str) -> Traversable:
    """The folder of the one methodology."""
    return files(__name__) / "new-construction"
