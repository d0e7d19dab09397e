#!/usr/bin/env bash
# mongomock 4.3.0 (PyPI; MongoDB in memory for tests) with pymongo 4.15.3, on what MongoDB's manual forbids or answers otherwise:
# - two operators on one path, and a field within a number, are taken without an error (MongoDB: ConflictingUpdateOperators,
#   PathNotViable); the second is counted as matched and changes nothing
# - $unset of a list's element leaves it (MongoDB puts null there)
# - $addToSet takes two embedded documents with another order of fields for the same (MongoDB compares them exactly)
# - an index that is unique and sparse lets a second null in, and a unique one a second list with the same element (MongoDB:
#   duplicate keys; sparse leaves out only documents without the field)
# - an upsert leaves out the equality that stands within $and (MongoDB writes it into the new document)
# Each of these lets a test pass whose command the real store refuses or reads otherwise. SecantusDB 0.7.0b3 does all of them as
# the manual says. Output seen: as `expected` below. Exits with 1 when it is otherwise.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check mongomock==4.3.0 pymongo==4.15.3
cat > look.py << 'PY'
import mongomock
from pymongo.errors import PyMongoError

def after(name, document, change, where=None, **options):
    box = mongomock.MongoClient().test.box
    if document is not None:
        box.insert_one({"_id": 1, **document})
    try:
        box.update_one(where or {"_id": 1}, change, **options)
        found = box.find_one()
        found.pop("_id")
        print(f"{name}: {found}")
    except PyMongoError as error:
        print(f"{name}: {type(error).__name__}")

def index(name, values, **options):
    box = mongomock.MongoClient().test.box
    box.create_index("p", unique=True, **options)
    try:
        for value in values:
            box.insert_one({"p": value})
        print(f"{name}: {box.count_documents({})} in")
    except PyMongoError as error:
        print(f"{name}: {type(error).__name__}")

after("one path twice", {"a": 1}, {"$set": {"a": 1}, "$inc": {"a": 1}})
after("field within a number", {"a": 5}, {"$set": {"a.b": 1}})
after("$unset of an element", {"a": [1, 2, 3]}, {"$unset": {"a.1": 1}})
after("$addToSet, another order", {"a": [{"x": 1, "y": 2}]}, {"$addToSet": {"a": {"y": 2, "x": 1}}})
index("unique and sparse, null twice", [None, None], sparse=True)
index("unique, lists [1, 2] and [2]", [[1, 2], [2]])
after("upsert with $and", None, {"$set": {"x": 1}}, {"$and": [{"q": 2}]}, upsert=True)
PY
cat > expected << 'TEXT'
one path twice: {'a': 2}
field within a number: {'a': 5}
$unset of an element: {'a': [1, 2, 3]}
$addToSet, another order: {'a': [{'x': 1, 'y': 2}]}
unique and sparse, null twice: 2 in
unique, lists [1, 2] and [2]: 2 in
upsert with $and: {'x': 1}
TEXT
v/bin/python look.py | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
