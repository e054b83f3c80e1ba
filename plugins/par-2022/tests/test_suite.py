"""What every methodology should pass, for those of this plugin."""

from pathlib import Path

from par_engine.testing import MethodologySuite, PublishedSuite

CASES = Path(__file__).parent / "cases"
PUBLISHED = Path(__file__).parent / "published"


class TestProvince(MethodologySuite):
    methodology = "2022-province"
    cases = CASES


class TestMinistry(MethodologySuite):
    methodology = "2022-ministry"
    cases = CASES


class TestPublishedProvince(PublishedSuite):
    methodology = "2022-province"
    published = PUBLISHED / "provinces.csv"
