"""The 2023 round of the PAR INDEX: the scheme of 2022 with its own plan and results."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from par_engine import hookimpl


@hookimpl
def par_methodology(id: str) -> Traversable:
    """The folder of a methodology."""
    return files(__name__) / id.removeprefix("2023-")
