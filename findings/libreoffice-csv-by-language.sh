#!/usr/bin/env bash
# expected: a column of item codes in a CSV comes into Calc as text, or as numbers, whatever the language of the import; 1.234 is one number.
# happens: in Vietnamese 1.1, 1.10 and 01.1 stay three texts and 1.234 becomes 1234; in English (USA) they become the number 1.1 three times, 1.234 stays, and 12,5 is text.
# engine: a number that reads two ways is refused by name, codes are compared as text, and forms go out as workbooks whose cells have their type.
# LibreOffice 7.4.7.2 (Debian 12), openpyxl 3.1.5.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
soffice --version | grep -q ' 7\.4\.7\.2 ' || { echo "LibreOffice 7.4.7.2 is needed"; exit 2; }
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check openpyxl==3.1.5 2>/dev/null
printf '1.1;12,5\n1.10;1.234,5\n01.1;1.234\n' >table.csv
for language in 1066 1033; do # Vietnamese, English (USA)
  soffice "-env:UserInstallation=file://$work/profile" --headless --infilter="CSV:59,34,76,1,,$language,false,true" \
    --convert-to xlsx --outdir "$language" table.csv >/dev/null 2>&1
  env/bin/python - "$language" <<'PY'
import sys, openpyxl
rows = openpyxl.load_workbook(f"{sys.argv[1]}/table.xlsx").active.iter_rows(values_only=True)
print(sys.argv[1], *rows)
PY
done | tee seen.txt
diff seen.txt - <<'SEEN'
1066 ('1.1', 12.5) ('1.10', 1234.5) ('01.1', 1234)
1033 (1.1, '12,5') (1.1, '1.234,5') (1.1, 1.234)
SEEN
