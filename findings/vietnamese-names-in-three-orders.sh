#!/usr/bin/env bash
# expected: the collation of Vietnamese is one: glibc's vi_VN, ICU's vi and the Unicode default table sort the names of provinces alike.
# happens: three orders. glibc puts Đắk Lắk before Đà Nẵng and Hải Phòng before Hà Nam, ICU the other way round, and Cao Bằng before Cần Thơ; the Unicode default (pyuca) puts Đà Nẵng before "Dak" (đ is a d there).
# engine: one order of its own for tables, pages, PDF and workbooks: syllable by syllable, letters before tones, the same on every machine.
# glibc 2.36 (Debian 12, package locales), ICU of Node.js, pyuca 1.2.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
getconf GNU_LIBC_VERSION | grep -qx "glibc 2.36" || { echo "glibc 2.36 is needed"; exit 2; }
localedef -i vi_VN -f UTF-8 "$work/vi_VN.UTF-8" 2>/dev/null || test -d "$work/vi_VN.UTF-8"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check pyuca==1.2 2>/dev/null
printf '%s\n' "Đà Nẵng" "Đắk Lắk" "Dak" "Hà Nam" "Hải Phòng" "Cần Thơ" "Cao Bằng" >names.txt
{
  echo "glibc $(LOCPATH=$work LC_ALL=vi_VN.UTF-8 sort names.txt | paste -sd, -)"
  echo "ICU $(node -p 'require("fs").readFileSync("names.txt","utf8").trim().split("\n").sort(new Intl.Collator("vi").compare).join()')"
  env/bin/python - <<'PY'
import pathlib, pyuca
names = pathlib.Path("names.txt").read_text(encoding="utf-8").split("\n")[:-1]
print("pyuca", ",".join(sorted(names, key=pyuca.Collator().sort_key)))
PY
} | tee seen.txt
diff seen.txt - <<'SEEN'
glibc Cần Thơ,Cao Bằng,Dak,Đắk Lắk,Đà Nẵng,Hải Phòng,Hà Nam
ICU Cao Bằng,Cần Thơ,Dak,Đà Nẵng,Đắk Lắk,Hà Nam,Hải Phòng
pyuca Cần Thơ,Cao Bằng,Đà Nẵng,Dak,Đắk Lắk,Hà Nam,Hải Phòng
SEEN
