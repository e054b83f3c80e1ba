#!/usr/bin/env bash
# expected: a pandera column declared as Decimal(6, 2) refuses 1.005, as it declares two decimals.
# happens: with coerce=True it rounds half to even without a word: 1.005 becomes 1.00 and 1.015 becomes 1.02; validation passes.
# engine: a fact with more decimals than it declares is a problem at its cell; nothing that is read is ever rounded.
# pandera 0.35.0, pandas 3.0.6.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check pandera==0.35.0 pandas==3.0.6 2>/dev/null
env/bin/python -W ignore - <<'PY' | tee seen.txt
import pandas as pd
import pandera.pandas as pa
two = pa.Column(pa.engines.pandas_engine.Decimal(6, 2), coerce=True)
print([str(x) for x in pa.DataFrameSchema({"points": two}).validate(pd.DataFrame({"points": ["1.005", "1.015", "2.675"]})).points])
PY
diff seen.txt - <<'SEEN'
['1.00', '1.02', '2.68']
SEEN
