#!/usr/bin/env bash
# expected: XlsxWriter's set_row(row, 32) writes a row 32 points high, in each release
# happens: since 3.3.0 the height is rounded to whole pixels of 96 dpi (0.75 points): 32 becomes 32.25, 15.5 becomes 15.75, 400 becomes 399.75; charts anchored below move too
# engine: pyproject.toml asks for XlsxWriter 3.3 or newer, so that a workbook has the same bytes with every release that is allowed; .ci/matrix compares
# versions: XlsxWriter 3.2.9 and 3.3.0
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv v
cat >rows.py <<'P'
import io, re, zipfile
import xlsxwriter
out = io.BytesIO()
book = xlsxwriter.Workbook(out)
sheet = book.add_worksheet()
for row, height in enumerate((32, 15.5, 16.5, 400)):
    sheet.set_row(row, height)
book.close()
print(*re.findall(r'<row [^>]* ht="([0-9.]+)"', zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()))
P
for version in 3.2.9 3.3.0; do
  v/bin/pip install --quiet --disable-pip-version-check "XlsxWriter==$version"
  echo "$version $(v/bin/python rows.py)"
done | tee seen.txt
diff seen.txt - <<'W'
3.2.9 32 15.5 16.5 400
3.3.0 32.25 15.75 16.5 399.75
W
