#!/usr/bin/env bash
# expected: a Strict Open XML workbook (a choice of Excel's "Save as") is read, or refused with an error
# happens: openpyxl opens it without an error and finds no sheet at all; calamine and LibreOffice read its cells
# engine: par_engine/annex/tables.py refuses Strict files by name and says how to save them
# versions: openpyxl 3.1.5, python-calamine 0.9.1, LibreOffice 7.4
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
soffice --version | tee "$work/version"
grep -q "LibreOffice 7\.4" "$work/version"
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import zipfile

import openpyxl
import python_calamine

book = openpyxl.Workbook()
book.active.append(["Tiêu chí", "Điểm tối đa"])
book.active.append(["Kế hoạch", 2])
book.save("transitional.xlsx")
with zipfile.ZipFile("transitional.xlsx") as archive, zipfile.ZipFile("strict.xlsx", "w") as out:
    for name in archive.namelist():
        data = archive.read(name)
        for old, new in (
            ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
            (
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        ):
            data = data.replace(old.encode(), new.encode())
        out.writestr(name, data)
for read_only in (False, True):
    names = openpyxl.load_workbook("strict.xlsx", read_only=read_only).sheetnames
    print(f"openpyxl {openpyxl.__version__}, read_only={read_only}: sheets {names}")
    assert names == [], names
rows = python_calamine.CalamineWorkbook.from_path("strict.xlsx").get_sheet_by_index(0).to_python()
print(f"calamine: {rows}")
assert rows == [["Tiêu chí", "Điểm tối đa"], ["Kế hoạch", 2.0]], rows
PY
soffice -env:UserInstallation="file://$work/profile" --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76' strict.xlsx >/dev/null 2>&1
echo "LibreOffice: $(tr '\n' '|' <strict.csv)"
test "$(head -1 strict.csv)" = "Tiêu chí,Điểm tối đa"
