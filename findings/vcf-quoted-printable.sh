#!/usr/bin/env bash
# vcf 2.1.2 (npm; its readme names vCard 2.1 among what it reads): in a card of version 2.1, what Android telephones write, names
# that are not ASCII stand in quoted-printable. It is not undone, and where a line of it is continued (a "=" at the end) the rest
# becomes a property of its own: the second line's "=D1=82" is a property named "=d1=82". vobject 0.9.9 (PyPI) undoes both with
# allowQP. An imported list of contacts greets people by "=D0=9F".
# Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund vcf@2.1.2
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check vobject==0.9.9
printf '%s\r\n' BEGIN:VCARD VERSION:2.1 'N:Smith;Anna;;;' 'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D0=B5=' '=D1=82' END:VCARD > card.vcf
cat > look.cjs << 'JS'
const Card = require('vcf');
const properties = new Card().parse(require('node:fs').readFileSync('card.vcf', 'utf8')).toJSON()[1];
console.log('vcf:', JSON.stringify(properties.slice(2).map(([name, , , value]) => [name, value])));
JS
cat > expected << 'TEXT'
vcf: [["fn","=D0=9F=D0=B5="],["=d1=82",null]]
vobject: Пет
TEXT
{ node look.cjs; PYTHONIOENCODING=utf-8 v/bin/python -c 'import vobject; print("vobject:", vobject.readOne(open("card.vcf", newline="").read(), allowQP=True).fn.value)'
} | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
