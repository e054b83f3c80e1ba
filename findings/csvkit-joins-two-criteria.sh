#!/usr/bin/env bash
# expected: csvjoin on a column of item codes keeps 1.1 and 1.10 apart; csvsort leaves the cells that it does not sort by as they are.
# happens: csvjoin joins each of the two with both (every fact lands at two criteria); csvsort writes 1 and 0 as True and False, and 82,50 as 8250 with 1.234,50 as 1.23450.
# engine: codes are text in every reader, yes and no may be 1, 0, true or false, and a figure with a comma is parsed or refused by name; with csvkit itself, -I (no inference) keeps the cells.
# csvkit 2.2.0, agate 1.14.2.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check csvkit==2.2.0 agate==1.14.2 2>/dev/null
printf 'code,done\n1.1,1\n1.10,0\n' >facts.csv
printf 'code,agency\n1.1,Justice\n1.10,Finance\n' >owners.csv
printf 'unit;index\nA;82,50\nB;1.234,50\n' >comma.csv
{
  env/bin/csvjoin -c code facts.csv owners.csv
  env/bin/csvsort -c code facts.csv
  env/bin/csvsort -d ';' -c unit comma.csv
  env/bin/csvjoin -I -c code facts.csv owners.csv
} | tee seen.txt
diff seen.txt - <<'SEEN'
code,done,agency
1.1,True,Justice
1.1,True,Finance
1.10,False,Justice
1.10,False,Finance
code,done
1.1,True
1.10,False
unit,index
A,8250
B,1.23450
code,done,agency
1.1,1,Justice
1.10,0,Finance
SEEN
