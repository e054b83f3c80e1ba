#!/usr/bin/env bash
# expected: the same openpyxl saves the same workbook as the same bytes, whatever else is installed beside it
# happens: with lxml in the environment its XML parts are written otherwise (no space before "/>", namespaces in another order), so the bytes differ
# engine: par_engine/files/xlsx_writing.py `opened`: XlsxWriter writes every workbook, openpyxl only reads; .ci/matrix compares with and without lxml
# versions: openpyxl 3.1.5, et-xmlfile 2.0.0, lxml 6.0.2
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv v
v/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 et-xmlfile==2.0.0
cat >save.py <<'P'
import datetime, hashlib, zipfile
import openpyxl
book = openpyxl.Workbook()
sheet = book.active
sheet["A1"], sheet["B1"] = "Điểm tự đánh giá ", 62.92
sheet.merge_cells("A2:B2")
book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)
book.save("a.xlsx")
with zipfile.ZipFile("a.xlsx") as parts:
    for name in sorted(parts.namelist()):
        data = parts.read(name)
        if name == "docProps/core.xml":  # saving writes the clock there
            continue
        print(name, hashlib.sha256(data).hexdigest()[:16], data[:38])
P
v/bin/python save.py >without.txt
v/bin/pip install --quiet --disable-pip-version-check lxml==6.0.2
v/bin/python save.py >with.txt
diff without.txt with.txt && { echo "the same bytes: this has changed"; exit 1; }
test "$(diff without.txt with.txt | grep -c '^>')" -ge 3 && echo "openpyxl 3.1.5 writes other bytes when lxml is installed"
