#!/usr/bin/env bash
# expected: pycel evaluates the formulas of a workbook.
# happens: it gives the figure that is stored beside the formula until an input is set; of a file that XlsxWriter wrote without results every formula is 0, and after setting one input only what hangs on it is computed.
# engine: workbooks store the engine's figure beside every formula, so that a program which only shows what is stored shows the right one.
# pycel 1.0b30, XlsxWriter 3.3.1, openpyxl 3.1.5.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check pycel==1.0b30 XlsxWriter==3.3.1 openpyxl==3.1.5 2>/dev/null
env/bin/python -W ignore - <<'PY' | tee seen.txt
import xlsxwriter
from pycel import ExcelCompiler
book = xlsxwriter.Workbook("points.xlsx"); sheet = book.add_worksheet("S")
for row, given in enumerate((48, 50)):
    sheet.write_number(row, 0, given); sheet.write_formula(row, 1, f"=ROUND(A{row + 1}/50,2)")
book.close()
model = ExcelCompiler("points.xlsx")
print([model.evaluate(f"S!B{row}") for row in (1, 2)])
model.set_value("S!A1", 25)
print([model.evaluate(f"S!B{row}") for row in (1, 2)])
PY
diff seen.txt - <<'SEEN'
[0, 0]
[0.5, 0]
SEEN
