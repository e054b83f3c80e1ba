"""The 2021 round of the PAR INDEX, under the scheme of 1149/QĐ-BNV."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from par_engine import hookimpl


@hookimpl
def par_methodology(id: str) -> Traversable:
    """The folder of a methodology."""
    return files(__name__) / id.removeprefix("2021-")
