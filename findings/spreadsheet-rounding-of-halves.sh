#!/usr/bin/env bash
# expected: ROUND(x,2) of 0.005, 0.015 … 99.995 is rounded half up as printed, and ROUND(x*100,0) and TEXT(x,"0.00") say the same.
# happens: of 10,000 halves LibreOffice rounds none wrong by ROUND(x,2) but 572 by ROUND(x*100,0); Gnumeric 618, HyperFormula 572 by ROUND; both 4,800 by TEXT.
# engine: formulas of workbooks round by ROUND(…,n) alone, never by TEXT or by way of ROUND(x*100,0); tests hold LibreOffice to the engine, and what counts is the engine's own figure.
# LibreOffice 7.4.7.2 and Gnumeric 1.12.55 (Debian 12), XlsxWriter 3.3.1, hyperformula 3.5.0 (npm).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
soffice --version | grep -q ' 7\.4\.7\.2 ' || { echo "LibreOffice 7.4.7.2 is needed"; exit 2; }
ssconvert --version 2>&1 | grep -q "1\.12\.55" || { echo "Gnumeric 1.12.55 (ssconvert) is needed"; exit 2; }
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check XlsxWriter==3.3.1 2>/dev/null
npm install --silent --no-audit --no-fund hyperformula@3.5.0 >/dev/null 2>&1
mkdir -p profile/user
cat >profile/user/registrymodifications.xcu <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
XML
env/bin/python - <<'PY'
import xlsxwriter
book = xlsxwriter.Workbook("halves.xlsx"); sheet = book.add_worksheet()
for row, thousandth in enumerate(range(5, 100_000, 10)):
    a = f"A{row + 1}"
    sheet.write_number(row, 0, thousandth / 1000)
    for column, formula in enumerate((f"=ROUND({a},2)", f'=TEXT({a},"0.00")', f"=ROUND({a}*100,0)/100"), 1):
        sheet.write_formula(row, column, formula)
book.close()
PY
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to csv --outdir lo halves.xlsx >/dev/null 2>&1
ssconvert --recalc halves.xlsx gnumeric.csv >/dev/null 2>&1
cat >wrong.mjs <<'JS'
import pkg from 'hyperformula';
const { HyperFormula } = pkg, rows = [];
for (let k = 5; k < 100000; k += 10) { const a = `A${rows.length + 1}`; rows.push([k / 1000, `=ROUND(${a},2)`, `=TEXT(${a},"0.00")`, `=ROUND(${a}*100,0)/100`]); }
const engine = HyperFormula.buildFromArray(rows, { licenseKey: 'gpl-v3' });
console.log(engine.getSheetValues(0).map(row => row.join(',')).join('\n'));
JS
node wrong.mjs >hyperformula.csv
cat >seen.py <<'PY'
import csv, pathlib
for name, path in (("LibreOffice", "lo/halves.csv"), ("Gnumeric", "gnumeric.csv"), ("HyperFormula", "hyperformula.csv")):
    wrong = [0, 0, 0]
    for row, cells in enumerate(csv.reader(pathlib.Path(path).open())):
        hundredths = (5 + 10 * row + 5) // 10
        for column in range(3):
            wrong[column] += round(float(cells[column + 1]) * 100) != hundredths
    print(name, "wrong of 10000: ROUND(x,2)", wrong[0], "TEXT", wrong[1], "ROUND(x*100,0)", wrong[2])
PY
env/bin/python seen.py | tee seen.txt
diff seen.txt - <<'SEEN'
LibreOffice wrong of 10000: ROUND(x,2) 0 TEXT 0 ROUND(x*100,0) 572
Gnumeric wrong of 10000: ROUND(x,2) 618 TEXT 4800 ROUND(x*100,0) 618
HyperFormula wrong of 10000: ROUND(x,2) 572 TEXT 4800 ROUND(x*100,0) 572
SEEN
