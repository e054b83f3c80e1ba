#!/usr/bin/env bash
# expected: a connection with PRAGMA query_only = ON that runs one SELECT leaves the database file as it is, whatever log lies beside it.
# happens: it takes over the -wal of another copy of the database, shows that copy's rows, and on closing writes them into the file for good and deletes the log; "ok" says integrity_check. With mode=ro the file stays, but a -shm stays behind too.
# engine: par_engine/round/beside.py lets SQLite recover a copy, and takes a log over only when every entry of the file is in the recovered chain; readers open the file immutable.
# versions: apsw 3.54.1.0 with its own SQLite 3.54.1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0 2>/dev/null
cd "$work"
cat > meet.py <<'PY'
import hashlib, os, pathlib, shutil
import apsw

assert apsw.sqlite_lib_version() == "3.54.1", apsw.sqlite_lib_version()
digest = lambda: hashlib.sha256(open("round.db", "rb").read()).hexdigest()[:12]
beside = lambda: sorted(name for name in os.listdir() if name.startswith("round.db"))
uri = pathlib.Path("round.db").absolute().as_uri()
URI = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE


def add(connection, *texts):
    for text in texts:
        connection.execute("INSERT INTO entry VALUES (?)", (text,))


first = apsw.Connection("round.db")
first.execute("PRAGMA journal_mode = WAL")
first.execute("CREATE TABLE entry (text)")
add(first, "1 both", "2 both")
first.close()
shutil.copy("round.db", "there.db")  # the folder is synchronised to another machine

there = apsw.Connection("there.db")
add(there, "3 there")
shutil.copy("there.db-wal", "kept")  # its log is synchronised back while it is still open there
there.close()
here = apsw.Connection("round.db")
add(here, "3 here", "4 here")
here.close()
before = digest()

shutil.copy("kept", "round.db-wal")
reader = apsw.Connection(uri + "?mode=ro", flags=apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READONLY)
print("mode=ro reads:   ", [row[0] for row in reader.execute("SELECT text FROM entry")])
reader.close()
print("mode=ro leaves:  ", beside(), "file changed:", digest() != before)
assert digest() == before and beside() == ["round.db", "round.db-shm", "round.db-wal"], beside()

reader = apsw.Connection(uri + "?mode=rw", flags=URI)
reader.execute("PRAGMA query_only = ON")
seen = [row[0] for row in reader.execute("SELECT text FROM entry")]
check = reader.execute("PRAGMA integrity_check").get
reader.close()
print("query_only reads:", seen, check)
print("and leaves:      ", beside(), "file changed:", digest() != before)
assert seen == ["1 both", "2 both", "3 there"] and check == "ok"
assert beside() == ["round.db"] and digest() != before
PY
venv/bin/python meet.py
