#!/usr/bin/env bash
# expected: two cells that a spreadsheet calls equal share one rank.
# happens: LibreOffice says 0.1+0.2=0.3 is TRUE, counts both by COUNTIF, calls their difference 0, and gives them the ranks 1 and 2; Gnumeric ranks both 1.
# engine: the league of a workbook ranks by a figure that was rounded first, never by a bare sum; ranks of a result come from fractions.
# LibreOffice 7.4.7.2 and Gnumeric 1.12.55 (Debian 12), XlsxWriter 3.3.1.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
soffice --version | grep -q ' 7\.4\.7\.2 ' || { echo "LibreOffice 7.4.7.2 is needed"; exit 2; }
ssconvert --version 2>&1 | grep -q "1\.12\.55" || { echo "Gnumeric 1.12.55 (ssconvert) is needed"; exit 2; }
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check XlsxWriter==3.3.1 2>/dev/null
mkdir -p profile/user
cat >profile/user/registrymodifications.xcu <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
XML
env/bin/python - <<'PY'
import xlsxwriter
book = xlsxwriter.Workbook("equal.xlsx"); sheet = book.add_worksheet()
sheet.write_formula(0, 0, "=0.1+0.2"); sheet.write_number(1, 0, 0.3)
formulas = ["=IF(A1=A2,1,0)", "=COUNTIF(A1:A2,0.3)", "=IF(A1>A2,1,0)", "=RANK(A1,A1:A2)", "=RANK(A2,A1:A2)"]
for column, formula in enumerate(formulas, 1):
    sheet.write_formula(0, column, formula)
book.close()
PY
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to csv --outdir lo equal.xlsx >/dev/null 2>&1
ssconvert --recalc equal.xlsx gnumeric.csv >/dev/null 2>&1
{ echo "equal, counted, greater, rank, rank"; echo "LibreOffice $(head -1 lo/equal.csv | cut -d, -f2-)"; echo "Gnumeric $(head -1 gnumeric.csv | cut -d, -f2-)"; } | tee seen.txt
diff seen.txt - <<'SEEN'
equal, counted, greater, rank, rank
LibreOffice 1,2,0,1,2
Gnumeric 1,2,0,1,1
SEEN
