#!/usr/bin/env bash
# expected: a telephone parser refuses a mobile number with a letter typed among its digits, or two numbers in one cell.
# happens: phonenumbers drops the letter and calls the rest valid; what follows a semicolon becomes an extension.
# engine: lists of respondents refuse letters and second numbers before the parser is asked (survey/phones.py).
# phonenumbers 9.0.43
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'PY'
import phonenumbers

assert phonenumbers.__version__ == "9.0.43"
for text, extension in (("O912345678", None), ("0912E345678", None), ("0912345678a", None), ("0912345678;0987", "0987")):
    number = phonenumbers.parse(text, "VN")
    print(repr(text), phonenumbers.is_valid_number(number), number.national_number, number.extension)
    assert phonenumbers.is_valid_number(number)
    assert (number.national_number, number.extension) == (912345678, extension)
PY
