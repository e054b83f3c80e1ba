"""What every methodology should pass, for those of this plugin."""

from pathlib import Path

from par_engine.testing import MethodologySuite

CASES = Path(__file__).parent / "cases"


class TestProvince(MethodologySuite):
    methodology = "2025-province"
    cases = CASES


class TestMinistry(MethodologySuite):
    methodology = "2025-ministry"
    cases = CASES
