#!/usr/bin/env bash
# secantusdb 0.7.0b3 (PyPI), with pymongo 4.15.3: `$pull` takes a condition on the elements, and knows comparisons and
# `$in` in it, but answers `unknown operator: $or` (code 2) to a condition with `$or`, which MongoDB documents for `$pull`
# as for any query. The same elements go by one `$pull` for each of the conditions.
# Seen: [1, 2, 3] without 1 and 3 by two updates; an error by one.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet secantusdb==0.7.0b3 pymongo==4.15.3
mkdir "$folder/data"
port=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/python" -I -c 'import sys, secantus.cli as cli; sys.exit(cli.main())' \
  --storage-path "$folder/data" --host 127.0.0.1 --port "$port" --standalone --log-level WARNING &
server=$!
"$folder/venv/bin/python" - "$port" <<'PY'
import sys
from pymongo import MongoClient
from pymongo.errors import OperationFailure

boxes = MongoClient("127.0.0.1", int(sys.argv[1]), serverSelectionTimeoutMS=20_000).test.boxes
boxes.insert_one({"_id": "one", "items": [{"n": 1}, {"n": 2}, {"n": 3}]})
try:
    boxes.update_one({"_id": "one"}, {"$pull": {"items": {"$or": [{"n": 1}, {"n": {"$gte": 3}}]}}})
    sys.exit(f"changed: $pull takes $or and leaves {boxes.find_one()['items']}")
except OperationFailure as error:
    print(f"one $pull with $or: {error.details.get('errmsg')} (code {error.code})")
    if "$or" not in str(error):
        sys.exit("changed: another error")
for condition in ({"n": 1}, {"n": {"$gte": 3}}):
    boxes.update_one({"_id": "one"}, {"$pull": {"items": condition}})
left = boxes.find_one()["items"]
print(f"a $pull for each: {left} left")
if left != [{"n": 2}]:
    sys.exit("changed: a $pull for each leaves something else")
PY
