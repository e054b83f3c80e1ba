#!/usr/bin/env bash
# expected: load_workbook(read_only=True, rich_text=True) gives text in pieces wherever it stands, so that a raised note mark can be told from a figure
# happens: pieces in shared strings come as CellRichText, the same pieces in the cell itself (as openpyxl writes them) come joined: 0,5 with mark 2 is "0,52"
# engine: par_engine/annex/tables.py reads the pieces of inline strings from the sheet's XML and leaves the mark out
# versions: openpyxl 3.1.5, python-calamine 0.9.1 (joins both)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
cd "$work"
"$work/venv/bin/python" - <<'PY'
import re
import zipfile

import openpyxl
import python_calamine
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

book = openpyxl.Workbook()
book.active["A1"] = CellRichText("0,5", TextBlock(InlineFont(vertAlign="superscript"), "2"))
book.save("inline.xlsx")
with zipfile.ZipFile("inline.xlsx") as archive:
    parts = {name: archive.read(name).decode() for name in archive.namelist()}
sheet = parts["xl/worksheets/sheet1.xml"]
assert 't="inlineStr"' in sheet, "openpyxl no longer writes pieces into the cell"
pieces = re.search(r"<is>(.*?)</is>", sheet, re.S)
parts["xl/worksheets/sheet1.xml"] = sheet.replace(pieces[0], "<v>0</v>").replace('t="inlineStr"', 't="s"')
main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}" count="1" uniqueCount="1"><si>{pieces[1]}</si></sst>'
kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
types = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", types)
with zipfile.ZipFile("shared.xlsx", "w") as archive:
    for name, text in parts.items():
        archive.writestr(name, text)

seen = {}
for file in ("inline", "shared"):
    for read_only in (False, True):
        book = openpyxl.load_workbook(f"{file}.xlsx", read_only=read_only, rich_text=True)
        value = next(book.active.iter_rows())[0].value
        seen[file, read_only] = type(value).__name__
        print(f"openpyxl {openpyxl.__version__} {file}, read_only={read_only}: {seen[file, read_only]} {str(value)!r}")
    rows = python_calamine.CalamineWorkbook.from_path(f"{file}.xlsx").get_sheet_by_index(0).to_python()
    print(f"calamine {file}: {rows}")
    assert rows == [["0,52"]], rows
want = {("inline", False): "CellRichText", ("inline", True): "str"}
want |= {("shared", False): "CellRichText", ("shared", True): "CellRichText"}
assert seen == want, seen
PY
