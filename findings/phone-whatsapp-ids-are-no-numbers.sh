#!/usr/bin/env bash
# libphonenumber-js 1.13.16 (npm, metadata "max"). What WhatsApp itself calls people in Brazil and Mexico is no valid
# number: 55 51 9123-4567 (without the 9) and 52 1 55 1234 5678 (with the 1 that Mexico gave up in 2019); nor are the
# Mexican prefixes 044, 045 and 01. But a Brazilian one of eight digits that begins with 7 still counts as a mobile. In
# Argentina the 9 of the international form and the 15 of the national one are each understood, together they are not.
# Seen: see the table below. Exits with 1 when an answer is another.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund libphonenumber-js@1.13.16 >/dev/null
cat > look.cjs <<'JS'
const { parsePhoneNumberFromString } = require('libphonenumber-js/max');
const seen = [
  ['+555191234567', 'invalid'],
  ['+555171234567', 'MOBILE +555171234567'],
  ['+5215512345678', 'invalid'],
  ['+52 044 55 1234 5678', 'invalid'],
  ['+52 01 55 1234 5678', 'invalid'],
  ['+54 9 11 2345 6789', 'MOBILE +5491123456789'],
  ['+54 11 15 2345 6789', 'MOBILE +5491123456789'],
  ['+54 9 11 15 2345 6789', 'invalid'],
];
let changed = 0;
for (const [text, expected] of seen) {
  const number = parsePhoneNumberFromString(text);
  const got = number?.isValid() ? `${number.getType()} ${number.number}` : 'invalid';
  console.log(`${got === expected ? 'as seen' : 'CHANGED'}  ${text}: ${got}`);
  if (got !== expected) changed++;
}
process.exit(changed === 0 ? 0 : 1);
JS
node look.cjs
