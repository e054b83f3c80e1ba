"""The aggregate as the tool computes it: a mean weighted by risk, inconclusive checks left out."""

from decimal import Decimal as D
from fractions import Fraction as F
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import par_engine as par

M = par.load("openssf-scorecard")
EXAMPLE = Path(__file__).parents[3] / "examples" / "openssf-scorecard.json"
TOOL = {
    "Pinned-Dependencies": F(5),
    "SAST": F(5),
    "Token-Permissions": F("7.5"),
}  # checks taken over as scores, by weight


def assess(facts: dict[str, Any]) -> par.UnitResult:
    units = [{"unit": "some/project", "facts": facts}]
    return M.assess({"methodology": M.id, "stage": "run", "units": units}).unit("some/project")


def test_the_example_by_hand() -> None:
    unit = M.assess(EXAMPLE).unit("example/steady")
    # 10 × 10 + 7.5 × (10 + 6 + 7 + 10 + 10 + 8 + 9 + 9) + 5 × (10 + 10 + 10 + 10) + 2.5 × (9 + 7 + 10 + 10), over the weights
    weights = 10 + F("7.5") * 8 + 5 * 4 + F("2.5") * 4
    points = 100 + F("7.5") * 69 + 5 * 40 + F("2.5") * 36
    assert unit.item("SAST").outcome == par.Outcome.MISSING  # inconclusive
    assert unit.points == D(round(points / weights * 10**4)) / 10**4
    assert (unit.total.max, unit.total.attainable) == (D(10), D(10))


def test_a_project_without_any_conclusive_check_has_no_score() -> None:
    unit = assess({})
    assert (unit.points, unit.index) == (None, None)


@given(st.dictionaries(st.sampled_from(sorted(TOOL)), st.integers(0, 10), min_size=1))
def test_inconclusive_checks_are_left_out_of_the_mean(scores: dict[str, int]) -> None:
    unit = assess({code.lower(): score for code, score in scores.items()})
    mean = sum((TOOL[code] * score for code, score in scores.items()), F(0)) / sum(TOOL[code] for code in scores)
    assert unit.points is not None and abs(F(unit.points) - mean) <= F(1, 2 * 10**4)


@given(st.integers(0, 40), st.integers(0, 40))
def test_shares_score_their_whole_tenths(tested: int, merged: int) -> None:
    tested, merged = sorted((tested, merged))
    unit = assess({"ci-tests.part": tested, "ci-tests.whole": merged})
    expected = None if merged == 0 else D(10 * tested // merged)
    assert unit.item("CI-Tests").points == expected
