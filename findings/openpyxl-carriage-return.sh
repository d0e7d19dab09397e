#!/usr/bin/env bash
# openpyxl 3.1.5 (PyPI), on a workbook by xlsxwriter 3.3.1: a carriage return in a text stands in the file as _x000D_, and the
# literal characters "_x000D_" as _x005F_x000D_ (ECMA-376 part 1, 22.9.2.19). openpyxl undoes the second and not the first, so
# that both come as "_x000D_" and cannot be told apart. Any "x005F_" in a text vanishes as well. python-calamine 0.9.1 and
# @e965/xlsx 0.20.3 read both rightly. A note of two lines (Windows' line ends) goes out with "_x000D_" in the message.
# Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund @e965/xlsx@0.20.3
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check xlsxwriter==3.3.1 openpyxl==3.1.5 python-calamine==0.9.1
v/bin/python - << 'PY'
import xlsxwriter
with xlsxwriter.Workbook("notes.xlsx") as book:
    sheet = book.add_worksheet("list")
    for column, text in enumerate(["one\rtwo", "one_x000D_two", "codex005F_9"]):
        sheet.write_string(0, column, text)
PY
cat > look.py << 'PY'
import json, openpyxl, python_calamine
print("openpyxl:", json.dumps(list(next(openpyxl.load_workbook("notes.xlsx").active.values))))
print("calamine:", json.dumps(python_calamine.CalamineWorkbook.from_path("notes.xlsx").get_sheet_by_index(0).to_python()[0]))
PY
cat > expected << 'TEXT'
openpyxl: ["one_x000D_two", "one_x000D_two", "code9"]
calamine: ["one\rtwo", "one_x000D_two", "codex005F_9"]
xlsx: ["one\rtwo","one_x000D_two","codex005F_9"]
TEXT
{ v/bin/python look.py
  node -e 'const { A1, B1, C1 } = require("@e965/xlsx").readFile("notes.xlsx").Sheets.list; console.log("xlsx:", JSON.stringify([A1.v, B1.v, C1.v]))'
} | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
