#!/usr/bin/env bash
# exceljs 4.4.0 (npm) and pylightxl 1.61 (PyPI), on a workbook by openpyxl 3.1.5 with `iso_dates`: a cell of type "d" holds a date
# as ISO 8601 text (ECMA-376 part 1, 18.18.11), as Excel too writes it in "Strict Open XML". exceljs takes the text up to the
# first dash for a serial number, without a sign: 15 March 2026 is a Date of 18 July 1905, and so is every day of 2026. pylightxl
# raises "could not convert string to float". openpyxl, @e965/xlsx 0.20.3, read-excel-file 9.3.17 and python-calamine 0.9.1 read
# the day. Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund exceljs@4.4.0 @e965/xlsx@0.20.3 read-excel-file@9.3.17
python3 -m venv v
v/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 pylightxl==1.61 python-calamine==0.9.1
v/bin/python - << 'PY'
import datetime, openpyxl
book = openpyxl.Workbook()
book.iso_dates = True
for day in (15, 16):
    book.active.append([datetime.date(2026, 3, day)])
book.save("dates.xlsx")
PY
cat > look.mjs << 'JS'
import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import xlsx from '@e965/xlsx';
import readExcelFile from 'read-excel-file/node';
const days = (values) => values.map((value) => value.toISOString().slice(0, 10)).join(' ');
const book = new ExcelJS.Workbook();
await book.xlsx.readFile('dates.xlsx');
console.log('exceljs:', days([1, 2].map((row) => book.worksheets[0].getRow(row).getCell(1).value)));
const sheet = xlsx.read(readFileSync('dates.xlsx'), { cellDates: true, UTC: true }).Sheets.Sheet;
console.log('xlsx:', days([sheet.A1.v, sheet.A2.v]));
const [{ data }] = await readExcelFile('dates.xlsx');
console.log('read-excel-file:', days(data.map(([value]) => value)));
JS
cat > look.py << 'PY'
import openpyxl, pylightxl, python_calamine
print("openpyxl:", *(row[0] for row in openpyxl.load_workbook("dates.xlsx").active.values))
print("calamine:", *(row[0] for row in python_calamine.CalamineWorkbook.from_path("dates.xlsx").get_sheet_by_index(0).to_python()))
try:
    print("pylightxl:", *(row[0] for row in pylightxl.readxl("dates.xlsx").ws("Sheet").rows))
except ValueError as error:
    print("pylightxl:", error)
PY
cat > expected << 'TEXT'
exceljs: 1905-07-18 1905-07-18
xlsx: 2026-03-15 2026-03-16
read-excel-file: 2026-03-15 2026-03-16
openpyxl: 2026-03-15 2026-03-16
calamine: 2026-03-15 2026-03-16
pylightxl: could not convert string to float: '2026-03-15'
TEXT
{ node look.mjs; v/bin/python look.py; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
