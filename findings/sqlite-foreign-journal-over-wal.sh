#!/usr/bin/env bash
# expected: a database in WAL mode has its log in -wal, so a rollback journal that lies beside it, of another database, is no part of it.
# happens: SELECT alone plays the foreign -journal back over the WAL database: its table becomes the other database's, confirmed rows are gone, and integrity_check says "ok".
# engine: par_engine/round/beside.py refuses any -journal beside a round before SQLite opens it, and par round init refuses to make a file beside one.
# versions: apsw 3.54.1.0 with its own SQLite 3.54.1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0 2>/dev/null
cd "$work"
cat > meet.py <<'PY'
import hashlib, shutil
import apsw

assert apsw.sqlite_lib_version() == "3.54.1", apsw.sqlite_lib_version()
digest = lambda: hashlib.sha256(open("round.db", "rb").read()).hexdigest()[:12]

# a program on another machine was stopped while it wrote to its own database of the same name
other = apsw.Connection("other.db")
other.execute("CREATE TABLE entry (who)")
other.execute("INSERT INTO entry VALUES ('other')")
other.execute("PRAGMA cache_size = 1")
other.execute("BEGIN")
for _ in range(9):
    other.execute("INSERT INTO entry VALUES (zeroblob(4000))")
shutil.copy("other.db-journal", "kept")
other.close()

mine = apsw.Connection("round.db")
assert mine.execute("PRAGMA journal_mode = WAL").get == "wal"
mine.execute("CREATE TABLE entry (who)")
for who in ("one", "two", "three", "four"):
    mine.execute("INSERT INTO entry VALUES (?)", (who,))
mine.close()  # everything is in the file itself now; no -wal is left
before = digest()

shutil.copy("kept", "round.db-journal")  # what a synchronised folder brings
reader = apsw.Connection("round.db")
seen = [row[0] for row in reader.execute("SELECT who FROM entry")]
check = reader.execute("PRAGMA integrity_check").get
reader.close()
print("written:  one two three four")
print("read:    ", *seen)
print("check:   ", check)
print("the file:", "changed by reading" if digest() != before else "as it was")
assert seen == ["other"], seen
assert check == "ok", check
assert digest() != before
PY
venv/bin/python meet.py
