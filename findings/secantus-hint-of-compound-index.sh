#!/usr/bin/env bash
# secantusdb 0.7.0b3 (PyPI), with pymongo 4.15.3: with an index on a list and a time, the newest of a key are found by
# reading all documents of the key, whatever the limit; naming that very index as the hint makes the same find an order of
# magnitude slower, as slow as reading the whole collection. MongoDB walks the index and stops at the limit, with or
# without the hint. So a page of a common key costs as much as all of it, and a hint must not be given.
# Seen with 10,000 documents, 1,000 of the key, on a busy machine: 100 ms for the 20 newest, 68 ms for all, 1,419 ms with the hint.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet secantusdb==0.7.0b3 pymongo==4.15.3
mkdir "$folder/data"
port=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/python" -I -c 'import sys, secantus.cli as cli; sys.exit(cli.main())' \
  --storage-path "$folder/data" --host 127.0.0.1 --port "$port" --standalone --log-level WARNING &
server=$!
"$folder/venv/bin/python" - "$port" <<'PY'
import statistics, sys, time
from pymongo import MongoClient

people = MongoClient("127.0.0.1", int(sys.argv[1]), serverSelectionTimeoutMS=20_000).test.people
people.create_index([("keys", 1), ("at", -1)])
people.insert_many([{"_id": f"p{n:05}", "keys": [f"a{n % 10}", f"b{n}"], "at": n} for n in range(10_000)])

def ms(find):
    def once():
        started = time.perf_counter()
        found = [one["_id"] for one in find()]
        assert found[0] == "p09991" and len(found) in (20, 1000), found[:3]
        return (time.perf_counter() - started) * 1000
    once()
    return statistics.median(once() for _ in range(5))

newest = lambda: people.find({"keys": "a1"}).sort("at", -1)
few, all_of_them = ms(lambda: newest().limit(20)), ms(newest)
hinted = ms(lambda: newest().limit(20).hint([("keys", 1), ("at", -1)]))
print(f"20 newest {few:.0f} ms, all 1,000 {all_of_them:.0f} ms, 20 newest with the hint {hinted:.0f} ms")
if hinted < 3 * few:
    sys.exit("changed: the hint costs nothing")
PY
