#!/usr/bin/env bash
# ssf 0.11.2 and @e965/xlsx 0.20.3 (npm; SheetJS' cell formats and its reader), on a workbook by xlsxwriter 3.3.1 (PyPI): the
# format dd.mm.yyyy, written with plain dots, is unknown: ssf raises "bad second format: ." for a dot anywhere in a date, as if
# it began fractions of a second. The reader swallows that, leaves the cell without a text, and sheet_to_csv writes the day's
# serial number, or with cellDates an American date (m/d/yy) without the hour. Escaped dots (\., what Excel itself writes) are
# understood; openpyxl 3.1.5 and xlsx2csv 0.8.6 understand both. A list of contacts written by a Python script then has
# "46110.4375" for the time to send. Open as issue 96 of SheetJS/ssf.
# Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund ssf@0.11.2 @e965/xlsx@0.20.3
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check xlsxwriter==3.3.1 openpyxl==3.1.5 xlsx2csv==0.8.6
v/bin/python - << 'PY'
import datetime, xlsxwriter
with xlsxwriter.Workbook("dates.xlsx") as book:
    sheet = book.add_worksheet("list")
    for row, code in enumerate(["dd.mm.yyyy hh:mm", "dd\\.mm\\.yyyy hh:mm"]):
        sheet.write_datetime(row, 0, datetime.datetime(2026, 3, 29, 10, 30), book.add_format({"num_format": code}))
PY
cat > look.cjs << 'JS'
const { readFile, utils } = require('@e965/xlsx');
const ssf = require('ssf');
for (const code of ['dd.mm.yyyy hh:mm', 'dd\\.mm\\.yyyy hh:mm']) {
  try { console.log('ssf', code, '->', ssf.format(code, 46110.4375)); } catch (error) { console.log('ssf', code, '->', String(error)); }
}
for (const options of [{}, { cellDates: true, UTC: true }]) {
  const said = JSON.stringify(options);
  const lines = utils.sheet_to_csv(readFile('dates.xlsx', options).Sheets.list).trim().split('\n');
  console.log(`xlsx ${said}: plain ${lines[0]} | escaped ${lines[1]}`);
}
JS
cat > expected << 'TEXT'
ssf dd.mm.yyyy hh:mm -> bad second format: .
ssf dd\.mm\.yyyy hh:mm -> 29.03.2026 10:30
xlsx {}: plain 46110.4375 | escaped 29.03.2026 10:30
xlsx {"cellDates":true,"UTC":true}: plain 3/29/26 | escaped 29.03.2026 10:30
openpyxl: 2026-03-29 10:30:00 2026-03-29 10:30:00
xlsx2csv: 29.03.2026 10:30
xlsx2csv: 29.03.2026 10:30
TEXT
{ node look.cjs; v/bin/python -c 'import openpyxl; print("openpyxl:", *(row[0].value for row in openpyxl.load_workbook("dates.xlsx").active))'
  v/bin/xlsx2csv dates.xlsx | sed 's/^/xlsx2csv: /'; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
