#!/usr/bin/env bash
# expected: each w:num of a Word file is a list of its own and begins at 1
# happens: lists of one w:abstractNum go on counting together (1, 2, then 3 in the "other" list); only w:startOverride begins again, once, and the first list then goes on from there; python-docx shows no number at all
# engine: par_engine/annex/numbering.py counts so, and gives the numbers of criteria as they are shown
# versions: LibreOffice 7.4, python-docx 1.2.0
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
root = document.part.numbering_part.element
definition, level = element("w:abstractNum", abstractNumId="90"), element("w:lvl", ilvl="0")
for name, value in (("start", "1"), ("numFmt", "decimal"), ("lvlText", "%1.")):
    level.append(element(f"w:{name}", val=value))
definition.append(level)
root.insert(0, definition)
for id, begin in (("90", None), ("91", None), ("92", "1")):
    made = element("w:num", numId=id)
    made.append(element("w:abstractNumId", val="90"))
    if begin is not None:
        change = element("w:lvlOverride", ilvl="0")
        change.append(element("w:startOverride", val=begin))
        made.append(change)
    root.append(made)
for id, text in (("90", "a"), ("90", "b"), ("91", "c"), ("92", "d"), ("90", "e"), ("92", "f")):
    properties, mark = document.add_paragraph(text)._p.get_or_add_pPr(), element("w:numPr")
    mark.append(element("w:ilvl", val="0"))
    mark.append(element("w:numId", val=id))
    properties.append(mark)
document.save("lists.docx")
seen = [paragraph.text for paragraph in docx.Document("lists.docx").paragraphs]
print(f"python-docx: {seen}")
assert seen == ["a", "b", "c", "d", "e", "f"], seen
PY
soffice -env:UserInstallation="file://$work/profile" --headless --convert-to txt:Text lists.docx >/dev/null 2>&1
seen=$(sed 's/^\xef\xbb\xbf//; s/^ *//' lists.txt | tr '\n' '|')
echo "LibreOffice: $seen"
test "$seen" = "1. a|2. b|3. c|1. d|2. e|3. f|"
