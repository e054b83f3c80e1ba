#!/usr/bin/env bash
# expected: a question's text is kept, or refused, when ballots go into an SPSS file; a column of Decimals becomes numbers.
# happens: pyreadstat cuts labels without a word, at 256 bytes for a question and 120 for an answer, so that a Vietnamese text loses its end a third earlier than an English one; Decimals become text. Stata's writer refuses the same label.
# engine: questions stay in the survey's own documents; statistics take figures by to_frame, where floats must be asked for.
# pyreadstat 1.3.7, pandas 3.0.6.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check pyreadstat==1.3.7 pandas==3.0.6 2>/dev/null
env/bin/python -W ignore - <<'PY' | tee seen.txt
import decimal
import pandas as pd, pyreadstat
question, answer = "Mức độ hài lòng " * 20, "Rất hài lòng " * 12
table = pd.DataFrame({"q": [1.0, 2.0], "points": [decimal.Decimal("82.10"), decimal.Decimal("1.5")]})
pyreadstat.write_sav(table, "t.sav", column_labels=[question, "points"], variable_value_labels={"q": {1.0: answer}})
read, meta = pyreadstat.read_sav("t.sav")
print("question", len(question), len(question.encode()), "->", len(meta.column_labels[0]), len(meta.column_labels[0].encode()))
kept = meta.variable_value_labels["q"][1.0]
print("answer", len(answer), len(answer.encode()), "->", len(kept), len(kept.encode()))
print("points", read.points.tolist())
try:
    pyreadstat.write_dta(table[["q"]], "t.dta", column_labels=[question])
except Exception as error:
    print(type(error).__name__)
PY
diff seen.txt - <<'SEEN'
question 320 460 -> 177 254
answer 156 204 -> 92 120
points ['82.10', '1.5']
ReadstatError
SEEN
