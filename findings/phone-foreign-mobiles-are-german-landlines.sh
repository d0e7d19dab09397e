#!/usr/bin/env bash
# libphonenumber-js 1.13.16 (npm, metadata "max"). A foreign mobile number in international form whose plus is missing is
# "valid" in Germany: as a landline with the whole text for its national number. Of the example mobiles of the other 244
# countries 198 are (Austria's 43 664 123456 becomes +49 43664123456), in Austria 67, in Russia 3 (Vietnam's among them,
# behind the trunk prefix 8). Who reads lists by isValid() alone writes to strangers or to nobody, without a sign.
# Seen: DE 198 of 244, AT 67 of 244, US 0 of 244, RU 3 of 244
# Exits with 1 when the figures are others.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund libphonenumber-js@1.13.16 >/dev/null
cat > look.cjs <<'JS'
const { getCountries, getCountryCallingCode, parsePhoneNumberFromString } = require('libphonenumber-js/max');
const examples = require('libphonenumber-js/examples.mobile.json');
const seen = ['DE', 'AT', 'US', 'RU'].map((country) => {
  const abroad = getCountries().filter((other) => other !== country && examples[other]);
  const landlines = abroad.filter((other) => {
    const text = getCountryCallingCode(other) + examples[other];
    const number = parsePhoneNumberFromString(text, country);
    return number?.isValid() && number.number !== `+${text}` && number.getType() === 'FIXED_LINE';
  });
  return `${country} ${landlines.length} of ${abroad.length}`;
}).join(', ');
console.log(seen);
process.exit(seen === process.argv[2] ? 0 : 1);
JS
node look.cjs "DE 198 of 244, AT 67 of 244, US 0 of 244, RU 3 of 244"
