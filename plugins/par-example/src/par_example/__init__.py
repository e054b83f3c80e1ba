"""A small made-up methodology: tutorial, test fixture and template of a year."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from importlib.resources import files
from importlib.resources.abc import Traversable

from par_engine import hookimpl


@hookimpl
def par_methodology(id: str) -> Traversable:
    """The folder of a methodology."""
    return files(__name__) / id.removeprefix("example-")


def per_head(loans: Fraction, people: Fraction, *, maximum: Fraction, half_at: Fraction) -> Fraction:
    """Half of the maximum at `half_at` loans a head, nearing the maximum as loans grow."""
    return maximum * loans / (loans + half_at * people)


@hookimpl
def par_rules() -> Mapping[str, Callable[..., Fraction]]:
    """The rules of this plugin's own."""
    return {"example.per_head": per_head}
