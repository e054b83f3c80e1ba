#!/usr/bin/env bash
# expected: converting a Word file without a screen gives its text as accepted, or at least marks what tracking has deleted
# happens: LibreOffice puts words and rows deleted under tracking into text and PDF: a deleted 8 before 90% is "890%", a deleted row is a row; python-docx drops the words and keeps the row
# engine: par_engine/annex/word.py and grid.py leave deleted words and rows out of an annex and say so
# versions: LibreOffice 7.4, python-docx 1.2.0, pdftotext
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-docx==1.2.0
soffice --version | tee "$work/version"
grep -q "LibreOffice 7\.4" "$work/version"
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def element(name, **attributes):
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


document = docx.Document()
paragraph = document.add_paragraph("Từ ")
deleted, run, text = element("w:del", id="1", author="a"), element("w:r"), element("w:delText")
text.text = "8"
run.append(text)
deleted.append(run)
paragraph._p.append(deleted)
paragraph.add_run("90% trở lên: 2")
table = document.add_table(rows=2, cols=1)
table.rows[0].cells[0].text, table.rows[1].cells[0].text = "giữ", "bỏ"
table.rows[1]._tr.get_or_add_trPr().append(element("w:del", id="2", author="a"))
document.add_paragraph()
document.save("tracked.docx")
again = docx.Document("tracked.docx")
seen = again.paragraphs[0].text, [row.cells[0].text for row in again.tables[0].rows]
print(f"python-docx {docx.__version__ if hasattr(docx, '__version__') else ''}: {seen}")
assert seen == ("Từ 90% trở lên: 2", ["giữ", "bỏ"]), seen
PY
for kind in txt:Text pdf; do
  soffice -env:UserInstallation="file://$work/profile" --headless --convert-to "$kind" tracked.docx >/dev/null 2>&1
done
pdftotext tracked.pdf from-pdf.txt
for file in tracked.txt from-pdf.txt; do
  echo "$file: $(tr '\n' '|' <"$file")"
  grep -q "890% trở lên: 2" "$file"
  grep -q "^bỏ" "$file"
done
