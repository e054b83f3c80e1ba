"""What every methodology should pass, for those of this plugin."""

from pathlib import Path

from par_engine.testing import MethodologySuite

CASES = Path(__file__).parent / "cases"


class TestTown(MethodologySuite):
    methodology = "example-town"
    cases = CASES
