#!/usr/bin/env bash
# vcf 2.1.2 and ical.js 2.2.1 (npm), vobject 0.9.9 (PyPI): escaped characters in a valid vCard 4.0 (RFC 6350, 3.4: \, \; and \n
# stand for a comma, a semicolon and a line break, and an escaped semicolon never parts fields).
# - vcf undoes none of them, and parts a name at an escaped semicolon, so that the first name becomes the second part of the
#   surname; its own writer escapes nothing and drops line breaks.
# - ical.js undoes all but \; in a text of one value (note, full name), and all in a name or an organisation.
# - vobject undoes all.
# A name from the telephone book goes into a message with backslashes, or as somebody else's.
# Output seen: as `expected` below. Exits with 1 when it is otherwise. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null; npm install --silent --no-audit --no-fund vcf@2.1.2 ical.js@2.2.1
python3 -m venv v; v/bin/pip install --quiet --disable-pip-version-check vobject==0.9.9
printf '%s\r\n' BEGIN:VCARD VERSION:4.0 'FN:Anna Smith' 'N:Smith\;Miller;Anna;;;' 'NOTE:one\, two\; three\nfour' END:VCARD > card.vcf
cat > look.mjs << 'JS'
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import Card from 'vcf';
const text = readFileSync('card.vcf', 'utf8');
const card = new Card().parse(text);
const value = (name) => card.toJSON()[1].find(([key]) => key === name)[3];
console.log('vcf:', JSON.stringify([value('n'), value('note')]));
const written = new Card();
written.set('note', 'one; two\nthree');
console.log('vcf writes:', /^NOTE.*$/m.exec(written.toString('4.0'))[0].trim());
const component = new ICAL.Component(ICAL.parse(text));
console.log('ical.js:', JSON.stringify(['n', 'note'].map((name) => component.getFirstPropertyValue(name))));
JS
cat > look.py << 'PY'
import json, vobject
card = vobject.readOne(open("card.vcf", newline="").read())
print("vobject:", json.dumps([[card.n.value.family, card.n.value.given], card.note.value]))
PY
cat > expected << 'TEXT'
vcf: [["Smith\\","Miller","Anna","","",""],"one\\, two\\; three\\nfour"]
vcf writes: NOTE:one; twothree
ical.js: [["Smith;Miller","Anna","","",""],"one, two\\; three\nfour"]
vobject: [["Smith;Miller", "Anna"], "one, two; three\nfour"]
TEXT
{ node look.mjs; v/bin/python look.py; } | tee found
diff expected found || { echo "changed: see the difference above" >&2; exit 1; }
