#!/usr/bin/env bash
# xlstream 2.5.5 (npm) and pylightxl 1.61 (PyPI), on a workbook by xlsxwriter 3.3.1 with `date_1904`: the workbook says that its
# days count from 1904 (ECMA-376 part 1, 18.2.28), as those first made on a Mac do. Both read the flag over and turn the number
# into a day by the other calendar: every date comes four years and a day too early, in the cell's own format and without a
# sign. exceljs 4.4.0, @e965/xlsx 0.20.3, openpyxl 3.1.5 and xlsx2csv 0.8.6 heed it.
# Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund xlstream@2.5.5 exceljs@4.4.0 @e965/xlsx@0.20.3
python3 -m venv v
v/bin/pip install --quiet --disable-pip-version-check xlsxwriter==3.3.1 openpyxl==3.1.5 pylightxl==1.61 xlsx2csv==0.8.6
v/bin/python - << 'PY'
import datetime, xlsxwriter
with xlsxwriter.Workbook("mac.xlsx", {"date_1904": True}) as book:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    book.add_worksheet("people").write_datetime(0, 0, datetime.datetime(2026, 3, 15), day)
PY
cat > look.cjs << 'JS'
const { getXlsxStream } = require('xlstream');
const { readFile } = require('@e965/xlsx');
const { Workbook } = require('exceljs');
(async () => {
  for await (const row of await getXlsxStream({ filePath: 'mac.xlsx', sheet: 0 })) console.log('xlstream:', row.formatted.arr[0]);
  const book = new Workbook();
  await book.xlsx.readFile('mac.xlsx');
  console.log('exceljs:', book.worksheets[0].getRow(1).getCell(1).value.toISOString().slice(0, 10));
  console.log('xlsx:', readFile('mac.xlsx').Sheets.people.A1.w);
})();
JS
cat > expected << 'TEXT'
xlstream: 2022-03-14
exceljs: 2026-03-15
xlsx: 2026-03-15
openpyxl: 2026-03-15
pylightxl: 2022/03/14
xlsx2csv: 2026-03-15
TEXT
{ node look.cjs
  v/bin/python -c 'import openpyxl; print("openpyxl:", openpyxl.load_workbook("mac.xlsx").active["A1"].value.date())'
  v/bin/python -c 'import pylightxl; print("pylightxl:", pylightxl.readxl("mac.xlsx").ws("people").address("A1"))'
  v/bin/xlsx2csv mac.xlsx | sed 's/^/xlsx2csv: /'; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
