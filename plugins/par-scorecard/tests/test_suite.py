"""What every methodology should pass, for the one of this plugin."""

from pathlib import Path

from par_engine.testing import MethodologySuite


class TestScorecard(MethodologySuite):
    methodology = "openssf-scorecard"
    cases = Path(__file__).parent / "cases"
