"""How many figures are off: the engine and hand-written floats against fractions. `python benchmarks/exactness.py`."""

from __future__ import annotations

import sys
from fractions import Fraction

import floats
import numpy as np
import synthetic
from lanes import evidence

import par_engine as par

ORDER = [leaf.code for leaf in synthetic.LEAVES]


def off(facts: synthetic.Columns, units: int) -> dict[str, tuple[int, int]]:
    """(figures off, figures compared) of the engine by kind of figure, and of the floats' printed figures."""
    methodology = par.from_document(synthetic.document())
    result = methodology.assess(evidence(methodology.scheme, facts, units))
    position = [methodology.scheme.position[code] for code in ORDER]
    points = result.sums.leaf_points[:, position]
    codes = result.sums.codes
    fields = (result.sums.points[:, [codes[str(f)] for f in range(1, 9)]] + 50) // 100
    totals = result.sums.points[:, codes["total"]]
    printed = floats.score(floats.bind(facts))[:, 100:]
    want = [synthetic.reference(facts, row) for row in range(units)]
    exact_totals = np.array([sum(row[0]) for row in want])
    hundredths = np.array([[*row[1], row[2]] for row in want])
    index = np.array([int(round_half_up(Fraction(int(t), 100))) for t in exact_totals])
    ranks = 1 + np.searchsorted(np.sort(-exact_totals), -exact_totals, side="left")
    float_off = np.rint(printed * 100).astype(np.int64) != hundredths
    return {
        "points": (int((points != np.array([row[0] for row in want])).sum()), points.size),
        "printed fields": (int((fields != hundredths[:, :8]).sum()), fields.size),
        "printed totals": (int(((totals + 50) // 100 != hundredths[:, 8]).sum()), units),
        "indices": (int((result.standing.index != index).sum()), units),
        "ranks": (int((result.standing.rank != ranks).sum()), units),
        "floats: printed fields": (int(float_off[:, :8].sum()), fields.size),
        "floats: printed totals": (int(float_off[:, 8].sum()), units),
    }


def round_half_up(x: Fraction) -> int:
    """x to the nearest whole number, ties upward."""
    return (2 * x.numerator + x.denominator) // (2 * x.denominator)


def main(units: int) -> None:
    """Print the table."""
    for name, facts in (("random", synthetic.columns(units)), ("adversarial", synthetic.adversarial(units // 5))):
        size = len(next(iter(facts.values())))
        print(f"{name}, {size:,} units")
        for what, (wrong, of) in off(facts, size).items():
            print(f"  {what:<24} {wrong:>9,} of {of:>12,} off  {wrong / of:8.3%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
