#!/usr/bin/env bash
# expected: the number format [$-42A]0.00 (Vietnamese, no currency) shows 82.5 as 82.50 or 82,50.
# happens: SheetJS shows "$82.50": a bracket that only names a language becomes a dollar sign; with a format of dates it is left out as it should be.
# engine: the Vietnamese workbooks carry this format, so what a script shows of them must come from the value and not from SheetJS' text.
# xlsx 0.18.5 (npm), XlsxWriter 3.3.1.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check XlsxWriter==3.3.1 2>/dev/null
npm install --silent --no-audit --no-fund xlsx@0.18.5 >/dev/null 2>&1
env/bin/python - <<'PY'
import xlsxwriter
book = xlsxwriter.Workbook("index.xlsx"); sheet = book.add_worksheet()
for row, form in enumerate(("[$-42A]0.00", "[$-42A]#,##0.00", "0.00", "[$-42A]dd/mm/yyyy")):
    sheet.write_number(row, 0, 82.5 if row < 3 else 44489, book.add_format({"num_format": form}))
book.close()
PY
node -e '
const X = require("xlsx"), s = X.readFile("index.xlsx").Sheets.Sheet1;
for (const a of ["A1", "A2", "A3", "A4"]) console.log(a, s[a].v, s[a].w)' | tee seen.txt
diff seen.txt - <<'SEEN'
A1 82.5 $82.50
A2 82.5 $82.50
A3 82.5 82.50
A4 44489 20/10/2021
SEEN
