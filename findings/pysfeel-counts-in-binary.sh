#!/usr/bin/env bash
# expected: FEEL, the language of decision tables, counts in decimals: 0.1 + 0.2 = 0.3 is true, decimal(2.675, 2) is 2.68 (half to even), the mean of 82.13 and 82.14 is 82.135.
# happens: pySFeel (under pyDMNrules) counts in doubles: false, 2.67, 82.13499999999999; and 9007199254740993 becomes …992.
# engine: points, sums, means and roundings are whole numbers or fractions; no decision table of this kind decides a point.
# pySFeel 1.4.2.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check pySFeel==1.4.2 2>/dev/null
env/bin/python -W ignore - <<'PY' | tee seen.txt
import pySFeel
parser = pySFeel.SFeelParser()
for text in ("0.1 + 0.2 = 0.3", "decimal(2.675, 2)", "mean([82.13, 82.14])", "9007199254740993"):
    print(text, "->", parser.sFeelParse(text)[1])
PY
diff seen.txt - <<'SEEN'
0.1 + 0.2 = 0.3 -> False
decimal(2.675, 2) -> 2.67
mean([82.13, 82.14]) -> 82.13499999999999
9007199254740993 -> 9007199254740992.0
SEEN
