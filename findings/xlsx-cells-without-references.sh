#!/usr/bin/env bash
# xlsx2csv 0.8.6 and pylightxl 1.61 (PyPI), exceljs 4.4.0 and read-excel-file 9.3.17 (npm), on a workbook whose rows and cells
# say no places. Both are optional (ECMA-376 part 1, 18.3.1.73 and 18.3.1.4: the attribute r of row and of c), and programs
# that stream save themselves the bytes. xlsx2csv writes nothing and exits with 0; the three others raise errors that do not
# name the cause. openpyxl 3.1.5, python-calamine 0.9.1, @e965/xlsx 0.20.3 and xlstream 2.5.5 count the places, behind an
# empty cell too. Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund exceljs@4.4.0 @e965/xlsx@0.20.3 read-excel-file@9.3.17 xlstream@2.5.5
python3 -m venv v
v/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 pylightxl==1.61 python-calamine==0.9.1 xlsx2csv==0.8.6
v/bin/python - << 'PY'
import re, openpyxl, zipfile
book = openpyxl.Workbook()
book.active.title = "people"
book.active.append(["phone", "city", "name"])
book.active.append([79001112233, "", "Anna"])
book.save("with.xlsx")
with zipfile.ZipFile("with.xlsx") as source, zipfile.ZipFile("bare.xlsx", "w") as bare:
    for name in source.namelist():
        content = source.read(name)
        if name.endswith("sheet1.xml"):
            content = re.sub(rb'(<(?:row|c)\b[^>]*?) r="[A-Z0-9]+"', rb"\1", content)
        bare.writestr(name, content)
PY
cat > look.cjs << 'JS'
const { getXlsxStream } = require('xlstream');
const { readFile, utils } = require('@e965/xlsx');
const { Workbook } = require('exceljs');
const tried = async (name, read) => console.log(`${name}:`, await read().catch((error) => `error, ${error.message}`));
(async () => {
  await tried('exceljs', () => new Workbook().xlsx.readFile('bare.xlsx'));
  await tried('read-excel-file', async () => (await import('read-excel-file/node')).default('bare.xlsx'));
  await tried('xlsx', async () => utils.sheet_to_csv(readFile('bare.xlsx').Sheets.people).replace('\n', ' | '));
  await tried('xlstream', async () => {
    const rows = [];
    for await (const row of await getXlsxStream({ filePath: 'bare.xlsx', sheet: 0 })) rows.push(row.raw.arr.join());
    return rows.join(' | ');
  });
})();
JS
cat > look.py << 'PY'
import openpyxl, pylightxl, python_calamine
def shown(rows):
    return " | ".join(",".join("" if cell is None else str(cell).removesuffix(".0") for cell in row) for row in rows)
print("openpyxl:", shown(openpyxl.load_workbook("bare.xlsx").active.values))
print("calamine:", shown(python_calamine.CalamineWorkbook.from_path("bare.xlsx").get_sheet_by_index(0).to_python()))
try:
    print("pylightxl:", shown(pylightxl.readxl("bare.xlsx").ws("people").rows))
except TypeError as error:
    print("pylightxl: error,", error)
PY
cat > expected << 'TEXT'
exceljs: error, Invalid row number in model
read-excel-file: error, Cannot read properties of undefined (reading 'length')
xlsx: phone,city,name | 79001112233,,Anna
xlstream: phone,city,name | 79001112233,,Anna
openpyxl: phone,city,name | 79001112233,,Anna
calamine: phone,city,name | 79001112233,,Anna
pylightxl: error, 'NoneType' object is not iterable
xlsx2csv: exit 0, 0 words
TEXT
{ node look.cjs; v/bin/python look.py; v/bin/xlsx2csv bare.xlsx > csv; echo "xlsx2csv: exit $?, $(wc -w < csv) words"; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
