#!/usr/bin/env bash
# expected: a loop mark for a table row, with words typed in the next cell of that row, keeps the words or raises an error
# happens: docxtpl takes the whole row (paragraph) of {%tr …%} ({%p …%}) away with every word in it, in silence and with success
# engine: par_engine/publish/marks.py refuses such a mark by paragraph; report.py holds each finished report against its marks
# versions: docxtpl 0.20.2, python-docx 1.2.0, jinja2 3.1.6
set -euo pipefail
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
python3 -m venv "$WORK/venv"
"$WORK/venv/bin/pip" install -q --disable-pip-version-check docxtpl==0.20.2 python-docx==1.2.0 jinja2==3.1.6
cd "$WORK"
cat >run.py <<'P'
import docx
from docxtpl import DocxTemplate

doc = docx.Document()
doc.add_paragraph("Căn cứ Quyết định 838: {%p if rows %}")
doc.add_paragraph("{%p endif %}")
table = doc.add_table(rows=3, cols=2)
table.cell(0, 0).text, table.cell(0, 1).text = "{%tr for r in rows %}", "Tổng cộng: 76,5 điểm"
table.cell(1, 0).text = "{{ r }}"
table.cell(2, 0).text = "{%tr endfor %}"
doc.save("in.docx")
made = DocxTemplate("in.docx")
made.render({"rows": ["1.1", "1.2"]})
made.save("out.docx")
out = docx.Document("out.docx")
words = " ".join(p.text for p in out.paragraphs) + " | " + " ".join(c.text for r in out.tables[0].rows for c in r.cells)
print("rendered:", " ".join(words.split()))
assert "1.1" in words and "1.2" in words
assert "838" not in words and "76,5" not in words, "the words are kept now"
P
"$WORK/venv/bin/python" run.py
