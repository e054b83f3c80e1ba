#!/usr/bin/env bash
# expected: COUNTIF and SUMIF over cells that hold the texts "1.1", "1.10", "1.100" and "01.1" find "1.1" once.
# happens: LibreOffice finds one; Gnumeric, the Python package formulas and the npm package @formulajs/formulajs find four, and SUMIF adds the points of four criteria.
# engine: workbooks address points by the cell, never by looking a code up with COUNTIF or SUMIF.
# LibreOffice 7.4.7.2 and Gnumeric 1.12.55 (Debian 12), XlsxWriter 3.3.1, formulas 1.3.4, @formulajs/formulajs 4.6.1.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
soffice --version | grep -q ' 7\.4\.7\.2 ' || { echo "LibreOffice 7.4.7.2 is needed"; exit 2; }
ssconvert --version 2>&1 | grep -q "1\.12\.55" || { echo "Gnumeric 1.12.55 (ssconvert) is needed"; exit 2; }
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check XlsxWriter==3.3.1 formulas==1.3.4 openpyxl==3.1.5 2>/dev/null
npm install --silent --no-audit --no-fund @formulajs/formulajs@4.6.1 >/dev/null 2>&1
mkdir -p profile/user
cat >profile/user/registrymodifications.xcu <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
XML
env/bin/python - <<'PY'
import xlsxwriter
book = xlsxwriter.Workbook("codes.xlsx"); sheet = book.add_worksheet("S")
for row, (code, points) in enumerate([("1.1", 1), ("1.10", 2), ("1.100", 4), ("01.1", 8), ("1.2", 16), ("1.20", 32)]):
    sheet.write_string(row, 0, code); sheet.write_number(row, 1, points)
sheet.write_formula("D1", '=COUNTIF(A1:A6,"1.1")'); sheet.write_formula("E1", '=SUMIF(A1:A6,"1.1",B1:B6)')
sheet.write_formula("F1", '=SUMPRODUCT((A1:A6="1.1")*B1:B6)')
book.close()
PY
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to csv --outdir lo codes.xlsx >/dev/null 2>&1
ssconvert --recalc codes.xlsx gnumeric.csv >/dev/null 2>&1
{
  echo "COUNTIF, SUMIF, SUMPRODUCT"
  echo "LibreOffice $(head -1 lo/codes.csv | cut -d, -f4-6)"
  echo "Gnumeric $(head -1 gnumeric.csv | cut -d, -f4-6)"
  env/bin/python -W ignore 2>/dev/null - <<'PY'
import formulas
done = formulas.ExcelModel().loads("codes.xlsx").finish().calculate()
cells = {str(key).upper().rpartition("!")[2]: value for key, value in done.items()}
print("formulas", ",".join(str(int(cells[cell].value[0, 0])) for cell in ("D1", "E1", "F1")))
PY
  node -e 'const f = require("@formulajs/formulajs"); console.log("formulajs", f.COUNTIF(["1.1", "1.10", "1.100", "01.1"], "1.1"))'
} | tee seen.txt
diff seen.txt - <<'SEEN'
COUNTIF, SUMIF, SUMPRODUCT
LibreOffice 1,1,1
Gnumeric 4,15,1
formulas 4,15,1
formulajs 4
SEEN
