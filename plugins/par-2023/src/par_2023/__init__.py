"""The 2023 round of the PAR INDEX, as far as its scheme is published."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from par_engine import hookimpl


@hookimpl
def par_methodology(id: str) -> Traversable:
    """The folder of a methodology."""
    return files(__name__) / id.removeprefix("2023-")
