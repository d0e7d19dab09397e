#!/usr/bin/env bash
# exceljs 4.4.0 (npm) and xlsx2csv 0.8.6 (PyPI), on a workbook by xlsxwriter 3.3.1: a number whose format has a word in it. The
# format says so by quotes (0" days") or by a backslash for one letter (0\ \d, ECMA-376 part 1, 18.8.31). exceljs heeds quotes
# only, and the value of the 12 escaped days is a Date (11 January 1900); xlsx2csv heeds neither, takes both for dates and
# prints a day of the month for every d. openpyxl 3.1.5 and @e965/xlsx 0.20.3 read 12 in each case. A column "days since the last order" is lost so.
# Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund exceljs@4.4.0 @e965/xlsx@0.20.3
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check xlsxwriter==3.3.1 openpyxl==3.1.5 xlsx2csv==0.8.6
v/bin/python - << 'PY'
import xlsxwriter
with xlsxwriter.Workbook("words.xlsx") as book:
    sheet = book.add_worksheet("list")
    for column, code in enumerate(['0" days"', "0\\ \\d"]):
        sheet.write_number(0, column, 12, book.add_format({"num_format": code}))
PY
cat > look.cjs << 'JS'
const { readFile } = require('@e965/xlsx');
const { Workbook } = require('exceljs');
(async () => {
  const book = new Workbook();
  await book.xlsx.readFile('words.xlsx');
  const text = (value) => (value instanceof Date ? value.toISOString() : value);
  const row = book.worksheets[0].getRow(1);
  console.log('exceljs: quoted', text(row.getCell(1).value), '| escaped', text(row.getCell(2).value));
  const { A1, B1 } = readFile('words.xlsx').Sheets.list;
  console.log('xlsx: quoted', A1.v, '| escaped', B1.v);
})();
JS
cat > expected << 'TEXT'
exceljs: quoted 12 | escaped 1900-01-11T00:00:00.000Z
xlsx: quoted 12 | escaped 12
openpyxl: quoted 12 | escaped 12
xlsx2csv: "0"" 11ays"""|0 11
TEXT
{ node look.cjs; v/bin/python -c 'import openpyxl; print("openpyxl: quoted %s | escaped %s" % next(openpyxl.load_workbook("words.xlsx").active.values))'
  v/bin/xlsx2csv -d '|' words.xlsx | sed 's/^/xlsx2csv: /'; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
