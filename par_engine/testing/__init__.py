"""The testing room: cases in plain language, run against a methodology, and what they leave untouched."""

from par_engine.testing.cases import Case, CaseFile, Ran, read_cases, run
from par_engine.testing.coverage import Coverage, cover, suggest
from par_engine.testing.published import PublishedSuite
from par_engine.testing.suite import MethodologySuite

__all__ = [
    "Case",
    "CaseFile",
    "Coverage",
    "MethodologySuite",
    "PublishedSuite",
    "Ran",
    "cover",
    "read_cases",
    "run",
    "suggest",
]
